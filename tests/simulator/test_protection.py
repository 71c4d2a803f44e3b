"""Heat, supply and core voltage: how firmware protects itself, and what it shows."""

import pytest

from scripts.simulator import Clock

from .conftest import Make

HEAT = 35.0


def test_heat_of_old(make: Make, clock: Clock) -> None:
    """Up to v2.10 a hot miner reboots and stays at 50 MHz until somebody helps."""
    miner = make("gamma-2.10")
    best = miner.info()["bestDiff"]
    miner.faults.ambient_offset = HEAT
    clock.advance(300)
    info = miner.info()
    assert (info["frequency"], info["coreVoltage"]) == (50, 1000)
    assert (info["autofanspeed"], info["overheat_mode"]) == (0, 1)
    assert info["fanspeed"] == 100
    assert info["bestDiff"] == best
    assert info["uptimeSeconds"] < 300
    assert miner.truth.overheats == miner.truth.restarts == 1

    miner.faults.ambient_offset = 0
    clock.advance(3600)
    info = miner.info()
    assert (info["frequency"], info["overheat_mode"]) == (50, 1)
    assert info["hashRate"] < 150
    miner.write({"frequency": 525, "coreVoltage": 1150, "overheat_mode": False})
    clock.advance(600)
    info = miner.info()
    assert info["overheat_mode"] == 0
    assert info["hashRate"] > 700


def test_heat_that_stays(make: Make, clock: Clock) -> None:
    """Old firmware reboots again and again, however long nobody looks."""
    miner = make("max-2.6")
    miner.faults.set(vr_offset=100.0, ambient_offset=60.0)
    clock.advance(7200)
    miner.step()
    assert miner.now == clock.now()


def test_heat_without_a_flag(make: Make, clock: Clock) -> None:
    """Before v2.4 boards that measure their input did not set the flag."""
    miner = make("ultra-2.1")
    miner.faults.ambient_offset = HEAT + 30
    clock.advance(600)
    info = miner.info()
    assert info["frequency"] == 50
    assert info["overheat_mode"] == 0


@pytest.mark.parametrize(
    ("preset", "flag", "core_stays"),
    [
        ("gamma-2.11", 1, False),
        ("gamma-2.12", 1, False),
        ("gammaduo-2.13", 1, True),
        ("suprahex-2.14", 0, True),
        ("gamma-2.15", 0, True),
    ],
)
def test_heat_of_today(
    make: Make, clock: Clock, preset: str, flag: int, core_stays: bool
) -> None:
    """From v2.11 on a hot miner cools down and goes on more slowly.

    Meanwhile what it shows is frozen, but for the regulator and the fan.
    """
    miner = make(preset)
    frequency, voltage = miner.spec.start_point
    miner.faults.ambient_offset = HEAT
    while not miner.cooling:
        clock.advance(1)
        miner.step()
    tripped = miner.info()
    assert tripped["temp"] > 74.5
    clock.advance(25)
    frozen = miner.info()
    for key in ("temp", "temp2", "power", "voltage", "current"):
        assert frozen[key] == tripped[key]
    assert (frozen["coreVoltageActual"] > 900) is core_stays
    assert frozen["vrTemp"] < tripped["vrTemp"]
    assert frozen["fanspeed"] == 100
    assert frozen["overheat_mode"] == flag
    assert (frozen["autofanspeed"], frozen["manualFanSpeed"]) == (0, 100)
    assert frozen["uptimeSeconds"] > tripped["uptimeSeconds"]
    assert not miner.hashing
    if miner.version >= (2, 14, 0):
        assert frozen["expectedHashrate"] == 0

    miner.faults.ambient_offset = 0
    clock.advance(60)
    after = miner.info()
    assert (after["frequency"], after["coreVoltage"]) == (
        frequency - 100,
        voltage - 100,
    )
    assert after["overheat_mode"] == 0
    assert (after["autofanspeed"], after["fanspeed"]) == (0, 100)
    assert after["temp"] < 70
    assert miner.truth.overheats == 1
    assert miner.truth.restarts == 0


@pytest.mark.parametrize(("firmware", "live"), [("v2.13.2", True), ("v2.14.2", False)])
def test_heat_with_internal_sensor(
    make: Make, clock: Clock, firmware: str, live: bool
) -> None:
    """The sensor in the fan controller stays live, or is lost from v2.14 on."""
    miner = make("supra-2.9", firmware=firmware)
    miner.faults.ambient_offset = HEAT + 10
    while not miner.cooling:
        clock.advance(1)
        miner.step()
    tripped = miner.info()["temp"]
    clock.advance(20)
    temp = miner.info()["temp"]
    assert (45 < temp < tripped) if live else temp == -1


