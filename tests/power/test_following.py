"""Power targets in Home Assistant, on simulated miners."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    label_registry as lr,
)
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import CONF_GUARD, CONF_POWER, DOMAIN
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.power.swarm import async_get_power
from custom_components.bitaxe.tuning.session import tuner_of
from scripts.simulator import PRESETS, Clock, MinerServer, SimulatedMiner

from ..conftest import AddMiner, PassTime, Settle, SetWallClock, Simulate
from ..entities import entity_id, state_of
from ..loop import calls_noted
from .house import House, device_of, draws, measure, setting

MINUTE = 60
HOUR = 3600
PAUSE: dict[str, object] = {CONF_POWER: {"bottom": "pause"}}


pytestmark = pytest.mark.usefixtures("swarm")


async def act(hass: HomeAssistant, entry: MockConfigEntry, **data: Any) -> None:
    """Set the target of a miner, or of the swarm."""
    await hass.services.async_call(
        DOMAIN,
        "set_power_target",
        {"device_id": [device_of(hass, entry)], **data},
        blocking=True,
    )


def number(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Return the state of the number."""
    return state_of(hass, entry, "number", "power_target")


def following(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the state of the switch."""
    return state_of(hass, entry, "switch", "follow_power_target").state


async def test_nothing_is_written_that_nobody_asked_for(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """A target alone does nothing, and there is none at first."""
    server, entry = house[0]
    before = setting(server)
    assert number(hass, entry).state == "unknown"
    assert number(hass, swarm).state == "unknown"
    assert following(hass, entry) == following(hass, swarm) == "off"
    await act(hass, entry, power=13)
    await act(hass, swarm, power=30)
    await pass_time(10 * MINUTE, 30)
    assert setting(server) == before
    assert number(hass, entry).state == "13.0"


async def test_a_switch_without_a_target_is_refused(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry
) -> None:
    """It would not know what to follow."""
    for entry in (house[0][1], swarm):
        with pytest.raises(ServiceValidationError):
            await hass.services.async_call(
                "switch",
                "turn_on",
                {"entity_id": entity_id(hass, entry, "switch", "follow_power_target")},
                blocking=True,
            )


async def test_one_miner_keeps_to_its_target(
    hass: HomeAssistant, house: House, pass_time: PassTime
) -> None:
    """With the most hashrate that it allows, and its other settings left alone."""
    server, entry = house[0]
    other, _ = house[1]
    before, others = setting(server), setting(other)
    intended = entry.runtime_data.intended.operating_point
    await act(hass, entry, power=14, follow=True)
    await pass_time(20)
    assert draws(server) <= 14
    await pass_time(20 * MINUTE, 30)
    assert 13 < draws(server) <= 14
    assert setting(server) != before
    assert setting(other) == others
    state = number(hass, entry)
    assert state.attributes["target"] == 14
    assert 13 <= state.attributes["reached"] <= 14
    assert state.attributes["reason"] == "on_target"
    assert state.attributes["set_by"] == "chosen"
    # It is not taken for what somebody chose.
    assert entry.runtime_data.intended.operating_point == intended
    assert entry.runtime_data.restore_offer is None
    # Up again, as far as the target goes.
    await act(hass, entry, change=2)
    await pass_time(20 * MINUTE, 30)
    assert number(hass, entry).state == "16.0"
    assert 15 < draws(server) <= 16


async def test_switched_off_it_comes_back(
    hass: HomeAssistant, house: House, pass_time: PassTime
) -> None:
    """To what was chosen, step by step."""
    server, entry = house[0]
    before = setting(server)
    await act(hass, entry, power=14.5, follow=True)
    await pass_time(10 * MINUTE, 30)
    assert setting(server) != before
    await act(hass, entry, follow=False)
    await pass_time(5 * MINUTE, 30)
    assert setting(server) == before
    assert following(hass, entry) == "off"
    assert number(hass, entry).attributes["target"] is None


async def test_switched_off_it_stays_where_that_is_wanted(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    settle: Settle,
) -> None:
    """Then it counts as chosen."""
    hass.config_entries.async_update_entry(
        swarm, options={CONF_POWER: {"when_off": "leave"}}
    )
    await hass.config_entries.async_reload(swarm.entry_id)
    await settle()
    server, entry = house[0]
    await act(hass, entry, power=15, follow=True)
    await pass_time(10 * MINUTE, 30)
    left = setting(server)
    await act(hass, entry, follow=False)
    await pass_time(10 * MINUTE, 30)
    assert setting(server) == left
    assert entry.runtime_data.intended.operating_point == left


async def test_all_miners_keep_to_one_target(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """The sum is what counts, and no miner is changed more often than allowed."""
    servers = [server for server, _ in house]
    writes: dict[int, list[float]] = {at: [] for at in range(len(servers))}
    last = [setting(server) for server in servers]
    await act(hass, swarm, power=60, follow=True)
    passed = 0.0
    for target in (60, 48, 53, 45, 56, 47, 60, 49):
        await act(hass, swarm, power=target)
        above = 0
        for _ in range(60):
            await pass_time(10)
            passed += 10
            above = above + 1 if draws(*servers) > target else 0
            assert above <= 2
            for at, server in enumerate(servers):
                if setting(server) != last[at]:
                    last[at] = setting(server)
                    writes[at].append(passed)
    for times in writes.values():
        for time in times:
            assert sum(time - HOUR < other <= time for other in times) <= 4
    state = number(hass, swarm)
    assert state.attributes["target"] == 49
    assert state.attributes["reached"] <= 49
    for _, entry in house:
        assert number(hass, entry).attributes["reason"] == "with_swarm"


def written(server: MinerServer) -> int:
    """Return how many settings were sent to a simulated miner."""
    return sum(item.method == "PATCH" for item in server.miner.requests)


async def test_one_write_is_not_done_twice(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """What is under way counts: no other miner is lowered for the same watts."""
    servers = [server for server, _ in house]
    assert 53 < draws(*servers) < 56
    await act(hass, swarm, power=53, follow=True)
    await pass_time(2 * MINUTE)
    assert 51 < draws(*servers) <= 53
    assert sum(written(server) for server in servers) == 1


type Answer = Callable[[float, tuple[int, ...]], Awaitable[None]]


@pytest.fixture
def answer(
    house: House, clock: Clock, freezer: FrozenDateTimeFactory, settle: Settle
) -> Answer:
    """Let some s pass, after which the miners are read in an order."""

    async def wait(seconds: float, order: tuple[int, ...]) -> None:
        clock.advance(seconds)
        freezer.tick(timedelta(seconds=seconds))
        for at in order:
            await house[at][1].runtime_data.async_refresh()
            await settle()

    return wait


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.parametrize("seconds", [10, 30])
async def test_the_order_of_answers_does_not_matter(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    answer: Answer,
    order: tuple[int, ...],
    seconds: float,
) -> None:
    """Up and down again, the miners come to the best that the target allows."""
    servers = [server for server, _ in house]
    for target in (46, 53):
        await act(hass, swarm, power=target, follow=True)
        for _ in range(20 if seconds == 10 else 8):
            await answer(seconds, order)
        assert target - 2 < draws(*servers) <= target
    assert all(written(server) <= 3 for server in servers)


async def test_percent_is_of_the_most_that_was_measured(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry
) -> None:
    """Of one miner and of all."""
    manager = async_get_power(hass)
    most = [manager.miners[entry.entry_id].most_power or 0 for _, entry in house]
    await act(hass, house[0][1], percent=50)
    await act(hass, swarm, percent=50)
    # A person reads it.
    assert number(hass, house[0][1]).state == str(round(most[0] / 2, 1))
    assert number(hass, swarm).state == str(round(sum(most) / 2, 1))
    await act(hass, swarm, change=0.1234)
    assert number(hass, swarm).state == str(round(sum(most) / 2 + 0.1234, 1))
    await act(hass, swarm, change=-10_000)
    assert float(number(hass, swarm).state) == 0


async def test_what_is_set_again_is_not_stored_again(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Automations do so each minute; a change is stored, and so is what has failed."""
    stored: list[str] = []
    write = Store._async_write_data  # noqa: SLF001
    full = False

    async def note(store: Store[Any], data: dict[str, Any]) -> None:
        stored.append(store.key)
        if full:
            raise WriteError
        await write(store, data)

    # Before the tests' own storage is taken away.
    with monkeypatch.context() as patched:
        patched.setattr(Store, "_async_write_data", note)
        for entry in (house[0][1], swarm):
            stored.clear()
            await act(hass, entry, power=14, follow=True)
            await pass_time(10 * MINUTE, 30)
            assert f"{DOMAIN}.{entry.entry_id}.power" in stored
            stored.clear()
            for _ in range(3):
                await act(hass, entry, power=14, follow=True)
            assert [key for key in stored if key.endswith(".power")] == []
            await act(hass, entry, power=13)
            assert stored == [f"{DOMAIN}.{entry.entry_id}.power"]
            full = True
            with pytest.raises(HomeAssistantError):
                await act(hass, entry, power=15)
            full = False
            await act(hass, entry, power=15)
            assert stored == 3 * [f"{DOMAIN}.{entry.entry_id}.power"]


async def test_areas_and_labels_name_miners(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry
) -> None:
    """As for any action; the swarm in an area is not meant."""
    devices = dr.async_get(hass)
    office = ar.async_get(hass).async_create("Office")
    label = lr.async_get(hass).async_create("Noisy").label_id
    for entry in (house[0][1], swarm):
        devices.async_update_device(device_of(hass, entry), area_id=office.id)
    for _, entry in house[:2]:
        devices.async_update_device(device_of(hass, entry), labels={label})

    async def ask(**whose: Any) -> None:
        data = {**whose, "change": 2}
        await hass.services.async_call(DOMAIN, "set_power_target", data, blocking=True)

    for _, entry in house:
        await act(hass, entry, power=10)
    await ask(area_id=[office.id])
    # Also one that is named twice gets the change once.
    await ask(label_id=[label], device_id=[device_of(hass, house[1][1])])
    assert [number(hass, entry).state for _, entry in house] == ["14.0", "12.0", "10.0"]
    assert number(hass, swarm).state == "unknown"
    with pytest.raises(ServiceValidationError, match="No miner"):
        await ask(area_id=[ar.async_get(hass).async_create("Attic").id])
    with pytest.raises(vol.Invalid):
        await ask()


@pytest.mark.usefixtures("event_entities")
@pytest.mark.parametrize("by", ["home_assistant", "web_interface"])
@pytest.mark.parametrize("whose", ["miner", "swarm"])
async def test_a_setting_changed_by_hand_stays(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    by: str,
    whose: str,
) -> None:
    """That miner does not follow any more, and the others take the rest."""
    server, entry = house[0]
    if whose == "miner":
        await act(hass, entry, power=15, follow=True)
    else:
        await act(hass, swarm, power=48, follow=True)
    await pass_time(5 * MINUTE, 30)
    chosen = OperatingPoint(frequency=550.0, core_voltage=1190.0)
    if by == "home_assistant":
        await hass.services.async_call(
            DOMAIN,
            "apply_configuration",
            {
                "device_id": [device_of(hass, entry)],
                "frequency": chosen.frequency,
                "core_voltage": chosen.core_voltage,
            },
            blocking=True,
        )
    else:
        server.miner.write({"frequency": 550, "coreVoltage": 1190})
    await pass_time(15 * MINUTE, 30)
    assert setting(server) == chosen
    assert entry.runtime_data.intended.operating_point == chosen
    assert number(hass, entry).attributes["reason"] == "changed_by_hand"
    assert following(hass, entry) == "off"
    activity = state_of(hass, entry, "event", "activity")
    assert activity.attributes["event_type"] in ("power", "settings_changed")
    if whose == "swarm":
        assert draws(*(server for server, _ in house)) <= 48
        # Switched on again, it takes part again: it is the one that can be lowered.
        await act(hass, swarm, power=43, follow=True)
        await pass_time(20 * MINUTE, 30)
        assert number(hass, entry).attributes["reason"] == "with_swarm"
        assert setting(server) != chosen
        assert draws(*(server for server, _ in house)) <= 43


async def test_a_person_who_pauses_a_miner_ends_it(
    hass: HomeAssistant, house: House, pass_time: PassTime
) -> None:
    """It stays paused."""
    server, entry = house[0]
    await act(hass, entry, power=14, follow=True)
    await pass_time(5 * MINUTE, 30)
    await hass.services.async_call(
        "switch",
        "turn_off",
        {"entity_id": entity_id(hass, entry, "switch", "mining")},
        blocking=True,
    )
    await pass_time(30 * MINUTE, 30)
    assert server.miner.paused
    assert following(hass, entry) == "off"
    assert number(hass, entry).attributes["reason"] == "paused_by_hand"


async def test_pauses_where_that_is_wanted(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """And hashes again once there is power for it."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, PAUSE)
    await measure(hass, entry, server)
    await pass_time(MINUTE)
    await act(hass, entry, power=5, follow=True)
    await pass_time(2 * MINUTE)
    assert server.miner.paused
    assert following(hass, entry) == "on"
    await act(hass, entry, power=15)
    await pass_time(15 * MINUTE, 30)
    assert not server.miner.paused
    assert 10 < draws(server) <= 15
    # Paused, it is brought back to life when nobody follows any more.
    await act(hass, entry, power=5)
    await pass_time(2 * MINUTE)
    assert server.miner.paused
    await act(hass, entry, follow=False)
    await pass_time(10 * MINUTE, 30)
    assert not server.miner.paused
    assert setting(server) == OperatingPoint(frequency=525.0, core_voltage=1150.0)


async def test_a_miner_that_falls_silent_leaves_its_share(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """Once it can be taken for off, and never for 0 W before."""
    (silent, _), *others = house
    await act(hass, swarm, power=48, follow=True)
    await pass_time(10 * MINUTE, 30)
    before = draws(*(server for server, _ in others))
    silent.miner.faults.set(offline=True)
    await pass_time(5 * MINUTE, 30)
    assert draws(*(server for server, _ in others)) <= before + 0.3
    assert number(hass, swarm).attributes["reached"] >= 42
    await pass_time(40 * MINUTE, 30)
    assert draws(*(server for server, _ in others)) > before + 4
    assert draws(*(server for server, _ in others)) <= 48
    # It comes back: all of them keep to the target again.
    silent.miner.faults.set(offline=False)
    await pass_time(6 * MINUTE, 30)
    assert draws(*(server for server, _ in house)) <= 48


async def test_silence_ends_with_what_is_drawn(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """Also where no other miner answers, with which it would be looked at."""
    server, entry = house[0]
    await act(hass, entry, power=15, follow=True)
    await act(hass, swarm, power=48, follow=True)
    await pass_time(5 * MINUTE, 30)
    for each, _ in house:
        each.miner.faults.set(offline=True)
    await pass_time(5 * MINUTE, 30)
    assert number(hass, entry).attributes["reached"] > 10
    assert number(hass, swarm).attributes["reached"] > 40
    await pass_time(10 * MINUTE, 30)
    for whose in (entry, swarm):
        assert number(hass, whose).attributes["reached"] == 0
    assert number(hass, entry).attributes["reason"] == "offline"
    server.miner.faults.set(offline=False)
    await pass_time(5 * MINUTE, 30)
    assert number(hass, entry).attributes["reached"] > 10


async def test_a_latched_regulator_is_left_alone(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """Nothing is written to it; the others take its share."""
    (latched, entry), *others = house
    await act(hass, swarm, power=47, follow=True)
    await pass_time(10 * MINUTE, 30)
    before = draws(*(server for server, _ in others))
    point = setting(latched)
    latched.miner.faults.set(regulator_off=True)
    await pass_time(30 * MINUTE, 30)
    assert setting(latched) == point
    assert number(hass, entry).attributes["reason"] in ("latched", "not_mining")
    assert before + 2 < draws(*(server for server, _ in others)) <= 47


async def test_writes_that_are_refused_are_not_repeated_for_ever(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """The other miners keep the target without it."""
    (refusing, _), *_ = house
    refusing.miner.faults.set(reject_writes=True)
    await act(hass, swarm, power=47, follow=True)
    await pass_time(20 * MINUTE, 30)
    tried = [item for item in refusing.miner.requests if item.method == "PATCH"]
    assert len(tried) <= 4
    assert draws(*(server for server, _ in house)) <= 47


async def test_guard_and_maintenance_go_first(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """A miner in maintenance is not touched, and counts."""
    (server, entry), *others = house
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    before = setting(server)
    await hass.services.async_call(
        "switch",
        "turn_on",
        {"entity_id": entity_id(hass, entry, "switch", "maintenance")},
        blocking=True,
    )
    await act(hass, swarm, power=47, follow=True)
    await pass_time(10 * MINUTE, 30)
    assert setting(server) == before
    assert number(hass, entry).attributes["reason"] == "held_by_maintenance"
    assert draws(*(server for server, _ in house)) <= 47
    await guard.async_end_maintenance()
    await pass_time(10 * MINUTE, 30)
    assert number(hass, entry).attributes["reason"] == "with_swarm"
    assert others


async def test_the_guard_holds_a_miner_against_the_target(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Room within the target is no reason to heat it up again."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, {CONF_GUARD: {"heat_action": "step_down"}})
    await measure(hass, entry, server)
    await pass_time(MINUTE)
    await act(hass, entry, power=50, follow=True)
    await pass_time(20 * MINUTE, 30)
    high = setting(server)
    server.miner.faults.set(ambient_offset=22)
    await pass_time(15 * MINUTE, 30)
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    assert guard.holds
    assert setting(server).frequency < high.frequency
    assert number(hass, entry).attributes["reason"] == "held_by_guard"
    assert following(hass, entry) == "on"


async def test_a_tuning_run_goes_first(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """The others give way to what it draws."""
    (_, entry), *_ = house
    await act(hass, swarm, power=52, follow=True)
    await pass_time(10 * MINUTE, 30)
    await hass.services.async_call(
        DOMAIN, "start_tuning", {"device_id": [device_of(hass, entry)]}, blocking=True
    )
    await pass_time(2 * MINUTE)
    assert number(hass, entry).attributes["reason"] == "held_by_tuner"
    above = 0
    for _ in range(60):
        await pass_time(20)
        above = above + 1 if draws(*(each for each, _ in house)) > 52 else 0
        assert above <= 2
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    assert tuner.reason != "changed_by_hand"


async def restart(hass: HomeAssistant, entry: MockConfigEntry, settle: Settle) -> None:
    """Load an entry anew, as with a restart."""
    await hass.config_entries.async_reload(entry.entry_id)
    await settle()


async def test_survives_a_restart_of_home_assistant(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    settle: Settle,
    swarm: MockConfigEntry,
) -> None:
    """Target, switch, the setting that is ours, and the budget."""
    server, entry = house[0]
    intended = entry.runtime_data.intended.operating_point
    await act(hass, entry, power=15, follow=True)
    await act(hass, swarm, power=99)
    await pass_time(5 * MINUTE, 30)
    ours = setting(server)
    left = async_get_power(hass).miners[entry.entry_id].describe().left
    for each in (entry, swarm):
        await restart(hass, each, settle)
    assert number(hass, entry).state == "15.0"
    assert number(hass, swarm).state == "99.0"
    assert following(hass, entry) == "on"
    assert async_get_power(hass).miners[entry.entry_id].describe().left == left
    await pass_time(10 * MINUTE, 30)
    assert draws(server) <= 15
    assert entry.runtime_data.intended.operating_point == intended
    assert ours != intended
    await act(hass, entry, follow=False)
    await pass_time(5 * MINUTE, 30)
    assert setting(server) == intended


async def test_changed_by_hand_while_home_assistant_was_down(
    hass: HomeAssistant, house: House, pass_time: PassTime, settle: Settle
) -> None:
    """That is seen with the first reading."""
    server, entry = house[0]
    await act(hass, entry, power=15, follow=True)
    await pass_time(5 * MINUTE, 30)
    await hass.config_entries.async_unload(entry.entry_id)
    server.miner.write({"frequency": 550, "coreVoltage": 1190})
    await hass.config_entries.async_setup(entry.entry_id)
    await settle()
    await pass_time(10 * MINUTE, 30)
    assert setting(server) == OperatingPoint(frequency=550.0, core_voltage=1190.0)
    assert following(hass, entry) == "off"


async def test_a_lost_file_follows_nothing(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    settle: Settle,
    hass_storage: dict[str, Any],
) -> None:
    """The miner stays where it is."""
    server, entry = house[0]
    await act(hass, entry, power=15, follow=True)
    await pass_time(5 * MINUTE, 30)
    ours = setting(server)
    await hass.config_entries.async_unload(entry.entry_id)
    hass_storage.pop(f"{DOMAIN}.{entry.entry_id}.power")
    await hass.config_entries.async_setup(entry.entry_id)
    await settle()
    await pass_time(10 * MINUTE, 30)
    assert setting(server) == ours
    assert following(hass, entry) == "off"
    assert number(hass, entry).state == "unknown"


async def test_a_clock_that_is_set_gives_no_writes_back(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
) -> None:
    """Nor does it stop anything."""
    server, entry = house[0]
    await act(hass, entry, power=20, follow=True)
    power = async_get_power(hass).miners[entry.entry_id]
    for target in (17.0, 16.0, 15.0):
        await act(hass, entry, power=target)
        await pass_time(MINUTE)
    left = power.describe().left
    assert left < 4
    set_wall_clock(-3 * HOUR)
    await pass_time(MINUTE)
    assert power.describe().left == left
    set_wall_clock(3 * HOUR)
    await pass_time(MINUTE)
    assert power.describe().left == left
    await act(hass, entry, power=14.3)
    await pass_time(MINUTE)
    assert draws(server) <= 14.5


async def test_a_restarted_miner_is_no_miner_that_somebody_resumed(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """A power cut ends a pause, and it is paused again."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, PAUSE)
    await measure(hass, entry, server)
    await pass_time(MINUTE)
    await act(hass, entry, power=5, follow=True)
    await pass_time(2 * MINUTE)
    assert server.miner.paused
    server.miner.power_cycle()
    assert not server.miner.paused
    await pass_time(5 * MINUTE, 30)
    assert following(hass, entry) == "on"
    assert server.miner.paused


def sent(miner: SimulatedMiner) -> list[str]:
    """Return what was asked of a miner, other than for a reading."""
    return [item.path for item in miner.requests if item.method != "GET"]


@pytest.mark.parametrize("shared", [False, True])
async def test_another_miner_at_the_address_is_left_alone(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    simulate: Simulate,
    shared: bool,
) -> None:
    """As after a lease that changed hands, also when the target is switched off."""
    (server, entry), *others = house
    of, all_of_it = (swarm, 56.0) if shared else (entry, 16.0)
    await act(hass, of, power=all_of_it, follow=True)
    await pass_time(5 * MINUTE, 30)
    ours = setting(server)
    other = await simulate(replace(PRESETS["gamma-2.15"], seed=9, mac=None))
    server.miner, other.miner = other.miner, server.miner
    for power in (0.8 * all_of_it, 0.3 * all_of_it, all_of_it):
        await act(hass, of, power=power)
        await pass_time(12 * MINUTE, 30)
    await act(hass, of, follow=False)
    await pass_time(5 * MINUTE, 30)
    assert sent(server.miner) == []
    server.miner, other.miner = other.miner, server.miner
    assert setting(server) == ours
    # Its own one gets back what was chosen for it.
    await pass_time(5 * MINUTE, 30)
    assert setting(server) == entry.runtime_data.intended.operating_point
    assert others


@pytest.mark.parametrize("switched_off", [False, True])
async def test_another_board_ends_it(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    clock: Clock,
    switched_off: bool,
) -> None:
    """What was measured of one says nothing of another, whatever module drives it."""
    (server, entry), *_ = house
    await act(hass, entry, power=14, follow=True)
    await pass_time(5 * MINUTE, 30)
    if switched_off:
        # The way back has only begun.
        await act(hass, entry, follow=False)
    ours = setting(server)
    spec = replace(
        PRESETS["gt-2.15"],
        mac=server.miner.spec.mac_address,
        frequency=ours.frequency,
        core_voltage=int(ours.core_voltage),
        write_delay=0.0,
    )
    server.miner = SimulatedMiner(spec, clock)
    await pass_time(20 * MINUTE, 30)
    assert sent(server.miner) == []
    assert following(hass, entry) == "off"
    assert number(hass, entry).attributes["reason"] == "board_changed"


async def test_nothing_is_looked_for_with_each_reading(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither of a miner that has no history yet, nor of a board that nobody knows."""
    known, other = await simulate("gamma-2.15"), await simulate("supra-2.9")
    info = other.miner.info
    unknown = {"boardVersion": "999", "ASICModel": "BM9999"}
    monkeypatch.setattr(other.miner, "info", lambda: info() | unknown)
    for server in (known, other):
        await add_miner(server)
    with calls_noted() as called:
        await pass_time(10 * MINUTE, 10)
    assert 2 <= called.count("_refresh") <= 8


async def test_nothing_measured_does_nothing(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """And says so."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await act(hass, entry, power=10, follow=True)
    before = setting(server)
    await pass_time(10 * MINUTE, 30)
    assert setting(server) == before
    assert number(hass, entry).attributes["reason"] == "nothing_measured"
    with pytest.raises(ServiceValidationError):
        await act(hass, entry, percent=50)


async def test_bounds_are_kept(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The lowest and the highest profile."""
    server = await simulate("gamma-2.15")
    bounds = {CONF_POWER: {"lowest": "eco", "highest": "balanced"}}
    entry = await add_miner(server, bounds)
    await measure(hass, entry, server)
    await pass_time(MINUTE)
    await act(hass, entry, power=5, follow=True)
    await pass_time(10 * MINUTE, 30)
    assert setting(server).frequency == 490
    assert number(hass, entry).attributes["reason"] == "at_lowest"
    await act(hass, entry, power=100)
    await pass_time(30 * MINUTE, 30)
    assert setting(server).frequency == 525
    assert number(hass, entry).attributes["reason"] in ("at_highest", "on_target")


async def test_a_bound_that_is_gone_leaves_no_way_up(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Without the highest profile it is the setting that was chosen for the miner."""
    server = await simulate("gamma-2.15")
    chosen = setting(server).frequency
    entry = await add_miner(server, {CONF_POWER: {"highest": "quiet"}})
    await measure(hass, entry, server)
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    assert tuner.offered["max"].frequency > chosen
    await act(hass, entry, power=100, follow=True)
    await pass_time(40 * MINUTE, 30)
    assert setting(server).frequency == chosen


async def feed(
    hass: HomeAssistant, swarm: MockConfigEntry, settle: Settle, **options: Any
) -> None:
    """Choose what the swarm's target follows."""
    hass.config_entries.async_update_entry(swarm, options={CONF_POWER: options})
    await restart(hass, swarm, settle)


@pytest.mark.parametrize("sign", ["export", "import"])
async def test_a_surplus_drives_the_target(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    settle: Settle,
    swarm: MockConfigEntry,
    sign: str,
) -> None:
    """Whichever way the meter counts; unknown is none."""
    servers = [server for server, _ in house]
    factor = 1 if sign == "export" else -1

    def meter(available: float) -> None:
        value = factor * (available - draws(*servers)) / 1000
        hass.states.async_set("sensor.meter", str(value), {"unit_of_measurement": "kW"})

    await feed(
        hass,
        swarm,
        settle,
        surplus_entity="sensor.meter",
        surplus_sign=sign,
        surplus_minutes=2,
    )
    meter(51)
    await act(hass, swarm, follow=True)
    for _ in range(40):
        meter(51)
        await pass_time(10)
    assert 46 < draws(*servers) <= 51
    assert number(hass, swarm).attributes["target"] == pytest.approx(51, abs=1)
    assert number(hass, swarm).attributes["set_by"] == "surplus"
    for _ in range(6):
        meter(45)
        await pass_time(10)
    assert draws(*servers) <= 45.5
    # The number is the most that it may be.
    await act(hass, swarm, power=40)
    assert number(hass, swarm).attributes["target"] == 40
    assert number(hass, swarm).attributes["set_by"] == "chosen"
    await act(hass, swarm, power=400)
    assert number(hass, swarm).attributes["set_by"] == "surplus"
    hass.states.async_set("sensor.meter", "unavailable")
    await pass_time(10 * MINUTE, 30)
    state = number(hass, swarm)
    assert state.attributes["target"] == 0
    assert state.attributes["reason"] == "surplus_unknown"
    assert state.attributes["set_by"] == "surplus"
    assert [setting(server).frequency for server in servers] == [400, 400, 400]


async def test_a_meter_that_reports_once_a_minute(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    settle: Settle,
    swarm: MockConfigEntry,
) -> None:
    """What miners changed since its last report does not count once more."""
    servers = [server for server, _ in house]

    async def pass_minute(available: float) -> None:
        meter = f"{available - draws(*servers):.1f}"
        hass.states.async_set("sensor.meter", meter, {"unit_of_measurement": "W"})
        await pass_time(MINUTE, 10)

    await feed(hass, swarm, settle, surplus_entity="sensor.meter", surplus_minutes=2)
    await act(hass, swarm, follow=True)
    for _ in range(7):
        await pass_minute(51)
    assert 46 < draws(*servers) <= 51
    for _ in range(3):
        await pass_minute(46)
        assert 42 < draws(*servers) <= 51
    assert draws(*servers) <= 46


async def test_the_break_even_price_opens_and_closes(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    settle: Settle,
    swarm: MockConfigEntry,
) -> None:
    """By what a kWh brings at the best points; unknown is as if it brought nothing."""
    servers = [server for server, _ in house]

    async def choose(**options: Any) -> None:
        hass.config_entries.async_update_entry(
            swarm, options={CONF_POWER: {"price_break_even": True}, **options}
        )
        await restart(hass, swarm, settle)
        await pass_time(5 * MINUTE, 30)

    await act(hass, swarm, power=53, follow=True)
    await choose(price=0.20)
    assert number(hass, swarm).attributes["reason"] == "break_even_unknown"
    assert number(hass, swarm).attributes["set_by"] == "price"
    assert [setting(server).frequency for server in servers] == [400, 400, 400]
    await choose(price=0.20, bitcoin_price=1000.0)
    shared = async_get_power(hass).swarm
    assert shared is not None
    totals = shared.swarm.totals
    assert totals is not None
    price = shared.break_even_price()
    points = [
        max(
            async_get_power(hass).miners[entry.entry_id].points,
            key=lambda item: item.hashrate / item.power,
        )
        for _, entry in house
    ]
    assert totals.block_height is not None
    assert totals.network_difficulty is not None
    blocks = (
        sum(item.hashrate for item in points)
        * 1e9
        * 86_400
        / (totals.network_difficulty * 2**32)
    )
    subsidy = 50 / 2 ** ((totals.block_height + 1) // 210_000)
    energy = sum(item.power for item in points) * 24 / 1000
    assert price == pytest.approx(blocks * subsidy * 1000 / energy)
    assert price < 0.20
    assert number(hass, swarm).attributes["reason"] == "too_expensive"
    # A bitcoin that makes it pay: by a fifth.
    await choose(price=0.20, bitcoin_price=1000 * 0.24 / price)
    await pass_time(10 * MINUTE, 30)
    assert 48 < draws(*servers) <= 53
    # A highest price below it goes first.
    hass.config_entries.async_update_entry(
        swarm,
        options={
            **swarm.options,
            CONF_POWER: {"price_break_even": True, "price_limit": 0.15},
        },
    )
    await restart(hass, swarm, settle)
    await pass_time(5 * MINUTE, 30)
    assert number(hass, swarm).attributes["reason"] == "too_expensive"


async def test_a_price_opens_and_closes(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    settle: Settle,
    swarm: MockConfigEntry,
) -> None:
    """The number says how much while it is cheap."""
    servers = [server for server, _ in house]
    hass.states.async_set("sensor.price", "0.20", {"unit_of_measurement": "EUR/kWh"})
    hass.config_entries.async_update_entry(
        swarm,
        options={"price_entity": "sensor.price", CONF_POWER: {"price_limit": 0.25}},
    )
    await restart(hass, swarm, settle)
    await act(hass, swarm, power=53, follow=True)
    await pass_time(15 * MINUTE, 30)
    assert 48 < draws(*servers) <= 53
    assert number(hass, swarm).attributes["set_by"] == "chosen"
    hass.states.async_set("sensor.price", "0.40", {"unit_of_measurement": "EUR/kWh"})
    await pass_time(5 * MINUTE, 30)
    assert number(hass, swarm).attributes["reason"] == "too_expensive"
    assert number(hass, swarm).attributes["set_by"] == "price"
    assert [setting(server).frequency for server in servers] == [400, 400, 400]
