"""Guards what the bundled miniature can do: a change in the engine that breaks lip-sync fails here."""

import numpy as np
import pytest
import torch

from infinitetalk.demo.evaluate import scramble
from infinitetalk.demo.held_out import (
    CLIPS,
    evaluation_folder,
    load_held_out,
    moving_pixels,
    portrait,
)
from infinitetalk.demo.judge import FILE, load_judge
from infinitetalk.demo.metrics import pooled_correlation
from infinitetalk.demo.rendering import Settings, render
from infinitetalk.paths import miniature_folder

FRAMES = 33  # one chunk
GUARDED_CLIPS = (1, 5)


def test_the_held_out_set_is_whole() -> None:
    held = load_held_out()
    assert held.speech.shape == (CLIPS, 4 * 16000)
    assert held.openings.shape == (CLIPS, 100)
    assert len(set(held.voices)) == 3
    assert len(held.faces) == 8
    assert held.openings.std(1).min() > 0.08


def test_the_background_is_where_nobody_moves() -> None:
    moving = moving_pixels(load_held_out().person(0))
    assert 0.15 < moving.mean() < 0.9
    assert not moving[:4, :4].any()


def test_the_weights_are_small() -> None:
    files = [*miniature_folder().rglob("*"), evaluation_folder() / FILE]
    assert sum(f.stat().st_size for f in files if f.is_file() and f.suffix != ".md") <= 15_000_000


@pytest.fixture(scope="module")
def watched() -> tuple[np.ndarray, np.ndarray]:
    """Openings as rendered in the fast preset and as they should be, first frames left out."""
    held, judge = load_held_out(), load_judge(evaluation_folder() / FILE)
    seen, true = [], []
    for clip in GUARDED_CLIPS:
        samples = held.speech[clip][: FRAMES * 640]
        made = render(
            portrait(held.person(clip)),
            [samples],
            Settings(preset="fast", fields={"seed": 1000 + clip}),
        )
        assert made.frames.shape == (FRAMES, 128, 128, 3)
        seen.append(judge.watch(made.video())[2:, 0])
        true.append(held.openings[clip, 2:FRAMES])
    return np.stack(seen), np.stack(true)


def test_lips_follow_speech(watched: tuple[np.ndarray, np.ndarray]) -> None:
    seen, true = watched
    # The whole set gives about 0.9; two clips of a second scatter.
    assert pooled_correlation(seen, true) > 0.7


def test_lips_follow_their_own_speech_rather_than_anothers(
    watched: tuple[np.ndarray, np.ndarray],
) -> None:
    seen, true = watched
    own, others = (pooled_correlation(np.roll(seen, k, axis=0), true) for k in (0, 1))
    assert own > others + 0.2


def test_scrambled_weights_keep_names_and_sizes(tmp_path) -> None:
    from safetensors.torch import load_file

    scramble(miniature_folder(), tmp_path / "model")
    name = "InfiniteTalk/single/infinitetalk.safetensors"
    before, after = load_file(miniature_folder() / name), load_file(tmp_path / "model" / name)
    assert {k: v.shape for k, v in before.items()} == {k: v.shape for k, v in after.items()}
    changed = "blocks.0.audio_cross_attn.q_linear.weight._data"
    assert not torch.equal(before[changed], after[changed])
    assert torch.equal(before[changed].flatten().sort()[0], after[changed].flatten().sort()[0])
