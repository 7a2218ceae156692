"""A request is complete, validated when built, and goes to JSON and back without loss."""

import json
import math
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infinitetalk.request import (
    MOST_CELLS,
    NEGATIVE_PROMPT,
    PRESETS,
    Apg,
    Box,
    ChunkSettings,
    GenerationRequest,
    Lora,
    Mends,
    Painted,
    SpeechTrack,
    branch_names,
    chunk_settings_from_json,
    chunk_settings_to_json,
    nearest_size,
)

ONE = GenerationRequest(source=Path("face.png"), speech=(SpeechTrack(path=Path("a.wav")),))

scales = st.floats(0, 100)
texts = st.text(max_size=20)
tracks = st.builds(
    SpeechTrack, path=st.just(Path("a b.wav")), start=st.floats(-10, 10), gain_db=scales
)
own = st.builds(
    ChunkSettings,
    prompt=st.none() | texts,
    seed=st.none() | st.integers(0, 2**63 - 1),
    audio_guidance_scale=st.none() | scales,
    speech_shift=st.none() | st.floats(-2, 2),
)
mends = st.builds(
    Mends,
    equal_tracks=st.booleans(),
    source_end=st.sampled_from(["hold", "loop", "pingpong", "stop"]),
    speech_piece=st.floats(0, 100),
)
cells = st.tuples(st.integers(1, 12), st.integers(1, 12)).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.lists(st.booleans(), min_size=size[0] * size[1], max_size=size[0] * size[1]).filter(any),
    )
)
areas = cells.map(lambda found: Painted.of_cells(*found[0], found[1]))
requests = st.builds(
    GenerationRequest,
    source=st.just(Path("ein Bild 人.png")),
    speech=st.lists(tracks, min_size=1, max_size=2).map(tuple),
    prompt=texts,
    resolution=st.sampled_from(["480", "720"]),
    size=st.none() | st.just((448, 896)),
    chunk_frames=st.none() | st.sampled_from([33, 81]),
    motion_frames=st.none() | st.sampled_from([1, 9]),
    steps=st.integers(1, 1000),
    shift=st.none() | st.floats(0.1, 20),
    text_guidance_scale=scales,
    apg=st.none() | st.builds(Apg),
    seed=st.integers(0, 2**63 - 1),
    loras=st.lists(st.builds(Lora, path=st.just(Path("x.safetensors"))), max_size=2).map(tuple),
    precision=st.sampled_from(["fp32", "bf16", "fp8", "int8"]),
    chunks=st.dictionaries(st.integers(0, 2000), own, max_size=3).map(lambda d: tuple(d.items())),
    mends=mends,
)


@given(request=requests)
def test_json_keeps_everything(request: GenerationRequest) -> None:
    data = json.loads(json.dumps(request.to_json(), allow_nan=False))
    assert GenerationRequest.from_json(data) == request


