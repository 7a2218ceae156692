"""Take against take: two of a chunk's takes side by side, at the same frame."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from desktop.loading.pictures import ProjectPictures
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.fields import choice
from desktop.widgets.labels import label


class _Picture(QWidget):
    """A picture that fits."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(460, 260)

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("stage"))
        if self._image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.drawImage(self.rect().adjusted(left, top, -left, -top), self._image)


class TakeCompareDialog(SheetDialog):
    """Two takes of one chunk; the slider moves both."""

    def __init__(
        self,
        session: Session,
        pictures: ProjectPictures,
        theme: Theme,
        parent: QWidget,
        index: int,
    ) -> None:
        super().__init__(parent, "takeCompareDialog", "")
        chunk = session.timeline.chunks[index]
        self.setWindowTitle(self.tr("Takes of chunk {0}").format(index + 1))
        self.resize(1020, 480)
        self._session, self._frames, self._index = session, pictures.take_frames, index
        self._sides: list[tuple] = []
        row = QHBoxLayout()
        takes = [(self.tr("Take {0}").format(n + 1), key) for n, key in enumerate(chunk.takes)]
        for side in range(2):
            box = QVBoxLayout()
            which = choice(list(takes))
            which.setCurrentIndex(len(takes) - 1 if side else max(len(takes) - 2, 0))
            which.setAccessibleName(self.tr("Take"))
            picture = _Picture(theme)
            use = button(self.tr("Show this take"), lambda w=which: self._use(w.currentData()))
            which.activated.connect(lambda _: self._show())
            box.addWidget(which)
            box.addWidget(picture, 1)
            box.addWidget(use)
            row.addLayout(box, 1)
            self._sides.append((which, picture))
        self.body.addLayout(row, 1)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, chunk.frame_count - 1)
        self._slider.setValue(chunk.frame_count // 2)
        self._slider.setAccessibleName(self.tr("Frame"))
        self._slider.valueChanged.connect(lambda _: self._show())
        self.body.addWidget(self._slider)
        self._text = label("", "small")
        self.footer.addWidget(self._text, 1)
        self.footer.addWidget(primary(self.tr("Close"), self.accept))
        self._wanted = -1
        self._show()

    def _use(self, key: str) -> None:
        self._session.takes.choose(self._index, key)

    def _show(self) -> None:
        frame = self._slider.value()
        self._wanted = frame
        self._text.setText(self.tr("frame {0} of the chunk").format(frame))
        for which, picture in self._sides:
            folder = self._session.store.take_folder(self._index, which.currentData())
            if folder is None:
                continue
            self._session.background.submit(
                lambda f=folder: self._frames.of_take(f, frame),
                lambda image, p=picture: self._arrived(frame, p, image),
                priority=4,
            )

    def _arrived(self, frame: int, picture: _Picture, image: QImage | None) -> None:
        if frame == self._wanted:
            picture.show_image(image)
