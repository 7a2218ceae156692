"""The timeline: states that differ without color, levels of detail, speed, mouse, snapping."""

import itertools
import statistics
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.state.document import ProjectData, Speaker
from desktop.state.timeline import WORST_FIRST, TimelineState
from desktop.state.viewport import Viewport
from desktop.theme import Theme
from desktop.widgets.chunk_paint import MARKS, MERGED, merge_runs, paint_chunk
from tests.gui.synthetic import Portraits, Speech, chunk_plans, fill

HOUR = 90_000


def test_grid_is_that_of_the_plan() -> None:
    plans = chunk_plans(4500)
    assert len(plans) == 63
    assert (plans[0].frame_count, plans[1].frame_count, plans[-1].frame_count) == (81, 72, 27)


@pytest.mark.parametrize("theme_name", ["dark", "light"])
@pytest.mark.parametrize("width", [96, 30, 10])
def test_states_differ_in_grayscale(
    qapp: QApplication, tmp_path, theme_name: str, width: int
) -> None:
    theme = Theme(qapp, tmp_path)
    theme.apply(theme_name)  # type: ignore[arg-type] - one of the two
    images = {}
    for status in MARKS:
        image = QImage(width, 24, QImage.Format.Format_RGB32)
        image.fill(theme.color("panel"))
        painter = QPainter(image)
        paint_chunk(painter, QRectF(0, 0, width, 24), status, theme, fraction=0.5, label="14")
        painter.end()
        images[status] = image.convertToFormat(QImage.Format.Format_Grayscale8)
    for a, b in itertools.combinations(images, 2):
        assert _difference(images[a], images[b]) >= min(0.1 * width * 24, 40), (a, b)


def _difference(a: QImage, b: QImage) -> int:
    """Pixels that differ clearly."""
    count = 0
    for y in range(a.height()):
        for x in range(a.width()):
            count += abs(a.pixelColor(x, y).value() - b.pixelColor(x, y).value()) > 24
    return count


def test_runs_merge_and_the_worst_state_wins() -> None:
    statuses = ["ready", "ready", "failed", "ready", "waiting", "waiting", "ready", "stale"]
    cells = [(i * 1.0, 1.0, s, 0.0) for i, s in enumerate(statuses)]
    merged = merge_runs(cells, WORST_FIRST)  # type: ignore[arg-type] - states by construction
    assert all(width >= MERGED for _, width, _, _ in merged[:-1])
    assert merged[0][2] == "failed"
    assert merged[-1][2] == "stale"
    assert sum(width for _, width, _, _ in merged) == pytest.approx(len(statuses))


def test_an_hour_paints_within_a_frame(program: Program, qapp: QApplication) -> None:
    """1,250 chunks, every zoom: median below 16 ms (ux.md 15)."""
    session = program.session
    fill(session.timeline, HOUR)
    assert len(session.timeline.chunks) == 1250
    canvas = program.window.timeline.canvas
    canvas.chunks.pictures, canvas.times.waveforms = Portraits(), Speech()
    for scale in (4.0, 1.18, 0.4, 0.1, 0.04, 0.016):
        session.viewport.set_scale(scale)
        canvas.paint_seconds.clear()
        for step in range(40):
            session.viewport.scroll_to(step * 40 / scale)
            canvas.repaint()
        times = sorted(canvas.paint_seconds)
        assert statistics.median(times) < 0.016, (scale, times)


def test_wheel_with_ctrl_zooms_at_the_pointer() -> None:
    viewport = Viewport()
    viewport.set_width(1000)
    viewport.set_total(HOUR)
    viewport.set_scale(1.0, 0)
    viewport.scroll_to(2000)
    before = viewport.frame(300)
    viewport.zoom(1.7, 300)
    assert viewport.frame(300) == pytest.approx(before)
    viewport.fit()
    assert viewport.first == 0
    assert viewport.last >= HOUR


def test_snapping_takes_the_nearest_target() -> None:
    timeline = TimelineState()
    fill(timeline)
    timeline.speech_starts = (500,)
    assert timeline.snapped(78, 5) == 81
    assert timeline.snapped(120, 5) == 120
    assert timeline.snapped(503, 5) == 500
    assert timeline.snapped(1027, 5) in (1017, 1030)
    timeline.set_snap(False)
    assert timeline.snapped(78, 5) == 78


def test_selection_extends_and_toggles() -> None:
    timeline = TimelineState()
    fill(timeline)
    timeline.select(3)
    timeline.select(6, "extend")
    assert timeline.selected == {3, 4, 5, 6}
    timeline.select(5, "toggle")
    assert timeline.selected == {3, 4, 6}
    assert timeline.chunk_at(80) == 0
    assert timeline.chunk_at(81) == 1
    assert timeline.chunk_at(4499) == 62
    assert timeline.chunk_at(4500) is None


def test_screen_readers_hear_state_time_and_takes(program: Program) -> None:
    session = program.session
    fill(session.timeline)
    model = session.chunk_model
    assert model.rowCount() == 63
    text = model.data(model.index(20), Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Chunk 21, stale: follows chunk 20, take 1 of 1, 0:57.96 to 1:00.84"
    assert "step 3 of 4" in model.data(model.index(19))


def test_dragging_a_waveform_asks_for_a_shift(program: Program, qtbot) -> None:
    session = program.session
    fill(session.timeline)
    session.project.data = ProjectData(speakers=(Speaker(name="Anna", path=Path("anna.wav")),))
    session.timeline.set_snap(False)
    canvas = program.window.timeline.canvas
    session.viewport.set_scale(1.0, 0)
    row = next(r for r in canvas.rows() if r.kind == "speech")
    start = QPoint(300, row.top + row.height // 2)
    with qtbot.waitSignal(canvas.speech_shifted) as caught:
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(canvas, start + QPoint(50, 0))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(50, 0))
    assert caught.args == [0, pytest.approx(2.0)]


def test_clicking_the_ruler_moves_the_playhead(program: Program, qtbot) -> None:
    session = program.session
    fill(session.timeline)
    session.timeline.set_snap(False)
    canvas = program.window.timeline.canvas
    session.viewport.set_scale(1.0, 0)
    session.viewport.scroll_to(0)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 10))
    assert session.timeline.playhead == 400


def test_only_what_changed_is_announced(program: Program, qtbot) -> None:
    timeline = program.session.timeline
    fill(timeline)
    with qtbot.waitSignal(timeline.chunks_changed) as caught:
        timeline.change_chunk(19, step=4)
    assert caught.args == [19, 19]
    with qtbot.assertNotEmitted(timeline.chunks_reset):
        timeline.set_chunks(list(timeline.chunks))
