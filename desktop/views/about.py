"""What this is, and whose work it stands on."""

import json
from importlib.metadata import Distribution, distributions

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import Theme
from desktop.widgets.buttons import primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.labels import label
from infinitetalk import __version__
from infinitetalk.paths import resources_folder

_MODELS = (
    ("InfiniteTalk (MeiGen-AI)", "Apache-2.0"),
    ("Wan2.1-I2V-14B (Wan-AI)", "Apache-2.0"),
    ("umT5-XXL (Google)", "Apache-2.0"),
    ("CLIP ViT-H (LAION / OpenCLIP)", "MIT"),
    ("chinese-wav2vec2-base (TencentGameMate)", "MIT"),
    ("lightx2v step distillation LoRA", "Apache-2.0"),
)


class AboutDialog(SheetDialog):
    """Version, and the licenses of packages and models."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, "aboutDialog", "")
        self.setWindowTitle(self.tr("About InfiniteTalk"))
        self.resize(720, 560)
        head = QHBoxLayout()
        head.setSpacing(16)
        picture = QLabel()
        pixmap: QPixmap = theme.icons.pixmap("app", "text", 64, self.devicePixelRatioF())
        picture.setPixmap(pixmap)
        head.addWidget(picture)
        texts = QVBoxLayout()
        texts.addWidget(label("InfiniteTalk Desktop", "title"))
        texts.addWidget(label(self.tr("Version {0}").format(program_version()), "second"))
        texts.addWidget(
            label(
                self.tr(
                    "Dubs videos on your own computer. Nothing is uploaded. "
                    "Apache License 2.0. Dub only people who agree to it."
                ),
                "small",
                wrap=True,
            )
        )
        head.addLayout(texts, 1)
        self.body.addLayout(head)
        self.section(self.tr("Made with"))
        table = QTableWidget(0, 3)
        table.setTabKeyNavigation(False)  # Tab leaves the table; arrows move in it
        table.setAccessibleName(self.tr("Licenses"))
        table.setHorizontalHeaderLabels([self.tr("Name"), self.tr("Version"), self.tr("License")])
        table.verticalHeader().hide()
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for row in part_licenses():
            _add_row(table, *row)
        for name, license_name in _MODELS:
            _add_row(table, name, self.tr("model"), license_name)
        table.resizeColumnsToContents()
        table.horizontalHeader().setStretchLastSection(True)
        self.body.addWidget(table, 1)
        self.footer.addStretch(1)
        close = primary(self.tr("Close"), self.accept)
        close.setDefault(True)
        self.footer.addWidget(close)


def _add_row(table: QTableWidget, *texts: str) -> None:
    row = table.rowCount()
    table.insertRow(row)
    for column, text in enumerate(texts):
        item = QTableWidgetItem(text)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        table.setItem(row, column, item)


def part_licenses() -> list[tuple[str, str, str]]:
    """Name, version and license of the parts this program is made of.

    A packed program carries the list of what was packed (`installer/packing/licenses.py`); from
    source it is what is installed beside us.
    """
    index = resources_folder() / "licenses" / "index.json"
    if index.is_file():
        parts = json.loads(index.read_text(encoding="utf-8"))
        return [(part["name"], part["version"], part["license"]) for part in parts]
    found = {d.metadata["Name"]: (d.metadata["Name"], *_license_of(d)) for d in distributions()}
    return [found[name] for name in sorted(found, key=str.lower)]


def program_version() -> str:
    return __version__


def _license_of(found: Distribution) -> tuple[str, str]:
    """Version and license of an installed package."""
    text = _field(found, "License-Expression")
    if not text:
        classifiers = found.metadata.get_all("Classifier") or []
        known = [c for c in classifiers if c.startswith("License ::")]
        text = known[-1].rsplit(" :: ")[-1] if known else _field(found, "License")
    text = text.strip().split("\n")[0]
    return found.version, text[:60]


def _field(found: Distribution, name: str) -> str:
    values = found.metadata.get_all(name) or []
    return str(values[0]) if values else ""
