"""Licenses are collected from what is packed; what belongs to nobody stops the build."""

import importlib.util
import json
import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from installer.packing import licenses


def source(module: str) -> str:
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.origin is not None
    return found.origin


def test_owners_texts_and_metadata(tmp_path):
    bundled = [
        ("numpy/__init__.pyc", "localpycs/__init__.pyc"),  # compiled by PyInstaller
        ("safetensors", source("safetensors")),
        ("PySide6/QtCore.abi3.so", source("PySide6.QtCore")),
        ("infinitetalk.errors", source("infinitetalk.errors")),
        ("json", source("json")),
    ]
    entries = licenses.collect(bundled, tmp_path)
    index = {o["name"]: o for o in json.loads((tmp_path / "index.json").read_text("utf-8"))}
    assert {"numpy", "safetensors", "PySide6_Essentials", "FFmpeg", "Python"} <= set(index)
    assert "torch" not in index  # nothing of it was packed
    assert "GPL" in index["FFmpeg"]["license"]
    for owner in index.values():
        assert owner["files"], owner["name"]
        for name in owner["files"]:
            assert (tmp_path / name).stat().st_size > 100
    packed = [name for name, _, _ in entries]
    assert any(name.startswith("numpy-") and name.endswith("/METADATA") for name in packed)
    assert "resources/licenses/index.json" in packed
    # A wheel without a text of its own: the LGPL, and the GPL that it adds to.
    assert {Path(n).name for n in index["PySide6_Essentials"]["files"]} >= {
        "LGPL-3.0.txt",
        "GPL-3.0.txt",
    }


def test_a_text_beside_the_code_is_taken_where_the_metadata_has_none(tmp_path, monkeypatch):
    site = tmp_path / "site-packages"
    metadata = site / "fast_sparse-1.0.dist-info"
    for name, text in {
        "fast/sparse/LICENSE.txt": "the maker's terms\n" * 9,
        "fast/sparse/libsparse.so": "x",
        "fast_sparse-1.0.dist-info/METADATA": (
            "Metadata-Version: 2.1\nName: fast-sparse\nVersion: 1.0\nLicense: Proprietary\n"
        ),
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    names = ["fast/sparse/LICENSE.txt", "fast/sparse/libsparse.so", f"{metadata.name}/METADATA"]
    (metadata / "RECORD").write_text("".join(f"{name},,\n" for name in names))
    monkeypatch.setattr(licenses, "distributions", lambda: [PathDistribution(metadata)])
    library = str(site / "fast/sparse/libsparse.so")
    licenses.collect([("fast/sparse/libsparse.so", library)], tmp_path / "out")
    index = {o["name"]: o for o in json.loads((tmp_path / "out/index.json").read_text("utf-8"))}
    (text,) = index["fast-sparse"]["files"]
    assert "maker's terms" in (tmp_path / "out" / text).read_text("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="asks dpkg")
def test_a_library_of_nobody_is_refused(tmp_path):
    stray = tmp_path / "libstray.so"
    stray.write_bytes(b"\x7fELF")
    with pytest.raises(RuntimeError, match="libstray"):
        licenses.collect([("libstray.so", str(stray))], tmp_path / "out")


@pytest.mark.skipif(sys.platform != "linux", reason="asks dpkg")
def test_a_library_of_the_system_is_its_packages(tmp_path):
    from installer.packing.libraries import on_this_machine

    library = on_this_machine()["libssl.so.3"].resolve()
    licenses.collect([("libssl.so.3", str(library))], tmp_path)
    index = {o["name"]: o for o in json.loads((tmp_path / "index.json").read_text("utf-8"))}
    assert index["libssl3"]["kind"] == "system library"
    assert "Apache" in (tmp_path / index["libssl3"]["files"][0]).read_text("utf-8")


def test_the_window_lists_what_was_packed_else_what_is_installed(tmp_path, monkeypatch):
    from desktop.views import about

    installed = about.part_licenses()
    assert {"torch", "numpy"} <= {name for name, _, _ in installed}
    assert len({name for name, _, _ in installed}) == len(installed)
    licenses.collect([("safetensors", source("safetensors"))], tmp_path / "licenses")
    monkeypatch.setattr(about, "resources_folder", lambda: tmp_path)
    packed = {name: text for name, _, text in about.part_licenses()}
    assert "torch" not in packed
    assert {"safetensors", "FFmpeg", "Python"} <= set(packed)
    assert packed["InfiniteTalk Desktop"] == "Apache-2.0"
