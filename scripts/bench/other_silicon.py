"""Silicon unlike the fitted one: a tuner must not depend on how hashes go missing."""

from collections.abc import Callable
import math
from random import Random
from typing import Final, override

from scripts.simulator.hardware import Board
from scripts.simulator.physics import Silicon

_REFERENCE_C: Final = 60.0
_HEALTHY_ODDS: Final = math.log(0.98 / 0.02)


class SmoothSilicon(Silicon):
    """All domains lose hashes together, over a logistic curve `widths_v` wide.

    The needed voltage rises faster or slower with the clock than usual, a little more
    so at high clocks, and falls or rises with the temperature.
    """

    widths_v = (0.026, 0.036)

    @override
    def _draw_needs(self, rng: Random) -> None:
        chip, (frequency, voltage) = self.board.chip, self.board.defaults
        self._curve_v = rng.uniform(*self.widths_v)
        typical = chip.need_base_v + chip.need_slope * frequency
        typical += self.board.need_offset_v + rng.gauss(0.01, 0.035)
        self._at_default_v = min(voltage / 1000 - 0.01, typical)
        self._frequency = frequency
        self._rise = rng.uniform(0.0003, 0.00065)
        self._bend = rng.choice((0.0, 0.0, 4e-7))
        self._per_degree = rng.uniform(-0.0004, 0.0006)

    @override
    def alive(self, frequency: float, voltage: float, temp: float) -> list[list[float]]:
        """Return the share of its hashes that each domain of each chip makes."""
        made = 0.0
        if voltage > 0 and frequency > 0:
            beyond = frequency - self._frequency
            need = (
                self._at_default_v
                + self._rise * beyond
                + self._bend * max(0.0, beyond) ** 2
                + self._per_degree * (temp - _REFERENCE_C)
            )
            odds = _HEALTHY_ODDS + (voltage - need) / self._curve_v
            made = 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))
        return [[made] * len(domains) for domains in self.domain_share]


class SharpSilicon(SmoothSilicon):
    """The same over a few millivolts only."""

    widths_v = (0.006, 0.014)


class NeedleSilicon(SmoothSilicon):
    """The same over 10 mV."""

    widths_v = (0.0022, 0.0024)


class CurvedSilicon(Silicon):
    """The needed voltage rises by a square, not linearly, with the clock."""

    _per_mhz2 = 2e-6

    @override
    def alive(self, frequency: float, voltage: float, temp: float) -> list[list[float]]:
        """Return the share of its hashes that each domain of each chip makes."""
        beyond = frequency - self.board.chip.frequency
        needed = self._per_mhz2 * beyond * beyond
        return super().alive(frequency, max(0.0, voltage - needed), temp)


class BrokenSilicon(Silicon):
    """One hash domain is dark, whatever is set."""

    _broken: int | None = None

    @override
    def _draw_needs(self, rng: Random) -> None:
        super()._draw_needs(rng)
        self._broken = rng.randrange(len(self._domain_need[0]))

    @override
    def alive(self, frequency: float, voltage: float, temp: float) -> list[list[float]]:
        """Return the share of its hashes that each domain of each chip makes."""
        alive = super().alive(frequency, voltage, temp)
        if self._broken is not None:
            alive[0][self._broken] = 0.0
        return alive


SILICON: Final[dict[str, Callable[[Board, Random], Silicon]]] = {
    "fitted": Silicon,
    "smooth": SmoothSilicon,
    "sharp": SharpSilicon,
    "needle": NeedleSilicon,
    "curved": CurvedSilicon,
    "broken-domain": BrokenSilicon,
}
"""Kinds of silicon by name."""
