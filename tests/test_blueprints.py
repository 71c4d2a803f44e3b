"""The ready-made automations: that they are there, and that they work."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
import logging
import math
from pathlib import Path
import resource
from typing import Any, Final
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.blueprint.models import DomainBlueprints
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

import custom_components.bitaxe
from custom_components.bitaxe.alerts.model import AlertKind
from custom_components.bitaxe.const import DOMAIN, EVENT_ALERT

from .conftest import AddMiner, PassTime, Simulate
from .examples import examples

NAMES = [
    "block_found.yaml",
    "cheap_hours.yaml",
    "forecast.yaml",
    "notify.yaml",
    "quiet_nights.yaml",
    "restart_frozen.yaml",
    "solar_surplus.yaml",
]
SHIPPED = (
    Path(custom_components.bitaxe.__file__).parent
    / "blueprints"
    / "automation"
    / "bitaxe"
)

FORMS = [
    *(SHIPPED / name for name in NAMES),
    *(
        Path(custom_components.bitaxe.__file__).with_name(name)
        for name in ("conditions.yaml", "services.yaml", "triggers.yaml")
    ),
]

type Automate = Callable[..., Awaitable[None]]


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return where Home Assistant looks for our blueprints."""
    return Path(hass.config.path("blueprints", "automation", "bitaxe"))


@pytest.fixture
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


@pytest.fixture
def automate(hass: HomeAssistant, swarm: MockConfigEntry) -> Automate:
    """Make an automation of one of the blueprints."""

    async def make(name: str, **inputs: Any) -> None:
        config = {"use_blueprint": {"path": f"bitaxe/{name}", "input": inputs}}
        assert await async_setup_component(
            hass, "automation", {"automation": {"alias": "made", **config}}
        )
        await hass.async_block_till_done()
        state = hass.states.get("automation.made")
        assert state is not None
        assert state.state == "on"

    return make


def fire(hass: HomeAssistant, **data: Any) -> None:
    """Return an alert."""
    hass.bus.async_fire(
        EVENT_ALERT,
        {
            "device_id": "miner",
            "name": "Attic",
            "kind": "offline",
            "phase": "raised",
            "message": "does not answer",
            **data,
        },
    )


def texts(calls: list[ServiceCall]) -> list[str]:
    """Return the messages of notifications, and forget them.

    They say everything themselves: not all that can be notified show a title.
    """
    found = [call.data["message"] for call in calls]
    calls.clear()
    return found


# The files


async def reload(hass: HomeAssistant, swarm: MockConfigEntry) -> None:
    """Do what the next start does."""
    await hass.config_entries.async_reload(swarm.entry_id)
    await hass.async_block_till_done()


async def test_they_are_put_into_the_configuration(
    hass: HomeAssistant, swarm: MockConfigEntry, folder: Path
) -> None:
    """All that we ship, as they are; but for the kinds of alerts there are."""
    assert sorted(path.name for path in SHIPPED.iterdir()) == NAMES
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    for name in NAMES:
        if name != "notify.yaml":
            assert (folder / name).read_bytes() == (SHIPPED / name).read_bytes()


async def test_kinds_are_named_in_the_language_of_home_assistant(
    hass: HomeAssistant, swarm_entry: MockConfigEntry, folder: Path
) -> None:
    """By what the options of the swarm call them."""
    hass.config.language = "de"
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    written = (folder / "notify.yaml").read_text("utf-8")
    assert '{"label": "Überhitzung", "value": "overheating"}' in written
    assert "ALERT_KIND" not in written


async def test_not_before_home_assistant_has_started(
    hass: HomeAssistant, swarm_entry: MockConfigEntry, folder: Path
) -> None:
    """It puts its own examples there only if there is no such folder."""
    hass.set_state(CoreState.starting)
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    assert not folder.exists()
    assert await async_setup_component(hass, "automation", {})
    # A start goes on for longer than that takes.
    await hass.async_block_till_done()
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert folder.exists()
    assert (folder.parent / "homeassistant" / "motion_light.yaml").exists()


async def test_edited_and_deleted_ones_are_left_alone(
    hass: HomeAssistant, swarm: MockConfigEntry, folder: Path
) -> None:
    """They belong to the person."""
    (folder / "notify.yaml").write_text("mine")
    (folder / "block_found.yaml").unlink()
    await reload(hass, swarm)
    assert (folder / "notify.yaml").read_text() == "mine"
    assert not (folder / "block_found.yaml").exists()


