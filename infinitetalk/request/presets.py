"""Presets: named changes to a request, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A named change to a request. `fast_lora`: the model's step-distillation LoRA is added."""

    name: str
    title: str
    changes: Mapping[str, Any]
    fast_lora: bool
    what_for: str


PRESETS: dict[str, Preset] = {
    p.name: p
    for p in (
        Preset(
            name="draft",
            title="Draft",
            changes={
                "steps": 4,
                "text_guidance_scale": 1.0,
                "audio_guidance_scale": 2.0,
                "shift": 2.0,
                "size_scale": 0.5,
            },
            fast_lora=True,
            what_for="are speakers, timing and crop right",
        ),
        Preset(
            name="fast",
            title="Fast",
            changes={
                "steps": 4,
                "text_guidance_scale": 1.0,
                "audio_guidance_scale": 2.0,
                "shift": 2.0,
            },
            fast_lora=True,
            what_for="a good video in a night",
        ),
        Preset(
            name="fine",
            title="Fine",
            changes={
                "steps": 8,
                "text_guidance_scale": 1.0,
                "audio_guidance_scale": 2.0,
                "shift": 2.0,
            },
            fast_lora=True,
            what_for="more detail, twice the time",
        ),
        Preset(
            name="full",
            title="Full",
            changes={"steps": 40, "text_guidance_scale": 5.0, "audio_guidance_scale": 4.0},
            fast_lora=False,
            what_for="the reference's settings; hours per minute of video",
        ),
    )
}
