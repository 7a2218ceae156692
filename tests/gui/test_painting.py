"""Odd shapes of speakers: by mouse and by keys, back and forth, into the request and the file."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from desktop import commands
from desktop.app import Program
from desktop.state.document import ProjectData, Speaker
from desktop.state.saving import content_of, data_of
from desktop.state.speaker_areas import seen_tokens
from desktop.views.area_editor import AreaEditor
from desktop.views.brush import GRID, PaintedGrid
from desktop.views.speaker_dialog import SpeakerDialog
from infinitetalk.request import Box, Painted
from tests.gui.test_engine import PROCESS, finished, open_clip, running, statuses

__all__ = ["running"]
Until = Callable[..., None]
SOURCE = QSize(1000, 500)


def cells(area: Painted | None) -> np.ndarray:
    assert area is not None
    return np.frombuffer(area.cells(), bool).reshape(area.rows, area.columns)


@pytest.fixture
def editor(program: Program) -> AreaEditor:
    made = AreaEditor(program.theme)
    made.resize(828, 428)  # 14 around: the picture is shown at 800 x 400
    made.show_picture(QImage(SOURCE, QImage.Format.Format_RGB32), SOURCE)
    made.set_areas([None, None], [None, None], ["Anna", "Ben"])
    made.show()
    return made


def drag(editor: AreaEditor, *places: tuple[int, int]) -> None:
    """Over places of the source."""
    points = [QPoint(14 + round(x * 0.8), 14 + round(y * 0.8)) for x, y in places]
    QTest.mousePress(editor, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        move(editor, point)
    QTest.mouseRelease(editor, Qt.MouseButton.LeftButton, pos=points[-1])


def move(editor: AreaEditor, point: QPoint) -> None:
    """`QTest.mouseMove` tells no buttons offscreen."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(point)
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, editor.mapToGlobal(place), Qt.MouseButton.NoButton, left, none
    )
    editor.mouseMoveEvent(event)


