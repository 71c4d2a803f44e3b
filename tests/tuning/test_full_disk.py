"""What a person asked for, and what a run needs, while nothing can be stored."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import entity_id, state_of
from ..full_disk import no_space_after
from .test_session import MINUTE, Watch, act, reason, setting, state, swarm, the_tuner

__all__ = ["swarm"]

_SPACE = 100
"""Bytes; less than any of our files."""


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Let Home Assistant write real files."""
    return {}


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("save_profile", {"name": "mine"}),
        ("add_note", {"text": "New paste"}),
        (
            "import_backup",
            {"backup": {"id": "1", "time": 1e9, "settings": {"frequency": 500}}},
        ),
    ],
)
async def test_a_person_learns_of_it(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    action: str,
    data: dict[str, Any],
) -> None:
    """That it will be forgotten; once there is space again it is not."""
    entry = await add_miner(await simulate("gamma-2.12"))
    with no_space_after(_SPACE), pytest.raises(HomeAssistantError, match="disk full"):
        await act(hass, entry, action, **data)
    await act(hass, entry, action, **data)


async def test_a_choice_is_in_force_until_it_is_forgotten(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm: MockConfigEntry,
    pass_time: PassTime,
) -> None:
    """Targets, maintenance, the guard and heating do what was asked for, and say so."""
    entry = await add_miner(await simulate("gamma-2.12"))
    hass.states.async_set("sensor.room", "18", {"unit_of_measurement": "°C"})
    room = ConfigSubentry(
        data=MappingProxyType(
            {"temperature_sensor": "sensor.room", "miners": [entry.unique_id]}
        ),
        subentry_type="heating",
        title="Study",
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(swarm, room)
    await pass_time(5 * MINUTE)
    thermostat = "climate.study"

    def chosen(domain: str, key: str) -> str:
        return state_of(hass, entry, domain, key).state

    async def choose(domain: str, service: str, entity: str, **data: Any) -> None:
        with pytest.raises(HomeAssistantError, match="disk full"):
            await hass.services.async_call(
                domain, service, {"entity_id": entity, **data}, blocking=True
            )

    with no_space_after(_SPACE):
        with pytest.raises(HomeAssistantError, match="disk full"):
            await act(hass, entry, "set_power_target", power=12, follow=True)
        assert chosen("number", "power_target") == "12.0"
        assert chosen("switch", "follow_power_target") == "on"
        number = entity_id(hass, entry, "number", "power_target")
        await choose("number", "set_value", number, value=13)
        assert chosen("number", "power_target") == "13.0"
        switch = entity_id(hass, entry, "switch", "follow_power_target")
        await choose("switch", "turn_off", switch)
        assert chosen("switch", "follow_power_target") == "off"
        target = "number.bitaxe_swarm_power_target"
        await choose("number", "set_value", target, value=100)
        assert hass.states.get(target).state == "100.0"  # type: ignore[union-attr]
        with pytest.raises(HomeAssistantError, match="disk full"):
            await act(hass, entry, "start_maintenance")
        assert chosen("switch", "maintenance") == "on"
        switch = entity_id(hass, entry, "switch", "maintenance")
        await choose("switch", "turn_off", switch)
        assert chosen("switch", "maintenance") == "off"
        switch = entity_id(hass, entry, "switch", "guard")
        await choose("switch", "turn_off", switch)
        assert chosen("switch", "guard") == "off"
        await choose("climate", "set_temperature", thermostat, temperature=23)
        assert hass.states.get(thermostat).attributes["temperature"] == 23  # type: ignore[union-attr]
        await choose("climate", "turn_on", thermostat)
        assert hass.states.get(thermostat).state == "heat"  # type: ignore[union-attr]


async def test_no_run_begins(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """After a crash nobody would know which setting the miner had."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    before = setting(server)
    with no_space_after(_SPACE):
        with pytest.raises(HomeAssistantError, match="Nothing was started"):
            await act(hass, entry, "start_tuning", goal="efficiency")
        assert state(hass, entry) == "idle"
        await pass_time(5 * MINUTE)
    assert setting(server) == before
    await act(hass, entry, "start_tuning", goal="efficiency")
    assert state(hass, entry) == "settling"


async def test_a_run_ends_before_it_writes_what_nobody_would_know_of(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The miner goes back to the setting from before."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    before = setting(server)
    tuner, watch = the_tuner(hass, entry), Watch(server, pass_time)
    await act(hass, entry, "start_tuning", goal="efficiency")
    while setting(server) == before:
        await watch.look(30)
    tried = set(watch.settings)
    with no_space_after(_SPACE):
        await watch.until_over(tuner)
    assert (state(hass, entry), reason(hass, entry)) == ("failed", "not_stored")
    assert setting(server) == before
    assert set(watch.settings) == tried
