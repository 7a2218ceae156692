"""The environment of one flavor's build: a venv of its own with what is packed and nothing else."""

import hashlib
import json
import os
import re
import subprocess  # noqa: TID251  runs pip
import sys
from pathlib import Path

from installer import dev
from installer.packing import layout
from installer.packing.layout import BuildFolders

PYINSTALLER = "pyinstaller>=6.22,<7"
NOT_PACKED = ("torch", "librosa")  # torch is installed by flavor; librosa serves comparisons
LABELS = {"cpu": "cpu", "cuda": "cu130"}
BUILD_TOOLS = ("binutils", "squashfs-tools", "dpkg-dev", "xz-utils")


def requirements() -> list[str]:
    """What pyproject.toml asks for at run time, the window's part included."""
    table = layout.project()
    wanted = [*table["dependencies"], *table["optional-dependencies"]["desktop"]]
    return [r for r in wanted if re.split(r"[^A-Za-z0-9._-]", r)[0] not in NOT_PACKED]


def interpreter(folders: BuildFolders) -> Path:
    return folders.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(folders: BuildFolders, torch: str) -> Path:
    """The venv's interpreter; a stamp makes the second run quick."""
    if sys.platform == "linux":
        dev.install_debian_packages((*dev.DEBIAN_PACKAGES, *BUILD_TOOLS))
    python = interpreter(folders)
    wanted = requirements()
    key = json.dumps([torch, folders.flavor, wanted, PYINSTALLER, sys.version_info[:2]])
    digest = hashlib.sha256(key.encode()).hexdigest()
    stamp = folders.venv / "infinitetalk-build.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return python
    if not python.exists():
        dev.say(f"creating {folders.venv}")
        dev.run([sys.executable, "-m", "venv", str(folders.venv)])
    _install_torch(python, folders.flavor, torch)
    dev.say("installing what is packed")
    if not _pip(python, *wanted, PYINSTALLER, f"torch=={_torch_version(python)}"):
        raise dev.fail("the packages of pyproject.toml could not be installed")
    stamp.write_text(digest, encoding="utf-8")
    return python


def _install_torch(python: Path, flavor: str, version: str) -> None:
    """The build of the flavor: from where pip looks anyway, else from torch's own index."""
    label = LABELS[flavor]
    index = dev.CUDA_WHEELS.rsplit("/", 1)[0] + f"/{label}"
    exact = f"torch=={version}+{label}"
    tries = [(exact,), (exact, "--extra-index-url", index)]
    if flavor == "cuda":
        tries.append((f"torch=={version}",))  # the registry's own build for Linux, without a label
    for wanted in tries:
        dev.say(f"installing {' '.join(wanted)}")
        if _pip(python, *wanted) and _is_of_flavor(python, flavor):
            return
        # The other flavor's build has the same version for pip: it would satisfy the next try.
        subprocess.run(
            [str(python), "-m", "pip", "uninstall", "-y", "-q", "torch"],
            check=False,
            stderr=subprocess.DEVNULL,
        )
    raise dev.fail(f"no {flavor} build of torch {version} was found, at {index} neither")


def _is_of_flavor(python: Path, flavor: str) -> bool:
    says = _asked(python, "import torch; print(torch.version.cuda)")
    return (says != "None") == (flavor == "cuda")


def _torch_version(python: Path) -> str:
    """The version that pip knows: a registry's own build may name another one when asked itself."""
    return _asked(python, "from importlib.metadata import version; print(version('torch'))")


def _asked(python: Path, code: str) -> str:
    command = [str(python), "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _pip(python: Path, *arguments: str) -> bool:
    command = [str(python), "-m", "pip", "install", "--no-input", "-q", *arguments]
    return subprocess.run(command, check=False).returncode == 0
