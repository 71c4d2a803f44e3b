"""People who switch from other integrations of this domain keep what they have."""

from collections.abc import Mapping
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_KIND, DOMAIN, KIND_MINER
from custom_components.bitaxe.history.migration import CONF_ADOPT
from scripts.simulator import MinerServer

from .conftest import Simulate, miner_entry

MEASUREMENT = {"state_class": "measurement"}
INCREASING = {"state_class": "total_increasing"}


def old_entry(server: MinerServer, shape: str, **changes: Any) -> MockConfigEntry:
    """Return a miner's entry in the shape one of the other integrations gave it."""
    address = f"{server.host}:{server.port}"
    mac = server.miner.spec.mac_address
    shapes: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
        "host": (address, {"host": address}, {}),
        "mac": (
            mac,
            {"host": server.host, "name": "My miner", "port": server.port},
            {"scan_interval": 15},
        ),
        "ip_address": (
            address,
            {"ip_address": address, "device_name": "My miner"},
            {},
        ),
    }
    unique_id, data, options = shapes[shape]
    return MockConfigEntry(
        **{
            "domain": DOMAIN,
            "version": 1,
            "title": "My miner",
            "unique_id": unique_id,
            "data": data,
            "options": options,
            **changes,
        }
    )


def owner_of(entry: MockConfigEntry, server: MinerServer) -> str:
    """Return what the unique ids of an old entry's entities begin with."""
    if "name" in entry.data:
        return server.miner.spec.mac_address
    return entry.entry_id


def old_device(
    hass: HomeAssistant, entry: MockConfigEntry, server: MinerServer
) -> dr.DeviceEntry:
    """Register the device of an old entry, put into an area."""
    registry = dr.async_get(hass)
    device = registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, owner_of(entry, server))},
        manufacturer="Open Source Hardware",
        name="My miner",
    )
    updated = registry.async_update_device(device.id, name_by_user="In the cellar")
    assert updated is not None
    return updated


def old_entity(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: MinerServer,
    key: str,
    unit: str | None = None,
    *,
    platform: str = "sensor",
    capabilities: Mapping[str, Any] | None = None,
    owner: str | None = None,
) -> str:
    """Register an entity of an old entry under a name of its own; return its id."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return (
        er.async_get(hass)
        .async_get_or_create(
            platform,
            DOMAIN,
            f"{owner or owner_of(entry, server)}_{key}",
            suggested_object_id=f"cellar_{platform}_{key}",
            config_entry=entry,
            device_id=devices[0].id if devices else None,
            unit_of_measurement=unit,
            capabilities=capabilities,
        )
        .entity_id
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Load an entry, as after the switch."""
    if not hass.config_entries.async_get_entry(entry.entry_id):
        entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def unique_id_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return an entity's unique id, None if it is gone."""
    entity = er.async_get(hass).async_get(entity_id)
    return entity.unique_id if entity else None


