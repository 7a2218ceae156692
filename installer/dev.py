"""One command from a fresh checkout: sets up what is missing, then does the work.

    python3 installer/dev.py demo [arguments]     the main job on the bundled model
    python3 installer/dev.py test [arguments]     the default tests
    python3 installer/dev.py check                style, types and import contracts
    python3 installer/dev.py window [arguments]   the window
    python3 installer/dev.py run  [arguments]     any `infinitetalk` command
    python3 installer/dev.py setup                only the setting up

Needs Python 3.11 or newer and nothing else; everything goes into `.venv` beside this checkout. A
second run finds the environment in place and starts within a second.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess  # noqa: TID251  this script is what starts everything
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("INFINITETALK_VENV") or ROOT / ".venv")
TORCH = "2.13.0"
CUDA_WHEELS = "https://download.pytorch.org/whl/cu130"  # Windows: the index holds a CPU build only

# Debian's libraries behind Qt's platform plugins, its sound, and the fonts of a bare system.
DEBIAN_PACKAGES = (
    *("libegl1", "libgl1", "libxkbcommon0", "libxkbcommon-x11-0", "libdbus-1-3", "libfontconfig1"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0"),
    *("libxcb-render-util0", "libxcb-shape0", "libxcb-xinerama0", "libxcb-xkb1"),
    *("libpulse0", "fonts-dejavu-core"),
)
TEST_PACKAGES = ("xvfb", "xauth", "squashfs-tools", "desktop-file-utils", "binutils")


def say(text: str) -> None:
    print(f"[setup] {text}", flush=True)


def fail(text: str) -> "SystemExit":
    return SystemExit(f"[setup] {text}")


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command: list[str], **options: object) -> None:
    result = subprocess.run(command, check=False, **options)  # type: ignore[call-overload]  # options pass through
    if result.returncode:
        raise fail(
            f"this command failed with exit code {result.returncode}:\n  {' '.join(command)}"
        )


def is_root_on_debian() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def missing_debian_packages(names: tuple[str, ...]) -> list[str]:
    if shutil.which("dpkg-query") is None:
        return []
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Status}\\n", *names],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    installed = {line.split()[0] for line in found.splitlines() if line.endswith("ok installed")}
    return [name for name in names if name not in installed]


def install_debian_packages(names: tuple[str, ...]) -> None:
    missing = missing_debian_packages(names)
    if not missing:
        return
    if not is_root_on_debian():
        say(f"not installed, the window may need them: sudo apt-get install {' '.join(missing)}")
        return
    say(f"installing {len(missing)} system libraries")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdout": subprocess.DEVNULL, "env": environment}
    run(["apt-get", "update", "-qq"], **quiet)
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], **quiet)


def create_venv() -> None:
    if venv_python().exists():
        return
    try:
        import ensurepip  # noqa: F401  Debian splits it off into python3-venv
    except ImportError:
        if not is_root_on_debian():
            raise fail(
                "this Python has no ensurepip; on Debian and Ubuntu run "
                "'sudo apt-get install python3-venv' and try again"
            ) from None
        run(["apt-get", "update", "-qq"], stdout=subprocess.DEVNULL)
        run(["apt-get", "install", "-y", "-qq", "python3-venv"], stdout=subprocess.DEVNULL)
    say(f"creating {VENV}")
    run([sys.executable, "-m", "venv", str(VENV)])


def has_nvidia_card() -> bool:
    return shutil.which("nvidia-smi") is not None


def pip(*arguments: str) -> None:
    quiet = ["--disable-pip-version-check", "--no-input", "-q"]
    run([str(venv_python()), "-m", "pip", "install", *quiet, *arguments])


def install_torch() -> None:
    extra: list[str] = []
    if platform.system() == "Windows" and has_nvidia_card():
        extra = ["--index-url", CUDA_WHEELS]
    say(f"installing torch {TORCH} (the largest part; minutes on a slow line)")
    pip(f"torch=={TORCH}", *extra)


def wanted_stamp(extras: str) -> str:
    text = (ROOT / "pyproject.toml").read_bytes()
    key = f"{TORCH}|{extras}|{sys.version_info[:2]}|{platform.machine()}"
    return hashlib.sha256(text + key.encode()).hexdigest()


def install_packages(extras: str) -> None:
    """Installs what `extras` of pyproject.toml ask for; a stamp makes the second run quick."""
    stamp_file = VENV / "infinitetalk-setup.json"
    stamps: dict[str, str] = {}
    if stamp_file.exists():
        stamps = json.loads(stamp_file.read_text(encoding="utf-8"))
    if stamps.get(extras) == wanted_stamp(extras):
        return
    create_venv()
    install_torch()
    say("installing the other packages")
    pip("-e", f"{ROOT}[{extras}]", f"torch=={TORCH}")
    stamps[extras] = wanted_stamp(extras)
    stamp_file.write_text(json.dumps(stamps), encoding="utf-8")


def start(arguments: list[str], **extra_environment: str) -> int:
    environment = {**os.environ, **extra_environment}
    command = [str(venv_python()), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def check() -> int:
    """Style, types and contracts; every tool runs, the first failure decides the exit code."""
    commands = (
        ["-m", "pre_commit", "run", "--all-files"],  # ruff, import contracts, sizes, line ends
        ["-m", "pyright"],
        ["-m", "pyright", "--pythonplatform", "Windows"],
    )
    codes = []
    for command in commands:
        say(" ".join(command))
        codes.append(start(command))
    return next((code for code in codes if code), 0)


def test(arguments: list[str]) -> int:
    """What the arguments name; without any, everything: parity first, for its table, then the rest
    in a few processes of one thread each, a file of tests in one of them.
    """
    runs = [arguments]
    if not arguments:
        processes = str(min(4, os.cpu_count() or 1))
        spread = ["-n", processes, "--dist", "loadfile", "--ignore=tests/parity"]
        runs = [["tests/parity"], spread]
    environment = {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    codes = [start(["-m", "pytest", *run], **environment) for run in runs]
    return next((code for code in codes if code), 0)


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python gets this sentence
        raise fail(f"Python 3.11 or newer is needed, this is {platform.python_version()}")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["demo", "test", "check", "window", "run", "setup"])
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    for_tests = chosen.what in ("test", "check", "setup")
    install_debian_packages((*DEBIAN_PACKAGES, *(TEST_PACKAGES if for_tests else ())))
    install_packages("desktop,dev" if for_tests else "desktop")
    if chosen.what == "setup":
        return 0
    if chosen.what == "check":
        return check()
    if chosen.what == "test":
        return test(chosen.arguments)
    if chosen.what == "window":
        return start(["-m", "desktop", *chosen.arguments])
    command = ["demo"] if chosen.what == "demo" else []
    return start(["-m", "infinitetalk", *command, *chosen.arguments])


if __name__ == "__main__":
    sys.exit(main())
