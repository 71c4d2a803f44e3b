"""Version 0.2 begins with what version 0.1 has left: files, options, registry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.bitaxe.const import (
    CONF_ALERTS,
    CONF_EXTENDED_RANGE,
    CONF_KIND,
    CONF_PRICE,
    DOMAIN,
    EVENT_ALERT,
    KIND_SWARM,
    SWARM_UNIQUE_ID,
)
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.guard.model import GuardOptions
from custom_components.bitaxe.swarm.coordinator import async_find_swarm

from .conftest import PassTime, Settle, Simulate, miner_entry

# The keys that version 0.1 gave the entities of a Gamma with AxeOS 2.12.
GAMMA: Final = {
    "binary_sensor": "access_point detuned flatlined overclock_enabled overheated"
    " power_fault problem using_fallback_pool",
    "button": "clear_overheat identify restart restore_settings",
    "event": "activity alert",
    "image": "efficiency_map miner_detail",
    "number": "core_voltage display_timeout fan_speed frequency minimum_fan_speed"
    " target_temperature",
    "select": "display_rotation",
    "sensor": "asic_1_domain_1_hashrate asic_1_domain_2_hashrate"
    " asic_1_domain_3_hashrate asic_1_domain_4_hashrate asic_1_error_count"
    " asic_temperature best_configuration best_difficulty best_session_difficulty"
    " block_height blocks_found coinbase_text core_current core_voltage"
    " core_voltage_actual efficiency efficiency_1h efficiency_24h efficiency_gh_w"
    " energy error_percentage expected_hashrate fan_rpm fan_speed free_heap"
    " free_heap_external free_heap_internal frequency hashrate hashrate_10m"
    " hashrate_1h hashrate_1m hashrate_ratio input_voltage maximum_power"
    " network_difficulty pool pool_difficulty power reject_rate reset_reason"
    " response_time restarts running_partition shares_accepted shares_rejected"
    " stability state suggested_difficulty total_uptime uptime vr_temperature"
    " wifi_rssi wifi_status",
    "switch": "auto_fan display_inverted",
}
# Those that every miner had.
EVERY: Final = {
    "button": "restart",
    "event": "activity alert",
    "number": "core_voltage frequency",
    "sensor": "asic_temperature best_difficulty efficiency energy expected_hashrate"
    " hashrate power reject_rate restarts shares_accepted state uptime",
}
SWARM: Final = {
    "button": "restart_all",
    "sensor": "hashrate expected_hashrate power efficiency energy cost_per_day miners"
    " miners_online miners_mining best_difficulty best_miner network_difficulty"
    " time_to_block chance_per_day chance_per_year",
}
POINT: Final = {"frequency": 490.0, "core_voltage": 1120.0}
ALERTS: Final = {
    "vr_heat": {"threshold": 76.5},
    "offline": {"for": 300.0},
    "reject_rate": {"enabled": False},
}


def register(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    keys: dict[str, str],
    name: str,
    units: Mapping[str, str],
) -> dict[str, str]:
    """Register entities as people have named them; return unique ids by entity id."""
    registry = er.async_get(hass)
    found = {}
    for platform, names in keys.items():
        for key in names.split():
            item = registry.async_get_or_create(
                platform,
                DOMAIN,
                f"{entry.unique_id}_{key}",
                config_entry=entry,
                suggested_object_id=f"{name}_{key}",
                unit_of_measurement=units.get(key) if platform == "sensor" else None,
            )
            found[item.entity_id] = item.unique_id
    return found


def stored(key: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return a file of version 0.1 as Home Assistant keeps it."""
    return {"version": 1, "minor_version": 1, "key": key, "data": data}


@pytest.fixture
async def home(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    settle: Settle,
) -> tuple[list[MockConfigEntry], dict[str, str]]:
    """Start on a home of version 0.1: two miners and a swarm. Return what it had."""
    found = await write_home(hass, hass_storage, simulate)
    assert await async_setup_component(hass, DOMAIN, {})
    await settle()
    return found


