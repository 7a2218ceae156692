"""Which check takes which fixture file."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

CHECKS_FOLDER = Path(__file__).parent / "checks"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One comparison: the largest difference found and what was allowed."""

    name: str
    absolute: float
    relative: float
    tolerance: str
    passed: bool


Check = Callable[[Path, Path], list[Row]]
_checks: dict[tuple[str, str, str], Check] = {}


def check(folder: str, *prefixes: str, suffix: str = ".safetensors") -> Callable[[Check], Check]:
    """Registers a function for files of `folder` whose names begin with one of `prefixes`.

    The function gets the golden folder and the file, and returns its comparisons, at least one.
    """

    def register(function: Check) -> Check:
        for prefix in prefixes:
            key = (folder, prefix, suffix)
            if key in _checks:
                raise ValueError(f"two checks for {folder}/{prefix}*{suffix}")
            _checks[key] = function
        return function

    return register


def load_checks() -> None:
    for module in sorted(CHECKS_FOLDER.glob("*.py")):
        importlib.import_module(f"tests.parity.checks.{module.stem}")


def find_check(relative: PurePath) -> Check | None:
    """The check for a file given by its path inside a golden folder; the longest prefix wins."""
    folder = relative.parent.as_posix()
    matches = [
        (len(prefix), function)
        for (where, prefix, suffix), function in _checks.items()
        if where == folder and relative.name.startswith(prefix) and relative.suffix == suffix
    ]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def fixture_files(golden: Path) -> list[Path]:
    """Every file of a golden folder that some check has to take."""
    return sorted(p for p in golden.rglob("*") if p.is_file() and p.suffix != ".md")
