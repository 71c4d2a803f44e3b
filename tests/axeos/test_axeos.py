"""What AxeOS and its forks say, and what is made of it."""

import pytest

from custom_components.bitaxe.axeos import (
    Family,
    MiningState,
    NotAMinerError,
    OperatingPoint,
    UnsupportedFirmwareError,
)

from .payloads import GAMMA, GAMMA_2_15, NERD
from .snapshots import read_both, snapshot_of


def test_a_mining_gamma() -> None:
    """Every part of a reading is normalised."""
    snapshot = snapshot_of(GAMMA)
    identity = snapshot.identity
    assert identity.family is Family.AXEOS
    assert identity.mac == "AA:BB:CC:01:02:03"
    assert (identity.model, identity.board_version) == ("Gamma", "602")
    assert (identity.asic_model, identity.asic_count) == ("BM1370", 1)
    assert identity.small_core_count == 2040
    assert (identity.firmware_version, identity.web_version) == ("v2.12.2", "v2.12.2")
    assert (identity.ipv4, identity.ipv6) == ("192.168.7.20", None)
    assert identity.manufacturer == "Bitaxe"

    assert snapshot.state is MiningState.MINING
    assert snapshot.operating_point == OperatingPoint(frequency=525, core_voltage=1150)
    assert str(snapshot.operating_point) == "525 MHz / 1150 mV"

    electrical = snapshot.electrical
    assert electrical.power == 17.8
    assert electrical.input_voltage == pytest.approx(5.1125)
    assert electrical.current == pytest.approx(12.3)
    assert electrical.current_is_core is True
    assert electrical.core_voltage_actual == 1143
    assert (electrical.nominal_voltage, electrical.maximum_power) == (5, 40)

    cooling = snapshot.cooling
    assert (cooling.asic_temperature, cooling.vr_temperature) == (58.25, 61)
    assert cooling.asic_temperature_2 is None
    assert [(fan.speed, fan.rpm) for fan in cooling.fans] == [(47.5, 4020)]
    assert cooling.auto_fan is True
    assert cooling.fan_speed_setting == 80
    assert (cooling.minimum_fan_speed, cooling.target_temperature) == (25, 60)

    hashing = snapshot.hashing
    assert hashing.hashrate == 1068.4
    assert hashing.hashrate_1m == 1070.1
    assert hashing.hashrate_1d is None
    assert hashing.expected == pytest.approx(1071)
    assert hashing.error_percentage == 0.31
    assert hashing.error_count == 9
    assert hashing.asics[0].domains == (270, 265, 268, None)
    assert snapshot.efficiency == pytest.approx(16.66, abs=0.01)
    assert snapshot.expected_ratio == pytest.approx(99.76, abs=0.01)

    shares = snapshot.shares
    assert (shares.accepted, shares.rejected) == (1200, 4)
    assert [(r.message, r.count) for r in shares.reject_reasons] == [
        ("Above target", 4)
    ]
    assert shares.best_difficulty == 812345678
    assert shares.best_session_difficulty == 4400123

    pools = snapshot.pools
    assert pools.primary is not None
    assert (pools.primary.url, pools.primary.port) == ("pool.example", 3333)
    assert pools.fallback is not None
    assert pools.fallback.user == "wallet.spare"
    assert pools.using_fallback is False
    assert pools.connected is None
    assert (pools.difficulty, pools.suggested_difficulty) == (1024, 1000)
    assert pools.response_time == 32.5
    assert pools.block_height == 930000
    assert pools.network_difficulty == 146472570619930
    assert pools.blocks_found == 0
    assert pools.coinbase_text == "/pool.example/"

    system = snapshot.system
    assert system.uptime == 7200
    assert system.wifi_rssi == -58
    assert system.free_heap_internal == 101000
    assert system.free_heap_external == 8099000
    assert system.has_external_memory is True
    assert system.access_point is False
    assert (system.display_timeout, system.display_rotation) == (-1, 0)
    assert system.display == "SSD1306 (128x32)"

    faults = snapshot.faults
    assert faults.overheated is False
    assert (faults.power, faults.hardware) == (None, None)
    assert (faults.reports_power, faults.reports_hardware) == (True, False)


