"""Sends alerts to phones, or whatever else Home Assistant can notify."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
import logging
from typing import Any, Final

from homeassistant.components.notify.const import (
    ATTR_MESSAGE,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
    SERVICE_SEND_MESSAGE,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import CONF_NOTIFICATIONS
from ..texts import async_get_texts
from .kinds import KINDS
from .model import AlertKind, Severity
from .monitor import AlertMonitor, MinerAlert
from .texts import describe

_LOGGER = logging.getLogger(__package__)

CONF_ENTITIES: Final = "entities"
CONF_KINDS: Final = "kinds"
CONF_TEST: Final = "test"

# When the power is back, forty miners have as much to report: in one message.
_COLLECT_SECONDS: Final = 3.0
_TITLE: Final = "Bitaxe"
_WITHOUT_MARKUP: Final = str.maketrans(dict.fromkeys("_*`~[]<>&", " "))


@dataclass(frozen=True, slots=True)
class NotificationOptions:
    """Who is notified, and of which kinds of alerts."""

    entities: tuple[str, ...] = ()
    """Entities of the domain `notify`."""
    kinds: frozenset[AlertKind] = frozenset(
        kind
        for kind, specification in KINDS.items()
        if specification.severity is Severity.CRITICAL or kind is AlertKind.BLOCK_FOUND
    )

    @classmethod
    def from_dict(cls, chosen: Mapping[str, Any]) -> NotificationOptions:
        """Return what was chosen; kinds of another version are left out."""
        if not chosen:
            return cls()
        known = {kind.value for kind in AlertKind}
        return cls(
            tuple(chosen.get(CONF_ENTITIES, ())),
            frozenset(
                AlertKind(name) for name in chosen.get(CONF_KINDS, ()) if name in known
            ),
        )


def notifications_schema(options: NotificationOptions) -> vol.Schema:
    """Return the form, filled with what is chosen."""
    kinds = [kind.value for kind in AlertKind]
    return vol.Schema(
        {
            vol.Optional(CONF_ENTITIES, default=list(options.entities)): EntitySelector(
                EntitySelectorConfig(domain=NOTIFY_DOMAIN, multiple=True)
            ),
            vol.Optional(
                CONF_KINDS,
                default=[kind for kind in kinds if AlertKind(kind) in options.kinds],
            ): SelectSelector(
                SelectSelectorConfig(
                    options=kinds,
                    multiple=True,
                    mode=SelectSelectorMode.LIST,
                    translation_key="alert_kind",
                )
            ),
            vol.Optional(CONF_TEST, default=False): BooleanSelector(),
        }
    )


async def async_send_test(hass: HomeAssistant, entity_id: str) -> bool:
    """Send a test alert, and return whether it got there."""
    state = hass.states.get(entity_id)
    if state is None or state.state == STATE_UNAVAILABLE:
        return False
    text = async_get_texts(hass)("alert_message.test")
    return await _async_send(hass, entity_id, text) is None


class Notifier:
    """Sends alerts as they are raised, cleared, or happen once."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Take the options of the swarm; nothing is sent yet."""
        self._hass = hass
        self._entry = entry
        self._options = NotificationOptions.from_dict(
            entry.options.get(CONF_NOTIFICATIONS, {})
        )
        self._waiting: list[str] = []
        self._cancel: CALLBACK_TYPE | None = None
        self._failing: set[str] = set()

    @callback
    def async_start(self, alerts: AlertMonitor) -> None:
        """Send alerts until the swarm's entry is unloaded."""
        if self._options.entities and self._options.kinds:
            self._entry.async_on_unload(alerts.async_add_listener(self._on_alert))
            self._entry.async_on_unload(self._stop)

    @callback
    def _on_alert(self, miner_alert: MinerAlert) -> None:
        if miner_alert.alert.kind not in self._options.kinds:
            return
        self._waiting.append(
            f"{miner_alert.name} {describe(self._hass, miner_alert.alert)}"
        )
        if self._cancel is None:
            self._cancel = async_call_later(
                self._hass, _COLLECT_SECONDS, HassJob(self._send)
            )

    @callback
    def _stop(self) -> None:
        """Send what still waits: nobody would hear of it again."""
        if self._cancel is not None:
            self._cancel()
            self._send()

    @callback
    def _send(self, now: datetime | None = None) -> None:
        self._cancel = None
        message = "\n".join(self._waiting)
        self._waiting = []
        for entity_id in self._options.entities:
            self._hass.async_create_background_task(
                self._async_send(entity_id, message), f"bitaxe notify {entity_id}"
            )

    async def _async_send(self, entity_id: str, message: str) -> None:
        """Send to one; that it fails is logged once, and hinders no other."""
        err = await _async_send(self._hass, entity_id, message)
        if err is None:
            self._failing.discard(entity_id)
        elif entity_id not in self._failing:
            self._failing.add(entity_id)
            _LOGGER.warning("An alert was not sent to %s: %s", entity_id, err)


async def _async_send(
    hass: HomeAssistant, entity_id: str, message: str
) -> Exception | None:
    """Send a message, and return why that failed.

    Telegram refuses a name with one underscore, which would be Markdown that does not
    end. What is refused is sent once more, without what may be taken for markup.
    """
    failed: Exception | None = None
    for text in dict.fromkeys((message, message.translate(_WITHOUT_MARKUP))):
        try:
            await hass.services.async_call(
                NOTIFY_DOMAIN,
                SERVICE_SEND_MESSAGE,
                {ATTR_ENTITY_ID: entity_id, ATTR_MESSAGE: text, ATTR_TITLE: _TITLE},
                blocking=True,
            )
        except Exception as err:  # noqa: BLE001 - integrations raise what they like
            failed = err
        else:
            return None
    return failed
