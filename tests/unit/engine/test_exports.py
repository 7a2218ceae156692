"""`infinitetalk export` on a job with a gap: ranges, gaps, codecs, pictures, sound, from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from infinitetalk.cli.main import main
from infinitetalk.media.container import read_container
from infinitetalk.media.probe import probe_source, probe_speech
from infinitetalk.media.resize import resize_center_crop
from infinitetalk.media.speech import SPEECH_RATE, decode_speech
from infinitetalk.media.times import list_frame_times
from infinitetalk.media.video import VideoReader
from infinitetalk.plan import Plan
from infinitetalk.project.edits import choose_range
from infinitetalk.project.job import JobFolder
from tests.e2e.small_jobs import prepare, render, run
from tests.media_samples import make_tone
from tests.tiny_model import build_tiny_model

FPS = 25


@dataclass(frozen=True)
class Job:
    folder: Path
    plan: Plan
    picture: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Model, picture, and 1.28 s of a tone: 32 frames in four chunks."""
    folder = tmp_path_factory.mktemp("exports")
    build_tiny_model(folder / "model", chunk_frames=9)
    rows, columns = np.mgrid[0:64, 0:64]
    pixels = np.stack([rows * 4, columns * 4, 255 - rows * 4], axis=-1).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "face.png")
    make_tone(folder / "speech.wav", 1.28)
    return folder / "model", folder / "face.png", folder / "speech.wav"


@pytest.fixture(scope="module")
def whole(files: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Job:
    model, picture, speech = files
    made = render(model, tmp_path_factory.mktemp("whole") / "a.job", picture, speech)
    assert made.plan.total_frames == 32
    return Job(made.job, made.plan, picture)


@pytest.fixture(scope="module")
def half(files: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The same, of which only the first two chunks were rendered."""
    model, picture, speech = files
    prepared = prepare(model, tmp_path_factory.mktemp("half") / "a.job", picture, speech)
    end = prepared.plan.chunks[2].first_frame
    prepared.job.save_timeline(choose_range(prepared.job.timeline, (0, end)))
    made = run(prepared)
    return Job(made.job, made.plan, picture)


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Path]]:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))

    def run_it(job: Job, name: str, *flags: object) -> tuple[int, Path]:
        out = tmp_path / name
        words = ["export", job.folder, "--out", out, "--quiet", *flags]
        return main([str(word) for word in words]), out

    return run_it


def frames_of(path: Path) -> list[np.ndarray]:
    facts = probe_source(path)
    with VideoReader(facts) as reader:
        return [reader.timeline_frame(i).copy() for i in range(facts.timeline_frames)]


def sound_of(path: Path) -> np.ndarray:
    return np.concatenate(list(decode_speech(probe_speech(path))))


def check_lengths(path: Path, frames: int) -> None:
    container = read_container(path)
    video = list_frame_times(path, container.videos[0].index)
    sound = list_frame_times(path, container.audios[0].index)
    assert video is not None
    assert sound is not None
    assert len(video.starts) == frames
    assert abs(sound.end - video.end) <= 1 / FPS


@pytest.mark.parametrize(("codec", "found"), [("h264", "h264"), ("h265", "hevc")])
def test_the_whole_video_in_both_codecs(export, whole: Job, codec: str, found: str) -> None:
    code, out = export(whole, "v.mp4", "--codec", codec)
    assert code == 0
    assert probe_source(out).codec == found
    check_lengths(out, 32)


def test_a_range_is_that_part_of_picture_and_sound(export, whole: Job) -> None:
    all_of_it = frames_of(export(whole, "whole.mp4", "--crf", 1)[1])
    code, out = export(whole, "part.mp4", "--crf", 1, "--from", "0.24", "--to", "0:00.88")
    assert code == 0
    check_lengths(out, 16)
    for found, wanted in zip(frames_of(out), all_of_it[6:22], strict=True):
        assert np.abs(found.astype(int) - wanted).mean() < 4
    assert export(whole, "late.mp4", "--from", "9")[0] == 3
    assert not (out.parent / "late.mp4").exists()


def test_missing_chunks(export, half: Job, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = export(half, "v.mp4")
    assert code == 3
    assert "2 of 4 chunks are ready" in capsys.readouterr().err
    assert not out.exists()
    ready = half.plan.chunks[2].first_frame
    code, out = export(half, "stop.mp4", "--missing", "stop")
    assert code == 0
    check_lengths(out, ready)
    code, out = export(half, "filled.mp4", "--missing", "source", "--crf", 1)
    assert code == 0
    check_lengths(out, 32)
    source = resize_center_crop(np.asarray(Image.open(half.picture)), half.plan.size)
    found = frames_of(out)
    for index, frame in enumerate(found):
        distance = np.abs(frame.astype(int) - source).mean()
        assert (distance < 4) == (index >= ready), (index, distance)
    assert export(half, "gap.mp4", "--from", "0.9", "--missing", "stop")[0] == 3
    code, out = export(half, "in.mp4", "--to", ready / FPS)
    assert code == 0
    check_lengths(out, ready)


def test_pictures_and_sound(export, whole: Job, half: Job) -> None:
    code, folder = export(whole, "frames", "--from", "0.2")
    assert code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert (names[0], len(names)) == ("frame-000001.png", 27)
    with JobFolder.open(whole.folder, write=False) as job:
        from infinitetalk.engine.export import video_frames

        stored = np.concatenate(list(video_frames(job, whole.plan)))
    assert np.array_equal(np.asarray(Image.open(folder / names[3])), stored[8])
    assert export(whole, "frames")[0] == 3  # there is something in it

    code, out = export(half, "a.wav")  # sound needs no chunk
    assert code == 0
    assert len(sound_of(out)) / SPEECH_RATE == pytest.approx(1.28, abs=0.01)
    code, out = export(half, "b.wav", "--from", "0.28", "--to", "1")
    assert len(sound_of(out)) / SPEECH_RATE == pytest.approx(0.72, abs=0.01)


def test_background_at_its_level(export, whole: Job, tmp_path: Path) -> None:
    music = make_tone(tmp_path / "music.wav", 3.0, hertz=1500)
    quiet = sound_of(export(whole, "q.wav")[1])
    code, out = export(
        whole, "b.wav", "--background", music, "--background-db", "-6", "--background-start", "0.5"
    )
    assert code == 0
    added = sound_of(out) - quiet[: len(sound_of(out))]
    level = np.abs(sound_of(music)).max() * 10 ** (-6 / 20)
    assert np.abs(added[:7000]).max() < 0.02
    assert np.abs(added[10000:19000]).max() == pytest.approx(level, rel=0.15)
    assert export(whole, "c.mp4", "--background", music)[0] == 0


@pytest.mark.parametrize(
    "flags",
    [
        ("--from", "soon"),
        ("--from", "-3"),
        ("--from", "2", "--to", "1"),
        ("--background", "x.wav", "--background-db", "900"),
        ("--crf", "99"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    export, whole: Job, flags: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = export(whole, "v.mp4", *flags)
    assert code == 3
    assert "Error: " in capsys.readouterr().err
    assert not out.exists()


def test_an_existing_file_stays(export, whole: Job, tmp_path: Path) -> None:
    (tmp_path / "v.wav").write_bytes(b"mine")
    assert export(whole, "v.wav")[0] == 3
    assert (tmp_path / "v.wav").read_bytes() == b"mine"
    assert export(whole, "v.wav", "--overwrite")[0] == 0
