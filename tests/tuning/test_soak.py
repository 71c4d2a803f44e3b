"""Soak tests of a profile: on a synthetic miner, and in Home Assistant."""

import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
import voluptuous as vol

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import DOMAIN, EVENT_ALERT
from custom_components.bitaxe.repairs import async_create_fix_flow
from custom_components.bitaxe.tuning import Goal, Phase, StepKind, Targets, issues
from custom_components.bitaxe.tuning.soak import SoakTest
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Settle, Simulate
from ..test_other_board import exchange_board
from .synthetic import DEFAULT, MACHINE, SyntheticMiner, point
from .test_session import act, reason, setting, state, the_tuner

HOUR = 3600.0
MINUTE = 60.0
PROFILE = point(550.0, 1170.0)


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


def soak(
    miner: SyntheticMiner,
    at: OperatingPoint = PROFILE,
    hours: float = 6,
    **limits: float,
) -> SoakTest:
    """Begin a test."""
    return SoakTest(
        MACHINE,
        Targets(goal=Goal.BALANCED, **limits),
        miner.setting,
        point=at,
        profile="Night",
        hours=hours,
        started=miner.now,
    )


def drive(test: SoakTest, miner: SyntheticMiner, hours: float = 9.0) -> SoakTest:
    """Let a test see readings until it is over, or for so long."""
    until = miner.now + hours * HOUR
    while not test.phase.is_over and miner.now < until:
        miner.obey(test.feed(miner.sample()))
    return test


def test_a_good_profile_passes() -> None:
    """After so many hours of hashing; the miner stays on it."""
    miner = SyntheticMiner()
    test = drive(soak(miner), miner)
    assert (test.phase, test.reason) == (Phase.FINISHED, "soak_passed")
    assert miner.setting == PROFILE
    assert miner.written == [PROFILE]
    assert 6 * HOUR < miner.now < 6.2 * HOUR
    (trial,) = test.trials
    assert trial.power == pytest.approx(miner.power(PROFILE), rel=0.01)


def test_a_profile_far_away_is_reached_in_steps() -> None:
    """Regulators have latched off at large steps of voltage."""
    miner = SyntheticMiner()
    test = drive(soak(miner, point(700.0, 1290.0)), miner, 0.2)
    assert miner.written == [
        point(588.0, 1200.0),
        point(650.0, 1250.0),
        point(700.0, 1290.0),
    ]
    assert not test.phase.is_over


def test_time_without_hashing_does_not_count() -> None:
    """A pause, a dead pool, a lost connection."""
    miner = SyntheticMiner()
    test = drive(soak(miner), miner, 2)
    done = test.progress
    for changes in ({"paused": True, "hashrate": 0.0}, {"hashrate": 0.0}):
        miner.changes = changes
        drive(test, miner, 2)
        assert test.progress == pytest.approx(done, abs=0.002)
    miner.changes = {}
    miner.now += 3 * HOUR
    miner.uptime += 3 * HOUR
    drive(test, miner, 0.1)
    assert test.progress == pytest.approx(done, abs=0.02)
    assert drive(test, miner).phase is Phase.FINISHED


