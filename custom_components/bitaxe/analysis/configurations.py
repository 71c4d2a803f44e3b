"""How a miner did at each of its operating points."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Final

from ..axeos import OperatingPoint
from .blocks import LONG_ROW, SHORT_ROW, Block, PointSums, Tally, sum_of_known
from .errors import AnalysisError
from .estimate import Estimate, Part, estimate_ratio
from .metrics import Metric, percent_rejected
from .miner import Miner
from .span import Span
from .wall import BELOW_MINERS

CLAIM_HOURS: Final = 2.0
"""Hours a setting must have been measured before anything is claimed about it."""
# A spread of fewer means than these says little.
_FEWEST_MEANS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWall:
    """What a miner took from the wall at one operating point."""

    hours: float
    """In which both the plug and the miner were known."""
    power: float
    """W, mean over time."""
    efficiency: float | None
    """J/TH: energy over work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One operating point, over the time it was measured in.

    Settling (the row after a change or a restart), gaps and rows with more than one
    setting are left out. Unknown is `None`, never 0.
    """

    operating_point: OperatingPoint
    present: bool
    """Whether this is the setting now."""
    hours: float
    """Time measured, not the calendar span."""
    first_seen: float
    """Unix time."""
    last_seen: float
    """Unix time."""
    hashrate: Estimate
    """GH/s, mean over time."""
    hashrate_min: float
    """GH/s."""
    hashrate_max: float
    """GH/s."""
    expected_hashrate: float | None
    """GH/s: frequency x small cores x ASICs / 1000."""
    power: float | None
    """W, mean over time."""
    power_max: float | None
    """W."""
    efficiency: Estimate | None
    """J/TH: energy over work."""
    asic_temperature: float | None
    """°C, mean."""
    asic_temperature_max: float | None
    """°C."""
    vr_temperature: float | None
    """°C, mean."""
    vr_temperature_max: float | None
    """°C."""
    input_voltage: float | None
    """V, mean."""
    input_voltage_min: float | None
    """V."""
    fan_speed: float | None
    """%, mean."""
    error_rate: float | None
    """% of hashes."""
    shares_accepted: float | None
    shares_rejected: float | None
    variation: float | None
    """Coefficient of variation in % of the means of `variation_seconds`."""
    variation_seconds: float
    """300 s, or 3600 s if nothing finer is left."""
    bucket_variance: float | None
    """(highest - lowest hourly mean) / mean in %, the way hobbyists know it."""
    wall: AtWall | None = None
    """What its power supply took, where that feeds it alone and has a plug."""

    @property
    def hashrate_per_watt(self) -> Estimate | None:
        """GH/W: the efficiency the other way round."""
        if self.efficiency is None or not self.efficiency.value:
            return None
        value = 1000 / self.efficiency.value
        error = self.efficiency.error
        return Estimate(
            value, None if error is None else value * error / self.efficiency.value
        )

    @property
    def expected_ratio(self) -> float | None:
        """Hashrate in % of what the frequency promises."""
        if not self.expected_hashrate:
            return None
        return self.hashrate.value / self.expected_hashrate * 100

    @property
    def reject_rate(self) -> float | None:
        """% of all shares."""
        return percent_rejected(self.shares_accepted, self.shares_rejected)

    @property
    def measured_enough(self) -> bool:
        """Whether anything may be claimed about it."""
        return self.hours >= CLAIM_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerConfigurations:
    """All operating points of a miner within a span."""

    miner: Miner
    span: Span
    configurations: tuple[Configuration, ...]
    """By frequency and core voltage, highest first."""
    missing: Mapping[Metric, AnalysisError] = field(default_factory=dict)
    """Figures that are unknown, and why."""

    @property
    def present(self) -> Configuration | None:
        """How the miner does at its setting now, if that was measured."""
        return next((item for item in self.configurations if item.present), None)


def summarize(sums: Iterable[PointSums], miner: Miner) -> tuple[Configuration, ...]:
    """Return what the sums say of each operating point, highest first."""
    by_point: defaultdict[tuple[float, float], list[PointSums]] = defaultdict(list)
    for found in sums:
        point = found.whole.operating_point
        by_point[point.frequency, point.core_voltage].append(found)
    is_its_plug = _is_its_plug(
        item.whole for found in by_point.values() for item in found
    )
    return tuple(
        _summarize(
            # Hours, and then what there are still shorter rows of.
            sorted(by_point[key], key=lambda found: found.whole.start),
            miner,
            is_its_plug=is_its_plug,
        )
        for key in sorted(by_point, reverse=True)
    )


def _summarize(
    sums: list[PointSums], miner: Miner, *, is_its_plug: bool
) -> Configuration:
    wholes = [found.whole for found in sums]
    point = wholes[0].operating_point
    hashrate = Tally.merge(whole.hashrate for whole in wholes)
    assert hashrate is not None
    mean = _mean_hashrate(sums)
    power = Tally.merge(whole.power for whole in wholes)
    asic = Tally.merge(whole.asic_temperature for whole in wholes)
    vr = Tally.merge(whole.vr_temperature for whole in wholes)
    supply = Tally.merge(whole.input_voltage for whole in wholes)
    fine = [whole for whole in wholes if whole.row_seconds == SHORT_ROW]
    variation_seconds = SHORT_ROW
    if sum(whole.hashrate.rows for whole in fine) < _FEWEST_MEANS:
        fine = [whole for whole in wholes if whole.row_seconds == LONG_ROW]
        variation_seconds = LONG_ROW
    return Configuration(
        operating_point=point,
        present=point == miner.present,
        hours=sum(whole.seconds for whole in wholes) / 3600,
        first_seen=wholes[0].start,
        last_seen=max(whole.end for whole in wholes),
        hashrate=mean,
        hashrate_min=hashrate.low,
        hashrate_max=hashrate.high,
        expected_hashrate=miner.expected_hashrate(point.frequency),
        power=_mean([(whole.power, whole.row_seconds) for whole in wholes]),
        power_max=power.high if power else None,
        efficiency=_efficiency(sums),
        asic_temperature=_mean(
            [(whole.asic_temperature, whole.row_seconds) for whole in wholes]
        ),
        asic_temperature_max=asic.high if asic else None,
        vr_temperature=_mean(
            [(whole.vr_temperature, whole.row_seconds) for whole in wholes]
        ),
        vr_temperature_max=vr.high if vr else None,
        input_voltage=_mean(
            [(whole.input_voltage, whole.row_seconds) for whole in wholes]
        ),
        input_voltage_min=supply.low if supply else None,
        fan_speed=_mean([(whole.fan_speed, whole.row_seconds) for whole in wholes]),
        error_rate=_error_rate(wholes),
        shares_accepted=sum_of_known(whole.accepted for whole in wholes),
        shares_rejected=sum_of_known(whole.rejected for whole in wholes),
        variation=_variation(fine),
        variation_seconds=variation_seconds,
        bucket_variance=_bucket_variance(sums, mean.value),
        wall=_at_wall(wholes) if is_its_plug else None,
    )


def _is_its_plug(blocks: Iterable[Block]) -> bool:
    """Return whether a plug shows at least about what the miner draws."""
    wall = power = 0.0
    for block in blocks:
        wall += block.wall * block.row_seconds
        power += block.wall_power * block.row_seconds
    return wall >= BELOW_MINERS * power


def _at_wall(blocks: list[Block]) -> AtWall | None:
    seconds = sum(block.wall_rows * block.row_seconds for block in blocks)
    if not seconds or not _is_its_plug(blocks):
        return None
    joules = sum(block.wall * block.row_seconds for block in blocks)
    work = sum(block.wall_hashrate * block.row_seconds for block in blocks) / 1000
    return AtWall(
        hours=seconds / 3600,
        power=joules / seconds,
        efficiency=joules / work if work else None,
    )


def _mean(tallies: list[tuple[Tally | None, float]]) -> float | None:
    """Return the mean over time of a metric, over rows of so many s each."""
    total = seconds = 0.0
    for tally, row_seconds in tallies:
        if tally is not None:
            total += tally.total * row_seconds
            seconds += tally.rows * row_seconds
    return total / seconds if seconds else None


def _error_rate(blocks: list[Block]) -> float | None:
    """Return % of hashes: each row's rate counts by its work."""
    work = sum(block.errors_hashrate * block.row_seconds for block in blocks)
    if not work:
        return None
    return sum(block.errors * block.row_seconds for block in blocks) / work


