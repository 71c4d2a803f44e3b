"""Devices that imitate the interface, and boards that contradict what is known."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import Command
from custom_components.bitaxe.const import (
    CONF_EXTENDED_RANGE,
    CONF_KIND,
    DOMAIN,
    KIND_MINER,
)
from custom_components.bitaxe.miner.write_log import person

from .axeos.device import ScriptedDevice, json_reply
from .axeos.payloads import GAMMA, GAMMA_ASIC
from .test_services import act

pytestmark = pytest.mark.usefixtures("swarm_entry", "every_entity")

MAC = "02:00:00:00:07:07"

ANTMINER: dict[str, Any] = {
    "hashRate": 199000.0,
    "sharesAccepted": 98,
    "sharesRejected": 0,
    "bestDiff": 226485.5,
    "power": 3480.0,
    "maxPower": 5000.0,
    "frequency": 485.0,
    "coreVoltage": 13300,
    "coreVoltageActual": 13330,
    "temp": 61.0,
    "fanspeed": 20,
    "manualFanSpeed": 20,
    "autofanspeed": 1,
    "ASICModel": "BM1368",
    "deviceModel": "Antminer S21",
    "asicCount": 324,
    "stratumURL": "pool.example",
    "stratumPort": 3333,
    "stratumUser": "wallet.worker",
    "hostip": "192.0.2.10",
    "macAddr": MAC,
    "uptimeSeconds": 460,
    "shutdown": False,
    "currentA": 0,
    "stratum": {"poolMode": 0, "pools": []},
}
ANTMINER_ASIC: dict[str, Any] = {
    "ASICModel": "BM1368",
    "deviceModel": "Antminer S21",
    "asicCount": 324,
    "defaultVoltage": 13300,
    "frequencyOptions": [400, 485, 525],
    "voltageOptions": [11880, 13300, 15120],
}


@pytest.fixture
async def adopt(hass: HomeAssistant) -> Any:
    """Set up a device with the extended range on, which must not help it."""
    devices: list[ScriptedDevice] = []

    async def add(
        info: dict[str, Any], asic: dict[str, Any] | None
    ) -> tuple[MockConfigEntry, ScriptedDevice]:
        device = ScriptedDevice()
        await device.__aenter__()
        devices.append(device)
        device.info(info)
        if asic is not None:
            device.on("GET", "/api/system/asic", json_reply(asic))
        entry = MockConfigEntry(
            domain=DOMAIN,
            version=2,
            title="guest",
            unique_id=str(info["macAddr"]).lower(),
            data={CONF_KIND: KIND_MINER, "host": "127.0.0.1", "port": device.port},
            options={CONF_EXTENDED_RANGE: True},
        )
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.state is ConfigEntryState.LOADED
        return entry, device

    yield add
    for device in devices:
        await device.__aexit__(None, None, None)


def controls(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the entities by which something is changed."""
    return {
        item.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if item.domain in ("number", "switch", "select", "button")
    }


@pytest.mark.parametrize("asic", [ANTMINER_ASIC, None])
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"ASICModel": "Hybrid"},
        {"asicCount": None},
        {"asicCount": None, "maxPower": None},
        {"asicCount": 1, "maxPower": None, "power": None, "coreVoltage": 1150},
        {"deviceModel": "NerdQAxe++"},
        {"coreVoltage": None, "coreVoltageActual": None, "power": 0},
    ],
)
async def test_a_device_that_is_no_bitaxe(
    hass: HomeAssistant,
    adopt: Any,
    change: dict[str, Any],
    asic: dict[str, Any] | None,
) -> None:
    """It is read, and that is all: a sentence says why, wherever somebody tries."""
    entry, device = await adopt(ANTMINER | change, asic)
    assert not controls(hass, entry)
    for action, data in (
        ("apply_configuration", {"core_voltage": 1200}),
        ("set_fan", {"mode": "manual", "speed": 50}),
        ("set_pool", {"url": "pool.example.org", "port": 3333}),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, action, entry, **data)
        assert str(raised.value.translation_key).startswith("contradicting_")
    for command in Command:
        with pytest.raises(ServiceValidationError) as raised:
            await entry.runtime_data.async_execute(command, origin=person(None))
        assert str(raised.value.translation_key).startswith("contradicting_")
    assert {item.method for item in device.requests} == {"GET"}
    found = [
        issue.translation_key
        for issue in ir.async_get(hass).issues.values()
        if issue.issue_id.startswith("contradicting_")
    ]
    assert len(found) == 1


async def test_no_maker_is_named_that_nobody_reported(
    hass: HomeAssistant, adopt: Any
) -> None:
    """It calls itself an Antminer, and nothing more."""
    entry, _ = await adopt(ANTMINER, ANTMINER_ASIC)
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert (device.manufacturer, device.model) == (None, "Antminer S21")


async def test_a_list_beyond_what_the_asic_bears(
    hass: HomeAssistant, adopt: Any
) -> None:
    """Frequency and core voltage are out of reach; the rest works."""
    asic = GAMMA_ASIC | {"voltageOptions": [1000, 1150, 1600]}
    entry, device = await adopt(GAMMA, asic)
    shown = controls(hass, entry)
    assert not [item for item in shown if "frequency" in item or "voltage" in item]
    assert [item for item in shown if "restart" in item]
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "apply_configuration", entry, core_voltage=1200)
    assert raised.value.translation_key == "contradicting_voltages"
    assert ir.async_get(hass).async_get_issue(
        DOMAIN, f"contradicting_voltages_{entry.entry_id}"
    )
    assert {item.method for item in device.requests} == {"GET"}
