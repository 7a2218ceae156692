"""Before rendering: what it takes, what is there, what to mend. Follows every change at once."""

from functools import partial

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.preflight_checks import make_checks
from desktop.views.preflight_choice import WHAT, PreflightChoice
from desktop.views.preflight_figures import Figures
from desktop.views.preflight_mending import CheckMending
from desktop.views.preflight_parts import Check, CheckRow
from desktop.views.preflight_quality import QualityColumn
from desktop.widgets.buttons import button, primary
from desktop.widgets.column import ScrollColumn
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.labels import card, label, line
from desktop.widgets.segments import Segments


class PreflightDialog(SheetDialog):
    """Works on a copy of the project; *Render* makes it the project's."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget, what: str) -> None:
        super().__init__(parent, "preflightDialog", "")
        self.setWindowTitle(self.tr("Before rendering"))
        self.setModal(True)
        self.resize(1180, min(theme.px(660), 920))
        self._session, self._theme = session, theme
        self.choice = PreflightChoice(session, what)
        self.choice.setParent(self)
        self._build()
        self._mending = CheckMending(
            session,
            self.choice,
            leave=self.reject,
            start=partial(self._accept, next_one=True),
            sizes=self.quality.size_box.showPopup,
        )
        self.choice.changed.connect(self.refresh)
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
        self._range.chosen.connect(self.choice.choose_range)
        head.addWidget(self._range)
        self.body.addLayout(head)
        self._figures = Figures(self._theme)
        self.body.addWidget(self._figures)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        self.quality = QualityColumn(self.choice, self._theme)
        columns.addWidget(self.quality, 3)
        columns.addLayout(self._checked(), 2)
        self.body.addLayout(columns, 1)
        self._footer()

    def _checked(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(6)
        box.addWidget(label(self.tr("Checked"), "section"))
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setObjectName("scrolled")
        self._rows = QVBoxLayout(holder)
        self._rows.setContentsMargins(12, 8, 8, 8)
        self._rows.setSpacing(6)
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

    def _accept(self, *, next_one: bool) -> None:
        if self.choice.render(next_one=next_one):
            self.accept()

    # Showing

    def refresh(self) -> None:
        """Everything anew; called after each change."""
        machine = self._session.engine.machine
        self.choice.compute()
        self._show_head()
        self._figures.show_plan(self.choice.plan, machine)
        self.quality.show_choice(machine)
        checks = self.checks()
        self._show_checks(checks)
        red = any(check.level == "error" for check in checks)
        possible = self.choice.plan is not None and not red
        self.render_button.setEnabled(possible)
        self.queue_button.setEnabled(possible)
        self._show_origin()

    def _show_head(self) -> None:
        session = self._session
        count = len(session.timeline.chunks)
        speakers = self.tr("%n speakers", "", len(self.choice.data.speakers))
        self._subtitle.setText(
            self.tr("{0} · chunks 1 to {1} · {2}").format(
                session.project.name or self.tr("Untitled"), count, speakers
            )
        )
        self._range.choose(WHAT.index(self.choice.what))
        self._range.button(1).setEnabled(session.frames is not None)
        self._range.button(2).setEnabled(bool(session.timeline.indices("stale")))

    def _show_origin(self) -> None:
        plan = self.choice.plan
        if plan is None:
            self._origin.setText("")
        elif plan.seconds_origin == "measured":
            self._origin.setText(self.tr("Times were measured on this machine, ±8 %"))
        else:
            self._origin.setText(self.tr("Times are estimated from this machine's figures, ±40 %"))

    def checks(self) -> list[Check]:
        """What was looked at for the plan that is shown, worst first."""
        chosen, session = self.choice, self._session
        return make_checks(
            session,
            chosen.data.model,
            chosen.plan,
            chosen.problem,
            session.engine.machine,
            session.planner.weights_for(chosen.data.model),
            self._mending.buttons,
        )

    def _show_checks(self, checks: list[Check]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.hide()
                widget.deleteLater()
        for index, check in enumerate(checks):
            if index:
                self._rows.addWidget(line())
            self._rows.addWidget(CheckRow(check, self._theme))
        self._rows.addStretch(1)
