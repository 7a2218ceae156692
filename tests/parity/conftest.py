"""The golden folders to check, and the table at the end."""

import os
from pathlib import Path

import pytest

from tests.parity.registry import Row, fixture_files, load_checks

HERE = Path(__file__).parent
COMMITTED = HERE / "golden"
SHARED = HERE.parents[2] / "shared" / "golden"
ROWS = pytest.StashKey[dict[str, list[Row]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", metavar="DIR", help="check this folder of golden tensors")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = {}


def golden_folders(config: pytest.Config) -> list[Path]:
    chosen = config.getoption("golden", default=None)
    if chosen:
        folders = [Path(chosen).resolve()]
    else:
        named = os.environ.get("INFINITETALK_GOLDEN")
        further = Path(named).resolve() if named else SHARED
        folders = [COMMITTED, *([further] if named or further.is_dir() else [])]
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        raise pytest.UsageError(f"no golden folder at {missing[0]}")
    return folders


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "golden_file" not in metafunc.fixturenames:
        return
    load_checks()
    cases = []
    for folder in golden_folders(metafunc.config):
        label = "committed" if folder == COMMITTED else folder.as_posix()
        cases += [
            pytest.param((folder, file), id=f"{label}/{file.relative_to(folder).as_posix()}")
            for file in fixture_files(folder)
        ]
    metafunc.parametrize("golden_file", cases)


@pytest.fixture
def parity_rows(request: pytest.FixtureRequest) -> dict[str, list[Row]]:
    """Where a test leaves its rows, by file, for the table at the end."""
    return request.config.stash[ROWS]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = terminalreporter.config.stash.get(ROWS, {})
    if not found:
        return
    terminalreporter.section("parity")
    width = max(len(name) for name in found)
    terminalreporter.write_line(
        f"{'file':{width}}  {'max abs':>9}  {'max rel':>9}  {'tolerance':20}  compared  result"
    )
    for name, rows in found.items():
        failed = [row for row in rows if not row.passed]
        worst = max(rows, key=lambda row: (row.relative, row.absolute))
        terminalreporter.write_line(
            f"{name:{width}}  {max(r.absolute for r in rows):9.2e}  {max(r.relative for r in rows):9.2e}"
            f"  {worst.tolerance:20}  {len(rows):8}  {'FAIL' if failed else 'pass'}"
        )
        for row in failed:
            terminalreporter.write_line(
                f"    {row.name}: abs {row.absolute:.2e}, rel {row.relative:.2e}, allowed {row.tolerance}"
            )
