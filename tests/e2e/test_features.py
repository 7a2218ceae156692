"""What a request can ask for, each on a whole small job: it comes out, and it makes its difference.

The engine runs in this process on tiny random weights; one test goes through the command line.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from infinitetalk.engine.control import Control
from infinitetalk.engine.engine import Engine
from infinitetalk.engine.export import export_job
from infinitetalk.engine.model import ModelChoice, build_request
from infinitetalk.engine.prepare import make_plan, reopen_job
from infinitetalk.errors import EngineError
from infinitetalk.event import ChunkReady, Finished, Paused, StepDone, StepsSkipped
from infinitetalk.media.ffmpeg import FfmpegProcess, run_ffmpeg
from infinitetalk.media.probe import probe_speech
from infinitetalk.project.job import JobFolder
from infinitetalk.quant.schemes import SCHEMES, quantize
from infinitetalk.request import Apg, Box, ChunkSettings, Lora, SpeechTrack
from infinitetalk.weights.folder import ModelPaths
from tests import media_samples as samples
from tests.e2e.conftest import Command, media_facts, write_voice
from tests.e2e.small_jobs import (
    FPS,
    MACHINE,
    QUICK,
    Rendered,
    difference,
    prepare,
    render,
    run,
    tracks,
)
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e

Made = Callable[..., Rendered]


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights for one speaker."""
    return build_tiny_model(tmp_path_factory.mktemp("one"), chunk_frames=9)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights for two speakers."""
    return build_tiny_model(tmp_path_factory.mktemp("two"), speakers=2, chunk_frames=9)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """short.wav is one chunk (8 frames), long.wav two (17), other.wav another voice (12)."""
    folder = tmp_path_factory.mktemp("media")
    write_voice(folder / "short.wav", 8 / FPS)
    write_voice(folder / "long.wav", 17 / FPS)
    write_voice(folder / "other.wav", 12 / FPS, pitch=210)
    samples.make_picture(folder / "face.png", size=(64, 64))
    return folder


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, shared_home: Path) -> None:
    monkeypatch.setenv("INFINITETALK_HOME", str(shared_home))


@pytest.fixture
def made(one: Path, media: Path, tmp_path: Path) -> Made:
    """`made(speech, **fields)`: a job of one speaker and the picture, each in a folder of its own."""

    def make(speech: str | SpeechTrack = "short.wav", **fields) -> Rendered:
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}.job"
        track = media / speech if isinstance(speech, str) else speech
        return render(one, folder, media / "face.png", track, **fields)

    return make


@pytest.fixture(scope="module")
def plain(
    one: Path, media: Path, tmp_path_factory: pytest.TempPathFactory, shared_home
) -> Rendered:
    """The short job with nothing special, which others are compared with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INFINITETALK_HOME", str(shared_home))
        folder = tmp_path_factory.mktemp("plain") / "plain.job"
        return render(one, folder, media / "face.png", media / "short.wav")


# -- speakers -------------------------------------------------------------------------------------

LEFT = Box(top=0, left=0, bottom=64, right=32)
RIGHT = Box(top=0, left=32, bottom=64, right=64)


def test_two_speakers_each_in_the_own_place(two, media, tmp_path) -> None:
    voices = (media / "short.wav", media / "other.wav")
    face = media / "face.png"
    there = render(two, tmp_path / "there.job", face, *voices, boxes=(LEFT, RIGHT))
    changed = render(two, tmp_path / "changed.job", face, *voices, boxes=(RIGHT, LEFT))
    assert there.plan.rows == (12, 12)  # the shorter is followed by silence
    assert len(there.frames) == 12
    assert there.given[0].inputs.audio.shape[0] == 2
    assert difference(there.frames, changed.frames) > 0
    masks = [result.given[0].inputs.masks for result in (there, changed)]
    assert torch.equal(masks[0][0], masks[1][1])
    assert torch.equal(masks[0][1], masks[1][0])


