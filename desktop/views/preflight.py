"""Before rendering: what it takes, what is there, what to mend. Follows every change at once."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QLocale, Qt, QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop import commands
from desktop.state.clock_text import GIB, duration_text, gib_text
from desktop.state.document import ProjectData
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.preflight_checks import make_checks
from desktop.views.preflight_parts import Check, CheckButton, CheckRow, FigureCard, PresetRow
from desktop.widgets.buttons import button, primary
from desktop.widgets.column import ScrollColumn
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.fields import choice, whole
from desktop.widgets.folders import DRIVER_PAGE, open_address
from desktop.widgets.labels import card, label, line
from desktop.widgets.segments import Segments
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.media.buckets import BUCKETS
from infinitetalk.plan import Machine, Plan, WeightsFacts
from infinitetalk.request import PRESETS

_NIGHT = 9 * 3600.0
_WHAT = ("all", "range", "stale")


class PreflightDialog(SheetDialog):
    """Works on a copy of the project; *Render* makes it the project's."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget, what: str) -> None:
        super().__init__(parent, "preflightDialog", "")
        self.setWindowTitle(self.tr("Before rendering"))
        self.setModal(True)
        self.resize(1180, min(theme.px(660), 920))
        self._session, self._theme = session, theme
        self._data: ProjectData = session.data
        self._what = what
        self._vram_limit: float = session.settings.value.vram_limit_gib
        self._rows: dict[str, PresetRow] = {}
        self.plan: Plan | None = None
        self.problem: ErrorReport | None = None
        self._build()
        self.follow(session.request_changed, self.refresh)
        self.refresh()

    # Building

    def _build(self) -> None:
        head = QHBoxLayout()
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(self.tr("Before rendering"), "title"))
        self._subtitle = label("", "second")
        texts.addWidget(self._subtitle)
        head.addLayout(texts, 1)
        self._range = Segments(
            (self.tr("Everything"), self.tr("In to out"), self.tr("Stale only")),
            self.tr("What to render"),
        )
        self._range.chosen.connect(self._choose_range)
        head.addWidget(self._range)
        self.body.addLayout(head)
        figures = QHBoxLayout()
        figures.setSpacing(10)
        self._figures = {
            name: FigureCard(icon, title, self._theme)
            for name, icon, title in (
                ("time", "clock", self.tr("Time")),
                ("vram", "chip", self.tr("VRAM, highest")),
                ("ram", "memory", self.tr("RAM, highest")),
                ("disk", "disk", self.tr("Disk")),
            )
        }
        for made in self._figures.values():
            figures.addWidget(made, 1)
        self.body.addLayout(figures)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(self._quality(), 3)
        columns.addLayout(self._checked(), 2)
        self.body.addLayout(columns, 1)
        self._footer()

    def _quality(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(6)
        box.addWidget(label(self.tr("Quality"), "section"))
        for preset in PRESETS.values():
            row = PresetRow(preset.name, preset.title, self._theme)
            row.chosen.connect(self._choose_preset)
            self._rows[preset.name] = row
            box.addWidget(row)
        box.addWidget(label(self.tr("Adjust"), "section"))
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(10)
        self._size = choice([(self.tr("as the source"), None)])
        self._size.setAccessibleName(self.tr("Size"))
        for resolution in ("480", "720"):
            for _, size in BUCKETS[resolution]:
                if self._size.findData(size) < 0:
                    self._size.addItem(f"{size[1]} × {size[0]}", size)
        self._size.activated.connect(lambda _: self._set("size", self._size.currentData()))
        self._steps = whole(1, 1000)
        self._steps.setAccessibleName(self.tr("Steps"))
        self._steps.setFixedWidth(self._theme.px(64))
        self._steps.valueChanged.connect(lambda value: self._set("steps", value))
        self._precision = choice([(p, p) for p in ("int8", "fp8", "bf16", "fp32")])
        self._precision.setAccessibleName(self.tr("Precision"))
        self._precision.activated.connect(
            lambda _: self._set("precision", self._precision.currentData())
        )
        for column, (text, editor) in enumerate(
            (
                (self.tr("Size"), self._size),
                (self.tr("Steps"), self._steps),
                (self.tr("Precision"), self._precision),
            )
        ):
            grid.addWidget(label(text, "second"), 0, 2 * column)
            grid.addWidget(editor, 0, 2 * column + 1)
        grid.setColumnStretch(6, 1)
        self._limit_name = label(self.tr("VRAM limit"), "second")
        self._limit = QSlider(Qt.Orientation.Horizontal)
        self._limit.setAccessibleName(self.tr("VRAM limit"))
        self._limit.valueChanged.connect(self._limit_moved)
        self._limit_text = label("", "")
        grid.addWidget(self._limit_name, 1, 0)
        grid.addWidget(self._limit, 1, 1, 1, 5)
        grid.addWidget(self._limit_text, 1, 6)
        hint = label(
            self.tr("Every finished chunk is saved. Stop when you like and go on another night."),
            "small",
            wrap=True,
        )
        grid.addWidget(hint, 2, 0, 1, 7)
        box.addWidget(frame)
        box.addStretch(1)
        return box

    def _checked(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(6)
        box.addWidget(label(self.tr("Checked"), "section"))
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setObjectName("scrolled")
        self._checks = QVBoxLayout(holder)
        self._checks.setContentsMargins(12, 8, 8, 8)
        self._checks.setSpacing(6)
        area = ScrollColumn(holder)
        inner.addWidget(area)
        box.addWidget(frame, 1)
        return box

    def _footer(self) -> None:
        self._show_again = QCheckBox(self.tr("Show this before every job"))
        self._show_again.setChecked(self._session.settings.value.show_preflight)
        self._show_again.toggled.connect(
            lambda on: self._session.settings.update(show_preflight=on)
        )
        self.footer.addWidget(self._show_again)
        self.footer.addStretch(1)
        self._origin = label("", "smallThird")
        self.footer.addWidget(self._origin)
        self.footer.addWidget(button(self.tr("Cancel"), self.reject))
        self.queue_button = button(self.tr("Add to queue"), lambda: self._accept(next_one=False))
        self.footer.addWidget(self.queue_button)
        self.render_button = primary(
            self.tr("Render"),
            lambda: self._accept(next_one=True),
            icon=self._theme.icons.icon("play", "on_filled"),
        )
        self.render_button.setObjectName("preflightRender")
        self.render_button.setDefault(True)
        self.footer.addWidget(self.render_button)

    # Acting

    def _set(self, name: str, value: Any) -> None:
        self._data = self._data.with_option(name, value)
        self.refresh()

    def _choose_preset(self, name: str) -> None:
        _, self._data = commands.set_preset(self._data, name, self._own_presets())
        self.refresh()

    def _choose_range(self, index: int) -> None:
        self._what = _WHAT[index]
        self.refresh()

    def _limit_moved(self, value: int) -> None:
        self._vram_limit = value / 10
        self.refresh()

    def _accept(self, *, next_one: bool) -> None:
        session = self._session
        if self._data != session.data:
            text = commands.set_preset(self._data, self._data.preset, {})[0]
            session.project.edit((text, self._data))
        session.settings.update(vram_limit_gib=self._vram_limit, default_preset=self._data.preset)
        if session.render(frames=self._frames(), next_one=next_one):
            self.accept()

    def _own_presets(self) -> commands.Presets:
        return self._session.planner.own_presets(self._data.model)

    # Computing

    def _frames(self) -> tuple[int, int] | None:
        """The part of the timeline that is to be rendered."""
        session = self._session
        if self._what == "range":
            return session.frames
        if self._what == "stale":
            stale = session.timeline.indices("stale")
            if stale:
                chunks = session.timeline.chunks
                return chunks[stale[0]].first_frame, chunks[stale[-1]].end_frame
        return None

    def plan_of(self, data: ProjectData) -> Plan | None:
        """The plan of a variant of the project."""
        planner = self._session.planner
        request = planner.request_of(data)
        if request is None:
            return None
        limit = int(self._vram_limit * GIB) if self._vram_limit else None
        return planner.plan_for(request, data, frames=self._frames(), vram_limit=limit)

    def refresh(self) -> None:
        """Everything anew; called after each change."""
        planner = self._session.planner
        machine, weights = self._session.engine.machine, planner.weights_for(self._data.model)
        self.problem = None
        try:
            self.plan = self.plan_of(self._data)
        except EngineError as error:
            self.plan, self.problem = None, error.report
        self._show_head()
        self._show_figures(machine)
        self._show_presets()
        self._show_adjust(machine)
        checks = self._make_checks(machine, weights)
        self._show_checks(checks)
        red = any(check.level == "error" for check in checks)
        self.render_button.setEnabled(self.plan is not None and not red)
        self.queue_button.setEnabled(self.plan is not None and not red)
        self._show_origin()

    def _show_head(self) -> None:
        session = self._session
        count = len(session.timeline.chunks)
        speakers = self.tr("%n speakers", "", len(self._data.speakers))
        self._subtitle.setText(
            self.tr("{0} · chunks 1 to {1} · {2}").format(
                session.project.name or self.tr("Untitled"), count, speakers
            )
        )
        self._range.choose(_WHAT.index(self._what))
        self._range.button(1).setEnabled(session.frames is not None)
        self._range.button(2).setEnabled(bool(session.timeline.indices("stale")))

    def _show_figures(self, machine: Machine | None) -> None:
        plan = self.plan
        if plan is None or machine is None:
            for made in self._figures.values():
                made.show_figure("–", self.tr("not known yet"), 0.0, -1.0, "good")
            return
        ready = QTime.currentTime().addSecs(round(plan.seconds) % 86400)
        self._figures["time"].show_figure(
            duration_text(plan.seconds),
            self.tr("{0} a chunk, ready {1}").format(
                duration_text(plan.seconds_per_chunk), QLocale().toString(ready, "HH:mm")
            ),
            *_share(plan.seconds, _NIGHT),
            "warning" if plan.seconds > _NIGHT else "good",
        )
        resident = (
            self.tr("no block resident")
            if plan.resident_blocks == 0
            else self.tr("%n blocks resident", "", plan.resident_blocks)
        )
        if machine.gpu is None:
            self._figures["vram"].show_figure(
                "–", self.tr("no graphics card is used"), 0.0, -1.0, "good"
            )
        else:
            self._memory_figure(
                "vram",
                plan.peak_vram,
                machine.vram_free,
                self.tr("of {0} free now; {1}").format(gib_text(machine.vram_free), resident),
            )
        self._memory_figure(
            "ram",
            plan.peak_ram,
            machine.ram_free,
            self.tr("of {0} free").format(gib_text(machine.ram_free)),
        )
        self._memory_figure(
            "disk",
            plan.disk,
            machine.disk_free,
            self.tr("of {0} free").format(gib_text(machine.disk_free)),
        )

    def _memory_figure(self, name: str, need: int, free: int, text: str) -> None:
        at = "error" if need > free else "good"
        self._figures[name].show_figure(gib_text(need), text, *_share(need, free), at)

    def _show_presets(self) -> None:
        for name, row in self._rows.items():
            preset = PRESETS[name]
            _, data = commands.set_preset(self._data, name, self._own_presets())
            data = replace(data, options={**data.options, **_kept(self._data)})
            try:
                plan = self.plan_of(data)
            except EngineError:
                plan = None
            steps = data.option("steps")
            what = self.tr("{0} steps").format(steps)
            if preset.fast_lora:
                what += " " + self.tr("with the fast LoRA")
            if plan is not None:
                passes = len(plan.branches)
                what = f"{plan.size[1]} × {plan.size[0]}, {what}"
                if passes > 2:
                    what += ", " + self.tr("{0} passes a step").format(passes)
            time = duration_text(plan.seconds) if plan is not None else "–"
            warning = ""
            if plan is not None and plan.seconds > 2 * 86400:
                warning = self.tr("not advised on this machine")
            elif plan is not None and plan.seconds > _NIGHT:
                warning = self.tr("longer than a night")
            row.show_preset(what, time, warning, active=name == self._data.preset)

    def _show_adjust(self, machine: Machine | None) -> None:
        for widget in (self._size, self._steps, self._precision, self._limit):
            widget.blockSignals(True)
        size = self._data.option("size")
        at = next((i for i in range(self._size.count()) if self._size.itemData(i) == size), 0)
        self._size.setCurrentIndex(at)
        if self.plan is not None:
            text = f"{self.plan.size[1]} × {self.plan.size[0]}"
            self._size.setItemText(0, self.tr("as the source ({0})").format(text))
        self._steps.setValue(self._data.option("steps"))
        self._precision.setCurrentIndex(self._precision.findData(self._data.option("precision")))
        on_card = machine is not None and machine.gpu is not None
        for widget in (self._limit_name, self._limit, self._limit_text):
            widget.setVisible(on_card)
        if machine is not None and on_card:
            most = max(round(machine.vram_total / GIB * 10), 10)
            self._limit.setRange(10, most)
            value = round(self._vram_limit * 10) or round(machine.vram_free / GIB * 10)
            self._limit.setValue(value)
            self._limit_text.setText(gib_text(self._limit.value() / 10 * GIB))
        for widget in (self._size, self._steps, self._precision, self._limit):
            widget.blockSignals(False)

    def _show_origin(self) -> None:
        if self.plan is None:
            self._origin.setText("")
        elif self.plan.seconds_origin == "measured":
            self._origin.setText(self.tr("Times were measured on this machine, ±8 %"))
        else:
            self._origin.setText(self.tr("Times are estimated from this machine's figures, ±40 %"))

    # Checks

    def _make_checks(self, machine: Machine | None, weights: WeightsFacts | None) -> list[Check]:
        return make_checks(
            self._session,
            self._data.model,
            self.plan,
            self.problem,
            machine,
            weights,
            self._buttons_for,
        )

    def _buttons_for(self, report: ErrorReport) -> tuple[CheckButton, ...]:
        """What mends a check; it is done to the copy that this sheet shows."""
        size = CheckButton(text=self.tr("Smaller size"), act=self._smaller)
        other = CheckButton(text=self.tr("Other size"), act=self._size.showPopup)
        models = CheckButton(text=self.tr("Models…"), act=self._open_models)
        lora = str(report.facts.get("path", ""))
        table: dict[str, tuple[CheckButton, ...]] = {
            "vram.not_enough": (size,),
            "ram.not_enough": (size,),
            "disk.full": (size, CheckButton(text=self.tr("Jobs folder…"), act=self._other_folder)),
            "disk.not_enough": (size,),
            "disk.slow": (models,),
            "gpu.driver_old": (
                CheckButton(
                    text=self.tr("Open download page"), act=partial(open_address, DRIVER_PAGE)
                ),
            ),
            "gpu.busy": (CheckButton(text=self.tr("Wait for it"), act=self._wait_for_card),),
            "weights.no_multi": (
                CheckButton(text=self.tr("Use one speaker"), act=self._one_speaker),
                models,
            ),
            "weights.missing": (models,),
            "lora.no_match": (
                CheckButton(text=self.tr("Remove it"), act=partial(self._without_lora, lora)),
            ),
            "source.crop": (other,),
            "source.short": self._source_ends(report),
            "speech.unequal": self._unequal(report),
        }
        return table.get(report.code, ())

    def _source_ends(self, report: ErrorReport) -> tuple[CheckButton, ...]:
        if report.facts.get("end") == "stop":
            return ()
        return (CheckButton(text=self.tr("End with source"), act=self._end_with_source),)

    def _end_with_source(self) -> None:
        self._set("mends", replace(self._data.option("mends"), source_end="stop"))

    def _unequal(self, report: ErrorReport) -> tuple[CheckButton, ...]:
        number, seconds = report.facts.get("speaker"), report.facts.get("seconds")
        if not isinstance(number, int) or not isinstance(seconds, (int, float)):
            return ()
        return (
            CheckButton(
                text=self.tr("Move to the end instead"),
                act=partial(self._move_to_end, number, float(seconds)),
            ),
        )

    def _move_to_end(self, number: int, seconds: float) -> None:
        start = self._data.speakers[number].start + seconds
        self._data = commands.change_speaker(self._data, number, start=round(start, 3))[1]
        self.refresh()

    def _without_lora(self, path: str) -> None:
        left = tuple(lora for lora in self._data.option("loras") if str(lora.path) != path)
        self._set("loras", left)

    def _other_folder(self) -> None:
        self.reject()
        self._session.settings_wanted.emit("folders")

    def _wait_for_card(self) -> None:
        self._session.card_wait_wanted.emit(self.plan.peak_vram if self.plan is not None else 0)
        self._accept(next_one=True)

    def _open_models(self) -> None:
        self.reject()
        self._session.models.page_wanted.emit()

    def _smaller(self) -> None:
        self._data = commands.smaller_size(self._data)[1]
        self.refresh()

    def _one_speaker(self) -> None:
        self._data = replace(self._data, speakers=self._data.speakers[:1])
        self.refresh()

    def _show_checks(self, checks: list[Check]) -> None:
        while (item := self._checks.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.hide()
                widget.deleteLater()
        for index, check in enumerate(checks):
            if index:
                self._checks.addWidget(line())
            self._checks.addWidget(CheckRow(check, self._theme))
        self._checks.addStretch(1)


def _share(need: float, limit: float) -> tuple[float, float]:
    """Bar and tick on one scale: the tick stands at three quarters, or the bar runs past it."""
    scale = max(limit / 0.85, need)
    return need / max(scale, 1e-9), limit / max(scale, 1e-9)


def _kept(data: ProjectData) -> dict[str, Any]:
    """Options that no preset sets."""
    named = set().union(*(p.changes for p in PRESETS.values()))
    return {k: v for k, v in data.options.items() if k not in named}
