"""Carries a plan out: several files at once, one speed limit, one switch, one record."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.event import DownloadProgress
from infinitetalk.project import atomic
from infinitetalk.project.lock import JobLock
from infinitetalk.weights.download import problems
from infinitetalk.weights.download.client import make_client
from infinitetalk.weights.download.control import DownloadCancelled, DownloadControl
from infinitetalk.weights.download.plan import DownloadPlan, PlannedFile
from infinitetalk.weights.download.rate import RateLimit, Speed
from infinitetalk.weights.download.record import Record
from infinitetalk.weights.download.settings import Network
from infinitetalk.weights.download.transfer import Line, Status, fetch, read_back

LOCK_FILE = ".downloads.lock"
GRACE = 5.0  # seconds that lines get to end after a cancel

Tell = Callable[[DownloadProgress], None]


@dataclass(kw_only=True)
class Download:
    """One download under way. `run` blocks; `control` and `limit` serve other threads."""

    plan: DownloadPlan
    network: Network
    tell: Tell
    task: str = ""
    replace: bool = False  # files of the same name that are others
    control: DownloadControl = field(default_factory=DownloadControl)

    def __post_init__(self) -> None:
        self.limit = RateLimit(self.network.rate_limit)
        self._speed = Speed()
        self._telling = threading.Lock()
        self._done = {file.place: 0 for file in self.plan.files}
        self._failures: list[EngineError] = []

    def run(self) -> None:
        """Returns when every file is here and checked.

        Raises the EngineError of the first file that failed, after the others are through; at once
        if the disk fails. Raises DownloadCancelled; what has arrived stays in either case.
        """
        self.plan.check_space()
        self._refuse_different()
        atomic.make_folder(self.plan.folder)
        with locked(self.plan.folder), make_client(self.network) as client:
            line = Line(
                client=client,
                network=self.network,
                control=self.control,
                limit=self.limit,
                speed=self._speed,
            )
            self._work_off(line, Record(self.plan.folder))
        if self.control.cancelled and not self._failures:
            raise DownloadCancelled
        if self._failures:
            raise self._failures[0]

    def _refuse_different(self) -> None:
        if self.replace:
            return
        for file in self.plan.files:
            if file.state == "different":
                path = self.plan.folder / file.place
                why = f"{path.stat().st_size} bytes, published {file.remote.size}"
                raise problems.different(path, why)

    def _work_off(self, line: Line, record: Record) -> None:
        waiting: queue.SimpleQueue[PlannedFile] = queue.SimpleQueue()
        for file in self.plan.files:
            if file.state in ("ready", "elsewhere"):
                self._tell(file, file.remote.size, "finished")
            else:
                self._tell(file, file.have if file.state == "partial" else 0, "waiting")
                waiting.put(file)
        threads = [
            threading.Thread(
                target=self._load_all, args=(waiting, line, record), name=f"load {n}", daemon=True
            )
            for n in range(min(self.network.at_once, waiting.qsize()))
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)  # in steps, so that Ctrl-C comes through
                    if self.control.cancelled:
                        thread.join(GRACE)
                        break
        except BaseException:
            self.control.cancel()
            for thread in threads:
                thread.join(GRACE)
            raise

    def _load_all(
        self, waiting: "queue.SimpleQueue[PlannedFile]", line: Line, record: Record
    ) -> None:
        while not self.control.cancelled:
            try:
                file = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                self._load(file, line, record)
            except DownloadCancelled:
                return
            except EngineError as error:
                self._fail(file, error)
            except OSError as error:
                self._fail(file, problems.disk_problem(error, self.plan.folder / file.place))

    def _load(self, file: PlannedFile, line: Line, record: Record) -> None:
        target = self.plan.folder / file.place

        def report(done: int, status: Status, why: ErrorReport | None = None) -> None:
            self._tell(file, done, status, why)

        if file.state == "unchecked":
            found = read_back(file.remote, target, line, report)
            identity = file.remote.identity if found.good else ""
            record.add(target, file.place, identity, found.sha256)
            if found.good:
                self._tell(file, file.remote.size, "finished")
                return
            if not self.replace:
                raise problems.different(target, "its SHA-256 differs")
        sha256 = fetch(file.remote, target, line, report)
        record.add(target, file.place, file.remote.identity, sha256, loaded=True)
        self._tell(file, file.remote.size, "finished")

    def _fail(self, file: PlannedFile, error: EngineError) -> None:
        with self._telling:
            self._failures.append(error)
        self._tell(file, self._done[file.place], "failed", error.report)
        if error.report.code.startswith("disk."):
            self.control.cancel()  # the others would meet the same disk

    def _tell(
        self, file: PlannedFile, done: int, status: str, error: ErrorReport | None = None
    ) -> None:
        with self._telling:
            self._done[file.place] = done
            self.tell(
                DownloadProgress(
                    task=self.task,
                    file=file.place,
                    done=done,
                    total=file.remote.size,
                    rate=self._speed.rate,
                    status=status,  # type: ignore[arg-type]  # the words are those of the event
                    error=error,
                    part=file.part.name,
                )
            )


class locked:  # noqa: N801  used as a function
    """One download or removal at a time in a folder. Raises EngineError `download.busy`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = JobLock(folder / LOCK_FILE, program="download")

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except EngineError as error:
            if error.report.code == "project.locked":
                raise problems.busy(self._folder, error.report.facts.get("pid")) from error
            raise

    def __exit__(self, *_: object) -> None:
        self._lock.release(remove=True)
