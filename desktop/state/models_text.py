"""Downloads and conversions in words."""

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.state.clock_text import duration_text
from desktop.state.models import ModelsState


def _tr(text: str) -> str:
    return QCoreApplication.translate("models", text)


def models_line(models: ModelsState) -> str:
    """Downloads and conversions in one line: "11.2 MB/s · 29 min left"."""
    if models.paused:
        return _tr("Paused; what has arrived is kept")
    if models.loading:
        speed = QLocale().toString(models.rate / 1e6, "f", 1)
        left = models.seconds_left
        text = _tr("{0} MB/s").format(speed)
        if left is None:
            return text
        return _tr("{0} · {1} left").format(text, duration_text(left))
    converting = next((row for row in models.rows if row.status == "converting"), None)
    if converting is not None:
        share = converting.done / converting.total if converting.total else 0.0
        return _tr("Converting {0}, {1} %").format(
            converting.part.title, QLocale().toString(int(100 * share))
        )
    return ""
