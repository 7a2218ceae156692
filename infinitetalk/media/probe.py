"""What a media file holds, found without decoding it: `probe_source` and `probe_speech`."""

from pathlib import Path

from infinitetalk.media import problems
from infinitetalk.media.container import (
    has_alpha,
    pixel_bits,
    read_container,
    sample_bits,
    shown_size,
)
from infinitetalk.media.facts import PICTURE_SUFFIXES, SourceFacts, SpeechFacts
from infinitetalk.media.ffmpeg import Cancel
from infinitetalk.media.times import list_frame_times


def check_file(path: Path) -> bytes:
    """The first 4 KiB of a file that is there, not empty, readable, and not text."""
    try:
        if not path.exists():
            raise problems.missing(path)
        if path.is_dir():
            raise problems.is_folder(path)
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise problems.no_access(path, error) from error
    if not head:
        raise problems.empty(path)
    if _is_text(head):
        raise problems.is_text(path)
    return head


def probe_source(path: Path, *, orient: bool = True, cancel: Cancel | None = None) -> SourceFacts:
    """What the source is. `orient` False ignores rotation and pixel aspect (the reference's way).

    Raises EngineError: media.missing, media.empty, media.is_folder, media.no_access,
    media.unreadable, media.unsupported, media.too_large, media.no_video.
    """
    from infinitetalk.media.picture import probe_picture

    path = Path(path)
    head = check_file(path)
    facts = probe_picture(path, head, orient=orient)
    return facts if facts is not None else _probe_video(path, orient=orient, cancel=cancel)


def probe_speech(path: Path, *, cancel: Cancel | None = None) -> SpeechFacts:
    """What the speech is, from its header. Silence and true length need decoding: see `speech`.

    Raises EngineError: media.missing, media.empty, media.unreadable, media.no_audio, ...
    """
    path = Path(path)
    check_file(path)
    if path.suffix.lower() in PICTURE_SUFFIXES:
        raise problems.no_audio(path, 0, picture=True)
    container = read_container(path, cancel=cancel)
    videos = [video for video in container.videos if not video.is_cover]
    if not container.audios:
        raise problems.no_audio(path, len(videos))
    audio = container.audios[0]
    if audio.rate <= 0 or audio.channels <= 0:
        raise problems.unreadable(path, "the sound has no sample rate or no channels")
    duration = container.duration
    if (
        videos or container.is_guess
    ):  # the sound may end before the picture, or nobody wrote it down
        times = list_frame_times(path, audio.index, cancel=cancel)
        duration = times.end if times is not None and times.end else duration
    return SpeechFacts(
        path=path,
        duration=duration,
        rate=audio.rate,
        channels=audio.channels,
        codec=audio.codec,
        bits=sample_bits(audio),
        stream=audio.index,
        from_video=bool(videos),
        format_name=container.format_name,
    )


def _is_text(head: bytes) -> bool:
    """Whether the bytes read as text: printable UTF-8 (or UTF-16 with its mark) and no zero byte."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in head:
        try:
            text = head[: len(head) // 2 * 2].decode("utf-16")
        except UnicodeDecodeError:
            return False
        return text.isprintable() or all(ch.isprintable() or ch.isspace() for ch in text)
    if b"\x00" in head or head.startswith(b"%PDF"):
        return False
    for cut in range(4):  # a character may be cut at the end of the head
        try:
            text = head[: len(head) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
        odd = sum(not (ch.isprintable() or ch.isspace()) for ch in text)
        return not text.startswith(_TEXTUAL_MEDIA) and odd <= len(text) // 100
    return False


_TEXTUAL_MEDIA = ("P1", "P2", "P3", "YUV4MPEG2")  # plain PNM pictures, raw video headers


def _probe_video(path: Path, *, orient: bool, cancel: Cancel | None) -> SourceFacts:
    container = read_container(path, cancel=cancel)
    videos = [video for video in container.videos if not video.is_cover]
    if not videos:
        raise problems.no_video(path, has_sound=bool(container.audios))
    video = videos[0]
    if video.height <= 0 or video.width <= 0:
        raise problems.no_video(
            path, has_sound=bool(container.audios), detail=f"{path.name}: no frame has a size."
        )
    height, width = shown_size(video) if orient else (video.height, video.width)
    if max(height, width, video.height, video.width) > problems.SIDE_LIMIT:
        raise problems.too_large(path, height, width)
    times = list_frame_times(path, video.index, cancel=cancel)
    if times is not None and not len(times.starts):
        raise problems.no_video(
            path,
            has_sound=bool(container.audios),
            detail=f"{path.name} has a video track without a single frame.",
        )
    duration, count, slowest, fastest = container.duration, 0, video.fps, video.fps
    if times is not None:
        duration, count = times.end, len(times.starts)
        slowest, fastest = times.rate_range(video.fps)
    else:
        count = max(1, round(duration * video.fps))
    fps = count / duration if times is not None and duration > 0 else video.fps
    # Times are often rounded to milliseconds, so a constant 30 per second shows 29.4 and 30.3.
    variable = slowest > 0 and fastest / slowest > 1.2
    return SourceFacts(
        path=path,
        kind="video",
        height=height,
        width=width,
        fps=fps if variable or not video.fps else video.fps,
        duration=duration,
        frame_count=count,
        exact_count=times is not None,
        variable_rate=variable,
        rate_range=(slowest, fastest),
        has_sound=bool(container.audios),
        codec=video.codec,
        rotation=round(-video.rotation) % 360,
        has_alpha=has_alpha(video.pixel_format),
        bits=pixel_bits(video.pixel_format),
        oriented=orient,
        stream=video.index,
        stored_size=(video.height, video.width),
        color_matrix=video.color_matrix,
        transfer=video.transfer,
        format_name=container.format_name,
    )
