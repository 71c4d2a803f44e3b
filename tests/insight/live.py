"""Somebody who looks at live data, over a real websocket."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from homeassistant.auth.models import Group, User
from homeassistant.auth.permissions import PermissionLookup
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

type Subscribe = Callable[..., Awaitable[Screen]]
type Watch = Callable[..., Awaitable[list[dict[str, Any]]]]


class Screen:
    """A card: shows what was sent to it."""

    def __init__(self, connection: MockHAClientWebSocket, subscription: int) -> None:
        """Begin with nothing."""
        self.connection = connection
        self.subscription = subscription
        self.miners: dict[str, dict[str, Any]] = {}
        self.swarm: dict[str, Any] = {}
        self.diffs: list[dict[str, Any]] = []

    async def catch_up(self) -> list[dict[str, Any]]:
        """Take in the events that were sent so far, and return them."""
        await self.connection.send_json_auto_id({"type": "ping"})
        events: list[dict[str, Any]] = []
        while (message := await self.connection.receive_json())["type"] != "pong":
            assert message["type"] == "event"
            assert message["id"] == self.subscription
            events.append(message["event"])
            self._take(message["event"])
        return events

    async def ask(self, command: str, **data: Any) -> dict[str, Any]:
        """Send another command once all events are taken in, and return the reply."""
        await self.catch_up()
        await self.connection.send_json_auto_id({"type": command, **data})
        reply: dict[str, Any] = await self.connection.receive_json()
        assert reply["type"] == "result"
        return reply

    def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == "full":
            self.miners, self.swarm = event["miners"], event["swarm"]
            return
        self.diffs.append(event)
        for key, changed in event["miners"].items():
            if changed is None:
                del self.miners[key]
            else:
                self.miners.setdefault(key, {}).update(changed)
        self.swarm.update(event["swarm"])


async def limited_user(
    hass: HomeAssistant, entities: Mapping[str, Any], name: str = "limited"
) -> tuple[User, str]:
    """Create a user who may do so much to entities; return it, and a token."""
    store = hass.auth._store  # noqa: SLF001
    # Home Assistant reads groups from its storage, and has no way to make one.
    store._groups[name] = Group(  # noqa: SLF001
        name=name, policy={"entities": entities}, id=name
    )
    store._perm_lookup = PermissionLookup(  # noqa: SLF001
        er.async_get(hass), dr.async_get(hass)
    )
    user = await hass.auth.async_create_user(name, group_ids=[name])
    refresh_token = await hass.auth.async_create_refresh_token(
        user, "https://example.com/"
    )
    return user, hass.auth.async_create_access_token(refresh_token)
