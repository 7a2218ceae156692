"""Peak RAM of the whole speech stage by length of the speech: decoding, composing, encoding.

    python -m tests.bench.speech_memory             10 s and 10 min at the published size, 2 h tiny
    python -m tests.bench.speech_memory --full      2 h at the published size as well (hours of CPU)

"two layers" is the published size with 2 of its 12 layers: layers run one after the other over the
whole speech, so the memory of two hours is that of all twelve, in a sixth of their time.

Each case is a process of its own that does what a job does (`engine.speech.job_speech`, then
`pipeline.speech.encode_speech` with the request's pieces), on speech at 44.1 kHz in stereo. Weights
are random: memory and time depend on sizes alone.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import wave
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
RATE = 44100
# name, encoder, seconds
CASES = [("base", 10.0), ("base", 600.0), ("tiny", 10.0), ("tiny", 600.0), ("tiny", 7200.0)]
MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Bytes of resident memory of one run, and how long its two parts took."""

    encoder: str
    speech_seconds: float
    at_rest: int  # Python, torch, transformers and the encoder's weights
    peak_composing: int
    peak_encoding: int
    composing_seconds: float
    encoding_seconds: float
    stored: int  # bytes on disk: tracks and embeddings

    @property
    def growth(self) -> int:
        return max(self.peak_composing, self.peak_encoding) - self.at_rest


def measure(encoder: str, seconds: float, folder: Path) -> Measured:
    """Runs a case in a process of its own. `folder` needs 20 MB (tiny) to 140 MB (base) a minute."""
    command = [sys.executable, "-m", "tests.bench.speech_memory", "--folder", str(folder)]
    done = subprocess.run(
        [*command, "--case", encoder, str(seconds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def write_speech(path: Path, seconds: float) -> None:
    """Stereo at 44.1 kHz, a second at a time: a tone that swells three times a second, and noise."""
    noise = np.random.default_rng(0)
    t = np.arange(RATE) / RATE
    swell = 0.5 + 0.5 * np.sin(2 * np.pi * 3 * t)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for second in range(int(seconds)):
            tone = np.sin(2 * np.pi * (110 + second % 7) * t) + 0.1 * noise.standard_normal(RATE)
            samples = (tone * swell * 0.25 * 32767).astype("<i2")
            file.writeframes(np.repeat(samples, 2).tobytes())


class Peak:
    """The highest resident memory since the last look, as the system counts it."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        clear = Path("/proc/self/clear_refs")  # Linux: 5 sets the high-water mark to what is now
        if clear.exists():
            clear.write_text("5")

    def take(self) -> int:
        found = _status("VmHWM")
        self._begin()
        if found is not None:
            return found
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def _status(name: str) -> int | None:
    path = Path("/proc/self/status")
    if not path.exists():
        return None
    line = next(x for x in path.read_text().splitlines() if x.startswith(name))
    return int(line.split()[1]) * 1024


def run_case(encoder: str, seconds: float, folder: Path) -> Measured:
    import torch
    from transformers import Wav2Vec2Config

    from infinitetalk.engine.speech import job_speech
    from infinitetalk.models.audio_encoder.config import AudioEncoderConfig
    from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder
    from infinitetalk.pipeline.speech import encode_speech
    from infinitetalk.request import GenerationRequest, SpeechTrack
    from tests.tiny_model import AUDIO_CONFIG

    torch.manual_seed(0)
    speech = folder / "speech.wav"
    write_speech(speech, seconds)
    # transformers' own default is the published size: 12 layers of 768.
    sizes = AUDIO_CONFIG if encoder == "tiny" else Wav2Vec2Config().to_dict()
    if encoder == "two layers":
        sizes = {**sizes, "num_hidden_layers": 2}
    network = AudioEncoder(AudioEncoderConfig.from_json(sizes)).eval()
    request = GenerationRequest(source=folder / "face.png", speech=(SpeechTrack(path=speech),))
    peak = Peak()
    at_rest = peak.take()
    began = time.monotonic()
    found = job_speech(request, folder / "talk.job")
    composed, composing = time.monotonic(), peak.take()
    store = encode_speech(
        network, found.stores[0], found.folder / "embeddings.npy", piece=request.mends.speech_piece
    )
    ended, encoding = time.monotonic(), peak.take()
    assert store.rows == round(seconds * 25)
    return Measured(
        encoder=encoder,
        speech_seconds=seconds,
        at_rest=at_rest,
        peak_composing=composing,
        peak_encoding=encoding,
        composing_seconds=composed - began,
        encoding_seconds=ended - composed,
        stored=sum(path.stat().st_size for path in found.folder.iterdir()),
    )


def table(found: list[Measured]) -> str:
    head = [
        "   encoder   speech  at rest  composing  encoding   growth    disk    composed   encoded",
        "                  s      MiB        MiB       MiB      MiB     MiB        in s      in s",
    ]
    rows = [
        f"{m.encoder:>10} {m.speech_seconds:8.0f} {m.at_rest / MIB:8.0f} "
        f"{m.peak_composing / MIB:10.0f} {m.peak_encoding / MIB:9.0f} {m.growth / MIB:8.0f} "
        f"{m.stored / MIB:7.0f} {m.composing_seconds:11.1f} {m.encoding_seconds:9.1f}"
        for m in found
    ]
    return "\n".join(head + rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Peak RAM of the speech stage.")
    parser.add_argument("--full", action="store_true", help="2 h at the published size as well")
    parser.add_argument("--case", nargs=2, metavar=("ENCODER", "SECONDS"), help="one, as JSON")
    parser.add_argument("--folder", type=Path, help="where files go")
    args = parser.parse_args()
    if args.case:
        encoder, seconds = args.case
        print(json.dumps(asdict(run_case(encoder, float(seconds), args.folder))))
        return
    found = []
    for encoder, seconds in [*CASES, *([("base", 7200.0)] if args.full else [])]:
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            found.append(measure(encoder, seconds, Path(folder)))
    print(table(found))


if __name__ == "__main__":
    main()
