"""Before files are removed: what goes, how much room that gives, and which jobs and sets need them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.reports.texts import told
from desktop.state.clock_text import gigabyte_text
from desktop.state.models_removal import NeedingJob, RemovalPlan, Target, ask_removal, remove
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.models.layout import clear
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import ElidedLabel, card, label
from infinitetalk.errors import ErrorReport

_JOBS_SHOWN = 6
_FILES_SHOWN = 3


class RemoveSheet(SheetDialog):
    """Looks first; removes only with its button, and says so where that is refused."""

    def __init__(
        self, session: Session, theme: Theme, parent: QWidget, target: Target, title: str
    ) -> None:
        super().__init__(parent, "removeSheet", "")
        self.setWindowTitle(self.tr("Remove models"))
        self.setModal(True)
        self.resize(theme.px(560), theme.px(340))
        self._session, self._theme = session, theme
        self._target, self._title = target, title
        self._alive = True
        self._box = QVBoxLayout()
        self._box.setSpacing(10)
        self.body.addLayout(self._box, 1)
        self.footer.addStretch(1)
        self.cancel_button = button(self.tr("Cancel"), self.reject)
        self.cancel_button.setDefault(True)  # Enter keeps the files
        self.footer.addWidget(self.cancel_button)
        self.remove_button = primary(self.tr("Remove"), self._remove)
        self.remove_button.setAutoDefault(False)
        self.footer.addWidget(self.remove_button)
        self.ask()

    def done(self, result: int) -> None:
        self._alive = False
        super().done(result)

    # Asking

    def ask(self) -> None:
        self._begin(self.tr("Looking who needs these files…"))
        self._box.addStretch(1)
        ask_removal(
            self._session,
            self._target,
            lambda plan: self._planned(plan) if self._alive else None,
            lambda report: self._refused(report) if self._alive else None,
        )

    def _begin(self, text: str) -> None:
        clear(self._box)
        heading = (
            self.tr("Remove what was converted of {0}?")
            if self._target.store_of
            else self.tr("Remove {0}?")
        )
        self._box.addWidget(label(heading.format(self._title), "heading", wrap=True))
        if text:
            self._box.addWidget(label(text, "second", wrap=True))
        self.remove_button.setText(self.tr("Remove"))
        self.remove_button.setEnabled(False)
        self.cancel_button.setFocus()

    def _planned(self, plan: RemovalPlan) -> None:
        if not plan.files:
            self._nothing(plan)
            return
        self._begin("")
        self._box.addWidget(self._figures(plan))
        self._needs(plan)
        if plan.by_hand:
            self._stays(plan.by_hand)
        for job in plan.in_use:
            text = self.tr("{0} is open for rendering. Let it finish, or stop it first.")
            self._box.addWidget(self._marked("error", "failed", text.format(job.name), "bad"))
        self._box.addStretch(1)
        self.remove_button.setText(self.tr("Remove {0}").format(gigabyte_text(plan.freed)))
        self.remove_button.setEnabled(not plan.in_use)
        self._fit_texts()

    def _nothing(self, plan: RemovalPlan) -> None:
        self._begin("")
        if plan.by_hand:
            self._stays(plan.by_hand)
        elif plan.elsewhere:
            text = self.tr(
                "It is another program's and is used where it is. Forget it in the list; this "
                "program does not remove it."
            )
            self._box.addWidget(label(text, "", wrap=True))
        else:
            self._box.addWidget(label(self.tr("Nothing of it is here any more."), "", wrap=True))
        self._box.addStretch(1)

    # Parts

    def _figures(self, plan: RemovalPlan) -> QWidget:
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(20)
        rows = [(self.tr("Goes"), self.tr("%n files", "", plan.files))]
        if plan.converted and not self._target.store_of:
            text = self.tr("{0}, made of it and of no use without it")
            rows.append((self.tr("Converted"), text.format(gigabyte_text(plan.converted))))
        if self._target.store_of:
            rows.append((self.tr("Stays"), self.tr("what it was made of; it can be made again")))
        rows.append((self.tr("Free again"), gigabyte_text(plan.freed)))
        rows.append((self.tr("From"), str(self._session.models.folder)))
        for at, (name, value) in enumerate(rows):
            grid.addWidget(label(name, "second"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(ElidedLabel(value, ""), at, 1)
        grid.setColumnStretch(1, 1)
        return frame

    def _needs(self, plan: RemovalPlan) -> None:
        if self._target.store_of:
            if plan.jobs:  # they go on with what it was made of
                text = self.tr("Jobs go on without it; weights come slower then.")
                self._box.addWidget(label(text, "second", wrap=True))
            return
        if plan.sets:
            text = self.tr("Without it these can't be used: {0}.").format(", ".join(plan.sets))
            self._box.addWidget(self._marked("warning", "stale", text, "warn"))
        if plan.jobs:
            self._box.addWidget(label(self.tr("%n jobs need it", "", len(plan.jobs)), "section"))
            self._box.addWidget(self._jobs(plan.jobs))
        if plan.unknown_jobs:
            text = self.tr("Can't be looked into, and may need it: {0}.")
            names = _some(plan.unknown_jobs, _JOBS_SHOWN)
            self._box.addWidget(label(text.format(names), "small", wrap=True))
        if not plan.jobs and not plan.unknown_jobs:
            self._box.addWidget(label(self.tr("No job needs it."), "second"))

    def _jobs(self, jobs: tuple[NeedingJob, ...]) -> QWidget:
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(14, 8, 14, 8)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(2)
        first = sorted(jobs, key=lambda job: (not job.running, job.finished))
        for at, job in enumerate(first[:_JOBS_SHOWN]):
            grid.addWidget(ElidedLabel(job.name, "strong"), at, 0)
            role = "" if not job.finished or job.running else "second"
            grid.addWidget(label(self._state(job), role), at, 1)
        more = len(jobs) - _JOBS_SHOWN
        if more > 0:
            grid.addWidget(label(self.tr("and %n more", "", more), "second"), _JOBS_SHOWN, 0)
        grid.setColumnStretch(0, 1)
        return frame

    def _state(self, job: NeedingJob) -> str:
        if job.running:
            return self.tr("open for rendering")
        if job.finished:
            return self.tr("finished; only new takes need it")
        if not job.chunks:
            return self.tr("nothing rendered yet")
        return self.tr("{0} of {1} chunks are not rendered").format(job.chunks_left, job.chunks)

    def _stays(self, files: tuple[str, ...]) -> None:
        text = self.tr(
            "This program did not load these, or they have changed since; they stay: {0}. Remove "
            "them yourself if you don't need them."
        )
        self._box.addWidget(label(text.format(_some(files, _FILES_SHOWN)), "second", wrap=True))

    def _marked(self, icon: str, token: str, text: str, role: str) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconMark(self._theme, icon, token), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(text, role, wrap=True), 1)
        return part

    # Acting

    def _remove(self) -> None:
        self._begin(self.tr("Removing…"))
        self._box.addStretch(1)
        remove(
            self._session,
            self._target,
            lambda _: self.accept() if self._alive else None,
            lambda report: self._refused(report) if self._alive else None,
        )

    def _refused(self, report: ErrorReport) -> None:
        report = told(report)
        self._begin("")
        self._box.addWidget(label(report.title, "strong", wrap=True))
        self._box.addWidget(label(report.detail, "", wrap=True))
        if report.remedy:
            self._box.addWidget(label(report.remedy, "second", wrap=True))
        self._box.addWidget(label(report.code, "smallThird"))
        self._box.addStretch(1)
        self._fit_texts()


def _some(names: tuple[str, ...], most: int) -> str:
    """Names in one line; where there are many, how many more."""
    shown = ", ".join(names[:most])
    return f"{shown} (+{len(names) - most})" if len(names) > most else shown
