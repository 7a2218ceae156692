"""Small media made when a test needs them: numbered video, odd pictures, all kinds of sound.

A numbered frame carries its number as twelve light or dark bars, so that a test reads which frame
it was given whatever codec, rotation or size it went through.
"""

import shutil
import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from infinitetalk.media.ffmpeg import FfmpegProcess, run_ffmpeg

BITS = 12
HEIGHT, WIDTH = 96, 192  # bars of 16 pixels survive any codec

Pixels = NDArray[np.uint8]
Signal = NDArray[np.float32]


# -- video ----------------------------------------------------------------------------------------


def numbered_frame(number: int, height: int = HEIGHT, width: int = WIDTH) -> Pixels:
    """[H, W, 3]: the upper half holds the bars, most significant left; the lower one a ramp."""
    frame = np.empty((height, width, 3), np.uint8)
    columns = np.arange(width) * BITS // width
    bars = np.where((number >> (BITS - 1 - columns)) & 1, 220, 30)
    frame[: height // 2] = bars[None, :, None]
    frame[height // 2 :] = (60 + columns * 8)[None, :, None]
    return frame


def frame_number(frame: Pixels) -> int:
    """The number in a frame of any size."""
    height, width = frame.shape[:2]
    centers = [int((bit + 0.5) * width / BITS) for bit in range(BITS)]
    values = frame[height // 4, centers].mean(axis=-1)
    return int(sum(1 << (BITS - 1 - bit) for bit, value in enumerate(values) if value > 125))


def make_video(
    path: Path,
    frames: int = 60,
    *,
    fps: str = "25",
    times: Sequence[float] | None = None,
    encoder: Sequence[str] = ("-c:v", "libx264", "-preset", "ultrafast"),
    pixels: str = "yuv420p",
    rotation: int = 0,
    filters: str = "",
    sound: float = 0.0,
    size: tuple[int, int] = (HEIGHT, WIDTH),
) -> Path:
    """A video whose frames are numbered from 0.

    `times` (seconds, ascending) makes a variable rate; `rotation` is written as metadata, degrees
    counter-clockwise, over frames stored upright; `sound` adds a tone of that many seconds.
    """
    height, width = size
    chain = [filters] if filters else []
    if times is not None:
        steps = "+".join(
            f"gte(N\\,{number})*{later - earlier:.6f}"
            for number, (earlier, later) in enumerate(pairwise(times), start=1)
        )
        chain.append(f"setpts=({times[0]:.6f}+{steps})/TB")
    target = path if not rotation else path.with_name(f"upright-{path.name}")
    arguments = [
        "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}",
        "-r", "1000" if times is not None else fps, "-i", "pipe:0",
    ]  # fmt: skip
    if sound:
        arguments += ["-f", "lavfi", "-i", f"sine=frequency=330:duration={sound}"]
    if chain:
        arguments += ["-vf", ",".join(chain)]
    arguments += [*encoder, "-pix_fmt", pixels, "-fps_mode", "passthrough"]
    arguments += ["-enc_time_base:v", "1:90000"] if times is not None else []
    with FfmpegProcess([*arguments, str(target)], feed=True) as process:
        for number in range(frames):
            process.write(numbered_frame(number, height, width).data.cast("B"))
        finished = process.finish()
    assert finished.code == 0, finished.log
    if rotation:
        _ffmpeg("-display_rotation", str(rotation), "-i", target, "-c", "copy", path)
        target.unlink()
    return path


def has_encoder(name: str) -> bool:
    return f" {name} " in run_ffmpeg(["-encoders"]).output.decode()


def cut_off(path: Path, source: Path, share: float = 0.5) -> Path:
    """The first part of a file, as an interrupted copy leaves it."""
    data = source.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


# -- sound ----------------------------------------------------------------------------------------


def voice(seconds: float, rate: int = 16000, *, level: float = 0.2, seed: int = 0) -> Signal:
    """Something like speech: a wandering tone with overtones, in syllables, with pauses."""
    count = round(seconds * rate)
    time = np.arange(count) / rate
    draw = np.random.default_rng(seed)
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.4 * time + draw.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    tone = sum(np.sin(k * phase) / k for k in range(1, 8) if k * 150 < rate / 2)
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time) + 0.3, 0, 1)
    words = np.clip(np.sin(2 * np.pi * 0.3 * time + 1) * 4, 0, 1)
    breath = 0.02 * draw.standard_normal(count)
    return (level * syllables * words * (tone + breath)).astype(np.float32)


def make_sound(
    path: Path,
    signal: Signal,
    rate: int = 16000,
    *,
    channels: int = 1,
    encoder: Sequence[str] = ("-c:a", "pcm_s16le"),
) -> Path:
    """[samples], or [samples, channels]; one channel is repeated over `channels`."""
    frames = signal[:, None].repeat(channels, axis=1) if signal.ndim == 1 else signal
    arguments = [
        "-v", "error", "-y", "-f", "f32le", "-ar", str(rate), "-ac", str(frames.shape[1]),
        "-i", "pipe:0", *encoder, str(path),
    ]  # fmt: skip
    with FfmpegProcess(arguments, feed=True) as process:
        process.write(np.ascontiguousarray(frames, np.float32).data.cast("B"))
        finished = process.finish()
    assert finished.code == 0, finished.log
    return path


def make_tone(
    path: Path, seconds: float, rate: int = 44100, *, channels: int = 1, hertz: float = 440.0
) -> Path:
    """A steady tone, encoded as the suffix says."""
    source = f"sine=frequency={hertz}:sample_rate={rate}:duration={seconds}"
    _ffmpeg("-f", "lavfi", "-i", source, "-ac", str(channels), path)
    return path


def make_float_wav(path: Path, signal: Signal, rate: int = 16000) -> Path:
    """32-bit float WAV, byte for byte, for values that no encoder would let through (NaN)."""
    data = signal.astype("<f4").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, 1,
                       rate, rate * 4, 4, 32, b"data", len(data))  # fmt: skip
    path.write_bytes(head + data)
    return path


