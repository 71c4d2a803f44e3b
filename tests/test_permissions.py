"""Who may do what: each action, and work on several miners, by all kinds of users.

What is about history is in `insight/test_permissions.py`.
"""

from pathlib import Path
from typing import Any

from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.live.bulk_work import BulkAction
from custom_components.bitaxe.miner.notes import notes_of
from custom_components.bitaxe.power.swarm import power_of, swarm_power_of
from custom_components.bitaxe.tuning.session import tuner_of
from scripts.simulator import MinerServer

from .conftest import AddMiner, Settle, Simulate
from .insight.conftest import device_id, swarm_entry
from .insight.live import limited_user

# The first user is the owner, who may do everything.
pytestmark = pytest.mark.usefixtures("hass_admin_user")


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
) -> None:
    """Run an action of ours as a user, whose id is enough."""
    user_id = user if isinstance(user, str) else user.id
    await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": list(devices), **data},
        blocking=True,
        context=Context(user_id=user_id),
        return_response=answer or action.startswith("get_"),
    )


SERVICES = Path(__file__).parents[1] / "custom_components/bitaxe/services.yaml"
READS: dict[str, dict[str, Any]] = {
    "get_configurations": {},
    "get_summary": {},
    "get_report": {},
    "export_csv": {},
    "render_chart": {"chart": "swarm_hashrate"},
}
WRITES: dict[str, dict[str, Any]] = {
    "apply_configuration": {"frequency": 490},
    "set_fan": {"mode": "manual", "speed": 70},
    "set_pool": {"url": "pool.example.org", "port": 3333},
    "copy_settings": {"settings": ["fan", "pool"]},
    "add_note": {"text": "New paste"},
    "delete_note": {"note_id": "01JDEXAMPLE0000000000000000"},
    "start_maintenance": {"duration": 600},
    "start_tuning": {"goal": "efficiency"},
    "stop_tuning": {},
    "start_soak_test": {"profile": "stock"},
    "save_profile": {"name": "mine"},
    "delete_profile": {"name": "mine"},
    "set_power_target": {"power": 15, "follow": True},
    # Names of wallets are in them.
    "get_backups": {},
    "restore_backup": {"backup_id": "01JDEXAMPLE0000000000000000"},
    "import_backup": {"backup": {"id": "x", "time": 1, "settings": {"frequency": 1}}},
}
OF_CHANNELS = {"post_report", "post_message"}
"""Actions on entities of Discord channels, which are tried there."""
OF_ADMINISTRATORS = {"import_history"}
"""Actions on the whole of Home Assistant, tried in `insight/test_import_history.py`."""


def test_every_action_is_tried() -> None:
    """One that is added later is tried, too."""
    tried = {*READS, *WRITES, *OF_CHANNELS, *OF_ADMINISTRATORS}
    assert set(load_yaml_dict(str(SERVICES))) == tried


@pytest.mark.parametrize("action", [*READS, *WRITES])
async def test_every_action_asks_who_calls(
    hass: HomeAssistant,
    devices: list[str],
    servers: list[MinerServer],
    entries: list[MockConfigEntry],
    settle: Settle,
    action: str,
) -> None:
    """A guest may look; one of one miner has that one; automations may do all.

    What is refused changes nothing: neither a miner nor what is kept about it.
    """
    data = (READS | WRITES)[action]
    if action == "copy_settings":
        data = {**data, "source": devices[0]}
    before = kept(hass, entries, servers)

    async def call(user: User | str, *targets: str) -> None:
        await act(hass, user, action, *targets, answer=action in READS, **data)

    guest = await hass.auth.async_create_user("guest", group_ids=[GROUP_ID_READ_ONLY])
    limited, _ = await limited_user(hass, {"device_ids": {devices[0]: True}})
    reader, _ = await limited_user(
        hass, {"device_ids": {devices[0]: {"read": True}}}, "reader"
    )
    swarm = device_id(hass, swarm_entry(hass))
    for targets in (devices[1:], devices, [swarm]):
        with pytest.raises(Unauthorized):
            await call(limited, *targets)
        with pytest.raises(UnknownUser):
            await call("gone", *targets)
    if action in WRITES:
        for user in (guest, reader):
            for targets in (devices, devices[:1], [swarm]):
                with pytest.raises(Unauthorized):
                    await call(user, *targets)
    else:
        for user, targets in ((guest, devices), (reader, devices[:1])):
            # There is no history here; that it is not forbidden is enough.
            with pytest.raises(HomeAssistantError) as unknown:
                await call(user, *targets)
            assert unknown.value.translation_key == "recorder_missing"
    await settle()
    assert kept(hass, entries, servers) == before

    for context, target in (
        (Context(user_id=limited.id), devices[0]),
        (Context(), devices[1]),
    ):
        # Whether it can be done is another question.
        refusal: HomeAssistantError | None = None
        try:
            await hass.services.async_call(
                DOMAIN,
                action,
                {"device_id": target, **data},
                blocking=True,
                context=context,
                return_response=action.startswith("get_") or action in READS,
            )
        except HomeAssistantError as err:
            refusal = err
        assert not isinstance(refusal, Unauthorized)
    await settle()


