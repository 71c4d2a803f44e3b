"""What cards are sent of the tuner, over a real websocket."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from pydantic import TypeAdapter
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.live.tuning_model import TuningFull, TuningMiner
from custom_components.bitaxe.targets import async_device_id
from custom_components.bitaxe.tuning.session import MinerTuner, tuner_of

from ..conftest import AddMiner, PassTime, Settle, Simulate
from ..insight.live import limited_user
from .test_session import act, setting, the_tuner

pytestmark = pytest.mark.usefixtures("hass_admin_user")
KEYS = set(TuningMiner.__annotations__)


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


class Card:
    """A card that follows tuners."""

    def __init__(self, connection: MockHAClientWebSocket, subscription: int) -> None:
        """Begin with nothing."""
        self.connection = connection
        self.subscription = subscription
        self.miners: dict[str, dict[str, Any]] = {}
        self.ranges: dict[str, Any] = {}

    async def catch_up(self) -> list[dict[str, Any]]:
        """Take in what was sent so far, and return it."""
        await self.connection.send_json_auto_id({"type": "ping"})
        events: list[dict[str, Any]] = []
        while (message := await self.connection.receive_json())["type"] != "pong":
            assert message["id"] == self.subscription
            event = message["event"]
            events.append(event)
            if event["type"] == "full":
                self.miners, self.ranges = event["miners"], event["ranges"]
                continue
            for key, changed in event["miners"].items():
                if changed is None:
                    del self.miners[key]
                else:
                    self.miners.setdefault(key, {}).update(changed)
        self.check()
        return events

    def check(self) -> None:
        """Hold what is known against the definition."""
        TypeAdapter(TuningFull).validate_python(
            {"type": "full", "ranges": self.ranges, "miners": self.miners}
        )
        assert all(miner.keys() == KEYS for miner in self.miners.values())


async def follow(
    hass_ws_client: WebSocketGenerator, token: str | None = None, **data: Any
) -> Card:
    """Subscribe, as an administrator or as the owner of a token."""
    connection = await (
        hass_ws_client(access_token=token) if token else hass_ws_client()
    )
    await connection.send_json_auto_id({"type": "bitaxe/tuning", **data})
    reply = await connection.receive_json()
    assert reply["success"], reply
    card = Card(connection, reply["id"])
    assert [event["type"] for event in await card.catch_up()] == ["full"]
    return card


def device(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of a miner's device."""
    found = async_device_id(hass, entry.runtime_data)
    assert found is not None
    return found


async def pass_while(
    card: Card, pass_time: PassTime, is_so: Callable[[], bool], longest: float = 18_000
) -> None:
    """Let time pass as long as something is so, and keep the card up to date."""
    passed = 0.0
    while is_so() and passed < longest:
        await pass_time(30)
        passed += 30
        await card.catch_up()
    assert not is_so()


async def begin(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    card: Card,
    pass_time: PassTime,
    **data: Any,
) -> None:
    """Begin a run once the miner is warm."""
    for _ in range(10):
        await pass_time(30)
        await card.catch_up()
    await act(hass, entry, "start_tuning", **data)
    await pass_time(2)
    await card.catch_up()


