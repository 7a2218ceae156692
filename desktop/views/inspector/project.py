"""The project's settings: what every chunk has that has none of its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop import commands
from desktop.state.document import MINIATURE
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import link, tool
from desktop.widgets.column import ScrollColumn
from desktop.widgets.fields import PromptEdit, SeedEdit, choice, number, whole
from desktop.widgets.labels import ElidedLabel, label, line
from infinitetalk.media.buckets import BUCKETS
from infinitetalk.request import PRESETS, Apg, Lora, Mends


class ProjectInspector(QWidget):
    """Every choice of the request that is not of a single chunk, in the order of their use."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("projectInspector")
        self._session, self._theme = session, theme
        self._refreshers: list[Callable[[], None]] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(16, 14, 16, 14)
        self._box.setSpacing(8)
        self._basics()
        self._size()
        self._guidance()
        self._source()
        self._advanced()
        self._box.addStretch(1)
        area = ScrollColumn(inner)
        outer.addWidget(area)
        session.project.changed.connect(lambda _: self.refresh())
        session.project.replaced.connect(self.refresh)
        session.engine.weights_changed.connect(self._models_changed)
        self.refresh()

    def _section(self, text: str) -> None:
        if self._box.count():
            self._box.addWidget(line())
        self._box.addWidget(label(text, "section"))

    def _row(self, text: str, editor: QWidget, tip: str = "") -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        title = label(text, "second", wrap=True)
        title.setToolTip(tip)
        editor.setToolTip(tip)
        editor.setAccessibleName(text)
        row.addWidget(title, 1)
        if isinstance(editor, QComboBox):
            editor.setMinimumWidth(self._theme.px(160))
            if editor.count():
                editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        else:
            editor.setFixedWidth(self._theme.px(160))
        row.addWidget(editor)
        self._box.addLayout(row)

    # Parts

    def _basics(self) -> None:
        self._section(self.tr("Model and quality"))
        self._model = choice([])
        self._model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._model.activated.connect(lambda _: self._choose_model(str(self._model.currentData())))
        self._row(self.tr("Model"), self._model)
        self._models_changed()
        preset = choice(
            [(self.tr("the model's own"), ""), *((p.title, p.name) for p in PRESETS.values())]
        )
        preset.activated.connect(lambda _: self._choose_preset(preset.currentData()))
        self._follow(lambda: preset.setCurrentIndex(preset.findData(self._data.preset)))
        self._row(self.tr("Preset"), preset)
        self._box.addWidget(label(self.tr("Prompt"), "second"))
        self._prompt("prompt", self.tr("Prompt"), 3)
        self._box.addWidget(label(self.tr("Negative prompt"), "second"))
        self._prompt("negative_prompt", self.tr("Negative prompt"), 3)
        seed = SeedEdit()
        seed.seed_changed.connect(lambda value: self._set("seed", value))
        self._follow(lambda: seed.show_seed(self._data.option("seed")))
        other = tool(self._theme.icons.icon("stale", "second"), self.tr("New seed"), seed.draw)
        seed.setAccessibleName(self.tr("Seed"))
        seed.setToolTip(self.tr("A negative number draws a new one"))
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(seed, 1)
        row.addWidget(other)
        self._row(self.tr("Seed"), both)

    def _size(self) -> None:
        self._section(self.tr("Size and steps"))
        resolution = choice([("480", "480"), ("720", "720")])
        resolution.activated.connect(lambda _: self._set("resolution", resolution.currentData()))
        self._follow(
            lambda: resolution.setCurrentIndex(resolution.findData(self._data.option("resolution")))
        )
        self._row(self.tr("Resolution"), resolution, self.tr("Set of sizes; 720 takes 2.5 times"))
        sizes = choice([(self.tr("as the source"), None)])
        known = sorted({size for table in BUCKETS.values() for _, size in table})
        for height, width in known:
            sizes.addItem(f"{width} × {height}", (height, width))
        sizes.activated.connect(lambda _: self._set("size", sizes.currentData()))
        self._follow(
            lambda: sizes.setCurrentIndex(
                max(
                    next(
                        (
                            i
                            for i in range(sizes.count())
                            if sizes.itemData(i) == self._data.option("size")
                        ),
                        0,
                    ),
                    0,
                )
            )
        )
        self._row(self.tr("Size"), sizes)
        self._scale = self._number("size_scale", 0.05, 1.0, 0.05, 2)
        self._row(self.tr("Scale"), self._scale, self.tr("Share of the sides; drafts use 0.5"))
        self._row(self.tr("Steps"), self._whole("steps", 1, 1000))
        precision = choice([(p, p) for p in ("int8", "fp8", "bf16", "fp32")])
        precision.activated.connect(lambda _: self._set("precision", precision.currentData()))
        self._follow(
            lambda: precision.setCurrentIndex(precision.findData(self._data.option("precision")))
        )
        self._row(self.tr("Precision"), precision)
        mode = choice(
            [(self.tr("as long as the speech"), "streaming"), (self.tr("one chunk"), "clip")]
        )
        mode.activated.connect(lambda _: self._set("mode", mode.currentData()))
        self._follow(lambda: mode.setCurrentIndex(mode.findData(self._data.option("mode"))))
        self._row(self.tr("Length"), mode)

    def _guidance(self) -> None:
        self._section(self.tr("Guidance"))
        self._row(self.tr("Text guidance"), self._number("text_guidance_scale", 0, 100, 0.5, 1))
        self._row(self.tr("Audio guidance"), self._number("audio_guidance_scale", 0, 100, 0.5, 1))
        shift = number(0, 100, 0.5, 1)
        shift.setSpecialValueText(self.tr("the model's own"))
        shift.valueChanged.connect(lambda value: self._set("shift", value or None))
        self._follow(lambda: _quiet(shift, self._data.option("shift") or 0.0))
        self._row(self.tr("Schedule shift"), shift)
        self._row(
            self.tr("Color correction"),
            self._number("color_correction", 0, 1, 0.1, 2),
            self.tr("How far colors are drawn to the source, against drift"),
        )
        self._check(
            self.tr("Adaptive projected guidance"),
            lambda: self._data.option("apg") is not None,
            lambda on: self._set("apg", Apg() if on else None),
        )
        skip = number(0, 1, 0.01, 2)
        skip.setSpecialValueText(self.tr("off"))
        skip.valueChanged.connect(lambda value: self._set("teacache_threshold", value or None))
        self._follow(lambda: _quiet(skip, self._data.option("teacache_threshold") or 0.0))
        self._row(
            self.tr("Step skipping"), skip, self.tr("TeaCache: higher is faster and less exact")
        )
        row = QHBoxLayout()
        row.addWidget(label(self.tr("LoRAs"), "second"), 1)
        row.addWidget(link(self.tr("Add…"), self._add_lora))
        self._box.addLayout(row)
        self._loras = QVBoxLayout()
        self._box.addLayout(self._loras)
        self._follow(self._show_loras)

    def _source(self) -> None:
        self._section(self.tr("Source"))
        end = choice(
            [
                (self.tr("back and forth"), "pingpong"),
                (self.tr("loop"), "loop"),
                (self.tr("hold last frame"), "hold"),
                (self.tr("end with source"), "stop"),
            ]
        )
        end.activated.connect(lambda _: self._set_mends(source_end=end.currentData()))
        self._follow(
            lambda: end.setCurrentIndex(end.findData(self._data.option("mends").source_end))
        )
        self._row(
            self.tr("After its end"), end, self.tr("Where the speech is longer than the video")
        )
        color = choice(
            [(self.tr("each chunk's frame"), "chunk"), (self.tr("first frame"), "first")]
        )
        color.activated.connect(lambda _: self._set_mends(color_reference=color.currentData()))
        self._follow(
            lambda: color.setCurrentIndex(
                color.findData(self._data.option("mends").color_reference)
            )
        )
        self._row(self.tr("Color reference"), color)
        self._check(
            self.tr("Begin anew at scene cuts"),
            lambda: bool(self._data.option("scene_cuts")),
            lambda on: self._set("scene_cuts", on),
        )

    def _advanced(self) -> None:
        self._section(self.tr("Advanced"))
        frames = whole(0, 10_000_000)
        frames.setSpecialValueText(self.tr("no limit"))
        frames.valueChanged.connect(lambda value: self._set("max_frames", value or None))
        self._follow(lambda: _quiet(frames, self._data.option("max_frames") or 0))
        self._row(self.tr("Longest, frames"), frames)
        self._check(
            self.tr("Exactly as the reference"),
            lambda: self._data.option("mends") == Mends.reference(),
            lambda on: self._set("mends", Mends.reference() if on else Mends()),
        )

    # Editors

    def _prompt(self, name: str, title: str, lines: int) -> None:
        editor = PromptEdit(lines, self._theme)
        editor.setAccessibleName(title)
        editor.edited.connect(lambda text: self._set(name, text))
        self._follow(lambda: editor.show_text(self._data.option(name)))
        self._box.addWidget(editor)

    def _number(
        self, name: str, low: float, high: float, step: float, digits: int
    ) -> QDoubleSpinBox:
        box = number(low, high, step, digits)
        box.valueChanged.connect(lambda value: self._set(name, value))
        self._follow(lambda: _quiet(box, float(self._data.option(name))))
        return box

    def _whole(self, name: str, low: int, high: int) -> QSpinBox:
        box = whole(low, high)
        box.valueChanged.connect(lambda value: self._set(name, value))
        self._follow(lambda: _quiet(box, self._data.option(name)))
        return box

    def _check(self, text: str, get: Callable[[], bool], act: Callable[[bool], None]) -> None:
        box = QCheckBox(text)
        box.clicked.connect(act)
        self._follow(lambda: box.setChecked(get()))
        self._box.addWidget(box)

    def _follow(self, refresh: Callable[[], Any]) -> None:
        self._refreshers.append(refresh)

    # Acting

    @property
    def _data(self) -> Any:
        return self._session.data

    def _edit(self, change: Any) -> None:
        self._session.project.edit(change)

    def _set(self, name: str, value: Any) -> None:
        change = commands.set_option(self._data, name, value)
        self._session.project.edit(change, kind=f"option {name}")

    def _choose_model(self, model: str) -> None:
        own = self._session.planner.own_presets(model)
        self._edit(commands.set_model(self._data, model, own))

    def _choose_preset(self, preset: str) -> None:
        own = self._session.planner.own_presets(self._data.model)
        self._edit(commands.set_preset(self._data, preset, own))

    def _set_mends(self, **changes: Any) -> None:
        self._set("mends", replace(self._data.option("mends"), **changes))

    def refresh(self) -> None:
        for refresh in self._refreshers:
            refresh()
        self._show_model()

    def _models_changed(self) -> None:
        self._model.clear()
        self._model.addItem(self.tr("Miniature (bundled)"), MINIATURE)
        for place in self._session.engine.weights:
            if place != MINIATURE:
                self._model.addItem(Path(place).name, place)
        self._show_model()

    def _show_model(self) -> None:
        model = self._data.model
        if self._model.findData(model) < 0:
            self._model.addItem(Path(model).name, model)
        self._model.setCurrentIndex(self._model.findData(model))

    def _show_loras(self) -> None:
        while (item := self._loras.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.hide()
                widget.deleteLater()
        for index, lora in enumerate(self._data.option("loras")):
            part = QWidget()
            row = QHBoxLayout(part)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(ElidedLabel(lora.path.name, "small"), 1)
            scale = number(-4, 4, 0.05, 2)
            scale.setFixedWidth(self._theme.px(72))
            scale.setValue(lora.scale)
            scale.setAccessibleName(self.tr("Strength of {0}").format(lora.path.name))
            scale.valueChanged.connect(lambda value, i=index: self._scale_lora(i, value))
            row.addWidget(scale)
            row.addWidget(
                tool(
                    self._theme.icons.icon("trash", "second"),
                    self.tr("Remove {0}").format(lora.path.name),
                    lambda i=index: self._remove_lora(i),
                )
            )
            self._loras.addWidget(part)

    def _add_lora(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Add a LoRA"), "", self.tr("LoRA (*.safetensors)")
        )
        if path:
            self._set("loras", (*self._data.option("loras"), Lora(path=Path(path), scale=1.0)))

    def _scale_lora(self, index: int, scale: float) -> None:
        loras = list(self._data.option("loras"))
        if loras[index].scale != scale:
            loras[index] = replace(loras[index], scale=scale)
            self._set("loras", tuple(loras))

    def _remove_lora(self, index: int) -> None:
        loras = list(self._data.option("loras"))
        del loras[index]
        self._set("loras", tuple(loras))


def _quiet(box: QSpinBox | QDoubleSpinBox, value: Any) -> None:
    """Shows a value without announcing it."""
    if box.value() != value:
        box.blockSignals(True)
        box.setValue(value)
        box.blockSignals(False)
