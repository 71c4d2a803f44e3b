"""Adopts miners from other integrations that use the domain `bitaxe`.

After a switch there are their config entries, all of version 1, loaded by us. They come
in four shapes:

- `host`, its value as unique id (cyberjunky/home-assistant-bitaxe_monitor)
- `host`, `name` and `port`, the MAC as unique id (exergyheat/ha-integration-bitaxe)
- `ip_address` and `device_name`, the address as unique id
  (JCimbal/Bitaxe-HA-Integration, and zviratkos/home-assistant-bitaxe, of which it was
  made)
- `miners` and `subnet`, one for all (TechnicallyBob202/HA-bitaxe): `many_miners.py`

The unique ids of their entities begin with the id of the entry, the MAC, or, in
versions of before, with the address or the name that a person gave the miner.

Only the miner itself knows its MAC and what it has, so an entry is migrated in two
steps: its data when it is loaded, its devices and entities when the miner first
answers.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
import logging
import re
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigEntryState
from homeassistant.const import (
    CONF_HOST,
    CONF_PORT,
    CONF_SCAN_INTERVAL,
    Platform,
    UnitOfEnergy,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.update_coordinator import UpdateFailed

from ..analysis.errors import HistoryUnreadableError
from ..axeos import Snapshot
from ..const import (
    CONF_KIND,
    DOMAIN,
    ENTRY_VERSION,
    KIND_MINER,
    MAX_SCAN_INTERVAL,
    MIN_SCAN_INTERVAL,
    OPTION_NATIVE_UNIT,
)
from ..miner.address import Address, is_mac, miner_unique_id, parse_address
from ..miner.names import suggested_name
from .adoption import (
    async_carry_statistics_over,
    async_last_value,
    async_with_statistics,
    is_convertible,
)
from .many_miners import CONF_OWNER, async_split, stands_for_many

_LOGGER = logging.getLogger(__name__)

CONF_ADOPT: Final = "adopt"
"""Set in the data of a miner's entry until its old entities are adopted."""
CONF_OWNERS: Final = "adopt_owners"
"""What else unique ids of its old entities may begin with, as long as that is set."""
CONF_ADOPT_NAME: Final = "adopt_name"
"""Whether it is to be named as a miner that is added, as long as that is set."""

UNKNOWN_ENTRY: Final = "unknown_entry"
NEWER_ENTRY: Final = "newer_entry"
"""Kinds of repairs about entries that cannot be used."""

_OLD_CONF_HOST: Final = "ip_address"
_OLD_CONF_NAME: Final = "device_name"
_ENERGY: Final = "energy"
_STATE_CLASS: Final = "state_class"
_OPTION_UNIT: Final = "unit_of_measurement"
_TOTALS: Final = ("total", "total_increasing")


@dataclass(frozen=True, slots=True)
class _Sensor:
    """A sensor of ours that an old one becomes, if unit and statistics agree."""

    key: str
    unit: str | None = None
    total: bool = False
    """Whether its long-term statistics are sums, not means."""
    any_class: bool = False
    """Whether it goes on although the old one's statistics were of the other kind."""
    wrong_unit: str | None = None
    """What the old one called a value in this unit."""


