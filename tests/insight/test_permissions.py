"""What users of limited groups may see and do."""

from pathlib import Path
from typing import Any

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.const import DOMAIN
from scripts.simulator import MinerServer

from ..conftest import POLL_SECONDS, AddMiner, Simulate
from .conftest import device_id, swarm_entry
from .live import Subscribe, Watch, limited_user

# The first user is the owner, who may do everything.
pytestmark = pytest.mark.usefixtures("hass_admin_user")

CONTROLS = ("button", "number", "select", "switch")


@pytest.fixture
async def servers(simulate: Simulate) -> list[MinerServer]:
    """Start two simulated miners."""
    return [await simulate("gamma-2.12"), await simulate("ultra-2.4")]


@pytest.fixture
async def entries(
    servers: list[MinerServer], add_miner: AddMiner
) -> list[MockConfigEntry]:
    """Set up both miners."""
    return [await add_miner(server) for server in servers]


@pytest.fixture
def devices(hass: HomeAssistant, entries: list[MockConfigEntry]) -> list[str]:
    """Return the devices of both miners."""
    return [device_id(hass, entry) for entry in entries]


async def act(
    hass: HomeAssistant,
    user: User | str,
    action: str,
    *devices: str,
    answer: bool = False,
    **data: Any,
) -> Any:
    """Run an action of ours as a user, whose id is enough."""
    user_id = user if isinstance(user, str) else user.id
    return await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": list(devices), **data},
        blocking=True,
        context=Context(user_id=user_id),
        return_response=answer or action.startswith("get_"),
    )


async def test_sees_what_it_may_read(
    hass: HomeAssistant, devices: list[str], subscribe: Subscribe, watch: Watch
) -> None:
    """One miner, no control of it, and no totals, which report on the others."""
    _, token = await limited_user(hass, {"device_ids": {devices[0]: {"read": True}}})
    screen = await subscribe(token)
    assert screen.miners.keys() == {devices[0]}
    assert screen.miners[devices[0]]["can_control"] is False
    assert screen.swarm["miners"] is None
    assert screen.swarm["entities"] == {}
    assert screen.swarm["can_control"] is False
    events = await watch(3 * POLL_SECONDS, screen)
    assert screen.miners.keys() == {devices[0]}
    assert screen.swarm["miners"] is None
    assert any(devices[0] in event["miners"] for event in events)


async def test_the_thermostat_of_a_room_is_no_look_at_all_miners(
    hass: HomeAssistant,
    entries: list[MockConfigEntry],
    devices: list[str],
    subscribe: Subscribe,
) -> None:
    """A part of the swarm reports on its own miners, the totals of everybody's."""
    swarm = swarm_entry(hass)
    hass.states.async_set("sensor.room", "18", {"unit_of_measurement": "°C"})
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, "heating"), context={"source": SOURCE_USER}
    )
    await hass.config_entries.subentries.async_configure(
        flow["flow_id"],
        {
            "name": "Study",
            "temperature_sensor": "sensor.room",
            "miners": [entries[0].unique_id],
        },
    )
    await hass.async_block_till_done()
    (thermostat,) = hass.states.async_entity_ids("climate")
    user, token = await limited_user(hass, {"entity_ids": {thermostat: True}})
    screen = await subscribe(token)
    assert screen.miners == {}
    assert screen.swarm["miners"] is None
    assert screen.swarm["can_control"] is False
    # The thermostat is theirs; the miners behind it are not.
    await hass.services.async_call(
        "climate",
        "turn_on",
        {"entity_id": thermostat},
        blocking=True,
        context=Context(user_id=user.id),
    )
    state = hass.states.get(thermostat)
    assert state is not None and state.state == "heat"
    with pytest.raises(Unauthorized):
        await act(hass, user, "apply_configuration", devices[0], frequency=490)


