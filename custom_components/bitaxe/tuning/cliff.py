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
from statistics import fmean
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
# What no model of these gets right: little where all is made, more where much is
# missing.
_MODEL_SIGMA: Final = 0.004
_MODEL_SIGMA_LOST: Final = 0.08
# Share below which it shows which domains are missing, how far what the weakest makes
# is from that of a shape, and how much of it has another cause: then no shape is
# excluded.
_SHOWS_DOMAINS: Final = 0.95
_WEAKEST_SIGMA: Final = 0.15
_OTHER_CAUSE: Final = 0.02
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
    weakest: float | None = None
    """The share that the weakest hash domain made, where the firmware reports it."""


class _Shape(NamedTuple):
    """Tables by mV above the edge, from -_REACH on."""

    share: tuple[float, ...]
    """Of the expected hashes, of all domains."""
    weakest: tuple[float, ...]
    """Of the weakest domain."""


@lru_cache(maxsize=32)
def _shapes(domains: int) -> tuple[tuple[float, _Shape], ...]:
    """Return weights and tables of shapes.

    Public benchmarks show domains that give up over about 130 mV (a logistic curve of
    30 mV). How sharply each does, and whether a board has one that is much worse than
    the others, is not known; a single smooth curve cannot be excluded either.
    """
    shapes = [
        (0.05, _shape([0.0], 2.0, abrupt=False)),
        (0.05, _shape([0.0], 5.0, abrupt=False)),
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
    return tuple((weight / total, shape) for weight, shape in shapes)


def _shape(needs: list[float], width: float, *, abrupt: bool) -> _Shape:
    def made(voltage: float) -> list[float]:
        each = [
            1 / (1 + math.exp(max(-60.0, min(60.0, (need - voltage) / width))))
            for need in needs
        ]
        # A domain that makes less than half of its hashes makes none.
        return [e if e >= 0.5 or not abrupt else 0.0 for e in each]

    edge = 500.0
    while fmean(made(edge)) > HEALTHY:
        edge -= 0.5
    tables = [made(edge + x) for x in range(-_REACH, _REACH + 1)]
    return _Shape(tuple(map(fmean, tables)), tuple(map(min, tables)))


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
                for shape_weight, shape in shapes:
                    fit, gain = _fit(
                        observations, self._reference, mean + offset, rise, shape
                    )
                    log = prior + math.log(slope_weight * shape_weight) + fit
                    weighed.append(
                        (log, _Hypothesis(mean + offset, rise, shape.share, gain))
                    )
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
    shape: _Shape,
) -> tuple[float, float]:
    """Return the log likelihood of a hypothesis, and the gain that suits it best.

    What is measured is gain times share; the gain is unknown by `_GAIN_SIGMA`.
    """
    precision = 1 / _GAIN_SIGMA**2
    weighted = precision
    squares = precision
    log = math.log(precision)
    shown = 0.0
    for item in seen:
        above = item.core_voltage - edge - rise * (item.frequency - reference)
        at = _index(above)
        share = shape.share[at]
        if item.weakest is not None and item.share < _SHOWS_DOMAINS:
            distance = (item.weakest - shape.weakest[at]) / _WEAKEST_SIGMA
            shown += math.log(math.exp(-0.5 * distance * distance) + _OTHER_CAUSE)
        unsure = _MODEL_SIGMA + _MODEL_SIGMA_LOST * max(0.0, 1 - item.share)
        variance = item.error**2 + unsure**2
        precision += share * share / variance
        weighted += share * item.share / variance
        squares += item.share * item.share / variance
    log -= math.log(precision)
    gain = weighted / precision
    return 0.5 * (log - squares + weighted * gain) + shown, gain
