"""Websocket commands for cards. Whoever may read a miner's entities may read of it.

A card lives longer than the miners it was made for: of several, those that cannot be told
of are left out. Only where nothing is left the error is told.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from functools import partial
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import (
    ERR_HOME_ASSISTANT_ERROR,
    ERR_UNAUTHORIZED,
    WebSocketCommandHandler,
)
from homeassistant.components.websocket_api.decorators import async_response
from homeassistant.components.websocket_api.messages import BASE_COMMAND_MESSAGE_SCHEMA
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from .analysis.course import MOST_POINTS
from .analysis.metrics import REQUIRED, Metric
from .analysis.service import split_by_history
from .answers import (
    async_answer_configurations,
    async_answer_series,
    async_answer_summary,
)
from .const import DOMAIN
from .coordinator import MinerCoordinator
from .insight import DEFAULT_SPAN, EVERYTHING, analysis_errors, make_span
from .live import async_get_live
from .permissions import may_read
from .presentation import COURSE_COLUMNS
from .swarm import loaded_miners
from .targets import async_resolve_targets

type Answer = Callable[..., Awaitable[JsonObjectType]]
"""Answers about some miners over a span, with the options of its command."""

COMMANDS: Final[dict[str, tuple[Answer, str, Collection[Metric]]]] = {
    "configurations": (async_answer_configurations, EVERYTHING, REQUIRED),
    "summary": (async_answer_summary, DEFAULT_SPAN, (Metric.HASHRATE,)),
    "series": (async_answer_series, DEFAULT_SPAN, (Metric.HASHRATE,)),
}
"""What answers each command, over which span unless it names one, and what history of a
miner there must be."""
_OPTIONS: Final[dict[str, dict[vol.Optional, Any]]] = {
    "series": {
        vol.Optional("columns"): [vol.In(COURSE_COLUMNS)],
        vol.Optional("changes"): bool,
        vol.Optional("points"): vol.All(int, vol.Range(min=1, max=MOST_POINTS)),
    }
}
"""What else a command may be asked for."""
SUBSCRIBE: Final = f"{DOMAIN}/subscribe"
"""Sends all miners and the swarm as they are now, and then what changes."""

_SUBSCRIBE_SCHEMA: Final = BASE_COMMAND_MESSAGE_SCHEMA.extend(
    {
        vol.Required("type"): SUBSCRIBE,
        vol.Optional("interval", default=0.5): vol.All(
            vol.Coerce(float), vol.Range(min=0.1, max=3600)
        ),
    }
)


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the commands."""
    for name, (answer, span, required) in COMMANDS.items():
        command = f"{DOMAIN}/{name}"
        options = _OPTIONS.get(name, {})
        websocket_api.async_register_command(
            hass,
            command,
            _handler(answer, required, [str(option) for option in options]),
            _schema(command, span).extend(options),
        )
    websocket_api.async_register_command(
        hass, SUBSCRIBE, _handle_subscribe, _SUBSCRIBE_SCHEMA
    )


def _schema(command: str, span: str) -> vol.Schema:
    return BASE_COMMAND_MESSAGE_SCHEMA.extend(
        {
            vol.Required("type"): command,
            vol.Optional("device_id"): vol.All(cv.ensure_list, [cv.string]),
            vol.Optional("span", default=span): cv.string,
            vol.Optional("start"): cv.datetime,
            vol.Optional("end"): cv.datetime,
        }
    )


def _handler(
    answer: Answer, required: Collection[Metric], options: Collection[str]
) -> WebSocketCommandHandler:
    @async_response
    async def handle(
        hass: HomeAssistant,
        connection: ActiveConnection,
        msg: dict[str, Any],
    ) -> None:
        """Answer for the named devices, or for all miners that the user may see."""
        try:
            miners = _choose_miners(hass, connection, msg.get("device_id"))
            with analysis_errors():
                span = make_span(msg["span"], msg.get("start"), msg.get("end"))
                chosen = {name: msg[name] for name in options if name in msg}
                kept, _ = split_by_history(hass, miners, required)
                result = await answer(hass, kept or miners, span, **chosen)
        except HomeAssistantError as err:
            _refuse(connection, msg["id"], err)
        else:
            connection.send_result(msg["id"], result)

    return handle


@callback
def _refuse(
    connection: ActiveConnection, command_id: int, err: HomeAssistantError
) -> None:
    """Tell why there is no answer.

    Home Assistant would write it to its log as an error, as often as a card asks for what
    is not there: all night long if the miners are off.
    """
    if isinstance(err, Unauthorized):
        connection.send_error(command_id, ERR_UNAUTHORIZED, "Unauthorized")
        return
    connection.send_error(
        command_id,
        ERR_HOME_ASSISTANT_ERROR,
        str(err),
        translation_domain=err.translation_domain,
        translation_key=err.translation_key,
        translation_placeholders=err.translation_placeholders,
    )


@callback
def _choose_miners(
    hass: HomeAssistant, connection: ActiveConnection, device_ids: Iterable[str] | None
) -> list[MinerCoordinator]:
    """Return the miners of some devices, or all, that are set up and may be seen.

    Raises:
        ServiceValidationError: none of the devices is ours and set up.
        Unauthorized: the user may see none of them.

    """
    miners = loaded_miners(hass)
    if device_ids is not None:
        miners = _miners_of(hass, device_ids)
    readable = [
        miner for miner in miners if may_read(hass, connection.user, miner.config_entry)
    ]
    if miners and not readable and device_ids is not None:
        raise Unauthorized
    return readable


def _miners_of(
    hass: HomeAssistant, device_ids: Iterable[str]
) -> list[MinerCoordinator]:
    miners: dict[MinerCoordinator, None] = {}
    failure: ServiceValidationError | None = None
    for device_id in device_ids:
        try:
            found = async_resolve_targets(hass, [device_id]).miners
        except ServiceValidationError as err:
            failure = err
        else:
            miners |= dict.fromkeys(found)
    if failure is not None and not miners:
        raise failure
    return list(miners)


@callback
def _handle_subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send everything now, and what changes until the connection unsubscribes."""
    command_id = msg["id"]
    connection.send_result(command_id)
    connection.subscriptions[command_id] = async_get_live(hass).async_subscribe(
        connection.user, msg["interval"], partial(connection.send_event, command_id)
    )
