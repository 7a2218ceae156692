import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.plan import Machine
from infinitetalk.probe import machine, machine_from_json, machine_to_json, read_machine
from infinitetalk.probe.nvidia import nvidia_cards, parse_cards
from infinitetalk.probe.other_cards import display_adapters

LINE = "NVIDIA GeForce RTX 4060, 8188, 7000, 8.9, 580.95"


def test_cards_are_read_from_the_drivers_answer() -> None:
    (card,) = parse_cards(f"{LINE}\nsomething else\n")
    assert card.name == "NVIDIA GeForce RTX 4060"
    assert card.vram_total == 8188 * 1024**2
    assert card.compute_capability == (8, 9)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in program is a shell script")
def test_a_driver_program_that_fails_means_no_card(tmp_path: Path, monkeypatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho no devices; exit 9\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nvidia_cards() == []
    program.write_text(f"#!/bin/sh\necho '{LINE}'\n")
    assert [c.driver for c in nvidia_cards()] == ["580.95"]


def test_makers_of_adapters_are_named(tmp_path: Path) -> None:
    for number, vendor in enumerate(("0x1002", "0x10de", "0x1002", "0x1234")):
        device = tmp_path / f"card{number}" / "device"
        device.mkdir(parents=True)
        (device / "vendor").write_text(vendor + "\n")
    assert display_adapters(tmp_path) == ["AMD", "NVIDIA"]


def test_machine_goes_to_json_and_back(tmp_path: Path) -> None:
    found = machine(tmp_path)
    assert found.cores >= 1
    assert found.ram_total > 0
    assert found.disk_free > 0
    assert machine_from_json(json.loads(json.dumps(machine_to_json(found)))) == found
    bad = tmp_path / "m.json"
    bad.write_text('{"format": 1, "wheels": 4}')
    with pytest.raises(EngineError, match="wheels"):
        read_machine(bad)


def test_the_first_look_imports_no_torch() -> None:
    code = "import sys; from infinitetalk.probe import machine; machine(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_machine_is_plain_data() -> None:
    assert machine_from_json(machine_to_json(Machine())) == Machine()
