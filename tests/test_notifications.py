"""Alerts on phones, and a block that nobody overlooks."""

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_get_persistent_notifications,
    async_mock_service,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.const import CONF_NOTIFICATIONS, DOMAIN

from .conftest import AddMiner, PassTime, Simulate
from .entities import state_of
from .other_devices import MARKUP, MEANT
from .test_repairs import Repair
from .web import sign_in

PHONE = "notify.phone"
OTHER = "notify.other"


def notify(
    hass: HomeAssistant, swarm_entry: MockConfigEntry, kinds: list[str], *entities: str
) -> None:
    """Choose who is notified of what."""
    for entity_id in entities:
        hass.states.async_set(entity_id, STATE_UNKNOWN)
    chosen = {"entities": list(entities), "kinds": kinds}
    hass.config_entries.async_update_entry(
        swarm_entry, options={CONF_NOTIFICATIONS: chosen}
    )


async def test_begin_and_end_of_chosen_kinds(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
) -> None:
    """Several miners with something to report do so in one message."""
    notify(hass, swarm_entry, ["offline"], PHONE)
    servers = [await simulate("gamma-2.12"), await simulate("nerdqaxepp-1.0.36")]
    entries = [await add_miner(server) for server in servers]
    sent = async_mock_service(hass, "notify", "send_message")
    for server in servers:
        server.miner.faults.offline = True
    await pass_time(240)
    (call,) = sent
    assert call.data["entity_id"] == PHONE
    assert sorted(call.data["message"].splitlines()) == sorted(
        f"{entry.title} does not answer" for entry in entries
    )
    for server in servers:
        server.miner.faults.offline = False
        server.miner.find_block()
    await pass_time(60)
    assert all("is back" in line for line in sent[-1].data["message"].splitlines())


@pytest.mark.parametrize("failure", [HomeAssistantError, TimeoutError])
async def test_a_phone_that_is_gone_hinders_no_other(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    failure: type[Exception],
) -> None:
    """It is logged once, until it works again."""
    notify(hass, swarm_entry, ["offline"], PHONE, OTHER)
    sent: list[ServiceCall] = []

    async def send(call: ServiceCall) -> None:
        if call.data["entity_id"] == PHONE:
            # Not every integration makes an error of Home Assistant out of it.
            raise failure("no battery")
        sent.append(call)

    server = await simulate("gamma-2.12")
    await add_miner(server)
    hass.services.async_register("notify", "send_message", send)
    for offline in (True, False):
        server.miner.faults.offline = offline
        await pass_time(240)
    assert len(sent) == 2
    assert caplog.text.count("was not sent to notify.phone: no battery") == 1
    assert caplog.text.count("no battery") == 1


async def test_a_name_that_a_messenger_takes_for_markup(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
) -> None:
    """Telegram refuses one underscore; the alert is sent without."""
    notify(hass, swarm_entry, ["offline"], PHONE)
    sent: list[str] = []

    async def send(call: ServiceCall) -> None:
        message: str = call.data["message"]
        if message.count("_") % 2:
            raise ValueError("Can't parse entities")
        sent.append(message)

    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    hass.config_entries.async_update_entry(entry, title="office_shelf")
    hass.services.async_register("notify", "send_message", send)
    server.miner.faults.offline = True
    await pass_time(240)
    assert sent == ["office shelf does not answer"]


async def test_what_waits_is_sent_before_the_swarm_is_unloaded(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
) -> None:
    """A change of options must not swallow an alert."""
    notify(hass, swarm_entry, ["offline"], PHONE)
    server = await simulate("gamma-2.12")
    await add_miner(server)
    sent = async_mock_service(hass, "notify", "send_message")
    server.miner.faults.offline = True
    for _ in range(300):
        await pass_time(1, 1)
        if state_of(hass, swarm_entry, "binary_sensor", "problem").state == "on":
            break
    assert not sent
    await hass.config_entries.async_unload(swarm_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(sent) == 1


async def test_a_block_stays_until_somebody_takes_note(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
) -> None:
    """As a notification and a repair, with nothing chosen; the next one shows again."""
    assert await async_setup_component(hass, "repairs", {})
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    name = f"block_found_{entry.entry_id}"
    await pass_time(20)
    registry = ir.async_get(hass)
    assert registry.async_get_issue(DOMAIN, name) is None

    server.miner.find_block()
    await pass_time(20)
    notification = async_get_persistent_notifications(hass)[name]
    assert notification["title"] == "Block found!"
    assert entry.title in notification["message"]
    found = registry.async_get_issue(DOMAIN, name)
    assert found is not None
    assert found.is_persistent
    assert found.translation_placeholders is not None
    assert found.translation_placeholders["count"] == "1"
    ir.async_ignore_issue(hass, DOMAIN, name, ignore=True)

    # A miner may have chosen its name, and both are shown as Markdown.
    hass.config_entries.async_update_entry(entry, title=" ".join(MARKUP))
    server.miner.find_block()
    await pass_time(20)
    notification = async_get_persistent_notifications(hass)[name]
    assert "evil.example" in notification["message"]
    assert MEANT.search(notification["message"]) is None
    found = registry.async_get_issue(DOMAIN, name)
    assert found is not None
    assert found.dismissed_version is None
    assert MEANT.search(str(found.translation_placeholders)) is None
    repair = Repair(await sign_in(hass, hass_client, hass_admin_user), name)
    assert (await repair.open())["step_id"] == "confirm"
    assert (await repair.submit())["type"] == "create_entry"
    assert registry.async_get_issue(DOMAIN, name) is None


async def test_the_best_shares_of_all_times(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
) -> None:
    """With miner, time and a figure that people can read."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(20)
    server.miner.new_best(18.64e9)
    await pass_time(30)
    state = state_of(hass, swarm_entry, "sensor", "best_difficulty")
    assert state.attributes["readable"] == "18.6 G"
    best = state.attributes["best_shares"][0]
    assert (best["miner"], best["readable"]) == (entry.title, "18.6 G")
    assert best["time"] is not None
