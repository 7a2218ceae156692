"""Settings > Downloads: address, proxy, limits, and the token in the system's key store."""

from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.reports.texts import told
from desktop.state.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.fields import choice, quiet
from desktop.widgets.labels import label, set_role
from infinitetalk.errors import ErrorReport


def _tr(text: str) -> str:
    return QCoreApplication.translate("models", text)


def address_problem(text: str) -> str:
    """Why an address can't be used; "" where it can, or is empty."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        if parts.username or parts.password:
            return _tr("Name and password are not kept here.")
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return ""
    except ValueError:
        pass
    return _tr("It must look like https://host or http://host:port.")


class AddressEdit(QWidget):
    """An address that is taken over once it makes sense."""

    def __init__(self, placeholder: str, taken: Callable[[str], object]) -> None:
        super().__init__()
        self._taken = taken
        self._shown = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setMinimumWidth(200)
        self.edit.editingFinished.connect(self._finished)
        self.note = label("", "bad", wrap=True)
        self.note.hide()
        box.addWidget(self.edit)
        box.addWidget(self.note)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def show_address(self, text: str) -> None:
        self._shown = text
        if not self.edit.hasFocus():
            self.edit.setText(text)

    def _finished(self) -> None:
        text = self.edit.text().strip().rstrip("/")
        problem = address_problem(text)
        self.note.setText(problem)
        self.note.setVisible(bool(problem))
        if not problem and text != self._shown:
            self._taken(text)


class ProxyEdit(QWidget):
    """As the system says, none at all, or an address."""

    def __init__(self, taken: Callable[[str], object]) -> None:
        super().__init__()
        self._taken = taken
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.kind: QComboBox = choice(
            [
                (self.tr("as the system"), "system"),
                (self.tr("none"), "none"),
                (self.tr("this one:"), "own"),
            ]
        )
        self.kind.activated.connect(lambda _: self._chosen())
        self.address = AddressEdit("http://proxy:3128", self._typed)
        box.addWidget(self.kind)
        box.addWidget(self.address)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.kind.setAccessibleName(name)
        self.address.setAccessibleName(self.tr("Address of the proxy"))

    def show_proxy(self, value: str) -> None:
        kind = value if value in ("system", "none") else "own"
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.address.setVisible(kind == "own")
        if kind == "own":
            self.address.show_address(value)

    def _chosen(self) -> None:
        kind = self.kind.currentData()
        self.address.setVisible(kind == "own")
        if kind != "own":
            self._taken(kind)

    def _typed(self, text: str) -> None:
        self._taken(text or "system")


class TokenEdit(QWidget):
    """A token goes from here to the engine, which hands it to the key store; it is kept nowhere."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._models = session.models
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        row = QHBoxLayout()
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setPlaceholderText("hf_…")
        self.edit.setMinimumWidth(120)
        self.edit.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        quiet(self.edit)
        self.save = button(self.tr("Save"), self._save)
        self.save.setEnabled(False)
        self.forget = button(self.tr("Forget"), self._forget)
        row.addWidget(self.edit)
        row.addWidget(self.save)
        row.addWidget(self.forget)
        self.state = label("", "small", wrap=True)
        self.state.hide()
        box.addLayout(row)
        box.addWidget(self.state)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def _save(self) -> None:
        token = self.edit.text().strip()
        self.edit.clear()
        self._models.save_token(
            token,
            lambda _: self._tell(self.tr("Saved in the key store of this system."), "good"),
            self._refused,
        )

    def _forget(self) -> None:
        self.edit.clear()
        self._models.save_token(
            "", lambda _: self._tell(self.tr("No token is kept."), "small"), self._refused
        )

    def _refused(self, report: ErrorReport) -> None:
        report = told(report)
        self._tell(f"{report.title}. {report.detail} {report.remedy}".strip(), "bad")

    def _tell(self, text: str, role: str) -> None:
        set_role(self.state, "role", role)
        self.state.setText(text)
        self.state.show()