def test_two_speakers_one_after_the_other(two, media, tmp_path) -> None:
    voices = (media / "short.wav", media / "other.wav")
    turns = render(two, tmp_path / "t.job", media / "face.png", *voices, arrangement="in_turn")
    assert turns.plan.rows == (20, 20)
    assert len(turns.frames) == 20
    with JobFolder.open(turns.job, write=False) as job:
        export_job(job, tmp_path / "turns.mp4")
    assert media_facts(tmp_path / "turns.mp4")[0] == 20
    assert probe_speech(tmp_path / "turns.mp4").duration == pytest.approx(0.8, abs=0.05)


def test_a_silent_speaker_lasts_as_long_as_the_other(two, media, tmp_path) -> None:
    face = media / "face.png"
    first = render(two, tmp_path / "first.job", face, media / "other.wav", None)
    second = render(two, tmp_path / "second.job", face, None, media / "other.wav")
    assert first.plan.rows == second.plan.rows == (12, 12)
    audio = [result.given[0].inputs.audio for result in (first, second)]
    assert torch.equal(audio[0][0], audio[1][1])
    assert not torch.equal(audio[0][0], audio[0][1])
    assert difference(first.frames, second.frames) > 0


@pytest.mark.parametrize("silent", [0, 1])
def test_a_silent_speaker_takes_a_turn(silent: int, two, media, tmp_path) -> None:
    """The voice comes after, or before, a silence of its own length; none of it is lost."""
    voices = [media / "other.wav", media / "other.wav"]
    turns = [None if index == silent else voice for index, voice in enumerate(voices)]
    made = render(two, tmp_path / "t.job", media / "face.png", *turns, arrangement="in_turn")
    assert made.plan.rows == (24, 24)
    with JobFolder.open(made.job, write=False) as job:
        export_job(job, tmp_path / "turn.mp4")
    found = run_ffmpeg(
        ["-v", "error", "-i", str(tmp_path / "turn.mp4"), "-f", "s16le", "-ac", "1", "-"]
    )
    heard = np.abs(np.frombuffer(found.output, "<i2").astype(int))
    halves = [part.mean() for part in np.array_split(heard, 2)]
    assert halves[1 - silent] > 20 * halves[silent]


def test_two_speakers_on_weights_for_one(one, media, tmp_path) -> None:
    with pytest.raises(EngineError) as raised:
        prepare(one, tmp_path / "no.job", media / "face.png", *[media / "short.wav"] * 2)
    assert raised.value.report.code == "weights.no_multi"
    assert raised.value.report.remedy
    assert not (tmp_path / "no.job").exists()


def test_three_speakers_are_refused_with_a_way_out(two, media, tmp_path) -> None:
    with pytest.raises(EngineError) as raised:
        prepare(two, tmp_path / "no.job", media / "face.png", *[media / "short.wav"] * 3)
    report = raised.value.report
    assert report.code == "request.speakers"
    assert "3 speech tracks" in report.detail
    assert "several videos" in report.remedy


# -- single chunks --------------------------------------------------------------------------------


def test_a_chunk_with_a_prompt_of_its_own(made: Made) -> None:
    same = made("long.wav", prompt="a man talks")
    other = made(
        "long.wav", prompt="a man talks", chunks=((1, ChunkSettings(prompt="the room still")),)
    )
    assert len(same.plan.chunks) == 2
    assert np.array_equal(same.chunk(0), other.chunk(0))
    assert difference(same.chunk(1), other.chunk(1)) > 0
    assert other.meta(1).settings == {"prompt": "the room still"}


@pytest.mark.parametrize("seconds", [0.12, -0.12])
def test_the_lips_of_a_chunk_earlier_or_later(seconds: float, made: Made) -> None:
    straight = made("long.wav")
    moved = made("long.wav", chunks=((1, ChunkSettings(speech_shift=seconds)),))
    assert np.array_equal(straight.chunk(0), moved.chunk(0))
    assert difference(straight.chunk(1), moved.chunk(1)) > 0
    heard, later = (result.given[1].inputs.audio[0] for result in (straight, moved))
    if seconds > 0:  # frame f hears what frame f - 3 heard
        assert torch.equal(later[3:], heard[:-3])
    else:
        assert torch.equal(later[:-3], heard[3:])


