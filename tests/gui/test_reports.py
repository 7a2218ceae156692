"""Reports in the user's language: every code has texts, and real reports fill all their fields."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.reports.texts import fitting, known_codes, told, variants_of
from desktop.reports.words import stage_text, step_down_text
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.media.probe import probe_source, probe_speech
from infinitetalk.plan import Machine, MediaFacts, plan
from infinitetalk.request import Box, GenerationRequest, Lora, SpeechTrack
from tests.gui.synthetic import machine, weights
from tests.media_samples import make_tone

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "resources" / "translations"
GIB = 2**30
# Only the command line, the bench and the makers of the miniature raise these.
OTHERS = {
    "download.rate", "weights.not_agreed", "machine.unreadable", "request.box", "request.chunk", "request.crf", "request.mask",
    "request.export", "request.job_json", "request.lora_scales", "request.out_exists",
    "request.out_unusable", "request.parts", "request.several_gpus", "request.size", "request.tts",
    "request.vram_limit", "bench.unknown", "demo.program_missing",
}  # fmt: skip
MAKERS = {"engine_error", "plan_report", "ErrorReport"}


def raised_codes() -> set[str]:
    """Every code that is written in the engine's source."""
    found: set[str] = set()
    for path in (ROOT / "infinitetalk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in MAKERS:
                continue
            given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "code")]
            for value in given:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found.add(value.value)
    return {code for code in found if re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", code)}


def filled(report: ErrorReport) -> bool:
    """Whether a text of the code fits the report's facts: nothing of the engine's English is left."""
    shown = told(report)
    return fitting(report) is not None and "{" not in f"{shown.title}{shown.detail}{shown.remedy}"


def test_every_code_of_the_engine_has_texts() -> None:
    codes = raised_codes()
    assert len(codes) > 100
    assert codes - known_codes() - OTHERS == set()
    assert OTHERS & known_codes() == set()


def requests(tmp_path: Path) -> Iterator[tuple[GenerationRequest, MediaFacts, Machine, dict]]:
    """What brings up each notice and tip of a plan."""
    one = GenerationRequest(
        source=tmp_path / "a.mp4", speech=(SpeechTrack(path=tmp_path / "a.wav"),)
    )
    media = MediaFacts(source_kind="video", source_size=(1080, 1920), source_duration=300.0,
                       speech_seconds=(180.0,))  # fmt: skip
    two = replace(
        one,
        speech=(SpeechTrack(path=tmp_path / "a.wav"), SpeechTrack(path=tmp_path / "b.wav")),
        boxes=(Box(top=0, left=0, bottom=9, right=9), Box(top=0, left=9, bottom=9, right=19)),
    )
    card = machine()
    yield one, media, card, {}
    yield one, replace(media, speech_seconds=(1.9,)), card, {}
    yield two, replace(media, speech_seconds=(180.0, 170.0)), card, {"speakers": 1}
    yield one, media, replace(card, vram_free=2 * GIB), {}
    yield one, media, replace(card, disk_free=GIB), {}
    yield one, media, replace(card, ram_free=7 * GIB, disk_read=0.05e9), {}
    yield one, media, replace(card, ram_free=7 * GIB, disk_read=9e9), {}
    yield one, media, replace(card, gpu=None, ram_free=GIB), {}
    yield one, media, replace(card, compute_capability=(8, 6)), {"stored": "fp8"}
    for end in ("hold", "loop", "pingpong", "stop"):
        mends = replace(one.mends, source_end=end)
        short = replace(media, source_duration=41.0, source_variable_rate=True)
        yield replace(one, mends=mends), short, card, {}
    still = replace(media, source_kind="picture", source_duration=0.0, source_size=(900, 500))
    yield replace(one, steps=8, prompt="A man"), still, card, {}
    lora = (Lora(path=tmp_path / "fusionx.safetensors"),)
    yield replace(one, loras=lora, steps=20, audio_guidance_scale=9.0), still, card, {}
    yield replace(one, audio_guidance_scale=9.0), media, card, {}


def test_every_report_of_a_plan_is_said_with_its_numbers(tmp_path: Path) -> None:
    seen: set[str] = set()
    for request, media, card, changes in requests(tmp_path):
        made = plan(request, media, replace(weights(), **changes), card)
        for report in made.notices:
            seen.add(report.code)
            assert filled(report), report
    assert {
        "vram.not_enough", "gpu.busy", "disk.full", "ram.not_enough", "ram.from_disk", "disk.slow",
        "time.over_night", "precision.no_products", "weights.no_multi", "speech.short",
        "speech.unequal", "source.crop", "source.short", "source.vfr", "advice.steps",
        "advice.text_guidance", "advice.audio_guidance", "advice.long_still", "advice.camera",
        "advice.one_prompt", "advice.music", "advice.fusionx_long",
    } <= seen, seen  # fmt: skip


def test_media_that_can_not_be_used(tmp_path: Path) -> None:
    text = tmp_path / "page.mp4"
    text.write_text("<html>no video</html>" * 50)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(
        b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0\0\xff\xffmdat" + b"x" * 5000
    )
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    tone = make_tone(tmp_path / "song.wav", 0.5)
    for probe, path, words in (
        (probe_source, text, "page.mp4 is a text file"),
        (probe_source, cut, "cut.mp4: its index is missing"),
        (probe_speech, empty, "empty.wav has 0 bytes."),
        (probe_source, tone, "song.wav has sound only."),
        (probe_speech, tmp_path / "gone.wav", "gone.wav was not found in"),
        (probe_source, tmp_path, "is a folder"),
    ):
        with pytest.raises(EngineError) as caught:
            probe(path)
        report = caught.value.report
        assert words in told(report).detail, (report, told(report))


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load("desktop_de", str(TRANSLATIONS))
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    QLocale.setDefault(before)


@pytest.mark.usefixtures("german")
def test_german_numbers_and_words(tmp_path: Path) -> None:
    report = ErrorReport(
        code="disk.full", title="x", detail="x", remedy="x", safe="30 finished chunks are safe.",
        facts={"path": "/video/a.job", "free": int(0.3 * GIB), "needed": 2 * GIB, "safe_chunks": 30},
    )  # fmt: skip
    shown = told(report)
    assert shown.title == "Die Platte ist voll"
    assert shown.detail == "/video hat 0,3 GiB frei, 2,0 GiB sind nötig."
    assert shown.safe == "30 fertige Abschnitte sind sicher."
    for request, media, card, changes in requests(tmp_path):
        for notice in plan(request, media, replace(weights(), **changes), card).notices:
            english = {text.title for text in variants_of(notice.code)}
            assert told(notice).title not in english, notice.code
            assert filled(notice)
    assert "Blöcke bleiben auf der Karte" in step_down_text({"resident_blocks": [10, 5]})


def test_what_is_not_among_the_facts_is_not_invented() -> None:
    """A report of an older engine, or one with half its facts."""
    bare = ErrorReport(code="source.crop", title="T", detail="The engine's own words.", remedy="R")
    assert told(bare).detail == "The engine's own words."
    assert told(bare).title == "The picture is cropped"
    unknown = ErrorReport(code="new.code", title="T", detail="D", remedy="R")
    assert told(unknown) == unknown
    half = ErrorReport(
        code="engine.ended", title="", detail="", facts={"exit_code": -9, "chunk": None}
    )
    assert told(half).detail == "Code -9."


def test_paths_of_the_other_system_and_odd_values() -> None:
    windows = ErrorReport(
        code="media.missing", title="", detail="", facts={"path": "D:\\Filme\\tour.mp4"}
    )
    assert told(windows).detail == "tour.mp4 was not found in D:\\Filme."
    braces = ErrorReport(
        code="media.missing", title="", detail="", facts={"path": "/a/{free:memory}.mp4"}
    )
    assert "{free:memory}.mp4" in told(braces).detail
    broken = ErrorReport(code="disk.slow", title="", detail="D", facts={"read": "x", "needed": 1})
    assert told(broken).detail == "D"


def test_words_for_stages_and_steps_down() -> None:
    assert stage_text("decode") == "decoding the picture"
    assert stage_text("new") == "new"
    changed = {"vae_tile": [0, 448], "keep_key_values": [True, False]}
    assert step_down_text(changed).count(";") == 1
    assert step_down_text({})


def test_a_line_that_fails_is_told_with_its_cause() -> None:
    """Not how much of nothing is here, but why: without a network, a server that is away, busy."""
    from infinitetalk.weights.download import problems
    from infinitetalk.weights.download.problems import TryAgain

    for cause, words in {
        "offline": "not connected to a network",
        "unreachable": "can't be reached",
        "proxy": "the proxy refuses",
        "silent": "nothing came for too long",
        "redirect": "redirected",
        "certificate": "can't prove who it is",
        "lost": "the connection was lost",
    }.items():
        report = problems.failed("a.bin", "why", cause=cause, tries=3).report  # type: ignore[arg-type]  # its words
        assert words in told(report).detail
        assert filled(report)
    begun = problems.failed("a.bin", "why", cause="lost", done=8 * 10**9, total=2 * 10**10)
    assert "8.0 GB of 20.0 GB are here" in told(begun.report).detail
    busy = TryAgain("the server answers with 503", cause="busy", status=503)
    assert "503" in told(problems.failed("a.bin", busy, tries=8).report).detail
    assert "busy (503); try 3 of 8 in" in told(problems.waiting("a.bin", busy, 9.0, 3, 8)).detail
    away = TryAgain("no network", cause="offline")
    assert "not connected" in told(problems.waiting("a.bin", away, 9.0, 3, 8)).detail
