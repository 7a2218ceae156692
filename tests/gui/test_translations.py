"""Every text goes through tr(), German is complete, and no text in the window escapes."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar

from desktop.app import Program, build
from desktop.state.settings import SettingsState
from tests.gui.synthetic import fill

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "translations"


@pytest.fixture(scope="module")
def update():
    spec = importlib.util.spec_from_file_location("update", FOLDER / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_german_is_complete_and_up_to_date(update) -> None:
    texts = {t for p in (ROOT / "desktop").rglob("*.py") for t in update.texts_of(p)}
    known = update.read(FOLDER / "desktop_de.ts")
    missing = [t for t in texts if t[:3] not in known]
    assert missing == []
    assert (FOLDER / "desktop_de.qm").stat().st_size > 10_000


def test_placeholders_and_mnemonics_survive_translation(update) -> None:
    for (_, source, _), forms in update.read(FOLDER / "desktop_de.ts").items():
        for form in forms:
            assert sorted(re.findall(r"\{\d\}|%\d|%n", source)) == sorted(
                re.findall(r"\{\d\}|%\d|%n", form)
            ), source


def test_no_menu_has_a_mnemonic_twice(update) -> None:
    known = update.read(FOLDER / "desktop_de.ts")
    menus = [known["commands", s, ""][0] for s in
             ("&File", "&Edit", "&View", "&Timeline", "&Render", "&Help")]  # fmt: skip
    letters = [m[m.index("&") + 1].lower() for m in menus]
    assert len(set(letters)) == len(letters), menus


class Pseudo(QTranslator):
    """Marks every text that was asked for."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context, source, comment=None, n=-1) -> str:
        del context, comment
        text = source if isinstance(source, str) else bytes(source).decode()
        return f"⟦{text.replace('%n', str(n))}⟧"


@pytest.fixture
def pseudo(qapp: QApplication, home: Path) -> Iterator[Program]:
    settings = SettingsState(home / "settings.json")
    settings.update(first_run_done=True)
    translator = Pseudo()
    qapp.installTranslator(translator)
    program = build(qapp, settings=settings, look_around=False)
    for made in program.translators:
        qapp.removeTranslator(made)
    program.window.resize(1600, 1000)
    program.window.show()
    fill(program.session.timeline)
    qapp.processEvents()
    yield program
    qapp.removeTranslator(translator)
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


_OWN = re.compile(r"^[\d\s.,:/×·%+–-]*$|⟦|^(Anna|anna_de\.wav|A|B|R|S|\d.*)$")
_NAMES = {"Draft", "Fast", "Fine", "Full", "480", "720", "int8", "fp8", "bf16", "fp32"}


def test_no_english_is_left_in_the_window(pseudo: Program, qapp: QApplication) -> None:
    texts = []
    for tab in range(3):
        pseudo.window.inspector.setCurrentIndex(tab)
        qapp.processEvents()
        for kind in (QLabel, QAbstractButton):
            texts += [w.text() for w in pseudo.window.findChildren(kind) if w.isVisible()]
    for bar in pseudo.window.findChildren(QTabBar):
        texts += [bar.tabText(i) for i in range(bar.count())]
    for action in pseudo.window.actions():
        texts.append(action.text())
    left = sorted({t for t in texts if t and not _OWN.search(t)} - _NAMES)
    assert left == [], left


def test_no_text_is_put_together_outside_tr() -> None:
    """setText and friends with a bare sentence would never be translated."""
    calls = {"setText", "setToolTip", "setWindowTitle", "addAction", "setPlaceholderText"}
    found = []
    for path in (ROOT / "desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            first = node.args[0] if node.func.attr in calls and node.args else None
            text = first.value if isinstance(first, ast.Constant) else None
            if isinstance(text, str) and re.search(r"[A-Za-z]{3}", text):
                found.append(f"{path.name}:{node.lineno} {text}")
    assert found == []