def test_what_v2_15_adds() -> None:
    """Lifetime counters, pools in slots, the coinbase and the live connection."""
    snapshot = snapshot_of(GAMMA_2_15)
    assert snapshot.system.total_uptime == 900000
    assert snapshot.system.total_hashes == 9.6e17
    assert snapshot.system.cpu_usage == 12.5
    assert snapshot.system.minimum_free_heap == 7_900_000
    assert snapshot.system.largest_free_block == 7_800_000
    assert snapshot.identity.full_hostname == "garage.local"
    assert snapshot.hashing.actual_frequency == 525
    assert (snapshot.shares.pending, snapshot.shares.work_received) == (0, 840)
    pools = snapshot.pools
    assert pools.connected is True
    assert pools.connection == "IPv4 (TLS)"
    assert pools.prefer_fallback is False
    assert pools.block_notice is False
    assert (pools.shares_per_response, pools.process_time) == (1, 1.25)
    assert (pools.coinbase_value, pools.coinbase_user_value) == (
        314_159_265,
        307_000_000,
    )
    assert pools.primary is not None
    assert (pools.primary.slot, pools.primary.tls) == (2, True)
    assert pools.primary.protocol == "SV1"
    assert pools.fallback is not None
    assert pools.fallback.slot == 5
    assert pools.free_slots == (0, 1, 3, 4, 6, 7)
    assert snapshot.faults.reports_hardware is True
    abilities = snapshot.capabilities
    assert abilities.pause
    assert abilities.dismiss_block
    assert abilities.pool_slots
    assert abilities.identify


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("temp", -1),
        ("temp", 0),
        ("temp", 127.0),
        ("temp", 127.875),
        ("temp", 137.0),
        ("temp", None),
        ("temp", "hot"),
        ("temp", True),
    ],
)
def test_sentinels_of_temperatures_are_unknown(key: str, value: object) -> None:
    """-1 and 0 mean no reading, 127 and more a broken diode."""
    assert snapshot_of(GAMMA, {key: value}).cooling.asic_temperature is None


def test_other_sentinels_are_unknown() -> None:
    """What cannot be a measurement never becomes one."""
    snapshot = snapshot_of(
        GAMMA,
        {
            "vrTemp": 0,
            "power": 0,
            "voltage": 0,
            "smallCoreCount": 65535,
            "wifiRSSI": 0,
            "responseTime": 26041793,
            "poolDifficulty": 0,
            "networkDifficulty": 0,
            "blockHeight": 0,
            "fanrpm": -1,
        },
    )
    assert snapshot.cooling.vr_temperature is None
    assert snapshot.electrical.power is None
    assert snapshot.electrical.input_voltage is None
    assert snapshot.identity.small_core_count == 2040
    assert snapshot.system.wifi_rssi is None
    assert snapshot.pools.response_time is None
    assert snapshot.pools.difficulty is None
    assert snapshot.pools.network_difficulty is None
    assert snapshot.pools.block_height is None
    assert snapshot.cooling.fans[0].rpm is None
    assert snapshot.efficiency is None


@pytest.mark.parametrize(
    ("written", "difficulty"),
    [
        (238214491, 238214491),
        ("0", 0),
        ("123", 123),
        ("1.23k", 1230),
        ("4.29G", 4.29e9),
        ("572.14 M", 572.14e6),
        ("88.55T", 88.55e12),
        ("1.5P", 1.5e15),
        ("2E", 2e18),
        ("1.5e12", 1.5e12),
        ("", None),
        ("-5", None),
        ("much", None),
        (-1, None),
        (True, None),
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
        ("9" * 400, None),
        (1e300, None),
    ],
)
def test_difficulties_of_every_written_form(
    written: object, difficulty: float | None
) -> None:
    """Firmware up to v2.10 writes text, later firmware numbers."""
    shares = snapshot_of(GAMMA, {"bestDiff": written}).shares
    assert shares.best_difficulty == (
        None if difficulty is None else pytest.approx(difficulty)
    )


