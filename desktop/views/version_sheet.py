"""Whether there is a newer version: asked when this is opened. A page may be opened; nothing is loaded."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from desktop.reports.texts import told
from desktop.state.newer_version import VersionAnswer, ask_version
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.models.layout import clear
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.folders import open_address
from desktop.widgets.labels import label
from infinitetalk import __version__
from infinitetalk.errors import ErrorReport


class VersionSheet(SheetDialog):
    """Asks once; says what was found, or why nothing was."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, "versionSheet", "")
        self.setWindowTitle(self.tr("Newer version"))
        self.resize(theme.px(540), theme.px(300))
        self._session = session
        self._alive = True
        self._page = ""
        self._box = QVBoxLayout()
        self._box.setSpacing(10)
        self.body.addLayout(self._box, 1)
        self.address_button = button(self.tr("Other address…"), self._other_address)
        self.again_button = button(self.tr("Ask again"), self.ask)
        self.footer.addWidget(self.address_button)
        self.footer.addWidget(self.again_button)
        self.footer.addStretch(1)
        self.close_button = button(self.tr("Close"), self.accept)
        self.page_button = primary(self.tr("Open its page"), self._open_page)
        self.footer.addWidget(self.close_button)
        self.footer.addWidget(self.page_button)
        self.ask()

    def done(self, result: int) -> None:
        self._alive = False
        super().done(result)

    def ask(self) -> None:
        self._begin(self.tr("Asking…"))
        text = self.tr(
            "One address is asked what the newest version is. It is told this program's name and "
            "version, and nothing about this computer."
        )
        self._box.addWidget(label(text, "second", wrap=True))
        self._box.addStretch(1)
        ask_version(
            self._session,
            lambda answer: self._found(answer) if self._alive else None,
            lambda report: self._refused(report) if self._alive else None,
        )

    def _begin(self, heading: str, *, page: str = "", again: bool = False) -> None:
        clear(self._box)
        self._page = page
        self._box.addWidget(label(heading, "heading", wrap=True))
        self.address_button.setVisible(again)
        self.again_button.setVisible(again)
        self.page_button.setVisible(bool(page))
        (self.page_button if page else self.close_button).setDefault(True)
        (self.page_button if page else self.close_button).setFocus()

    def _found(self, answer: VersionAnswer) -> None:
        if not answer.newer:
            self._begin(self.tr("There is no newer version"))
            text = self.tr("This is {0}; the newest that is published is {1}.")
            self._box.addWidget(
                label(text.format(answer.current, answer.version), "second", wrap=True)
            )
            self._box.addStretch(1)
            return
        self._begin(self.tr("Version {0} is there").format(answer.version), page=answer.page)
        text = self.tr("This is {0}. Projects and models stay where they are.")
        self._box.addWidget(label(text.format(answer.current), "second", wrap=True))
        if answer.notes:
            self._box.addWidget(self._plain(answer.notes, self.tr("What is new")), 1)
        if answer.page:
            page = label(answer.page, "", wrap=True)
            page.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._box.addWidget(page)
        if answer.packages:
            self._box.addWidget(label(self.tr("SHA-256 of the packages"), "section"))
            lines = "\n".join(f"{name}  {digest}" for name, digest in answer.packages)
            self._box.addWidget(self._plain(lines, self.tr("SHA-256 of the packages"), fixed=True))
        text = self.tr("Nothing is loaded or installed from here.")
        self._box.addWidget(label(text, "small", wrap=True))
        self._fit_texts()

    def _plain(self, text: str, name: str, *, fixed: bool = False) -> QPlainTextEdit:
        """Text of somebody else: shown as it is, no links, no pictures."""
        shown = QPlainTextEdit(text)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setAccessibleName(name)
        line = shown.fontMetrics().lineSpacing()
        lines = min(text.count("\n") + 1, 6)
        if fixed:
            shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            shown.setFixedHeight(line * (lines + 2))
        else:
            shown.setMinimumHeight(line * (min(lines, 4) + 1))
        return shown

    def _refused(self, report: ErrorReport) -> None:
        report = told(report)
        self._begin(report.title, again=True)
        self._box.addWidget(label(report.detail, "", wrap=True))
        if report.remedy:
            self._box.addWidget(label(report.remedy, "second", wrap=True))
        self._box.addWidget(label(self.tr("This is {0}.").format(__version__), "second"))
        self._box.addWidget(label(report.code, "smallThird"))
        self._box.addStretch(1)
        self._fit_texts()

    def _open_page(self) -> None:
        if self._page:
            open_address(self._page)

    def _other_address(self) -> None:
        self.accept()
        self._session.settings_wanted.emit("downloads")
