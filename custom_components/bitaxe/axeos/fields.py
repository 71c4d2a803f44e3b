"""Reading single fields out of a payload nobody can vouch for.

Firmware generations and forks disagree on types: numbers come as strings, booleans as
0/1, difficulties as "4.29G", broken values as `null`. Every getter answers `None` for
anything it cannot make sense of, so one odd field never costs more than itself.
"""

from collections.abc import Callable, Iterable, Iterator
import json
from operator import itemgetter
import re
from typing import Any, Final, override

import orjson

from . import bounds
from .bounds import Bounds
from .errors import BadReplyError, NotAMinerError

_DIFFICULTY: Final = re.compile(r"^\s*(\d{1,30}(?:\.\d{0,30})?)\s*([kKMGTPE]?)\s*$")
_MULTIPLIERS: Final = {
    "": 1.0,
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
}
_MAC: Final = re.compile(r"^[0-9A-F]{2}(:[0-9A-F]{2}){5}$")
# Certificates of pools are the longest settings that are sent back as they were.
_LONGEST_SCALAR: Final = 8192


def parse_difficulty(value: object) -> float | None:
    """Return a difficulty as a number.

    AxeOS up to v2.10 and NerdOS up to v1.0.34 write "123", "1.23k" or "572.14 M";
    later firmware sends numbers.
    """
    if value is None:
        return None
    if isinstance(value, str) and (match := _DIFFICULTY.match(value)) is not None:
        value = float(match[1]) * _MULTIPLIERS[match[2]]
    return _number(value, bounds.DIFFICULTY)


def _number(value: object, within: Bounds) -> float | None:
    """Return a finite number within limits, also from numeric text."""
    if type(value) is float:
        number = value
    elif type(value) is int or type(value) is str:
        try:
            number = float(value)
        except ValueError, OverflowError:
            return None
    else:
        return None
    # NaN is within no limits.
    if not within.low <= number <= within.high:
        return None
    return number if abs(number) >= bounds.SMALLEST else 0.0


