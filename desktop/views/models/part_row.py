"""A row of the model list: what it is, its size, how far it is, and the one thing to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QProgressBar, QVBoxLayout, QWidget

from desktop.reports.texts import told
from desktop.state.clock_text import duration_text, gigabyte_text
from desktop.state.model_rows import HERE, Row
from desktop.state.models import ModelsState
from desktop.state.models_removal import Target
from desktop.theme import Theme
from desktop.widgets.buttons import link, tool
from desktop.widgets.folders import open_folder
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import ElidedLabel, label, set_role

# status: (icon, its color, role of the text)
_LOOKS = {
    "not_chosen": ("", "", "smallThird"),
    "next": ("clock", "third", "small"),
    "waiting": ("clock", "stale", "warn"),
    "loading": ("", "", "small"),
    "paused": ("pause", "second", "small"),
    "checking": ("search", "second", "small"),
    "converting": ("", "", "small"),
    "ready": ("check", "ready_text", "small"),
    "unchecked": ("ring", "second", "small"),
    "elsewhere": ("folder", "ready_text", "small"),
    "partial": ("down", "second", "small"),
    "different": ("warning", "failed", "bad"),
    "failed": ("error", "failed", "bad"),
}
_WITH_BAR = ("loading", "converting", "checking")
_MOVING = ("waiting", "paused", *_WITH_BAR)
_OURS = ("ready", "unchecked", "partial", "different")  # states of what lies in the folder
SIZE_WIDTH = 74


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Widths of the columns beside the title; narrow where the page is, so that titles can be read."""

    state: int
    bar: int
    act: int


WIDE = Columns(state=230, bar=104, act=160)
NARROW = Columns(state=150, bar=44, act=148)
_NARROW_BELOW = 700  # of a row


def columns_for(width: int, theme: Theme) -> Columns:
    """For a row of this width in pixels."""
    return NARROW if width < theme.px(_NARROW_BELOW) else WIDE


def _tr(text: str) -> str:
    return QCoreApplication.translate("models", text)


