"""Keeps the board up to date, through restarts of Home Assistant."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from aiohttp import ClientSession

from .account import Account
from .board import Board, pasts
from .connection import Connection, connect
from .errors import NotReadyError, TopError

_HISTORY_SECONDS: Final = 300.0
"""How often the history is read: the recorder sums up every five minutes."""
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 15.0


async def watch_once(account: Account, board: Board) -> None:
    """Fill the board, history included.

    Raises:
        TopError: that is not possible.

    """
    async with ClientSession() as session:
        try:
            async with connect(session, account) as connection:
                await connection.ask("bitaxe/subscribe")
                board.take(await connection.events.get())
                await _read_history(connection, board)
        except* TopError as errors:
            raise _first(errors) from None


async def watch(
    account: Account, board: Board, interval: float, changed: Callable[[], None]
) -> None:
    """Keep the board up to date until cancelled, and tell when something changed.

    Raises:
        TopError: waiting will not mend it.

    """
    pause = _FIRST_PAUSE
    async with ClientSession() as session:
        while True:
            try:
                async with connect(session, account) as connection:
                    await connection.ask("bitaxe/subscribe", interval=interval)
                    board.problem = None
                    pause = _FIRST_PAUSE
                    async with asyncio.TaskGroup() as group:
                        group.create_task(_follow_history(connection, board, changed))
                        while True:
                            board.take(await connection.events.get())
                            changed()
            except* TopError as errors:
                error = _first(errors)
                if not isinstance(error, NotReadyError):
                    raise error from None
                board.problem = f"{error}; trying again"
                changed()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def _follow_history(
    connection: Connection, board: Board, changed: Callable[[], None]
) -> None:
    while True:
        await _read_history(connection, board)
        changed()
        await asyncio.sleep(_HISTORY_SECONDS)


async def _read_history(connection: Connection, board: Board) -> None:
    """Read sparklines and means; without a recorder there are none."""
    hashrate = {"columns": ["hashrate_ghs"], "changes": False}
    # Another reason than a lost connection is one for no history, not for no view.
    with suppress(TopError):
        try:
            board.past = pasts(
                await connection.ask("bitaxe/series", span="1h", **hashrate),
                await connection.ask(
                    "bitaxe/series", span="24h", points=24, **hashrate
                ),
                await connection.ask("bitaxe/summary", span="24h"),
            )
        except NotReadyError:
            return


def _first(errors: BaseExceptionGroup[TopError]) -> TopError:
    """Return the error that is told: one that waiting will not mend, if there is."""
    found: list[TopError] = []
    pending: list[BaseException] = [errors]
    while pending:
        item = pending.pop()
        if isinstance(item, BaseExceptionGroup):
            pending += item.exceptions
        elif isinstance(item, TopError):
            found.append(item)
    return next(
        (error for error in found if not isinstance(error, NotReadyError)), found[0]
    )
