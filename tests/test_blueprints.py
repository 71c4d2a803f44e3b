"""The ready-made automations: that they are there, and that they work."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.blueprint.models import DomainBlueprints
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

import custom_components.bitaxe
from custom_components.bitaxe.alerts.model import AlertKind
from custom_components.bitaxe.const import DOMAIN, EVENT_ALERT

from .conftest import AddMiner, PassTime, Simulate

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
    """Tell an alert."""
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
    """Whoever wrote it."""
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


async def test_removing_the_swarm_leaves_them(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    swarm: MockConfigEntry,
    folder: Path,
) -> None:
    """Automations may be made of them; what we remember of them goes."""
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


async def test_notifications(hass: HomeAssistant, automate: Automate) -> None:
    """Of the chosen kinds and miners, also that it is over."""
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
    calls = async_mock_service(hass, "test", "tell")
    tell = {
        "action": "test.tell",
        "data": {"title": "{{ title }}", "message": "{{ message }}"},
    }
    await automate("notify.yaml", actions=[tell])
    fire(hass, device_id=None)
    fire(hass, device_id="another", kind="block_found", phase="happened")
    fire(hass, kind="reject_rate")
    await hass.async_block_till_done()
    assert len(texts(calls)) == 2


async def test_notifications_that_it_is_over_can_be_left_out(
    hass: HomeAssistant, automate: Automate
) -> None:
    """What just happens is told all the same."""
    calls = async_mock_service(hass, "notify", "send_message")
    await automate("notify.yaml", notifiers=["notify.phone"], tell_cleared=False)
    fire(hass, phase="cleared")
    fire(hass, kind="restarted", phase="happened", message="has restarted")
    await hass.async_block_till_done()
    assert texts(calls) == ["Attic has restarted"]


@pytest.mark.parametrize(
    ("start", "end", "told"),
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
    told: list[bool],
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
    assert found == told
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
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.made"}, blocking=True
    )