@given(settings=own)
def test_chunk_settings_keep_only_what_is_their_own(settings: ChunkSettings) -> None:
    data = chunk_settings_to_json(settings)
    assert None not in data.values()
    assert chunk_settings_from_json(json.loads(json.dumps(data))) == settings


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"speech": ()}, "1 or 2 tracks"),
        ({"speech": (SpeechTrack(path=Path("a")),) * 3}, "1 or 2 tracks"),
        ({"speech": (SpeechTrack(path=None),)}, "at least one track with a file"),
        ({"boxes": (Box(top=0, left=0, bottom=1, right=1),) * 2}, "one per speaker"),
        ({"chunk_frames": 80}, r"4n \+ 1"),
        ({"motion_frames": 9, "chunk_frames": 9}, "must be <"),
        ({"size": (100, 100)}, "multiples of 16"),
        ({"steps": 0}, "steps must be from 1 to 1000"),
        ({"steps": 4.5}, "steps must be int"),
        ({"steps": True}, "steps must be int"),
        ({"steps": "40"}, "steps must be int"),
        ({"prompt": 5}, "prompt must be str"),
        ({"text_guidance_scale": math.nan}, "text_guidance_scale must be from"),
        ({"seed": -1}, "seed must be from 0"),
        ({"shift": 0}, "shift must be above 0"),
        ({"max_frames": 0}, "max_frames must be 1 or more"),
        ({"teacache_threshold": 0.0}, "teacache_threshold must be above 0"),
        ({"precision": "int4"}, "precision must be one of fp32, bf16, fp8, int8"),
        ({"resolution": 480}, "resolution must be one of 480, 720"),
        ({"chunks": ((1, ChunkSettings()), (1, ChunkSettings()))}, "each index once"),
        ({"speech": [SpeechTrack(path=Path("a"))]}, "speech must be tuple"),
    ],
)
def test_wrong_values_are_named(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ONE, **changes)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Box, {"top": 5, "left": 0, "bottom": 5, "right": 1}),
        (Box, {"top": 0, "left": 0, "bottom": math.inf, "right": 1}),
        (SpeechTrack, {"path": None, "start": math.nan}),
        (SpeechTrack, {"path": None, "gain_db": "loud"}),
        (Lora, {"path": Path("x"), "scale": math.inf}),
        (ChunkSettings, {"seed": -5}),
        (ChunkSettings, {"prompt": 3}),
        (ChunkSettings, {"audio_guidance_scale": 1e6}),
        (Mends, {"source_end": "explode"}),
        (Mends, {"speech_piece": -1.0}),
        (Mends, {"equal_tracks": 1}),
        (Apg, {"momentum": "x"}),
    ],
)
def test_wrong_parts_are_refused(kind: type, values: dict) -> None:
    with pytest.raises(ValueError, match="must"):
        kind(**values)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 3},
        {"format": "1"},
        {"steps": [4]},
        {"surprise": 1},
        {"speech": 5},
        {"speech": [{"file": "a.wav"}]},
        {"chunks": [[1]]},
        {"mends": {"equal_tracks": "no"}},
        {"size": [1]},
        {"loras": [{"path": None}]},
    ],
)
def test_tampered_json_is_a_value_error(change: dict) -> None:
    with pytest.raises(ValueError, match=r"format|request\.|request has|steps must"):
        GenerationRequest.from_json({**ONE.to_json(), **change})


def test_exact_switches_every_mend_off() -> None:
    default, reference = Mends(), Mends.reference()
    same = [f.name for f in fields(Mends) if getattr(default, f.name) == getattr(reference, f.name)]
    assert same == []
    assert ONE.with_exact().exact
    assert not ONE.exact


@pytest.mark.parametrize(
    ("text", "audio", "branches"),
    [
        (5.0, 4.0, ("cond", "drop_text", "uncond")),
        (5.0, 1.0, ("cond", "drop_text")),
        (1.0, 4.0, ("cond", "drop_audio")),
        (1.0, 1.0, ("cond",)),
        (0.0, 0.0, ("cond", "drop_text", "uncond")),
    ],
)
def test_only_the_passes_that_guidance_needs(text, audio, branches) -> None:
    assert branch_names(text, audio) == branches
    request = replace(ONE, text_guidance_scale=text, audio_guidance_scale=audio)
    assert request.passes == len(branches)


@pytest.mark.parametrize(
    ("size", "resolution", "expected"),
    [
        (None, "480", "480"),
        (None, "720", "720"),
        ((448, 896), "480", "480"),
        ((448, 896), "720", "480"),
        ((704, 1280), "480", "720"),
        ((704, 1280), "720", "720"),
    ],
)
def test_the_class_of_a_size_is_that_of_what_is_rendered(size, resolution, expected) -> None:
    """Whoever made the request: command line, window or another program."""
    assert replace(ONE, size=size, resolution=resolution).size_class == expected


