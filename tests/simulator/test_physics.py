"""Power, heat, errors and shares, and the truth about them."""

from itertools import pairwise
import math
from statistics import stdev

import pytest

from scripts.simulator import PRESETS, Clock, SimulatedMiner
from scripts.simulator.truth import PointTruth

from .conftest import Make

HOUR = 3600.0
SEEDS = range(12)


def settled(make: Make, clock: Clock, seconds: float, **changes: object) -> PointTruth:
    """Return the truth of a Gamma at one operating point."""
    miner = make("gamma-2.12", **changes)
    clock.advance(HOUR)
    miner.reset_truth()
    clock.advance(seconds)
    miner.step()
    (point,) = miner.truth.points.values()
    return point


@pytest.mark.parametrize("seed", SEEDS)
def test_gamma(make: Make, clock: Clock, seed: int) -> None:
    """A Gamma at 525 MHz and 1150 mV: about 1.07 TH/s with 17 to 19 W at 60 °C."""
    miner = make("gamma-2.12", seed=seed)
    clock.advance(HOUR)
    info = miner.info()
    assert info["expectedHashrate"] == 1071
    assert info["hashRate_1h"] == pytest.approx(1071, rel=0.02)
    assert 16 < info["power"] < 20.5
    assert info["temp"] == pytest.approx(60, abs=1.5)
    assert 5000 < info["voltage"] < 5250
    assert 10_000 < info["current"] < 14_000
    assert 25 <= info["fanspeed"] < 90
    assert info["errorPercentage"] < 3


def test_octaxe_data_point(make: Make, clock: Clock) -> None:
    """A public measurement: 700 MHz at 1210 mV to 400 at 1070 halves the power."""
    fast = make("nerdoctaxe-1.1.0", frequency=700, core_voltage=1210)
    slow = make("nerdoctaxe-1.1.0", frequency=400, core_voltage=1070)
    clock.advance(HOUR)
    assert fast.info()["power"] == pytest.approx(213, rel=0.1)
    assert slow.info()["power"] == pytest.approx(109, rel=0.12)


def test_power_follows_frequency_and_voltage(make: Make, clock: Clock) -> None:
    """More of either costs more power."""
    points = [(400, 1000), (525, 1000), (525, 1150), (600, 1150), (600, 1250)]
    watts = [
        settled(make, clock, 600, frequency=f, core_voltage=v).power for f, v in points
    ]
    assert all(low < high for low, high in pairwise(watts))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_optimum_lies_below_the_default(make: Make, clock: Clock, seed: int) -> None:
    """Less voltage saves energy, until errors eat it up."""
    efficiency = {
        voltage: settled(
            make, clock, HOUR, frequency=525, core_voltage=voltage, seed=seed
        ).efficiency
        for voltage in range(1000, 1201, 25)
    }
    best = min(efficiency, key=efficiency.__getitem__)
    assert best < 1150
    assert efficiency[best] < 0.99 * efficiency[1150]
    need = 1000 * make(seed=seed).physics.silicon.need_v(525, 60)
    # Somewhere up the first domain that goes dark, not far below 98 % of the hashrate.
    assert need - 30 < best < need + 30
    slower = settled(make, clock, HOUR, frequency=400, core_voltage=1050, seed=seed)
    assert slower.efficiency < efficiency[1150]


def test_hashes_go_missing_by_domain(make: Make) -> None:
    """With falling voltage one domain after the other goes dark, of each chip."""
    silicon = make("gt-2.15").physics.silicon
    shares = [silicon.hashing_share(700, mv / 1000, 60) for mv in range(1350, 850, -2)]
    assert all(low >= high for low, high in pairwise(shares))
    assert shares[0] > 0.999
    assert shares[-1] == 0
    alive = [silicon.alive(700, mv / 1000, 60) for mv in range(1350, 850, -2)]
    dark = [sum(made == 0 for chip in state for made in chip) for state in alive]
    assert set(dark) >= {0, 1, 2, 4, 6, 8}


def test_missing_hashes_are_no_errors(make: Make) -> None:
    """The counter of errors hardly shows what is missing."""
    silicon = make("gt-2.15").physics.silicon
    for mv in range(1350, 850, -2):
        alive = silicon.alive(700, mv / 1000, 60)
        missing = 1 - silicon.made(alive)
        errors = silicon.error_rate(alive)
        assert errors < 0.06
        if missing > 0.3:
            assert errors < missing / 5
        if missing < 0.02:
            assert errors < 0.02
    assert silicon.error_rate(silicon.alive(525, 0, 60)) == 0
    assert silicon.error_rate(silicon.alive(0, 1.15, 60)) == 0


