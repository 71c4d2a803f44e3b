"""Power supplies with a plug that measures, in Home Assistant, on simulated miners."""

import re
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryDisabler,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.bitaxe.const import DOMAIN, EVENT_ALERT
from custom_components.bitaxe.discord.messages.status import status_message
from custom_components.bitaxe.swarm.supply_meter import SupplyMeter

from ..conftest import PassTime, Settle
from ..entities import state_of
from .house import House, draws

MINUTE = 60
HOUR = 3600
PLUG = "sensor.plug_power"


def show(hass: HomeAssistant, power: float | str, unit: str | None = "W") -> None:
    """Have the plug show something."""
    attributes = {"device_class": "power"}
    if unit is not None:
        attributes["unit_of_measurement"] = unit
    hass.states.async_set(PLUG, str(power), attributes, force_update=True)


def powers(house: House) -> float:
    """Return the W that the miners draw."""
    return draws(*(server for server, _ in house))


async def add_supply(
    hass: HomeAssistant, swarm: MockConfigEntry, house: House, **data: Any
) -> None:
    """Add a power supply by its form."""
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, "supply"), context={"source": SOURCE_USER}
    )
    assert flow["type"] is FlowResultType.FORM
    result = await hass.config_entries.subentries.async_configure(
        flow["flow_id"],
        {
            "name": "Shelf",
            "power_sensor": PLUG,
            "miners": [entry.unique_id for _, entry in house],
            **data,
        },
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY, result.get("errors")
    await hass.async_block_till_done()


async def reconfigure(
    hass: HomeAssistant, swarm: MockConfigEntry, **changed: Any
) -> None:
    """Change the supply by its form."""
    (subentry,) = swarm.subentries.values()
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, "supply"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )
    result = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": subentry.title, **subentry.data, **changed}
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()


def state(hass: HomeAssistant, swarm: MockConfigEntry, key: str) -> Any:
    """Return the state of a sensor of the supply."""
    (subentry,) = swarm.subentries.values()
    found = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"supply_{subentry.subentry_id}_{key}"
    )
    assert found is not None
    known = hass.states.get(found)
    assert known is not None
    return known


def figure(hass: HomeAssistant, swarm: MockConfigEntry, key: str) -> float:
    """Return a figure of the supply."""
    return float(state(hass, swarm, key).state)