async def test_a_run_from_begin_to_end(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """State, progress, trials with errors, limits, best so far, and the report."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    key = device(hass, entry)
    card = await follow(hass_ws_client, device_id=key)
    assert card.ranges["maximum_power"] == {"low": 1, "high": 1000}
    assert card.ranges["time_limit"] == {"low": 600, "high": 172_800}
    assert card.ranges["hours"] == {"low": 6, "high": 48}
    miner = card.miners[key]
    assert (miner["state"], miner["run"], miner["reports"]) == ("idle", None, [])
    assert miner["can_control"] is True

    before = setting(server)
    await begin(hass, entry, card, pass_time, goal="efficiency", maximum_power=30)
    tuner = the_tuner(hass, entry)
    miner = card.miners[key]
    run = miner["run"]
    assert run["goal"] == "efficiency"
    assert run["limits"]["power_w"] == 30
    assert run["limits"]["asic_temperature_c"] == 68
    assert run["original"] == {
        "frequency_mhz": before.frequency,
        "core_voltage_mv": before.core_voltage,
    }
    assert miner["obstacle"] == "tuning_running"
    seen: list[int] = []
    measured_early = False

    def goes_on() -> bool:
        nonlocal measured_early
        run = card.miners[key]["run"]
        if run is not None:
            seen.append(len(run["trials"]))
            now = run["now"]
            if now is not None and now["hashrate_ghs"] is not None:
                measured_early = True
                assert now["hashrate_error_ghs"] > 0
        return tuner.is_running

    await pass_while(card, pass_time, goes_on)
    await pass_time(60)
    await card.catch_up()
    assert seen == sorted(seen)
    assert measured_early
    miner = card.miners[key]
    assert (miner["state"], miner["run"]) == ("finished", None)
    (report,) = miner["reports"]
    assert report["reason"] == "found"
    assert report["gain_percent"] > 0
    assert report["gain_error_percent"] > 0
    assert report["best"]["efficiency_j_th"] < report["before"]["efficiency_j_th"]
    assert report["best"]["efficiency_error_j_th"] > 0
    assert report["limiting"] is not None
    assert report["ended"] > 0
    assert {"eco", "stock"} <= {profile["name"] for profile in miner["profiles"]}


async def test_says_what_keeps_a_run_from_beginning(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """As the key of the error that a start would meet."""
    entry = await add_miner(await simulate("gamma-2.12"))
    card = await follow(hass_ws_client)
    key = device(hass, entry)
    assert card.miners[key]["obstacle"] is None
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    await guard.async_begin_maintenance(timedelta(hours=1))
    await pass_time(20)
    await card.catch_up()
    assert card.miners[key]["obstacle"] == "held_by_maintenance"


async def test_a_miner_that_is_unloaded_and_removed(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Goes, comes back with all there is, and goes for good; the others stay."""
    entry = await add_miner(await simulate("gamma-2.12"))
    other = await add_miner(await simulate("gamma-2.12"))
    key, others_key = device(hass, entry), device(hass, other)
    card = await follow(hass_ws_client)
    assert card.miners.keys() == {key, others_key}
    await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(2)
    await card.catch_up()
    assert card.miners.keys() == {others_key}
    await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(2)
    await card.catch_up()
    assert card.miners.keys() == {key, others_key}
    await hass.config_entries.async_remove(entry.entry_id)
    await pass_time(2)
    await card.catch_up()
    assert card.miners.keys() == {others_key}
    assert other.state is ConfigEntryState.LOADED


async def test_a_reload_in_a_run(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The card follows the tuner that is there afterwards."""
    entry = await add_miner(await simulate("gamma-2.12"))
    key = device(hass, entry)
    card = await follow(hass_ws_client)
    await begin(hass, entry, card, pass_time, after_restart="resume")
    await hass.config_entries.async_reload(entry.entry_id)
    await pass_time(2)
    await card.catch_up()
    assert card.miners[key]["run"] is not None
    await act(hass, entry, "stop_tuning", keep="original")
    await pass_time(2)
    await card.catch_up()
    assert card.miners[key]["run"] is None
    (report,) = card.miners[key]["reports"]
    assert report["reason"] == "stopped"


async def test_sees_and_controls_what_it_may(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """As every other command; what is taken away goes at once."""
    entry = await add_miner(await simulate("gamma-2.12"))
    other = await add_miner(await simulate("gamma-2.12"))
    key, others_key = device(hass, entry), device(hass, other)
    device_entry = dr.async_get(hass).async_get(key)
    assert device_entry is not None
    user, token = await limited_user(hass, {"device_ids": {key: {"read": True}}})
    card = await follow(hass_ws_client, token)
    assert card.miners.keys() == {key}
    assert card.miners[key]["can_control"] is False
    refused = await hass_ws_client(access_token=token)
    await refused.send_json_auto_id({"type": "bitaxe/tuning", "device_id": others_key})
    assert (await refused.receive_json())["error"]["code"] == "unauthorized"
    await hass.auth.async_update_user(user, group_ids=["system-users"])
    await pass_time(2)
    await card.catch_up()
    assert card.miners.keys() == {key, others_key}


async def test_follows_nothing_any_more(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Once it has unsubscribed, nobody listens for it."""
    entry = await add_miner(await simulate("gamma-2.12"))
    tuner = tuner_of(hass, entry.entry_id)
    assert isinstance(tuner, MinerTuner)
    before = set(tuner._listeners)  # noqa: SLF001
    card = await follow(hass_ws_client)
    assert set(tuner._listeners) > before  # noqa: SLF001
    await card.connection.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": card.subscription}
    )
    assert (await card.connection.receive_json())["success"]
    await settle()
    assert set(tuner._listeners) == before  # noqa: SLF001


async def test_a_device_that_is_no_miner(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Nothing is known of it, which is no error: it may come back."""
    await add_miner(await simulate("gamma-2.12"))
    connection = await hass_ws_client()
    await connection.send_json_auto_id({"type": f"{DOMAIN}/tuning", "device_id": "x"})
    assert (await connection.receive_json())["success"]
    event = (await connection.receive_json())["event"]
    assert event["miners"] == {}
