"""The flags of `export`, apart from its work, so that the parser imports little."""

import argparse
from pathlib import Path

from infinitetalk.media.export_choice import BACKGROUND_GAIN_DB

EXAMPLES = (
    "infinitetalk export anna.job --out anna.mp4 --crf 16",
    "infinitetalk export anna.job --out anna.mp4 --codec h265 --from 0:10 --to 1:02.5",
    "infinitetalk export anna.job --out anna.mp4 --missing stop",
    "infinitetalk export anna.job --out anna.mp4 --background music.mp3 --background-db -18",
    "infinitetalk export anna.job --out frames --kind pictures",
    "infinitetalk export anna.job --out anna.wav",
)


def add_export_flags(parser: argparse.ArgumentParser) -> None:
    """What of the job is written, and how."""
    add = parser.add_argument
    add(
        "--kind",
        choices=["video", "pictures", "sound"],
        help="video (mp4, m4v, mov, mkv), a folder of PNG pictures, or WAV (by the name of --out)",
    )
    add("--from", dest="begin", metavar="TIME", help="begin there: seconds, or m:ss")
    add("--to", dest="end", metavar="TIME", help="end before: seconds, or m:ss")
    add(
        "--missing",
        choices=["refuse", "stop", "source"],
        default="refuse",
        help="chunks that are not rendered: no export, end before the first, or show the source "
        "there (refuse)",
    )
    add("--codec", choices=["h264", "h265"], default="h264", help="how a video is encoded (h264)")
    add("--background", type=Path, metavar="FILE", help="music or noise under the speech")
    add(
        "--background-db",
        type=float,
        default=BACKGROUND_GAIN_DB,
        metavar="X",
        help=f"its level against the file ({BACKGROUND_GAIN_DB:g})",
    )
    add(
        "--background-start",
        type=float,
        default=0.0,
        metavar="S",
        help="seconds of the video at which it begins; negative cuts (0)",
    )