@pytest.mark.parametrize(
    ("changes", "expected", "stays"),
    [
        ({"temperature": 71.0}, "soak_limit", False),
        ({"power": 41.0}, "soak_limit", False),
        ({"overheated": True, "hashrate": 0.0}, "soak_overheated", False),
        ({"overheated": True, "pool_lost": True}, "soak_overheated", False),
        ({"overheated": True, "guarded": True, "paused": True}, "soak_limit", False),
        ({"core_voltage": 0.0, "hashrate": None}, "soak_latched", False),
        ({"hashrate": 900.0}, "soak_hashrate", True),
        ({"domains": (300.0, 300.0, 300.0, 5.0)}, "soak_dark", True),
        ({"uptime": 5.0}, "soak_restarted", True),
    ],
)
def test_what_a_profile_fails_by(
    changes: dict[str, Any], expected: str, stays: bool
) -> None:
    """What endangers the miner ends at the setting from before, at once."""
    miner = SyntheticMiner()
    test = drive(soak(miner), miner, 1.5)
    assert miner.setting == PROFILE
    miner.changes = changes
    began = miner.now
    drive(test, miner)
    assert (test.phase, test.reason) == (Phase.FAILED, expected)
    assert test.is_safe_to_stay is stays
    assert miner.setting == (PROFILE if stays else DEFAULT)
    if not stays:
        # Of what draws no power, nothing gets hot.
        assert miner.now - began <= (50 if expected == "soak_latched" else 20)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("noise", "limit"),
    [
        ({"power_noise": 0.004}, "maximum_power"),
        # A worse sensor than any that is known.
        ({"power_noise": 0.01}, "maximum_power"),
        ({"heat_noise": 0.3}, "maximum_temperature"),
        ({"heat_noise": 0.5}, "maximum_temperature"),
        ({"heat_noise": 0.3}, "maximum_vr_temperature"),
    ],
)
def test_noise_of_readings_is_no_limit(
    noise: dict[str, float], limit: str, seed: int
) -> None:
    """A profile right below a limit passes, however many readings lie beyond it."""
    miner = SyntheticMiner(seed=seed, **noise)  # type: ignore[arg-type]
    power = miner.power(PROFILE)
    at = {
        "maximum_power": power * 1.003,
        "maximum_temperature": miner.room + miner.degrees_per_watt * power + 0.25,
        "maximum_vr_temperature": miner.room + 1.7 * power + 0.25,
    }
    test = drive(soak(miner, hours=48, **{limit: at[limit]}), miner, 60)
    assert (test.phase, test.reason) == (Phase.FINISHED, "soak_passed")


@pytest.mark.parametrize(
    ("limit", "minutes"),
    [
        # Shares of the power, and °C, beyond the limit: the less, the more readings.
        ({"power": 0.025}, 0.5),
        ({"power": 0.012}, 6),
        ({"power": 0.005}, 30),
        ({"temperature": 2.0}, 1),
        ({"temperature": 0.5}, 30),
    ],
)
def test_a_limit_is_found_in_spite_of_noise(
    limit: dict[str, float], minutes: float
) -> None:
    """The further beyond it a profile is, the sooner."""
    miner = SyntheticMiner(power_noise=0.004, heat_noise=0.3)
    power = miner.power(PROFILE)
    temperature = miner.room + miner.degrees_per_watt * power
    (name, beyond) = next(iter(limit.items()))
    at = power / (1 + beyond) if name == "power" else temperature - beyond
    test = soak(miner, **{f"maximum_{name}": at})
    while miner.setting != PROFILE:
        miner.obey(test.feed(miner.sample()))
    began = miner.now
    drive(test, miner)
    assert (test.reason, test.limit) == ("soak_limit", name)
    assert miner.setting == DEFAULT
    assert miner.now - began <= 15 + 60 * minutes + 10


def test_errors_are_judged_in_the_end() -> None:
    """By the firmware's own counter."""
    miner = SyntheticMiner()
    test = soak(miner)
    while not test.phase.is_over:
        # 1 120 GH/s for 10 s are 2 607 times 2^32 hashes; 5 % of those.
        count = int(miner.now / 10 * 130)
        miner.changes = {"error_count": count}
        miner.obey(test.feed(miner.sample()))
    assert (test.phase, test.reason) == (Phase.FAILED, "soak_errors")


def test_one_wrong_reading_is_none() -> None:
    """A spike of a sensor ends nothing."""
    miner = SyntheticMiner()
    test = drive(soak(miner), miner, 1)
    for _ in range(30):
        miner.changes = {"temperature": 99.0}
        drive(test, miner, 10 / HOUR)
        miner.changes = {}
        drive(test, miner, 0.05)
    assert not test.phase.is_over


def test_somebody_who_changes_a_setting_wins() -> None:
    """And nothing is written any more."""
    miner = SyntheticMiner()
    test = drive(soak(miner), miner, 1)
    miner.setting = point(490.0, 1130.0)
    drive(test, miner)
    assert (test.phase, test.reason) == (Phase.STOPPED, "changed_by_hand")
    assert miner.setting == point(490.0, 1130.0)


