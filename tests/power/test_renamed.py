"""Renamed entities of others, on which prices, meters and rooms depend."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_POWER

from ..conftest import PassTime, Settle
from .house import House
from .test_following import MINUTE, act, number
from .test_heating import SENSOR, WINDOW, add_room, call, feel, room
from .test_supplies import PLUG, add_supply, figure, show

METER = "sensor.meter"


def rename(hass: HomeAssistant, before: str, now: str) -> None:
    """Rename an entity, as a person does in its dialog."""
    state = hass.states.get(before)
    assert state is not None
    hass.states.async_remove(before)
    er.async_get(hass).async_update_entity(before, new_entity_id=now)
    hass.states.async_set(now, state.state, state.attributes)


def register(hass: HomeAssistant, entity_id: str) -> None:
    """Have an entity in the registry, so that it can be renamed."""
    domain, name = entity_id.split(".")
    er.async_get(hass).async_get_or_create(
        domain, "elsewhere", name, suggested_object_id=name
    )


async def test_a_renamed_meter_and_price_are_followed(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """They go on as they were, and nothing else of the options changes."""
    kept: dict[str, Any] = {
        CONF_POWER: {
            "surplus_measures_miners": False,
            "surplus_minutes": 1,
            "price_limit": 0.3,
        },
        "notifications": {"kinds": ["offline"]},
    }

    def options(meter: str, price: str, notify: str) -> dict[str, Any]:
        return {
            "price_entity": price,
            CONF_POWER: {"surplus_entity": meter, **kept[CONF_POWER]},
            "notifications": {"entities": [notify, "notify.b"], "kinds": ["offline"]},
        }

    for entity_id, value, unit in (
        (METER, "50", "W"),
        ("sensor.tariff", "20", "ct/kWh"),
        ("notify.phone", "unknown", None),
    ):
        register(hass, entity_id)
        hass.states.async_set(entity_id, value, {"unit_of_measurement": unit})
    hass.config_entries.async_update_entry(
        swarm, options=options(METER, "sensor.tariff", "notify.phone")
    )
    await hass.config_entries.async_reload(swarm.entry_id)
    await settle()
    await act(hass, swarm, follow=True)
    await pass_time(5 * MINUTE, 30)
    assert number(hass, swarm).attributes["target"] == 50
    rename(hass, METER, "sensor.grid")
    rename(hass, "sensor.tariff", "sensor.price")
    rename(hass, "notify.phone", "notify.tablet")
    await settle()
    assert swarm.options == options("sensor.grid", "sensor.price", "notify.tablet")
    await pass_time(5 * MINUTE, 30)
    assert number(hass, swarm).attributes["target"] == 50
    assert number(hass, swarm).attributes["reason"] == "on_target"
    # What becomes of it is seen under its new name.
    hass.states.async_set("sensor.price", "40", {"unit_of_measurement": "ct/kWh"})
    await pass_time(2 * MINUTE, 30)
    assert number(hass, swarm).attributes["reason"] == "too_expensive"


async def test_a_renamed_thermometer_and_window_are_followed(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """The room goes on by them."""
    for entity_id in (SENSOR, WINDOW):
        register(hass, entity_id)
    feel(hass, 19)
    hass.states.async_set(WINDOW, "off")
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "turn_on")
    rename(hass, SENSOR, "sensor.office")
    rename(hass, WINDOW, "binary_sensor.office")
    await pass_time(10 * MINUTE, 30)
    hass.states.async_set("sensor.office", "19.4", {"unit_of_measurement": "°C"})
    await pass_time(MINUTE, 30)
    assert room(hass, entity)["current_temperature"] == 19.4
    hass.states.async_set("binary_sensor.office", "on")
    await pass_time(2 * MINUTE, 30)
    assert room(hass, entity)["reason"] == "window_open"


@pytest.mark.usefixtures("every_entity")
async def test_a_renamed_plug_is_followed(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """What the supply counted stays."""
    register(hass, PLUG)
    show(hass, 70)
    await add_supply(hass, swarm, house)
    await pass_time(10 * MINUTE, 30)
    before = figure(hass, swarm, "energy")
    rename(hass, PLUG, "sensor.socket")
    hass.states.async_set("sensor.socket", "75", {"unit_of_measurement": "W"})
    await pass_time(10 * MINUTE, 30)
    assert figure(hass, swarm, "power") == 75
    assert figure(hass, swarm, "energy") > before
