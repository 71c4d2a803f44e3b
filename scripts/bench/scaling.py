"""Measures how the cost of miners grows with their number.

Each size runs in processes of its own, as in `scripts/bench/poll` and
`scripts/bench/live`: a real Home Assistant core with its recorder polls simulated
miners while time leaps over all waiting. CPU time is that of the whole Home Assistant
process.
"""

import argparse
import asyncio
from dataclasses import asdict, dataclass
import json
from pathlib import Path
import subprocess
import sys
import tempfile
from typing import Final

from .miners import Miners
from .time_warp import SharedOffset, TimeWarpSelector

_SIZES: Final = (1, 10, 50, 200)
_PRESETS: Final = (
    "gamma-2.12",
    "gamma-2.15",
    "supra-2.9",
    "gt-2.15",
    "nerdqaxepp-1.1.0",
)
_INTERVAL: Final = 10
_MODULE: Final = "scripts.bench.scaling"
_POLLING: Final = "polling"
_LIVE: Final = "live"


@dataclass(frozen=True, kw_only=True)
class _Polling:
    """What polling takes."""

    cpu: float
    """Seconds of CPU for a poll, recorder included."""
    share: float
    """% of a core while all are polled every 10 s."""
    rows: float
    """Rows of states for a poll."""
    memory: float | None
    """MB for a miner."""
    set_up: float
    """Seconds of CPU to set a miner up."""


@dataclass(frozen=True, kw_only=True)
class _Live:
    """What one open page takes."""

    share: float
    """% of a core beyond polling."""
    full: float
    """kB of the first event."""
    rate: float
    """kB a second afterwards."""


def main() -> None:
    """Measure one part of one size, or all of them and print a table."""
    options = _parse()
    if options.part:
        print(json.dumps(asdict(_measure(options))))
        return
    print(
        "| Miners | CPU of a poll | of a core | rows of a poll | memory of a miner |"
        " set-up of a miner | an open page | its first event | then |"
    )
    print("|--:" * 9 + "|")
    for size in options.sizes or _SIZES:
        polling = _Polling(**_run(options, _POLLING, size))
        live = _Live(**_run(options, _LIVE, size))
        memory = "?" if polling.memory is None else f"{polling.memory:.2f} MB"
        print(
            f"| {size} | {polling.cpu * 1e3:.2f} ms | {polling.share:.2f} % |"
            f" {polling.rows:.2f} | {memory} | {polling.set_up * 1e3:.0f} ms |"
            f" {live.share:.2f} % | {live.full:.0f} kB | {live.rate:.1f} kB/s |",
            flush=True,
        )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench/scale", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("sizes", nargs="*", type=int, help="default: 1 10 50 200")
    parser.add_argument(
        "--rounds", type=int, default=60, help="polls of each miner; default: 60"
    )
    parser.add_argument(
        "--seconds", type=int, default=300, help="of an open page; default: 300"
    )
    parser.add_argument("--part", choices=(_POLLING, _LIVE), help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(options: argparse.Namespace, part: str, size: int) -> dict[str, float]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", _MODULE),
            *("--part", part, str(size)),
            *("--rounds", str(options.rounds), "--seconds", str(options.seconds)),
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _measure(options: argparse.Namespace) -> _Polling | _Live:
    (size,) = options.sizes
    with tempfile.TemporaryDirectory() as name:
        shared_path = Path(name, "offset")
        selector = TimeWarpSelector(SharedOffset(shared_path))
        home = Path(name, "home")
        home.mkdir()
        with (
            Miners(list(_PRESETS), size, shared_path) as miners,
            selector.installed(),
        ):
            # What is imported before keeps the machine's clock.
            from . import instance, live_costs  # noqa: PLC0415

            if options.part == _POLLING:
                plan = instance.Plan(
                    rounds=options.rounds,
                    interval=_INTERVAL,
                    real_time=False,
                    profile=None,
                )
                costs = instance.measure(miners, plan, home, selector)
                cpu = (costs.cpu - costs.idle_cpu) / costs.polls
                memory = costs.memory_per_miner
                return _Polling(
                    cpu=cpu,
                    share=cpu * size / _INTERVAL * 100,
                    rows=costs.recorded.rows["states"] / costs.polls,
                    # The first miner also loads the code.
                    memory=None if memory is None or size == 1 else memory / 1e6,
                    set_up=costs.set_up_cpu / size,
                )
            with asyncio.Runner(
                loop_factory=lambda: instance.event_loop(selector)
            ) as runner:
                looked = runner.run(
                    live_costs.measure(miners, home, selector, options.seconds, 1)
                )
            nobody, one, *_ = looked.looked
            return _Live(
                share=(one.cpu - nobody.cpu) / options.seconds * 100,
                full=looked.full_bytes / 1000,
                rate=one.bytes / options.seconds / 1000,
            )


if __name__ == "__main__":
    main()
