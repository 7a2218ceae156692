"""The key of a chunk: a digest of everything that can change its pixels, and of nothing else.

It has two halves. The *part* follows from request and plan alone, so the window knows at once
which takes an edit made stale. The *key* adds what only rendering knows: digests of the source
frame, of the speech rows and of the motion frames the chunk starts from, and of the LoRA files.

The tables below say for every field of the request and of the plan how it gets in, or why it can't
change this chunk's pixels. A test compares them with the classes, so that a new field can't be
forgotten.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import PurePath
from typing import Any

from infinitetalk.plan import Plan, chunk_source_time
from infinitetalk.request import GenerationRequest, branch_names

KEY_FORMAT = 1
KEY_DIGITS = 20  # 80 bits in hexadecimal; short enough for long Windows paths

IN_PART = "in the part"
IN_DIGEST = "in the key, by a digest of the content"
IN_PLAN = "in the part, as what the plan made of it"

REQUEST_FIELDS: dict[str, str] = {
    "source": IN_DIGEST,
    "speech": f"{IN_PART} (silent or not, start, gain); the sound itself {IN_DIGEST}",
    "arrangement": IN_PART,
    "boxes": f"{IN_PART}, unless the area is painted",
    "painted": IN_PART,
    "prompt": f"{IN_PART}, or the chunk's own",
    "negative_prompt": f"{IN_PART} where a guidance branch uses it",
    "resolution": f"{IN_PART} where TeaCache's polynomial depends on it; else {IN_PLAN}",
    "size": IN_PLAN,
    "size_scale": IN_PLAN,
    "mode": IN_PLAN,
    "max_frames": IN_PLAN,
    "chunk_frames": IN_PLAN,
    "motion_frames": IN_PLAN,
    "steps": IN_PLAN,
    "shift": IN_PLAN,
    "text_guidance_scale": f"{IN_PART}, or the chunk's own",
    "audio_guidance_scale": f"{IN_PART}, or the chunk's own",
    "apg": IN_PART,
    "teacache_threshold": IN_PART,
    "color_correction": IN_PART,
    "scene_cuts": IN_PLAN,
    "seed": f"{IN_PART}, or the chunk's own",
    "loras": f"{IN_PART} (name, scale); the files {IN_DIGEST}",
    "precision": IN_PLAN,
    "chunks": f"{IN_PART}, this chunk's entry only",
    "mends": IN_PART,
}
CHUNK_FIELDS: dict[str, str] = {
    "prompt": IN_PART,
    "negative_prompt": f"{IN_PART} where a guidance branch uses it",
    "seed": IN_PART,
    "text_guidance_scale": IN_PART,
    "audio_guidance_scale": IN_PART,
    "speech_shift": IN_PART,
    "source_time": IN_PART,
}
MEND_FIELDS: dict[str, str] = {
    "pad_short_speech": IN_PLAN,
    "equal_tracks": IN_PLAN,
    "source_by_time": IN_PART,
    "guard_masks": IN_PART,
    "color_reference": IN_PART,
    "round_bytes": IN_PART,
    "orient_source": IN_DIGEST,
    "source_end": IN_PLAN,
    "limit_peaks": IN_PART,
    "speech_piece": IN_PART,
    "shorten_last": IN_PLAN,
    "guard_flat_frames": IN_PART,
    "ease_seams": IN_PART,
}
PLAN_FIELDS: dict[str, str] = {
    "size": IN_PART,
    "total_frames": "cuts frames off after rendering; what is left to say is in the speech digest",
    "rows": IN_DIGEST,
    "chunks": f"{IN_PART}, this chunk's entry only",
    "branches": "follows from the guidance scales",
    "steps": IN_PART,
    "shift": IN_PART,
    "precision": IN_PART,
    "dtype": IN_PART,
    "device": IN_PART,
    "threads": IN_PART,
    "attention": IN_PART,
    "resident_blocks": "streamed equals resident bit for bit",
    "token_chunk": IN_PART,
    "keep_key_values": "kept equals computed anew bit for bit",
    "branches_together": "branches in turn equal branches together bit for bit",
    "pinned_bytes": "where streamed blocks come from does not change them",
    "vram_budget": "what it leads to is in the part",
    "vae_dtype": IN_PART,
    "vae_tile": IN_PART,
    "text_encoder": IN_PART,
    "weights_identity": IN_PART,
    "exact": IN_PART,
    "stages": "an estimate",
    "peak_vram": "an estimate",
    "peak_ram": "an estimate",
    "disk": "an estimate",
    "seconds_per_chunk": "an estimate",
    "seconds": "an estimate",
    "seconds_origin": "an estimate",
    "skipped_steps": "follows from weights, steps, shift and threshold",
    "fits": "an estimate",
    "notices": "text for the user",
    "format": "how the plan is stored",
}
CHUNK_PLAN_FIELDS: dict[str, str] = {
    "index": f"{IN_PART}: the noise is a function of seed and index",
    "start": f"{IN_PART}: where the chunk lies in speech and source",
    "span_frames": IN_PART,
    "motion_frames": IN_PART,
    "first_frame": "follows from start and motion frames",
    "frame_count": "cuts frames off after rendering",
    "source_time": f"{IN_PART}, or the chunk's own",
    "source_index": "follows from start",
}


def settings_part(
    request: GenerationRequest, plan: Plan, index: int, shared: str | None = None
) -> dict[str, Any]:
    """What of request and plan can change the pixels of chunk `index`: plain values.

    `shared` is the digest of what all chunks have in common, if it is known already.
    """
    own = request.chunk_settings(index)
    chunk = plan.chunks[index]
    text = _own(own.text_guidance_scale, request.text_guidance_scale)
    audio = _own(own.audio_guidance_scale, request.audio_guidance_scale)
    part: dict[str, Any] = {
        "index": index,
        "start": chunk.start,
        "span_frames": chunk.span_frames,
        "motion_frames": chunk.motion_frames,
        "source_time": chunk_source_time(request, plan, index),
        "prompt": _own(own.prompt, request.prompt),
        "seed": _own(own.seed, request.seed),
        "text_guidance_scale": float(text),
        "audio_guidance_scale": float(audio),
        "speech_shift": own.speech_shift or 0.0,
        "shared": _digest(_shared(request, plan)) if shared is None else shared,
    }
    if {"drop_text", "uncond"} & set(branch_names(text, audio)):
        part["negative_prompt"] = _own(own.negative_prompt, request.negative_prompt)
    return part


def _own(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def _shared(request: GenerationRequest, plan: Plan) -> dict[str, Any]:
    """The part that all chunks of a request share."""
    mends = {
        name: getattr(request.mends, name)
        for name, how in MEND_FIELDS.items()
        if how.startswith(IN_PART)
    }
    shared: dict[str, Any] = {
        "speech": [(t.path is None, float(t.start), float(t.gain_db)) for t in request.speech],
        "arrangement": request.arrangement if len(request.speech) > 1 else "",
        "boxes": _areas(request),
        "color_correction": float(request.color_correction),
        "loras": [(PurePath(lora.path).name, float(lora.scale)) for lora in request.loras],
        "apg": request.apg and [getattr(request.apg, item.name) for item in fields(request.apg)],
        "mends": mends,
    }
    if request.teacache_threshold is not None:
        shared["teacache"] = [float(request.teacache_threshold), request.size_class]
    for name, how in PLAN_FIELDS.items():
        if how == IN_PART:
            shared[name] = getattr(plan, name)
    return shared


def _areas(request: GenerationRequest) -> list[Any]:
    """Where the speakers are: boxes; for a painted one its cells, which alone count."""
    painted = request.painted or (None,) * len(request.boxes)
    boxes = request.boxes or (None,) * len(painted)
    found: list[Any] = []
    for box, area in zip(boxes, painted, strict=True):
        if area is not None:
            found.append([area.rows, area.columns, list(area.runs)])
        elif box is not None:
            found.append((box.top, box.left, box.bottom, box.right))
    return found


def part_digest(request: GenerationRequest, plan: Plan, index: int) -> str:
    """Digest of `settings_part`: what the timeline compares to see a stale take.

    `plan` is the job's, also where a rung of the memory ladder changed it for a take: such a take
    was made from what was asked and is not stale. Only its key is that of the changed plan.
    """
    return _digest(settings_part(request, plan, index))


def part_digests(request: GenerationRequest, plan: Plan) -> tuple[str, ...]:
    """`part_digest` of every chunk of the plan."""
    shared = _digest(_shared(request, plan))
    return tuple(
        _digest(settings_part(request, plan, index, shared)) for index in range(len(plan.chunks))
    )


def chunk_key(
    request: GenerationRequest,
    plan: Plan,
    index: int,
    *,
    source_digest: str,
    speech_digest: str,
    motion_digest: str = "",
    color_digest: str = "",
    lora_digests: Sequence[str] = (),
) -> str:
    """The key that names the take of chunk `index`: 20 hexadecimal digits.

    `source_digest` is that of the source frame that conditions the chunk, at the rendered size;
    `speech_digest` of the embedding rows that the chunk reads, of all speakers; `motion_digest` of
    the motion frames it starts from ("" where it begins anew); `color_digest` of the frame whose
    colors are matched, where that is another one (mend `color_reference` "first");
    `lora_digests` of the LoRA files in the request's order. Where a rung of the memory ladder
    changed the plan for this chunk, `plan` is the changed one.
    """
    return _digest(
        {
            "format": KEY_FORMAT,
            "part": settings_part(request, plan, index),
            "source": source_digest,
            "speech": speech_digest,
            "motion": motion_digest,
            "color": color_digest,
            "loras": list(lora_digests),
        }
    )


def digest_bytes(*pieces: bytes | memoryview) -> str:
    """A digest of content for the arguments of `chunk_key`: sha256, 64 hexadecimal digits."""
    found = hashlib.sha256()
    for piece in pieces:
        found.update(len(piece).to_bytes(8, "little"))
        found.update(piece)
    return found.hexdigest()


def _digest(value: Any) -> str:
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_DIGITS]