async def test_what_was_there_before_us_is_left_alone(
    hass: HomeAssistant, swarm_entry: MockConfigEntry, folder: Path
) -> None:
    """No matter who wrote it."""
    folder.mkdir(parents=True)
    (folder / "notify.yaml").write_text("somebody's")
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    assert (folder / "notify.yaml").read_text() == "somebody's"
    assert (folder / "block_found.yaml").exists()


async def test_a_new_version_replaces_the_old_one(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    automate: Automate,
    swarm: MockConfigEntry,
    folder: Path,
) -> None:
    """And automations made of it take it over."""
    await automate("block_found.yaml")
    old = (
        (folder / "block_found.yaml")
        .read_text()
        .replace("kind: block_found", "kind: offline")
    )
    (folder / "block_found.yaml").write_text(old)
    key = f"{DOMAIN}.{swarm.entry_id}.blueprints"
    hass_storage[key]["data"]["block_found.yaml"] = sha256(old.encode()).hexdigest()
    reloads = async_mock_service(hass, "automation", "reload")
    await reload(hass, swarm)
    new = (SHIPPED / "block_found.yaml").read_bytes()
    assert (folder / "block_found.yaml").read_bytes() == new
    assert len(reloads) == 1
    await reload(hass, swarm)
    assert len(reloads) == 1


async def test_a_folder_that_cannot_be_written(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Costs the blueprints, and nothing else."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file in the way")
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    assert "Blueprints could not be written" in caplog.text
    assert hass.states.get("sensor.bitaxe_swarm_hashrate") is not None


async def test_one_that_cannot_be_written_hinders_no_other(
    hass: HomeAssistant,
    folder: Path,
    swarm_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is in its place is the person's: a folder, or a link to wherever."""
    elsewhere = Path(hass.config.path("elsewhere.yaml"))
    (folder / NAMES[0]).mkdir(parents=True)
    (folder / NAMES[1]).symlink_to(elsewhere)
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    assert swarm_entry.state is ConfigEntryState.LOADED
    assert not elsewhere.exists()
    assert [(folder / name).is_file() for name in NAMES] == [False] * 2 + [True] * 5
    assert caplog.text.count("could not be written") == 1
    assert "Traceback" not in caplog.text


async def test_a_full_disk_leaves_no_half_of_one(
    hass: HomeAssistant, folder: Path, swarm_entry: MockConfigEntry
) -> None:
    """It would be taken for one that was edited, and never be whole again."""
    _, most = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3500, most))
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert swarm_entry.state is ConfigEntryState.LOADED
    assert any(item.stat().st_size > 3500 for item in SHIPPED.glob("*.yaml"))
    await hass.config_entries.async_reload(swarm_entry.entry_id)
    await hass.async_block_till_done()
    assert sorted(item.name for item in folder.iterdir()) == NAMES
    for name in NAMES:
        size = (SHIPPED / name).stat().st_size
        assert (folder / name).stat().st_size >= size


