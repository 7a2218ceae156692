"""TeaCache's decisions, remembered: they depend on weights, LoRAs, steps, shift and threshold alone.

The first job with such settings computes them from the time embedding; later plans show them before
anything is loaded.
"""

import contextlib
import hashlib
import json
from pathlib import Path

from infinitetalk import paths
from infinitetalk.plan import Plan
from infinitetalk.project import atomic
from infinitetalk.request import GenerationRequest


def _place(identity: str, plan: Plan, request: GenerationRequest) -> Path:
    # A LoRA may change the time embedding too.
    loras = [[str(lora.path.absolute()), float(lora.scale)] for lora in request.loras]
    text = json.dumps(
        [identity, plan.steps, plan.shift, request.size_class, request.teacache_threshold, loras]
    )
    name = hashlib.sha256(text.encode()).hexdigest()[:24]
    return paths.cache_folder() / "teacache" / f"{name}.json"


def known_skipped_steps(
    identity: str, plan: Plan, request: GenerationRequest
) -> tuple[int, ...] | None:
    """Steps that reuse the one before; None where they were not computed yet."""
    try:
        found = json.loads(_place(identity, plan, request).read_bytes())
        steps = tuple(int(step) for step in found["skipped"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return steps if all(0 <= step < plan.steps for step in steps) else None


def remember_skipped_steps(
    identity: str, plan: Plan, request: GenerationRequest, skipped: tuple[int, ...]
) -> None:
    """Kept for later plans; a cache folder that can't be written costs nothing but that."""
    place = _place(identity, plan, request)
    with contextlib.suppress(Exception):
        place.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_json(place, {"skipped": list(skipped)})
