"""What is decided for cards of 6 to 24 GB, what it costs, and what the user is told."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from infinitetalk.errors import GIB, EngineError
from infinitetalk.plan import (
    Machine,
    MediaFacts,
    Plan,
    level,
    measured_key,
    plan,
    recommended_precision,
    recommended_preset,
)
from infinitetalk.plan.cards import card_rates, published_rates
from infinitetalk.plan.cost import pass_work
from infinitetalk.plan.text import plan_lines
from infinitetalk.request import Box, Lora, Mends, SpeechTrack

CARDS = {
    # minutes per chunk: fast, fine; hours per chunk: full; resident blocks at least, at most
    "rtx4050-laptop-6gb": (10, 19, 2.5, 0, 4),
    "rtx4060-8gb": (7, 14, 1.6, 0, 4),
    "rtx3060-12gb": (8, 16, 2.0, 6, 16),
    "rtx4070-12gb": (4, 8, 1.0, 6, 16),
    "rtx4060ti-16gb": (5, 10, 70 / 60, 14, 24),
    "rtx3090-24gb": (3, 6, 42 / 60, 32, 40),
    "rtx4090-24gb": (1.5, 3, 21 / 60, 32, 40),
}


def codes(found: Plan, *levels: str) -> set[str]:
    return {n.code for n in found.notices if not levels or level(n) in levels}


@pytest.mark.parametrize("name", CARDS)
def test_times_and_blocks_of_each_card(name, machine, preset, media, weights) -> None:
    """Roughly the table of ux.md 6, which was computed with the cards' published rates."""
    fast, fine, full, fewest, most = CARDS[name]
    here = machine(name)
    for chosen, minutes in (("fast", fast), ("fine", fine), ("full", 60 * full)):
        found = plan(preset(chosen), media, weights, here)
        assert found.fits, codes(found, "error")
        assert found.seconds_per_chunk / 60 == pytest.approx(minutes, rel=0.35)
        assert found.peak_vram <= found.vram_budget <= here.vram_free
        assert found.seconds_origin == "estimated"
    found = plan(preset("fast"), media, weights, here)
    assert fewest <= found.resident_blocks <= most
    assert found.size == (448, 896)
    assert len(found.chunks) == 63
    draft = plan(preset("draft"), media, weights, here)
    assert draft.size == (224, 448)
    assert draft.seconds < found.seconds / 4


@pytest.mark.parametrize(
    ("size", "total"),
    [((640, 640), 1895), ((832, 448), 1649), ((960, 960), 6860), ((1280, 704), 6606)],
)
def test_work_of_a_pass(size, total, weights) -> None:
    """TFLOP as in spec transformer.md 11."""
    assert pass_work(weights, size, 81).total / 1e12 == pytest.approx(total, abs=1)


def test_two_speakers_add_the_speaker_map(weights) -> None:
    one, two = (pass_work(weights, (640, 640), 81, speakers=n).total for n in (1, 2))
    assert (two - one) / 1e12 == pytest.approx(22 + 1, abs=1.5)


def test_an_hour_is_planned_in_under_50_ms(machine, preset, media, weights) -> None:
    long = replace(media, speech_seconds=(3600.0,))
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = plan(preset("fast"), long, weights, machine("rtx4060-8gb"))
        times.append(time.perf_counter() - start)
    assert len(found.chunks) == 1250
    assert min(times) < 0.05


def test_the_plan_survives_json(machine, preset, media, weights) -> None:
    import json

    found = plan(preset("fast"), media, weights, machine("rtx4060-8gb"))
    again = Plan.from_json(json.loads(json.dumps(found.to_json())))
    assert again == found


def test_more_memory_never_means_fewer_blocks(machine, preset, media, weights) -> None:
    here = machine("rtx3060-12gb")
    plans = [
        plan(preset("fast"), media, weights, replace(here, vram_free=gib * GIB))
        for gib in range(4, 26)
    ]
    # Kept keys and values come first, for they spare work; then blocks.
    found = [(p.keep_key_values, p.resident_blocks) for p in plans]
    assert found == sorted(found)
    assert found[-1] == (True, 40)
    limited = plan(preset("fast"), media, weights, here, vram_limit=6 * GIB)
    assert limited.peak_vram <= 6 * GIB


def test_precision_and_dtype(machine, preset, media, weights) -> None:
    card = machine("rtx4090-24gb")
    found = plan(preset("fast", precision="bf16"), media, weights, card)
    assert (found.precision, found.dtype, found.device) == ("bf16", "bfloat16", "cuda")
    assert found.resident_blocks < 40
    found = plan(preset("fast"), media, replace(weights, stored="fp8"), card)
    assert found.precision == "fp8"
    old = replace(card, compute_capability=(7, 5))
    assert plan(preset("fast"), media, weights, old).dtype == "float16"
    exact = preset("full", precision="fp32").with_exact()
    found = plan(exact, media, weights, card)
    assert (found.dtype, found.vae_dtype, found.exact) == ("float32", "float32", True)


