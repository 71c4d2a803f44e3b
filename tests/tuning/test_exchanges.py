"""What a run is about is exchanged while it goes on: board, firmware, entry, pool."""

from collections.abc import Awaitable, Callable
import copy
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
import pytest

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
from .test_session import reason, setting

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


async def test_another_board_is_left_alone(scene: Scene) -> None:
    """Whatever it is set to: nothing that was measured is of it."""
    await begin(scene, "measuring")
    exchange_board(scene.server)
    await scene.pass_time(MINUTE)
    assert reason(scene.hass, scene.entry) == "board_changed"
    await come_to_an_end(scene)
    assert [item for item in scene.server.miner.requests if item.method != "GET"] == []
