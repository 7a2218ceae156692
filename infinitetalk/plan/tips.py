"""Advice of the model's authors and of users, as tips of a plan (spec: published_files.md)."""

from collections.abc import Iterator

from infinitetalk.errors import ErrorReport
from infinitetalk.plan.decisions import Plan
from infinitetalk.plan.facts import MediaFacts, WeightsFacts
from infinitetalk.plan.report import plan_report
from infinitetalk.plan.words import duration
from infinitetalk.request import FPS, GenerationRequest

_STILL_LIMIT = 60.0  # seconds that a still picture holds up
_FAST_LORA_WORDS = ("fusionx", "fusionix", "lightx2v", "distill", "causvid", "accvid", "lightning")


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


def guidance_tips(
    plan: Plan, request: GenerationRequest, weights: WeightsFacts
) -> Iterator[ErrorReport]:
    if weights.miniature:
        return
    fast = has_fast_lora(request, weights)
    audio, text = request.audio_guidance_scale, request.text_guidance_scale
    best = (1.0, 3.0) if fast else (3.0, 5.0)
    if not best[0] <= audio <= best[1]:
        yield plan_report(
            "advice.audio_guidance",
            "tip",
            "Unusual speech guidance",
            f"{audio:g}; {'about 2' if fast else '3 to 5'} works best "
            f"{'with' if fast else 'without'} a distillation LoRA. Higher means tighter lips.",
            value=audio,
            fast=fast,
        )
    if fast and text > 1:
        yield plan_report(
            "advice.text_guidance",
            "tip",
            "Text guidance costs a pass that the LoRA does not need",
            f"{text:g} with a distillation LoRA: {len(plan.branches)} passes per step.",
            "Set text guidance to 1.",
            value=text,
            passes=len(plan.branches),
        )
    if fast and request.steps > 12:
        yield plan_report(
            "advice.steps",
            "tip",
            "More steps than the LoRA needs",
            f"{request.steps} steps; 4 are enough for lightx2v, 8 for FusioniX.",
            steps=request.steps,
            fast=True,
        )
    if not fast and request.steps < 15:
        yield plan_report(
            "advice.steps",
            "tip",
            "Few steps without a distillation LoRA",
            f"{request.steps} steps give soft pictures; the model was made for 40.",
            "Add a distillation LoRA, or raise the steps.",
            steps=request.steps,
            fast=False,
        )


def length_and_source_tips(
    plan: Plan, request: GenerationRequest, media: MediaFacts, weights: WeightsFacts
) -> Iterator[ErrorReport]:
    seconds = plan.total_frames / FPS
    if media.source_kind == "picture" and seconds > _STILL_LIMIT:
        yield plan_report(
            "advice.long_still",
            "tip",
            "Long video from a still picture",
            f"{duration(seconds)}; a still picture holds up for about a minute, then colors drift.",
            "Turn the picture into a slowly panning or zooming video first.",
            seconds=seconds,
        )
    if any("fusion" in lora.path.name.lower() for lora in request.loras) and seconds > 60:
        yield plan_report(
            "advice.fusionx_long",
            "tip",
            "FusioniX in a long video",
            "It is fast and pretty, but colors shift after a minute and the face changes.",
            "Use lightx2v for long videos.",
        )
    if media.source_kind == "video":
        yield plan_report(
            "advice.camera",
            "tip",
            "Camera movement is imitated",
            "One source frame per chunk conditions the video; a moving camera is not copied.",
        )
    own = any(settings.prompt is not None for _, settings in request.chunks)
    if request.prompt and len(plan.chunks) > 4 and not own:
        stride = plan.chunks[1].frame_count / FPS
        yield plan_report(
            "advice.one_prompt",
            "tip",
            "One prompt for all chunks",
            f"What it describes happens again every {stride:.1f} s.",
            "Use a calm prompt, or prompts of their own for single chunks.",
            seconds=stride,
        )
    if not weights.miniature:
        yield plan_report(
            "advice.music",
            "tip",
            "Music weakens lip-sync",
            "The lips follow the voice best when it is alone on the track.",
            "Use isolated vocals, if there is music under the voice.",
        )
