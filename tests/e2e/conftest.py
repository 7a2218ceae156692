"""The program from outside: child processes, real files, the tiny random model."""

import gc
import json
import logging
import os
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from infinitetalk.cli.main import main
from tests.tiny_model import build_tiny_model

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err

    @property
    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]


@pytest.fixture(scope="module", autouse=True)
def imported_modules_stay() -> Iterator[None]:
    """The collector need not look through all that is imported here while small jobs run."""
    import infinitetalk.engine.renderer  # noqa: F401  torch and transformers come with it

    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


MOST_LINES = 6  # of a message


def refused(run: Run, code: int, *words: str, started: bool = False) -> None:
    """A short message with all the words (file or field, and remedy), and that exit code.

    `started`: progress may come before it, since the job had begun.
    """
    assert run.code == code, run.text
    assert "Traceback" not in run.text
    assert "made a mistake" not in run.text
    before, error, message = run.err.strip().rpartition("Error: ")
    assert error, run.text
    assert started or not before, before
    assert len(message.splitlines()) <= MOST_LINES, message
    for word in words:
        assert word in message, f"{word!r} is not in: {message}"


Command = Callable[..., Run]  # `cli` in a child process, `tell` in this one


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "INFINITETALK_HOME": str(home),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture
def cli(environment: dict[str, str], tmp_path: Path) -> Command:
    def run(*arguments: object, timeout: float = 240, **variables: str) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "infinitetalk", *map(str, arguments)],
            capture_output=True,
            cwd=tmp_path,
            env={**environment, **variables},
            timeout=timeout,
            check=False,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def tell(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Runs one command in this process, which spares the second that a child takes to start.

    Its log files are closed afterwards.
    """
    monkeypatch.setenv("INFINITETALK_HOME", str(home))

    def run(*arguments: object) -> Run:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Run(code, out, err)

    with logs_closed():
        yield run


@contextmanager
def logs_closed() -> Iterator[None]:
    """Whatever log files a command opened in this process are closed at the end."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1.3 s of a buzzing voice: 32 frames, two chunks of the tiny model and a short third."""
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    write_voice(path, 1.3)
    return path


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from PIL import Image

    path = tmp_path_factory.mktemp("picture") / "face.png"
    rows, columns = np.mgrid[0:96, 0:80]
    pixels = np.stack([rows * 2, columns * 3, 255 - rows - columns], axis=-1)
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """0.5 s of speech: 12 frames, one chunk of the tiny model."""
    path = tmp_path_factory.mktemp("short") / "short.wav"
    write_voice(path, 0.5)
    return path


@pytest.fixture(scope="session")
def finished(
    model: Path, picture: Path, short: Path, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A finished job of one chunk, rendered in one step; tests copy it (`job`)."""
    folder = tmp_path_factory.mktemp("finished")
    given = [
        "render", "--model", model, "--source", picture, "--speech", short, "--steps", 1,
        "--job", folder / "talk.job", "--out", folder / "talk.mp4", "--quiet",
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch, logs_closed():
        patch.setenv("INFINITETALK_HOME", str(home))
        assert main([str(word) for word in given]) == 0
    return folder / "talk.job"


@pytest.fixture
def job(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copy.job"))


def write_voice(path: Path, seconds: float, rate: int = 16000, pitch: float = 120.0) -> None:
    t = np.arange(int(seconds * rate)) / rate
    tone = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in range(1, 8))
    loud = 0.5 + 0.5 * np.sin(2 * np.pi * 3 * t)
    samples = (tone * loud * 0.2 * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def media_facts(path: Path) -> tuple[int, float, int, int]:
    """Frames, frames per second, width, height of a video, by decoding it."""
    import cv2

    video = cv2.VideoCapture(str(path))
    count = 0
    while video.read()[0]:
        count += 1
    return count, video.get(cv2.CAP_PROP_FPS), int(video.get(3)), int(video.get(4))


def frame_digests(job: Path) -> dict[str, str]:
    """Digest of the stored frames of every take, by the take's folder name."""
    import hashlib

    return {
        folder.name: hashlib.sha256((folder / "frames.mkv").read_bytes()).hexdigest()
        for folder in sorted((job / "chunks").iterdir())
        if not folder.name.startswith(".")
    }
