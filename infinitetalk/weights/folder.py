"""The parts of a model on disk: base, audio adapter, encoders, VAE, tokenizer, LoRAs.

Parts are found by content, in a folder that has everything somewhere below it or at the paths that
the original command line names; what other programs left counts as well (`found.py`). Nothing is
raised while looking; whoever needs a part asks for it and gets the file, or an error that says what
is missing or wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.weights.check import Inspection, inspect
from infinitetalk.weights.description import (
    DESCRIPTION_FILE,
    ModelDescription,
    read_description,
)
from infinitetalk.weights.found import remembered_paths
from infinitetalk.weights.header import missing_file, read_json
from infinitetalk.weights.recognize import Kind, Speakers

# Names of the published parts: where to expect a missing one, and whose broken file a file is.
PUBLISHED_PLACES: Mapping[Kind, tuple[str, str]] = {
    "base": (
        "Wan2.1-I2V-14B-480P/diffusion_pytorch_model-00001-of-00007.safetensors",
        "The Wan2.1 base transformer",
    ),
    "overlay": (
        "InfiniteTalk/single/infinitetalk.safetensors",
        "InfiniteTalk's audio adapter",
    ),
    "text_encoder": (
        "Wan2.1-I2V-14B-480P/models_t5_umt5-xxl-enc-bf16.pth",
        "The text encoder",
    ),
    "image_encoder": (
        "Wan2.1-I2V-14B-480P/models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth",
        "The image encoder",
    ),
    "vae": ("Wan2.1-I2V-14B-480P/Wan2.1_VAE.pth", "The VAE"),
    "audio_encoder": ("chinese-wav2vec2-base/model.safetensors", "The audio encoder"),
}
PUBLISHED_BYTES: Mapping[Kind, int] = {
    "base": 65_600_000_000,
    "overlay": 4_970_000_000,
    "text_encoder": 11_360_000_000,
    "image_encoder": 4_770_000_000,
    "vae": 508_000_000,
    "audio_encoder": 380_000_000,
}
_NAME_PARTS: tuple[tuple[str, Kind], ...] = (
    ("diffusion_pytorch_model", "base"),
    ("infinitetalk", "overlay"),
    ("models_t5", "text_encoder"),
    ("t5_", "text_encoder"),
    ("models_clip", "image_encoder"),
    ("vae", "vae"),
)


@dataclass(frozen=True, kw_only=True)
class ModelPaths:
    """Where to look: one folder, or the separate paths of the original command line."""

    root: Path | None = None
    ckpt_dir: Path | None = None  # Wan folder: base, text and image encoder, VAE, tokenizer
    infinitetalk_dir: Path | None = None  # the adapter's file, or a folder that has it
    wav2vec_dir: Path | None = None
    quant_dir: Path | None = None  # a quanto file of the whole transformer
    dit_path: Path | None = None  # a single file instead of the base's shards
    t5_path: Path | None = None

    def named(self) -> Iterator[Path]:
        """Explicit paths first: what they hold is preferred to what else lies in the root."""
        for path in (
            self.dit_path,
            self.quant_dir,
            self.infinitetalk_dir,
            self.t5_path,
            self.ckpt_dir,
            self.wav2vec_dir,
            self.root,
        ):
            if path is not None:
                yield path


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """Everything that was found, by kind, in the order of preference."""

    folder: Path  # where descriptions and published names are looked up
    paths: ModelPaths
    description: ModelDescription
    found: Mapping[Kind, tuple[Inspection, ...]]
    broken: tuple[Inspection, ...] = ()
    tokenizer: Path | None = None
    config: Mapping[str, Any] = field(default_factory=dict)  # the base's config.json
    audio_config: Mapping[str, Any] = field(default_factory=dict)

    def all(self, kind: Kind) -> tuple[Inspection, ...]:
        return self.found.get(kind, ())

    def part(self, kind: Kind) -> Inspection:
        """The file of a kind. Raises EngineError if it is missing or the one there is broken."""
        parts = self.all(kind)
        if parts:
            return parts[0]
        for inspection in self.broken:
            if _likely_kind(inspection) == kind:
                raise EngineError(inspection.report.problems[0])
        raise self.missing(kind)

    def missing(self, kind: Kind) -> EngineError:
        place, what = PUBLISHED_PLACES[kind]
        error = missing_file(self.folder / place, what)
        error.report.facts.update(kind=kind, size=PUBLISHED_BYTES[kind])
        return error

    @property
    def audio_folder(self) -> Path:
        """The folder of the audio encoder, with its config.json."""
        return self.part("audio_encoder").report.files[0].parent

    @property
    def loras(self) -> tuple[Path, ...]:
        return tuple(inspection.report.path for inspection in self.all("lora"))

    @property
    def fast_lora(self) -> Path | None:
        """The step-distillation LoRA: the one that the description names, else one known by name.

        What a LoRA was trained for can't be read off its tensors; lightx2v is made for the fewest
        steps.
        """
        if self.description.fast_lora is not None:
            return self.folder / self.description.fast_lora
        for word in ("lightx2v", "distill", "fusionx"):
            for path in self.loras:
                if word in path.name.lower():
                    return path
        return None

    def tokenizer_folder(self) -> Path:
        """The text encoder's tokenizer. Raises EngineError `weights.missing`."""
        if self.tokenizer is None:
            raise missing_file(
                self.folder / "Wan2.1-I2V-14B-480P" / "google" / "umt5-xxl", "The tokenizer"
            )
        return self.tokenizer

    def speakers(self) -> frozenset[Speakers]:
        """For how many speakers there are weights, as far as folders tell."""
        return frozenset(
            inspection.report.speakers
            for kind in ("overlay", "merged")
            for inspection in self.all(kind)
        )


