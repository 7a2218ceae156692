"""Colors, type and the style sheet: named tokens in one place, and the object that announces a switch.

A widget asks the theme for a token by name each time it paints, and repaints on `changed`; so a
switch needs no restart and no widget knows a color of its own.
"""

import json
import re
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop.icons import IconSet, icon_file
from infinitetalk.paths import resources_folder

ThemeMode = Literal["system", "dark", "light"]

BODY = 13
SMALL = 12
BAND = 11  # ruler and chunk band only
ICON_SIDE = 18  # of a button that is an icon alone

_PLACEHOLDER = re.compile(r"@([a-z_0-9:]+)@")
_PIXELS = re.compile(r"^(\d+)px$")


def load_tokens(name: Literal["dark", "light"]) -> dict[str, str]:
    """Token -> "#rrggbb", from the bundled theme."""
    path = resources_folder() / "themes" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def style_sheet(tokens: dict[str, str], scale: float, icon_folder: Path) -> str:
    """The style sheet with tokens and sizes filled in; unknown names raise KeyError.

    `@token@` is a color, `@13px@` a length that follows the text size, `@icon:name@` and
    `@icon:name:token@` the path of an icon in a color (the text's by default).
    """

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        pixels = _PIXELS.match(name)
        if pixels:
            return f"{round(int(pixels.group(1)) * scale)}px"
        if name.startswith("icon:"):
            _, icon, *token = name.split(":")
            color = tokens[token[0] if token else "text"]
            return icon_file(icon, color, icon_folder).as_posix()
        return tokens[name]

    template = (resources_folder() / "themes" / "window.qss").read_text(encoding="utf-8")
    return _PLACEHOLDER.sub(fill, template)


def _palette(tokens: dict[str, str]) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for roles, token in (
        ((role.Window, role.AlternateBase), "panel"),
        ((role.Base,), "field"),
        ((role.Button, role.ToolTipBase), "raised"),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), "text"),
        ((role.PlaceholderText,), "third"),
        ((role.Highlight,), "filled"),
        ((role.HighlightedText,), "on_filled"),
        ((role.Link,), "accent"),
        ((role.Mid, role.Midlight), "line"),
        ((role.Dark,), "strong_line"),
    ):
        for one in roles:
            palette.setColor(one, QColor(tokens[token]))
    for one in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(tokens["third"]))
    return palette


def size_icon(button: QAbstractButton, side: int) -> None:
    """Gives a button an icon of `side` pixels at text size 100 %; it follows the text size."""
    button.setProperty("iconSide", side)
    _fit_icon(button)


def _fit_icon(button: QAbstractButton) -> None:
    side = button.property("iconSide")
    if side:
        body = QApplication.font().pixelSize()
        pixels = round(int(side) * (body / BODY if body > 0 else 1))
        button.setIconSize(QSize(pixels, pixels))


class Theme(QObject):
    """The colors in force. `changed` is emitted after application palette and sheet are set."""

    changed = Signal()

    def __init__(self, app: QApplication, icon_folder: Path) -> None:
        super().__init__()
        self._app = app
        self._icon_folder = icon_folder
        self._mode: ThemeMode = "system"
        self._scale = 1.0
        self._tokens: dict[str, str] = {}
        self._colors: dict[str, QColor] = {}
        self._family = _family(app)
        self.icons = IconSet(self.color)
        self._app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def dark(self) -> bool:
        if self._mode == "system":
            return self._app.styleHints().colorScheme() != Qt.ColorScheme.Light
        return self._mode == "dark"

    @property
    def mode(self) -> ThemeMode:
        return self._mode

    @property
    def scale(self) -> float:
        """Text size, 1.0 = 100 %."""
        return self._scale

    def apply(self, mode: ThemeMode, scale: float = 1.0) -> None:
        self._mode = mode
        self._scale = min(max(scale, 0.8), 2.0)
        self._tokens = load_tokens("dark" if self.dark else "light")
        if self._high_contrast():
            self._tokens |= {
                "third": self._tokens["second"],
                "second": self._tokens["text"],
                "line": self._tokens["third"],
                "strong_line": self._tokens["second"],
            }
        self._colors = {name: QColor(value) for name, value in self._tokens.items()}
        self._app.setStyle("Fusion")
        self._app.setFont(self.font())
        self._app.setPalette(_palette(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens, self._scale, self._icon_folder))
        for widget in self._app.allWidgets():
            if isinstance(widget, QAbstractButton):
                _fit_icon(widget)
        self.changed.emit()

    def color(self, token: str) -> QColor:
        """The color of a token. Callers must not change it in place."""
        return self._colors[token]

    def tint(self, token: str, alpha: float) -> QColor:
        """A token's color, `alpha` (0..1) opaque."""
        color = QColor(self._colors[token])
        color.setAlphaF(alpha)
        return color

    def font(self, pixels: int = BODY, *, bold: bool = False, figures: bool = False) -> QFont:
        """The interface font; `figures` asks for digits of equal width."""
        font = QFont(self._family)
        font.setPixelSize(max(round(pixels * self._scale), 1))
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        if figures and hasattr(font, "setFeature"):
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def px(self, length: int) -> int:
        """A length that follows the text size."""
        return round(length * self._scale)

    def _high_contrast(self) -> bool:
        hints = self._app.styleHints()
        accessibility = getattr(hints, "accessibility", None)  # from Qt 6.10 on
        if accessibility is None:
            return False
        return accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast

    def _system_changed(self) -> None:
        if self._mode == "system":
            self.apply("system", self._scale)


def _family(app: QApplication) -> str:
    """The system's interface font; where fontconfig names only a class, a good one of that class."""
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if family.lower() not in ("sans serif", "sans", "sans-serif", ""):
        return family
    present = set(QFontDatabase.families())
    for wanted in ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "DejaVu Sans"):
        if wanted in present:
            return wanted
    return app.font().family()