class Parts:
    """What was last made of parts of a miner's replies, by name.

    Most of a reply is the same from one poll to the next. A part is made anew only when
    one of the values it was made of differs, or comes or goes. Equal is what Python
    compares as equal: 1 and `true` have the same meaning here.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._made: dict[str, _Part] = {}

    def get[T](
        self,
        data: dict[str, object],
        name: str,
        make: Callable[[Fields], T],
        of: object,
    ) -> T:
        """Return the part, of the same values as before or made by `make`.

        `of` is what else it depends on, compared by identity.
        """
        known = self._made.get(name)
        if known is not None and known.of is of and known.is_of(data):
            value: T = known.value
            return value
        noted = _NotedObject(data)
        made = make(Fields(noted))
        self._made[name] = _Part(made, of, noted)
        return made


class _NotedObject(dict[str, object]):
    """A JSON object that notes which of its keys are asked for."""

    def __init__(self, data: dict[str, object]) -> None:
        super().__init__(data)
        self.read: set[str] = set()
        """Keys of which the value was asked for."""
        self.sought: set[str] = set()
        """Keys of which was asked whether they are there."""

    @override
    def get(self, key: str, default: object = None, /) -> object:
        self.read.add(key)
        return super().get(key, default)

    @override
    def __contains__(self, key: object, /) -> bool:
        self.sought.add(str(key))
        return super().__contains__(key)


class _Part:
    """Something made of some values of an object."""

    __slots__ = ("_absent", "_get", "_present", "_values", "of", "value")

    def __init__(self, value: Any, of: object, data: _NotedObject) -> None:
        self.value = value
        self.of = of
        read = data.read & data.keys()
        self._present = data.sought & data.keys()
        self._absent = (data.read | data.sought) - data.keys()
        self._get = itemgetter(*read) if read else None
        self._values = self._get(data) if self._get is not None else None

    def is_of(self, data: dict[str, object]) -> bool:
        """Return whether it would be made of the same values of this object."""
        try:
            if self._get is not None and self._get(data) != self._values:
                return False
        except KeyError:
            return False
        return self._present <= data.keys() and self._absent.isdisjoint(data)


class Fields:
    """Typed, forgiving access to one JSON object.

    Every number has its bounds: what lies outside is a firmware's sentinel or a broken
    sensor, and reads as unknown.
    """

    __slots__ = ("_data", "_parts")

    def __init__(self, data: object, parts: Parts | None = None) -> None:
        """Wrap what was decoded; anything but an object reads as empty.

        With `parts`, what `part` makes is used again while its values stay the same.
        """
        self._data: dict[str, object] = data if isinstance(data, dict) else {}
        self._parts = parts

    def part[T](self, name: str, make: Callable[[Fields], T], of: object = None) -> T:
        """Return what `make` makes of this object; no older than its values.

        `make` must depend on nothing else but `of`.
        """
        if self._parts is None:
            return make(self)
        return self._parts.get(self._data, name, make, of)

    def __contains__(self, key: str) -> bool:
        """Return whether the key was sent, whatever its value."""
        return key in self._data

    def holds_text(self, key: str) -> bool:
        """Return whether the key was sent with a text, which may be empty."""
        return isinstance(self._data.get(key), str)

    def number(self, *keys: str, within: Bounds) -> float | None:
        """Return the first of the keys that holds a number within bounds."""
        for key in keys:
            value = self._data.get(key)
            # Nearly all are numbers or missing: 60 with each poll.
            if type(value) is float or type(value) is int:
                if within.low <= value <= within.high:
                    is_zero = -bounds.SMALLEST < value < bounds.SMALLEST
                    return 0.0 if is_zero else float(value)
            elif value is not None and (found := _number(value, within)) is not None:
                return found
        return None

    def integer(self, *keys: str, within: Bounds) -> int | None:
        """Return a whole number, rounded where the firmware sends a fraction."""
        for key in keys:
            value = self._data.get(key)
            if type(value) is int:
                if within.low <= value <= within.high:
                    return value
            elif value is not None and (found := _number(value, within)) is not None:
                return round(found)
        return None

    def flag(self, *keys: str) -> bool | None:
        """Return a boolean from true/false or 0/1."""
        for key in keys:
            value = self._data.get(key)
            if value is True or value is False:
                return value
            if value is not None and (number := _number(value, bounds.ANY)) is not None:
                return number != 0
        return None

    def text(self, *keys: str, longest: int = bounds.LONGEST_TEXT) -> str | None:
        """Return the first non-empty text, without surrounding or control characters.

        It is cut after `longest` characters.
        """
        for key in keys:
            value = self._data.get(key)
            if isinstance(value, str):
                text = value[:longest]
                if not text.isprintable():
                    text = "".join(c for c in text if c.isprintable())
                if text := text.strip():
                    return text
        return None

    def difficulty(self, *keys: str) -> float | None:
        """Return the first of the keys that holds a difficulty in any written form."""
        for key in keys:
            difficulty = parse_difficulty(self._data.get(key))
            if difficulty is not None:
                return difficulty
        return None

    def mac(self, *keys: str) -> str | None:
        """Return a MAC address in upper case with colons, if it really is one."""
        for key in keys:
            text = (self.text(key) or "").upper().replace("-", ":")
            if _MAC.match(text) and text != "00:00:00:00:00:00":
                return text
        return None

    def scalars(self, keys: Iterable[str]) -> dict[str, object]:
        """Return those of the keys that hold a plain value, exactly as sent.

        Left out is what cannot be sent back: numbers beyond bounds, and texts that are
        longer than any setting or hold control characters other than line breaks.
        """
        return {key: value for key in keys if _is_scalar(value := self._data.get(key))}

    def child(self, key: str) -> Fields:
        """Return a nested object, empty if there is none."""
        return Fields(self._data.get(key))

    def is_object(self, key: str) -> bool:
        """Return whether the key holds an object."""
        return isinstance(self._data.get(key), dict)

    def is_list(self, key: str) -> bool:
        """Return whether the key holds a list."""
        return isinstance(self._data.get(key), list)

    def objects(self, key: str) -> Iterator[Fields]:
        """Yield the objects of a list, at most as many as a miner can mean."""
        for item in self.items(key):
            if isinstance(item, dict):
                yield Fields(item)

    def numbers(self, key: str, *, within: Bounds) -> tuple[float | None, ...]:
        """Return a list of numbers; items that are none stay in place as unknown."""
        return tuple(_number(item, within) for item in self.items(key))

    def items(self, key: str, most: int = bounds.MOST_ITEMS) -> list[object]:
        """Return the first items of a list, of whatever kind; none if it is no list."""
        value = self._data.get(key)
        return value[:most] if isinstance(value, list) else []


def _is_scalar(value: object) -> bool:
    if isinstance(value, str):
        return (
            len(value) <= _LONGEST_SCALAR
            and value.replace("\r", "").replace("\n", "").isprintable()
        )
    return isinstance(value, bool) or (
        isinstance(value, int | float) and _number(value, bounds.ANY) is not None
    )


def decode_object(body: bytes, parts: Parts | None = None) -> Fields:
    """Decode a JSON object; what is made of `parts` of it may be used again.

    Raises:
        BadReplyError: if the body is not valid JSON. Bytes that are no UTF-8 (garbage
            in coinbase texts) and raw control characters inside strings are forgiven.
        NotAMinerError: if it is JSON, but not an object.

    """
    try:
        data = _load(body)
    except (ValueError, RecursionError) as err:
        raise BadReplyError("The reply is not valid JSON") from err
    if not isinstance(data, dict):
        raise NotAMinerError("The reply is not a JSON object")
    return Fields(data, parts)


def _load(body: bytes) -> object:
    try:
        # Less than half of the time, but strict.
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _load_leniently(body.decode("utf-8", errors="replace"))


def _load_leniently(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # Python refuses to convert integers of thousands of digits. As a float such a
        # number is infinite, which every getter takes for unknown.
        return json.loads(text, strict=False, parse_int=float)
