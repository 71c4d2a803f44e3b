"""Tools of assistants, through Home Assistant's own interface for them."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    llm,
)
from homeassistant.setup import async_setup_component
import pytest
import voluptuous as vol

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.llm import async_get_tools

from .conftest import AddRecordedMiner, RecordedMiner
from .live import limited_user

ASSISTANT = "conversation"


@pytest.fixture
async def kitchen(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner
) -> RecordedMiner:
    """Return a miner with a history that its owner named, and put into a room."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "llm", {})
    recorded = await add_recorded_miner()
    area = ar.async_get(hass).async_create("Kitchen")
    dr.async_get(hass).async_update_device(
        recorded.device_id, name_by_user="Little miner", area_id=area.id
    )
    return recorded


async def assist(hass: HomeAssistant, user: User | None = None) -> llm.APIInstance:
    """Return what an assistant is given that somebody talks to."""
    return await llm.async_get_api(
        hass,
        llm.LLM_API_ASSIST,
        llm.LLMContext(
            platform="test",
            context=Context(user_id=user.id if user else None),
            language="en",
            assistant=ASSISTANT,
            device_id=None,
        ),
    )


async def call(
    hass: HomeAssistant, name: str, user: User | None = None, **args: Any
) -> llm.ToolResult:
    """Let the assistant use a tool of ours."""
    api = await assist(hass, user)
    (tool,) = (tool for tool in api.tools if tool.name == f"{DOMAIN}__{name}")
    assert tool.annotations.read_only
    assert not tool.annotations.destructive
    result = await tool.async_call(
        hass, llm.ToolInput(tool_name=tool.name, tool_args=args), api.llm_context
    )
    assert isinstance(result, llm.ToolResult)
    return result


async def test_which_setting_is_most_efficient_on_the_kitchen_miner(
    hass: HomeAssistant, kitchen: RecordedMiner
) -> None:
    """The prompt says which miner that is, the tool the answer."""
    assert "Little miner (area: Kitchen)" in (await assist(hass)).api_prompt
    result = await call(hass, "get_best_settings", miner="Little miner")
    assert not result.error
    (miner,) = result.data["miners"]
    assert miner["name"] == "Little miner"
    best = miner["recommendations"]["efficiency"]
    assert best["best"]["frequency_mhz"] == 490
    assert best["best"]["core_voltage_mv"] == 1100
    assert len(miner["configurations"]) == 2


async def test_how_are_the_miners_doing(
    hass: HomeAssistant, kitchen: RecordedMiner
) -> None:
    """All of them, if none is named: now, and over the last day."""
    result = await call(hass, "get_miners")
    (miner,) = result.data["miners"]
    assert miner["area"] == "Kitchen"
    assert miner["now"]["state"] == "mining"
    assert miner["now"]["hashrate_ghs"] > 0
    assert miner["over_the_span"]["hashrate_ghs"] == pytest.approx(950, rel=0.01)
    assert result.data["total"]["miners"] == 1


async def test_miner_that_is_offline(
    hass: HomeAssistant, kitchen: RecordedMiner
) -> None:
    """What it said last is not what it does now."""
    kitchen.server.miner.faults.offline = True
    for _ in range(4):
        await kitchen.coordinator.async_refresh()
    result = await call(hass, "get_miners", span="7d")
    assert result.data["miners"][0]["now"] == {"state": "offline"}


async def test_span_nobody_understands(
    hass: HomeAssistant, kitchen: RecordedMiner
) -> None:
    """The assistant is instructed how to ask."""
    result = await call(hass, "get_best_settings", span="last summer")
    assert result.error
    assert "24h" in str(result.data["error"])


async def test_miner_that_does_not_exist(
    hass: HomeAssistant, kitchen: RecordedMiner
) -> None:
    """The assistant may only name those it was informed of."""
    with pytest.raises(vol.Invalid):
        await call(hass, "get_best_settings", miner="Attic")


async def test_other_interfaces(hass: HomeAssistant, kitchen: RecordedMiner) -> None:
    """Only that of Assist asks what is exposed; others get nothing."""
    context = (await assist(hass)).llm_context
    assert async_get_tools(hass, context, "other") is None


async def test_miner_that_is_not_exposed(
    hass: HomeAssistant, kitchen: RecordedMiner
) -> None:
    """What the user hides from the assistant stays hidden."""
    for item in er.async_entries_for_config_entry(
        er.async_get(hass), kitchen.entry.entry_id
    ):
        async_expose_entity(hass, ASSISTANT, item.entity_id, False)
    api = await assist(hass)
    assert not [tool for tool in api.tools if tool.name.startswith(DOMAIN)]
    assert "Little miner" not in api.api_prompt


@pytest.mark.usefixtures("hass_admin_user")
async def test_miner_that_somebody_may_not_see(
    hass: HomeAssistant, kitchen: RecordedMiner, add_recorded_miner: AddRecordedMiner
) -> None:
    """An assistant informs nobody more than Home Assistant would."""
    other = await add_recorded_miner("supra-2.9")
    user, _ = await limited_user(
        hass, {"device_ids": {kitchen.device_id: {"read": True}}}
    )
    result = await call(hass, "get_miners", user)
    assert [miner["name"] for miner in result.data["miners"]] == ["Little miner"]
    assert result.data["total"]["miners"] == 1
    for tool in ("get_miners", "get_best_settings"):
        result = await call(hass, tool, user, miner=other.entry.title)
        assert result.error
        assert other.entry.title not in str(result.data)
    result = await call(hass, "get_miners")
    assert len(result.data["miners"]) == 2
