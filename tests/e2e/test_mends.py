"""Faults of the reference (spec: pipeline.md 11) that this program must not have, seen from outside.

Where each of the 29 is tested. A name without a folder is in this file; `features` is
tests/e2e/test_features.py; others are below tests/unit, or tests/e2e where they say so.

== ================================== ==========================================================
 1 cap of 1000 frames                 test_no_cap_on_the_length
 2 all chunks held in memory          test_one_chunk_is_held_at_a_time
 3 short speech refused               features test_a_cap_on_the_frames (as all its short jobs);
                                      plan/test_schedule test_speech_under_one_chunk_is_one_...
 4 unequal tracks                     features test_two_speakers_each_in_the_own_place;
                                      plan/test_schedule test_rows_of_two_tracks;
                                      media/test_speech test_together_is_padded_to_the_longer
 5 source by index                    features test_a_source_of_thirty_frames_is_read_by_time;
                                      media/test_video test_variable_rate_is_read_by_time
 6 box order                          test_boxes_by_name_and_by_row
 7 boxes that vanish                  test_a_box_between_the_tokens_keeps_one;
                                      pipeline/test_masks test_a_small_box_gets_the_token_nearest
 8 colors of the first picture        test_colors_follow_the_scene
 9 scenes cut out                     features test_a_chunk_starts_anew_at_a_cut;
                                      plan/test_schedule test_scene_cuts_start_anew_on_one_timeline
10 --t5_cpu crashes                   test_the_text_encoder_on_the_cpu
11 speech from text crashes           test_speech_from_text_is_refused_in_words
12 AV1 through a fixed path           test_av1_leaves_nothing_behind; media/test_video test_codecs
13 temporary files in the way         test_av1_leaves_nothing_behind;
                                      media/test_ffmpeg (closed stdin, limits)
14 two encodes, truncated, own sound  test_the_video_is_the_stored_frames_and_the_users_sound;
                                      media/test_pictures test_bytes_are_rounded_or_truncated;
                                      media/test_export test_fitting_sound_is_copied
15 slow color correction              test_colors_of_many_frames_are_matched_at_once;
                                      pipeline/test_color
16 shift and skipping by --size       test_shift_and_skipping_follow_the_size_that_is_rendered
17 results overwritten                test_every_render_has_a_folder_of_its_own;
                                      tests/e2e/test_commands test_an_existing_result_is_refused_...
18 orientation, alpha                 test_a_turned_picture_stands_upright;
                                      media/test_pictures, media/test_video test_rotated_phone_...
19 source shorter than the speech     test_what_follows_the_end_of_a_source
20 0.4 s loudness, clipping           test_a_fifth_of_a_second_is_enough (0.2 s);
                                      media/test_speech test_peaks_are_limited_where_asked
21 video opened for every chunk       test_a_video_is_opened_once
22 whole-file speech encoding         pipeline/test_speech test_no_slice_grows_with_the_length,
                                      test_three_minutes_of_speech_in_pieces_of_ten_seconds
23 conditions of a still picture      test_a_still_picture_is_encoded_once
24 last chunk of full length          features test_exact_mode_is_the_references_way
25 noise drawn and discarded          test_noise_depends_on_seed_and_chunk_alone
26 NaN embeddings skipped             test_embeddings_that_are_no_numbers_are_named;
                                      pipeline/test_speech test_values_that_are_no_numbers
27 no resume                          features test_a_job_goes_on_where_its_folder_was_moved;
                                      tests/e2e/test_crashes
28 old Python and transformers        the whole suite: it runs on Python >= 3.11, transformers 5
29 flat frames                        test_a_flat_video_stays_as_it_is;
                                      pipeline/test_color test_a_flat_frame_takes_the_mean_...
== ================================== ==========================================================
"""

import argparse
import json
import shutil
import weakref
from pathlib import Path

import numpy as np
import pytest
import torch

