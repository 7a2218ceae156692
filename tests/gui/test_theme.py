"""Colors live in one place, are complete in both themes, and can be read."""

import re
from pathlib import Path

import pytest

from desktop.theme import load_tokens, style_sheet
from infinitetalk.paths import resources_folder

DESKTOP = Path(__file__).resolve().parents[2] / "desktop"


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_both_themes_have_the_same_tokens() -> None:
    assert load_tokens("dark").keys() == load_tokens("light").keys()


@pytest.mark.parametrize("name", ["dark", "light"])
def test_texts_and_marks_can_be_read(name: str) -> None:
    tokens = load_tokens(name)  # type: ignore[arg-type] - one of the two
    for text in ("text", "second", "third"):
        assert contrast(tokens[text], tokens["panel"]) >= 4.5
    assert contrast(tokens["on_filled"], tokens["filled"]) >= 4.5
    for text, back in (
        ("on_ready", "ready"),
        ("on_rendering", "rendering_soft"),
        ("on_rendering", "rendering_done"),
        ("stale_text", "stale_soft"),
        ("ready_text", "kept_soft"),
        ("failed_text", "failed_soft"),
        ("on_speaker", "speaker_a"),
        ("on_speaker", "speaker_b"),
    ):
        assert contrast(tokens[text], tokens[back]) >= 4.5, (text, back)
    for mark in ("ready", "rendering", "stale", "failed", "waiting", "speaker_a", "speaker_b"):
        assert contrast(tokens[mark], tokens["panel"]) >= 3, mark


@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
def test_style_sheet_is_filled_in(tmp_path: Path, scale: float) -> None:
    sheet = style_sheet(load_tokens("dark"), scale, tmp_path)
    assert "@" not in sheet
    assert f"font-size: {round(13 * scale)}px" in sheet


def test_no_color_is_named_outside_the_themes() -> None:
    literal = re.compile(r"[\"']#[0-9a-fA-F]{3,8}[\"']")
    found = [p for p in DESKTOP.rglob("*.py") if literal.search(p.read_text("utf-8"))]
    assert found == []


def test_icons_take_their_color_from_the_theme() -> None:
    icons = list((resources_folder() / "icons").glob("*.svg"))
    assert len(icons) > 50
    for path in icons:
        text = path.read_text("utf-8")
        if path.stem != "app":
            assert "#" not in text, path.name
