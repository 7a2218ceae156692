"""Every control of the reference's web page has its place in the window (desktop/README.md)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QPlainTextEdit, QSpinBox, QWidget

from desktop.app import Program
from desktop.views.inspector.project import ProjectInspector
from desktop.views.speaker_dialog import SpeakerDialog
from desktop.widgets.fields import SeedEdit
from infinitetalk.request import NEGATIVE_PROMPT, GenerationRequest

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
Until = Callable[..., None]


def control(program: Program, kind: type[QWidget], name: str) -> QWidget:
    inspector = program.window.findChild(ProjectInspector)
    assert inspector is not None
    return next(w for w in inspector.findChildren(kind) if w.accessibleName() == name)


def request(program: Program) -> GenerationRequest:
    found = program.session.planner.request
    assert found is not None
    return found


@pytest.fixture
def example(program: Program, until: Until) -> Program:
    """The page's second example: two people who answer each other."""
    program.window.actions_["file.example_two"].trigger()
    until(lambda: bool(program.session.timeline.chunks), 30)
    return program


def test_both_examples_are_whole_projects(program: Program, until: Until) -> None:
    program.window.actions_["file.example_one"].trigger()
    until(lambda: bool(program.session.timeline.chunks), 30)
    assert request(program).source == SAMPLES / "mira.png"
    assert len(request(program).speech) == 1
    first = program.session.timeline.total_frames
    program.window.actions_["file.example_two"].trigger()
    until(lambda: program.session.timeline.total_frames > first, 30)
    assert request(program).arrangement == "in_turn"
    assert len(request(program).speech) == 2
    assert request(program).source == SAMPLES / "together.png"


def test_texts(example: Program) -> None:
    for name in ("Prompt", "Negative prompt"):
        editor = control(example, QPlainTextEdit, name)
        assert isinstance(editor, QPlainTextEdit)
        if name == "Negative prompt":
            assert editor.toPlainText() == NEGATIVE_PROMPT  # the page's default list
        editor.setPlainText(f"{name}, other words")
    assert request(example).prompt == "Prompt, other words"
    assert request(example).negative_prompt == "Negative prompt, other words"


def test_numbers(example: Program) -> None:
    """Ranges are those of the page, or wider."""
    for name, field, low, high in (
        ("Steps", "steps", 1, 1000),
        ("Text guidance", "text_guidance_scale", 0, 20),
        ("Audio guidance", "audio_guidance_scale", 0, 20),
    ):
        box = control(example, QAbstractSpinBox, name)
        for value in (low, high):
            box.setValue(value)  # type: ignore[attr-defined] - of both kinds of number fields
            assert getattr(request(example), field) == value
    assert isinstance(control(example, QAbstractSpinBox, "Steps"), QSpinBox)


def test_seed_and_a_new_one_for_minus_one(example: Program) -> None:
    seed = control(example, SeedEdit, "Seed")
    assert isinstance(seed, SeedEdit)

    def typed(text: str) -> int:
        seed.selectAll()
        QTest.keyClicks(seed, text)
        QTest.keyClick(seed, Qt.Key.Key_Return)
        return request(example).seed

    assert typed("2147483647") == 2**31 - 1
    drawn = {typed("-1") for _ in range(4)}
    assert len(drawn) > 1
    assert all(0 <= value < 1_000_000 for value in drawn)
    assert seed.text() == str(request(example).seed)  # it can be made again
    before = request(example).seed
    seed.draw()
    seed.draw()
    assert request(example).seed != before or seed.text() == str(before)


def test_resolution(example: Program) -> None:
    box = control(example, QComboBox, "Resolution")
    assert isinstance(box, QComboBox)
    assert [box.itemText(i) for i in range(box.count())] == ["480", "720"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert request(example).resolution == "720"


def test_audio_modes(example: Program) -> None:
    """Single: one track. Multi: two, one after the other ("add") or together ("parallel")."""
    session = example.session
    dialog = SpeakerDialog(session, example.pictures, example.theme, example.window)
    dialog._together.setChecked(True)
    dialog._use()
    assert request(example).arrangement == "together"
    dialog = SpeakerDialog(session, example.pictures, example.theme, example.window)
    dialog.remove(1)
    dialog._use()
    assert len(request(example).speech) == 1


def test_task_follows_the_kind_of_source(example: Program, tmp_path: Path, until: Until) -> None:
    """A picture is animated, a video dubbed: there is nothing to choose."""
    import numpy as np

    from infinitetalk.media.export import export_video

    video = tmp_path / "old.mp4"
    frames = np.zeros((30, 64, 64, 3), np.uint8)
    export_video([frames], video, size=(64, 64), frame_count=30, fps=25, sound=())
    example.window.drop_paths([video])
    until(lambda: request(example).source == video, 30)
    facts = None

    def known() -> bool:
        nonlocal facts
        facts = example.session.library.source(video)
        return facts is not None

    until(known, 30)
    assert facts is not None
    assert facts.kind == "video"