async def write_home(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    units: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[MockConfigEntry], dict[str, str]]:
    """Write entries, files and registry of version 0.1, with units of its sensors.

    Return the entries, and unique ids by entity id.
    """
    now = dt_util.utcnow().timestamp()
    entries, ids = [], {}
    for preset, options, keys, name in (
        ("gamma-2.12", {CONF_EXTENDED_RANGE: True}, GAMMA, "cellar"),
        ("nerdqaxepp-1.1.0", {}, EVERY, "attic"),
    ):
        entry = miner_entry(await simulate(preset), options)
        entry.add_to_hass(hass)
        entries.append(entry)
        ids |= register(hass, entry, keys, name, units)
        file = f"{DOMAIN}.{entry.entry_id}"
        hass_storage[file] = stored(
            file,
            {
                "meter": {
                    "figures": {
                        "energy": 120.0 + len(entries),
                        "restarts": 7,
                        "total_uptime": 900_000.0,
                        "best_difficulty": 5e12 * len(entries),
                        "blocks_found": 0,
                    },
                    # Long ago by the clock of a miner that runs since yesterday.
                    "last_time": now - 3600,
                    "last_uptime": 60,
                },
                "intended": {**POINT, "auto_fan": True, "fan_speed": None},
            },
        )
    swarm = MockConfigEntry(
        domain=DOMAIN,
        version=2,
        title="Bitaxe swarm",
        unique_id=SWARM_UNIQUE_ID,
        data={CONF_KIND: KIND_SWARM},
        options={CONF_PRICE: 0.31, CONF_ALERTS: ALERTS},
    )
    swarm.add_to_hass(hass)
    ids |= register(hass, swarm, SWARM, "all", units)
    file = f"{DOMAIN}.{swarm.entry_id}"
    hass_storage[file] = stored(
        file,
        {
            "energy": 300.0,
            "miners": {
                entry.entry_id: {
                    "energy": 120.0 + number,
                    "best_difficulty": 5e12 * number,
                }
                for number, entry in enumerate(entries, 1)
            },
        },
    )
    hass_storage[f"{file}.alerts"] = stored(
        f"{file}.alerts",
        {
            "miners": {
                entries[0].entry_id: {
                    "raised": {
                        "detuned": {
                            "value": None,
                            "limit": None,
                            "since": now - 7200,
                            "data": {"frequency": 400.0, "core_voltage": 1100.0},
                        }
                    },
                    "raised_at": {"detuned": [now - 7200]},
                    "known": {
                        "energy": 121.0,
                        "restarts": 7,
                        "total_uptime": 900_000.0,
                        "best_difficulty": 5e12,
                        "blocks_found": 0,
                    },
                }
            }
        },
    )
    return [*entries, swarm], ids


async def test_every_entity_stays_what_it_was(
    hass: HomeAssistant,
    home: tuple[list[MockConfigEntry], dict[str, str]],
    pass_time: PassTime,
) -> None:
    """Id, unique id and owner; statistics hang on the id of the entity."""
    entries, ids = home
    await pass_time(60)
    assert all(entry.state is ConfigEntryState.LOADED for entry in entries)
    registry = er.async_get(hass)
    for entity_id, unique_id in ids.items():
        item = registry.async_get(entity_id)
        assert item is not None, entity_id
        assert item.unique_id == unique_id
        assert item.disabled_by is None
        state = hass.states.get(entity_id)
        assert state is not None, entity_id
        assert not state.attributes.get("restored"), f"nothing provides {entity_id}"
        if entity_id.startswith("sensor."):
            assert state.state != STATE_UNAVAILABLE
    devices = dr.async_get(hass)
    for entry in entries:
        found = devices.async_get_device_by_identifier(
            (DOMAIN, str(entry.unique_id)), entry.entry_id
        )
        assert found is not None


async def test_totals_go_on(
    hass: HomeAssistant,
    home: tuple[list[MockConfigEntry], dict[str, str]],
    pass_time: PassTime,
) -> None:
    """Energy, restarts and records begin where version 0.1 ended."""
    await pass_time(120)
    for number, name in enumerate(("cellar", "attic"), 1):
        energy = hass.states.get(f"sensor.{name}_energy")
        assert energy is not None
        assert 120.0 + number <= float(energy.state) < 120.2 + number
        assert energy.attributes["unit_of_measurement"] == "kWh"
        assert energy.attributes["state_class"] == "total_increasing"
        restarts = hass.states.get(f"sensor.{name}_restarts")
        assert restarts is not None
        assert int(restarts.state) in (7, 8)
        best = hass.states.get(f"sensor.{name}_best_difficulty")
        assert best is not None
        assert float(best.state) == 5e12 * number
    swarm = hass.states.get("sensor.all_energy")
    assert swarm is not None
    assert 300.0 <= float(swarm.state) < 300.5


async def test_choices_stay(
    hass: HomeAssistant, home: tuple[list[MockConfigEntry], dict[str, str]]
) -> None:
    """Options of miners and swarm, and the settings that somebody chose."""
    [gamma, nerd, entry], _ = home
    swarm = async_find_swarm(hass)
    assert swarm is not None
    assert swarm.price == 0.31
    assert entry.options == {CONF_PRICE: 0.31, CONF_ALERTS: ALERTS}
    rules = {kind.value: rule for kind, rule in swarm.alerts.rules.items()}
    assert rules["vr_heat"].threshold == 76.5
    assert rules["offline"].for_seconds == 300.0
    assert not rules["reject_rate"].enabled
    assert gamma.options == {CONF_EXTENDED_RANGE: True}
    for miner in (gamma, nerd):
        intended = miner.runtime_data.intended
        assert (intended.frequency, intended.core_voltage) == (490.0, 1120.0)


async def test_nothing_acts_and_nothing_is_reported_twice(
    hass: HomeAssistant,
    home: tuple[list[MockConfigEntry], dict[str, str]],
    pass_time: PassTime,
) -> None:
    """What was raised stays so or ends; what is new is off until somebody wants it."""
    [gamma, *_], _ = home
    before = gamma.runtime_data.snapshot.operating_point
    events = async_capture_events(hass, EVENT_ALERT)
    await pass_time(120)
    assert not [item for item in events if item.data["phase"] == "raised"]
    guard = guard_of(hass, gamma.entry_id)
    assert guard is not None
    assert guard.options == GuardOptions()
    assert not guard.holds
    snapshot = gamma.runtime_data.snapshot
    assert snapshot.operating_point == before
