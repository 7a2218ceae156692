"""Whatever is done to a file, `check` answers with a report and never with a traceback."""

import random
from pathlib import Path

import pytest
import torch

from infinitetalk.weights import tables
from infinitetalk.weights.check import check
from infinitetalk.weights.report import report_lines
from tests import tiny_weights as tiny

STRUCTURE = 4000  # bytes at the beginning and at the end, where headers and tables are


def damaged(content: bytes, chance: random.Random) -> bytes:
    """One to four small damages, most of them where the structure is."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        near = chance.randrange(min(STRUCTURE, len(made)))
        place = near if chance.random() < 0.5 else len(made) - 1 - near
        match chance.randrange(4):
            case 0:
                made[place] = chance.randrange(256)
            case 1:
                del made[max(place, 1) :]
            case 2:
                del made[max(place, 1) : place + chance.randint(1, 40)]
            case _:
                made[place:place] = chance.randbytes(chance.randint(1, 20))
    return bytes(made)


@pytest.mark.parametrize("kind", ["zip", "legacy", "safetensors"])
def test_damaged_files_give_reports(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "model.pth"
    if kind == "safetensors":
        tiny.save(path, tiny.overlay())
    else:
        tensors = tiny.filled(tables.text_table(tiny.TEXT))
        torch.save(tensors, path, _use_new_zipfile_serialization=kind == "zip")
    content = path.read_bytes()
    chance = random.Random(kind)
    bad = 0
    for _ in range(120):
        path.write_bytes(damaged(content, chance))
        (report,) = check([path])
        assert report_lines([report])
        bad += not report.usable
    assert bad > 60  # the damage is real: most of it is seen, the rest lies in the numbers