def test_hot_regulator(make: Make, clock: Clock) -> None:
    """A hot regulator counts as heat, where there is a sensor for it."""
    gamma, ultra = make("gamma-2.12"), make("ultra-2.4")
    for miner in (gamma, ultra):
        miner.faults.vr_offset = 80
    clock.advance(120)
    for miner in (gamma, ultra):
        miner.step()
    assert gamma.truth.overheats == 1
    assert gamma.cooling
    assert ultra.truth.overheats == 0
    assert ultra.info()["vrTemp"] == 0


def test_fan_failure(make: Make, clock: Clock) -> None:
    """Without a fan it gets hot soon, and no turns are counted."""
    miner = make("gamma-2.12")
    miner.faults.fan_failure = True
    clock.advance(5)
    assert miner.info()["fanrpm"] == 0
    clock.advance(900)
    miner.step()
    assert miner.truth.overheats >= 1


def test_nerd_heat(make: Make, clock: Clock) -> None:
    """NerdOS stops at its own limit and stays off until a restart."""
    miner = make("nerdqaxepp-1.1.0")
    miner.faults.ambient_offset = HEAT
    clock.advance(600)
    info = miner.info()
    assert miner.overheated
    assert info["hashRate"] == 0
    assert info["fanspeed"] == 100
    assert info["power"] < 20
    assert info["overheat_temp"] == 70
    miner.faults.ambient_offset = 0
    clock.advance(7200)
    assert miner.info()["hashRate"] == 0
    miner.restart()
    clock.advance(120)
    assert miner.info()["hashRate"] > 4000


def test_hot_spells(make: Make, clock: Clock) -> None:
    """A room that gets hot every so many hours trips a miner, until it is slower."""
    miner = make("gamma-2.12", hot_spell_hours=2.0, ambient=25.0, ambient_swing=0.0)
    spell = 2 * 3600 - clock.now() % (2 * 3600)
    clock.advance(spell - 300)
    miner.step()
    assert miner.truth.overheats == 0
    clock.advance(4 * 3600)
    miner.step()
    assert miner.truth.overheats == 1
    assert miner.hashing
    assert (miner.stored["frequency"], miner.stored["coreVoltage"]) == (425, 1050)
    miner.write({"frequency": 525, "coreVoltage": 1150, "autofanspeed": True})
    clock.advance(2 * 3600)
    miner.step()
    assert miner.truth.overheats == 2


@pytest.mark.parametrize("voltage", [900, 2100])
def test_voltage_outside_of_the_window(make: Make, clock: Clock, voltage: int) -> None:
    """A voltage the regulator refuses is stored, and is a fault over reboots."""
    miner = make("gamma-2.12")
    assert "power_fault" not in miner.info()
    miner.write({"coreVoltage": voltage})
    clock.advance(30)
    info = miner.info()
    assert info["coreVoltage"] == voltage
    assert info["power_fault"] == "Power Fault Detected."
    miner.power_cycle()
    clock.advance(120)
    info = miner.info()
    assert info["power_fault"] == "Power Fault Detected."
    assert (info["hashRate"], info["temp"]) == (0, -1)
    miner.write({"coreVoltage": 1150})
    clock.advance(120)
    info = miner.info()
    assert "power_fault" not in info
    assert info["hashRate"] > 900


def test_start_with_a_voltage_outside_of_the_window(make: Make) -> None:
    """A miner that has such a setting from the start does not hash."""
    info = make("gamma-2.12", core_voltage=900).info()
    assert info["power_fault"] == "Power Fault Detected."
    assert (info["hashRate"], info["temp"]) == (0, -1)


def test_cooled_below_the_window(make: Make, clock: Clock) -> None:
    """100 mV less may be too little for the regulator; then it stays off."""
    miner = make("gamma-2.12", core_voltage=1060, frequency=500)
    miner.faults.ambient_offset = HEAT + 25
    clock.advance(300)
    miner.faults.ambient_offset = 0
    clock.advance(300)
    info = miner.info()
    assert info["coreVoltage"] == 960
    assert info["power_fault"] == "Power Fault Detected."
    assert info["hashRate"] == 0


def test_no_window(make: Make, clock: Clock) -> None:
    """Boards with another regulator know no such fault."""
    miner = make("supra-2.9", core_voltage=900)
    miner.faults.power_fault = True
    clock.advance(60)
    assert "power_fault" not in miner.info()


def test_power_fault(make: Make, clock: Clock) -> None:
    """A fault of the regulator appears and disappears."""
    miner = make("gamma-2.15")
    miner.faults.power_fault = True
    clock.advance(10)
    info = miner.info()
    assert info["power_fault"] == "Power Fault Detected."
    assert info["hashRate"] == 0
    miner.faults.power_fault = False
    clock.advance(60)
    info = miner.info()
    assert "power_fault" not in info
    assert info["hashRate"] > 900