def find_model(where: Path | ModelPaths) -> ModelFiles:
    """The parts of a model below one folder or at explicit paths.

    Raises EngineError `weights.missing` if a named path does not exist, and `weights.corrupt`
    for a description that can't be read; everything else is told when a part is asked for.
    """
    paths = ModelPaths(root=where) if isinstance(where, Path) else where
    named = list(paths.named())
    if not named:
        raise engine_error(
            "weights.missing",
            "No model is named",
            "Neither a model folder nor a file was given.",
            "Name the folder that has the model, with --model.",
        )
    for path in named:
        if not path.exists():
            raise missing_file(path, "The model")
    folder = _folder(paths, named)
    found: dict[Kind, list[Inspection]] = {}
    broken: list[Inspection] = []
    beside = sorted(paths.quant_dir.parent.glob("t5_*.safetensors")) if paths.quant_dir else []
    elsewhere, tokenizers = remembered_paths(folder)
    for inspection in inspect([*named, *beside, *elsewhere]):
        if inspection.report.usable:
            found.setdefault(inspection.report.kind, []).append(inspection)
        else:
            broken.append(inspection)
    for kind in found:
        found[kind] = _preferred(kind, found[kind], paths)
    base = next(iter(found.get("base", found.get("merged", []))), None)
    audio = next(iter(found.get("audio_encoder", [])), None)
    return ModelFiles(
        folder=folder,
        paths=paths,
        description=read_description(folder),
        found={kind: tuple(parts) for kind, parts in found.items()},
        broken=tuple(broken),
        tokenizer=_tokenizer(named) or next(iter(tokenizers), None),
        config=_beside(base),
        audio_config=_beside(audio),
    )


def _folder(paths: ModelPaths, named: Iterable[Path]) -> Path:
    """The folder that stands for the model: the root, or one with a description, or the first."""
    folders = [path if path.is_dir() else path.parent for path in named]
    if paths.root is not None:
        return paths.root if paths.root.is_dir() else paths.root.parent
    for folder in folders:
        for candidate in (folder, folder.parent):
            if (candidate / DESCRIPTION_FILE).is_file():
                return candidate
    return (paths.ckpt_dir or folders[0]).parent if paths.ckpt_dir else folders[0]


def _beside(inspection: Inspection | None) -> Mapping[str, Any]:
    if inspection is None:
        return {}
    return read_json(inspection.report.files[0].with_name("config.json"))


def _preferred(kind: Kind, parts: list[Inspection], paths: ModelPaths) -> list[Inspection]:
    """Named files first, then whole precision before 8 bit, safetensors before pickles, 480P first."""
    explicit = {
        path
        for path in (paths.dit_path, paths.quant_dir, paths.infinitetalk_dir, paths.t5_path)
        if path is not None
    }

    def rank(inspection: Inspection) -> tuple[int, int, int, int]:
        report = inspection.report
        is_named = any(file in explicit for file in report.files)
        eight_bit = report.precision in ("fp8", "int8")
        pickled = report.files[0].suffix != ".safetensors"
        noticed = kind == "base" and any("720P" in notice for notice in report.notices)
        return (not is_named, eight_bit, noticed, pickled)

    return sorted(parts, key=rank)


def _likely_kind(inspection: Inspection) -> Kind:
    """What a broken file was meant to be: by its contents, else by its published name."""
    report = inspection.report
    if report.kind not in ("unknown", "foreign"):
        return report.kind
    name = report.path.name.lower()
    if report.path.parent.name.startswith("chinese-wav2vec2"):
        return "audio_encoder"
    for part, kind in _NAME_PARTS:
        if part in name:
            return kind
    return report.kind


TOKENIZER_FILES = ("spiece.model", "tokenizer.json")


def _tokenizer(named: Iterable[Path]) -> Path | None:
    """The folder of umt5's tokenizer: the published place, or one like it below a named folder."""
    for path in named:
        folder = path if path.is_dir() else path.parent
        candidates = [folder / "google" / "umt5-xxl", *folder.glob("*/google/umt5-xxl")]
        candidates += [folder / "tokenizer", folder / "umt5-xxl", *folder.glob("*/umt5-xxl")]
        for candidate in candidates:
            if any((candidate / name).is_file() for name in TOKENIZER_FILES):
                return candidate
    return None