def test_on_the_cpu_the_miniature_runs_in_float32_on_half_the_cores(
    machine, preset, media, weights
) -> None:
    tiny = replace(
        weights,
        block_parameters=100_000,
        other_parameters=1_000_000,
        vae_parameters=500_000,
        text_encoder_bytes=1_000_000,
        miniature=True,
        size=(96, 96),
        shift=3.0,
    )
    here = machine("cpu-4-cores")
    found = plan(preset("fast", precision="bf16", shift=None), media, tiny, here)
    assert (found.device, found.precision, found.dtype) == ("cpu", "fp32", "float32")
    assert (found.threads, found.size, found.shift) == (2, (96, 96), 3.0)
    assert found.peak_vram == 0
    assert plan(preset("fast"), media, tiny, here, leave_core_free=True).threads == 1
    big = plan(preset("fast", precision="bf16"), media, weights, here)
    assert big.threads == 4
    assert plan(preset("fast"), media, weights, here, leave_core_free=True).threads == 3
    assert big.precision == "bf16"
    assert "ram.not_enough" in codes(big, "warning")


@pytest.mark.parametrize(("resolution", "shift"), [("480", 7.0), ("720", 11.0)])
def test_shift_follows_the_resolution(resolution, shift, machine, preset, media, weights) -> None:
    request = preset("full", resolution=resolution)
    assert plan(request, media, weights, machine("rtx4090-24gb")).shift == shift


def test_measurements_replace_the_estimate(machine, preset, media, weights) -> None:
    here = machine("rtx4060-8gb")
    fast = plan(preset("fast"), media, weights, here)
    measured = ((measured_key(fast, weights), 500.0),)
    again = plan(preset("fast"), media, weights, here, measurements=measured)
    assert (again.seconds_per_chunk, again.seconds_origin) == (500.0, "measured")
    # Twice the steps take about twice as long, known from the measurement alone.
    fine = plan(preset("fine"), media, weights, replace(here, measured=measured))
    assert fine.seconds_per_chunk == pytest.approx(1000.0)
    other = plan(preset("fast", precision="bf16"), media, weights, here, measurements=measured)
    assert other.seconds_origin == "estimated"


def test_a_range_counts_its_chunks_only(machine, preset, media, weights) -> None:
    here = machine("rtx4060-8gb")
    whole = plan(preset("fast"), media, weights, here)
    part = plan(preset("fast"), media, weights, here, frames=(0, 225))
    assert part.chunks == whole.chunks
    assert part.seconds < whole.seconds / 15
    assert part.disk < whole.disk / 10


def test_what_does_not_fit_is_an_error_with_numbers(machine, preset, media, weights) -> None:
    here = machine("rtx4050-laptop-6gb")
    found = plan(preset("full", size=(1280, 1280)), media, weights, here)
    assert not found.fits
    assert "vram.not_enough" in codes(found, "error")
    full = plan(preset("fast"), media, weights, replace(here, disk_free=GIB))
    assert not full.fits
    (report,) = [n for n in full.notices if n.code == "disk.full"]
    assert "1.0 GiB are free" in report.detail
    two = preset("fast", speech=(SpeechTrack(path=Path("a.wav")),) * 2)
    both = replace(media, speech_seconds=(10.0, 9.0))
    found = plan(two, both, weights, here)
    assert {"weights.no_multi", "speech.unequal"} <= codes(found)
    assert not found.fits
    found = plan(two, both, replace(weights, speakers=2), here)
    assert found.fits
    assert found.rows == (250, 250)


def test_a_slow_disk_and_little_ram_are_named(machine, preset, media, weights) -> None:
    here = replace(machine("rtx4090-24gb"), vram_free=6 * GIB, ram_free=6 * GIB, disk_read=0.15e9)
    found = plan(preset("draft"), media, weights, here)
    assert {"ram.not_enough", "disk.slow"} <= codes(found, "warning")
    assert found.seconds_per_chunk > 60


def test_notices_about_media(machine, preset, weights) -> None:
    here = machine("rtx4090-24gb")
    video = MediaFacts(
        source_kind="video",
        source_size=(1080, 1920),
        source_duration=5.0,
        source_variable_rate=True,
        speech_seconds=(12.0,),
    )
    found = plan(preset("fast"), video, weights, here)
    assert {"source.short", "source.crop", "source.vfr", "advice.camera"} <= codes(found)
    (crop,) = [n for n in found.notices if n.code == "source.crop"]
    assert "11 % of the height" in crop.detail
    stop = preset("fast", mends=Mends(source_end="stop"))
    assert "speech.cut" in codes(plan(stop, video, weights, here))
    still = MediaFacts(source_kind="picture", source_size=(640, 640), speech_seconds=(1.9,))
    found = plan(preset("fast"), still, weights, here)
    (short,) = [n for n in found.notices if n.code == "speech.short"]
    assert "1.9 s; one chunk of 2.0 s" in short.detail
    assert "source.crop" not in codes(found)


