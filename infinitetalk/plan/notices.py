"""What the user should know before rendering: errors, warnings, notices and tips of a plan.

Each report carries its level in `facts["level"]`: "error" (the plan does not fit), "warning",
"notice" or "tip" (advice of the model's authors and users; spec: published_files.md).
"""

from collections.abc import Iterator
from typing import Any, Literal

from infinitetalk.errors import GIB, ErrorReport
from infinitetalk.plan.cost import StepCost
from infinitetalk.plan.decisions import Plan
from infinitetalk.plan.facts import Machine, MediaFacts, WeightsFacts
from infinitetalk.plan.size import cropped_share
from infinitetalk.plan.words import duration, shown_size, size_in_bytes
from infinitetalk.request import FPS, GenerationRequest

Level = Literal["error", "warning", "notice", "tip"]
ORDER: tuple[Level, ...] = ("error", "warning", "notice", "tip")

NIGHT = 9 * 3600.0
SPARE_DISK = 2 * GIB
_CROP_SHARE = 0.02
_STILL_LIMIT = 60.0  # seconds that a still picture holds up
_FAST_LORA_WORDS = ("fusionx", "fusionix", "lightx2v", "distill", "causvid", "accvid", "lightning")


def level(report: ErrorReport) -> Level:
    """The level of a plan's report; "notice" for reports of other origin."""
    found = report.facts.get("level", "notice")
    return found if found in ORDER else "notice"


def _report(
    code: str, at: Level, title: str, detail: str, remedy: str = "", **facts: Any
) -> ErrorReport:
    return ErrorReport(
        code=code, title=title, detail=detail, remedy=remedy, facts={"level": at, **facts}
    )


def has_fast_lora(request: GenerationRequest, weights: WeightsFacts) -> bool:
    """Whether a step-distillation LoRA is among those of the request, by file name."""
    for lora in request.loras:
        name = lora.path.name.lower()
        if any(word in name for word in _FAST_LORA_WORDS):
            return True
        if (
            weights.fast_lora
            and name == weights.fast_lora.replace("\\", "/").rsplit("/")[-1].lower()
        ):
            return True
    return False


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
        *_guidance(plan, request, weights),
        *_advice(plan, request, media, weights),
        *machine.notices,
    ]
    found.sort(key=lambda report: ORDER.index(level(report)))
    return tuple(found)


def _weights(request: GenerationRequest, weights: WeightsFacts) -> Iterator[ErrorReport]:
    if len(request.speech) > weights.speakers:
        yield _report(
            "weights.no_multi",
            "error",
            "These weights know one speaker",
            f"{weights.name} was made for {weights.speakers} speaker; this video has "
            f"{len(request.speech)}.",
            "Choose the two-speaker weights (multi/infinitetalk.safetensors), or use one speaker.",
            speakers=len(request.speech),
        )


