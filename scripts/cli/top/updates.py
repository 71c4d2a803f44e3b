"""Keeps the store up to date, through restarts of Home Assistant."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from aiohttp import ClientSession

from ..account import Account
from ..connection import Connection, connect, run, worst
from ..errors import CommandError, NotReadyError
from ..queries import fetch_now
from ..store import Store, parse_history

_HISTORY_SECONDS: Final = 300.0
"""How often the history is read: the recorder sums up every five minutes."""
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 15.0


async def fetch_once(account: Account, store: Store) -> None:
    """Fill the store, history included.

    Raises:
        CommandError: that is not possible.

    """

    async def fetch(connection: Connection) -> None:
        await fetch_now(connection, store)
        await _read_history(connection, store)

    await run(account, fetch)


async def follow(
    account: Account, store: Store, interval: float, changed: Callable[[], None]
) -> None:
    """Keep the store up to date until cancelled, and report when something changed.

    Raises:
        CommandError: waiting will not mend it.

    """
    pause = _FIRST_PAUSE
    async with ClientSession() as session:
        while True:
            try:
                async with connect(session, account) as connection:
                    store.texts = await connection.read_texts(store.texts)
                    await connection.ask("bitaxe/subscribe", interval=interval)
                    store.problem = None
                    pause = _FIRST_PAUSE
                    async with asyncio.TaskGroup() as group:
                        group.create_task(_follow_history(connection, store, changed))
                        while True:
                            store.apply(await connection.events.get())
                            changed()
            except* CommandError as errors:
                error = worst(errors)
                if not isinstance(error, NotReadyError):
                    raise error from None
                store.problem = store.texts(
                    "terminal.trying_again", problem=error.described(store.texts)
                )
                changed()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def _follow_history(
    connection: Connection, store: Store, changed: Callable[[], None]
) -> None:
    while True:
        await _read_history(connection, store)
        changed()
        await asyncio.sleep(_HISTORY_SECONDS)


async def _read_history(connection: Connection, store: Store) -> None:
    """Read sparklines and means; without a recorder there are none."""
    hashrate = {"columns": ["hashrate_ghs"], "changes": False}
    # Another reason than a lost connection is one for no history, not for no view.
    with suppress(CommandError):
        try:
            store.history = parse_history(
                await connection.ask("bitaxe/series", span="1h", **hashrate),
                await connection.ask(
                    "bitaxe/series", span="24h", points=24, **hashrate
                ),
                await connection.ask("bitaxe/summary", span="24h"),
            )
        except NotReadyError:
            return
