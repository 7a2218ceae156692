"""What a user reads when a download goes wrong, and what is tried again without asking."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

from infinitetalk.errors import GIB, EngineError, ErrorReport, engine_error
from infinitetalk.project import atomic
from infinitetalk.weights.report import size_text

SAFE = "What has arrived is kept; the download goes on from there."
OTHER_WAYS = "Try again, name another address (mirror), or import the files from a folder."


# Why a line failed, for those who word it themselves: the window in the user's language.
Cause = Literal[
    "lost", "offline", "unreachable", "proxy", "silent", "busy", "redirect", "certificate"
]


class TryAgain(Exception):  # noqa: N818  a signal between our own functions
    """A failure that may pass: a lost line, a busy server."""

    def __init__(
        self, why: str, *, cause: Cause = "lost", status: int = 0, wait: float | None = None
    ) -> None:
        super().__init__(why)
        self.why = why
        self.cause: Cause = cause
        self.status = status  # that a busy server answers with
        self.wait = wait  # seconds that the server asks for


def failed(
    name: str,
    why: str | TryAgain,
    *,
    cause: Cause = "lost",
    done: int = 0,
    total: int = 0,
    tries: int = 0,
) -> EngineError:
    """The line is lost and stays lost; `why` in words, or the last failure that was tried again."""
    facts: dict[str, object] = {"file": name, "tries": tries}
    facts.update({"done": done, "total": total} if total else {})  # of a list nothing is counted
    facts["cause"] = why.cause if isinstance(why, TryAgain) else cause
    if isinstance(why, TryAgain) and why.status:
        facts["status"] = why.status
    at = f" at {done / total:.0%} of {size_text(total)}" if total else ""
    after = f" after {tries} tries" if tries > 1 else ""
    return engine_error(
        "download.failed",
        "The download stopped",
        f"{name}: {why}{at}{after}.",
        OTHER_WAYS,
        safe=SAFE,
        **facts,
    )


def waiting(name: str, why: TryAgain, wait: float, number: int, tries: int) -> ErrorReport:
    """Why a file waits: no error yet, the next try comes by itself."""
    facts = {"cause": why.cause, "status": why.status} if why.status else {"cause": why.cause}
    return ErrorReport(
        code="download.waiting",
        title="Trying again",
        detail=f"{name}: {why}; try {number} of {tries} in {wait:.0f} s.",
        safe=SAFE,
        facts={"file": name, "try": number, "tries": tries, "wait": wait, **facts},
    )


def refused(status: int, name: str, repo: str, endpoint: str, *, has_token: bool) -> EngineError:
    """An answer of the server that trying again does not change."""
    facts = {"file": name, "repo": repo, "status": status}
    page = f"{endpoint}/{repo}"
    if status == 401:
        said = "the access token is not accepted" if has_token else "it asks for an access token"
        return engine_error(
            "download.token",
            "The server wants to know who asks",
            f"{name}: {said} (401). {repo} may be private, or it is not there.",
            f"Look at {page}; if it needs an account, save a token with "
            "'infinitetalk weights token'.",
            **facts,
        )
    if status == 403:
        return engine_error(
            "download.refused",
            "The server refuses this file",
            f"{name}: access is denied (403). The license of {repo} may have to be accepted first.",
            f"Open {page} in a browser, accept what it asks for, then try again.",
            **facts,
        )
    if status in (404, 410):
        return engine_error(
            "download.missing",
            "The file is not on the server",
            f"{name} is not in {repo} ({status}).",
            "Try another address (mirror), or a newer version of this program.",
            **facts,
        )
    return engine_error(
        "download.failed",
        "The download stopped",
        f"{name}: the server answers with {status}.",
        OTHER_WAYS,
        safe=SAFE,
        **facts,
    )


def changed(name: str, why: str) -> EngineError:
    """The server gives another file than its list describes."""
    return engine_error(
        "download.changed",
        "The file on the server is not the one that was announced",
        f"{name}: {why}.",
        "Try again later, or name another address (mirror).",
        file=name,
    )


def damaged(name: str, found: str, expected: str) -> EngineError:
    return engine_error(
        "download.damaged",
        "The file arrived damaged",
        f"{name}: SHA-256 differs, also after loading it once more "
        f"(found {found[:16]}…, published {expected[:16]}…).",
        "Name another address (mirror), or check memory and disk of this machine.",
        file=name,
        found=found,
        expected=expected,
    )


def different(path: Path, why: str) -> EngineError:
    """A file of the same name is there that is not the published one."""
    return engine_error(
        "download.exists",
        "Another file has this name",
        f"{path} is not the published file: {why}.",
        "Choose another folder, or let it be replaced (--replace).",
        path=str(path),
    )


def unclear(repo: str, why: str) -> EngineError:
    return engine_error(
        "download.failed",
        "The server's answer makes no sense",
        f"The list of files of {repo} can't be read: {why}.",
        "Check the address of the mirror, and whether a login page of the network is in the way.",
        repo=repo,
    )


def busy(folder: Path, pid: object) -> EngineError:
    who = f"process {pid}" if pid else "another program"
    return engine_error(
        "download.busy",
        "A download into this folder is running",
        f"{who} loads files into {folder}.",
        "Wait until it is done, or stop it.",
        folder=str(folder),
        pid=pid,
    )


def disk_problem(error: OSError, path: Path, needed: int = 0) -> EngineError:
    """A failure of the disk in words that fit a download."""
    report = atomic.disk_error(error, path, needed).report
    remedy = "Choose another folder, then start again."
    if report.code == "disk.full":
        remedy = "Free some space, or choose a folder on another disk; then start again."
    return EngineError(replace(report, remedy=remedy, safe=SAFE))


def no_space(folder: Path, load: int, convert: int, free: int, spare: int) -> EngineError:
    needed = load + convert + spare
    parts = f"{load / GIB:.1f} GiB to load"
    if convert:
        parts += f", {convert / GIB:.1f} GiB to convert"
    return engine_error(
        "disk.not_enough",
        "Not enough disk space",
        f"{folder} has {free / GIB:.1f} GiB free; {needed / GIB:.1f} GiB are needed ({parts}, "
        f"{spare / GIB:.1f} GiB to spare).",
        "Free some space, choose a folder on another disk, or a smaller precision.",
        needed=needed,
        load=load,
        convert=convert,
        free=free,
    )
