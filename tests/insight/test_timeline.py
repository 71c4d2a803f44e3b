"""What happened, as the timeline card gets it, over a real websocket."""

import json
from pathlib import Path
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.miner.write_log import OriginKind
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import entity_id
from .conftest import Subscribe, device_id, swarm_entry as swarm_of
from .live import Watch, limited_user

pytestmark = pytest.mark.usefixtures("swarm_entry")

TEXTS = Path(__file__).parents[2] / "frontend" / "src" / "translations"
AUTHORS = sorted(TEXTS.glob("*/timeline.json"))


@pytest.fixture
async def server(simulate: Simulate) -> MinerServer:
    """Start a simulated miner."""
    return await simulate("gamma-2.12")


@pytest.fixture
async def entry(server: MinerServer, add_miner: AddMiner) -> MockConfigEntry:
    """Set it up."""
    return await add_miner(server)


async def ask(
    hass: HomeAssistant,
    client: WebSocketGenerator,
    token: str | None = None,
    **data: Any,
) -> dict[str, Any]:
    """Ask for the timeline, and return the whole reply."""
    await async_wait_recording_done(hass)
    connection = await (client(access_token=token) if token else client())
    await connection.send_json_auto_id({"type": "bitaxe/timeline", **data})
    reply: dict[str, Any] = await connection.receive_json()
    return reply


@pytest.mark.parametrize("file", AUTHORS, ids=lambda file: file.parent.name)
def test_each_origin_of_a_change_has_a_name(file: Path) -> None:
    """In every language: guard, tuner, power control, heating, and people."""
    by = json.loads(file.read_text("utf-8"))["by"]
    assert [kind for kind in OriginKind if not by.get(kind)] == []
    names = [by[kind] for kind in OriginKind]
    assert len(set(names)) == len(names)


