"""What the window may ask of the engine. Each message is a frozen dataclass with a name on the wire.

`README.md` beside this file says what each does and answers.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from infinitetalk.request import ChunkSettings, GenerationRequest


@dataclass(frozen=True, kw_only=True)
class Hello:
    NAME: ClassVar[str] = "hello"
    program: str  # name and version of the asking program
    versions: tuple[int, ...] = (1,)  # versions of this protocol that it speaks


@dataclass(frozen=True, kw_only=True)
class Probe:
    NAME: ClassVar[str] = "probe"
    folder: Path | None = None  # where jobs are kept, for the free space
    measure: bool = False  # also measure rates; takes seconds


@dataclass(frozen=True, kw_only=True)
class ListWeights:
    NAME: ClassVar[str] = "list_weights"
    folders: tuple[Path, ...] = ()  # none: the data folder and the miniature


@dataclass(frozen=True, kw_only=True)
class CheckWeights:
    NAME: ClassVar[str] = "check_weights"
    paths: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class MakePlan:
    NAME: ClassVar[str] = "plan"
    request: GenerationRequest
    model: str  # folder, or "miniature"
    frames: tuple[int, int] | None = None  # in and out; None: all


@dataclass(frozen=True, kw_only=True)
class Start:
    NAME: ClassVar[str] = "start"
    job_folder: Path
    model: str
    request: GenerationRequest | None = None  # None: an existing job goes on as it is
    frames: tuple[int, int] | None = None
    out: Path | None = None  # exported here when all is ready
    overwrite: bool = False


@dataclass(frozen=True, kw_only=True)
class ChangeRequest:
    NAME: ClassVar[str] = "change_request"
    job_folder: Path
    request: GenerationRequest


@dataclass(frozen=True, kw_only=True)
class Edit:
    NAME: ClassVar[str] = "edit"
    job_folder: Path
    chunk: int
    settings: ChunkSettings


@dataclass(frozen=True, kw_only=True)
class Redo:
    NAME: ClassVar[str] = "redo"
    job_folder: Path
    chunk: int
    settings: tuple[ChunkSettings, ...] = ()  # none: a new seed; several: takes to choose from
    keep_following: bool = False


@dataclass(frozen=True, kw_only=True)
class Keep:
    NAME: ClassVar[str] = "keep"
    job_folder: Path
    chunks: tuple[int, ...]
    keep: bool = True  # False: end keeping


@dataclass(frozen=True, kw_only=True)
class ChooseTake:
    NAME: ClassVar[str] = "choose_take"
    job_folder: Path
    chunk: int
    take: str


@dataclass(frozen=True, kw_only=True)
class RemoveTake:
    NAME: ClassVar[str] = "remove_take"
    job_folder: Path
    chunk: int
    take: str


@dataclass(frozen=True, kw_only=True)
class SetRange:
    NAME: ClassVar[str] = "set_range"
    job_folder: Path
    frames: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Pause:
    NAME: ClassVar[str] = "pause"


@dataclass(frozen=True, kw_only=True)
class Resume:
    NAME: ClassVar[str] = "resume"


@dataclass(frozen=True, kw_only=True)
class Stop:
    NAME: ClassVar[str] = "stop"


@dataclass(frozen=True, kw_only=True)
class Export:
    NAME: ClassVar[str] = "export"
    job_folder: Path
    out: Path
    crf: int | None = None
    overwrite: bool = False
    frames: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Download:
    NAME: ClassVar[str] = "download"
    task: str  # chosen by the asker; DownloadProgress carries it
    file: str  # name in the catalog
    folder: Path


@dataclass(frozen=True, kw_only=True)
class ImportWeights:
    NAME: ClassVar[str] = "import_weights"
    task: str
    source: Path
    target: Path
    precision: str


@dataclass(frozen=True, kw_only=True)
class CancelTask:
    NAME: ClassVar[str] = "cancel_task"
    task: str


@dataclass(frozen=True, kw_only=True)
class ShutDown:
    NAME: ClassVar[str] = "shut_down"


Message = (
    Hello
    | Probe
    | ListWeights
    | CheckWeights
    | MakePlan
    | Start
    | ChangeRequest
    | Edit
    | Redo
    | Keep
    | ChooseTake
    | RemoveTake
    | SetRange
    | Pause
    | Resume
    | Stop
    | Export
    | Download
    | ImportWeights
    | CancelTask
    | ShutDown
)
