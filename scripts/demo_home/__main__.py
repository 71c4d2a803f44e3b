"""Start the demo, and end everything with Ctrl-C."""

import argparse
import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from pathlib import Path
import signal
import socket
import sys

from aiohttp import ClientSession

from scripts.fake_discord import DemoDiscord
from scripts.simulator import Clock, ControlServer, MinerSpec, SimulatedMiner, Swarm

from . import storage
from .archive import name_supply, register, write
from .client import HomeAssistantClient
from .errors import DemoError
from .guide import address, guide
from .instance import Instance
from .miners import DEMO_MINERS
from .onboarding import set_up_home, wait_until_running
from .pool import DemoPool
from .publisher import DemoPublisher
from .settings import LOOPBACK, ROOT, Settings
from .settings_history import DAYS
from .simulated_past import SimulatedPast

_JUST_ON = 120.0
"""s; enough for a miner to have booted when Home Assistant asks it."""


def main() -> int:
    """Run until Ctrl-C; return the exit status."""
    settings, fresh = parse_arguments()
    try:
        if fresh:
            storage.clear(settings)
        asyncio.run(_run(settings))
    except DemoError as err:
        print(f"demo: {err}", file=sys.stderr)
        return 1
    return 0


def parse_arguments(words: list[str] | None = None) -> tuple[Settings, bool]:
    """Return what a person asked for, and whether earlier runs are to be forgotten.

    Without `words`, those of the command line.
    """
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="A real Home Assistant with a swarm of simulated miners.",
    )
    parser.add_argument("--port", type=int, default=8123, help="of Home Assistant")
    parser.add_argument(
        "--miner-port", type=int, default=8081, help="of the first miner"
    )
    parser.add_argument(
        "--control-port", type=int, default=8080, help="of the server for faults"
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="simulated seconds in a real one, for the miners and Home Assistant's polls",
    )
    parser.add_argument(
        "--config", type=Path, default=ROOT / ".demo", help="folder for all data"
    )
    parser.add_argument(
        "--days",
        type=int,
        default=DAYS,
        choices=range(DAYS + 1),
        metavar=f"0-{DAYS}",
        help="of history that a fresh demo begins with, %(default)s by default",
    )
    parser.add_argument(
        "--discord",
        action="store_true",
        help="have Home Assistant talk to a fake Discord on this machine",
    )
    parser.add_argument(
        "--discord-port", type=int, default=8070, help="of the fake Discord"
    )
    parser.add_argument(
        "--pool-port",
        type=int,
        default=8071,
        help="of the pool on this machine that the miners work for, %(default)s by default",
    )
    parser.add_argument(
        "--publisher-port",
        type=int,
        default=8072,
        help="of what publishes firmware on this machine, %(default)s by default",
    )
    parser.add_argument("--fresh", action="store_true", help="forget earlier runs")
    arguments = parser.parse_args(words)
    settings = Settings(
        config=arguments.config.absolute(),
        port=arguments.port,
        miner_port=arguments.miner_port,
        control_port=arguments.control_port,
        speed=arguments.speed,
        days=arguments.days,
        pool_port=arguments.pool_port,
        publisher_port=arguments.publisher_port,
        discord_port=arguments.discord_port if arguments.discord else None,
    )
    return settings, arguments.fresh


async def _run(settings: Settings) -> None:
    """Run the miners and Home Assistant until a signal comes."""
    _check_ports(settings)
    live = asyncio.create_task(_live(settings))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _end, live)
    with suppress(asyncio.CancelledError):
        await live


def _end(live: asyncio.Task[None]) -> None:
    """End everything in order; further signals must not disturb that."""
    if not live.cancelling():
        print("demo: ending", flush=True)
        live.cancel()


