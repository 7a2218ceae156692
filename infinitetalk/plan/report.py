"""Reports of a plan and their levels.

Each carries its level in `facts["level"]`: "error" (the plan does not fit), "warning", "notice" or
"tip" (advice of the model's authors and users).
"""

from typing import Any, Literal

from infinitetalk.errors import ErrorReport

Level = Literal["error", "warning", "notice", "tip"]
ORDER: tuple[Level, ...] = ("error", "warning", "notice", "tip")


def level(report: ErrorReport) -> Level:
    """The level of a plan's report; "notice" for reports of other origin."""
    found = report.facts.get("level", "notice")
    return found if found in ORDER else "notice"


def plan_report(
    code: str, at: Level, title: str, detail: str, remedy: str = "", **facts: Any
) -> ErrorReport:
    return ErrorReport(
        code=code, title=title, detail=detail, remedy=remedy, facts={"level": at, **facts}
    )
