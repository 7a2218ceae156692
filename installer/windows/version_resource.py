"""The version resource of the two Windows programs: what Explorer shows under Details."""

from pathlib import Path

from installer.packing.layout import ENGINE, PROGRAM, TITLE, version

DESCRIPTIONS = {PROGRAM: TITLE, ENGINE: f"{TITLE}: engine and command line"}


def version_numbers(text: str) -> tuple[int, int, int, int]:
    """The four numbers that Windows wants; a suffix such as rc1 is left off."""
    numbers = [int("".join(c for c in part if c.isdigit()) or 0) for part in text.split(".")[:4]]
    first, second, third, fourth = (numbers + [0] * 4)[:4]
    return first, second, third, fourth


def text(name: str) -> str:
    """The resource of one program, in the form that PyInstaller reads."""
    numbers = version_numbers(version())
    strings = {
        "CompanyName": TITLE,
        "FileDescription": DESCRIPTIONS[name],
        "FileVersion": version(),
        "InternalName": name,
        "LegalCopyright": "Apache License 2.0",
        "OriginalFilename": f"{name}.exe",
        "ProductName": TITLE,
        "ProductVersion": version(),
    }
    table = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    return (
        "VSVersionInfo(\n"
        f"  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0,\n"
        "    OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)),\n"
        f"  kids=[StringFileInfo([StringTable('040904B0', [{table}])]),\n"
        "    VarFileInfo([VarStruct('Translation', [1033, 1200])])]\n"
        ")\n"
    )


def write(name: str, folder: Path) -> str:
    """Writes the resource; returns the file's path for PyInstaller."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.version.txt"
    target.write_text(text(name), encoding="utf-8")
    return str(target)
