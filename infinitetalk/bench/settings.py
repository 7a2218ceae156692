"""What is measured, out of the command line."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch

from infinitetalk.errors import GIB, engine_error
from infinitetalk.models.vae import VaeConfig
from infinitetalk.models.wan import WanConfig
from infinitetalk.plan import WeightsFacts
from infinitetalk.streaming.allocation import use_growing_segments

T = TypeVar("T")

SECTIONS = (
    "floors",
    "passes",
    "kernels",
    "pieces",
    "drafts",
    "vae",
    "chunk",
    "import",
    "shards",
    "disk",
)
ON_DEMAND = ("quality",)  # minutes on the trained miniature; not part of "all"
PRECISIONS = ("fp32", "bf16", "fp8", "int8")
CHUNK_FRAMES = 81
AUDIO_WINDOW = 5


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run of the benchmark."""

    sections: tuple[str, ...]
    device: torch.device
    dtype: torch.dtype  # of activations
    wan: WanConfig
    vae: VaeConfig
    full: bool  # the published sizes, encoders too
    sizes: tuple[tuple[int, int], ...]  # (H, W) pixels
    draft_sizes: tuple[tuple[int, int], ...]
    frames: int
    precisions: tuple[str, ...]
    steps: int
    chunks: tuple[tuple[tuple[int, int], int], ...]  # whole ones: size and guidance branches
    slots: int
    token_chunk: int
    vae_tile: int | None  # None: the fastest that fits
    caps: Mapping[tuple[int, int] | None, int]  # bytes of device memory, by size or for all
    resident: int | None  # most blocks that whole chunks keep on the device; None: what fits
    host_cap: int | None  # bytes of host memory
    attention: str | None  # None: the fastest exact one
    eight_bit_attention: bool  # its rate among the floors
    pageable: bool  # also from memory that is not page-locked
    repeats: int
    limit: float  # seconds of one part of the run; 0: none
    clips: int  # of the miniature's held-out set
    folder: Path  # for files that are written
    json: Path | None
    words: str  # the arguments, as they are kept with the figures

    def cap_of(self, size: tuple[int, int]) -> int | None:
        return self.caps.get(size, self.caps.get(None))

    @property
    def cuda(self) -> bool:
        return self.device.type == "cuda"

    @property
    def weights(self) -> WeightsFacts:
        """The model as `plan` sees it."""
        return weights_facts(self.wan)


def weights_facts(wan: WanConfig) -> WeightsFacts:
    """Sizes of a transformer of this config for the cost model; other networks as published."""
    from infinitetalk.models.wan import WanTransformer

    with torch.device("meta"):
        network = WanTransformer(wan)
    inside = sum(p.numel() for p in network.blocks.parameters())
    total = sum(p.numel() for p in network.parameters())
    return WeightsFacts(
        name="random",
        identity="random",
        dim=wan.dim,
        heads=wan.num_heads,
        ffn_dim=wan.ffn_dim,
        blocks=wan.num_layers,
        audio_blocks=wan.audio_blocks,
        audio_channels=wan.audio_channels,
        text_dim=wan.text_dim,
        stored="bf16",
        block_parameters=inside // wan.num_layers,
        other_parameters=total - inside,
        text_encoder_bytes=11_361_820_672,
        image_encoder_bytes=1_264_153_600,
        audio_encoder_bytes=380_000_000,
        vae_parameters=126_892_531,
    )


TINY_WAN = WanConfig(
    dim=64,
    num_heads=4,
    num_layers=4,
    ffn_dim=128,
    text_len=16,
    text_dim=32,
    freq_dim=32,
    clip_dim=32,
    audio_blocks=2,
    audio_channels=16,
    intermediate_dim=16,
    output_dim=32,
    context_tokens=4,
)
TINY_VAE = VaeConfig(
    encoder_stem=8,
    encoder_widths=(8, 8, 16, 16),
    encoder_blocks=1,
    decoder_stem=16,
    decoder_widths=(16, 16, 8, 8),
    decoder_blocks=1,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--run",
        default="floors,passes,drafts,vae,chunk",
        metavar="A,B",
        help=f"what to measure: 'all' of {', '.join(SECTIONS)}; or quality (%(default)s)",
    )
    add("--device", choices=["auto", "cpu", "cuda"], default="auto", help="(auto)")
    add("--model", choices=["full", "tiny"], help="size of the networks (full on a GPU, else tiny)")
    add("--layers", type=int, metavar="N", help="blocks, if not all of them")
    add("--sizes", metavar="WxH,…", help="pictures (640x640,960x960; tiny: 64x96)")
    add("--draft-sizes", metavar="WxH,…", help="of drafts (256x256,512x512; tiny: 48x32)")
    add("--frames", type=int, metavar="N", help="video frames of a chunk, 4n + 1 (81; tiny: 9)")
    add("--precision", metavar="A,B", help="bf16,fp8,int8 (tiny: fp32,fp8,int8)")
    add("--steps", type=int, default=4, metavar="N", help="denoising steps of a chunk (4)")
    add(
        "--passes",
        default="1+2+3",
        metavar="N+N",
        help="guidance branches of a chunk, for all sizes or as WxH=N+N,… (1+2+3)",
    )
    add(
        "--slots", type=int, default=2, metavar="N", help="blocks on the device while streaming (2)"
    )
    add(
        "--token-chunk", type=int, default=8192, metavar="N", help="tokens at a time; 0: all (8192)"
    )
    add(
        "--vae-tile", type=int, metavar="PX", help="pixels a side; 0: whole (the fastest that fits)"
    )
    add("--cap", metavar="GIB", help="video memory that a chunk may use, for all or as WxH=GIB,…")
    add(
        "--resident",
        type=int,
        default=0,
        metavar="N",
        help="blocks that a chunk may keep in video memory; -1: as many as fit (0)",
    )
    add("--host-cap", type=float, metavar="GIB", help="host memory that may be used")
    add("--attention", metavar="NAME", help="attention kernel (the fastest exact one)")
    add("--eight-bit-attention", action="store_true", help="also the rate of 8-bit attention")
    add("--pageable", action="store_true", help="also stream from memory that is not page-locked")
    add("--repeats", type=int, default=3, metavar="N", help="times a pass is measured (3)")
    add(
        "--limit",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="the longest that one part of the run may take; 0: any time (0)",
    )
    add("--clips", type=int, default=4, metavar="N", help="clips that quality renders (4)")
    add("--folder", type=Path, metavar="DIR", help="for block stores (a temporary folder)")
    add("--json", type=Path, metavar="FILE", help="also write everything measured as JSON")


