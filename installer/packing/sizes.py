"""The recorded size of the CPU flavor, and the check that it does not grow unnoticed."""

import json
from importlib.util import find_spec
from pathlib import Path

from installer.packing import contents
from installer.packing.layout import INSTALLER

RECORD = INSTALLER / "sizes.json"
LIMIT = 1.05  # of the recorded size
TREES = ("torch", "transformers", "imageio_ffmpeg")


def recorded() -> dict[str, int]:
    """Bytes by name of package: bundle, .deb, .tar.gz, ..."""
    if not RECORD.exists():
        return {}
    return json.loads(RECORD.read_text(encoding="utf-8"))


def trees() -> dict[str, int]:
    """Bytes of what the bundle takes as it is installed: two thirds of it, known without building."""
    found = {}
    for name in TREES:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        files = (Path(file) for file, _ in contents.package_tree(Path(spec.origin).parent))
        found[f"cpu tree {name}"] = sum(file.stat().st_size for file in files)
    found["cpu tree resources"] = sum(Path(file).stat().st_size for file, _ in contents.resources())
    return found


def problem(name: str, found: int) -> str | None:
    """Why a size is not accepted; None where it is. One without a record is accepted."""
    known = recorded().get(name)
    if known is None or found <= known * LIMIT:
        return None
    return (
        f"{name} has {found:,} bytes, recorded are {known:,}: {found / known - 1:+.1%}, at most "
        f"{LIMIT - 1:+.0%}. Look at `installer/build.py --list`; if the growth is meant, write it "
        f"down with `installer/build.py --record-sizes`."
    )


def record(found: dict[str, int], place: Path = RECORD) -> None:
    known = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    text = json.dumps({**known, **found}, indent=1, sort_keys=True)
    place.write_text(text + "\n", encoding="utf-8")