def test_speech_that_begins_before_the_video(made: Made, media: Path) -> None:
    cut = made(speech=SpeechTrack(path=media / "long.wav", start=-0.2))
    assert len(cut.frames) == 12
    with JobFolder.open(cut.job, write=False) as job:
        export_job(job, cut.job.with_suffix(".mp4"))
    found = probe_speech(cut.job.with_suffix(".mp4"))
    assert found.duration == pytest.approx(0.48, abs=0.05)


# -- length and size ------------------------------------------------------------------------------


def test_a_cap_on_the_frames(made: Made, tmp_path: Path) -> None:
    capped = made("long.wav", max_frames=11)
    assert capped.plan.total_frames == 11
    assert [chunk.span_frames for chunk in capped.plan.chunks] == [9, 5]
    assert len(capped.frames) == 11
    with JobFolder.open(capped.job, write=False) as job:
        export_job(job, tmp_path / "capped.mp4")
    assert media_facts(tmp_path / "capped.mp4")[0] == 11
    assert probe_speech(tmp_path / "capped.mp4").duration == pytest.approx(0.44, abs=0.05)


def test_clip_mode_is_one_chunk(made: Made) -> None:
    clip = made("long.wav", mode="clip")
    assert len(clip.plan.chunks) == 1
    assert len(clip.frames) == 9


def test_any_size_in_multiples_of_16(made: Made, tmp_path: Path) -> None:
    free = made(size=(48, 80))
    assert free.frames.shape == (8, 48, 80, 3)
    with JobFolder.open(free.job, write=False) as job:
        export_job(job, tmp_path / "free.mp4")
    assert media_facts(tmp_path / "free.mp4")[2:] == (80, 48)


# -- guidance and steps ---------------------------------------------------------------------------


def test_steps_are_skipped_where_told_before(one, media, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))
    face, speech = media / "face.png", media / "short.wav"
    # Random weights make wide steps of the time vector: the flatter polynomial, the last threshold.
    fields = {"steps": 7, "shift": 7.0, "resolution": "720"}
    choice = ModelChoice(name=str(one))
    wanted = {**QUICK, "source": face, "speech": tracks(speech), **fields}
    cached = build_request({**wanted, "teacache_threshold": 1000.0}, choice.find())
    before, _ = make_plan(cached, choice.find(), MACHINE)
    assert before.skipped_steps is None
    every = render(one, tmp_path / "every.job", face, speech, **fields)
    some = render(one, tmp_path / "some.job", face, speech, teacache_threshold=1000.0, **fields)
    (told,) = some.told(StepsSkipped)
    assert (told.steps, told.skipped) == (7, (5, 6))  # five are always computed
    kinds = [type(event) for event in some.events]
    assert kinds.index(StepsSkipped) < kinds.index(StepDone)
    assert not every.told(StepsSkipped)
    assert len(some.told(StepDone)) == 7
    assert difference(every.frames, some.frames) > 0
    after, _ = make_plan(cached, choice.find(), MACHINE)
    assert after.skipped_steps == (5, 6)


def test_projected_guidance(made: Made) -> None:
    fields = {"steps": 2, "text_guidance_scale": 4.0, "audio_guidance_scale": 3.0}
    straight = made(**fields)
    projected = made(**fields, apg=Apg(norm_threshold=5.0))
    assert straight.plan.branches == ("cond", "drop_text", "uncond")
    assert difference(straight.frames, projected.frames) > 0
    assert projected.frames.std() > 0


# -- weights: LoRAs and precisions ----------------------------------------------------------------

LAYERS = ("blocks.0.self_attn.q", "blocks.1.ffn.0", "blocks.1.cross_attn.o")


