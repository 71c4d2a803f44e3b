"""Which entities a miner has, and how they are presented."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import EntityDescription
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.bitaxe.binary_sensor import BINARY_SENSORS, PROBLEM
from custom_components.bitaxe.button import BUTTONS
from custom_components.bitaxe.event import ACTIVITY, ALERT
from custom_components.bitaxe.image import MINER_IMAGES, TUNING as TUNING_IMAGE
from custom_components.bitaxe.miner.meter import Meter
from custom_components.bitaxe.number import NUMBERS, POWER_TARGET
from custom_components.bitaxe.select import DISPLAY_ROTATION, PROFILE
from custom_components.bitaxe.sensor.analysis import ANALYSIS
from custom_components.bitaxe.sensor.diagnostics import (
    DIAGNOSTICS,
    asic_layout,
    describe_asics,
)
from custom_components.bitaxe.sensor.pools import SIGHTING_SENSORS
from custom_components.bitaxe.sensor.readings import SENSORS
from custom_components.bitaxe.sensor.tuning import TUNING
from custom_components.bitaxe.switch import (
    FOLLOW_POWER_TARGET,
    GUARD,
    MAINTENANCE,
    SWITCHES,
)
from custom_components.bitaxe.update import FIRMWARE

from .conftest import AddMiner, Simulate
from .snapshots import gamma

PACKAGE = Path(__file__).parent.parent / "custom_components" / "bitaxe"
LANGUAGES = ("en", "de")
OTHER_DEVICES = ("swarm_", "pool_account_", "heating", "supply_")
"""What the keys of entities begin with that no miner has."""


def texts(language: str) -> dict[str, Any]:
    """Return the entity texts of a language."""
    content = (PACKAGE / "translations" / f"{language}.json").read_text("utf-8")
    entity: dict[str, Any] = json.loads(content)["entity"]
    return entity


def described() -> Iterator[tuple[str, EntityDescription]]:
    """Yield every entity a miner can have, with its platform."""
    two_asics = [{"total": 500, "domains": [250, 250], "errorCount": 0}] * 2
    snapshot = gamma(hashrateMonitor={"asics": two_asics})
    reading = Meter().update(snapshot, 1_800_000_000.0, 60.0, 0.0)
    for platform, descriptions in (
        ("binary_sensor", (PROBLEM, *BINARY_SENSORS)),
        ("button", BUTTONS),
        ("event", (ACTIVITY, ALERT)),
        ("image", (*MINER_IMAGES, TUNING_IMAGE)),
        ("number", (*NUMBERS, POWER_TARGET)),
        ("select", (DISPLAY_ROTATION, PROFILE)),
        (
            "sensor",
            (
                *SENSORS,
                *DIAGNOSTICS,
                *ANALYSIS,
                *SIGHTING_SENSORS,
                TUNING,
                *describe_asics(asic_layout(reading)),
            ),
        ),
        ("update", (FIRMWARE,)),
        ("switch", (*SWITCHES, GUARD, MAINTENANCE, FOLLOW_POWER_TARGET)),
    ):
        for description in descriptions:
            yield platform, description


@pytest.mark.parametrize(
    "preset",
    [
        "ultra-2.1",
        "supra-2.9",
        "gamma-2.12",
        "gt-2.15",
        "suprahex-2.14",
        "nerdqaxepp-1.0.36",
        "nerdqaxepp-1.1.0",
        "forge-nano",
    ],
)
async def test_entities_of_each_kind_of_miner(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_entry: object,
    snapshot: SnapshotAssertion,
    preset: str,
) -> None:
    """Each miner has what its firmware reports, and nothing else."""
    entry = await add_miner(await simulate(preset))
    found = {
        f"{item.domain} {item.unique_id.rpartition(f'{entry.unique_id}_')[2]}": [
            str(value)
            for value in (
                item.original_name,
                item.unit_of_measurement,
                item.original_device_class,
                (item.capabilities or {}).get("state_class"),
                item.entity_category,
                item.disabled_by and "disabled",
            )
            if value is not None
        ]
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }
    assert {name: ", ".join(found[name]) for name in sorted(found)} == snapshot
    # As docs/architecture.md has it.
    assert 30 <= sum("disabled" not in texts for texts in found.values()) <= 34


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entity_has_a_name(language: str) -> None:
    """In every language, and no name is left over from an entity that is gone."""
    named = {
        (platform, key)
        for platform, keys in texts(language).items()
        for key in keys
        if not key.startswith(OTHER_DEVICES)
    }
    assert named == {
        (platform, description.translation_key or description.key)
        for platform, description in described()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_carry_what_distinguishes_them(language: str) -> None:
    """Numbers of ASICs and domains are in the names of their entities."""
    for platform, description in described():
        key = description.translation_key or description.key
        name = texts(language)[platform][key]["name"]
        placeholders = set(re.findall(r"{(\w+)}", name))
        assert placeholders == set(description.translation_placeholders or {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_text(language: str) -> None:
    """Of sensors and selects with a fixed set of states, and of events."""
    entity = texts(language)
    for platform, description in described():
        key = description.translation_key or description.key
        if options := getattr(description, "options", None):
            assert set(entity[platform][key]["state"]) == set(options)
        if types := getattr(description, "event_types", None):
            attributes = entity[platform][key]["state_attributes"]
            assert set(attributes["event_type"]["state"]) == set(types)


def test_every_entity_has_one_icon() -> None:
    """Its own, or that of its device class."""
    icons = json.loads((PACKAGE / "icons.json").read_text("utf-8"))["entity"]
    with_icon = {
        (platform, key)
        for platform, keys in icons.items()
        for key in keys
        if not key.startswith(OTHER_DEVICES)
    }
    without_class = {
        (platform, description.translation_key or description.key)
        for platform, description in described()
        # Home Assistant has no icon for the device class of a fixed set of states.
        # An update shows the picture of its integration.
        if description.device_class in (None, "enum") and platform != "update"
    }
    assert with_icon == without_class


def test_keys_are_unique() -> None:
    """They are part of the unique ids."""
    names = [(platform, description.key) for platform, description in described()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("preset", ["ultra-2.4", "gamma-2.15", "nerdqaxepp-1.0.36"])
async def test_about_25_entities_are_shown_at_first(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, preset: str
) -> None:
    """That is what a person reads; what only the analysis needs is on, but hidden."""
    entry = await add_miner(await simulate(preset))
    enabled = [
        entity
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if entity.disabled_by is None
    ]
    shown = [entity for entity in enabled if entity.hidden_by is None]
    assert 22 <= len(shown) <= 28, sorted(entity.entity_id for entity in shown)
    keys = {entity.translation_key for entity in enabled}
    assert {
        "hashrate",
        "expected_hashrate",
        "power",
        "frequency",
        "core_voltage",
    } <= keys
