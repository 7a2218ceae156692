"""The speech of a job: composed once onto the disk, before torch is there and before the plan."""

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infinitetalk.errors import ErrorReport
from infinitetalk.media.compose import SpeechInput, compose_speech
from infinitetalk.media.ffmpeg import Cancel
from infinitetalk.media.speech_store import SpeechStore
from infinitetalk.project import atomic
from infinitetalk.project.sources import fingerprint
from infinitetalk.request import GenerationRequest

TRACKS = "tracks.json"
_LEFT_OVER = (".part", ".scratch", ".raw", atomic.TEMPORARY)


@dataclass(frozen=True, kw_only=True)
class JobSpeech:
    """Composed tracks of all speakers: mono, 16 kHz, leveled for the audio encoder."""

    folder: Path
    stores: tuple[SpeechStore, ...]
    seconds: tuple[float, ...]  # per speaker, start shift included; silent track 0
    notices: tuple[ErrorReport, ...]


def speech_digest(request: GenerationRequest) -> str:
    """What the composed tracks depend on."""
    tracks = [
        [
            "" if track.path is None else fingerprint(track.path),
            float(track.start),
            float(track.gain_db),
        ]
        for track in request.speech
    ]
    mends = request.mends
    text = json.dumps(
        [tracks, request.arrangement, mends.equal_tracks, mends.limit_peaks, request.exact]
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def job_speech(
    request: GenerationRequest, job_folder: Path, *, cancel: Cancel | None = None
) -> JobSpeech:
    """The composed tracks in `job_folder/speech`, made if they are not there yet."""
    _sweep(job_folder / "speech")
    folder = job_folder / "speech" / speech_digest(request)
    known = _read(folder, len(request.speech))
    if known is not None:
        return known
    atomic.make_folder(folder)
    made = compose_speech(
        [SpeechInput(path=t.path, start=t.start, gain_db=t.gain_db) for t in request.speech],
        folder,
        arrangement=request.arrangement,
        equal_tracks=request.mends.equal_tracks,
        limit_peaks=request.mends.limit_peaks,
        exact_decode=request.exact,
        cancel=cancel,
    )
    silent = [
        _silent(track.path.name, track.leveling.peak_db)
        for track in made.tracks
        if track.path is not None and track.leveling is not None and track.silent
    ]
    record = {
        "seconds": [track.duration if track.path is not None else 0.0 for track in made.tracks],
        "notices": [notice.to_json() for notice in silent],
    }
    atomic.write_json(folder / TRACKS, record)  # last: without it the tracks are made again
    found = _read(folder, len(request.speech))
    assert found is not None
    return found


def _sweep(folder: Path) -> None:
    """Removes what a crash left behind: of two hours of speech that may be gigabytes.

    The caller holds the job's lock, so nobody is writing these files now.
    """
    for ending in _LEFT_OVER:
        for path in folder.glob(f"*/*{ending}"):
            with contextlib.suppress(OSError):
                path.unlink()


def _read(folder: Path, speakers: int) -> JobSpeech | None:
    try:
        data: dict[str, Any] = json.loads((folder / TRACKS).read_bytes())
        stores = tuple(SpeechStore(folder / f"speech-{i + 1}.wav") for i in range(speakers))
        return JobSpeech(
            folder=folder,
            stores=stores,
            seconds=tuple(float(s) for s in data["seconds"]),
            notices=tuple(ErrorReport.from_json(n) for n in data["notices"]),
        )
    except Exception:  # noqa: BLE001  whatever is wrong with it, it is made again
        return None


def _silent(name: str, peak_db: float) -> ErrorReport:
    loudest = f"{peak_db:.0f} dB" if peak_db > -200 else "nothing at all"
    return ErrorReport(
        code="speech.silent",
        title="This track is silent",
        detail=f"{name}: loudest {loudest}; the mouth will rest.",
        remedy="Choose another recording, unless it is meant so.",
        facts={"name": name, "loudest": f"{peak_db:.0f} dB" if peak_db > -200 else "−∞ dB"},
    )


def header_seconds(request: GenerationRequest, durations: Sequence[float]) -> tuple[float, ...]:
    """Seconds per speaker from the files' headers, for a plan before anything is decoded."""
    return tuple(
        0.0 if track.path is None else max(0.0, seconds + track.start)
        for track, seconds in zip(request.speech, durations, strict=True)
    )
