"""What the user reads when a media file is not what it should be: one function per cause."""

import errno
from collections.abc import Sequence
from pathlib import Path

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.media.ffmpeg import last_error_line

SIDE_LIMIT = 16384  # pixels; checked before any pixel is decoded

# What ffmpeg says -> what it means. Short names of some meanings, for whoever speaks another language.
_MEANINGS = (
    (
        "moov atom not found",
        "its index is missing (“moov atom not found”): the recording or the copying was cut off "
        "before its end",
    ),
    ("EBML header parsing failed", "its beginning is damaged"),
    ("Invalid data found", "its contents are damaged, or it is no media file"),
    ("could not find codec parameters", "it names a picture or sound format without any data"),
    ("Unknown decoder", "it uses a format that can't be decoded here"),
    ("Decoder not found", "it uses a format that can't be decoded here"),
    ("no decoder found", "it uses a format that can't be decoded here"),
    ("Permission denied", "reading it is not allowed"),
    ("Invalid argument", "its kind can't be read here"),
)


_CAUSES = (
    ("moov atom not found", "cut_off"),
    ("is damaged", "damaged"),
    ("are damaged", "damaged"),
    ("can't be decoded here", "format"),
)


def meaning_of(log: Sequence[str]) -> str:
    """The reason for a failure in plain words, with ffmpeg's own last line as the rest case."""
    text = "\n".join(log).lower()
    for needle, meaning in _MEANINGS:
        if needle.lower() in text:
            return meaning
    return last_error_line(log) or "the media program gave no reason"


def unreadable(path: Path, reason: str) -> EngineError:
    return engine_error(
        "media.unreadable",
        "This file can't be read",
        f"{path.name}: {reason}.",
        "Choose another file, or open it in a media player and save it again.",
        path=str(path),
        reason=reason,
        cause=next((cause for words, cause in _CAUSES if words in reason), ""),
    )


def missing(path: Path) -> EngineError:
    return engine_error(
        "media.missing",
        "A file is not there",
        f"{path.name} was not found in {path.parent}.",
        "If it has been moved or renamed, choose it again.",
        path=str(path),
    )


def is_folder(path: Path) -> EngineError:
    return engine_error(
        "media.is_folder",
        "This is a folder",
        f"{path.name} is a folder; a media file is needed.",
        "Choose a file inside it.",
        path=str(path),
    )


def empty(path: Path) -> EngineError:
    return engine_error(
        "media.empty",
        "This file is empty",
        f"{path.name} has 0 bytes.",
        "Copy or download it again, or choose another file.",
        path=str(path),
    )


def is_text(path: Path) -> EngineError:
    return engine_error(
        "media.unreadable",
        "This file can't be read",
        f"{path.name} is a text file, whatever its name says: there is no picture or sound in it.",
        "Choose another file; if it was downloaded, the address may have led to a web page.",
        path=str(path),
        cause="text",
    )


def no_access(path: Path, error: OSError) -> EngineError:
    return engine_error(
        "media.no_access",
        "This file may not be read",
        f"{path.name}: {error.strerror or error}.",
        "Change its rights, or copy it to a folder of your own.",
        path=str(path),
    )


def unsupported(path: Path, kind: str, remedy: str) -> EngineError:
    return engine_error(
        "media.unsupported",
        "This kind of file is not supported",
        f"{path.name} is {kind}.",
        remedy,
        path=str(path),
    )


def no_audio(path: Path, video_tracks: int, *, picture: bool = False) -> EngineError:
    has = "one video track" if video_tracks == 1 else f"{video_tracks} video tracks"
    detail = f"{path.name} has {has}, no audio track."
    if picture or video_tracks == 0:
        detail = f"{path.name} is a picture." if picture else f"{path.name} has no audio track."
    return engine_error(
        "media.no_audio",
        "There is no sound in this file",
        detail,
        "Choose a file with speech.",
        path=str(path),
        video_tracks=video_tracks,
        picture=picture,
    )


def no_video(path: Path, *, has_sound: bool, detail: str = "") -> EngineError:
    return engine_error(
        "media.no_video",
        "There is no picture in this file",
        detail or f"{path.name} has {'sound only' if has_sound else 'neither picture nor sound'}.",
        "Use it as speech, or choose a picture or a video."
        if has_sound
        else "Choose another file.",
        path=str(path),
        has_sound=has_sound,
    )


def too_large(path: Path, height: int, width: int) -> EngineError:
    return engine_error(
        "media.too_large",
        "The picture is larger than can be read",
        f"{path.name} has {width} x {height} pixels; the limit is {SIDE_LIMIT} a side.",
        "Make it smaller; the video is rendered from about 900 x 450 pixels anyway.",
        path=str(path),
        height=height,
        width=width,
        limit=SIDE_LIMIT,
    )


def write_problem(path: Path, error: OSError) -> EngineError:
    """Why a file could not be written: disk full, read-only, or another reason of the system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(path)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return read_only(path.parent, error.strerror or str(error))
    return export_failed(path, error.strerror or str(error))


def disk_full(path: Path) -> EngineError:
    import shutil

    try:
        free = f" {shutil.disk_usage(path.parent).free / 1024**3:.2f} GiB are free there."
    except OSError:
        free = ""
    return engine_error(
        "disk.full",
        "The disk is full",
        f"{path.name} could not be written to {path.parent}.{free}",
        "Free some space or choose another folder, then go on.",
        safe="Finished chunks are kept.",
        path=str(path),
    )


def read_only(folder: Path, reason: str) -> EngineError:
    return engine_error(
        "disk.read_only",
        "The folder can't be written",
        f"{folder.absolute()}: {reason}.",
        "Choose another folder.",
        path=str(folder),
    )


def folder_problem(folder: Path, error: OSError) -> EngineError:
    """Why nothing can be made in a folder, found before any work is done."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder / "the result")
    if error.errno == errno.EROFS:
        return read_only(folder, "the drive is read-only")
    if error.errno in (errno.EACCES, errno.EPERM):
        return read_only(folder, "writing there is not allowed")
    return read_only(folder, error.strerror or str(error))


def export_failed(path: Path, reason: str) -> EngineError:
    return engine_error(
        "export.failed",
        "The video could not be written",
        f"{path.name}: {reason}.",
        "Choose another folder or another format.",
        safe="The rendered chunks are safe.",
        path=str(path),
        reason=reason,
    )


def file_exists(path: Path) -> EngineError:
    return engine_error(
        "export.exists",
        "This file exists already",
        f"{path.name} is already in {path.parent} and is not overwritten.",
        "Choose another name, or say that it may be overwritten.",
        path=str(path),
    )
