"""Each machine that is not perfect gets its sentence, and the best way that works on it."""

import json
from pathlib import Path

import pytest

from infinitetalk.errors import GIB
from infinitetalk.plan import precision_to_download
from infinitetalk.probe import machine_from_json, machine_to_json
from infinitetalk.probe.look import Folder, folder_at, screen
from infinitetalk.probe.other_cards import makers_of
from infinitetalk.probe.sentences import notices_for, program_sentence, screen_sentence
from tests.machine_reports import REPORTS, MachineReport, look


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_the_sentence_and_the_way(report: MachineReport) -> None:
    found = report.machine()
    codes = [notice.code for notice in found.notices]
    assert codes[:1] == [report.code] * bool(report.code)
    assert (found.gpu is not None) == report.usable
    if report.code:
        first = found.notices[0]
        text = f"{first.title}. {first.detail} {first.remedy}"
        for word in report.words:
            assert word in text
        assert first.remedy
    for notice in found.notices:
        assert notice.detail.endswith(".")
        assert "None" not in str(notice) or "None was found" in notice.detail


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_it_is_kept_as_json(report: MachineReport) -> None:
    found = report.machine()
    assert machine_from_json(json.loads(json.dumps(machine_to_json(found)))) == found


def test_without_a_usable_card_the_plan_goes_by_the_cpu() -> None:
    for name in ("no-card", "amd", "driver-old", "card-old", "cpu-build", "no-driver"):
        found = REPORTS[name].machine()
        assert (found.gpu, found.vram_total, found.compute_capability) == (None, 0, None)
        assert precision_to_download(found) == "int8"


def test_the_card_with_more_memory_is_taken() -> None:
    found = REPORTS["two-cards"].machine()
    assert found.gpu == "NVIDIA GeForce RTX 3090"
    assert found.vram_total == 24 * GIB


def test_everything_that_is_wrong_is_said_worst_first() -> None:
    codes = [one.code for one in REPORTS["everything-at-once"].machine().notices]
    assert codes == ["gpu.none", "ram.little", "disk.read_only"]


@pytest.mark.parametrize(
    ("names", "makers"),
    [
        (["NVIDIA GeForce RTX 4060 Laptop GPU", "Intel(R) UHD Graphics"], ["NVIDIA", "Intel"]),
        (["AMD Radeon(TM) Graphics", "AMD Radeon RX 7800 XT"], ["AMD"]),
        (["Intel(R) Arc(TM) A770 Graphics"], ["Intel"]),
        (["Microsoft Basic Display Adapter", "Parsec Virtual Display"], []),
    ],
)
def test_makers_by_the_names_that_windows_has(names: list[str], makers: list[str]) -> None:
    assert makers_of(names) == makers


@pytest.mark.parametrize(
    ("environment", "kind", "word"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "wayland", "Wayland"),
        ({"DISPLAY": ":1"}, "x11", "X11"),
        ({}, "", "needs no screen"),
    ],
)
def test_screens(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], kind: str, word: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert screen() == kind
    assert word in screen_sentence(look(screen=kind))


def test_a_program_folder_that_is_read_only_is_no_fault() -> None:
    seen = look()
    assert list(notices_for(seen)) == []
    assert "nothing is written there" in program_sentence(seen)
    writable = look(program=Folder(path=Path("/x"), free=1, writable=True))
    assert program_sentence(writable) == "/x"


def test_a_folder_that_is_not_there_yet_is_judged_by_its_parent(tmp_path: Path) -> None:
    found = folder_at(tmp_path / "a" / "b")
    assert found.path == tmp_path / "a" / "b"
    assert found.free > 0
    assert found.writable
