"""Reading single fields out of a payload nobody can vouch for.

Firmware generations and forks disagree on types: numbers come as strings, booleans as
0/1, difficulties as "4.29G", broken values as `null`. Every getter answers `None` for
anything it cannot make sense of, so one odd field never costs more than itself.
"""

from collections.abc import Iterable, Iterator, Mapping
import json
import re
import sys
from typing import Final

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
_LONGEST_TEXT: Final = 256
_MOST_ITEMS: Final = 64
# Home Assistant's JSON encoder, like most, refuses integers beyond 64 bits.
_LARGEST_INTEGER: Final = 2**63 - 1
_LARGEST_NUMBER: Final = sys.float_info.max
# No hash of 256 bits has a higher one: the target of difficulty 1 is about 2^224.
_HIGHEST_DIFFICULTY: Final = 2.0**224


def parse_difficulty(value: object) -> float | None:
    """Return a difficulty as a number.

    AxeOS up to v2.10 and NerdOS up to v1.0.34 write "123", "1.23k" or "572.14 M";
    later firmware sends numbers.
    """
    if isinstance(value, str) and (match := _DIFFICULTY.match(value)) is not None:
        value = float(match[1]) * _MULTIPLIERS[match[2]]
    return _number(value, low=0, high=_HIGHEST_DIFFICULTY)


def _number(
    value: object, *, low: float = -_LARGEST_NUMBER, high: float = _LARGEST_NUMBER
) -> float | None:
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
    return number if low <= number <= high else None


class Fields:
    """Typed, forgiving access to one JSON object.

    Limits given to a getter are limits of the plausible: what lies outside is a
    firmware's sentinel or a broken sensor, and reads as unknown.
    """

    __slots__ = ("_data",)

    def __init__(self, data: object) -> None:
        """Wrap what was decoded; anything but an object reads as empty."""
        self._data: Mapping[str, object] = data if isinstance(data, dict) else {}

    def __contains__(self, key: str) -> bool:
        """Whether the key was sent, whatever its value."""
        return key in self._data

    def number(
        self, *keys: str, low: float = -_LARGEST_NUMBER, high: float = _LARGEST_NUMBER
    ) -> float | None:
        """Return the first of the keys that holds a number within limits."""
        for key in keys:
            number = _number(self._data.get(key), low=low, high=high)
            if number is not None:
                return number
        return None

    def integer(
        self, *keys: str, low: float = -_LARGEST_INTEGER, high: float = _LARGEST_INTEGER
    ) -> int | None:
        """Return a whole number, rounded where the firmware sends a fraction."""
        number = self.number(*keys, low=low, high=high)
        return None if number is None else round(number)

    def flag(self, *keys: str) -> bool | None:
        """Return a boolean from true/false or 0/1."""
        for key in keys:
            value = self._data.get(key)
            if isinstance(value, bool):
                return value
            if (number := _number(value)) is not None:
                return number != 0
        return None

    def text(self, *keys: str, longest: int = _LONGEST_TEXT) -> str | None:
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
        """Return those of the keys that hold a plain value, exactly as sent."""
        return {
            key: value
            for key in keys
            if isinstance(value := self._data.get(key), bool | int | float | str)
        }

    def child(self, key: str) -> Fields:
        """Return a nested object, empty if there is none."""
        return Fields(self._data.get(key))

    def is_object(self, key: str) -> bool:
        """Whether the key holds an object."""
        return isinstance(self._data.get(key), dict)

    def is_list(self, key: str) -> bool:
        """Whether the key holds a list."""
        return isinstance(self._data.get(key), list)

    def objects(self, key: str) -> Iterator[Fields]:
        """Yield the objects of a list, at most as many as a miner can mean."""
        for item in self._list(key):
            if isinstance(item, dict):
                yield Fields(item)

    def numbers(
        self, key: str, *, low: float = -_LARGEST_NUMBER, high: float = _LARGEST_NUMBER
    ) -> tuple[float | None, ...]:
        """Return a list of numbers; items that are none stay in place as unknown."""
        return tuple(_number(item, low=low, high=high) for item in self._list(key))

    def _list(self, key: str) -> list[object]:
        value = self._data.get(key)
        return value[:_MOST_ITEMS] if isinstance(value, list) else []


def decode_object(body: bytes) -> Fields:
    """Decode a JSON object.

    Raises:
        BadReplyError: if the body is not valid JSON. Bytes that are no UTF-8 (garbage
            in coinbase texts) and raw control characters inside strings are forgiven.
        NotAMinerError: if it is JSON, but not an object.

    """
    text = body.decode("utf-8", errors="replace")
    try:
        data = _load(text)
    except (ValueError, RecursionError) as err:
        raise BadReplyError("The reply is not valid JSON") from err
    if not isinstance(data, dict):
        raise NotAMinerError("The reply is not a JSON object")
    return Fields(data)


def _load(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # Python refuses to convert integers of thousands of digits. As a float such a
        # number is infinite, which every getter takes for unknown.
        return json.loads(text, strict=False, parse_int=float)
