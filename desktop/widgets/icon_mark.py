"""An icon in a line of words: in the theme's color of now, sharp on every screen."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme


class IconMark(QWidget):
    """Painted each time it is shown, so that another theme or another screen is no stale picture."""

    def __init__(
        self, theme: Theme, icon: str = "", token: str = "second", *, side: int = 16
    ) -> None:
        """`icon` may be empty: nothing is painted. `side` in pixels at a text size of 100 %."""
        super().__init__()
        self._theme, self._icon, self._token = theme, icon, token
        self._side = theme.px(side)
        self.setFixedSize(self._side, self._side)

    def show_icon(self, icon: str, token: str = "second") -> None:
        if (icon, token) != (self._icon, self._token):
            self._icon, self._token = icon, token
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._icon:
            icons = self._theme.icons
            painter = QPainter(self)
            painter.drawPixmap(
                0, 0, icons.pixmap(self._icon, self._token, self._side, self.devicePixelRatioF())
            )