@pytest.fixture(scope="module")
def lora(one: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA that shows: three layers of the transformer, and one that no model has."""
    wan = one / "Wan2.1-I2V-14B-480P"
    state = {k: v for shard in wan.glob("*.safetensors") for k, v in load_file(shard).items()}
    generator = torch.Generator().manual_seed(5)
    tensors = {}
    for layer in LAYERS:
        rows, columns = state[f"{layer}.weight"].shape
        down = torch.randn(2, columns, generator=generator) * 0.3
        up = torch.randn(rows, 2, generator=generator) * 0.3
        tensors[f"diffusion_model.{layer}.lora_down.weight"] = down
        tensors[f"diffusion_model.{layer}.lora_up.weight"] = up
    tensors["diffusion_model.blocks.77.self_attn.q.lora_down.weight"] = torch.zeros(2, 48)
    tensors["diffusion_model.blocks.77.self_attn.q.lora_up.weight"] = torch.zeros(48, 2)
    path = tmp_path_factory.mktemp("lora") / "style.safetensors"
    save_file(tensors, path)
    return path


def test_a_lora_changes_the_video_as_far_as_its_scale(made: Made, plain, lora: Path) -> None:
    full = made(loras=(Lora(path=lora, scale=1.0),))
    off = made(loras=(Lora(path=lora, scale=0.0),))
    assert difference(plain.frames, full.frames) > 0
    assert np.array_equal(plain.frames, off.frames)
    assert "blocks.77.self_attn.q" in full.notices["lora.partly"]
    (ready,) = full.told(ChunkReady)
    assert ready.take not in {event.take for event in plain.told(ChunkReady)}


@pytest.mark.parametrize("precision", ["fp8", "int8"])
def test_a_lora_in_eight_bits(precision: str, made: Made, plain, lora: Path) -> None:
    """Merged before rounding: near the same LoRA in float32, far nearer than without it."""
    chosen = {"loras": (Lora(path=lora, scale=1.0),)}
    exact = made(**chosen)
    rounded = made(**chosen, precision=precision)
    assert rounded.plan.precision == precision
    effect = difference(plain.frames, exact.frames)
    assert 0 < difference(exact.frames, rounded.frames) < effect / 2


@pytest.mark.parametrize("precision", ["fp8", "int8"])
def test_eight_bits_differ_little(precision: str, made: Made, plain) -> None:
    rounded = made(precision=precision)
    assert rounded.plan.precision == precision
    assert 0 < difference(plain.frames, rounded.frames) < 3


@pytest.mark.parametrize("precision", ["fp8", "int8"])
def test_a_lora_beside_weights_that_are_stored_in_eight_bits(
    precision: str, one, media, tmp_path, plain, made: Made, lora: Path
) -> None:
    """Stored as optimum-quanto does: the weights stay as they are, the LoRA runs beside them."""
    stored = one / "quant_models" / f"infinitetalk_single_{precision}.safetensors"
    stored.parent.mkdir(exist_ok=True)
    try:
        write_quanto(one, stored, precision)
        named = ModelChoice(
            paths=ModelPaths(
                ckpt_dir=one / "Wan2.1-I2V-14B-480P",
                wav2vec_dir=one / "chinese-wav2vec2-base",
                quant_dir=stored,
            )
        )
        face, speech = media / "face.png", media / "short.wav"
        chosen = (Lora(path=lora, scale=1.0),)
        bare = render(named, tmp_path / "bare.job", face, speech, precision=precision)
        beside = render(
            named, tmp_path / "lora.job", face, speech, precision=precision, loras=chosen
        )
    finally:
        shutil.rmtree(stored.parent)
    exact = made(loras=chosen)
    assert beside.plan.precision == precision
    assert "blocks.77.self_attn.q" in beside.notices["lora.partly"]
    effect = difference(plain.frames, exact.frames)
    assert 0 < difference(plain.frames, bare.frames) < effect / 2
    assert 0 < difference(exact.frames, beside.frames) < effect / 2


def write_quanto(model: Path, path: Path, precision: str) -> None:
    """The model's transformer and adapter in one file, linears of the blocks in eight bits."""
    files = [*(model / "Wan2.1-I2V-14B-480P").glob("*.safetensors")]
    files.append(model / "InfiniteTalk" / "single" / "infinitetalk.safetensors")
    kind = {"fp8": "qfloat8_e4m3fn", "int8": "qint8"}[precision]
    made, mapped = {}, {}
    for name, tensor in {k: v for file in files for k, v in load_file(file).items()}.items():
        if tensor.ndim != 2 or not name.startswith("blocks."):
            made[name] = tensor
            continue
        layer = name.removesuffix(".weight")
        data, scale = quantize(tensor, SCHEMES[precision])
        made |= {f"{name}._data": data, f"{name}._scale": scale[:, None].contiguous()}
        made |= {f"{layer}.input_scale": torch.ones(()), f"{layer}.output_scale": torch.ones(())}
        mapped[layer] = {"weights": kind, "activations": "none"}
    save_file(made, path)
    path.with_suffix(".json").write_text(json.dumps(mapped))
    config = model / "Wan2.1-I2V-14B-480P" / "config.json"
    shutil.copy(config, path.with_name("config.json"))


# -- video sources --------------------------------------------------------------------------------


def two_scenes(path: Path, first: int, second: int) -> Path:
    """A dark scene, then a bright one."""
    arguments = ["-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "64x64"]
    arguments += ["-r", "25", "-i", "pipe:0", "-c:v", "libx264", "-pix_fmt", "yuv420p", str(path)]
    with FfmpegProcess(arguments, feed=True) as process:
        for number in range(first + second):
            frame = np.full((64, 64, 3), 30 if number < first else 220, np.uint8)
            frame[20:40, 20:40] = 90
            process.write(frame.data.cast("B"))
        finished = process.finish()
    assert finished.code == 0, finished.log
    return path


def test_a_chunk_starts_anew_at_a_cut(one, media, tmp_path) -> None:
    source = two_scenes(tmp_path / "cut.mp4", 15, 15)
    write_voice(tmp_path / "speech.wav", 24 / FPS)
    found = render(one, tmp_path / "cut.job", source, tmp_path / "speech.wav", scene_cuts=True)
    fresh = [chunk for chunk in found.plan.chunks if chunk.motion_frames == 0]
    assert [chunk.start for chunk in fresh] == [0, 15]
    assert len(found.frames) == 24  # nothing of the picture is lost to the cut
    assert found.meta(fresh[1].index).motion_in == ""
    means = [given.inputs.picture.mean().item() for given in found.given]
    assert [mean > 0 for mean in means] == [chunk.start >= 15 for chunk in found.plan.chunks]
    through = render(one, tmp_path / "through.job", source, tmp_path / "speech.wav")
    assert [c.motion_frames for c in through.plan.chunks].count(0) == 1


def test_a_source_of_thirty_frames_is_read_by_time(one, tmp_path) -> None:
    source = samples.make_video(tmp_path / "30.mp4", 40, fps="30", size=(96, 96))
    write_voice(tmp_path / "speech.wav", 24 / FPS)
    timed = render(one, tmp_path / "timed.job", source, tmp_path / "speech.wav")
    shown = [numbered(given.inputs.picture) for given in timed.given]
    assert [chunk.start for chunk in timed.plan.chunks] == [0, 8, 16]
    assert shown == [int(start / FPS * 30) for start in (0, 8, 16)] == [0, 9, 19]
    exact = render(one, tmp_path / "exact.job", source, tmp_path / "speech.wav", exact=True)
    assert [numbered(given.inputs.picture) for given in exact.given] == [0, 8, 16]


def numbered(picture: torch.Tensor) -> int:
    pixels = ((picture + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    return samples.frame_number(pixels)


# -- the reference's way, and its command line ----------------------------------------------------


def test_exact_mode_is_the_references_way(made: Made) -> None:
    exact, mended = made("other.wav", exact=True), made("other.wav")
    assert exact.plan.exact
    assert [chunk.span_frames for chunk in exact.plan.chunks] == [9, 9]
    assert [chunk.span_frames for chunk in mended.plan.chunks] == [9, 5]
    assert len(exact.frames) == len(mended.frames) == 12
    with pytest.raises(EngineError) as raised:
        made("short.wav", exact=True)
    assert raised.value.report.code == "speech.too_short"


def test_a_command_line_of_the_original_runs_unchanged(
    tell: Command, one, media, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job = {
        "prompt": "a man talks",
        "cond_video": str(media / "face.png"),
        "cond_audio": {"person1": str(media / "long.wav")},
    }
    Path("job.json").write_text(json.dumps(job))
    done = tell(
        "render",
        *("--ckpt_dir", one / "Wan2.1-I2V-14B-480P"),
        *("--wav2vec_dir", one / "chinese-wav2vec2-base"),
        *("--infinitetalk_dir", one / "InfiniteTalk" / "single" / "infinitetalk.safetensors"),
        *("--input_json", "job.json", "--size", "infinitetalk-480", "--sample_steps", "1"),
        *("--mode", "streaming", "--motion_frame", "5", "--frame_num", "9"),
        *("--sample_text_guide_scale", "1.0", "--sample_audio_guide_scale", "1.0"),
        *("--num_persistent_param_in_dit", "0", "--base_seed", "7"),
        *("--audio_save_dir", "save_audio", "--offload_model", "True"),
        *("--save_file", "infinitetalk_res", "--job", tmp_path / "upstream.job"),
    )
    assert done.code == 0, done.text
    assert media_facts(tmp_path / "infinitetalk_res.mp4")[0] == 17
    with JobFolder.open(tmp_path / "upstream.job", write=False) as found:
        assert found.request.seed == 7
        assert found.request.motion_frames == 5
        assert found.request.prompt == "a man talks"


# -- going on -------------------------------------------------------------------------------------


def paused_after_one(one: Path, job: Path, source: Path, speech: Path) -> Rendered:
    """The long job, stopped between its chunks."""
    control = Control()
    prepared = prepare(one, job, source, speech)
    events = []
    for event in Engine().generate(prepared, control):
        events.append(event)
        if isinstance(event, ChunkReady):
            control.pause_after_chunk()
    prepared.job.close()
    assert isinstance(events[-1], Paused)
    return Rendered(job=job, plan=prepared.plan, events=events, given=[])


def test_a_job_goes_on_where_its_folder_was_moved(one, media, tmp_path, made: Made) -> None:
    begun = paused_after_one(one, tmp_path / "here.job", media / "face.png", media / "long.wav")
    moved = tmp_path / "elsewhere" / "there.job"
    moved.parent.mkdir()
    shutil.move(begun.job, moved)
    ended = run(reopen_job(moved, MACHINE))
    assert isinstance(ended.events[-1], Finished)
    assert [event.reused for event in ended.told(ChunkReady)] == [True, False]
    assert ended.stored == made("long.wav").stored


def test_a_source_that_changed_is_refused(one, media, tmp_path) -> None:
    face = tmp_path / "own.png"
    shutil.copy(media / "face.png", face)
    begun = paused_after_one(one, tmp_path / "begun.job", face, media / "long.wav")
    samples.make_picture(face, "gray", size=(64, 64))
    with pytest.raises(EngineError) as raised:
        reopen_job(begun.job, MACHINE)
    report = raised.value.report
    assert report.code == "source.changed"
    assert "own.png" in report.detail
    assert report.safe
    assert {path.name for path in (begun.job / "chunks").iterdir()} >= set(begun.stored)


def test_the_same_request_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    first, second = made("long.wav", steps=2), made("long.wav", steps=2)
    assert first.stored == second.stored
    videos = []
    for result in (first, second):  # the name of a video is its title, so it is part of it
        out = tmp_path / f"of {result.job.name}" / "video.mp4"
        out.parent.mkdir()
        with JobFolder.open(result.job, write=False) as job:
            videos.append(export_job(job, out).read_bytes())
    assert videos[0] == videos[1]
    assert made("long.wav", steps=2, seed=43).stored != first.stored