def _machine(
    plan: Plan, weights: WeightsFacts, machine: Machine, step: StepCost
) -> Iterator[ErrorReport]:
    if plan.device == "cuda" and plan.peak_vram > plan.vram_budget:
        yield _report(
            "vram.not_enough",
            "error",
            "Not enough graphics memory",
            f"{shown_size(plan.size)} needs {size_in_bytes(plan.peak_vram)} at the smallest "
            f"setting; {machine.gpu} has {size_in_bytes(plan.vram_budget)} to use.",
            "Choose a smaller size, or close other programs that use the card.",
            needed=plan.peak_vram,
            free=plan.vram_budget,
        )
    used = machine.vram_total - machine.vram_free
    if machine.gpu and used > max(1.5 * GIB, 0.2 * machine.vram_total):
        yield _report(
            "gpu.busy",
            "warning",
            "Another program uses the card",
            f"{size_in_bytes(used)} of {size_in_bytes(machine.vram_total)} are in use.",
            "Close it, or render anyway, slower.",
            used=used,
        )
    yield from _ram(plan, weights, machine, step)
    if plan.disk + SPARE_DISK > machine.disk_free:
        yield _report(
            "disk.full",
            "error",
            "Not enough disk space",
            f"The job needs {size_in_bytes(plan.disk)} and {size_in_bytes(SPARE_DISK)} to spare; "
            f"{size_in_bytes(machine.disk_free)} are free.",
            "Free some space, or keep the job on another disk.",
            needed=plan.disk + SPARE_DISK,
            free=machine.disk_free,
        )
    if plan.seconds > NIGHT:
        yield _report(
            "time.over_night",
            "notice",
            "This takes longer than a night",
            f"About {duration(plan.seconds)}, {duration(plan.seconds_per_chunk)} per chunk.",
            "Choose a faster preset, fewer steps or a smaller size, or render a part first.",
            seconds=plan.seconds,
        )
    capability = machine.compute_capability
    if plan.device == "cuda" and plan.precision == "fp8" and capability and capability < (8, 9):
        yield _report(
            "precision.no_products",
            "notice",
            "This card can't multiply in fp8",
            f"{machine.gpu} unpacks fp8 weights to compute: they save memory, not time.",
            "int8 is faster on this card.",
        )


