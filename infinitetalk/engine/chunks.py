"""One chunk's inputs, and the key that names what they give."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from safetensors.torch import load as load_tensors
from torch import Tensor

from infinitetalk.engine.prepare import PreparedJob
from infinitetalk.engine.shared import SharedStages
from infinitetalk.engine.sources import SourceFrames
from infinitetalk.errors import engine_error
from infinitetalk.pipeline.image import fitted, picture_digest
from infinitetalk.pipeline.masks import speaker_masks
from infinitetalk.pipeline.noise import chunk_noise
from infinitetalk.pipeline.render import ChunkInputs
from infinitetalk.pipeline.speech import audio_windows
from infinitetalk.plan import Plan, audio_row_index, shift_frames
from infinitetalk.project.keys import chunk_key, digest_bytes, part_digest
from infinitetalk.project.order import Target
from infinitetalk.request import GenerationRequest

MOTION_TENSOR = "motion"  # [3, M, H, W] float32, in -1..1, as they were before they became bytes
LATENT_CHANNELS = 16


@dataclass(frozen=True, kw_only=True)
class ChunkJob:
    """One take about to be rendered."""

    target: Target
    request: GenerationRequest  # with the settings that this take shall have
    key: str
    part: str
    seed: int
    inputs: ChunkInputs
    motion_in: str  # digest of the motion frames it starts from; "": it begins anew


class ChunkMaker:
    """Makes the inputs of chunks: source frame, speech windows, texts, masks, motion, noise."""

    def __init__(
        self,
        prepared: PreparedJob,
        shared: SharedStages,
        sources: SourceFrames,
        lora_identities: Callable[[], tuple[str, ...]],
    ) -> None:
        self._prepared = prepared
        self._plan = prepared.plan
        self._shared = shared
        self._sources = sources
        self._lora_identities = lora_identities
        self._first: Tensor | None = None

    def make(self, target: Target, request: GenerationRequest, plan: Plan) -> ChunkJob:
        """`request` is the job's, or with other settings for this chunk (a further take); `plan` is
        the job's, or with what a rung of the memory ladder changed for this chunk.
        """
        index = target.index
        chunk = plan.chunks[index]
        settings = request.chunk_settings(index)
        picture = self._sources.picture(request, plan, index)
        reference = self._color_reference(request, picture)
        motion, motion_in = self._motion(target)
        audio = self._audio(request, index)
        seed = request.seed if settings.seed is None else settings.seed
        prompt = request.prompt if settings.prompt is None else settings.prompt
        negative = settings.negative_prompt
        negative = request.negative_prompt if negative is None else negative
        height, width = plan.size
        latent_frames = 1 + (chunk.span_frames - 1) // 4
        noise_shape = (LATENT_CHANNELS, latent_frames, height // 8, width // 8)
        inputs = ChunkInputs(
            frames=chunk.span_frames,
            picture=picture,
            color_reference=reference,
            motion=motion,
            text=self._shared.text(prompt),
            negative=self._shared.text(negative),
            audio=audio,
            masks=self._masks(request),
            noise=chunk_noise(seed, index, noise_shape),
        )
        same = reference is picture
        key = chunk_key(
            request,
            plan,
            index,
            source_digest=picture_digest(picture),
            speech_digest=digest_bytes(audio.contiguous().numpy().tobytes()),
            motion_digest=motion_in,
            color_digest="" if same else picture_digest(reference),
            lora_digests=self._lora_identities(),
        )
        return ChunkJob(
            target=target,
            request=request,
            key=key,
            part=part_digest(request, self._plan, index),
            seed=seed,
            inputs=inputs,
            motion_in=motion_in,
        )

    def _color_reference(self, request: GenerationRequest, picture: Tensor) -> Tensor:
        """The picture whose colors the chunk takes: its own source frame, or the first chunk's."""
        if request.mends.color_reference == "chunk":
            return picture
        if self._first is None:
            self._first = self._sources.picture(request, self._plan, 0)
        return picture if torch.equal(self._first, picture) else self._first

    def _motion(self, target: Target) -> tuple[Tensor | None, str]:
        """The last frames of the take before, exact, and their digest."""
        if target.follows is None or target.begins_anew:
            return None, ""
        take = self._prepared.job.valid_take(target.index - 1, target.follows)
        if take is None:
            raise engine_error(
                "job.damaged",
                "A finished chunk is damaged",
                f"Chunk {target.index} has no motion frames to go on from.",
                "Resume the job: the chunk is rendered again.",
                safe="Other finished chunks were not touched.",
            )
        stored = load_tensors(take.motion.read_bytes())[MOTION_TENSOR]
        wanted = self._plan.chunks[target.index].motion_frames
        missing = max(wanted - stored.shape[1], 0)  # stored when the job had fewer
        stored = torch.cat((stored[:, :1].expand(-1, missing, -1, -1), stored), dim=1)
        return fitted(stored[:, -wanted:], self._plan.size), take.meta.motion_out

    def _audio(self, request: GenerationRequest, index: int) -> Tensor:
        """What the chunk hears: [P, F, 5, blocks, channels]."""
        moved = shift_frames(request, index)
        rows = [
            audio_row_index(self._plan, speaker, index, shift_frames=moved)
            for speaker in range(len(self._shared.speech))
        ]
        return audio_windows(self._shared.speech, rows)

    def _masks(self, request: GenerationRequest) -> Tensor:
        source = self._prepared.source
        return speaker_masks(
            (source.height, source.width),
            self._plan.size,
            len(request.speech),
            request.boxes,
            painted=request.painted,
            guard=request.mends.guard_masks,
        )
