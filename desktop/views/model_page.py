"""Set up: the machine, the models, the first video. Each step can be skipped.

The model step is also the model manager: it lists what each folder holds, says what is wrong, and
uses files where they are.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import commands
from desktop.state.clock_text import GIB, gib_text, gigabyte_text
from desktop.state.document import MINIATURE
from desktop.state.engine_link import EngineLink
from desktop.state.first_video import FirstVideo
from desktop.state.opening import Opener
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, link, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.folders import open_folder
from desktop.widgets.labels import ElidedLabel, card, label, line
from desktop.widgets.step_mark import StepMark
from infinitetalk import wire
from infinitetalk.errors import ErrorReport
from infinitetalk.paths import data_folder, jobs_folder
from infinitetalk.plan import Machine, WeightsFacts

_PAGES = ("machine", "models", "first")

# What the big model consists of, where it comes from, and its size in bytes as published.
_PARTS: tuple[tuple[str, str, float], ...] = (
    ("Wan2.1-I2V-14B-480P", "Wan-AI/Wan2.1-I2V-14B-480P", 65.6e9),
    ("InfiniteTalk", "MeiGen-AI/InfiniteTalk", 5.0e9),
    ("chinese-wav2vec2-base", "TencentGameMate/chinese-wav2vec2-base", 0.38e9),
    ("lightx2v LoRA", "lightx2v/Wan2.1-I2V-14B-480P-StepDistill-CfgDistill-Lightx2v", 0.74e9),
)


class ModelPage(SheetDialog):
    """The set-up page. Closing it is fine; work goes on in the background."""

    def __init__(
        self, session: Session, opener: Opener | None, theme: Theme, parent: QWidget | None
    ) -> None:
        super().__init__(parent, "modelPage", "")
        self.setWindowTitle(self.tr("Set up"))
        self.resize(1180, 690)
        self._session, self._opener, self._theme = session, opener, theme
        self._first = FirstVideo(session, opener) if opener is not None else None
        self._marks: list[StepMark] = []
        self._titles: list[QLabel] = []
        self._notes: list[QLabel] = []
        self.body.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._side())
        self._pages = QStackedWidget()
        for build in (self._machine_page, self._models_page, self._first_page):
            self._pages.addWidget(build())
        row.addWidget(self._pages, 1)
        self.body.addLayout(row)
        self._footer()
        session.engine.machine_changed.connect(self.refresh)
        session.engine.weights_changed.connect(self.refresh)
        self.show_page("machine")

    # Parts

    def _side(self) -> QWidget:
        side = QFrame()
        side.setProperty("kind", "side")
        side.setFixedWidth(self._theme.px(270))
        box = QVBoxLayout(side)
        box.setContentsMargins(22, 22, 18, 18)
        box.setSpacing(14)
        box.addWidget(label(self.tr("Set up"), "title"))
        box.addWidget(label("InfiniteTalk Desktop", "second"))
        for number, (title, note) in enumerate(
            (
                (self.tr("Your machine"), self.tr("checked")),
                (self.tr("Models"), self.tr("choose a folder")),
                (self.tr("First video"), self.tr("on the miniature model")),
            )
        ):
            part = QWidget()
            row = QHBoxLayout(part)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(12)
            mark = StepMark(number + 1, self._theme)
            texts = QVBoxLayout()
            texts.setSpacing(0)
            name = button(title, partial(self._go, number))
            name.setProperty("kind", "step")
            small = label(note, "small")
            texts.addWidget(name)
            texts.addWidget(small)
            row.addWidget(mark)
            row.addLayout(texts, 1)
            self._marks.append(mark)
            self._notes.append(small)
            box.addWidget(part)
        box.addStretch(1)
        hint = card()
        inner = QVBoxLayout(hint)
        inner.setContentsMargins(12, 10, 12, 10)
        inner.addWidget(label(self.tr("No waiting needed"), "strong"))
        inner.addWidget(
            label(
                self.tr("The miniature model is already here. Make a small first video with it."),
                "small",
                wrap=True,
            )
        )
        self.try_button = button(
            self.tr("Try the miniature model"),
            self.try_miniature,
            icon=self._theme.icons.icon("play"),
        )
        self.try_button.setObjectName("tryMiniature")
        inner.addWidget(self.try_button)
        box.addWidget(hint)
        return side

    def _page(self, title: str, text: str) -> tuple[QWidget, QVBoxLayout]:
        page = QWidget()
        page.setObjectName("page")
        box = QVBoxLayout(page)
        box.setContentsMargins(26, 24, 26, 16)
        box.setSpacing(12)
        box.addWidget(label(title, "title"))
        box.addWidget(label(text, "second", wrap=True))
        return page, box

    def _machine_page(self) -> QWidget:
        page, box = self._page(
            self.tr("Your machine"),
            self.tr("Dub only people who agree to it. Everything stays on this computer."),
        )
        self._machine_rows = QVBoxLayout()
        self._machine_rows.setSpacing(8)
        box.addLayout(self._machine_rows)
        box.addWidget(link(self.tr("Check again"), self._probe), 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)
        return page

    def _models_page(self) -> QWidget:
        page, box = self._page(
            self.tr("Models"),
            self.tr(
                "Model files are recognized by their content, never by their name, and used where "
                "they are. Nothing is moved or deleted."
            ),
        )
        row = QHBoxLayout()
        self._folder = QLineEdit()
        self._folder.setReadOnly(True)
        self._folder.setAccessibleName(self.tr("Folder of models"))
        row.addWidget(self._folder, 1)
        row.addWidget(button(self.tr("Choose…"), self._choose))
        row.addWidget(
            button(
                self.tr("Import from a folder…"),
                self._import,
                icon=self._theme.icons.icon("import"),
            )
        )
        box.addLayout(row)
        self._space = label("", "small")
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        holder.setObjectName("scrolled")
        self._models = QVBoxLayout(holder)
        self._models.setContentsMargins(14, 10, 14, 10)
        self._models.setSpacing(8)
        area.setWidget(holder)
        inner.addWidget(area)
        box.addWidget(frame, 1)
        box.addWidget(self._space)
        return page

    def _first_page(self) -> QWidget:
        page, box = self._page(
            self.tr("First video"),
            self.tr(
                "The miniature model draws a small face that speaks a bundled sentence. It takes "
                "the same way through the program as the big model, with small weights."
            ),
        )
        go = button(
            self.tr("Try the miniature model"),
            self.try_miniature,
            icon=self._theme.icons.icon("play"),
        )
        box.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
        self._first_state = label("", "small", wrap=True)
        box.addWidget(self._first_state)
        box.addSpacing(12)
        box.addWidget(label(self.tr("Then"), "section"))
        for text in (
            self.tr("Export it: the button at the top right."),
            self.tr("Select a chunk in the timeline and press R: another take."),
            self.tr("Get the big model: step 2 of this page says what it consists of."),
        ):
            box.addWidget(label("•  " + text, "", wrap=True))
        box.addStretch(1)
        return page

    def _footer(self) -> None:
        self._state = label("", "second")
        self.footer.addWidget(self._state, 1)
        self._back = button(self.tr("Back"), lambda: self._go(self._pages.currentIndex() - 1))
        self.footer.addWidget(self._back)
        self._skip = button(self.tr("Close"), self.accept)
        self.footer.addWidget(self._skip)
        self._next = primary(self.tr("Next"), self._forward)
        self._next.setDefault(True)
        self.footer.addWidget(self._next)

    # Moving

    def show_page(self, page: str) -> None:
        self._go(_PAGES.index(page))

    def _go(self, index: int) -> None:
        self._pages.setCurrentIndex(min(max(index, 0), len(_PAGES) - 1))
        self.refresh()

    def _forward(self) -> None:
        if self._pages.currentIndex() == len(_PAGES) - 1:
            self.try_miniature()
        else:
            self._go(self._pages.currentIndex() + 1)

    def done(self, result: int) -> None:
        self._session.settings.update(first_run_done=True)
        super().done(result)

    # Showing

    def refresh(self) -> None:
        engine = self._session.engine
        index = self._pages.currentIndex()
        ready = (engine.machine is not None, len(engine.weights) > 0, False)
        for number, mark in enumerate(self._marks):
            state = "now" if number == index else ("done" if ready[number] else "open")
            mark.show_state(state)
        self._notes[0].setText(
            self.tr("checked") if engine.machine is not None else self.tr("looking…")
        )
        self._back.setEnabled(index > 0)
        last = index == len(_PAGES) - 1
        self._next.setText(self.tr("Try the miniature model") if last else self.tr("Next"))
        there = MINIATURE in engine.weights
        self.try_button.setEnabled(there)
        if last:
            self._next.setEnabled(there)
        else:
            self._next.setEnabled(True)
        self._first_state.setText("" if there else self._miniature_problem())
        self._show_machine(engine.machine)
        self._show_models(engine)

    def _miniature_problem(self) -> str:
        if not self._session.engine.probed:
            return self.tr("The engine is starting…")
        for place, report in self._session.engine.unusable.items():
            if Path(place).name == "demo_model":
                return f"{report.title}. {report.detail}"
        return self.tr("The miniature model is not part of this installation.")

    def _show_machine(self, machine: Machine | None) -> None:
        _clear(self._machine_rows)
        if machine is None:
            self._machine_rows.addWidget(
                label(self.tr("The engine looks at the machine…"), "second")
            )
            return
        if machine.gpu:
            card_text = f"{machine.gpu}, {gib_text(machine.vram_total)}"
            note = self.tr("driver {0}, {1} free").format(
                machine.driver or "?", gib_text(machine.vram_free)
            )
            self._fact("chip", card_text, note, good=True)
        else:
            self._fact(
                "chip",
                self.tr("No graphics card is used"),
                self.tr("The miniature model works on the CPU; the big one needs a card."),
                good=False,
            )
        self._fact(
            "memory",
            self.tr("{0} of memory").format(gib_text(machine.ram_total)),
            self.tr("{0} free").format(gib_text(machine.ram_free)),
            good=machine.ram_total >= 15 * GIB,
        )
        self._fact(
            "disk",
            self.tr("{0} free on the disk of jobs").format(gib_text(machine.disk_free)),
            self.tr("reads {0} GB/s").format(f"{machine.disk_read / 1e9:.1f}")
            if machine.disk_read
            else "",
            good=machine.disk_free >= 10 * GIB,
        )
        self._fact(
            "settings",
            machine.cpu or self.tr("CPU"),
            self.tr("%n cores", "", machine.cores),
            good=True,
        )
        for report in machine.notices:
            self._fact("warning", report.title, f"{report.detail} {report.remedy}", good=False)

    def _fact(self, icon: str, title: str, note: str, *, good: bool) -> None:
        frame = card()
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        ratio = self.devicePixelRatioF()
        picture, mark = QLabel(), QLabel()
        picture.setPixmap(self._theme.icons.pixmap(icon, "second", 18, ratio))
        mark.setPixmap(
            self._theme.icons.pixmap(
                "check" if good else "warning", "ready_text" if good else "stale", 16, ratio
            )
        )
        row.addWidget(picture)
        row.addWidget(label(title, "strong"))
        row.addWidget(label(note, "small", wrap=True), 1)
        row.addWidget(mark)
        self._machine_rows.addWidget(frame)

    def _show_models(self, engine: EngineLink) -> None:
        chosen = self._session.settings.value.models_folder
        self._folder.setText(chosen or str(data_folder() / "models"))
        _clear(self._models)
        self._models.addWidget(label(self.tr("Found"), "section"))
        for place, facts in engine.weights.items():
            self._models.addWidget(self._model_row(place, facts))
        for place, report in engine.unusable.items():
            if Path(place).is_dir() and any(Path(place).iterdir()):
                self._models.addWidget(line())
                self._models.addWidget(self._problem_row(place, report))
        if not engine.weights and not engine.unusable:
            self._models.addWidget(label(self.tr("The engine is looking…"), "second"))
        self._models.addWidget(line())
        self._models.addWidget(
            label(self.tr("The big model consists of these published files"), "section")
        )
        for name, source, size in _PARTS:
            self._models.addWidget(self._part_row(name, source, size))
        self._models.addStretch(1)
        total = sum(size for _, _, size in _PARTS)
        machine = engine.machine
        free = gib_text(machine.disk_free) if machine else "?"
        self._space.setText(
            self.tr("All parts: {0}. Free on the disk of jobs: {1}.").format(
                gigabyte_text(total), free
            )
        )

    def _model_row(self, place: str, facts: WeightsFacts) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        mark = QLabel()
        mark.setPixmap(
            self._theme.icons.pixmap("check", "ready_text", 16, self.devicePixelRatioF())
        )
        row.addWidget(mark)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(facts.name, "strong"))
        detail = self.tr("{0}, {1}").format(
            facts.stored, self.tr("%n speakers", "", facts.speakers)
        )
        if place == MINIATURE:
            detail = self.tr("bundled, small pictures, for trying the program")
        texts.addWidget(ElidedLabel(f"{detail} · {place}", "small"))
        row.addLayout(texts, 1)
        row.addWidget(label(self.tr("Used where it is"), "good"))
        use = button(self.tr("Use in this project"), lambda: self._use(place))
        use.setEnabled(place != self._session.data.model)
        row.addWidget(use)
        return part

    def _problem_row(self, place: str, report: ErrorReport) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        mark = QLabel()
        mark.setPixmap(self._theme.icons.pixmap("warning", "failed", 16, self.devicePixelRatioF()))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(f"{Path(place).name}: {report.title}", "strong", wrap=True))
        texts.addWidget(label(f"{report.detail} {report.remedy}", "small", wrap=True))
        row.addLayout(texts, 1)
        row.addWidget(link(self.tr("Show"), lambda: open_folder(Path(place))))
        return part

    def _part_row(self, name: str, source: str, size: float) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label(name, ""))
        row.addWidget(ElidedLabel(source, "small"), 1)
        row.addWidget(label(gigabyte_text(size), "second"))
        row.addWidget(link(self.tr("Import…"), self._import))
        return part

    # Acting

    def _probe(self) -> None:
        folder = self._session.settings.value.jobs_folder
        self._session.engine.probe(Path(folder) if folder else jobs_folder())

    def _choose(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Folder of models"))
        if path:
            self._session.settings.update(models_folder=path)
            self._session.engine.list_weights(path)

    def _import(self) -> None:
        """Looks through a folder, says what its files are, and uses it where it is."""
        path = QFileDialog.getExistingDirectory(self, self.tr("Import from a folder"))
        if path:
            self.import_folder(Path(path))

    def import_folder(self, folder: Path) -> None:
        self._state.setText(self.tr("Looking through {0}…").format(folder.name))
        self._session.engine.ask(
            wire.CheckWeights(paths=(folder,)),
            lambda data: self._checked(folder, list(data.get("files", ()))),
            lambda report: self._state.setText(f"{report.title} {report.detail}"),
        )

    def _checked(self, folder: Path, files: list[dict]) -> None:
        good = [
            f for f in files if not f.get("problems") and f.get("kind") not in (None, "unknown")
        ]
        self._state.setText(self.tr("{0}: %n files recognized", "", len(good)).format(folder.name))
        if good:
            self._session.settings.update(models_folder=str(folder))
            self._session.engine.list_weights(str(folder))

    def _use(self, place: str) -> None:
        self._session.project.edit(
            commands.set_model(self._session.data, place, self._session.planner.own_presets(place))
        )
        self.refresh()

    def try_miniature(self) -> None:
        if self._first is not None:
            self._first.start()
            self.accept()


def _clear(box: QVBoxLayout) -> None:
    while (item := box.takeAt(0)) is not None:
        widget = item.widget()
        if isinstance(widget, QWidget):
            widget.hide()
            widget.deleteLater()
