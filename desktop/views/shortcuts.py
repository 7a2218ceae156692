"""All commands and their keys; keys can be changed, conflicts are named."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import MENUS, Actions, menu_titles, plain_text
from desktop.state.settings import SettingsState
from desktop.theme import Theme
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.labels import label

_NAME = Qt.ItemDataRole.UserRole


class ShortcutsEditor(QWidget):
    """A searchable list; the chosen command's key is edited below it."""

    def __init__(self, actions: Actions, settings: SettingsState, theme: Theme) -> None:
        super().__init__()
        self._actions, self._settings, self._theme = actions, settings, theme
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search commands or keys"))
        self._search.setAccessibleName(self.tr("Search"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        box.addWidget(self._search)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("Commands and keys"))
        self.tree.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)
        self.tree.currentItemChanged.connect(lambda *_: self._chosen())
        box.addWidget(self.tree, 1)
        row = QHBoxLayout()
        row.addWidget(label(self.tr("Key"), "second"))
        self._edit = QKeySequenceEdit()
        self._edit.setMaximumSequenceLength(1)
        self._edit.setAccessibleName(self.tr("New key"))
        self._edit.keySequenceChanged.connect(self._changed)
        row.addWidget(self._edit, 1)
        self._reset = button(self.tr("Reset"), self._reset_key)
        row.addWidget(self._reset)
        box.addLayout(row)
        self.conflict = label("", "warn", wrap=True)
        box.addWidget(self.conflict)
        self._fill()

    def _fill(self) -> None:
        titles = menu_titles()
        groups = {}
        for menu in MENUS:
            groups[menu] = QTreeWidgetItem([plain_text(titles[menu])])
            self.tree.addTopLevelItem(groups[menu])
        for command in self._actions.commands:
            item = QTreeWidgetItem([plain_text(command.text).rstrip("…"), ""])
            item.setData(0, _NAME, command.name)
            groups[command.menu].addChild(item)
            self._show_keys(item)
        self.tree.expandAll()

    def _show_keys(self, item: QTreeWidgetItem) -> None:
        action = self._actions[item.data(0, _NAME)]
        keys = [k.toString(QKeySequence.SequenceFormat.NativeText) for k in action.shortcuts()]
        item.setText(1, ", ".join(keys))

    def _filter(self, text: str) -> None:
        text = text.lower()
        for g in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(g)
            if group is None:
                continue
            shown = 0
            for i in range(group.childCount()):
                item = group.child(i)
                if item is None:
                    continue
                match = text in item.text(0).lower() or text in item.text(1).lower()
                item.setHidden(not match)
                shown += match
            group.setHidden(shown == 0)

    def _current(self) -> str | None:
        item = self.tree.currentItem()
        return item.data(0, _NAME) if item is not None else None

    def _chosen(self) -> None:
        name = self._current()
        self.conflict.setText("")
        self._edit.setEnabled(name is not None)
        self._reset.setEnabled(name is not None)
        self._edit.blockSignals(True)
        self._edit.setKeySequence(self._actions[name].shortcut() if name else QKeySequence())
        self._edit.blockSignals(False)

    def _changed(self, sequence: QKeySequence) -> None:
        name = self._current()
        if name is None:
            return
        key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        other = self._actions.conflict(name, key) if key else None
        if other is not None:
            taken = plain_text(self._actions[other].text()).rstrip("…")
            self.conflict.setText(self.tr("{0} belongs to {1} already").format(key, taken))
            return
        self.conflict.setText("")
        self.set_keys(name, (key,) if key else ())

    def _reset_key(self) -> None:
        name = self._current()
        if name is not None:
            self.set_keys(name, self._actions.default_keys(name))
            self._chosen()

    def set_keys(self, name: str, keys: tuple[str, ...]) -> None:
        """Gives a command its keys; the defaults are not noted."""
        chosen = {n: k for n, k in self._settings.value.keys.items() if n != name}
        if keys != self._actions.default_keys(name):
            chosen[name] = keys
        self._settings.update(keys=chosen)
        self._actions.set_keys(chosen)
        item = self.tree.currentItem()
        if item is not None:
            self._show_keys(item)


class ShortcutsDialog(SheetDialog):
    """F1."""

    def __init__(
        self, actions: Actions, settings: SettingsState, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent, "shortcutsDialog", "")
        self.setWindowTitle(self.tr("Shortcuts"))
        self.resize(620, 640)
        self.editor = ShortcutsEditor(actions, settings, theme)
        self.body.addWidget(self.editor)
        self.footer.addStretch(1)
        self.footer.addWidget(primary(self.tr("Close"), self.accept))
