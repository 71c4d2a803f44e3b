"""Whatever anybody sends: an answer, or a refusal in words; never a traceback.

And never a write to a miner out of what was refused.
"""

from collections.abc import Iterable, Iterator, Mapping
import math
from pathlib import Path
from typing import Any, Final

from homeassistant.components.number import (
    ATTR_VALUE,
    DOMAIN as NUMBER_DOMAIN,
    SERVICE_SET_VALUE,
)
from homeassistant.components.websocket_api.const import DOMAIN as WEBSOCKET_DOMAIN
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.data_entry_flow import FlowResultType, section
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import selector
from homeassistant.util.yaml import load_yaml_dict
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)
import voluptuous as vol

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.hub import SUBENTRY_TYPE
from scripts.simulator import MinerServer

from ..conftest import Settle
from ..examples import examples
from .conftest import AddRecordedMiner, RecordedMiner, device_id, swarm_entry

SERVICES: Final = Path(__file__).parents[2] / "custom_components/bitaxe/services.yaml"
ODD: Final = st.sampled_from(
    [
        *("", "\0", "nan", "inf", "-1", "1e999", "\u202e", "٣h", "99999y", "1h", "all"),
        *(
            "0001-01-01T00:00:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59",
            "9999-12-31T23:59:59-14:00",
            "2026-02-30",
            "www/x.csv",
        ),
        *("../../x.csv", "[::1", "http://[::1]:99999", "127.0.0.1:1", "a b", "@", "/"),
        *("99999999999:00:00", "-1:00", "x" * 5000, "{{ states }}"),
        *(0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 1e300, 0.5, True, False, None),
        {"hours": 1e300},
        {"hours": "5"},
        {"hours": -5},
        {"hours": "nan"},
    ]
)
ENDLESS: Final = st.sampled_from([math.nan, math.inf, -math.inf, 10**400])
"""What JSON does not have, but automations and templates do."""
JUNK: Final = st.one_of(
    ODD,
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.lists(ODD, max_size=3),
    st.dictionaries(st.text(max_size=5), ODD, max_size=2),
)
NO_HOST: Final = st.sampled_from(
    [
        "",
        "\0",
        "\u202e",
        "[::1",
        "http://[::1]:99999",
        "127.0.0.1:1",
        "a b",
        "@",
        "/",
        0,
    ]
)
ODD_TEXT: Final = st.text(max_size=12).map(lambda text: f"{text} <")
TRIALS: Final = examples(50)