class PartRow(QWidget):
    """Shows a `Row`; what its button does, and what its menu offers, follows from the state."""

    def __init__(
        self,
        part: str,
        models: ModelsState,
        theme: Theme,
        *,
        enter_token: Callable[[], object],
        remove: Callable[[Target, str], object],
    ) -> None:
        """`remove` asks before it does: what, and its title."""
        super().__init__()
        self._part, self._models, self._theme = part, models, theme
        self._enter_token, self._remove = enter_token, remove
        self._row: Row | None = None
        self._act: Callable[[], object] | None = None
        self.setMinimumHeight(theme.px(42))  # a list that scrolls must not squeeze its rows
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 2, 8, 2)
        row.setSpacing(14)
        self.check = QCheckBox()
        self.check.clicked.connect(lambda on: models.choose(part, on=on))
        row.addWidget(self.check)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        self._title = ElidedLabel("", "strong", Qt.TextElideMode.ElideRight)
        self._detail = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        texts.addWidget(self._title)
        texts.addWidget(self._detail)
        row.addLayout(texts, 1)
        self._size = label("", "")
        self._size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._size.setFixedWidth(theme.px(SIZE_WIDTH))
        row.addWidget(self._size)
        self._states = QWidget()
        inner = QHBoxLayout(self._states)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        self._icon = IconMark(theme)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self.state = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        inner.addWidget(self._icon)
        inner.addWidget(self._bar)
        inner.addWidget(self.state, 1)
        row.addWidget(self._states)
        self._acts = QWidget()
        at = QHBoxLayout(self._acts)
        at.setContentsMargins(0, 0, 0, 0)
        self.act = link("", self._do)
        at.addWidget(self.act, 0, Qt.AlignmentFlag.AlignLeft)
        at.addStretch(1)
        self.more = tool(theme.icons.icon("more"), "", self._open_menu)
        at.addWidget(self.more)
        row.addWidget(self._acts)
        self._fit(WIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(columns_for(self.width(), self._theme))

    def _fit(self, columns: Columns) -> None:
        self._states.setFixedWidth(self._theme.px(columns.state))
        self._bar.setFixedWidth(self._theme.px(columns.bar))
        self._acts.setFixedWidth(self._theme.px(columns.act))

    def show_row(self, row: Row) -> None:
        part = row.part
        self.check.setChecked(row.chosen)
        self.check.setAccessibleName(_tr("Load {0}, {1}").format(part.title, part.detail))
        self._title.setText(part.title)
        wrong = row.report is not None and row.status in ("different", "failed", "waiting")
        self._detail.setText(told(row.report).detail if wrong and row.report else part.detail)
        self._size.setText(gigabyte_text(row.size))
        icon, color, role = _LOOKS[row.status]
        self._icon.setVisible(bool(icon) and row.status not in _WITH_BAR)
        if icon:
            self._icon.show_icon(icon, color)
        self._bar.setVisible(row.status in _WITH_BAR)
        self._bar.setValue(round(1000 * _share(row)))
        self._bar.setAccessibleName(_tr("Progress of {0}").format(part.title))
        set_role(self.state, "role", role)
        self.state.setText(state_text(row))
        tip = _tip(row)
        for widget in (self.state, self._icon):
            widget.setToolTip(tip)
        self.state.setAccessibleDescription(tip)
        self._row = row
        self.more.setVisible(bool(self._offers(row)))
        name = _tr("More about {0}").format(part.title)
        self.more.setToolTip(name)
        self.more.setAccessibleName(name)
        text, self._act = self._action(row)
        self.act.setVisible(bool(text))
        self.act.setText(text)
        self.act.setAccessibleName(f"{text}: {part.title}")

    def _do(self) -> None:
        if self._act is not None:
            self._act()

    # The menu

    def _offers(self, row: Row) -> list[tuple[str, Callable[[], object]]]:
        part, moving = row.part, row.status in _MOVING
        offers: list[tuple[str, Callable[[], object]]] = []
        if (part.state in _OURS or part.copied) and not moving:
            gone = Target(part=part.name)
            offers.append((_tr("Remove…"), lambda: self._remove(gone, part.title)))
        if row.converted and not moving:
            store = Target(store_of=row.converted)
            text = _tr("Remove what was converted…")
            offers.append((text, lambda: self._remove(store, part.title)))
        if part.state == "elsewhere" and part.path:
            folder = Path(part.path).parent
            offers.append((_tr("Show in folder"), lambda: open_folder(folder)))
            if row.convert and not part.copied:  # its button does something else
                offers.append((_tr("Forget"), lambda: self._models.forget(part.path)))
        return offers

    def menu(self) -> QMenu:
        """What can be done with the part beside the one thing on its button."""
        made = QMenu(self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in self._offers(self._row) if self._row is not None else ():
            made.addAction(text).triggered.connect(lambda _=False, act=act: act())
        return made

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._row is not None and self._offers(self._row):
            self.menu().popup(event.globalPos())

    def _action(self, row: Row) -> tuple[str, Callable[[], object] | None]:
        models, part = self._models, row.part
        match row.status:
            case "different":
                return _tr("Load again"), lambda: models.load_again(part.name)
            case "failed" if row.report is not None and row.report.code == "download.token":
                return _tr("Enter token…"), self._enter_token
            case "failed":
                return _tr("Try again"), lambda: models.start((part.name,))
            case "waiting":
                return _tr("Now"), models.try_now
            case "converting":
                return _tr("Stop"), lambda: models.stop_converting(row.convert)
            case "unchecked" if not row.convert:
                return _tr("Check"), lambda: models.start((part.name,))
            case "elsewhere" if not row.convert and not part.copied:
                return _tr("Forget"), lambda: models.forget(part.path)
        if row.convert:
            text = _tr("Convert") if row.store == "missing" else _tr("Go on converting")
            return text, lambda: models.convert(row.convert)
        return "", None


def _share(row: Row) -> float:
    return min(row.done / row.total, 1.0) if row.total else 0.0


def _percent(row: Row) -> str:
    return _tr("{0} %").format(QLocale().toString(int(100 * _share(row))))


def state_text(row: Row) -> str:
    """The state in words, with what is done of it."""
    match row.status:
        case "not_chosen":
            return _tr("Not chosen")
        case "next":
            return _tr("Next")
        case "waiting":
            return _tr("Trying again soon")
        case "loading":
            left = row.seconds_left
            return f"{_percent(row)}, {duration_text(left)}" if left is not None else _percent(row)
        case "paused":
            return _tr("Paused at {0}").format(_percent(row))
        case "checking":
            return _tr("Checking, {0}").format(_percent(row))
        case "converting":
            return _tr("Converting, {0}").format(_percent(row))
        case "ready":
            return _tr("Ready, checked")
        case "unchecked":
            return _tr("Here, not checked yet")
        case "elsewhere":
            return _tr("Here, copied") if row.part.copied else _tr("Used where it is")
        case "partial":
            return _tr("{0} are here").format(_percent(row))
        case "different":
            return _tr("Does not match")
        case "failed":
            return told(row.report).title if row.report else _tr("Stopped")


def _tip(row: Row) -> str:
    if row.report is not None:
        report = told(row.report)
        return "\n".join(part for part in (report.detail, report.remedy, report.safe) if part)
    if row.status == "elsewhere":
        return f"{row.part.program}: {row.part.path}" if row.part.program else row.part.path
    return row.part.repo if row.status not in HERE else ""