def test_sagging_supply(make: Make, clock: Clock) -> None:
    """A weak supply sags under load, and cuts out below 4.5 V."""
    miner = make("gamma-2.12")
    sound = miner.info()["voltage"]
    miner.faults.sagging_supply = 0.3
    clock.advance(10)
    info = miner.info()
    assert 4600 < info["voltage"] < sound - 200
    assert "power_fault" not in info
    miner.faults.sagging_supply = 1.5
    for _ in range(10):
        clock.advance(2)
        assert miner.info()["power_fault"] == "Power Fault Detected."
    assert miner.info()["hashRate"] == 0


def test_supply_fault_lasts_until_boot(make: Make, clock: Clock) -> None:
    """The regulator forgets that its supply gave way only when firmware starts."""
    miner = make("gamma-2.12")
    miner.faults.sagging_supply = 1.5
    clock.advance(10)
    miner.faults.sagging_supply = 0.0
    clock.advance(60)
    assert miner.info()["power_fault"] == "Power Fault Detected."
    miner.restart()
    clock.advance(120)
    info = miner.info()
    assert "power_fault" not in info
    assert info["hashRate"] > 900


def test_hardware_fault(make: Make, clock: Clock) -> None:
    """v2.14 reports faults of the hardware and stops."""
    old, new = make("gamma-2.12"), make("gamma-2.15")
    for miner in (old, new):
        miner.faults.hardware_fault = "Fan Control Failed (Auto)"
    clock.advance(10)
    assert new.info()["hardware_fault"] == "Fan Control Failed (Auto)"
    assert new.info()["hashRate"] == 0
    assert "hardware_fault" not in old.info()
    assert old.info()["hashRate"] > 900


def test_frozen(make: Make, clock: Clock) -> None:
    """A chip that stopped answering leaves its last hashrate for ever."""
    miner = make("gamma-2.10")
    miner.faults.frozen = True
    before = miner.info()
    clock.advance(3600)
    after = miner.info()
    assert after["hashRate"] == before["hashRate"] > 0
    assert after["sharesAccepted"] == before["sharesAccepted"]
    assert after["uptimeSeconds"] == before["uptimeSeconds"] + 3600


def test_error_burst(make: Make, clock: Clock) -> None:
    """Errors cost hashrate, and are counted."""
    miner = make("gamma-2.12")
    before = miner.info()
    miner.faults.error_burst = 0.2
    clock.advance(120)
    after = miner.info()
    assert after["errorPercentage"] == pytest.approx(25, rel=0.2)
    assert after["hashRate_1m"] == pytest.approx(before["hashRate_1m"] * 0.8, rel=0.05)
    count = "errorCount"
    rise = (
        after["hashrateMonitor"]["asics"][0][count]
        - before["hashrateMonitor"]["asics"][0][count]
    )
    assert rise == pytest.approx(0.2 * 1071e9 * 120 / 2**32, rel=0.1)


def test_pool_down(make: Make, clock: Clock) -> None:
    """Without its pool a miner takes the fallback; without both it finds nothing."""
    miner = make("gamma-2.15")
    miner.faults.pool_down = True
    clock.advance(600)
    info = miner.info()
    assert info["isUsingFallbackStratum"] == 1
    assert info["poolConnectionInfo"] == "IPv4"
    assert 0 < info["sharesAccepted"] < 600
    miner.faults.fallback_down = True
    clock.advance(600)
    info = miner.info()
    assert info["poolConnectionInfo"] == "Not Connected"
    assert info["hashRate"] == 0
    assert info["miningPaused"] is False
    miner.faults.clear()
    clock.advance(600)
    info = miner.info()
    assert info["isUsingFallbackStratum"] == 0
    assert info["hashRate"] > 900


def test_rejects(make: Make, clock: Clock) -> None:
    """Rejected shares have reasons, which add up."""
    miner = make("gamma-2.12", reject_rate=0.0)
    assert miner.info()["sharesRejected"] == 0
    miner.reset_truth()
    miner.faults.reject_rate = 0.5
    clock.advance(7200)
    info = miner.info()
    assert info["sharesRejected"] == miner.truth.shares_rejected
    assert miner.truth.shares_rejected == pytest.approx(
        miner.truth.shares_accepted, rel=0.1
    )
    reasons = info["sharesRejectedReasons"]
    assert sum(reason["count"] for reason in reasons) == info["sharesRejected"]
    assert max(reasons, key=lambda reason: reason["count"])["message"] == "Stale"


def test_response_time(make: Make) -> None:
    """The response time can be as absurd as the firmware's own bug made it."""
    miner = make("supra-2.9")
    miner.faults.response_time = 26_041_793.0
    assert miner.info()["responseTime"] == 26_041_793
