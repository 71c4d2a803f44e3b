"""Two miners swap their leases while the house acts by itself: it reaches neither.

Whether that is noticed by a poll before, or only by the reading taken for the write.
"""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.axeos import Family
from custom_components.bitaxe.const import CONF_GUARD
from custom_components.bitaxe.miner.claims import Claimant
from scripts.simulator import MinerServer, SimulatedMiner

from .conftest import AddMiner, PassTime, Settle, Simulate
from .guard.test_guard import fallback_between, frequency, guarded, heat_up, the_guard
from .power.conftest import house
from .power.house import House
from .power.test_heating import add_room, call, feel
from .test_repairs import Repair
from .test_services import act
from .test_stale_questions import beside, swap
from .test_swapped_leases import Commands, swap as swap_in_house
from .test_update import (
    AXEOS_IMAGE,
    Publisher,
    allow,
    begin,
    finish,
    lose_settings,
    publisher,
    update_of,
)
from .tuning.test_session import setting, the_tuner

__all__ = ["house", "publisher"]

MINUTE = 60
HOUR = 3600

pytestmark = pytest.mark.usefixtures("swarm")

type Pair = tuple[MinerServer, MinerServer]


def commands(*miners: SimulatedMiner) -> list[str]:
    """Return what miners were asked to do, wherever they are."""
    return [
        item.path for miner in miners for item in miner.requests if item.method != "GET"
    ]


async def two(
    simulate: Simulate, add_miner: AddMiner, preset: str, options: dict[str, Any]
) -> tuple[Pair, tuple[MockConfigEntry, MockConfigEntry]]:
    """Set up two miners of a kind, of which the first is acted on."""
    server = await simulate(preset)
    other = await beside(server, simulate)
    entry = await add_miner(server, options)
    return (server, other), (entry, await add_miner(other, {CONF_GUARD: {}}))


def swap_when(
    entry: MockConfigEntry, pair: Pair, decided: Callable[[], bool]
) -> list[bool]:
    """Swap the leases once something is decided by a reading, before it is sent."""
    done: list[bool] = []

    def look() -> None:
        if not done and decided():
            done.append(True)
            swap(*pair)

    entry.runtime_data.async_add_listener(look)
    return done


@pytest.mark.parametrize("action", ["step_down", "pause"])
async def test_between_the_decision_of_the_guard_and_its_write(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    action: str,
) -> None:
    """The hot one is not reached any more, and the other is not slowed down for it."""
    pair, (entry, _) = await two(
        simulate, add_miner, "gamma-2.15", guarded(heat_action=action)
    )
    await pass_time(5 * MINUTE)
    guard = the_guard(hass, entry)
    done = swap_when(entry, pair, lambda: guard.holds)
    miners = [server.miner for server in pair]
    miners[0].faults.set(ambient_offset=22)
    for _ in range(60):
        await pass_time(10)
        if done:
            break
    assert done
    await pass_time(10 * MINUTE, 30)
    assert commands(*miners) == []
    # Nothing was sent, so there is nothing to go back from.
    assert not guard.holds
    miners[0].faults.set(ambient_offset=0)
    await pass_time(10 * MINUTE, 30)
    swap(*pair)
    await pass_time(15 * MINUTE, 30)
    assert commands(*miners) == []
    assert not guard.holds


@pytest.mark.parametrize("action", ["step_down", "pause"])
async def test_between_a_write_of_the_guard_and_the_reading_that_confirms(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    action: str,
) -> None:
    """Its own miner took it: it is held, and gets its setting back when it is there."""
    pair, (entry, _) = await two(
        simulate, add_miner, "gamma-2.15", guarded(heat_action=action)
    )
    await pass_time(5 * MINUTE)
    server = pair[0]
    chosen, guard = frequency(server), the_guard(hass, entry)
    miners = [each.miner for each in pair]
    hot, do = miners[0], "write" if action == "step_down" else "pause"
    act_on = getattr(hot, do)
    done = []

    def then_swap(*values: Any) -> None:
        act_on(*values)
        if not done:
            done.append(True)
            swap(*pair)

    with pytest.MonkeyPatch.context() as until_done:
        until_done.setattr(hot, do, then_swap)
        hot.faults.set(ambient_offset=22)
        for _ in range(60):
            await pass_time(10)
            if done:
                break
    assert done
    await pass_time(5 * MINUTE, 30)
    assert guard.holds
    hot.faults.set(ambient_offset=-5)
    swap(*pair)
    await pass_time(HOUR, 30)
    assert not guard.holds
    assert frequency(server) == chosen
    assert not hot.paused
    assert commands(miners[1]) == []


