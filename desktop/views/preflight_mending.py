"""The buttons of the checks before rendering: what mends each, done to the copy that is shown."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from desktop import commands
from desktop.state.session import Session
from desktop.views.preflight_choice import PreflightChoice
from desktop.views.preflight_parts import CheckButton
from desktop.widgets.folders import DRIVER_PAGE, open_address
from infinitetalk.errors import ErrorReport

Buttons = tuple[CheckButton, ...]


class CheckMending(QObject):
    """Finds the buttons of a check. `leave` closes the sheet; `start` renders; `sizes` shows them."""

    def __init__(
        self,
        session: Session,
        chosen: PreflightChoice,
        *,
        leave: Callable[[], object],
        start: Callable[[], object],
        sizes: Callable[[], object],
    ) -> None:
        super().__init__()
        self._session, self._choice = session, chosen
        self._leave, self._start, self._sizes = leave, start, sizes

    def buttons(self, report: ErrorReport) -> Buttons:
        size = CheckButton(text=self.tr("Smaller size"), act=self._smaller)
        other = CheckButton(text=self.tr("Other size"), act=self._sizes)
        models = CheckButton(text=self.tr("Models…"), act=self._open_models)
        folder = CheckButton(text=self.tr("Jobs folder…"), act=self._other_folder)
        driver = CheckButton(
            text=self.tr("Open download page"), act=partial(open_address, DRIVER_PAGE)
        )
        wait = CheckButton(text=self.tr("Wait for it"), act=self._wait_for_card)
        one = CheckButton(text=self.tr("Use one speaker"), act=self._one_speaker)
        without = CheckButton(text=self.tr("Remove it"), act=partial(self._without_lora, report))
        table: dict[str, Buttons] = {
            "vram.not_enough": (size,),
            "ram.not_enough": (size,),
            "disk.full": (size, folder),
            "disk.not_enough": (size,),
            "disk.slow": (models,),
            "gpu.driver_old": (driver,),
            "gpu.busy": (wait,),
            "weights.no_multi": (one, models),
            "weights.missing": (models,),
            "lora.no_match": (without,),
            "source.crop": (other,),
            "source.short": self._source_ends(report),
            "speech.unequal": self._unequal(report),
        }
        return table.get(report.code, ())

    def _source_ends(self, report: ErrorReport) -> Buttons:
        if report.facts.get("end") == "stop":
            return ()
        return (CheckButton(text=self.tr("End with source"), act=self._end_with_source),)

    def _end_with_source(self) -> None:
        mends = self._choice.data.option("mends")
        self._choice.set("mends", replace(mends, source_end="stop"))

    def _unequal(self, report: ErrorReport) -> Buttons:
        number, seconds = report.facts.get("speaker"), report.facts.get("seconds")
        if not isinstance(number, int) or not isinstance(seconds, (int, float)):
            return ()
        act = partial(self._move_to_end, number, float(seconds))
        return (CheckButton(text=self.tr("Move to the end instead"), act=act),)

    def _move_to_end(self, number: int, seconds: float) -> None:
        data = self._choice.data
        start = round(data.speakers[number].start + seconds, 3)
        self._choice.use(commands.change_speaker(data, number, start=start)[1])

    def _without_lora(self, report: ErrorReport) -> None:
        path = str(report.facts.get("path", ""))
        left = (lora for lora in self._choice.data.option("loras") if str(lora.path) != path)
        self._choice.set("loras", tuple(left))

    def _smaller(self) -> None:
        self._choice.use(commands.smaller_size(self._choice.data)[1])

    def _one_speaker(self) -> None:
        data = self._choice.data
        self._choice.use(replace(data, speakers=data.speakers[:1]))

    # Leaving

    def _other_folder(self) -> None:
        self._leave()
        self._session.settings_wanted.emit("folders")

    def _open_models(self) -> None:
        self._leave()
        self._session.models.page_wanted.emit()

    def _wait_for_card(self) -> None:
        plan = self._choice.plan
        self._session.card_wait_wanted.emit(plan.peak_vram if plan is not None else 0)
        self._start()