def test_dark_domain_shows(make: Make, clock: Clock) -> None:
    """From v2.11 on a reading shows which domain went dark."""
    miner = make("gamma-2.12")
    need = 1000 * miner.physics.silicon.need_v(525, 60)
    miner.write({"coreVoltage": round(need) - 30})
    clock.advance(60)
    info = miner.info()
    domains = info["hashrateMonitor"]["asics"][0]["domains"]
    assert sorted(value > 0 for value in domains) == [False, True, True, True]
    assert info["hashRate"] == pytest.approx(0.75 * 1071, rel=0.12)
    assert info["errorPercentage"] < 6
    miner.write({"coreVoltage": round(need) + 40})
    clock.advance(60)
    asic = miner.info()["hashrateMonitor"]["asics"][0]
    assert all(value > 150 for value in asic["domains"])


def test_needed_voltage(make: Make) -> None:
    """More speed and more heat need more voltage, in proportion."""
    silicon = make("gamma-2.12").physics.silicon
    need = silicon.need_v(525, 60)
    assert silicon.hashing_share(525, need, 60) == pytest.approx(0.98, abs=0.001)
    assert silicon.need_v(525, 75) > need
    steps = [silicon.need_v(mhz, 60) for mhz in (600, 700, 800, 900)]
    rises = [high - low for low, high in pairwise(steps)]
    assert rises == pytest.approx([0.046] * 3, rel=0.2)
    assert max(rises) - min(rises) < 0.0005


def test_silicon_lottery(make: Make) -> None:
    """No two miners are alike, and all are of the same kind."""
    needs = [make(seed=seed).physics.silicon.need_v(525, 60) for seed in range(60)]
    assert len(set(needs)) == 60
    assert 0.02 < stdev(needs) < 0.04
    assert min(needs) > 0.94
    # Nobody sells a miner that does not hash as it is set.
    assert max(needs) < 1.15


@pytest.mark.parametrize("preset", PRESETS)
def test_defaults_are_healthy(make: Make, preset: str) -> None:
    """Every board hashes at its default operating point, whatever its silicon."""
    for seed in (PRESETS[preset].seed, *range(200, 206)):
        miner = make(preset, seed=seed)
        silicon, board = miner.physics.silicon, miner.board
        frequency, voltage = board.defaults
        core_v = miner.physics.core_v(frequency, voltage)
        alive = silicon.alive(frequency, core_v, 65)
        assert silicon.made(alive) >= 0.98
        assert silicon.error_rate(alive) < 0.01


def test_fan_follows_the_room(make: Make, clock: Clock) -> None:
    """A warmer room makes the fan faster and leaves the chip as it is."""
    cool, warm = make(ambient=18.0), make(ambient=28.0)
    clock.advance(2 * HOUR)
    cool_info, warm_info = cool.info(), warm.info()
    assert warm_info["fanspeed"] > cool_info["fanspeed"] + 5
    assert warm_info["fanrpm"] > cool_info["fanrpm"]
    assert warm_info["temp"] == pytest.approx(cool_info["temp"], abs=1.5)


def test_target_temperature(make: Make, clock: Clock) -> None:
    """The fan keeps the temperature that is set, within its means."""
    miner = make("gamma-2.12")
    for target in (55, 65):
        miner.write({"temptarget": target})
        clock.advance(HOUR)
        assert miner.info()["temp"] == pytest.approx(target, abs=1.5)


def test_manual_fan(make: Make, clock: Clock) -> None:
    """A fixed fan leaves the temperature to the room."""
    temps = []
    for speed in (40, 70, 100):
        miner = make("gamma-2.12")
        miner.write({"autofanspeed": False, "manualFanSpeed": speed})
        clock.advance(HOUR)
        temps.append(miner.info()["temp"])
        assert miner.info()["fanspeed"] == speed
    assert all(low > high + 1 for low, high in pairwise(temps))


def test_warming_up(make: Make, clock: Clock) -> None:
    """Heat takes minutes."""
    miner = make(uptime=0)
    clock.advance(33)
    start = miner.physics.chip
    clock.advance(20)
    miner.step()
    soon = miner.physics.chip
    clock.advance(1200)
    miner.step()
    assert start < soon < miner.physics.chip - 3