# By what follows the miner in the old unique id: names of the firmware, or of the
# integration; of the latter those with underscores.
# Left out is what means or measures something else here: the uptime (a duration, or
# text), settings shown as sensors.
_SENSORS: Final[Mapping[str, _Sensor]] = {
    "hashRate": _Sensor("hashrate", "GH/s"),
    "hashRate_1m": _Sensor("hashrate_1m", "GH/s"),
    "hashRate_10m": _Sensor("hashrate_10m", "GH/s"),
    "hashRate_1h": _Sensor("hashrate_1h", "GH/s"),
    "hashRate_1d": _Sensor("hashrate_1d", "GH/s"),
    "expectedHashrate": _Sensor("expected_hashrate", "GH/s"),
    "power": _Sensor("power", "W"),
    "maxPower": _Sensor("maximum_power", "W"),
    "efficiency": _Sensor("efficiency", "J/TH"),
    "energy": _Sensor("energy", "kWh", total=True),
    "temp": _Sensor("asic_temperature", "°C"),
    "temp2": _Sensor("asic_temperature_2", "°C"),
    "vrTemp": _Sensor("vr_temperature", "°C"),
    "voltage": _Sensor("input_voltage", "V"),
    "current": _Sensor("current", "A"),
    "coreVoltage": _Sensor("core_voltage", "mV"),
    "coreVoltageActual": _Sensor("core_voltage_actual", "mV"),
    "frequency": _Sensor("frequency", "MHz"),
    "fanspeed": _Sensor("fan_speed", "%"),
    "fanrpm": _Sensor("fan_rpm", "rpm"),
    "fan2rpm": _Sensor("fan_2_rpm", "rpm"),
    "sharesAccepted": _Sensor("shares_accepted", "shares", total=True),
    "sharesRejected": _Sensor("shares_rejected", "shares", total=True),
    "errorPercentage": _Sensor("error_percentage", "%"),
    "bestDiff": _Sensor("best_difficulty", any_class=True),
    "bestSessionDiff": _Sensor("best_session_difficulty", any_class=True),
    "poolDifficulty": _Sensor("pool_difficulty", any_class=True),
    "networkDifficulty": _Sensor("network_difficulty", any_class=True),
    "blockHeight": _Sensor("block_height", any_class=True),
    "blockFound": _Sensor("blocks_found", total=True),
    "foundBlocks": _Sensor("blocks_found", total=True),
    "responseTime": _Sensor("response_time", "ms"),
    "wifiRSSI": _Sensor("wifi_rssi", "dBm"),
    "freeHeap": _Sensor("free_heap", "B"),
    "freeHeapInternal": _Sensor("free_heap_internal", "B"),
    "freeHeapSpiram": _Sensor("free_heap_external", "B"),
    # The firmware's number of GH/s is passed on as it is.
    "hashrate": _Sensor("hashrate", "GH/s", wrong_unit="H/s"),
    "shares_accepted": _Sensor("shares_accepted", "shares", total=True),
    "shares_rejected": _Sensor("shares_rejected", "shares", total=True),
    "best_diff": _Sensor("best_difficulty", any_class=True),
    "pool_difficulty": _Sensor("pool_difficulty", any_class=True),
    "blocks_found": _Sensor("blocks_found", total=True),
    "temperature": _Sensor("asic_temperature", "°C"),
    "vr_temperature": _Sensor("vr_temperature", "°C"),
    "core_voltage": _Sensor("core_voltage", "mV"),
    "core_voltage_actual": _Sensor("core_voltage_actual", "mV"),
    "fan_speed": _Sensor("fan_speed", "%"),
    "fan_rpm": _Sensor("fan_rpm", "rpm"),
    "wifi_rssi": _Sensor("wifi_rssi", "dBm"),
}

# Sensors of single ASICs, numbered from 1.
_ASIC_KEY: Final = re.compile(
    r"asic(?P<hashrate>\d+)_hashrate|asic(?P<errors>\d+)_errors|asicTemp(?P<temp>\d+)"
)

_CONTROLS: Final[Mapping[tuple[str, str], str]] = {
    (Platform.BUTTON, "identify"): "identify",
    (Platform.BUTTON, "restart"): "restart",
    (Platform.NUMBER, "coreVoltage"): "core_voltage",
    (Platform.NUMBER, "displayTimeout"): "display_timeout",
    (Platform.NUMBER, "fan_speed_setting"): "minimum_fan_speed",
    (Platform.NUMBER, "fanspeed"): "fan_speed",
    (Platform.NUMBER, "frequency"): "frequency",
    (Platform.NUMBER, "temp_target"): "target_temperature",
    (Platform.NUMBER, "temptarget"): "target_temperature",
    (Platform.SELECT, "display_rotation"): "display_rotation",
    (Platform.SELECT, "rotation"): "display_rotation",
    (Platform.SWITCH, "auto_fan_speed"): "auto_fan",
    (Platform.SWITCH, "autofanspeed"): "auto_fan",
    (Platform.SWITCH, "invert_screen"): "display_inverted",
    (Platform.SWITCH, "invertscreen"): "display_inverted",
}


