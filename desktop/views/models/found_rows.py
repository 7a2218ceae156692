"""Whole models that were found on this machine, and folders in which something is wrong."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import commands
from desktop.reports.texts import told
from desktop.state.document import MINIATURE
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.models.layout import clear
from desktop.widgets.buttons import button, link
from desktop.widgets.folders import open_folder
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import ElidedLabel, label, line
from infinitetalk.errors import ErrorReport
from infinitetalk.plan import WeightsFacts


class FoundModels(QWidget):
    """What a project can use now."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self._session, self._theme = session, theme
        self._shown: object = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def refresh(self) -> None:
        engine = self._session.engine
        now = (dict(engine.weights), dict(engine.unusable), self._session.data.model)
        if now == self._shown:
            return
        self._shown = now
        clear(self._box)
        problems = [
            (place, report)
            for place, report in engine.unusable.items()
            if Path(place).is_dir() and any(Path(place).iterdir())
        ]
        if not engine.weights and not problems:
            return
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 10, 8, 6)
        row.addWidget(label(self.tr("Models on this machine"), "section"))
        self._box.addWidget(head)
        for place, facts in engine.weights.items():
            self._box.addWidget(line())
            self._box.addWidget(self._model(place, facts))
        for place, report in problems:
            self._box.addWidget(line())
            self._box.addWidget(self._problem(place, report))

    def _model(self, place: str, facts: WeightsFacts) -> QWidget:
        part, row = self._row("check", "ready_text")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(ElidedLabel(facts.name, "strong", Qt.TextElideMode.ElideRight))
        detail = self.tr("{0}, {1}").format(
            facts.stored, self.tr("%n speakers", "", facts.speakers)
        )
        if place == MINIATURE:
            detail = self.tr("bundled, small pictures, for trying the program")
        texts.addWidget(ElidedLabel(f"{detail} · {place}", "small"))
        row.addLayout(texts, 1)
        if place == self._session.data.model:
            row.addWidget(label(self.tr("Used in this project"), "good"))
        else:
            use = button(self.tr("Use in this project"), lambda: self._use(place))
            use.setAccessibleName(self.tr("Use {0} in this project").format(facts.name))
            row.addWidget(use)
        return part

    def _problem(self, place: str, report: ErrorReport) -> QWidget:
        report = told(report)
        part, row = self._row("warning", "stale")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        title = f"{Path(place).name}: {report.title}"
        texts.addWidget(ElidedLabel(title, "strong", Qt.TextElideMode.ElideRight))
        texts.addWidget(label(f"{report.detail} {report.remedy}", "small", wrap=True))
        row.addLayout(texts, 1)
        show = link(self.tr("Show"), lambda: open_folder(Path(place)))
        show.setAccessibleName(self.tr("Show the folder {0}").format(Path(place).name))
        row.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)
        return part

    def _row(self, icon: str, token: str) -> tuple[QWidget, QHBoxLayout]:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(14)
        mark = IconMark(self._theme, icon, token)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        return part, row

    def _use(self, place: str) -> None:
        presets = self._session.planner.own_presets(place)
        self._session.project.edit(commands.set_model(self._session.data, place, presets))
        self.refresh()