def test_brush_and_eraser(editor: AreaEditor) -> None:
    editor.use_tool("brush")
    editor.set_brush(0.1)
    drag(editor, (200, 250), (400, 250), (400, 400))
    painted = cells(editor.painted[0])
    assert painted.shape == (GRID // 2, GRID)
    row, column = round(250 * 0.256), round(300 * 0.256)
    assert painted[row, column]
    assert painted[row - 11, column]
    assert not painted[row - 15, column]  # 50 pixels of the source are 12.8 cells
    assert not painted[round(350 * 0.256), round(250 * 0.256)]  # an odd shape: the corner is free
    box = editor.boxes[0]
    assert box is not None
    assert abs(box.left() - 150) < 5
    assert abs(box.bottom() - 450) < 5
    assert editor.share(0) == pytest.approx(painted.mean())
    editor.use_tool("eraser")
    drag(editor, (250, 250), (260, 250))
    assert not cells(editor.painted[0])[row, round(255 * 0.256)]
    assert editor.painted[1] is None


def test_strokes_are_undone_and_done_again(editor: AreaEditor) -> None:
    seen: list[tuple[Painted | None, ...]] = []
    editor.changed.connect(lambda: seen.append(tuple(editor.painted)))
    editor.use_tool("brush")
    drag(editor, (200, 250), (300, 250))
    first = editor.painted[0]
    drag(editor, (300, 250), (300, 400))
    second = editor.painted[0]
    assert first != second
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.painted[0] == first
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.painted[0] is None
    assert editor.boxes[0] is None
    assert not editor.can_undo
    editor.redo()
    editor.redo()
    assert editor.painted[0] == second
    assert seen[-1][0] == second


def test_a_box_goes_on_as_painted_and_a_box_takes_its_place(editor: AreaEditor) -> None:
    editor.put_boxes([QRectF(100, 100, 200, 300), None])
    editor.use_tool("eraser")
    editor.set_brush(0.1)
    drag(editor, (200, 100), (200, 250))
    painted = cells(editor.painted[0])
    assert painted[round(350 * 0.256), round(200 * 0.256)]
    assert not painted[round(150 * 0.256), round(200 * 0.256)]
    assert painted.mean() == pytest.approx(0.12 - 0.0379, abs=0.003)  # a capsule is gone
    editor.use_tool("box")
    drag(editor, (700, 100), (900, 400))  # a new one, beside it
    assert editor.painted[0] is None
    box = editor.boxes[0]
    assert box is not None
    assert abs(box.left() - 700) < 3
    editor.undo()
    assert editor.painted[0] is not None
    drag(editor, (200, 350), (200, 350))  # a click inside moves nothing: what is painted stays
    assert editor.painted[0] is not None


def test_by_keys_alone(editor: AreaEditor) -> None:
    editor.use_tool("brush")
    editor.set_brush(0.08)
    QTest.keyClick(editor, Qt.Key.Key_B)
    assert editor.active == 1
    QTest.keyClick(editor, Qt.Key.Key_Space)
    assert "brush is down" in editor.accessibleDescription()
    for _ in range(10):
        QTest.keyClick(editor, Qt.Key.Key_Right)  # a quarter of 80 pixels each
    QTest.keyClick(editor, Qt.Key.Key_Space)
    assert "brush is up" in editor.accessibleDescription()
    assert "B is painted" in editor.accessibleDescription()
    box = editor.boxes[1]
    assert box is not None
    assert abs(box.left() - 460) < 5
    assert abs(box.right() - 740) < 5
    QTest.keyClick(editor, Qt.Key.Key_Right)  # up: it moves only
    assert editor.boxes[1] == box
    QTest.keyClick(editor, Qt.Key.Key_Plus)
    assert editor.brush == pytest.approx(0.1)
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    assert editor.painted[1] is None
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.painted[1] is not None


def test_a_painted_grid_comes_back(program: Program) -> None:
    rng = np.random.default_rng(4)
    wanted = rng.random((37, 53)) > 0.6
    area = Painted.of_cells(37, 53, wanted.ravel().tolist())
    assert PaintedGrid(SOURCE, area).area() == area
    assert PaintedGrid(SOURCE).area() is None


def test_what_is_painted_reaches_the_request_the_file_and_undo(
    program: Program, until: Until
) -> None:
    session = program.session
    samples = Path(__file__).resolve().parents[2] / "resources" / "samples"
    data = ProjectData(
        source=samples / "together.png",
        speakers=(
            Speaker(name="Anna", path=samples / "speech.wav"),
            Speaker(name="Ben", path=samples / "reply.wav"),
        ),
    )
    program.opener.new(data, "two")
    until(lambda: bool(session.timeline.chunks), 30)
    dialog = SpeakerDialog(session, program.pictures, program.theme, program.window)
    dialog.show()
    until(lambda: dialog.editor.source_size == QSize(1024, 512), 30)
    dialog._modes.button(2).click()
    assert dialog.editor.tool == "brush"
    dialog._size.setValue(40)
    assert dialog.editor.brush == pytest.approx(0.2)
    editor = dialog.editor
    for letter, x in (("A", 256), ("B", 768)):
        editor.set_active("AB".index(letter))
        editor._at = QPointF(x, 256)
        QTest.keyClick(editor, Qt.Key.Key_Space)
        if letter == "A":
            QTest.keyClick(editor, Qt.Key.Key_Space)
            assert "counts once the other" in dialog._judge(0)[0]
        QTest.keyClick(editor, Qt.Key.Key_Down)
        QTest.keyClick(editor, Qt.Key.Key_Space)
        if editor._down:
            QTest.keyClick(editor, Qt.Key.Key_Space)
    assert "painted" in dialog._judge(0)[0]
    assert dialog._judge(0)[1] == "good"
    dialog._use()
    request = session.planner.request
    assert request is not None
    assert all(area is not None for area in request.painted)
    assert len(request.boxes) == 2
    left, right = (cells(area) for area in request.painted)
    assert left[:, :128].any()
    assert not left[:, 128:].any()
    assert right[:, 128:].any()

    # In the project's file, and back.
    text = json.dumps(content_of(session.data), default=str)
    assert data_of(json.loads(text)).speakers == session.data.speakers
    # One step of undo; another source has other places.
    session.project.undo.undo()
    assert session.data.speakers == data.speakers
    session.project.undo.redo()
    session.set_source(samples / "mira.png")
    assert [(s.box, s.painted) for s in session.data.speakers] == [(None, None)] * 2

    dialog = SpeakerDialog(session, program.pictures, program.theme, program.window)
    dialog.reject()


@pytest.mark.parametrize("running", [PROCESS], indirect=True)
def test_the_engine_renders_what_was_painted(
    running: Program, tmp_path: Path, short_speech: Path, until: Until
) -> None:
    from tests.tiny_model import build_tiny_model

    session = running.session
    open_clip(running, build_tiny_model(tmp_path / "two", speakers=2), short_speech, until)
    session.add_speech([short_speech])
    count = len(session.timeline.chunks)
    dialog = SpeakerDialog(session, running.pictures, running.theme, running.window)
    until(lambda: dialog.editor.source_size.width() > 1, 30)
    dialog._modes.button(2).click()
    for number, x in ((0, 120.0), (1, 380.0)):
        dialog.editor.set_active(number)
        dialog.editor._at = QPointF(x, 250)
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
            QTest.keyClick(dialog.editor, key)
    dialog._use()
    assert session.render()
    until(lambda: finished(running), 120)
    until(lambda: statuses(running) == ["ready"] * count)
    stored = json.loads((session.job_folder / "request.json").read_bytes())["request"]
    assert [len(area["runs"]) > 4 for area in stored["painted"]] == [True, True]

    # Painted anew: stale; undone: ready again, at no cost.
    speakers = list(session.data.speakers)
    speakers[0] = replace(speakers[0], painted=Painted.of_cells(1, 2, (1, 0)))
    change = commands.assign_speakers(session.data, tuple(speakers), "together")
    session.project.edit(change)
    until(lambda: statuses(running) == ["stale"] * count)
    session.project.undo.undo()
    until(lambda: statuses(running) == ["ready"] * count)


def test_swapping_exchanges_areas_not_speech(editor: AreaEditor) -> None:
    area = Painted.of_cells(2, 4, (1, 0, 0, 0, 1, 1, 0, 0))
    box = QRectF(600, 100, 300, 300)
    editor.set_areas([None, box], [area, None], ["Anna", "Ben"])
    assert editor.boxes[0] == QRectF(0, 0, 500, 500)
    editor.swap()
    assert editor.painted == [None, area]
    assert editor.boxes == [box, QRectF(0, 0, 500, 500)]
    assert editor.names == ["Anna", "Ben"]


def test_what_the_model_can_not_see_is_red(program: Program, until: Until) -> None:
    session = program.session
    program.window.actions_["file.example_two"].trigger()
    until(lambda: session.rendered_size() is not None and bool(session.timeline.chunks), 30)
    dialog = SpeakerDialog(session, program.pictures, program.theme, program.window)
    until(lambda: dialog.editor.source_size == QSize(1024, 512), 30)
    half = QRectF(0, 0, 512, 512)
    for box, role in (
        (QRectF(600, 100, 300, 300), "good"),
        (QRectF(600, 100, 60, 60), "warn"),  # under 1 % of the picture
        (QRectF(605, 105, 3, 3), "bad"),  # between all tokens
    ):
        dialog.editor.put_boxes([half, box])
        assert dialog._judge(1)[1] == role, box
    dialog.remove(1)
    assert dialog._judge(0) == ("a single speaker: the whole picture counts", "small")
    dialog.reject()


@pytest.mark.parametrize("target", [(448, 896), (64, 64), (640, 640)])
def test_tokens_are_counted_as_the_engine_does(target: tuple[int, int]) -> None:
    from infinitetalk.pipeline.masks import speaker_masks

    rng = np.random.default_rng(1)
    source = (300, 500)
    for _ in range(20):
        top, left = (int(v) for v in rng.integers(0, 250, 2))
        high, wide = (int(v) for v in rng.integers(1, 200, 2))
        box = Box(top=top, left=left, bottom=top + high, right=left + wide)
        cells = rng.random((25, 40)) > 0.7
        area = Painted.of_cells(25, 40, cells.ravel().tolist())
        for painted in (None, area):
            planes = speaker_masks(
                source, target, 2, (box, box), painted=(painted, None), guard=False
            )
            assert seen_tokens(box, painted, source, target) == planes[0, ::2, ::2].sum()


def test_an_older_project_has_no_paint() -> None:
    data = ProjectData(
        speakers=(Speaker(name="A", path=None, box=Box(top=0, left=0, bottom=9, right=9)),)
    )
    content = content_of(data)
    del content["speakers"][0]["painted"]
    assert data_of(content) == data
