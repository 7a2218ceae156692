"""Numbers as a person reads them: GiB, minutes, W x H."""

from infinitetalk.errors import GIB, MIB


def duration(seconds: float) -> str:
    """Seconds in words: 48 s, 3 min 20 s, 7 h 11 min, 4.2 days."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest:02d} s" if rest and minutes < 10 else f"{minutes} min"
    if whole < 48 * 3600:
        hours, rest = divmod(whole // 60, 60)
        return f"{hours} h {rest:02d} min"
    return f"{seconds / 86400:.1f} days"


def size_in_bytes(count: int) -> str:
    """Bytes in words: 640 MiB, 5.1 GiB."""
    if count >= GIB / 2:
        return f"{count / GIB:.1f} GiB"
    return f"{count / MIB:.0f} MiB" if count >= MIB else f"{count / 1024:.0f} KiB"


def shown_size(size: tuple[int, int]) -> str:
    """(H, W) as "W x H"."""
    return f"{size[1]} x {size[0]}"
