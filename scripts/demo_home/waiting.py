"""Waiting for what Home Assistant does in its own time."""

import asyncio
from collections.abc import Awaitable, Callable

from .errors import DemoError

_LONGEST_WAIT = 120.0
"""s; a slow machine with cold caches included."""


async def eventually[T](what: str, find: Callable[[], Awaitable[T | None]]) -> T:
    """Return what is found, as soon as it is.

    Raises:
        DemoError: it is still missing after two minutes.

    """
    try:
        async with asyncio.timeout(_LONGEST_WAIT):
            while (found := await find()) is None:
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise DemoError(f"{what} did not come: see the log") from None
    return found
