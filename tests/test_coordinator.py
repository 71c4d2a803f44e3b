"""Polling and writing, against simulated miners over HTTP."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.bitaxe.axeos import Command, Settings
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.coordinator import MinerCoordinator
from custom_components.bitaxe.miner.events import Occurrence, OccurrenceType
from custom_components.bitaxe.miner.write_log import person
from scripts.simulator import Clock

from .conftest import AddMiner, PassTime, Simulate, miner_entry

pytestmark = pytest.mark.usefixtures("swarm_entry")


def listen(coordinator: MinerCoordinator) -> list[Occurrence]:
    """Collect everything that happens to a miner."""
    heard: list[Occurrence] = []
    coordinator.async_add_occurrence_listener(heard.append)
    return heard


def types(heard: list[Occurrence]) -> list[OccurrenceType]:
    """Return what kind of things happened."""
    return [item.type for item in heard]


async def test_one_request_a_poll(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The board's lists are asked for once, then every poll is one request."""
    server = await simulate()
    await add_miner(server)
    before = len(server.miner.requests)
    await pass_time(60)
    new = list(server.miner.requests)[before:]
    assert [(item.method, item.path) for item in new] == [
        ("GET", "/api/system/info")
    ] * 6


async def test_a_single_missed_poll_is_no_gap(
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Three are. Both the silence and its end are reported once."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    heard = listen(coordinator)
    caplog.clear()

    server.miner.faults.offline = True
    await pass_time(20)
    assert coordinator.last_update_success
    assert not heard
    await pass_time(10)
    assert not coordinator.last_update_success
    assert types(heard) == [OccurrenceType.OFFLINE]
    await pass_time(600)
    assert types(heard) == [OccurrenceType.OFFLINE]

    server.miner.faults.offline = False
    await pass_time(300)
    assert coordinator.last_update_success
    assert types(heard)[1] == OccurrenceType.ONLINE
    ours = [
        record
        for record in caplog.records
        if record.name.startswith("custom_components.bitaxe")
        and record.levelno > logging.DEBUG
    ]
    assert len(ours) == 2


async def test_a_silent_miner_is_asked_less_often(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Up to every five minutes, and at the chosen pace again once it answers."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    server.miner.faults.offline = True
    await pass_time(3600)
    assert coordinator.update_interval == timedelta(minutes=5)
    server.miner.faults.offline = False
    await pass_time(310)
    assert coordinator.update_interval == timedelta(seconds=10)


@pytest.mark.parametrize("silence", [40, 130, 290, 590])
async def test_a_miner_that_comes_back_is_shown_soon(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, silence: float
) -> None:
    """Within 20 s in the first ten minutes of its silence."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    server.miner.faults.offline = True
    await pass_time(silence)
    assert not coordinator.last_update_success
    server.miner.faults.offline = False
    await pass_time(20)
    assert coordinator.last_update_success


async def test_the_interval_is_an_option(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Of each miner."""
    server = await simulate()
    await add_miner(server, {"scan_interval": 60})
    before = len(server.miner.requests)
    await pass_time(120)
    assert len(server.miner.requests) == before + 2


@pytest.mark.parametrize(
    ("fault", "value"),
    [("truncate_body", True), ("reset_every", 2), ("wrong_content_type", True)],
)
async def test_a_flaky_miner_stays_available(
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    fault: str,
    value: object,
) -> None:
    """Broken replies are retried or passed over."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    setattr(server.miner.faults, fault, value)
    await pass_time(20)
    assert coordinator.last_update_success


async def test_a_miner_that_is_off_at_the_start_is_retried(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Set-up succeeds by itself when it comes back."""
    server = await simulate()
    server.miner.faults.offline = True
    entry = await add_miner(server)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "cannot_connect"
    server.miner.faults.offline = False
    await pass_time(60)
    assert entry.state is ConfigEntryState.LOADED


async def test_a_refused_network_is_explained(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    issue_registry: ir.IssueRegistry,
) -> None:
    """No retry can mend it, so it is reported at once, and taken back at its end."""
    server = await simulate()
    entry = await add_miner(server)
    issue = f"network_refused_{entry.entry_id}"
    server.miner.faults.refuse_network = True
    await pass_time()
    assert not entry.runtime_data.last_update_success
    assert issue_registry.async_get_issue(DOMAIN, issue)
    server.miner.faults.refuse_network = False
    await pass_time(60)
    assert not issue_registry.async_get_issue(DOMAIN, issue)


async def test_another_miner_at_the_address_is_not_mistaken(
    hass: HomeAssistant,
    simulate: Simulate,
    pass_time: PassTime,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Its data is refused, and a person notified."""
    ours, other = await simulate("gamma-2.12"), await simulate("gamma-2.15")
    entry = miner_entry(ours)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    coordinator: MinerCoordinator = entry.runtime_data
    heard = listen(coordinator)
    coordinator.client.port = other.port
    await pass_time()
    assert not coordinator.last_update_success
    assert types(heard) == [OccurrenceType.OFFLINE]
    assert issue_registry.async_get_issue(DOMAIN, f"different_miner_{entry.entry_id}")


async def test_a_removed_miner_is_forgotten(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    clock: Clock,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, object],
) -> None:
    """Also while a poll is under way; its memory and issues go with it."""
    server = await simulate()
    entry = await add_miner(server)
    await entry.runtime_data.async_save()
    assert f"{DOMAIN}.{entry.entry_id}" in hass_storage
    server.miner.faults.stall_seconds = 30
    asked = len(server.miner.requests)
    clock.advance(10)
    freezer.tick(10)
    async_fire_time_changed(hass)
    while len(server.miner.requests) == asked:
        await asyncio.sleep(0)
    await hass.config_entries.async_remove(entry.entry_id)
    assert f"{DOMAIN}.{entry.entry_id}" not in hass_storage


async def test_figures_survive_a_reload(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Energy goes on where it was."""
    server = await simulate()
    entry = await add_miner(server)
    await pass_time(600)
    before = entry.runtime_data.data.figures.energy
    assert before > 0
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.runtime_data.data.figures.energy == pytest.approx(before)


async def test_a_write_is_confirmed_by_the_miner(
    simulate: Simulate, add_miner: AddMiner
) -> None:
    """Both values in one request, and the new reading is there at once."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    heard = listen(coordinator)
    context = Context(user_id="somebody")
    await coordinator.async_apply(
        Settings(frequency=550, core_voltage=1200), origin=person(context)
    )
    writes = [item for item in server.miner.requests if item.method == "PATCH"]
    assert [item.json for item in writes] == [{"frequency": 550, "coreVoltage": 1200}]
    assert str(coordinator.snapshot.operating_point) == "550 MHz / 1200 mV"
    assert types(heard) == [OccurrenceType.SETTINGS_CHANGED]
    data = heard[0].data
    assert data["from"] == {"frequency": 525, "core_voltage": 1150}
    assert data["to"] == {"frequency": 550, "core_voltage": 1200}
    assert (data["by"], data["user_id"]) == ("home_assistant", "somebody")


async def test_a_change_made_elsewhere_is_not_claimed(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Somebody used the miner's own page."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    heard = listen(coordinator)
    server.miner.write({"frequency": 490.0})
    await pass_time()
    assert [item.data["by"] for item in heard] == ["other"]


@pytest.mark.parametrize("other", [551.0, 549.0])
async def test_one_mhz_more_or_less_than_we_wrote_is_not_ours(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, other: float
) -> None:
    """Firmware rounds by less, so somebody chose it on the miner's own page."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    await coordinator.async_apply(Settings(frequency=550), origin=person(None))
    heard = listen(coordinator)
    server.miner.write({"frequency": other})
    await pass_time()
    assert [item.data["by"] for item in heard] == ["other"]


async def test_a_write_the_miner_ignores_is_an_error(
    simulate: Simulate, add_miner: AddMiner
) -> None:
    """That says what the miner reports instead."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    server.miner.faults.ignore_writes = True
    with pytest.raises(HomeAssistantError) as raised:
        await coordinator.async_apply(Settings(frequency=550), origin=person(None))
    assert raised.value.translation_key == "not_confirmed"
    assert raised.value.translation_placeholders == {
        "difference": "frequency: wanted 550, miner reports 525"
    }
    assert coordinator.intended is not None
    assert coordinator.intended.frequency == 525


async def test_a_write_the_miner_refuses_is_an_error(
    simulate: Simulate, add_miner: AddMiner
) -> None:
    """In the firmware's words."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    server.miner.faults.reject_writes = True
    with pytest.raises(HomeAssistantError) as raised:
        await coordinator.async_apply(Settings(frequency=550), origin=person(None))
    assert raised.value.translation_placeholders == {"reason": "Wrong API input"}


async def test_nothing_dangerous_leaves_the_house(
    simulate: Simulate, add_miner: AddMiner
) -> None:
    """The firmware would accept 5000 MHz."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    for settings in (Settings(frequency=5000), Settings(core_voltage=1400)):
        with pytest.raises(ServiceValidationError):
            await coordinator.async_apply(settings, origin=person(None))
    assert not [item for item in server.miner.requests if item.method == "PATCH"]


async def test_the_extended_range_is_wider_but_not_boundless(
    simulate: Simulate, add_miner: AddMiner
) -> None:
    """It stays within the regulator's window."""
    server = await simulate()
    coordinator: MinerCoordinator = (
        await add_miner(server, {"extended_range": True})
    ).runtime_data
    await coordinator.async_apply(Settings(frequency=700), origin=person(None))
    assert coordinator.snapshot.frequency == 700
    with pytest.raises(ServiceValidationError):
        await coordinator.async_apply(Settings(core_voltage=990), origin=person(None))
    with pytest.raises(ServiceValidationError):
        await coordinator.async_apply(Settings(core_voltage=1500), origin=person(None))


async def test_a_restart_we_asked_for_says_so(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """And is short enough to be no outage."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    heard = listen(coordinator)
    await coordinator.async_execute(Command.RESTART, origin=person(None))
    await pass_time(60)
    restarts = [item for item in heard if item.type is OccurrenceType.RESTARTED]
    assert [item.data["asked_for"] for item in restarts] == [True]
    assert [item.data["origin"] for item in restarts] == ["person"]
    assert restarts[0].data["reason"] == "Software reset via esp_restart"


async def test_an_unsupported_command_is_explained(
    simulate: Simulate, add_miner: AddMiner
) -> None:
    """Firmware v2.12 cannot pause."""
    server = await simulate("gamma-2.12")
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    with pytest.raises(ServiceValidationError) as raised:
        await coordinator.async_execute(Command.PAUSE, origin=person(None))
    assert raised.value.translation_key == "unsupported_setting"


@pytest.mark.parametrize("preset", ["gamma-2.10", "gamma-2.12", "gamma-2.15"])
async def test_overheating_is_reported_and_can_be_undone(
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    issue_registry: ir.IssueRegistry,
    preset: str,
) -> None:
    """In every generation: event, repair card, and the old settings back."""
    server = await simulate(preset)
    entry = await add_miner(server)
    coordinator: MinerCoordinator = entry.runtime_data
    heard = listen(coordinator)
    intended = coordinator.snapshot.operating_point
    server.miner.faults.ambient_offset = 60
    for _ in range(60):
        await pass_time(60)
        if coordinator.is_detuned:
            break
    assert coordinator.is_detuned
    server.miner.faults.ambient_offset = 0
    await pass_time(300)
    assert OccurrenceType.OVERHEATED in types(heard)
    issue = f"detuned_{entry.entry_id}"
    assert issue_registry.async_get_issue(DOMAIN, issue)
    assert coordinator.snapshot.operating_point != intended

    await coordinator.async_restore_intended(origin=person(None))
    assert coordinator.snapshot.operating_point == intended
    assert coordinator.snapshot.cooling.auto_fan is True
    assert not issue_registry.async_get_issue(DOMAIN, issue)


async def until(
    freezer: FrozenDateTimeFactory, condition: Callable[[], bool], seconds: int = 60
) -> None:
    """Let seconds pass for client and server, until something is so."""
    for _ in range(seconds):
        for _ in range(200):
            if condition():
                return
            await asyncio.sleep(0)
        freezer.tick(1)
    pytest.fail("It never came to that")


async def test_a_slow_miner_is_heard_out_and_left_in_peace(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    clock: Clock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """One that needs 9 s for a reply stays available, and is asked less often."""
    server = await simulate()
    coordinator: MinerCoordinator = (await add_miner(server)).runtime_data
    server.miner.faults.stall_seconds = 9
    before = coordinator.data
    clock.advance(10)
    freezer.tick(10)
    async_fire_time_changed(hass)
    await until(freezer, lambda: coordinator.data is not before)
    assert coordinator.last_update_success
    assert coordinator.update_interval == timedelta(seconds=20)


async def test_home_assistant_stopped_in_the_middle_of_a_write(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What the miner made of it counts: nothing is lost, repeated or undone."""
    server = await simulate()
    entry = await add_miner(server)
    server.miner.faults.stall_seconds = 3
    write = asyncio.ensure_future(
        entry.runtime_data.async_apply(Settings(frequency=550), origin=person(None))
    )
    requests = server.miner.requests
    await until(freezer, lambda: any(item.method == "PATCH" for item in requests))
    write.cancel()
    await hass.config_entries.async_unload(entry.entry_id)
    await until(freezer, lambda: server.miner.stored["frequency"] == 550)

    server.miner.faults.stall_seconds = 0
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    coordinator: MinerCoordinator = entry.runtime_data
    assert coordinator.snapshot.frequency == 550
    assert not coordinator.is_detuned
    assert coordinator.intended is not None
    assert coordinator.intended.frequency == 525
    await pass_time(150)
    assert coordinator.intended.frequency == 550
    assert len([item for item in requests if item.method == "PATCH"]) == 1
