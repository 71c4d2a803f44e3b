"""Alerts, from a fault of a simulated miner to what Home Assistant reports of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.event import ATTR_EVENT_TYPE
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import (
    CONF_SCAN_INTERVAL,
    EVENT_HOMEASSISTANT_STARTED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import (
    CoreState,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers import device_registry as dr, translation
from homeassistant.setup import async_setup_component
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.bitaxe.alerts.model import Alert, AlertKind, AlertPhase
from custom_components.bitaxe.alerts.monitor import AlertMonitor, MinerAlert
from custom_components.bitaxe.alerts.texts import describe
from custom_components.bitaxe.axeos import Command
from custom_components.bitaxe.const import CONF_ALERTS, DOMAIN, EVENT_ALERT
from custom_components.bitaxe.miner.write_log import person
from scripts.bench.texts import ENGLISH
from scripts.simulator import MinerSpec

from .conftest import AddMiner, PassTime, SetWallClock, Simulate
from .entities import entity_id, state_of
from .troubles import MINUTE, POLL, QUARTER, TROUBLES, Trouble


@dataclass
class Heard:
    """Alerts as an automation hears them."""

    events: list[dict[str, Any]]

    def brief(self) -> list[tuple[str, str]]:
        """Return kind and phase of each, and forget them."""
        found = [(event["kind"], event["phase"]) for event in self.events]
        self.events.clear()
        return found

    def only(self) -> dict[str, Any]:
        """Return the only one, and forget it."""
        assert len(self.events) == 1, self.events
        return self.events.pop()


@pytest.fixture
def heard(hass: HomeAssistant) -> Heard:
    """Listen on the bus."""
    heard = Heard([])

    @callback
    def hear(event: Event) -> None:
        heard.events.append(dict(event.data))

    hass.bus.async_listen(EVENT_ALERT, hear)
    return heard


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


def monitor(swarm: MockConfigEntry) -> AlertMonitor:
    """Return what watches the miners now."""
    found: AlertMonitor = swarm.runtime_data.swarm.alerts
    return found


def kinds(swarm: MockConfigEntry, entry: MockConfigEntry) -> list[AlertKind]:
    """Return the active alerts of a miner."""
    return [alert.kind for alert in monitor(swarm).active.get(entry.entry_id, ())]


def end_of_mac(entry: MockConfigEntry) -> str:
    """Return what distinguishes a miner from others of the same name."""
    return str(entry.unique_id).replace(":", "")[-4:].upper()


async def set_up_again(hass: HomeAssistant, *entries: MockConfigEntry) -> None:
    """Do what a restart of Home Assistant does to entries."""
    for entry in entries:
        await hass.config_entries.async_unload(entry.entry_id)
    for entry in entries:
        await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def press_restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Restart a miner on purpose."""
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": entity_id(hass, entry, "button", "restart")},
        blocking=True,
    )


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda item: item.kind.value)
async def test_every_trouble_is_reported_and_its_end_as_well(
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
    trouble: Trouble,
) -> None:
    """Once each, and nothing else with it."""
    server = await simulate(trouble.preset)
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    await pass_time(6 * MINUTE, POLL)
    assert not heard.brief()
    trouble.break_(server.miner)
    await pass_time(QUARTER, POLL)
    event = heard.only()
    assert (event["kind"], event["phase"]) == (trouble.kind, "raised")
    assert kinds(swarm, entry) == [trouble.kind]
    assert event["unit"] == trouble.unit
    assert (event["value"] is None) == (trouble.unit is None)
    assert (event["limit"] is None) == (trouble.unit is None)
    trouble.mend(server.miner)
    await pass_time(trouble.recovery, POLL)
    expected = [(trouble.kind, "cleared")]
    if trouble.restarted:
        expected.append((AlertKind.RESTARTED, "happened"))
    assert sorted(heard.brief()) == sorted(expected)
    assert not kinds(swarm, entry)