# -- pictures -------------------------------------------------------------------------------------

PictureKind = Literal[
    "rgb", "turned", "alpha", "cmyk", "gray16", "palette", "animated", "gray", "la"
]


def make_picture(path: Path, kind: PictureKind = "rgb", size: tuple[int, int] = (48, 80)) -> Path:
    """A picture of (H, W): numbered 5 where it is in color. "turned" has EXIF orientation 6."""
    from PIL import Image

    height, width = size
    pixels = numbered_frame(5, height, width)
    image = Image.fromarray(pixels)
    if kind == "turned":  # stored lying, to be shown turned clockwise
        exif = Image.Exif()
        exif[0x0112] = 6
        Image.fromarray(np.rot90(pixels).copy()).save(path, quality=95, exif=exif)
    elif kind == "alpha":
        alpha = np.zeros((height, width, 1), np.uint8)
        alpha[:, width // 2 :] = 255
        Image.fromarray(np.concatenate([pixels, alpha], axis=2)).save(path)
    elif kind == "la":
        image.convert("LA").save(path)
    elif kind == "cmyk":
        image.convert("CMYK").save(path)
    elif kind == "gray16":
        Image.fromarray(pixels[..., 0].astype(np.uint16) * 257).save(path)
    elif kind == "palette":
        image.quantize(16).save(path)
    elif kind == "gray":
        image.convert("L").save(path)
    elif kind == "animated":
        others = [Image.fromarray(numbered_frame(n, height, width)) for n in (6, 7)]
        image.save(path, save_all=True, append_images=others, duration=40)
    else:
        image.save(path)
    return path


def claimed_png(path: Path, height: int, width: int) -> Path:
    """A PNG of a few bytes whose header claims a size; decoding it would need all the memory."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + _png_part(b"IHDR", header) + _png_part(b"IDAT", zlib.compress(b"\0"))
        + _png_part(b"IEND", b"")
    )  # fmt: skip
    return path


def wide_profile() -> bytes:
    """An ICC profile with the primaries of Display P3 and a gamma of 2.2: what phones attach."""
    primaries = ((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841))
    white = (0.9642, 1.0, 0.8249)

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv" + bytes(4) + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    parts = {b"wtpt": b"XYZ " + bytes(4) + fixed(*white)}
    for name, xyz in zip((b"r", b"g", b"b"), primaries, strict=True):
        parts[name + b"XYZ"] = b"XYZ " + bytes(4) + fixed(*xyz)
        parts[name + b"TRC"] = curve
    table, body, offset = b"", b"", 128 + 4 + 12 * len(parts)
    for name, part in parts.items():
        table += struct.pack(">4sII", name, offset + len(body), len(part))
        body += part
    size = offset + len(body)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + fixed(*white) + bytes(48)
    return head + struct.pack(">I", len(parts)) + table + body


def heic_picture(path: Path) -> Path:
    """A real HEIC picture, see tests/data/pictures/README.md."""
    return Path(shutil.copyfile(Path(__file__).parent / "data" / "pictures" / "phone.heic", path))


def garbage(path: Path, size: int = 20_000, seed: int = 3) -> Path:
    path.write_bytes(np.random.default_rng(seed).integers(0, 256, size, np.uint8).tobytes())
    return path


def _png_part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _ffmpeg(*arguments: str | Path) -> None:
    finished = run_ffmpeg(["-v", "error", "-y", *map(str, arguments)])
    assert finished.code == 0, finished.log
