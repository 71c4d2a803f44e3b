"""The same for several miners that somebody chose on a card, over a real websocket."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.miner.claims import Claimant
from scripts.simulator import MinerServer

from ..conftest import POLL_SECONDS, AddMiner, PassTime, Simulate
from ..test_swarm import live as live_fixture
from .conftest import device_id
from .live import limited_user

pytestmark = pytest.mark.usefixtures("swarm_entry", "hass_admin_user")

live = live_fixture


class House:
    """Three miners: two of a kind, and one that cannot be paused."""

    def __init__(self, servers: list[MinerServer], entries: list[Any]) -> None:
        """Keep them in order."""
        self.servers = servers
        self.entries = entries

    def devices(self, hass: HomeAssistant) -> list[str]:
        """Return the ids of the devices."""
        return [device_id(hass, entry) for entry in self.entries]

    def writes(self) -> list[int]:
        """Return how often each miner was sent anything."""
        return [
            sum(request.method != "GET" for request in server.miner.requests)
            for server in self.servers
        ]


@pytest.fixture
async def house(simulate: Simulate, add_miner: AddMiner) -> House:
    """Set up the miners."""
    servers = [
        await simulate(name) for name in ("gamma-2.15", "gamma-2.14", "gamma-2.12")
    ]
    return House(servers, [await add_miner(server) for server in servers])


async def preview(
    client: WebSocketGenerator,
    devices: list[str],
    action: str,
    token: str | None = None,
    **data: Any,
) -> dict[str, dict[str, Any]]:
    """Ask what would be done; return the outcomes by device."""
    connection = await (client(access_token=token) if token else client())
    await connection.send_json_auto_id(
        {
            "type": f"{DOMAIN}/bulk_work",
            "action": action,
            "device_id": devices,
            "preview": True,
            **data,
        }
    )
    reply = await connection.receive_json()
    return {item["device_id"]: item for item in reply["result"]["miners"]}


async def begin(
    connection: MockHAClientWebSocket, devices: list[str], action: str, **data: Any
) -> str:
    """Begin work; return its id."""
    await connection.send_json_auto_id(
        {
            "type": f"{DOMAIN}/bulk_work",
            "action": action,
            "device_id": devices,
            **data,
        }
    )
    assert (await connection.receive_json())["success"]
    begun = (await connection.receive_json())["event"]
    assert begun["type"] == "begun"
    work: str = begun["work"]
    return work


async def outcomes(
    connection: MockHAClientWebSocket,
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Return the outcomes by device, and how it ended."""
    found: dict[str, dict[str, Any]] = {}
    while (event := (await connection.receive_json())["event"])["type"] == "outcome":
        found[event["device_id"]] = event
    return found, event


async def test_a_preview_sends_nothing(
    hass: HomeAssistant, house: House, hass_ws_client: WebSocketGenerator
) -> None:
    """It says which setting of which miner would change, and what cannot be."""
    first, second, third = house.devices(hass)
    for server in house.servers:
        server.miner.requests.clear()
    plan = await preview(
        hass_ws_client, [first, second, third], "apply_profile", profile="stock"
    )
    assert house.writes() == [0, 0, 0]
    assert {item["result"] for item in plan.values()} <= {"planned", "unchanged"}
    plan = await preview(
        hass_ws_client, [first, "nobody"], "apply_profile", profile="summer"
    )
    assert plan[first]["result"] == "refused"
    assert plan[first]["reason"]["translation_key"] == "unknown_profile"
    assert plan["nobody"]["result"] == "refused"
    assert house.writes() == [0, 0, 0]


async def test_a_profile_says_what_changes(
    hass: HomeAssistant, house: House, hass_ws_client: WebSocketGenerator
) -> None:
    """From what to what; and it is what is done."""
    first = house.devices(hass)[0]
    miner = house.entries[0].runtime_data
    await hass.services.async_call(
        DOMAIN,
        "apply_configuration",
        {"device_id": first, "frequency": 550},
        blocking=True,
    )
    default = miner.client.board.default
    plan = await preview(hass_ws_client, [first], "apply_profile", profile="stock")
    assert plan[first]["result"] == "planned"
    assert plan[first]["changes"]["frequency"] == [550, default.frequency]
    connection = await hass_ws_client()
    await begin(connection, [first], "apply_profile", profile="stock")
    done, end = await outcomes(connection)
    assert done[first]["result"] == "done"
    assert end["stopped"] is False
    assert miner.snapshot.operating_point == default
    plan = await preview(hass_ws_client, [first], "apply_profile", profile="stock")
    assert plan[first]["result"] == "unchanged"


async def test_pause_and_resume(
    hass: HomeAssistant, house: House, hass_ws_client: WebSocketGenerator
) -> None:
    """Each miner has an outcome; one that cannot be paused fails alone."""
    devices = house.devices(hass)
    connection = await hass_ws_client()
    await begin(connection, devices, "pause")
    done, _ = await outcomes(connection)
    assert [done[device]["result"] for device in devices] == [
        "done",
        "done",
        "refused",
    ]
    assert done[devices[2]]["reason"]["translation_key"] == "unsupported_setting"
    await begin(connection, devices[:2], "pause")
    done, _ = await outcomes(connection)
    assert {item["result"] for item in done.values()} == {"unchanged"}
    await begin(connection, devices[:2], "resume")
    done, _ = await outcomes(connection)
    assert {item["result"] for item in done.values()} == {"done"}


