"""Everything that can change a chunk's pixels is in its key, and each field is accounted for."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from infinitetalk.plan import ChunkPlan, Plan
from infinitetalk.project import chunk_key, digest_bytes, keys, part_digest
from infinitetalk.request import (
    Apg,
    Box,
    ChunkSettings,
    GenerationRequest,
    Lora,
    Mends,
    Painted,
    SpeechTrack,
)

DIGESTS = {"source_digest": "s", "speech_digest": "v", "motion_digest": "m"}


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (GenerationRequest, keys.REQUEST_FIELDS),
        (ChunkSettings, keys.CHUNK_FIELDS),
        (Mends, keys.MEND_FIELDS),
        (Plan, keys.PLAN_FIELDS),
        (ChunkPlan, keys.CHUNK_PLAN_FIELDS),
    ],
)
def test_every_field_is_in_the_key_or_has_a_reason(kind: type, table: dict[str, str]) -> None:
    assert sorted(table) == sorted(field.name for field in fields(kind))
    assert all(table.values())


CHANGES = {
    "prompt": {"prompt": "other"},
    "seed": {"seed": 7},
    "text": {"text_guidance_scale": 3.0},
    "audio": {"audio_guidance_scale": 3.0},
    "negative": {"negative_prompt": "ugly"},
    "apg": {"apg": Apg()},
    "teacache": {"teacache_threshold": 0.2},
    "color": {"color_correction": 0.5},
    "boxes": {"boxes": (Box(top=0, left=0, bottom=9, right=9),)},
    "painted": {"painted": (Painted.of_cells(1, 2, (0, 1)),)},
    "lora": {"loras": (Lora(path=Path("a.safetensors")),)},
    "gain": {"speech": (SpeechTrack(path=Path("v.wav"), gain_db=3.0),)},
    "own prompt": {"chunks": ((1, ChunkSettings(prompt="own")),)},
    "own seed": {"chunks": ((1, ChunkSettings(seed=3)),)},
    "own text": {"chunks": ((1, ChunkSettings(text_guidance_scale=2.0)),)},
    "own shift": {"chunks": ((1, ChunkSettings(speech_shift=0.04)),)},
    "own source": {"chunks": ((1, ChunkSettings(source_time=1.0)),)},
    "mend": {"mends": Mends(guard_flat_frames=False)},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_the_request_changes_the_part(
    request_: GenerationRequest, plan: Plan, name: str
) -> None:
    changed = replace(request_, **CHANGES[name])
    assert part_digest(changed, plan, 1) != part_digest(request_, plan, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": (448, 448)},
        {"steps": 5},
        {"shift": 3.0},
        {"precision": "fp8"},
        {"dtype": "bfloat16"},
        {"device": "cuda"},
        {"threads": 2},
        {"attention": "flash"},
        {"vae_dtype": "bfloat16"},
        {"vae_tile": 256},
        {"text_encoder": "int8"},
        {"weights_identity": "x"},
        {"exact": True},
    ],
)
def test_a_change_of_the_plan_changes_the_part(
    request_: GenerationRequest, plan: Plan, changes: dict
) -> None:
    assert part_digest(request_, replace(plan, **changes), 1) != part_digest(request_, plan, 1)


def test_what_concerns_others_changes_nothing(request_: GenerationRequest, plan: Plan) -> None:
    now = part_digest(request_, plan, 1)
    other = request_.with_chunk(2, ChunkSettings(prompt="elsewhere"))
    assert part_digest(other, plan, 1) == now
    assert part_digest(request_, replace(plan, resident_blocks=9, seconds=3.0), 1) == now
    moved = replace(request_, source=Path("/elsewhere/face.png"))
    assert part_digest(moved, plan, 1) == now
    # Without text guidance the negative prompt is never read.
    plain = replace(request_, text_guidance_scale=1.0)
    assert part_digest(plain, plan, 1) == part_digest(replace(plain, negative_prompt="x"), plan, 1)


def test_each_digest_changes_the_key(request_: GenerationRequest, plan: Plan) -> None:
    now = chunk_key(request_, plan, 1, **DIGESTS)
    assert len(now) == 20
    found = {now}
    for name in DIGESTS:
        found.add(chunk_key(request_, plan, 1, **{**DIGESTS, name: "other"}))
    found.add(chunk_key(request_, plan, 1, **DIGESTS, color_digest="c"))
    found.add(chunk_key(request_, plan, 1, **DIGESTS, lora_digests=("l",)))
    found.add(chunk_key(request_, plan, 2, **DIGESTS))
    assert len(found) == 7


def test_keys_do_not_hang_on_the_kind_of_number(request_: GenerationRequest, plan: Plan) -> None:
    whole = replace(request_, text_guidance_scale=5, color_correction=1)
    assert part_digest(whole, plan, 0) == part_digest(request_, plan, 0)


def test_pieces_of_content_are_told_apart() -> None:
    assert digest_bytes(b"ab", b"c") != digest_bytes(b"a", b"bc")


def test_keys_survive_json(request_: GenerationRequest, plan: Plan) -> None:
    request = GenerationRequest.from_json(request_.to_json())
    again = Plan.from_json(plan.to_json())
    assert part_digest(request, again, 3) == part_digest(request_, plan, 3)