async def test_an_outage_from_begin_to_end(
    hass: HomeAssistant,
    server: MinerServer,
    entry: MockConfigEntry,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """One line, which lasts until the miner is back."""
    server.miner.faults.offline = True
    await pass_time(240)
    (item,) = (await ask(hass, hass_ws_client))["result"]["items"]
    assert (item["kind"], item["phase"], item["end"]) == ("offline", "ongoing", None)
    assert item["device_id"] == device_id(hass, entry)
    assert item["alert"] == {
        "icon": "mdi:lan-disconnect",
        "severity": "critical",
        "unit": None,
        "precision": 0,
    }
    server.miner.faults.offline = False
    await pass_time(600)
    (item,) = (await ask(hass, hass_ws_client))["result"]["items"]
    assert (item["kind"], item["phase"]) == ("offline", "over")
    assert item["seconds"] == pytest.approx(item["end"] - item["start"], abs=2)
    # Silence is reported after the third poll.
    assert item["seconds"] >= 200


async def test_who_changed_which_setting(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """From what, to what, and by whom."""
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": entity_id(hass, entry, "number", "frequency"), "value": 500},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )
    (item,) = (await ask(hass, hass_ws_client))["result"]["items"]
    assert (item["kind"], item["phase"]) == ("settings_changed", "once")
    assert item["changes"] == {"frequency": [525, 500]}
    assert item["alert"] is None
    assert (item["by"], item["user"]) == ("home_assistant", hass_admin_user.name)


async def test_a_restart_shows_at_once(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    subscribe: Subscribe,
    watch: Watch,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Live from the moment it is asked for; one line once the miner is back."""
    screen = await subscribe()
    key = device_id(hass, entry)
    assert screen.miners[key]["restarting_since"] is None
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": entity_id(hass, entry, "button", "restart")},
        blocking=True,
    )
    await pass_time(1, 0.5)
    await screen.catch_up()
    assert screen.miners[key]["restarting_since"] is not None
    await watch(120, screen)
    assert screen.miners[key]["restarting_since"] is None
    items = (await ask(hass, hass_ws_client))["result"]["items"]
    assert [(item["kind"], item["asked_for"]) for item in items] == [
        ("restarted", True)
    ]


async def test_only_some_kinds_and_not_all(
    hass: HomeAssistant,
    server: MinerServer,
    entry: MockConfigEntry,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Those that were asked for, the latest of them."""
    for frequency in (500, 510, 520):
        server.miner.write({"frequency": frequency})
        await pass_time(60)
    reply = await ask(hass, hass_ws_client, kinds=["settings_changed"], limit=2)
    changes = [item["changes"]["frequency"][1] for item in reply["result"]["items"]]
    assert changes == [520, 510]
    assert reply["result"]["truncated"]
    reply = await ask(hass, hass_ws_client, kinds=["block_found"])
    assert reply["result"]["items"] == []


async def test_who_may_not_see_a_miner_hears_nothing_of_it(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: MinerServer,
    pass_time: PassTime,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Neither with all miners nor by name."""
    server.miner.faults.offline = True
    await pass_time(240)
    _user, token = await limited_user(hass, {})
    reply = await ask(hass, hass_ws_client, token)
    assert reply["error"]["code"] == "unauthorized"
    reply = await ask(hass, hass_ws_client, token, device_id=[device_id(hass, entry)])
    assert reply["error"]["code"] == "unauthorized"


async def test_a_miner_that_is_not_set_up_and_the_swarm(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: MinerServer,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Much can happen to a miner before it answers; the swarm means all of them."""
    server.miner.faults.offline = True
    await pass_time(240)
    await hass.config_entries.async_unload(entry.entry_id)
    swarm = device_id(hass, swarm_of(hass))
    for devices in ([device_id(hass, entry)], [swarm]):
        reply = await ask(hass, hass_ws_client, device_id=devices)
        (item,) = reply["result"]["items"]
        assert (item["kind"], item["phase"]) == ("offline", "ongoing")


async def test_notes(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """What people wrote stands among what happened, also of long ago, until deleted."""
    device = device_id(hass, entry)

    async def act(action: str, **data: Any) -> None:
        await hass.services.async_call(
            "bitaxe",
            action,
            {"device_id": device, **data},
            blocking=True,
            context=Context(user_id=hass_admin_user.id),
        )

    await act("add_note", text=" New thermal paste ")
    await act("add_note", text="Bought", time="2026-01-02 12:00:00")
    assert await hass.config_entries.async_reload(entry.entry_id)
    (item,) = (await ask(hass, hass_ws_client))["result"]["items"]
    assert (item["kind"], item["phase"]) == ("note", "once")
    assert item["description"] == "New thermal paste"
    assert item["user"] == hass_admin_user.name
    everything = {"span": "all", "kinds": ["note"]}
    items = (await ask(hass, hass_ws_client, **everything))["result"]["items"]
    assert [note["description"] for note in items] == ["New thermal paste", "Bought"]
    await act("delete_note", note_id=items[0]["note_id"])
    items = (await ask(hass, hass_ws_client, **everything))["result"]["items"]
    assert [note["description"] for note in items] == ["Bought"]


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("add_note", {"text": "  "}, "invalid_note"),
        ("add_note", {"text": "x" * 501}, "invalid_note"),
        ("add_note", {"text": "a\nb"}, "invalid_note"),
        ("add_note", {"text": "x", "time": "2099-01-01"}, "note_of_the_future"),
        ("delete_note", {"note_id": "none"}, "unknown_note"),
    ],
)
async def test_notes_that_cannot_be(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    action: str,
    data: dict[str, Any],
    key: str,
) -> None:
    """They are refused in words."""
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            "bitaxe",
            action,
            {"device_id": device_id(hass, entry), **data},
            blocking=True,
        )
    assert caught.value.translation_key == key


@pytest.mark.parametrize("enabled", [False, True])
async def test_event_entities_make_no_difference(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
    request: pytest.FixtureRequest,
    enabled: bool,
) -> None:
    """What they say as well is reported once."""
    if enabled:
        request.getfixturevalue("event_entities")
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    shown = hass.states.get(entity_id(hass, entry, "event", "alert"))
    assert (shown is not None) is enabled
    server.miner.write({"frequency": 500})
    await pass_time(60)
    server.miner.faults.offline = True
    await pass_time(240)
    server.miner.faults.offline = False
    await pass_time(600)
    reply = await ask(hass, hass_ws_client)
    assert [(item["kind"], item["phase"]) for item in reply["result"]["items"]] == [
        ("offline", "over"),
        ("settings_changed", "once"),
    ]


async def test_what_was_recorded_before_events_were_fired(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: MinerServer,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The event entities of earlier versions are read of that time."""
    activity = entity_id(hass, entry, "event", "activity")
    for frequency in (490, 500):
        hass.states.async_set(
            activity,
            dt_util.utcnow().isoformat(timespec="milliseconds"),
            {
                "event_type": "settings_changed",
                "from": {"frequency": 525},
                "to": {"frequency": frequency},
            },
        )
        await pass_time(60)
    server.miner.write({"frequency": 550})
    await pass_time(60)
    reply = await ask(hass, hass_ws_client)
    changes = [item["changes"]["frequency"][1] for item in reply["result"]["items"]]
    assert changes == [550, 500, 490]
