"""Dataclasses that were made of stored values. Pure.

Python lets a field hold anything. What is computed with later, often minutes later, is
looked at here, where it can still be left out.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from ..axeos.bounds import Bounds
from .stored_object import is_stored_text

# Whole numbers above are not exact as a float; nothing that is stored comes near.
_LARGEST: Final = 2**53
_KINDS: Final[dict[type[Any], Mapping[str, Any]]] = {}
"""Working them out takes longer than to look at the values."""


def checked[T](value: T) -> T:
    """Return a dataclass, if all its values are of the types that its fields have.

    Numbers have to be finite, and texts such as can be kept.

    Raises:
        ValueError: one is not.

    """
    for name, kind in _kinds(type(value)).items():
        if not _fits(getattr(value, name), kind):
            raise ValueError(f"{name} is of another type")
    return value


def bounded[T](value: T, **within: Bounds) -> T:
    """Return a dataclass, if the numbers it has in these fields are within bounds.

    Raises:
        ValueError: one is not.

    """
    for name, (low, high) in within.items():
        number = getattr(value, name)
        # NaN is within no bounds.
        if number is not None and not low <= number <= high:
            raise ValueError(f"{name} is out of bounds")
    return value


def stored_text(value: object) -> str:
    """Return a text that was stored.

    Raises:
        ValueError: it is none.

    """
    if not _fits(value, str):
        raise ValueError("no text")
    return str(value)


def _kinds(of: type[Any]) -> Mapping[str, Any]:
    """Return the annotated types of the fields of a dataclass, by their names."""
    if of not in _KINDS:
        hints = get_type_hints(of)
        _KINDS[of] = {item.name: hints[item.name] for item in fields(of)}
    return _KINDS[of]


def _fits(value: object, kind: Any) -> bool:
    """Return whether a value is of an annotated type."""
    if kind is Any:
        return True
    origin, of = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in of)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if of[-1] is Ellipsis:
            return all(_fits(item, of[0]) for item in value)
        return len(value) == len(of) and all(
            _fits(item, one) for item, one in zip(value, of, strict=True)
        )
    if kind in (None, NoneType):
        return value is None
    if kind in (float, int):
        return (
            isinstance(value, int if kind is int else int | float)
            and not isinstance(value, bool)
            # NaN is neither below nor above.
            and abs(value) < _LARGEST
        )
    if kind is str:
        return isinstance(value, str) and is_stored_text(value)
    if not isinstance(value, origin or kind):
        return False
    if is_dataclass(value):
        checked(value)
    return True
