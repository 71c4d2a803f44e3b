"""Home Assistant's own interfaces, as its frontend uses them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from .errors import DemoError

USERNAME = "demo"


class HomeAssistantClient:
    """An administrator at the HTTP and websocket interfaces."""

    def __init__(self, session: ClientSession, url: str) -> None:
        """Talk to the Home Assistant at a URL, as nobody at first."""
        self._session = session
        self._url = url
        self._token = ""

    @property
    def token(self) -> str:
        """The access token, once logged in; good for half an hour."""
        return self._token

    async def onboard(self, password: str) -> None:
        """Create the owner and become it."""
        code = await self.post(
            "/api/onboarding/users",
            {
                "name": "Demo",
                "username": USERNAME,
                "password": password,
                "client_id": f"{self._url}/",
                "language": "en",
            },
        )
        await self._fetch_token(code["auth_code"])

    async def log_in(self, password: str) -> None:
        """Become the owner, whom an earlier start created."""
        flow = await self.post(
            "/auth/login_flow",
            {
                "client_id": f"{self._url}/",
                "handler": ["homeassistant", None],
                "redirect_uri": f"{self._url}/",
            },
        )
        result = await self.post(
            f"/auth/login_flow/{flow['flow_id']}",
            {
                "client_id": f"{self._url}/",
                "username": USERNAME,
                "password": password,
            },
        )
        if result["type"] != "create_entry":
            raise DemoError("the password was changed: --fresh begins anew")
        await self._fetch_token(result["result"])

    async def _fetch_token(self, code: str) -> None:
        async with self._session.post(
            f"{self._url}/auth/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "client_id": f"{self._url}/",
            },
        ) as response:
            response.raise_for_status()
            self._token = (await response.json())["access_token"]

    async def is_running(self) -> bool:
        """Return whether all that Home Assistant starts with is set up."""
        async with self._session.get(
            f"{self._url}/api/core/state",
            headers={"Authorization": f"Bearer {self._token}"},
        ) as response:
            return response.ok and (await response.json())["state"] == "RUNNING"

    async def post(self, path: str, data: dict[str, Any]) -> Any:
        """Post JSON, and return what is answered."""
        return await self._send("POST", path, data)

    async def delete(self, path: str) -> Any:
        """Delete what is at a path, and return what is answered."""
        return await self._send("DELETE", path, None)

    async def _send(self, method: str, path: str, data: dict[str, Any] | None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._session.request(
            method, self._url + path, json=data, headers=headers
        ) as response:
            if not response.ok:
                raise DemoError(f"{path}: {await response.text()}")
            return await response.json()

    @asynccontextmanager
    async def websocket(self) -> AsyncIterator[Websocket]:
        """Open a connection for commands."""
        async with self._session.ws_connect(f"{self._url}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            if (await socket.receive_json())["type"] != "auth_ok":
                raise DemoError("Home Assistant does not accept its own token")
            yield Websocket(socket)


class Websocket:
    """An authenticated connection."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        """Take over a connection."""
        self._socket = socket
        self._id = 0

    async def command(self, command: str, **arguments: Any) -> Any:
        """Send a command, and return its result."""
        self._id += 1
        await self._socket.send_json({"id": self._id, "type": command, **arguments})
        while True:
            message = await self._socket.receive_json()
            if message.get("id") == self._id and message["type"] == "result":
                if not message["success"]:
                    raise DemoError(f"{command}: {message['error']['message']}")
                return message["result"]
