"""Playing: which frame is shown when, who keeps the time, and how fast."""

import time
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.state.timeline import TimelineState
from infinitetalk.request import FPS

Mode = Literal["source", "result", "compare"]
Way = Literal["wipe", "side", "difference"]
SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0)
_SHUTTLE = (1.0, 2.0, 4.0, 8.0)
_TICK_MS = 10


class Clock(Protocol):
    """Says how far playing has come. An audio clock also makes it heard."""

    def start(self, frame: int, speed: float) -> None: ...

    def stop(self) -> None: ...

    def frame(self) -> float:
        """The moment that is heard now, in video frames."""
        ...


class SystemClock:
    """The system's clock leads where there is no sound device, or while shuttling."""

    def __init__(self) -> None:
        self._began = 0.0
        self._from = 0
        self._speed = 1.0

    def start(self, frame: int, speed: float) -> None:
        self._began, self._from, self._speed = time.perf_counter(), frame, speed

    def stop(self) -> None:
        return

    def frame(self) -> float:
        return self._from + (time.perf_counter() - self._began) * FPS * self._speed


class PlaybackState(QObject):
    """Moves the playhead while playing. The clock decides; late frames are skipped."""

    playing_changed = Signal(bool)
    mode_changed = Signal()
    speed_changed = Signal(float)
    loop_changed = Signal(bool)
    volume_changed = Signal(int)
    live_changed = Signal(bool)
    zoom_changed = Signal()

    def __init__(self, timeline: TimelineState) -> None:
        super().__init__()
        self._timeline = timeline
        self.system_clock = SystemClock()
        self.audio_clock: Clock | None = None  # set where a sound device is there
        self._clock: Clock = self.system_clock
        self.mode: Mode = "source"
        self.way: Way = "wipe"
        self.fit = True
        self.live = True
        self.loop = False
        self.volume = 80
        self.speed = 1.0
        self._shuttle = 0.0  # J and L: multiples of real time, 0 when not shuttling
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @property
    def clock(self) -> Clock:
        return self._clock

    def set_mode(self, mode: Mode) -> None:
        if mode != self.mode:
            self.mode = mode
            self.mode_changed.emit()

    def set_way(self, way: Way) -> None:
        if way != self.way or self.mode != "compare":
            self.way, self.mode = way, "compare"
            self.mode_changed.emit()

    def next_way(self) -> None:
        ways: tuple[Way, ...] = ("wipe", "side", "difference")
        self.set_way(ways[(ways.index(self.way) + 1) % len(ways)])

    def set_fit(self, fit: bool) -> None:
        if fit != self.fit:
            self.fit = fit
            self.zoom_changed.emit()

    def set_live(self, on: bool) -> None:
        if on != self.live:
            self.live = on
            self.live_changed.emit(on)

    def set_loop(self, on: bool) -> None:
        if on != self.loop:
            self.loop = on
            self.loop_changed.emit(on)

    def set_volume(self, volume: int) -> None:
        if volume != self.volume:
            self.volume = volume
            self.volume_changed.emit(volume)

    def set_speed(self, speed: float) -> None:
        if speed != self.speed:
            self.speed = speed
            self.speed_changed.emit(speed)
            if self.playing:
                self._restart(self._timeline.playhead)

    def toggle(self) -> None:
        self.pause() if self.playing else self.play()

    def play(self) -> None:
        if not self._timeline.chunks or self.playing:
            return
        start, end = self._bounds()
        frame = self._timeline.playhead
        if frame >= end - 1 or (self.loop and not start <= frame < end):
            frame = start
        self._shuttle = 0.0
        self._restart(frame)
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        if self.playing:
            self._timer.stop()
            self._clock.stop()
            self._shuttle = 0.0
            self.playing_changed.emit(False)

    def shuttle(self, direction: int) -> None:
        """J (-1) and L (1): play that way; again: faster; the other way: slower, then around."""
        now = self._shuttle if self.playing and self._shuttle else (self.speed * self.playing)
        steps = [-s for s in reversed(_SHUTTLE)] + [0.0, *_SHUTTLE]
        nearest = min(range(len(steps)), key=lambda i: abs(steps[i] - now))
        wanted = steps[min(max(nearest + direction, 0), len(steps) - 1)]
        if wanted == 0.0:
            self.pause()
            return
        was_playing = self.playing
        self._clock.stop()
        if wanted == 1.0:
            self._shuttle = 0.0
            self._restart(self._timeline.playhead)
        else:
            self._shuttle = wanted
            self._clock = self.system_clock
            self._clock.start(self._timeline.playhead, wanted)
        if not was_playing:
            self._timer.start()
            self.playing_changed.emit(True)

    def seek(self, frame: int) -> None:
        self._timeline.set_playhead(frame)
        if self.playing:
            self._restart(self._timeline.playhead)

    def step(self, frames: int) -> None:
        self.pause()
        self._timeline.set_playhead(self._timeline.playhead + frames)

    def _restart(self, frame: int) -> None:
        self._clock.stop()
        heard = self.audio_clock is not None and self.speed == 1.0 and not self._shuttle
        self._clock = self.audio_clock if heard and self.audio_clock else self.system_clock
        self._clock.start(frame, self._shuttle or self.speed)
        self._timeline.set_playhead(frame)

    def _bounds(self) -> tuple[int, int]:
        timeline = self._timeline
        if not self.loop:
            return 0, timeline.total_frames
        end = timeline.out_frame if timeline.out_frame is not None else timeline.total_frames
        return timeline.in_frame or 0, end

    def _tick(self) -> None:
        start, end = self._bounds()
        frame = int(self._clock.frame())
        if frame >= end or frame < start - FPS:
            if self.loop and frame >= end:
                self._restart(start)
                return
            self._timeline.set_playhead(end - 1 if frame >= end else 0)
            self.pause()
            return
        self._timeline.set_playhead(frame)
