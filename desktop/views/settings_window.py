"""Settings: one window with search; a changed value shows a dot and goes back by it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import Actions
from desktop.state.session import Session
from desktop.state.settings import Settings
from desktop.theme import Theme
from desktop.views.models.network_settings import AddressEdit, ProxyEdit, TokenEdit
from desktop.views.shortcuts import ShortcutsEditor
from desktop.widgets.buttons import button, primary
from desktop.widgets.column import ScrollColumn
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.fields import OwnDot, choice, number, whole
from desktop.widgets.labels import label
from infinitetalk.paths import cache_folder, data_folder, jobs_folder
from infinitetalk.request import PRESETS

_DEFAULTS = Settings()


class SettingsWindow(SheetDialog):
    """Each row names a field of `Settings`; what is set takes effect at once."""

    def __init__(self, session: Session, actions: Actions, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, "settingsWindow", "")
        self.setWindowTitle(self.tr("Settings"))
        room = self.screen().availableSize()
        self.resize(min(theme.px(860), room.width()), min(theme.px(620), room.height()))
        self._session, self._settings, self._theme = session, session.settings, theme
        self._dots: dict[str, OwnDot] = {}
        self._showers: dict[str, Callable[[Any], object]] = {}
        self._words: list[tuple[int, QWidget, str]] = []
        self._groups: dict[str, int] = {}
        search = QLineEdit()
        search.setPlaceholderText(self.tr("Search settings"))
        search.setAccessibleName(self.tr("Search settings"))
        search.setClearButtonEnabled(True)
        search.textChanged.connect(self._search)
        self.body.addWidget(search)
        row = QHBoxLayout()
        row.setSpacing(16)
        self._names = QListWidget()
        self._names.setAccessibleName(self.tr("Groups"))
        self._names.setFixedWidth(theme.px(170))
        self._pages = QStackedWidget()
        row.addWidget(self._names)
        row.addWidget(self._pages, 1)
        self.body.addLayout(row, 1)
        self._names.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._general()
        self._folders()
        self._card()
        self._rendering()
        self._preview()
        self._downloads()
        self._shortcuts(actions)
        self._privacy()
        self._advanced()
        self._names.setCurrentRow(0)
        self.footer.addStretch(1)
        self.footer.addWidget(primary(self.tr("Close"), self.accept))
        self.follow(self._settings.changed, lambda _: self._refresh())
        self._refresh()

    def show_group(self, name: str) -> None:
        self._names.setCurrentRow(self._groups.get(name, 0))

    # Pages

    def _page(self, title: str) -> QVBoxLayout:
        self._names.addItem(title)
        inner = QWidget()
        inner.setObjectName("scrolled")
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 8, 0)
        box.setSpacing(10)
        box.addWidget(label(title, "heading"))
        area = ScrollColumn(inner)
        self._pages.addWidget(area)
        return box

    def _row(
        self,
        box: QVBoxLayout,
        name: str,
        text: str,
        editor: QWidget,
        show: Callable[[Any], object],
        note: str = "",
    ) -> None:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        dot = OwnDot(self._theme)
        dot.reset.connect(lambda: self._settings.update(**{name: getattr(_DEFAULTS, name)}))
        row.addWidget(dot)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(text, ""))
        if note:
            texts.addWidget(label(note, "smallThird", wrap=True))
        row.addLayout(texts, 1)
        editor.setAccessibleName(text)
        row.addWidget(editor)
        box.addWidget(part)
        self._dots[name] = dot
        self._showers[name] = show
        self._words.append((self._pages.count() - 1, part, f"{text} {note}".lower()))

    def _choice(
        self,
        box: QVBoxLayout,
        name: str,
        text: str,
        items: list[tuple[str, object]],
        note: str = "",
    ) -> None:
        editor = choice(items)
        editor.activated.connect(lambda _: self._settings.update(**{name: editor.currentData()}))
        self._row(
            box,
            name,
            text,
            editor,
            lambda value: editor.setCurrentIndex(max(editor.findData(value), 0)),
            note,
        )

    def _check(self, box: QVBoxLayout, name: str, text: str, note: str = "") -> None:
        editor = QCheckBox()
        editor.clicked.connect(lambda on: self._settings.update(**{name: on}))
        self._row(box, name, text, editor, editor.setChecked, note)

    def _folder(self, box: QVBoxLayout, name: str, text: str, usual: str) -> None:
        editor = button("", lambda: self._choose_folder(name))
        self._row(box, name, text, editor, lambda value: editor.setText(str(value or usual)))

    def _choose_folder(self, name: str) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"))
        if path:
            self._settings.update(**{name: path})
            if name == "models_folder":
                self._session.models.choose_folder(Path(path))

    def _general(self) -> None:
        box = self._page(self.tr("General"))
        self._choice(
            box,
            "language",
            self.tr("Language"),
            [(self.tr("as the system"), ""), ("English", "en"), ("Deutsch", "de")],
            self.tr("from the next start"),
        )
        self._choice(
            box,
            "theme",
            self.tr("Theme"),
            [
                (self.tr("as the system"), "system"),
                (self.tr("dark"), "dark"),
                (self.tr("light"), "light"),
            ],
        )
        size = whole(80, 200, suffix=" %")
        size.setSingleStep(10)
        size.valueChanged.connect(lambda value: self._settings.update(text_size=value))
        self._row(box, "text_size", self.tr("Text size"), size, _setter(size))
        box.addStretch(1)

    def _folders(self) -> None:
        box = self._page(self.tr("Folders"))
        self._folder(box, "models_folder", self.tr("Models"), str(data_folder() / "models"))
        self._folder(box, "jobs_folder", self.tr("Jobs"), str(jobs_folder()))
        row = QHBoxLayout()
        self._cache = label(str(cache_folder()), "small", wrap=True)
        row.addWidget(label(self.tr("Cache"), ""))
        row.addWidget(self._cache, 1)
        row.addWidget(button(self.tr("Empty"), self._empty_cache))
        box.addLayout(row)
        box.addStretch(1)

    def _empty_cache(self) -> None:
        from desktop.loading.cache import empty_cache

        self._session.background.submit(
            empty_cache,
            lambda count: self._cache.setText(self.tr("%n files removed", "", count)),
        )

    def _card(self) -> None:
        box = self._page(self.tr("Graphics card"))
        machine = self._session.engine.machine
        name = machine.gpu if machine and machine.gpu else self.tr("none is used")
        box.addWidget(label(self.tr("Card: {0}").format(name), "second"))
        limit = number(0, 256, 0.5, 1, suffix=" GiB")
        limit.setSpecialValueText(self.tr("what is free"))
        limit.valueChanged.connect(lambda value: self._settings.update(vram_limit_gib=value))
        self._row(
            box,
            "vram_limit_gib",
            self.tr("VRAM limit"),
            limit,
            _setter(limit),
            self.tr("from the next job"),
        )
        box.addStretch(1)

    def _rendering(self) -> None:
        box = self._page(self.tr("Rendering"))
        self._choice(
            box,
            "default_preset",
            self.tr("Default preset"),
            [(p.title, p.name) for p in PRESETS.values()],
        )
        self._check(box, "show_preflight", self.tr("Show the plan before every job"))
        self._check(box, "keep_awake", self.tr("Keep the computer awake while rendering"))
        self._check(box, "notify", self.tr("Notify me when a job is done"))
        box.addStretch(1)

    def _preview(self) -> None:
        box = self._page(self.tr("Preview"))
        self._check(box, "live_picture", self.tr("Show the chunk being denoised"))
        self._check(box, "reduce_motion", self.tr("Reduce motion: the live picture stands still"))
        cache = whole(64, 4096, suffix=" MiB")
        cache.valueChanged.connect(lambda value: self._settings.update(preview_cache_mib=value))
        self._row(
            box,
            "preview_cache_mib",
            self.tr("Memory for frames"),
            cache,
            _setter(cache),
            self.tr("from the next start"),
        )
        volume = whole(0, 100, suffix=" %")
        volume.valueChanged.connect(lambda value: self._settings.update(volume=value))
        self._row(box, "volume", self.tr("Volume"), volume, _setter(volume))
        box.addStretch(1)

    def _downloads(self) -> None:
        box = self._page(self.tr("Downloads"))
        self._groups["downloads"] = self._pages.count() - 1
        mirror = AddressEdit(
            "https://huggingface.co", lambda text: self._settings.update(mirror=text)
        )
        self._row(
            box,
            "mirror",
            self.tr("Address of the hub, or of a mirror"),
            mirror,
            mirror.show_address,
        )
        proxy = ProxyEdit(lambda value: self._settings.update(proxy=value))
        self._row(box, "proxy", self.tr("Proxy"), proxy, proxy.show_proxy)
        limit = number(0, 1000, 0.5, 1, suffix=self.tr(" MB/s"))
        limit.setSpecialValueText(self.tr("none"))
        limit.valueChanged.connect(self._session.models.limit_speed)
        self._row(
            box,
            "speed_limit_mb",
            self.tr("Speed limit"),
            limit,
            _setter(limit),
            self.tr("over all files together, at once"),
        )
        files = whole(1, 8)
        files.valueChanged.connect(lambda value: self._settings.update(files_at_once=value))
        self._row(box, "files_at_once", self.tr("Files at once"), files, _setter(files))
        self._check(
            box,
            "convert_models",
            self.tr("Convert models as soon as they are loaded"),
            self.tr("a second copy that streams to the card faster; takes its size in disk space"),
        )
        newer = AddressEdit(
            self.tr("as this build says"),
            lambda text: self._settings.update(version_address=text),
        )
        self._row(
            box,
            "version_address",
            self.tr("Address for newer versions"),
            newer,
            newer.show_address,
            self.tr("asked only by Help > Check for a newer version"),
        )
        self.token = token = TokenEdit(self._session)
        token.setAccessibleName(self.tr("Access token"))
        row = QHBoxLayout()
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(self.tr("Access token"), ""))
        texts.addWidget(
            label(
                self.tr(
                    "Only for files that ask for an account. Kept in the key store of the system, "
                    "never in a project, a log or a report."
                ),
                "smallThird",
                wrap=True,
            )
        )
        row.addSpacing(30)
        row.addLayout(texts, 1)
        row.addWidget(token, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(row)
        box.addStretch(1)

    def _shortcuts(self, actions: Actions) -> None:
        self._names.addItem(self.tr("Shortcuts"))
        self._pages.addWidget(ShortcutsEditor(actions, self._settings, self._theme))

    def _privacy(self) -> None:
        box = self._page(self.tr("Privacy"))
        box.addWidget(
            label(
                self.tr(
                    "No telemetry. Only downloads that you start, and the question for a newer "
                    "version when you ask it, use the network; they tell nothing about this "
                    "computer. Pictures, speech and videos stay here."
                ),
                "",
                wrap=True,
            )
        )
        box.addStretch(1)

    def _advanced(self) -> None:
        box = self._page(self.tr("Advanced"))
        self._check(
            box,
            "engine_process",
            self.tr("Engine in a process of its own"),
            self.tr("from the next start; off only for debugging"),
        )
        box.addStretch(1)

    # Showing

    def _refresh(self) -> None:
        value = self._settings.value
        for name, show in self._showers.items():
            now = getattr(value, name)
            show(now)
            self._dots[name].show_own(
                now != getattr(_DEFAULTS, name), name.replace("_", " "), self.tr("the default")
            )

    def _search(self, text: str) -> None:
        text = text.lower().strip()
        first = None
        for page, part, words in self._words:
            match = not text or text in words
            part.setVisible(match)
            if match and text and first is None:
                first = page
        if first is not None:
            self._names.setCurrentRow(first)


def _setter(box: Any) -> Callable[[Any], None]:
    """Shows a value without announcing it."""

    def show(value: Any) -> None:
        box.blockSignals(True)
        box.setValue(value)
        box.blockSignals(False)

    return show
