"""The sheets that remove models and tell of a newer version: nothing is cut off, no English is left."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.state.models_removal import Target
from infinitetalk.errors import ErrorReport
from tests.gui.looks import unreadable, untranslated
from tests.gui.model_screens import _removals
from tests.gui.test_looks import NAMES, settle, texts_of
from tests.gui.test_looks import look as look

DATA = {
    *("keynote", "interview", "with", "two", "people", "second", "version", "anna", "draft", "old"),
    *("speaker", "one", "InfiniteTalk", "part", "safetensors", "https", "example", "org", "get"),
}
FOUND = {
    "current": "0.1.0",
    "version": "0.2.0",
    "newer": True,
    "page": "https://example.org/get",
    "notes": "Faster.\nSafer.",
    "packages": {"infinitetalk-0.2.0.deb": "ab" * 32},
}


@pytest.fixture
def asked(look: Program, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Questions to the engine, which the test answers."""
    found: list[Any] = []
    monkeypatch.setattr(look.session.engine, "ask", lambda *question: found.append(question))
    return found


def test_sheets_can_be_read(
    look: Program, asked: list[Any], qapp: QApplication, request: pytest.FixtureRequest
) -> None:
    dialogs = look.controller.dialogs
    problems, english = [], []

    def looked_at(sheet: Any, name: str) -> None:
        settle(qapp, 0.15)
        problems.extend(f"{name}: {problem}" for problem in unreadable(sheet))
        english.extend(texts_of(sheet))

    dialogs.models()
    page = dialogs.shown("models")
    for name, plan in _removals().items():
        target = Target(store_of="one-speaker-int8") if name == "store" else Target(part="vae")
        page.remove(target, "InfiniteTalk, one speaker")
        looked_at(page.sheet(), "looking")
        asked[-1][1]({"plan": plan})
        looked_at(page.sheet(), name)
        page.sheet().reject()
        settle(qapp, 0.05)
    page.close()
    dialogs.newer_version()
    sheet = dialogs.shown("version")
    _, done, refused = asked[-1]
    looked_at(sheet, "asking")
    done({"found": FOUND})
    looked_at(sheet, "newer")
    done({"found": {**FOUND, "newer": False}})
    looked_at(sheet, "newest")
    for code, facts in (
        ("version.no_address", {}),
        ("version.failed", {"server": "example.org", "missing": 404}),
        ("version.failed", {"server": "example.org", "other": "example.com"}),
        ("version.unclear", {"server": "example.org"}),
    ):
        refused(ErrorReport(code=code, title="t", detail="d", facts=facts))
        looked_at(sheet, f"{code} {facts}")
    sheet.close()
    assert problems == [], "\n".join(problems)
    if request.node.pseudo:
        no_words = ("version.", "weights.", str(look.session.models.folder))
        left = [t for t in untranslated(english, NAMES | DATA) if not t.startswith(no_words)]
        assert left == [], "\n".join(left)
