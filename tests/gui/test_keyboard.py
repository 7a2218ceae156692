"""Without a mouse: every control is reached by Tab, the focus is always to be seen, and the three
journeys are done by keys alone.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMenu,
    QPushButton,
    QScrollArea,
    QWidget,
)

from desktop.app import Program
from desktop.state.document import MINIATURE
from desktop.views.box_editor import BoxEditor
from desktop.views.model_page import ModelPage
from desktop.views.speaker_dialog import SpeakerDialog
from tests.gui import synthetic

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
Until = Callable[..., None]
MOST_TABS = 160


def settle(qapp: QApplication, seconds: float = 0.1) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        qapp.processEvents()
        time.sleep(0.005)


def tab_around(qapp: QApplication, top: QWidget) -> list[QWidget]:
    """Everything that Tab reaches in a window, in order, until it comes around."""
    seen: list[QWidget] = []
    for _ in range(MOST_TABS):
        focus = QApplication.focusWidget()
        if focus is None:
            QTest.keyClick(top, Qt.Key.Key_Tab)
            continue
        if focus in seen:
            return seen
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        qapp.processEvents()
    raise AssertionError(f"Tab does not come around: {seen[-6:]}")


def shows_focus(qapp: QApplication, top: QWidget, widget: QWidget) -> bool:
    """Whether the window looks different around the widget while it has the focus."""
    parent = widget.parentWidget()
    while parent is not None and parent is not top:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qapp.processEvents()
    corner = widget.mapTo(top, widget.rect().topLeft())
    area = widget.rect().translated(corner).adjusted(-4, -4, 4, 4).intersected(top.rect())
    focused = top.grab(area).toImage()
    widget.clearFocus()
    qapp.processEvents()
    plain = top.grab(area).toImage()
    return _differs(focused, plain)


def _differs(one: QImage, other: QImage) -> bool:
    points = [(x, y) for x in range(0, one.width(), 1) for y in (0, 3, 4, 5, one.height() // 2)]
    points += [(x, y) for y in range(0, one.height(), 1) for x in (0, 3, 4, 5, one.width() // 2)]
    count = sum(
        one.pixel(x, y) != other.pixel(x, y)
        for x, y in points
        if x < one.width() and y < one.height()
    )
    return count >= 6


def test_tab_reaches_everything_and_the_focus_can_be_seen(
    program: Program, qapp: QApplication
) -> None:
    window = program.window
    synthetic.furnish(program, SAMPLES)
    settle(qapp, 0.3)
    window.activateWindow()
    window.timeline.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    seen = tab_around(qapp, window)
    assert len(seen) > 25
    unseen = [f"{type(w).__name__} {w.objectName() or w.accessibleName()}" for w in seen
              if w.isVisible() and not shows_focus(qapp, window, w)]  # fmt: skip
    assert unseen == []


@pytest.mark.parametrize(
    "name", ["preflight", "redo", "speakers", "models", "export", "settings", "shortcuts", "about"]
)
def test_dialogs_have_no_trap_and_escape_leaves(
    program: Program, qapp: QApplication, name: str
) -> None:
    window, dialogs = program.window, program.controller.dialogs
    synthetic.furnish(program, SAMPLES)
    settle(qapp, 0.2)
    window.activateWindow()
    window.timeline.canvas.setFocus()
    if name == "preflight":
        dialogs.preflight("all")
    else:
        getattr(dialogs, name)()
    settle(qapp, 0.3)
    dialog = dialogs.shown(name)
    assert dialog is not None
    dialog.activateWindow()
    settle(qapp, 0.1)
    seen = tab_around(qapp, dialog)
    assert len(seen) >= 2, name
    unseen = [f"{type(w).__name__} {w.objectName() or w.accessibleName()}" for w in seen
              if w.isVisible() and not shows_focus(qapp, dialog, w)]  # fmt: skip
    assert unseen == []
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Escape)
    settle(qapp, 0.1)
    assert dialogs.shown(name) is None
    assert window.focusWidget() is window.timeline.canvas


def press(widget: QWidget, text: str) -> None:
    """Tabs to the button with that text and presses it by Space."""
    for _ in range(MOST_TABS):
        focus = QApplication.focusWidget()
        if isinstance(focus, QPushButton) and focus.text().replace("&", "") == text:
            QTest.keyClick(focus, Qt.Key.Key_Space)
            return
        QTest.keyClick(focus or widget, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {text!r}")


def render_by_keys(program: Program, until: Until) -> None:
    """The plan by Ctrl+R, its Render button by Tab and Space: a job begins."""
    window, session, dialogs = program.window, program.session, program.controller.dialogs
    window.activateWindow()
    until(lambda: QApplication.activeWindow() is window, 5)
    until(lambda: program.controller._actions["render.start"].isEnabled(), 10)
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    until(lambda: dialogs.shown("preflight") is not None, 10)
    plan = dialogs.shown("preflight")
    assert plan is not None
    plan.activateWindow()
    # The window's bar has a button of the same name.
    until(lambda: QApplication.activeWindow() is plan, 5)
    assert session.job is None
    press(plan, "Render")
    until(lambda: session.job is not None and session.job.phase == "now", 10)
    assert dialogs.shown("preflight") is None


def test_first_start_by_keys(program: Program, qapp: QApplication, until: Until) -> None:
    """J1: the miniature model is tried from the first page, up to the job that renders."""
    engine = program.session.engine
    engine.machine = synthetic.machine()
    engine.weights = {MINIATURE: synthetic.weights()}
    engine.ask = lambda *_, **__: None
    program.controller.dialogs.first_steps()
    settle(qapp, 0.2)
    page = program.controller.dialogs.shown("models")
    assert isinstance(page, ModelPage)
    until(page.try_button.isEnabled, 10)
    page.activateWindow()
    until(lambda: QApplication.activeWindow() is page, 5)
    press(page, "Try the miniature model")
    until(lambda: bool(program.session.data.speakers), 10)
    assert program.session.project.name == "hello-first-video"
    session = program.session
    until(
        lambda: session.job is not None and session.job.phase == "now", 10
    )  # it renders by itself


def test_two_people_by_keys(
    program: Program, qapp: QApplication, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J2 and J3: source and speech by name, boxes by arrows, and on to the job that renders.

    The file dialogs are the system's own.
    """
    picture, voices = SAMPLES / "together.png", [SAMPLES / "speech.wav", SAMPLES / "reply.wav"]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(picture), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(v) for v in voices], ""))
    session, window = program.session, program.window
    session.engine.machine = synthetic.machine()
    session.engine.weights = {"/models/InfiniteTalk": synthetic.weights()}
    session.engine.ask = lambda *_, **__: None
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    until(lambda: session.data.source is not None, 10)
    until(lambda: session.library.source(session.data.source) is not None, 10)
    QTest.keyClick(window.menu_bar, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    for _ in range(MOST_TABS):
        chosen = menu.activeAction()
        if chosen is not None and chosen.objectName() == "file.add_speech":
            break
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    until(lambda: len(session.data.speakers) == 2, 10)
    until(lambda: program.controller.dialogs.shown("speakers") is not None, 10)
    dialog = program.controller.dialogs.shown("speakers")
    assert isinstance(dialog, SpeakerDialog)
    settle(qapp, 0.4)
    dialog.activateWindow()
    editor = dialog.findChild(BoxEditor)
    assert editor is not None
    for _ in range(MOST_TABS):
        if QApplication.focusWidget() is editor:
            break
        QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is editor
    until(lambda: bool(editor.hint), 10)  # the picture was read
    for letter in (Qt.Key.Key_A, Qt.Key.Key_B):
        QTest.keyClick(editor, letter)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        QTest.keyClick(editor, Qt.Key.Key_Right)
        QTest.keyClick(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert all(box is not None for box in editor.boxes), (editor.boxes, editor.active)
    press(dialog, "Use")
    until(lambda: program.controller.dialogs.shown("speakers") is None, 10)
    assert [s.box for s in dialog.speakers] == [s.box for s in session.data.speakers]
    assert all(s.box is not None for s in session.data.speakers), session.data.speakers
    until(lambda: bool(session.timeline.chunks), 10)
    render_by_keys(program, until)
