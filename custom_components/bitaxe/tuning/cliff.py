"""What is believed of the core voltage that a miner needs.

Below it hashes go missing, whole domains at a time, with hardly an error reported. How
much is needed rises linearly with the frequency and differs from specimen to specimen.
The belief is a finite set of hypotheses: at which voltage 98 % are made, how fast that
rises, and in what shape the rest is lost. Measured shares of hashrate weigh them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
import math
from typing import Final, NamedTuple

from .machine import Machine

HEALTHY: Final = 0.98
DARK: Final = 0.93
"""A share of the expected hashrate below which something is missing for good."""

_EDGE_STEP: Final = 5.0
_EDGE_SIGMAS: Final = 5.0
# Degrees of freedom of Student's distribution: some specimens are far better than most.
_EDGE_TAILS: Final = 4.0
_SLOPES: Final = (
    (0.55, 0.06),
    (0.7, 0.1),
    (0.85, 0.18),
    (1.0, 0.34),
    (1.15, 0.18),
    (1.35, 0.1),
    (1.6, 0.04),
)
# Miners differ a little in how much of the expected hashrate they report at best.
_GAIN_SIGMA: Final = 0.015
# What no model of these gets right: little where all is made, more where much is missing.
_MODEL_SIGMA: Final = 0.004
_MODEL_SIGMA_LOST: Final = 0.08
_NEGLIGIBLE: Final = 3e-5
# mV to which edges are rounded once all hypotheses are summed up, and what of them is
# too unlikely to count then.
_BIN: Final = 3
_UNLIKELY: Final = 2e-4
_REACH: Final = 700


@dataclass(frozen=True, slots=True)
class ShareSeen:
    """A share of the expected hashrate that was measured, with its standard error."""

    frequency: float
    core_voltage: float
    share: float
    error: float


@lru_cache(maxsize=32)
def _shapes(domains: int) -> tuple[tuple[float, tuple[float, ...]], ...]:
    """Return weights and tables of shapes: share by mV above the edge, from -_REACH on.

    Public benchmarks show domains that give up over about 130 mV (a logistic curve of
    30 mV). How sharply each does, and whether a board has one that is much worse than
    the others, is not known; a single smooth curve cannot be excluded either.
    """
    shapes = [
        (0.06, _shape([0.0], 5.0, abrupt=False)),
        (0.08, _shape([0.0], 10.0, abrupt=False)),
        (0.15, _shape([0.0], 18.0, abrupt=False)),
        (0.15, _shape([0.0], 30.0, abrupt=False)),
    ]
    if domains > 1:
        ranks = [math.log((i + 0.5) / (domains - i - 0.5)) for i in range(domains)]
        shapes += [
            (0.15, _shape([20 * rank for rank in ranks], 6.0, abrupt=True)),
            (0.20, _shape([30 * rank for rank in ranks], 8.0, abrupt=True)),
            (0.15, _shape([38 * rank for rank in ranks], 12.0, abrupt=True)),
            (0.10, _shape([30 * rank for rank in ranks], 3.0, abrupt=True)),
        ]
    total = sum(weight for weight, _ in shapes)
    return tuple((weight / total, table) for weight, table in shapes)


def _shape(needs: list[float], width: float, *, abrupt: bool) -> tuple[float, ...]:
    def made(voltage: float) -> float:
        each = [
            1 / (1 + math.exp(max(-60.0, min(60.0, (need - voltage) / width))))
            for need in needs
        ]
        # A domain that makes less than half of its hashes makes none.
        return sum(e if e >= 0.5 or not abrupt else 0.0 for e in each) / len(each)

    edge = 500.0
    while made(edge) > HEALTHY:
        edge -= 0.5
    return tuple(made(edge + x) for x in range(-_REACH, _REACH + 1))


class Outlook:
    """The belief about the shares of hashrate at one frequency."""

    def __init__(
        self, parts: Sequence[tuple[int, float, tuple[float, ...]]], gain: float
    ) -> None:
        """Take weighted edges in mV with the shapes below them."""
        self._parts = parts
        self.gain = gain

    def shares(self, core_voltage: float) -> list[tuple[float, float]]:
        """Return pairs of probability and share of hashes at a core voltage in mV."""
        base = round(core_voltage) + _REACH
        if abs(core_voltage - self._parts[0][0]) < _REACH / 2:
            return [(weight, table[base - edge]) for edge, weight, table in self._parts]
        return [
            (weight, table[_index(core_voltage - edge)])
            for edge, weight, table in self._parts
        ]

    @property
    def edges(self) -> tuple[float, float]:
        """Mean and standard deviation of the needed voltage in mV."""
        mean = sum(edge * weight for edge, weight, _ in self._parts)
        square = sum((edge - mean) ** 2 * weight for edge, weight, _ in self._parts)
        return mean, math.sqrt(square)


def _index(above: float) -> int:
    return max(0, min(2 * _REACH, int(above + 0.5) + _REACH))


class _Hypothesis(NamedTuple):
    """98 % need `edge` mV at the reference frequency, and `rise` more per MHz."""

    edge: float
    rise: float
    table: tuple[float, ...]
    gain: float


class CliffBelief:
    """The belief after all that was measured."""

    def __init__(self, machine: Machine, seen: Iterable[ShareSeen]) -> None:
        """Weigh all hypotheses."""
        self._reference = machine.default.frequency
        mean, sigma, slope = machine.needed
        shapes = _shapes(machine.domains * machine.asic_count)
        steps = round(_EDGE_SIGMAS * sigma / _EDGE_STEP)
        observations = list(seen)
        weighed: list[tuple[float, _Hypothesis]] = []
        for step in range(-steps, steps + 1):
            offset = step * _EDGE_STEP
            odds = 1 + (offset / sigma) ** 2 / _EDGE_TAILS
            prior = -0.5 * (_EDGE_TAILS + 1) * math.log(odds)
            for factor, slope_weight in _SLOPES:
                rise = slope * factor
                for shape_weight, table in shapes:
                    fit, gain = _fit(
                        observations, self._reference, mean + offset, rise, table
                    )
                    log = prior + math.log(slope_weight * shape_weight) + fit
                    weighed.append((log, _Hypothesis(mean + offset, rise, table, gain)))
        best = max(log for log, _ in weighed)
        kept = [
            (math.exp(log - best), hypothesis)
            for log, hypothesis in weighed
            if log - best > math.log(_NEGLIGIBLE)
        ]
        total = sum(weight for weight, _ in kept)
        self._hypotheses = [(weight / total, hypothesis) for weight, hypothesis in kept]
        self.gain = sum(weight * item.gain for weight, item in self._hypotheses)

    def at(self, frequency: float) -> Outlook:
        """Return the belief at a frequency in MHz."""
        merged: dict[tuple[int, int], float] = {}
        tables: dict[int, tuple[float, ...]] = {}
        distance = frequency - self._reference
        for weight, item in self._hypotheses:
            edge = (item.edge + item.rise * distance) / _BIN
            key = (int(edge + 0.5), id(item.table))
            merged[key] = merged.get(key, 0.0) + weight
            tables[id(item.table)] = item.table
        likely = [(key, w) for key, w in merged.items() if w > _UNLIKELY]
        total = sum(weight for _, weight in likely)
        return Outlook(
            [(edge * _BIN, w / total, tables[shape]) for (edge, shape), w in likely],
            self.gain,
        )


def _fit(
    seen: Sequence[ShareSeen],
    reference: float,
    edge: float,
    rise: float,
    table: tuple[float, ...],
) -> tuple[float, float]:
    """Return the log likelihood of a hypothesis, and the gain that suits it best.

    What is measured is gain times share; the gain is unknown by `_GAIN_SIGMA`.
    """
    precision = 1 / _GAIN_SIGMA**2
    weighted = precision
    squares = precision
    log = math.log(precision)
    for item in seen:
        above = item.core_voltage - edge - rise * (item.frequency - reference)
        share = table[_index(above)]
        unsure = _MODEL_SIGMA + _MODEL_SIGMA_LOST * max(0.0, 1 - item.share)
        variance = item.error**2 + unsure**2
        precision += share * share / variance
        weighted += share * item.share / variance
        squares += item.share * item.share / variance
    log -= math.log(precision)
    gain = weighted / precision
    return 0.5 * (log - squares + weighted * gain), gain