@callback
def async_report_newer_entries(hass: HomeAssistant) -> None:
    """Say what to do about entries that a later version has written."""
    for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False):
        if entry.version > ENTRY_VERSION:
            _async_say_why_not(hass, entry, NEWER_ENTRY)


async def async_migrate_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Turn another integration's entry into one of ours, to be adopted later."""
    if entry.version > 1:
        # Ours, of a newer minor version. Home Assistant refuses newer versions.
        return True
    old = entry.data
    if stands_for_many(entry):
        split = async_split(hass, entry)
        if split is None:
            # There is nothing to go on with, and nothing to lose.
            hass.async_create_task(
                hass.config_entries.async_remove(entry.entry_id), eager_start=False
            )
            return False
        old = MappingProxyType(split)
    host = old.get(CONF_HOST, old.get(_OLD_CONF_HOST))
    if not isinstance(host, str):
        _async_say_why_not(hass, entry, UNKNOWN_ENTRY)
        return False
    address = _old_address(host, entry)
    owner = old.get(CONF_OWNER)
    unique_id = miner_unique_id(entry.unique_id, address)
    holder = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, unique_id)
    if holder is not None and holder is not entry:
        # One of them is removed once the miner reports that it is the same.
        unique_id = entry.entry_id
    options: dict[str, Any] = {}
    interval = entry.options.get(CONF_SCAN_INTERVAL)
    if isinstance(interval, int | float):
        options[CONF_SCAN_INTERVAL] = int(
            min(max(interval, MIN_SCAN_INTERVAL), MAX_SCAN_INTERVAL)
        )
    hass.config_entries.async_update_entry(
        entry,
        unique_id=unique_id,
        data={
            CONF_KIND: KIND_MINER,
            CONF_HOST: address.host,
            CONF_PORT: address.port,
            CONF_ADOPT: True,
            CONF_OWNERS: [
                name
                for name in (entry.unique_id, old.get(_OLD_CONF_NAME), owner)
                if isinstance(name, str) and name
            ],
            # Nobody gave it a name yet.
            **({CONF_ADOPT_NAME: True} if owner is not None else {}),
        },
        options=options,
        title=str(address) if owner is not None else entry.title,
        version=ENTRY_VERSION,
        minor_version=1,
    )
    return True


async def async_adopt(
    hass: HomeAssistant, entry: ConfigEntry, snapshot: Snapshot
) -> float | None:
    """Adopt an old entry's device and entities, now that the miner answers.

    Does nothing for entries of our own, and for those that are adopted already. The
    unique id of the entry is final afterwards.

    Returns the energy in kWh that the old sensor showed last, from which ours goes on;
    `None` if there was none.

    Raises:
        ConfigEntryError: the miner has another entry; this one is being removed.
        UpdateFailed: the miner is ignored, or the history cannot be read; adoption
            succeeds when tried again.

    """
    if CONF_ADOPT not in entry.data:
        return None
    address = Address(entry.data[CONF_HOST], entry.data[CONF_PORT])
    identifier = (
        entry.unique_id
        if entry.unique_id is not None and is_mac(entry.unique_id)
        else miner_unique_id(snapshot.identity.mac, address)
    )
    holder = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, identifier)
    if holder is not None and holder is not entry:
        _async_resolve_duplicate(hass, entry, holder)
    try:
        energy = await _async_carry_over(hass, entry, identifier, snapshot)
        recorded = await async_with_statistics(hass, _entity_ids(hass, entry))
    except HistoryUnreadableError as err:
        raise UpdateFailed(
            translation_domain=DOMAIN,
            translation_key=err.translation_key,
            translation_placeholders=err.placeholders,
        ) from err
    device_id = _async_adopt_device(hass, entry, identifier, snapshot.identity.mac)
    _async_adopt_entities(hass, entry, identifier, snapshot, device_id, recorded)
    _async_remove_other_devices(hass, entry, device_id)
    hass.config_entries.async_update_entry(
        entry,
        unique_id=identifier,
        title=_title(hass, entry, identifier, snapshot),
        data={
            key: value
            for key, value in entry.data.items()
            if key not in (CONF_ADOPT, CONF_OWNERS, CONF_ADOPT_NAME)
        },
    )
    return energy