def fields_of(action: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the fields of an action by their names, of those in sections as well."""
    found: dict[str, dict[str, Any]] = {}
    for name, field in (action.get("fields") or {}).items():
        if "fields" in (field or {}):
            found |= fields_of(field)
        else:
            found[name] = field or {}
    return found


ACTIONS: Final = {
    name: fields_of(action or {}) for name, action in load_yaml_dict(SERVICES).items()
}
COMMANDS: Final = {
    "summary": ("device_id", "span", "start", "end"),
    "configurations": ("device_id", "span", "start", "end"),
    "series": ("device_id", "span", "start", "end", "columns", "changes", "points"),
    "uptime": ("device_id", "span", "start", "end"),
    "timeline": ("device_id", "span", "start", "end", "kinds", "limit"),
    "subscribe": ("interval", "unheard"),
    "tuning": ("device_id",),
    "bulk_work": ("action", "device_id", "profile", "duration", "preview"),
    "stop_bulk_work": ("work",),
    "backups": ("device_id",),
    "costs": (),
}
WORDS: Final = {
    "span": st.sampled_from(["1h", "24h", "all", "7d"]),
    "columns": st.just(["hashrate_ghs"]),
    "points": st.integers(-2, 5000),
    "limit": st.integers(-2, 600),
    "action": st.sampled_from(
        [
            *("restart", "pause", "resume", "apply_profile"),
            *("start_maintenance", "end_maintenance"),
        ]
    ),
    "profile": st.sampled_from(["stock", "eco", "nobody's"]),
    "duration": st.sampled_from([60, {"hours": 1}, "00:10:00", 1e9]),
    "preview": st.booleans(),
}
"""What is not odd: only with some of it there is more than the first refusal."""


def sent(server: MinerServer) -> list[str]:
    """Return everything a miner was asked, other than questions."""
    return [
        f"{item.method} {item.path}"
        for item in server.miner.requests
        if item.method != "GET"
    ]


def numbers_in(value: object) -> Iterator[float]:
    """Yield every number of a nested value."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from numbers_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from numbers_in(item)
    elif isinstance(value, int | float):
        yield value


@pytest.fixture
async def connection(
    recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> MockHAClientWebSocket:
    """Return an administrator's connection."""
    return await hass_ws_client()


@pytest.fixture
async def recorded(add_recorded_miner: AddRecordedMiner) -> RecordedMiner:
    """Return a miner with a history, the same for all that is tried in a test."""
    return await add_recorded_miner()


@pytest.mark.parametrize("action", ACTIONS)
@TRIALS
@given(source=st.data())
async def test_actions_survive_values_nobody_expects(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
    action: str,
    source: st.DataObject,
) -> None:
    """Actions survive values of types that nobody expects."""
    data = source.draw(
        st.fixed_dictionaries(
            {},
            optional={
                name: _chosen_by(field.get("selector") or {}) | JUNK | ENDLESS
                for name, field in ACTIONS[action].items()
                if name not in ("area_id", "label_id")
            },
        )
    )
    if action != "import_history":
        data = {"device_id": recorded.device_id} | data
    before = sent(recorded.server)
    answers = hass.services.supports_response(DOMAIN, action)
    refusal: str | None = None
    refused = True
    try:
        await hass.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            return_response=answers is not SupportsResponse.NONE,
        )
        refused = False
    except HomeAssistantError as err:
        refusal = err.translation_key
        assert refusal, data
    except vol.Invalid:
        pass
    await settle()
    if refused:
        assert sent(recorded.server) == before, data
    assert "Traceback" not in caplog.text, data
    if action == "start_tuning" and not refused:
        # A run that goes on writes while the next thing is refused.
        await hass.services.async_call(
            DOMAIN, "stop_tuning", {"device_id": recorded.device_id}, blocking=True
        )
        await settle()


async def test_every_command_is_tried(
    hass: HomeAssistant, connection: MockHAClientWebSocket
) -> None:
    """One that is added later is tried, too."""
    ours = {
        command.removeprefix(f"{DOMAIN}/")
        for command in hass.data[WEBSOCKET_DOMAIN]
        if command.startswith(f"{DOMAIN}/")
    }
    assert ours == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@TRIALS
@given(source=st.data())
async def test_commands_of_the_websocket(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    connection: MockHAClientWebSocket,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
    command: str,
    source: st.DataObject,
) -> None:
    """A card of another version asks for anything."""
    devices = st.sampled_from(
        [
            *(
                recorded.device_id,
                [recorded.device_id],
                ["gone", recorded.device_id],
                ["gone"],
            ),
            device_id(hass, swarm_entry(hass)),
        ]
    )
    data = {
        name: max(min(value, 2**63), -(2**62)) if isinstance(value, int) else value
        for name, value in source.draw(
            st.fixed_dictionaries(
                {},
                optional={
                    name: (devices if name == "device_id" else WORDS.get(name, JUNK))
                    | JUNK
                    for name in COMMANDS[command]
                },
            )
        ).items()
    }
    before = sent(recorded.server)
    await connection.send_json_auto_id({"type": f"{DOMAIN}/{command}"} | data)
    reply = await connection.receive_json()
    while reply["type"] == "event":
        reply = await connection.receive_json()
    await settle()
    if not reply["success"]:
        error = reply["error"]
        assert error["code"] in {"invalid_format", "home_assistant_error"}, data
        assert error["code"] == "invalid_format" or error["translation_key"], data
        assert sent(recorded.server) == before, data
    assert "Traceback" not in caplog.text, data


FLOWS: Final = (
    *("address", "networks", "reconfigure", "miner"),
    *("price", "power", "alerts", "notifications", "guard", "tuning", "firmware"),
    *("hook", "heating", "supply", "charts"),
)


NEEDED: Final = {
    "heating": {"name": "Study", "temperature_sensor": "sensor.room"},
    "supply": {"name": "Study", "power_sensor": "sensor.plug"},
}
"""Without which a form is not even looked at."""


async def test_every_option_is_tried(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """One that is added later is tried, too."""
    result = await hass.config_entries.options.async_init(swarm_entry(hass).entry_id)
    assert set(result["menu_options"]) < set(FLOWS)


@pytest.mark.parametrize("flow", FLOWS)
@TRIALS
@given(source=st.data())
async def test_forms(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
    flow: str,
    source: st.DataObject,
) -> None:
    """A form is shown again with the reason, or refused; nothing odd is kept."""
    manager, form = await _begin(hass, recorded, flow)
    schema = form["data_schema"].schema
    typed = flow in {"address", "networks", "reconfigure", "hook"}
    # What could be an address would be asked.
    odd = st.lists(ODD_TEXT | NO_HOST, max_size=2) | ODD_TEXT | NO_HOST
    data = source.draw(
        _some([str(key) for key in schema], odd) if typed else _filled_in(schema)
    )
    if flow in NEEDED:
        needed = {**NEEDED[flow], "miners": [recorded.entry.unique_id]}
        data = needed | {
            name: value
            for name, value in data.items()
            if name not in needed or source.draw(st.booleans())
        }
    before = sent(recorded.server)
    try:
        result = await manager.async_configure(form["flow_id"], data)
    except vol.Invalid:
        return
    await settle()
    if flow == "networks" and result["type"] is FlowResultType.SHOW_PROGRESS:
        # One address, as in NO_HOST, is a network in which there is nothing.
        result = await manager.async_configure(result["flow_id"])
        assert result["step_id"] == "nothing_found"
        return
    assert result["type"] in {
        FlowResultType.FORM,
        FlowResultType.CREATE_ENTRY,
        FlowResultType.ABORT,
    }
    assert "unknown" not in (result.get("errors") or {}).values()
    for entry in hass.config_entries.async_entries(DOMAIN):
        kept = [entry.options, *(item.data for item in entry.subentries.values())]
        assert all(map(math.isfinite, numbers_in(kept))), data
        for subentry in list(entry.subentries.values()):
            assert subentry.title.isprintable() and len(subentry.title) <= 100, data
            hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await settle()
    assert "Traceback" not in caplog.text, data
    assert sent(recorded.server) == before


@pytest.mark.usefixtures("every_entity")
async def test_numbers_that_are_none(
    hass: HomeAssistant, recorded: RecordedMiner, caplog: pytest.LogCaptureFixture
) -> None:
    """NaN is beyond no limit, so Home Assistant hands it over."""
    before = sent(recorded.server)
    entities = hass.states.async_entity_ids(NUMBER_DOMAIN)
    assert len(entities) > 5
    shown = {entity_id: hass.states.get(entity_id) for entity_id in entities}
    for entity_id in entities:
        for value in ("nan", "inf", "-inf", 1e300, -1e300):
            with pytest.raises(HomeAssistantError) as refusal:
                await hass.services.async_call(
                    NUMBER_DOMAIN,
                    SERVICE_SET_VALUE,
                    {ATTR_ENTITY_ID: entity_id, ATTR_VALUE: value},
                    blocking=True,
                )
            assert refusal.value.translation_key, (entity_id, value)
    assert sent(recorded.server) == before
    assert {item: hass.states.get(item) for item in entities} == shown
    assert "Traceback" not in caplog.text


async def _begin(
    hass: HomeAssistant, recorded: RecordedMiner, flow: str
) -> tuple[Any, Any]:
    """Return a manager of flows, and a form of it."""
    swarm = swarm_entry(hass)
    step = flow
    if flow in {"address", "networks"}:
        manager: Any = hass.config_entries.flow
        result = await manager.async_init(DOMAIN, context={"source": SOURCE_USER})
        step = "miner" if flow == "address" else "scan"
    elif flow == "reconfigure":
        manager = hass.config_entries.flow
        result = await manager.async_init(
            DOMAIN,
            context={"source": SOURCE_RECONFIGURE, "entry_id": recorded.entry.entry_id},
        )
    elif flow in {"hook", "heating", "supply"}:
        manager = hass.config_entries.subentries
        kind = SUBENTRY_TYPE if flow == "hook" else flow
        result = await manager.async_init(
            (swarm.entry_id, kind), context={"source": SOURCE_USER}
        )
        step = "webhook"
    else:
        manager = hass.config_entries.options
        entry = recorded.entry if flow == "miner" else swarm
        result = await manager.async_init(entry.entry_id)
    if result["type"] is FlowResultType.MENU:
        result = await manager.async_configure(
            result["flow_id"], {"next_step_id": step}
        )
    return manager, result


def _some(
    names: Iterable[str], values: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for dictionaries with some of these names."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values))


def _filled_in(schema: Mapping[Any, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for forms in which some fields are odd."""
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for key, field in schema.items():
        if isinstance(field, section):
            fields[str(key)] = _filled_in(field.schema.schema)
        elif isinstance(field, selector.Selector):
            fields[str(key)] = _chosen_by({field.selector_type: field.config}) | JUNK
        else:
            fields[str(key)] = JUNK
    return st.fixed_dictionaries({}, optional=fields)


def _chosen_by(config: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for what people choose with a selector, or nearly."""
    for kind, options in config.items():
        options = options or {}
        match kind:
            case "number":
                ends = (options.get("min"), options.get("max"))
                known = [float(end) for end in ends if end is not None]
                return st.sampled_from(
                    [
                        *known,
                        *(end - 1 for end in known),
                        *(end + 1 for end in known),
                        *(str(end) for end in known),
                        *("nan", "inf", "-inf", 1e300, -1e300, 1, 1.5),
                    ]
                )
            case "boolean":
                return st.booleans()
            case "select":
                values = [
                    item["value"] if isinstance(item, Mapping) else item
                    for item in options["options"]
                ]
                one = st.sampled_from(values)
                return (
                    st.lists(one, max_size=3, unique=True)
                    if options.get("multiple")
                    else one
                )
            case "duration":
                return st.sampled_from(
                    [
                        {"hours": 1},
                        {"hours": "1"},
                        {"hours": 1e300},
                        {"hours": "nan"},
                        {"hours": -1},
                        {"seconds": 10**9},
                        {"minutes": 0.5},
                        "01:00:00",
                        math.nan,
                    ]
                )
            case "text":
                return st.sampled_from(["text", "eco", "pool.example.org"])
            case _:
                return JUNK
    return JUNK
