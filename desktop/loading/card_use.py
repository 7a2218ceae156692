"""Who uses the graphics card now, as the driver's own program tells. The one place that starts it."""

import shutil
import subprocess  # noqa: TID251 - this file's purpose
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from infinitetalk.media.children import child_environment

MIB = 1024**2
_LIMIT = 5.0  # seconds


@dataclass(frozen=True, kw_only=True)
class CardUser:
    """A program with memory on the card; its share is not told on every system."""

    pid: int
    name: str
    used: int = 0  # bytes; 0: not told


@dataclass(frozen=True, kw_only=True)
class CardUse:
    """Bytes of the first card."""

    used: int
    total: int
    users: tuple[CardUser, ...] = ()

    @property
    def free(self) -> int:
        return max(self.total - self.used, 0)

    def others(self, *own: int) -> tuple[CardUser, ...]:
        """Users that are not among `own` processes, the largest first."""
        found = [user for user in self.users if user.pid not in own]
        return tuple(sorted(found, key=lambda user: -user.used))


@cache
def _program() -> str | None:
    return shutil.which("nvidia-smi")


def read_card() -> CardUse | None:
    """None where there is no NVIDIA driver, or it does not answer. Takes about 50 ms."""
    if _program() is None:
        return None
    memory = parse_memory(_ask("--query-gpu=memory.used,memory.total"))
    if memory is None:
        return None
    users = parse_users(_ask("--query-compute-apps=pid,process_name,used_memory"))
    return CardUse(used=memory[0], total=memory[1], users=users)


def parse_memory(text: str) -> tuple[int, int] | None:
    """(used, total) in bytes from the first line "1234, 8188" (MiB)."""
    try:
        used, total = (int(part) * MIB for part in text.splitlines()[0].split(","))
    except (ValueError, IndexError):
        return None
    return used, total


def parse_users(text: str) -> tuple[CardUser, ...]:
    r"""Programs from lines "4711, C:\game\game.exe, 5400"; the size may be "[N/A]"."""
    found = []
    for line in text.splitlines():
        pid, _, rest = line.partition(",")
        path, _, size = rest.rpartition(",")
        if not pid.strip().isdigit() or not path.strip():
            continue
        used = int(size) * MIB if size.strip().isdigit() else 0
        name = PurePath(path.strip().replace("\\", "/")).name
        found.append(CardUser(pid=int(pid), name=name, used=used))
    return tuple(found)


def _ask(question: str) -> str:
    program = _program()
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, question, "--format=csv,noheader,nounits"],
            capture_output=True,
            timeout=_LIMIT,
            check=False,
            stdin=subprocess.DEVNULL,
            env=child_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
