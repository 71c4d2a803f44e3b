"""Lets a storm pass over Home Assistant with simulated miners.

A real Home Assistant core with its recorder polls miners in the same process, over HTTP
on the loopback interface, while time leaps over all waiting. A seed decides what goes
wrong: network, hardware, replies that cannot be true, restarts, reloads, damaged files,
writes of several at once, also of guard, tuner and power target, maintenance,
connections that break, a clock that is set, miners that take each other's address.
Afterwards nothing of it may be left: no fault in the log, no task, listener, file or
object more than before, no write beyond a limit or to another miner, and no energy lost
beyond a poll for each disturbance.
"""

import argparse
from pathlib import Path
import resource
import sys
import tempfile
from typing import TYPE_CHECKING

from scripts.bench.time_warp import SharedOffset, TimeWarpSelector

if TYPE_CHECKING:
    from .soak import Outcome


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/soak", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--miners", type=int, default=30, help="default: 30")
    parser.add_argument(
        "--minutes", type=float, default=10, help="of simulated storm; default: 10"
    )
    parser.add_argument(
        "--weeks", type=float, help="of simulated storm, instead of minutes"
    )
    parser.add_argument(
        "--interval",
        type=int,
        default=10,
        help="seconds between two polls of a miner; default: 10",
    )
    parser.add_argument(
        "--gap",
        type=float,
        help="seconds between two disturbances; default: a tenth of the interval",
    )
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    options = parser.parse_args()
    if options.weeks is not None:
        options.minutes = options.weeks * 7 * 24 * 60
    if options.gap is None:
        options.gap = options.interval / 10
    return options


def main() -> int:
    """Run, print, and return 0 if all is well."""
    options = _parse()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        selector = TimeWarpSelector(SharedOffset(folder / "offset"))
        with selector.installed():
            # What is imported before keeps the machine's clock.
            from .soak import Plan, soak  # noqa: PLC0415

            home = folder / "home"
            home.mkdir()
            plan = Plan(
                miners=options.miners,
                seconds=options.minutes * 60,
                interval=options.interval,
                gap=options.gap,
                seed=options.seed,
            )
            outcome = soak(plan, home, selector)
    _print(options, outcome)
    return 1 if outcome.faults else 0


def _print(options: argparse.Namespace, outcome: Outcome) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    half, end = outcome.memory
    drawn, counted = outcome.energy
    days = options.minutes / (24 * 60)
    lasted = f"{options.minutes:g} minutes" if days < 1 else f"{days:g} days"
    print(
        f"{options.miners} miners, {lasted}, seed {options.seed}:"
        f" {outcome.polls} polls, {used.ru_utime + used.ru_stime:.0f} s of CPU"
    )
    print(f"Memory half-way and at the end: {half / 1e6:.0f} MB, {end / 1e6:.0f} MB")
    print(f"Energy of the witnesses: {drawn:.4f} kWh drawn, {counted:.4f} kWh counted")
    for title, counts in (
        ("What happened", outcome.happened),
        ("Refused in words", outcome.refused),
        ("Lines in the log", outcome.lines),
    ):
        print(f"\n{title}: {counts.total()}")
        for what, number in counts.most_common(25):
            print(f"{number:8}  {what}")
    print(f"\nWhat must not be: {len(outcome.faults)}")
    for fault in outcome.faults:
        print(f"- {fault}")


if __name__ == "__main__":
    sys.exit(main())
