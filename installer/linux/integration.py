"""What tells a Linux desktop of the program: entry, icons, MIME type, description."""

import shutil
import time
from pathlib import Path

from installer.packing import pictures
from installer.packing.layout import DESKTOP_ID, ENGINE, INSTALLER, MIME_TYPE, ROOT, version

ICON_SIZES = tuple(size for size in pictures.SIZES if size != 24)


def filled(template: str, *, command: str) -> str:
    """A template of this folder with its marks filled in."""
    text = (INSTALLER / "linux" / template).read_text(encoding="utf-8")
    day = time.strftime("%Y-%m-%d", time.gmtime())
    marks = {"@EXEC@": command, "@MIME@": MIME_TYPE, "@VERSION@": version(), "@DATE@": day}
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text


def write(share: Path, icons: Path, *, command: str) -> list[Path]:
    """Fills a `share` folder of the XDG layout; `command` starts the window there."""
    texts = {
        f"applications/{DESKTOP_ID}.desktop": "infinitetalk.desktop.in",
        f"mime/packages/{DESKTOP_ID}.xml": "infinitetalk.mime.xml.in",
        f"metainfo/{DESKTOP_ID}.metainfo.xml": "infinitetalk.metainfo.xml.in",
    }
    written = []
    for name, template in texts.items():
        target = share / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(filled(template, command=command), encoding="utf-8")
        written.append(target)
    sources = {f"{n}x{n}": icons / f"{ENGINE}-{n}.png" for n in ICON_SIZES}
    sources["scalable"] = ROOT / "resources" / "icons" / "app.svg"
    for folder, source in sources.items():
        target = share / "icons/hicolor" / folder / "apps" / f"{DESKTOP_ID}{source.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        written.append(target)
    return written
