"""What a plan costs: seconds, bytes of memory and of disk, stage by stage."""

from dataclasses import dataclass, replace
from typing import Literal

from infinitetalk.errors import MIB
from infinitetalk.plan import cost, memory
from infinitetalk.plan.cards import Rates
from infinitetalk.plan.decisions import Plan, StageEstimate
from infinitetalk.plan.facts import Machine, WeightsFacts
from infinitetalk.plan.schedule import chunks_between
from infinitetalk.request import GenerationRequest, Precision

# Rates of machines that were not measured: PCIe 4.0 x8, an NVMe disk.
PINNED_RATE = 12e9
DISK_RATE = 1.5e9
# Stored losslessly a pixel of a frame takes about this many bytes (1 GiB per minute of 896 x 448).
_STORED_PIXEL = 1.8
_EXPORTED_PIXEL = 0.1
_BLOCK_LOAD_SHARE = 0.5  # reading 19 B parameters once, beside importing libraries
_IMPORT_SECONDS = 8.0
_SPEECH_RAM = 512 * MIB  # a piece of speech in the audio encoder


@dataclass(frozen=True, kw_only=True)
class Means:
    """With what it is computed."""

    device: str
    dtype: str
    precision: Precision
    vae_dtype: str
    threads: int
    rates: Rates
    budget: int  # VRAM bytes


def measured_key(decided: Plan, weights: WeightsFacts) -> str:
    """The key under which a measured time per full chunk of this plan is remembered."""
    return cost.measurement_key(
        weights.name,
        decided.precision,
        decided.device,
        decided.size,
        full_span(decided.chunks),
        len(decided.branches),
        decided.steps,
    )


def stored_key(weights: WeightsFacts) -> str:
    """The key under which the bytes of a stored pixel are remembered: what a model shows decides."""
    return f"stored pixel|{weights.name}"


def full_span(chunks: tuple) -> int:
    return max(chunk.span_frames for chunk in chunks)


def transformer_needs(
    request: GenerationRequest,
    weights: WeightsFacts,
    size: tuple[int, int],
    span: int,
    branches: tuple[str, ...],
    means: Means,
    token_chunk: int,
    *,
    together: bool = True,
) -> memory.TransformerBytes:
    return memory.transformer_bytes(
        weights,
        size,
        span,
        branches=branches,
        speakers=len(request.speech),
        precision=means.precision,
        dtype=means.dtype,
        token_chunk=token_chunk,
        teacache=request.teacache_threshold is not None,
        together=together,
        visiting=means.device != "cpu",
    )


def with_estimates(
    decided: Plan,
    request: GenerationRequest,
    weights: WeightsFacts,
    machine: Machine,
    means: Means,
    measurements: tuple[tuple[str, float], ...],
    frames: tuple[int, int] | None,
) -> tuple[Plan, cost.StepCost]:
    """The plan with stages, peaks, disk and times; and what one step costs and waits for."""
    span = full_span(decided.chunks)
    stages, step = _stages(decided, request, weights, machine, means, span)
    per_chunk = sum(s.seconds for s in stages if s.per_chunk)
    origin: Literal["estimated", "measured"] = "estimated"
    known = (*machine.measured, *measurements)
    key = measured_key(decided, weights)
    found = cost.measured_seconds(key, known)
    if found is None:
        found = cost.scaled_seconds(key, weights, known)
    if found is not None:
        per_chunk, origin = found, "measured"
    counted = decided.chunks
    if frames is not None:
        chosen = set(chunks_between(decided, *frames))
        counted = tuple(chunk for chunk in counted if chunk.index in chosen)
    share = sum(_chunk_share(chunk.span_frames, span, decided, weights) for chunk in counted)
    seconds = sum(s.seconds for s in stages if not s.per_chunk) + per_chunk * share
    shown = sum(chunk.frame_count for chunk in counted)
    pixel = cost.measured_seconds(stored_key(weights), known) or _STORED_PIXEL
    disk = _disk_bytes(decided, weights, shown, len(counted), pixel)
    result = replace(
        decided,
        stages=stages,
        peak_vram=max((s.vram for s in stages), default=0),
        peak_ram=max((s.ram for s in stages), default=0),
        disk=disk,
        seconds_per_chunk=per_chunk,
        seconds=seconds,
        seconds_origin=origin,
    )
    return result, step


def _chunk_share(frames: int, full: int, decided: Plan, weights: WeightsFacts) -> float:
    """Time of a shortened chunk against a full one."""
    if frames == full:
        return 1.0
    short = cost.pass_work(weights, decided.size, frames).total
    return short / cost.pass_work(weights, decided.size, full).total


