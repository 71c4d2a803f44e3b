"""The tuner against a plain hill-climb, on the same simulated miners."""

import argparse
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
import os
from statistics import median, quantiles
from typing import Final

from custom_components.bitaxe.tuning import Goal

from .odd_miners import ODDITIES, USUAL
from .other_silicon import SILICON
from .specimens import Kind, Specimen, optimum
from .tuners import Outturn, climb, tune

KINDS: Final = (
    Kind(preset="gamma-2.12", extended=True),
    Kind(preset="gt-2.15", extended=True),
    Kind(preset="nerdqaxepp-1.1.0", extended=True),
)
SPECIMENS: Final = 30
LATCH_EVERY: Final = 10

MEDIAN_REGRET: Final = 0.01
HIGH_REGRET: Final = 0.03
PART_OF_TRIALS: Final = 0.5
PART_OF_HOURS: Final = 0.25


@dataclass(frozen=True)
class Job:
    """One specimen and goal, for both tuners."""

    kind: Kind
    seed: int
    goal: Goal
    latches: bool = False


@dataclass(frozen=True)
class Compared:
    """What both tuners came to; regrets are shares of the best score there is."""

    job: Job
    tuned: Outturn
    regret: float
    climbed: Outturn
    climbed_regret: float


@dataclass(frozen=True)
class Summary:
    """What is to be reached, over all runs."""

    median_regret: float
    high_regret: float
    part_of_trials: float
    part_of_hours: float
    idle_restarts: int
    seconds_beyond: float

    @classmethod
    def of(cls, runs: Sequence[Compared]) -> Summary:
        """Sum runs up."""
        regrets = [run.regret for run in runs]
        return cls(
            median_regret=median(regrets),
            high_regret=_high(regrets),
            part_of_trials=_sum(run.tuned.trials for run in runs)
            / _sum(run.climbed.trials for run in runs),
            part_of_hours=_sum(run.tuned.hours for run in runs)
            / _sum(run.climbed.hours for run in runs),
            idle_restarts=sum(run.tuned.restarts - run.tuned.latches for run in runs),
            seconds_beyond=_sum(run.tuned.seconds_beyond for run in runs),
        )

    @property
    def reached(self) -> bool:
        """Whether all targets are met."""
        return (
            self.median_regret <= MEDIAN_REGRET
            and self.high_regret <= HIGH_REGRET
            and self.part_of_trials <= PART_OF_TRIALS
            and self.part_of_hours <= PART_OF_HOURS
            and self.idle_restarts == 0
            and self.seconds_beyond == 0
        )


def jobs(kinds: Iterable[Kind], specimens: int) -> list[Job]:
    """Return every specimen of every kind for every goal; some regulators latch."""
    return [
        Job(kind, seed, goal, latches=seed % LATCH_EVERY == LATCH_EVERY - 1)
        for kind in kinds
        for goal in Goal
        for seed in range(specimens)
    ]


def run(job: Job) -> Compared:
    """Have both tuners tune one specimen."""
    one = Specimen(job.kind, job.seed, latches=job.latches)
    tuned = tune(one, job.goal)
    other = Specimen(job.kind, job.seed)
    climbed = climb(other, job.goal)
    return Compared(
        job=job,
        tuned=tuned,
        regret=regret(job, one, tuned),
        climbed=climbed,
        climbed_regret=regret(job, other, climbed),
    )


def regret(job: Job, specimen: Specimen, outturn: Outturn) -> float:
    """Return the share of the best score that is missing, in the room as it is then."""
    best = (
        specimen.optimum(job.goal)
        if specimen.is_changing
        else optimum(job.kind, job.seed, job.goal)
    )
    return 1 - specimen.score(job.goal, outturn.point) / best.score


def _high(values: list[float]) -> float:
    if len(values) < 2:
        return values[0]
    return quantiles(values, n=20, method="inclusive")[-1]


def _sum(values: Iterable[float]) -> float:
    return float(sum(values))


def _row(name: str, runs: Sequence[Compared]) -> str:
    cells = []
    for outturns, regrets in (
        ([run.tuned for run in runs], [run.regret for run in runs]),
        ([run.climbed for run in runs], [run.climbed_regret for run in runs]),
    ):
        cells.append(
            f"{100 * median(regrets):6.2f}{100 * _high(regrets):7.2f}"
            f"{100 * max(regrets):7.2f}"
            f"{median(o.trials for o in outturns):6.0f}"
            f"{median(o.hours for o in outturns):7.2f}"
            f"{median(o.writes for o in outturns):7.0f}"
            f"{sum(o.restarts for o in outturns):6d}"
            f"{sum(o.seconds_beyond for o in outturns):8.0f}"
        )
    return f"{name:34}" + " |".join(cells)


def _print_all(results: Iterable[Compared], *, each: bool) -> list[Compared]:
    """Print a line for each kind and goal as soon as it is known, and all runs."""
    done: list[Compared] = []
    for (kind, goal), group in groupby(
        results, lambda item: (item.job.kind, item.job.goal)
    ):
        runs = list(group)
        done += runs
        print(_row(f"{kind.name} {goal}", runs), flush=True)
        if each:
            for item in runs:
                print(_row(f"    {item.job.seed} {item.tuned.point}", [item]))
    return done


def main() -> int:
    """Run all, print a table, and return whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specimens", type=int, default=SPECIMENS)
    parser.add_argument(
        "--kind",
        action="append",
        metavar="PRESET",
        help="a preset of the simulator, with a + for the extended range; repeatable",
    )
    parser.add_argument(
        "--silicon", choices=SILICON, default="fitted", help="how hashes go missing"
    )
    parser.add_argument(
        "--oddity", choices=ODDITIES, default=USUAL, help="what else is unusual"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--runs", action="store_true", help="print every run, too")
    options = parser.parse_args()
    kinds = [
        Kind(preset=name.removesuffix("+"), extended=name.endswith("+"))
        for name in options.kind or ()
    ] or KINDS
    kinds = [
        replace(kind, silicon=options.silicon, oddity=options.oddity) for kind in kinds
    ]

    head = (
        f"{'regret %':>6}{'95 %':>5}{'worst':>7}{'trials':>7}{'hours':>6}"
        f"{'writes':>7}{'boots':>6}{'s over':>8}"
    )
    print(f"{'':34}{head} |{head}")
    todo = jobs(kinds, options.specimens)
    if options.processes == 1:
        done = _print_all(map(run, todo), each=options.runs)
    else:
        with ProcessPoolExecutor(options.processes) as pool:
            done = _print_all(pool.map(run, todo, chunksize=2), each=options.runs)
    summary = Summary.of(done)
    print(_row("all", done))
    print(
        f"regret: median {100 * summary.median_regret:.2f} % (at most "
        f"{100 * MEDIAN_REGRET:.0f}), 95 % {100 * summary.high_regret:.2f} % (at most "
        f"{100 * HIGH_REGRET:.0f})\n"
        f"of the hill-climb: {100 * summary.part_of_trials:.0f} % of the trials (at most "
        f"{100 * PART_OF_TRIALS:.0f}), {100 * summary.part_of_hours:.0f} % of the hours "
        f"(at most {100 * PART_OF_HOURS:.0f})\n"
        f"restarts without a latch: {summary.idle_restarts}, seconds beyond a limit: "
        f"{summary.seconds_beyond:.0f}\n"
        f"targets {'met' if summary.reached else 'MISSED'}"
    )
    return 0 if summary.reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
