"""ffmpeg's own description of a file, parsed: there is no ffprobe in the bundle."""

import re
from dataclasses import dataclass
from pathlib import Path

from infinitetalk.media import problems
from infinitetalk.media.ffmpeg import Cancel, input_arguments, run_ffmpeg

_PROBE_LIMIT = 30.0  # seconds


@dataclass(frozen=True, kw_only=True)
class VideoStream:
    index: int
    codec: str
    pixel_format: str
    height: int
    width: int
    pixel_aspect: float
    fps: float
    rotation: float  # degrees counter-clockwise, as ffmpeg prints the display matrix
    color_matrix: str
    transfer: str  # brightness curve as tagged: "bt709", "arib-std-b67" (HLG), "smpte2084" (PQ)
    is_cover: bool


@dataclass(frozen=True, kw_only=True)
class AudioStream:
    index: int
    codec: str
    rate: int
    channels: int
    sample_format: str


@dataclass(frozen=True, kw_only=True)
class Container:
    """ffmpeg's description of a file. `duration` in seconds, 0 if unknown.

    `is_guess`: the duration was reckoned from the bit rate, and may be far off.
    """

    format_name: str
    duration: float
    videos: tuple[VideoStream, ...]
    audios: tuple[AudioStream, ...]
    is_guess: bool = False


def read_container(path: Path, *, cancel: Cancel | None = None) -> Container:
    """The streams of a media file. Raises EngineError media.unreadable with the reason in words."""
    finished = run_ffmpeg(input_arguments(path), time_limit=_PROBE_LIMIT, cancel=cancel)
    container = parse_container("\n".join(finished.log))
    if container is None:
        raise problems.unreadable(path, problems.meaning_of(finished.log))
    return container


_INPUT = re.compile(r"^Input #0, (.+), from ", re.MULTILINE)
_DURATION = re.compile(r"^\s+Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", re.MULTILINE)
_STREAM = re.compile(r"^\s+Stream #0:(\d+)\S*: (Video|Audio): (.*)$")
_SIZE = re.compile(r"(?<![\w.])(\d{1,6})x(\d{1,6})(?![\w.])")
_ASPECT = re.compile(r"SAR (\d+):(\d+)")
_RATE = re.compile(r"([\d.]+)(k?) (fps|tbr)\b")
_ROTATION = re.compile(r"rotation of (-?[\d.]+) degrees")
_HERTZ = re.compile(r"(\d+) Hz, ([^,]+)(?:, (\w+))?")
_CHANNELS = {"mono": 1, "stereo": 2, "quad": 4, "hexagonal": 6, "octagonal": 8, "downmix": 2}


def parse_container(log: str) -> Container | None:
    """Ffmpeg's printed description of its input, or None if there is none in `log`."""
    found = _INPUT.search(log)
    if found is None:
        return None
    duration = _DURATION.search(log)
    seconds = 0.0
    if duration:
        hours, minutes, rest = duration.groups()
        seconds = int(hours) * 3600 + int(minutes) * 60 + float(rest)
    videos: list[VideoStream] = []
    audios: list[AudioStream] = []
    lines = log[found.start() :].splitlines()
    for number, line in enumerate(lines):
        stream = _STREAM.match(line)
        if stream is None:
            continue
        index, kind, words = int(stream[1]), stream[2], stream[3]
        if kind == "Audio":
            audios.append(_audio_stream(index, words))
        else:
            videos.append(_video_stream(index, words, _details(lines, number + 1)))
    return Container(
        format_name=found[1],
        duration=seconds,
        videos=tuple(videos),
        audios=tuple(audios),
        is_guess=not seconds or "Estimating duration from bitrate" in log,
    )


def _details(lines: list[str], start: int) -> str:
    """The indented lines below a stream, up to the next stream."""
    stop = start
    while stop < len(lines) and lines[stop].startswith("    "):
        stop += 1
    return "\n".join(lines[start:stop])


def _split_outside_parens(words: str) -> list[str]:
    return [part.strip() for part in re.split(r",\s*(?![^(\[]*[)\]])", words)]


def _video_stream(index: int, words: str, details: str) -> VideoStream:
    parts = _split_outside_parens(words)
    codec = parts[0].split()[0].strip(",")
    pixel_part = parts[1] if len(parts) > 1 else ""
    pixel_format, _, tags = pixel_part.partition("(")
    size = _SIZE.search(words.partition(",")[2])
    width, height = (int(size[1]), int(size[2])) if size else (0, 0)
    aspect = _ASPECT.search(words)
    pixel_aspect = 1.0
    if aspect and int(aspect[1]) > 0 and int(aspect[2]) > 0:
        pixel_aspect = int(aspect[1]) / int(aspect[2])
    rates = {unit: float(n) * (1000 if k else 1) for n, k, unit in _RATE.findall(words)}
    rotation = _ROTATION.search(details)
    matrix, transfer = _colors(tags.rstrip(")"))
    return VideoStream(
        index=index,
        codec=codec,
        pixel_format=pixel_format.strip(),
        height=height,
        width=width,
        pixel_aspect=pixel_aspect,
        fps=rates.get("fps") or rates.get("tbr") or 0.0,
        rotation=float(rotation[1]) if rotation else 0.0,
        color_matrix=matrix,
        transfer=transfer,
        is_cover="(attached pic)" in words or "(timed thumbnails)" in words,
    )


def _colors(tags: str) -> tuple[str, str]:
    """Matrix and transfer among a pixel format's tags: "tv, bt2020nc/bt2020/arib-std-b67"."""
    for tag in (part.strip() for part in tags.split(",")):
        if tag not in ("", "tv", "pc", "progressive", "unknown") and "first" not in tag:
            names = ["" if name in ("unknown", "gbr") else name for name in tag.split("/")]
            return names[0], names[-1]
    return "", ""


def _audio_stream(index: int, words: str) -> AudioStream:
    found = _HERTZ.search(words)
    layout = found[2].strip() if found else ""
    return AudioStream(
        index=index,
        codec=words.split()[0].strip(","),
        rate=int(found[1]) if found else 0,
        channels=_channel_count(layout),
        sample_format=(found[3] or "") if found else "",
    )


def _channel_count(layout: str) -> int:
    name = layout.partition("(")[0].strip()
    if name in _CHANNELS:
        return _CHANNELS[name]
    if counted := re.match(r"(\d+) channels", name):
        return int(counted[1])
    if dotted := re.fullmatch(r"(\d+)\.(\d+)(?:\.(\d+))?", name):
        return sum(int(number) for number in dotted.groups(default="0"))
    return len(name.split("+")) if "+" in name else 0


def sample_bits(audio: AudioStream) -> int:
    found = re.match(r"pcm_[suf](\d+)", audio.codec)
    return int(found[1]) if found else 0


def shown_size(video: VideoStream) -> tuple[int, int]:
    """(H, W) in square pixels after rotation by quarter turns."""
    height, width = video.height, max(1, round(video.width * video.pixel_aspect))
    quarter_turns = round(video.rotation / 90) % 4
    return (width, height) if quarter_turns % 2 else (height, width)


def has_alpha(pixel_format: str) -> bool:
    return pixel_format.startswith(("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya", "pal8"))


def pixel_bits(pixel_format: str) -> int:
    """Bits per channel, from a name such as yuv420p10le, p010le or rgb48le."""
    if found := re.search(r"p(\d{1,2})(?:le|be)$", pixel_format):
        return int(found[1])
    if pixel_format.startswith(("p010", "p210", "p410")):
        return 10
    if pixel_format.startswith(("p016", "rgb48", "bgr48", "rgba64", "gray16", "ya16")):
        return 16
    return 8