from infinitetalk.cli.arguments import add_video_flags, video_fields
from infinitetalk.engine import renderer
from infinitetalk.engine.engine import Engine
from infinitetalk.engine.export import export_job
from infinitetalk.engine.model import ModelChoice, build_request
from infinitetalk.engine.prepare import make_plan
from infinitetalk.event import ChunkReady, Failed, Finished
from infinitetalk.media import video
from infinitetalk.media.export_choice import ExportChoice
from infinitetalk.media.ffmpeg import run_ffmpeg
from infinitetalk.media.frames import FrameReader
from infinitetalk.media.probe import probe_speech
from infinitetalk.pipeline import color, networks
from infinitetalk.pipeline.color import match_colors
from infinitetalk.pipeline.render import ChunkResult
from infinitetalk.project.job import JobFolder
from infinitetalk.request import Box, Mends, SourceEnd
from tests import media_samples as samples
from tests.e2e.conftest import Command, write_voice
from tests.e2e.small_jobs import FPS, MACHINE, QUICK, prepare, render, run, tracks
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("one"), chunk_frames=9)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """short.wav is one chunk (8 frames), long.wav three (25) of which the last is a full one."""
    folder = tmp_path_factory.mktemp("media")
    write_voice(folder / "short.wav", 8 / FPS)
    write_voice(folder / "long.wav", 25 / FPS)
    samples.make_picture(folder / "face.png", size=(64, 64))
    return folder


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, shared_home: Path) -> None:
    monkeypatch.setenv("INFINITETALK_HOME", str(shared_home))


def flags(*given: object) -> dict:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_video_flags(parser)
    return video_fields(parser.parse_args([str(item) for item in given]))


