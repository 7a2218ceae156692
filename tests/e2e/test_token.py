"""Where a token can be seen while a download runs: the hub is told it, and nobody else."""

import sys
import time
from pathlib import Path

import pytest

from tests.e2e.test_download import DATA, LORA, PATIENCE, size_of, started, until
from tests.e2e.test_download import hub as hub
from tests.e2e.test_download import plain as plain
from tests.hub_server import Hub

pytestmark = pytest.mark.e2e
TOKEN = "hf_thisIsTheSecretOfTheTest"


def files_with(folder: Path, secret: str) -> list[Path]:
    every = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in every if secret.encode() in path.read_bytes()]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
def test_no_argument_no_file_and_no_output_has_the_token(
    plain: dict[str, str], hub: Hub, tmp_path: Path
) -> None:
    import psutil

    hub.token = TOKEN
    home = tmp_path / "home"
    given = {**plain, "INFINITETALK_HOME": str(home), "INFINITETALK_HUB_TOKEN": TOKEN}
    part = tmp_path / "models" / "loras" / (LORA + ".part")
    hub.fault("/cdn/", stall=200_000)
    running = started(given, hub, tmp_path / "models", "--debug")
    until(lambda: size_of(part) == 200_000)
    process = psutil.Process(running.pid)
    assert TOKEN not in " ".join(process.cmdline())
    for child in process.children(recursive=True):
        assert TOKEN not in str(child.environ())
    assert files_with(tmp_path, TOKEN) == []  # in mid-download: journals, records, the log
    running.kill()
    out, err = running.communicate(timeout=PATIENCE)
    assert TOKEN not in out + err
    # Refused, in every word there is: the wrong token is not shown either.
    hub.token = "another"
    wrong = started(given, hub, tmp_path / "models", "--debug", "--tries", "1")
    out, err = wrong.communicate(timeout=PATIENCE)
    assert wrong.returncode == 4, out + err
    assert "not accepted (401)" in err
    assert TOKEN not in out + err
    hub.token = TOKEN
    done = started(given, hub, tmp_path / "models", "--debug", "--json")
    out, err = done.communicate(timeout=PATIENCE)
    assert done.returncode == 0, out + err
    assert (tmp_path / "models" / "loras" / LORA).read_bytes() == DATA
    assert TOKEN not in out + err
    assert files_with(tmp_path, TOKEN) == []
    told = [one for one in hub.asked if one.authorization]
    assert {one.server for one in told} == {"hub"}


def test_the_address_of_a_content_server_is_in_no_log(
    plain: dict[str, str], hub: Hub, tmp_path: Path
) -> None:
    """Its signature is a key for whoever reads it."""
    given = {**plain, "INFINITETALK_HOME": str(tmp_path / "home")}
    hub.fault("/cdn/", cut=1000)
    hub.fault("/cdn/", status=500)
    done = started(given, hub, tmp_path / "models", "--debug")
    out, err = done.communicate(timeout=PATIENCE)
    assert done.returncode == 0, out + err
    time.sleep(0.1)
    assert "X-Signature" not in out + err
    assert files_with(tmp_path, "X-Signature") == []