def test_numbers_as_text_and_broken_fields_cost_only_themselves() -> None:
    """One odd field never costs more than itself."""
    snapshot = snapshot_of(
        GAMMA,
        {
            "power": "17.5",
            "hashRate": None,
            "hashRate_10m": None,
            "hashrateMonitor": [],
            "sharesRejectedReasons": [
                {"message": 5},
                "x",
                {"message": "a", "count": 1},
            ],
            "hostname": {"a": 1},
            "stratumPort": "thousands",
            "isUsingFallbackStratum": "yes",
            "uptimeSeconds": -5,
            "macAddr": "XX:XX",
        },
    )
    assert snapshot.electrical.power == 17.5
    assert snapshot.hashing.hashrate is None
    assert snapshot.hashing.asics == ()
    assert snapshot.hashing.error_count is None
    assert [r.message for r in snapshot.shares.reject_reasons] == ["a"]
    assert snapshot.identity.hostname is None
    assert snapshot.identity.mac is None
    assert snapshot.pools.primary is not None
    assert snapshot.pools.primary.port is None
    assert snapshot.pools.using_fallback is None
    assert snapshot.system.uptime is None
    assert snapshot.state is MiningState.MINING
    assert snapshot.expected_ratio is None


def test_a_spike_of_the_hashrate_gives_way_to_the_average() -> None:
    """No miner hashes five times what its frequency promises."""
    hashing = snapshot_of(GAMMA, {"hashRate": 9.5e8, "hashRate_1m": 9.5e8}).hashing
    assert hashing.hashrate == 1069.3
    assert hashing.hashrate_1m is None


def test_a_paused_miner_hashes_nothing_whatever_its_averages_say() -> None:
    """The firmware repeats the last averages."""
    snapshot = snapshot_of(
        GAMMA_2_15,
        {
            "miningPaused": True,
            "hashRate": 300,
            "temp": -1,
            "expectedHashrate": 0,
            "actualFrequency": 50,
        },
    )
    assert snapshot.state is MiningState.PAUSED
    assert snapshot.hashing.hashrate == 0
    assert snapshot.hashing.hashrate_10m is None
    assert snapshot.hashing.error_percentage is None
    assert snapshot.hashing.asics[0].hashrate == 0
    assert snapshot.hashing.asics[0].domains == (0, 0, 0, 0)
    assert snapshot.hashing.asics[0].error_count == 9
    assert snapshot.cooling.asic_temperature is None
    assert snapshot.efficiency is None
    assert snapshot.expected_ratio == 0
    # The idle clock is none that somebody set.
    assert snapshot.hashing.expected == pytest.approx(1071)


def test_starting_and_idle() -> None:
    """Shortly after boot no hashrate is normal, later it is not."""
    quiet: dict[str, object] = {"hashRate": 0, "temp": -1}
    starting = snapshot_of(GAMMA, quiet | {"uptimeSeconds": 20})
    assert starting.state is MiningState.STARTING
    assert starting.hashing.hashrate_1h is None
    assert snapshot_of(GAMMA, quiet).state is MiningState.IDLE


def test_overheated_up_to_v2_10_hashes_on_at_a_crawl() -> None:
    """The latch leaves the miner at 50 MHz until a person clears it."""
    snapshot = snapshot_of(
        GAMMA,
        {
            "overheat_mode": 1,
            "frequency": 50,
            "coreVoltage": 1000,
            "coreVoltageActual": 998,
            "hashRate": 96,
            "temp": 41,
        },
        without=("errorPercentage", "hashrateMonitor"),
    )
    assert snapshot.state is MiningState.OVERHEATED
    assert snapshot.hashing.hashrate == 96
    assert snapshot.faults.overheated is True


@pytest.mark.parametrize(
    "readings",
    [
        {"overheat_mode": 1, "temp": 78.5},
        {"overheat_mode": 1, "temp2": 76.0},
        {"overheat_mode": 1, "vrTemp": 107},
        {"overheat_mode": 1, "coreVoltageActual": 12},
        # From v2.14 on the flag stays 0 all the while.
        {"overheat_mode": 0, "temp": 78.5, "expectedHashrate": 0},
    ],
)
def test_cooling_down_hashes_nothing(readings: dict[str, object]) -> None:
    """During the cool-down everything but the regulator's temperature is frozen."""
    snapshot = snapshot_of(GAMMA, readings)
    assert snapshot.state is MiningState.OVERHEATED
    assert snapshot.faults.overheated is True
    assert snapshot.hashing.hashrate == 0


def test_a_hot_miner_that_hashes_is_not_overheated() -> None:
    """Between two readings of the firmware a value may exceed its limit."""
    snapshot = snapshot_of(GAMMA, {"temp": 75.5})
    assert snapshot.state is MiningState.MINING
    assert snapshot.faults.overheated is False


