"""What an engine does when a chunk is finished; run in a child process that may end at any point.

python storing.py JOB FIRST LAST    stores takes of chunks FIRST to LAST - 1, printing each
"""

import sys
from pathlib import Path

from infinitetalk.event import ChunkReady
from infinitetalk.project import JobFolder, TakeEntry, TakeMeta, edits
from infinitetalk.request import ChunkSettings

FRAMES = 50_000  # bytes


def key_of(index: int) -> str:
    return f"{index + 1:020x}"


def content_of(index: int) -> bytes:
    return bytes([index % 251]) * FRAMES


def store(job: JobFolder, index: int) -> None:
    """One chunk: the take, then the timeline, then the event, then an edit of the request."""
    meta = TakeMeta(index=index, key=key_of(index), seed=42, part="p" * 20, motion_out=f"m{index}")
    with job.takes.writer(index, meta.key) as writer:
        writer.path("frames.mkv").write_bytes(content_of(index))  # as ffmpeg does
        writer.write("motion.safetensors", b"motion" * 100)
        take = writer.commit(meta)
    job.save_timeline(edits.with_take(job.timeline, index, TakeEntry.of(take.meta)))
    job.events.append(
        ChunkReady(
            job_id=job.job_id,
            chunk=index,
            take=meta.key,
            first_frame=0,
            frame_count=81,
            path=take.folder,
            seconds=1.0,
            peak_vram=0,
        )
    )
    job.save_request(job.request.with_chunk(index, ChunkSettings(seed=index)))


def main() -> None:
    folder, first, last = sys.argv[1:]
    with JobFolder.open(Path(folder)) as job:
        for index in range(int(first), int(last)):
            store(job, index)
            print(index, flush=True)
    print("done")


if __name__ == "__main__":
    main()
