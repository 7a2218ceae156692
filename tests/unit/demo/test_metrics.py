import numpy as np
import pytest

from infinitetalk.demo import metrics


@pytest.fixture
def tracks() -> np.ndarray:
    chance = np.random.default_rng(3)
    smooth = np.ones(5) / 5
    return np.stack([np.convolve(chance.random(80), smooth, "same") for _ in range(12)])


def test_a_mouth_that_follows_is_told_from_one_that_does_not(tracks: np.ndarray) -> None:
    noise = np.random.default_rng(4).normal(0, 0.02, tracks.shape)
    assert metrics.pooled_correlation(tracks * 0.5 + noise + 3, tracks) > 0.9
    assert abs(metrics.pooled_correlation(tracks[::-1], tracks)) < 0.25
    assert metrics.pooled_correlation(np.zeros_like(tracks), tracks) == 0


@pytest.mark.parametrize("lag", [-4, 0, 5])
def test_the_lag_is_found(tracks: np.ndarray, lag: int) -> None:
    assert metrics.best_lag(np.roll(tracks, lag, axis=1), tracks) == lag


def test_shuffled_clips_leave_nothing(tracks: np.ndarray) -> None:
    assert abs(metrics.shuffled_correlation(tracks, tracks)) < 0.15


def test_shuffling_never_compares_a_clip_with_itself() -> None:
    two = np.array([[0.0, 1, 0, 1], [1.0, 0, 1, 0]])
    assert metrics.shuffled_correlation(two, two) == pytest.approx(-1)


def test_amplitude_and_interval(tracks: np.ndarray) -> None:
    assert metrics.amplitude_ratio(tracks * 0.7, tracks) == pytest.approx(0.7)
    noisy = tracks + np.random.default_rng(5).normal(0, 0.2, tracks.shape)
    low, high = metrics.bootstrap(metrics.pooled_correlation, noisy, tracks)
    assert low < metrics.pooled_correlation(noisy, tracks) < high


def test_all_figures_of_a_perfect_mouth(tracks: np.ndarray) -> None:
    figures = metrics.lip_sync(tracks, tracks)
    assert figures["pooled"] == pytest.approx(1)
    assert figures["best_lag"] == 0
    assert figures["amplitude"] == pytest.approx(1)


def test_psnr_of_a_known_error() -> None:
    picture = np.zeros((3, 8, 8))
    assert metrics.psnr(picture + 0.2, picture) == pytest.approx(20.0)
    half = np.zeros_like(picture)
    half[:, :4] = 1
    wrong = picture.copy()
    wrong[:, 4:] = 1
    assert metrics.psnr(wrong, picture, half) > 100


def test_envelope_is_high_where_it_is_loud() -> None:
    samples = np.zeros(16000)
    samples[6400:9600] = 0.5
    loud = metrics.envelope(samples, 25)
    assert loud[10:15].min() > 0.5
    assert loud[:10].max() == 0


def test_a_jump_at_a_seam_is_seen() -> None:
    frames = np.arange(30, dtype=float)[:, None, None] * np.ones((1, 4, 4))
    assert metrics.seam_ratio(frames, [10, 20]) == pytest.approx(1)
    frames[10:] += 9
    assert metrics.seam_ratio(frames, [10]) == pytest.approx(10)
    frames[np.arange(30) >= 14] += 9  # as large a step, four frames later
    assert metrics.seam_ratio(frames, [10], every=4) == pytest.approx(10 / ((5 + 10) / 6))


def test_a_contact_sheet_shows_frames_over_their_moments() -> None:
    from infinitetalk.demo.sheets import INK, SHOWN, STRIP, contact_sheet

    frames = np.repeat(np.arange(100, dtype=np.uint8), 16 * 16 * 3).reshape(100, 16, 16, 3)
    samples = np.zeros(64000, np.float32)
    samples[32000:] = 0.5
    sheet = contact_sheet(frames, samples, np.zeros(100, np.float32))
    assert sheet.shape == (16 + STRIP, 16 * SHOWN, 3)
    assert [int(sheet[8, 16 * k + 8, 0]) for k in range(SHOWN)] == [
        5 + 10 * k for k in range(SHOWN)
    ]
    inked = (sheet[16:] == INK).all(-1).sum(0)
    assert inked[: 8 * SHOWN].max() == 1
    assert inked[8 * SHOWN :].min() > STRIP // 2


def test_a_face_is_alike_wherever_it_is_and_not_another() -> None:
    rng = np.random.default_rng(0)
    face, other = (rng.integers(0, 256, (40, 52, 3)) for _ in range(2))
    here, there = np.zeros((128, 128, 3)), np.full((128, 128, 3), 90.0)
    here[30:70, 40:92] = face
    there[37:77, 35:87] = 0.5 * face + 20
    known = metrics.upper_face(here, np.array([66.0, 78.0]))
    assert np.array_equal(known, face)
    moved = metrics.upper_face(there, np.array([61.0, 85.2]))
    assert metrics.likeness(moved, known) == pytest.approx(1)
    assert abs(metrics.likeness(other.astype(float), known)) < 0.1
    assert metrics.upper_face(here, np.array([2.0, 3.0])).shape == (40, 52, 3)
