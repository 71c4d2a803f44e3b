"""The swarm, over simulated miners."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import STATE_UNKNOWN, EntityCategory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.bitaxe.const import (
    CONF_KIND,
    CONF_PRICE,
    CONF_PRICE_ENTITY,
    DOMAIN,
    EVENT_ALERT,
    KIND_SWARM,
    SWARM_UNIQUE_ID,
)
from scripts.simulator import PRESETS, Clock, MinerServer

from .conftest import POLL_SECONDS, AddMiner, PassTime, Simulate


def entity_id(hass: HomeAssistant, key: str, platform: str = "sensor") -> str:
    """Return the id of an entity of the swarm."""
    found = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{SWARM_UNIQUE_ID}_{key}"
    )
    assert found is not None
    return found


def shown(hass: HomeAssistant, key: str) -> str:
    """Return the state of a sensor of the swarm."""
    state = hass.states.get(entity_id(hass, key))
    assert state is not None
    return state.state


def number(hass: HomeAssistant, key: str) -> float:
    """Return the state of a sensor of the swarm as a number."""
    return float(shown(hass, key))


def restarts(server: MinerServer) -> int:
    """Return how often a miner was asked to restart."""
    return sum(
        request.path == "/api/system/restart" for request in server.miner.requests
    )


async def press_restart_all(hass: HomeAssistant) -> None:
    """Press the swarm's button."""
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": entity_id(hass, "restart_all", "button")},
        blocking=True,
    )


async def until(happened: Callable[[], bool]) -> None:
    """Let requests and replies travel, in no time, until something has happened."""
    for _ in range(100_000):
        if happened():
            return
        await asyncio.sleep(0)
    pytest.fail("It did not happen")


async def settle() -> None:
    """Let every request come to its end: none must see time jump."""

    def polling() -> bool:
        return any(task.get_name().endswith("refresh") for task in asyncio.all_tasks())

    await until(lambda: not polling())
    # A restart is one request without a task of its own.
    for _ in range(500):
        await asyncio.sleep(0)


@pytest.fixture
def live(hass: HomeAssistant, clock: Clock, freezer: FrozenDateTimeFactory) -> PassTime:
    """Let time pass as `pass_time` does, but not wait for a restart going on."""

    async def wait(seconds: float) -> None:
        await settle()
        for _ in range(round(seconds / POLL_SECONDS)):
            clock.advance(POLL_SECONDS)
            freezer.tick(timedelta(seconds=POLL_SECONDS))
            async_fire_time_changed(hass)
            await settle()
            await hass.async_block_till_done()

    return wait


async def set_up_again(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Do what a restart of Home Assistant does to an entry."""
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_first_miner_brings_the_swarm(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Nobody has to add it, and there is only one."""
    await add_miner(await simulate("gamma-2.12"))
    await add_miner(await simulate("supra-2.9"))
    swarms = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_SWARM
    ]
    assert len(swarms) == 1
    assert swarms[0].state is ConfigEntryState.LOADED
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, SWARM_UNIQUE_ID), swarms[0].entry_id
    )
    assert device is not None
    assert device.entry_type is DeviceEntryType.SERVICE
    assert device.name == "Bitaxe swarm"