def test_room_has_days(make: Make) -> None:
    """The room is warmer in the afternoon, by the swing that was asked for."""
    physics = make(ambient=20.0, ambient_swing=4.0).physics
    temps = [physics.ambient(hour * HOUR) for hour in range(24)]
    assert min(temps) == pytest.approx(16, abs=0.3)
    assert max(temps) == pytest.approx(24, abs=0.3)
    assert physics.ambient(0) == pytest.approx(physics.ambient(86_400))
    assert 13 <= temps.index(max(temps)) <= 17


@pytest.mark.parametrize(
    "preset", ["gamma-2.12", "ultra-2.4", "suprahex-2.14", "nerdqaxepp-1.1.0"]
)
def test_truth_is_the_integral(make: Make, clock: Clock, preset: str) -> None:
    """Energy and hashes are the sums of what was shown, noise aside."""
    miner = make(preset)
    miner.reset_truth()
    energy = hashes = 0.0
    for _ in range(720):
        clock.advance(10)
        info = miner.info()
        energy += info["power"] * 10 / 3600
        hashes += info["hashRate"] * 1e9 * 10
    truth = miner.truth
    assert truth.seconds == truth.hashing_seconds == pytest.approx(7200)
    assert truth.energy_wh == pytest.approx(energy, rel=0.005)
    # Firmware of old guesses from nonces, with slow noise of 5 %.
    slow = preset == "ultra-2.4"
    assert truth.hashes == pytest.approx(hashes, rel=0.03 if slow else 0.005)
    ((point, sums),) = truth.points.items()
    assert point == miner.spec.start_point
    assert sums.energy_wh == pytest.approx(truth.energy_wh)
    assert sums.temp_seconds / sums.seconds == pytest.approx(60, abs=6)


def test_truth_by_operating_point(make: Make, clock: Clock) -> None:
    """Time, energy and hashes are kept apart by operating point."""
    miner = make("gamma-2.12", write_delay=0.0)
    miner.reset_truth()
    clock.advance(1000)
    miner.step()
    miner.write({"frequency": 400, "coreVoltage": 1000})
    clock.advance(2000)
    miner.step()
    points = miner.truth.points
    assert {point: sums.seconds for point, sums in points.items()} == {
        (525, 1150): pytest.approx(1000),
        (400, 1000): pytest.approx(2000),
    }
    assert points[525, 1150].power > points[400, 1000].power
    assert sum(sums.hashes for sums in points.values()) == pytest.approx(
        miner.truth.hashes
    )


def test_truth_counts_hashing_time(make: Make, clock: Clock) -> None:
    """A paused miner uses energy and makes no hashes."""
    miner = make("gamma-2.15")
    miner.pause()
    miner.reset_truth()
    clock.advance(HOUR)
    miner.step()
    assert miner.truth.seconds == pytest.approx(HOUR)
    assert miner.truth.hashing_seconds == miner.truth.hashes == 0
    assert miner.truth.energy_wh == pytest.approx(5, rel=0.01)
    assert not miner.truth.points


@pytest.mark.parametrize(
    "preset", ["gamma-2.10", "gamma-2.12", "suprahex-2.14", "nerdqaxepp-1.1.0"]
)
def test_long_gaps(preset: str) -> None:
    """Hours at a leap give what seconds give."""
    careful, lazy = Clock.manual(), Clock.manual()
    often = SimulatedMiner(PRESETS[preset], careful)
    rarely = SimulatedMiner(PRESETS[preset], lazy)
    for _ in range(1200):
        careful.advance(12)
        often.step()
    lazy.advance(1200 * 12)
    rarely.step()
    for miner in (often, rarely):
        assert miner.truth.seconds == pytest.approx(14_400)
    assert rarely.truth.energy_wh == pytest.approx(often.truth.energy_wh, rel=0.005)
    assert rarely.truth.hashes == pytest.approx(often.truth.hashes, rel=0.005)
    assert rarely.physics.chip == pytest.approx(often.physics.chip, abs=1)
    assert rarely.physics.fan == pytest.approx(often.physics.fan, abs=0.05)
    assert rarely.truth.shares_accepted == pytest.approx(
        often.truth.shares_accepted, rel=0.15
    )


def test_long_gap_with_events(make: Make, clock: Clock) -> None:
    """A leap passes through everything that happens in it."""
    miner = make("gamma-2.12")
    miner.faults.ambient_offset = 45
    clock.advance(24 * HOUR)
    info = miner.info()
    assert miner.truth.overheats >= 1
    assert info["frequency"] < 525
    assert miner.truth.seconds == pytest.approx(24 * HOUR)


