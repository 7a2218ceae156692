"""Reports of `check` as lines for a person, and as JSON for programs."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from infinitetalk.weights.check import FileReport

UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
REPORT_FORMAT = 1


def size_text(nbytes: int) -> str:
    """Bytes as a person reads them: decimal units, as download pages give them."""
    for unit, name in UNITS:
        if nbytes >= unit:
            return f"{nbytes / unit:.3g} {name}"
    return f"{nbytes} bytes"


def report_lines(reports: Sequence[FileReport], *, root: Path | None = None) -> list[str]:
    """A few lines per file: what it is, whether it is complete, and what is wrong.

    Paths are shown relative to `root` where they lie below it.
    """
    lines: list[str] = []
    for report in reports:
        lines += _file_lines(report, root)
    good = sum(1 for report in reports if report.usable)
    total = size_text(sum(report.size for report in reports))
    if len(reports) > 1:
        lines.append(f"{good} of {len(reports)} are complete, {total} in all.")
    return lines


def _file_lines(report: FileReport, root: Path | None) -> list[str]:
    mark = "ok " if report.usable else "BAD"
    lines = [f"{mark} {_name(report, root)}"]
    facts = [report.title]
    if report.tensors:
        facts.append("complete" if report.usable else "not usable")
        facts.append(f"{report.tensors} tensors")
    if report.dtypes:
        facts.append(" + ".join(list(report.dtypes)[:3]))
    if report.size:
        facts.append(size_text(report.size))
    if report.layout not in ("", "published"):
        facts.append(report.layout)
    lines.append(f"    {', '.join(facts)}")
    for problem in report.problems:
        lines.append(f"    {problem.code}: {problem.detail}")
        if problem.remedy:
            lines.append(f"      {problem.remedy}")
    lines += [f"    note: {notice}" for notice in report.notices]
    return lines


def _name(report: FileReport, root: Path | None) -> str:
    path = report.path
    if root is not None and path.is_relative_to(root):
        path = path.relative_to(root)
    if len(report.files) > 1:
        return f"{path} ({len(report.files)} parts)"
    return str(path)


def report_json(reports: Iterable[FileReport]) -> dict[str, Any]:
    """The same for programs; `usable` is true if every file is."""
    files = list(reports)
    return {
        "format": REPORT_FORMAT,
        "usable": all(report.usable for report in files),
        "files": [report.to_json() for report in files],
    }
