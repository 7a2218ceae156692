"""Whole jobs of a second: the engine in this process, chunks of 9 frames, pictures of 64 x 64.

`render` takes the fields of a request over quick defaults and returns what came out of it: events,
plan, frames, and what each chunk was given to start from.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from infinitetalk.engine import renderer
from infinitetalk.engine.control import Control
from infinitetalk.engine.engine import Engine
from infinitetalk.engine.export import video_frames
from infinitetalk.engine.model import ModelChoice, build_request
from infinitetalk.engine.prepare import PreparedJob, prepare_job
from infinitetalk.event import ChunkReady, Event, Finished, Notice
from infinitetalk.pipeline.chunk import Sampling
from infinitetalk.pipeline.render import ChunkInputs
from infinitetalk.plan import Machine, Plan
from infinitetalk.project.job import JobFolder
from infinitetalk.project.takes import TakeMeta
from infinitetalk.request import SpeechTrack

MACHINE = Machine(ram_total=2**34, ram_free=2**34, disk_free=2**40, cores=1, torch_version="2")
FPS = 25
QUICK: dict[str, Any] = {
    "steps": 1,
    "text_guidance_scale": 1.0,
    "audio_guidance_scale": 1.0,
    "motion_frames": 1,
    "negative_prompt": "still",
}

Frames = NDArray[np.uint8]  # [F, H, W, 3]
E = TypeVar("E")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a chunk was rendered from."""

    inputs: ChunkInputs
    sampling: Sampling


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A job that has ended."""

    job: Path
    plan: Plan
    events: list[Event]
    given: list[Given]  # to the chunks that were rendered, in their order

    def told(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def notices(self) -> dict[str, str]:
        """Detail by code."""
        return {event.report.code: event.report.detail for event in self.told(Notice)}

    @property
    def frames(self) -> Frames:
        """The whole video."""
        with JobFolder.open(self.job, write=False) as job:
            return np.concatenate(list(video_frames(job, self.plan)))

    def chunk(self, index: int) -> Frames:
        """What a chunk adds to the video."""
        item = self.plan.chunks[index]
        return self.frames[item.first_frame : item.first_frame + item.frame_count]

    @property
    def stored(self) -> dict[str, bytes]:
        """Bytes of the stored frames, by the take's folder."""
        ready = self.told(ChunkReady)
        return {event.path.name: (event.path / "frames.mkv").read_bytes() for event in ready}

    def meta(self, index: int) -> TakeMeta:
        with JobFolder.open(self.job, write=False) as job:
            key = job.timeline.chunk(index).active
            take = job.valid_take(index, key) if key else None
        assert take is not None
        return take.meta


def tracks(*speech: Path | SpeechTrack | None) -> tuple[SpeechTrack, ...]:
    return tuple(s if isinstance(s, SpeechTrack) else SpeechTrack(path=s) for s in speech)


def prepare(
    model: Path | ModelChoice,
    job: Path,
    source: Path,
    *speech: Path | SpeechTrack | None,
    exact: bool = False,
    **fields: Any,
) -> PreparedJob:
    """A job ready to run, with `QUICK` under what is given."""
    choice = model if isinstance(model, ModelChoice) else ModelChoice(name=str(model))
    given = {**QUICK, "source": source, "speech": tracks(*speech), **fields}
    if exact:
        given["exact"] = True
    return prepare_job(build_request(given, choice.find()), choice, job, MACHINE)


def run(prepared: PreparedJob, control: Control | None = None) -> Rendered:
    """Runs it to its end, whatever that is, and lets go of the folder."""
    given: list[Given] = []
    with _watched(given):
        events = list(Engine().generate(prepared, control))
    prepared.job.close()
    return Rendered(job=prepared.job.path, plan=prepared.plan, events=events, given=given)


def render(
    model: Path | ModelChoice,
    job: Path,
    source: Path,
    *speech: Path | SpeechTrack | None,
    exact: bool = False,
    **fields: Any,
) -> Rendered:
    """A finished job."""
    result = run(prepare(model, job, source, *speech, exact=exact, **fields))
    assert isinstance(result.events[-1], Finished), result.events[-1]
    return result


@contextmanager
def _watched(given: list[Given]) -> Iterator[None]:
    """Notes what every chunk is rendered from."""
    whole = renderer.render_chunk

    def noted(networks: Any, inputs: ChunkInputs, sampling: Sampling, **options: Any):
        given.append(Given(inputs=inputs, sampling=sampling))
        yield from whole(networks, inputs, sampling, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renderer, "render_chunk", noted)
        yield


def difference(one: Frames, other: Frames) -> float:
    """Mean absolute difference of two videos, in levels of 0..255."""
    assert one.shape == other.shape
    return float(np.abs(one.astype(np.int16) - other).mean())
