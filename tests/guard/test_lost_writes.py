"""Writes of the guard of which nobody knows whether the miner took them."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Settle, Simulate
from .test_guard import (
    HOUR,
    fallback_between,
    frequency,
    guard_events,
    guarded,
    switch,
    the_guard,
)

MINUTE = 60


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


def lose_answers(server: MinerServer, pytester: pytest.MonkeyPatch) -> None:
    """Have the miner take what is written, and fall silent right after it."""
    write = server.miner.write

    def take(values: Mapping[str, Any]) -> object:
        answer = write(values)
        server.miner.faults.set(offline=True)
        return answer

    pytester.setattr(server.miner, "write", take)


def lose_commands(
    server: MinerServer, pytester: pytest.MonkeyPatch, command: str
) -> None:
    """Have the miner do a command, and fall silent before it answers."""
    do = getattr(server.miner, command)

    def obey() -> None:
        do()
        server.miner.faults.set(offline=True)

    pytester.setattr(server.miner, command, obey)


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_step_down_whose_answer_is_lost(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    restarted: bool,
) -> None:
    """It was taken all the same: what somebody chose is known, and comes back."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    with pytest.MonkeyPatch.context() as until_written:
        lose_answers(server, until_written)
        server.miner.faults.set(ambient_offset=22)
        for _ in range(60):
            await pass_time(10)
            if server.miner.faults.offline:
                break
    assert frequency(server) < chosen
    if restarted:
        await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(MINUTE)
    server.miner.faults.set(offline=False, ambient_offset=-5)
    if restarted:
        await hass.config_entries.async_setup(entry.entry_id)
        await settle()
    await pass_time(5 * MINUTE)
    assert the_guard(hass, entry).holds
    assert entry.runtime_data.intended.operating_point.frequency == chosen
    events = guard_events(entry.runtime_data)
    await pass_time(HOUR, 30)
    assert frequency(server) == chosen
    assert [event["action"] for event in events] == ["return"]


async def test_a_second_step_that_is_lost_keeps_the_first(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """Home Assistant dies right before the write: what was held before is known."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    server.miner.faults.set(ambient_offset=22)
    for _ in range(60):
        await pass_time(10)
        if frequency(server) < chosen:
            break
    first = frequency(server)
    # It refuses the next step, and Home Assistant is gone before it looks again.
    server.miner.faults.set(reject_writes=True, ambient_offset=25)
    for _ in range(60):
        await pass_time(10)
        if len([r for r in server.miner.requests if r.method == "PATCH"]) > 1:
            break
    await hass.config_entries.async_unload(entry.entry_id)
    server.miner.faults.set(reject_writes=False, ambient_offset=-5)
    await hass.config_entries.async_setup(entry.entry_id)
    await settle()
    await pass_time(5 * MINUTE)
    assert frequency(server) == first
    assert the_guard(hass, entry).holds
    await pass_time(HOUR, 30)
    assert frequency(server) == chosen


@pytest.mark.parametrize("step", ["pause", "return"])
async def test_a_command_whose_answer_is_lost(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    step: str,
) -> None:
    """A pause is ended once it is cool, and each of both is reported once."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, guarded(heat_action="pause"))
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    with pytest.MonkeyPatch.context() as until_done:
        command = "pause" if step == "pause" else "resume"
        lose_commands(server, until_done, command)
        server.miner.faults.set(ambient_offset=22)
        for _ in range(120):
            await pass_time(10)
            if server.miner.paused:
                break
        assert server.miner.paused
        if step == "return":
            server.miner.faults.set(ambient_offset=-5)
            await pass_time(20 * MINUTE)
        assert server.miner.faults.offline
    await pass_time(MINUTE)
    server.miner.faults.set(offline=False, ambient_offset=-5)
    await pass_time(30 * MINUTE)
    assert [event["action"] for event in events] == ["pause", "return"]
    assert not the_guard(hass, entry).holds
    assert not server.miner.paused
    assert entry.runtime_data.snapshot.hashing.hashrate > 0


async def test_a_pause_of_a_person_whose_answer_is_lost(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The guard, which had paused the miner before, does not end it."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, guarded(heat_action="pause"))
    await pass_time(5 * MINUTE)
    server.miner.faults.set(ambient_offset=22)
    for _ in range(60):
        await pass_time(10)
        if server.miner.paused:
            break
    assert the_guard(hass, entry).holds
    with pytest.MonkeyPatch.context() as until_done:
        lose_commands(server, until_done, "pause")
        with pytest.raises(HomeAssistantError):
            await switch(hass, entry, "mining", on=False)
    server.miner.faults.set(offline=False, ambient_offset=-5)
    await pass_time(HOUR, 30)
    assert server.miner.paused


async def test_a_choice_of_pool_whose_answer_is_lost(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The restart that it takes follows, and its end is known."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(
        server,
        guarded(**fallback_between(5, 30)),
    )
    await pass_time(2 * MINUTE)
    with pytest.MonkeyPatch.context() as until_written:
        lose_answers(server, until_written)
        await pass_time(5 * MINUTE)
    assert server.miner.faults.offline
    server.miner.faults.set(offline=False)
    await pass_time(5 * MINUTE)
    pools = entry.runtime_data.snapshot.pools
    assert pools.prefer_fallback
    assert pools.using_fallback
    guard = the_guard(hass, entry)
    assert guard.restarts_left == guard.options.restarts_per_day - 1
    await pass_time(25 * MINUTE)
    pools = entry.runtime_data.snapshot.pools
    assert not pools.prefer_fallback
    assert not pools.using_fallback


async def test_a_choice_of_pool_waits_for_a_pause_to_end(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The restart that it takes would end the pause of a person."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(
        server,
        guarded(**fallback_between(5, 50)),
    )
    await pass_time(MINUTE)
    await switch(hass, entry, "mining", on=False)
    await pass_time(20 * MINUTE, 30)
    guard = the_guard(hass, entry)
    assert server.miner.paused
    assert not server.miner.stored["useFallbackStratum"]
    assert guard.restarts_left == guard.options.restarts_per_day
    await switch(hass, entry, "mining", on=True)
    await pass_time(5 * MINUTE, 30)
    assert entry.runtime_data.snapshot.pools.using_fallback


async def test_a_step_that_was_refused_is_not_reported(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Nor held, until it is taken."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    server.miner.faults.set(reject_writes=True, ambient_offset=22)
    await pass_time(5 * MINUTE)
    assert not events
    server.miner.faults.set(ambient_offset=0)
    await pass_time(5 * MINUTE)
    assert not events
    assert not the_guard(hass, entry).holds
    assert frequency(server) == chosen
