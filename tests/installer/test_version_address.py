"""A build may be told where it asks for newer versions; the program reads it from the bundle."""

import json
import shutil
from pathlib import Path

import pytest

from infinitetalk.weights.download.version_check import bundled_address
from installer.packing import contents, finish
from installer.packing.layout import LIBRARY_FOLDER, ROOT, BuildFolders


def test_the_address_of_a_build_is_what_its_program_asks(tmp_path: Path) -> None:
    packed = {Path(source).relative_to(ROOT).as_posix() for source, _ in contents.resources()}
    assert "resources/version/check.json" in packed
    folders = BuildFolders("cpu", tmp_path)
    inside = folders.bundle / LIBRARY_FOLDER / "resources" / "version"
    inside.mkdir(parents=True)
    shutil.copyfile(ROOT / "resources" / "version" / "check.json", inside / "check.json")
    assert bundled_address(inside / "check.json") == ""
    finish.version_address(folders, "https://example.org/newest.json")
    assert bundled_address(inside / "check.json") == "https://example.org/newest.json"
    assert json.loads((inside / "check.json").read_text("utf-8"))["format"] == 1
    for wrong in ("http://example.org/x", "example.org", "https://me:secret@example.org/x"):
        with pytest.raises(ValueError, match="no https address"):
            finish.version_address(folders, wrong)
