"""The control interface, the swarm, and the command line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
import os
from pathlib import Path
import re
import signal
import sys
from typing import Any

import pytest

from scripts.simulator import PRESETS, Clock, ControlServer, SimulatedMiner, Swarm

from .conftest import Make
from .wire import ask, connect, info

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def swarm(make: Make) -> AsyncIterator[Swarm]:
    """Start a swarm of two."""
    async with Swarm([make("gamma-2.12"), make("nerdoctaxe-1.1.0")]) as swarm:
        yield swarm


@pytest.fixture
async def control(swarm: Swarm) -> AsyncIterator[ControlServer]:
    """Control the swarm."""
    async with ControlServer(swarm) as control:
        yield control


async def test_lists_everybody(control: ControlServer, swarm: Swarm) -> None:
    """Everybody is listed with address and true state."""
    reply = await ask(control, "GET", "/miners")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert [miner["name"] for miner in reply.json] == ["gamma-2.12", "nerdoctaxe-1.1.0"]
    for miner in reply.json:
        server = swarm[miner["name"]]
        assert miner["url"] == server.url
        assert miner["online"] is miner["hashing"] is True
        assert miner["hashrate"] > 900
        assert not any(miner["faults"].values())


async def test_shows_one_miner(
    control: ControlServer, swarm: Swarm, clock: Clock
) -> None:
    """One miner shows its true state."""
    clock.advance(100)
    reply = await ask(control, "GET", "/miners/gamma-2.12")
    truth = reply.json["truth"]
    assert truth["seconds"] == pytest.approx(100)
    (point,) = truth["points"]
    assert (point["frequency"], point["core_voltage"]) == (525, 1150)
    assert reply.json["power"] == pytest.approx(
        swarm["gamma-2.12"].miner.info()["power"], rel=0.05
    )


async def test_faults(control: ControlServer, swarm: Swarm) -> None:
    """Faults are switched over HTTP."""
    server = swarm["gamma-2.12"]
    path = "/miners/gamma-2.12/faults"
    reply = await ask(control, "PATCH", path, {"offline": True, "reset_every": 2})
    assert reply.json["faults"]["reset_every"] == 2
    assert reply.json["online"] is False
    with pytest.raises(ConnectionRefusedError):
        await info(server)
    await ask(control, "POST", "/miners/gamma-2.12/clear")
    assert (await info(server))["boardVersion"] == "602"


async def test_triggers(control: ControlServer, swarm: Swarm, clock: Clock) -> None:
    """Events happen at a word."""
    base = "/miners/gamma-2.12"
    miner = swarm["gamma-2.12"].miner
    await ask(control, "POST", f"{base}/find_block")
    assert miner.blocks_found == 1
    await ask(control, "POST", f"{base}/new_best", {"difficulty": 1e18})
    assert miner.shares.best == 1e18
    for trigger in ("crash", "brownout", "power_cycle"):
        reply = await ask(control, "POST", f"{base}/{trigger}")
        assert reply.json["online"] is False
        clock.advance(60)
    assert miner.truth.restarts == 3


async def test_advance(control: ControlServer, clock: Clock) -> None:
    """A manual clock is moved over HTTP."""
    before = clock.now()
    reply = await ask(control, "POST", "/advance", {"seconds": 60})
    assert reply.json == {"seconds": 60}
    assert clock.now() == before + 60


@pytest.mark.parametrize(
    ("method", "path", "payload", "status"),
    [
        ("GET", "/", None, 404),
        ("GET", "/miners/nobody", None, 404),
        ("PUT", "/miners", None, 404),
        ("POST", "/miners/gamma-2.12/dance", None, 404),
        ("PATCH", "/miners/gamma-2.12/faults", {"nonsense": 1}, 400),
        ("PATCH", "/miners/gamma-2.12/faults", {"offline": "x"}, 400),
        ("PATCH", "/miners/gamma-2.12/faults", [], 400),
        ("PATCH", "/miners/gamma-2.12/faults", b"{", 400),
        ("POST", "/miners/gamma-2.12/new_best", None, 400),
        ("POST", "/miners/gamma-2.12/new_best", {"difficulty": None}, 400),
        ("POST", "/advance", {"seconds": -1}, 400),
        ("POST", "/advance", {"seconds": []}, 400),
    ],
)
async def test_refused(
    control: ControlServer,
    swarm: Swarm,
    method: str,
    path: str,
    payload: Any,
    status: int,
) -> None:
    """What is not possible is refused with a reason, and changes nothing."""
    reply = await ask(control, method, path, payload)
    assert reply.status == status
    assert reply.json["error"]
    miner = swarm["gamma-2.12"].miner
    assert not any(miner.faults.as_dict().values())


async def test_running_clock_is_not_moved(make: Make) -> None:
    """A clock that runs by itself cannot be moved."""
    miner = SimulatedMiner(PRESETS["gamma-2.12"], Clock())
    async with Swarm([miner]) as swarm, ControlServer(swarm) as control:
        reply = await ask(control, "POST", "/advance", {"seconds": 1})
    assert reply.status == 400


async def test_ends_with_a_silent_client(make: Make) -> None:
    """A client that connected and asks nothing does not hold up the end."""
    async with Swarm([make()]) as swarm:
        control = ControlServer(swarm)
        await control.start()
        async with connect(control) as connection:
            await ask(control, "GET", "/miners")
            async with asyncio.timeout(30):
                await control.stop()
            assert await connection.ended()


async def test_garbage(control: ControlServer) -> None:
    """What is no HTTP does no harm."""
    for garbage in (b"\r\n\r\n", b"GET /\r\nContent-Length: x\r\n\r\n", b"x" * 70_000):
        reader, writer = await asyncio.open_connection(control.host, control.port)
        writer.write(garbage)
        with suppress(ConnectionResetError):
            await reader.read()
        writer.close()
    assert (await ask(control, "GET", "/miners")).status == 200


async def test_ports_count_up(make: Make) -> None:
    """A swarm takes ports one after the other, or none if one is taken."""
    async with Swarm([make("gamma-2.12")]) as first:
        (taken,) = [server.port for server in first]
        swarm = Swarm([make("gamma-2.11"), make("gamma-2.14")], first_port=taken - 1)
        assert [server.port for server in swarm] == [taken - 1, taken]
        assert len(swarm) == 2
        with pytest.raises(OSError):
            await swarm.start()
        with pytest.raises(ConnectionRefusedError):
            await info(swarm["gamma-2.11"])


async def run(*arguments: str) -> asyncio.subprocess.Process:
    """Start the command line."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scripts.simulator",
        *arguments,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_command_lists() -> None:
    """It lists all presets."""
    process = await run("--list")
    output, _ = await process.communicate()
    assert process.returncode == 0
    lines = output.decode().splitlines()
    assert [line.split()[0] for line in lines] == list(PRESETS)


async def test_command_runs() -> None:
    """It runs a miner with its faults until it is asked to end."""
    process = await run(
        "nerdqaxepp-1.1.0", "--port", "0", "--seed", "7", "--fault", "reject_rate=0.5"
    )
    assert process.stdout is not None
    try:
        first = (await process.stdout.readline()).decode()
        assert first.startswith("NerdQAxe++ with v1.1.0: http://127.0.0.1:")
        second = (await process.stdout.readline()).decode()
        port = re.search(r":(\d+)/miners/nerdqaxepp-1.1.0", second)
        assert port is not None
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port[1]))
        writer.write(b"GET /miners HTTP/1.1\r\n\r\n")
        reply = (await reader.read()).decode()
        assert '"reject_rate": 0.5' in reply
        writer.close()
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()
    assert process.returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [["nobody"], ["--fault", "nonsense"], ["--speed", "0"], ["--fault", "offline=x"]],
)
async def test_command_refuses(arguments: list[str]) -> None:
    """It says what it does not understand."""
    process = await run(*arguments, "--port", "0")
    _, errors = await process.communicate()
    assert process.returncode not in (0, None)
    assert "simulate: " in errors.decode()
    assert "Traceback" not in errors.decode()
