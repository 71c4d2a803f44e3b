"""Home Assistant is killed: nothing steps back."""

import asyncio
from contextlib import closing
from dataclasses import asdict, replace
import json
from pathlib import Path
import sqlite3
import sys
from typing import Any

from homeassistant.helpers.device_registry import format_mac
import pytest

from scripts.bench.miners import Address, SharedClock
from scripts.bench.time_warp import SharedOffset
from scripts.simulator import PRESETS, MinerServer, SimulatedMiner

ROOT = Path(__file__).parents[2]
POLL_SECONDS = 10
WATT_SECONDS = 3_600_000


class Victim:
    """A process of Home Assistant that ends by SIGKILL."""

    def __init__(self, folder: Path, shared: Path, miners: list[Address]) -> None:
        """Prepare."""
        self._arguments = [
            str(folder),
            str(shared),
            json.dumps([asdict(miner) for miner in miners]),
        ]

    async def live(self, seconds: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start it, kill it after so many simulated s; return its first and last."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "scripts.storm.victim"),
            *self._arguments,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        lines: list[bytes] = []
        while len(lines) < seconds and (line := await process.stdout.readline()):
            lines.append(line)
        if process.returncode is None and len(lines) == seconds:
            process.kill()
        rest, errors = await process.communicate()
        assert len(lines) == seconds, errors.decode()
        lines += [line for line in rest.splitlines(keepends=True) if b"\n" in line]
        return json.loads(lines[0]), json.loads(lines[-1])


def energies(database: Path) -> dict[str, list[float]]:
    """Return what is recorded of each energy, in kWh, from the oldest to the newest.

    A state that was never committed cannot be recovered, and nobody can miss it.
    """
    found: dict[str, list[float]] = {}
    with closing(sqlite3.connect(database)) as connection:
        for entity_id, value in connection.execute(
            "SELECT states_meta.entity_id, state FROM states JOIN states_meta USING (metadata_id)"
            " WHERE states_meta.entity_id LIKE 'sensor.%\\_energy' ESCAPE '\\'"
            " AND state NOT IN ('unknown', 'unavailable') ORDER BY last_updated_ts"
        ):
            found.setdefault(entity_id, []).append(float(value))
    return found


@pytest.mark.timeout(600)
async def test_nothing_steps_back(tmp_path: Path) -> None:
    """At most one poll is lost, and the swarm's energy is that of its miners.

    That is before any file is due, but for the first figures of each.
    """
    shared = SharedOffset(tmp_path / "offset")
    clock = SharedClock.manual(shared.now())
    assert isinstance(clock, SharedClock)
    clock.shared = shared
    servers = [
        MinerServer(
            SimulatedMiner(replace(PRESETS[name], mac=None, hostname=name), clock)
        )
        for name in ("gamma-2.12", "gt-2.15")
    ]
    for server in servers:
        await server.start()
    victim = Victim(
        tmp_path / "home",
        tmp_path / "offset",
        [
            Address(
                name=server.miner.spec.name,
                mac=server.miner.spec.mac_address,
                host=server.host,
                port=server.port,
            )
            for server in servers
        ],
    )
    (tmp_path / "home").mkdir()
    _, last = await victim.live(300)
    first, later = await victim.live(40)
    lost = 0.0
    for server in servers:
        key = format_mac(server.miner.spec.mac_address)
        poll = server.miner.spec.hardware.max_power_w * POLL_SECONDS / WATT_SECONDS
        before, after = last["miners"][key], first["miners"][key]
        assert after["energy"] >= before["energy"] - poll, key
        # The process took some s to start, in which the miner went on.
        assert after["energy"] <= before["energy"] + 7 * poll
        assert later["miners"][key]["energy"] > after["energy"]
        assert after["total_uptime"] >= before["total_uptime"] - 60
        assert after["best_difficulty"] >= before["best_difficulty"]
        assert after["restarts"] >= before["restarts"]
        lost += poll
    assert later["swarm"] >= last["swarm"] - lost
    recorded = energies(tmp_path / "home" / "home-assistant_v2.db")
    assert recorded.keys() == later["shown"].keys()
    for entity_id, values in recorded.items():
        assert len(values) > 2, entity_id
        assert values == sorted(values), entity_id
    for server in servers:
        await server.stop()