def test_a_fault_that_stopped_the_miner() -> None:
    """A fault's text is kept; the last hashrate is not."""
    power = snapshot_of(
        GAMMA, {"power_fault": "Power Fault Detected.", "coreVoltageActual": 0}
    )
    assert power.state is MiningState.FAULT
    assert power.faults.power == "Power Fault Detected."
    assert power.hashing.hashrate == 0
    hardware = snapshot_of(
        GAMMA_2_15, {"hardware_fault": "Fan Control Failed (Auto)", "hashRate": 900}
    )
    assert hardware.state is MiningState.FAULT
    assert hardware.faults.hardware == "Fan Control Failed (Auto)"
    assert hardware.hashing.hashrate == 0


def test_a_false_power_fault_does_not_hide_the_hashrate() -> None:
    """The regulator's alarm is sensitive to noise (ESP-Miner issue 1188)."""
    snapshot = snapshot_of(GAMMA, {"power_fault": "Power Fault Detected."})
    assert snapshot.faults.power == "Power Fault Detected."
    assert snapshot.hashing.hashrate == 1068.4
    assert snapshot.state is MiningState.MINING


def test_fans_of_every_generation() -> None:
    """The rpm changed its name twice; the manual speed showed only as the speed."""
    oldest = snapshot_of(
        GAMMA,
        {"fanSpeed": 5320, "fanspeed": 100, "autofanspeed": 0},
        without=("fanrpm", "manualFanSpeed", "minFanSpeed"),
    )
    assert oldest.cooling.fans[0].rpm == 5320
    assert oldest.cooling.fans[0].speed == 100
    assert oldest.cooling.fan_speed_setting == 100
    assert oldest.capabilities.fan_key == "fanspeed"
    assert oldest.capabilities.whole_frequency
    older = snapshot_of(GAMMA, {"fanSpeedRpm": 4100}, without=("fanrpm",))
    assert older.cooling.fans[0].rpm == 4100
    automatic = snapshot_of(GAMMA, without=("manualFanSpeed",))
    assert automatic.cooling.fan_speed_setting is None
    now = snapshot_of(GAMMA)
    assert now.capabilities.fan_key == "manualFanSpeed"
    assert not now.capabilities.whole_frequency


def test_second_fan_and_sensor_only_where_they_are() -> None:
    """A second fan that stands still is known from the board alone."""
    assert len(snapshot_of(GAMMA, {"fan2rpm": 3000}).cooling.fans) == 2
    hexes: dict[str, object] = {
        "boardVersion": "701",
        "ASICModel": "BM1368",
        "fan2rpm": 0,
        "temp2": 61.5,
    }
    hex_board = snapshot_of(GAMMA, hexes).cooling
    assert [fan.rpm for fan in hex_board.fans] == [4020, 0]
    assert hex_board.asic_temperature_2 == 61.5


def test_one_slot_for_both_pools_is_no_fallback() -> None:
    """Else setting the fallback would overwrite the primary pool."""
    pools = snapshot_of(GAMMA_2_15, {"secondaryPoolIndex": 2}).pools
    assert pools.primary is not None
    assert pools.fallback is None


def test_pools_survive_a_broken_list_of_slots() -> None:
    """The flat keys mirror the pools in use."""
    for broken in (None, [], [{"id": "x"}, 7, {"id": 99, "stratumURL": "a"}]):
        pools = snapshot_of(GAMMA_2_15, {"pools": broken}).pools
        assert pools.primary is not None
        assert (pools.primary.url, pools.primary.slot) == ("pool.example", None)
        assert pools.fallback is not None
    lost = snapshot_of(GAMMA_2_15, without=("primaryPoolIndex", "secondaryPoolIndex"))
    assert lost.pools.primary is not None


def test_not_connected() -> None:
    """The firmware and its re-implementation use different words."""
    for text in ("Not Connected", "disconnected"):
        assert (
            snapshot_of(GAMMA_2_15, {"poolConnectionInfo": text}).pools.connected
            is False
        )


