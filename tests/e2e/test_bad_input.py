"""Odd and bad input from outside: either it works, or a short message says what is wrong and what to do.

Most cases call the command's `main` in this process, which is the same code without the second that
a child takes to start; those where a process matters (what is imported, locks, kills) use a child.
"""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests import media_samples as samples
from tests.e2e.conftest import ROOT, Command, media_facts, refused

pytestmark = pytest.mark.e2e

USAGE, INPUT, WEIGHTS, RESOURCES, JOB = 2, 3, 4, 5, 6


# -- media that can't be used ---------------------------------------------------------------------


def _no_frames(path: Path) -> Path:
    """A video file whose track was opened and never written to."""
    sound = samples.make_tone(path.with_suffix(".m4a"), 0.5)
    shutil.copy(sound, path)
    return path


def _text(path: Path) -> Path:
    path.write_text("<!DOCTYPE html><title>Not found</title>\n" * 40)
    return path


def _empty(path: Path) -> Path:
    path.touch()
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


BAD_SOURCES = {
    "missing": ("gone.png", lambda p: p, ("gone.png", "choose it again")),
    "empty": ("empty.png", _empty, ("empty.png", "0 bytes", "choose another")),
    "folder": ("folder.png", _folder, ("folder.png", "is a folder", "inside it")),
    "text as video": ("page.mp4", _text, ("page.mp4", "text file", "another file")),
    "garbage as picture": ("noise.png", samples.garbage, ("noise.png", "another file")),
    "garbage as video": ("noise.mp4", samples.garbage, ("noise.mp4", "another file")),
    "cut off video": (
        "cut.mp4",
        lambda p: samples.cut_off(p, samples.make_video(p.with_name("w.mp4"), 25), 0.3),
        ("cut.mp4", "cut off", "another file"),
    ),
    "video without frames": ("sound.mp4", _no_frames, ("sound.mp4", "sound only", "a video")),
    "sound as source": (
        "voice.wav",
        lambda p: samples.make_tone(p, 0.5),
        ("voice.wav", "sound only", "choose a picture"),
    ),
    "huge picture": (
        "huge.png",
        lambda p: samples.claimed_png(p, 20000, 20000),
        ("huge.png", "20000 x 20000", "Make it smaller"),
    ),
    "heic": ("phone.heic", samples.heic_picture, ("phone.heic", "HEIC", "JPEG")),
    "heic called JPEG": ("phone.jpg", samples.heic_picture, ("phone.jpg", "HEIC", "JPEG")),
}
BAD_SPEECH = {
    "missing": ("gone.wav", lambda p: p, ("gone.wav", "choose it again")),
    "empty": ("empty.wav", _empty, ("empty.wav", "0 bytes", "choose another")),
    "folder": ("folder.wav", _folder, ("folder.wav", "is a folder", "inside it")),
    "text": ("notes.mp3", _text, ("notes.mp3", "text file", "another file")),
    "corrupt": ("noise.mp3", samples.garbage, ("noise.mp3", "another file")),
    "video without sound": (
        "mute.mp4",
        lambda p: samples.make_video(p, 10),
        ("mute.mp4", "no audio track", "with speech"),
    ),
    "picture": ("face.png", samples.make_picture, ("face.png", "is a picture", "with speech")),
    "heic": ("phone.heic", samples.heic_picture, ("phone.heic", "is a picture", "with speech")),
}


@pytest.mark.parametrize("case", BAD_SOURCES)
def test_a_source_that_cannot_be_used(case, tell, model, speech, tmp_path: Path) -> None:
    name, make, words = BAD_SOURCES[case]
    job = tmp_path / "x.job"
    source = make(tmp_path / name)
    arguments = ("--model", model, "--source", source, "--speech", speech)
    refused(tell("render", *arguments, "--job", job, "--out", tmp_path / "x.mp4"), INPUT, *words)
    refused(tell("plan", *arguments), INPUT, *words)
    assert not job.exists()


