"""What the logbook says of alerts, and of what was done from Discord."""

from collections.abc import Callable
from typing import Any, Final

from homeassistant.components.logbook.const import (
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.core import Event, HomeAssistant, callback

from .alerts.model import AlertPhase
from .const import COMMAND_DONE, DOMAIN, EVENT_ALERT, EVENT_DISCORD_COMMAND
from .texts import async_get_texts

_ICONS: Final = {
    AlertPhase.RAISED.value: "mdi:alert-circle",
    AlertPhase.CLEARED.value: "mdi:check-circle",
    AlertPhase.HAPPENED.value: "mdi:information",
}


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[Event[dict[str, Any]]], dict[str, str]]], None
    ],
) -> None:
    """Describe our events."""

    @callback
    def describe_alert(event: Event[dict[str, Any]]) -> dict[str, str]:
        return {
            LOGBOOK_ENTRY_NAME: event.data["name"],
            LOGBOOK_ENTRY_MESSAGE: event.data["message"],
            LOGBOOK_ENTRY_ICON: _ICONS[event.data["phase"]],
        }

    @callback
    def describe_command(event: Event[dict[str, Any]]) -> dict[str, str]:
        data = event.data
        message = async_get_texts(hass)(
            "alert_message.command",
            user=data["user"],
            channel=data["channel"],
            command=data["command"],
        )
        if (result := data.get("result", COMMAND_DONE)) != COMMAND_DONE:
            message = f"{message} ({result})"
        return {
            LOGBOOK_ENTRY_NAME: data.get("name") or "Bitaxe",
            LOGBOOK_ENTRY_MESSAGE: message,
            LOGBOOK_ENTRY_ICON: "mdi:chat",
        }

    async_describe_event(DOMAIN, EVENT_ALERT, describe_alert)
    async_describe_event(DOMAIN, EVENT_DISCORD_COMMAND, describe_command)
