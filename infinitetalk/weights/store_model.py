"""The import of a model folder's transformer: its files to one block store beside them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.folder import ModelFiles
from infinitetalk.weights.identity import identity_of
from infinitetalk.weights.lora import read_lora
from infinitetalk.weights.merge import ScaledLora, merge
from infinitetalk.weights.store import Progress
from infinitetalk.weights.store_coding import coding_for
from infinitetalk.weights.store_import import ImportOptions, import_weights
from infinitetalk.weights.store_name import store_name
from infinitetalk.weights.tensors import State


def import_transformer(
    files: ModelFiles,
    precision: str,
    *,
    target: Path,
    speakers: int = 1,
    loras: Sequence[tuple[Path, float]] = (),
    progress: Progress | None = None,
    check_cancel: Callable[[], None] | None = None,
) -> Path:
    """Base, audio adapter and LoRAs (file, scale) as one block store; returns where it is.

    `target` is the file, or a folder for it. Weights that are 8 bits already in this precision
    stay as they are. Interrupted, the next call goes on. Raises EngineError as `choose_transformer`,
    `read_lora` and `import_weights` do.
    """
    choice = choose_transformer(files, speakers=speakers, precision=precision)
    state: State = choice.state()
    headers = [h for part in choice.parts if part.layout is not None for h in part.layout.headers]
    shapes = {name: state.shape(name) for name in state}
    read = [ScaledLora(lora=read_lora(path, shapes), scale=scale) for path, scale in loras]
    if read:
        state = merge(state, read)
    options = ImportOptions(
        identity=identity_of(headers, {one.lora.identity: f"{one.scale}" for one in read}),
        loras=tuple(f"{one.lora.path.name} x {one.scale:g}" for one in read),
        progress=progress,
        check_cancel=check_cancel,
    )
    is_file = target.suffix == ".safetensors"
    path = target if is_file else target / store_name(precision, speakers, len(read))
    return import_weights(state, path, coding_for(precision), options)
