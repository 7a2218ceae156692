"""Every message and event survives the wire; everything else is refused with an answer."""

import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infinitetalk import wire
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.event import EVENT_CLASSES, HOST_EVENT_CLASSES, ChunkReady, StepDone
from infinitetalk.media.export_choice import Background, Codec, ExportChoice, Kind, Missing
from infinitetalk.request import ChunkSettings, GenerationRequest, SpeechTrack
from infinitetalk.wire.messages import Message

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
reports = st.builds(
    ErrorReport,
    code=names,
    title=names,
    detail=names,
    remedy=names,
    safe=names,
    facts=st.dictionaries(names, plain, max_size=3),
)
requests = st.builds(
    GenerationRequest,
    source=names.map(Path),
    speech=st.tuples(st.builds(SpeechTrack, path=names.map(Path))),
    prompt=names,
    seed=st.integers(0, 2**31),
    chunks=st.just(((3, ChunkSettings(prompt="x")),)),
)
st.register_type_strategy(Path, names.map(Path))
st.register_type_strategy(ErrorReport, reports)
st.register_type_strategy(GenerationRequest, requests)
st.register_type_strategy(
    ChunkSettings,
    st.builds(
        ChunkSettings,
        prompt=st.none() | names,
        seed=st.none() | st.integers(0, 2**31),
        text_guidance_scale=st.none() | st.floats(0, 100),
        source_time=st.none() | st.floats(0, 1000),
    ),
)
st.register_type_strategy(
    ExportChoice,
    st.builds(
        ExportChoice,
        kind=st.sampled_from(get_args(Kind)),
        frames=st.none() | st.tuples(st.integers(0, 999), st.integers(1000, 9999)),
        missing=st.sampled_from(get_args(Missing)),
        codec=st.sampled_from(get_args(Codec)),
        crf=st.integers(0, 51),
        background=st.none()
        | st.builds(Background, path=names.map(Path), gain_db=st.floats(-90, 30)),
    ),
)
st.register_type_strategy(dict, st.dictionaries(names, plain, max_size=3))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("kind", [*EVENT_CLASSES, *HOST_EVENT_CLASSES], ids=lambda k: k.__name__)
def test_events_survive(kind: type) -> None:
    @given(
        event=st.builds(kind, **{f.name: st.from_type(_hint(kind, f.name)) for f in fields(kind)})
    )
    @settings(max_examples=20, deadline=None)
    def survives(event: Any) -> None:
        line = wire.encode_event(event)
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        assert wire.decode_reply(line) == event

    survives()


@pytest.mark.parametrize("kind", get_args(Message), ids=lambda k: k.NAME)
def test_messages_survive(kind: type) -> None:
    @given(
        message=st.builds(kind, **{f.name: st.from_type(_hint(kind, f.name)) for f in fields(kind)})
    )
    @settings(max_examples=15, deadline=None)
    def survives(message: Any) -> None:
        found = wire.decode_message(wire.encode_message(7, message))
        assert found == wire.Asked(id=7, message=message)

    survives()


def _hint(kind: type, name: str) -> Any:
    from typing import get_type_hints

    return get_type_hints(kind)[name]


@given(report=reports)
def test_answers_survive(report: ErrorReport) -> None:
    for answer in (
        wire.Answer(id=1, data={"chunks": [1, 2]}),
        wire.Answer(id=2, error=report),
        wire.Answer(id=None, error=report),
    ):
        assert wire.decode_reply(wire.encode_answer(answer)) == answer


@pytest.mark.parametrize(
    ("line", "code", "number"),
    [
        (b"nonsense", "wire.unreadable", None),
        (b"[]", "wire.unreadable", None),
        (b"[" * 100_000, "wire.unreadable", None),
        (b'{"v": 99, "id": 1, "message": "hello"}', "wire.version", None),
        (b'{"v": 1, "id": 4, "message": "dance"}', "wire.unknown", 4),
        (b'{"v": 1, "id": 4}', "wire.unknown", 4),
        (b'{"v": 1, "message": "pause"}', "wire.wrong_field", None),
        (b'{"v": 1, "id": 5, "message": "keep"}', "wire.wrong_field", 5),
        (
            b'{"v": 1, "id": 6, "message": "keep", "data": {"job_folder": 3, "chunks": []}}',
            "wire.wrong_field",
            6,
        ),
    ],
)
def test_what_is_no_message_gets_an_answer(line: bytes, code: str, number: int | None) -> None:
    answer = wire.decode_message(line)
    assert isinstance(answer, wire.Answer)
    assert answer.error is not None
    assert (answer.error.code, answer.id) == (code, number)
    assert wire.decode_reply(wire.encode_answer(answer)) == answer


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(line: bytes) -> None:
    assert isinstance(wire.decode_message(line), wire.Answer)


def test_a_wrong_field_is_named() -> None:
    line = wire.encode_message(1, wire.Keep(job_folder=Path("j"), chunks=(1,)))
    data = json.loads(line)
    data["data"]["chunks"] = ["one"]
    answer = wire.decode_message(json.dumps(data).encode())
    assert isinstance(answer, wire.Answer)
    assert answer.error is not None
    assert "Keep.chunks must be int" in answer.error.detail


def test_fields_of_a_newer_program_are_passed_over() -> None:
    data = wire.event_to_json(
        StepDone(job_id="j", chunk=1, step=0, steps=4, seconds=1.0, preview=Path("p.png"))
    )
    assert wire.event_from_json({**data, "mood": "good"}).job_id == "j"
    with pytest.raises(ValueError, match=r"StepDone\.steps is missing"):
        wire.event_from_json({k: v for k, v in data.items() if k != "steps"})


def test_numbers_that_are_none_become_null() -> None:
    event = ChunkReady(
        job_id="j",
        chunk=0,
        take="t",
        first_frame=0,
        frame_count=1,
        path=Path("x"),
        seconds=1.0,
        peak_vram=0,
        color_drift=math.nan,
    )
    line = wire.encode_event(event)
    assert b"NaN" not in line
    found = wire.decode_reply(line)
    assert isinstance(found, ChunkReady)
    assert math.isnan(found.color_drift)


def test_a_reply_that_is_none_is_refused() -> None:
    for line in (b'{"v": 1}', b'{"v": 1, "event": "Nothing"}', b"x"):
        with pytest.raises(EngineError):
            wire.decode_reply(line)


def test_no_torch_no_numpy_and_no_qt_behind_the_wire() -> None:
    import subprocess
    import sys

    code = (
        "import sys, infinitetalk.wire, infinitetalk.project, infinitetalk.plan;"
        "print([m for m in ('torch', 'numpy', 'PySide6', 'cv2') if m in sys.modules])"
    )
    root = Path(__file__).parents[3]
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
