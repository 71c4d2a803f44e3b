"""What miners report of themselves, version by version, and as it is printed."""

import json
from typing import Any

import pytest

from scripts.simulator import PRESETS
from scripts.simulator.http import printed

from .conftest import Make, Serve
from .key_orders import KEY_ORDERS
from .wire import ask

AXEOS = [name for name, spec in PRESETS.items() if spec.dialect == "axeos"]


@pytest.mark.parametrize(("preset", "keys"), KEY_ORDERS.items())
def test_key_order(make: Make, preset: str, keys: list[str]) -> None:
    """Every key is there, in the order of the firmware."""
    assert list(make(preset).info()) == keys


@pytest.mark.parametrize("preset", PRESETS)
def test_plausible_figures(make: Make, preset: str) -> None:
    """A running miner hashes near its expectation and draws plausible power."""
    miner = make(preset)
    info = miner.info()
    if preset == "nmaxe":
        hashrate, power = info["miner"]["hashRate"], info["power"]["power"]
    else:
        hashrate, power = info["hashRate"], info["power"]
    frequency, _ = miner.spec.start_point
    board = miner.board
    expected = frequency * board.chip.small_cores * board.chips / 1000
    # Firmware of old guesses from nonces.
    assert hashrate == pytest.approx(expected, rel=0.25)
    assert 0.3 * board.max_power_w < power < 1.25 * board.max_power_w
    assert 8 < power / (hashrate / 1000) < 80


@pytest.mark.parametrize("preset", AXEOS)
def test_difficulty_types(make: Make, preset: str) -> None:
    """Difficulties are texts up to v2.10 and numbers from v2.11 on."""
    miner = make(preset, best_difficulty=4.29e9)
    best = miner.info()["bestDiff"]
    if miner.version >= (2, 11, 0):
        assert best == 4_290_000_000
    elif miner.version >= (2, 10, 0):
        assert best == "4.29 G"
    else:
        assert best == "4.29G"


@pytest.mark.parametrize(
    ("difficulty", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1230, "1.23k"),
        (2.5e6, "2.50M"),
        (7e12, "7.00T"),
        (3e15, "3.00P"),
        (1.1e18, "1.10E"),
    ],
)
def test_difficulty_suffix(make: Make, difficulty: float, text: str) -> None:
    """The suffix fits the magnitude."""
    miner = make("supra-2.9", uptime=0)
    miner.shares.best = difficulty
    assert miner.info()["bestDiff"] == text


@pytest.mark.parametrize("preset", AXEOS)
def test_flags_and_numbers(make: Make, preset: str) -> None:
    """Switches are 0 and 1; a few became true and false with v2.14."""
    miner = make(preset)
    info = miner.info()
    for key in ("autofanspeed", "overheat_mode", "isUsingFallbackStratum"):
        assert type(info.get(key, 0)) is int
    kind = bool if miner.version >= (2, 14, 0) else int
    for key in ("stratumExtranonceSubscribe", "stratumDecodeCoinbase"):
        if key in info:
            assert type(info[key]) is kind
    for key in ("miningPaused", "showNewBlock"):
        assert type(info.get(key, False)) is bool
    for key in ("uptimeSeconds", "coreVoltage", "freeHeap", "sharesAccepted"):
        assert type(info[key]) is int


def test_float_digits(make: Make) -> None:
    """32-bit floats show their digits up to v2.11, rounded to 1e-7 since."""
    old, new = make("gamma-2.10").info(), make("gamma-2.12").info()
    assert len(str(old["power"])) > len("12.1234567")
    assert new["power"] == round(new["power"], 7)
    latest = make("gamma-2.15").info()
    assert len(str(latest["fanspeed"])) > len("12.1234567")


def test_response_time_of_old(make: Make) -> None:
    """Up to v2.12 the response time has microseconds."""
    value = make("gamma-2.12").info()["responseTime"]
    assert value == round(value, 3)


def test_second_sensor_missing(make: Make) -> None:
    """A board without a second sensor says 0 in v2.10 and -1 since."""
    assert make("gamma-2.10").info()["temp2"] == 0
    assert make("gamma-2.12").info()["temp2"] == -1
    assert make("suprahex-2.14").info()["temp2"] > 30


def test_frequency_types(make: Make) -> None:
    """The clock rate is whole up to v2.9; fractions show from v2.10 on."""
    assert make("supra-2.9", frequency=490.5).info()["frequency"] == 490
    assert make("gamma-2.10", frequency=525.5).info()["frequency"] == 525.5
    assert make("gamma-2.15", frequency=525.3).info()["frequency"] == 525.2999878


