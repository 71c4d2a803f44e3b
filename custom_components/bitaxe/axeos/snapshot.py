"""One reading of a miner, normalised.

`None` always means unknown or not present on this miner; no field carries the
firmware's sentinels (0 or -1 for "no sensor", 127 for a broken diode). Units are in
the description of each field and never depend on the firmware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Final, override

# °C; THROTTLE_TEMP and TPS546_THROTTLE_TEMP of ESP-Miner v2.15.0
# main/tasks/power_management_task.c, the same on all its boards and forks.
_ASIC_LIMIT: Final = 75.0
_VR_LIMIT: Final = 105.0
ROUNDING: Final = 1.0
"""MHz or mV by less than which a report may differ from what was set."""


class Family(StrEnum):
    """Firmware families, which differ in what they report and accept."""

    AXEOS = "axeos"
    NERDOS = "nerdos"
    FORGE_OS = "forge_os"


class MiningState(StrEnum):
    """What the miner is doing, worked out from everything it reports."""

    MINING = "mining"
    STARTING = "starting"
    PAUSED = "paused"
    OVERHEATED = "overheated"
    FAULT = "fault"
    IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """The names by which a device reports its board, as far as it sends them."""

    board_version: str | None = None
    device_model: str | None = None
    vendor_model: str | None = None
    asic_model: str | None = None
    asic_count: int | None = None

    def differs_from(self, other: Hardware) -> bool:
        """Return whether these cannot be the same board.

        What only one of them reports does not count: firmware updates add names, and a
        lost reply leaves some out.
        """
        # From one reading to the next it is the same object.
        return self is not other and any(
            mine is not None and theirs is not None and mine != theirs
            for mine, theirs in zip(self._names, other._names, strict=True)
        )

    def completed_by(self, other: Hardware | None) -> Hardware:
        """Return this with the names that only the other one reports."""
        if other is None or other == self:
            return self
        return Hardware(
            **{
                item.name: mine
                if (mine := getattr(self, item.name)) is not None
                else getattr(other, item.name)
                for item in fields(self)
            }
        )

    @property
    def _names(self) -> tuple[str | int | None, ...]:
        return (
            self.board_version,
            self.device_model,
            self.vendor_model,
            self.asic_model,
            self.asic_count,
        )

    @override
    def __str__(self) -> str:
        """Write the names in one line."""
        names = [name for name in self._names[:4] if name is not None]
        count = "" if self.asic_count is None else f" x {self.asic_count}"
        return f"{', '.join(map(str, names)) or '?'}{count}"


class Contradiction(StrEnum):
    """What a device reports although no board of this kind could."""

    ASIC_COUNT = "asic_count"
    POWER = "power"
    CORE_VOLTAGE = "core_voltage"
    VOLTAGES = "voltages"
    FREQUENCIES = "frequencies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a device is not controlled: it contradicts what is known of its board."""

    about: Contradiction
    value: float
    """What it reports; ASICs, W, mV or MHz."""
    low: float
    high: float
    """What is possible, in the same unit."""

    @property
    def foreign(self) -> bool:
        """Whether this is no such miner at all, so that nothing is written to it.

        Otherwise only its lists of settings are not believed.
        """
        return self.about not in (Contradiction.VOLTAGES, Contradiction.FREQUENCIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the miner is. Constant between two firmware updates."""

    family: Family
    mac: str | None
    """Of the Wi-Fi interface, upper-case, colon separated; `None` on AxeOS up to v2.2
    and vendor clones."""
    hostname: str | None
    model: str
    """Marketing name, such as "Gamma" or "NerdQAxe++"."""
    board_version: str | None
    asic_model: str | None
    asic_count: int | None
    small_core_count: int | None
    """Small cores of one ASIC."""
    firmware_version: str | None
    web_version: str | None
    """Version of the web interface image (`axeOSVersion`)."""
    idf_version: str | None
    ipv4: str | None
    ipv6: str | None
    ethernet_mac: str | None = None
    """Of the Ethernet interface (LAN forks), the one other devices see on a cable."""
    full_hostname: str | None = None
    """Name that resolves on the local network, such as "bitaxe.local" (AxeOS v2.15)."""
    hardware: Hardware = field(default_factory=Hardware)
    """What settings belong to: those of another board may destroy this one."""
    manufacturer: str | None = None
    """Who makes this kind of board, for the device page; unknown unless the device
    names a board of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """The pair of settings that decides hashrate and power."""

    frequency: float
    """MHz."""
    core_voltage: float
    """mV, per ASIC."""

    def reads_as(self, other: OperatingPoint | None) -> bool:
        """Return whether a report of the other may mean this: firmware rounds."""
        return (
            other is not None
            and abs(self.frequency - other.frequency) < ROUNDING
            and abs(self.core_voltage - other.core_voltage) < ROUNDING
        )

    @override
    def __str__(self) -> str:
        """Write it the way people do: 525 MHz / 1150 mV."""
        return f"{self.frequency:g} MHz / {self.core_voltage:g} mV"


@dataclass(frozen=True, slots=True, kw_only=True)
class Electrical:
    """Supply and regulator."""

    power: float | None
    """W. Measured input on boards with an INA260 and on NerdOS; regulator output plus a
    fixed board offset elsewhere (ESP-Miner `main/power/power.c`)."""
    minimum_power: float | None
    """W, lower end of the board's normal range (NerdOS)."""
    maximum_power: float | None
    """W, the board's design limit."""
    input_voltage: float | None
    """V."""
    nominal_voltage: float | None
    """V, 5 or 12."""
    current: float | None
    """A. Input current, or the regulator's output current where
    `current_is_core` is true."""
    current_is_core: bool
    core_voltage_actual: float | None
    """mV, measured at the ASIC."""
    minimum_voltage: float | None = None
    """V, lower end of the board's normal input range (NerdOS)."""
    maximum_voltage: float | None = None
    """V, upper end of the board's normal input range (NerdOS)."""
    maximum_current: float | None = None
    """A, the board's design limit (NerdOS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """One fan."""

    speed: float | None
    """Duty cycle in %."""
    rpm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """Temperatures and fans, as measured and as set."""

    asic_temperature: float | None
    """°C, of the first sensor; of all ASICs the hottest (NerdOS)."""
    asic_temperature_2: float | None
    """°C, second sensor of boards that have one."""
    asic_temperatures: tuple[float | None, ...]
    """°C per ASIC (NerdOS, Forge-OS); empty where not reported."""
    vr_temperature: float | None
    """°C of the voltage regulator."""
    vr_temperature_internal: float | None
    """°C inside the regulator chip (NerdOS)."""
    overheat_temperature: float | None
    """°C at which the firmware stops the ASICs, where it is a setting (NerdOS)."""
    fans: tuple[Fan, ...]
    auto_fan: bool | None
    """Whether the firmware regulates the fan."""
    fan_speed_setting: int | None
    """% used while `auto_fan` is false."""
    minimum_fan_speed: int | None
    """% the regulation never goes below."""
    target_temperature: int | None
    """°C the regulation aims for."""
    vr_overheat_temperature: float | None = None
    """°C of the regulator at which the firmware stops the ASICs (NerdOS)."""

    @property
    def hottest_asic_temperature(self) -> float | None:
        """°C of the hotter sensor, by which firmware regulates, and stops."""
        one, other = self.asic_temperature, self.asic_temperature_2
        if one is None or other is None:
            return other if one is None else one
        return max(one, other)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsicHashing:
    """What the hash counters of one ASIC say."""

    hashrate: float | None
    """GH/s."""
    domains: tuple[float | None, ...]
    """GH/s per hash domain."""
    error_count: int | None
    """Failed hashes in units of 2^32, a 32-bit counter since boot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashing:
    """How fast, and how well."""

    hashrate: float | None
    """GH/s now; 0 whenever the miner produces nothing, whatever its averages say."""
    hashrate_1m: float | None
    """GH/s, the firmware's average; unknown while nothing is produced, because the
    firmware then repeats the last value."""
    hashrate_10m: float | None
    hashrate_1h: float | None
    hashrate_1d: float | None
    expected: float | None
    """GH/s at the frequency that runs: frequency x small cores x ASICs / 1000."""
    actual_frequency: float | None
    """MHz that run while the firmware ramps, or its governor wants other than is
    set."""
    error_percentage: float | None
    """% of hashes that failed in the firmware's last interval."""
    asics: tuple[AsicHashing, ...]
    duplicate_nonces: int | None
    """Duplicate hardware nonces since boot (NerdOS)."""

    @property
    def error_count(self) -> int | None:
        """Failed hashes of all ASICs in units of 2^32, `None` if any is unknown."""
        counts = [asic.error_count for asic in self.asics]
        known = [count for count in counts if count is not None]
        return sum(known) if known and len(known) == len(counts) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectReason:
    """Why the pool refused shares, and how many."""

    message: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares and difficulties. Counters start again at boot and at a pool switch."""

    accepted: int | None
    rejected: int | None
    pending: int | None
    work_received: int | None
    """Jobs received from the pool."""
    reject_reasons: tuple[RejectReason, ...]
    best_difficulty: float | None
    """Best since the miner was first set up."""
    best_session_difficulty: float | None
    """Best since boot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A mining pool the miner is set up for."""

    url: str
    port: int | None
    user: str | None
    """Usually `wallet.worker`; personal."""
    tls: bool | None
    protocol: str | None
    """Stratum protocol, "SV1" or "SV2"."""
    slot: int | None
    """Index in the miner's list of pools (AxeOS v2.15)."""
    slot_settings: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The slot's remaining settings as the firmware wrote them: a slot can only be
    replaced as a whole, and must not lose them."""

    @override
    def __str__(self) -> str:
        """Write address and port; the rest is personal."""
        return f"{self.url}:{self.port}"

    @property
    def host(self) -> str | None:
        """The host alone: some people write the pool's whole address in its place."""
        host = self.url.rpartition("://")[2].rpartition("@")[2]
        return host.partition("/")[0][:255] or None

    @property
    def worker(self) -> str | None:
        """The worker of `wallet.worker`, by which a pool distinguishes miners."""
        return (self.user or "").partition(".")[2] or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """Connection to the pool, and what the pool says about the network."""

    primary: Pool | None
    fallback: Pool | None
    using_fallback: bool | None
    connected: bool | None
    connection: str | None
    """The firmware's description, such as "IPv4 (TLS)"."""
    difficulty: float | None
    """Difficulty of the shares the pool asks for."""
    response_time: float | None
    """ms."""
    ping_loss: float | None
    """% (NerdOS)."""
    dual: bool | None
    """Whether hashing is split over two pools (NerdOS)."""
    one_down: bool | None
    """Whether only one of two pools that share the hashing answers (NerdOS)."""
    block_height: int | None
    network_difficulty: float | None
    blocks_found: int | None
    """The firmware's own counter of found blocks."""
    block_notice: bool | None
    """Whether the miner shows an undismissed "block found" notice."""
    prefer_fallback: bool | None = None
    """Whether the fallback pool is set to be used first."""
    suggested_difficulty: float | None = None
    """Share difficulty the miner asks the primary pool for."""
    shares_per_response: int | None = None
    """Shares the pool's last reply answered at once (AxeOS v2.14)."""
    process_time: float | None = None
    """ms the miner needed to turn the pool's last message into work (AxeOS v2.14)."""
    coinbase_text: str | None = None
    """Readable part of the block's coinbase script, where pools sign."""
    coinbase_value: int | None = None
    """sat the block would pay in total."""
    coinbase_user_value: int | None = None
    """sat of it that would go to this miner's user."""
    free_slots: tuple[int, ...] = ()
    """Unused indices of the miner's list of pools (AxeOS v2.15)."""

    @property
    def in_use(self) -> Pool | None:
        """The pool the miner works for now."""
        return self.fallback if self.using_fallback else self.primary

    @property
    def has_tls(self) -> bool:
        """Whether the firmware can encrypt the connection to a pool."""
        pools = (self.primary, self.fallback)
        return any(pool is not None and pool.tls is not None for pool in pools)


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Controller, network and display."""

    uptime: int | None
    """Seconds since boot."""
    total_uptime: int | None
    """Seconds over the miner's life (AxeOS v2.15)."""
    total_hashes: float | None
    """Hashes over the miner's life (AxeOS v2.15)."""
    reset_reason: str | None
    wifi_rssi: int | None
    """dBm."""
    wifi_status: str | None
    ssid: str | None
    """Personal."""
    free_heap: int | None
    """Bytes."""
    free_heap_internal: int | None
    """Bytes; trouble is ahead below about 30 kB."""
    minimum_free_heap: int | None
    """Bytes, lowest since boot."""
    cpu_usage: float | None
    """%."""
    running_partition: str | None
    display_timeout: int | None
    """Minutes; -1 always on, 0 off."""
    display_rotation: int | None
    """Degrees."""
    display_inverted: bool | None
    display_flipped: bool | None
    overclock_enabled: bool | None
    """Whether the web interface offers values outside its lists; limits nothing."""
    ethernet: bool | None
    """Whether the miner is on a cable (LAN forks)."""
    free_heap_external: int | None = None
    """Bytes of PSRAM."""
    largest_free_block: int | None = None
    """Bytes that can be allocated in one piece (AxeOS v2.15)."""
    has_external_memory: bool | None = None
    """Whether the controller has PSRAM; without it the web server is short of
    memory."""
    access_point: bool | None = None
    """Whether the miner's own set-up network is on."""
    statistics_interval: int | None = None
    """Seconds between the samples that the firmware keeps; 0 keeps none (AxeOS
    v2.9)."""
    display: str | None = None
    """Type of display, such as "SSD1306 (128x32)"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What the firmware reports as broken."""

    overheated: bool | None
    """`None` where the firmware does not report it."""
    power: str | None
    """Text of a latched regulator fault."""
    hardware: str | None
    """Text of a hardware fault that stopped mining."""
    reports_power: bool
    """Whether this firmware could report a regulator fault at all."""
    reports_hardware: bool
    """Whether this firmware could report a hardware fault at all."""
    regulator_off: bool = False
    """Whether the regulator feeds the ASICs nothing although the firmware reports no
    reason: it has latched off, and only a restart helps (NerdQAxePlus issue 709)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What this firmware can do, found by the keys it sends, never by its version."""

    settings: frozenset[str]
    """Names of the fields of `Settings` this miner accepts."""
    fan_key: str = "manualFanSpeed"
    """The firmware's name for the manual fan speed; a wrong one is ignored silently."""
    restart: bool = True
    identify: bool = False
    pause: bool = False
    """Whether mining can be stopped and started without a reboot."""
    shutdown: bool = False
    """Whether mining can be stopped until the next restart (NerdOS)."""
    dismiss_block: bool = False
    pool_slots: bool = False
    """Whether pools are written slot by slot (AxeOS v2.15)."""
    whole_frequency: bool = False
    """Whether the frequency is stored in whole MHz (AxeOS up to v2.9, NerdOS)."""
    fan_modes: bool = False
    """Whether the automatic fan is a number of modes rather than on or off (NerdOS)."""
    pools_live: bool = False
    """Whether a pool change takes effect without a restart (NerdOS)."""
    otp: bool = False
    """Whether changes are protected by a one-time password right now."""

    @property
    def can_stop_mining(self) -> bool:
        """Whether mining can be stopped from outside, in one way or the other."""
        return self.pause or self.shutdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything one reading of a miner says."""

    identity: Identity
    operating_point: OperatingPoint | None
    """The settings, `None` unless both are known."""
    frequency: float | None
    """MHz, as set."""
    core_voltage: float | None
    """mV, as set."""
    electrical: Electrical
    cooling: Cooling
    hashing: Hashing
    shares: Shares
    pools: Pools
    system: System
    faults: Faults
    state: MiningState
    capabilities: Capabilities = field(repr=False)
    doubt: Doubt | None = None
    """Why nothing, or no frequency and core voltage, is ever sent to this device."""

    @property
    def efficiency(self) -> float | None:
        """J/TH now, `None` unless the miner hashes and reports its power."""
        power, hashrate = self.electrical.power, self.hashing.hashrate
        if power is None or not hashrate:
            return None
        return power / (hashrate / 1000)

    @property
    def is_foreign(self) -> bool:
        """Whether it is no miner of ours to control, by what it says of itself."""
        return self.doubt is not None and self.doubt.foreign

    @property
    def asic_limit(self) -> float | None:
        """°C of an ASIC above which the firmware stops them; `None` if not reported."""
        if self.identity.family is Family.NERDOS:
            return self.cooling.overheat_temperature
        return _ASIC_LIMIT

    @property
    def vr_limit(self) -> float | None:
        """°C of the regulator above which the firmware stops the ASICs."""
        if self.identity.family is Family.NERDOS:
            return self.cooling.vr_overheat_temperature
        return _VR_LIMIT

    @property
    def expected_ratio(self) -> float | None:
        """Hashrate in % of what the frequency promises."""
        hashrate, expected = self.hashing.hashrate, self.hashing.expected
        if hashrate is None or not expected:
            return None
        return hashrate / expected * 100