async def test_totals(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Two miners of different families are one swarm."""
    entries = [
        await add_miner(await simulate(name))
        for name in ("gamma-2.12", "nerdqaxepp-1.0.36")
    ]
    await pass_time(20)
    snapshots = [entry.runtime_data.snapshot for entry in entries]
    power = sum(snapshot.electrical.power for snapshot in snapshots)
    hashrate = sum(snapshot.hashing.hashrate for snapshot in snapshots)
    # Within what a reading moves between two reports.
    assert number(hass, "hashrate") == pytest.approx(hashrate / 1000, rel=0.05)
    assert number(hass, "power") == pytest.approx(power, rel=0.05)
    assert number(hass, "efficiency") == pytest.approx(
        power / hashrate * 1000, rel=0.05
    )
    assert shown(hass, "miners") == "2"
    assert shown(hass, "miners_online") == "2"
    assert shown(hass, "miners_mining") == "2"
    years = number(hass, "time_to_block")
    assert number(hass, "chance_per_day") == pytest.approx(
        100 / (years * 365.25), rel=1e-4
    )
    assert number(hass, "chance_per_year") == pytest.approx(100 / years, rel=1e-3)


@pytest.mark.parametrize("begun", ["GH/s", "TH/s"])
async def test_hashrate_keeps_the_unit_it_was_begun_in(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
    begun: str,
) -> None:
    """A new swarm is in TH/s; one of version 0.1 stays in GH/s, also added again."""
    registry = er.async_get(hass)
    keys = ("hashrate", "expected_hashrate")
    if begun == "GH/s":
        for key in keys:
            registry.async_get_or_create(
                "sensor",
                DOMAIN,
                f"{SWARM_UNIQUE_ID}_{key}",
                suggested_object_id=f"bitaxe_swarm_{key}",
                config_entry=swarm_entry,
                unit_of_measurement=begun,
            )
    entry = await add_miner(await simulate("gamma-2.12"))
    per_gigahash = {"GH/s": 1, "TH/s": 1000}[begun]

    async def check() -> None:
        await pass_time(20)
        for key in keys:
            item = registry.async_get(f"sensor.bitaxe_swarm_{key}")
            assert item is not None
            assert item.unit_of_measurement == begun
        state = hass.states.get("sensor.bitaxe_swarm_hashrate")
        assert state is not None
        assert state.attributes["unit_of_measurement"] == begun
        assert float(state.state) * per_gigahash == pytest.approx(
            entry.runtime_data.snapshot.hashing.hashrate, rel=0.05
        )

    await check()
    await hass.config_entries.async_reload(swarm_entry.entry_id)
    await check()
    for key in keys:
        registry.async_remove(f"sensor.bitaxe_swarm_{key}")
    await hass.config_entries.async_reload(swarm_entry.entry_id)
    await check()


async def test_a_miner_goes_offline(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Its share is gone at once; what nobody knows is unknown, not zero."""
    first, second = await simulate("gamma-2.12"), await simulate("gamma-2.15")
    await add_miner(first)
    entry = await add_miner(second)
    await pass_time(20)
    both = number(hass, "hashrate")
    first.miner.faults.offline = True
    await pass_time(40)
    assert shown(hass, "miners_online") == "1"
    assert shown(hass, "miners") == "2"
    assert number(hass, "hashrate") == pytest.approx(
        entry.runtime_data.snapshot.hashing.hashrate / 1000, rel=0.05
    )
    assert number(hass, "hashrate") < both * 0.7
    second.miner.faults.offline = True
    await pass_time(40)
    for key in ("hashrate", "power", "efficiency", "time_to_block", "chance_per_day"):
        assert shown(hass, key) == STATE_UNKNOWN, key
    assert shown(hass, "miners_online") == "0"
    assert number(hass, "energy") > 0
    assert number(hass, "best_difficulty") > 0
    first.miner.faults.offline = False
    # A silent miner is asked ever less often, but at least every 5 minutes.
    await pass_time(310)
    assert shown(hass, "miners_online") == "1"
    assert number(hass, "hashrate") > 0


async def test_energy(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """It is what the miners used, and never falls when one of them leaves."""
    first, second = await simulate("gamma-2.12"), await simulate("gamma-2.15")
    entries = [await add_miner(first), await add_miner(second)]
    for server in (first, second):
        server.miner.reset_truth()
    await pass_time(600)
    used = (first.miner.truth.energy_wh + second.miner.truth.energy_wh) / 1000
    assert used > 0.004
    # The last poll is a second ahead of the totals, and the state a minute behind.
    assert swarm_entry.runtime_data.swarm.totals.energy == pytest.approx(used, rel=0.04)
    assert number(hass, "energy") == pytest.approx(used, rel=0.15)
    before = number(hass, "energy")
    await hass.config_entries.async_remove(entries[0].entry_id)
    await pass_time(70)
    assert shown(hass, "miners") == "1"
    assert before < number(hass, "energy") < before * 1.2


async def test_energy_outlives_restarts_and_downtime(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Neither is lost what was used, nor counted twice."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(300)
    before = swarm_entry.runtime_data.swarm.totals.energy
    assert before > 0
    await set_up_again(hass, swarm_entry)
    # The last second before may not have been booked yet.
    assert before <= number(hass, "energy") < before * 1.1
    await set_up_again(hass, entry)
    await pass_time(10)
    assert swarm_entry.runtime_data.swarm.totals.energy == pytest.approx(
        before, rel=0.1
    )
    server.miner.faults.offline = True
    await pass_time(3600, 60)
    server.miner.faults.offline = False
    await pass_time(600, 60)
    # An hour of silence adds nothing; nobody knows what the miner did.
    assert swarm_entry.runtime_data.swarm.totals.energy < before * 5


async def test_record_of_a_miner_that_is_not_set_up(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The best share and its finder are known while that one is off."""
    lucky = await simulate("gamma-2.12")
    entry = await add_miner(lucky)
    await add_miner(await simulate("gamma-2.15"))
    lucky.miner.new_best(4.5e12)
    # A leap that large counts once a second reading has confirmed it.
    await pass_time(30)
    assert number(hass, "best_difficulty") == pytest.approx(4.5e12, rel=0.01)
    assert shown(hass, "best_miner") == "gamma-2.12"
    await hass.config_entries.async_unload(entry.entry_id)
    await set_up_again(hass, swarm_entry)
    assert number(hass, "best_difficulty") == pytest.approx(4.5e12, rel=0.01)
    assert shown(hass, "best_miner") == "gamma-2.12"
    assert (shown(hass, "miners"), shown(hass, "miners_online")) == ("2", "1")
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await pass_time(20)
    assert shown(hass, "miners") == "1"
    assert shown(hass, "best_miner") == "gamma-2.15"


async def test_renamed_miner(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The finder of the best share goes by its present name."""
    entry = await add_miner(await simulate())
    hass.config_entries.async_update_entry(entry, title="Attic")
    await pass_time(10)
    assert shown(hass, "best_miner") == "Attic"


@pytest.mark.parametrize(
    ("options", "price_state", "unit", "price"),
    [
        ({}, None, None, None),
        ({CONF_PRICE: 0.25}, None, None, 0.25),
        ({CONF_PRICE_ENTITY: "sensor.price"}, "0.4", "EUR/kWh", 0.4),
        ({CONF_PRICE_ENTITY: "sensor.price"}, "-0.01", "EUR/kWh", -0.01),
        ({CONF_PRICE_ENTITY: "sensor.price"}, "40", "ct/kWh", 0.4),
        ({CONF_PRICE_ENTITY: "sensor.price"}, "400", "EUR/MWh", 0.4),
        ({CONF_PRICE_ENTITY: "sensor.price"}, "unavailable", "EUR/kWh", None),
        ({CONF_PRICE_ENTITY: "sensor.price"}, "nan", "EUR/kWh", None),
        ({CONF_PRICE_ENTITY: "sensor.price"}, None, None, None),
        (
            {CONF_PRICE: 0.3, CONF_PRICE_ENTITY: "sensor.price"},
            "unknown",
            "EUR/kWh",
            0.3,
        ),
        ({CONF_PRICE: 0.3, CONF_PRICE_ENTITY: "sensor.price"}, "0.2", None, 0.2),
    ],
)
async def test_cost(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    options: dict[str, Any],
    price_state: str | None,
    unit: str | None,
    price: float | None,
) -> None:
    """A price entity goes before the fixed price, as long as it has a price."""
    if price_state is not None:
        hass.states.async_set(
            "sensor.price", price_state, {"unit_of_measurement": unit}
        )
    hass.config_entries.async_update_entry(swarm_entry, options=options)
    entry = await add_miner(await simulate())
    await set_up_again(hass, swarm_entry)
    state = hass.states.get(entity_id(hass, "cost_per_day"))
    assert state is not None
    assert state.attributes["unit_of_measurement"] == f"{hass.config.currency}/d"
    if price is None:
        assert state.state == STATE_UNKNOWN
    else:
        power = entry.runtime_data.snapshot.electrical.power
        assert float(state.state) == pytest.approx(power * 0.024 * price)


async def test_price_changes(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """A dynamic tariff shows at once, also while every miner is silent."""
    hass.states.async_set("sensor.price", "0.2")
    hass.config_entries.async_update_entry(
        swarm_entry, options={CONF_PRICE_ENTITY: "sensor.price"}
    )
    await add_miner(await simulate())
    await pass_time(2, 2)
    before = number(hass, "cost_per_day")
    hass.states.async_set("sensor.price", "0.4")
    await pass_time(2, 2)
    assert number(hass, "cost_per_day") == pytest.approx(before * 2, rel=0.05)


async def test_restart_all_in_turn(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    live: PassTime,
) -> None:
    """The next miner restarts once the one before it answers again."""
    servers = [
        await simulate(name) for name in ("gamma-2.12", "gamma-2.15", "supra-2.9")
    ]
    entries = [await add_miner(server) for server in servers]

    def reported() -> list[int]:
        return [restarts(server) for server in servers]

    await press_restart_all(hass)
    await until(lambda: reported() == [1, 0, 0])
    with pytest.raises(ServiceValidationError) as caught:
        await press_restart_all(hass)
    assert caught.value.translation_key == "restart_in_progress"
    for turn in (1, 2):
        before = reported()
        for _ in range(8):
            await live(10)
            if reported() != before:
                break
        assert sum(reported()) == turn + 1
        # Anyone who was restarted before is back by now.
        for entry in entries[:turn]:
            assert entry.runtime_data.data.figures.restarts == 1
            assert entry.runtime_data.last_update_success
    await live(60)
    assert reported() == [1, 1, 1]
    await press_restart_all(hass)
    await until(lambda: reported() == [2, 1, 1])


async def test_restart_all_alarms_nobody(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
    live: PassTime,
) -> None:
    """No miner counts as offline, restarted by itself or slow, then or later."""
    servers = [
        await simulate(name) for name in ("gamma-2.12", "gamma-2.15", "supra-2.9")
    ]
    for server in servers:
        await add_miner(server)
    await pass_time(420)
    reported = async_capture_events(hass, EVENT_ALERT)
    await press_restart_all(hass)
    await live(180)
    assert [restarts(server) for server in servers] == [1, 1, 1]
    await pass_time(1200)
    assert [event.data["kind"] for event in reported] == []


async def test_restart_goes_on_without_a_miner_that_stays_away(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    live: PassTime,
) -> None:
    """After 90 s it is the next one's turn."""
    first, second = await simulate("gamma-2.12"), await simulate("gamma-2.15")
    await add_miner(first)
    await add_miner(second)
    await press_restart_all(hass)
    await until(lambda: restarts(first) == 1)
    first.miner.faults.offline = True
    await live(80)
    assert restarts(second) == 0
    await live(20)
    await until(lambda: restarts(second) == 1)


async def test_restart_goes_on_after_a_refusal(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Miners that cannot be asked to restart are named apart; the others restart."""
    twins = [
        await simulate(replace(PRESETS["gamma-2.12"], name="bitaxe", seed=seed))
        for seed in (1, 2)
    ]
    other = await simulate("gamma-2.15")
    for server in (*twins, other):
        await add_miner(server)
    for server in twins:
        server.miner.faults.refuse_network = True
    await press_restart_all(hass)
    warning = re.compile(r"(bitaxe.*?) could not be restarted")
    await until(lambda: len(set(warning.findall(caplog.text))) == len(twins))
    assert restarts(other) == 1


async def test_nothing_to_restart(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """A press that does nothing says so."""
    server = await simulate()
    await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(40)
    with pytest.raises(ServiceValidationError) as caught:
        await press_restart_all(hass)
    assert caught.value.translation_key == "no_miner_online"


async def test_removed_swarm_comes_back_with_nothing(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Its file is removed with it."""
    await add_miner(await simulate())
    await pass_time(100)
    await hass.config_entries.async_unload(swarm_entry.entry_id)
    key = f"{DOMAIN}.{swarm_entry.entry_id}"
    assert hass_storage[key]["data"]["energy"] > 0
    await hass.config_entries.async_remove(swarm_entry.entry_id)
    assert key not in hass_storage


async def test_rows_per_poll(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The swarm adds less than a row per poll, however many miners there are."""
    for name in ("gamma-2.12", "gamma-2.15", "gamma-2.14"):
        await add_miner(await simulate(name))
    await pass_time(60)
    rows: list[str] = []

    @callback
    def count(event: Event[EventStateChangedData]) -> None:
        if "swarm" in event.data["entity_id"]:
            rows.append(event.data["entity_id"])

    hass.bus.async_listen("state_changed", count)
    await pass_time(timedelta(minutes=20).total_seconds())
    assert rows
    assert len(rows) < 20 * 6


async def test_entities(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
) -> None:
    """Every entity belongs to the swarm's device, has a name and, mostly, a use."""
    await add_miner(await simulate())
    items = er.async_entries_for_config_entry(er.async_get(hass), swarm_entry.entry_id)
    assert len(items) == 30
    assert all(item.device_id for item in items)
    assert all(item.unique_id.startswith("swarm_") for item in items)
    assert {item.entity_id for item in items if item.disabled_by} == {
        "sensor.bitaxe_swarm_block_height",
        "sensor.bitaxe_swarm_break_even_electricity_price",
        "sensor.bitaxe_swarm_cost_this_year",
        "sensor.bitaxe_swarm_expected_hashrate",
        "sensor.bitaxe_swarm_expected_income",
        "sensor.bitaxe_swarm_expected_margin",
        "sensor.bitaxe_swarm_network_difficulty",
        "sensor.bitaxe_swarm_sats_per_kwh",
    }
    assert {
        item.entity_id
        for item in items
        if item.entity_category is EntityCategory.DIAGNOSTIC
    } == {
        "sensor.bitaxe_swarm_block_height",
        "sensor.bitaxe_swarm_miners",
        "sensor.bitaxe_swarm_network_difficulty",
    }
