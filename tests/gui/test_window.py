"""The window as a user finds it: names, commands, keys, drops, small sizes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSlider,
    QWidget,
)

from desktop.actions import commands
from desktop.app import Program
from desktop.state.document import ProjectData, Speaker
from desktop.state.dropping import plan_drop
from desktop.timeline_commands import parse_place
from tests.gui.synthetic import fill

ROOT = Path(__file__).resolve().parents[2]

NAMES = [
    "mainWindow",
    "menuBar",
    "messageBar",
    "sourceCard",
    "speakerList",
    "previewView",
    "transportBar",
    "inspectorTabs",
    "chunkInspector",
    "timelineView",
    "overviewStrip",
    "queueView",
    "statusBar",
    "renderButton",
]


def test_widgets_carry_their_names(program: Program) -> None:
    window = program.window
    found = {w.objectName() for w in window.findChildren(QWidget)} | {window.objectName()}
    assert set(NAMES) <= found


def test_starts_without_torch_and_numpy_before_the_first_paint(tmp_path: Path) -> None:
    code = """
import sys, time
began = time.process_time()
from desktop.app import build, make_application
app = make_application()
program = build(app, look_around=False)
program.window.show()
shown = time.process_time() - began
early = [m for m in ("torch", "transformers", "numpy", "cv2") if m in sys.modules]
for _ in range(5):
    app.processEvents()
late = [m for m in ("torch", "transformers") if m in sys.modules]
program.close()
print(f"{shown:.2f} {early} {late}")
"""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "INFINITETALK_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    seconds, rest = done.stdout.strip().split(" ", 1)
    assert rest == "[] []"
    assert float(seconds) < 2  # of CPU time: others use this machine too


def test_every_command_is_in_a_menu(program: Program) -> None:
    menus = [a.menu() for a in program.window.menu_bar.actions()]
    shown = {a.objectName() for m in menus if isinstance(m, QMenu) for a in m.actions()}
    wanted = {c.name for c in commands() if c.name} - {"file.recent"}
    assert wanted <= shown


def test_keys_are_not_given_twice() -> None:
    taken: dict[str, str] = {}
    for command in commands():
        for key in command.keys:
            assert key not in taken, (key, command.name, taken.get(key))
            taken[key] = command.name


def test_controls_have_accessible_names(program: Program) -> None:
    fill(program.session.timeline)
    kinds = (
        QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QSlider
    )  # fmt: skip
    nameless = []
    for widget in program.window.findChildren(QWidget):
        if not isinstance(widget, kinds) or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        inside = isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if not (widget.accessibleName() or text or inside):
            nameless.append(f"{type(widget).__name__} {widget.objectName()}")
    assert nameless == []


def test_a_text_file_is_refused_before_release(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDragEnterEvent(
        QPoint(400, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(program.window, event)
    assert not event.isAccepted()
    assert "notes.txt" in program.window.left.drop.text()
    assert ".txt" in program.window.left.drop.text()


@pytest.mark.parametrize(
    ("names", "act"),
    [
        (["a.png"], "source"),
        (["a.mp4"], "ask"),
        (["a.wav"], "speech"),
        (["a.wav", "b.wav"], "speech"),
        (["a.png", "b.wav"], "source_and_speech"),
        (["a.italk"], "open"),
        (["a.json"], "request"),
        (["a.png", "b.png"], "refuse"),
        (["a.wav", "b.wav", "c.wav"], "refuse"),
        (["a.italk", "a.png"], "source"),
        (["a.zip"], "refuse"),
        ([], "refuse"),
    ],
)
def test_what_a_drop_would_do(tmp_path: Path, names: list[str], act: str) -> None:
    plan = plan_drop([tmp_path / name for name in names], ProjectData())
    assert plan.act == act
    assert plan.text


def test_a_third_speaker_is_refused(tmp_path: Path) -> None:
    two = tuple(Speaker(name=n, path=tmp_path / f"{n}.wav") for n in "ab")
    plan = plan_drop([tmp_path / "c.wav"], ProjectData(speakers=two))
    assert not plan.accepted
    assert "Two speakers" in plan.text


def test_nothing_is_cut_off_in_the_smallest_window(program: Program, qapp: QApplication) -> None:
    fill(program.session.timeline)
    program.window.resize(1024, 680)
    qapp.processEvents()
    assert program.window.size().width() == 1024
    assert program.window.left.compact
    area = program.window.rect()
    for name in NAMES[1:]:
        widget = program.window.findChild(QWidget, name)
        if widget is not None and widget.isVisible():
            place = widget.rect().translated(widget.mapTo(program.window, QPoint(0, 0)))
            assert area.contains(place.topLeft()), name
            assert area.right() >= place.right() - 1, name


def test_theme_switches_without_restart(program: Program, qapp: QApplication) -> None:
    before = program.theme.color("panel").name()
    program.settings.update(theme="light")
    qapp.processEvents()
    assert program.theme.color("panel").name() != before
    assert not program.theme.dark


def test_keys_without_ctrl_belong_to_text_fields(program: Program, qtbot) -> None:
    fill(program.session.timeline)
    session = program.session
    session.timeline.set_playhead(100)
    edit = program.window.chunk_inspector.findChild(QPlainTextEdit)
    edit.setFocus()
    qtbot.keyClicks(edit, "kjl")
    assert not session.playback.playing
    assert "kjl" in edit.toPlainText()


@pytest.mark.parametrize(
    ("text", "frame"),
    [("1:02.5", 1562), ("0:10", 250), ("1179", 1179), ("c2", 81), ("c99", None), ("soon", None)],
)
def test_go_to_understands_times_frames_and_chunks(text: str, frame: int | None) -> None:
    assert parse_place(text, [0, 81, 153]) == frame


def test_f6_goes_around(program: Program, qapp: QApplication) -> None:
    window = program.window
    fill(program.session.timeline)
    window.activateWindow()
    seen = set()
    for _ in range(8):
        window.next_part(1)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.add(next((n for n in _parts(window) if _inside(_parts(window)[n], focus)), ""))
    assert {"left", "preview", "inspector", "timeline"} <= seen


def _parts(window) -> dict[str, QWidget]:
    return {
        "left": window.left,
        "preview": window.preview,
        "inspector": window.inspector,
        "timeline": window.timeline,
    }


def _inside(part: QWidget, widget: QWidget) -> bool:
    return part is widget or part.isAncestorOf(widget)


def test_shortcut_conflicts_are_named(program: Program) -> None:
    from desktop.views.shortcuts import ShortcutsDialog

    dialog = ShortcutsDialog(program.controller._actions, program.settings, program.theme, None)  # type: ignore[arg-type] - no parent
    tree = dialog.editor.tree
    for g in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(g)
        for i in range(group.childCount()):
            if group.child(i).text(0) == "Save":
                tree.setCurrentItem(group.child(i))
    from PySide6.QtGui import QKeySequence

    dialog.editor._changed(QKeySequence("Ctrl+R"))
    assert "Render" in dialog.editor.conflict.text()
    assert program.settings.value.keys == {}
    dialog.editor._changed(QKeySequence("Ctrl+Alt+S"))
    assert program.settings.value.keys == {"file.save": ("Ctrl+Alt+S",)}
    assert program.controller._actions["file.save"].shortcut().toString() == "Ctrl+Alt+S"
    dialog.deleteLater()
