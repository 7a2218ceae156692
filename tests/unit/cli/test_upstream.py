"""The original's command lines and job files mean here what they meant there."""

import argparse
import json
import shlex
from pathlib import Path

import pytest

from infinitetalk.cli.arguments import add_video_flags, video_fields
from infinitetalk.cli.exits import exit_code
from infinitetalk.errors import EngineError
from infinitetalk.request import Box, Lora, SpeechTrack

COMMON = (
    "--ckpt_dir weights/Wan2.1-I2V-14B-480P --wav2vec_dir 'weights/chinese-wav2vec2-base' "
    "--infinitetalk_dir weights/InfiniteTalk/single/infinitetalk.safetensors --input_json {job} "
)
# The README's six generator commands, and the one of its page, less their program names.
COMMANDS = {
    "single": COMMON + "--size infinitetalk-480 --sample_steps 40 --mode streaming "
    "--motion_frame 9 --save_file infinitetalk_res",
    "720p": COMMON + "--size infinitetalk-720 --sample_steps 40 --mode streaming "
    "--motion_frame 9 --save_file infinitetalk_res_720p",
    "lowvram": COMMON + "--size infinitetalk-480 --sample_steps 40 "
    "--num_persistent_param_in_dit 0 --mode streaming --motion_frame 9 --save_file low",
    "lora": COMMON + "--lora_dir weights/FusionX.safetensors --lora_scale 1.0 "
    "--size infinitetalk-480 --sample_text_guide_scale 1.0 --sample_audio_guide_scale 2.0 "
    "--sample_steps 8 --mode streaming --motion_frame 9 --sample_shift 2 "
    "--num_persistent_param_in_dit 0 --save_file lora",
    "quant": COMMON + "--size infinitetalk-480 --sample_steps 40 --mode streaming --quant fp8 "
    "--quant_dir weights/quant_models/infinitetalk_single_fp8.safetensors --motion_frame 9 "
    "--num_persistent_param_in_dit 0 --save_file quant",
    "page": COMMON + "--num_persistent_param_in_dit 0 --motion_frame 9",
}
MULTI_GPU = (
    COMMON + "--dit_fsdp --t5_fsdp --ulysses_size=8 --size infinitetalk-480 --sample_steps 40 "
    "--mode streaming --motion_frame 9 --save_file multi"
)


def parse(text: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_video_flags(parser)
    return parser.parse_args(shlex.split(text))


@pytest.fixture
def job(tmp_path: Path) -> Path:
    (tmp_path / "face.png").touch()
    (tmp_path / "a.wav").touch()
    path = tmp_path / "job.json"
    write(path, prompt="A woman talks.", cond_video="face.png", cond_audio={"person1": "a.wav"})
    return path


def write(path: Path, **data: object) -> None:
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_published_commands_are_understood(name: str, job: Path) -> None:
    fields = video_fields(parse(COMMANDS[name].format(job=job)))
    assert fields["source"] == job.parent / "face.png"
    assert fields["speech"] == (SpeechTrack(path=job.parent / "a.wav"),)
    assert fields["motion_frames"] == 9
    assert fields["mode"] == ("clip" if name == "page" else "streaming")
    assert fields.get("steps") == {"lora": 8, "page": None}.get(name, 40)
    size = {"720p": "infinitetalk-720", "page": None}.get(name, "infinitetalk-480")
    assert fields.get("size") == size
    assert fields.get("precision") == ("fp8" if name == "quant" else None)
    if name == "lora":
        assert fields["loras"] == (Lora(path=Path("weights/FusionX.safetensors"), scale=1.0),)
        assert fields["shift"] == 2


def test_several_gpus_are_refused_by_name(job: Path) -> None:
    with pytest.raises(EngineError, match="--ulysses_size") as caught:
        video_fields(parse(MULTI_GPU.format(job=job)))
    assert caught.value.report.code == "request.several_gpus"


def test_two_speakers_with_boxes(job: Path) -> None:
    write(
        job,
        prompt="Two talk.",
        cond_image="face.png",
        audio_type="add",
        cond_audio={"person2": "None", "person1": "a.wav"},
        bbox={"person1": [10, 20, 110, 90], "person2": [10, 120, 110, 190]},
    )
    fields = video_fields(parse(f"--input_json '{job}'"))
    assert fields["arrangement"] == "in_turn"
    assert fields["speech"][1].path is None
    assert fields["boxes"][0] == Box(top=10, left=20, bottom=110, right=90)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cond_audio": {}}, "cond_audio"),
        ({"cond_audio": {"person1": "a", "person2": "b", "person3": "c"}}, "3 entries"),
        ({"cond_audio": {"person2": "a.wav"}}, "person1"),
        ({"cond_audio": {"person1": "None"}}, "at least one file"),
        ({"cond_video": 7}, "cond_video"),
        ({"prompt": None}, "prompt"),
        ({"bbox": {"person1": [1, 2, 3]}}, "four numbers"),
        ({"bbox": {"person1": [50, 2, 3, 9]}}, "bottom > top"),
        ({"cond_audio": {"person1": "a.wav", "person2": "a.wav"}}, "audio_type"),
    ],
)
def test_a_wrong_job_file_is_named(job: Path, change: dict, words: str) -> None:
    data = json.loads(job.read_text())
    write(job, **{**data, **change})
    with pytest.raises(EngineError, match=words):
        video_fields(parse(f"--input_json '{job}'"))


def test_a_job_file_that_is_no_json(job: Path) -> None:
    job.write_text("{prompt}")
    with pytest.raises(EngineError, match="JSON"):
        video_fields(parse(f"--input_json '{job}'"))
    with pytest.raises(EngineError, match="no such file"):
        video_fields(parse("--input_json nothing.json"))


def test_every_lora_keeps_its_place_and_gets_a_scale() -> None:
    fields = video_fields(parse("--lora_dir a.safetensors b.safetensors --lora_scale 0.5"))
    assert [lora.scale for lora in fields["loras"]] == [0.5, 1.2]
    with pytest.raises(EngineError, match="2 scales for 1"):
        video_fields(parse("--lora_dir a --lora_scale 1 2"))


def test_a_negative_seed_is_drawn() -> None:
    drawn = {video_fields(parse("--base_seed -1"))["seed"] for _ in range(4)}
    assert len(drawn) > 1


def test_own_flags_win_over_the_job_file(job: Path) -> None:
    fields = video_fields(parse(f"--input_json '{job}' --prompt other --seed 7 --steps 3"))
    assert fields["prompt"] == "other"
    assert (fields["seed"], fields["steps"]) == (7, 3)


def test_exit_codes_follow_the_report() -> None:
    assert exit_code("weights.missing") == 4
    assert exit_code("job.newer") == 6
    assert exit_code("disk.full") == 5
    assert exit_code("media.no_audio") == 3
