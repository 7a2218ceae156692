"""Private folders: one that is in use is left alone, one whose owner has ended is swept away."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.media import publish
from infinitetalk.media.publish import check_target, private_folder, sweep_private

ROOT = Path(__file__).parents[3]
WORK = """
import sys
from pathlib import Path
from infinitetalk.media.publish import private_folder
with private_folder(Path(sys.argv[1])) as folder:
    (folder / "video.mp4").write_bytes(b"half")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "frame-000001.png").write_bytes(b"half")
    print(folder, flush=True)
    sys.stdin.read()
"""


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".italk-"))


def test_what_a_killed_program_left_goes_and_what_is_in_use_stays(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", WORK, str(tmp_path / "a.mp4")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    theirs = Path(child.stdout.readline().strip())
    try:
        with private_folder(tmp_path / "b.mp4") as mine:  # sweeps first
            assert sweep_private(tmp_path) == 0
            assert hidden(tmp_path) == sorted([theirs.name, mine.name])
            assert (theirs / "pictures" / "frame-000001.png").exists()
    finally:
        child.kill()
        child.communicate(timeout=30)
    assert hidden(tmp_path) == [theirs.name]
    with private_folder(tmp_path / "c.mp4") as mine:
        assert hidden(tmp_path) == [mine.name]
    assert hidden(tmp_path) == []


def test_many_at_once_never_lose_their_folder(tmp_path: Path) -> None:
    """Each sweeps while the others begin and end."""
    failures: list[str] = []

    def work(name: str) -> None:
        for round_ in range(15):
            with private_folder(tmp_path / f"{name}.mp4") as folder:
                (folder / "video").write_text(f"{name} {round_}")
                sweep_private(tmp_path)
                if (folder / "video").read_text() != f"{name} {round_}":
                    failures.append(name)

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert hidden(tmp_path) == []


def test_folders_of_others_are_not_touched(tmp_path: Path) -> None:
    """Other names, files, links, and folders with contents but without our lock."""
    (tmp_path / ".italk-notes").mkdir()
    full = tmp_path / ".italk-abcdefgh"
    full.mkdir()
    (full / "mine.txt").write_text("precious")
    old = time.time() - 3600
    os.utime(full, (old, old))
    (tmp_path / ".italk-12345678").write_text("a file")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").touch()
    (tmp_path / ".italk-linklink").symlink_to(elsewhere, target_is_directory=True)
    assert sweep_private(tmp_path) == 0
    assert (full / "mine.txt").exists()
    assert (elsewhere / "lock").exists()
    assert len(hidden(tmp_path)) == 4


def test_an_empty_folder_goes_when_it_is_no_longer_young(tmp_path: Path) -> None:
    """Its owner ended between making it and making its lock."""
    empty = tmp_path / ".italk-abcdefgh"
    empty.mkdir()
    assert sweep_private(tmp_path) == 0
    old = time.time() - 3600
    os.utime(empty, (old, old))
    assert sweep_private(tmp_path) == 1
    assert hidden(tmp_path) == []


def test_where_nothing_can_be_locked_work_goes_on_and_nothing_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(handle: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(publish, "lock", no_locks)
    with private_folder(tmp_path / "a.mp4") as folder:
        assert sweep_private(tmp_path) == 0
        assert folder.is_dir()
    assert hidden(tmp_path) == []


def test_a_folder_that_does_not_exist_is_clean(tmp_path: Path) -> None:
    assert sweep_private(tmp_path / "nowhere") == 0


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no such file system here")
def test_a_place_where_nothing_can_be_made_is_known_beforehand(tmp_path: Path) -> None:
    for out in (Path("/proc/self/x.mp4"), Path("/proc/no/such/folder/x.mp4")):
        with pytest.raises(EngineError) as caught:
            check_target(out, overwrite=False)
        assert caught.value.report.code == "disk.read_only"
    check_target(tmp_path / "not" / "yet" / "there" / "x.mp4", overwrite=False)
    assert list(tmp_path.iterdir()) == []
