"""What a rendered chunk teaches the next plan: its time, and how large its frames are on the disk."""

import logging
from pathlib import Path

from infinitetalk.plan import Plan, WeightsFacts, measured_key, stored_key
from infinitetalk.probe.measurements import add_measurements

log = logging.getLogger(__name__)


def learn(plan: Plan, weights: WeightsFacts, index: int, *, seconds: float, folder: Path) -> None:
    """Keeps what chunk `index`, stored in `folder`, has taken. Shortened chunks would mislead.

    Never raises: what was rendered counts, whatever becomes of the note.
    """
    chunk = plan.chunks[index]
    full = max(item.span_frames for item in plan.chunks)
    if chunk.span_frames < full or chunk.frame_count < 1 or plan.skipped_steps:
        return
    found = {measured_key(plan, weights): seconds}
    try:
        size = (folder / "frames.mkv").stat().st_size
        found[stored_key(weights)] = size / (chunk.frame_count * plan.size[0] * plan.size[1])
        add_measurements(found)
    except OSError:
        log.info("what chunk %s took could not be noted", index, exc_info=True)
