"""Rooms that miners heat, in Home Assistant, on simulated miners."""

from dataclasses import replace
import json
from pathlib import Path
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.storage import Store
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.power.swarm import async_get_power
from scripts.simulator import PRESETS

from ..conftest import PassTime, Settle, SetWallClock, Simulate
from ..entities import entity_id, state_of
from .house import House, device_of, draws, setting

ROOT = Path(__file__).parents[2]
MINUTE = 60
HOUR = 3600
SENSOR = "sensor.study_temperature"
WINDOW = "binary_sensor.study_window"


def feel(hass: HomeAssistant, temperature: float | str, unit: str = "°C") -> None:
    """Have the sensor of the room show something."""
    hass.states.async_set(
        SENSOR,
        str(temperature),
        {"unit_of_measurement": unit, "device_class": "temperature"},
        force_update=True,
    )


async def add_room(
    hass: HomeAssistant, swarm: MockConfigEntry, house: House, **data: Any
) -> str:
    """Add a room by its form, and return the id of its thermostat."""
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, "heating"), context={"source": SOURCE_USER}
    )
    assert flow["type"] is FlowResultType.FORM
    result = await hass.config_entries.subentries.async_configure(
        flow["flow_id"],
        {
            "name": "Study",
            "temperature_sensor": SENSOR,
            "miners": [entry.unique_id for _, entry in house],
            "window_sensors": [WINDOW],
            **data,
        },
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY, result.get("errors")
    await hass.async_block_till_done()
    return thermostat(hass, swarm)


def thermostat(hass: HomeAssistant, swarm: MockConfigEntry) -> str:
    """Return the id of the only thermostat."""
    (found,) = [
        item.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), swarm.entry_id
        )
        if item.domain == "climate"
    ]
    return found


async def call(hass: HomeAssistant, entity: str, action: str, **data: Any) -> None:
    """Do something to a thermostat, as cards, schedules and voice do."""
    await hass.services.async_call(
        "climate", action, {"entity_id": entity, **data}, blocking=True
    )
    await hass.async_block_till_done()


def room(hass: HomeAssistant, entity: str) -> dict[str, Any]:
    """Return the attributes of a thermostat."""
    state = hass.states.get(entity)
    assert state is not None
    return {"mode": state.state, **state.attributes}


def hashing(house: House) -> int:
    """Return how many miners are not paused."""
    return sum(not server.miner.paused for server, _ in house)


def powers(house: House) -> float:
    """Return the W that the miners draw."""
    return draws(*(server for server, _ in house))


async def test_nothing_happens_before_somebody_asks(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """A room that was only added leaves its miners alone."""
    before = [setting(server) for server, _ in house]
    feel(hass, 25)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "set_temperature", temperature=18)
    await pass_time(10 * MINUTE, 30)
    assert [setting(server) for server, _ in house] == before
    assert hashing(house) == 3
    found = room(hass, entity)
    assert found["mode"] == "off"
    assert found["hvac_action"] == "off"
    assert found["reason"] == "not_begun"
    assert found["temperature"] == 18
    assert found["current_temperature"] == 25
    assert found["hvac_modes"] == ["off", "heat"]


async def test_heat_follows_the_room(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """All of it while it is cold, little while it is nearly warm, and none above."""
    feel(hass, 17)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "set_temperature", temperature=20, hvac_mode="heat")
    await pass_time(40 * MINUTE, 30)
    found = room(hass, entity)
    assert found["mode"] == "heat"
    assert found["hvac_action"] == "heating"
    cold = powers(house)
    assert cold > 52
    feel(hass, 20.15)
    await pass_time(30 * MINUTE, 30)
    assert powers(house) < cold - 5
    assert hashing(house) == 3
    feel(hass, 20.6)
    for _ in range(40):
        feel(hass, 20.6)
        await pass_time(MINUTE, 30)
    assert hashing(house) == 0
    assert room(hass, entity)["hvac_action"] == "idle"
    feel(hass, 19.6)
    await pass_time(30 * MINUTE, 30)
    assert hashing(house) == 3


