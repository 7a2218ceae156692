"""`plan`: from what the user wants and what is there to everything that is decided.

Pure and quick (under 50 ms for an hour of video), so that it can follow a slider.
"""

from collections.abc import Iterable
from dataclasses import replace

from infinitetalk.errors import GIB
from infinitetalk.plan import cost, memory
from infinitetalk.plan.cards import card_rates
from infinitetalk.plan.decisions import Plan
from infinitetalk.plan.estimate import Means, full_span, transformer_needs, with_estimates
from infinitetalk.plan.facts import Machine, MediaFacts, WeightsFacts
from infinitetalk.plan.notices import level, notices_of
from infinitetalk.plan.schedule import Schedule, plan_chunks, speech_rows
from infinitetalk.plan.size import rendered_size
from infinitetalk.request import GenerationRequest, Precision, branch_names

DEFAULT_SHIFT = {"480": 7.0, "720": 11.0}
TOKEN_CHUNKS = (4096, 2048, 1024)  # tokens at a time on a card; the first whose temporaries fit
_SPARE_RAM = 2 * GIB
_PINNED_SHARE = 0.6  # of the free RAM, at most: more page-locked memory slows the system


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
    attention: str = "default",
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
    estimated, step = with_estimates(
        decided, request, weights, machine, means, tuple(measurements or ()), frames
    )
    notices = notices_of(estimated, request, media, weights, machine, step=step)
    return replace(estimated, notices=notices, fits=all(level(n) != "error" for n in notices))


def _means(
    request: GenerationRequest,
    weights: WeightsFacts,
    machine: Machine,
    vram_limit: int | None,
    leave_core_free: bool,
) -> Means:
    threads = max(1, machine.cores - (1 if leave_core_free and machine.cores > 1 else 0))
    if weights.miniature:
        # Its operations are too small to share: a second thread wins a third on a machine that is
        # idle, and where another program runs threads wait for each other five times as long.
        threads = max(1, min(threads // 2, 4))
    precision = _stored_precision(request.precision, weights)
    rates = card_rates(machine, threads=threads)
    if machine.gpu is None:
        whole = (weights.block_parameters * weights.blocks + weights.other_parameters) * 4
        if precision == "bf16" and whole <= machine.ram_free / 2:
            precision = "fp32"  # a CPU computes in float32; rounding the weights gains nothing
        return Means(
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
    return Means(
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


def _decide(
    request: GenerationRequest,
    weights: WeightsFacts,
    machine: Machine,
    means: Means,
    size: tuple[int, int],
    schedule: Schedule,
    branches: tuple[str, ...],
    attention: str,
) -> Plan:
    span = full_span(schedule.chunks)
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
        shift = weights.shift if weights.shift is not None else DEFAULT_SHIFT[request.size_class]
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


def _fill_card(
    request: GenerationRequest,
    weights: WeightsFacts,
    means: Means,
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
        need = transformer_needs(request, weights, size, span, branches, means, piece)

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
