"""The websocket of Home Assistant: commands, actions, and what subscriptions bring."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any, Final
import unicodedata

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
from .errors import CommandError, NotReadyError, RefusedError
from .texts import Texts

_HEARTBEAT: Final = 15.0
_LONGEST_REPLY: Final = 60.0
_LONGEST_ACTION: Final = 600.0
"""s; a file of a year's samples takes its time."""
_LINES: Final = frozenset("\t\n\r")
# What turns the direction of writing, so that a name reads as another.
_TURNS: Final = frozenset(
    map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)


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
            CommandError: Home Assistant refuses.

        """
        return await self._ask(_LONGEST_REPLY, command, arguments)

    async def act(self, action: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Perform an action of the integration that answers, and return its answer.

        Raises:
            NotReadyError: the connection is lost, or the integration not loaded yet.
            CommandError: Home Assistant refuses.

        """
        arguments = {
            "domain": "bitaxe",
            "service": action,
            "service_data": dict(data),
            "return_response": True,
        }
        result = await self._ask(_LONGEST_ACTION, "call_service", arguments)
        answer: dict[str, Any] = result["response"]
        return answer

    async def read_texts(self, known: Texts) -> Texts:
        """Return the texts in Home Assistant's language, or those that are known.

        They come from its frontend, which not every Home Assistant has.
        """
        resources: dict[str, str] = {}
        with suppress(CommandError):
            config = await self.ask("get_config")
            for category in ("selector", "exceptions"):
                answer = await self.ask(
                    "frontend/get_translations",
                    language=config["language"],
                    category=category,
                    integration="bitaxe",
                )
                resources |= answer["resources"]
        return Texts(resources) if resources else known

    async def _ask(
        self, longest: float, command: str, arguments: Mapping[str, Any]
    ) -> Any:
        """Send a command, and wait for its result for so many s."""
        self._id += 1
        reply = self._replies[self._id] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_json({"id": self._id, "type": command, **arguments})
            async with asyncio.timeout(longest):
                return await reply
        except (ClientError, ConnectionError) as err:
            raise NotReadyError("terminal.silent") from err
        except TimeoutError as err:
            raise NotReadyError("terminal.slow") from err

    async def listen(self) -> None:
        """Hear replies and events until the connection is lost.

        Raises:
            NotReadyError: it is lost.

        """
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(_printable(message.json()))
        finally:
            lost = NotReadyError("terminal.away")
            for reply in self._replies.values():
                if not reply.done():
                    reply.set_exception(lost)
                    # The one who asked may have ended meanwhile.
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
        reply.set_exception(_error(message["error"]))


def _printable(value: Any) -> Any:
    """Return what was received without characters that control a terminal.

    Anybody may call a miner so that its name moves the cursor, or sets the title.
    """
    match value:
        case str():
            if value.isprintable():
                return value
            return "".join(
                character
                for character in value
                if character in _LINES
                or not (unicodedata.category(character) == "Cc" or character in _TURNS)
            )
        case dict():
            return {_printable(key): _printable(item) for key, item in value.items()}
        case list():
            return [_printable(item) for item in value]
    return value


def _error(error: Mapping[str, Any]) -> CommandError:
    """Return what Home Assistant answers instead of a result."""
    key = error.get("translation_key")
    if error["code"] == "unknown_command" or key == "service_not_found":
        return NotReadyError("terminal.not_loaded")
    if error.get("translation_domain") != "bitaxe":
        key = None
    return RefusedError(error["message"], key, error.get("translation_placeholders"))


async def _open(session: ClientSession, url: str) -> ClientWebSocketResponse:
    """Open a websocket.

    Raises:
        NotReadyError: nobody answers.
        CommandError: waiting will not help.

    """
    try:
        return await session.ws_connect(
            f"{url}/api/websocket", heartbeat=_HEARTBEAT, max_msg_size=0
        )
    except (InvalidURL, NonHttpUrlClientError) as err:
        raise CommandError(
            "terminal.no_address", url=url, plain="http://", encrypted="https://"
        ) from err
    except ClientSSLError as err:
        raise CommandError("terminal.insecure", url=url, reason=str(err)) from err
    except WSServerHandshakeError as err:
        if err.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotReadyError(
                "terminal.not_ready", url=url, status=err.status
            ) from err
        raise CommandError(
            "terminal.banned"
            if err.status == HTTPStatus.FORBIDDEN
            else "terminal.not_home_assistant",
            url=url,
            status=err.status,
        ) from err
    except (ClientError, OSError) as err:
        raise NotReadyError("terminal.no_answer_at", url=url) from err


@asynccontextmanager
async def connect(
    session: ClientSession, account: Account
) -> AsyncIterator[Connection]:
    """Open a connection that is listened to while it is used.

    Raises:
        NotReadyError: nobody answers, or the connection is lost later.
        CommandError: the address is wrong, or the token is not accepted.

    """
    token = await account.get_token(session)
    async with await _open(session, account.url) as socket:
        try:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": token})
            answer = await socket.receive_json()
        except (ClientError, TypeError, ValueError) as err:
            raise NotReadyError("terminal.no_answer_at", url=account.url) from err
        if answer["type"] != "auth_ok":
            raise CommandError("terminal.wrong_token")
        connection = Connection(socket)
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(connection.listen())
            yield connection
            listening.cancel()


async def run[T](account: Account, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Do something with a connection, and close it.

    Raises:
        CommandError: that is not possible.

    """
    async with ClientSession() as session:
        try:
            async with connect(session, account) as connection:
                return await work(connection)
        except* CommandError as errors:
            raise worst(errors) from None


def worst(errors: BaseExceptionGroup[CommandError]) -> CommandError:
    """Return the error to report: one that waiting will not mend, if there is."""
    found: list[CommandError] = []
    pending: list[BaseException] = [errors]
    while pending:
        item = pending.pop()
        if isinstance(item, BaseExceptionGroup):
            pending += item.exceptions
        elif isinstance(item, CommandError):
            found.append(item)
    return next(
        (error for error in found if not isinstance(error, NotReadyError)), found[0]
    )