async def test_switched_off_it_pauses_or_stays_low(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """As chosen; removed, the miners get back what was chosen for them."""
    before = [setting(server) for server, _ in house]
    feel(hass, 20)
    entity = await add_room(hass, swarm, house, when_idle="lowest")
    await call(hass, entity, "turn_on")
    await call(hass, entity, "turn_off")
    await pass_time(30 * MINUTE, 30)
    assert hashing(house) == 3
    assert [setting(server).frequency for server, _ in house] == [400, 400, 400]
    await reconfigure(hass, swarm, when_idle="pause")
    await pass_time(5 * MINUTE, 30)
    assert hashing(house) == 0
    assert room(hass, entity)["reason"] == "switched_off"
    hass.config_entries.async_remove_subentry(swarm, next(iter(swarm.subentries)))
    await pass_time(15 * MINUTE, 30)
    assert hashing(house) == 3
    assert [setting(server) for server, _ in house] == before
    assert hass.states.get(entity) is None


async def reconfigure(
    hass: HomeAssistant, swarm: MockConfigEntry, **changed: Any
) -> None:
    """Change the room by its form."""
    (subentry,) = swarm.subentries.values()
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, "heating"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )
    result = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": subentry.title, **subentry.data, **changed}
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()


@pytest.mark.usefixtures("event_entities")
async def test_open_window(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """Open for a minute it ends heating, and closed it begins again."""
    hass.states.async_set(WINDOW, "off")
    feel(hass, 18)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    hass.states.async_set(WINDOW, "on")
    await pass_time(30)
    assert hashing(house) == 3
    await pass_time(2 * MINUTE)
    assert hashing(house) == 0
    found = room(hass, entity)
    assert found["window_open"]
    assert found["reason"] == "window_open"
    assert found["hvac_action"] == "idle"
    activity = state_of(hass, house[0][1], "event", "activity")
    assert activity.attributes["event_type"] == "power"
    hass.states.async_set(WINDOW, "unavailable")
    feel(hass, 17)
    await pass_time(20 * MINUTE, 30)
    assert not room(hass, entity)["window_open"]
    assert hashing(house) == 3


@pytest.mark.parametrize("shown", ["on", "unavailable"])
async def test_a_restart_while_a_window_is_open(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    settle: Settle,
    shown: str,
) -> None:
    """Nothing begins to heat for the moment until that is known again."""
    hass.states.async_set(WINDOW, "on")
    feel(hass, 18)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    assert hashing(house) == 0
    hass.states.async_set(WINDOW, shown)
    for entry in (*(entry for _, entry in house), swarm):
        await hass.config_entries.async_reload(entry.entry_id)
    await settle()
    for _ in range(8):
        await pass_time(30)
        assert hashing(house) == 0
    hass.states.async_set(WINDOW, "on")
    await pass_time(5 * MINUTE, 30)
    assert hashing(house) == 0
    assert room(hass, entity)["reason"] == "window_open"
    hass.states.async_set(WINDOW, "off")
    await pass_time(10 * MINUTE, 30)
    assert hashing(house) == 3


@pytest.mark.parametrize("when_lost", ["off", "lowest"])
@pytest.mark.parametrize(
    ("shown", "unit", "reason"),
    [
        ("unavailable", "°C", "sensor_lost"),
        ("85", "°C", "sensor_absurd"),
        ("18", "W", "sensor_absurd"),
        ("silent", "°C", "sensor_silent"),
    ],
)
async def test_a_lost_sensor(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    when_lost: str,
    shown: str,
    unit: str,
    reason: str,
) -> None:
    """Heat that nobody measures is not given for long."""
    feel(hass, 17)
    silence = 1 if shown == "silent" else 6
    entity = await add_room(
        hass, swarm, house, when_lost=when_lost, longest_silence=silence
    )
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    if shown != "silent":
        feel(hass, shown, unit)
        await pass_time(4 * MINUTE, 30)
        assert hashing(house) == 3
        await pass_time(20 * MINUTE, 30)
    else:
        await pass_time(80 * MINUTE, 60)
    assert room(hass, entity)["reason"] == reason
    if when_lost == "off":
        assert hashing(house) == 0
    else:
        assert hashing(house) == 3
        assert {setting(server).frequency for server, _ in house} == {400.0}
    feel(hass, 17)
    await pass_time(40 * MINUTE, 30)
    assert hashing(house) == 3
    assert room(hass, entity)["hvac_action"] == "heating"


async def test_a_clock_that_is_set_loses_no_sensor(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
) -> None:
    """A sensor that says nothing new is believed for as long as was chosen."""
    feel(hass, 17)
    entity = await add_room(hass, swarm, house, longest_silence=2)
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    set_wall_clock(7 * HOUR)
    await pass_time(40 * MINUTE, 60)
    assert room(hass, entity)["hvac_action"] == "heating"
    assert hashing(house) == 3
    set_wall_clock(-7 * HOUR)
    await pass_time(110 * MINUTE, 60)
    assert room(hass, entity)["reason"] == "sensor_silent"
    assert hashing(house) == 0


async def test_what_is_chosen_again_is_no_choice(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Automations repeat theirs: that hurries nothing, and is not stored again."""
    feel(hass, 19.8)
    entity = await add_room(hass, swarm, house)
    again = {"temperature": 20, "hvac_mode": "heat"}
    await call(hass, entity, "set_temperature", **again)
    await pass_time(15 * MINUTE, 30)
    outcomes = async_get_power(hass).outcomes
    (key,) = set(outcomes) - {None}
    before = outcomes[key].target
    stored: list[str] = []

    async def note(store: Store[Any], data: dict[str, Any]) -> None:
        stored.append(store.key)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "_async_write_data", note)
        feel(hass, 19.79)
        await call(hass, entity, "set_temperature", **again)
        await call(hass, entity, "turn_on")
        await call(hass, entity, "set_preset_mode", preset_mode="none")
        await pass_time(20)
        assert stored == []
    assert outcomes[key].target == before


async def test_a_sensor_may_have_another_unit_than_the_house(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry
) -> None:
    """A sensor may have another unit than the house."""
    feel(hass, 68, "°F")
    entity = await add_room(hass, swarm, house)
    assert room(hass, entity)["current_temperature"] == 20


async def test_survives_a_restart(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """Mode, target, profile and energy; while the sensor starts, nothing changes."""
    feel(hass, 19.9)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "set_temperature", temperature=21)
    await call(hass, entity, "set_preset_mode", preset_mode="balanced")
    await call(hass, entity, "set_hvac_mode", hvac_mode="heat")
    await pass_time(30 * MINUTE, 30)
    before = room(hass, entity)
    energy = heat(hass, swarm, "energy")
    settings = [setting(server) for server, _ in house]
    assert 0 < energy < 0.04
    hass.states.async_set(SENSOR, "unavailable")
    for entry in (*(entry for _, entry in house), swarm):
        await hass.config_entries.async_reload(entry.entry_id)
    await settle()
    await pass_time(2 * MINUTE)
    found = room(hass, entity)
    assert found["mode"] == "heat"
    assert found["temperature"] == before["temperature"] == 21
    assert found["preset_mode"] == "balanced"
    assert found["reason"] == "sensor_awaited"
    assert heat(hass, swarm, "energy") >= energy
    assert [setting(server) for server, _ in house] == settings
    feel(hass, 19.9)
    await pass_time(5 * MINUTE)
    assert room(hass, entity)["hvac_action"] == "heating"


def heat(hass: HomeAssistant, swarm: MockConfigEntry, key: str) -> float:
    """Return a figure of the room."""
    (subentry,) = swarm.subentries.values()
    found = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"heating_{subentry.subentry_id}_{key}"
    )
    assert found is not None
    state = hass.states.get(found)
    assert state is not None
    return float(state.state)


async def test_the_heat_that_is_given(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """W are what the miners draw, and kWh what they have drawn since."""
    feel(hass, 20)
    await add_room(hass, swarm, house)
    await pass_time(HOUR, 30)
    assert heat(hass, swarm, "power") == pytest.approx(powers(house), rel=0.03)
    assert heat(hass, swarm, "energy") == pytest.approx(powers(house) / 1000, rel=0.05)
    # A miner that goes takes nothing of it along.
    given = heat(hass, swarm, "energy")
    await hass.config_entries.async_remove(house[0][1].entry_id)
    await pass_time(5 * MINUTE, 30)
    assert heat(hass, swarm, "energy") >= given


async def test_a_miner_changed_by_hand_leaves_the_room(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """It stays as it was set until heating is switched again; that is reported."""
    (server, entry), *_ = house
    feel(hass, 20)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    chosen = OperatingPoint(frequency=550.0, core_voltage=1190.0)
    await hass.services.async_call(
        DOMAIN,
        "apply_configuration",
        {
            "device_id": [device_of(hass, entry)],
            "frequency": chosen.frequency,
            "core_voltage": chosen.core_voltage,
        },
        blocking=True,
    )
    feel(hass, 23)
    await pass_time(40 * MINUTE, 30)
    assert setting(server) == chosen
    assert hashing(house) == 1
    assert room(hass, entity)["left_by"] == [entry.title]
    number = state_of(hass, entry, "number", "power_target")
    assert number.attributes["reason"] == "changed_by_hand"
    await call(hass, entity, "set_hvac_mode", hvac_mode="heat")
    await pass_time(30 * MINUTE, 30)
    assert hashing(house) == 0
    assert room(hass, entity)["left_by"] == []


async def test_miners_rest_on_over_a_restart(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """Between both ends of the hysteresis nobody starts them for nothing."""
    feel(hass, 20.6)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "set_temperature", temperature=20, hvac_mode="heat")
    await pass_time(40 * MINUTE, 30)
    assert hashing(house) == 0
    entries = [swarm, *(entry for _, entry in house)]
    for each in entries:
        await hass.config_entries.async_unload(each.entry_id)
    feel(hass, 20.1)
    for each in reversed(entries):
        await hass.config_entries.async_setup(each.entry_id)
        await settle()
    for _ in range(20):
        feel(hass, 20.1)
        await pass_time(MINUTE, 30)
    assert hashing(house) == 0
    for _ in range(40):
        feel(hass, 19.5)
        await pass_time(MINUTE, 30)
    assert hashing(house) == 3


@pytest.mark.parametrize("also", [None, "miner", "swarm"])
async def test_leaving_a_room_is_worded_as_that(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    also: str | None,
) -> None:
    """Not as leaving a power target, which is reported where it had its own."""
    alerts = async_capture_events(hass, "bitaxe_alert")
    (server, entry), *_ = house
    feel(hass, 23)
    entity = await add_room(hass, swarm, house[:1])
    await call(hass, entity, "turn_on")
    if also is not None:
        device = swarm if also == "swarm" else entry
        await hass.services.async_call(
            DOMAIN,
            "set_power_target",
            {"device_id": [device_of(hass, device)], "power": 90, "follow": True},
            blocking=True,
        )
    await pass_time(30 * MINUTE, 30)
    assert server.miner.paused
    await hass.services.async_call(
        "switch",
        "turn_on",
        {"entity_id": entity_id(hass, entry, "switch", "mining")},
        blocking=True,
    )
    await pass_time(MINUTE, 10)
    assert room(hass, entity)["left_by"] == [entry.title]
    assert room(hass, entity)["reason"] == "resumed_by_hand"
    messages = [
        event.data["message"] for event in alerts if event.data["kind"] == "power"
    ]
    left = [text for text in messages if "its room" in text]
    assert left == ["does not heat its room any more (room: Study, resumed by hand)"]
    assert any("power target" in text for text in messages) is (also == "miner")


async def test_a_profile_bounds_it(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """As a preset for the moment, and by the options for good."""
    feel(hass, 15)
    entity = await add_room(hass, swarm, house, highest="balanced")
    assert {"none", "eco", "balanced", "max"} <= set(room(hass, entity)["preset_modes"])
    await call(hass, entity, "turn_on")
    await pass_time(40 * MINUTE, 30)
    assert max(setting(server).frequency for server, _ in house) == 525
    await call(hass, entity, "set_preset_mode", preset_mode="eco")
    await pass_time(20 * MINUTE, 30)
    assert max(setting(server).frequency for server, _ in house) == 490


async def test_power_targets_bound_it(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """That of the swarm, of which others leave it what they can, and its own."""
    feel(hass, 15)
    heated = house[:2]
    entity = await add_room(hass, swarm, heated)
    await call(hass, entity, "turn_on")
    await hass.services.async_call(
        DOMAIN,
        "set_power_target",
        {"device_id": [device_of(hass, swarm)], "power": 46, "follow": True},
        blocking=True,
    )
    above = 0
    for _ in range(180):
        await pass_time(10)
        above = above + 1 if powers(house) > 46 else 0
        assert above <= 2
    assert powers(house) > 42
    # The one that does not heat gives way.
    assert setting(house[2][0]).frequency == 400
    assert powers(heated) > 28
    state = state_of(hass, heated[0][1], "number", "power_target")
    assert state.attributes["reason"] == "heating"
    await hass.services.async_call(
        DOMAIN,
        "set_power_target",
        {"device_id": [device_of(hass, heated[0][1])], "power": 14.5, "follow": True},
        blocking=True,
    )
    await pass_time(10 * MINUTE, 30)
    assert draws(heated[0][0]) <= 14.5


async def test_maintenance_goes_first(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """Nobody of ours touches a miner that somebody works on."""
    (server, entry), *_ = house
    feel(hass, 25)
    entity = await add_room(hass, swarm, house)
    await hass.services.async_call(
        "switch",
        "turn_on",
        {"entity_id": entity_id(hass, entry, "switch", "maintenance")},
        blocking=True,
    )
    before = setting(server)
    await call(hass, entity, "turn_on")
    await pass_time(40 * MINUTE, 30)
    assert not server.miner.paused
    assert setting(server) == before
    assert hashing(house) == 1


async def test_another_miner_at_the_address_is_left_alone(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    simulate: Simulate,
) -> None:
    """As after a lease that changed hands."""
    (server, _), *others = house
    feel(hass, 20)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    other = await simulate(replace(PRESETS["gamma-2.15"], seed=9, mac=None))
    server.miner, other.miner = other.miner, server.miner
    before = setting(server)
    feel(hass, 23)
    await pass_time(40 * MINUTE, 30)
    assert setting(server) == before
    assert not server.miner.paused
    assert hashing(others) == 0


async def test_a_miner_that_comes_back_heats_again(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
) -> None:
    """The room knows it by its address for life, whatever its entry."""
    feel(hass, 20)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    for _, entry in house:
        await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(2 * MINUTE, 30)
    assert room(hass, entity)["hvac_action"] == "idle"
    for _, entry in house:
        await hass.config_entries.async_setup(entry.entry_id)
    feel(hass, 23)
    await pass_time(40 * MINUTE, 30)
    assert hashing(house) == 0


async def test_a_room_whose_miners_are_removed_needs_nothing(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """The others heat on; with the last one it ends."""
    feel(hass, 19)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "turn_on")
    await pass_time(10 * MINUTE, 30)
    wanted = room(hass, entity)["wanted_power"]
    first, *others = (entry.entry_id for _, entry in house)
    await hass.config_entries.async_remove(first)
    await pass_time(10 * MINUTE, 30)
    found = room(hass, entity)
    assert found["hvac_action"] == "heating"
    assert found["wanted_power"] < wanted
    for entry_id in others:
        await hass.config_entries.async_remove(entry_id)
    feel(hass, 18.9)
    await pass_time(MINUTE, 30)
    found = room(hass, entity)
    assert found["mode"] == "heat"
    assert found["hvac_action"] == "idle"
    assert found["wanted_power"] is None
    assert found["reason"] is None


async def test_the_form_refuses_what_makes_no_sense(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry
) -> None:
    """A miner heats one room, and a room has a name and a miner."""
    feel(hass, 20)
    await add_room(hass, swarm, house[:1])
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, "heating"), context={"source": SOURCE_USER}
    )
    for name, miners, error in (
        (" ", [house[1][1].unique_id], {"name": "no_name"}),
        ("Hall", [], {"miners": "no_miner"}),
        ("Hall", [entry.unique_id for _, entry in house], {"miners": "miner_taken"}),
    ):
        result = await hass.config_entries.subentries.async_configure(
            flow["flow_id"],
            {"name": name, "temperature_sensor": SENSOR, "miners": miners},
        )
        assert result["errors"] == error
    assert result["description_placeholders"]["room"] == "Study"


async def test_the_device_follows_the_name(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry
) -> None:
    """Reconfigured, the same entities go on."""
    feel(hass, 20)
    entity = await add_room(hass, swarm, house)
    await reconfigure(hass, swarm, name="Office")
    (subentry,) = swarm.subentries.values()
    assert subentry.title == "Office"
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"heating_{subentry.subentry_id}"), swarm.entry_id
    )
    assert device is not None
    assert device.name == "Office"
    assert thermostat(hass, swarm) == entity


async def test_what_heating_does_is_reported_as_its_own(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """Not as the power target's, and every language has words for it."""
    reported: list[tuple[str, dict[str, Any]]] = []
    server, entry = house[0]
    entry.runtime_data.async_add_occurrence_listener(
        lambda item: reported.append((item.type.value, dict(item.data)))
    )
    before = setting(server)
    hass.states.async_set(WINDOW, "off")
    feel(hass, 17)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "set_temperature", temperature=20, hvac_mode="heat")
    await pass_time(20 * MINUTE, 30)
    assert setting(server) != before
    hass.states.async_set(WINDOW, "on")
    await pass_time(5 * MINUTE, 30)
    hass.states.async_set(WINDOW, "off")
    feel(hass, 17)
    await pass_time(20 * MINUTE, 30)

    changes = [data for kind, data in reported if kind == "settings_changed"]
    assert changes
    assert {data["origin"] for data in changes} == {"heating"}
    events = [data for kind, data in reported if kind == "power"]
    assert [(data["action"], data["reason"]) for data in events] == [
        ("heating_held", "window_open"),
        ("paused", None),
        ("heating_resumed", "window_open"),
        ("resumed", None),
    ]
    assert {data["origin"] for data in events if "origin" in data} == {"heating"}
    for file in (ROOT / "custom_components" / DOMAIN / "translations").glob("*.json"):
        words = json.loads(file.read_text("utf-8"))["selector"]["alert_message"]
        for data in events:
            origin = f"_{data['origin']}" if "origin" in data else ""
            assert f"power_{data['action']}{origin}" in words["options"], file.name
        assert "reason_window_open" in words["options"]