def test_no_job_yet(make: Make, clock: Any) -> None:
    """Block and difficulty are known only once a job came."""
    miner = make("gamma-2.15", uptime=0)
    clock.advance(20)
    before = miner.info()
    assert "blockHeight" not in before
    assert "networkDifficulty" not in before
    assert "hashrateMonitor" not in before
    clock.advance(60)
    after = miner.info()
    assert after["blockHeight"] > 900_000
    assert after["networkDifficulty"] == 150_000_000_000_000
    assert len(after["hashrateMonitor"]["asics"]) == 1
    clock.advance(6000)
    assert miner.info()["blockHeight"] == after["blockHeight"] + 10


def test_no_chips_yet(make: Make, clock: Any) -> None:
    """The monitor of v2.11 to v2.13 lists no chips before they are found."""
    miner = make("gamma-2.12", uptime=0)
    clock.advance(20)
    assert miner.info()["hashrateMonitor"] == {"asics": []}


@pytest.mark.parametrize("preset", ["gamma-2.12", "suprahex-2.14"])
def test_monitor_adds_up(make: Make, preset: str) -> None:
    """Domains add up to chips, and chips to the hashrate."""
    info = make(preset).info()
    asics = info["hashrateMonitor"]["asics"]
    assert sum(asic["total"] for asic in asics) == pytest.approx(info["hashRate"])
    for asic in asics:
        assert len(asic["domains"]) == 4
        assert sum(asic["domains"]) == pytest.approx(asic["total"])


def test_silent_domain(make: Make, clock: Any) -> None:
    """A dead domain counts nothing, and the hashrate lacks it."""
    miner = make()
    before = miner.info()["hashRate_1m"]
    miner.faults.silent_domain = 2
    clock.advance(300)
    info = miner.info()
    domains = info["hashrateMonitor"]["asics"][0]["domains"]
    assert domains[2] == 0
    assert min(domains[:2]) > 200
    assert info["hashRate_1m"] == pytest.approx(before * 0.75, rel=0.06)


@pytest.mark.parametrize(
    ("preset", "keys"),
    [
        ("ultra-2.4", None),
        ("ultra-2.7", ["ASICModel", "frequencyOptions", "voltageOptions"]),
        (
            "supra-2.8",
            [
                "ASICModel",
                "defaultFrequency",
                "frequencyOptions",
                "defaultVoltage",
                "voltageOptions",
            ],
        ),
        (
            "supra-2.9",
            [
                "ASICModel",
                "deviceModel",
                "swarmColor",
                "asicCount",
                "defaultFrequency",
                "frequencyOptions",
                "defaultVoltage",
                "voltageOptions",
            ],
        ),
        (
            "gamma-2.15",
            [
                "ASICModel",
                "deviceModel",
                "swarmColor",
                "asicCount",
                "hashDomains",
                "defaultFrequency",
                "frequencyOptions",
                "defaultVoltage",
                "voltageOptions",
            ],
        ),
        ("nerdaxegamma-1.0.29", None),
        (
            "nerdqaxepp-1.1.0",
            [
                "ASICModel",
                "deviceModel",
                "asicCount",
                "defaultFrequency",
                "defaultVoltage",
                "absMaxFrequency",
                "absMaxVoltage",
                "ecoFrequency",
                "ecoVoltage",
                "swarmColor",
                "frequencyOptions",
                "voltageOptions",
            ],
        ),
        (
            "forge-nano",
            [
                "ASICModel",
                "deviceModel",
                "asicCount",
                "smallCoreCount",
                "defaultFrequency",
                "defaultVoltage",
            ],
        ),
    ],
)
def test_board_keys(make: Make, preset: str, keys: list[str] | None) -> None:
    """The description of the board grew with the versions."""
    payload = make(preset).asic()
    assert (None if payload is None else list(payload)) == keys


def test_current_of_chips_in_series(make: Make) -> None:
    """The regulator of a Hex feeds three domains in series, in reach of its 30 A."""
    info = make("suprahex-2.14").info()
    output = (info["power"] - 25) / (3 * info["coreVoltageActual"] / 1000)
    assert info["current"] / 1000 == pytest.approx(output, rel=0.05)
    assert info["current"] < 30_000


