"""Quality before rendering: presets with their times, and what can be adjusted of them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from desktop.state.clock_text import GIB, duration_text, gib_text
from desktop.theme import Theme
from desktop.views.preflight_choice import PreflightChoice
from desktop.views.preflight_figures import NIGHT
from desktop.views.preflight_parts import PresetRow
from desktop.widgets.fields import choice, whole
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import card, label
from infinitetalk.media.buckets import BUCKETS
from infinitetalk.plan import Machine, Plan
from infinitetalk.request import PRESETS, Preset

_LONG = 2 * 86400.0  # seconds


class QualityColumn(QWidget):
    """Edits what is chosen; shows it when told to."""

    def __init__(self, chosen: PreflightChoice, theme: Theme) -> None:
        super().__init__()
        self._choice, self._theme = chosen, theme
        self.presets: dict[str, PresetRow] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(label(self.tr("Quality"), "section"))
        for preset in PRESETS.values():
            row = PresetRow(preset.name, preset.title, theme)
            row.chosen.connect(chosen.choose_preset)
            self.presets[preset.name] = row
            box.addWidget(row)
        box.addWidget(label(self.tr("Adjust"), "section"))
        box.addWidget(self._adjust())
        box.addStretch(1)

    def _adjust(self) -> QWidget:
        frame = card()
        lines = QVBoxLayout(frame)
        lines.setContentsMargins(12, 10, 12, 10)
        lines.setSpacing(6)
        self.size_box = choice([(self.tr("as the source"), None)])
        self.size_box.setAccessibleName(self.tr("Size"))
        for resolution in ("480", "720"):
            for _, size in BUCKETS[resolution]:
                if self.size_box.findData(size) < 0:
                    self.size_box.addItem(f"{size[1]} × {size[0]}", size)
        self.size_box.activated.connect(
            lambda _: self._choice.set("size", self.size_box.currentData())
        )
        self.steps = whole(1, 1000)
        self.steps.setAccessibleName(self.tr("Steps"))
        self.steps.setFixedWidth(self._theme.px(64))
        self.steps.valueChanged.connect(lambda value: self._choice.set("steps", value))
        self._precision = choice([(p, p) for p in ("int8", "fp8", "bf16", "fp32")])
        self._precision.setAccessibleName(self.tr("Precision"))
        self._precision.activated.connect(
            lambda _: self._choice.set("precision", self._precision.currentData())
        )
        pairs = QWidget()
        flow = FlowLayout(pairs, gap=14)
        for text, editor in (
            (self.tr("Size"), self.size_box),
            (self.tr("Steps"), self.steps),
            (self.tr("Precision"), self._precision),
        ):
            flow.addWidget(_pair(text, editor))
        lines.addWidget(pairs)
        self._limit_name = label(self.tr("VRAM limit"), "second")
        self.limit = QSlider(Qt.Orientation.Horizontal)
        self.limit.setAccessibleName(self.tr("VRAM limit"))
        self.limit.valueChanged.connect(lambda value: self._choice.set_vram_limit(value / 10))
        self._limit_text = label("", "")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._limit_name)
        row.addWidget(self.limit, 1)
        row.addWidget(self._limit_text)
        lines.addLayout(row)
        hint = label(
            self.tr("Every finished chunk is saved. Stop when you like and go on another night."),
            "small",
            wrap=True,
        )
        lines.addWidget(hint)
        return frame

    def show_choice(self, machine: Machine | None) -> None:
        for name, row in self.presets.items():
            self._show_preset(row, PRESETS[name])
        edited = (self.size_box, self.steps, self._precision, self.limit)
        for widget in edited:
            widget.blockSignals(True)
        self._show_adjust()
        self._show_limit(machine)
        for widget in edited:
            widget.blockSignals(False)

    def _show_preset(self, row: PresetRow, preset: Preset) -> None:
        data, plan = self._choice.plan_with(preset.name)
        what = self.tr("{0} steps").format(data.option("steps"))
        if preset.fast_lora:
            what += " " + self.tr("with the fast LoRA")
        if plan is not None:
            what = f"{plan.size[1]} × {plan.size[0]}, {what}"
            if len(plan.branches) > 2:
                what += ", " + self.tr("{0} passes a step").format(len(plan.branches))
        time = duration_text(plan.seconds) if plan is not None else "–"
        active = preset.name == self._choice.data.preset
        row.show_preset(what, time, self._warning(plan), active=active)

    def _warning(self, plan: Plan | None) -> str:
        if plan is not None and plan.seconds > _LONG:
            return self.tr("not advised on this machine")
        if plan is not None and plan.seconds > NIGHT:
            return self.tr("longer than a night")
        return ""

    def _show_adjust(self) -> None:
        data, plan = self._choice.data, self._choice.plan
        size, sizes = data.option("size"), self.size_box
        at = next((i for i in range(sizes.count()) if sizes.itemData(i) == size), 0)
        sizes.setCurrentIndex(at)
        if plan is not None:
            text = f"{plan.size[1]} × {plan.size[0]}"
            sizes.setItemText(0, self.tr("as the source ({0})").format(text))
        self.steps.setValue(data.option("steps"))
        # What is stored in 8 bit stays so, and a processor computes in float32 where it may.
        used = plan.precision if plan is not None else data.option("precision")
        self._precision.setCurrentIndex(self._precision.findData(used))

    def _show_limit(self, machine: Machine | None) -> None:
        on_card = machine is not None and machine.gpu is not None
        for widget in (self._limit_name, self.limit, self._limit_text):
            widget.setVisible(on_card)
        if machine is not None and on_card:
            most = max(round(machine.vram_total / GIB * 10), 10)
            self.limit.setRange(10, most)
            value = round(self._choice.vram_limit * 10) or round(machine.vram_free / GIB * 10)
            self.limit.setValue(value)
            self._limit_text.setText(gib_text(self.limit.value() / 10 * GIB))


def _pair(text: str, editor: QWidget) -> QWidget:
    """An editor with its name, never in two lines."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(label(text, "second"))
    row.addWidget(editor)
    return made