async def _live(settings: Settings) -> None:
    state = storage.prepare(settings)
    async with AsyncExitStack() as stack:
        clock = Clock(settings.speed)
        swarm = Swarm(
            [
                SimulatedMiner(
                    _just_on(miner.spec) if state.ready else miner.spec, clock
                )
                for miner in DEMO_MINERS
            ],
            LOOPBACK,
            settings.miner_port,
        )
        await stack.enter_async_context(swarm)
        await stack.enter_async_context(ControlServer(swarm, settings.control_port))
        pool = None
        if settings.pool_port is not None:
            pool = await stack.enter_async_context(DemoPool(swarm, settings.pool_port))
        if settings.publisher_port is not None:
            await stack.enter_async_context(DemoPublisher(settings.publisher_port))
        discord = None
        if settings.discord_port is not None:
            discord = await stack.enter_async_context(
                DemoDiscord(settings.discord_port)
            )
        session = await stack.enter_async_context(ClientSession())
        past = None
        if settings.days and not state.ready:
            past = stack.enter_context(SimulatedPast(settings.days))
        print("demo: starting Home Assistant", flush=True)
        instance = Instance(settings)
        stack.push_async_callback(instance.stop)
        await instance.start(session)
        client = HomeAssistantClient(session, settings.url)
        if state.ready:
            await client.log_in(state.password)
            await wait_until_running(client)
        else:
            print("demo: adding a user and miners", flush=True)
            await set_up_home(
                client,
                state.password,
                [
                    address(settings, index)
                    for index, miner in enumerate(DEMO_MINERS)
                    if miner.added
                ],
                pool,
            )
            if past is not None:
                print("demo: filling in the weeks before", flush=True)
                await _archive(settings, client, swarm, instance, past)
                await instance.start(session)
                await client.log_in(state.password)
                await wait_until_running(client)
            state.ready = True
            state.save()
        instance.hasten()
        print(guide(settings, state.password, discord), flush=True)
        await instance.wait()


def _just_on(spec: MinerSpec) -> MinerSpec:
    """Return a miner that was off with the demo: its counters began again."""
    return replace(spec, uptime=min(spec.uptime, _JUST_ON))


async def _archive(
    settings: Settings,
    client: HomeAssistantClient,
    swarm: Swarm,
    instance: Instance,
    past: SimulatedPast,
) -> None:
    """Put the past into Home Assistant, which has to stop for that."""
    # A paused miner has sensors that Home Assistant learns of only while it mines.
    paused = [server.miner for server in swarm if server.miner.paused]
    for miner in paused:
        miner.resume()
    history = await past.history()
    async with client.websocket() as websocket:
        history = await name_supply(websocket, history)
        sensors = await register(websocket, history.series)
    for miner in paused:
        miner.pause()
    await instance.stop()
    await asyncio.to_thread(write, settings, sensors, history)


def ports(settings: Settings) -> list[tuple[int, str]]:
    """Return each port that a demo takes, with the option that chooses it."""
    taken = [
        (settings.port, "--port"),
        (settings.control_port, "--control-port"),
        *(
            (settings.miner_port + index, "--miner-port")
            for index in range(len(DEMO_MINERS))
        ),
    ]
    if settings.pool_port is not None:
        taken.append((settings.pool_port, "--pool-port"))
    if settings.publisher_port is not None:
        taken.append((settings.publisher_port, "--publisher-port"))
    if settings.discord_port is not None:
        taken.append((settings.discord_port, "--discord-port"))
    return taken


def _check_ports(settings: Settings) -> None:
    """Say which port is taken before anything starts.

    Raises:
        DemoError: one is, by another program or by another part of the demo.

    """
    options: dict[int, str] = {}
    for port, option in ports(settings):
        if port in options:
            raise DemoError(
                f"port {port} is meant for two things: "
                f"choose another with {options[port]} or {option}"
            )
        options[port] = option
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                raise DemoError(
                    f"port {port} is taken: choose another with {option}"
                ) from None


if __name__ == "__main__":
    sys.exit(main())
