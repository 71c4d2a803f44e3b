"""What NerdOS says differently."""

import pytest

from custom_components.bitaxe.axeos import Family, MiningState

from .payloads import NERD
from .snapshots import snapshot_of


def test_a_mining_nerdqaxe() -> None:
    """Its units, names and structure become the same snapshot."""
    snapshot = snapshot_of(NERD)
    identity = snapshot.identity
    assert identity.family is Family.NERDOS
    assert (identity.model, identity.manufacturer) == ("NerdQAxe++", "NerdAxe")
    assert (identity.asic_count, identity.ipv4) == (4, "192.168.7.30")
    electrical = snapshot.electrical
    assert (electrical.power, electrical.minimum_power) == (82.5, 52)
    assert electrical.input_voltage == pytest.approx(11.96563)
    assert electrical.current == pytest.approx(6.9005)
    assert electrical.current_is_core is False
    assert (electrical.minimum_voltage, electrical.maximum_voltage) == (11, 13)
    assert electrical.maximum_current == 8
    cooling = snapshot.cooling
    assert cooling.asic_temperatures == (55.5, 57.5, 56, None)
    assert (cooling.auto_fan, cooling.fan_speed_setting) == (True, 75)
    assert (cooling.target_temperature, cooling.overheat_temperature) == (60, 70)
    assert len(cooling.fans) == 1
    hashing = snapshot.hashing
    assert (hashing.hashrate, hashing.hashrate_1d) == (4890.5, 4000.7)
    assert hashing.expected == pytest.approx(4896)
    assert hashing.duplicate_nonces == 3
    pools = snapshot.pools
    assert (pools.connected, pools.using_fallback, pools.dual) == (True, False, False)
    assert (pools.response_time, pools.ping_loss) == (18.25, 2.5)
    assert (pools.difficulty, pools.suggested_difficulty) == (16384, 1000)
    assert pools.blocks_found == 1
    assert snapshot.system.reset_reason == "SYSTEM.RESET_SOFTWARE"
    assert snapshot.state is MiningState.MINING
    assert snapshot.faults.overheated is False
    assert not snapshot.faults.reports_power
    abilities = snapshot.capabilities
    assert abilities.shutdown
    assert abilities.pools_live
    assert not abilities.pause
    assert not abilities.identify
    assert not abilities.otp


def test_stopped_by_a_person() -> None:
    """A shutdown is NerdOS's pause."""
    snapshot = snapshot_of(NERD, {"shutdown": True})
    assert snapshot.state is MiningState.PAUSED
    assert snapshot.hashing.hashrate == 0


@pytest.mark.parametrize(
    ("readings", "state"),
    [
        ({"temp": 71}, MiningState.OVERHEATED),
        (
            {"vrTemp": 86, "fans": [{}, {"overheatTemp": 85}]},
            MiningState.OVERHEATED,
        ),
        ({"temp": 45}, MiningState.IDLE),
        ({"temp": 0}, MiningState.IDLE),
    ],
)
def test_overheating_is_inferred(
    readings: dict[str, object], state: MiningState
) -> None:
    """Only heat and silence together are a sign; silence alone is none."""
    snapshot = snapshot_of(NERD, readings | {"hashRate": 0})
    assert snapshot.state is state
    assert snapshot.faults.overheated is (
        True if state is MiningState.OVERHEATED else None
    )


def test_second_fan_and_regulator_limits() -> None:
    """v1.0.37 has a second fan, whose limit is that of the regulator."""
    cooling = snapshot_of(
        NERD,
        {
            "fanCount": 2,
            "fanspeed2": 40,
            "fanrpm2": 1557,
            "vrTempInt": 58.75,
            "fans": [{"overheatTemp": 70}, {"overheatTemp": 80}],
        },
    ).cooling
    assert [(fan.speed, fan.rpm) for fan in cooling.fans] == [(51, 1820), (40, 1557)]
    assert cooling.vr_temperature_internal == 58.75
    assert cooling.vr_overheat_temperature == 80


