"""What a run is about is exchanged while it goes on: board, firmware, entry, pool."""

from collections.abc import Awaitable, Callable
import copy
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_GUARD
from custom_components.bitaxe.tuning.soak import SoakTest

from ..test_other_board import exchange_board
from .test_phases import (
    MINUTE,
    Scene,
    begin,
    check_requests,
    come_to_an_end,
    scene,
    swarm,
)
from .test_session import reason, setting, state, the_tuner

__all__ = ["scene", "swarm"]


async def pools_lost(scene: Scene) -> None:
    """Have neither pool answer for some minutes."""
    scene.server.miner.faults.set(pool_down=True, fallback_down=True)
    await scene.pass_time(12 * MINUTE)
    scene.server.miner.faults.set(pool_down=False, fallback_down=False)


async def updated(scene: Scene) -> None:
    """Install another version on the miner's own page."""
    scene.server.miner.install("v2.14.0")
    await scene.pass_time(3 * MINUTE)
    assert reason(scene.hass, scene.entry) == "firmware_changed"


async def killed_after_a_write(scene: Scene) -> None:
    """Cut the power of Home Assistant when a write has arrived, before it is read back.

    What it stores after that is lost.
    """
    miner = scene.server.miner
    write = miner.write
    stored: dict[str, Any] = {}

    def note(values: dict[str, Any]) -> None:
        stored.clear()
        stored.update(copy.deepcopy(scene.files))
        write(values)

    miner.write = note  # type: ignore[method-assign]
    await scene.until(lambda: bool(stored))
    miner.write = write  # type: ignore[method-assign]
    miner.faults.set(offline=True)
    await scene.unload()
    scene.hass_storage |= stored
    miner.faults.set(offline=False)
    await scene.load()


async def disabled(scene: Scene) -> None:
    """Disable the miner in Home Assistant, and enable it again."""
    entries, entry = scene.hass.config_entries, scene.entry
    await entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    await scene.settle()
    assert setting(scene.server) == scene.original
    await scene.pass_time(5 * MINUTE)
    await entries.async_set_disabled_by(entry.entry_id, None)
    await scene.settle()


@pytest.mark.parametrize(
    ("event", "phase"),
    [
        (pools_lost, "soaking"),
        (updated, "soaking"),
        (killed_after_a_write, "settling"),
        (disabled, "measuring"),
        (disabled, "soaking"),
    ],
)
async def test_the_setting_from_before_comes_back(
    scene: Scene, event: Callable[[Scene], Awaitable[None]], phase: str
) -> None:
    """In the end, within limits and budget."""
    await begin(scene, phase)
    limits = scene.entry.runtime_data.limits
    await event(scene)
    await come_to_an_end(scene)
    check_requests(scene, limits)
    assert setting(scene.server) == scene.original


async def test_levels_of_the_guard_that_change(
    scene: Scene, swarm: MockConfigEntry
) -> None:
    """Those of all miners count at once for what goes on."""
    await begin(scene, "measuring")
    tuner = the_tuner(scene.hass, scene.entry)
    levels = {CONF_GUARD: {"asic_critical": 64}}
    scene.hass.config_entries.async_update_entry(swarm, options=levels)
    await scene.pass_time(20)
    assert tuner.run is not None
    assert tuner.run.machine.maximum_temperature == 63
    assert len(tuner.run.trials) == 1
    await come_to_an_end(scene)
    assert setting(scene.server) == scene.original


@pytest.mark.parametrize("keep", ["best", "original"])
@pytest.mark.parametrize("phase", ["settling", "stepping_back", "soaking"])
async def test_stopped_while_it_is_away(scene: Scene, phase: str, keep: str) -> None:
    """The miner is brought to what was asked for as soon as it is back."""
    await begin(scene, phase)
    run = the_tuner(scene.hass, scene.entry).run
    assert run is not None
    best = run.point if isinstance(run, SoakTest) else run.good
    kept = scene.original if keep == "original" else best
    scene.server.miner.faults.set(offline=True)
    await scene.call("stop_tuning", keep=keep)
    assert state(scene.hass, scene.entry) == "stopped"
    await scene.pass_time(2 * MINUTE)
    scene.server.miner.faults.set(offline=False)
    await scene.until(lambda: the_tuner(scene.hass, scene.entry).task is None)
    assert setting(scene.server) == kept
    await scene.pass_time(3 * MINUTE)
    assert scene.entry.runtime_data.intended.operating_point == kept


async def test_another_board_is_left_alone(scene: Scene) -> None:
    """Whatever it is set to: nothing that was measured is of it."""
    await begin(scene, "measuring")
    exchange_board(scene.server)
    await scene.pass_time(MINUTE)
    assert reason(scene.hass, scene.entry) == "board_changed"
    await come_to_an_end(scene)
    assert [item for item in scene.server.miner.requests if item.method != "GET"] == []