async def test_controls_without_those_of_firmware_and_rooms(
    hass: HomeAssistant,
    entries: list[MockConfigEntry],
    devices: list[str],
    servers: list[MinerServer],
) -> None:
    """What no action of ours does needs no permission for one, and gives none."""
    swarm = swarm_entry(hass)
    hass.config_entries.async_update_entry(
        swarm, options={"firmware": {"notice": True, "install": True}}
    )
    await hass.config_entries.async_reload(swarm.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    registry = er.async_get(hass)
    found = er.async_entries_for_config_entry(registry, entries[0].entry_id)
    firmware = [item.entity_id for item in found if item.domain == "update"]
    assert firmware
    controls = [item.entity_id for item in found if item.domain in CONTROLS]
    most, _ = await limited_user(hass, {"entity_ids": dict.fromkeys(controls, True)})
    await act(hass, most, "apply_configuration", devices[0], frequency=490)
    assert servers[0].miner.info()["frequency"] == 490
    only, _ = await limited_user(
        hass, {"entity_ids": dict.fromkeys(firmware, True)}, "only"
    )
    with pytest.raises(Unauthorized):
        await act(hass, only, "apply_configuration", devices[0], frequency=500)
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            "update",
            "install",
            {"entity_id": firmware},
            blocking=True,
            context=Context(user_id=most.id),
        )
    assert servers[0].miner.info()["frequency"] == 490


async def test_sees_nothing(
    hass: HomeAssistant, devices: list[str], subscribe: Subscribe, watch: Watch
) -> None:
    """Somebody who may only see lights."""
    _, token = await limited_user(hass, {"domains": {"light": True}})
    screen = await subscribe(token)
    assert screen.miners == {}
    assert await watch(3 * POLL_SECONDS, screen) == []


async def test_looks_without_control(
    devices: list[str],
    subscribe: Subscribe,
    watch: Watch,
    hass_read_only_access_token: str,
) -> None:
    """A read-only user sees everything, and that it may change nothing."""
    screen = await subscribe(hass_read_only_access_token)
    await watch(POLL_SECONDS, screen)
    assert screen.miners.keys() == set(devices)
    assert not any(miner["can_control"] for miner in screen.miners.values())
    assert screen.swarm["miners"] == 2
    assert screen.swarm["can_control"] is False


async def test_sent_anew_when_permissions_change(
    hass: HomeAssistant, devices: list[str], subscribe: Subscribe, watch: Watch
) -> None:
    """Without asking again."""
    user, token = await limited_user(hass, {"device_ids": {devices[0]: {"read": True}}})
    screen = await subscribe(token)
    assert screen.miners.keys() == {devices[0]}
    await hass.auth.async_update_user(user, group_ids=[GROUP_ID_USER])
    events = await watch(POLL_SECONDS, screen)
    assert "full" in [event["type"] for event in events]
    assert screen.miners.keys() == set(devices)
    assert all(miner["can_control"] for miner in screen.miners.values())
    assert screen.swarm["miners"] == 2
    await hass.auth.async_update_user(user, group_ids=[GROUP_ID_READ_ONLY])
    await watch(POLL_SECONDS, screen)
    assert not any(miner["can_control"] for miner in screen.miners.values())


async def test_sees_a_new_miner(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    devices: list[str],
    subscribe: Subscribe,
    watch: Watch,
) -> None:
    """If it may control all numbers and so on, then also those of a new miner."""
    domains = dict.fromkeys(CONTROLS, True)
    _, token = await limited_user(hass, {"domains": domains})
    screen = await subscribe(token)
    assert screen.miners.keys() == set(devices)
    third = device_id(hass, await add_miner(await simulate("supra-2.9")))
    await watch(POLL_SECONDS, screen)
    assert screen.miners.keys() == {*devices, third}
    assert all(miner["can_control"] for miner in screen.miners.values())


