"""Showing folders in the system's file manager."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


DRIVER_PAGE = "https://www.nvidia.com/drivers"


def open_address(address: str) -> None:
    """Opens a page in the user's browser."""
    QDesktopServices.openUrl(QUrl(address))
