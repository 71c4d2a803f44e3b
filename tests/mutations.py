"""Replies and files with faults by the thousand, cheaper than each from nothing.

A document that is as it should be gets a few faults of those that firmwares, pools,
power cuts and people bring about. Anyone who finds one that breaks something can repeat
it by its number.
"""

from collections.abc import Iterator, Mapping
import copy
import json
import os
from random import Random
import sys
from typing import Any, Final

from .examples import ENVIRONMENT

_ODD: Final = (
    *(None, True, False, 0, -1, 1, 127.875, 65535, 2**31, 2**32, 2**63, 2**64),
    *(-(2**63), 10**400, -(10**400), 1e300, -1e300, 5e-324, -0.0, 0.1),
    *(float("nan"), float("inf"), float("-inf"), "", "0", "-1", "nan", "1e400", "1.2T"),
    *("\0", "\u202e", "\ud800", "٣", "4.29 G", "x" * 5000, "<b>", "{0}", "%s"),
    *([], {}, [[]], [None] * 300, {"": {}}, "2026-11-29T12:00:00Z", "9999-12-31"),
)
_MOST_FAULTS: Final = 4
_DEEPEST: Final = 60


def numbers(count: int) -> Iterator[int]:
    """Yield so many numbers of cases, or the factor of it that the environment has.

    With a factor, others than each time.
    """
    factor = os.environ.get(ENVIRONMENT)
    first = 0 if factor is None else int.from_bytes(os.urandom(5))
    total = round(count * float(factor or 1))
    yield from range(first, first + total)
    if factor is not None:
        # Counted by scripts/fuzz.
        sys.stdout.write(f"\n{total} mutated cases\n")


def mutated(number: int, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with the faults that belong to a number."""
    rng = Random(number)
    result: dict[str, Any] = copy.deepcopy(dict(document))
    for fault in range(rng.randint(1, _MOST_FAULTS)):
        # Of a long list within long lists there would be no end.
        _break(rng, result, most_repeats=2 if fault else 70)
    return result


def mutated_bytes(number: int, document: Mapping[str, Any]) -> bytes:
    """Return a document as JSON, of which bytes are missing, doubled or others."""
    rng = Random(number)
    body = bytearray(json.dumps(mutated(number, document)).encode())
    for _ in range(rng.randint(0, _MOST_FAULTS)):
        at = rng.randrange(len(body) + 1)
        match rng.randrange(5):
            case 0:
                del body[at:]
            case 1:
                del body[at : at + rng.randint(1, 40)]
            case 2:
                body[at:at] = body[at : at + rng.randint(1, 200)]
            case 3:
                body[at:at] = rng.randbytes(rng.randint(1, 4))
            case _:
                body[at:at] = rng.choice(
                    (
                        b"[" * 2000,
                        b'{"a":' * 2000,
                        b"1" * 5000,
                        b"NaN",
                        b"\\u0000",
                        b"}",
                    )
                )
    return bytes(body)


def _break(rng: Random, document: dict[str, Any], most_repeats: int) -> None:
    """Make one fault, at a place at any depth."""
    places = list(_places(document))
    if not places:
        document[rng.choice(("", "data", "hashRate"))] = rng.choice(_ODD)
        return
    container, key = rng.choice(places)
    other, other_key = rng.choice(places)
    match rng.randrange(6):
        case 0:
            del container[key]
        case 1:
            # As if two fields had been mixed up.
            container[key] = copy.deepcopy(other[other_key])
        case 2:
            container[key] = _bent(rng, container[key])
        case 3:
            # Each by itself: a later fault must not be in all of them, nor in none.
            value = container[key]
            container[key] = [
                copy.deepcopy(value) for _ in range(rng.choice((1, most_repeats)))
            ]
        case 4:
            container[key] = {str(other_key): container[key]}
        case _:
            container[key] = copy.deepcopy(rng.choice(_ODD))


def _bent(rng: Random, value: object) -> object:
    """Return a value that is nearly as it was, and of another type or size."""
    if isinstance(value, bool) or value is None:
        return int(bool(value))
    if isinstance(value, int | float):
        return rng.choice(
            (-value, value * 1000, value / 1000, str(value), value * 2.0**40)
            if abs(value) < 1e200
            else (-value, str(value)[:30])
        )
    if isinstance(value, str):
        at = rng.randrange(len(value) + 1)
        return value[:at] + chr(rng.choice((0, 9, 127, 0x202E, 0xDC00))) + value[at:]
    return str(value)[:200]


def _places(value: Any, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """Yield each place that holds a value: what it is in, and under which key."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        keys: list[Any] = list(value)
    elif isinstance(value, list):
        keys = list(range(min(len(value), 8)))
    else:
        return
    for key in keys:
        yield value, key
        yield from _places(value[key], depth + 1)