@pytest.mark.parametrize(
    ("shape", "options"),
    [("host", {}), ("mac", {CONF_SCAN_INTERVAL: 15}), ("ip_address", {})],
)
async def test_adopted_entry(
    hass: HomeAssistant, simulate: Simulate, shape: str, options: dict[str, int]
) -> None:
    """Each shape becomes an entry of ours for the same miner."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, shape)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.version, entry.minor_version) == (2, 1)
    assert entry.unique_id == server.miner.spec.mac_address.lower()
    assert entry.title == "My miner"
    assert entry.data == {
        CONF_KIND: KIND_MINER,
        CONF_HOST: server.host,
        CONF_PORT: server.port,
    }
    assert entry.options == options


@pytest.mark.parametrize("shape", ["host", "mac", "ip_address"])
async def test_device_and_entities(
    hass: HomeAssistant, simulate: Simulate, shape: str
) -> None:
    """The device and what means the same stay; nothing is there twice."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, shape)
    entry.add_to_hass(hass)
    device = old_device(hass, entry, server)
    kept = {
        old_entity(hass, entry, server, key, unit, capabilities=capabilities): new
        for key, unit, capabilities, new in (
            ("hashRate", "GH/s", MEASUREMENT, "hashrate"),
            ("voltage", "mV", MEASUREMENT, "input_voltage"),
            ("power", "W", MEASUREMENT, "power"),
            ("temp", "°C", MEASUREMENT, "asic_temperature"),
            ("fanrpm", "RPM", MEASUREMENT, "fan_rpm"),
            ("maxPower", "W", MEASUREMENT, "maximum_power"),
            ("asic1_errors", None, INCREASING, "asic_1_error_count"),
            ("sharesAccepted", None, INCREASING, "shares_accepted"),
            ("bestDiff", None, None, "best_difficulty"),
        )
    } | {
        old_entity(hass, entry, server, key, platform=platform): new
        for platform, key, new in (
            ("button", "restart", "restart"),
            ("number", "temptarget", "target_temperature"),
            ("switch", "autofanspeed", "auto_fan"),
        )
    }
    gone = [
        old_entity(hass, entry, server, key, unit, capabilities=capabilities)
        for key, unit, capabilities in (
            ("uptimeSeconds", "s", INCREASING),
            ("nominalVoltage", "V", MEASUREMENT),
            ("temp2", "°C", MEASUREMENT),
            ("fan2rpm", "RPM", MEASUREMENT),
            ("asic1_hashrate", "GH/s", MEASUREMENT),
        )
    ] + [
        old_entity(hass, entry, server, key, platform=platform)
        for platform, key in (
            ("button", "update"),
            ("select", "frequency"),
            ("switch", "overclockEnabled"),
            ("text", "hostname"),
        )
    ]
    await set_up(hass, entry)

    mac = server.miner.spec.mac_address.lower()
    assert {entity_id: unique_id_of(hass, entity_id) for entity_id in kept} == {
        entity_id: f"{mac}_{key}" for entity_id, key in kept.items()
    }
    assert [unique_id_of(hass, entity_id) for entity_id in gone] == [None] * len(gone)
    for entity_id in kept:
        state = hass.states.get(entity_id)
        assert state is not None
        assert state.state != "unavailable"

    (now,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert now.id == device.id
    assert now.identifiers == {(DOMAIN, mac)}
    assert now.connections == {(dr.CONNECTION_NETWORK_MAC, mac)}
    assert now.name_by_user == "In the cellar"
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {entity.device_id for entity in entities} == {device.id}
    assert all(entity.unique_id.startswith(f"{mac}_") for entity in entities)


@pytest.mark.parametrize(
    ("unit", "capabilities"), [("mAh", MEASUREMENT), ("A", INCREASING)]
)
async def test_other_unit_or_statistics(
    hass: HomeAssistant,
    simulate: Simulate,
    unit: str,
    capabilities: dict[str, str],
) -> None:
    """An entity whose statistics would not go on is removed."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    entity_id = old_entity(
        hass, entry, server, "current", unit, capabilities=capabilities
    )
    await set_up(hass, entry)
    assert unique_id_of(hass, entity_id) is None


@pytest.mark.parametrize(
    ("preset", "key"),
    [("gamma-2.12", "core_current"), ("nerdqaxepp-1.0.36", "current")],
)
async def test_current_means_what_the_board_measures(
    hass: HomeAssistant, simulate: Simulate, preset: str, key: str
) -> None:
    """The firmware's `current` is the regulator's output on some boards."""
    server = await simulate(preset)
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    entity_id = old_entity(
        hass, entry, server, "current", "A", capabilities=MEASUREMENT
    )
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert unique_id_of(hass, entity_id) == f"{mac}_{key}"


@pytest.mark.parametrize(
    ("preset", "key", "unit", "new_key"),
    [
        ("suprahex-2.14", "temp2", "°C", "asic_temperature_2"),
        ("suprahex-2.14", "asic2_hashrate", "GH/s", "asic_2_hashrate"),
        ("nerdqaxepp-1.1.0", "asicTemp3", "°C", "asic_3_temperature"),
    ],
)
async def test_sensors_of_several_asics(
    hass: HomeAssistant,
    simulate: Simulate,
    preset: str,
    key: str,
    unit: str,
    new_key: str,
) -> None:
    """What only boards with several ASICs have is kept on those."""
    server = await simulate(preset)
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    entity_id = old_entity(hass, entry, server, key, unit, capabilities=MEASUREMENT)
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert unique_id_of(hass, entity_id) == f"{mac}_{new_key}"
    assert hass.states.get(entity_id) is not None


async def test_paused_miner(hass: HomeAssistant, simulate: Simulate) -> None:
    """A miner that measures nothing just now may still have every sensor."""
    server = await simulate("gamma-2.15")
    server.miner.pause()
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    entity_id = old_entity(hass, entry, server, "vrTemp", "°C")
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert unique_id_of(hass, entity_id) == f"{mac}_vr_temperature"


async def test_unit_a_person_chose(hass: HomeAssistant, simulate: Simulate) -> None:
    """A sensor shown in another unit is still the same sensor."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    entity_id = old_entity(hass, entry, server, "power", "kW")
    er.async_get(hass).async_update_entity_options(
        entity_id, "sensor", {"unit_of_measurement": "kW"}
    )
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert unique_id_of(hass, entity_id) == f"{mac}_power"


@pytest.mark.parametrize(
    ("key", "unit", "new_key"),
    [
        ("voltage", "mV", "input_voltage"),
        ("current", "mA", "core_current"),
        ("freeHeap", "B", "free_heap"),
        ("fanrpm", "RPM", "fan_rpm"),
        ("sharesAccepted", None, "shares_accepted"),
        ("sharesRejected", "shares", "shares_rejected"),
        ("power", "W", "power"),
    ],
)
async def test_unit_stays(
    hass: HomeAssistant, simulate: Simulate, key: str, unit: str | None, new_key: str
) -> None:
    """An automation that compares with 4900 (mV) must not find 5.1 (V) below it."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    entity_id = old_entity(hass, entry, server, key, unit)
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert unique_id_of(hass, entity_id) == f"{mac}_{new_key}"
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.attributes.get("unit_of_measurement") == unit
    # As long as the sensor is there.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.attributes.get("unit_of_measurement") == unit
    raw = server.miner.info()[key]
    assert isinstance(raw, float | int)
    assert float(state.state) == pytest.approx(raw, rel=0.2)


async def test_home_in_fahrenheit(hass: HomeAssistant, simulate: Simulate) -> None:
    """A unit that the home shows, not the sensor, is no other unit, nor kept as one."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    entity_id = old_entity(hass, entry, server, "temp", "°F", capabilities=MEASUREMENT)
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert unique_id_of(hass, entity_id) == f"{mac}_asic_temperature"
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    assert "unit_of_measurement" not in entity.options.get("sensor", {})
    assert entity.unit_of_measurement == "°F"


async def test_sensors_that_were_disabled(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """What the other integration disabled is as ours are; a person's choice stays."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "mac")
    entry.add_to_hass(hass)
    registry = er.async_get(hass)
    by_integration = [
        old_entity(hass, entry, server, key, unit)
        for key, unit in (("vrTemp", "°C"), ("freeHeap", "B"), ("wifiRSSI", "dBm"))
    ]
    for entity_id in by_integration:
        registry.async_update_entity(
            entity_id, disabled_by=er.RegistryEntryDisabler.INTEGRATION
        )
    by_person = old_entity(hass, entry, server, "temp", "°C")
    registry.async_update_entity(by_person, disabled_by=er.RegistryEntryDisabler.USER)
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    disabled = {
        item.unique_id.removeprefix(f"{mac}_"): item.disabled_by
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    assert disabled["vr_temperature"] is None
    assert disabled["free_heap"] is er.RegistryEntryDisabler.INTEGRATION
    assert disabled["wifi_rssi"] is er.RegistryEntryDisabler.INTEGRATION
    assert disabled["asic_temperature"] is er.RegistryEntryDisabler.USER
    assert unique_id_of(hass, by_person) == f"{mac}_asic_temperature"


@pytest.mark.parametrize("shape", ["host", "mac", "ip_address"])
async def test_nothing_deprecated(
    hass: HomeAssistant,
    simulate: Simulate,
    caplog: pytest.LogCaptureFixture,
    shape: str,
) -> None:
    """Adoption gives no reason for a warning, and a device keeps what it has."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, shape)
    entry.add_to_hass(hass)
    device = old_device(hass, entry, server)
    other = (dr.CONNECTION_BLUETOOTH, "02:00:00:00:00:99")
    dr.async_get(hass).async_update_device(device.id, new_connections={other})
    await set_up(hass, entry)
    now = dr.async_get(hass).async_get(device.id)
    assert now is not None
    mac = server.miner.spec.mac_address.lower()
    assert now.connections == {other, (dr.CONNECTION_NETWORK_MAC, mac)}
    assert "deprecated" not in caplog.text
    assert "merge_connections" not in caplog.text


async def test_leftovers_without_mac(hass: HomeAssistant, simulate: Simulate) -> None:
    """Entities made while an old integration had no data do not win over real ones."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "mac")
    entry.add_to_hass(hass)
    device = old_device(hass, entry, server)
    leftover_device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "unknown")}
    )
    leftovers = [
        old_entity(hass, entry, server, "hashRate", "GH/s", owner=owner)
        for owner in ("unknown", "00:00:00:00:00:00")
    ]
    real = old_entity(hass, entry, server, "hashRate", "GH/s")
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert unique_id_of(hass, real) == f"{mac}_hashrate"
    assert [unique_id_of(hass, entity_id) for entity_id in leftovers] == [None, None]
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert [item.id for item in devices] == [device.id]
    assert leftover_device.id != device.id


@pytest.mark.parametrize("owner", ["address", "name"])
async def test_entities_of_versions_of_before(
    hass: HomeAssistant, simulate: Simulate, owner: str
) -> None:
    """Their unique ids begin with the address, or with the name that a person gave."""
    server = await simulate("gamma-2.12")
    name = "My_miner in the cellar"
    address = f"{server.host}:{server.port}"
    entry = old_entry(
        server, "ip_address", data={"ip_address": address, "device_name": name}
    )
    entry.add_to_hass(hass)
    before = {"address": address, "name": name}[owner]
    keys = {
        "power": ("W", "power"),
        "temp": ("°C", "asic_temperature"),
        "hashRate": ("GH/s", "hashrate"),
        "bestDiff": (None, "best_difficulty"),
        "sharesAccepted": (None, "shares_accepted"),
        "fanrpm": ("RPM", "fan_rpm"),
    }
    old = {
        key: old_entity(hass, entry, server, key, unit, owner=before)
        for key, (unit, _) in keys.items()
    }
    other = old_entity(hass, entry, server, "hashRate", "GH/s", owner="Another miner")
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert {key: unique_id_of(hass, item) for key, item in old.items()} == {
        key: f"{mac}_{ours}" for key, (_, ours) in keys.items()
    }
    assert unique_id_of(hass, other) is None
    assert set(entry.data) == {CONF_KIND, CONF_HOST, CONF_PORT}


async def test_what_an_earlier_version_left_behind_does_not_win(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """Its entities are still registered beside those that were in use."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "ip_address")
    entry.add_to_hass(hass)
    left = old_entity(hass, entry, server, "hashRate", "GH/s", owner="My miner")
    used = old_entity(hass, entry, server, "hashRate", "GH/s")
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert unique_id_of(hass, used) == f"{mac}_hashrate"
    assert unique_id_of(hass, left) is None


async def test_two_old_entities_for_one_of_ours(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """Where two old entities mean the same, one of them stays."""
    server = await simulate("gamma-2.15")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    entity_ids = [
        old_entity(hass, entry, server, key, capabilities=INCREASING)
        for key in ("blockFound", "foundBlocks")
    ]
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert [unique_id_of(hass, entity_id) for entity_id in entity_ids] == [
        f"{mac}_blocks_found",
        None,
    ]


async def test_miner_without_mac(hass: HomeAssistant, simulate: Simulate) -> None:
    """Old firmware without a MAC is adopted by its address."""
    server = await simulate("ultra-2.1")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    device = old_device(hass, entry, server)
    entity_id = old_entity(hass, entry, server, "hashRate", "GH/s")
    await set_up(hass, entry)
    identifier = f"{server.host}:{server.port}"
    assert entry.unique_id == identifier
    assert CONF_ADOPT not in entry.data
    assert unique_id_of(hass, entity_id) == f"{identifier}_hashrate"
    now = dr.async_get(hass).async_get(device.id)
    assert now is not None
    assert now.identifiers == {(DOMAIN, identifier)}
    assert now.connections == set()


async def test_lower_case_mac(hass: HomeAssistant, simulate: Simulate) -> None:
    """An entity that happens to have our unique id stays."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "mac")
    entry.add_to_hass(hass)
    mac = server.miner.spec.mac_address.lower()
    entity_id = old_entity(
        hass, entry, server, "frequency", platform="number", owner=mac
    )
    await set_up(hass, entry)
    assert unique_id_of(hass, entity_id) == f"{mac}_frequency"


@pytest.mark.parametrize("shape", ["host", "mac", "ip_address"])
async def test_miner_is_off(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    shape: str,
) -> None:
    """Nothing is lost while a miner is off; it is adopted when it answers."""
    server = await simulate("gamma-2.12")
    server.miner.faults.offline = True
    entry = old_entry(server, shape)
    entry.add_to_hass(hass)
    device = old_device(hass, entry, server)
    entity_id = old_entity(hass, entry, server, "hashRate", "GH/s")
    before = unique_id_of(hass, entity_id)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.version == 2
    assert entry.data[CONF_ADOPT] is True
    assert unique_id_of(hass, entity_id) == before

    server.miner.faults.offline = False
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    mac = server.miner.spec.mac_address.lower()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id == mac
    assert CONF_ADOPT not in entry.data
    assert unique_id_of(hass, entity_id) == f"{mac}_hashrate"
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert [item.id for item in devices] == [device.id]


async def test_another_miner_at_the_address(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """What belongs to one miner is not given to another at its address."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "mac", unique_id="02:00:00:00:00:99")
    entry.add_to_hass(hass)
    entity_id = old_entity(hass, entry, server, "power", "W", owner="02:00:00:00:00:99")
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert unique_id_of(hass, entity_id) == "02:00:00:00:00:99_power"


@pytest.mark.parametrize(
    ("first", "second"),
    [("host", "ip_address"), ("host", "mac"), ("mac", "ip_address")],
)
async def test_two_old_entries_of_one_miner(
    hass: HomeAssistant, simulate: Simulate, first: str, second: str
) -> None:
    """Who tried two integrations ends up with one entry and one device."""
    server = await simulate("gamma-2.12")
    entries = [old_entry(server, first), old_entry(server, second)]
    for entry in entries:
        entry.add_to_hass(hass)
        old_device(hass, entry, server)
        old_entity(hass, entry, server, "hashRate", "GH/s")
    await hass.config_entries.async_setup(entries[0].entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    mac = server.miner.spec.mac_address.lower()
    (left,) = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_MINER
    ]
    assert left.unique_id == mac
    assert left.state is ConfigEntryState.LOADED
    (device,) = [
        item
        for item in dr.async_get(hass).devices
        if item.identifiers & {(DOMAIN, mac), (DOMAIN, mac.upper())}
    ]
    assert device.config_entry_id == left.entry_id
    unique_ids = [
        item.unique_id
        for item in er.async_get(hass).entities.values()
        if item.platform == DOMAIN
    ]
    assert unique_ids.count(f"{mac}_hashrate") == 1
    assert not [unique_id for unique_id in unique_ids if "hashRate" in unique_id]


async def test_old_entry_of_a_miner_that_was_added_anew(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """Our own entry stays, and learns where the miner answers."""
    server = await simulate("gamma-2.12")
    gone = await simulate("supra-2.9")
    await gone.stop()
    ours = miner_entry(server)
    ours.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        ours, data={**ours.data, CONF_PORT: gone.port}
    )
    await set_up(hass, ours)
    assert ours.state is ConfigEntryState.SETUP_RETRY
    old = old_entry(server, "mac", unique_id=server.miner.spec.mac_address)
    old.add_to_hass(hass)
    await set_up(hass, old)
    assert hass.config_entries.async_get_entry(old.entry_id) is None
    assert ours.state is ConfigEntryState.LOADED
    assert ours.data[CONF_PORT] == server.port


async def test_ignored_miner(hass: HomeAssistant, simulate: Simulate) -> None:
    """Ignoring a discovery does not cost the entry that was there before."""
    server = await simulate("gamma-2.12")
    MockConfigEntry(
        domain=DOMAIN,
        source=SOURCE_IGNORE,
        version=2,
        unique_id=server.miner.spec.mac_address.lower(),
        data={},
    ).add_to_hass(hass)
    entry = old_entry(server, "host")
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "ignored_miner_adopted"
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id == server.miner.spec.mac_address.lower()


@pytest.mark.parametrize(
    ("interval", "kept"), [(1, 5), (15, 15), (900, 300), ("often", None)]
)
async def test_interval(
    hass: HomeAssistant, simulate: Simulate, interval: object, kept: int | None
) -> None:
    """The interval a person chose is kept within our limits."""
    entry = old_entry(await simulate(), "mac", options={"scan_interval": interval})
    await set_up(hass, entry)
    assert entry.options.get(CONF_SCAN_INTERVAL) == kept


async def test_port_in_options(hass: HomeAssistant, simulate: Simulate) -> None:
    """A port that was changed in the options goes before the first one."""
    server = await simulate()
    entry = old_entry(
        server,
        "mac",
        data={"host": server.host, "name": "My miner", "port": 1},
        options={"port": server.port},
    )
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data[CONF_PORT] == server.port


async def test_unreadable_host(hass: HomeAssistant) -> None:
    """A host nobody can reach waits to be corrected by the person."""
    entry = MockConfigEntry(
        domain=DOMAIN, version=1, unique_id="my miner", data={"host": "my miner"}
    )
    await set_up(hass, entry)
    assert entry.version == 2
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.data[CONF_HOST] == "my miner"


async def test_unknown_shape(hass: HomeAssistant) -> None:
    """An entry that holds no address cannot be migrated, and says so."""
    entry = MockConfigEntry(domain=DOMAIN, version=1, data={"serial": "1"})
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR


@pytest.mark.parametrize(
    ("version", "minor_version", "state"),
    [
        (2, 7, ConfigEntryState.LOADED),
        (3, 1, ConfigEntryState.MIGRATION_ERROR),
    ],
)
async def test_newer_version(
    hass: HomeAssistant,
    simulate: Simulate,
    version: int,
    minor_version: int,
    state: ConfigEntryState,
) -> None:
    """After a step back, entries work unless they changed beyond recognition."""
    server = await simulate()
    data = dict(miner_entry(server).data)
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=version,
        minor_version=minor_version,
        unique_id=server.miner.spec.mac_address.lower(),
        data=data,
    )
    await set_up(hass, entry)
    assert entry.state is state
    assert entry.data == data


async def test_new_firmware_reveals_mac(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """A miner known by its address keeps everything when it reports a MAC."""
    server = await simulate("gamma-2.15")
    address = f"{server.host}:{server.port}"
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=2,
        unique_id=address,
        data=dict(miner_entry(server).data),
    )
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, address)}
    )
    entity_id = old_entity(hass, entry, server, "hashrate", "GH/s", owner=address)
    await set_up(hass, entry)
    mac = server.miner.spec.mac_address.lower()
    assert entry.unique_id == mac
    assert unique_id_of(hass, entity_id) == f"{mac}_hashrate"
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert [(item.id, item.identifiers) for item in devices] == [
        (device.id, {(DOMAIN, mac)})
    ]


async def test_new_firmware_reveals_a_known_mac(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """A miner that turns out to have two entries keeps the one with its MAC."""
    server = await simulate("gamma-2.15")
    ours = miner_entry(server)
    ours.add_to_hass(hass)
    await set_up(hass, ours)
    second = MockConfigEntry(
        domain=DOMAIN,
        version=2,
        unique_id=f"{server.host}:{server.port}",
        data=dict(ours.data),
    )
    await set_up(hass, second)
    assert hass.config_entries.async_get_entry(second.entry_id) is None
    assert ours.state is ConfigEntryState.LOADED
