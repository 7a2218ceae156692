"""What a user reads when something goes wrong, and the exception that carries it."""

from dataclasses import dataclass, field
from typing import Any

GIB = 1024**3
MIB = 1024**2


@dataclass(frozen=True, kw_only=True)
class ErrorReport:
    """An error or notice in the user's words: what happened, with numbers; then what to do.

    `code` is stable and dotted ("media.no_audio"): programs decide by it, never by the text.
    `safe` says what is not lost, wherever a job is concerned.
    """

    code: str
    title: str
    detail: str
    remedy: str = ""
    safe: str = ""
    facts: dict[str, Any] = field(default_factory=dict)  # plain values for buttons and tests

    def __str__(self) -> str:
        text = f"{self.title}: {self.detail}"
        if self.remedy:
            text += f" {self.remedy}"
        if self.safe:
            text += f" {self.safe}"
        return text

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "remedy": self.remedy,
            "safe": self.safe,
            "facts": dict(self.facts),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ErrorReport":
        return cls(
            code=str(data["code"]),
            title=str(data["title"]),
            detail=str(data["detail"]),
            remedy=str(data.get("remedy", "")),
            safe=str(data.get("safe", "")),
            facts=dict(data.get("facts", {})),
        )


class EngineError(Exception):
    """An expected failure, carrying the report that the user reads."""

    def __init__(self, report: ErrorReport) -> None:
        super().__init__(str(report))
        self.report = report


def engine_error(
    code: str, title: str, detail: str, remedy: str = "", *, safe: str = "", **facts: Any
) -> EngineError:
    """An `EngineError` from the parts of its report, to be raised by the caller."""
    return EngineError(
        ErrorReport(code=code, title=title, detail=detail, remedy=remedy, safe=safe, facts=facts)
    )
