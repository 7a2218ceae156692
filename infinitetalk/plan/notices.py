"""What the user should know before rendering, with numbers: errors, warnings and notices of a plan."""

from collections.abc import Iterator

from infinitetalk.errors import GIB, ErrorReport
from infinitetalk.plan.cost import StepCost
from infinitetalk.plan.decisions import Plan
from infinitetalk.plan.facts import Machine, MediaFacts, WeightsFacts
from infinitetalk.plan.report import ORDER, level, plan_report
from infinitetalk.plan.size import cropped_share
from infinitetalk.plan.tips import guidance_tips, length_and_source_tips
from infinitetalk.plan.words import duration, shown_size, size_in_bytes
from infinitetalk.request import FPS, GenerationRequest

NIGHT = 9 * 3600.0
SPARE_DISK = 2 * GIB
_CROP_SHARE = 0.02


def notices_of(
    plan: Plan,
    request: GenerationRequest,
    media: MediaFacts,
    weights: WeightsFacts,
    machine: Machine,
    *,
    step: StepCost,
) -> tuple[ErrorReport, ...]:
    """All reports, worst first."""
    found = [
        *_weights(request, weights),
        *_machine(plan, weights, machine, step),
        *_speech(plan, request, media),
        *_source(plan, request, media),
        *guidance_tips(plan, request, weights),
        *length_and_source_tips(plan, request, media, weights),
        # The miniature is made for the CPU: no word about the card then.
        *(() if weights.miniature else machine.notices),
    ]
    found.sort(key=lambda report: ORDER.index(level(report)))
    return tuple(found)


def _weights(request: GenerationRequest, weights: WeightsFacts) -> Iterator[ErrorReport]:
    if len(request.speech) > weights.speakers:
        yield plan_report(
            "weights.no_multi",
            "error",
            "These weights know one speaker",
            f"{weights.name} was made for {weights.speakers} speaker; this video has "
            f"{len(request.speech)}.",
            "Choose the two-speaker weights (multi/infinitetalk.safetensors), or use one speaker.",
            speakers=len(request.speech),
            weights=weights.name,
        )


def _machine(
    plan: Plan, weights: WeightsFacts, machine: Machine, step: StepCost
) -> Iterator[ErrorReport]:
    if plan.device == "cuda" and plan.peak_vram > plan.vram_budget:
        yield plan_report(
            "vram.not_enough",
            "error",
            "Not enough graphics memory",
            f"{shown_size(plan.size)} needs {size_in_bytes(plan.peak_vram)} at the smallest "
            f"setting; {machine.gpu} has {size_in_bytes(plan.vram_budget)} to use.",
            "Choose a smaller size, or close other programs that use the card.",
            needed=plan.peak_vram,
            free=plan.vram_budget,
            size=list(plan.size),
        )
    used = machine.vram_total - machine.vram_free
    if machine.gpu and used > max(1.5 * GIB, 0.2 * machine.vram_total):
        yield plan_report(
            "gpu.busy",
            "warning",
            "Another program uses the card",
            f"{size_in_bytes(used)} of {size_in_bytes(machine.vram_total)} are in use.",
            "Close it, or render anyway, slower.",
            used=used,
            total=machine.vram_total,
        )
    yield from _ram(plan, weights, machine, step)
    if plan.disk + SPARE_DISK > machine.disk_free:
        yield plan_report(
            "disk.full",
            "error",
            "Not enough disk space",
            f"The job needs {size_in_bytes(plan.disk)} and {size_in_bytes(SPARE_DISK)} to spare; "
            f"{size_in_bytes(machine.disk_free)} are free.",
            "Free some space, or keep the job on another disk.",
            needed=plan.disk + SPARE_DISK,
            job=plan.disk,
            spare=SPARE_DISK,
            free=machine.disk_free,
        )
    if plan.seconds > NIGHT:
        yield plan_report(
            "time.over_night",
            "notice",
            "This takes longer than a night",
            f"About {duration(plan.seconds)}, {duration(plan.seconds_per_chunk)} per chunk.",
            "Choose a faster preset, fewer steps or a smaller size, or render a part first.",
            seconds=plan.seconds,
            chunk_seconds=plan.seconds_per_chunk,
        )
    capability = machine.compute_capability
    if plan.device == "cuda" and plan.precision == "fp8" and capability and capability < (8, 9):
        yield plan_report(
            "precision.no_products",
            "notice",
            "This card can't multiply in fp8",
            f"{machine.gpu} unpacks fp8 weights to compute: they save memory, not time.",
            "int8 is faster on this card.",
            gpu=machine.gpu,
        )