def _ram(
    plan: Plan, weights: WeightsFacts, machine: Machine, step: StepCost
) -> Iterator[ErrorReport]:
    if plan.device == "cpu":
        if plan.peak_ram > machine.ram_free:
            yield _report(
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
        yield _report(
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
        yield _report(
            "ram.from_disk",
            "notice",
            "Part of the weights stays on disk",
            f"{size_in_bytes(machine.ram_free)} of RAM are free, too little for {blocks} streamed "
            "blocks; the rest is read in every step, in time.",
        )
    if slow:
        rate = machine.disk_read or 1.5e9
        needed = rate * step.disk / max(step.compute, step.transfer, 1e-9)
        chunk = plan.seconds_per_chunk - wait
        yield _report(
            "disk.slow",
            "warning",
            "Weights arrive too slowly",
            f"{rate / 1e9:.2f} GB/s read, {needed / 1e9:.1f} needed: a chunk takes "
            f"{duration(plan.seconds_per_chunk)} instead of {duration(chunk)}.",
            "Move the models to a faster disk, or free some RAM.",
            read=rate,
            needed=needed,
        )


def _speech(plan: Plan, request: GenerationRequest, media: MediaFacts) -> Iterator[ErrorReport]:
    seconds = plan.total_frames / FPS
    if len(plan.chunks) == 1 and request.mode == "streaming" and request.max_frames is None:
        spoken = max(media.speech_seconds)
        span = plan.chunks[0].span_frames
        if max(plan.rows) <= span:
            yield _report(
                "speech.short",
                "notice",
                "Speech is shorter than one chunk",
                f"{spoken:.1f} s; one chunk of {span / FPS:.1f} s is rendered.",
                seconds=spoken,
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
            yield _report(
                "speech.unequal",
                "notice",
                "Tracks differ in length",
                f"{name.name if name else 'a track'} is {gap:.1f} s shorter: silence is added at "
                "the end.",
                "Move the track, if its speech belongs elsewhere.",
                seconds=gap,
            )
    if max(plan.rows) > plan.total_frames + 1 and request.mode == "streaming":
        cut = max(plan.rows) / FPS - seconds
        yield _report(
            "speech.cut",
            "notice",
            "Not all of the speech is used",
            f"The video ends after {duration(seconds)}; {duration(cut)} of speech are left out.",
            "Raise the limit of frames, or choose what follows the end of the source.",
            seconds=cut,
        )


def _source(plan: Plan, request: GenerationRequest, media: MediaFacts) -> Iterator[ErrorReport]:
    high, wide = cropped_share(media.source_size, plan.size)
    lost, what = (high, "height") if high >= wide else (wide, "width")
    if lost > _CROP_SHARE:
        yield _report(
            "source.crop",
            "warning",
            "The picture is cropped",
            f"{shown_size(media.source_size)} to {shown_size(plan.size)}: {100 * lost:.0f} % of "
            f"the {what} is left out.",
            "Check that no face is cut, or choose another size.",
            share=lost,
            side=what,
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
        yield _report(
            "source.short",
            "warning",
            "The source ends before the speech",
            f"{duration(media.source_duration)} of {duration(needed)}; then "
            f"{ways[request.mends.source_end]}.",
            "Choose what follows: hold the last frame, loop, back and forth, or end there.",
            source=media.source_duration,
            needed=needed,
        )
    if media.source_variable_rate:
        yield _report(
            "source.vfr",
            "notice",
            "The frame rate of the source varies",
            "It is read by time, so sound and picture stay in step.",
        )


def _guidance(
    plan: Plan, request: GenerationRequest, weights: WeightsFacts
) -> Iterator[ErrorReport]:
    if weights.miniature:
        return
    fast = has_fast_lora(request, weights)
    audio, text = request.audio_guidance_scale, request.text_guidance_scale
    best = (1.0, 3.0) if fast else (3.0, 5.0)
    if not best[0] <= audio <= best[1]:
        yield _report(
            "advice.audio_guidance",
            "tip",
            "Unusual speech guidance",
            f"{audio:g}; {'about 2' if fast else '3 to 5'} works best "
            f"{'with' if fast else 'without'} a distillation LoRA. Higher means tighter lips.",
        )
    if fast and text > 1:
        yield _report(
            "advice.text_guidance",
            "tip",
            "Text guidance costs a pass that the LoRA does not need",
            f"{text:g} with a distillation LoRA: {len(plan.branches)} passes per step.",
            "Set text guidance to 1.",
        )
    if fast and request.steps > 12:
        yield _report(
            "advice.steps",
            "tip",
            "More steps than the LoRA needs",
            f"{request.steps} steps; 4 are enough for lightx2v, 8 for FusioniX.",
        )
    if not fast and request.steps < 15:
        yield _report(
            "advice.steps",
            "tip",
            "Few steps without a distillation LoRA",
            f"{request.steps} steps give soft pictures; the model was made for 40.",
            "Add a distillation LoRA, or raise the steps.",
        )


def _advice(
    plan: Plan, request: GenerationRequest, media: MediaFacts, weights: WeightsFacts
) -> Iterator[ErrorReport]:
    seconds = plan.total_frames / FPS
    if media.source_kind == "picture" and seconds > _STILL_LIMIT:
        yield _report(
            "advice.long_still",
            "tip",
            "Long video from a still picture",
            f"{duration(seconds)}; a still picture holds up for about a minute, then colors drift.",
            "Turn the picture into a slowly panning or zooming video first.",
        )
    if any("fusion" in lora.path.name.lower() for lora in request.loras) and seconds > 60:
        yield _report(
            "advice.fusionx_long",
            "tip",
            "FusioniX in a long video",
            "It is fast and pretty, but colors shift after a minute and the face changes.",
            "Use lightx2v for long videos.",
        )
    if media.source_kind == "video":
        yield _report(
            "advice.camera",
            "tip",
            "Camera movement is imitated",
            "One source frame per chunk conditions the video; a moving camera is not copied.",
        )
    own = any(settings.prompt is not None for _, settings in request.chunks)
    if request.prompt and len(plan.chunks) > 4 and not own:
        stride = plan.chunks[1].frame_count / FPS
        yield _report(
            "advice.one_prompt",
            "tip",
            "One prompt for all chunks",
            f"What it describes happens again every {stride:.1f} s.",
            "Use a calm prompt, or prompts of their own for single chunks.",
        )
    if not weights.miniature:
        yield _report(
            "advice.music",
            "tip",
            "Music weakens lip-sync",
            "The lips follow the voice best when it is alone on the track.",
            "Use isolated vocals, if there is music under the voice.",
        )