def test_shares(make: Make, clock: Clock) -> None:
    """As many shares are found as the hashes make likely."""
    miner = make("gamma-2.12", pool_difficulty=500.0)
    miner.reset_truth()
    before = miner.info()["sharesAccepted"]
    clock.advance(12 * HOUR)
    info = miner.info()
    found = miner.truth.shares_accepted + miner.truth.shares_rejected
    likely = miner.truth.hashes / (500 * 2**32)
    assert found == pytest.approx(likely, abs=4 * likely**0.5)
    assert info["sharesAccepted"] - before == miner.truth.shares_accepted
    assert info["poolDifficulty"] == 500


def test_best_difficulty(make: Make, clock: Clock) -> None:
    """The best difficulty only grows, and is as luck has it: median n over ln 2."""
    bests = []
    for seed in range(40):
        miner = make("gamma-2.12", seed=seed, uptime=0)
        clock.advance(HOUR)
        miner.step()
        # In units of the number of hashes tried.
        bests.append(miner.shares.session_best / (miner.truth.hashes / 2**32))
    median = sorted(bests)[20]
    assert 0.8 < median < 2.6
    miner = make("gamma-2.12")
    series = []
    for _ in range(100):
        clock.advance(600)
        series.append(miner.info()["bestSessionDiff"])
    assert series == sorted(series)
    assert len(set(series)) > 1


def test_noise_of_old(make: Make, clock: Clock) -> None:
    """Firmware that guesses from nonces scatters more than one that counts."""

    def scatter(preset: str) -> float:
        miner = make(preset)
        values: list[float] = []
        for _ in range(200):
            clock.advance(30)
            values.append(miner.info()["hashRate"])
        mean = sum(values) / len(values)
        return math.sqrt(sum((v - mean) ** 2 for v in values) / len(values)) / mean

    assert scatter("gamma-2.10") > 2 * scatter("gamma-2.12")


def test_averages(make: Make, clock: Clock) -> None:
    """After a boot the averages are of what there is; longer ones follow slowly."""
    miner = make("gamma-2.12", uptime=0)
    clock.advance(150)
    info = miner.info()
    assert info["hashRate_1h"] == pytest.approx(info["hashRate_10m"])
    clock.advance(HOUR)
    miner.step()
    miner.write({"frequency": 400})
    clock.advance(120)
    info = miner.info()
    assert info["hashRate_1m"] == pytest.approx(816, rel=0.05)
    assert info["hashRate_1m"] < info["hashRate_10m"] < info["hashRate_1h"]


@pytest.mark.parametrize(
    ("preset", "low", "high"), [("gamma-2.10", 0.05, 0.1), ("gamma-2.12", 0.01, 0.02)]
)
def test_noise_of_a_minute(
    make: Make, clock: Clock, preset: str, low: float, high: float
) -> None:
    """One minute's mean scatters by what owners of such firmware report."""
    miner = make(preset)
    means = []
    for _ in range(240):
        values = []
        for _ in range(12):
            clock.advance(5)
            values.append(miner.info()["hashRate"])
        means.append(sum(values) / len(values))
    assert low < stdev(means) / (sum(means) / len(means)) < high


def test_day_average(make: Make, clock: Clock) -> None:
    """NerdOS' average of a day grows through the first day."""
    miner = make("nerdqaxepp-1.1.0", uptime=0)
    clock.advance(12 * HOUR)
    info = miner.info()
    assert info["hashRate_1d"] == pytest.approx(info["hashRate_1h"] / 2, rel=0.03)
    clock.advance(14 * HOUR)
    info = miner.info()
    assert info["hashRate_1d"] == pytest.approx(info["hashRate_1h"], rel=0.03)


def test_total_counters(make: Make, clock: Clock) -> None:
    """v2.15 counts for life."""
    miner = make("gamma-2.15")
    before = miner.info()
    clock.advance(1000)
    miner.power_cycle()
    clock.advance(100)
    after = miner.info()
    assert after["totalUptimeSeconds"] == before["totalUptimeSeconds"] + 1100
    assert after["totalHashes"] - before["totalHashes"] == pytest.approx(
        1071e9 * 1068, rel=0.03
    )
    assert 2 ** after["totalLog2Work"] == pytest.approx(after["totalHashes"], rel=0.01)