def _ram(
    plan: Plan, weights: WeightsFacts, machine: Machine, step: StepCost
) -> Iterator[ErrorReport]:
    if plan.device == "cpu":
        if plan.peak_ram > machine.ram_free:
            yield plan_report(
                "ram.not_enough",
                "warning",
                "Not enough memory (RAM)",
                f"{size_in_bytes(plan.peak_ram)} planned, {size_in_bytes(machine.ram_free)} free.",
                "Close other programs, or choose a smaller size or precision.",
                needed=plan.peak_ram,
                free=machine.ram_free,
            )
        return
    from_disk = step.disk > 0
    if not from_disk:
        return
    wait = max(0.0, step.disk - max(step.compute, step.transfer)) * plan.steps
    slow = wait > 0.05 * plan.seconds_per_chunk
    blocks = weights.blocks - plan.resident_blocks
    if slow:
        planned = plan.peak_ram - plan.pinned_bytes + round(blocks * step.block_bytes)
        yield plan_report(
            "ram.not_enough",
            "warning",
            "Not enough memory (RAM)",
            f"{size_in_bytes(planned)} would hold everything, {size_in_bytes(machine.ram_free)} "
            f"are free: weights are read from disk in every step (+{duration(wait)} a chunk).",
            "Close other programs, or choose 8-bit weights.",
            needed=planned,
            free=machine.ram_free,
            extra_seconds=wait,
        )
    else:
        yield plan_report(
            "ram.from_disk",
            "notice",
            "Part of the weights stays on disk",
            f"{size_in_bytes(machine.ram_free)} of RAM are free, too little for {blocks} streamed "
            "blocks; the rest is read in every step, in time.",
            free=machine.ram_free,
            blocks=blocks,
        )
    if slow:
        rate = machine.disk_read or 1.5e9
        needed = rate * step.disk / max(step.compute, step.transfer, 1e-9)
        chunk = plan.seconds_per_chunk - wait
        yield plan_report(
            "disk.slow",
            "warning",
            "Weights arrive too slowly",
            f"{rate / 1e9:.2f} GB/s read, {needed / 1e9:.1f} needed: a chunk takes "
            f"{duration(plan.seconds_per_chunk)} instead of {duration(chunk)}.",
            "Move the models to a faster disk, or free some RAM.",
            read=rate,
            needed=needed,
            chunk_seconds=plan.seconds_per_chunk,
            usual_seconds=chunk,
        )


def _speech(plan: Plan, request: GenerationRequest, media: MediaFacts) -> Iterator[ErrorReport]:
    seconds = plan.total_frames / FPS
    if len(plan.chunks) == 1 and request.mode == "streaming" and request.max_frames is None:
        spoken = max(media.speech_seconds)
        span = plan.chunks[0].span_frames
        if max(plan.rows) <= span:
            yield plan_report(
                "speech.short",
                "notice",
                "Speech is shorter than one chunk",
                f"{spoken:.1f} s; one chunk of {span / FPS:.1f} s is rendered.",
                seconds=spoken,
                chunk_seconds=span / FPS,
            )
    tracks = [
        length
        for length, track in zip(media.speech_seconds, request.speech, strict=True)
        if track.path is not None
    ]
    if request.arrangement == "together" and len(tracks) > 1:
        gap = max(tracks) - min(tracks)
        if gap > 1 / FPS:
            short = media.speech_seconds.index(min(tracks))
            name = request.speech[short].path
            yield plan_report(
                "speech.unequal",
                "notice",
                "Tracks differ in length",
                f"{name.name if name else 'a track'} is {gap:.1f} s shorter: silence is added at "
                "the end.",
                "Move the track, if its speech belongs elsewhere.",
                seconds=gap,
                path=str(name) if name else "",
                speaker=short,
            )
    if max(plan.rows) > plan.total_frames + 1 and request.mode == "streaming":
        cut = max(plan.rows) / FPS - seconds
        yield plan_report(
            "speech.cut",
            "notice",
            "Not all of the speech is used",
            f"The video ends after {duration(seconds)}; {duration(cut)} of speech are left out.",
            "Raise the limit of frames, or choose what follows the end of the source.",
            seconds=cut,
            video_seconds=seconds,
        )


def _source(plan: Plan, request: GenerationRequest, media: MediaFacts) -> Iterator[ErrorReport]:
    high, wide = cropped_share(media.source_size, plan.size)
    lost, what = (high, "height") if high >= wide else (wide, "width")
    if lost > _CROP_SHARE:
        yield plan_report(
            "source.crop",
            "warning",
            "The picture is cropped",
            f"{shown_size(media.source_size)} to {shown_size(plan.size)}: {100 * lost:.0f} % of "
            f"the {what} is left out.",
            "Check that no face is cut, or choose another size.",
            share=lost,
            side=what,
            source=list(media.source_size),
            size=list(plan.size),
        )
    if media.source_kind != "video":
        return
    needed = plan.total_frames / FPS
    if media.source_duration and media.source_duration + 1 / FPS < needed:
        ways = {
            "hold": "the last frame is held",
            "loop": "it starts again",
            "pingpong": "it runs back and forth",
            "stop": "the video ends with it",
        }
        yield plan_report(
            "source.short",
            "warning",
            "The source ends before the speech",
            f"{duration(media.source_duration)} of {duration(needed)}; then "
            f"{ways[request.mends.source_end]}.",
            "Choose what follows: hold the last frame, loop, back and forth, or end there.",
            source=media.source_duration,
            needed=needed,
            end=request.mends.source_end,
        )
    if media.source_variable_rate:
        yield plan_report(
            "source.vfr",
            "notice",
            "The frame rate of the source varies",
            "It is read by time, so sound and picture stay in step.",
        )
