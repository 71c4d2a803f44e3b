"""Lines of the log say which miner they are about, also of two with one name."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
import pytest

from scripts.simulator import PRESETS, MinerServer

from .conftest import AddMiner, PassTime, Simulate


@pytest.fixture
async def twins(simulate: Simulate, add_miner: AddMiner) -> list[MinerServer]:
    """Set up two miners that are called the same."""
    servers = [
        await simulate(replace(PRESETS["gamma-2.12"], name="bitaxe", seed=seed))
        for seed in (1, 2)
    ]
    for server in servers:
        await add_miner(server)
    return servers


async def test_miners_of_one_name(
    hass: HomeAssistant,
    twins: list[MinerServer],
    pass_time: PassTime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each that cannot be read has a line of its own."""
    for server in twins:
        server.miner.faults.offline = True
    await pass_time(60)
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.bitaxe")
        and "Error fetching" in record.getMessage()
    ]
    assert len(set(lines)) == len(lines) == 2
    assert all("bitaxe" in line for line in lines)
