"""Dataclasses to plain JSON values and back, by their annotations. Strict about kinds, not about
fields that a newer program added.
"""

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """Paths become strings, tuples lists, dataclasses objects; numbers that are none become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): to_plain(item) for name, item in value.items()}
    if hasattr(value, "to_json"):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    raise ValueError(f"{type(value).__name__} has no JSON form")


def from_plain(kind: type, data: Any) -> Any:
    """An instance of the dataclass `kind`; ValueError names the field that is missing or wrong.

    Fields that `kind` does not have are passed over: they come from a newer program.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"{kind.__name__} must be an object, found {type(data).__name__}")
    hints = _hints(kind)
    values: dict[str, Any] = {}
    for item in fields(kind):
        where = f"{kind.__name__}.{item.name}"
        if item.name in data:
            values[item.name] = _convert(hints[item.name], data[item.name], where)
        elif item.default is MISSING and item.default_factory is MISSING:
            raise ValueError(f"{where} is missing")
    return kind(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if hint is Any or hint is object:
        return value
    if origin in (Union, types.UnionType):
        return _convert_union(hint, value, where)
    if origin is Literal:
        return _expect(value in get_args(hint) and isinstance(value, str), hint, value, where)
    if origin is tuple:
        return _convert_tuple(hint, value, where)
    if hint is dict or origin in (dict, Mapping):
        return _expect(isinstance(value, dict), dict, value, where)
    if hint is float:
        if value is None:
            return math.nan
        _expect(isinstance(value, (int, float)) and not isinstance(value, bool), hint, value, where)
        return float(value)
    if hint is int:
        return _expect(isinstance(value, int) and not isinstance(value, bool), hint, value, where)
    if hint is Path:
        return Path(_expect(isinstance(value, str), "a path", value, where))
    if hint in (str, bool):
        return _expect(isinstance(value, hint), hint, value, where)
    if hasattr(hint, "from_json"):
        _expect(isinstance(value, dict), "an object", value, where)
        try:
            return hint.from_json(value)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{where} can't be read: {error!r}") from error
    if is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, value)
    raise ValueError(f"{where} has a kind without JSON form: {hint}")


def _convert_union(hint: Any, value: Any, where: str) -> Any:
    kinds = [kind for kind in get_args(hint) if kind is not type(None)]
    if value is None and len(kinds) < len(get_args(hint)):
        return None
    reasons = []
    for kind in kinds:
        try:
            return _convert(kind, value, where)
        except ValueError as error:
            reasons.append(str(error))
    raise ValueError("; ".join(reasons) or f"{where} must not be null")


def _convert_tuple(hint: Any, value: Any, where: str) -> tuple[Any, ...]:
    _expect(isinstance(value, list), "a list", value, where)
    kinds = get_args(hint)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_convert(kinds[0], item, where) for item in value)
    _expect(len(value) == len(kinds), f"{len(kinds)} values", value, where)
    return tuple(_convert(kind, item, where) for kind, item in zip(kinds, value, strict=True))


def _expect(condition: bool, wanted: Any, value: Any, where: str) -> Any:
    if not condition:
        name = getattr(wanted, "__name__", None) or str(wanted)
        raise ValueError(f"{where} must be {name}, found {value!r:.80}")
    return value
