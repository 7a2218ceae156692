"""The project file, and the folder of a job: chunks as build targets, safe against any crash."""

from infinitetalk.project.job import JobFolder
from infinitetalk.project.keys import chunk_key, digest_bytes, part_digest, part_digests
from infinitetalk.project.order import (
    Seam,
    Target,
    chunk_range,
    chunk_statuses,
    next_chunk_to_render,
    seams,
)
from infinitetalk.project.takes import Take, TakeMeta, TakeStore, TakeWriter
from infinitetalk.project.timeline import ChunkEntry, TakeEntry, Timeline

__all__ = [
    "ChunkEntry",
    "JobFolder",
    "Seam",
    "Take",
    "TakeEntry",
    "TakeMeta",
    "TakeStore",
    "TakeWriter",
    "Target",
    "Timeline",
    "chunk_key",
    "chunk_range",
    "chunk_statuses",
    "digest_bytes",
    "next_chunk_to_render",
    "part_digest",
    "part_digests",
    "seams",
]
