"""Speech decoded, leveled and composed in pieces, against librosa and pyloudnorm on the whole."""

import math
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infinitetalk.errors import EngineError
from infinitetalk.media import disk
from infinitetalk.media.compose import SpeechInput, compose_speech
from infinitetalk.media.ffmpeg import MediaCancelled
from infinitetalk.media.loudness import TARGET_LUFS, LoudnessMeter, loudness_gain
from infinitetalk.media.probe import probe_speech
from infinitetalk.media.speech import SPEECH_RATE, DecodeCounts, decode_speech, skip_samples
from infinitetalk.media.speech_store import SpeechStore, write_store
from tests.media_samples import Signal, make_float_wav, make_sound, make_tone, make_video, voice


def decoded(path: Path, *, exact: bool = False) -> Signal:
    return np.concatenate(list(decode_speech(probe_speech(path), exact=exact)))


def measured(signal: Signal, pieces: Sequence[int] = (), rate: int = SPEECH_RATE) -> LoudnessMeter:
    meter = LoudnessMeter(rate)
    position = 0
    for size in pieces:
        meter.add(signal[position : position + size])
        position += size
    meter.add(signal[position:])
    return meter


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of modules that librosa's imports use
@pytest.mark.parametrize(
    ("rate", "channels"), [(8000, 1), (11025, 1), (16000, 2), (44100, 2), (48000, 6), (96000, 1)]
)
def test_equals_librosa_on_the_whole_file(tmp_path: Path, rate: int, channels: int) -> None:
    import librosa

    draw = np.random.default_rng(rate)
    signal = draw.uniform(-0.3, 0.3, (rate * 2 + 77, channels)).astype(np.float32)
    path = make_sound(tmp_path / "a.wav", signal, rate, encoder=("-c:a", "pcm_s24le"))
    expected, _ = librosa.load(path, sr=SPEECH_RATE)
    found = decoded(path)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-6


@pytest.mark.parametrize("suffix", [".m4a", ".mp3", ".flac", ".opus", ".ogg", ".mka", ".aiff"])
def test_compressed_sound_has_its_length_and_level(tmp_path: Path, suffix: str) -> None:
    found = decoded(make_tone(tmp_path / f"a{suffix}", 2.0, 48000, channels=2))
    assert len(found) == pytest.approx(2.0 * SPEECH_RATE, abs=0.06 * SPEECH_RATE)
    middle = found[SPEECH_RATE // 2 : SPEECH_RATE]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(
        0.0625, rel=0.1
    )  # a tone of 1/8, spread over two channels


def test_tiny_and_odd_lengths(tmp_path: Path) -> None:
    for count in (1, 2, 441, 8820):
        path = make_sound(tmp_path / "a.wav", np.full(count, 0.25, np.float32), 44100)
        assert len(decoded(path)) == math.ceil(count * SPEECH_RATE / 44100)


