"""Measures what it costs Home Assistant that somebody looks at live data.

A real Home Assistant core polls simulated miners as in `scripts/bench/poll`. Time leaps
over all waiting. Measured is the CPU time of the whole process while nobody looks,
while one and then many subscriptions are there, and while nobody looks again; what Home
Assistant sends is made into messages as its websocket does, and counted, not sent.
"""

import argparse
import asyncio
from pathlib import Path
import tempfile
from typing import TYPE_CHECKING, Final

from .miners import Miners
from .time_warp import SharedOffset, TimeWarpSelector

if TYPE_CHECKING:
    from .live_costs import Costs, Looked

_PRESETS: Final = (
    "gamma-2.12",
    "gamma-2.15",
    "supra-2.9",
    "gt-2.15",
    "nerdqaxepp-1.1.0",
)


def main() -> None:
    """Measure and print."""
    options = _parse()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shared_path = folder / "offset"
        selector = TimeWarpSelector(SharedOffset(shared_path))
        with (
            Miners(list(_PRESETS), options.miners, shared_path) as miners,
            selector.installed(),
        ):
            # What is imported before keeps the machine's clock.
            from . import instance, live_costs  # noqa: PLC0415

            home = folder / "home"
            home.mkdir()
            with asyncio.Runner(
                loop_factory=lambda: instance.event_loop(selector)
            ) as runner:
                costs = runner.run(
                    live_costs.measure(
                        miners, home, selector, options.seconds, options.many
                    )
                )
    _print(options, costs)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench/live", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--miners", type=int, default=40, help="default: 40")
    parser.add_argument(
        "--seconds", type=int, default=600, help="of each measurement; default: 600"
    )
    parser.add_argument(
        "--many", type=int, default=10, help="subscriptions at once; default: 10"
    )
    return parser.parse_args()


def _print(options: argparse.Namespace, costs: Costs) -> None:
    print(f"{options.miners} miners, polled every 10 s; each phase {options.seconds} s")
    print(f"One miner as JSON: {costs.present * 1e6:.0f} µs")
    print(
        f"Full event: {costs.full_bytes / 1000:.1f} kB"
        f" ({costs.full_bytes / options.miners:.0f} B a miner),"
        f" {costs.full_cpu * 1e3:.1f} ms to begin with, names and entities included"
    )
    for looked in costs.looked:
        print(_phase(looked, options.seconds))
    left = "none" if costs.listeners_left == 0 else f"{costs.listeners_left} LEFT"
    print(f"Listeners while nobody looks: {left}")


def _phase(looked: Looked, seconds: int) -> str:
    share = looked.cpu / seconds * 100
    line = f"{looked.subscriptions:3} looking: {share:.2f} % of a core in all"
    if not looked.pushes:
        return line
    return (
        f"{line}; {looked.sending / looked.pushes * 1e3:.2f} ms of CPU a push,"
        f" {looked.pushes / seconds:.2f} pushes a second of"
        f" {looked.bytes / looked.pushes / 1000:.2f} kB,"
        f" {looked.bytes / seconds / 1000:.1f} kB/s to each"
    )


if __name__ == "__main__":
    main()