def test_a_write_that_is_never_taken() -> None:
    """It is repeated, and then the test gives up."""
    miner = SyntheticMiner(ignores_writes=True)
    test = drive(soak(miner), miner)
    assert (test.phase, test.reason) == (Phase.FAILED, "refused")
    assert len(miner.written) == 4
    assert miner.written[-1] == DEFAULT


def test_it_goes_on_after_a_restart_of_home_assistant() -> None:
    """With what it has seen, on another clock."""
    miner = SyntheticMiner()
    test = soak(miner)
    for hours in (0.02, 1.0, 2.0, 0.5):
        drive(test, miner, hours)
        miner.now += 500
        miner.uptime += 500
        stored = json.loads(json.dumps(test.as_dict()))
        test = SoakTest.from_dict(stored, now=miner.now)
        assert test.as_dict()["figures"] == stored["figures"]
    assert drive(test, miner).phase is Phase.FINISHED
    assert miner.now < 6.5 * HOUR + 2000


@pytest.mark.parametrize("keep_best", [True, False])
def test_a_stopped_test_ends_where_it_was_asked_to(keep_best: bool) -> None:
    """A stopped test ends with the profile, or the setting from before, as asked."""
    miner = SyntheticMiner()
    test = drive(soak(miner), miner, 1)
    step = test.stop(keep_best=keep_best)
    assert step.kind is (StepKind.FINISH if keep_best else StepKind.APPLY)
    assert step.point == (PROFILE if keep_best else DEFAULT)


# In Home Assistant


async def begin(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    options: dict[str, object] | None = None,
) -> tuple[Any, MockConfigEntry, OperatingPoint, OperatingPoint]:
    """Keep a profile of one's own, go elsewhere, and begin to test it."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, options)
    await pass_time(5 * MINUTE)
    profile = setting(server)
    await act(hass, entry, "save_profile", name="Night")
    await act(hass, entry, "apply_configuration", frequency=490, core_voltage=1166)
    await pass_time(5 * MINUTE)
    original = setting(server)
    assert original != profile
    await act(hass, entry, "start_soak_test", profile="Night", hours=6)
    await pass_time(2 * MINUTE)
    return server, entry, original, profile


async def test_a_test_from_start_to_verdict(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """It shows in the sensor, outlives a restart, and the profile is proven."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    server, entry, original, profile = await begin(hass, simulate, add_miner, pass_time)
    assert setting(server) == profile
    assert state(hass, entry) in ("settling", "measuring")
    attributes = hass.states.get("sensor.gamma_2_12_tuning")
    tuner = the_tuner(hass, entry)
    assert tuner.is_running
    assert tuner.run is not None
    if attributes is not None:
        assert attributes.attributes["soak_test"] == {"profile": "Night", "hours": 6}
    # Until it has passed, nobody chose it for good.
    assert entry.runtime_data.intended.operating_point == original
    await pass_time(30 * MINUTE, 30)
    await hass.config_entries.async_unload(entry.entry_id)
    await settle()
    assert setting(server) == original
    await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(2 * MINUTE)
    assert setting(server) == profile
    await pass_time(6 * HOUR, 50)
    assert (state(hass, entry), reason(hass, entry)) == ("finished", "soak_passed")
    assert setting(server) == profile
    assert entry.runtime_data.intended.operating_point == profile
    (found,) = [p for p in the_tuner(hass, entry).profiles if p.name == "Night"]
    assert found.proven_hours == 6
    reported = [event.data for event in alerts if event.data["kind"] == "tuning"]
    assert [data["action"] for data in reported] == ["soak_started", "soak_passed"]
    assert {data["profile"] for data in reported} == {"Night"}
    assert "has passed its soak test (profile Night" in reported[-1]["message"]