@pytest.mark.parametrize(
    ("preset", "pretty"),
    [
        ("ultra-2.4", True),
        ("gamma-2.12", True),
        ("gammaduo-2.13", True),
        ("gamma-2.14", False),
    ],
)
async def test_json_layout(serve: Serve, preset: str, pretty: bool) -> None:
    """Text is indented by tabs up to v2.13, and compact since."""
    reply = await ask(await serve(preset), "GET", "/api/system/info")
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["content-length"] == str(len(reply.body))
    if pretty:
        assert reply.text.startswith('{\n\t"power":\t')
        assert reply.text.endswith("\n}")
    else:
        assert reply.text.startswith('{"power":')
        assert "\n" not in reply.text
    assert list(reply.json)[0] == "power"


def test_print_as_the_library() -> None:
    """Whole numbers have no fraction, what is no number is null, lists are one line."""
    payload = {"a": 60.0, "b": float("nan"), "c": [1.5, float("inf")], "d": {}}
    assert printed(payload, pretty=False) == b'{"a":60,"b":null,"c":[1.5,null],"d":{}}'
    assert printed({"a": {"b": []}, "c": [1, 2]}, pretty=True) == (
        b'{\n\t"a":\t{\n\t\t"b":\t[]\n\t},\n\t"c":\t[1, 2]\n}'
    )


async def test_utf8(serve: Serve) -> None:
    """Names are UTF-8."""
    reply = await ask(await serve("nerdoctaxe-1.1.0"), "GET", "/api/system/info")
    assert "NerdOCTAXE-γ".encode() in reply.body


async def test_statistics(serve: Serve) -> None:
    """Statistics are off; the labels changed with v2.11 and v2.14."""
    path = "/api/system/statistics"
    old = (await ask(await serve("supra-2.9"), "GET", path)).json
    assert old["statistics"] == []
    assert old["labels"][0] == "hashRate"
    middle = await serve("gamma-2.12")
    labels = (await ask(middle, "GET", path)).json["labels"]
    assert "hashrate_1m" in labels
    assert "asicTemp2" not in labels
    assert labels[-1] == "timestamp"
    some = await ask(middle, "GET", f"{path}?columns=power,hashrate")
    assert some.json["labels"] == ["hashrate", "power", "timestamp"]
    latest = (await ask(await serve("gamma-2.15"), "GET", path)).json["labels"]
    assert "asicTemp2" in latest
    early = await ask(await serve("ultra-2.7"), "GET", path)
    assert early.status == 302


def test_nerd_early(make: Make) -> None:
    """NerdOS v1.0.29 had neither a MAC address nor true averages."""
    info = make("nerdaxegamma-1.0.29").info()
    for key in ("macAddr", "wifiRSSI", "hashRate_1m", "stratum", "shutdown", "otp"):
        assert key not in info
    assert type(info["isUsingFallbackStratum"]) is bool
    assert type(info["bestDiff"]) is str
    assert info["hashRate"] == info["hashRate_1h"] == info["hashRate_10m"]


def test_nerd_late(make: Make) -> None:
    """NerdOS v1.1 describes fans and pools in objects, and has switches of 0 and 1."""
    info = make("nerdqaxepp-1.1.0").info()
    assert [fan["mode"] for fan in info["fans"]] == [2, 0]
    assert info["stratum"]["pools"][0]["connected"] is True
    assert type(info["flipscreen"]) is int
    assert type(info["stratumTLS"]) is bool
    assert type(info["bestDiff"]) is int
    assert "isUsingFallbackStratum" not in info
    assert len(info["asicTemps"]) == 4


def test_forge(make: Make) -> None:
    """Forge-OS has keys of its own."""
    info = make("forge-nano").info()
    assert type(info["bestDiff"]) is int
    assert type(info["bestSessionDiff"]) is str
    assert info["requestFromAp"] is False
    mean = (info["chiptemp1"] + info["chiptemp2"]) / 2
    assert info["temp"] == pytest.approx(mean)


def test_pools_in_slots(make: Make) -> None:
    """From v2.15 on the slots in use are listed, without passwords."""
    info = make("gamma-2.15").info()
    assert [pool["id"] for pool in info["pools"]] == [0, 1]
    assert {pool["stratumPassword"] for pool in info["pools"]} == {"*****"}
    assert info["stratumURL"] == info["pools"][0]["stratumURL"]
    assert info["fallbackStratumURL"] == info["pools"][1]["stratumURL"]
    assert type(info["pools"][0]["stratumExtranonceSubscribe"]) is bool


@pytest.mark.parametrize("preset", PRESETS)
def test_same_seed_same_miner(preset: str, make: Make) -> None:
    """Everything random comes from the seed."""
    once, again = make(preset).info(), make(preset).info()
    assert once == again
    other = make(preset, seed=PRESETS[preset].seed + 1).info()
    assert json.dumps(other) != json.dumps(once)
