"""What a power supply takes from the wall, and what its miners get of it. Pure.

A plug reports by itself, and not together with the miners, so single readings say
little of the loss: it is judged by means of some minutes.
"""

from dataclasses import dataclass, field
from math import exp
from typing import Final

from ..analysis.wall import BELOW_MINERS

# W; no plug at home gives more, so a larger reading is wrong.
MOST_POWER: Final = 25_000.0
# s over which readings are averaged.
_MEAN: Final = 120.0
# s for which a plug must show too little for its miners before that counts.
_BELOW_SECONDS: Final = 600.0
# s between two updates for which the last power is assumed to have lasted, at most.
_LONGEST: Final = 900.0


@dataclass(slots=True)
class _Mean:
    """A mean of W, in which older readings count less and less."""

    value: float | None = None

    def take(self, power: float | None, seconds: float) -> None:
        if power is None or self.value is None:
            self.value = power
        else:
            self.value += (power - self.value) * (1 - exp(-seconds / _MEAN))


@dataclass(slots=True)
class SupplyMeter:
    """Energy and loss of one power supply."""

    energy: float = 0.0
    """kWh from the wall; while that is not known, those of the miners."""
    _wall: _Mean = field(default_factory=_Mean)
    _miners: _Mean = field(default_factory=_Mean)
    _power: float | None = None
    _seen_at: float | None = None
    _below_since: float | None = None
    below: bool = False
    """Whether the plug shows less than the miners draw: it is another one's."""

    def take(self, wall: float | None, miners: float | None, now: float) -> None:
        """Take in W at the wall and of all its miners; `now` is monotonic, in s."""
        passed = 0.0 if self._seen_at is None else now - self._seen_at
        self._seen_at = now
        if self._power is not None and passed <= _LONGEST:
            self.energy += self._power * passed / 3_600_000
        self._wall.take(wall, passed)
        self._miners.take(miners, passed)
        self._compare(now)
        believed = None if self.below else wall
        self._power = believed if believed is not None else miners

    def _compare(self, now: float) -> None:
        taken, given = self._wall.value, self._miners.value
        if taken is None or given is None:
            self._below_since = None
            return
        if taken >= BELOW_MINERS * given:
            self._below_since, self.below = None, False
            return
        if self._below_since is None:
            self._below_since = now
        self.below |= now - self._below_since >= _BELOW_SECONDS

    @property
    def loss(self) -> float | None:
        """W that the supply turns into heat; unknown where the plug cannot be right."""
        taken, given = self._wall.value, self._miners.value
        if taken is None or given is None or taken < given:
            return None
        return taken - given

    @property
    def loss_share(self) -> float | None:
        """% of what it takes that is lost."""
        loss, taken = self.loss, self._wall.value
        return None if loss is None or not taken else 100 * loss / taken
