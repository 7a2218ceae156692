"""The Windows package can't be built here; what can be read of it is checked."""

import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from installer import build
from installer.packing import layout, pictures, sizes
from installer.packing.layout import ENGINE, PROGRAM, BuildFolders
from installer.windows import setup, version_resource

SCRIPT = setup.SCRIPT.read_text("utf-8-sig")
SECTIONS = dict(re.findall(r"(?ms)^\[(\w+)\]\n(.*?)(?=^\[\w+\]\n|\Z)", SCRIPT))


def entries(section: str) -> list[dict[str, str]]:
    """The lines of a section as parameters."""
    found = []
    for line in SECTIONS[section].splitlines():
        if line.strip() and not line.startswith(";"):
            pairs = re.findall(r'(\w+): ("(?:[^"]|"")*"|[^;]+)', line)
            found.append({name: _unquoted(value.strip()) for name, value in pairs})
    return found


def _unquoted(value: str) -> str:
    return value[1:-1] if value.startswith('"') else value


def filled(text: str) -> str:
    """With the script's own defines put in."""
    for name, value in re.findall(r'(?m)^#define (\w+) "(.*)"$', SCRIPT):
        text = text.replace(f"{{#{name}}}", value)
    return text


def test_files_are_the_bundle_and_nothing_else():
    sources = {filled(e["Source"]).replace("\\", "/") for e in entries("Files")}
    bundle = {f"{PROGRAM}.exe", f"{ENGINE}.exe", f"{layout.LIBRARY_FOLDER}/*"}
    assert sources == {f"{{#Bundle}}/{name}" for name in bundle}
    for section in ("Icons", "Run"):
        for entry in entries(section):
            assert filled(entry["Filename"]) == f"{{app}}\\{PROGRAM}.exe"


def test_files_named_in_the_bundle_are_packed():
    named = re.findall(r"\{#Bundle\}\\(\S*LICENSE)", SCRIPT)
    assert named == [f"{layout.LIBRARY_FOLDER}\\resources\\licenses\\{PROGRAM}\\LICENSE"]


def test_every_define_is_given():
    defined = set(re.findall(r"(?m)^#define (\w+)", SCRIPT))
    used = set(re.findall(r"\{#(\w+)\}", SCRIPT))
    given = setup.defines(BuildFolders("cpu"))
    assert used - defined == set(given)
    assert given["AppVersion"] == layout.version()


def test_for_one_user_and_in_slices():
    values = dict(re.findall(r"(?m)^(\w+)=(.*)$", SECTIONS["Setup"]))
    assert values["PrivilegesRequired"] == "lowest"
    assert values["DiskSpanning"] == "yes"
    assert int(values["DiskSliceSize"]) < 2_000_000_000
    assert values["ChangesAssociations"] == "yes"
    assert not [e for e in entries("Registry") if e["Root"] != "HKCU"]


def test_italk_opens_in_the_window_and_is_forgotten_on_removal():
    keys = {filled(e["Subkey"]): e for e in entries("Registry")}
    kind = "Software\\Classes\\InfiniteTalk.Project"
    command = filled(keys[f"{kind}\\shell\\open\\command"]["ValueData"])
    assert command == f'""{{app}}\\{PROGRAM}.exe"" ""%1""'
    assert filled(keys["Software\\Classes\\.italk"]["ValueData"]) == "InfiniteTalk.Project"
    assert keys[kind]["Flags"] == "uninsdeletekey"
    assert "uninsdeletevalue" in keys["Software\\Classes\\.italk"]["Flags"]


def test_both_languages_have_every_message_and_no_other_is_asked_for():
    messages: dict[str, set[str]] = {}
    for language, name in re.findall(r"(?m)^(\w+)\.(\w+)=.+$", SECTIONS["CustomMessages"]):
        messages.setdefault(language, set()).add(name)
    assert messages["en"] == messages["de"]
    asked = set(re.findall(r"\{cm:(\w+)\}", SCRIPT))
    asked |= set(re.findall(r"CustomMessage\('(\w+)'\)", SCRIPT))
    asked |= set(re.findall(r"Agreed\('(\w+)'", SCRIPT))
    assert asked == messages["en"]
    assert {e["Name"] for e in entries("Languages")} == set(messages)


