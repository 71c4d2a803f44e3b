"""Websocket commands for cards: who may read a miner's entities may use them.

A card lives longer than the miners it was made for: of several, those that cannot
be shown are left out. Only where nothing is left, the error is returned.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import timedelta
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

from .analysis.metrics import REQUIRED, Metric
from .analysis.time_series import MOST_POINTS
from .const import DOMAIN
from .coordinator import MinerConfigEntry, MinerCoordinator
from .following import loaded_miners, miner_entries
from .guard.guard import DEFAULT_MAINTENANCE
from .live.bulk_work import BulkAction, BulkWork, Order, async_find_work, async_preview
from .live.hub import async_get_live
from .live.tuning_feed import TuningFeed
from .miner.claims import LONGEST_MAINTENANCE
from .miner.names import device_of
from .miner.write_log import person
from .permissions import async_require_control, may_read
from .results.costs import Period, async_get_costs
from .results.helpers import DEFAULT_SPAN, EVERYTHING, analysis_errors, make_span
from .results.payload import SERIES_COLUMNS
from .results.queries import split_by_history
from .results.responses import (
    async_answer_configurations,
    async_answer_series,
    async_answer_summary,
    async_answer_uptime,
)
from .results.timeline import MOST_ITEMS, async_answer_timeline
from .swarm.backup_services import async_backups_as_json
from .swarm.coordinator import async_find_swarm
from .targets import async_resolve_miner, async_resolve_targets
from .targets.inputs import finite, time_span
from .texts import describe_error

type Answer = Callable[..., Awaitable[JsonObjectType]]
"""Answers about some miners over a span, with the options of its command."""

COMMANDS: Final[dict[str, tuple[Answer, str, Collection[Metric]]]] = {
    "configurations": (async_answer_configurations, EVERYTHING, REQUIRED),
    "summary": (async_answer_summary, DEFAULT_SPAN, (Metric.HASHRATE,)),
    "series": (async_answer_series, DEFAULT_SPAN, (Metric.HASHRATE,)),
    "uptime": (async_answer_uptime, "30d", (Metric.HASHRATE,)),
}
"""What answers each command, over which span unless it names one, and what history of a
miner there must be."""
_OPTIONS: Final[dict[str, dict[vol.Optional, Any]]] = {
    "series": {
        vol.Optional("columns"): [vol.In(SERIES_COLUMNS)],
        vol.Optional("changes"): bool,
        vol.Optional("points"): vol.All(int, vol.Range(min=1, max=MOST_POINTS)),
    }
}
"""What else a command may be asked for."""
SUBSCRIBE: Final = f"{DOMAIN}/subscribe"
"""Sends all miners and the swarm as they are now, and then what changes."""

TIMELINE: Final = f"{DOMAIN}/timeline"
"""Answers what happened to miners, also to those that are not set up at the moment."""

BACKUPS: Final = f"{DOMAIN}/backups"
"""Answers with the settings of one miner as they were before each change."""

BULK_WORK: Final = f"{DOMAIN}/bulk_work"
"""Does the same to several miners, and sends the outcome of each; or what it would
do."""

STOP_BULK_WORK: Final = f"{DOMAIN}/stop_bulk_work"
"""Leaves those miners alone whose turn has not come."""

COSTS: Final = f"{DOMAIN}/costs"
"""Answers with what electricity cost since month and year began."""

_COSTS_SCHEMA: Final = BASE_COMMAND_MESSAGE_SCHEMA.extend({vol.Required("type"): COSTS})
_BACKUPS_SCHEMA: Final = BASE_COMMAND_MESSAGE_SCHEMA.extend(
    {vol.Required("type"): BACKUPS, vol.Required("device_id"): cv.string}
)
_BULK_WORK_SCHEMA: Final = BASE_COMMAND_MESSAGE_SCHEMA.extend(
    {
        vol.Required("type"): BULK_WORK,
        vol.Required("action"): vol.Coerce(BulkAction),
        vol.Required("device_id"): vol.All(
            cv.ensure_list, [cv.string], vol.Length(min=1)
        ),
        vol.Optional("profile"): cv.string,
        vol.Optional("duration"): vol.All(
            time_span, vol.Range(min=timedelta(minutes=1), max=LONGEST_MAINTENANCE)
        ),
        vol.Optional("preview", default=False): bool,
        vol.Optional("expected_changes"): {cv.string: {cv.string: list}},
    }
)
_STOP_BULK_WORK_SCHEMA: Final = BASE_COMMAND_MESSAGE_SCHEMA.extend(
    {vol.Required("type"): STOP_BULK_WORK, vol.Required("work"): cv.string}
)
TUNING: Final = f"{DOMAIN}/tuning"
"""Sends what the tuners of miners do and found, and then what changes."""

_SUBSCRIBE_SCHEMA: Final = BASE_COMMAND_MESSAGE_SCHEMA.extend(
    {
        vol.Required("type"): SUBSCRIBE,
        vol.Optional("interval", default=0.5): vol.All(
            finite, vol.Range(min=0.1, max=3600)
        ),
    }
)
_TUNING_SCHEMA: Final = BASE_COMMAND_MESSAGE_SCHEMA.extend(
    {
        vol.Required("type"): TUNING,
        vol.Optional("device_id"): vol.All(cv.ensure_list, [cv.string]),
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
    websocket_api.async_register_command(hass, TUNING, _handle_tuning, _TUNING_SCHEMA)
    websocket_api.async_register_command(
        hass, BACKUPS, _handle_backups, _BACKUPS_SCHEMA
    )
    websocket_api.async_register_command(
        hass, BULK_WORK, _handle_bulk_work, _BULK_WORK_SCHEMA
    )
    websocket_api.async_register_command(
        hass, STOP_BULK_WORK, _handle_stop_bulk_work, _STOP_BULK_WORK_SCHEMA
    )
    websocket_api.async_register_command(hass, COSTS, _handle_costs, _COSTS_SCHEMA)
    websocket_api.async_register_command(
        hass,
        TIMELINE,
        _handle_timeline,
        _schema(TIMELINE, DEFAULT_SPAN).extend(
            {
                vol.Optional("kinds"): [cv.string],
                vol.Optional("limit", default=MOST_ITEMS): vol.All(
                    int, vol.Range(min=1, max=MOST_ITEMS)
                ),
            }
        ),
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
    """Say why there is no answer.

    Home Assistant would write it to its log as an error, as often as a card asks for
    what is not there: all night long if the miners are off.
    """
    if isinstance(err, Unauthorized):
        connection.send_error(command_id, ERR_UNAUTHORIZED, "Unauthorized")
        return
    connection.send_error(
        command_id,
        ERR_HOME_ASSISTANT_ERROR,
        describe_error(connection.hass, err),
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


@async_response
async def _handle_costs(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer what electricity cost in this month and year, as the sensors say."""
    swarm = async_find_swarm(hass)
    if swarm is None or not may_read(hass, connection.user, swarm.config_entry):
        connection.send_error(msg["id"], ERR_UNAUTHORIZED, "Unauthorized")
        return
    try:
        with analysis_errors():
            costs = await async_get_costs(hass)
    except HomeAssistantError as err:
        _refuse(connection, msg["id"], err)
        return
    connection.send_result(
        msg["id"],
        {
            period.value: costs[period].amount if period in costs else None
            for period in Period
        },
    )


