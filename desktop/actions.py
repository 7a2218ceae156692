"""Every command of the program: its place in the menus, its keys, its icon. One table.

Views trigger commands by name; who carries them out is connected once, in the main window.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from desktop.icons import IconSet


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. `keys` are portable key texts; the first is shown in menus."""

    name: str
    menu: str  # "" where it is reached by keys or buttons alone
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""  # exclusive with the others of its group
    tip: str = ""


def _c(
    name: str,
    menu: str,
    text: str,
    *keys: str,
    icon: str = "",
    check: bool = False,
    group: str = "",
    tip: str = "",
) -> Command:
    return Command(
        name=name,
        menu=menu,
        text=text,
        keys=keys,
        icon=icon,
        checkable=check or bool(group),
        group=group,
        tip=tip,
    )


SEPARATOR = _c("", "", "")
MENUS = ("file", "edit", "view", "timeline", "render", "help")


def menu_titles() -> dict[str, str]:
    return {
        "file": _tr("&File"),
        "edit": _tr("&Edit"),
        "view": _tr("&View"),
        "timeline": _tr("&Timeline"),
        "render": _tr("&Render"),
        "help": _tr("&Help"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def commands() -> tuple[Command, ...]:
    """All commands in the order of the menus; a `SEPARATOR` draws a line."""
    return (*_file(), *_edit(), *_view(), *_timeline(), *_render(), *_help())


def _line(menu: str) -> Command:
    return _c("", menu, "")


def _file() -> tuple[Command, ...]:
    return (
        _c("file.new", "file", _tr("&New"), "Ctrl+N"),
        _c("file.open", "file", _tr("&Open…"), "Ctrl+O"),
        _c("file.recent", "file", _tr("Open &recent")),
        _c("file.example_one", "file", _tr("E&xample: one speaker")),
        _c("file.example_two", "file", _tr("Exa&mple: two speakers")),
        _line("file"),
        _c("file.save", "file", _tr("&Save"), "Ctrl+S"),
        _c("file.save_as", "file", _tr("Save &as…"), "Ctrl+Shift+S"),
        _line("file"),
        _c("file.import_source", "file", _tr("&Import source…"), "Ctrl+I", icon="picture"),
        _c("file.add_speech", "file", _tr("Add s&peech…"), icon="microphone"),
        _c("file.make_speech", "file", _tr("Make speech from &text…"), icon="text"),
        _c("file.import_job", "file", _tr("Import &job folder…"), icon="folder"),
        _line("file"),
        _c("file.export", "file", _tr("&Export…"), "Ctrl+E", icon="export"),
        _c("file.save_frame", "file", _tr("Save &frame…"), icon="camera"),
        _line("file"),
        _c("file.quit", "file", _tr("&Quit"), "Ctrl+Q"),
    )


def _edit() -> tuple[Command, ...]:
    return (
        _c("edit.undo", "edit", _tr("&Undo"), "Ctrl+Z"),
        _c("edit.redo", "edit", _tr("&Redo"), "Ctrl+Shift+Z", "Ctrl+Y"),
        _line("edit"),
        _c("edit.copy", "edit", _tr("&Copy chunk settings"), "Ctrl+C", icon="copy"),
        _c("edit.paste", "edit", _tr("&Paste chunk settings"), "Ctrl+V"),
        _c("edit.clear_own", "edit", _tr("Clear &own values")),
        _c("edit.remove", "edit", _tr("Re&move"), "Del", icon="trash"),
        _line("edit"),
        _c("edit.select_all", "edit", _tr("Select &all"), "Ctrl+A"),
        _c("edit.select_stale", "edit", _tr("Select &stale")),
        _c("edit.select_failed", "edit", _tr("Select &failed")),
        _line("edit"),
        _c("edit.settings", "edit", _tr("Se&ttings…"), "Ctrl+,", icon="settings"),
    )


def _view() -> tuple[Command, ...]:
    return (
        _c("view.source", "view", _tr("&Source"), "1", group="mode"),
        _c("view.result", "view", _tr("&Result"), "2", group="mode"),
        _c("view.compare", "view", _tr("&Compare"), "3", group="mode"),
        _c("view.compare_next", "view", _tr("Next way to compare"), "Shift+3"),
        _c("view.wipe", "view", _tr("Compare as &wipe"), group="compare"),
        _c("view.side", "view", _tr("Compare side &by side"), group="compare"),
        _c("view.difference", "view", _tr("Compare as &difference"), group="compare"),
        _line("view"),
        _c("view.live", "view", _tr("&Live picture"), check=True, icon="eye"),
        _c("view.fit", "view", _tr("&Fit preview"), "Ctrl+0"),
        _c("view.actual", "view", _tr("Preview at &100 %"), "Ctrl+1"),
        _c("view.zoom_in", "view", _tr("Zoom timeline &in"), "+", "="),
        _c("view.zoom_out", "view", _tr("Zoom timeline &out"), "-"),
        _c("view.zoom_fit", "view", _tr("Fit timeli&ne"), "0"),
        _line("view"),
        _c("view.large", "view", _tr("Large &preview"), "F", check=True),
        _c("view.full_screen", "view", _tr("F&ull screen"), "F11", check=True, icon="fullscreen"),
        _line("view"),
        _c("view.left", "view", _tr("Source and speakers"), check=True),
        _c("view.inspector", "view", _tr("&Inspector"), check=True),
        _c("view.queue", "view", _tr("&Queue"), "Ctrl+J"),
        _c("view.log", "view", _tr("Lo&g")),
        _c("view.chunk_list", "view", _tr("Chunks as a list")),
        _line("view"),
        _c("view.row_source", "view", _tr("Row: source"), check=True),
        _c("view.row_speech", "view", _tr("Row: speech"), check=True),
        _c("view.row_drift", "view", _tr("Row: color drift"), check=True),
        _line("view"),
        _c("view.theme_system", "view", _tr("Theme: as the s&ystem"), group="theme"),
        _c("view.theme_dark", "view", _tr("Theme: dar&k"), group="theme"),
        _c("view.theme_light", "view", _tr("Theme: lig&ht"), group="theme"),
        _line("view"),
        _c("view.reset_layout", "view", _tr("Reset la&yout")),
    )


def _timeline() -> tuple[Command, ...]:
    return (
        _c("play.toggle", "timeline", _tr("&Play or pause"), "Space", "K", icon="play"),
        _c("play.back", "timeline", _tr("Play back&ward, faster"), "J"),
        _c("play.forward", "timeline", _tr("Play &forward, faster"), "L"),
        _c("play.loop", "timeline", _tr("&Loop in to out"), "Ctrl+L", check=True, icon="loop"),
        _line("timeline"),
        _c("seek.back", "timeline", _tr("Frame back"), "Left", icon="previous"),
        _c("seek.forward", "timeline", _tr("Frame forward"), "Right", icon="next"),
        _c("seek.second_back", "timeline", _tr("Second back"), "Shift+Left"),
        _c("seek.second_forward", "timeline", _tr("Second forward"), "Shift+Right"),
        _c("seek.chunk_back", "timeline", _tr("Previous chunk edge"), "Up"),
        _c("seek.chunk_forward", "timeline", _tr("Next chunk edge"), "Down"),
        _c("seek.start", "timeline", _tr("Start"), "Home", icon="first"),
        _c("seek.end", "timeline", _tr("End"), "End", icon="last"),
        _c("seek.go_to", "timeline", _tr("&Go to time…"), "G"),
        _line("timeline"),
        _c("range.in", "timeline", _tr("Set &in"), "I"),
        _c("range.out", "timeline", _tr("Set &out"), "O"),
        _c("range.clear_in", "timeline", _tr("Clear in"), "Alt+I"),
        _c("range.clear_out", "timeline", _tr("Clear out"), "Alt+O"),
        _c("range.clear", "timeline", _tr("&Clear in and out"), "Alt+X"),
        _line("timeline"),
        _c("marker.add", "timeline", _tr("&Marker"), "M", icon="flag"),
        _c("marker.remove", "timeline", _tr("Remove marker"), "Shift+M"),
        _c("marker.previous", "timeline", _tr("Previous marker"), "<", "Shift+,"),
        _c("marker.next", "timeline", _tr("Next marker"), ">", "Shift+."),
        _c("timeline.snap", "timeline", _tr("&Snap"), "S", check=True, icon="snap"),
        _line("timeline"),
        _c("takes.show", "timeline", _tr("Show &takes"), "T", check=True, icon="layers"),
        _c("takes.previous", "timeline", _tr("Previous take"), "["),
        _c("takes.next", "timeline", _tr("Next take"), "]"),
    )


def _render() -> tuple[Command, ...]:
    return (
        _c("render.start", "render", _tr("&Render…"), "Ctrl+R", icon="play"),
        _c("render.range", "render", _tr("Render &in to out…"), "Ctrl+Shift+R"),
        _c("render.stale", "render", _tr("Render &stale"), "Shift+R"),
        _line("render"),
        _c("render.pause", "render", _tr("&Pause after this chunk"), "Ctrl+.", icon="pause"),
        _c("render.stop", "render", _tr("Stop &now"), "Ctrl+Shift+.", icon="stop"),
        _line("render"),
        _c("render.redo", "render", _tr("Re&do chunk…"), "R", icon="stale"),
        _c("render.keep", "render", _tr("&Keep stale"), "Ctrl+K", icon="pin"),
        _line("render"),
        _c("render.queue", "render", _tr("&Queue")),
        _c("render.bench", "render", _tr("&Bench this machine…")),
    )


def _help() -> tuple[Command, ...]:
    return (
        _c("help.first_steps", "help", _tr("&First steps")),
        _c("help.shortcuts", "help", _tr("&Shortcuts"), "F1", "?"),
        _c("help.models", "help", _tr("&Models…"), icon="disk"),
        _c("help.machine", "help", _tr("Machine &report…"), icon="chip"),
        _line("help"),
        _c("help.log_folder", "help", _tr("Open &log folder"), icon="folder"),
        _c("help.diagnostics", "help", _tr("Save &diagnostics…")),
        _line("help"),
        _c("help.newer", "help", _tr("Check for a &newer version…")),
        _c("help.about", "help", _tr("&About and licenses…"), icon="info"),
    )


def plain_text(text: str) -> str:
    """A menu text without its mnemonic mark."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


class Actions(QObject):
    """A QAction for every command, with the keys that the user chose."""

    def __init__(self, icons: IconSet, keys: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.commands = tuple(c for c in commands() if c.name)
        self._by_name: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._icons = icons
        for command in self.commands:
            self._by_name[command.name] = self._make(command)
        self.set_keys(keys)

    def _make(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setObjectName(command.name)
        action.setCheckable(command.checkable)
        if command.icon:
            action.setIcon(self._icons.icon(command.icon, "second"))
            action.setIconVisibleInMenu(False)
        if command.group:
            group = self._groups.setdefault(command.group, QActionGroup(self))
            group.addAction(action)
        return action

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def connect_to(self, handlers: Mapping[str, Callable[..., object]]) -> None:
        """Connects commands to what carries them out; checkable ones pass their state."""
        for name, handler in handlers.items():
            action = self._by_name[name]
            if action.isCheckable() and action.actionGroup() is None:
                action.toggled.connect(handler)
            else:
                action.triggered.connect(lambda _=False, act=handler: act())

    def default_keys(self, name: str) -> tuple[str, ...]:
        return next(c.keys for c in self.commands if c.name == name)

    def set_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Applies the user's keys; commands not named there have their defaults."""
        for command in self.commands:
            chosen = keys.get(command.name, command.keys)
            action = self._by_name[command.name]
            sequences = [QKeySequence(k, QKeySequence.SequenceFormat.PortableText) for k in chosen]
            action.setShortcuts(sequences)
            text = plain_text(command.text).rstrip("…")
            if sequences:
                shown = sequences[0].toString(QKeySequence.SequenceFormat.NativeText)
                action.setToolTip(f"{text} ({shown})")
            else:
                action.setToolTip(text)

    def conflict(self, name: str, key: str) -> str | None:
        """The other command that has `key`, or None."""
        wanted = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
        for other, action in self._by_name.items():
            if other != name and wanted in action.shortcuts():
                return other
        return None
