"""An engine's report in the user's language, made from its code and its facts alone.

The engine's own English text is what is left where it says more than the table knows.
"""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PureWindowsPath
from typing import Any

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from desktop.state.clock_text import duration_text, gib_text, gigabyte_text
from infinitetalk.errors import ErrorReport

CONTEXT = "report"


@dataclass(frozen=True, kw_only=True)
class Text:
    """What is said for a code; texts are sources of the translation, with fields of the facts.

    A field is `{name}` or `{name:kind}`, where the kind says how a value is shown (see `_KINDS`).
    """

    code: str
    title: str
    detail: str
    remedy: str = ""
    only: Mapping[str, Any] | None = None  # facts that must have these values


def say(
    code: str, title: str, detail: str, remedy: str = "", *, only: Mapping[str, Any] | None = None
) -> Text:
    """An entry of a table. `resources/translations/update.py` looks for calls of this name."""
    return Text(code=code, title=title, detail=detail, remedy=remedy, only=only)


def told(report: ErrorReport) -> ErrorReport:
    """The report as the user reads it. Its code and facts stay."""
    text, facts = fitting(report), _Facts(report.facts)
    if text is not None:
        return replace(
            report,
            title=facts.fill(text.title),
            detail=facts.fill(text.detail),
            remedy=facts.fill(text.remedy),
            safe=_safe(report),
        )
    variants = variants_of(report.code)
    if not variants:
        return report
    last = variants[-1]  # its numbers are not among the facts: the engine's own words have them
    return replace(report, title=_tr(last.title), remedy=_tr(last.remedy), safe=_safe(report))


def fitting(report: ErrorReport) -> Text | None:
    """The first text of the code whose fields are all among the report's facts."""
    facts = _Facts(report.facts)
    return next((text for text in variants_of(report.code) if facts.fit(text)), None)


def known_codes() -> frozenset[str]:
    return frozenset(_tables())


def variants_of(code: str) -> tuple[Text, ...]:
    return _tables().get(code, ())


def _tr(text: str) -> str:
    return QCoreApplication.translate("report", text) if text else ""


def _safe(report: ErrorReport) -> str:
    """What is not lost, where a report says so."""
    if not report.safe:
        return ""
    count = report.facts.get("safe_chunks")
    if isinstance(count, int):
        return QCoreApplication.translate("report", "%n finished chunks are safe.", "", count)
    if report.code.startswith("download."):
        return QCoreApplication.translate("report", "What arrived is kept.")
    if report.code.startswith(("job.", "task.")):
        return QCoreApplication.translate("report", "Nothing was changed.")
    return QCoreApplication.translate("report", "Finished chunks are safe.")


# -- fields ---------------------------------------------------------------------------------------


def _length(value: Any) -> str:
    return _tr("{0} s").format(QLocale().toString(float(value), "f", 1))


def _percent(value: Any) -> str:
    return _tr("{0} %").format(QLocale().toString(100 * float(value), "f", 0))


def _chunk(value: Any) -> str:
    return QLocale().toString(int(value) + 1)


def _chunks(value: Any) -> str:
    shown = [str(int(v) + 1) for v in list(value)[:5]]
    return ", ".join(shown) + (" …" if len(list(value)) > 5 else "")


def _size(value: Any) -> str:
    height, width = value
    return f"{int(width)} × {int(height)}"


def _rate(value: Any) -> str:
    return _tr("{0} GB/s").format(QLocale().toString(float(value) / 1e9, "f", 2))


def _count(value: Any) -> str:
    return QLocale().toString(int(value))


def _number(value: Any) -> str:
    return QLocale().toString(float(value), "g", 4)


def _clock(value: Any) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(value))
    return QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)


_KINDS = {
    "clock": _clock,  # seconds since 1970: the time of day
    "memory": gib_text,  # bytes
    "file": gigabyte_text,  # bytes of a file
    "time": duration_text,  # seconds: how long something takes
    "length": _length,  # seconds: how long something is
    "percent": _percent,  # 0..1
    "chunk": _chunk,  # counted from 0
    "chunks": _chunks,
    "size": _size,  # (H, W)
    "rate": _rate,  # bytes per second
    "count": _count,
    "number": _number,
}


class _Facts(string.Formatter):
    """The facts of a report as fields of a text."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = dict(facts)
        path = facts.get("path") or facts.get("folder")
        if isinstance(path, str) and path:
            # Both kinds of slashes: a report may come from a job made elsewhere.
            parts = PureWindowsPath(path) if "\\" in path else None
            name = parts.name if parts else path.rstrip("/").rpartition("/")[2]
            parent = str(parts.parent) if parts else path.rstrip("/").rpartition("/")[0]
            self._facts.setdefault("name", name)
            self._facts.setdefault("place", parent or path)

    def fit(self, text: Text) -> bool:
        """Whether all fields are there, and what `only` asks for holds."""
        for name, value in (text.only or {}).items():
            if self._facts.get(name) != value:
                return False
        try:
            for part in (text.title, text.detail, text.remedy):
                self._shown(part)
        except (KeyError, ValueError, TypeError, IndexError):
            return False
        return True

    def fill(self, source: str) -> str:
        return self._shown(_tr(source))

    def _shown(self, text: str) -> str:
        return self.vformat(text, (), self._facts)

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:  # noqa: ARG002 - its form
        value = kwargs[key]
        if value is None or value == "":
            raise KeyError(key)
        return value

    def format_field(self, value: Any, format_spec: str) -> str:
        return _KINDS[format_spec](value) if format_spec else str(value)


_known: dict[str, tuple[Text, ...]] = {}


def _tables() -> dict[str, tuple[Text, ...]]:
    """All tables, read at the first report: starting the window needs none of them."""
    if not _known:
        from desktop.reports import about_jobs, about_machine, about_media, about_models

        _known.update(
            _by_code(
                (*about_machine.TEXTS, *about_media.TEXTS, *about_models.TEXTS, *about_jobs.TEXTS)
            )
        )
    return _known


def _by_code(texts: Iterable[Text]) -> dict[str, tuple[Text, ...]]:
    found: dict[str, tuple[Text, ...]] = {}
    for text in texts:
        found[text.code] = (*found.get(text.code, ()), text)
    return found