@async_response
async def _handle_backups(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer with the backups of a miner, to those who may control it."""
    try:
        miner = async_resolve_miner(hass, msg["device_id"])
        await async_require_control(hass, connection.context(msg), [miner])
    except HomeAssistantError as err:
        _refuse(connection, msg["id"], err)
    else:
        (backups,) = await async_backups_as_json(hass, [miner])
        connection.send_result(msg["id"], backups)


@callback
def _handle_bulk_work(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Begin, and send an event for each miner; or answer with what would be done."""
    command_id = msg["id"]
    order = Order(
        action=msg["action"],
        origin=person(connection.context(msg)),
        profile=msg.get("profile"),
        duration=msg.get("duration", DEFAULT_MAINTENANCE),
        planned=msg.get("expected_changes"),
    )
    if msg["preview"]:
        outcomes = async_preview(hass, connection.user, order, msg["device_id"])
        connection.send_result(command_id, {"miners": outcomes})
        return
    work = BulkWork(
        hass,
        connection.user,
        order,
        msg["device_id"],
        partial(connection.send_event, command_id),
    )
    connection.send_result(command_id)
    connection.subscriptions[command_id] = work.async_report_to_nobody
    work.async_start()


@callback
def _handle_stop_bulk_work(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Stop what the user began; an administrator may stop what anybody did."""
    work = async_find_work(hass, msg["work"])
    user = connection.user
    if work is not None:
        if not user.is_admin and user.id != work.user_id:
            _refuse(connection, msg["id"], Unauthorized())
            return
        work.async_stop()
    connection.send_result(msg["id"])


@callback
def _handle_tuning(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send what tuners do now, and what changes until the connection unsubscribes."""
    command_id, device_ids = msg["id"], msg.get("device_id")
    try:
        _choose_entries(hass, connection, device_ids)
    except HomeAssistantError as err:
        _refuse(connection, command_id, err)
        return
    connection.send_result(command_id)
    connection.subscriptions[command_id] = TuningFeed(
        hass, connection.user, device_ids, partial(connection.send_event, command_id)
    ).async_start()


@async_response
async def _handle_timeline(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer what happened to the named devices, or to all that the user may see."""
    try:
        entries = _choose_entries(hass, connection, msg.get("device_id"))
        with analysis_errors():
            span = make_span(msg["span"], msg.get("start"), msg.get("end"))
            result = await async_answer_timeline(
                hass, entries, span, kinds=msg.get("kinds"), limit=msg["limit"]
            )
    except HomeAssistantError as err:
        _refuse(connection, msg["id"], err)
    else:
        connection.send_result(msg["id"], result)


@callback
def _choose_entries(
    hass: HomeAssistant, connection: ActiveConnection, device_ids: list[str] | None
) -> list[MinerConfigEntry]:
    """Return the entries of the miners of some devices, or of all, that may be seen.

    The device of the swarm stands for all of them.

    Raises:
        Unauthorized: the user may see none of them.

    """
    entries = miner_entries(hass)
    if device_ids is not None:
        swarm = async_find_swarm(hass)
        device = None if swarm is None else device_of(hass, swarm.config_entry)
        if device is None or device.id not in device_ids:
            entries = [
                entry
                for entry in entries
                if (device := device_of(hass, entry)) is not None
                and device.id in device_ids
            ]
    readable = [entry for entry in entries if may_read(hass, connection.user, entry)]
    if entries and not readable:
        raise Unauthorized
    return readable
