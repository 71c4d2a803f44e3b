"""Restarts several miners one after another.

Never all at once: the swarm keeps hashing, its supply sees no common inrush, and a
setting that keeps one miner from starting is noticed while the others still run.
"""

import asyncio
from collections.abc import Callable, Sequence
import logging
from typing import Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from ..axeos import Command
from ..containment import async_attempt
from ..coordinator import MinerCoordinator
from ..miner.meter import Reading
from ..miner.write_log import Origin

_LOGGER = logging.getLogger(__package__)

LONGEST_WAIT: Final = 90.0
"""Seconds after which the next miner restarts although the last has not answered."""


async def async_restart_in_turn(
    miners: Sequence[MinerCoordinator], origin: Origin
) -> dict[str, HomeAssistantError]:
    """Restart each miner once the one before it answers again.

    Returns the error of each miner, by name, that could not be restarted. One
    that does not come back is not among them: it is offline, and reported as such.
    """
    failed: dict[str, HomeAssistantError] = {}

    def note(miner: MinerCoordinator, err: HomeAssistantError | None) -> None:
        if err is not None:
            failed[miner.name] = err

    await async_restart_each_in_turn(miners, origin, note)
    return failed


async def async_restart_each_in_turn(
    miners: Sequence[MinerCoordinator],
    origin: Origin,
    report: Callable[[MinerCoordinator, HomeAssistantError | None], None],
    stopped: Callable[[], bool] = bool,
) -> None:
    """Restart each miner once the one before it answers again.

    `report` hears of each miner that was asked to restart, or why it was not. No
    further one is restarted after `stopped` returns true.
    """
    for miner in miners:
        if stopped():
            return
        back = asyncio.Event()
        before = miner.data

        @callback
        def look(
            miner: MinerCoordinator = miner,
            before: Reading = before,
            back: asyncio.Event = back,
        ) -> None:
            if (
                miner.last_update_success
                and miner.data.figures.restarts > before.figures.restarts
            ):
                back.set()

        remove_listener = miner.async_add_listener(look)
        try:
            err = await async_attempt(
                miner.name, miner.async_execute(Command.RESTART, origin=origin)
            )
            report(miner, err)
            if err is None and miner is not miners[-1]:
                async with asyncio.timeout(LONGEST_WAIT):
                    await back.wait()
        except TimeoutError:
            _LOGGER.info("%s has not answered since its restart", miner.name)
        finally:
            remove_listener()