async def test_removing_the_swarm_leaves_them(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    swarm: MockConfigEntry,
    folder: Path,
) -> None:
    """Automations may be made of them; what we keep of them goes."""
    key = f"{DOMAIN}.{swarm.entry_id}.blueprints"
    assert sorted(hass_storage[key]["data"]) == NAMES
    await hass.config_entries.async_remove(swarm.entry_id)
    assert key not in hass_storage
    assert sorted(path.name for path in folder.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
async def test_home_assistant_accepts_them(
    hass: HomeAssistant, swarm: MockConfigEntry, name: str
) -> None:
    """As the page of blueprints lists them."""
    assert await async_setup_component(hass, "automation", {})
    blueprints: DomainBlueprints = hass.data["blueprint"]["automation"]
    blueprint = (await blueprints.async_get_blueprints())[f"bitaxe/{name}"]
    assert not isinstance(blueprint, Exception)
    assert blueprint is not None
    assert blueprint.validate() is None
    assert blueprint.name.startswith("Bitaxe: ")


async def test_every_kind_can_be_chosen(
    hass: HomeAssistant, swarm: MockConfigEntry
) -> None:
    """And those that are chosen are kinds."""
    assert await async_setup_component(hass, "automation", {})
    blueprints: DomainBlueprints = hass.data["blueprint"]["automation"]
    blueprint = (await blueprints.async_get_blueprints())["bitaxe/notify.yaml"]
    assert blueprint is not None
    assert not isinstance(blueprint, Exception)
    for name in ("kinds", "loud_kinds"):
        chosen = blueprint.inputs[name]
        options = [item["value"] for item in chosen["selector"]["select"]["options"]]
        assert sorted(options) == sorted(AlertKind)
        assert set(chosen["default"]) <= set(options)


# Notifications


async def test_notifications_are_of_the_chosen_kinds_and_miners(
    hass: HomeAssistant, automate: Automate
) -> None:
    """Alerts of the chosen kinds and miners are sent, and that they are over."""
    calls = async_mock_service(hass, "notify", "send_message")
    await automate(
        "notify.yaml",
        kinds=["offline", "vr_heat"],
        miners=["miner"],
        notifiers=["notify.phone", "notify.tablet"],
    )
    fire(hass)
    await hass.async_block_till_done()
    assert calls[0].data["entity_id"] == ["notify.phone", "notify.tablet"]
    assert texts(calls) == ["Attic does not answer"]
    fire(hass, kind="reject_rate")
    fire(hass, device_id="another")
    await hass.async_block_till_done()
    assert not calls
    fire(hass, phase="cleared", message="is back")
    await hass.async_block_till_done()
    assert texts(calls) == ["Attic is back"]


async def test_notifications_by_default(
    hass: HomeAssistant, automate: Automate
) -> None:
    """Of all miners, and of everything but the noisy kinds."""
    calls = async_mock_service(hass, "test", "report")
    say = {
        "action": "test.report",
        "data": {"title": "{{ title }}", "message": "{{ message }}"},
    }
    await automate("notify.yaml", actions=[say])
    fire(hass, device_id=None)
    fire(hass, device_id="another", kind="block_found", phase="happened")
    fire(hass, kind="reject_rate")
    await hass.async_block_till_done()
    assert len(texts(calls)) == 2


async def test_notifications_that_it_is_over_can_be_left_out(
    hass: HomeAssistant, automate: Automate
) -> None:
    """What just happens is reported all the same."""
    calls = async_mock_service(hass, "notify", "send_message")
    await automate("notify.yaml", notifiers=["notify.phone"], tell_cleared=False)
    fire(hass, phase="cleared")
    fire(hass, kind="restarted", phase="happened", message="has restarted")
    await hass.async_block_till_done()
    assert texts(calls) == ["Attic has restarted"]


@pytest.mark.parametrize(
    ("start", "end", "reported"),
    [
        ("22:00:00", "07:00:00", [False, False, True]),
        ("01:00:00", "07:00:00", [True, False, True]),
        ("00:00:00", "00:00:00", [True, True, True]),
    ],
)
async def test_quiet_hours(
    hass: HomeAssistant,
    automate: Automate,
    freezer: FrozenDateTimeFactory,
    start: str,
    end: str,
    reported: list[bool],
) -> None:
    """By the clock on the wall, over midnight as well; a block is worth waking up."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    calls = async_mock_service(hass, "notify", "send_message")
    await automate(
        "notify.yaml", notifiers=["notify.phone"], quiet_start=start, quiet_end=end
    )
    found = []
    # 23:30, 6:59 and 7:00 in Berlin.
    for moment in ("2026-11-25 22:30", "2026-11-26 05:59", "2026-11-26 06:00"):
        freezer.move_to(moment)
        fire(hass)
        await hass.async_block_till_done()
        found.append(bool(texts(calls)))
    assert found == reported
    freezer.move_to("2026-11-26 05:00")
    fire(hass, kind="block_found", phase="happened", message="has found a block")
    await hass.async_block_till_done()
    assert texts(calls) == ["Attic has found a block"]


async def test_a_block_rings(hass: HomeAssistant, automate: Automate) -> None:
    """On every phone that is still there, while the rest happens."""
    phones = MockConfigEntry(domain="mobile_app")
    phones.add_to_hass(hass)
    ids = [
        dr.async_get(hass)
        .async_get_or_create(
            config_entry_id=phones.entry_id,
            identifiers={("mobile_app", name)},
            name=name,
        )
        .id
        for name in ("Lost phone", "Anna's phone")
    ]
    dr.async_get(hass).async_remove_device(ids[0])
    rings = async_mock_service(hass, "notify", "mobile_app_anna_s_phone")
    lights = async_mock_service(hass, "light", "turn_on")
    await automate(
        "block_found.yaml", phones=ids, actions=[{"action": "light.turn_on"}]
    )
    fire(hass)
    fire(hass, kind="block_found", phase="happened", message="has found a block")
    await hass.async_block_till_done()
    assert len(rings) == 1
    assert rings[0].data["message"] == "has found a block"
    assert rings[0].data["data"]["push"]["sound"]["critical"] == 1
    assert rings[0].data["data"]["channel"] == "alarm_stream"
    assert len(lights) == 1


async def test_from_the_miner_to_the_phone(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    automate: Automate,
) -> None:
    """A real fault, and what arrives of it."""
    calls = async_mock_service(hass, "notify", "send_message")
    server = await simulate("gamma-2.12")
    await add_miner(server)
    await automate("notify.yaml", notifiers=["notify.phone"])
    server.miner.faults.offline = True
    await pass_time(240)
    assert texts(calls) == ["gamma-2.12 does not answer"]
    server.miner.faults.offline = False
    await pass_time(300)
    assert texts(calls)[0].startswith("gamma-2.12 is back (")


async def test_a_frozen_miner_is_restarted_but_not_for_ever(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    automate: Automate,
) -> None:
    """Twice a day here; the third time a person is called."""
    calls = async_mock_service(hass, "test", "call_for_help")
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await automate(
        "restart_frozen.yaml", at_most=2, actions=[{"action": "test.call_for_help"}]
    )

    def restarts() -> int:
        return sum(
            request.path == "/api/system/restart" for request in server.miner.requests
        )

    for expected, helped in ((1, 0), (2, 0), (2, 1)):
        server.miner.faults.frozen = True
        await pass_time(240)
        assert (restarts(), len(calls)) == (expected, helped)
        server.miner.faults.frozen = False
        server.miner.power_cycle()
        await pass_time(240)
        assert not entry.runtime_data.data.figures.flatlined


@pytest.mark.parametrize(
    ("name", "inputs", "state", "wanted"),
    [
        ("solar_surplus.yaml", {"surplus": "sensor.it", "reserve": 20}, "0.12", 100),
        ("solar_surplus.yaml", {"surplus": "sensor.it", "reserve": 20}, "unknown", 0),
        ("cheap_hours.yaml", {"price": "sensor.it", "limit": 0.3}, "0.25", 100),
        ("cheap_hours.yaml", {"price": "sensor.it", "limit": 0.3}, "0.35", 0),
        ("cheap_hours.yaml", {"price": "sensor.it", "limit": 0.3}, "unavailable", 0),
        ("cheap_hours.yaml", {"price": "sensor.it", "limit": 0.3}, "0.3", 100),
        ("cheap_hours.yaml", {"price": "sensor.it", "limit": "0.3"}, "-0.1", 100),
        ("cheap_hours.yaml", {"price": "sensor.it", "limit": 0.3}, "nan", 0),
        ("cheap_hours.yaml", {"price": "sensor.none", "limit": 0.3}, "0.1", 0),
        ("solar_surplus.yaml", {"surplus": "sensor.it", "reserve": 20}, "nan", 0),
        ("solar_surplus.yaml", {"surplus": "sensor.it", "reserve": 20}, "inf", 0),
        ("forecast.yaml", {"forecast": "sensor.it"}, "nan", 0),
        ("quiet_nights.yaml", {"night": "22:00:00", "morning": "07:00:00"}, "", None),
        (
            "forecast.yaml",
            {"forecast": "sensor.it", "little": 2, "plenty": 12},
            "7",
            50,
        ),
    ],
)
async def test_power_targets(
    hass: HomeAssistant,
    automate: Automate,
    name: str,
    inputs: dict[str, Any],
    state: str,
    wanted: float | None,
) -> None:
    """They set the number of the swarm."""
    number = "number.bitaxe_swarm_power_target"
    calls = async_mock_service(hass, "number", "set_value")
    unit = {"unit_of_measurement": "kW" if "surplus" in inputs else None}
    hass.states.async_set("sensor.it", state, unit)
    await automate(name, target=number, **inputs)
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.made"}, blocking=True
    )
    await hass.async_block_till_done()
    assert hass.states.get(number) is not None
    assert calls[-1].data["entity_id"] == [number]
    value = calls[-1].data["value"]
    assert value in (0, 100) if wanted is None else value == wanted
    await turn_off(hass)


@pytest.mark.parametrize(
    ("name", "state", "unit", "wanted"),
    [
        ("solar_surplus.yaml", "170", "W", 120),
        ("solar_surplus.yaml", "0.17", "kW", 120),
        ("solar_surplus.yaml", "0.00017", "MW", 120),
        ("forecast.yaml", "11500", "Wh", 50),
        ("forecast.yaml", "11.5", "kWh", 50),
        ("forecast.yaml", "0.0115", "MWh", 50),
        ("forecast.yaml", "41.4", "MJ", 50),
    ],
)
async def test_power_targets_in_any_unit(
    hass: HomeAssistant,
    automate: Automate,
    name: str,
    state: str,
    unit: str,
    wanted: float,
) -> None:
    """A sensor that shows another unit means the same."""
    calls = async_mock_service(hass, "number", "set_value")
    hass.states.async_set("sensor.it", state, {"unit_of_measurement": unit})
    source = name.removesuffix(".yaml").split("_")[-1]
    await automate(
        name, target="number.bitaxe_swarm_power_target", **{source: "sensor.it"}
    )
    await trigger(hass)
    assert calls[-1].data["value"] == wanted
    await turn_off(hass)


@pytest.mark.parametrize(
    ("night", "morning", "wanted"),
    [
        ("22:00:00", "07:00:00", [100, 0, 0, 100]),
        ("22:00", "7:00", [100, 0, 0, 100]),
        ("9:00:00", "22:30", [0, 100, 100, 100]),
        ("input_datetime.night", "07:00:00", [100, 0, 0, 100]),
    ],
)
async def test_quiet_nights(
    hass: HomeAssistant,
    automate: Automate,
    freezer: FrozenDateTimeFactory,
    night: str,
    morning: str,
    wanted: list[float],
) -> None:
    """However the times are written, and whether or not they are on one day."""
    await hass.config.async_set_time_zone("UTC")
    calls = async_mock_service(hass, "number", "set_value")
    hass.states.async_set(
        "input_datetime.night",
        "22:00:00",
        {"has_date": False, "has_time": True, "hour": 22, "minute": 0, "second": 0},
    )
    await automate(
        "quiet_nights.yaml",
        target="number.bitaxe_swarm_power_target",
        night=night,
        morning=morning,
    )
    found = []
    for time in ("21:59", "22:30", "06:59", "07:00"):
        freezer.move_to(f"2026-11-25 {time}")
        await trigger(hass)
        found.append(calls[-1].data["value"])
    assert found == wanted
    await turn_off(hass)


async def turn_off(hass: HomeAssistant) -> None:
    """Have the automation that was made wait for nothing any more."""
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.made"}, blocking=True
    )


async def trigger(hass: HomeAssistant) -> None:
    """Run the automation that was made."""
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.made"}, blocking=True
    )
    await hass.async_block_till_done()


# Whatever somebody writes into an automation by hand

INPUTS: Final[dict[str, dict[str, Any]]] = {
    "block_found.yaml": {"phones": []},
    "cheap_hours.yaml": {
        "target": "number.bitaxe_swarm_power_target",
        "price": "sensor.it",
        "limit": 0.25,
        "cheap": 100,
        "otherwise": 0,
    },
    "forecast.yaml": {
        "target": "number.bitaxe_swarm_power_target",
        "forecast": "sensor.it",
        "little": 3,
        "plenty": 20,
        "low": 0,
        "high": 100,
    },
    "notify.yaml": {
        "kinds": ["offline"],
        "tell_cleared": True,
        "miners": [],
        "notifiers": [],
        "quiet_start": "00:00:00",
        "quiet_end": "00:00:00",
        "loud_kinds": [],
    },
    "quiet_nights.yaml": {
        "target": "number.bitaxe_swarm_power_target",
        "night": "22:00:00",
        "morning": "07:00:00",
        "quiet": 0,
        "usual": 100,
    },
    "restart_frozen.yaml": {"miners": [], "at_most": 3, "without_shares": False},
    "solar_surplus.yaml": {
        "target": "number.bitaxe_swarm_power_target",
        "surplus": "sensor.it",
        "reserve": 50,
    },
}
ODD: Final = st.sampled_from(
    [
        *("", "\0", "nan", "inf", "-1", "1e999", "0,25", "7:00", "25:00", "79200"),
        *("x" * 300, "sensor.it", "sensor.none", "not an entity", "offline", "12 W"),
        *(0, -1, 1, 79200, 2**64, 1e300, 0.5, True, False, None, math.nan, math.inf),
        [],
        ["sensor.it"],
        ["offline", None, 3],
        [["offline"]],
        {},
        {"hours": 1},
    ]
)
STATES: Final = st.sampled_from(
    ["7", "0.2", "-3", "nan", "inf", "-inf", "unknown", "unavailable", "", "12,5"]
)
FRAGMENTS: Final[list[dict[str, Any]]] = [
    {},
    {"device_id": None},
    {"kind": "block_found", "phase": "happened"},
    {"kind": "frozen_hashrate", "reason": "repeated", "count_24h": 1},
    {"kind": "frozen_hashrate", "reason": "repeated", "device_id": None},
]


def test_every_input_is_tried() -> None:
    """One that is added later is tried too; actions are Home Assistant's."""
    for name, inputs in INPUTS.items():
        content = (SHIPPED / name).read_text("utf-8")
        used = {
            line.split("!input ")[1]
            for line in content.split("\n")
            if "!input " in line
        }
        assert used - {"actions"} == inputs.keys()


@pytest.mark.parametrize("name", NAMES)
@examples(25)
@given(data=st.data())
async def test_any_input_is_refused_or_does_no_harm(
    hass: HomeAssistant,
    automate: Automate,
    caplog: pytest.LogCaptureFixture,
    name: str,
    data: st.DataObject,
) -> None:
    """Home Assistant does not check what is not chosen in a form."""
    inputs = dict(INPUTS[name])
    keys = st.sets(st.sampled_from(sorted(inputs)), min_size=1)
    for key in sorted(data.draw(keys)):
        inputs[key] = data.draw(ODD)
    reported = async_mock_service(hass, "test", "report")
    if "actions" in (SHIPPED / name).read_text("utf-8").split("mode:")[0]:
        inputs["actions"] = [{"action": "test.report"}]
    caplog.clear()
    hass.states.async_set("sensor.it", data.draw(STATES))
    config = {
        "alias": "made",
        "use_blueprint": {"path": f"bitaxe/{name}", "input": inputs},
    }
    if not hass.services.has_service("automation", "reload"):
        assert await async_setup_component(hass, "automation", {})
    with patch(
        "homeassistant.config.load_yaml_config_file",
        autospec=True,
        return_value={"automation": [config]},
    ):
        try:
            await hass.services.async_call("automation", "reload", blocking=True)
        except HomeAssistantError:
            return
    await hass.async_block_till_done()
    state = hass.states.get("automation.made")
    assert state is not None
    if state.state == "unavailable":
        assert [item for item in caplog.records if item.levelno >= logging.ERROR]
        return
    # One that did not change is the same as before.
    await hass.services.async_call(
        "automation", "turn_on", {"entity_id": "automation.made"}, blocking=True
    )
    caplog.clear()
    reported.clear()
    if "trigger.event" not in (SHIPPED / name).read_text("utf-8"):
        await trigger(hass)
    for fragment in FRAGMENTS:
        fire(hass, **fragment)
        await hass.async_block_till_done()
    await turn_off(hass)
    bad = [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and "invalid entity IDs" not in record.getMessage()
        and ("emplate" in record.getMessage() or record.exc_info is not None)
    ]
    assert not bad
    assert reported or name != "block_found.yaml"


def filters_of(found: object) -> list[dict[str, str]]:
    """Return what forms ask of the entities of a device that is chosen in them."""
    if isinstance(found, list):
        return [item for part in found for item in filters_of(part)]
    if not isinstance(found, dict):
        return []
    asked = [item for part in found.values() for item in filters_of(part)]
    if isinstance(selector := found.get("device"), dict) and "entity" in selector:
        entity = selector["entity"]
        asked += entity if isinstance(entity, list) else [entity]
    return asked


async def test_forms_offer_the_miners_of_a_new_home(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The frontend looks for entities that are enabled."""
    entry = await add_miner(await simulate("gamma-2.15"))
    enabled = {
        (entity.domain, entity.original_device_class)
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if entity.disabled_by is None
    }
    asked = [
        (form.name, item)
        for form in FORMS
        for item in filters_of(load_yaml_dict(str(form)))
        if item.get("integration", DOMAIN) == DOMAIN
    ]
    assert {"notify.yaml", "restart_frozen.yaml", "triggers.yaml"} <= {
        form for form, _ in asked
    }
    for form, item in asked:
        assert any(
            item.get("domain") in {None, domain}
            and item.get("device_class") in {None, device_class}
            for domain, device_class in enabled
        ), (form, item)
