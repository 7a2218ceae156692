"""The chunks as a plain list: the same items as the timeline, for keyboards and screen readers."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import QListView, QWidget

from desktop.state.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.dialog import SheetDialog


class ChunkListDialog(SheetDialog):
    """Choosing a line selects the chunk and moves the playhead to it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, "chunkListDialog", "")
        self.setWindowTitle(self.tr("Chunks"))
        self.resize(640, 520)
        self._session = session
        self._list = QListView()
        self._list.setModel(session.chunk_model)
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName(self.tr("Chunks"))
        current = session.timeline.current
        if current is not None:
            self._list.selectionModel().setCurrentIndex(
                session.chunk_model.index(current),
                QItemSelectionModel.SelectionFlag.ClearAndSelect,
            )
        self._list.selectionModel().currentChanged.connect(self._chosen)
        self.body.addWidget(self._list)
        self.footer.addStretch(1)
        self.footer.addWidget(button(self.tr("Close"), self.accept))

    def _chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        del previous
        if current.isValid():
            self._session.timeline.select(current.row())
            chunk = self._session.timeline.chunks[current.row()]
            self._session.playback.seek(chunk.first_frame)
