"""Which of the files that were found make the transformer of a job, and what the plan must know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.plan.facts import WeightsFacts
from infinitetalk.weights import tables
from infinitetalk.weights.check import Inspection
from infinitetalk.weights.folder import ModelFiles
from infinitetalk.weights.identity import identity_of
from infinitetalk.weights.recognize import Kind, Speakers

if TYPE_CHECKING:
    from infinitetalk.weights.tensors import LazyState

HEAD_SIZE = 128  # of every published Wan model; shapes alone don't tell the number of heads
EIGHT_BIT = ("fp8", "int8")


@dataclass(frozen=True, kw_only=True)
class TransformerChoice:
    """The files of the transformer: base and audio adapter, or one file that has both."""

    parts: tuple[Inspection, ...]  # base first
    precision: str  # how the blocks' linears are stored
    speakers: Speakers
    notices: tuple[str, ...] = ()

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {
            name: shape
            for part in self.parts
            if part.layout is not None
            for name, shape in part.layout.shapes.items()
        }

    @property
    def sizes(self) -> tables.TransformerSizes:
        return tables.transformer_sizes(self.shapes)

    @property
    def nbytes(self) -> int:
        """Of all its files."""
        return sum(part.report.size for part in self.parts)

    def state(self) -> "LazyState":
        """The tensors under published names, mapped; headers are not read again."""
        from infinitetalk.weights.tensors import LazyState

        return LazyState([part.layout for part in self.parts if part.layout is not None])


def choose_transformer(
    files: ModelFiles, *, speakers: int = 1, precision: str | None = None
) -> TransformerChoice:
    """The best files for this many speakers and this precision.

    A file that was named comes first; a quantized one where its precision is asked for (or nothing
    else is there); otherwise base and adapter, or a merged file, which the loader may quantize.
    Raises EngineError `weights.missing`, `weights.no_multi`, or what is wrong with a broken file.
    """
    if speakers not in (1, 2):
        raise ValueError(f"speakers must be 1 or 2, found {speakers}")
    quantized = [m for m in files.all("merged") if m.report.precision in EIGHT_BIT]
    whole = [m for m in files.all("merged") if m.report.precision not in EIGHT_BIT]
    explicit = {path for path in (files.paths.quant_dir, files.paths.dit_path) if path is not None}
    named = [m for m in files.all("merged") if not explicit.isdisjoint(m.report.files)]
    matching = [m for m in quantized if m.report.precision == precision]
    for group in (named, matching):
        first = _for_speakers(group, speakers)
        if first is not None:
            return _choice((first,))
    pair = _pair(files, speakers)
    if pair is not None:
        return _choice(pair)
    single_file = _for_speakers(whole, speakers)
    if single_file is not None:
        return _choice((single_file,))
    spare = _for_speakers(quantized, speakers)
    if spare is not None:
        note = f"Only {spare.report.precision} weights are there; they are run as they are."
        return _choice((spare,), note if precision else "")
    _explain(files, speakers)
    raise AssertionError("unreachable: the explanation raises")


def _choice(parts: Sequence[Inspection], notice: str = "") -> TransformerChoice:
    adapter = parts[-1].report
    found = tuple(notice for part in parts for notice in part.report.notices)
    return TransformerChoice(
        parts=tuple(parts),
        precision=parts[0].report.precision,
        speakers=adapter.speakers,
        notices=(*found, *([notice] if notice else [])),
    )


def _for_speakers(parts: Sequence[Inspection], speakers: int) -> Inspection | None:
    """Weights for exactly this many, else those that can do it too, else of unknown kind."""
    order: tuple[Speakers, ...] = ("one", "unknown", "two") if speakers == 1 else ("two", "unknown")
    for kind in order:
        for part in parts:
            if part.report.speakers == kind:
                return part
    return None


def _pair(files: ModelFiles, speakers: int) -> tuple[Inspection, Inspection] | None:
    overlay = _for_speakers(files.all("overlay"), speakers)
    if overlay is None:
        return None
    fitting = [base for base in files.all("base") if _fits(base, overlay)]
    return (fitting[0], overlay) if fitting else None


def _fits(base: Inspection, overlay: Inspection) -> bool:
    """Same width and number of blocks."""
    sizes = []
    for part in (base, overlay):
        found = part.recognition.facts.get("sizes") if part.recognition else None
        sizes.append((found.dim, found.num_layers) if found else None)
    return sizes[0] == sizes[1]


def _explain(files: ModelFiles, speakers: int) -> None:
    """Raises the error that says why no transformer can be put together."""
    overlays = (*files.all("overlay"), *files.all("merged"))
    if speakers == 2 and overlays and all(o.report.speakers == "one" for o in overlays):
        raise engine_error(
            "weights.no_multi",
            "These weights know one speaker",
            f"The project has two speakers; {overlays[0].report.path.name} in "
            f"{overlays[0].report.path.parent} was trained for one.",
            "Download the weights for two speakers (InfiniteTalk/multi), or use one speaker.",
            path=str(overlays[0].report.path),
        )
    for kind in ("base", "overlay"):
        if not files.all(kind):
            files.part(kind)
    base, overlay = files.part("base").report, files.part("overlay").report
    raise engine_error(
        "weights.wrong_kind",
        "These weights don't belong together",
        f"{base.path.name} is a {base.title}; {overlay.path.name} is an {overlay.title}.",
        "Choose base and audio adapter of the same size.",
    )


def network_config(files: ModelFiles, choice: TransformerChoice) -> dict[str, Any]:
    """Sizes of the transformer as a table for its config: shapes first, then config.json.

    Keys are those of spec transformer.md section 1. What shapes can't tell (heads, text length, how
    the audio embedding splits into layers and channels) comes from the config files beside them.
    """
    sizes = choice.sizes
    said = files.config
    layers, channels = _audio_split(files, sizes)
    return {
        "model_type": "i2v",
        "dim": sizes.dim,
        "ffn_dim": sizes.ffn_dim,
        "num_heads": int(said.get("num_heads") or max(sizes.dim // HEAD_SIZE, 1)),
        "num_layers": sizes.num_layers,
        "in_dim": sizes.in_dim,
        "out_dim": sizes.out_dim,
        "text_len": int(said.get("text_len") or 512),
        "text_dim": sizes.text_dim,
        "freq_dim": sizes.freq_dim,
        "eps": float(said.get("eps") or 1e-6),
        "clip_dim": sizes.clip_dim,
        "audio_blocks": layers,
        "audio_channels": channels,
        "intermediate_dim": sizes.intermediate_dim,
        "output_dim": sizes.output_dim,
        "context_tokens": sizes.context_tokens,
    }


def _audio_split(files: ModelFiles, sizes: tables.TransformerSizes) -> tuple[int, int]:
    """Layers and width of the audio encoder whose product the adapter takes."""
    guesses: list[tuple[int, int]] = []
    for part in files.all("audio_encoder"):
        found = part.recognition.facts.get("sizes") if part.recognition else None
        if found:
            guesses.append((found.num_layers, found.dim))
    said: Mapping[str, Any] = files.config
    if said.get("audio_blocks") and said.get("audio_channels"):
        guesses.append((int(said["audio_blocks"]), int(said["audio_channels"])))
    guesses += [(12, 768), (1, sizes.audio_features)]
    return next(guess for guess in guesses if guess[0] * guess[1] == sizes.audio_features)


def weights_facts(
    files: ModelFiles, *, speakers: int = 1, precision: str | None = None
) -> WeightsFacts:
    """What the plan must know, from headers alone; the identity covers every part that is used.

    Raises the EngineErrors of `choose_transformer` and of `ModelFiles.part`.
    """
    choice = choose_transformer(files, speakers=speakers, precision=precision)
    config = network_config(files, choice)
    others: list[Kind] = ["text_encoder", "image_encoder", "audio_encoder", "vae"]
    parts = {kind: files.part(kind) for kind in others}
    block = sum(_numel(s) for n, s in choice.shapes.items() if n.startswith("blocks.0."))
    every = sum(_numel(shape) for shape in choice.shapes.values())
    description = files.description
    return WeightsFacts(
        name=description.name,
        identity=identity_of(
            header
            for part in (*choice.parts, *parts.values())
            if part.layout is not None
            for header in part.layout.headers
        ),
        dim=config["dim"],
        heads=config["num_heads"],
        ffn_dim=config["ffn_dim"],
        blocks=config["num_layers"],
        audio_blocks=config["audio_blocks"],
        audio_channels=config["audio_channels"],
        text_dim=config["text_dim"],
        stored=choice.precision,
        block_parameters=block,
        other_parameters=every - block * config["num_layers"],
        text_encoder_bytes=_bytes(parts["text_encoder"]),
        image_encoder_bytes=_bytes(parts["image_encoder"]),
        audio_encoder_bytes=_bytes(parts["audio_encoder"]),
        vae_parameters=parts["vae"].report.parameters,
        speakers=_most_speakers(files),
        chunk_frames=description.chunk_frames,
        motion_frames=description.motion_frames,
        size=description.size,
        buckets=description.buckets,
        shift=description.shift,
        fast_lora=_below(files.fast_lora, files.folder),
        fast_lora_scale=description.fast_lora_scale,
        miniature=description.kind == "miniature",
    )


def _numel(shape: tuple[int, ...]) -> int:
    product = 1
    for n in shape:
        product *= n
    return product


def _bytes(part: Inspection) -> int:
    """Bytes of the tensors that the network uses (CLIP's text half is never read)."""
    layout = part.layout
    return sum(stored.nbytes for stored in layout.tensors.values()) if layout else 0


def _below(path: Path | None, folder: Path) -> str | None:
    """A path relative to the model's folder where it lies below it, in POSIX form."""
    if path is None:
        return None
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()


def _most_speakers(files: ModelFiles) -> int:
    try:
        choose_transformer(files, speakers=2)
    except EngineError:
        return 1
    return 2
