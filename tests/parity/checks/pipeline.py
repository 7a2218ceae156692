"""End-to-end cases: the engine's own chunk functions, with recorded noise and embeddings."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from infinitetalk.media.resize import resize_center_crop
from infinitetalk.models.image_encoder.clip import load_image_encoder
from infinitetalk.models.text_encoder.umt5 import load_text_encoder
from infinitetalk.models.vae.config import VaeConfig
from infinitetalk.models.vae.vae import WanVae
from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.pipeline.chunk import LatentCodec, Sampling
from infinitetalk.pipeline.masks import speaker_masks
from infinitetalk.pipeline.render import ChunkInputs, ChunkResult, TransformerUse, render_chunk
from infinitetalk.plan import Schedule, audio_row_index, plan_chunks
from infinitetalk.request import Apg, Box, GenerationRequest, SpeechTrack
from infinitetalk.sampling import DenoisedStep, timesteps
from infinitetalk.weights.load import load_into
from tests.parity.compare import Fixture, compare, exact, load
from tests.parity.registry import Row, check

FRAMES = 1e-3  # what the number of threads alone moves is 5e-5 (golden README)
LATENTS = 5e-4


class GoldenNetworks:
    """The tiny networks of the weights file, always there."""

    def __init__(self, weights: Fixture) -> None:
        config = weights.meta["config"]
        self.transformer_network = _loaded(
            WanTransformer,
            WanConfig.from_json({"clip_dim": config["clip"]["vision_dim"], **config["dit"]}),
            weights.part("dit."),
        )
        self.codec = _loaded(WanVae, VaeConfig.from_json(config["vae"]), weights.part("vae."))
        self.encoder = load_image_encoder(
            weights.part("clip."), heads=config["clip"]["vision_heads"]
        )
        self.text_encoder = load_text_encoder(weights.part("t5."))

    @contextmanager
    def vae(self) -> Iterator[LatentCodec]:
        yield self.codec

    @contextmanager
    def image_encoder(self) -> Iterator[Callable[[Tensor], Tensor]]:
        yield self.encoder

    def transformer(self) -> AbstractContextManager[TransformerUse]:
        return _lent(TransformerUse(transformer=self.transformer_network))


@contextmanager
def _lent(use: TransformerUse) -> Iterator[TransformerUse]:
    yield use


def _loaded(kind: type, config: object, tensors: Mapping[str, Tensor]):
    with torch.device("meta"):
        network = kind(config)
    load_into(network, tensors)
    return network.eval()


def _request(meta: dict) -> GenerationRequest:
    apg = None
    if meta.get("apg"):
        apg = Apg(momentum=meta["apg_momentum"], norm_threshold=meta["apg_norm_threshold"])
    boxes = tuple(
        Box(top=b[0], left=b[1], bottom=b[2], right=b[3]) for b in meta.get("bbox", {}).values()
    )
    clip_mode = meta["max_frames"] == meta["frame_num"]
    return GenerationRequest(
        source=Path("source"),
        speech=tuple(SpeechTrack(path=Path("speech")) for _ in meta["persons"]),
        boxes=boxes,
        mode="clip" if clip_mode else "streaming",
        max_frames=meta["max_frames"],
        chunk_frames=meta["frame_num"],
        motion_frames=meta["motion_frame"],
        steps=meta["steps"],
        shift=meta["shift"],
        text_guidance_scale=meta["tg"],
        audio_guidance_scale=meta["ag"],
        apg=apg,
        color_correction=meta["cc"],
    ).with_exact()


def _weights(golden: Path) -> Fixture:
    (file,) = sorted((golden / "pipeline").glob("weights*.safetensors"))
    return load(file)


@check("pipeline", "weights")
def check_weights(golden: Path, file: Path) -> list[Row]:
    """Every tensor finds its place in a network: loading is strict."""
    networks = GoldenNetworks(load(file))
    count = sum(p.numel() for p in networks.transformer_network.parameters())
    return [exact("transformer loads", count > 0, True)]


@check("pipeline", "")
def check_case(golden: Path, file: Path) -> list[Row]:
    case = load(file)
    meta = case.meta["meta"]
    networks = GoldenNetworks(_weights(golden))
    return list(_compared(case, meta, networks, _request(meta)))


def _compared(
    case: Fixture, meta: dict, networks: GoldenNetworks, request: GenerationRequest
) -> Iterator[Row]:
    rows = tuple(len(case[f"audio_embedding.person{i + 1}"]) for i in range(len(meta["persons"])))
    is_video = meta["kind"] == "video"
    schedule = plan_chunks(
        request, rows, source_duration=len(case["source_frames"]) / 25 if is_video else 0.0
    )
    yield exact("chunks", len(schedule.chunks), meta["num_chunks"])
    yield exact("starts", [c.start for c in schedule.chunks], meta["audio_start"])
    yield exact("output frames", schedule.total_frames, meta["video_frames"])
    texts = networks.text_encoder(
        [ids[mask.bool()] for ids, mask in zip(case["text.ids"], case["text.mask"], strict=True)]
    )
    yield compare("text.context", texts[0], case["text.context"])
    if "text.context_null" in case:
        yield compare("text.context_null", texts[1], case["text.context_null"])
    yield from _rendered(case, meta, networks, request, schedule, texts)


def _rendered(
    case: Fixture,
    meta: dict,
    networks: GoldenNetworks,
    request: GenerationRequest,
    schedule: Schedule,
    texts: list[Tensor],
) -> Iterator[Row]:
    target = (meta["target_hw"][0], meta["target_hw"][1])
    height, width = case["source_frames"].shape[1:3]
    masks = speaker_masks((height, width), target, len(meta["persons"]), request.boxes, guard=False)
    times = timesteps(request.steps, meta["shift"])
    first_picture, motion = None, None
    video = []
    for chunk in schedule.chunks:
        name = f"chunk{chunk.index}"
        index = min(chunk.source_index, len(case["source_frames"]) - 1)
        pixels = resize_center_crop(case["source_frames"][index].numpy(), target)
        yield exact(
            f"{name}.cond_frame_uint8", _chw(pixels), _chw(case[f"{name}.cond_frame_uint8"])
        )
        picture = _picture(pixels)
        first_picture = picture if first_picture is None else first_picture
        audio = torch.stack(
            [
                case[f"audio_embedding.person{p + 1}"][
                    torch.tensor(audio_row_index(schedule, p, chunk.index))
                ]
                for p in range(len(meta["persons"]))
            ]
        )
        yield exact(f"{name}.audio", audio, case[f"{name}.audio"])
        yield exact(f"{name}.ref_target_masks", masks, case[f"{name}.ref_target_masks"])
        yield compare(f"{name}.timesteps", times, case[f"{name}.timesteps"])
        inputs = ChunkInputs(
            frames=chunk.span_frames,
            picture=picture,
            color_reference=first_picture,
            motion=motion,
            text=texts[0],
            negative=texts[1],
            audio=audio,
            masks=masks,
            noise=case[f"{name}.noise_init"],
        )
        sampling = Sampling(
            timesteps=times,
            text_guidance_scale=request.text_guidance_scale,
            audio_guidance_scale=request.audio_guidance_scale,
            apg=request.apg,
            guard_masks=request.mends.guard_masks,
        )
        predictions: list[Mapping[str, Tensor]] = []
        result, latents = None, []
        for event in render_chunk(
            networks,
            inputs,
            sampling,
            color_correction=request.color_correction,
            guard_flat=request.mends.guard_flat_frames,
            observe=lambda step, found, kept=predictions: kept.append(found),
            keep_decoded=True,
        ):
            if isinstance(event, DenoisedStep):
                latents.append(event.latents)
            if isinstance(event, ChunkResult):
                result = event
        assert result is not None
        for step, found in enumerate(predictions):
            for branch, velocity in found.items():
                yield _within(
                    f"{name}.step{step}.{branch}",
                    velocity,
                    case[f"{name}.step{step}.pred_{branch}"],
                    LATENTS,
                )
            if step:
                yield _within(
                    f"{name}.step{step}.latent_in",
                    latents[step - 1],
                    case[f"{name}.step{step}.latent_in"],
                    LATENTS,
                )
        yield _within(f"{name}.latent", result.latents, case[f"{name}.latent"], LATENTS)
        assert result.decoded is not None
        yield _within(f"{name}.frames", result.decoded, case[f"{name}.frames"], FRAMES)
        motion = result.frames[:, -meta["motion_frame"] :]
        begin = chunk.first_frame - chunk.start
        video.append(result.frames[:, begin : begin + chunk.frame_count])
    yield _within("video", torch.cat(video, dim=1), case["video"], FRAMES)


def _within(name: str, found: Tensor, expected: Tensor, tolerance: float) -> Row:
    return compare(name, found, expected, relative=None, absolute=tolerance)


def _picture(pixels: np.ndarray) -> Tensor:
    return (torch.from_numpy(pixels).permute(2, 0, 1).float() / 255 - 0.5) * 2


def _chw(pixels: np.ndarray | Tensor) -> Tensor:
    found = torch.as_tensor(pixels)
    return found if found.shape[0] == 3 else found.permute(2, 0, 1)
