"""Connections that are closed after one reply, on our side too.

A request with `Connection: close` does not keep aiohttp from returning the connection
to its pool when the reply lacks that header. The firmware sends none: NerdOS just
closes, AxeOS drops idle sockets when it needs them. The next request then goes into a
dead connection. If that is a restart, whose lost reply counts as success, it would
never have been sent.
"""

from typing import override

from aiohttp import (
    ClientConnectorError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ServerDisconnectedError,
)
from aiohttp.connector import Connection

from .errors import ConnectionLostError


class _ClosingResponse(ClientResponse):
    """A reply whose connection nobody uses again."""

    @override
    async def start(self, connection: Connection) -> ClientResponse:
        assert connection.protocol is not None
        connection.protocol.force_close()
        return await super().start(connection)


async def close_after_reply(
    request: ClientRequest, handler: ClientHandlerType
) -> ClientResponse:
    """Send a request once, over a connection of its own (an aiohttp middleware).

    Raises:
        ConnectionLostError: if the connection breaks. aiohttp itself would send a GET
            again without saying so.

    """
    request.response_class = _ClosingResponse
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError) as err:
        raise ConnectionLostError(str(err) or type(err).__name__) from err
