"""The program's icon in the sizes that systems want, painted from `resources/icons/app.svg`.

python -m installer.packing.pictures FOLDER      (with Qt; no screen is needed)
"""

import os
import struct
import sys
from pathlib import Path

from installer.packing.layout import ENGINE, ROOT

SIZES = (16, 24, 32, 48, 64, 128, 256)


def paint(folder: Path) -> list[Path]:
    """Writes ENGINE-SIZE.png and ENGINE.ico."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    app = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    drawing = QSvgRenderer(str(ROOT / "resources" / "icons" / "app.svg"))
    written = []
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(QColor(0, 0, 0, 0))
        painter = QPainter(image)
        drawing.render(painter, QRectF(0, 0, size, size))
        painter.end()
        target = folder / f"{ENGINE}-{size}.png"
        if not image.save(str(target)):
            raise OSError(f"{target} could not be written")
        written.append(target)
    del app
    icon = folder / f"{ENGINE}.ico"
    icon.write_bytes(ico([path.read_bytes() for path in written]))
    return [*written, icon]


def ico(pictures: list[bytes]) -> bytes:
    """A Windows icon of PNG pictures (the form that Windows reads since Vista): header, table, data."""
    header = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(header) + 16 * len(pictures)
    table, data = b"", b""
    for png in pictures:
        width, height = struct.unpack(">II", png[16:24])
        table += struct.pack(
            "<BBBBHHII", width % 256, height % 256, 0, 0, 1, 32, len(png), offset + len(data)
        )
        data += png
    return header + table + data


if __name__ == "__main__":
    for path in paint(Path(sys.argv[1])):
        print(path)
