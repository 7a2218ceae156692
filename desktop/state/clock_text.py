"""Times, sizes and counts as people read them."""

from PySide6.QtCore import QCoreApplication, QLocale

from infinitetalk.request import FPS

GIB = 1024**3
MIB = 1024**2


def _tr(text: str) -> str:
    return QCoreApplication.translate("units", text)


def time_text(frame: int, *, hundredths: bool = True) -> str:
    """A frame's time: "0:47.16", "1:02:03.00"; without hundredths "0:47"."""
    seconds, rest = divmod(max(frame, 0), FPS)
    text = _clock(seconds)
    return f"{text}.{rest * 100 // FPS:02d}" if hundredths else text


def seconds_text(seconds: float) -> str:
    """A length: "3:00.0"."""
    tenths = round(max(seconds, 0.0) * 10)
    return f"{_clock(tenths // 10)}.{tenths % 10}"


def _clock(seconds: int) -> str:
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def duration_text(seconds: float) -> str:
    """How long something takes: "41 s", "6 min 51 s", "7 h 11 min", "4.2 days"."""
    whole = round(max(seconds, 0.0))
    if whole < 60:
        return _tr("%1 s").replace("%1", str(whole))
    minutes, rest = divmod(whole, 60)
    if minutes < 10:
        text = _tr("%1 min").replace("%1", str(minutes))
        return f"{text} {_tr('%1 s').replace('%1', str(rest))}" if rest else text
    if whole < 3600:
        return _tr("%1 min").replace("%1", str(round(whole / 60)))
    if whole < 48 * 3600:
        hours, rest = divmod(round(whole / 60), 60)
        return _tr("%1 h %2 min").replace("%1", str(hours)).replace("%2", f"{rest:02d}")
    return _tr("%1 days").replace("%1", QLocale().toString(whole / 86400, "f", 1))


def gib_text(count: float) -> str:
    """Bytes as GiB: "5.8 GiB", "22 GiB"; below 0.1 GiB as MiB, and no file has 0.0 of them."""
    if count < 0.1 * GIB:
        digits = 1 if 0 < count < 10 * MIB else 0
        mib = max(count / MIB, 0.1) if count > 0 else 0.0
        return _tr("%1 MiB").replace("%1", QLocale().toString(mib, "f", digits))
    digits = 1 if count < 10 * GIB else 0
    return _tr("%1 GiB").replace("%1", QLocale().toString(count / GIB, "f", digits))


def gigabyte_text(count: float) -> str:
    """File sizes as their sources state them: "19.5 GB"."""
    digits = 1 if count >= 1e9 else 2
    return _tr("%1 GB").replace("%1", QLocale().toString(count / 1e9, "f", digits))


def signed_ms_text(seconds: float) -> str:
    """A shift: "+120 ms"."""
    ms = round(seconds * 1000)
    return _tr("%1 ms").replace("%1", f"{ms:+d}" if ms else "0")