def test_sound_of_a_video_and_the_reference_way(tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mkv", 50, sound=2.0)
    ours, theirs = decoded(path), decoded(path, exact=True)
    count = min(len(ours), len(theirs))
    assert count == pytest.approx(2.0 * SPEECH_RATE, abs=1000)
    # The detour: another resampler, 16 bits, and stereo, for which ffmpeg takes 3 dB off mono.
    difference = ours[1000 : count - 1000] / math.sqrt(2) - theirs[1000 : count - 1000]
    assert np.abs(difference).max() < 2e-3


def test_sound_that_begins_late_in_a_video_keeps_its_place(tmp_path: Path) -> None:
    from infinitetalk.media.ffmpeg import run_ffmpeg

    video = make_video(tmp_path / "v.mkv", 50, sound=1.0)
    path = tmp_path / "late.mkv"
    run_ffmpeg(["-v", "error", "-i", str(video), "-itsoffset", "0.5", "-i", str(video),
                "-map", "0:v", "-map", "1:a", "-c", "copy", str(path)])  # fmt: skip
    found = decoded(path)
    begin = int(np.argmax(np.abs(found) > 0.02)) / SPEECH_RATE
    assert begin == pytest.approx(0.5, abs=0.03)


def test_cancel_ends_decoding(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.wav", voice(300.0))
    counts = DecodeCounts()
    with pytest.raises(MediaCancelled):
        for _ in decode_speech(
            probe_speech(path), counts=counts, cancel=lambda: counts.samples > 0
        ):
            pass
    assert counts.samples < 300 * SPEECH_RATE


class TestLoudness:
    @settings(deadline=None, max_examples=30)
    @given(
        seconds=st.floats(0.4, 3.0),
        pieces=st.lists(st.integers(0, 20_000), max_size=6),
        level=st.floats(0.0005, 1.0),
        seed=st.integers(0, 9),
    )
    def test_pieces_equal_pyloudnorm(
        self, seconds: float, pieces: list[int], level: float, seed: int
    ) -> None:
        import pyloudnorm

        signal = voice(seconds, level=level, seed=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it takes the mean of nothing for quiet signals
            if len(signal) < 0.4 * SPEECH_RATE:
                return
            expected = pyloudnorm.Meter(SPEECH_RATE).integrated_loudness(signal)
        found = measured(signal, pieces).loudness
        assert found == pytest.approx(expected, abs=1e-4) or found == expected == -math.inf

    @pytest.mark.parametrize("rate", [8000, 44100, 48000])
    def test_other_rates(self, rate: int) -> None:
        import pyloudnorm

        signal = voice(2.0, rate)
        expected = pyloudnorm.Meter(rate).integrated_loudness(signal)
        assert measured(signal, rate=rate).loudness == pytest.approx(expected, abs=1e-4)

    def test_silence_and_short_sound_are_left_alone(self) -> None:
        assert loudness_gain(measured(np.zeros(16000, np.float32)), limit_peaks=True).gain == 1.0
        short = loudness_gain(measured(voice(0.2)), limit_peaks=True)
        assert short.gain == 1.0
        assert math.isnan(short.loudness)

    def test_gain_reaches_the_target(self) -> None:
        signal = voice(3.0, level=0.05)
        gain = loudness_gain(measured(signal), limit_peaks=False).gain
        loud = measured((signal * gain).astype(np.float32)).loudness
        assert loud == pytest.approx(TARGET_LUFS, abs=1e-3)

    def test_peaks_are_limited_where_asked(self) -> None:
        clicks = np.zeros(32000, np.float32)
        clicks[::4000] = 0.9  # quiet, but with peaks near full scale
        meter = measured(clicks + 0.001 * voice(2.0))
        wild = loudness_gain(meter, limit_peaks=False)
        tame = loudness_gain(meter, limit_peaks=True)
        if wild.gain * wild.peak <= 1:
            pytest.fail("the example does not clip")
        assert tame.gain * tame.peak == pytest.approx(1.0)


class TestCompose:
    def compose(self, tmp_path: Path, *signals: Signal | None, **options) -> list[Signal]:
        inputs = []
        for number, signal in enumerate(signals):
            path = None
            if signal is not None:
                path = make_float_wav(tmp_path / f"in{number}.wav", signal)
            inputs.append(SpeechInput(path=path))
        made = compose_speech(inputs, tmp_path / "job", **options)
        assert not list((tmp_path / "job").glob("*.raw"))
        assert not list((tmp_path / "job").glob("*.part"))
        return [store.read(0, store.sample_count) for store in made.stores]

    def test_together_is_padded_to_the_longer(self, tmp_path: Path) -> None:
        first, second = self.compose(tmp_path, voice(2.0), voice(3.0, seed=1))
        assert len(first) == len(second) == 3 * SPEECH_RATE
        assert not first[2 * SPEECH_RATE :].any()
        assert second[2 * SPEECH_RATE :].any()

    def test_together_unequal_is_refused_the_reference_way(self, tmp_path: Path) -> None:
        with pytest.raises(EngineError) as caught:
            self.compose(tmp_path, voice(2.0), voice(3.0), equal_tracks=False)
        assert caught.value.report.code == "speech.unequal"
        assert not list((tmp_path / "job").iterdir())

    @pytest.mark.parametrize("equal_tracks", [True, False])
    def test_in_turn(self, tmp_path: Path, equal_tracks: bool) -> None:
        first, second = self.compose(
            tmp_path, voice(1.0), voice(2.0), arrangement="in_turn", equal_tracks=equal_tracks
        )
        assert len(first) == len(second) == 3 * SPEECH_RATE
        assert not first[SPEECH_RATE:].any()
        assert not second[:SPEECH_RATE].any()

    @pytest.mark.parametrize("arrangement", ["together", "in_turn"])
    def test_silent_speaker(self, tmp_path: Path, arrangement: str) -> None:
        first, second = self.compose(tmp_path, None, voice(1.0), arrangement=arrangement)
        assert not first.any()
        assert len(first) == len(second) == (1 if arrangement == "together" else 2) * SPEECH_RATE

    def test_one_speaker_is_leveled(self, tmp_path: Path) -> None:
        (track,) = self.compose(tmp_path, voice(3.0, level=0.02))
        assert measured(track).loudness == pytest.approx(TARGET_LUFS, abs=1e-3)

    def test_short_speech(self, tmp_path: Path) -> None:
        (track,) = self.compose(tmp_path, voice(0.2))
        assert np.array_equal(track, voice(0.2))
        with pytest.raises(EngineError) as caught:
            self.compose(tmp_path, voice(0.2), equal_tracks=False)
        assert caught.value.report.code == "speech.too_short"

    def test_shift_and_gain(self, tmp_path: Path) -> None:
        path = make_float_wav(tmp_path / "a.wav", voice(2.0, level=0.05))
        plain = compose_speech([SpeechInput(path=path)], tmp_path / "p").stores[0]
        later = compose_speech([SpeechInput(path=path, start=0.5)], tmp_path / "l").stores[0]
        assert later.sample_count == plain.sample_count + 8000
        assert not later.read(0, 8000).any()
        assert np.array_equal(later.read(8000, 40000), plain.read(0, 32000))
        cut = compose_speech([SpeechInput(path=path, start=-0.5)], tmp_path / "c")
        assert cut.stores[0].sample_count == 24000
        assert cut.tracks[0].duration == pytest.approx(1.5)
        quiet = compose_speech([SpeechInput(path=path, gain_db=-6.0206)], tmp_path / "q").stores[0]
        assert np.allclose(quiet.read(0, 32000) * 2, plain.read(0, 32000), atol=1e-4)
        with pytest.raises(EngineError) as caught:
            compose_speech([SpeechInput(path=path, start=-5.0)], tmp_path / "n")
        assert caught.value.report.code == "speech.cut_away"

    def test_facts_of_the_tracks(self, tmp_path: Path) -> None:
        loud = make_float_wav(tmp_path / "a.wav", voice(2.0))
        dumb = make_float_wav(tmp_path / "b.wav", np.zeros(16000, np.float32))
        made = compose_speech([SpeechInput(path=loud), SpeechInput(path=dumb)], tmp_path / "j")
        assert [track.silent for track in made.tracks] == [False, True]
        assert [track.duration for track in made.tracks] == [2.0, 1.0]
        assert made.stores[0].frame_count == 50
        assert made.stores[0].duration == 2.0

    def test_cancel_leaves_no_half_track(self, tmp_path: Path) -> None:
        path = make_float_wav(tmp_path / "a.wav", voice(60.0))
        asked = iter([False] * 3)
        with pytest.raises(MediaCancelled):
            compose_speech(
                [SpeechInput(path=path)], tmp_path / "j", cancel=lambda: next(asked, True)
            )
        assert not list((tmp_path / "j").iterdir())


class TestStore:
    def test_round_trip_and_reading_outside(self, tmp_path: Path) -> None:
        signal = voice(1.5)
        store = write_store(tmp_path / "s.wav", [signal[:100], signal[100:100], signal[100:]])
        assert np.array_equal(store.samples, signal)
        around = store.read(-3, store.sample_count + 3)
        assert np.array_equal(around[3:-3], signal)
        assert not around[:3].any()
        assert not around[-3:].any()
        assert np.array_equal(np.concatenate(list(store.pieces(0.1))), signal)
        assert np.array_equal(decoded(store.path), signal)  # it is a WAV that anything opens

    def test_damaged_store_is_not_taken(self, tmp_path: Path) -> None:
        store = write_store(tmp_path / "s.wav", [voice(1.0)])
        data = store.path.read_bytes()
        for damaged in (data[:-4], data[:20], b"RIFX" + data[4:], data + b"1234"):
            store.path.write_bytes(damaged)
            with pytest.raises(EngineError) as caught:
                SpeechStore(store.path)
            assert caught.value.report.code == "media.unreadable"

    def test_full_disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(disk, "write_bytes", full)
        with pytest.raises(EngineError) as caught:
            write_store(tmp_path / "s.wav", [voice(1.0)])
        assert caught.value.report.code == "disk.full"
        assert not list(tmp_path.iterdir())


@given(sizes=st.lists(st.integers(0, 50), max_size=8), count=st.integers(0, 300))
def test_skip_samples(sizes: list[int], count: int) -> None:
    whole = np.arange(sum(sizes), dtype=np.float32)

    def pieces() -> Iterator[Signal]:
        yield from np.split(whole, np.cumsum(sizes)[:-1]) if sizes else ()

    found = [piece for piece in skip_samples(pieces(), count) if len(piece)]
    assert np.array_equal(np.concatenate(found) if found else whole[:0], whole[count:])