def settings_of(args: argparse.Namespace, folder: Path) -> Settings:
    """Raises EngineError `bench.unknown` for names and sizes that make no sense."""
    sections = SECTIONS if args.run == "all" else tuple(args.run.split(","))
    _known("measurement", sections, (*SECTIONS, *ON_DEMAND))
    device = _device(args.device)
    cuda = device.type == "cuda"
    full = (args.model or ("full" if cuda else "tiny")) == "full"
    wan = WanConfig() if full else TINY_WAN
    if args.layers:
        wan = WanConfig.from_json({**vars(wan), "num_layers": args.layers})
    default = "bf16,fp8,int8" if cuda else "fp32,fp8,int8"
    precisions = tuple((args.precision or default).split(","))
    _known("precision", precisions, PRECISIONS)
    frames = args.frames or (CHUNK_FRAMES if full else 9)
    if frames % 4 != 1:
        raise _nonsense(f"a chunk has 4n + 1 frames, not {frames}")
    sizes = tuple(_size(t) for t in (args.sizes or _default_sizes(full)).split(","))
    return Settings(
        sections=sections,
        device=device,
        dtype=torch.bfloat16 if cuda else torch.float32,
        wan=wan,
        vae=VaeConfig() if full else TINY_VAE,
        full=full,
        sizes=sizes,
        draft_sizes=tuple(_size(t) for t in (args.draft_sizes or _default_drafts(full)).split(",")),
        frames=frames,
        precisions=precisions,
        steps=args.steps,
        chunks=tuple(_chunks(args.passes, sizes)),
        slots=args.slots,
        token_chunk=args.token_chunk,
        vae_tile=args.vae_tile,
        caps=_by_size(args.cap or "", lambda text: round(float(text) * GIB)),
        resident=None if args.resident < 0 else args.resident,
        host_cap=round(args.host_cap * GIB) if args.host_cap else None,
        attention=args.attention,
        eight_bit_attention=args.eight_bit_attention or args.attention == "8bit",
        pageable=args.pageable,
        repeats=args.repeats,
        limit=args.limit,
        clips=args.clips,
        folder=args.folder or folder,
        json=args.json,
        words=" ".join(f"{k}={v}" for k, v in sorted(vars(args).items()) if v not in (None, False)),
    )


def _chunks(text: str, sizes: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], int]]:
    """`N+N` for all sizes, or `WxH=N+N,...` in the order in which they are given."""
    for part in text.split(","):
        name, _, numbers = part.rpartition("=")
        for size in [_size(name)] if name else sizes:
            for number in numbers.split("+"):
                if number not in ("1", "2", "3"):
                    raise _nonsense(f"a step has 1, 2 or 3 passes, not {number!r}")
                yield size, int(number)


def _by_size(text: str, read: Callable[[str], T]) -> dict[tuple[int, int] | None, T]:
    """`value` for all sizes (None), or `WxH=value,WxH=value`."""
    found: dict[tuple[int, int] | None, T] = {}
    for part in filter(None, text.split(",")):
        name, _, value = part.rpartition("=")
        try:
            found[_size(name) if name else None] = read(value)
        except ValueError:
            raise _nonsense(f"{part!r} is no number, and no size with one") from None
    return found


def _default_drafts(full: bool) -> str:
    return "256x256,512x512" if full else "48x32"  # 5,376 tokens at the smallest with 81 frames


def _default_sizes(full: bool) -> str:
    return "640x640,960x960" if full else "64x96"


def _device(name: str) -> torch.device:
    use_growing_segments()  # as a job does
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise engine_error(
            "gpu.none",
            "No usable graphics card",
            "The benchmark was asked to use CUDA, which does not work here.",
            "Run 'infinitetalk probe' to see why, or use '--device cpu'.",
        )
    return torch.device(name, 0) if name == "cuda" else torch.device(name)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()) or int(width) % 16 or int(height) % 16:
        raise _nonsense(f"a size is WxH in multiples of 16, not {text!r}")
    return int(height), int(width)


def _known(what: str, names: tuple[str, ...], every: tuple[str, ...]) -> None:
    unknown = [name for name in names if name not in every]
    if unknown:
        raise _nonsense(f"no {what} is called {', '.join(unknown)}; there are {', '.join(every)}")


def _nonsense(detail: str) -> Exception:
    return engine_error(
        "bench.unknown",
        "This can't be measured",
        f"{detail[0].upper()}{detail[1:]}.",
        "See 'infinitetalk bench --help'.",
    )
