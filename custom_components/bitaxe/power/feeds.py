"""Targets that follow a meter or a price. Pure.

A surplus is followed down within seconds and up only as far as its mean of several
minutes, so that a cloud costs little and an oven no bought energy. A price opens and
closes. What is unknown for longer than a moment is as if there were nothing to spend.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

PATIENCE: Final = 120.0
"""Seconds for which the last value of a sensor that went silent still counts."""
_SHORT: Final = 20.0
# W, and share of the target, by which a surplus must differ before the target follows.
_STEP_UP: Final = 3.0
_STEP_DOWN: Final = 1.0
_SHARE_UP: Final = 0.03
_SHARE_DOWN: Final = 0.01
# Share of the limit by which a price must fall below it before it is cheap again.
_CHEAPER: Final = 0.01


@dataclass(slots=True)
class SurplusFeed:
    """The W that a house can spare, as a target.

    `window` is the s over which a rise is averaged, `reserve` the W that are left over.
    """

    window: float
    reserve: float = 0.0
    _values: deque[tuple[float, float]] = field(default_factory=deque)
    _target: float | None = None
    _silent_since: float | None = None

    def update(self, available: float | None, now: float) -> float | None:
        """Take in W, and return the target; `None` if the sensor says nothing.

        `available` is what may be used for mining altogether, the miners' own power
        included. `now` is in s of a monotonic clock.
        """
        if available is None:
            if self._silent_since is None:
                self._silent_since = now
            if now - self._silent_since >= PATIENCE or not self._values:
                self._values.clear()
                self._target = None
                return None
            available = self._values[-1][1]
        else:
            self._silent_since = None
        self._values.append((now, available))
        while len(self._values) > 1 and self._values[1][0] <= now - self.window:
            self._values.popleft()
        lately = self._mean(now, min(_SHORT, self.window))
        wanted = max(min(lately, self._mean(now, self.window)) - self.reserve, 0.0)
        before = self._target
        if (
            before is None
            or wanted > before + max(_STEP_UP, _SHARE_UP * before)
            or wanted < before - max(_STEP_DOWN, _SHARE_DOWN * before)
        ):
            self._target = wanted
        return self._target

    def _mean(self, now: float, seconds: float) -> float:
        """Return the mean of the last s; each value lasts until the next one."""
        total = weight = 0.0
        end = now
        for at, value in reversed(self._values):
            begin = max(at, now - seconds)
            total += value * (end - begin)
            weight += end - begin
            end = begin
            if at <= now - seconds:
                break
        return total / weight if weight else self._values[-1][1]


@dataclass(slots=True)
class PriceGate:
    """Whether electricity is cheap enough to mine."""

    limit: float
    """Per kWh."""
    _open: bool | None = None
    _silent_since: float | None = None

    def update(self, price: float | None, now: float) -> bool:
        """Take in the price per kWh, and return whether it is cheap enough.

        A price that is unknown for long counts as too high.
        """
        if price is None:
            if self._silent_since is None:
                self._silent_since = now
            if now - self._silent_since >= PATIENCE or self._open is None:
                self._open = None
                return False
            return self._open
        self._silent_since = None
        if self._open is False:
            self._open = price <= self.limit - _CHEAPER * abs(self.limit)
        else:
            self._open = price <= self.limit
        return self._open
