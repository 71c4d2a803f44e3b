"""What is physically impossible reads as unknown, and costs nothing else."""

import math

import pytest

from custom_components.bitaxe.axeos import bounds

from .payloads import GAMMA, GAMMA_2_15, NERD
from .plausible import assert_plausible
from .snapshots import snapshot_of

_BEYOND = (
    2**32 * 1000,
    1e15,
    2**53,
    2**63 - 1,
    2**63,
    2**64 - 1,
    10**30,
    1e300,
    float("inf"),
    float("nan"),
    -(2**63),
    str(2**64 - 1),
    "nan",
)


@pytest.mark.parametrize("payload", [GAMMA, GAMMA_2_15, NERD])
@pytest.mark.parametrize("value", _BEYOND)
def test_an_absurd_number_in_any_field_is_bounded(
    payload: dict[str, object], value: object
) -> None:
    """Whichever field it is in, nothing of the snapshot is absurd."""
    for key in payload:
        assert_plausible(snapshot_of(payload, {key: value}))
    assert_plausible(snapshot_of(payload, dict.fromkeys(payload, value)))


@pytest.mark.parametrize("payload", [GAMMA, GAMMA_2_15, NERD])
@pytest.mark.parametrize("value", [5e-324, 1e-300, "1e-320", 1e-12])
def test_a_number_next_to_nothing_is_zero(
    payload: dict[str, object], value: object
) -> None:
    """What is divided by it would have no end, or would not be divided at all."""
    for key in payload:
        assert_plausible(snapshot_of(payload, {key: value}))
    snapshot = snapshot_of(payload, {"hashRate": value})
    assert snapshot.hashing.hashrate == 0
    assert snapshot.efficiency is None


@pytest.mark.parametrize("difficulty", [2**63 - 1, 2**64 - 1, "18.4E", "9.3E", 1e19])
def test_a_best_share_that_no_miner_finds_is_unknown(difficulty: object) -> None:
    """2^64 - 1 is what the firmware's memory holds when it is broken."""
    snapshot = snapshot_of(GAMMA, {"bestDiff": difficulty})
    assert snapshot.shares.best_difficulty is None
    assert snapshot.hashing.hashrate == 1068.4


@pytest.mark.parametrize("uptime", [1e15, 2**32 - 1, 10**10])
def test_an_uptime_from_before_the_controller_existed_is_unknown(
    uptime: float,
) -> None:
    """It would put the start before the Unix epoch, or Bitcoin."""
    assert snapshot_of(GAMMA, {"uptimeSeconds": uptime}).system.uptime is None


@pytest.mark.parametrize("percentage", [100.437, 180.0])
def test_more_errors_than_good_hashes_are_shown(percentage: float) -> None:
    """ESP-Miner issue 1573."""
    snapshot = snapshot_of(GAMMA, {"errorPercentage": percentage})
    assert snapshot.hashing.error_percentage == percentage


def test_power_is_bounded_by_what_the_board_can_draw() -> None:
    """A Gamma draws less than 40 W; a moment of 9999 W would stay in its energy."""
    assert snapshot_of(GAMMA, {"power": 9999}).electrical.power is None
    assert snapshot_of(GAMMA, {"power": 60}).electrical.power == 60


def test_a_board_that_understates_itself_keeps_its_power() -> None:
    """A broken limit costs no reading."""
    assert snapshot_of(GAMMA, {"maxPower": 1}).electrical.power == 17.8


@pytest.mark.parametrize("frequency", [1501, 4999, 5000])
@pytest.mark.parametrize("where", ["governor", "actualFrequency", "frequency"])
def test_a_clock_that_no_asic_reaches_is_unknown(where: str, frequency: float) -> None:
    """Nor does it raise what is expected of a miner, whose governor reports it (F5)."""
    value = {"freq": frequency} if where == "governor" else frequency
    usual, odd = snapshot_of(NERD), snapshot_of(NERD, {where: value})
    assert odd.hashing.actual_frequency is None or odd.hashing.actual_frequency <= 1500
    if where != "frequency":
        assert odd.hashing.expected == usual.hashing.expected
    assert odd.frequency is None or odd.frequency <= 1500


def test_every_range_is_finite_and_fits_64_bits() -> None:
    """Otherwise what is within could not be kept or sent."""
    ranges = [value for value in vars(bounds).values() if type(value) is bounds.Bounds]
    assert len(ranges) > 20
    for low, high in ranges:
        assert math.isfinite(low)
        assert math.isfinite(high)
        assert low < high
        assert high < 2**63 or (low, high) == bounds.TOTAL_HASHES


def test_settings_of_a_pool_that_cannot_be_sent_back_are_left_out() -> None:
    """A slot is replaced as a whole: what was garbage falls back to its default."""
    pools = [
        {
            "id": 0,
            "stratumURL": "pool.example.com",
            "stratumPort": 3333,
            "stratumUser": "bc1q.worker",
            "stratumSuggestedDifficulty": float("nan"),
            "stratumCert": "x" * 100_000,
            "stratumV2AuthorityPubkey": "key\0",
            "stratumTLS": 1,
        }
    ]
    snapshot = snapshot_of(GAMMA_2_15, {"pools": pools, "primaryPoolIndex": 0})
    pool = snapshot.pools.primary
    assert pool is not None
    assert pool.slot_settings == {"stratumTLS": 1}


def test_the_user_of_a_pool_is_not_cut() -> None:
    """It is sent back where only the address changes; cut, others would be paid."""
    user = "bc1q" + "x" * 600
    snapshot = snapshot_of(GAMMA, {"stratumUser": user})
    pool = snapshot.pools.primary
    assert pool is not None
    assert pool.user == user
