"""What follows from a request on this machine: pure arithmetic, without torch and without files."""

from infinitetalk.plan.advice import (
    precision_to_download,
    recommended_precision,
    recommended_preset,
)
from infinitetalk.plan.again import asks_for_another_plan, plan_again
from infinitetalk.plan.build import plan
from infinitetalk.plan.decisions import PLAN_FORMAT, ChunkPlan, Plan, StageEstimate
from infinitetalk.plan.estimate import measured_key, stored_key
from infinitetalk.plan.facts import Machine, MediaFacts, WeightsFacts
from infinitetalk.plan.report import level
from infinitetalk.plan.schedule import (
    Schedule,
    audio_row_index,
    chunk_source_time,
    chunks_between,
    frame_origins,
    frames_of_seconds,
    plan_chunks,
    shift_frames,
    speech_rows,
)

__all__ = [
    "PLAN_FORMAT",
    "ChunkPlan",
    "Machine",
    "MediaFacts",
    "Plan",
    "Schedule",
    "StageEstimate",
    "WeightsFacts",
    "asks_for_another_plan",
    "audio_row_index",
    "chunk_source_time",
    "chunks_between",
    "frame_origins",
    "frames_of_seconds",
    "level",
    "measured_key",
    "plan",
    "plan_again",
    "plan_chunks",
    "precision_to_download",
    "recommended_precision",
    "recommended_preset",
    "shift_frames",
    "speech_rows",
    "stored_key",
]
