"""One simulated miner from the command line: see `scripts/simulate`."""

import argparse
import asyncio
from dataclasses import replace
import json
import signal
import sys

from . import PRESETS, Clock, ControlServer, Faults, SimulatedMiner, Swarm


def main() -> None:
    """Run a miner until Ctrl-C."""
    arguments = _parse()
    if arguments.list:
        for name, spec in PRESETS.items():
            print(f"{name:22} {spec.hardware.family:14} {spec.firmware}")
        return
    try:
        asyncio.run(_run(arguments))
    except (OSError, ValueError) as err:
        sys.exit(f"simulate: {err}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/simulate", description="Runs one simulated miner on loopback."
    )
    parser.add_argument(
        "preset", nargs="?", default="gamma-2.12", choices=PRESETS, metavar="PRESET"
    )
    parser.add_argument("--list", action="store_true", help="list the presets")
    parser.add_argument("--port", type=int, default=8090, help="default: %(default)s")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="simulated seconds in a second"
    )
    parser.add_argument("--seed", type=int, help="another miner of the same kind")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"switch a fault on: {', '.join(Faults.names())}",
    )
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    spec = PRESETS[arguments.preset]
    if arguments.seed is not None:
        spec = replace(spec, seed=arguments.seed, mac=None)
    miner = SimulatedMiner(spec, Clock(arguments.speed))
    miner.faults.set(**dict(_fault(text) for text in arguments.fault))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    async with (
        Swarm([miner], first_port=arguments.port) as swarm,
        ControlServer(swarm) as control,
    ):
        print(f"{spec.hardware.family} with {spec.firmware}: {swarm[spec.name].url}")
        print(f"true state and faults: {control.url}/miners/{spec.name}")
        print("Ctrl-C ends it", flush=True)
        await stop.wait()


def _fault(text: str) -> tuple[str, object]:
    name, separator, value = text.partition("=")
    if not separator:
        return name, True
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


if __name__ == "__main__":
    main()
