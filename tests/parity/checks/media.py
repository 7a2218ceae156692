"""Loudness, two speakers' tracks, resize and crop, buckets, bytes: the media room's share."""

import math
import tempfile
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from infinitetalk.errors import EngineError
from infinitetalk.media.buckets import Resolution
from infinitetalk.media.compose import SpeechInput, compose_speech
from infinitetalk.media.loudness import TARGET_LUFS, LoudnessMeter, loudness_gain
from infinitetalk.media.pixels import to_bytes
from infinitetalk.media.resize import (
    choose_bucket,
    crop_samples,
    resize_center_crop,
)
from infinitetalk.media.speech_store import write_store
from tests.parity.compare import compare, exact, load
from tests.parity.registry import Row, check

PIECE = 777  # samples; no divisor of a block, so that pieces and blocks never meet


@check("preprocess", "loudness")
def check_loudness(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    meta = fixture.meta["meta"]
    assert meta["target_lufs"] == TARGET_LUFS
    rows = []
    for name, loudness in meta["input_lufs"].items():
        signal = fixture[f"{name}.in"].numpy()
        meter = LoudnessMeter(meta["sr"])
        for start in range(0, len(signal), PIECE):
            meter.add(signal[start : start + PIECE])
        leveling = loudness_gain(meter, limit_peaks=False)
        if math.isfinite(float(loudness)):
            measured = torch.tensor([leveling.loudness])
            rows.append(compare(f"{name}.lufs", measured, torch.tensor([float(loudness)])))
        with tempfile.TemporaryDirectory() as folder:
            leveled = _composed(Path(folder), [signal], "together")[0]
        rows.append(_compare_sound(f"{name}.out", leveled, fixture[f"{name}.out"].numpy()))
    return rows


@check("preprocess", "two_person_audio")
def check_two_person_audio(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    rows = []
    cases = sorted({name.rpartition(".")[0] for name in fixture.tensors if "." in name})
    sources = {name: t.numpy() for name, t in fixture.tensors.items() if "." not in name}
    for case in cases:
        kind, who = case.split("_", 1)
        # "add_ab" names two letters; with a missing person: "add_none_c", "para_a_none".
        names = who.split("_") if "_" in who else list(who)
        signals = [None if name == "none" else sources[name] for name in names]
        arrangement = {"para": "together", "add": "in_turn"}[kind]
        with tempfile.TemporaryDirectory() as folder:
            person1, person2 = _composed(Path(folder), signals, arrangement)
        found = {"person1": person1, "person2": person2, "sum": person1 + person2}
        rows += [
            _compare_sound(f"{case}.{part}", found[part], fixture[f"{case}.{part}"].numpy())
            for part in found
        ]
    if fixture.meta["meta"].get("para_unequal_lengths_raises"):
        rows.append(_unequal_is_refused(sources))
    return rows


@check("preprocess", "resize_centercrop")
def check_resize_center_crop(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    rows = []
    for name, given in fixture.tensors.items():
        if not name.endswith(".in"):
            continue
        expected = fixture[name.removesuffix(".in") + ".out"]
        target = (expected.shape[-2], expected.shape[-1])
        if given.dtype == torch.uint8:
            found = resize_center_crop(given.numpy(), target).transpose(2, 0, 1)
        else:
            rows_shown, columns_shown = crop_samples(given.shape[-2:], target)
            found = given.numpy()[..., rows_shown[:, None], columns_shown]
        rows.append(exact(name, torch.from_numpy(found.copy()), expected))
    return rows


@check("preprocess", "bucket_choice")
def check_bucket_choice(golden: Path, file: Path) -> list[Row]:
    rows = []
    for name, table in load(file).tensors.items():
        resolution: Resolution = "720" if "720" in name else "480"
        found = [choose_bucket(int(h), int(w), resolution) for h, w, *_ in table]
        rows.append(exact(name, torch.tensor(found, dtype=table.dtype), table[:, 2:]))
    return rows


@check("preprocess", "to_bytes")
def check_to_bytes(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    found = to_bytes(fixture["frames"].numpy(), rounding=False)
    return [exact("bytes", torch.from_numpy(found), fixture["bytes"])]


def _composed(
    folder: Path, signals: list[NDArray[np.float32] | None], arrangement: str
) -> list[NDArray[np.float32]]:
    """The stored tracks, made the reference's way."""
    inputs = []
    for number, signal in enumerate(signals):
        path = None
        if signal is not None:
            path = write_store(folder / f"given-{number}.wav", [signal]).path
        inputs.append(SpeechInput(path=path))
    composition = compose_speech(
        inputs,
        folder / "job",
        arrangement="in_turn" if arrangement == "in_turn" else "together",
        equal_tracks=False,
        limit_peaks=False,
    )
    return [store.read(0, store.sample_count) for store in composition.stores]


def _unequal_is_refused(sources: dict[str, NDArray[np.float32]]) -> Row:
    shortest, longest = sorted(sources.values(), key=len)[:: len(sources) - 1]
    with tempfile.TemporaryDirectory() as folder:
        try:
            _composed(Path(folder), [shortest, longest], "together")
            code = "nothing raised"
        except EngineError as error:
            code = error.report.code
    passed = code == "speech.unequal"
    return Row(
        name=f"unequal: {code}",
        absolute=0.0 if passed else 1.0,
        relative=0.0 if passed else 1.0,
        tolerance="refused",
        passed=passed,
    )


def _compare_sound(name: str, found: NDArray[np.float32], expected: NDArray) -> Row:
    """Silence is compared exactly: a relative error has no meaning there."""
    if not expected.any():
        return exact(name, torch.from_numpy(found), torch.from_numpy(expected))
    return compare(name, torch.from_numpy(found), torch.from_numpy(expected).float())