async def test_maintenance(
    hass: HomeAssistant, house: House, hass_ws_client: WebSocketGenerator
) -> None:
    """It keeps what is ours from the miners, and ends for those that are in it."""
    devices = house.devices(hass)
    connection = await hass_ws_client()
    await begin(connection, devices[:2], "start_maintenance", duration="01:00:00")
    await outcomes(connection)
    claims = [entry.runtime_data.claims for entry in house.entries]
    assert [item.before(Claimant.TUNER) for item in claims] == [
        Claimant.MAINTENANCE,
        Claimant.MAINTENANCE,
        None,
    ]
    plan = await preview(hass_ws_client, devices, "end_maintenance")
    assert [plan[device]["result"] for device in devices] == [
        "planned",
        "planned",
        "unchanged",
    ]
    connection = await hass_ws_client()
    await begin(connection, devices, "end_maintenance")
    await outcomes(connection)
    for entry in house.entries:
        guard = guard_of(hass, entry.entry_id)
        assert guard is not None
        assert not guard.in_maintenance


async def test_restart_in_turn(
    hass: HomeAssistant,
    house: House,
    hass_ws_client: WebSocketGenerator,
    live: PassTime,
) -> None:
    """The next one waits for the one before; it goes on when the page is closed."""
    devices = house.devices(hass)
    connection = await hass_ws_client()
    await begin(connection, devices, "restart")
    first = (await connection.receive_json())["event"]
    assert (first["device_id"], first["result"]) == (devices[0], "done")
    assert restarts(house) == [1, 0, 0]
    await connection.close()
    for turn in ([1, 1, 0], [1, 1, 1]):
        await _until_restarted(house, live, turn)


@pytest.mark.parametrize("change", ["remove", "reload"])
async def test_a_miner_that_is_gone_when_its_turn_comes(
    hass: HomeAssistant,
    house: House,
    live: PassTime,
    hass_ws_client: WebSocketGenerator,
    change: str,
) -> None:
    """Nothing is sent to it, and that is said."""
    connection = await hass_ws_client()
    devices = house.devices(hass)
    await begin(connection, devices, "restart")
    first = (await connection.receive_json())["event"]
    assert (first["device_id"], first["result"]) == (devices[0], "done")
    assert restarts(house) == [1, 0, 0]
    entry_id = house.entries[1].entry_id
    if change == "remove":
        await hass.config_entries.async_remove(entry_id)
    else:
        await hass.config_entries.async_reload(entry_id)
    await _until_restarted(house, live, [1, 0, 1])
    second = (await connection.receive_json())["event"]
    assert second["result"] == "refused"
    assert second["reason"]["translation_key"] == "miner_left"


async def test_restarts_can_be_stopped(
    hass: HomeAssistant,
    house: House,
    hass_ws_client: WebSocketGenerator,
    live: PassTime,
    hass_read_only_access_token: str,
) -> None:
    """By the user who began; those whose turn has not come stay as they are."""
    devices = house.devices(hass)
    connection = await hass_ws_client()
    work = await begin(connection, devices, "restart")
    await connection.receive_json()
    stranger = await hass_ws_client(access_token=hass_read_only_access_token)
    stop = {"type": f"{DOMAIN}/stop_bulk_work", "work": work}
    await stranger.send_json_auto_id(stop)
    await stranger.receive_json()
    other = await hass_ws_client()
    await other.send_json_auto_id(stop)
    assert (await other.receive_json())["success"]
    for _ in range(8):
        await live(POLL_SECONDS)
    done, end = await outcomes(connection)
    assert done == {}
    assert end == {"type": "end", "stopped": True}
    assert restarts(house) == [1, 0, 0]


async def test_only_those_that_the_user_may_control(
    hass: HomeAssistant, house: House, hass_ws_client: WebSocketGenerator
) -> None:
    """The others are refused, one by one, before anything is sent to them."""
    first, second, _ = house.devices(hass)
    _, token = await limited_user(
        hass,
        {
            "device_ids": {
                first: {"read": True, "control": True},
                second: {"read": True},
            }
        },
    )
    plan = await preview(hass_ws_client, [first, second], "restart", token)
    assert plan[first]["result"] == "planned"
    assert plan[second]["reason"]["code"] == "unauthorized"
    connection = await hass_ws_client(access_token=token)
    await begin(connection, [first, second], "pause")
    done, _ = await outcomes(connection)
    assert done[second]["result"] == "refused"
    assert not any(
        "pause" in request.path for request in house.servers[1].miner.requests
    )


async def test_a_miner_that_does_not_answer(
    hass: HomeAssistant,
    house: House,
    hass_ws_client: WebSocketGenerator,
    pass_time: PassTime,
) -> None:
    """The plan says so, and the others are done all the same."""
    devices = house.devices(hass)[:2]
    house.servers[0].miner.faults.offline = True
    await pass_time(4 * POLL_SECONDS)
    plan = await preview(hass_ws_client, devices, "pause")
    assert plan[devices[0]]["reason"]["translation_key"] == "cannot_connect"
    connection = await hass_ws_client()
    await begin(connection, devices, "pause")
    done, _ = await outcomes(connection)
    assert [done[device]["result"] for device in devices] == ["refused", "done"]


def restarts(house: House) -> list[int]:
    """Return how often each miner was asked to restart."""
    return [
        sum(request.path == "/api/system/restart" for request in server.miner.requests)
        for server in house.servers
    ]


async def _until_restarted(house: House, live: PassTime, wanted: list[int]) -> None:
    """Let time pass until the next miner is asked to restart."""
    before = restarts(house)
    for _ in range(12):
        if restarts(house) != before:
            break
        await live(POLL_SECONDS)
    assert restarts(house) == wanted