def shown_number(picture: torch.Tensor) -> int:
    """The number in a source frame as a chunk was given it."""
    pixels = ((picture + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    return samples.frame_number(pixels)


# -- length, memory, speech -----------------------------------------------------------------------


def test_no_cap_on_the_length(one, media, tmp_path) -> None:
    write_voice(tmp_path / "minute.wav", 60.0)
    choice = ModelChoice(name=str(one))
    given = {**QUICK, "source": media / "face.png", "speech": tracks(tmp_path / "minute.wav")}
    made, _ = make_plan(build_request(given, choice.find()), choice.find(), MACHINE)
    assert made.total_frames == 1500
    assert sum(chunk.frame_count for chunk in made.chunks) == 1500
    assert made.seconds > 0  # and the time it takes is told


def test_one_chunk_is_held_at_a_time(one, media, tmp_path, monkeypatch) -> None:
    """Frames of finished chunks are on the disk, not in memory."""
    results: list[weakref.ref] = []
    whole = renderer.render_chunk

    def watched(*given, **options):
        for found in whole(*given, **options):
            if isinstance(found, ChunkResult):
                results.append(weakref.ref(found.frames))
            yield found

    monkeypatch.setattr(renderer, "render_chunk", watched)
    prepared = prepare(one, tmp_path / "long.job", media / "face.png", media / "long.wav")
    held = [
        sum(frames() is not None for frames in results)
        for event in Engine().generate(prepared)
        if isinstance(event, ChunkReady)
    ]
    prepared.job.close()
    assert len(held) == 3
    assert max(held) <= 1


@pytest.mark.parametrize("seconds", [0.2, 0.05])
def test_a_fifth_of_a_second_is_enough(seconds: float, one, media, tmp_path) -> None:
    write_voice(tmp_path / "tiny.wav", seconds)
    made = render(one, tmp_path / "tiny.job", media / "face.png", tmp_path / "tiny.wav")
    assert len(made.frames) == int(seconds * FPS)


def test_embeddings_that_are_no_numbers_are_named(one, media, tmp_path) -> None:
    folder = tmp_path / "broken.job"
    begun = prepare(one, folder, media / "face.png", media / "long.wav")
    for event in Engine().generate(begun):
        if isinstance(event, ChunkReady):
            break
    begun.job.close()
    (path,) = (folder / "speech").glob("*/embeddings-*.npy")
    stored = np.load(path, mmap_mode="r+")
    stored[0, 20] = np.nan
    stored.flush()
    del stored
    failed = run(prepare(one, folder, media / "face.png", media / "long.wav")).events[-1]
    assert isinstance(failed, Failed)
    assert failed.report.code == "speech.bad_embeddings"
    assert path.name in failed.report.detail
    assert "row 20" in failed.report.detail
    path.unlink()  # what the remedy says
    ended = run(prepare(one, folder, media / "face.png", media / "long.wav"))
    assert isinstance(ended.events[-1], Finished)


# -- speakers -------------------------------------------------------------------------------------


def test_boxes_by_name_and_by_row(tmp_path: Path) -> None:
    """[top, left, bottom, right], though the reference's code calls them x and y."""
    found = []
    by_row = {"person1": [1, 2, 30, 40], "person2": [1, 42, 30, 80]}
    by_name = {
        person: dict(zip(("top", "left", "bottom", "right"), box, strict=True))
        for person, box in by_row.items()
    }
    for boxes in (by_row, by_name):
        job = {
            "prompt": "x",
            "cond_video": "face.png",
            "audio_type": "para",
            "cond_audio": {"person1": "a.wav", "person2": "b.wav"},
            "bbox": boxes,
        }
        (tmp_path / "job.json").write_text(json.dumps(job))
        found.append(flags("--input_json", tmp_path / "job.json")["boxes"])
    assert found[0] == found[1]
    assert found[0][0] == Box(top=1, left=2, bottom=30, right=40)


def test_a_box_between_the_tokens_keeps_one(media, tmp_path) -> None:
    model = build_tiny_model(tmp_path / "two", speakers=2, chunk_frames=9)
    point = Box(top=9, left=9, bottom=11, right=11)
    rest = Box(top=20, left=20, bottom=60, right=60)
    voices = (media / "short.wav", media / "short.wav")
    face = media / "face.png"
    made = render(model, tmp_path / "two.job", face, *voices, boxes=(point, rest))
    assert "speaker.box_small" in made.notices
    masks = made.given[0].inputs.masks
    assert all(plane.any() for plane in masks)
    assert made.frames.std() > 0  # NaN would have become one flat color
    exact = run(prepare(model, tmp_path / "x.job", face, *voices, boxes=(point, rest),
                        mends=Mends(guard_masks=False)))  # fmt: skip
    failed = exact.events[-1]
    assert isinstance(failed, Failed)  # said, not rendered to NaN
    assert failed.report.code == "speaker.box_small"


# -- sources --------------------------------------------------------------------------------------


def test_what_follows_the_end_of_a_source(one, media, tmp_path) -> None:
    source = samples.make_video(tmp_path / "ten.mp4", 10, size=(96, 96))
    shown: dict[SourceEnd, list[int]] = {}
    lengths: dict[SourceEnd, int] = {}
    for end in ("hold", "loop", "pingpong", "stop"):
        made = render(one, tmp_path / f"{end}.job", source, media / "long.wav",
                      mends=Mends(source_end=end))  # fmt: skip
        shown[end] = [shown_number(given.inputs.picture) for given in made.given]
        lengths[end] = len(made.frames)
    assert shown == {
        "hold": [0, 8, 9],
        "loop": [0, 8, 6],
        "pingpong": [0, 8, 2],
        "stop": [0, 8],
    }
    assert lengths == {"hold": 25, "loop": 25, "pingpong": 25, "stop": 10}


def test_a_video_is_opened_once(one, media, tmp_path, monkeypatch) -> None:
    source = samples.make_video(tmp_path / "source.mp4", 30, size=(96, 96))
    opened = []

    class Counted(video.FfmpegProcess):
        def __init__(self, *given, **options) -> None:
            opened.append(given)
            super().__init__(*given, **options)

    monkeypatch.setattr(video, "FfmpegProcess", Counted)
    made = render(one, tmp_path / "long.job", source, media / "long.wav")
    assert len(made.given) == 3
    assert len(opened) == 1
    opened.clear()
    clip = render(one, tmp_path / "clip.job", source, media / "long.wav", mode="clip")
    assert len(clip.given) == len(opened) == 1


def test_a_still_picture_is_encoded_once(one, media, tmp_path, monkeypatch) -> None:
    encoded = []
    lend = networks.ModelNetworks.image_encoder

    def counted(self):
        encoded.append(True)
        return lend(self)

    monkeypatch.setattr(networks.ModelNetworks, "image_encoder", counted)
    made = render(one, tmp_path / "long.job", media / "face.png", media / "long.wav")
    assert len(made.given) == 3
    assert len(encoded) == 1


def test_a_turned_picture_stands_upright(one, media, tmp_path) -> None:
    """EXIF orientation: the plan sees the turned size, the chunk the upright picture."""
    turned = samples.make_picture(tmp_path / "turned.jpg", "turned", size=(96, 96))
    made = render(one, tmp_path / "turned.job", turned, media / "short.wav")
    assert shown_number(made.given[0].inputs.picture) == 5


def test_av1_leaves_nothing_behind(one, media, tmp_path, monkeypatch) -> None:
    name = next((n for n in ("libsvtav1", "libaom-av1") if samples.has_encoder(n)), None)
    if name is None:
        pytest.skip("this ffmpeg writes no AV1")
    places = [tmp_path / name for name in ("in", "empty", "out")]
    for place in places:
        place.mkdir()
    source = samples.make_video(places[0] / "av1.mp4", 12, encoder=("-c:v", name), size=(96, 96))
    empty = places[1]
    monkeypatch.chdir(empty)
    made = render(one, tmp_path / "av1.job", source, media / "short.wav")
    assert shown_number(made.given[0].inputs.picture) == 0
    with JobFolder.open(made.job, write=False) as job:
        export_job(job, tmp_path / "out" / "video.mp4")
    assert list(empty.iterdir()) == []
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["av1.mp4"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["video.mp4"]


# -- colors and noise -----------------------------------------------------------------------------


def test_colors_follow_the_scene(one, media, tmp_path) -> None:
    """Each chunk takes the colors of its own source frame; the reference those of the first."""
    source = tmp_path / "dusk.mp4"
    chain = "color=c=0x202020:s=64x64:r=25:d=0.32[a];color=c=0xc0c0c0:s=64x64:r=25:d=1[b]"
    done = run_ffmpeg(
        ["-v", "error", "-filter_complex", f"{chain};[a][b]concat,noise=alls=20", str(source)]
    )
    assert done.code == 0, done.log
    mended = render(one, tmp_path / "own.job", source, media / "long.wav")
    first = render(one, tmp_path / "first.job", source, media / "long.wav",
                   mends=Mends(color_reference="first", ease_seams=False))  # fmt: skip
    levels = {
        name: [float(made.chunk(index).mean()) for index in (0, 2)]
        for name, made in (("own", mended), ("first", first))
    }
    assert levels["own"][1] - levels["own"][0] > 80
    assert abs(levels["first"][1] - levels["first"][0]) < 25


def test_a_flat_video_stays_as_it_is(one, media, tmp_path) -> None:
    """A source without any texture: nothing is divided by its rounding noise."""
    from PIL import Image

    Image.new("RGB", (64, 64), (90, 120, 200)).save(tmp_path / "flat.png")
    made = render(one, tmp_path / "flat.job", tmp_path / "flat.png", media / "short.wav")
    assert np.abs(made.frames.astype(int) - (90, 120, 200)).max() <= 2
    frames = torch.full((3, 2, 16, 16), 0.25) + torch.randn(3, 2, 16, 16) * 1e-6
    reference = torch.rand(3, 16, 16) * 2 - 1
    assert match_colors(frames, reference).std(dim=(2, 3)).max() < 1e-3


def test_colors_of_many_frames_are_matched_at_once(monkeypatch) -> None:
    """Not frame by frame: one conversion for as many frames as fit the group."""
    calls = []
    convert = color.rgb_to_lab

    def counted(rgb):
        calls.append(rgb.shape)
        return convert(rgb)

    monkeypatch.setattr(color, "rgb_to_lab", counted)
    match_colors(torch.rand(3, 81, 64, 64), torch.rand(3, 64, 64))
    assert len(calls) == 2  # the reference picture, and all frames


def test_noise_depends_on_seed_and_chunk_alone(one, media, tmp_path) -> None:
    def noise(**fields) -> list[torch.Tensor]:
        name = "-".join(f"{value}" for value in fields.values())
        made = render(
            one, tmp_path / f"{name}.job", media / "face.png", media / "long.wav", **fields
        )
        return [given.inputs.noise for given in made.given]

    few, many, other = noise(steps=1), noise(steps=2), noise(steps=1, seed=7)
    assert all(torch.equal(a, b) for a, b in zip(few, many, strict=True))
    assert not torch.equal(few[0], few[1])
    assert not torch.equal(few[0], other[0])


# -- the result -----------------------------------------------------------------------------------


def test_the_video_is_the_stored_frames_and_the_users_sound(one, media, tmp_path) -> None:
    """One encode from what was rendered; the sound at its own rate, channels and level."""
    loud = samples.voice(1.0, 44100, level=0.05)
    sound = samples.make_sound(tmp_path / "stereo.wav", loud, 44100, channels=2)
    made = render(one, tmp_path / "s.job", media / "face.png", sound)
    out = tmp_path / "video.mp4"
    with JobFolder.open(made.job, write=False) as job:
        export_job(job, out, ExportChoice(crf=0))
    facts = probe_speech(out)
    assert (facts.rate, facts.channels) == (44100, 2)
    assert facts.duration == pytest.approx(1.0, abs=0.05)
    decoded = run_ffmpeg(
        ["-v", "error", "-i", str(out), "-f", "s16le", "-ac", "1", "-ar", "44100", "-"]
    )
    heard = np.frombuffer(decoded.output, "<i2") / 32768
    assert np.abs(heard).max() == pytest.approx(np.abs(loud).max(), rel=0.15)
    raw = run_ffmpeg(["-v", "error", "-i", str(out), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
    frames = np.frombuffer(raw.output, np.uint8).reshape(-1, 64, 64, 3)
    stored = made.frames
    assert frames.shape == stored.shape
    # Half a level of truncation, or a second encode, would show in the mean.
    assert abs(float(frames.mean()) - float(stored.mean())) < 0.5
    (first, *_) = made.told(ChunkReady)
    assert np.array_equal(FrameReader(first.path / "frames.mkv").frames(), stored[:9])


def test_every_render_has_a_folder_of_its_own(
    tell: Command, one, media, home: Path, tmp_path
) -> None:
    before = set(home.rglob("*.job"))
    command = ("render", "--model", one, "--source", media / "face.png")
    command += ("--speech", media / "short.wav", "--prompt", "x", "--steps", "1")
    for name in ("a.mp4", "b.mp4"):
        done = tell(*command, "--out", tmp_path / name)
        assert done.code == 0, done.text
    made = {path for path in home.rglob("*.job") if path.is_dir()} - before
    assert len(made) == 2
    for folder in made:
        shutil.rmtree(folder)


# -- flags of the original ------------------------------------------------------------------------


def test_the_text_encoder_on_the_cpu(tell: Command, one, media, tmp_path) -> None:
    command = ("render", "--model", one, "--source", media / "face.png")
    command += ("--speech", media / "short.wav", "--prompt", "a man talks", "--steps", "1")
    done = tell(*command, "--t5_cpu", "--job", tmp_path / "cpu.job", "--out", tmp_path / "cpu.mp4")
    assert done.code == 0, done.text
    with JobFolder.open(tmp_path / "cpu.job", write=False) as job:
        assert job.plan is not None
        assert job.plan.text_encoder == "cpu"


def test_speech_from_text_is_refused_in_words(tell: Command, one, media) -> None:
    job = {"prompt": "x", "cond_video": str(media / "face.png"), "cond_audio": {}}
    job["tts_audio"] = {"text": "(s1) Hello", "human1_voice": "voice.pt"}
    (media / "tts.json").write_text(json.dumps(job))
    done = tell("render", "--model", one, "--input_json", media / "tts.json", "--audio_mode", "tts")
    assert done.code == 3
    assert "Speech from text" in done.err
    assert "recording" in done.err
    assert "Traceback" not in done.text


@pytest.mark.parametrize(
    ("size", "resolution"),
    [
        ("infinitetalk-480", "480"),
        ("infinitetalk-720", "720"),
        ("896x448", "480"),
        ("1280x704", "720"),
    ],
)
def test_shift_and_skipping_follow_the_size_that_is_rendered(
    size: str, resolution: str, one, media, tmp_path
) -> None:
    model = tmp_path / "model"
    shutil.copytree(one, model)
    told = json.loads((model / "infinitetalk.json").read_text())
    del told["size"], told["shift"]
    (model / "infinitetalk.json").write_text(json.dumps(told))
    choice = ModelChoice(name=str(model))
    given = flags("--source", media / "face.png", "--speech", media / "short.wav", "--size", size)
    request = build_request(given, choice.find())
    made, _ = make_plan(request, choice.find(), MACHINE)
    assert request.size_class == resolution  # which is what step skipping goes by
    assert made.shift == {"480": 7.0, "720": 11.0}[resolution]
    if "x" in size:
        width, height = size.split("x")
        assert made.size == (int(height), int(width))
    else:
        assert made.size == {"480": (640, 640), "720": (960, 960)}[resolution]
