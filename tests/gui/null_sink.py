"""A sound server without a device, and a recording of what is played to it."""

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

RATE = 48_000
NEEDED = ("pulseaudio", "parec")


def missing() -> list[str]:
    return [name for name in NEEDED if shutil.which(name) is None]


class NullSink:
    """PulseAudio with a null sink (Debian: pulseaudio); what is heard is kept with its time."""

    def __init__(self, home: Path) -> None:
        address = home / "pulse"
        runtime = home / "runtime"
        runtime.mkdir(mode=0o700)
        self.variables = {"PULSE_SERVER": f"unix:{address}", "XDG_RUNTIME_DIR": str(runtime)}
        self._environment = {**os.environ, **self.variables}
        self._server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
             "--disallow-exit", "-L", "module-null-sink sink_name=nowhere",
             "-L", f"module-native-protocol-unix auth-anonymous=1 socket={address}"],
            env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + 10
        while not address.exists():
            assert time.monotonic() < end, "PulseAudio did not start"
            time.sleep(0.05)
        # The listener also keeps the sink's blocks short; alone it would sleep for two seconds.
        self._recorder = subprocess.Popen(
            ["parec", "-d", "nowhere.monitor", "--raw", "--format=s16le", f"--rate={RATE}",
             "--channels=1", "--latency-msec=10"],
            env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._parts: list[tuple[float, bytes]] = []
        threading.Thread(target=self._listen, daemon=True).start()
        while not self._parts:
            assert time.monotonic() < end + 10, "nothing is recorded"
            time.sleep(0.02)

    def _listen(self) -> None:
        assert self._recorder.stdout is not None
        while data := os.read(self._recorder.stdout.fileno(), 65536):
            self._parts.append((time.perf_counter(), data))

    def heard(self) -> tuple[float, "np.ndarray"]:
        """Time (perf_counter) of the first sample, and all samples.

        A block arrives late or in time, never early, so the earliest tells when recording began.
        """
        import numpy as np

        parts = list(self._parts)
        count, began = 0, float("inf")
        for at, data in parts:
            count += len(data) // 2
            began = min(began, at - count / RATE)
        return began, np.frombuffer(b"".join(data for _, data in parts), "<i2")

    def close(self) -> None:
        for process in (self._recorder, self._server):
            process.terminate()
            process.wait(5)
        if self._recorder.stdout is not None:
            self._recorder.stdout.close()