def _title(
    hass: HomeAssistant, entry: ConfigEntry, identifier: str, snapshot: Snapshot
) -> str:
    if CONF_ADOPT_NAME not in entry.data:
        return entry.title
    taken = [
        other.title
        for other in hass.config_entries.async_entries(DOMAIN)
        if other is not entry
    ]
    return suggested_name(snapshot.identity, identifier, taken)


@callback
def _async_say_why_not(hass: HomeAssistant, entry: ConfigEntry, kind: str) -> None:
    """Say what to do about an entry of which Home Assistant shows only an error."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{kind}_{entry.entry_id}",
        data={"entry_id": entry.entry_id, "kind": kind},
        is_fixable=kind == UNKNOWN_ENTRY,
        severity=ir.IssueSeverity.ERROR,
        translation_key=kind,
        translation_placeholders={"name": entry.title},
    )


async def _async_carry_over(
    hass: HomeAssistant, entry: ConfigEntry, identifier: str, snapshot: Snapshot
) -> float | None:
    """Carry over what the recorder knows; return the last energy in kWh.

    It has to happen before our sensors write their first states.
    """
    energy: float | None = None
    found: set[str] = set()
    for old, key in _old_entities(hass, entry, identifier):
        sensor = _new_sensor(old, key, snapshot)
        if sensor is None or sensor.key in found:
            continue
        found.add(sensor.key)
        if sensor.key == _ENERGY:
            energy = await async_last_value(
                hass, old.entity_id, UnitOfEnergy.KILO_WATT_HOUR
            )
        await async_carry_statistics_over(
            hass,
            old.entity_id,
            total=sensor.total,
            units={sensor.wrong_unit: sensor.unit} if sensor.wrong_unit else {},
        )
    return energy


def _entity_ids(hass: HomeAssistant, entry: ConfigEntry) -> set[str]:
    return {
        item.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }


@callback
def async_learn_mac(
    hass: HomeAssistant, entry: ConfigEntry, snapshot: Snapshot
) -> None:
    """Rename a miner that was known by its address, now that it reports its MAC.

    Raises:
        ConfigEntryError: the miner has another entry; this one is being removed.
        UpdateFailed: the miner is ignored; renaming succeeds when tried again.

    """
    mac, old = snapshot.identity.mac, entry.unique_id
    if mac is None or old is None or is_mac(old):
        return
    identifier = dr.format_mac(mac)
    holder = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, identifier)
    if holder is not None and holder is not entry:
        _async_resolve_duplicate(hass, entry, holder)
    entities = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        key = entity.unique_id.removeprefix(f"{old}_")
        entities.async_update_entity(
            entity.entity_id, new_unique_id=f"{identifier}_{key}"
        )
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier((DOMAIN, old), entry.entry_id)
    if device is not None:
        devices.async_update_device(
            device.id,
            new_identifiers={(DOMAIN, identifier)},
            new_connections=_connections(device, mac),
        )
    hass.config_entries.async_update_entry(entry, unique_id=identifier)


def _old_address(host: str, entry: ConfigEntry) -> Address:
    """Return the address an old entry means; its host may hold a port."""
    try:
        address = parse_address(host)
    except ValueError:
        address = Address(host)
    port = entry.options.get(CONF_PORT, entry.data.get(CONF_PORT))
    return Address(address.host, port) if isinstance(port, int) else address


@callback
def _async_resolve_duplicate(
    hass: HomeAssistant, entry: ConfigEntry, holder: ConfigEntry
) -> None:
    """Keep one entry of a miner: the one that has its MAC already."""
    ignored = holder.source == SOURCE_IGNORE
    needless = holder if ignored else entry
    # Removing waits for the set-up this is called from.
    hass.async_create_task(
        hass.config_entries.async_remove(needless.entry_id), eager_start=False
    )
    if ignored:
        raise UpdateFailed(
            translation_domain=DOMAIN,
            translation_key="ignored_miner_adopted",
            translation_placeholders={"name": entry.title},
        )
    if holder.state is ConfigEntryState.SETUP_RETRY:
        # The miner is here, not where that entry looks for it.
        hass.config_entries.async_update_entry(
            holder,
            data={
                **holder.data,
                CONF_HOST: entry.data[CONF_HOST],
                CONF_PORT: entry.data[CONF_PORT],
            },
        )
        hass.config_entries.async_schedule_reload(holder.entry_id)
    raise ConfigEntryError(
        translation_domain=DOMAIN,
        translation_key="duplicate_entry",
        translation_placeholders={"title": holder.title},
    )


@callback
def _async_adopt_device(
    hass: HomeAssistant, entry: ConfigEntry, identifier: str, mac: str | None
) -> str | None:
    """Make the old device ours, with the area and name people gave it."""
    registry = dr.async_get(hass)
    old = {
        (DOMAIN, name)
        for name in (
            entry.entry_id,
            identifier,
            identifier.upper(),
            str(Address(entry.data[CONF_HOST], entry.data[CONF_PORT])),
        )
    }
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        if device.identifiers & old:
            registry.async_update_device(
                device.id,
                new_identifiers={(DOMAIN, identifier)},
                new_connections=_connections(device, mac),
            )
            return device.id
    return None


def _connections(device: dr.DeviceEntry, mac: str | None) -> set[tuple[str, str]]:
    """Return what a device has already, and the miner's MAC address."""
    own = {(dr.CONNECTION_NETWORK_MAC, mac)} if mac is not None else set()
    return device.connections | own


