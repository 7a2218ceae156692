"""What a plan starts from: facts about the user's files, the weights and this computer.

They are read elsewhere (media, weights, probe) and arrive as plain values, so that planning needs
neither files nor torch. Bytes, seconds and video frames throughout.
"""

from dataclasses import dataclass
from typing import Literal

from infinitetalk.errors import ErrorReport


@dataclass(frozen=True, kw_only=True)
class MediaFacts:
    """What the plan must know of the user's files."""

    source_kind: Literal["picture", "video"]
    source_size: tuple[int, int]  # (H, W), after orientation
    source_duration: float = 0.0  # seconds; 0 for a picture
    source_fps: float = 25.0
    source_variable_rate: bool = False
    speech_seconds: tuple[float, ...] = ()  # per speaker, start shift included; silent track 0
    scene_cuts: tuple[float, ...] = ()  # seconds


@dataclass(frozen=True, kw_only=True)
class WeightsFacts:
    """What the plan must know of a model folder, read from headers alone."""

    name: str
    identity: str  # digest of headers, sizes and stored checksums
    dim: int
    heads: int
    ffn_dim: int
    blocks: int
    audio_blocks: int
    audio_channels: int
    text_dim: int
    stored: str  # dtype or scheme of the block linears as stored: fp32, bf16, fp8, int8
    block_parameters: int  # of one block
    other_parameters: int  # of the transformer outside its blocks
    text_encoder_bytes: int  # as stored
    image_encoder_bytes: int
    audio_encoder_bytes: int
    vae_parameters: int
    speakers: int = 1  # most speakers that these weights know
    chunk_frames: int = 81
    motion_frames: int = 9
    size: tuple[int, int] | None = None  # (H, W) the model was made for, where it knows only one
    buckets: tuple[tuple[int, int], ...] = ()  # (H, W) it was made for; none: the published ones
    shift: float | None = None
    fast_lora: str | None = None  # file name below the folder
    fast_lora_scale: float = 1.0
    miniature: bool = False


@dataclass(frozen=True, kw_only=True)
class Machine:
    """This computer, as far as a plan depends on it. Rates are measured where `measured`."""

    gpu: str | None = None  # name, None: CPU only
    compute_capability: tuple[int, int] | None = None
    vram_total: int = 0
    vram_free: int = 0
    ram_total: int = 0
    ram_free: int = 0
    disk_free: int = 0  # where jobs are kept
    disk_read: float = 0.0  # bytes per second from where the weights lie; 0: not measured
    pinned_rate: float = 0.0  # bytes per second to the GPU; 0: not measured
    pageable_rate: float = 0.0
    matmul_flops: float = 0.0  # bf16 (GPU) or fp32 (CPU) products; 0: from the card's figures
    matmul8_flops: float = 0.0
    attention_flops: float = 0.0
    cpu: str = ""
    cores: int = 1
    torch_version: str = ""
    torch_cuda: str | None = None  # CUDA version torch was built with; None: a CPU build
    driver: str = ""
    notices: tuple[ErrorReport, ...] = ()
    measured: tuple[tuple[str, float], ...] = ()  # seconds per chunk by settings, from earlier jobs
