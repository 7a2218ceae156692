"""A copy of a damaged media file with what of it can be read; the file itself stays as it is."""

from pathlib import Path

from infinitetalk.media import problems
from infinitetalk.media.ffmpeg import Cancel, FfmpegProcess, file_url, input_arguments
from infinitetalk.media.probe import probe_source, probe_speech
from infinitetalk.media.publish import private_folder, publish

_SLACK = ("-err_detect", "ignore_err", "-fflags", "+genpts+discardcorrupt")


def repair_copy(path: Path, out: Path, *, picture: bool, cancel: Cancel | None = None) -> Path:
    """Writes what can be read of `path` to `out` (.mkv), which must not exist.

    `picture`: there must be a video in it, else sound is enough. An mp4 that was cut off before its
    index was written can't be mended so: where its pictures lie is known from other recordings of
    the same camera alone.
    Raises EngineError `media.unreadable` (nothing could be saved), `export.exists`, disk.*
    """
    with private_folder(out) as folder:
        made = folder / "repaired.mkv"
        arguments = [
            "-v", "error", "-y", *input_arguments(path, *_SLACK),
            "-map", "0:v?", "-map", "0:a?", "-c", "copy", "-f", "matroska", file_url(made),
        ]  # fmt: skip
        with FfmpegProcess(arguments, cancel=cancel) as process:
            finished = process.finish()
        if not made.exists() or made.stat().st_size < 1024:
            raise problems.unreadable(path, problems.meaning_of(finished.log))
        (probe_source if picture else probe_speech)(made)  # raises where it is of no use
        publish(made, out, overwrite=False)
    return out
