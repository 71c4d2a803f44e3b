"""Triggers and conditions of our own, in automations as people write them."""

from pathlib import Path
from typing import Any

from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import condition, trigger
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.bitaxe.alerts.model import AlertKind
from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.condition import CONDITIONS
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.following import swarm_entry
from custom_components.bitaxe.miner.events import SETTINGS, settings_of
from custom_components.bitaxe.miner.names import device_of
from custom_components.bitaxe.miner.write_log import person
from custom_components.bitaxe.power.model import SetBy
from custom_components.bitaxe.power.swarm import Outcome, async_get_power
from custom_components.bitaxe.trigger import TRIGGERS

from .conftest import AddMiner, PassTime, Simulate

PACKAGE = Path(__file__).parents[1] / "custom_components" / "bitaxe"
POLL = 30


@pytest.fixture
def calls(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what automations did."""
    return async_mock_service(hass, "test", "noted")


async def automate(
    hass: HomeAssistant,
    what: str | None,
    options: dict[str, Any],
    *conditions: dict[str, Any],
) -> None:
    """Set up an automation that notes what it was triggered by."""
    triggers = (
        {"trigger": "event", "event_type": "now"}
        if what is None
        else {"trigger": f"{DOMAIN}.{what}", "options": options}
    )
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "alias": "ours",
                "triggers": [triggers],
                "conditions": list(conditions),
                "actions": [
                    {
                        "action": "test.noted",
                        "data": {
                            "name": "{{ trigger.name | default('') }}",
                            "kind": "{{ trigger.kind | default('') }}",
                            "phase": "{{ trigger.phase | default('') }}",
                            "settings": "{{ trigger.settings | default('') }}",
                            "why": "{{ trigger.description }}",
                        },
                    }
                ],
            }
        },
    )
    await hass.async_block_till_done()
    state = hass.states.get("automation.ours")
    assert state is not None
    assert state.state == "on"


def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of the device of a miner."""
    device = device_of(hass, entry)
    assert device is not None
    return device.id


@pytest.mark.parametrize("chosen", [True, False])
async def test_alert_raised_and_cleared(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    calls: list[ServiceCall],
    chosen: bool,
) -> None:
    """Of the miners and kinds that were chosen, or of all."""
    servers = [await simulate("gamma-2.12"), await simulate("gamma-2.15")]
    entries = [
        await add_miner(server, {CONF_SCAN_INTERVAL: POLL}) for server in servers
    ]
    options: dict[str, Any] = {}
    if chosen:
        options = {
            "device_id": [device_id(hass, entries[0])],
            "alerts": ["pool_fallback"],
        }
    await automate(hass, "alert_raised", options)
    for server in servers:
        server.miner.faults.set(pool_down=True)
    await pass_time(180, POLL)
    noted = [(call.data["kind"], call.data["phase"]) for call in calls]
    assert noted == [("pool_fallback", "raised")] * (1 if chosen else 2)
    # Which of them answers first is chance.
    why = {call.data["name"]: call.data["why"] for call in calls}
    names = [server.miner.spec.name for server in servers]
    assert why.keys() == set(names[:1] if chosen else names)
    assert all(name in reason for name, reason in why.items())
    for server in servers:
        server.miner.faults.set(pool_down=False)
    await pass_time(180, POLL)
    assert len(calls) == len(noted)


async def test_alert_cleared(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    calls: list[ServiceCall],
) -> None:
    """When it is over, and not before."""
    server = await simulate("gamma-2.12")
    await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    await automate(hass, "alert_cleared", {"alerts": "pool_fallback"})
    server.miner.faults.set(pool_down=True)
    await pass_time(180, POLL)
    assert calls == []
    server.miner.faults.set(pool_down=False)
    await pass_time(180, POLL)
    assert [call.data["phase"] for call in calls] == ["cleared"]


async def test_setting_changed(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    calls: list[ServiceCall],
) -> None:
    """The chosen ones only, no matter who changes them, also after a reload."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await automate(
        hass,
        "setting_changed",
        {"device_id": device_id(hass, entry), "settings": ["frequency"]},
    )
    await entry.runtime_data.async_apply(
        Settings(core_voltage=1160), origin=person(None)
    )
    await pass_time()
    assert calls == []
    await entry.runtime_data.async_apply(Settings(frequency=500), origin=person(None))
    await pass_time()
    assert len(calls) == 1
    assert calls[0].data["settings"] == ["frequency"]
    await hass.config_entries.async_reload(entry.entry_id)
    await pass_time()
    await entry.runtime_data.async_apply(Settings(frequency=525), origin=person(None))
    await pass_time()
    assert len(calls) == 2


async def test_block_found(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    calls: list[ServiceCall],
) -> None:
    """Also where its event entity is switched off, and nothing is taken from that."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await automate(hass, "block_found", {})
    await pass_time()
    server.miner.find_block()
    await pass_time()
    assert len(calls) == 1
    assert calls[0].data["name"] == entry.title


async def test_power_target_reached(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    calls: list[ServiceCall],
) -> None:
    """Once for each time, and not for one that was so before."""
    entry = await add_miner(await simulate("gamma-2.12"))
    power = async_get_power(hass)

    async def come_to(target: float, reached: float) -> int:
        power.outcomes[entry.entry_id] = Outcome(
            target=target, set_by=SetBy.CHOSEN, reached=reached, reason="on_target"
        )
        power.async_notify()
        await hass.async_block_till_done()
        return len(calls)

    await come_to(18, 17)
    await automate(
        hass, "power_target_reached", {"device_id": [device_id(hass, entry)]}
    )
    assert await come_to(18, 17.5) == 0
    assert await come_to(15, 17.5) == 0
    assert await come_to(15, 14.9) == 1
    assert await come_to(15, 14.8) == 1
    assert await come_to(14.9, 14.8) == 2
    assert calls[0].data["name"] == entry.title


@pytest.mark.parametrize("behavior", ["all", "any"])
async def test_is_mining(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    calls: list[ServiceCall],
    behavior: str,
) -> None:
    """All of the miners, or any of them; one that is gone does not."""
    servers = [await simulate("gamma-2.14"), await simulate("gamma-2.15")]
    entries = [await add_miner(server) for server in servers]
    await pass_time(60)
    await automate(
        hass,
        None,
        {},
        {
            "condition": f"{DOMAIN}.is_mining",
            "options": {
                "device_id": [device_id(hass, entry) for entry in entries],
                "behavior": behavior,
            },
        },
    )

    async def run() -> int:
        hass.bus.async_fire("now")
        await hass.async_block_till_done()
        return len(calls)

    assert await run() == 1
    servers[0].miner.pause()
    await pass_time(30)
    one = 1 + (behavior == "any")
    assert await run() == one
    await hass.config_entries.async_unload(entries[1].entry_id)
    await pass_time(30)
    assert await run() == one


async def test_is_tuning_and_has_alert(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    calls: list[ServiceCall],
) -> None:
    """Conditions are combined as any others."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    chosen = {"device_id": device_id(hass, entry)}
    await automate(
        hass,
        None,
        {},
        {
            "condition": "not",
            "conditions": [{"condition": f"{DOMAIN}.is_tuning", "options": chosen}],
        },
        {
            "condition": f"{DOMAIN}.has_alert",
            "options": {**chosen, "alerts": ["pool_fallback"]},
        },
    )
    hass.bus.async_fire("now")
    await hass.async_block_till_done()
    assert calls == []
    server.miner.faults.set(pool_down=True)
    await pass_time(180, POLL)
    hass.bus.async_fire("now")
    await hass.async_block_till_done()
    assert len(calls) == 1


async def test_is_tuning(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    calls: list[ServiceCall],
) -> None:
    """As long as a run goes on, also of a silent miner; a stopped one is over."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await pass_time(60)
    chosen = {"device_id": device_id(hass, entry)}
    await automate(
        hass, None, {}, {"condition": f"{DOMAIN}.is_tuning", "options": chosen}
    )

    async def run() -> int:
        hass.bus.async_fire("now")
        await hass.async_block_till_done()
        return len(calls)

    assert await run() == 0
    await hass.services.async_call(DOMAIN, "start_tuning", chosen, blocking=True)
    await pass_time(60)
    assert await run() == 1
    server.miner.faults.set(offline=True)
    await pass_time(60)
    assert await run() == 2
    server.miner.faults.set(offline=False)
    await pass_time(60)
    await hass.services.async_call(DOMAIN, "stop_tuning", chosen, blocking=True)
    await pass_time(60)
    assert await run() == 2


@pytest.mark.parametrize("named", [["offline"], []], ids=["of a kind", "of any"])
async def test_a_miner_that_does_not_answer(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    calls: list[ServiceCall],
    named: list[str],
) -> None:
    """It does not mine, and has its alert until it is back or its swarm is unloaded."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    chosen = {"device_id": device_id(hass, entry)}
    await automate(
        hass,
        None,
        {},
        {
            "condition": "not",
            "conditions": [{"condition": f"{DOMAIN}.is_mining", "options": chosen}],
        },
        {"condition": f"{DOMAIN}.has_alert", "options": {**chosen, "alerts": named}},
    )

    async def run() -> int:
        hass.bus.async_fire("now")
        await hass.async_block_till_done()
        return len(calls)

    await pass_time(60)
    assert await run() == 0
    server.miner.faults.set(offline=True)
    await pass_time(360, POLL)
    assert await run() == 1
    swarm = swarm_entry(hass)
    assert swarm is not None
    await hass.config_entries.async_unload(swarm.entry_id)
    assert await run() == 1


async def test_editor_knows_them(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Home Assistant describes each of them, with the fields of the code."""
    entry = await add_miner(await simulate("gamma-2.12"))
    assert await async_setup_component(hass, "automation", {})
    triggers = await trigger.async_get_all_descriptions(hass)
    conditions = await condition.async_get_all_descriptions(hass)
    assert {key for key in triggers if key.startswith(f"{DOMAIN}.")} == {
        f"{DOMAIN}.{key}" for key in TRIGGERS
    }
    assert {key for key in conditions if key.startswith(f"{DOMAIN}.")} == {
        f"{DOMAIN}.{key}" for key in CONDITIONS
    }
    described = {
        **load_yaml_dict(str(PACKAGE / "triggers.yaml")),
        **load_yaml_dict(str(PACKAGE / "conditions.yaml")),
    }
    for key in ("alert_raised", "alert_cleared", "has_alert"):
        fields = described[key]["fields"]
        assert fields["alerts"]["selector"]["select"]["options"] == list(AlertKind)
    settings = described["setting_changed"]["fields"]["settings"]
    assert settings["selector"]["select"]["options"] == list(SETTINGS)
    assert tuple(settings_of(entry.runtime_data.snapshot)) == SETTINGS
