"""The window: docks around the preview, one command table, one primary button."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QSizePolicy,
    QTabWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import MENUS, Actions, commands, menu_titles
from desktop.loading.machine_use import MachineUse
from desktop.loading.pictures import ProjectPictures
from desktop.state.dropping import DropPlan, plan_drop
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.inspector.chunk import ChunkInspector
from desktop.views.inspector.project import ProjectInspector
from desktop.views.inspector.queue import QueueView
from desktop.views.left_dock import LeftDock
from desktop.views.message_bar import MessageBar
from desktop.views.preview import PreviewPane
from desktop.views.status_bar import StatusBar
from desktop.views.timeline import TimelineView
from desktop.views.timeline.pictures import SpeakerWaveforms
from desktop.widgets.buttons import button, primary
from desktop.widgets.drop_area import dropped_paths
from desktop.widgets.labels import label, line

LEAST = QSize(1024, 680)
_USUAL = QSize(1600, 1000)
_FRAME = QSize(16, 48)  # about what a window manager puts around a window
_LAYOUT_VERSION = 3
_NARROW = 1180
_REASON_MS = 4000


class MainWindow(QMainWindow):
    """Lays out the parts and passes requests on. What commands do is `controller`'s."""

    closing = Signal(object)  # QCloseEvent
    files_dropped = Signal(object)  # DropPlan

    def __init__(
        self,
        session: Session,
        pictures: ProjectPictures,
        actions: Actions,
        theme: Theme,
        use: MachineUse,
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setMinimumSize(LEAST)
        self.resize(_USUAL)
        self.session, self.actions_, self.theme = session, actions, theme
        self.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AllowNestedDocks
        )
        self.setAcceptDrops(True)
        self.setWindowIcon(theme.icons.icon("app"))
        self.message_bar = MessageBar(session.messages, theme)
        self._build_menus()
        self.preview = PreviewPane(session, pictures, actions, theme)
        self.left = LeftDock(session, theme, pictures.whole_source)
        self.chunk_inspector = ChunkInspector(session, pictures, actions, theme)
        self.project_inspector = ProjectInspector(session, theme)
        self.queue_view = QueueView(session, session.settings, theme)
        self.timeline = TimelineView(session.timeline, session.viewport, session.chunk_model, theme)
        self.status = StatusBar(session, use, theme)
        self.setStatusBar(self.status)
        center = QWidget()
        box = QVBoxLayout(center)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.preview, 1)
        self.setCentralWidget(center)
        self._docks = self._build_docks()
        self.timeline.canvas.chunks.pictures = pictures
        self.timeline.canvas.times.waveforms = SpeakerWaveforms(session)
        session.waveforms.changed.connect(self.timeline.canvas.update)
        pictures.thumbnails_arrived.connect(self.timeline.canvas.update)
        pictures.thumbnails_arrived.connect(self.left.refresh)
        self.timeline.add_tools(
            [actions[n] for n in ("timeline.snap", "marker.add", "range.in", "range.out")]
        )
        session.project.title_changed.connect(self.show_title)
        session.queue.changed.connect(self.show_primary)
        session.queue.changed.connect(self._show_queue_count)
        session.job_changed.connect(self.show_primary)
        session.request_changed.connect(self.show_primary)
        self._default_state = self.saveState(_LAYOUT_VERSION)
        self._narrow = False
        self.left.expand_wanted.connect(self.expand_left)
        session.timeline.speakers_changed.connect(self.fit_timeline)
        session.timeline.takes_shown_changed.connect(lambda _: self.fit_timeline())
        self._drop_reset = QTimer(self)
        self._drop_reset.setSingleShot(True)
        self._drop_reset.timeout.connect(lambda: self.left.drop.announce(None))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.show_title()
        self.show_primary()
        self.timeline.canvas.setFocus()

    # Building

    def _build_menus(self) -> None:
        bar = QMenuBar()
        bar.setObjectName("menuBar")
        bar.setNativeMenuBar(False)
        self.menu_bar = bar
        titles = menu_titles()
        menus: dict[str, QMenu] = {name: bar.addMenu(titles[name]) for name in MENUS}
        self.recent_menu = QMenu(self)
        for command in commands():
            if not command.menu:
                continue
            if not command.name:
                menus[command.menu].addSeparator()
            elif command.name == "file.recent":
                self.recent_menu.setTitle(command.text)
                menus[command.menu].addMenu(self.recent_menu)
            else:
                menus[command.menu].addAction(self.actions_[command.name])
        self.addActions([self.actions_[c.name] for c in self.actions_.commands])
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 4, 12, 4)
        row.setSpacing(8)
        self._name = label("", "strong")
        self._saved = label("", "smallThird")
        export = button(self.tr("Export…"), self.actions_["file.export"].trigger)
        export.setIcon(self.theme.icons.icon("export"))
        self.export_button = export
        self.render_button = primary(self.tr("Render"))
        self.render_button.setObjectName("renderButton")
        self.render_button.setMinimumWidth(self.theme.px(96))
        self.render_button.clicked.connect(self._primary)
        for widget in (self._name, self._saved, export, self.render_button):
            row.addWidget(widget)
        top = QWidget()
        top.setObjectName("page")
        lines = QVBoxLayout(top)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(0)
        bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        head.addWidget(bar, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(corner)
        self._head = QWidget()
        self._head.setLayout(head)
        lines.addWidget(self._head)
        lines.addWidget(line())
        lines.addWidget(self.message_bar)
        self.setMenuWidget(top)

    def _build_docks(self) -> dict[str, QDockWidget]:
        self.inspector = QTabWidget()
        self.inspector.setObjectName("inspectorTabs")
        self.inspector.setDocumentMode(True)
        self.inspector.addTab(self.chunk_inspector, self.tr("Chunk"))
        self.inspector.addTab(self.project_inspector, self.tr("Project"))
        self.inspector.addTab(self.queue_view, self.tr("Queue"))
        docks = {}
        for name, title, widget, area in (
            (
                "left",
                self.tr("Source and speakers"),
                self.left,
                Qt.DockWidgetArea.LeftDockWidgetArea,
            ),
            (
                "inspector",
                self.tr("Inspector"),
                self.inspector,
                Qt.DockWidgetArea.RightDockWidgetArea,
            ),
            (
                "timeline",
                self.tr("Timeline"),
                self.timeline,
                Qt.DockWidgetArea.BottomDockWidgetArea,
            ),
        ):
            dock = QDockWidget(title, self)
            dock.setObjectName(f"{name}Dock")
            dock.setWidget(widget)
            self.addDockWidget(area, dock)
            docks[name] = dock
            if name == "timeline":
                dock.setTitleBarWidget(QWidget())
                dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
            else:
                dock.setTitleBarWidget(_Grip(dock))
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.left.setMinimumWidth(self.theme.px(196))
        self.inspector.setMinimumWidth(self.theme.px(300))
        self.resizeDocks([docks["left"], docks["inspector"]], [268, 344], Qt.Orientation.Horizontal)
        self.resizeDocks([docks["timeline"]], [345], Qt.Orientation.Vertical)
        return docks

    # State of the window

    def dock(self, name: str) -> QDockWidget:
        return self._docks[name]

    def reset_layout(self) -> None:
        self.restoreState(self._default_state, _LAYOUT_VERSION)
        self.resizeDocks(
            [self._docks["left"], self._docks["inspector"]],
            [268, 344],
            Qt.Orientation.Horizontal,
        )
        self.resizeDocks([self._docks["timeline"]], [345], Qt.Orientation.Vertical)
        for name in ("left", "inspector"):
            self._docks[name].setFloating(False)
            self._docks[name].show()

    def remembered(self) -> tuple[str, str]:
        """Geometry and docks, for the settings."""
        geometry = self.saveGeometry().toBase64().toStdString()
        return geometry, self.saveState(_LAYOUT_VERSION).toBase64().toStdString()

    def restore(self, geometry: str, state: str) -> None:
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        else:
            room = self.screen().availableSize() - _FRAME
            self.resize(_USUAL.boundedTo(room).expandedTo(LEAST))
        if state:
            self.restoreState(QByteArray.fromBase64(state.encode()), _LAYOUT_VERSION)

    def show_title(self) -> None:
        project = self.session.project
        name = project.name or self.tr("Untitled")
        if project.read_only:
            saved = self.tr("read-only")
        elif project.path is None:
            saved = self.tr("not saved yet")
        else:
            saved = self.tr("saved") if project.saved else self.tr("saving…")
        self._name.setText(name)
        self._saved.setText(saved)
        self.setWindowTitle(f"{name} – InfiniteTalk")

    def primary_act(self) -> str:
        """What the blue button does now: render, pause, go_on or export."""
        job = self.session.queue.running
        mine = self.session.job
        if job is not None:
            return "go_on" if job.phase == "paused" or job.pausing else "pause"
        if mine is not None and mine.phase in ("stopped", "needs_you"):
            return "go_on"
        chunks = self.session.timeline.chunks
        if chunks and all(c.status in ("ready", "kept", "left_out") for c in chunks):
            return "export"
        return "render"

    def show_primary(self) -> None:
        act = self.primary_act()
        text, icon = {
            "render": (self.tr("Render"), "play"),
            "pause": (self.tr("Pause"), "pause"),
            "go_on": (self.tr("Go on"), "play"),
            "export": (self.tr("Export…"), "export"),
        }[act]
        self.render_button.setText(text)
        self.render_button.setAccessibleName(text)
        self.render_button.setIcon(self.theme.icons.icon(icon, "on_filled"))
        ready = bool(self.session.timeline.chunks)
        self.render_button.setEnabled(act != "render" or ready)
        self.export_button.setVisible(act != "export")
        playable = any(c.playable for c in self.session.timeline.chunks)
        self.actions_["file.export"].setEnabled(playable)
        self.export_button.setEnabled(playable)
        key = {"render": "render.start", "pause": "render.pause", "go_on": "render.pause"}.get(
            act, "file.export"
        )
        self.render_button.setToolTip(self.actions_[key].toolTip())

    def _primary(self) -> None:
        act = self.primary_act()
        name = {"render": "render.start", "export": "file.export"}.get(act, "render.pause")
        self.actions_[name].trigger()

    def _show_queue_count(self) -> None:
        count = sum(j.phase != "finished" for j in self.session.queue.jobs)
        text = self.tr("Queue")
        self.inspector.setTabText(2, f"{text}  {count}" if count else text)

    # Events

    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        """Text fields are watched once they have the focus; a filter of all events is slow."""
        del old
        if isinstance(now, (QLineEdit, QTextEdit, QPlainTextEdit)):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While a text field has the focus, keys without Ctrl belong to it.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and isinstance(watched, (QLineEdit, QTextEdit, QPlainTextEdit))
        ):
            command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            function = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
            if not event.modifiers() & command and not function:
                if event.key() == Qt.Key.Key_Escape:
                    return False
                event.accept()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F6:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.next_part(-1 if back else 1)
            return
        if event.key() == Qt.Key.Key_Escape:
            self.leave_large()
            return
        super().keyPressEvent(event)

    def next_part(self, direction: int) -> None:
        """F6: menu, left, preview, inspector, timeline, status, and around."""
        parts: list[QWidget] = [
            self.menu_bar,
            self.left,
            self.preview.canvas,
            self.inspector,
            self.timeline.canvas,
            self.status,
        ]
        focus = QApplication.focusWidget()
        at = next(
            (
                i
                for i, part in enumerate(parts)
                if focus is not None and (part is focus or part.isAncestorOf(focus))
            ),
            -1 if direction > 0 else 0,
        )
        for step in range(1, len(parts) + 1):
            part = parts[(at + direction * step) % len(parts)]
            if part.isVisible() and _focus_into(part):
                return

    def leave_large(self) -> None:
        for name in ("view.full_screen", "view.large"):
            if self.actions_[name].isChecked():
                self.actions_[name].setChecked(False)

    def show_large(self, on: bool) -> None:
        """The preview takes the whole window, with the transport below it."""
        for name in ("left", "inspector", "timeline"):
            self._docks[name].setVisible(not on)

    def show_full_screen(self, on: bool) -> None:
        self.show_large(on)
        self._head.setVisible(not on)
        self.status.setVisible(not on)
        self.preview.set_bare(on)
        if on:
            self.showFullScreen()
        else:
            self.showNormal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW * min(self.theme.scale, 1.2)
        if narrow != self._narrow:
            self._narrow = narrow
            self.left.set_compact(narrow)
            self.inspector.setMaximumWidth(self.theme.px(310) if narrow else 16777215)
        if event.size().height() != event.oldSize().height():
            self.fit_timeline()

    def expand_left(self) -> None:
        self.left.set_compact(False)
        self.resizeDocks([self._docks["left"]], [self.theme.px(236)], Qt.Orientation.Horizontal)

    def fit_timeline(self) -> None:
        """As high as its rows, but never more than two fifths of the window."""
        most = round(self.height() * 0.42)
        wanted = min(self.timeline.wanted_height(), most)
        self.resizeDocks([self._docks["timeline"]], [wanted], Qt.Orientation.Vertical)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        plan = plan_drop(dropped_paths(event.mimeData()), self.session.data)
        self.left.drop.announce(dropped_paths(event.mimeData()))
        if plan.accepted:
            event.acceptProposedAction()
        else:
            event.ignore()
            self._drop_reset.start(_REASON_MS)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.left.drop.announce(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.left.drop.announce(None)
        self.drop_paths(dropped_paths(event.mimeData()))
        event.acceptProposedAction()

    def drop_paths(self, paths: list[Path]) -> None:
        plan: DropPlan = plan_drop(paths, self.session.data)
        if plan.accepted:
            self.files_dropped.emit(plan)
        else:
            self.session.messages.notice(
                self.tr("This can't be dropped here"), plan.text, code="drop.refused"
            )


class _Grip(QFrame):
    """A dock's thin title: a grip to move it by."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__()
        self.setFixedHeight(3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(dock.windowTitle())
        self.setCursor(Qt.CursorShape.SizeAllCursor)


def _focus_into(part: QWidget) -> bool:
    """Gives the focus to a part, or to the first control in it that takes it."""
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isEnabled():
        part.setFocus(Qt.FocusReason.TabFocusReason)
        return True
    for child in part.findChildren(QWidget):
        takes = child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled()
        if takes and child.isVisibleTo(part):
            child.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False