def test_the_slim_v1_1_reports_the_pool_in_one_place() -> None:
    """What the flat keys no longer say is read from the pool in use."""
    pools = [
        {
            "connected": False,
            "accepted": 10,
            "rejected": 1,
            "poolDifficulty": 8192,
            "networkDifficulty": 1.2e14,
            "pingRtt": 9.5,
            "pingLoss": 1,
        },
        {"connected": True, "accepted": 5, "rejected": 0},
    ]
    snapshot = snapshot_of(
        NERD,
        {"stratum": {"activePoolMode": 1, "totalBestDiff": 5e9, "pools": pools}},
        without=(
            "sharesAccepted",
            "sharesRejected",
            "bestDiff",
            "poolDifficulty",
            "lastpingrtt",
            "recentpingloss",
        ),
    )
    assert (snapshot.shares.accepted, snapshot.shares.rejected) == (15, 1)
    assert snapshot.shares.best_difficulty == 5e9
    assert snapshot.pools.difficulty == 8192
    assert snapshot.pools.network_difficulty == 1.2e14
    assert (snapshot.pools.response_time, snapshot.pools.ping_loss) == (9.5, 1)
    assert snapshot.pools.connected is True
    assert snapshot.pools.dual is True


LISTED_POOLS: list[dict[str, object]] = [
    {
        "active": False,
        "host": "first.example",
        "port": 4333,
        "user": "wallet.first",
        "connected": False,
        "encrypted": True,
        "pingRtt": 0,
        "pingLoss": 0,
    },
    {
        "active": True,
        "host": "second.example",
        "port": 3333,
        "user": "wallet.second",
        "connected": True,
        "encrypted": False,
        "activeProtocol": 1,
        "accepted": 10,
        "rejected": 0,
        "poolDifficulty": 10_000,
        "networkDifficulty": 1.27e14,
        "pingRtt": 42,
        "pingLoss": 1,
    },
]
FLAT_POOL_KEYS = (
    "poolDifficulty",
    "networkDifficulty",
    "lastpingrtt",
    "recentpingloss",
    "stratumURL",
    "fallbackStratumURL",
)


def test_the_pool_that_works_may_be_the_second() -> None:
    """Newer firmware lists both pools, whichever works, and may say so only there."""
    stratum: dict[str, object] = {"poolMode": 0, "pools": LISTED_POOLS}
    pools = snapshot_of(NERD, {"stratum": stratum}, without=FLAT_POOL_KEYS).pools
    assert (pools.difficulty, pools.network_difficulty) == (10_000, 1.27e14)
    assert (pools.response_time, pools.ping_loss) == (42, 1)
    assert (pools.connected, pools.using_fallback) == (True, True)
    assert (pools.dual, pools.one_down) == (False, None)
    assert pools.in_use is not None
    assert (str(pools.in_use), pools.in_use.user) == (
        "second.example:3333",
        "wallet.second",
    )
    assert (pools.in_use.tls, pools.in_use.protocol) == (False, "SV2")
    assert str(pools.primary) == "first.example:4333"
    # What is set up but does not work is not what the miner is connected to.
    broken = [
        LISTED_POOLS[0] | {"connected": True},
        LISTED_POOLS[1] | {"connected": False},
    ]
    pools = snapshot_of(NERD, {"stratum": stratum | {"pools": broken}}).pools
    assert pools.connected is False