@callback
def _async_remove_other_devices(
    hass: HomeAssistant, entry: ConfigEntry, device_id: str | None
) -> None:
    registry = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        if device.id != device_id:
            registry.async_remove_device(device.id)


@callback
def _async_adopt_entities(
    hass: HomeAssistant,
    entry: ConfigEntry,
    identifier: str,
    snapshot: Snapshot,
    device_id: str | None,
    recorded: Collection[str],
) -> None:
    """Give entities that stay our unique ids, and remove the others.

    Entity ids do not change, so that statistics, dashboards and automations go on. An
    entity that the other integration disabled has nothing that could go on: ours comes
    in its place, and is there if it is by default. None of ours takes the id of one
    that means something else and is in `recorded`: Home Assistant would find the
    statistics of the one not to fit the other.
    """
    registry = er.async_get(hass)
    for old, old_key in _old_entities(hass, entry, identifier):
        sensor = _new_sensor(old, old_key, snapshot)
        key = sensor.key if sensor else _CONTROLS.get((old.domain, old_key or ""))
        unique_id = f"{identifier}_{key}"
        holder = registry.async_get_entity_id(old.domain, DOMAIN, unique_id)
        if holder == old.entity_id:
            continue
        never_there = old.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        if key is None or holder is not None or never_there:
            registry.async_remove(old.entity_id)
            if key is None and old.entity_id in recorded:
                _async_reserve(hass, old.entity_id)
            continue
        if sensor is not None:
            _async_keep_unit(hass, old, sensor)
        registry.async_update_entity(
            old.entity_id, new_unique_id=unique_id, device_id=device_id
        )


@callback
def _async_reserve(hass: HomeAssistant, entity_id: str) -> None:
    """Keep an entity id from being given to another until Home Assistant restarts.

    Ours have their ids by then.
    """
    if hass.states.async_available(entity_id):
        hass.states.async_reserve(entity_id)


@callback
def _async_keep_unit(
    hass: HomeAssistant, old: er.RegistryEntry, sensor: _Sensor
) -> None:
    """Go on showing the unit of before, which automations and statistics count on.

    One that Home Assistant converts is set as if a person chose it. With another unit
    the statistics would stop, so the sensor keeps the old one, or none.
    """
    options: Mapping[str, Any] = old.options.get(Platform.SENSOR, {})
    unit = old.unit_of_measurement
    if _OPTION_UNIT in options or unit in (sensor.unit, *_unit_system(hass)):
        return
    if unit is not None and unit == sensor.wrong_unit:
        return
    if is_convertible(unit, sensor.unit):
        domain, kept = Platform.SENSOR.value, {**options, _OPTION_UNIT: unit}
    else:
        domain, kept = DOMAIN, {OPTION_NATIVE_UNIT: unit}
    er.async_get(hass).async_update_entity_options(old.entity_id, domain, kept)


