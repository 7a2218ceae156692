"""The user's own sound for a finished video: where each track lies, and how ffmpeg brings it there.

Nothing here is leveled or resampled without need: one track that fits is copied, anything else is
encoded once, at the original rate (spec: pipeline.md 11, fault 14).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infinitetalk.media.facts import SpeechFacts
from infinitetalk.media.ffmpeg import Cancel, input_arguments
from infinitetalk.media.probe import probe_speech
from infinitetalk.media.speech import SPEECH_RATE, DecodeCounts, decode_speech
from infinitetalk.media.times import list_frame_times

Arrangement = Literal["together", "in_turn"]

AAC_BITRATE = "192k"
_CEILING = 0.98  # of full scale; what the limiter leaves for the encoder's own overshoot
_COPIED: dict[str, frozenset[str] | None] = {  # codecs that players expect there; None: any
    ".mp4": frozenset(("aac", "mp3", "alac", "ac3", "eac3", "opus")),
    ".m4v": frozenset(("aac", "mp3", "alac", "ac3", "eac3")),
    ".mov": frozenset(("aac", "mp3", "alac", "ac3", "pcm_s16le", "pcm_s24le")),
    ".mkv": None,
}


@dataclass(frozen=True, kw_only=True)
class SoundTrack:
    """A file whose sound is heard. `path` None: silent. `start` in seconds; negative cuts."""

    path: Path | None
    start: float = 0.0
    gain_db: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PlacedSound:
    """A track on the timeline: its first `cut` seconds are left out, it begins at `delay`."""

    facts: SpeechFacts
    cut: float
    delay: float
    gain_db: float

    @property
    def untouched(self) -> bool:
        return not (self.cut or self.delay or self.gain_db)


def place_sounds(
    tracks: Sequence[SoundTrack],
    arrangement: Arrangement,
    *,
    begin: float = 0.0,
    cancel: Cancel | None = None,
) -> list[PlacedSound]:
    """The tracks that are heard, laid out as `compose_speech` lays them out for the encoder.

    In turn the second begins where the first ends, for which the first is decoded once; a silent
    first track is as long as the second. `begin`: the first second of the timeline that is heard;
    what lies before is cut, and a track that ends before is left out.
    Raises EngineError media.* for a file that can't be read.
    """
    found = [None if t.path is None else probe_speech(t.path, cancel=cancel) for t in tracks]
    before = [0.0] * len(tracks)
    if arrangement == "in_turn" and len(tracks) == 2:
        leader = 0 if found[0] is not None else 1
        facts = found[leader]
        if facts is not None:
            before[1] = decoded_duration(facts, cancel=cancel) + tracks[leader].start
    placed = [
        PlacedSound(
            facts=facts,
            cut=max(0.0, -track.start) + max(0.0, begin - offset - max(0.0, track.start)),
            delay=max(0.0, offset + max(0.0, track.start) - begin),
            gain_db=track.gain_db,
        )
        for track, facts, offset in zip(tracks, found, before, strict=True)
        if facts is not None
    ]
    if not begin:
        return placed
    # Decoded, for headers err: a track that gives nothing would end the mix of the others.
    return [
        sound
        for sound in placed
        if not sound.cut or sound.cut < decoded_duration(sound.facts, cancel=cancel)
    ]


def decoded_duration(facts: SpeechFacts, *, cancel: Cancel | None = None) -> float:
    """Seconds of sound that decoding really gives; headers may be off by a good deal."""
    counts = DecodeCounts()
    for _ in decode_speech(facts, counts=counts, cancel=cancel):
        pass
    return counts.samples / SPEECH_RATE


def can_copy(placed: Sequence[PlacedSound], suffix: str, duration: float) -> bool:
    """Whether the sound can go over as it is: one whole track, long enough, of a fitting codec."""
    if len(placed) != 1 or not placed[0].untouched or placed[0].cut:
        return False
    facts = placed[0].facts
    codecs = _COPIED[suffix]
    if codecs is not None and facts.codec not in codecs:
        return False
    times = list_frame_times(facts.path, facts.stream)
    return times is not None and times.end >= duration - 1 / 25


def sound_inputs(placed: Sequence[PlacedSound]) -> list[str]:
    return [word for sound in placed for word in input_arguments(sound.facts.path)]


def mix_filter(placed: Sequence[PlacedSound], duration: float, first_input: int) -> str:
    """A filter graph from the inputs' sound to `[sound]`, exactly `duration` seconds long."""
    several = len(placed) > 1
    rate = max(sound.facts.rate for sound in placed)
    layout = "mono" if all(sound.facts.channels == 1 for sound in placed) else "stereo"
    chains = []
    for index, sound in enumerate(placed):
        steps = ["aresample=first_pts=0"] if sound.facts.from_video else []
        if sound.cut:
            steps += [f"atrim=start={sound.cut:.6f}", "asetpts=PTS-STARTPTS"]
        if sound.delay:
            steps.append(f"adelay=delays={round(sound.delay * sound.facts.rate)}S:all=1")
        if sound.gain_db:
            steps.append(f"volume={sound.gain_db:.3f}dB")
        if several:
            if layout == "stereo" and sound.facts.channels == 1:
                steps.append("pan=stereo|c0=c0|c1=c0")  # ffmpeg's own way would take off 3 dB
            steps.append(f"aformat=sample_rates={rate}:channel_layouts={layout}")
        source = f"[{first_input + index}:{sound.facts.stream}]"
        chains.append(f"{source}{','.join(steps) or 'anull'}[t{index}]")
    ends = []
    if several:
        ends.append(f"amix=inputs={len(placed)}:normalize=0:duration=longest")
    if several or any(sound.gain_db > 0 for sound in placed):
        ends.append(f"alimiter=limit={_CEILING}:level=0:latency=1")
    ends += [f"apad=whole_dur={duration:.6f}", f"atrim=end={duration:.6f}"]
    joined = "".join(f"[t{index}]" for index in range(len(placed)))
    return ";".join([*chains, f"{joined}{','.join(ends)}[sound]"])