async def test_changes_what_it_may_control(
    hass: HomeAssistant, devices: list[str], servers: list[MinerServer]
) -> None:
    """One miner, but not the other, and not both: then none is touched."""
    user, _ = await limited_user(hass, {"device_ids": {devices[0]: {"control": True}}})
    await act(hass, user, "apply_configuration", devices[0], frequency=490)
    assert servers[0].miner.info()["frequency"] == 490
    before = [server.miner.info()["frequency"] for server in servers]
    for targets in (devices[1:], devices, [device_id(hass, swarm_entry(hass))]):
        with pytest.raises(Unauthorized):
            await act(hass, user, "apply_configuration", *targets, frequency=500)
    assert [server.miner.info()["frequency"] for server in servers] == before


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("apply_configuration", {"frequency": 490}),
        ("set_fan", {"mode": "manual", "speed": 70}),
        ("set_pool", {"url": "pool.example.org", "port": 3333}),
    ],
)
async def test_reading_is_not_controlling(
    hass: HomeAssistant,
    devices: list[str],
    servers: list[MinerServer],
    action: str,
    data: dict[str, Any],
) -> None:
    """A user who may only look changes nothing; nor does nobody's user."""
    user = await hass.auth.async_create_user("guest", group_ids=[GROUP_ID_READ_ONLY])
    with pytest.raises(Unauthorized):
        await act(hass, user, action, devices[0], **data)
    with pytest.raises(UnknownUser):
        await act(hass, "gone", action, devices[0], **data)
    assert {request.method for request in servers[0].miner.requests} == {"GET"}


@pytest.mark.parametrize(
    ("command", "data"),
    [
        ("uptime", {}),
        ("timeline", {}),
        ("series", {}),
        ("configurations", {}),
        ("tuning", {}),
    ],
)
async def test_commands_show_what_may_be_read(
    hass: HomeAssistant,
    devices: list[str],
    hass_ws_client: WebSocketGenerator,
    command: str,
    data: dict[str, Any],
) -> None:
    """One miner of two, whether it is named, all are, or the swarm is."""
    await hass.services.async_call(
        DOMAIN, "add_note", {"device_id": devices, "text": "Dust"}, blocking=True
    )
    _, token = await limited_user(hass, {"device_ids": {devices[0]: {"read": True}}})
    connection = await hass_ws_client(access_token=token)
    for named in ({}, {"device_id": devices[0]}, {"device_id": devices}):
        await connection.send_json_auto_id(
            {"type": f"{DOMAIN}/{command}", **data, **named}
        )
        reply = await connection.receive_json()
        assert reply["success"], reply
        if command == "tuning":
            shown = (await connection.receive_json())["event"]["miners"]
            assert shown[devices[0]]["can_control"] is False
        else:
            found = reply["result"].get("miners", reply["result"].get("items"))
            shown = {item["device_id"] for item in found}
        assert set(shown) == {devices[0]}
    await connection.send_json_auto_id(
        {"type": f"{DOMAIN}/{command}", **data, "device_id": devices[1]}
    )
    reply = await connection.receive_json()
    assert reply["error"]["code"] == "unauthorized"


async def test_one_control_is_not_all(
    hass: HomeAssistant, devices: list[str], entries: list[MockConfigEntry]
) -> None:
    """Anyone who may only pause a miner may not change its clock by our action."""
    user, _ = await limited_user(
        hass, {"domains": {"switch": True, "sensor": {"read": True}}}
    )
    with pytest.raises(Unauthorized):
        await act(hass, user, "set_fan", devices[0], mode="auto")


async def test_analysis_is_for_those_who_may_read(
    hass: HomeAssistant, devices: list[str], subscribe: Subscribe
) -> None:
    """As an action, and as a command; without a device, of what may be read."""
    user, token = await limited_user(hass, {"device_ids": {devices[0]: {"read": True}}})
    answer = await act(hass, user, "get_summary", devices[0])
    assert [miner["name"] for miner in answer["miners"]] == ["gamma-2.12"]
    with pytest.raises(Unauthorized):
        await act(hass, user, "get_summary", *devices)
    with pytest.raises(Unauthorized):
        await act(hass, user, "get_report", device_id(hass, swarm_entry(hass)))
    screen = await subscribe(token)
    reply = await screen.ask("bitaxe/summary", device_id=devices[1])
    assert reply["error"]["code"] == "unauthorized"
    # A card on a dashboard that is shared, of miners that not everybody may see.
    reply = await screen.ask("bitaxe/summary", device_id=devices)
    assert [miner["device_id"] for miner in reply["result"]["miners"]] == devices[:1]
    reply = await screen.ask("bitaxe/summary")
    assert [miner["device_id"] for miner in reply["result"]["miners"]] == devices[:1]


