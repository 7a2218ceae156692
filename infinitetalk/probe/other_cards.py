"""Makers of the display adapters, so that the user reads what was found where no card is usable."""

import sys
from pathlib import Path

_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel", "0x106b": "Apple"}
_NAMES = {"nvidia": "NVIDIA", "amd": "AMD", "radeon": "AMD", "intel": "Intel", "arc": "Intel"}
_CLASS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"


def display_adapters(drm: Path = Path("/sys/class/drm")) -> list[str]:
    """Makers of the adapters of this machine, each once."""
    if sys.platform == "win32":
        return makers_of(_windows_names())
    found = []
    for vendor_file in sorted(drm.glob("card[0-9]*/device/vendor")):
        try:
            vendor = _VENDORS.get(vendor_file.read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            continue
        if vendor and vendor not in found:
            found.append(vendor)
    return found


def makers_of(names: list[str]) -> list[str]:
    """Makers by what their drivers call the adapters; those that are no cards are left out."""
    found = []
    for name in names:
        words = name.lower().replace("(", " ").split()
        maker = next((maker for word, maker in _NAMES.items() if word in words), None)
        if maker and maker not in found:
            found.append(maker)
    return found


def _windows_names() -> list[str]:
    """Names of the display class in the registry: no program is started for it."""
    names: list[str] = []
    if sys.platform == "win32":
        import winreg

        for number in range(16):
            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, rf"{_CLASS}\{number:04d}") as key:
                    names.append(str(winreg.QueryValueEx(key, "DriverDesc")[0]))
            except OSError:
                continue
    return names
