"""The chunk schedule: how many chunks, which embedding rows and source frames, where frames come from."""

from pathlib import Path
from typing import Any

import torch

from infinitetalk.errors import EngineError
from infinitetalk.plan import Schedule, audio_row_index, frame_origins, plan_chunks
from infinitetalk.request import GenerationRequest, SpeechTrack
from tests.parity.compare import exact, load
from tests.parity.registry import Row, check


@check("preprocess", "chunk_schedule")
def check_chunk_schedule(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    rows: list[Row] = []
    for i, case in enumerate(fixture.meta["meta"]["cases"]):
        try:
            schedule = _schedule(case)
        except EngineError as error:
            refused = error.report.code == "speech.too_short"
            expected = bool(case.get("rejected"))
            rows.append(exact(f"case{i} refused", torch.tensor(refused), torch.tensor(expected)))
            continue
        name = f"case{i}"
        persons, chunks = range(len(case["audio_frames"])), schedule.chunks
        index = [[audio_row_index(schedule, p, c.index) for p in persons] for c in chunks]
        origins = torch.tensor(frame_origins(schedule)).reshape(-1, 2)
        sources = [chunk.source_index for chunk in chunks]
        # In clip mode the reference reads one frame more than it uses (fault 21).
        asked = case["source_frame_ids"][: len(chunks)]
        for what, found, expected in (
            ("refused", torch.tensor(False), torch.tensor(bool(case.get("rejected")))),
            ("chunks", torch.tensor(len(chunks)), torch.tensor(case["chunks"])),
            ("source frames", torch.tensor(sources), torch.tensor(asked)),
            ("length", torch.tensor(schedule.total_frames), torch.tensor(case["output_frames"])),
            ("rows", torch.tensor(index), fixture[f"{name}.audio_index"].long()),
            ("chunk of frame", origins[:, 0], fixture[f"{name}.out_chunk"].long()),
            ("frame in chunk", origins[:, 1], fixture[f"{name}.out_frame_in_chunk"].long()),
        ):
            rows.append(exact(f"{name} {what}", found, expected))
    return rows


def _schedule(case: dict[str, Any]) -> Schedule:
    """The schedule in the reference's way, as `plan` makes it with every mend off."""
    request = GenerationRequest(
        source=Path("source.mp4"),
        speech=(SpeechTrack(path=Path("speech.wav")),) * len(case["audio_frames"]),
        chunk_frames=case["frame_num"],
        motion_frames=case["motion_frame"],
        max_frames=case["max_frames"],
    ).with_exact()
    return plan_chunks(request, case["audio_frames"], source_duration=1e6)