@pytest.mark.parametrize(
    ("action", "data", "name"),
    [
        ("export_csv", {}, "miners.csv"),
        ("render_chart", {"chart": "swarm_hashrate"}, "chart.png"),
    ],
)
async def test_paths_are_for_administrators(
    hass: HomeAssistant,
    hass_admin_user: User,
    devices: list[str],
    tmp_path: Path,
    action: str,
    data: dict[str, Any],
    name: str,
) -> None:
    """And for automations; those who may read have the answer without a path."""
    hass.config.allowlist_external_dirs.add(str(tmp_path))
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    path = tmp_path / name
    guest = await hass.auth.async_create_user("guest", group_ids=[GROUP_ID_READ_ONLY])
    user = await hass.auth.async_create_user("user", group_ids=[GROUP_ID_USER])
    limited, _ = await limited_user(hass, {"device_ids": {devices[0]: True}})
    for caller in (guest, user, limited):
        with pytest.raises(Unauthorized):
            await act(hass, caller, action, devices[0], path=str(path), **data)
        answer = await act(hass, caller, action, devices[0], answer=True, **data)
        assert answer.keys() & {"csv", "media_content_id"}
    with pytest.raises(UnknownUser):
        await act(hass, "gone", action, devices[0], path=str(path), **data)
    assert not path.exists()
    for context in (Context(user_id=hass_admin_user.id), Context()):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": devices[0], "path": str(path), **data},
            blocking=True,
            context=context,
        )
        assert path.exists()
        path.unlink()


@pytest.mark.parametrize(
    ("action", "data"),
    [("apply_configuration", {"frequency": 490}), ("get_summary", {})],
)
async def test_nobody_is_nobody(
    hass: HomeAssistant,
    hass_admin_user: User,
    devices: list[str],
    action: str,
    data: dict[str, Any],
) -> None:
    """An empty list of devices is an error, not a success."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, hass_admin_user, action, **data)
    assert caught.value.translation_key == "no_miner_set_up"


@pytest.mark.parametrize("kind", ["area", "device", "entity", "domain"])
async def test_every_kind_of_limit(
    hass: HomeAssistant,
    devices: list[str],
    servers: list[MinerServer],
    subscribe: Subscribe,
    kind: str,
) -> None:
    """Whichever way somebody is limited to one miner, the other stays out of reach."""
    area = ar.async_get(hass).async_create("Cellar")
    dr.async_get(hass).async_update_device(devices[0], area_id=area.id)
    entities = [
        item.entity_id
        for item in er.async_entries_for_device(
            er.async_get(hass), devices[0], include_disabled_entities=True
        )
    ]
    allowed: dict[str, dict[str, Any]] = {
        "area": {"area_ids": {area.id: True}},
        "device": {"device_ids": {devices[0]: True}},
        "entity": {"entity_ids": dict.fromkeys(entities, True)},
        "domain": {"domains": {"light": True}, "device_ids": {devices[0]: True}},
    }
    user, token = await limited_user(hass, allowed[kind])
    screen = await subscribe(token)
    assert screen.miners.keys() == {devices[0]}
    assert screen.miners[devices[0]]["can_control"] is True
    await act(hass, user, "apply_configuration", devices[0], frequency=490)
    assert servers[0].miner.info()["frequency"] == 490
    answer = await act(hass, user, "get_summary", devices[0])
    assert len(answer["miners"]) == 1
    for action, data in (
        ("apply_configuration", {"frequency": 490}),
        ("set_fan", {"mode": "auto"}),
        ("get_configurations", {}),
        ("get_summary", {}),
        ("get_report", {}),
    ):
        with pytest.raises(Unauthorized):
            await act(hass, user, action, devices[1], **data)
        with pytest.raises(Unauthorized):
            await act(hass, user, action, *devices, **data)
    assert servers[1].miner.info()["frequency"] != 490
