"""Restarts several miners one after another.

Never all at once: the swarm keeps hashing, its supply sees no common inrush, and a
setting that keeps one miner from starting is noticed while the others still run.
"""

import asyncio
from collections.abc import Sequence
import logging
from typing import Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from .axeos import Command
from .coordinator import MinerCoordinator

_LOGGER = logging.getLogger(__package__)

LONGEST_WAIT: Final = 90.0
"""s after which the next miner restarts although the last has not answered."""


async def async_restart_in_turn(
    miners: Sequence[MinerCoordinator],
) -> dict[str, HomeAssistantError]:
    """Restart each miner once the one before it answers again.

    Returns the error of each miner, by name, that could not be told to restart. One
    that does not come back is not among them: it is offline, and told as such.
    """
    failed: dict[str, HomeAssistantError] = {}
    for miner in miners:
        back = asyncio.Event()
        restarts = miner.data.figures.restarts

        @callback
        def look(
            miner: MinerCoordinator = miner,
            restarts: int = restarts,
            back: asyncio.Event = back,
        ) -> None:
            if miner.last_update_success and miner.data.figures.restarts > restarts:
                back.set()

        remove_listener = miner.async_add_listener(look)
        try:
            await miner.async_execute(Command.RESTART)
            if miner is not miners[-1]:
                async with asyncio.timeout(LONGEST_WAIT):
                    await back.wait()
        except TimeoutError:
            _LOGGER.info("%s has not answered since its restart", miner.name)
        except HomeAssistantError as err:
            failed[miner.name] = err
        finally:
            remove_listener()
    return failed