def _unit_system(hass: HomeAssistant) -> tuple[str, ...]:
    """Return the units that come from the settings of the home, not from a sensor."""
    return (hass.config.units.temperature_unit,)


@callback
def _old_entities(
    hass: HomeAssistant, entry: ConfigEntry, identifier: str
) -> list[tuple[er.RegistryEntry, str | None]]:
    """Return the old entities, each with what its unique id says after the miner.

    `None` if it is of no miner, or of another: older versions wrote a placeholder for
    the MAC address of a miner that was off. Those of the newest versions come first,
    because what versions of before made may have been left behind.
    """
    owners: list[str] = entry.data.get(CONF_OWNERS, [])
    found: list[tuple[bool, er.RegistryEntry, str | None]] = []
    for old in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        owner, _, key = old.unique_id.partition("_")
        newest = owner == entry.entry_id or dr.format_mac(owner) == identifier
        earlier = [
            old.unique_id.removeprefix(f"{name}_")
            for name in owners
            if old.unique_id.startswith(f"{name}_")
        ]
        found.append((newest, old, key if newest else next(iter(earlier), None)))
    found.sort(key=lambda item: not item[0])
    return [(old, key) for _, old, key in found]


def _new_sensor(
    old: er.RegistryEntry, key: str | None, snapshot: Snapshot
) -> _Sensor | None:
    """Return our sensor that means the same, if there is one."""
    if old.domain != Platform.SENSOR or key is None:
        return None
    sensor = _SENSORS.get(key) or _asic_sensor(key)
    if sensor is None or not _means_the_same(old, sensor):
        return None
    if sensor.key in _missing_sensors(snapshot):
        return None
    if sensor.key == "current" and snapshot.electrical.current_is_core:
        return replace(sensor, key="core_current")
    return sensor


def _asic_sensor(key: str) -> _Sensor | None:
    found = _ASIC_KEY.fullmatch(key)
    if found is None:
        return None
    number = found[found.lastgroup or 0]
    match found.lastgroup:
        case "hashrate":
            return _Sensor(f"asic_{number}_hashrate", "GH/s")
        case "errors":
            return _Sensor(f"asic_{number}_error_count", total=True)
        case _:
            return _Sensor(f"asic_{number}_temperature", "°C")


def _means_the_same(old: er.RegistryEntry, sensor: _Sensor) -> bool:
    """Compare unit and kind of statistics with what the old sensor had.

    A unit that a person chose in its settings says nothing about the sensor's own.
    """
    chosen = _OPTION_UNIT in old.options.get(Platform.SENSOR, ())
    unit = old.unit_of_measurement
    if not (
        chosen
        or unit in (None, sensor.wrong_unit)
        or is_convertible(unit, sensor.unit)
        or unit.lower() == (sensor.unit or "").lower()
    ):
        return False
    state_class = (old.capabilities or {}).get(_STATE_CLASS)
    if state_class is None or sensor.any_class:
        return True
    return (state_class in _TOTALS) == sensor.total


def _missing_sensors(snapshot: Snapshot) -> set[str]:
    """Return sensors the others show although this miner has none of its own.

    Most of their values are the firmware's sentinels. A miner that is not measured just
    now, as while it is paused, is given the benefit of the doubt.
    """
    cooling = snapshot.cooling
    missing: set[str] = set()
    if snapshot.identity.asic_count == 1:
        # They would repeat the whole miner's.
        missing |= {"asic_1_hashrate", "asic_1_temperature"}
    if cooling.asic_temperature is None:
        return missing
    if cooling.asic_temperature_2 is None:
        missing.add("asic_temperature_2")
    if cooling.vr_temperature is None:
        missing.add("vr_temperature")
    if len(cooling.fans) < 2:
        missing.add("fan_2_rpm")
    return missing
