"""One test per fixture file; the checks are in `checks/`."""

from pathlib import Path

import pytest

from tests.parity.registry import Row, find_check

pytestmark = pytest.mark.parity


def test_file_matches_reference(
    golden_file: tuple[Path, Path],
    parity_rows: dict[str, list[Row]],
    request: pytest.FixtureRequest,
) -> None:
    golden, file = golden_file
    found = find_check(file.relative_to(golden))
    assert found is not None, f"no check takes {file}"
    rows = found(golden, file)
    assert rows, f"the check of {file} compared nothing"
    parity_rows[request.node.callspec.id] = rows
    failed = [row for row in rows if not row.passed]
    assert not failed, "\n".join(
        f"{r.name}: abs {r.absolute:.2e}, rel {r.relative:.2e}, allowed {r.tolerance}"
        for r in failed
    )
