"""`plan`: from what the user wants and what is there to everything that is decided.

Pure and quick (under 50 ms for an hour of video), so that it can follow a slider.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from infinitetalk.errors import GIB
from infinitetalk.plan import cost, memory
from infinitetalk.plan.cards import Rates, card_rates
from infinitetalk.plan.decisions import Plan, StageEstimate
from infinitetalk.plan.facts import Machine, MediaFacts, WeightsFacts
from infinitetalk.plan.notices import level, notices_of
from infinitetalk.plan.schedule import Schedule, chunks_between, plan_chunks, speech_rows
from infinitetalk.plan.size import rendered_size
from infinitetalk.request import GenerationRequest, Precision, branch_names

DEFAULT_SHIFT = {"480": 7.0, "720": 11.0}
TOKEN_CHUNKS = (4096, 2048, 1024)  # tokens at a time on a card; the first whose temporaries fit
_SPARE_RAM = 2 * GIB
_PINNED_SHARE = 0.6  # of the free RAM, at most: more page-locked memory slows the system
# Rates of machines that were not measured: PCIe 4.0 x8, an NVMe disk.
_PINNED_RATE = 12e9
_PAGEABLE_RATE = 5e9
_DISK_RATE = 1.5e9
# Stored losslessly a pixel of a frame takes about this many bytes (1 GiB per minute of 896 x 448).
_STORED_PIXEL = 1.8
_EXPORTED_PIXEL = 0.1
_BLOCK_LOAD_SHARE = 0.5  # reading 19 B parameters once, beside importing libraries
_IMPORT_SECONDS = 8.0


@dataclass(frozen=True, kw_only=True)
class _Means:
    """With what it is computed."""

    device: str
    dtype: str
    precision: Precision
    vae_dtype: str
    threads: int
    rates: Rates
    budget: int  # VRAM bytes


def plan(
    request: GenerationRequest,
    media: MediaFacts,
    weights: WeightsFacts,
    machine: Machine,
    *,
    measurements: Iterable[tuple[str, float]] | None = None,
    frames: tuple[int, int] | None = None,
    vram_limit: int | None = None,
    leave_core_free: bool = False,
    attention: str = "sdpa",
) -> Plan:
    """The plan of a job. Needs no GPU, no files and no torch.

    `measurements` are further (key, seconds per chunk) of this machine, see `measured_key`;
    `frames` limits what is counted to the chunks between in and out; `vram_limit` is the most
    that the user lets the job use, in bytes.
    Raises EngineError where no plan can be made (`speech.empty`, `speech.too_short`,
    `request.motion_frames`); whatever can be mended is a notice, and `fits` is False where one of
    them has the level "error".
    """
    if len(media.speech_seconds) != len(request.speech):
        raise ValueError(
            f"speech_seconds must be one per track ({len(request.speech)}), "
            f"found {len(media.speech_seconds)}"
        )
    size = rendered_size(request, media, weights)
    schedule = plan_chunks(
        request,
        speech_rows(request, media.speech_seconds),
        chunk_frames=weights.chunk_frames,
        motion_frames=weights.motion_frames,
        source_duration=media.source_duration if media.source_kind == "video" else 0.0,
        source_fps=media.source_fps,
        scene_cuts=media.scene_cuts,
    )
    means = _means(request, weights, machine, vram_limit, leave_core_free)
    branches = branch_names(request.text_guidance_scale, request.audio_guidance_scale)
    decided = _decide(request, weights, machine, means, size, schedule, branches, attention)
    return _with_estimates(
        decided, request, media, weights, machine, means, tuple(measurements or ()), frames
    )


def measured_key(decided: Plan, weights: WeightsFacts) -> str:
    """The key under which a measured time per full chunk of this plan is remembered."""
    return cost.measurement_key(
        weights.name,
        decided.precision,
        decided.device,
        decided.size,
        _full_span(decided.chunks),
        len(decided.branches),
        decided.steps,
    )


def _means(
    request: GenerationRequest,
    weights: WeightsFacts,
    machine: Machine,
    vram_limit: int | None,
    leave_core_free: bool,
) -> _Means:
    threads = max(1, machine.cores - (1 if leave_core_free and machine.cores > 1 else 0))
    precision = _stored_precision(request.precision, weights)
    rates = card_rates(machine, threads=threads)
    if machine.gpu is None:
        whole = (weights.block_parameters * weights.blocks + weights.other_parameters) * 4
        if precision == "bf16" and whole <= machine.ram_free / 2:
            precision = "fp32"  # a CPU computes in float32; rounding the weights gains nothing
        return _Means(
            device="cpu",
            dtype="float32",
            precision=precision,
            vae_dtype="float32",
            threads=threads,
            rates=rates,
            budget=0,
        )
    budget = max(0, machine.vram_free - memory.CONTEXT_BYTES)
    if vram_limit is not None:
        budget = min(budget, vram_limit)
    half = "bfloat16" if (machine.compute_capability or (8, 0)) >= (8, 0) else "float16"
    plain = precision == "fp32"
    return _Means(
        device="cuda",
        dtype="float32" if plain else half,
        precision=precision,
        vae_dtype="float32" if plain or request.exact else half,
        threads=threads,
        rates=rates,
        budget=budget,
    )


def _stored_precision(wanted: Precision, weights: WeightsFacts) -> Precision:
    """Weights stored in 8 bit stay so: nothing is won by unpacking what was rounded."""
    if weights.stored == "fp8":
        return "fp8"
    if weights.stored == "int8":
        return "int8"
    return wanted


def _full_span(chunks: tuple) -> int:
    return max(chunk.span_frames for chunk in chunks)


def _decide(
    request: GenerationRequest,
    weights: WeightsFacts,
    machine: Machine,
    means: _Means,
    size: tuple[int, int],
    schedule: Schedule,
    branches: tuple[str, ...],
    attention: str,
) -> Plan:
    span = _full_span(schedule.chunks)
    on_card = means.device == "cuda"
    if on_card:
        token_chunk, (resident, keep, tile) = _fill_card(
            request, weights, means, size, span, branches
        )
    else:
        token_chunk, resident, keep = 0, weights.blocks, True
        tile = memory.choose_vae_tile(
            weights, size, span, dtype=means.vae_dtype, budget=machine.ram_free // 2
        )
    streamed = (weights.blocks - resident) * memory.block_bytes(weights, means.precision)
    pinned = 0
    if on_card:
        room = machine.ram_free - memory.BASE_RAM - memory.CUDA_RAM - _SPARE_RAM
        pinned = max(0, min(streamed, int(min(room, machine.ram_free * _PINNED_SHARE))))
    shift = request.shift
    if shift is None:
        shift = weights.shift if weights.shift is not None else DEFAULT_SHIFT[request.resolution]
    return Plan(
        size=size,
        total_frames=schedule.total_frames,
        rows=schedule.rows,
        chunks=schedule.chunks,
        branches=branches,
        steps=request.steps,
        shift=shift,
        precision=means.precision,
        dtype=means.dtype,
        device=means.device,
        threads=means.threads,
        attention=attention,
        resident_blocks=resident,
        vae_dtype=means.vae_dtype,
        vae_tile=tile,
        text_encoder="stored",
        weights_identity=weights.identity,
        exact=request.exact,
        token_chunk=token_chunk,
        keep_key_values=keep,
        pinned_bytes=pinned,
        vram_budget=means.budget,
    )


def _needs(
    request: GenerationRequest,
    weights: WeightsFacts,
    size: tuple[int, int],
    span: int,
    branches: tuple[str, ...],
    means: _Means,
    token_chunk: int,
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
    )


def _fill_card(
    request: GenerationRequest,
    weights: WeightsFacts,
    means: _Means,
    size: tuple[int, int],
    span: int,
    branches: tuple[str, ...],
) -> tuple[int, tuple[int, bool, int]]:
    """Tokens at a time; then resident blocks, whether keys and values are kept, the VAE's tile.

    Keys and values come first, for they spare a quarter of each block's transfer and its work;
    then as many blocks as fit. Smaller pieces of tokens are taken only where nothing fits else.
    """
    tokens = cost.token_count(size, span)
    smallest = memory.VAE_TILES[-1]
    tiled = max(memory.vae_bytes(weights, size, span, dtype=means.vae_dtype, tile=smallest))
    best: tuple[int, tuple[int, bool, int]] | None = None
    for piece in TOKEN_CHUNKS:
        need = _needs(request, weights, size, span, branches, means, piece)

        def fits(resident: int, keep: bool, need: memory.TransformerBytes = need) -> bool:
            denoise = need.total(resident=resident, blocks=weights.blocks, keep_key_values=keep)
            decode = need.outside + resident * need.block + tiled
            return max(denoise, decode) <= means.budget

        keep = fits(0, True)
        resident = next((k for k in range(weights.blocks, -1, -1) if fits(k, keep)), 0)
        left = means.budget - need.outside - resident * need.block
        tile = memory.choose_vae_tile(weights, size, span, dtype=means.vae_dtype, budget=left)
        best = (piece if tokens > piece else 0, (resident, keep, tile))
        if fits(resident, keep):
            break
    assert best is not None
    return best


def _with_estimates(
    decided: Plan,
    request: GenerationRequest,
    media: MediaFacts,
    weights: WeightsFacts,
    machine: Machine,
    means: _Means,
    measurements: tuple[tuple[str, float], ...],
    frames: tuple[int, int] | None,
) -> Plan:
    span = _full_span(decided.chunks)
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
    disk = _disk_bytes(decided, weights, shown, len(counted))
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
    notices = notices_of(result, request, media, weights, machine, step=step)
    return replace(result, notices=notices, fits=all(level(n) != "error" for n in notices))


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
    means: _Means,
    span: int,
) -> tuple[tuple[StageEstimate, ...], cost.StepCost]:
    size, rates, on_card = decided.size, means.rates, means.device == "cuda"
    disk_rate = machine.disk_read or _DISK_RATE
    need = _needs(request, weights, size, span, decided.branches, means, decided.token_chunk)
    streamed = (weights.blocks - decided.resident_blocks) * need.block
    from_disk = max(0, streamed - decided.pinned_bytes) if on_card else 0
    step = cost.step_cost(
        cost.pass_work(weights, size, span, speakers=len(request.speech)),
        rates,
        means.precision,
        branches=len(decided.branches),
        streamed_bytes=streamed if on_card else 0,
        disk_bytes=from_disk,
        transfer_rate=machine.pinned_rate or _PINNED_RATE,
        disk_rate=disk_rate,
        block_bytes=need.block,
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
    held = decided.pinned_bytes if on_card else need.block * weights.blocks + need.outside
    text = memory.encoder_vram(weights.text_encoder_bytes, streamed=True)
    image = memory.encoder_vram(weights.image_encoder_bytes, streamed=False)
    audio = memory.encoder_vram(weights.audio_encoder_bytes, streamed=False)
    pictures = memory.frames_ram(size, span)
    stored = need.block * weights.blocks + need.outside
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
        stage("speech", cost.speech_seconds(weights, rates, speech_rows_count), audio, 512 * 2**20),
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


def _disk_bytes(decided: Plan, weights: WeightsFacts, frames: int, chunks: int) -> int:
    """Stored frames, exact motion frames, audio embeddings, and the exported video."""
    height, width = decided.size
    pixels = frames * height * width
    motion = chunks * weights.motion_frames * height * width * 3 * 4
    embeddings = sum(decided.rows) * weights.audio_blocks * weights.audio_channels * 4
    return round(pixels * (_STORED_PIXEL + _EXPORTED_PIXEL)) + motion + embeddings
