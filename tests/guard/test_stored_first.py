"""What guard and tuner do to a miner is in storage before the miner is asked.

After a power cut in between it is known whose doing it was, and how often it was done.
"""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Simulate
from ..tuning.test_session import act
from .test_guard import frequency, guarded
from .test_states import MINUTE, hold


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


def watch(
    monkeypatch: pytest.MonkeyPatch,
    server: MinerServer,
    command: str,
    stored: Callable[[], Any],
) -> list[tuple[Any, Any]]:
    """Return what the miner is asked from now on, each with what is stored then."""
    do = getattr(server.miner, command)
    seen: list[tuple[Any, Any]] = []

    def obey(*asked: Any) -> object:
        seen.append((asked[0] if asked else None, stored()))
        return do(*asked)

    monkeypatch.setattr(server.miner, command, obey)
    return seen


@pytest.mark.parametrize(
    ("preset", "action", "command"),
    [("gamma-2.12", "step_down", "write"), ("gamma-2.15", "pause", "pause")],
)
async def test_what_is_held(
    monkeypatch: pytest.MonkeyPatch,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    preset: str,
    action: str,
    command: str,
) -> None:
    """With the setting that somebody chose."""
    server = await simulate(preset)
    entry = await add_miner(server, guarded(heat_action=action))
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    key = f"bitaxe.{entry.entry_id}.guard"
    seen = watch(
        monkeypatch, server, command, lambda: hass_storage[key]["data"]["heat"]["hold"]
    )
    await hold(server, entry, pass_time)
    await pass_time(2 * MINUTE)
    assert seen
    for asked, held in seen:
        assert held["before"]["frequency"] == chosen
        assert held["paused"] == (action == "pause")
        if asked is not None:
            assert held["point"]["frequency"] == asked["frequency"]


async def test_how_often_it_was_restored(
    monkeypatch: pytest.MonkeyPatch,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """A miner that dies of what is restored gets it later the next time."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(restore_detuned=True))
    await pass_time(5 * MINUTE)
    server.miner.faults.set(ambient_offset=26)
    await pass_time(5 * MINUTE)
    server.miner.faults.set(ambient_offset=0)
    key = f"bitaxe.{entry.entry_id}.guard"
    seen = watch(
        monkeypatch,
        server,
        "write",
        lambda: len(hass_storage[key]["data"]["restoring"]["restores"]),
    )
    await pass_time(40 * MINUTE, 30)
    assert [count for _, count in seen] == [1]


async def test_how_often_it_was_restarted(
    monkeypatch: pytest.MonkeyPatch,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Whatever comes of it, it is counted."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, guarded(watchdog=True))
    await pass_time(5 * MINUTE)
    key = f"bitaxe.{entry.entry_id}.guard"
    seen = watch(
        monkeypatch,
        server,
        "restart",
        lambda: len(hass_storage[key]["data"]["watchdog"]["restarts"]),
    )
    server.miner.faults.set(regulator_off=True)
    await pass_time(3 * MINUTE)
    assert [count for _, count in seen] == [1]


async def test_what_is_tried(
    monkeypatch: pytest.MonkeyPatch,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """With the setting from before, and the run that wants it."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    key = f"bitaxe.{entry.entry_id}.tuning"
    seen = watch(monkeypatch, server, "write", lambda: hass_storage[key]["data"])
    await act(hass, entry, "start_tuning", goal="efficiency")
    for _ in range(120):
        await pass_time(10)
        if len(seen) > 1:
            break
    # And back to a setting that was written before.
    server.miner.faults.set(vr_offset=35)
    tried = len(seen)
    for _ in range(60):
        await pass_time(10)
        if len(seen) > tried:
            break
    assert len(seen) > tried > 1
    for asked, stored in seen:
        assert stored["task"]["chosen"]["frequency"] == chosen
        assert stored["run"]["wanted"]["frequency"] == asked["frequency"]
        points = [point["frequency"] for point in stored["task"]["points"]]
        assert asked["frequency"] in points
