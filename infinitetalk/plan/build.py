"""`plan`: from what the user wants and what is there to everything that is decided.

Pure and quick (under 50 ms for an hour of video), so that it can follow a slider.
"""

from collections.abc import Iterable
from dataclasses import replace

from infinitetalk.plan import memory
from infinitetalk.plan.cards import card_rates
from infinitetalk.plan.decisions import Plan
from infinitetalk.plan.estimate import Means, full_span, with_estimates
from infinitetalk.plan.facts import Machine, MediaFacts, WeightsFacts
from infinitetalk.plan.fill import Filling, fill_card, pinnable_bytes
from infinitetalk.plan.notices import level, notices_of
from infinitetalk.plan.schedule import Schedule, plan_chunks, speech_rows
from infinitetalk.plan.size import rendered_size
from infinitetalk.request import GenerationRequest, Precision, branch_names

DEFAULT_SHIFT = {"480": 7.0, "720": 11.0}


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
    most_resident: int | None = None,
) -> Plan:
    """The plan of a job. Needs no GPU, no files and no torch.

    `measurements` are further (key, seconds per chunk) of this machine, see `measured_key`;
    `frames` limits what is counted to the chunks between in and out; `vram_limit` is the most
    that the user lets the job use, in bytes; `most_resident` the most blocks that stay on the card.
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
    decided = _decide(
        request, weights, machine, means, size, schedule, branches, attention, most_resident
    )
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
    most_resident: int | None,
) -> Plan:
    span = full_span(schedule.chunks)
    on_card = means.device == "cuda"
    if on_card:
        filled = fill_card(request, weights, machine, means, size, span, branches, most_resident)
    else:
        tile = memory.choose_vae_tile(
            weights, size, span, dtype=means.vae_dtype, budget=machine.ram_free // 2
        )
        filled = Filling(
            token_chunk=0,
            resident_blocks=weights.blocks,
            keep_key_values=True,
            vae_tile=tile,
            branches_together=True,
        )
    streamed = (weights.blocks - filled.resident_blocks) * memory.block_bytes(
        weights, means.precision
    )
    pinned = min(streamed, pinnable_bytes(machine)) if on_card else 0
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
        resident_blocks=filled.resident_blocks,
        vae_dtype=means.vae_dtype,
        vae_tile=filled.vae_tile,
        text_encoder="stored",
        weights_identity=weights.identity,
        exact=request.exact,
        token_chunk=filled.token_chunk,
        keep_key_values=filled.keep_key_values,
        branches_together=filled.branches_together,
        pinned_bytes=pinned,
        vram_budget=means.budget,
    )
