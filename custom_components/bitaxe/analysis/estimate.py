"""Estimates with standard errors.

Readings of a miner are no independent draws: the room warms up over the day and takes
the chip along. A standard error from single windows would promise too much, so it is
taken from batches of ever longer time, and the largest stands (the blocking method of
Flyvbjerg and Petersen, J. Chem. Phys. 91, 461, 1989).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from math import hypot, sqrt
from typing import Final, NamedTuple

SIGNIFICANT: Final = 2.0
"""Standard errors a difference must span to be claimed, about 95 % certain."""
# Fewer batches say little about their own spread.
_FEWEST_BATCHES: Final = 8


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured figure."""

    value: float
    error: float | None = None
    """Standard error in the unit of the value; `None` if there is too little data."""


class Part(NamedTuple):
    """What one block of time adds to a ratio."""

    numerator: float
    denominator: float


def estimate_ratio(
    parts: Sequence[Part], *, rows: int, row_residuals: float
) -> Estimate | None:
    """Estimate the sum of numerators over the sum of denominators.

    Never the mean of ratios: that would count idle and slow times too much. The error
    is that of the ratio estimator, by linearisation. `parts` are in the order of time;
    `row_residuals` is the sum of squares of numerator - ratio x denominator over the
    single `rows`, in which time order plays no part.
    """
    total = sum([denominator for _, denominator in parts])
    if total <= 0:
        return None
    ratio = sum([numerator for numerator, _ in parts]) / total
    variances = []
    if rows > 1:
        variances.append(max(row_residuals, 0.0) * rows / (rows - 1))
    residuals = [numerator - ratio * denominator for numerator, denominator in parts]
    size = 1
    while len(residuals) // size >= (_FEWEST_BATCHES if size > 1 else 2):
        batches = [sum(batch) for batch in batched(residuals, size, strict=False)]
        count = len(batches)
        variances.append(count / (count - 1) * sum(batch**2 for batch in batches))
        size *= 2
    return Estimate(ratio, sqrt(max(variances)) / total if variances else None)


def standard_errors_apart(first: Estimate, second: Estimate) -> float | None:
    """Return how many standard errors lie between two figures."""
    if first.error is None or second.error is None:
        return None
    spread = hypot(first.error, second.error)
    if spread == 0:
        return None if first.value == second.value else float("inf")
    return abs(first.value - second.value) / spread


def differ(first: Estimate, second: Estimate) -> bool:
    """Return whether the difference between two figures is more than chance."""
    apart = standard_errors_apart(first, second)
    return apart is not None and apart >= SIGNIFICANT
