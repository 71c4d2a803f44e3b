"""One miner's fault, one listener's, one connection's: never anybody else's."""

from dataclasses import replace
from datetime import timedelta
import math
from time import monotonic, time
from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, llm
from homeassistant.helpers.json import json_bytes
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.bitaxe.analysis.recent import RecentRows
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.coordinator import MinerCoordinator
from custom_components.bitaxe.discord.messages.best import best_message
from custom_components.bitaxe.discord.messages.health import async_health_message
from custom_components.bitaxe.discord.messages.report import async_make_report
from custom_components.bitaxe.discord.messages.stats import async_stats_message
from custom_components.bitaxe.discord.messages.status import status_message
from custom_components.bitaxe.live.hub import async_get_live
from custom_components.bitaxe.miner.events import Occurrence
from custom_components.bitaxe.power.swarm import async_get_power, swarm_power_of
from custom_components.bitaxe.results.payload import rounded
from custom_components.bitaxe.tuning.session import tuner_of
from scripts.simulator import PRESETS

from ..conftest import AddMiner, PassTime, Settle, Simulate
from ..discord.asking import Talk
from .conftest import AddRecordedMiner, device_id, swarm_entry
from .live import Subscribe, Watch

OTHER = replace(PRESETS["gamma-2.12"], name="other", mac="02:00:00:00:00:77")


def poison(miner: MinerCoordinator, **figures: Any) -> None:
    """Let a reading bring what no parser would let through."""
    reading = miner.data
    miner.async_set_updated_data(
        replace(reading, figures=replace(reading.figures, **figures))
    )


@pytest.mark.parametrize(
    "figures",
    [
        {"error_rate": 2**70},
        {"best_difficulty": math.inf},
        {"best_difficulty": 2.0**64},
        {"boot_time": math.nan},
        {"boot_time": "yesterday"},
        {"reject_rate": object()},
    ],
)
async def test_an_absurd_figure_blanks_no_other_miner(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    subscribe: Subscribe,
    watch: Watch,
    figures: dict[str, Any],
) -> None:
    """Who looks already goes on, and who comes sees everybody else."""
    sick = await add_miner(await simulate())
    well = await add_miner(await simulate(OTHER))
    early = await subscribe()
    poison(sick.runtime_data, **figures)
    late = await subscribe()
    await watch(20, early, late)
    for screen in (early, late):
        assert screen.miners[device_id(hass, well)]["hashrate_ghs"] > 0
        assert screen.swarm["miners"] == 2