def _stages(
    decided: Plan,
    request: GenerationRequest,
    weights: WeightsFacts,
    machine: Machine,
    means: Means,
    span: int,
) -> tuple[tuple[StageEstimate, ...], cost.StepCost]:
    size, rates, on_card = decided.size, means.rates, means.device == "cuda"
    disk_rate = machine.disk_read or DISK_RATE
    need = transformer_needs(
        request,
        weights,
        size,
        span,
        decided.branches,
        means,
        decided.token_chunk,
        together=decided.branches_together,
    )
    streamed = (weights.blocks - decided.resident_blocks) * need.block
    from_disk = max(0, streamed - decided.pinned_bytes) if on_card else 0
    step = cost.step_cost(
        cost.pass_work(weights, size, span, speakers=len(request.speech)),
        rates,
        means.precision,
        branches=len(decided.branches),
        streamed_bytes=streamed if on_card else 0,
        disk_bytes=from_disk,
        transfer_rate=machine.pinned_rate or PINNED_RATE,
        disk_rate=disk_rate,
        block_bytes=need.block,
        loads=1 if decided.branches_together else len(decided.branches),
    )
    encode, decode = cost.vae_seconds(weights, size, span, rates, tile=decided.vae_tile)
    whole = need.total(
        resident=decided.resident_blocks,
        blocks=weights.blocks,
        keep_key_values=decided.keep_key_values,
    )
    standing = need.outside + decided.resident_blocks * need.block
    encode_bytes, decode_bytes = memory.vae_bytes(
        weights, size, span, dtype=decided.vae_dtype, tile=decided.vae_tile
    )
    base = memory.BASE_RAM + (memory.CUDA_RAM if on_card else 0)
    visitors = weights.other_parameters * memory.dtype_bytes(means.dtype)
    held = (
        decided.pinned_bytes + visitors if on_card else need.block * weights.blocks + need.outside
    )
    text = memory.encoder_vram(weights.text_encoder_bytes, streamed=True)
    image = memory.encoder_vram(weights.image_encoder_bytes, streamed=False)
    audio = memory.encoder_vram(weights.audio_encoder_bytes, streamed=False)
    pictures = memory.frames_ram(size, span)
    stored = need.block * weights.blocks + (visitors if on_card else need.outside)
    speech_rows_count = max(decided.rows) * len(decided.rows)
    steps = decided.steps - len(decided.skipped_steps or ())

    def stage(
        name: str, seconds: float, vram: int, ram: int, *, per_chunk: bool = False
    ) -> StageEstimate:
        return StageEstimate(
            stage=name,
            seconds=seconds,
            vram=vram if on_card else 0,
            # Without a card, what would lie in VRAM lies in RAM.
            ram=base + ram + (0 if on_card else vram),
            per_chunk=per_chunk,
        )

    mapped = int(weights.text_encoder_bytes * memory.MAPPED_SHARE)
    return (
        stage("text", cost.text_seconds(weights, rates, disk_rate), text, mapped),
        stage("speech", cost.speech_seconds(weights, rates, speech_rows_count), audio, _SPEECH_RAM),
        stage("load", _IMPORT_SECONDS + _BLOCK_LOAD_SHARE * stored / disk_rate, standing, held),
        stage(
            "source", encode, max(image, standing + encode_bytes), held + pictures, per_chunk=True
        ),
        stage(
            "denoise",
            step.seconds * steps,
            whole if on_card else whole - stored,
            held,
            per_chunk=True,
        ),
        stage(
            "decode",
            decode + encode * 0.1,
            standing + decode_bytes if on_card else decode_bytes,
            held + pictures,
            per_chunk=True,
        ),
        stage("store", cost.store_seconds(size, span), 0, held + 2 * pictures, per_chunk=True),
    ), step


def _disk_bytes(
    decided: Plan, weights: WeightsFacts, frames: int, chunks: int, stored_pixel: float
) -> int:
    """Stored frames of `stored_pixel` bytes a pixel, exact motion frames, audio embeddings, and the exported video."""
    height, width = decided.size
    pixels = frames * height * width
    motion = chunks * weights.motion_frames * height * width * 3 * 4
    embeddings = sum(decided.rows) * weights.audio_blocks * weights.audio_channels * 4
    return round(pixels * (stored_pixel + _EXPORTED_PIXEL)) + motion + embeddings
