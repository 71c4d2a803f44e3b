"""Reading what an earlier, later or interrupted version of us has stored. Pure.

A stored file may be of another shape, hold what no version should have written, or keys
of a later one. Every getter returns `None` for what it cannot make sense of and notes
the place, so one bad value costs nothing but itself and is not lost unnoticed.
"""

from collections.abc import Iterator
from typing import Any, Final

from ..axeos import OperatingPoint, bounds
from ..axeos.bounds import DIFFICULTY, Bounds

ENERGY: Final = Bounds(0, 1e7)
"""kWh: a machine of 10 kW takes 1.8 * 10^6 in 20 years; swarms are several."""
TIME: Final = Bounds(0, 2**33)
"""Unix time, until the year 2242."""
ANY_COUNT: Final = Bounds(0, 1e12)
SOAK_HOURS: Final = Bounds(0, 1000)
"""How long the test of a profile takes."""
MEASURED: Final = Bounds(-DIFFICULTY.high, DIFFICULTY.high)
"""Value or limit of an alert, whatever its unit."""
_LONGEST_TEXT: Final = 4096
_DEEPEST: Final = 8


class StoredObject:
    """Forgiving access to one stored JSON object."""

    def __init__(
        self, data: object, lost: list[str] | None = None, path: str = ""
    ) -> None:
        """Wrap what was decoded; `None` is an object that was never stored."""
        self.lost: list[str] = [] if lost is None else lost
        """Paths of what could not be read, shared with all objects within."""
        self._path = path
        self._unread: dict[str, object] = {}
        self._data: dict[str, object] = {}
        if isinstance(data, dict):
            self._data = data
            self._unread = dict(data)
        elif data is not None:
            self.lost.append(path or "*")

    def __bool__(self) -> bool:
        """Return whether anything is stored."""
        return bool(self._data)

    def number(self, key: str, within: Bounds) -> float | None:
        """Return a number within bounds."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            # NaN is within no bounds.
            if within.low <= value <= within.high:
                return float(value)
        self._lose(key)
        return None

    def integer(self, key: str, within: Bounds) -> int | None:
        """Return a whole number within bounds."""
        number = self.number(key, within)
        return None if number is None else round(number)

    def flag(self, key: str) -> bool | None:
        """Return true or false."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return value
        self._lose(key)
        return None

    def text(self, key: str) -> str | None:
        """Return a text of reasonable length without surrogates."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, str) and is_stored_text(value):
            return value
        self._lose(key)
        return None

    def child(self, key: str) -> StoredObject:
        """Return a nested object, empty if there is none."""
        return StoredObject(self._take(key), self.lost, self._place(key))

    def children(self) -> Iterator[tuple[str, StoredObject]]:
        """Yield every key with the object it holds."""
        for key in list(self._data):
            yield key, self.child(key)

    def objects(self, key: str) -> Iterator[StoredObject]:
        """Yield the objects of a list."""
        for index, item in enumerate(self._list(key)):
            yield StoredObject(item, self.lost, f"{self._place(key)}.{index}")

    def numbers(self, key: str, within: Bounds) -> list[float]:
        """Return the numbers of a list that are within bounds."""
        items = StoredObject(
            {str(index): item for index, item in enumerate(self._list(key))},
            self.lost,
            self._place(key),
        )
        return [
            number
            for index in items
            if (number := items.number(index, within)) is not None
        ]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of all that is stored."""
        return iter(list(self._data))

    def plain(self, key: str) -> dict[str, Any]:
        """Return a nested object of plain values, which nobody computes with."""
        value = self._take(key)
        if value is None:
            return {}
        if isinstance(value, dict) and _is_plain(value, _DEEPEST):
            return value
        self._lose(key)
        return {}

    def lose(self, key: str) -> None:
        """Note that what is stored under a key means nothing to this version."""
        self._unread.pop(key, None)
        self._lose(key)

    def finish(self) -> None:
        """Note what nobody asked for: keys of a later version."""
        for key in self._unread:
            self._lose(key)
        self._unread = {}

    def _take(self, key: str) -> object:
        self._unread.pop(key, None)
        return self._data.get(key)

    def _list(self, key: str) -> list[object]:
        value = self._take(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self._lose(key)
        return []

    def _place(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _lose(self, key: str) -> None:
        self.lost.append(self._place(key))


def as_stored(data: object) -> StoredObject:
    """Return a stored object as such, whether it is wrapped already or not."""
    return data if isinstance(data, StoredObject) else StoredObject(data)


def stored_number(value: object, within: Bounds) -> float:
    """Return a number within bounds that was stored.

    Raises:
        ValueError: it is none.

    """
    number = StoredObject({"value": value}).number("value", within)
    if number is None:
        raise ValueError("no number within bounds")
    return number


def stored_point(value: object) -> OperatingPoint:
    """Return an operating point that was stored: it is written to miners again.

    Raises:
        ValueError: it is none that a miner can have.

    """
    stored = StoredObject(value)
    frequency = stored.number("frequency", bounds.FREQUENCY)
    core_voltage = stored.number("core_voltage", bounds.CORE_VOLTAGE)
    if frequency is None or core_voltage is None:
        raise ValueError("no operating point")
    return OperatingPoint(frequency=frequency, core_voltage=core_voltage)


def is_stored_text(text: str) -> bool:
    """Return whether a text can be kept and sent: not endless, NUL or surrogates."""
    return (
        len(text) <= _LONGEST_TEXT
        and "\0" not in text
        and not any("\ud800" <= character <= "\udfff" for character in text)
    )


def _is_plain(value: object, depth: int) -> bool:
    """Return whether a value can be written as JSON again."""
    if depth == 0:
        return False
    match value:
        case None | bool():
            return True
        case str():
            return is_stored_text(value)
        case int() | float():
            return MEASURED.low <= value <= MEASURED.high
        case list():
            return all(_is_plain(item, depth - 1) for item in value)
        case dict():
            return all(
                isinstance(key, str) and _is_plain(item, depth - 1)
                for key, item in value.items()
            )
        case _:
            return False