def test_advice_of_authors_and_users(machine, preset, weights) -> None:
    here = machine("rtx4090-24gb")
    still = MediaFacts(source_kind="picture", source_size=(640, 640), speech_seconds=(90.0,))
    fusion = (Lora(path=Path("Wan2.1_I2V_14B_FusionX_LoRA.safetensors")),)
    request = preset(
        "fine",
        loras=fusion,
        audio_guidance_scale=4.0,
        text_guidance_scale=5.0,
        steps=40,
        prompt="x",
    )
    assert {
        "advice.audio_guidance",
        "advice.text_guidance",
        "advice.steps",
        "advice.long_still",
        "advice.fusionx_long",
        "advice.one_prompt",
        "advice.music",
    } <= codes(plan(request, still, weights, here), "tip")
    assert "advice.steps" in codes(plan(preset("full", steps=4), still, weights, here))
    short = replace(still, speech_seconds=(10.0,))
    assert codes(plan(preset("full"), short, weights, here)) == {"advice.music"}


def test_a_busy_card_is_named(machine, preset, media, weights) -> None:
    here = machine("rtx4090-24gb")
    assert "gpu.busy" in codes(
        plan(preset("fast"), media, weights, replace(here, vram_free=16 * GIB)), "warning"
    )


def test_cards_by_name_and_capability() -> None:
    assert published_rates("NVIDIA GeForce RTX 4070 Ti SUPER", (8, 9))[0] == 88
    assert published_rates("NVIDIA GeForce RTX 4070", (8, 9))[0] == 58
    assert published_rates("NVIDIA GeForce RTX 4070 Laptop GPU", (8, 9))[0] < 58
    assert published_rates("NVIDIA H200", (9, 0))[0] == 989
    assert published_rates("NVIDIA Unheard 1", (8, 9)) == (30, 121, 60)
    assert published_rates("Old", (5, 2))[0] < 10
    measured = Machine(gpu="NVIDIA H200", compute_capability=(9, 0), matmul_flops=792e12)
    assert card_rates(measured).matmul == 792e12


def test_the_plan_in_words(machine, preset, media, weights) -> None:
    here = machine("rtx4060-8gb")
    found = plan(preset("fast"), media, weights, here)
    text = "\n".join(plan_lines(found, weights, here))
    assert "896 x 448, 4500 frames (3 min" in text
    assert "63 of 81 frames, 9 repeated, the last one of 37" in text
    assert "4 steps x 2 passes" in text
    assert "+-40 %" in text
    assert "GiB VRAM at the peak" in text
    assert "tip:" not in "\n".join(plan_lines(found, weights, here, tips=False))


def test_wrong_calls_and_short_speech(machine, preset, media, weights) -> None:
    here = machine("rtx4060-8gb")
    with pytest.raises(ValueError, match="one per track"):
        plan(preset("fast"), replace(media, speech_seconds=()), weights, here)
    with pytest.raises(EngineError) as caught:
        plan(preset("full").with_exact(), replace(media, speech_seconds=(3.0,)), weights, here)
    assert caught.value.report.code == "speech.too_short"


def test_boxes_and_sizes_of_the_request(machine, preset, media, weights) -> None:
    box = Box(top=0, left=0, bottom=10, right=10)
    request = preset("fast", size=(512, 512), boxes=(box,))
    assert plan(request, media, weights, machine("rtx4090-24gb")).size == (512, 512)


@pytest.mark.parametrize(
    ("name", "preset_name", "precision"),
    [
        ("rtx4050-laptop-6gb", "fast", "int8"),
        ("rtx3060-12gb", "fast", "int8"),
        ("rtx4090-24gb", "fine", "int8"),
        ("cpu-4-cores", "fast", "bf16"),
    ],
)
def test_what_is_offered_first(name, preset_name, precision, machine, weights) -> None:
    assert recommended_preset(machine(name)) == preset_name
    assert recommended_precision(machine(name), weights) == precision


def test_big_cards_keep_what_fits(machine, weights) -> None:
    h200 = Machine(gpu="NVIDIA H200", compute_capability=(9, 0), vram_total=139 * GIB)
    assert recommended_precision(replace(h200, vram_free=130 * GIB), weights) == "bf16"
    assert recommended_precision(replace(h200, vram_free=20 * GIB), weights) == "fp8"
    stored = replace(weights, stored="int8")
    assert recommended_precision(replace(h200, vram_free=130 * GIB), stored) == "int8"
