"""Step 2 of the set-up page, and the model manager: what can be loaded, what is here, how far it is."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.reports.texts import told
from desktop.state.clock_text import gib_text, gigabyte_text
from desktop.state.model_rows import SPARE, Group, Row
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.models.found_rows import FoundModels
from desktop.views.models.layout import clear
from desktop.views.models.machine_step import probe_again
from desktop.views.models.part_row import SIZE_WIDTH, PartRow, columns_for
from desktop.widgets.buttons import button, link
from desktop.widgets.column import ScrollColumn
from desktop.widgets.fields import number
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import ElidedLabel, card, label, line, set_role

_WORST = {"disk.read_only": "failed", "disk.full": "failed", "place.fat32": "failed"}


class ModelsStep(QWidget):
    """The list of parts by group, the folder, the sums."""

    import_wanted = Signal()
    settings_wanted = Signal()
    removal_wanted = Signal(object, str)  # Target, title

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self._session, self._theme = session, theme
        self._models = session.models
        self._rows: dict[str, PartRow] = {}
        self._layout: tuple[object, ...] = ()
        self._unfolded = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addWidget(self._machine())
        box.addLayout(self._place())
        self._notice = self._notice_line()
        box.addWidget(self._notice)
        box.addWidget(self._list(), 1)
        box.addLayout(self._sums())
        box.addLayout(self._limits())

    # Parts

    def _machine(self) -> QWidget:
        frame = card()
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(10)
        self._machine_mark = IconMark(self._theme)
        self._machine_name = label("", "strong")
        self._machine_facts = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        row.addWidget(self._machine_mark)
        row.addWidget(self._machine_name)
        row.addWidget(self._machine_facts, 1)
        row.addWidget(link(self.tr("Check again"), lambda: probe_again(self._session)))
        return frame

    def _place(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconMark(self._theme, "folder", side=18))
        self._folder = QLineEdit()
        self._folder.setReadOnly(True)
        self._folder.setAccessibleName(self.tr("Folder of models"))
        row.addWidget(self._folder, 1)
        row.addWidget(button(self.tr("Choose…"), self._choose))
        icon = self._theme.icons.icon("import")
        self.import_button = button(
            self.tr("Import from a folder…"), self.import_wanted.emit, icon=icon
        )
        row.addWidget(self.import_button)
        return row

    def _notice_line(self) -> QWidget:
        part = QWidget()
        part.setObjectName("folderNotice")
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._notice_mark = IconMark(self._theme)
        self._notice_text = label("", "warn", wrap=True)
        row.addWidget(self._notice_mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._notice_text, 1)
        return part

    def _list(self) -> QWidget:
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(1, 1, 1, 1)
        holder = QWidget()
        holder.setObjectName("scrolled")
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 6)
        outer.setSpacing(0)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(0)
        outer.addLayout(self._parts)
        self.found = FoundModels(self._session, self._theme)
        outer.addWidget(self.found)
        outer.addStretch(1)
        area = ScrollColumn(holder)
        self._area = area
        inner.addWidget(area)
        return frame

    def _sums(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.sum_text = label("", "")
        self.space_text = label("", "")
        self._space_mark = IconMark(self._theme)
        self.without = link(self.tr("Leave out the conversion"), self._without_conversion)
        row.addWidget(self.sum_text, 1)
        row.addWidget(self.without)
        row.addWidget(self._space_mark)
        row.addWidget(self.space_text)
        return row

    def _limits(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(self.tr("Speed limit"), "small"))
        self.limit = number(0, 1000, 0.5, 1, suffix=self.tr(" MB/s"))
        self.limit.setSpecialValueText(self.tr("none"))
        self.limit.setAccessibleName(self.tr("Speed limit"))
        self.limit.setMinimumWidth(self._theme.px(96))
        self.limit.valueChanged.connect(self._models.limit_speed)
        row.addWidget(self.limit)
        row.addWidget(
            link(self.tr("Address, proxy, token…"), self.settings_wanted.emit),
        )
        row.addStretch(1)
        return row

    # Showing

    def refresh(self) -> None:
        self._show_machine()
        self._folder.setText(str(self._models.folder))
        self._show_notice()
        self._show_rows()
        self._show_sums()
        limit = self._session.settings.value.speed_limit_mb
        if self.limit.value() != limit and not self.limit.hasFocus():
            self.limit.blockSignals(True)
            self.limit.setValue(limit)
            self.limit.blockSignals(False)
        self.found.refresh()

    def _show_machine(self) -> None:
        machine = self._session.engine.machine
        if machine is None:
            self._machine_name.setText(self.tr("The engine looks at the machine…"))
            self._machine_facts.setText("")
            self._machine_mark.show_icon("")
            return
        good = machine.gpu is not None
        mark = ("check", "ready_text") if good else ("warning", "stale")
        self._machine_mark.show_icon(*mark)
        facts = [self.tr("{0} RAM").format(gib_text(machine.ram_total))]
        if machine.gpu:
            name = machine.gpu.removeprefix("NVIDIA ").removeprefix("GeForce ")
            self._machine_name.setText(f"{name}, {gib_text(machine.vram_total)}")
            facts.insert(0, self.tr("driver {0}").format(machine.driver or "?"))
        elif machine.notices:
            self._machine_name.setText(told(machine.notices[0]).title)
        else:
            self._machine_name.setText(self.tr("No graphics card is used"))
        if machine.disk_read:
            facts.append(self.tr("reads {0} GB/s").format(f"{machine.disk_read / 1e9:.1f}"))
        self._machine_facts.setText("  ·  ".join(facts))

    def _show_notice(self) -> None:
        problem = self._models.problem
        notices = (problem,) if problem is not None else self._models.catalog.notices
        self._notice.setVisible(bool(notices))
        if not notices or notices[0] is None:
            return
        first = told(notices[0])
        bad = problem is not None or first.code in _WORST
        self._notice_mark.show_icon(*(("error", "failed") if bad else ("warning", "stale")))
        set_role(self._notice_text, "role", "bad" if bad else "warn")
        self._notice_text.setText(f"{first.title}: {first.detail} {first.remedy}".strip())

    def _show_rows(self) -> None:
        rows = self._models.rows
        layout = (
            tuple((row.part.name, row.part.group) for row in rows),
            self._models.precision,
            self._unfolded,
        )
        if layout != self._layout:
            self._layout = layout
            self._build_rows(rows)
        for row in rows:
            if row.part.name in self._rows:
                self._rows[row.part.name].show_row(row)

    def _build_rows(self, rows: tuple[Row, ...]) -> None:
        clear(self._parts)
        self._rows = {}
        if not rows:
            self._parts.addWidget(self._heading(self.tr("The engine is looking…")))
            return
        precision = {"bf16": self.tr("16 bit, bf16"), "fp8": self.tr("8 bit, fp8")}.get(
            self._models.precision, self.tr("8 bit, int8")
        )
        machine = self._session.engine.machine
        titles: dict[Group, str] = {
            "needed": self.tr("Needed for your card: {0}").format(precision)
            if machine is not None and machine.gpu
            else self.tr("For most cards: {0}").format(precision),
            "later": self.tr("Can be added later"),
        }
        for group in ("needed", "later"):
            members = [row for row in rows if row.part.group == group]
            if members:
                self._parts.addWidget(self._heading(titles[group], columns=group == "needed"))
                self._add(members)
        others = [row for row in rows if row.part.group == "other"]
        if others:
            self._parts.addWidget(self._fold(len(others)))
            if self._unfolded:
                self._add(others)

    def _add(self, rows: list[Row]) -> None:
        for row in rows:
            self._parts.addWidget(line())
            made = PartRow(
                row.part.name,
                self._models,
                self._theme,
                enter_token=self.settings_wanted.emit,
                remove=self.removal_wanted.emit,
            )
            made.setObjectName(f"part.{row.part.name}")
            self._rows[row.part.name] = made
            self._parts.addWidget(made)
            made.show()  # so that the list has its height before it is painted

    def _heading(self, text: str, *, columns: bool = False) -> QWidget:
        part = _Heading(text, self._theme) if columns else QWidget()
        if not columns:
            row = QHBoxLayout(part)
            row.setContentsMargins(14, 8, 8, 6)
            row.addWidget(ElidedLabel(text, "section", Qt.TextElideMode.ElideRight), 1)
        return part

    def _fold(self, count: int) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(9, 6, 8, 4)
        text = self.tr("Hide other formats") if self._unfolded else self.tr("Other formats ({0})")
        fold = link(text.format(count), self._turn)
        fold.setObjectName("otherFormats")
        row.addWidget(fold)
        row.addStretch(1)
        return part

    def _turn(self) -> None:
        self._unfolded = not self._unfolded
        self.refresh()
        others = [row for row in self._models.rows if row.part.group == "other"]
        if self._unfolded and others:
            last = self._rows[others[-1].part.name]
            QTimer.singleShot(
                0, lambda: self._area.ensureWidgetVisible(last)
            )  # once it is laid out

    def unfold(self) -> None:
        if not self._unfolded:
            self._turn()

    def _show_sums(self) -> None:
        sums = self._models.sums
        helps = not sums.fits and sums.after + sums.conversion >= SPARE
        self.without.setVisible(bool(self._models.rows) and helps)
        if not self._models.rows:
            self.sum_text.setText("")
            self.space_text.setText("")
            return
        self.sum_text.setText(
            self.tr("Chosen {0}, {1} still to load").format(
                gigabyte_text(sums.chosen), gigabyte_text(sums.to_load)
            )
            if sums.to_load
            else self.tr("Chosen {0}, all of it is here").format(gigabyte_text(sums.chosen))
        )
        drive = self._models.catalog.drive
        after = gib_text(max(sums.after, 0))
        if sums.fits and not sums.conversion:
            text = self.tr("{0}: {1} free, {2} after loading").format(
                drive, gib_text(sums.free), after
            )
        elif sums.fits:
            text = self.tr("{0}: {1} free, {2} after loading and conversion").format(
                drive, gib_text(sums.free), after
            )
        else:
            needed = sums.to_load + sums.conversion
            text = self.tr("{0}: {1} free, too little for {2} with conversion").format(
                drive, gib_text(sums.free), gib_text(needed)
            )
        self.space_text.setText(text)
        set_role(self.space_text, "role", "" if sums.fits else "bad")
        mark = ("disk", "second") if sums.fits else ("error", "failed")
        self._space_mark.show_icon(*mark)

    # Acting

    def _without_conversion(self) -> None:
        """Models run without a block store as well; the settings turn it on again."""
        self._session.settings.update(convert_models=False)

    def _choose(self) -> None:
        path = QFileDialog.getExistingDirectory(
            self, self.tr("Folder of models"), str(self._models.folder)
        )
        if path:
            self._models.choose_folder(Path(path))


class _Heading(QWidget):
    """The names of the columns, as wide as the rows have them."""

    def __init__(self, text: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 6)
        row.setSpacing(14)
        row.addWidget(ElidedLabel(text, "section", Qt.TextElideMode.ElideRight), 1)
        size = label(self.tr("Size"), "section")
        size.setFixedWidth(theme.px(SIZE_WIDTH))
        size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._state, self._act = label(self.tr("State"), "section"), QWidget()
        for part in (size, self._state, self._act):
            row.addWidget(part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = columns_for(self.width(), self._theme)
        self._state.setFixedWidth(self._theme.px(columns.state))
        self._act.setFixedWidth(self._theme.px(columns.act))
