"""What is found in good files, and what the user is told of bad ones."""

import errno
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.media.container import parse_container
from infinitetalk.media.probe import probe_source, probe_speech
from infinitetalk.media.speech import SPEECH_RATE, DecodeCounts, decode_speech
from infinitetalk.media.video import open_source
from tests.media_samples import (
    claimed_png,
    cut_off,
    garbage,
    has_encoder,
    heic_picture,
    make_float_wav,
    make_picture,
    make_sound,
    make_tone,
    make_video,
    voice,
)


def refusal(path: Path, *, speech: bool = False) -> ErrorReport:
    """The report of probing, or else of reading."""

    def read() -> None:
        if speech:
            list(decode_speech(probe_speech(path)))
        else:
            open_source(probe_source(path)).frame(0)

    with pytest.raises(EngineError) as caught:
        read()
    report = caught.value.report
    assert path.name in report.detail or report.code == "media.stalled"
    assert report.title
    assert report.remedy
    return report


class TestBadFiles:
    @pytest.mark.parametrize("speech", [False, True])
    def test_missing(self, tmp_path: Path, speech: bool) -> None:
        assert refusal(tmp_path / "nothing.mp4", speech=speech).code == "media.missing"

    @pytest.mark.parametrize("speech", [False, True])
    def test_empty(self, tmp_path: Path, speech: bool) -> None:
        path = tmp_path / "empty.wav"
        path.touch()
        assert refusal(path, speech=speech).code == "media.empty"

    def test_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "folder.mp4"
        folder.mkdir()
        assert refusal(folder).code == "media.is_folder"

    @pytest.mark.skipif(sys.platform == "win32", reason="rights are not modes there")
    def test_no_rights(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = make_tone(tmp_path / "a.wav", 0.5)
        path.chmod(0)
        if os.geteuid() == 0:  # root reads everything: the system's answer is given for it

            def refuse(*args: object, **kwargs: object) -> None:
                raise PermissionError(errno.EACCES, "Permission denied")

            monkeypatch.setattr(Path, "open", refuse)
        assert refusal(path, speech=True).code == "media.no_access"

    @pytest.mark.parametrize("speech", [False, True])
    @pytest.mark.parametrize(
        "text",
        ["Hello, this is no video.\n" * 20, "<!DOCTYPE html><html></html>", "Grüße 世界 " * 900],
    )
    def test_text_named_mp4(self, tmp_path: Path, text: str, speech: bool) -> None:
        path = tmp_path / "talk.mp4"
        path.write_text(text, encoding="utf-8")
        report = refusal(path, speech=speech)
        assert report.code == "media.unreadable"
        assert "text file" in report.detail

    def test_playlist_cannot_lead_elsewhere(self, tmp_path: Path) -> None:
        make_tone(tmp_path / "secret.wav", 1.0)
        path = tmp_path / "list.mp4"
        path.write_text("#EXTM3U\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n")
        assert refusal(path, speech=True).code == "media.unreadable"

    def test_recording_that_was_cut_off(self, tmp_path: Path) -> None:
        whole = make_video(tmp_path / "w.mp4", 50)
        report = refusal(cut_off(tmp_path / "tour.mp4", whole, 0.4))
        assert report.code == "media.unreadable"
        assert "moov atom not found" in report.detail
        assert "cut off" in report.detail

    @pytest.mark.parametrize("name", ["noise.mp4", "noise.wav", "noise.mp3", "noise.png", "noise"])
    def test_garbage(self, tmp_path: Path, name: str) -> None:
        path = garbage(tmp_path / name)
        assert refusal(path).code in {"media.unreadable", "media.no_video"}
        assert refusal(path, speech=True).code in {"media.unreadable", "media.no_audio"}

    def test_video_without_frames(self, tmp_path: Path) -> None:
        path = make_video(tmp_path / "v.mkv", 0)
        report = refusal(path)
        assert report.code in {"media.no_video", "media.unreadable"}

    def test_video_without_sound(self, tmp_path: Path) -> None:
        report = refusal(make_video(tmp_path / "tour.mp4", 5), speech=True)
        assert report.code == "media.no_audio"
        assert "one video track, no audio track" in report.detail

    def test_picture_as_speech(self, tmp_path: Path) -> None:
        assert refusal(make_picture(tmp_path / "face.png"), speech=True).code == "media.no_audio"

    def test_sound_as_source(self, tmp_path: Path) -> None:
        report = refusal(make_tone(tmp_path / "song.mp3", 1.0))
        assert report.code == "media.no_video"
        assert "sound only" in report.detail

    def test_cover_picture_is_no_video(self, tmp_path: Path) -> None:
        from infinitetalk.media.ffmpeg import run_ffmpeg

        tone = make_tone(tmp_path / "t.mp3", 1.0)
        cover = make_picture(tmp_path / "c.png")
        path = tmp_path / "album.mp3"
        run_ffmpeg(["-v", "error", "-i", str(tone), "-i", str(cover), "-map", "0", "-map", "1",
                    "-c", "copy", "-disposition:v", "attached_pic", str(path)])  # fmt: skip
        assert refusal(path).code == "media.no_video"
        assert not probe_speech(path).from_video

    @pytest.mark.parametrize("name", ["IMG_0001.HEIC", "IMG_0001.jpg", "IMG_0001.mp4"])
    def test_heic_is_refused_with_the_way_out(self, tmp_path: Path, name: str) -> None:
        report = refusal(heic_picture(tmp_path / name))
        assert report.code == "media.unsupported"
        assert "HEIC" in report.detail
        assert "JPEG" in report.remedy

    def test_huge_picture_is_refused_before_it_is_decoded(self, tmp_path: Path) -> None:
        report = refusal(claimed_png(tmp_path / "wall.png", 20_000, 20_000))
        assert report.code == "media.too_large"
        assert report.facts["limit"] == 16384
        assert "20000 x 20000" in report.detail

    def test_picture_at_the_limit_is_opened(self, tmp_path: Path) -> None:
        facts = probe_source(claimed_png(tmp_path / "wide.png", 16_384, 16_384))
        assert (facts.height, facts.width) == (16_384, 16_384)

    def test_cut_off_picture(self, tmp_path: Path) -> None:
        whole = make_picture(tmp_path / "w.jpg", size=(400, 600))
        report = refusal(cut_off(tmp_path / "p.jpg", whole))
        assert report.code == "media.unreadable"
        assert "end is missing" in report.detail

    def test_sound_with_values_that_are_no_numbers(self, tmp_path: Path) -> None:
        signal = voice(1.0)
        signal[8000] = np.nan
        report = refusal(make_float_wav(tmp_path / "a.wav", signal), speech=True)
        assert report.code == "media.unreadable"
        assert "0.50 s" in report.detail


class TestSound:
    @pytest.mark.parametrize(
        ("rate", "channels", "suffix"),
        [(8000, 1, ".wav"), (96000, 1, ".wav"), (48000, 6, ".wav"), (44100, 2, ".m4a"), (44100, 2, ".mp3"),
         (48000, 2, ".opus"), (22050, 1, ".flac"), (48000, 6, ".mka")],
    )  # fmt: skip
    def test_facts(self, tmp_path: Path, rate: int, channels: int, suffix: str) -> None:
        facts = probe_speech(make_tone(tmp_path / f"a{suffix}", 1.5, rate, channels=channels))
        assert (facts.rate, facts.channels) == (rate, channels)
        assert facts.duration == pytest.approx(1.5, abs=0.1)

    def test_sound_of_a_video(self, tmp_path: Path) -> None:
        path = make_video(tmp_path / "v.mp4", 25, sound=1.0)
        facts = probe_speech(path)
        assert facts.from_video
        assert facts.codec == "aac"
        assert probe_source(path).has_sound

    def test_length_of_sound_that_ends_before_the_picture(self, tmp_path: Path) -> None:
        path = make_video(tmp_path / "v.mp4", 75, sound=1.2)
        assert probe_speech(path).duration == pytest.approx(1.2, abs=0.05)
        assert probe_source(path).duration == pytest.approx(3.0, abs=0.01)

    def test_length_that_no_header_tells(self, tmp_path: Path) -> None:
        """Raw AAC and MP3 without its table: ffmpeg guesses from the bit rate, which is far off."""
        quiet = np.concatenate([voice(1.0, 44100), np.zeros(9 * 44100, np.float32)])
        encoder = ("-c:a", "libmp3lame", "-q:a", "2", "-write_xing", "0")
        for path in (
            make_sound(tmp_path / "a.mp3", quiet, 44100, encoder=encoder),
            make_sound(tmp_path / "a.aac", quiet, 44100, encoder=("-c:a", "aac")),
        ):
            assert probe_speech(path).duration == pytest.approx(10.0, abs=0.1)

    def test_damage_in_the_middle_is_counted(self, tmp_path: Path) -> None:
        path = make_tone(tmp_path / "a.flac", 4.0)
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 4000] = bytes(4000)
        path.write_bytes(data)
        counts = DecodeCounts()
        list(decode_speech(probe_speech(path), counts=counts))
        assert counts.complaints
        assert 1.0 < counts.samples / SPEECH_RATE < 4.5


