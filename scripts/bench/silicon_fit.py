"""How well the simulated silicon agrees with real miners."""

import argparse
from collections.abc import Iterable, Sequence
import csv
from dataclasses import dataclass, replace
import math
from pathlib import Path
from random import Random
from statistics import median, quantiles

from scripts.simulator import PRESETS, Faults
from scripts.simulator.physics import Physics

from .silicon_points import POINTS, Point

PRESET_OF = {
    ("BM1368", 1): "supra-2.9",
    ("BM1370", 1): "gamma-2.12",
    ("BM1370", 2): "gt-2.15",
    ("BM1370", 4): "nerdqaxepp-1.1.0",
}
SPECIMENS = 40
ROOM_FAN = 0.5
HEALTHY = 0.98

_COLUMNS = """\
The columns of the CSV file that are read: asic, chips, mhz, mv, watts, ghs,
ratio_to_plateau (hashrate over the expected one), asic_c. Rows that lack power or
hashrate, or are of another ASIC, are left out."""


@dataclass(frozen=True)
class Spread:
    """Median and the limits of the middle 80 %."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Sum values up; ValueError when there are none."""
        ordered = sorted(values)
        if len(ordered) < 2:
            return cls(ordered[0], ordered[0], ordered[0])
        tenths = quantiles(ordered, n=10, method="inclusive")
        return cls(tenths[0], median(ordered), tenths[-1])


@dataclass(frozen=True)
class Fit:
    """How points compare with the typical simulated specimen.

    `power` and `share` are measured over modelled values; `watts_per_chip` and
    `ghs_per_chip` of measured points and of the model are the absolute figures.
    """

    points: int
    power: Spread
    share: Spread
    measured_watts_per_chip: Spread
    modelled_watts_per_chip: Spread
    measured_ghs_per_chip: Spread
    modelled_ghs_per_chip: Spread


def specimens(preset: str, count: int = SPECIMENS) -> list[Physics]:
    """Return the physics of several specimens of a preset's board."""
    spec = PRESETS[preset]
    return [
        Physics(
            replace(spec, seed=seed),
            Faults(),
            Random(f"{seed}/{spec.board}/silicon"),
        )
        for seed in range(count)
    ]


def share_at(physics: Physics, mhz: float, mv: float, temp: float) -> float:
    """Return the hashrate over the expected one, 0 to 1."""
    return physics.silicon.hashing_share(mhz, physics.core_v(mhz, mv), temp)


def watts_at(physics: Physics, mhz: float, mv: float, temp: float) -> float:
    """Return the power which the firmware reports, at a temperature of the chip."""
    physics.chip = temp
    physics.fan = ROOM_FAN
    return physics.electrics(mhz, mv).power_w


def needed_mv(physics: Physics, mhz: float, temp: float) -> float:
    """Return the setting in mV that makes 98 % of the expected hashrate."""
    need = physics.silicon.need_v(mhz, temp)
    # The regulator's output sags by the load, in proportion to the setting.
    setting = need * need / physics.core_v(mhz, need * 1000)
    return setting * 1000


def width_mv(miners: Sequence[Physics], mhz: float, temp: float) -> float:
    """Return over how many mV the mean share of hashes of specimens falls off.

    Specimens are lined up by the voltage each needs. It is the distance from 90 to 10
    %.
    """
    shares = []
    for below in range(300):
        at = [
            m.silicon.hashing_share(
                mhz, m.silicon.need_v(mhz, temp) - below / 1000, temp
            )
            for m in miners
        ]
        shares.append(sum(at) / len(at))
    top = next(i for i, share in enumerate(shares) if share < 0.9)
    bottom = next(i for i, share in enumerate(shares) if share < 0.1)
    return float(bottom - top)


def compare(asic: str, chips: int, points: Sequence[Point]) -> Fit:
    """Compare points of one kind of miner with its simulated specimens."""
    preset = PRESET_OF[asic, chips]
    miners = specimens(preset)
    small_cores = PRESETS[preset].hardware.chip.small_cores
    power, share, watts, ghs = [], [], [], []
    for point in points:
        at = (point.mhz, point.mv, point.asic_c)
        modelled = median(watts_at(m, *at) for m in miners)
        made = median(share_at(m, *at) for m in miners)
        power.append(point.watts / modelled)
        share.append(point.share / made if made else math.inf)
        watts.append(modelled / chips)
        ghs.append(point.mhz * small_cores / 1000 * made)
    return Fit(
        points=len(points),
        power=Spread.of(power),
        share=Spread.of(share),
        measured_watts_per_chip=Spread.of(p.watts / chips for p in points),
        modelled_watts_per_chip=Spread.of(watts),
        measured_ghs_per_chip=Spread.of(
            p.mhz * small_cores / 1000 * p.share for p in points
        ),
        modelled_ghs_per_chip=Spread.of(ghs),
    )


def read_points(path: Path) -> dict[tuple[str, int], list[Point]]:
    """Read points from a CSV file, by ASIC model and number of chips."""
    found: dict[tuple[str, int], list[Point]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                kind = row["asic"], int(row["chips"])
                mhz, mv, watts = (float(row[key]) for key in ("mhz", "mv", "watts"))
                share = float(row["ratio_to_plateau"])
            except ValueError:
                continue
            if kind in PRESET_OF:
                temp = float(row["asic_c"] or 60)
                point = Point(mhz, mv, watts, share, temp)
                found.setdefault(kind, []).append(point)
    return found


def _columns(spread: Spread, form: str) -> str:
    return (
        f"{spread.middle:{form}} ({spread.low:{form}} to {spread.high:{form}})"
    ).rjust(26)


def main() -> int:
    """Print the model against the points."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog=_COLUMNS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("csv", nargs="?", type=Path, help="points of your own")
    options = parser.parse_args()
    given = POINTS if options.csv is None else read_points(options.csv)

    print(f"{'':22}{'measured':>26}{'model':>26}{'measured / model':>26}")
    for (asic, chips), points in sorted(given.items()):
        fit = compare(asic, chips, points)
        print(f"{asic}, chips: {chips}, points: {fit.points}")
        print(
            f"{'  W per chip':22}"
            + _columns(fit.measured_watts_per_chip, ".1f")
            + _columns(fit.modelled_watts_per_chip, ".1f")
            + _columns(fit.power, ".3f")
        )
        print(
            f"{'  GH/s per chip':22}"
            + _columns(fit.measured_ghs_per_chip, ".0f")
            + _columns(fit.modelled_ghs_per_chip, ".0f")
            + _columns(fit.share, ".3f")
        )
        miners = specimens(PRESET_OF[asic, chips])
        base = PRESETS[PRESET_OF[asic, chips]].hardware.defaults[0]
        for mhz in (base, base + 150, base + 300):
            need = Spread.of(needed_mv(m, mhz, 55) for m in miners)
            print(f"  needed at {mhz} MHz, mV".ljust(22) + _columns(need, ".0f"))
        width = width_mv(miners, base, 55)
        print(f"  90 to 10 % of the hashrate over {width:.0f} mV")
    print("Figures are medians (10 to 90 %).")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
