"""Whether a window can open here, told before Qt ends the program with a message of its own."""

import ctypes
import os
import sys

CODE = 3  # exit code of a start without a screen
_CURSOR = "libxcb-cursor.so.0"  # Qt's X11 part does not start without it


def screen_problem() -> str:
    """Why no window can open, and what works instead; "" where one can."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if not os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("DISPLAY"):
        return (
            "There is no screen (neither Wayland nor X11), so the window can't open.\n"
            "'infinitetalk render' and 'infinitetalk weights' do all of it without a screen; over "
            "ssh, a window opens with 'ssh -X'.\n"
        )
    if not os.environ.get("WAYLAND_DISPLAY") and not _can_load(_CURSOR):
        return (
            f"The window can't open on X11: {_CURSOR} is missing.\n"
            "Install it (on Debian and Ubuntu: 'apt install libxcb-cursor0'), or start the program "
            "in a Wayland session.\n"
        )
    return ""


def _can_load(library: str) -> bool:
    if getattr(sys, "frozen", False):
        return True  # the package brings what it needs
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