def test_the_identity_stays_when_the_cable_is_unplugged() -> None:
    """LAN forks have two MAC addresses; one identifies the miner for good."""
    lan: dict[str, object] = {
        "networkMode": "ethernet",
        "ethMac": "AA-BB-CC-01-02-04",
        "ethConnected": 1,
        "ethIPv4": "192.168.7.21",
        "ipv4": "",
    }
    plugged = snapshot_of(GAMMA, lan)
    unplugged = snapshot_of(GAMMA, lan | {"ethConnected": 0})
    assert plugged.identity.mac == unplugged.identity.mac == "AA:BB:CC:01:02:03"
    assert plugged.identity.ethernet_mac == "AA:BB:CC:01:02:04"
    assert plugged.identity.ipv4 == "192.168.7.21"
    assert plugged.system.ethernet is True
    wired_only = snapshot_of(GAMMA, lan, without=("macAddr",))
    assert wired_only.identity.mac == "AA:BB:CC:01:02:04"


def test_texts_are_clean() -> None:
    """Garbage, control characters and endless texts never reach a screen."""
    snapshot = snapshot_of(
        GAMMA,
        {"hostname": " gar\x00age\ud800\n ", "ssid": "x" * 9000, "version": "\x07"},
    )
    assert snapshot.identity.hostname == "garage"
    assert len(snapshot.system.ssid or "") == 255
    assert snapshot.identity.firmware_version is None


def test_a_long_pool_user_is_kept_whole() -> None:
    """The firmware stores thousands of characters, and a write is compared to them."""
    user = "w" * 1000
    pool = snapshot_of(GAMMA, {"stratumUser": user}).pools.primary
    assert pool is not None
    assert pool.user == user


def test_counters_are_never_beyond_64_bits() -> None:
    """Larger integers cannot be encoded for the frontend."""
    snapshot = snapshot_of(GAMMA, {"sharesAccepted": 1e300, "sharesRejected": 2**63})
    assert snapshot.shares.accepted is None
    assert snapshot.shares.rejected is None


def test_forge_os() -> None:
    """Forge-OS reuses keys of AxeOS for other things, and a board number."""
    payload = GAMMA | {
        "boardVersion": "800",
        "asicCount": 2,
        "nominalVoltage": 12,
        "voltage": 12010,
        "current": 3400,
        "chiptemp1": 52.25,
        "chiptemp2": -1,
        "fanSpeed": 63,
        "autofanspeed": 0,
        "requestFromAp": False,
        "bestDiff": 651000,
        "bestSessionDiff": "6.51M",
        "hashRate": 2140,
    }
    snapshot, board = read_both(payload, without=("manualFanSpeed", "fanspeed"))
    assert snapshot.identity.family is Family.FORGE_OS
    assert snapshot.identity.model == "BitForge Nano"
    assert snapshot.identity.manufacturer == "BitForge"
    assert snapshot.cooling.asic_temperatures == (52.25, None)
    assert [(fan.speed, fan.rpm) for fan in snapshot.cooling.fans] == [(63, 4020)]
    assert snapshot.cooling.fan_speed_setting == 63
    assert snapshot.electrical.current_is_core is False
    assert snapshot.shares.best_session_difficulty == 6.51e6
    assert snapshot.hashing.expected == pytest.approx(2142)
    assert board.limits(extended=False) is not None
    by_key = snapshot_of(payload, without=("chiptemp1",))
    assert by_key.identity.family is Family.FORGE_OS


def test_nmaxe_is_recognised_and_refused() -> None:
    """Its interface is another one."""
    with pytest.raises(UnsupportedFirmwareError) as refused:
        snapshot_of({"identity": {"hwModel": "NMAxe"}, "miner": {"hashRate": 1}})
    assert refused.value.firmware == "NMAxe"


@pytest.mark.parametrize(
    "payload",
    [{}, {"hashRate": 5}, {"frequency": 50, "voltage": 230}, {"identity": {}, "a": 1}],
)
def test_other_devices_are_no_miners(payload: dict[str, object]) -> None:
    """A single key in common with a miner is an accident."""
    with pytest.raises(NotAMinerError):
        snapshot_of(payload)


@pytest.mark.parametrize("payload", [GAMMA, GAMMA_2_15, NERD])
def test_a_miner_without_any_one_field_is_still_a_miner(
    payload: dict[str, object],
) -> None:
    """Fields come and go between versions."""
    for key in payload:
        snapshot = snapshot_of(payload, without=(key,))
        assert snapshot.identity.family is snapshot_of(payload).identity.family
        snapshot_of(payload, {key: None})
        snapshot_of(payload, {key: {"a": []}})
