"""A board that changed under the same MAC: the former one says nothing of it."""

from typing import Any

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.guard.guard import guard_options
from custom_components.bitaxe.tuning.preparation import async_describe_machine

from ..conftest import PassTime, Settle
from ..entities import state_of
from ..test_other_board import exchange_board
from .conftest import AddRecordedMiner, RecordedMiner

pytestmark = pytest.mark.usefixtures("every_entity")

HOUR = 3600


async def configurations(hass: HomeAssistant, recorded: RecordedMiner) -> list[Any]:
    """Return what is known of each setting of a miner."""
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "get_configurations",
        {"device_id": recorded.device_id},
        blocking=True,
        return_response=True,
    )
    (miner,) = answer["miners"]
    found: list[Any] = miner["configurations"]
    return found


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_the_former_board_did_is_not_advised(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    pass_time: PassTime,
    settle: Settle,
    restarted: bool,
) -> None:
    """Neither as best setting nor to the tuner: taken back at once, and for good."""
    recorded = await add_recorded_miner()
    entry, server = recorded.entry, recorded.server
    await pass_time(90)
    best = state_of(hass, entry, "sensor", "best_configuration").state
    assert best == "490 MHz / 1100 mV"
    known = await configurations(hass, recorded)
    assert len(known) > 1
    former = server.miner
    if restarted:
        await hass.config_entries.async_unload(entry.entry_id)
    exchange_board(server)
    if restarted:
        await hass.config_entries.async_setup(entry.entry_id)
        await settle()
    await pass_time(10)
    # What is shown was worked out before, and is taken back at once.
    shown = state_of(hass, entry, "sensor", "best_configuration").state
    assert shown == STATE_UNKNOWN
    await pass_time(2 * HOUR, 60)
    assert await configurations(hass, recorded) == []
    machine = await async_describe_machine(
        hass, entry.runtime_data, guard_options(hass)
    )
    assert machine.known == ()
    # The former one, once it is mended, finds its own again.
    server.miner = former
    await pass_time(15 * 60, 60)
    again = await configurations(hass, recorded)
    assert len(again) == len(known)
    assert state_of(hass, entry, "sensor", "best_configuration").state == best
