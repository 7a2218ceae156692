"""What the plan before rendering has looked at: checks, worst first, in the user's language."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.reports.texts import told
from desktop.state.session import Session
from desktop.views.preflight_parts import LEVELS, Check, CheckButton
from infinitetalk.errors import ErrorReport
from infinitetalk.plan import Machine, Plan, WeightsFacts, level

ButtonsFor = Callable[[ErrorReport], tuple[CheckButton, ...]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("checks", text)


def make_checks(
    session: Session,
    model: str,
    plan: Plan | None,
    problem: ErrorReport | None,
    machine: Machine | None,
    weights: WeightsFacts | None,
    buttons_for: ButtonsFor,
) -> list[Check]:
    checks: list[Check] = []
    if problem is not None:
        checks.append(_check(problem, buttons_for, at="error"))
    if machine is None:
        checks.append(
            Check(
                level="notice",
                title=_tr("Looking at this machine"),
                detail=_tr("The engine is starting; figures follow in a moment."),
            )
        )
    elif weights is None:
        checks.append(_missing(session, model, buttons_for))
    if plan is not None and weights is not None:
        checks += _good(plan, weights)
        checks += [_check(session.named(report), buttons_for) for report in plan.notices]
    order = list(LEVELS)
    return sorted(checks, key=lambda check: order.index(check.level))


def _good(plan: Plan, weights: WeightsFacts) -> list[Check]:
    return [
        Check(
            level="good",
            title=QCoreApplication.translate(
                "checks", "Speech makes %n chunks", "", len(plan.chunks)
            ),
            detail=_tr("25 frames per second; the last one has {0} frames").format(
                plan.chunks[-1].frame_count
            ),
        ),
        Check(
            level="good",
            title=_tr("Models ready"),
            detail=_tr("{0}, {1}, {2}").format(
                weights.name,
                plan.precision,
                QCoreApplication.translate("checks", "%n speakers", "", weights.speakers),
            ),
        ),
    ]


def _missing(session: Session, model: str, buttons_for: ButtonsFor) -> Check:
    """The model of the project is not there, or not whole."""
    report = session.engine.unusable.get(model)
    if report is None:
        report = ErrorReport(
            code="weights.missing",
            title="A weights file is missing",
            detail=model,
            facts={"path": str(Path(model))},
        )
    check = _check(report, buttons_for, at="error")
    if not check.buttons:  # whatever is wrong with a model, its page is the place for it
        buttons = buttons_for(ErrorReport(code="weights.missing", title="", detail=""))
        check = replace(check, buttons=buttons)
    return check


def _check(report: ErrorReport, buttons_for: ButtonsFor, at: str = "") -> Check:
    shown, strength = told(report), at or level(report)
    buttons = buttons_for(report)
    detail = shown.detail
    if strength in ("error", "warning") and shown.remedy and not buttons:
        detail = f"{detail} {shown.remedy}"
    return Check(
        level=strength, title=shown.title, detail=detail, buttons=buttons, code=report.code
    )