async def polls_until_reported(
    heard: Heard, pass_time: PassTime, trouble: Trouble, leap: Callable[[], None]
) -> int:
    """Return after how many polls a trouble was reported; the clock leaps after two."""
    for poll in range(QUARTER // POLL):
        if poll == 2:
            leap()
        await pass_time(POLL, POLL)
        if heard.events:
            event = heard.only()
            assert (event["kind"], event["phase"]) == (trouble.kind, "raised")
            return poll
    pytest.fail(f"{trouble.kind} was not reported")


@pytest.mark.parametrize("leap", [-3600, 3600])
@pytest.mark.parametrize(
    "trouble",
    [item for item in TROUBLES if item.recovery == QUARTER],
    ids=lambda item: item.kind.value,
)
async def test_a_wall_clock_that_is_set_delays_no_alert(
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
    heard: Heard,
    trouble: Trouble,
    leap: float,
) -> None:
    """Neither what is being waited for, nor a freeze; and it is no restart."""
    server = await simulate(trouble.preset)
    await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    await pass_time(12 * MINUTE, POLL)
    trouble.break_(server.miner)
    usual = await polls_until_reported(heard, pass_time, trouble, lambda: None)
    trouble.mend(server.miner)
    await pass_time(trouble.recovery, POLL)
    heard.events.clear()

    trouble.break_(server.miner)
    polls = await polls_until_reported(
        heard, pass_time, trouble, lambda: set_wall_clock(leap)
    )

    assert polls <= usual + 1


async def test_overheating_and_what_the_firmware_does_about_it(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """It stops, cools down, and comes back de-tuned until somebody restores it."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.fan_failure = True
    await pass_time(50)
    event = heard.only()
    assert (event["kind"], event["phase"]) == ("overheating", "raised")
    assert event["value"] >= 70
    server.miner.faults.fan_failure = False
    await pass_time(QUARTER)
    assert heard.brief() == [("overheating", "cleared"), ("detuned", "raised")]
    (alert,) = monitor(swarm).active[entry.entry_id]
    assert alert.data["intended_frequency"] == 525
    assert alert.data["frequency"] == 425
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": entity_id(hass, entry, "button", "restore_settings")},
        blocking=True,
    )
    await pass_time(10)
    assert heard.brief() == [("detuned", "cleared")]


# What just happens


async def test_a_hot_asic_that_is_switched_off(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, heard: Heard
) -> None:
    """Its sensor reads nothing then; the regulator shows that the board is cool."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    server.miner.faults.fan_failure = True
    await pass_time(50)
    assert heard.brief() == [("overheating", "raised")]
    server.miner.faults.clear()
    await entry.runtime_data.async_execute(Command.PAUSE, origin=person(None))
    await pass_time(10 * MINUTE)
    cooling = entry.runtime_data.snapshot.cooling
    assert (cooling.asic_temperature, cooling.vr_temperature < 40) == (None, True)
    assert ("overheating", "cleared") in heard.brief()


async def test_a_miner_that_refuses_home_assistant(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, heard: Heard
) -> None:
    """Answers; that it is not read has a reason, and an end."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    server.miner.faults.refuse_network = True
    await pass_time(5 * MINUTE)
    event = heard.only()
    assert (event["kind"], event["reason"]) == ("offline", "network_refused")
    assert event["message"] == "refuses the network of Home Assistant"
    server.miner.faults.refuse_network = False
    await pass_time(10 * MINUTE)
    assert heard.brief() == [("offline", "cleared")]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, "not_a_miner"),
        (302, "not_a_miner"),
        (401, "network_refused"),
        (403, "read_refused"),
        (404, "not_a_miner"),
        (429, "bad_reply"),
        (500, "bad_reply"),
        (503, "bad_reply"),
    ],
)
@pytest.mark.parametrize("preset", ["gamma-2.12", "nerdqaxepp-1.0.36"])
async def test_a_miner_that_answers_with_something_else(
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    heard: Heard,
    preset: str,
    status: int,
    reason: str,
) -> None:
    """Says so in words, and nothing else is claimed; a single one is no trouble."""
    server = await simulate(preset)
    entry = await add_miner(server)
    server.miner.faults.answer_status = status
    await pass_time(10)
    assert entry.runtime_data.last_update_success is (reason == "bad_reply")
    await pass_time(5 * MINUTE)
    event = heard.only()
    assert (event["kind"], event["reason"]) == ("offline", reason)
    server.miner.faults.answer_status = 0
    await pass_time(10 * MINUTE)
    assert heard.brief() == [("offline", "cleared")]


async def test_unexpected_restart(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, heard: Heard
) -> None:
    """With the reason, and no other alert although the miner was away."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    await pass_time(20)
    server.miner.brownout()
    await pass_time(QUARTER)
    event = heard.only()
    assert (event["kind"], event["phase"]) == ("restarted", "happened")
    assert event["reason"] == server.miner.info()["resetReason"]


async def test_records_of_the_miner_and_of_the_swarm(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, heard: Heard
) -> None:
    """Reported of each miner, with whether nobody in the swarm ever did better."""
    one, two = await simulate("gamma-2.12"), await simulate("gamma-2.15")
    await add_miner(one)
    await add_miner(two)
    one.miner.new_best(1e13)
    await pass_time(20)
    first = heard.only()
    assert (first["kind"], first["swarm_record"]) == ("new_best_difficulty", True)
    assert first["value"] == pytest.approx(1e13, rel=0.01)
    two.miner.new_best(5e12)
    await pass_time(20)
    second = heard.only()
    assert second["swarm_record"] is False
    assert second["name"] == "gamma-2.15"
    assert second["previous"] < 5e12


@pytest.mark.usefixtures("event_entities")
async def test_a_block_found_while_home_assistant_was_down(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """Is reported once the miner is read again, and never twice."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await hass.config_entries.async_unload(swarm.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)
    server.miner.find_block()
    await hass.config_entries.async_setup(swarm.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert ("block_found", "happened") in heard.brief()
    state = state_of(hass, entry, "event", "alert")
    assert state.attributes[ATTR_EVENT_TYPE] == "block_found"
    assert state.attributes["blocks_found"] == 1
    await set_up_again(hass, swarm, entry)
    assert not heard.brief()


async def test_automations_hear_what_happened_while_home_assistant_was_down(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm: MockConfigEntry,
) -> None:
    """It is reported once they can listen, after Home Assistant has started."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    for item in (swarm, entry):
        await hass.config_entries.async_unload(item.entry_id)
    server.miner.find_block()
    hass.set_state(CoreState.starting)
    for item in (entry, swarm):
        await hass.config_entries.async_setup(item.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    calls = async_mock_service(hass, "test", "cheer")
    trigger = {
        "trigger": "event",
        "event_type": EVENT_ALERT,
        "event_data": {"kind": "block_found"},
    }
    automation = {"triggers": trigger, "actions": {"action": "test.cheer"}}
    assert await async_setup_component(hass, "automation", {"automation": automation})
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert len(calls) == 1


async def test_a_swarm_that_is_gone_before_home_assistant_has_started(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """Reports nothing any more."""
    server = await simulate("gamma-2.15")
    await add_miner(server)
    await hass.config_entries.async_unload(swarm.entry_id)
    server.miner.find_block()
    hass.set_state(CoreState.starting)
    await hass.config_entries.async_setup(swarm.entry_id)
    await hass.config_entries.async_unload(swarm.entry_id)
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    await pass_time(60)
    assert not heard.brief()


# Silence on purpose


async def test_a_restart_on_purpose_is_silent(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    heard: Heard,
) -> None:
    """By the button, however long it takes within five minutes."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(7 * MINUTE)
    await press_restart(hass, entry)
    server.miner.faults.offline = True
    await pass_time(4 * MINUTE)
    server.miner.faults.offline = False
    await pass_time(QUARTER)
    assert entry.runtime_data.data.figures.restarts == 1
    assert not heard.brief()


async def test_a_miner_that_does_not_come_back_is_offline(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    heard: Heard,
) -> None:
    """Also if it was us who restarted it."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await press_restart(hass, entry)
    server.miner.faults.offline = True
    await pass_time(8 * MINUTE)
    assert heard.brief() == [("offline", "raised")]


async def test_a_new_pool_is_silent(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    heard: Heard,
) -> None:
    """It takes a restart, which is ours."""
    entry = await add_miner(await simulate("gamma-2.12"))
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, str(entry.unique_id)), entry.entry_id
    )
    assert device is not None
    await hass.services.async_call(
        DOMAIN,
        "set_pool",
        {"device_id": [device.id], "url": "other.example", "port": 3333},
        blocking=True,
    )
    await pass_time(5 * MINUTE)
    assert entry.runtime_data.data.figures.restarts == 1
    assert not heard.brief()


async def test_restarts_in_turn_are_silent(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """Of every miner: they are asked to restart the way the swarm does it."""
    entries = [await add_miner(await simulate(f"gamma-2.{n}")) for n in (12, 15)]
    first, second = (entry.runtime_data for entry in entries)
    await first.async_execute(Command.RESTART, origin=person(None))
    await pass_time(2 * MINUTE)
    await second.async_execute(Command.RESTART, origin=person(None))
    await pass_time(10 * MINUTE)
    assert [entry.runtime_data.data.figures.restarts for entry in entries] == [1, 1]
    assert not heard.brief()


async def test_a_paused_miner_is_well(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    heard: Heard,
) -> None:
    """It was paused on purpose, and has no low hashrate; nor has it once it resumes."""
    server = await simulate("gamma-2.15")
    await add_miner(server)
    await pass_time(6 * MINUTE)
    server.miner.pause()
    await pass_time(QUARTER)
    server.miner.resume()
    await pass_time(QUARTER)
    assert not heard.brief()


# Miners come and go


@pytest.mark.usefixtures("event_entities")
async def test_a_miner_that_never_answered_is_offline(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """Its entry is tried again and again; nothing else of it exists yet."""
    server = await simulate("gamma-2.12")
    server.miner.faults.offline = True
    entry = await add_miner(server)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await pass_time(100)
    assert not heard.brief()
    await pass_time(60)
    event = heard.only()
    assert (event["kind"], event["phase"]) == ("offline", "raised")
    assert event["name"] == "gamma-2.12"
    assert event["device_id"] is None
    assert kinds(swarm, entry) == [AlertKind.OFFLINE]
    server.miner.faults.offline = False
    await pass_time(10 * MINUTE)
    assert entry.state is ConfigEntryState.LOADED
    assert heard.brief() == [("offline", "cleared")]
    assert state_of(hass, entry, "event", "alert").attributes["phase"] == "cleared"


async def test_home_assistant_restarts_while_a_miner_is_offline(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """It is not reported again; that it came back meanwhile is reported."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(4 * MINUTE)
    assert heard.brief() == [("offline", "raised")]
    await set_up_again(hass, entry, swarm)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await pass_time(4 * MINUTE)
    assert not heard.brief()
    assert kinds(swarm, entry) == [AlertKind.OFFLINE]
    await hass.config_entries.async_unload(entry.entry_id)
    server.miner.faults.offline = False
    await set_up_again(hass, swarm, entry)
    event = heard.only()
    assert (event["kind"], event["phase"]) == ("offline", "cleared")
    assert event["seconds"] > 5 * MINUTE


async def test_who_is_switched_off_here_is_not_offline(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """Neither unloaded nor disabled; what was active of a disabled one is forgotten."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(5 * MINUTE)
    assert not heard.brief()
    await hass.config_entries.async_setup(entry.entry_id)
    server.miner.faults.offline = True
    await pass_time(4 * MINUTE)
    assert heard.brief() == [("offline", "raised")]
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await pass_time(5 * MINUTE)
    assert not heard.brief()
    assert not monitor(swarm).active


async def test_a_removed_miner_is_forgotten(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """Also in the file, which goes with the swarm."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(4 * MINUTE)
    key = f"{DOMAIN}.{swarm.entry_id}.alerts"
    assert hass_storage[key]["data"]["miners"][entry.entry_id]["raised"]
    await hass.config_entries.async_remove(entry.entry_id)
    await pass_time(MINUTE)
    assert not monitor(swarm).active
    assert entry.entry_id not in str(hass_storage[key]["data"])
    await hass.config_entries.async_remove(swarm.entry_id)
    assert key not in hass_storage
    heard.brief()


# Rules


async def test_rules_apply_at_once(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """A kind that is switched off is silent, another threshold is another limit."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    hass.config_entries.async_update_entry(
        swarm,
        options={
            CONF_ALERTS: {
                "offline": {"enabled": False},
                "vr_heat": {"threshold": 45.0, "for": 0},
            }
        },
    )
    await set_up_again(hass, swarm)
    event = heard.only()
    assert (event["kind"], event["limit"]) == ("vr_heat", 45)
    server.miner.faults.offline = True
    await pass_time(5 * MINUTE)
    assert not heard.brief()
    assert kinds(swarm, entry) == [AlertKind.VR_HEAT]


# What Home Assistant reports


@pytest.mark.usefixtures("event_entities")
async def test_the_event_entity_shows_alerts(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Also the one that its miner is gone."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    assert state_of(hass, entry, "event", "alert").state == STATE_UNKNOWN
    server.miner.faults.vr_offset = 25
    await pass_time(6 * MINUTE)
    state = state_of(hass, entry, "event", "alert")
    assert state.attributes[ATTR_EVENT_TYPE] == "vr_heat"
    assert state.attributes["phase"] == "raised"
    assert state.attributes["value"] >= state.attributes["limit"] == 80
    assert state.attributes["unit"] == "°C"
    server.miner.faults.offline = True
    await pass_time(4 * MINUTE)
    state = state_of(hass, entry, "event", "alert")
    assert state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)
    assert state.attributes[ATTR_EVENT_TYPE] == "offline"
    assert state.attributes["value"] is None


@pytest.mark.usefixtures("event_entities")
async def test_alerts_cost_a_row_each(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """And nothing while all is well, or while it stays bad."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    rows: list[str] = []
    watched = entity_id(hass, entry, "event", "alert")

    @callback
    def count(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] == watched:
            rows.append(watched)

    hass.bus.async_listen("state_changed", count)
    await pass_time(5 * MINUTE)
    assert not rows
    server.miner.faults.vr_offset = 25
    await pass_time(QUARTER)
    assert len(rows) == 1


async def test_the_event_on_the_bus(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    heard: Heard,
) -> None:
    """Carries everything a message needs, in words as well."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(10)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, str(entry.unique_id)), entry.entry_id
    )
    assert device is not None
    server.miner.faults.offline = True
    await pass_time(4 * MINUTE)
    raised = heard.only()
    assert raised["device_id"] == device.id
    assert raised["name"] == "gamma-2.12"
    assert raised["message"] == "does not answer"
    assert raised["count_24h"] == 1
    server.miner.faults.offline = False
    await pass_time(5 * MINUTE)
    cleared = heard.only()
    assert cleared["since"] == raised["since"]
    assert cleared["message"] == f"is back ({ENGLISH.duration(cleared['seconds'])})"


async def test_miners_are_called_as_people_call_them(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    heard: Heard,
) -> None:
    """By the name of the device; factories call all of them the same."""
    servers = [
        await simulate(MinerSpec(name="bitaxe", firmware="v2.15.0", seed=seed))
        for seed in (1, 2, 3)
    ]
    entries = [await add_miner(server) for server in servers]
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier(
        (DOMAIN, str(entries[0].unique_id)), entries[0].entry_id
    )
    assert device is not None
    registry.async_update_device(device.id, name_by_user="Attic")
    await pass_time(10)
    for server in servers:
        server.miner.new_best(1e13)
    await pass_time(20)
    ends = [end_of_mac(entry) for entry in entries]
    assert sorted(event["name"] for event in heard.events) == sorted(
        ["Attic", f"bitaxe ({ends[1]})", f"bitaxe ({ends[2]})"]
    )
    assert swarm.runtime_data.swarm.totals.best_miner is not None
    assert swarm.runtime_data.swarm.totals.best_miner in [
        event["name"] for event in heard.events
    ]


async def test_in_the_language_of_home_assistant(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    heard: Heard,
) -> None:
    """Which may be changed at any time."""
    translation.async_setup(hass)
    server = await simulate("gamma-2.12")
    await add_miner(server)
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()
    server.miner.faults.vr_offset = 25
    await pass_time(6 * MINUTE)
    event = heard.only()
    assert event["message"].startswith("hat einen heißen Spannungsregler (")
    assert event["message"].endswith(" °C, Grenze 80 °C)")


@pytest.mark.parametrize(
    ("alert", "text"),
    [
        (
            Alert(
                kind=AlertKind.LOW_INPUT_VOLTAGE,
                phase=AlertPhase.RAISED,
                value=11.483,
                limit=11.52,
                since=0,
            ),
            "has a low input voltage (11.48 V, limit 11.52 V)",
        ),
        (
            Alert(
                kind=AlertKind.OVERHEATING,
                phase=AlertPhase.RAISED,
                value=77.03,
                limit=70,
                since=0,
                data={"stopped": True},
            ),
            "overheats (77 °C, limit 70 °C, stopped by its firmware)",
        ),
        (
            Alert(
                kind=AlertKind.LOW_HASHRATE,
                phase=AlertPhase.RAISED,
                value=0,
                limit=90,
                since=0,
                data={"reason": "no_pool"},
            ),
            "hashes too slowly (0 %, limit 90 %, no pool answers)",
        ),
        (
            Alert(
                kind=AlertKind.FROZEN_HASHRATE,
                phase=AlertPhase.RAISED,
                since=0,
                data={"reason": "repeated"},
            ),
            "shows a hashrate it does not produce (the firmware repeats the same figure)",
        ),
        (
            # Also once it is paused.
            Alert(
                kind=AlertKind.FROZEN_HASHRATE,
                phase=AlertPhase.CLEARED,
                since=0,
                data={"reason": "no_shares", "seconds": 300},
            ),
            "shows no false hashrate any more (5 min)",
        ),
        (
            Alert(
                kind=AlertKind.RESTARTED,
                phase=AlertPhase.HAPPENED,
                since=0,
                data={"reason": "Brownout reset"},
            ),
            "has restarted unexpectedly (Brownout reset)",
        ),
        (
            Alert(
                kind=AlertKind.GUARD,
                phase=AlertPhase.HAPPENED,
                value=71.5,
                limit=70,
                since=0,
                data={
                    "action": "lower",
                    "reason": "asic_heat",
                    "unit": "°C",
                    "from": {"frequency": 600.0, "core_voltage": 1200.0},
                    "to": {"frequency": 575.0, "core_voltage": 1180.0},
                },
            ),
            "runs on lower settings of the guard (71.5 °C, limit 70 °C, "
            "600 MHz / 1200 mV → 575 MHz / 1180 mV, ASIC too hot)",
        ),
    ],
)
@pytest.mark.usefixtures("english")
async def test_messages_in_words(hass: HomeAssistant, alert: Alert, text: str) -> None:
    """With figures as fine as they need to be, and no codes."""
    assert describe(hass, alert) == text


_JUNK: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["lower", "finished", "efficiency", "no_pool"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["frequency", "core_voltage"]), inner, max_size=2
        )
    ),
    max_leaves=4,
)
_DATA: Final = st.dictionaries(
    st.sampled_from(
        [
            "action",
            "reason",
            "description",
            "unit",
            "from",
            "to",
            "goal",
            "gain",
            "seconds",
            "stopped",
            "unmeasured",
            "frequency",
            "core_voltage",
            "intended_frequency",
            "intended_core_voltage",
        ]
    ),
    _JUNK,
    max_size=6,
)


@pytest.fixture
async def english(hass: HomeAssistant) -> None:
    """Load the texts."""
    translation.async_setup(hass)
    await translation.async_load_integrations(hass, {DOMAIN})


@pytest.mark.usefixtures("english")
@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(AlertKind), st.sampled_from(AlertPhase), _DATA)
async def test_what_was_stored_with_an_alert_is_not_trusted(
    hass: HomeAssistant, kind: AlertKind, phase: AlertPhase, data: dict[str, object]
) -> None:
    """A file of another version must not take the entity that shows the alert."""
    alert = Alert(kind=kind, phase=phase, value=1.0, limit=2.0, since=0, data=data)
    assert describe(hass, alert)


async def test_listeners_hear_every_alert_until_they_leave(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
) -> None:
    """Listeners hear every alert until they unsubscribe."""
    reported: list[MinerAlert] = []
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    stop = monitor(swarm).async_add_listener(reported.append)
    server.miner.find_block()
    await pass_time(20)
    assert {item.alert.kind for item in reported} == {
        AlertKind.BLOCK_FOUND,
        AlertKind.NEW_BEST_DIFFICULTY,
    }
    assert {item.miner_id for item in reported} == {entry.entry_id}
    stop()
    server.miner.find_block()
    await pass_time(10)
    assert len(reported) == 2
