"""What the Bitcoin network does next, in Home Assistant's calendar."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import DOMAIN, SWARM_UNIQUE_ID
from custom_components.bitaxe.swarm.coordinator import Swarm

from .conftest import AddMiner, PassTime, Simulate


def calendar(hass: HomeAssistant) -> str:
    """Return the id of the calendar."""
    found = er.async_get(hass).async_get_entity_id(
        "calendar", DOMAIN, f"{SWARM_UNIQUE_ID}_network"
    )
    assert found is not None
    return found


async def events(hass: HomeAssistant, days: int) -> list[dict[str, Any]]:
    """Return what the calendar has for some days from now on."""
    now = dt_util.now()
    entity_id = calendar(hass)
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": entity_id, "start_date_time": now, "duration": {"days": days}},
        blocking=True,
        return_response=True,
    )
    found: list[dict[str, Any]] = answer[entity_id]["events"]  # type: ignore[index, call-overload]
    return found


async def test_what_comes_next(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The adjustment within two weeks by the hour, the halving by the day."""
    for preset in ("gamma-2.12", "supra-2.9"):
        await add_miner(await simulate(preset))
    await pass_time(30)
    swarm: Swarm = swarm_entry.runtime_data.swarm
    height = swarm.totals.block_height
    assert height is not None
    left = 2016 - height % 2016
    state = hass.states.get(calendar(hass))
    assert state is not None
    (adjustment,) = await events(hass, 15)
    assert adjustment["summary"] == (
        f"Difficulty adjustment at block {height + left:,}"
    )
    expected = dt_util.now() + left * timedelta(minutes=10)
    start = datetime.fromisoformat(adjustment["start"])
    assert abs(start - expected) < timedelta(hours=1, minutes=5)
    assert f"{height:,}" in adjustment["description"]
    _, halving = await events(hass, 5 * 365)
    assert "1,050,000: 3.125 → 1.5625 BTC" in halving["summary"]
    days = (1_050_000 - height) / 144
    date = datetime.fromisoformat(halving["start"]).date()
    assert abs((date - dt_util.now().date()).days - days) <= 1


async def test_the_estimate_waits_for_a_block(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """It does not move on while there is no new block, and is gone without a height."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    await pass_time(30)
    swarm: Swarm = swarm_entry.runtime_data.swarm
    (before,) = await events(hass, 15)
    height = swarm.totals.block_height
    await pass_time(60)
    if swarm.totals.block_height == height:
        assert await events(hass, 15) == [before]
    server.miner.faults.offline = True
    for _ in range(10):
        await pass_time()
    assert swarm.totals.block_height is None
    assert await events(hass, 5 * 365) == []
    state = hass.states.get(calendar(hass))
    assert state is not None
    assert state.state == "off"


@pytest.mark.parametrize(
    ("height", "halvings"),
    [
        (1_600_000, ["1,680,000: 0.390625 → 0.1953125 BTC a block"]),
        (6_800_000, ["6,930,000: 0.00000001 → 0 BTC a block"]),
        (6_950_000, []),
    ],
)
async def test_halvings_to_come(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
    monkeypatch: pytest.MonkeyPatch,
    height: int,
    halvings: list[str],
) -> None:
    """With all their decimals; what is nothing already is halved no more."""
    monkeypatch.setattr("scripts.simulator.miner.block_height", lambda now: height)
    await add_miner(await simulate("gamma-2.12"))
    await pass_time(30)
    adjustment, *others = await events(hass, 5 * 365)
    assert adjustment["summary"].startswith("Difficulty adjustment")
    assert [
        item["summary"].removeprefix("Halving at block ") for item in others
    ] == halvings
