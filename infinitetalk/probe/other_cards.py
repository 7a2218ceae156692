"""Cards that are no NVIDIA cards, named so that the user reads what was found (Linux only)."""

from pathlib import Path

_VENDORS = {"0x1002": "AMD", "0x8086": "Intel", "0x106b": "Apple"}


def other_cards(drm: Path = Path("/sys/class/drm")) -> list[str]:
    """Vendor names of the display adapters in `drm`, NVIDIA left out, each once."""
    found = []
    for vendor_file in sorted(drm.glob("card[0-9]/device/vendor")):
        try:
            vendor = _VENDORS.get(vendor_file.read_text(encoding="ascii").strip())
        except OSError:
            continue
        if vendor and vendor not in found:
            found.append(vendor)
    return found
