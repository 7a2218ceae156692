"""The timeline with its tool row, overview strip, headers and canvas."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import plain_text
from desktop.state.timeline import ChunkListModel, TimelineState
from desktop.state.viewport import Viewport
from desktop.theme import Theme
from desktop.views.timeline.canvas import TimelineCanvas
from desktop.views.timeline.header import RowHeaders
from desktop.views.timeline.overview import OverviewStrip
from desktop.views.timeline.rows import HIDEABLE, RowKind, RowLayout
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import label, line

_SLIDER_STEPS = 1000


class TimelineView(QWidget):
    """Everything below the preview. Emits requests; changes only selection, range and zoom."""

    keep_requested = Signal()
    render_stale_requested = Signal()

    def __init__(
        self, timeline: TimelineState, viewport: Viewport, model: ChunkListModel, theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("timelineView")
        self._timeline, self._viewport, self._theme = timeline, viewport, theme
        self.canvas = TimelineCanvas(timeline, viewport, model, theme, RowLayout())
        self.headers = RowHeaders(timeline, self.canvas, theme)
        self.overview = OverviewStrip(timeline, viewport, theme)
        self.chunk_list = _ChunkList(model, timeline)
        self._build_tools()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._tools)
        box.addWidget(line())
        box.addWidget(self._overview_row())
        box.addWidget(line())
        box.addWidget(self._scrolled(), 1)
        self._scroll = QScrollBar(Qt.Orientation.Horizontal)
        self._scroll.setAccessibleName(self.tr("Scroll timeline"))
        self._scroll.valueChanged.connect(lambda value: self._viewport.scroll_to(value))
        box.addWidget(self._scroll)
        self.chunk_list.setParent(self)
        self.chunk_list.setGeometry(0, 0, 1, 1)
        for signal in (timeline.chunks_reset, timeline.chunks_changed):
            signal.connect(self._show_counts)
        timeline.chunks_reset.connect(self._total_changed)
        viewport.changed.connect(self._viewport_changed)
        self._show_counts()

    def _build_tools(self) -> None:
        self._tools = QFrame()
        self._tools.setProperty("kind", "panel")
        self.tool_line = QHBoxLayout(self._tools)
        self.tool_line.setContentsMargins(8, 4, 12, 4)
        self.tool_line.setSpacing(4)
        self._left = QHBoxLayout()
        self._left.setSpacing(4)
        self.tool_line.addLayout(self._left)
        self.tool_line.addStretch(1)
        self._stale_icon = IconMark(self._theme, "stale", "stale", side=15)
        self._stale_text = label("")
        self._render_stale = QPushButton(self.tr("Render them"))
        self._keep = QPushButton(self.tr("Keep them…"))
        self._render_stale.clicked.connect(self.render_stale_requested)
        self._keep.clicked.connect(self.keep_requested)
        for widget in (self._stale_icon, self._stale_text, self._render_stale, self._keep):
            self.tool_line.addWidget(widget)
        self.tool_line.addSpacing(8)
        self.tool_line.addWidget(line(vertical=True))
        self.tool_line.addSpacing(8)
        self._zoom = QSlider(Qt.Orientation.Horizontal)
        self._zoom.setRange(0, _SLIDER_STEPS)
        self._zoom.setFixedWidth(120)
        self._zoom.setAccessibleName(self.tr("Zoom"))
        self._zoom.valueChanged.connect(
            lambda value: self._viewport.set_zoom_fraction(value / _SLIDER_STEPS)
        )
        out, closer = QToolButton(), QToolButton()
        fit = QPushButton(self.tr("Fit", "zoom"))
        fit.setProperty("kind", "link")
        for button, icon, name, act in (
            (out, "minus", self.tr("Zoom out"), lambda: self._viewport.zoom(1 / 1.5)),
            (closer, "plus", self.tr("Zoom in"), lambda: self._viewport.zoom(1.5)),
        ):
            button.setIcon(self._theme.icons.icon(icon, "second"))
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.clicked.connect(act)
        fit.setToolTip(self.tr("Show the whole timeline (0)"))
        fit.clicked.connect(self._viewport.fit)
        for widget in (out, self._zoom, closer, fit):
            self.tool_line.addWidget(widget)

    def add_tools(self, actions: list[QAction]) -> None:
        """Commands at the left of the tool row; checkable ones show their icon alone."""
        for action in actions:
            if action.icon().isNull():
                text = plain_text(action.text())
                button: QPushButton | QToolButton = QPushButton(text)
                button.setProperty("kind", "link")
                button.clicked.connect(action.trigger)
            else:
                button = QToolButton()
                button.setDefaultAction(action)
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAccessibleName(plain_text(action.text()))
            button.setToolTip(action.toolTip())
            self._left.addWidget(button)

    def _overview_row(self) -> QWidget:
        row = QFrame()
        row.setProperty("kind", "panel")
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 12, 0)
        box.setSpacing(0)
        self._count = label("", "small")
        self._count.setContentsMargins(14, 0, 4, 0)
        self._count.setFixedWidth(self.headers.width())
        box.addWidget(self._count)
        box.addWidget(self.overview, 1)
        return row

    def _scrolled(self) -> QScrollArea:
        inner = QFrame()
        inner.setProperty("kind", "panel")
        box = QHBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.headers, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.canvas, 1, Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def toggle_row(self, kind: RowKind) -> None:
        """Hides a row, or shows it again."""
        if kind in HIDEABLE:
            hidden = self.canvas.rows_layout.hidden
            hidden.discard(kind) if kind in hidden else hidden.add(kind)
            self.canvas.relayout()
            self.headers.rebuild()

    def wanted_height(self) -> int:
        """Height at which no row is cut off."""
        fixed = self._tools.sizeHint().height() + self.overview.height() + 4
        return fixed + self.canvas.height() + self._scroll.sizeHint().height()

    def _total_changed(self) -> None:
        self._viewport.set_total(self._timeline.total_frames)
        self.canvas.relayout()

    def _viewport_changed(self) -> None:
        for widget in (self._scroll, self._zoom):
            widget.blockSignals(True)
        most = max(self._viewport.total - self._viewport.visible_frames, 0)
        self._scroll.setVisible(most > 0)
        self._scroll.setRange(0, int(most + 24 / self._viewport.scale))
        self._scroll.setPageStep(max(int(self._viewport.visible_frames), 1))
        self._scroll.setValue(int(self._viewport.first))
        self._zoom.setValue(round(self._viewport.zoom_fraction * _SLIDER_STEPS))
        for widget in (self._scroll, self._zoom):
            widget.blockSignals(False)

    def _show_counts(self) -> None:
        total = len(self._timeline.chunks)
        self._count.setText(
            self.tr("All %n chunks", "", total) if total else self.tr("No chunks yet")
        )
        stale = self._timeline.indices("stale")
        shown = bool(stale)
        for widget in (self._stale_icon, self._stale_text, self._render_stale, self._keep):
            widget.setVisible(shown)
        if shown:
            self._stale_text.setText(self._stale_sentence(stale))

    def _stale_sentence(self, stale: list[int]) -> str:
        count = self.tr("%n chunks are stale", "", len(stale))
        before = stale[0] - 1
        if stale[0] > 0 and self._timeline.chunks[before].status != "stale":
            return self.tr("{0}: they follow chunk {1}").format(count, before + 1)
        return count


class _ChunkList(QListView):
    """The chunks as a list for screen readers and keyboards: same model, same selection."""

    def __init__(self, model: ChunkListModel, timeline: TimelineState) -> None:
        super().__init__()
        self.setObjectName("chunkList")
        self._timeline = timeline
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setAccessibleName(self.tr("Chunks"))
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(self.sizePolicy())
        timeline.selection_changed.connect(self._follow)
        self.selectionModel().currentChanged.connect(self._choose)

    def _follow(self) -> None:
        current = self._timeline.current
        if current is not None and self.currentIndex().row() != current:
            self.selectionModel().setCurrentIndex(
                self.model().index(current, 0),
                QItemSelectionModel.SelectionFlag.ClearAndSelect,
            )

    def _choose(self, current: QModelIndex, previous: QModelIndex) -> None:
        del previous
        if current.isValid() and current.row() != self._timeline.current:
            self._timeline.select(current.row())