async def test_while_the_guard_holds_a_miner(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """It neither steps down further nor goes back before its own one is there again."""
    pair, (entry, _) = await two(
        simulate, add_miner, "gamma-2.12", guarded(heat_action="step_down")
    )
    server = pair[0]
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    await heat_up(server, pass_time)
    assert the_guard(hass, entry).holds
    held = frequency(server)
    miners = [each.miner for each in pair]
    before = commands(*miners)
    swap(*pair)
    miners[0].faults.set(ambient_offset=-5)
    await pass_time(HOUR, 30)
    miners[1].faults.set(ambient_offset=22)
    await pass_time(10 * MINUTE, 30)
    assert commands(*miners) == before
    miners[1].faults.set(ambient_offset=0)
    swap(*pair)
    assert frequency(server) == held
    await pass_time(HOUR, 30)
    assert frequency(server) == chosen
    assert commands(miners[1]) == []


@pytest.mark.parametrize("noticed", [False, True])
async def test_when_the_schedule_of_pools_begins(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    noticed: bool,
) -> None:
    """Neither is sent to the fallback pool, nor restarted, until its own is back."""
    pair, (entry, _) = await two(
        simulate, add_miner, "gamma-2.15", guarded(**fallback_between(5, 50))
    )
    miners = [each.miner for each in pair]
    guard = the_guard(hass, entry)
    await pass_time(2 * MINUTE)
    if noticed:
        swap(*pair)
    else:
        # What was decided is stored, and counted, before it is sent.
        left = guard.restarts_left
        done = swap_when(entry, pair, lambda: guard.restarts_left < left)
    await pass_time(20 * MINUTE)
    assert noticed or done
    assert commands(*miners) == []
    assert guard.restarts_left == guard.options.restarts_per_day
    swap(*pair)
    await pass_time(10 * MINUTE)
    assert miners[0].stored["useFallbackStratum"]
    assert commands(miners[1]) == []


async def test_between_the_pool_and_the_restart_that_it_takes(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The other one is not restarted for it."""
    pair, (entry, _) = await two(
        simulate, add_miner, "gamma-2.15", guarded(**fallback_between(2, 50))
    )
    miners = [each.miner for each in pair]
    done = swap_when(
        entry, pair, lambda: bool(entry.runtime_data.snapshot.pools.prefer_fallback)
    )
    await pass_time(10 * MINUTE)
    assert done
    assert commands(miners[1]) == []
    assert "/api/system/restart" not in commands(miners[0])


@pytest.mark.parametrize("when_idle", ["pause", "lowest"])
async def test_while_a_room_is_heated(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    when_idle: str,
) -> None:
    """Warm or cold, the room moves only those that are where they were."""
    feel(hass, 20)
    entity = await add_room(hass, swarm, house[:2], when_idle=when_idle)
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    asked = Commands(house)
    swap_in_house(house, 0, 2)
    asked.forget()
    feel(hass, 25)
    await pass_time(30 * MINUTE, 30)
    feel(hass, 15)
    await pass_time(30 * MINUTE, 30)
    await call(hass, entity, "turn_off")
    await pass_time(10 * MINUTE, 30)
    assert asked.each[0] == asked.each[2] == 0
    assert asked.each[1] > 0


async def test_between_the_decision_of_a_room_and_its_write(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
) -> None:
    """What was about to be sent to one miner does not go to another."""
    feel(hass, 15)
    entity = await add_room(hass, swarm, house[:1], when_idle="lowest")
    await call(hass, entity, "turn_on")
    await pass_time(10 * MINUTE, 30)
    asked = Commands(house)
    # Without a poll in between: the thermostat is turned down, and acts at once.
    swap_in_house(house, 0, 2)
    await call(hass, entity, "set_temperature", temperature=5)
    await call(hass, entity, "turn_off")
    await pass_time(5 * MINUTE, 30)
    assert asked.each == [0, 0, 0]


@pytest.mark.parametrize("noticed", [False, True])
async def test_when_a_backup_is_restored(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    noticed: bool,
) -> None:
    """It is the backup of a miner that is elsewhere."""
    pair, (entry, _) = await two(simulate, add_miner, "gamma-2.15", {})
    await act(hass, "apply_configuration", entry, frequency=490, core_voltage=1100)
    (backup, *_) = entry.runtime_data.backups
    miners = [each.miner for each in pair]
    before = commands(*miners)
    swap(*pair)
    if noticed:
        await pass_time(30)
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "restore_backup", entry, backup_id=backup.id)
    assert raised.value.translation_key == "different_miner"
    assert commands(*miners) == before


async def test_when_lost_settings_are_given_back(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
    hass_client: ClientSessionGenerator,
) -> None:
    """The repair says which miner answers instead, and can be tried again."""
    pair, (entry, _) = await two(simulate, add_miner, "gamma-2.12", {})
    issue = await lose_settings(hass, pair[0], entry, publisher, settle, pass_time)
    repair = Repair(await hass_client(), issue)
    await repair.open()
    miners = [each.miner for each in pair]
    before = commands(*miners)
    swap(*pair)
    shown = await repair.submit()
    assert shown["errors"] == {"base": "restore_failed"}
    assert commands(*miners) == before
    swap(*pair)
    await pass_time(MINUTE)
    assert (await repair.submit())["type"] == "create_entry"
    assert miners[0].stored["frequency"] == 490


async def test_while_firmware_is_downloaded(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """None of the two gets it, and nobody is kept from anything afterwards."""
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    pair, (entry, _) = await two(simulate, add_miner, "gamma-2.12", {})
    await allow(hass, settle)

    async def exchange() -> None:
        swap(*pair)

    publisher.before_file = exchange
    with pytest.raises(HomeAssistantError) as raised:
        await finish(begin(hass, update_of(hass, entry)), pass_time)
    assert raised.value.translation_key == "different_miner"
    assert commands(*(each.miner for each in pair)) == []
    assert not entry.runtime_data.claims.is_held_by(Claimant.FIRMWARE)


async def test_while_new_firmware_starts(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """The other one, which runs what it ran, is not taken for a failed installation."""
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    pair, (entry, _) = await two(simulate, add_miner, "gamma-2.12", {})
    await allow(hass, settle)
    miners = [each.miner for each in pair]
    done = False

    def look() -> None:
        nonlocal done
        if not done and any("OTA" in item for item in commands(miners[0])):
            done = True
            swap(*pair)

    entry.runtime_data.async_add_listener(look)
    with pytest.raises(HomeAssistantError) as raised:
        await finish(begin(hass, update_of(hass, entry)), pass_time)
    assert done
    assert raised.value.translation_key == "firmware_not_back"
    assert commands(miners[1]) == []
    assert not entry.runtime_data.claims.is_held_by(Claimant.FIRMWARE)


async def test_while_a_profile_is_soaked(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The test waits for its own miner, and brings no other back to anything."""
    pair, (entry, _) = await two(simulate, add_miner, "gamma-2.15", {})
    await act(hass, "apply_configuration", entry, frequency=500, core_voltage=1160)
    await act(hass, "save_profile", entry, name="Summer")
    await act(hass, "apply_configuration", entry, frequency=525, core_voltage=1150)
    await pass_time(5 * MINUTE)
    original = setting(pair[0])
    await act(hass, "start_soak_test", entry, profile="Summer", hours=6)
    await pass_time(10 * MINUTE, 30)
    assert the_tuner(hass, entry).is_running
    miners = [each.miner for each in pair]
    before = commands(*miners)
    swap(*pair)
    await pass_time(20 * MINUTE, 30)
    await act(hass, "stop_tuning", entry, keep="original")
    await pass_time(20 * MINUTE, 30)
    assert commands(*miners) == before
    swap(*pair)
    await pass_time(10 * MINUTE, 30)
    assert setting(pair[0]) == original
    assert commands(miners[1]) == []