def test_code_is_balanced_and_calls_what_is_there():
    code = re.sub(r"\{.*?\}|'(?:[^']|'')*'", " ", SECTIONS["Code"], flags=re.S)
    words = re.findall(r"\w+", code.lower())
    assert words.count("begin") + words.count("try") == words.count("end")
    functions = set(re.findall(r"(?m)^(?:function|procedure) (\w+)", SECTIONS["Code"]))
    assert set(re.findall(r"\{code:(\w+)\}", SCRIPT)) <= functions
    assert code.count("(") == code.count(")")


def test_settings_that_it_writes_are_the_windows(tmp_path):
    from desktop.state.settings import Settings

    written = re.search(r"Lines := '(.*?)' \+ JsonText", SCRIPT)
    assert written is not None
    names = set(re.findall(r'"(\w+)":', written[1]))
    assert names <= set(Settings().to_json())
    assert Settings.from_json({"format": 1, "models_folder": "D:\\Zoë"}).models_folder == "D:\\Zoë"


def test_the_script_says_in_which_letters_it_is_written():
    assert setup.SCRIPT.read_bytes().startswith(b"\xef\xbb\xbf")  # else umlauts are a code page's
    assert (layout.INSTALLER / "smoke/windows.ps1").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.1.0", (0, 1, 0, 0)),
        ("1.2.3rc1", (1, 2, 31, 0)),
        ("2.0", (2, 0, 0, 0)),
        ("1.2.3.4", (1, 2, 3, 4)),
    ],
)
def test_version_numbers(text, numbers):
    assert version_resource.version_numbers(text) == numbers


@pytest.mark.parametrize("name", [PROGRAM, ENGINE])
def test_version_resource_names_program_and_version(name):
    text = version_resource.text(name)
    compile(text, "version", "eval")
    assert f"StringStruct('OriginalFilename', '{name}.exe')" in text
    assert f"StringStruct('ProductVersion', '{layout.version()}')" in text


def test_icon_has_every_size_and_points_at_whole_pictures(tmp_path):
    # In a program of its own, as when packing: its Qt application would be in the way of the window's.
    words = [sys.executable, "-m", "installer.packing.pictures", str(tmp_path)]
    done = subprocess.run(words, cwd=layout.ROOT, check=True, capture_output=True, text=True)
    written = [Path(line) for line in done.stdout.splitlines()]
    data = written[-1].read_bytes()
    kind, count = struct.unpack("<HH", data[2:6])
    assert (kind, count) == (1, len(pictures.SIZES))
    for index, size in enumerate(pictures.SIZES):
        width, *_, length, offset = struct.unpack(
            "<BBBBHHII", data[6 + 16 * index : 22 + 16 * index]
        )
        assert width == size % 256
        assert data[offset : offset + 8] == b"\x89PNG\r\n\x1a\n"
        assert data[offset : offset + length].endswith(b"IEND\xaeB`\x82")


def test_the_workflow_names_what_is_there():
    text = (layout.ROOT / ".github/workflows/packages.yml").read_text("utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    assert set(jobs) == {"linux", "windows"}
    for name in set(re.findall(r"installer/[\w./]+", text)):
        assert (layout.ROOT / name).is_file(), name
    formats = [f for found in re.findall(r"--format (\S+)", text) for f in found.split(",")]
    assert set(formats) == set(build.FORMATS)
    for job in jobs.values():
        assert set(job["strategy"]["matrix"]["flavor"]) == set(layout.FLAVORS)
    assert re.search(r"RUNTIME_SHA256: [0-9a-f]{64}\n", text)


def test_growth_past_the_record_is_refused(tmp_path, monkeypatch):
    place = tmp_path / "sizes.json"
    monkeypatch.setattr(sizes, "RECORD", place)
    sizes.record({"cpu bundle": 1000}, place)
    sizes.record({"cpu .deb": 400}, place)
    assert sizes.recorded() == {"cpu bundle": 1000, "cpu .deb": 400}
    assert sizes.problem("cpu bundle", 1050) is None
    assert sizes.problem("cpu bundle", 900) is None
    assert sizes.problem("cuda bundle", 10**10) is None
    said = sizes.problem("cpu bundle", 1051)
    assert said is not None
    assert "1,051" in said
    assert "+5.1%" in said
