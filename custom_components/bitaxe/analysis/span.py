"""Spans of time people ask for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re
from typing import Final, Self

from .errors import InvalidSpanError

ALL: Final = "all"
_NAMED: Final = re.compile(r"(\d{1,5})\s*(m|h|d|w|y)", re.IGNORECASE)
_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
BEGINNING: Final = datetime(2009, 1, 3, tzinfo=UTC)
"""Nothing was mined before."""
_LONGEST_NAME: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `start` up to but without `end`, both with a time zone."""

    name: str
    """What people called it: "24h", "all", or the two ends."""
    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Length in s."""
        return (self.end - self.start).total_seconds()

    @property
    def is_all(self) -> bool:
        """Whether it reaches back as far as there is anything."""
        return self.name == ALL

    @classmethod
    def parse(cls, text: str, now: datetime) -> Self:
        """Return the span that ends now: `90m`, `24h`, `7d`, `2w`, `1y` or `all`.

        Raises:
            InvalidSpanError: it is none of these.

        """
        name = text.strip().lower()
        if name == ALL:
            return cls(name=ALL, start=BEGINNING, end=now)
        match = _NAMED.fullmatch(name)
        if match is None or not int(match[1]):
            raise InvalidSpanError(text[:_LONGEST_NAME])
        return cls(
            name=name, start=now - int(match[1]) * _UNITS[match[2].lower()], end=now
        )

    @classmethod
    def between(cls, start: datetime, end: datetime) -> Self:
        """Return the span between two moments.

        Raises:
            InvalidSpanError: it ends before it starts.

        """
        name = f"{start.isoformat(timespec='minutes')} – {end.isoformat(timespec='minutes')}"
        if end <= start:
            raise InvalidSpanError(name)
        return cls(name=name, start=start, end=end)
