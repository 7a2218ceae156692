"""What is being decided before rendering: a copy of the project, until *Render* makes it its own."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop import commands
from desktop.state.clock_text import GIB
from desktop.state.document import ProjectData
from desktop.state.session import Session
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.plan import Plan
from infinitetalk.request import PRESETS

WHAT = ("all", "range", "stale")


class PreflightChoice(QObject):
    """Project, range and limit of graphics memory, and the plan of them. Knows no widget."""

    changed = Signal()

    def __init__(self, session: Session, what: str) -> None:
        super().__init__()
        self._session = session
        self.data: ProjectData = session.data
        self.what = what
        self.vram_limit: float = session.settings.value.vram_limit_gib  # GiB; 0: what is free
        self.plan: Plan | None = None
        self.problem: ErrorReport | None = None

    # Changing

    def set(self, name: str, value: Any) -> None:
        """A field of the request."""
        self.use(self.data.with_option(name, value))

    def use(self, data: ProjectData) -> None:
        self.data = data
        self.changed.emit()

    def choose_preset(self, name: str) -> None:
        self.use(commands.set_preset(self.data, name, self._own_presets())[1])

    def choose_range(self, index: int) -> None:
        self.what = WHAT[index]
        self.changed.emit()

    def set_vram_limit(self, gib: float) -> None:
        self.vram_limit = gib
        self.changed.emit()

    def _own_presets(self) -> commands.Presets:
        return self._session.planner.own_presets(self.data.model)

    # Computing

    @property
    def frames(self) -> tuple[int, int] | None:
        """The part of the timeline that is to be rendered; None: all of it."""
        session = self._session
        if self.what == "range":
            return session.frames
        if self.what == "stale":
            stale = session.timeline.indices("stale")
            if stale:
                chunks = session.timeline.chunks
                return chunks[stale[0]].first_frame, chunks[stale[-1]].end_frame
        return None

    def compute(self) -> None:
        """The plan of what is chosen now, or the problem that there is none."""
        self.problem = None
        try:
            self.plan = self._plan_of(self.data)
        except EngineError as error:
            self.plan, self.problem = None, error.report

    def plan_with(self, preset: str) -> tuple[ProjectData, Plan | None]:
        """The project with another preset, what no preset sets kept, and its plan if there is one."""
        data = commands.set_preset(self.data, preset, self._own_presets())[1]
        data = replace(data, options={**data.options, **_kept(self.data)})
        try:
            return data, self._plan_of(data)
        except EngineError:
            return data, None

    def _plan_of(self, data: ProjectData) -> Plan | None:
        planner = self._session.planner
        request = planner.request_of(data)
        if request is None:
            return None
        limit = int(self.vram_limit * GIB) if self.vram_limit else None
        return planner.plan_for(request, data, frames=self.frames, vram_limit=limit)

    # Rendering

    def render(self, *, next_one: bool) -> bool:
        """Makes the copy the project, and puts it into the queue; False where it is not complete."""
        session = self._session
        if self.data != session.data:
            text = commands.set_preset(self.data, self.data.preset, {})[0]
            session.project.edit((text, self.data))
        session.settings.update(vram_limit_gib=self.vram_limit, default_preset=self.data.preset)
        return session.render(frames=self.frames, next_one=next_one)


def _kept(data: ProjectData) -> dict[str, Any]:
    """Options that no preset sets."""
    named = set().union(*(p.changes for p in PRESETS.values()))
    return {k: v for k, v in data.options.items() if k not in named}
