"""Offers the dashboard where there is none, once, and adds it."""

import asyncio
from collections.abc import Mapping
import logging
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.http import WebSocketAdapter
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_LOVELACE_UPDATED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.json import json_dumps
from homeassistant.helpers.start import async_at_started
from homeassistant.util.json import json_loads_object

from .. import issues
from ..const import CONF_DASHBOARD_ANSWERED, DOMAIN
from ..following import swarm_entry

_LOGGER = logging.getLogger(__package__)

_STRATEGY: Final = "custom:bitaxe"
_TITLE: Final = "Bitaxe"
_ICON: Final = "mdi:pickaxe"
_PATH: Final = "bitaxe-swarm"
_TIMEOUT: Final = 10


@callback
def async_offer_dashboard(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Offer the dashboard until somebody answers, or makes one.

    Done where the swarm is set up, which is with the first miner.
    """

    async def offer(_: HomeAssistant | Event[Any]) -> None:
        if LOVELACE_DATA not in hass.data or entry.data.get(CONF_DASHBOARD_ANSWERED):
            return
        if await _async_has_dashboard(hass):
            async_answer(hass)
            return
        ir.async_create_issue(
            hass,
            DOMAIN,
            issues.DASHBOARD,
            data={"kind": issues.DASHBOARD},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=issues.DASHBOARD,
        )

    entry.async_on_unload(async_at_started(hass, offer))
    entry.async_on_unload(hass.bus.async_listen(EVENT_LOVELACE_UPDATED, offer))


@callback
def async_answer(hass: HomeAssistant) -> None:
    """Never offer it again, whatever the answer was."""
    ir.async_delete_issue(hass, DOMAIN, issues.DASHBOARD)
    if (entry := swarm_entry(hass)) is not None:
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, CONF_DASHBOARD_ANSWERED: True}
        )


async def async_add_dashboard(hass: HomeAssistant, user: User) -> str:
    """Add the dashboard to the sidebar, and return its path.

    Home Assistant shares its list of dashboards only with its own commands, so these
    are given, as the browser of the user would.

    Raises:
        HomeAssistantError: it was refused, for example as the user is no administrator.

    """
    taken = hass.data[LOVELACE_DATA].dashboards
    path = next(
        path
        for number in range(1, len(taken) + 2)
        if (path := _PATH if number == 1 else f"{_PATH}-{number}") not in taken
    )
    commands: list[dict[str, Any]] = [
        {
            "type": "lovelace/dashboards/create",
            "url_path": path,
            "title": _TITLE,
            "icon": _ICON,
            "mode": "storage",
        },
        {
            "type": "lovelace/config/save",
            "url_path": path,
            "config": {"strategy": {"type": _STRATEGY}},
        },
    ]
    # A task of its own: a connection makes itself that of the task that it is in.
    await hass.async_create_task(_async_command(hass, user, commands))
    return path


async def _async_command(
    hass: HomeAssistant, user: User, commands: list[dict[str, Any]]
) -> None:
    """Give commands one after another, in the name of a user."""
    answers: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()

    def answer(message: bytes | str | dict[str, Any]) -> None:
        answers.put_nowait(
            message if isinstance(message, dict) else json_loads_object(message)
        )

    connection = ActiveConnection(
        WebSocketAdapter(_LOGGER, {"connid": id(answers)}),
        hass,
        answer,
        user,
        None,
        None,
    )
    try:
        for number, command in enumerate(commands, 1):
            connection.async_handle({"id": number, **command})
            async with asyncio.timeout(_TIMEOUT):
                message = await answers.get()
            if not message["success"]:
                raise _refused(str(message["error"]["message"]))
    except TimeoutError as err:
        raise _refused(str(err)) from err
    finally:
        connection.async_handle_close()


def _refused(reason: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="dashboard_refused",
        translation_placeholders={"reason": reason},
    )


async def _async_has_dashboard(hass: HomeAssistant) -> bool:
    """Return whether any dashboard shows something of ours."""
    for dashboard in list(hass.data[LOVELACE_DATA].dashboards.values()):
        try:
            config = await dashboard.async_load(False)
        except HomeAssistantError:
            # It is made anew each time, or cannot be read.
            continue
        if _STRATEGY in json_dumps(config):
            return True
    return False
