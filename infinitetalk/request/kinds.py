"""Plain data and dataclasses: fields checked by their annotations and ranges, to JSON and back."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints


def check_ranges(value: Any, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Fields that are not None must lie in their range; NaN lies in none."""
    for name, (low, high) in ranges.items():
        found = getattr(value, name)
        if found is not None and not low <= found <= high:
            raise ValueError(f"{name} must be from {low:g} to {high:g}, found {found}")


@cache
def _kinds_of(kind: type) -> dict[str, tuple[bool, tuple[Any, ...]]]:
    """Per field of a dataclass: may it be None, and what else (types, or texts to choose from)."""
    result = {}
    for name, hint in get_type_hints(kind).items():
        parts = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        allowed: list[Any] = []
        for part in parts:
            if get_origin(part) is Literal:
                allowed += get_args(part)
            elif part is float:
                allowed += [int, float]
            elif part is not type(None):
                allowed.append(get_origin(part) or part)
        result[name] = (type(None) in parts, tuple(allowed))
    return result


def check_kinds(value: Any) -> None:
    """Every field must be of its kind: a request often comes from a file or from another program."""
    for name, (optional, allowed) in _kinds_of(type(value)).items():
        found = getattr(value, name)
        if found is None and optional:
            continue
        if isinstance(allowed[0], str):
            if found not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}, found {found!r}")
        elif not isinstance(found, allowed) or (isinstance(found, bool) and bool not in allowed):
            wanted = "number" if float in allowed else allowed[0].__name__
            raise ValueError(f"{name} must be {wanted}, found {found!r}")


def plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    return value


def build(kind: type, data: Any, where: str, **convert: Any) -> Any:
    """A dataclass from plain data; unknown or missing fields raise ValueError naming `where`."""
    if not isinstance(data, Mapping):
        raise ValueError(f"{where} must be an object, found {type(data).__name__}")
    names = {f.name for f in fields(kind)}
    unknown = sorted(set(data) - names)
    if unknown:
        raise ValueError(f"{where} has unknown fields: {', '.join(unknown)}")
    values: dict[str, Any] = {}
    for name, value in data.items():
        try:
            values[name] = convert[name](value) if name in convert else value
        except (TypeError, KeyError, AttributeError, IndexError) as error:
            raise ValueError(f"{where}.{name} can't be read: {value!r:.80}") from error
        except ValueError as error:
            raise ValueError(f"{where}.{name}: {error}") from error
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error