async def test_a_subscription_that_fails_leaves_nothing(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Each would go on receiving for ever."""
    await add_miner(await simulate())
    live = async_get_live(hass)
    user = await hass.auth.async_create_user("somebody")
    before = hass.bus.async_listeners()

    def closed(event: object) -> None:
        raise ConnectionResetError

    for _ in range(50):
        with pytest.raises(ConnectionResetError):
            live.async_subscribe(user, 0.5, closed)
    assert hass.bus.async_listeners() == before
    unsubscribe = live.async_subscribe(user, 0.5, lambda event: None)
    assert hass.bus.async_listeners() != before
    unsubscribe()
    unsubscribe()
    assert hass.bus.async_listeners() == before


async def test_a_connection_that_breaks_costs_no_other_its_events(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Both take part in one feed."""
    await add_miner(await simulate())
    live = async_get_live(hass)
    user = await hass.auth.async_create_user("somebody")
    received: list[list[object]] = [[], []]

    def breaking(into: list[object]) -> Any:
        def send(event: object) -> None:
            into.append(event)
            if len(into) > 1:
                raise ConnectionResetError

        return send

    stops = [live.async_subscribe(user, 0.5, breaking(into)) for into in received]
    await pass_time(10)
    await pass_time(2, 0.5)
    assert all(len(events) > 1 for events in received)
    for stop in stops:
        stop()


async def test_a_miner_that_cannot_be_judged_hinders_no_other(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Alerts and totals of the others go on."""
    sick: MockConfigEntry = await add_miner(await simulate())
    await add_miner(await simulate(OTHER))
    swarm = swarm_entry(hass).runtime_data.swarm
    heard: list[object] = []

    def broken() -> None:
        raise ValueError

    swarm.async_add_listener(broken)
    swarm.async_add_listener(lambda: heard.append(1))
    poison(sick.runtime_data, error_rate="many", boot_time="yesterday")
    await pass_time(10)
    await pass_time(2, 0.5)
    assert heard
    assert swarm.totals.miners_online == 2
    assert dr.async_get(hass).devices


@pytest.mark.parametrize("part", ["energy", "hashrate"])
async def test_a_miner_that_cannot_be_added_up_stops_no_totals(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    part: str,
) -> None:
    """The sums are those of the others, and messages report on the others."""
    sick: MockConfigEntry = await add_miner(await simulate())
    well: MockConfigEntry = await add_miner(await simulate(OTHER))
    swarm = swarm_entry(hass).runtime_data.swarm
    await pass_time(120)
    miner: MinerCoordinator = sick.runtime_data
    hashing: Any = replace(miner.snapshot.hashing, hashrate="many")  # type: ignore[arg-type]
    miner.last_update_success = True
    miner.data = replace(
        miner.data,
        snapshot=replace(miner.snapshot, hashing=hashing)
        if part == "hashrate"
        else miner.snapshot,
        figures=replace(miner.data.figures, energy="much")  # type: ignore[arg-type]
        if part == "energy"
        else miner.data.figures,
    )
    swarm._update()  # noqa: SLF001
    assert swarm.totals.miners == 2
    assert swarm.totals.hashrate == well.runtime_data.snapshot.hashing.hashrate
    message = status_message(swarm)
    assert "other" in str(message.embeds[0].description)
    await async_health_message(hass, swarm)


async def test_an_action_is_done_for_all_but_the_miner_with_a_fault(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """And it is said which one that was."""
    sick: MockConfigEntry = await add_miner(await simulate())
    server = await simulate(OTHER)
    well = await add_miner(server)
    sick.runtime_data.data = None
    with pytest.raises(HomeAssistantError) as refusal:
        await hass.services.async_call(
            DOMAIN,
            "set_fan",
            {
                "device_id": [device_id(hass, sick), device_id(hass, well)],
                "mode": "manual",
                "speed": 77,
            },
            blocking=True,
        )
    assert refusal.value.translation_key == "miners_failed"
    assert well.runtime_data.snapshot.cooling.fan_speed_setting == 77


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_is_unknown(value: float) -> None:
    """JSON knows neither."""
    assert rounded(value) is None


@pytest.mark.parametrize("value", [2.0**63, 2.0**64, 1e30, 2.0**224])
def test_large_numbers_are_no_whole_ones(value: float) -> None:
    """Whole numbers beyond 64 bits cannot be written."""
    assert isinstance(rounded(value), float)


def spoil(miner: MinerCoordinator, value: Any) -> None:
    """Let what was read lately have a hashrate and a power that no miner has."""
    snapshot = miner.snapshot
    reading = replace(
        miner.data,
        snapshot=replace(
            snapshot,
            hashing=replace(snapshot.hashing, hashrate=value),
            electrical=replace(snapshot.electrical, power=value),
        ),
    )
    miner.recent = RecentRows()
    for seconds in (10, 0):
        miner.recent.add(reading, time() - seconds, monotonic() - seconds, 60)
    miner.data = reading


@pytest.mark.parametrize("value", ["many", math.inf, math.nan])
async def test_a_miner_that_cannot_be_summed_up_is_left_out(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, value: Any
) -> None:
    """Of actions, reports on Discord, charts, and answers of an assistant."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "llm", {})
    sick, *well = [
        await add_recorded_miner(preset)
        for preset in ("gamma-2.12", "gamma-2.15", "gt-2.15")
    ]
    spoil(sick.coordinator, value)
    names = [recorded.coordinator.display_name for recorded in well]
    span = {"start": dt_util.utcnow() - timedelta(hours=14)}
    summary = await ask(hass, "get_summary", **span)
    figures = {item["device_id"]: item for item in summary["miners"]}
    assert len(figures) == 3
    energies = [figures[recorded.device_id]["energy_kwh"] for recorded in well]
    assert all(energies)
    assert summary["total"]["energy_kwh"] >= 0.99 * sum(energies)
    assert summary["total"]["hashrate_ghs"] is not None

    configurations = await ask(hass, "get_configurations")
    found = {
        item["device_id"]: item["configurations"] for item in configurations["miners"]
    }
    assert all(found[recorded.device_id] for recorded in well)

    text = (await ask(hass, "get_report", **span))["report"]
    assert all(name in text for name in names)
    miners = [recorded.coordinator for recorded in (sick, *well)]
    message = await async_make_report(hass, miners, "24h", charts=True)
    assert len(message.attachments) == 2
    assert all(name[:14] in str(message.embeds[0].description) for name in names)
    swarm = swarm_entry(hass).runtime_data.swarm
    assert all(name[:12] in str(best_message(swarm).embeds[0]) for name in names)
    await async_stats_message(hass, miners)

    for recorded in (sick, *well):
        entity_id = f"button.{recorded.entry.title.lower().replace(' ', '_')}_restart"
        async_expose_entity(hass, "conversation", entity_id, should_expose=True)
    answer = await assistant(hass, "get_miners")
    assert {item["name"] for item in answer["miners"]} >= set(names)
    json_bytes(answer)


@pytest.mark.parametrize("kind", ["nonsense", "nothing"])
async def test_one_of_three_hinders_no_command_of_cards(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_ws_client: WebSocketGenerator,
    settle: Settle,
    kind: str,
) -> None:
    """Whatever is asked of all of them is answered for the two that are well."""
    sick, *well = [
        await add_recorded_miner(preset)
        for preset in ("gamma-2.12", "gamma-2.15", "gt-2.15")
    ]
    ruin(sick.coordinator, kind)
    connection = await hass_ws_client()
    devices = [recorded.device_id for recorded in (sick, *well)]

    async def reply(command: str, **data: Any) -> Any:
        await connection.send_json_auto_id({"type": f"{DOMAIN}/{command}", **data})
        message = await connection.receive_json()
        assert message["success"], (command, message)
        return message["result"]

    for command in ("summary", "configurations", "series", "uptime"):
        for data in ({}, {"device_id": devices}):
            found = await reply(command, **data)
            shown = {item["device_id"]: item for item in found["miners"]}
            assert shown.keys() == set(devices)
            for recorded in well:
                assert any(
                    shown[recorded.device_id].get(name)
                    for name in (
                        "energy_kwh",
                        "configurations",
                        "columns",
                        "days",
                    )
                ), (command, shown[recorded.device_id])
    assert "items" in await reply("timeline", device_id=devices)
    for action in ("pause", "restart", "start_maintenance"):
        found = await reply("bulk_work", action=action, device_id=devices, preview=True)
        results = {item["device_id"]: item["result"] for item in found["miners"]}
        assert [results[recorded.device_id] for recorded in well] == [
            "planned",
            "planned",
        ]

    await reply("tuning")
    event = await connection.receive_json()
    assert {recorded.device_id for recorded in well} <= event["event"]["miners"].keys()
    await reply("subscribe")
    while (event := await connection.receive_json())["event"]["type"] != "full":
        pass
    assert all(
        event["event"]["miners"][recorded.device_id]["hashrate_ghs"]
        for recorded in well
    )
    await reply("bulk_work", action="start_maintenance", device_id=devices)
    outcomes = {}
    while (event := await connection.receive_json())["event"]["type"] != "end":
        if event["event"]["type"] == "outcome":
            outcomes[event["event"]["device_id"]] = event["event"]["result"]
    assert [outcomes[recorded.device_id] for recorded in well] == ["done", "done"]
    await settle()


@pytest.mark.parametrize("kind", ["nonsense", "nothing"])
async def test_one_of_three_hinders_nothing_done_to_all(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_client: ClientSessionGenerator,
    pass_time: PassTime,
    kind: str,
) -> None:
    """Previews, power targets, tuning, Discord, system health and diagnostics."""
    assert await async_setup_component(hass, "diagnostics", {})
    assert await async_setup_component(hass, "system_health", {})
    sick, *well = [
        await add_recorded_miner(preset)
        for preset in ("gamma-2.12", "gamma-2.15", "gt-2.15")
    ]
    ruin(sick.coordinator, kind)
    devices = [recorded.device_id for recorded in (sick, *well)]
    swarm = swarm_entry(hass)

    answer = await hass.services.async_call(
        DOMAIN,
        "set_pool",
        {"device_id": devices, "url": "p.example", "port": 3333, "preview": True},
        blocking=True,
        return_response=True,
    )
    assert isinstance(answer, dict)
    planned: Any = answer["miners"]
    assert [item["result"] for item in planned[1:]] == ["planned", "planned"]

    await hass.services.async_call(
        DOMAIN,
        "set_power_target",
        {"device_id": device_id(hass, swarm), "change": -5, "follow": True},
        blocking=True,
    )
    await pass_time(30)
    ruin(sick.coordinator, kind)
    target = swarm_power_of(hass)
    assert target is not None
    assert target.target is not None
    assert math.isfinite(target.target)
    assert async_get_power(hass).outcomes[None].reached
    await hass.services.async_call(
        DOMAIN,
        "set_power_target",
        {"device_id": device_id(hass, swarm), "change": -1, "follow": False},
        blocking=True,
    )

    hass.config_entries.async_update_entry(
        swarm, options={"tuning": {"maximum_swarm_power": 5000}}
    )
    for recorded in well:
        tuner = tuner_of(hass, recorded.entry.entry_id)
        assert tuner is not None
        assert tuner.obstacle is None

    talk = Talk(hass)
    for name, arguments in (
        ("status", {}),
        ("health", {}),
        ("best", {}),
        ("stats", {}),
        ("report", {}),
        ("pause", {"miner": "all"}),
        ("tune", {"miner": "all"}),
        ("restart-all", {}),
    ):
        text = await talk.ask(name, **arguments)
        assert text, name
        assert not talk.refused, (name, text)
    health = await get_system_health_info(hass, DOMAIN)
    assert health["miners"] == 3
    client = await hass_client()
    for entry in (swarm, well[0].entry):
        response = await client.get(f"/api/diagnostics/config_entry/{entry.entry_id}")
        assert response.status == 200


def ruin(miner: MinerCoordinator, kind: str) -> None:
    """Let a miner have figures that are none, or nothing at all."""
    if kind == "nonsense":
        spoil(miner, "many")
    else:
        miner.data = None


async def test_a_fault_of_the_only_miner_is_said(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner
) -> None:
    """In words, as there is nothing to show."""
    recorded = await add_recorded_miner()
    spoil(recorded.coordinator, "many")
    with pytest.raises(HomeAssistantError) as refusal:
        await ask(hass, "get_summary")
    assert refusal.value.translation_key == "internal_fault"


async def test_an_entity_with_a_fault_keeps_nothing_from_others(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Neither what was read nor what happened, and the next poll is a success."""
    server = await simulate()
    miner: MinerCoordinator = (await add_miner(server)).runtime_data
    heard: list[object] = []

    def broken(*args: object) -> None:
        raise ValueError

    # Those that come first are asked first.
    miner.async_add_listener(broken)
    miner.async_add_listener(lambda: heard.append("reading"))
    miner.async_add_occurrence_listener(broken)
    miner.async_add_occurrence_listener(heard.append)
    server.miner.restart()
    await pass_time(120)
    assert miner.last_update_success
    assert "reading" in heard
    assert any(isinstance(item, Occurrence) for item in heard)


async def ask(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Return the answer of an action about all miners."""
    devices = [
        device_id(hass, entry)
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry is not swarm_entry(hass)
    ]
    return await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": devices, **data},
        blocking=True,
        return_response=True,
    )


async def assistant(hass: HomeAssistant, name: str) -> Any:
    """Return what a tool for assistants answers."""
    context = llm.LLMContext(
        platform="test",
        context=Context(),
        language="en",
        assistant="conversation",
        device_id=None,
    )
    api = await llm.async_get_api(hass, llm.LLM_API_ASSIST, context)
    (tool,) = (tool for tool in api.tools if tool.name == f"{DOMAIN}__{name}")
    asked = llm.ToolInput(tool_name=tool.name, tool_args={})
    result = await tool.async_call(hass, asked, api.llm_context)
    assert isinstance(result, llm.ToolResult)
    assert not result.error
    return result.data
