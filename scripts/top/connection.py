"""The websocket of Home Assistant: a subscription, and now and then the history."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

from aiohttp import (
    ClientError,
    ClientSession,
    ClientSSLError,
    ClientWebSocketResponse,
    InvalidURL,
    NonHttpUrlClientError,
    WSMsgType,
    WSServerHandshakeError,
)

from .account import Account
from .errors import NotReadyError, TopError

_HEARTBEAT: Final = 15.0
_LONGEST_REPLY: Final = 60.0


class Connection:
    """A logged-in connection."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        """Take over a socket; `listen` must run for anything to be heard."""
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        """What subscriptions bring."""
        self._socket = socket
        self._id = 0
        self._replies: dict[int, asyncio.Future[Any]] = {}

    async def ask(self, command: str, **arguments: Any) -> Any:
        """Send a command, and return its result.

        Raises:
            NotReadyError: the connection is lost, or the integration not loaded yet.
            TopError: Home Assistant refuses.

        """
        self._id += 1
        reply = self._replies[self._id] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_json({"id": self._id, "type": command} | arguments)
            async with asyncio.timeout(_LONGEST_REPLY):
                return await reply
        except (ClientError, ConnectionError) as err:
            raise NotReadyError("Home Assistant does not answer") from err
        except TimeoutError as err:
            raise NotReadyError("Home Assistant is very slow") from err

    async def listen(self) -> None:
        """Hear replies and events until the connection is lost.

        Raises:
            NotReadyError: it is lost.

        """
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(message.json())
        finally:
            lost = NotReadyError("Home Assistant is away")
            for reply in self._replies.values():
                if not reply.done():
                    reply.set_exception(lost)
                    # Whoever asked may have ended meanwhile.
                    reply.exception()
        raise lost

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "event":
            self.events.put_nowait(message["event"])
            return
        reply = self._replies.pop(message.get("id", 0), None)
        if reply is None or reply.done():
            return
        if message.get("success"):
            reply.set_result(message["result"])
            return
        error = message["error"]
        reply.set_exception(
            NotReadyError("the Bitaxe integration is not loaded")
            if error["code"] == "unknown_command"
            else TopError(error["message"])
        )


async def _open(session: ClientSession, url: str) -> ClientWebSocketResponse:
    """Open a websocket.

    Raises:
        NotReadyError: nobody answers.
        TopError: waiting will not help.

    """
    try:
        return await session.ws_connect(
            f"{url}/api/websocket", heartbeat=_HEARTBEAT, max_msg_size=0
        )
    except (InvalidURL, NonHttpUrlClientError) as err:
        raise TopError(
            f"{url} is no address: it must begin with http:// or https://"
        ) from err
    except ClientSSLError as err:
        raise TopError(f"the connection to {url} cannot be secured: {err}") from err
    except WSServerHandshakeError as err:
        if err.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotReadyError(f"{url} is not ready (HTTP {err.status})") from err
        raise TopError(
            f"{url} refuses this machine: Home Assistant may have banned its address"
            if err.status == HTTPStatus.FORBIDDEN
            else f"{url} is not Home Assistant (HTTP {err.status})"
        ) from err
    except (ClientError, OSError) as err:
        raise NotReadyError(f"{url} does not answer") from err


@asynccontextmanager
async def connect(
    session: ClientSession, account: Account
) -> AsyncIterator[Connection]:
    """Open a connection that is listened to while it is used.

    Raises:
        NotReadyError: nobody answers, or the connection is lost later.
        TopError: the address is wrong, or the token is not accepted.

    """
    token = await account.get_token(session)
    async with await _open(session, account.url) as socket:
        try:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": token})
            answer = await socket.receive_json()
        except (ClientError, TypeError, ValueError) as err:
            raise NotReadyError(f"{account.url} does not answer") from err
        if answer["type"] != "auth_ok":
            raise TopError(
                "Home Assistant does not accept the token: create a new one (your"
                " profile > Security)"
            )
        connection = Connection(socket)
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(connection.listen())
            yield connection
            listening.cancel()