async def test_a_profile_that_is_too_hot(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The miner is brought back at once, and a repair says why, and of which miner."""
    server, entry, original, _ = await begin(hass, simulate, add_miner, pass_time)
    other = await add_miner(await simulate("supra-2.9"))
    for named in (entry, other):
        hass.config_entries.async_update_entry(named, title="bitaxe")
    server.miner.faults.set(ambient_offset=25.0)
    for _ in range(60):
        await pass_time(10)
        if not the_tuner(hass, entry).is_running:
            break
    await pass_time(MINUTE)
    assert setting(server) == original
    assert reason(hass, entry) == "soak_limit"
    assert not server.miner.overheated
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"soak_test_aborted_{entry.entry_id}"
    )
    assert issue is not None
    assert not issue.is_fixable
    end = server.miner.spec.mac_address.replace(":", "")[-4:].upper()
    assert (issue.translation_placeholders or {})["name"] == f"bitaxe ({end})"
    assert entry.runtime_data.intended.operating_point == original
    # It is kept over restarts, but not for a miner that is no longer there.
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not [name for _, name in ir.async_get(hass).issues if entry.entry_id in name]


type Failed = tuple[MinerServer, MockConfigEntry, OperatingPoint, OperatingPoint]


@pytest.fixture
async def failed(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> Failed:
    """Return a miner on a profile that lost a domain, and the setting from before."""
    server, entry, original, profile = await begin(hass, simulate, add_miner, pass_time)
    server.miner.faults.set(silent_domain=1)
    for _ in range(24):
        await pass_time(5 * MINUTE, 30)
        if not the_tuner(hass, entry).is_running:
            break
    assert state(hass, entry) == "failed"
    assert setting(server) == profile
    return server, entry, original, profile


async def ask(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Open the repair that proposes to fall back."""
    issue_id = f"soak_test_failed_{entry.entry_id}"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    flow: Any = await async_create_fix_flow(hass, issue_id, issue.data)
    flow.hass, flow.issue_id, flow.data = hass, issue_id, issue.data
    shown = await flow.async_step_init()
    assert shown["step_id"] == "confirm"
    return flow


async def test_a_profile_that_loses_a_domain(
    hass: HomeAssistant, failed: Failed, pass_time: PassTime
) -> None:
    """The miner stays on it, and a person is asked whether to fall back."""
    server, entry, original, _ = failed
    flow = await ask(hass, entry)
    await flow.async_step_confirm({})
    await pass_time(MINUTE)
    assert setting(server) == original
    # Asked again, nothing is sent: the miner has another setting by now.
    again = await flow.async_step_confirm({})
    assert again["reason"] == "situation_changed"


@pytest.mark.parametrize("where", ["here", "on its own page"])
async def test_somebody_chooses_another_setting(
    hass: HomeAssistant, failed: Failed, pass_time: PassTime, where: str
) -> None:
    """Nothing is left to fall back from, so that nobody is asked any more."""
    server, entry, _, profile = failed
    issue = (DOMAIN, f"soak_test_failed_{entry.entry_id}")
    registry = ir.async_get(hass)
    await pass_time(10 * MINUTE, 30)
    assert registry.async_get_issue(*issue) is not None
    other = profile.frequency - 50
    if where == "here":
        await act(hass, entry, "apply_configuration", frequency=other)
    else:
        server.miner.write({"frequency": other})
    await pass_time(5 * MINUTE, 10)
    assert registry.async_get_issue(*issue) is None


@pytest.mark.parametrize("change", ["setting", "board", "withdrawn"])
async def test_a_fall_back_that_comes_too_late(
    hass: HomeAssistant, failed: Failed, pass_time: PassTime, change: str
) -> None:
    """It sends nothing, and says why."""
    server, entry, *_ = failed
    flow = await ask(hass, entry)
    match change:
        case "setting":
            server.miner.write({"frequency": 500})
        case "board":
            exchange_board(server)
            await pass_time(30)
        case "withdrawn":
            # Another test has begun meanwhile.
            issues.async_clear(hass, entry)
    sent = [item for item in server.miner.requests if item.method != "GET"]
    answer = await flow.async_step_confirm({})
    assert (answer["type"], answer["reason"]) == ("abort", "situation_changed")
    assert [item for item in server.miner.requests if item.method != "GET"] == sent


async def test_what_cannot_be_tested(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """No such profile, no such time, or a run that goes on."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    with pytest.raises(HomeAssistantError):
        await act(hass, entry, "start_soak_test", profile="Nothing")
    for hours in (5, 49):
        with pytest.raises(vol.Invalid):
            await act(hass, entry, "start_soak_test", profile="stock", hours=hours)
    await act(hass, entry, "start_tuning")
    with pytest.raises((HomeAssistantError, ServiceValidationError)):
        await act(hass, entry, "start_soak_test", profile="stock")