class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["with space.mp4", "it's \"quoted\".mp4", "-dash.mp4", "中文 視頻.mp4", "😀🎬.mp4", "a:b%03d;c&d|e.mp4",
         "x" * 246 + ".mp4"],
    )  # fmt: skip
    def test_any_name(self, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        if sys.platform == "win32" and any(mark in name for mark in '":|'):
            pytest.skip("such names don't exist there")
        make_video(tmp_path / "v.mp4", 5, sound=0.4).rename(tmp_path / name)
        monkeypatch.chdir(tmp_path)
        assert probe_source(Path(name)).frame_count == 5
        assert sum(len(piece) for piece in decode_speech(probe_speech(Path(name)))) > 5000


class TestPictures:
    def test_contents_decide_not_the_name(self, tmp_path: Path) -> None:
        make_video(tmp_path / "v.mp4", 5).rename(tmp_path / "face.png")
        assert probe_source(tmp_path / "face.png").kind == "video"
        make_picture(tmp_path / "p.png").rename(tmp_path / "p.mp4")
        assert probe_source(tmp_path / "p.mp4").kind == "picture"

    def test_turned_and_transparent_facts(self, tmp_path: Path) -> None:
        turned = probe_source(make_picture(tmp_path / "t.jpg", "turned", (48, 80)))
        assert (turned.height, turned.width, turned.rotation) == (48, 80, 90)
        assert turned.stored_size == (80, 48)
        plain = probe_source(tmp_path / "t.jpg", orient=False)
        assert (plain.height, plain.width) == (80, 48)
        assert probe_source(make_picture(tmp_path / "a.png", "alpha")).has_alpha
        assert probe_source(make_picture(tmp_path / "a.gif", "animated")).animated


DESCRIPTION = """\
Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/a/IMG, 1920x1080, 60 fps.MOV':
  Duration: 01:02:03.45, start: 0.000000, bitrate: 8000 kb/s
  Stream #0:0[0x1](und): Video: hevc (Main 10) (hvc1 / 0x31637668), yuv420p10le(tv, bt2020nc/bt2020/arib-std-b67, \
progressive), 1920x1080 [SAR 1:1 DAR 16:9], 7800 kb/s, 29.98 fps, 29.97 tbr, 600 tbn (default)
    Metadata:
      rotate          : 90
    Side data:
      DOVI configuration record: version: 1.0, profile: 8
      Display Matrix: rotation of -90.00 degrees
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, 5.1(side), fltp, 192 kb/s (default)
  Stream #0:2[0x0]: Video: mjpeg (Baseline), yuvj420p(pc, bt470bg/unknown/unknown), 640x480 [SAR 1:1 DAR 4:3], \
90k tbr, 90k tbn (attached pic)
  Stream #0:3: Audio: pcm_s24le, 96000 Hz, 8 channels, s32 (24 bit), 18432 kb/s
"""


def test_description_of_a_phone_recording() -> None:
    found = parse_container(DESCRIPTION)
    assert found is not None
    assert found.duration == pytest.approx(3723.45)
    video, cover = found.videos
    assert (video.height, video.width, video.codec) == (1080, 1920, "hevc")
    assert (video.pixel_format, video.color_matrix) == ("yuv420p10le", "bt2020nc")
    assert (video.rotation, video.fps, video.transfer) == (-90.0, 29.98, "arib-std-b67")
    assert cover.is_cover
    assert not video.is_cover
    surround, eight = found.audios
    assert (surround.rate, surround.channels, surround.index) == (48000, 6, 1)
    assert (eight.rate, eight.channels, eight.codec) == (96000, 8, "pcm_s24le")


def test_no_description_is_none() -> None:
    assert parse_container("Error opening input: Invalid data found") is None


def test_av1_and_ten_bit_are_told(tmp_path: Path) -> None:
    if not has_encoder("libsvtav1"):
        pytest.skip("this ffmpeg has no libsvtav1")
    encoder = ("-c:v", "libsvtav1", "-preset", "12")
    facts = probe_source(make_video(tmp_path / "v.mp4", 10, encoder=encoder, pixels="yuv420p10le"))
    assert (facts.codec, facts.bits) == ("av1", 10)