@pytest.mark.parametrize(
    ("connected", "any_connected", "one_down"),
    [
        ((True, True), True, False),
        ((True, False), True, True),
        ((False, True), True, True),
        ((False, False), False, False),
        ((True, None), True, None),
    ],
)
def test_a_dead_pool_of_two(
    connected: tuple[bool | None, bool | None],
    any_connected: bool,
    one_down: bool | None,
) -> None:
    """The miner goes on with the other one, which must not hide it."""
    pools = [
        pool | {"active": state is not False, "connected": state}
        for pool, state in zip(LISTED_POOLS, connected, strict=True)
    ]
    found = snapshot_of(NERD, {"stratum": {"activePoolMode": 1, "pools": pools}}).pools
    assert (found.connected, found.dual, found.one_down) == (
        any_connected,
        True,
        one_down,
    )
    assert found.using_fallback is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"frequency": 700, "governor": {"mode": 1, "freq": 550, "freqCap": 700}},
            4488,
        ),
        ({"frequency": 700, "governor": {"freq": 550, "forcedOff": True}}, 5712),
        ({"frequency": 700, "governor": {"freq": 0}}, 5712),
        ({"frequency": 700, "governor": {"freq": "lots"}}, 5712),
        ({"frequency": 700, "governor": {"freq": 699.22}}, 5712),
        ({"frequency": 490, "effectiveFrequency": 525}, 4284),
        (
            {
                "frequency": 525,
                "configuredFrequency": 490,
                "actualFrequency": 524.99,
                "hashrateGovernor": {"enabled": True},
            },
            4283.9,
        ),
        ({"frequency": 490, "hashrateGovernor": {"effectiveFrequency": 525}}, 4284),
        (
            {
                "frequency": 490,
                "hashrateGovernor": {"enabled": False, "effectiveFrequency": 525},
            },
            3998.4,
        ),
    ],
)
def test_the_hashrate_is_expected_of_the_frequency_that_runs(
    changes: dict[str, object], expected: float
) -> None:
    """A governor lowers or raises it for heat, and leaves the setting as it is."""
    snapshot = snapshot_of(NERD, changes)
    assert snapshot.hashing.expected == pytest.approx(expected, abs=0.1)
    setting = changes.get("configuredFrequency", changes["frequency"])
    assert snapshot.operating_point is not None
    assert snapshot.frequency == snapshot.operating_point.frequency == setting


def test_protocol_numbers() -> None:
    """v1.0.37 numbers its protocols."""
    snapshot = snapshot_of(
        NERD, {"stratumProtocol": 1, "fallbackStratumProtocol": 9, "stratumTLS": True}
    )
    assert snapshot.pools.primary is not None
    assert (snapshot.pools.primary.protocol, snapshot.pools.primary.tls) == (
        "SV2",
        True,
    )
    assert snapshot.pools.fallback is not None
    assert snapshot.pools.fallback.protocol is None


def test_v1_0_29() -> None:
    """Text for difficulties, no stratum object, no one-minute average, no MAC."""
    snapshot = snapshot_of(
        NERD,
        {
            "version": "v1.0.29",
            "bestDiff": "270M",
            "bestSessionDiff": "2.75M",
            "isUsingFallbackStratum": True,
            "isStratumConnected": True,
            "autofanspeed": 0,
        },
        without=(
            "stratum",
            "macAddr",
            "hashRate_1m",
            "shutdown",
            "currentA",
            "manualFanSpeed",
            "poolDifficulty",
            "asicTemps",
        ),
    )
    assert snapshot.identity.family is Family.NERDOS
    assert snapshot.identity.mac is None
    assert snapshot.shares.best_difficulty == 270e6
    assert snapshot.pools.using_fallback is True
    assert snapshot.pools.connected is True
    assert snapshot.pools.dual is None
    assert snapshot.pools.difficulty is None
    assert snapshot.cooling.fan_speed_setting == 51
    assert snapshot.cooling.asic_temperatures == ()
    assert snapshot.capabilities.fan_key == "fanspeed"
    assert not snapshot.capabilities.shutdown


def test_v1_0_10_has_only_averages() -> None:
    """Without a momentary hashrate the shortest average stands in."""
    snapshot = snapshot_of(NERD, without=("hashRate", "stratum", "hostip", "shutdown"))
    assert snapshot.identity.family is Family.NERDOS
    assert snapshot.hashing.hashrate == 4893.3


def test_a_fan_without_target_cannot_be_given_one() -> None:
    """-1 means that there is none."""
    snapshot = snapshot_of(NERD, {"pidTargetTemp": -1})
    assert "target_temperature" not in snapshot.capabilities.settings
    assert "target_temperature" in snapshot_of(NERD).capabilities.settings


def test_otp() -> None:
    """Whether changes need a one-time password shows in every reading."""
    assert snapshot_of(NERD, {"otp": True}).capabilities.otp