def kept(
    hass: HomeAssistant, entries: list[MockConfigEntry], servers: list[MinerServer]
) -> list[object]:
    """Return what miners were asked, and what is kept about them."""
    found: list[object] = []
    for entry, server in zip(entries, servers, strict=True):
        tuner = tuner_of(hass, entry.entry_id)
        guard = guard_of(hass, entry.entry_id)
        power = power_of(hass, entry.entry_id)
        notes = notes_of(hass, entry.entry_id)
        assert tuner is not None
        assert guard is not None
        assert power is not None
        assert notes is not None
        found += [
            [item.path for item in server.miner.requests if item.method != "GET"],
            (tuner.is_running, tuner.state, list(tuner.profiles)),
            guard.in_maintenance,
            (power.target, power.following),
            list(notes),
            [item.id for item in entry.runtime_data.backups],
        ]
    target = swarm_power_of(hass)
    assert target is not None
    return [*found, target.target, target.following]


@pytest.mark.parametrize("preview", [True, False])
async def test_bulk_work_asks_for_each_miner(
    hass: HomeAssistant,
    devices: list[str],
    servers: list[MinerServer],
    entries: list[MockConfigEntry],
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    settle: Settle,
    preview: bool,
) -> None:
    """Of those a user may not control it says so, and leaves them alone."""
    _, token = await limited_user(hass, {"device_ids": {devices[0]: True}})
    before = kept(hass, entries[1:], servers[1:])
    for access, refused in (
        (hass_read_only_access_token, devices),
        (token, devices[1:]),
    ):
        connection = await hass_ws_client(access_token=access)
        for action in BulkAction:
            everything = kept(hass, entries, servers)
            await connection.send_json_auto_id(
                {
                    "type": f"{DOMAIN}/bulk_work",
                    "action": action.value,
                    "device_id": devices,
                    "profile": "stock",
                    "preview": preview,
                }
            )
            reply = await connection.receive_json()
            assert reply["success"]
            outcomes = reply["result"]["miners"] if preview else []
            while not preview:
                event = (await connection.receive_json())["event"]
                if event["type"] == "end":
                    break
                if event["type"] == "outcome":
                    outcomes.append(event)
            await settle()
            assert [
                item["device_id"]
                for item in outcomes
                if (item["reason"] or {}).get("code") == "unauthorized"
            ] == refused
            names = {item["device_id"]: item["name"] for item in outcomes}
            hidden = access == token
            assert names[devices[1]] == (devices[1] if hidden else "ultra-2.4")
            if refused == devices or preview:
                assert kept(hass, entries, servers) == everything
    assert kept(hass, entries[1:], servers[1:]) == before


async def test_only_who_began_stops_bulk_work(
    hass: HomeAssistant,
    devices: list[str],
    hass_ws_client: WebSocketGenerator,
    settle: Settle,
) -> None:
    """Or an administrator; others are refused, and it goes on."""
    _, token = await limited_user(hass, {"device_ids": dict.fromkeys(devices, True)})
    _, other = await limited_user(
        hass, {"device_ids": dict.fromkeys(devices, True)}, "other"
    )
    begun = await hass_ws_client(access_token=token)
    await begun.send_json_auto_id(
        {"type": f"{DOMAIN}/bulk_work", "action": "restart", "device_id": devices}
    )
    assert (await begun.receive_json())["success"]
    work = (await begun.receive_json())["event"]["work"]
    connection = await hass_ws_client(access_token=other)
    command = {"type": f"{DOMAIN}/stop_bulk_work", "work": work}
    await connection.send_json_auto_id(command)
    reply = await connection.receive_json()
    assert reply["error"]["code"] == "unauthorized"
    await begun.send_json_auto_id(command)
    while (reply := await begun.receive_json())["type"] == "event":
        assert reply["event"]["type"] != "end"
    assert reply["success"]


async def test_backups_are_for_those_who_control(
    hass: HomeAssistant,
    devices: list[str],
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Wallets are in them."""
    _, token = await limited_user(hass, {"device_ids": {devices[0]: True}})
    for access, device in (
        (hass_read_only_access_token, devices[0]),
        (token, devices[1]),
    ):
        connection = await hass_ws_client(access_token=access)
        await connection.send_json_auto_id(
            {"type": f"{DOMAIN}/backups", "device_id": device}
        )
        reply = await connection.receive_json()
        assert reply["error"]["code"] == "unauthorized"


async def test_the_target_of_the_swarm_is_one_of_miners_that_are_not_set_up(
    hass: HomeAssistant, devices: list[str], entries: list[MockConfigEntry]
) -> None:
    """It binds them once they are."""
    user, _ = await limited_user(hass, {"device_ids": {devices[0]: True}})
    await hass.config_entries.async_unload(entries[1].entry_id)
    swarm = device_id(hass, swarm_entry(hass))
    with pytest.raises(Unauthorized):
        await act(hass, user, "set_power_target", swarm, power=15, follow=True)
    target = swarm_power_of(hass)
    assert target is not None
    assert (target.target, target.following) == (None, False)


async def test_costs_are_for_those_who_may_read_the_swarm(
    hass: HomeAssistant,
    devices: list[str],
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """They are of every miner; the permission to read one of them is not enough."""
    _, token = await limited_user(hass, {"device_ids": {devices[0]: True}})
    swarm = device_id(hass, swarm_entry(hass))
    _, of_swarm = await limited_user(
        hass, {"device_ids": {swarm: {"read": True}}}, "of the swarm"
    )
    for access, allowed in (
        (token, False),
        (of_swarm, True),
        (hass_read_only_access_token, True),
    ):
        connection = await hass_ws_client(access_token=access)
        await connection.send_json_auto_id({"type": f"{DOMAIN}/costs"})
        reply = await connection.receive_json()
        assert reply["success"] is allowed
        if not allowed:
            assert reply["error"]["code"] == "unauthorized"
