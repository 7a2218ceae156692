"""What a file's contents differ in from the table of its network, in words."""

from collections.abc import Sequence
from math import prod
from pathlib import Path

from infinitetalk.errors import ErrorReport
from infinitetalk.weights.header import corrupt, read_json, wrong_kind
from infinitetalk.weights.layouts import Layout
from infinitetalk.weights.recognize import Recognition

NAMED = 3  # how many tensor names a message spells out


def listed(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")


def compare(
    layout: Layout, recognition: Recognition, *, whole: bool
) -> tuple[list[ErrorReport], list[str]]:
    """Differences from the expected table; missing names only where every part could be read."""
    path = layout.headers[0].path
    if recognition.kind in ("foreign", "unknown"):
        return [
            wrong_kind(
                path, f"{recognition.reason}.", recognition.remedy, **recognition.facts
            ).report
        ], []
    problems: list[ErrorReport] = []
    notices: list[str] = []
    expected, found = recognition.expected, layout.shapes
    if recognition.kind in ("lora", "store"):
        return problems, notices
    missing = [name for name in expected if name not in found and name not in recognition.optional]
    if missing and whole:
        problems.append(
            corrupt(
                path,
                f"{len(missing)} of {len(expected)} tensors are missing: {listed(missing)}.",
                missing=len(missing),
                missing_names=missing[:20],
            ).report
        )
    shapes = [
        (name, expected[name], shape)
        for name, shape in found.items()
        if name in expected and expected[name] != shape
    ]
    if shapes:
        name, wanted, there = shapes[0]
        problems.append(
            corrupt(
                path,
                f"{len(shapes)} tensors have another shape than expected, first {name}: "
                f"{_shape(wanted)} expected, {_shape(there)} found.",
                wrong_shapes=[
                    {"name": n, "expected": list(w), "found": list(f)} for n, w, f in shapes[:20]
                ],
            ).report
        )
    extra = [name for name in found if name not in expected]
    if extra:
        problems.append(
            wrong_kind(
                path,
                f"{len(extra)} tensors are unexpected in a {recognition.title}: {listed(extra)}.",
                "It may be another variant of this model; take the published one.",
                unexpected=len(extra),
                unexpected_names=extra[:20],
            ).report
        )
    for names, what in (
        (layout.unscaled, "8-bit tensors have no scale"),
        (layout.unreadable, "tensors are stored in a way this program can't read (4 bit or other)"),
        (layout.twice, "tensors occur twice"),
    ):
        if names:
            problems.append(
                corrupt(
                    path, f"{len(names)} {what}: {listed(names)}.", names=list(names)[:20]
                ).report
            )
    problems += _wrong_scales(path, layout)
    return problems, notices


def _shape(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape)) or "a single number"


def _wrong_scales(path: Path, layout: Layout) -> list[ErrorReport]:
    """Scales that are neither one number nor one per row."""
    for name, stored in layout.tensors.items():
        if stored.scale is None:
            continue
        count, rows = prod(stored.scale.shape), stored.shape[0] if stored.shape else 1
        if count not in (1, rows):
            return [
                corrupt(
                    path,
                    f"the scale of {name} has {count} values; 1 or {rows} expected.",
                    tensor=name,
                ).report
            ]
    return []


def quanto_map_path(path: Path) -> Path:
    """The JSON map of a quanto file: its stem, or `NAME_map_SCHEME.json` for `NAME_SCHEME`."""
    plain = path.with_suffix(".json")
    if plain.is_file():
        return plain
    stem, _, scheme = path.stem.rpartition("_")
    other = path.with_name(f"{stem}_map_{scheme}.json")
    return other if stem and other.is_file() else plain


def compare_quanto_map(
    layout: Layout, recognition: Recognition
) -> tuple[list[ErrorReport], list[str]]:
    """A quanto file is driven by its map: every module in it must be quantized, and no other."""
    if layout.coding != "quanto" or recognition.kind in ("foreign", "unknown", "lora", "store"):
        return [], []
    path = layout.headers[0].path
    map_path = quanto_map_path(path)
    quantised = {
        name.removesuffix(".weight")
        for name, stored in layout.tensors.items()
        if stored.coding == "quanto"
    }
    if not map_path.is_file():
        return [], [
            f"Its map {map_path.name} is not beside it; the {len(quantised)} quantized layers are "
            "read off the tensors."
        ]
    entries = read_json(map_path)
    if not entries:
        return [corrupt(map_path, "it is not a map of quantized layers.").report], []
    mapped = {
        name
        for name, entry in entries.items()
        if isinstance(entry, dict) and entry.get("weights") not in (None, "none")
    }
    problems: list[ErrorReport] = []
    active = [
        name
        for name, entry in entries.items()
        if isinstance(entry, dict) and entry.get("activations") not in (None, "none")
    ]
    if active:
        problems.append(
            corrupt(
                map_path,
                f"{len(active)} layers want quantized activations, which this program does not "
                f"run: {listed(active)}.",
            ).report
        )
    for names, what in (
        (sorted(mapped - quantised), "quantized layers of the map are missing in the file"),
        (sorted(quantised - mapped), "quantized layers are not in its map"),
    ):
        if names:
            problems.append(
                corrupt(
                    path, f"{len(names)} {what}: {listed(names)}.", names=list(names)[:20]
                ).report
            )
    return problems, []