def _mean_hashrate(sums: list[PointSums]) -> Estimate:
    parts = [
        Part(hashrate * whole.row_seconds, rows * whole.row_seconds)
        for whole, added in sums
        for hashrate, rows in zip(added.hashrate, added.rows, strict=True)
    ]
    mean = sum([part.numerator for part in parts]) / sum(
        [part.denominator for part in parts]
    )
    rows, residuals = 0, 0.0
    for whole, _ in sums:
        tally = whole.hashrate
        rows += tally.rows
        residuals += (
            whole.hashrate_squares - 2 * mean * tally.total + mean**2 * tally.rows
        ) * whole.row_seconds**2
    estimate = estimate_ratio(parts, rows=rows, row_residuals=residuals)
    assert estimate is not None
    return estimate


def _efficiency(sums: list[PointSums]) -> Estimate | None:
    """Estimate J/TH: J over TH, of the rows that have both."""
    parts = [
        Part(power * whole.row_seconds, hashrate * whole.row_seconds / 1000)
        for whole, added in sums
        for power, hashrate in zip(added.power, added.powered_hashrate, strict=True)
        if power is not None
    ]
    work = sum([part.denominator for part in parts])
    if work <= 0:
        return None
    ratio = sum([part.numerator for part in parts]) / work
    per_hashrate = ratio / 1000
    rows, residuals = 0, 0.0
    for whole, _ in sums:
        if whole.power is not None:
            rows += whole.power.rows
            residuals += (
                whole.power_squares
                - 2 * per_hashrate * whole.power_hashrate
                + per_hashrate**2 * whole.powered_hashrate_squares
            ) * whole.row_seconds**2
    return estimate_ratio(parts, rows=rows, row_residuals=residuals)


def _variation(wholes: list[Block]) -> float | None:
    rows = sum(whole.hashrate.rows for whole in wholes)
    if rows < _FEWEST_MEANS:
        return None
    mean = sum(whole.hashrate.total for whole in wholes) / rows
    squares = sum(whole.hashrate_squares for whole in wholes)
    return sqrt(max(squares - rows * mean**2, 0.0) / (rows - 1)) / mean * 100


def _bucket_variance(sums: list[PointSums], mean: float) -> float | None:
    means = []
    for whole, added in sums:
        if whole.row_seconds == LONG_ROW:
            means += [whole.hashrate_lowest_mean, whole.hashrate_highest_mean]
        else:
            means += [
                hashrate / rows
                for hashrate, rows in zip(added.hashrate, added.rows, strict=True)
                if rows >= _FEWEST_MEANS
            ]
    if len(means) < 2:
        return None
    return (max(means) - min(means)) / mean * 100
