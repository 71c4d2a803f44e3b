"""Measures what polling a swarm of miners costs Home Assistant.

A real Home Assistant core with its recorder on a file, both with their defaults, polls
simulated miners, which live in a process of their own, over HTTP on the loopback
interface. All entities that are enabled by default exist, and the swarm. Time leaps
over all waiting (see `time_warp`), so an hour of every timer, poll, recorder commit and
statistics run is over in about a minute; `--real-time` waits instead, to check that.

CPU time is user and system time of the whole Home Assistant process, with the
recorder's thread. What Home Assistant takes without any miner is measured before and
taken off. Rows and bytes are those of the database; an hour (the default) contains
statistics in their true proportion, so that a day is 24 times an hour.

The targets are those of the design: one row of states for a poll, 1.6 MB a day for a
miner, and the CPU time that a bare logger takes.
"""

import argparse
import asyncio
from pathlib import Path
import tempfile
from typing import TYPE_CHECKING, Final

from .miners import Miners
from .time_warp import SharedOffset, TimeWarpSelector

if TYPE_CHECKING:
    from .instance import Costs

_PRESETS: Final = (
    "gamma-2.12",
    "gamma-2.15",
    "supra-2.9",
    "gt-2.15",
    "nerdqaxepp-1.1.0",
)
_DAY: Final = 86_400
_FLOOR_ROUNDS: Final = 50
_TARGET_CPU: Final = 0.65e-3
_TARGET_ROWS: Final = 1.0
_TARGET_BYTES: Final = 1.6e6


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench/poll", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--miners", type=int, default=20, help="default: 20")
    parser.add_argument(
        "--rounds", type=int, default=360, help="polls of each miner; default: 360"
    )
    parser.add_argument(
        "--interval", type=int, default=10, help="s between two; default: 10"
    )
    parser.add_argument(
        "--preset",
        action="append",
        help="a model of the simulator; may be repeated, the miners take turns",
    )
    parser.add_argument(
        "--real-time", action="store_true", help="wait instead of warping"
    )
    parser.add_argument(
        "--entities", action="store_true", help="also list rows by entity"
    )
    parser.add_argument(
        "--profile", type=Path, help="write a cProfile of the event loop; distorts CPU"
    )
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    options = _parse()
    presets = options.preset or list(_PRESETS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shared_path = folder / "offset"
        selector = TimeWarpSelector(SharedOffset(shared_path))
        with (
            Miners(presets, options.miners, shared_path) as miners,
            selector.installed(),
        ):
            # What is imported before keeps the machine's clock.
            from . import instance, raw_requests  # noqa: PLC0415

            raw = asyncio.run(raw_requests.raw_floor(miners.addresses, _FLOOR_ROUNDS))
            plan = instance.Plan(
                rounds=options.rounds,
                interval=options.interval,
                real_time=options.real_time,
                profile=options.profile,
            )
            home = folder / "home"
            home.mkdir()
            costs = instance.measure(miners, plan, home, selector)
    _print(options, costs, raw)


def _print(options: argparse.Namespace, costs: Costs, raw: float) -> None:
    seconds = options.rounds * options.interval
    polls = costs.polls
    days = options.miners * seconds / _DAY
    rows = costs.recorded.rows
    cpu = (costs.cpu - costs.idle_cpu) / polls
    states = rows["states"] / polls
    size = costs.recorded.size / days
    statistics = rows["statistics"] + rows["statistics_short_term"]
    memory = costs.memory_per_miner
    print(
        f"{options.miners} miners, {costs.entities} entities, a poll every"
        f" {options.interval} s for {seconds / 3600:.2g} h: {polls} polls"
    )
    if seconds % 3600:
        print("Less or more than whole hours: statistics are out of proportion.")
    if options.profile:
        print("Profiled: CPU times are too high.")
    table = [
        (
            "CPU per poll, recorder included",
            f"{cpu * 1e3:.2f} ms",
            _verdict(cpu, _TARGET_CPU, f"{_TARGET_CPU * 1e3:.2f} ms"),
        ),
        (
            "  its sixths in turn",
            " ".join(
                f"{(part - costs.idle_cpu / polls) * 1e3:.2f}" for part in costs.slices
            ),
            "",
        ),
        (
            "  of which in the recorder's thread",
            "unknown"
            if costs.recorder_cpu is None
            else f"{costs.recorder_cpu / polls * 1e3:.2f} ms",
            "",
        ),
        ("  raw floor: aiohttp and json.loads", f"{raw * 1e3:.2f} ms", ""),
        ("  above the floor", f"{(cpu - raw) * 1e3:.2f} ms", ""),
        (
            "  taken off for Home Assistant itself",
            f"{costs.idle_cpu / polls * 1e3:.2f} ms",
            "",
        ),
        (
            "Rows of states per poll",
            f"{states:.2f}",
            _verdict(states, _TARGET_ROWS, f"{_TARGET_ROWS:g}"),
        ),
        ("Rows of statistics per poll", f"{statistics / polls:.2f}", ""),
        ("Rows of events per poll", f"{rows['events'] / polls:.3f}", ""),
        ("Rows of attributes per poll", f"{rows['state_attributes'] / polls:.3f}", ""),
        ("Bytes per poll", f"{costs.recorded.size / polls:.0f} B", ""),
        ("Rows of states per miner and day", f"{rows['states'] / days:.0f}", ""),
        ("Rows of statistics per miner and day", f"{statistics / days:.0f}", ""),
        (
            "Bytes per miner and day",
            f"{size / 1e6:.2f} MB",
            _verdict(size, _TARGET_BYTES, f"{_TARGET_BYTES / 1e6:g} MB"),
        ),
        (
            f"Set-up of {options.miners} miners",
            f"{costs.set_up_seconds:.2f} s, {costs.set_up_cpu:.2f} s of CPU",
            "",
        ),
        (
            "Memory per miner",
            "unknown" if memory is None else f"{memory / 1e6:.2f} MB",
            "",
        ),
    ]
    for figure, measured, target in table:
        print(f"{figure:38}  {measured:>22}  {target}".rstrip())
    if options.entities:
        print("\nRows of states per poll by entity")
        for key, number in costs.states.most_common():
            print(f"{number / polls:8.3f}  {key}")


def _verdict(value: float, limit: float, shown: str) -> str:
    return f"target: {shown}, {'met' if value <= limit else 'MISSED'}"


if __name__ == "__main__":
    main()