def test_a_size_is_multiples_of_16() -> None:
    assert nearest_size((450, 890)) == (448, 896)
    assert nearest_size((1, 0)) == (16, 16)
    with pytest.raises(ValueError, match="multiples of 16"):
        replace(ONE, size=(450, 896))


def test_chunk_settings_are_set_and_cleared() -> None:
    request = ONE.with_chunk(7, ChunkSettings(seed=1)).with_chunk(3, ChunkSettings(prompt="x"))
    assert [index for index, _ in request.chunks] == [3, 7]
    assert request.chunk_settings(7).seed == 1
    assert request.chunk_settings(8) == ChunkSettings()
    assert request.with_chunk(3, ChunkSettings()).with_chunk(7, ChunkSettings()) == ONE


def test_presets_are_changes_that_fit() -> None:
    for preset in PRESETS.values():
        changed = replace(ONE, **preset.changes)
        assert changed.passes == (2 if preset.fast_lora else 3)
    assert replace(ONE, **PRESETS["full"].changes) == ONE


def test_the_negative_prompt_is_kept_to_the_letter() -> None:
    assert NEGATIVE_PROMPT.startswith("bright tones, overexposed, static, blurred details, subti")
    assert NEGATIVE_PROMPT.endswith("many people in the background, walking backwards")
    assert len(NEGATIVE_PROMPT.split(", ")) == 28


@given(found=cells)
def test_a_painted_area_gives_its_cells_back(found: tuple[tuple[int, int], list[bool]]) -> None:
    (rows, columns), inside = found
    area = Painted.of_cells(rows, columns, inside)
    assert [bool(cell) for cell in area.cells()] == inside
    assert area.share == pytest.approx(sum(inside) / len(inside))
    places = [divmod(place, columns) for place, cell in enumerate(inside) if cell]
    top, left, bottom, right = area.bounds()
    assert (top, bottom - 1) == (min(r for r, _ in places), max(r for r, _ in places))
    if all(sum(inside[r * columns : (r + 1) * columns]) < columns for r in range(rows)):
        assert (left, right - 1) == (min(c for _, c in places), max(c for _, c in places))
    box = area.box_around(rows * 10, columns * 20)
    assert (box.top, box.left, box.bottom, box.right) == (
        top * 10,
        left * 20,
        bottom * 10,
        right * 20,
    )


@pytest.mark.parametrize(
    "values",
    [
        {"rows": 0, "columns": 4, "runs": ()},
        {"rows": MOST_CELLS + 1, "columns": 1, "runs": (0, MOST_CELLS + 1)},
        {"rows": 2, "columns": 2, "runs": (4,)},
        {"rows": 2, "columns": 2, "runs": (1, 4)},
        {"rows": 2, "columns": 2, "runs": (-1, 5)},
        {"rows": 2, "columns": 2, "runs": (1.0, 3)},
    ],
)
def test_what_is_no_painted_area_is_refused(values: dict) -> None:
    with pytest.raises(ValueError, match="must"):
        Painted(**values)


@given(one=areas, two=areas)
def test_painted_areas_are_of_a_newer_format(one: Painted, two: Painted) -> None:
    tracks = (SpeechTrack(path=Path("a.wav")), SpeechTrack(path=Path("b.wav")))
    box = Box(top=0, left=0, bottom=9, right=9)
    boxed = replace(ONE, speech=tracks, boxes=(box, box))
    assert boxed.to_json()["format"] == 1
    assert "painted" not in boxed.to_json()  # as before there were any
    for painted in ((one, two), (None, two)):
        request = replace(boxed, painted=painted)
        data = json.loads(json.dumps(request.to_json()))
        assert data["format"] == 2
        assert GenerationRequest.from_json(data) == request
    with pytest.raises(ValueError, match="painted"):
        replace(boxed, painted=(one,))
    with pytest.raises(ValueError, match="painted"):
        replace(boxed, boxes=(), painted=(None, one))
    assert replace(boxed, boxes=(), painted=(one, two)).painted == (one, two)