async def test_readings_of_a_plug(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """Power, energy and efficiency at the wall, and what is lost on the way."""
    at_wall = powers(house) / 0.85
    show(hass, at_wall / 1000, "kW")
    await add_supply(hass, swarm, house, rated_power=100)
    await pass_time(HOUR, 30)
    assert figure(hass, swarm, "power") == pytest.approx(at_wall, rel=0.01)
    assert figure(hass, swarm, "energy") == pytest.approx(at_wall / 1000, rel=0.05)
    assert figure(hass, swarm, "loss") == pytest.approx(0.15 * at_wall, rel=0.1)
    assert figure(hass, swarm, "loss_share") == pytest.approx(15, abs=1.5)
    assert figure(hass, swarm, "load") == pytest.approx(at_wall, rel=0.02)
    dc = float(state_of(hass, swarm, "sensor", "efficiency").state)
    assert figure(hass, swarm, "efficiency") == pytest.approx(dc / 0.85, rel=0.05)
    status = str(status_message(swarm.runtime_data.swarm).embeds[0].description)
    (line,) = (line for line in status.splitlines() if line.startswith("Shelf"))
    assert re.fullmatch(
        r"Shelf, at the wall: [\d.]+ W, [\d.]+ J/TH, [\d.]+ W \(1[45]\.\d %\) lost in .+",
        line,
    )
    # What a plug measures is no part of what the miners report.
    assert float(state_of(hass, swarm, "sensor", "power").state) == pytest.approx(
        powers(house), rel=0.02
    )


async def test_the_swarm_follows_the_wall_where_chosen(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """Without a step when that is switched, and nothing is counted twice."""
    hass.config_entries.async_update_entry(swarm, options={"price": 0.25})
    await hass.config_entries.async_reload(swarm.entry_id)
    await pass_time(MINUTE)

    def energy() -> float:
        return float(state_of(hass, swarm, "sensor", "energy").state)

    def cost() -> float:
        return float(state_of(hass, swarm, "sensor", "cost_per_day").state)

    dc = powers(house)
    before = energy()
    assert cost() == pytest.approx(dc * 0.024 * 0.25, rel=0.03)
    show(hass, 2 * dc)
    await add_supply(hass, swarm, house[:2])
    seen = [energy()]
    for counts, watts in ((True, 2 * dc + draws(house[2][0])), (False, dc)):
        await reconfigure(hass, swarm, counts=counts)
        await pass_time(2 * MINUTE)
        begin = energy()
        for _ in range(60):
            await pass_time(30, 30)
            seen.append(energy())
        assert energy() - begin == pytest.approx(watts / 2000, rel=0.07)
        assert cost() == pytest.approx(watts * 0.024 * 0.25, rel=0.05)
    assert seen == sorted(seen)
    assert seen[0] - before < dc / 1000 * 0.1
    # Gone, it takes nothing of the swarm's energy along.
    hass.config_entries.async_remove_subentry(swarm, next(iter(swarm.subentries)))
    await pass_time(5 * MINUTE, 30)
    assert energy() >= seen[-1]


@pytest.mark.parametrize(
    ("shown", "unit", "reason"),
    [
        ("unavailable", "W", "sensor_lost"),
        ("nan", "W", "sensor_absurd"),
        ("-300", "W", "sensor_absurd"),
        ("60000", "W", "sensor_absurd"),
        ("60", "kWh", "wrong_unit"),
        ("60", None, "wrong_unit"),
    ],
)
async def test_a_plug_that_says_nothing(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    shown: str,
    unit: str | None,
    reason: str,
) -> None:
    """Unknown is unknown; energy goes on by what the miners report."""
    show(hass, 60)
    await add_supply(hass, swarm, house, rated_power=100)
    await pass_time(5 * MINUTE, 30)
    show(hass, shown, unit)
    await pass_time(2 * MINUTE)
    energy = figure(hass, swarm, "energy")
    assert state(hass, swarm, "power").attributes["reason"] == reason
    for key in ("power", "efficiency", "loss", "loss_share", "load"):
        assert state(hass, swarm, key).state == "unknown"
    await pass_time(30 * MINUTE, 30)
    gained = figure(hass, swarm, "energy") - energy
    assert gained == pytest.approx(powers(house) / 2000, rel=0.1)


async def test_the_plug_of_something_else(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    issue_registry: ir.IssueRegistry,
) -> None:
    """A repair comes once less is measured than miners draw for a time, and goes."""
    show(hass, powers(house) / 2)
    await add_supply(hass, swarm, house)
    (subentry,) = swarm.subentries.values()
    issue = (DOMAIN, f"supply_below_miners_{subentry.subentry_id}")
    await pass_time(8 * MINUTE, 30)
    assert issue_registry.async_get_issue(*issue) is None
    await pass_time(5 * MINUTE, 30)
    assert issue_registry.async_get_issue(*issue) is not None
    assert state(hass, swarm, "power").attributes["reason"] == "below_miners"
    assert state(hass, swarm, "efficiency").state == "unknown"
    begin = figure(hass, swarm, "energy")
    await pass_time(30 * MINUTE, 30)
    gained = figure(hass, swarm, "energy") - begin
    assert gained == pytest.approx(powers(house) / 2000, rel=0.1)
    show(hass, powers(house) * 1.2)
    await pass_time(15 * MINUTE, 30)
    assert issue_registry.async_get_issue(*issue) is None
    assert figure(hass, swarm, "loss_share") == pytest.approx(17, abs=2)


@pytest.mark.parametrize("how", ["reconfigured", "set up anew"])
async def test_the_right_plug_is_chosen_at_last(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    issue_registry: ir.IssueRegistry,
    how: str,
) -> None:
    """Then the repair is over."""
    show(hass, powers(house) / 2)
    await add_supply(hass, swarm, house)
    (subentry,) = swarm.subentries.values()
    issue = (DOMAIN, f"supply_below_miners_{subentry.subentry_id}")
    await pass_time(15 * MINUTE, 30)
    assert issue_registry.async_get_issue(*issue) is not None
    right = str(powers(house) * 1.2)
    hass.states.async_set("sensor.right", right, {"unit_of_measurement": "W"})
    if how == "reconfigured":
        await reconfigure(hass, swarm, power_sensor="sensor.right")
    else:
        show(hass, right)
        await hass.config_entries.async_reload(swarm.entry_id)
        await hass.async_block_till_done()
    await pass_time(5 * MINUTE, 30)
    assert issue_registry.async_get_issue(*issue) is None
    assert figure(hass, swarm, "loss_share") == pytest.approx(17, abs=2)


@pytest.mark.parametrize("how", ["disabled", "removed", "supply removed"])
async def test_the_swarm_goes_by_hand(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    issue_registry: ir.IssueRegistry,
    how: str,
) -> None:
    """Nobody measures then, so that nobody is asked about the plug either."""
    show(hass, powers(house) / 2)
    await add_supply(hass, swarm, house)
    (subentry,) = swarm.subentries.values()
    issue = (DOMAIN, f"supply_below_miners_{subentry.subentry_id}")
    await pass_time(15 * MINUTE, 30)
    assert issue_registry.async_get_issue(*issue) is not None
    if how == "supply removed":
        await hass.config_entries.async_unload(swarm.entry_id)
        hass.config_entries.async_remove_subentry(swarm, subentry.subentry_id)
    elif how == "removed":
        await hass.config_entries.async_remove(swarm.entry_id)
    else:
        await hass.config_entries.async_set_disabled_by(
            swarm.entry_id, ConfigEntryDisabler.USER
        )
    await hass.async_block_till_done()
    assert [name for domain, name in issue_registry.issues if domain == DOMAIN] == []


async def test_an_alert_near_its_rating(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """After minutes, for the miners on it; and it is over below 85 %."""
    _, entry = house[0]
    show(hass, 70)
    await add_supply(hass, swarm, house[:1], rated_power=75)
    await pass_time(4 * MINUTE, 30)
    raised = swarm.runtime_data.swarm.alerts.active.get(entry.entry_id, ())
    assert raised == ()
    await pass_time(3 * MINUTE, 30)
    (alert,) = swarm.runtime_data.swarm.alerts.active[entry.entry_id]
    assert alert.kind == "supply_load"
    assert alert.value == pytest.approx(93.3, abs=0.5)
    assert house[1][1].entry_id not in swarm.runtime_data.swarm.alerts.active
    assert state_of(hass, entry, "binary_sensor", "problem").state == "on"
    show(hass, 60)
    await pass_time(2 * MINUTE)
    assert entry.entry_id not in swarm.runtime_data.swarm.alerts.active


async def test_a_supply_that_is_removed_has_no_alert(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """A plug that is unknown says nothing, but one that is gone has no load."""
    _, entry = house[0]
    show(hass, 70)
    heard = async_capture_events(hass, EVENT_ALERT)
    await add_supply(hass, swarm, house[:1], rated_power=75)
    await pass_time(8 * MINUTE, 30)
    assert entry.entry_id in swarm.runtime_data.swarm.alerts.active
    hass.states.async_set(PLUG, "unavailable")
    await pass_time(5 * MINUTE, 30)
    assert entry.entry_id in swarm.runtime_data.swarm.alerts.active
    (subentry_id,) = swarm.subentries
    hass.config_entries.async_remove_subentry(swarm, subentry_id)
    await hass.async_block_till_done()
    await pass_time(MINUTE, 30)
    assert entry.entry_id not in swarm.runtime_data.swarm.alerts.active
    assert [event.data.get("removed") for event in heard] == [None, True]


@pytest.mark.parametrize("how", ["offline", "disabled"])
async def test_a_silent_miner_makes_the_loss_unknown(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    how: str,
) -> None:
    """What it draws nobody knows; the wall is known all the same."""
    show(hass, 70)
    await add_supply(hass, swarm, house)
    await pass_time(5 * MINUTE, 30)
    server, entry = house[0]
    if how == "offline":
        server.miner.faults.set(offline=True)
    else:
        await hass.config_entries.async_set_disabled_by(
            entry.entry_id, ConfigEntryDisabler.USER
        )
    await pass_time(10 * MINUTE, 30)
    assert figure(hass, swarm, "power") == 70
    assert state(hass, swarm, "loss").state == "unknown"
    assert state(hass, swarm, "efficiency").state == "unknown"


async def test_energy_survives_a_restart(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """That of the supply, and that of the swarm with it."""
    show(hass, 80)
    await add_supply(hass, swarm, house)
    await pass_time(20 * MINUTE, 30)
    own = figure(hass, swarm, "energy")
    all_of_it = float(state_of(hass, swarm, "sensor", "energy").state)
    await hass.config_entries.async_reload(swarm.entry_id)
    await settle()
    await pass_time(2 * MINUTE)
    assert own <= figure(hass, swarm, "energy") < own + 0.01
    found = float(state_of(hass, swarm, "sensor", "energy").state)
    assert all_of_it <= found < all_of_it + 0.01


@pytest.mark.parametrize("kind", ["heating", "supply"])
async def test_the_form_begins_without_a_miner(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, kind: str
) -> None:
    """The frontend ticks the first of a list that must not be empty, by default."""
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, kind), context={"source": SOURCE_USER}
    )

    schema = flow["data_schema"]
    assert schema is not None
    (field,) = (key for key in schema.schema if key == "miners")
    assert field.default() == []


async def test_the_form_refuses_what_makes_no_sense(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry
) -> None:
    """A miner hangs on one plug."""
    show(hass, 70)
    await add_supply(hass, swarm, house[:1])
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, "supply"), context={"source": SOURCE_USER}
    )
    for name, miners, error in (
        (" ", [house[1][1].unique_id], {"name": "no_name"}),
        ("Rack", [], {"miners": "no_miner"}),
        ("Rack", [entry.unique_id for _, entry in house], {"miners": "miner_taken"}),
    ):
        result = await hass.config_entries.subentries.async_configure(
            flow["flow_id"], {"name": name, "power_sensor": PLUG, "miners": miners}
        )
        assert result["errors"] == error


def test_a_gap_is_not_filled() -> None:
    """After an hour in which nobody looked, nothing is known of it."""
    meter = SupplyMeter()
    meter.take(100.0, 80.0, 0.0)
    meter.take(100.0, 80.0, 36.0)
    assert meter.energy == pytest.approx(0.001)
    meter.take(100.0, 80.0, 3636.0)
    assert meter.energy == pytest.approx(0.001)


def test_readings_that_come_at_different_times() -> None:
    """A plug that is late shows no loss below zero, and no wrong plug."""
    meter = SupplyMeter()
    for second in range(0, 3600, 10):
        miners = 60.0 if second % 600 < 300 else 80.0
        wall = 70.0 if (second - 30) % 600 < 300 else 93.0
        meter.take(wall, miners, float(second))
    assert not meter.below
    assert meter.loss is not None
    assert 5 < meter.loss < 20