@pytest.mark.parametrize("case", BAD_SPEECH)
def test_speech_that_cannot_be_used(case, tell, model, picture, tmp_path: Path) -> None:
    name, make, words = BAD_SPEECH[case]
    job = tmp_path / "x.job"
    speech = make(tmp_path / name)
    arguments = ("--model", model, "--source", picture, "--speech", speech)
    refused(tell("render", *arguments, "--job", job, "--out", tmp_path / "x.mp4"), INPUT, *words)
    assert not job.exists()


# Nobody may read it, the administrator neither: a switch of the kernel that is written only.
SWITCH = Path("/sys/bus/pci/rescan")


def _unreadable(path: Path) -> Path:
    if os.geteuid():
        path.write_bytes(b"anything")
        path.chmod(0)
    elif SWITCH.exists():
        path.symlink_to(SWITCH)
    else:
        pytest.skip("the administrator may read everything here")
    return path


def test_files_that_may_not_be_read(tell, model, picture, speech, tmp_path: Path) -> None:
    for name in ("locked.png", "locked.mp4"):
        done = tell("plan", "--model", model, "--source", _unreadable(tmp_path / name),
                    "--speech", speech)  # fmt: skip
        refused(done, INPUT, name, "rights")
    done = tell("plan", "--model", model, "--source", picture, "--speech",
                _unreadable(tmp_path / "locked.wav"))  # fmt: skip
    refused(done, INPUT, "locked.wav", "rights")


def test_speech_with_values_that_are_no_numbers(tell, model, picture, tmp_path: Path) -> None:
    wave = samples.voice(0.6)
    wave[2000:2100] = np.nan
    speech = samples.make_float_wav(tmp_path / "nan.wav", wave)
    done = tell(
        "render", "--model", model, "--source", picture, "--speech", speech,
        "--job", tmp_path / "n.job", "--out", tmp_path / "n.mp4",
    )  # fmt: skip
    refused(done, INPUT, "nan.wav")


def test_bad_media_are_refused_before_torch_is_imported(
    model, speech, cli: Command, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "torch.py").write_text("raise ImportError('torch is not needed to refuse a file')\n")
    source = _text(tmp_path / "page.mp4")
    done = cli(
        "render", "--model", model, "--source", source, "--speech", speech,
        PYTHONPATH=f"{trap}{os.pathsep}{ROOT}",
    )  # fmt: skip
    refused(done, INPUT, "page.mp4", "text file")


def test_the_log_has_the_traceback_and_debug_shows_it(
    cli: Command, model, speech, home: Path, tmp_path: Path
) -> None:
    source = tmp_path / "seen-in-the-log.png"
    arguments = ("--model", model, "--source", source, "--speech", speech)
    refused(cli("plan", *arguments), INPUT, source.name)
    logs = [path.read_text("utf-8") for path in home.rglob("engine-*.log")]
    assert any("Traceback" in text and source.name in text for text in logs)
    shown = cli("plan", *arguments, "--debug")
    assert shown.code == INPUT
    assert "Traceback" in shown.err


# -- the request ----------------------------------------------------------------------------------

BAD_FLAGS = {
    "size words": (("--size", "big"), INPUT, ("big", "--size 480")),
    "size not of 16": (("--size", "100x100"), INPUT, ("100x100", "nearest size is 96x96")),
    "size of nothing": (("--size", "0x64"), INPUT, ("0x64", "16x64")),
    "box of NaN": (("--box", "nan,0,10,10"), INPUT, ("nan,0,10,10", "--box 40,60")),
    "box of words": (("--box", "a,b"), INPUT, ("a,b", "--box 40,60")),
    "box upside down": (("--box", "50,0,10,10"), INPUT, ("50,0,10,10", "bottom below top")),
    "box outside": (("--box", "500,500,600,600"), INPUT, ("speaker 1", "80×96", "Move the box")),
    "two boxes, one speaker": (
        ("--box", "0,0,40,40", "--box", "0,40,40,80"),
        INPUT,
        ("boxes", "one per speaker"),
    ),
    "steps": (("--steps", "0"), INPUT, ("steps", "from 1 to 1000")),
    "seed": (("--seed", "-3"), INPUT, ("seed", "from 0")),
    "guidance": (("--text-guidance-scale", "nan"), INPUT, ("text_guidance_scale", "from 0")),
    "shift": (("--shift", "nan"), INPUT, ("shift", "above 0")),
    "chunk": (("--frame_num", "80"), INPUT, ("chunk_frames", "4n + 1", "80")),
    "LoRA missing": (("--lora", "gone.safetensors"), WEIGHTS, ("gone.safetensors", "LoRA")),
    "LoRA scales": (
        ("--lora", "a.safetensors", "--lora-scale", "1", "--lora-scale", "2"),
        INPUT,
        ("2 scales", "one scale per file"),
    ),
    "model": (("--model", "nowhere"), WEIGHTS, ("nowhere", "folder")),
}


