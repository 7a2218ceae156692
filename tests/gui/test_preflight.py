"""The plan before rendering: figures follow at once, red stops, buttons mend."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.app import Program
from desktop.state.document import ProjectData, Speaker
from desktop.views.preflight import PreflightDialog
from infinitetalk.plan import MediaFacts
from tests.gui.synthetic import fill, machine, weights

GIB = 2**30


@pytest.fixture
def dialog(program: Program):
    session = program.session
    session.engine.machine = machine()
    session.engine.weights = {"big": weights()}
    session.project.data = ProjectData(
        source=Path("keynote.mp4"),
        speakers=(Speaker(name="Anna", path=Path("anna.wav")),),
        model="big",
    )
    fill(session.timeline)
    facts = MediaFacts(
        source_kind="video",
        source_size=(1080, 1920),
        source_duration=180.0,
        speech_seconds=(180.0,),
    )
    session.planner.media = facts
    session.planner.media_of = lambda data: facts
    made = PreflightDialog(session, program.theme, program.window, "all")
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_figures_change_with_every_slider(dialog: PreflightDialog) -> None:
    assert dialog.choice.plan is not None
    before = dialog.choice.plan
    dialog.quality.steps.setValue(8)
    assert dialog.choice.plan.seconds > before.seconds * 1.5
    small = dialog.quality.size_box.findData((448, 896))
    dialog.quality.size_box.setCurrentIndex(small)
    dialog.choice.set("size", (320, 640))
    assert dialog.choice.plan.seconds < before.seconds
    resident = dialog.choice.plan.resident_blocks
    dialog.quality.limit.setValue(35)
    assert dialog.choice.plan.resident_blocks <= resident
    assert dialog.choice.plan.peak_vram <= before.peak_vram


def test_a_change_takes_under_50_ms(dialog: PreflightDialog) -> None:
    times = []
    for steps in range(2, 10):
        began = time.process_time()
        dialog.quality.steps.setValue(steps)
        times.append(time.process_time() - began)
    assert sorted(times)[len(times) // 2] < 0.05, times


def test_presets_show_their_times_and_warn(dialog: PreflightDialog) -> None:
    texts = {name: row.radio.accessibleName() for name, row in dialog.quality.presets.items()}
    assert "days" in texts["full"]
    assert "not advised" in texts["full"]
    dialog.choice.choose_preset("draft")
    assert dialog.choice.plan is not None
    assert dialog.choice.plan.size == (224, 448)


def test_too_little_disk_is_red_and_can_be_mended(
    dialog: PreflightDialog, program: Program
) -> None:
    program.session.engine.machine = replace(machine(), disk_free=1 * GIB)
    dialog.refresh()
    checks = dialog.checks()
    red = [c for c in checks if c.level == "error"]
    assert red
    assert red[0].title == checks[0].title  # worst first
    assert not dialog.render_button.isEnabled()
    assert {b.text for c in red for b in c.buttons} == {"Smaller size", "Jobs folder…"}


def test_without_an_answer_of_the_engine_nothing_can_start(
    dialog: PreflightDialog, program: Program
) -> None:
    program.session.engine.machine = None
    dialog.refresh()
    assert not dialog.render_button.isEnabled()


def test_two_speakers_need_weights_that_know_two(dialog: PreflightDialog, program: Program) -> None:
    one = replace(weights(), speakers=1)
    program.session.engine.weights = {"big": one}
    two = ProjectData(
        source=Path("a.png"),
        speakers=tuple(Speaker(name=n, path=Path(f"{n}.wav")) for n in "ab"),
        model="big",
    )
    facts = MediaFacts(source_kind="picture", source_size=(512, 1024), speech_seconds=(9.0, 8.0))
    program.session.planner.media_of = lambda data: replace(
        facts, speech_seconds=facts.speech_seconds[: len(data.speakers)]
    )
    dialog.choice.use(two)
    checks = dialog.checks()
    red = [c for c in checks if c.level == "error"]
    found = [b for c in red for b in c.buttons if b.text == "Use one speaker"]
    assert found, [(c.level, c.title) for c in checks]
    found[0].act()
    assert len(dialog.choice.data.speakers) == 1
