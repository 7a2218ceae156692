"""An audio sink that leads playing: what is heard decides which frame is shown.

QtMultimedia is imported only here and only when playing is first possible: it may lack its
libraries, and it opens the sound server.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QObject, QTimer

from desktop.loading.sound import RATE, HeardTrack, SpeechMix
from infinitetalk.request import FPS

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioSink

_log = logging.getLogger(__name__)

_FEED_MS = 20
_BUFFER_SECONDS = 0.25


class AudioClock(QObject):
    """Plays the mix of the tracks and tells which frame is heard. Implements `Clock`."""

    def __init__(self, tracks: Callable[[], Sequence[HeardTrack]]) -> None:
        super().__init__()
        self._tracks = tracks
        self._sink: QAudioSink | None = None
        self._device: QIODevice | None = None
        self._mix: SpeechMix | None = None
        self._pending = b""
        self._from = 0
        self._speed = 1.0
        self._volume = 0.8
        self._last = (0.0, 0.0)  # processed seconds, and when they were last seen to change
        self._timer = QTimer(self)
        self._timer.setInterval(_FEED_MS)
        self._timer.timeout.connect(self._feed)

    def set_volume(self, percent: int) -> None:
        self._volume = percent / 100
        if self._sink is not None:
            self._sink.setVolume(self._volume)

    def start(self, frame: int, speed: float) -> None:
        """Begins to decode; the sink opens with the first sound, and nobody waits for either."""
        self.stop()
        self._from, self._speed = frame, speed
        self._mix = SpeechMix(self._tracks(), frame / FPS)
        self._timer.start()

    def _open(self) -> None:
        self._sink = _make_sink()
        if self._sink is None:
            self._timer.stop()
            return
        self._sink.setVolume(self._volume)
        self._device = self._sink.start()
        self._last = (0.0, time.perf_counter())

    def stop(self) -> None:
        self._timer.stop()
        if self._sink is not None:
            self._sink.stop()
            self._sink.deleteLater()
        if self._mix is not None:
            self._mix.stop()
        self._sink = self._device = self._mix = None
        self._pending = b""

    def frame(self) -> float:
        """Between two reports of the sink the system's clock fills in, at most one report long."""
        if self._sink is None:
            return float(self._from)
        seconds = self._sink.processedUSecs() / 1e6
        now = time.perf_counter()
        if seconds != self._last[0]:
            self._last = (seconds, now)
        seconds += min(now - self._last[1], 0.04) if seconds > 0 else 0.0
        return self._from + seconds * FPS

    def _feed(self) -> None:
        if self._mix is None:
            return
        if self._sink is None:
            self._pending = self._mix.take() or b""
            if not self._pending:
                return
            self._open()
        if self._sink is None or self._device is None:
            return
        free = self._sink.bytesFree()
        while free > 0:
            if not self._pending:
                self._pending = self._mix.take() or b""
                if not self._pending:
                    return
            part = self._pending[:free]
            written = self._device.write(part)
            if written <= 0:
                return
            self._pending = self._pending[written:]
            free = self._sink.bytesFree()


def _make_sink() -> "QAudioSink | None":
    from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

    device = QMediaDevices.defaultAudioOutput()
    if device.isNull():
        return None
    sound = QAudioFormat()
    sound.setSampleRate(RATE)
    sound.setChannelCount(1)
    sound.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    sink = QAudioSink(device, sound)
    sink.setBufferSize(int(RATE * 2 * _BUFFER_SECONDS))
    return sink


def has_sound_device() -> bool:
    """Whether there is anything to play on; False where QtMultimedia can't be loaded."""
    try:
        from PySide6.QtMultimedia import QMediaDevices
    except ImportError as error:
        _log.warning("no sound: %s", error)
        return False
    return not QMediaDevices.defaultAudioOutput().isNull()
