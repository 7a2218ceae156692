"""Project files: saved, recovered from the journal, moved, opened twice, from strangers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infinitetalk.errors import EngineError
from infinitetalk.project.document import ProjectFile, migrated, restored_value, stored_value
from infinitetalk.project.faults import CRASH_EXIT, VARIABLE, Faults, injected
from infinitetalk.project.recent import forget_recent, note_recent, recent_projects

ROOT = Path(__file__).parents[3]
EDITING = """
import sys
from pathlib import Path
from infinitetalk.project.document import ProjectFile
project = ProjectFile.open(Path(sys.argv[1]))
project.record({**project.content, "prompt": "two"})
project.record({**project.content, "markers": [3]})
project.save({**project.content, "prompt": "three"})
project.record({**project.content, "prompt": "four"})
print("done", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "face.png").write_bytes(b"x")
    path = tmp_path / "keynote.italk"
    content = {"source": tmp_path / "face.png", "prompt": "one", "chunks": {"3": {"seed": 1}}}
    ProjectFile.create(path, content).close()
    return path


def test_all_comes_back(path: Path, tmp_path: Path) -> None:
    project = ProjectFile.open(path)
    assert project.content == {
        "source": tmp_path / "face.png",
        "prompt": "one",
        "chunks": {"3": {"seed": 1}},
    }
    assert project.job_folder == tmp_path / "keynote.job"
    assert not project.recovered
    project.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["face.png", "keynote.italk"]


def test_edits_outlive_a_kill(path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", EDITING, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "done"
    second = ProjectFile.open(path)
    assert second.read_only
    assert second.locked_by is not None
    assert second.locked_by.report.code == "project.locked"
    with pytest.raises(ValueError, match="read-only"):
        second.record({})
    second.close()
    child.kill()
    child.communicate(timeout=30)
    project = ProjectFile.open(path)
    assert not project.read_only
    assert project.recovered
    assert (project.content["prompt"], project.content["markers"]) == ("four", [3])
    project.save()
    project.close()
    again = ProjectFile.open(path)
    assert not again.recovered
    assert again.content["prompt"] == "four"
    again.close()


def test_every_crash_point_keeps_what_was_edited(path: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    run = [sys.executable, "-c", EDITING]
    number, seen = 0, set()
    while True:
        number += 1
        folder = tmp_path / f"crash{number}"
        folder.mkdir()
        copy = shutil.copy(path, folder / path.name)
        faults = f"crash@{number};trace={trace}"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: faults}
        found = subprocess.run([*run, str(copy)], env=environment, input="", text=True, check=False)
        project = ProjectFile.open(Path(copy))
        prompts = ["one", "two", "three", "four"]
        assert project.content["prompt"] in prompts
        seen.add(project.content["prompt"])
        assert project.content["source"] == tmp_path / "face.png"
        project.close()
        if found.returncode == 0:
            break
        assert found.returncode == CRASH_EXIT
    assert number > 10
    assert seen == set(prompts)


def test_a_full_disk_leaves_the_file_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    project = ProjectFile.open(path)
    with injected(Faults(error_path="keynote.italk")), pytest.raises(EngineError) as caught:
        project.save({"prompt": "lost"})
    assert caught.value.report.code == "disk.full"
    assert path.read_bytes() == before
    project.close()


def test_only_differences_are_journaled(path: Path) -> None:
    project = ProjectFile.open(path)
    project.record(dict(project.content))
    assert not project.journal.exists()
    content = {k: v for k, v in project.content.items() if k != "chunks"}
    project.record({**content, "prompt": "x"})
    line = json.loads(project.journal.read_bytes())
    assert (line["changes"], line["removed"]) == ({"prompt": "x"}, ["chunks"])
    with project.journal.open("ab") as out:
        out.write(b'{"revision": 1, "chan')  # torn by a power cut
    project.close()
    again = ProjectFile.open(path)
    assert again.content == {**content, "prompt": "x"}
    again.close()


def test_project_and_files_move_together(path: Path, tmp_path: Path) -> None:
    place = tmp_path / "usb"
    place.mkdir()
    for name in ("face.png", "keynote.italk"):
        shutil.move(tmp_path / name, place / name)
    (place / "keynote.italk").rename(place / "talk.italk")
    project = ProjectFile.open(place / "talk.italk")
    assert project.content["source"] == place / "face.png"
    assert project.job_folder == place / "keynote.job"  # the job keeps its name
    project.close()


@pytest.mark.parametrize("job", ["../x.job", "/etc", "a/b.job", "", "..", "C:\\x"])
def test_a_job_elsewhere_is_refused(path: Path, job: str) -> None:
    data = json.loads(path.read_text())
    data["job"] = job
    path.write_text(json.dumps(data))
    with pytest.raises(EngineError) as caught:
        ProjectFile.open(path)
    assert caught.value.report.code == "job.damaged"
    assert not path.with_name(path.name + "-lock").exists()


def test_newer_damaged_missing(path: Path) -> None:
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "format": 9}))
    before = path.read_bytes(), path.stat().st_mtime_ns
    for expected in ("job.newer", "job.damaged", "project.missing"):
        if expected == "job.damaged":
            path.write_text("{")
        elif expected == "project.missing":
            path.unlink()
        with pytest.raises(EngineError) as caught:
            ProjectFile.open(path)
        assert caught.value.report.code == expected
        if expected == "job.newer":
            assert (path.read_bytes(), path.stat().st_mtime_ns) == before
            assert "This project comes from a newer version" in str(caught.value)


def test_older_formats_are_migrated_step_by_step() -> None:
    steps = {
        1: lambda data: {**data, "content": {"text": data["content"]["prompt"]}},
        2: lambda data: {**data, "content": {"words": data["content"]["text"]}},
    }
    data = migrated({"format": 1, "content": {"prompt": "x"}}, steps, newest=3)
    assert data == {"format": 3, "content": {"words": "x"}}


def test_saving_under_another_name(path: Path, tmp_path: Path) -> None:
    project = ProjectFile.open(path)
    other = project.save_as(tmp_path / "deutsch.italk")
    assert other.content == project.content
    assert other.job_folder != project.job_folder
    for opened in (project, other):
        opened.close()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.just(Path("/somewhere/a b.wav")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=5).filter(lambda name: name != "$path"), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(value=json_values)
def test_contents_survive(value) -> None:
    folder = Path("/somewhere")
    stored = json.loads(json.dumps(stored_value(value, folder)))
    assert restored_value(stored, folder) == value


def test_another_computer_is_not_asked() -> None:
    stored = {"$path": "//evil/share/face.png", "relative": None}
    assert restored_value(stored, Path("/home/me")) == Path("//evil/share/face.png")


def test_recent_projects(tmp_path: Path) -> None:
    file = tmp_path / "config" / "recent.json"
    assert recent_projects(file) == ()
    for number in range(25):
        note_recent(file, tmp_path / f"{number}.italk")
    note_recent(file, tmp_path / "20.italk")
    found = recent_projects(file)
    assert len(found) == 20
    assert [p.stem for p in found[:3]] == ["20", "24", "23"]
    assert tmp_path / "20.italk" not in forget_recent(file, tmp_path / "20.italk")
    file.write_text("nonsense")
    assert recent_projects(file) == ()
