"""What the window may ask of the engine. Each message is a frozen dataclass with a name on the wire.

`README.md` beside this file says what each does and answers.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from infinitetalk.media.export_choice import ExportChoice
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
    measure: bool = False  # also how fast models are read; takes a second
    models: Path | None = None  # where they lie; None: the data folder


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
    vram_limit: int | None = None  # bytes; None: what is free
    leave_core_free: bool = False  # for a window that shall answer meanwhile


@dataclass(frozen=True, kw_only=True)
class Start:
    NAME: ClassVar[str] = "start"
    job_folder: Path
    model: str
    request: GenerationRequest | None = None  # None: an existing job goes on as it is
    frames: tuple[int, int] | None = None
    out: Path | None = None  # exported here when all is ready
    overwrite: bool = False
    vram_limit: int | None = None  # as in `MakePlan`
    leave_core_free: bool = False


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
    choice: ExportChoice = field(default_factory=ExportChoice)
    overwrite: bool = False
    task: str = ""  # chosen by the asker; ExportProgress carries it, and it can be cancelled


@dataclass(frozen=True, kw_only=True)
class NetworkChoice:
    """How the user wants the network used; part of other messages."""

    mirror: str = ""  # another address than the hub's
    proxy: str | None = None  # None: the system's; "": none
    rate_limit: int | None = None  # bytes per second over all files
    at_once: int = 3  # files


@dataclass(frozen=True, kw_only=True)
class ListCatalog:
    NAME: ClassVar[str] = "list_catalog"
    folder: Path | None = None  # of models: what of each set is there, told without a network


@dataclass(frozen=True, kw_only=True)
class PlanDownload:
    NAME: ClassVar[str] = "plan_download"
    sets: tuple[str, ...]
    folder: Path
    network: NetworkChoice = NetworkChoice()
    conversion: bool = True  # block stores count towards the space needed
    parts: tuple[str, ...] = ()  # of the sets only these; none: all


@dataclass(frozen=True, kw_only=True)
class Download:
    NAME: ClassVar[str] = "download"
    task: str  # chosen by the asker; DownloadProgress carries it
    file: str = ""  # name of one set in the catalog
    folder: Path
    sets: tuple[str, ...] = ()  # or several
    network: NetworkChoice = NetworkChoice()
    conversion: bool = True
    replace: bool = False  # files of the same name that are others
    parts: tuple[str, ...] = ()  # of the sets only these; none: all


@dataclass(frozen=True, kw_only=True)
class SearchModels:
    NAME: ClassVar[str] = "search_models"
    folder: Path | None = None  # None: where other programs usually keep theirs


@dataclass(frozen=True, kw_only=True)
class ImportWeights:
    NAME: ClassVar[str] = "import_weights"
    task: str
    source: Path  # what it holds is remembered in `target` and used where it is
    target: Path  # the models folder
    precision: str  # of the block store that is written there; "": none
    speakers: int = 1
    paths: tuple[Path, ...] = ()  # of what the source holds only these; none: all
    copy: bool = False  # below `target`, instead of using it where it is
    check: bool = False  # read every byte first: SHA-256


@dataclass(frozen=True, kw_only=True)
class ForgetModel:
    NAME: ClassVar[str] = "forget_model"
    folder: Path  # the models folder
    path: Path  # of another program; the file stays


@dataclass(frozen=True, kw_only=True)
class PlanRemoval:
    NAME: ClassVar[str] = "plan_removal"
    folder: Path  # the models folder
    sets: tuple[str, ...] = ()  # without what other sets that are here need
    parts: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()  # absolute, or below the folder
    stores: tuple[str, ...] = ()  # sets of which only what was converted goes
    jobs: tuple[Path, ...] = ()  # further job folders, folders of them, project files


@dataclass(frozen=True, kw_only=True)
class RemoveWeights:
    NAME: ClassVar[str] = "remove_weights"
    folder: Path
    sets: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    stores: tuple[str, ...] = ()
    jobs: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CheckVersion:
    NAME: ClassVar[str] = "check_version"
    address: str = ""  # "": the one that came with the program
    network: NetworkChoice = NetworkChoice()


@dataclass(frozen=True, kw_only=True)
class CancelTask:
    NAME: ClassVar[str] = "cancel_task"
    task: str


@dataclass(frozen=True, kw_only=True)
class PauseTask:
    NAME: ClassVar[str] = "pause_task"
    task: str
    paused: bool = True  # False: go on


@dataclass(frozen=True, kw_only=True)
class LimitRate:
    NAME: ClassVar[str] = "limit_rate"
    rate: int | None = None  # bytes per second over all files; None: no limit


@dataclass(frozen=True, kw_only=True)
class SaveToken:
    NAME: ClassVar[str] = "save_token"
    token: str = field(repr=False)  # "": forget it
    mirror: str = ""  # the address it is for; "": the hub


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
    | ListCatalog
    | PlanDownload
    | Download
    | SearchModels
    | ImportWeights
    | ForgetModel
    | PlanRemoval
    | RemoveWeights
    | CheckVersion
    | CancelTask
    | PauseTask
    | LimitRate
    | SaveToken
    | ShutDown
)
