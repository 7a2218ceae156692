"""Which model a job runs on: a folder, the bundled miniature, or the original's separate paths."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from infinitetalk import paths
from infinitetalk.errors import engine_error
from infinitetalk.plan import WeightsFacts
from infinitetalk.request import PRESETS, GenerationRequest, Lora, nearest_size
from infinitetalk.weights.choice import choose_transformer, weights_facts
from infinitetalk.weights.folder import ModelFiles, ModelPaths, find_model
from infinitetalk.weights.header import read_header
from infinitetalk.weights.lora_match import match_lora

MINIATURE = "miniature"


@dataclass(frozen=True, kw_only=True)
class ModelChoice:
    """What the user named. Stored with the job, so that a resume finds the model again."""

    name: str | None = None  # a folder, or "miniature"
    paths: ModelPaths | None = None  # the original's --ckpt_dir, --infinitetalk_dir, ...

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"name": self.name}
        if self.paths is not None:
            named = {f.name: getattr(self.paths, f.name) for f in fields(self.paths)}
            data["paths"] = {name: str(path) for name, path in named.items() if path is not None}
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ModelChoice":
        """Raises ValueError, TypeError or KeyError where the data is none."""
        known = {f.name for f in fields(ModelPaths)}
        found = data.get("paths")
        name = data.get("name")
        return cls(
            name=None if name is None else str(name),
            paths=ModelPaths(**{k: Path(str(v)) for k, v in found.items() if k in known})
            if found
            else None,
        )

    def absolute(self) -> "ModelChoice":
        """The same with absolute paths: a job may be resumed from another working folder."""
        name = self.name
        if name is not None and name != MINIATURE:
            name = str(Path(name).expanduser().absolute())
        found = None
        if self.paths is not None:
            named = {f.name: getattr(self.paths, f.name) for f in fields(self.paths)}
            found = replace(
                self.paths,
                **{k: v.expanduser().absolute() for k, v in named.items() if v is not None},
            )
        return ModelChoice(name=name, paths=found)

    @property
    def named(self) -> bool:
        return self.name is not None or self.paths is not None

    def find(self) -> ModelFiles:
        """The files. Raises EngineError `weights.none_chosen`, `weights.missing`, ..."""
        if self.name == MINIATURE:
            return find_model(paths.miniature_folder())
        if self.paths is not None:
            return find_model(self.paths)
        if self.name is not None:
            return find_model(Path(self.name))
        raise engine_error(
            "weights.none_chosen",
            "No model is chosen",
            "Neither --model nor a folder in the settings says which model to use.",
            "Add --model FOLDER, or try the bundled one: 'infinitetalk demo', or --model miniature.",
        )


def build_request(
    given: Mapping[str, Any], files: ModelFiles, *, preset: str | None = None
) -> GenerationRequest:
    """The request from what was given explicitly, over the preset, over the model's own defaults.

    `size` may be what a user writes: a class ("480", "infinitetalk-720") or "896x448".
    Raises EngineError `request.incomplete`, `request.size` or `request.invalid`, naming the field.
    """
    for name, flag in (("source", "--source"), ("speech", "--speech")):
        if not given.get(name):
            raise engine_error(
                "request.incomplete",
                "Something is missing",
                f"No {name} is given.",
                f"Add {flag} FILE, or --input_json with a job file.",
                field=name,
            )
    values: dict[str, Any] = {}
    own = files.description.presets
    if preset is None:
        values.update(own.get("default", {}))
    else:
        values.update(PRESETS[preset].changes)
        values.update(own.get(preset, {}))
    fast = preset is not None and PRESETS[preset].fast_lora
    if fast and "loras" not in given and files.fast_lora is not None:
        scale = files.description.fast_lora_scale
        values["loras"] = (Lora(path=files.fast_lora, scale=scale),)
    exact = bool(given.get("exact"))
    values.update({name: value for name, value in given.items() if name != "exact"})
    if isinstance(values.get("size"), str):
        values.update(size_fields(values["size"]))
    try:
        request = GenerationRequest(**values)
    except ValueError as error:
        if "speech must have 1 or 2" in str(error):
            raise engine_error(
                "request.speakers",
                "Too many speakers",
                f"{len(values['speech'])} speech tracks are given; the model knows one or two "
                "speakers.",
                "Give one or two, or make several videos.",
            ) from error
        raise engine_error(
            "request.invalid", "The request can't be used", f"{error}.", "Change that value."
        ) from error
    return request.with_exact() if exact else request


def size_fields(text: str) -> dict[str, Any]:
    """A class (480, 720, or the original's infinitetalk-480), or WIDTHxHEIGHT.

    Raises EngineError `request.size` for anything else, naming the nearest size that fits.
    """
    label = text.removeprefix("infinitetalk-")
    if label in ("480", "720"):
        return {"size": None, "resolution": label}
    width, separator, height = label.lower().replace("×", "x").partition("x")
    if separator and width.isdigit() and height.isdigit():
        size = int(height), int(width)
        nearest = nearest_size(size)
        if nearest != size:
            raise engine_error(
                "request.size",
                "The size does not fit the model",
                f"{text}: width and height must be multiples of 16.",
                f"The nearest size is {nearest[1]}x{nearest[0]}.",
            )
        return {"size": size}
    raise engine_error(
        "request.size",
        "The size can't be read",
        f"{text!r} is neither 480, 720 nor width x height.",
        "Write for example --size 480 or --size 896x448.",
    )


def facts_for(files: ModelFiles, request: GenerationRequest) -> WeightsFacts:
    """What the plan must know of the model for this request.

    Raises EngineError where the model lacks something, or where a LoRA is missing, no model file or
    made for another model: by headers, so before torch is imported and a job folder is made.
    """
    speakers = len(request.speech)
    facts = weights_facts(files, speakers=speakers, precision=request.precision)
    if request.loras:
        chosen = choose_transformer(files, speakers=speakers, precision=request.precision)
        for lora in request.loras:
            _check_lora(lora.path, chosen.shapes)
    return facts


def _check_lora(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> None:
    if not path.is_file():
        raise engine_error(
            "lora.missing",
            "A LoRA is not there",
            f"{path.name} was not found in {path.absolute().parent}.",
            "Choose the LoRA file again, or leave it out.",
            path=str(path),
        )
    match_lora(read_header(path), shapes)