@pytest.mark.parametrize("case", BAD_FLAGS)
def test_a_request_that_cannot_be_met(
    case, tell, model, picture, speech, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    flags, code, words = BAD_FLAGS[case]
    given = ("--model", model, "--source", picture, "--speech", speech, *flags)
    refused(tell("render", *given, "--job", "x.job", "--out", "x.mp4"), code, *words)


def test_a_lora_that_fits_nothing(tell, model, picture, speech, tmp_path: Path) -> None:
    """Made for something else, or of other sizes: refused by its header, no job is begun."""
    from safetensors.numpy import save_file

    part = np.zeros((2, 2), np.float32)
    theirs = {"somebody.else.lora_up.weight": part, "somebody.else.lora_down.weight": part}
    other_size = {
        "blocks.0.self_attn.q.lora_up.weight": np.zeros((5120, 2), np.float32),
        "blocks.0.self_attn.q.lora_down.weight": np.zeros((2, 5120), np.float32),
    }
    for number, (tensors, word) in enumerate(((theirs, "somebody"), (other_size, "self_attn"))):
        path = tmp_path / f"other {number}.safetensors"
        save_file(tensors, path)
        given = ("--model", model, "--source", picture, "--speech", speech, "--lora", path)
        refused(tell("plan", *given), WEIGHTS, path.name, "LoRA", "0 of 2 keys", word)
        job, out = tmp_path / "x.job", tmp_path / "x.mp4"
        done = tell("render", *given, "--job", job, "--out", out)
        refused(done, WEIGHTS, path.name, "LoRA", "0 of 2 keys", word, "Remove it")
        assert not job.exists()


def test_a_file_that_is_no_lora(tell, model, picture, speech, tmp_path: Path) -> None:
    page = _text(tmp_path / "page.safetensors")
    given = ("--model", model, "--source", picture, "--speech", speech, "--lora", page)
    refused(tell("render", *given, "--job", tmp_path / "x.job"), WEIGHTS, "page.safetensors")
    assert not (tmp_path / "x.job").exists()


def test_a_box_smaller_than_a_token_is_warned_of(
    tell, model, picture, short, tmp_path: Path
) -> None:
    done = tell(
        "render", "--model", model, "--source", picture, "--speech", short, "--steps", 1,
        "--audio-guidance-scale", 1, "--box", "10,10,11,11", "--job", tmp_path / "b.job",
        "--out", tmp_path / "b.mp4",
    )  # fmt: skip
    assert done.code == 0, done.text
    for word in ("speaker 1", "(10, 10, 11, 11)", "smaller than", "whole face"):
        assert word in done.text


def test_without_a_model_the_ways_to_one_are_named(tell, picture, speech) -> None:
    refused(tell("render", "--source", picture, "--speech", speech), WEIGHTS, "demo", "--model")


def test_without_source_or_speech(tell, model, picture, speech) -> None:
    refused(tell("render", "--model", model, "--speech", speech), INPUT, "--source")
    refused(tell("render", "--model", model, "--source", picture), INPUT, "--speech")


def test_more_speakers_than_the_model_knows(tell, model, picture, speech, tmp_path: Path) -> None:
    three = [word for _ in range(3) for word in ("--speech", speech)]
    refused(tell("plan", "--model", model, "--source", picture, *three), INPUT, "3", "speech")
    job = tmp_path / "three.json"
    tracks = {f"person{n}": str(speech) for n in (1, 2, 3)}
    job.write_text(json.dumps({"prompt": "", "cond_video": str(picture), "cond_audio": tracks}))
    done = tell("plan", "--model", model, "--input_json", job)
    refused(done, INPUT, "three.json", "3 entries", "several videos")


def test_two_speakers_need_a_model_for_two(tell, model, picture, speech) -> None:
    two = ("--speech", speech, "--speech", speech)
    refused(tell("plan", "--model", model, "--source", picture, *two), WEIGHTS, "multi")


BAD_JSON = {
    "not JSON": ("{", ("job.json", "JSON")),
    "a list": ("[]", ("job.json", "one object")),
    "no prompt": ('{"cond_video": "a.png"}', ("job.json", "prompt")),
    "no source": ('{"prompt": "x"}', ("job.json", "cond_video")),
    "no speech": ('{"prompt": "x", "cond_video": "a.png"}', ("job.json", "cond_audio")),
    "all None": (
        '{"prompt": "x", "cond_video": "a.png", "cond_audio": {"person1": "None"}}',
        ("job.json", "cond_audio"),
    ),
    "NaN in a box": (
        '{"prompt": "x", "cond_video": "a.png", "cond_audio": {"person1": "s.wav"},'
        ' "bbox": {"person1": [NaN, 0, 1, 1]}}',
        ("job.json", "bbox.person1"),
    ),
    "two speakers, one box": (
        '{"prompt": "x", "cond_video": "a.png", "audio_type": "para", "cond_audio":'
        ' {"person1": "s.wav", "person2": "s.wav"}, "bbox": {"person1": [0, 0, 9, 9]}}',
        ("job.json", "bbox", "one entry per speaker (2)"),
    ),
}


@pytest.mark.parametrize("case", BAD_JSON)
def test_a_job_file_of_the_original_that_is_wrong(case, tell, model, tmp_path: Path) -> None:
    text, words = BAD_JSON[case]
    path = tmp_path / "job.json"
    path.write_text(text)
    refused(tell("plan", "--model", model, "--input_json", path), INPUT, *words, "README")


def test_wrong_flags(tell, model) -> None:
    for arguments in (["render", "--nonsense"], ["render", "--steps", "many"], ["dance"], []):
        done = tell(*arguments)
        assert done.code == USAGE
        assert "usage: infinitetalk" in done.err
        assert "Traceback" not in done.text


# -- media that are odd and work ------------------------------------------------------------------


def make(tell: Command, model: Path, source: Path, speech: Path, job: Path, out: Path) -> int:
    """Renders with one step; the number of frames of the result."""
    done = tell(
        "render", "--model", model, "--source", source, "--speech", speech, "--steps", 1,
        "--audio-guidance-scale", 1, "--job", job, "--out", out,
    )  # fmt: skip
    assert done.code == 0, done.text
    frames, fps, width, height = media_facts(out)
    assert (fps, width, height) == (25.0, 64, 64)
    return frames


ODD_PICTURES: dict[str, tuple[str, samples.PictureKind, tuple[int, int]]] = {
    "1x1": ("dot.png", "rgb", (1, 1)),
    "1x4000": ("thread.png", "rgb", (4000, 1)),
    "4000x1": ("line.png", "rgb", (1, 4000)),
    "cmyk": ("print.jpg", "cmyk", (48, 80)),
    "16 bit": ("deep.png", "gray16", (48, 80)),
    "animated": ("moving.gif", "animated", (48, 80)),
    "transparent": ("cut-out.png", "alpha", (48, 80)),
}


@pytest.mark.parametrize("case", ODD_PICTURES)
def test_odd_pictures_are_rendered(case, tell, model, short, tmp_path: Path) -> None:
    name, kind, size = ODD_PICTURES[case]
    source = samples.make_picture(tmp_path / name, kind, size)
    assert make(tell, model, source, short, tmp_path / "o.job", tmp_path / "o.mp4") == 12


ODD_SPEECH = {
    "8 kHz": (0.5, 8000, 1, 12),
    "96 kHz": (0.5, 96000, 1, 12),
    "6 channels": (0.5, 48000, 6, 12),
    "0.2 s": (0.2, 16000, 1, 5),
}


@pytest.mark.parametrize("case", ODD_SPEECH)
def test_odd_speech_is_rendered(case, tell, model, picture, tmp_path: Path) -> None:
    seconds, rate, channels, frames = ODD_SPEECH[case]
    sound = samples.voice(seconds, rate)
    speech = samples.make_sound(tmp_path / "odd.wav", sound, rate, channels=channels)
    found = make(tell, model, picture, speech, tmp_path / "o.job", tmp_path / "o.mp4")
    assert abs(found - frames) <= 1


def test_silent_speech_is_rendered_and_said(tell, model, picture, tmp_path: Path) -> None:
    speech = samples.make_sound(tmp_path / "silent.wav", np.zeros(8000, np.float32))
    done = tell(
        "render", "--model", model, "--source", picture, "--speech", speech, "--steps", 1,
        "--job", tmp_path / "s.job", "--out", tmp_path / "s.mp4",
    )  # fmt: skip
    assert done.code == 0, done.text
    assert "silent.wav" in done.text
    assert "mouth will rest" in done.text
    assert media_facts(tmp_path / "s.mp4")[0] == 12


ODD_NAMES = {
    "spaces": "two  words and more",
    "quotes": 'it\'s a "quoted" name',
    "Chinese": "会说话的人",
    "emoji": "🙂 talks 👩‍🚀",
    "percent": "100%d of %s",
    "dash": "-v error",
}


@pytest.mark.parametrize("case", ODD_NAMES)
def test_odd_names_everywhere(case, tell, model, picture, short, tmp_path: Path) -> None:
    name = ODD_NAMES[case]
    folder = tmp_path / name
    folder.mkdir()
    source, speech = folder / f"{name}.png", folder / f"{name}.wav"
    shutil.copy(picture, source)
    shutil.copy(short, speech)
    assert make(tell, model, source, speech, folder / f"{name}.job", folder / f"{name}.mp4") == 12


def test_names_of_250_characters(tell, model, picture, short, tmp_path: Path) -> None:
    name = "n" * 246
    source, speech = tmp_path / f"{name}.png", tmp_path / f"{name}.wav"
    shutil.copy(picture, source)
    shutil.copy(short, speech)
    job, out = tmp_path / f"{name}.job", tmp_path / f"{name}.mp4"
    assert make(tell, model, source, speech, job, out) == 12


def test_a_name_too_long_for_the_disk(tell, model, picture, short, tmp_path: Path) -> None:
    gone = tmp_path / ("n" * 300 + ".png")
    done = tell("render", "--model", model, "--source", gone, "--speech", short)
    refused(done, INPUT, "nnn.png", "too long", "Change its")
    out = tmp_path / ("o" * 300 + ".mp4")
    done = tell("render", "--model", model, "--source", picture, "--speech", short, "--out", out)
    refused(done, INPUT, "ooo.mp4", "too long", "another --out")


def test_the_result_of_a_long_name_gets_a_shorter_one(
    tell, model, picture, short, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out and --job: the names that are made from the source's."""
    monkeypatch.chdir(tmp_path)
    source = tmp_path / f"{'长' * 80}.png"
    shutil.copy(picture, source)
    done = tell(
        "render", "--model", model, "--source", source, "--speech", short, "--steps", 1,
        "--audio-guidance-scale", 1,
    )  # fmt: skip
    assert done.code == 0, done.text
    (out,) = tmp_path.glob("*.mp4")
    assert media_facts(out)[0] == 12
