"""Forms as people get them: filled in with what holds, and safe to send as they are."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.alerts.kinds import KINDS
from custom_components.bitaxe.const import (
    CONF_ALERTS,
    CONF_EXTENDED_RANGE,
    CONF_GUARD,
    CONF_POWER,
)

from .conftest import AddMiner, Simulate
from .forms import filled_in, left_empty

MINER: dict[str, Any] = {
    CONF_SCAN_INTERVAL: 20,
    CONF_EXTENDED_RANGE: True,
    CONF_GUARD: {
        "heat_action": "step_down",
        "asic_warning": 60.0,
        "watchdog": False,
        "fallback_from": "22:00:00",
        "restarts_per_day": 2,
    },
    CONF_POWER: {"bottom": "pause", "with_swarm": False},
}
SWARM: dict[str, Any] = {
    "price": 0.31,
    CONF_ALERTS: {
        "overheating": {"threshold": 62.0, "for": 90},
        "offline": {"enabled": False, "for": 600},
    },
    CONF_GUARD: {"heat_action": "pause", "asic_critical": 66.0, "watchdog": True},
    CONF_POWER: {"bottom": "pause", "price_limit": 0.4},
}
STEPS = (
    *("price", "power", "alerts", "notifications"),
    *("guard", "tuning", "firmware", "charts"),
)


async def send_as_it_is(
    hass: HomeAssistant, result: ConfigFlowResult
) -> ConfigFlowResult:
    """Open a form in the browser and press the button, nothing else."""
    assert result["type"] is FlowResultType.FORM
    assert left_empty(result) == set()
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], filled_in(result)
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result.get("errors")
    return result


@pytest.mark.parametrize("options", [{}, MINER], ids=["new", "chosen"])
async def test_options_of_a_miner(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    options: dict[str, Any],
) -> None:
    """What somebody chose is shown, and stays."""
    entry = await add_miner(await simulate())
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.async_block_till_done(wait_background_tasks=True)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    await send_as_it_is(hass, form)
    unless_chosen = {CONF_SCAN_INTERVAL: 10, CONF_EXTENDED_RANGE: False}
    assert entry.options == unless_chosen | options


async def test_a_section_that_is_not_sent_stays_as_it_is(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """As programs do that know a form of before."""
    entry = await add_miner(await simulate())
    hass.config_entries.async_update_entry(entry, options=MINER)
    await hass.async_block_till_done(wait_background_tasks=True)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    changed = {CONF_SCAN_INTERVAL: 30, CONF_EXTENDED_RANGE: True}
    await hass.config_entries.options.async_configure(form["flow_id"], changed)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == MINER | changed


@pytest.mark.parametrize("options", [{}, SWARM], ids=["new", "chosen"])
@pytest.mark.parametrize("step", STEPS)
async def test_options_of_the_swarm(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    step: str,
    options: dict[str, Any],
) -> None:
    """Each form can be sent as it opens, which changes nothing that was chosen."""
    hass.config_entries.async_update_entry(swarm_entry, options=options)
    await hass.async_block_till_done(wait_background_tasks=True)
    menu = await hass.config_entries.options.async_init(swarm_entry.entry_id)
    form = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": step}
    )
    await send_as_it_is(hass, form)
    kept = {name: swarm_entry.options[name] for name in options}
    if step == CONF_GUARD:
        # All of the guard is written down once somebody has looked at it.
        assert kept.pop(CONF_GUARD, {}).items() >= options.get(CONF_GUARD, {}).items()
        options = {name: options[name] for name in kept}
    if step == CONF_POWER:
        assert kept.pop(CONF_POWER, {}).items() >= options.get(CONF_POWER, {}).items()
        options = {name: options[name] for name in kept}
    assert kept == options


async def test_the_form_of_alerts_shows_each_threshold_and_time(
    hass: HomeAssistant, swarm_entry: MockConfigEntry
) -> None:
    """Not only what is on."""
    hass.config_entries.async_update_entry(swarm_entry, options=SWARM)
    await hass.async_block_till_done(wait_background_tasks=True)
    menu = await hass.config_entries.options.async_init(swarm_entry.entry_id)
    form = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": CONF_ALERTS}
    )
    shown = filled_in(form)
    assert shown["overheating"] == {
        "threshold": 62.0,
        "for": {"hours": 0, "minutes": 1, "seconds": 30},
    }
    for kind, specification in KINDS.items():
        if specification.condition is not None:
            assert "for" in shown[kind.value]
        if specification.choice is not None:
            assert shown[kind.value]["threshold"] is not None
