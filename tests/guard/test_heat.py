"""When the guard steps a miner down, and when it goes back."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.bitaxe.axeos import Limits, OperatingPoint
from custom_components.bitaxe.guard.heat import HeatGuard, Moment, heat_thresholds
from custom_components.bitaxe.guard.model import (
    Cause,
    Decision,
    GuardOptions,
    HeatAction,
    Step,
)
from custom_components.bitaxe.guard.tally import Tally

from ..snapshots import gamma

START = 1_800_000_000.0
LIMITS = Limits(frequency=(400, 625), core_voltage=(1000, 1250))
STEPPING = GuardOptions(heat_action=HeatAction.STEP_DOWN)
CHOSEN = OperatingPoint(frequency=525, core_voltage=1150)


class Home:
    """A guard, and a miner that does what it decides."""

    def __init__(self, options: GuardOptions = STEPPING, **info: Any) -> None:
        """Begin with a healthy Gamma."""
        self.guard = HeatGuard()
        self.options = options
        self.info = info
        self.clock = 0.0
        self.limits = LIMITS
        self.chosen: OperatingPoint | None = CHOSEN
        self.shift = 0.0
        self.decisions: list[Decision] = []

    @property
    def moment(self) -> Moment:
        """What the guard is shown now."""
        return Moment(
            time=START + self.clock + self.shift,
            clock=self.clock,
            snapshot=gamma(**self.info),
            limits=self.limits,
            frequencies=(400, 490, 525, 550, 600, 625),
            chosen=self.chosen,
            options=self.options,
        )

    def read(self, *, after: float = 10, obey: bool = True, **info: Any) -> Step | None:
        """Let the guard see a reading, and return what it does."""
        self.clock += after
        self.info |= info
        now = self.moment
        decision = self.guard.update(now)
        if decision is None:
            return None
        self.decisions.append(decision)
        if obey:
            self._obey(decision)
            self.guard.done(decision, now)
        return decision.step

    def _obey(self, decision: Decision) -> None:
        if decision.point is not None:
            self.info["frequency"] = decision.point.frequency
            self.info["coreVoltage"] = decision.point.core_voltage
        if decision.step is Step.PAUSE:
            self.info |= {"miningPaused": True, "hashRate": 0}
        if decision.step is Step.RETURN:
            self.info |= {"miningPaused": False, "hashRate": 1100}

    def stay(self, seconds: float, **info: Any) -> list[Step]:
        """Read every 10 s for some time, and return what was done."""
        done = []
        for _ in range(round(seconds / 10)):
            step = self.read(**info)
            if step is not None:
                done.append(step)
        return done


def test_acts_at_the_second_critical_reading() -> None:
    """One reading may be wrong, and two are soon enough."""
    home = Home()
    assert home.read(temp=69) is None
    assert home.read(temp=71) is None
    assert home.read(temp=71) is Step.LOWER
    decision = home.decisions[-1]
    assert decision.cause is Cause.ASIC_HEAT
    assert (decision.value, decision.limit) == (71, 70)
    # 90 % of 525 MHz is 472; no listed clock is near, so it is exactly that.
    assert decision.point == OperatingPoint(frequency=472, core_voltage=1150)


def test_acts_at_once_shortly_before_the_firmware_stops() -> None:
    """The firmware stops above 75 °C, and persists lower settings then."""
    home = Home()
    assert home.read(temp=74.5) is Step.LOWER
    assert home.decisions[-1].point == OperatingPoint(frequency=400, core_voltage=1150)
    # Also where the step before has had no time to show.
    home = Home()
    assert home.stay(30, temp=71) == [Step.LOWER]
    assert home.read(temp=74.5) is Step.LOWER


def test_unknown_readings_do_not_forget() -> None:
    """Some firmware reads 0 °C every other time."""
    home = Home()
    home.read(temp=72)
    home.read(temp=0)
    assert home.read(temp=72) is Step.LOWER


def test_a_cool_reading_in_between_forgets() -> None:
    """A single peak is no heat."""
    home = Home()
    home.read(temp=71)
    home.read(temp=69)
    assert home.read(temp=71) is None


def test_acts_at_once_if_the_firmware_would_by_the_next_reading() -> None:
    """As fast as it gets hotter, there may be no second critical reading."""
    home = Home()
    assert home.read(temp=60) is None
    assert home.read(temp=67) is Step.LOWER
    decision = home.decisions[-1]
    assert (decision.value, decision.limit) == (67, 70)
    # Far from it, or slowly, it is none of the guard's business.
    for before, then in ((45, 60), (66, 69)):
        home = Home()
        home.read(temp=before)
        assert home.read(temp=then) is None


@pytest.mark.parametrize("chosen", [80, 90, 120])
def test_no_level_is_above_the_trip(chosen: float) -> None:
    """Whatever was chosen, the guard acts before the firmware."""
    home = Home(replace(STEPPING, asic_critical=chosen, vr_critical=chosen + 50))
    home.read(temp=73.5)
    assert home.read(temp=73.5) is Step.LOWER


def test_telling_is_the_default() -> None:
    """Nothing is written that nobody asked for."""
    home = Home(GuardOptions())
    assert home.stay(600, temp=74.9, vrTemp=104) == []


def test_steps_further_until_it_is_cool() -> None:
    """A step gets time to show, and the board's limit ends them."""
    home = Home()
    assert home.stay(120, temp=71) == [Step.LOWER, Step.LOWER]
    assert home.stay(600, temp=71) == []
    assert home.info["frequency"] == 400


def test_goes_back_when_cool_for_long_enough() -> None:
    """Also while it was hot again in between."""
    home = Home()
    home.stay(30, temp=71)
    assert home.stay(590, temp=60) == []
    home.read(temp=68)
    assert home.stay(600, temp=60) == []
    assert home.read(temp=60) is Step.RETURN
    assert home.info["frequency"] == 525
    assert home.guard.hold is None


def test_cool_is_what_the_warning_level_says() -> None:
    """Half a degree above it is not cool, however long it lasts."""
    home = Home()
    home.stay(30, temp=71)
    assert home.stay(7200, temp=65.5) == []
    assert home.stay(700, temp=65) == [Step.RETURN]


def test_waits_longer_after_each_return() -> None:
    """It does not go back into the same heat again and again."""
    home = Home()
    waits = []
    for _ in range(4):
        home.stay(60, temp=71)
        began = home.clock
        while home.read(temp=60) is not Step.RETURN:
            assert home.clock - began < 7 * 3600
        waits.append(home.clock - began)
    assert [round(wait / 600) for wait in waits] == [1, 2, 4, 8]


def test_does_not_go_back_unless_wanted() -> None:
    """Somebody may want to look first."""
    home = Home(replace(STEPPING, return_when_cool=False))
    home.stay(30, temp=71)
    assert home.stay(7200, temp=50) == []


@pytest.mark.parametrize("chosen", [490, 473, 471])
def test_a_setting_by_hand_wins(chosen: int) -> None:
    """What somebody chooses meanwhile is neither lowered back nor overwritten.

    Firmware rounds by less than 1 MHz, so that much is a choice.
    """
    home = Home()
    home.stay(30, temp=71)
    home.stay(60, temp=66, frequency=chosen)
    assert home.guard.hold is None
    assert home.stay(3600, temp=55) == []
    assert home.info["frequency"] == chosen


def test_pauses_and_resumes() -> None:
    """A paused miner reports no temperature of its ASICs."""
    home = Home(replace(STEPPING, heat_action=HeatAction.PAUSE), miningPaused=False)
    home.read(temp=71)
    assert home.read(temp=71) is Step.PAUSE
    assert home.stay(590, temp=0, vrTemp=35) == []
    assert home.stay(30, temp=0, vrTemp=35) == [Step.RETURN]


def test_resumes_a_miner_of_which_no_temperature_is_known() -> None:
    """Chips without power are cool after that time; it is not paused for ever."""
    home = Home(replace(STEPPING, heat_action=HeatAction.PAUSE), miningPaused=False)
    home.read(temp=71)
    assert home.read(temp=71) is Step.PAUSE
    assert home.stay(590, temp=0, vrTemp=0) == []
    assert home.stay(30, temp=0, vrTemp=0) == [Step.RETURN]


def test_firmware_that_cannot_pause_is_slowed_down() -> None:
    """Somebody who wants it paused does not want it to overheat."""
    home = Home(replace(STEPPING, heat_action=HeatAction.PAUSE))
    home.read(temp=71)
    assert home.read(temp=71) is Step.LOWER


def test_a_miner_paused_by_a_person_stays_so() -> None:
    """There is nothing to hold, and nothing to resume."""
    home = Home(replace(STEPPING, heat_action=HeatAction.PAUSE))
    assert home.stay(3600, temp=72, miningPaused=True, hashRate=0) == []


def test_a_power_limit_is_kept() -> None:
    """The clock falls in proportion, and does not come back into the limit."""
    home = Home(GuardOptions(maximum_power=16), power=20)
    home.stay(20, temp=55)
    decision = home.decisions[-1]
    assert (decision.step, decision.cause) == (Step.LOWER, Cause.POWER)
    assert home.info["frequency"] == 400
    assert home.stay(3600, power=15.5) == []
    without = deepcopy(home)
    home.options = GuardOptions(maximum_power=25)
    assert Step.RETURN in home.stay(700, power=15.5)
    without.options = GuardOptions()
    assert Step.RETURN in without.stay(700, power=15.5)


@pytest.mark.parametrize("taken", [False, True])
def test_a_step_of_which_nobody_knows_shows_within_a_while(taken: bool) -> None:
    """Until then it is held; if it does not show, nothing is."""
    home = Home()
    home.read(temp=71)
    home.read(temp=71, obey=False)
    home.guard.done(home.decisions[-1], home.moment)
    home.guard.lost(home.decisions[-1], home.clock)
    assert home.read(temp=60, after=40) is None
    assert home.guard.hold is not None
    assert home.guard.is_unsure
    home.read(after=10, frequency=472 if taken else 525)
    assert (home.guard.hold is not None) is taken
    assert not home.guard.is_unsure
    assert home.guard.found_done == (home.decisions[-1] if taken else None)


def test_what_the_firmware_makes_of_a_step_is_held() -> None:
    """That the miner has another frequency than was written is nobody's choice."""
    home = Home()
    home.stay(20, temp=71)
    home.guard.taken(OperatingPoint(frequency=475, core_voltage=1150))
    assert home.stay(300, temp=66, frequency=475) == []
    assert Step.RETURN in home.stay(700, temp=60)


def test_no_warning_is_above_the_critical_level() -> None:
    """Options of miner and swarm may contradict each other."""
    options = GuardOptions(
        asic_warning=72, asic_critical=66, vr_warning=95, vr_critical=70
    )
    asic, vr = heat_thresholds(gamma(), options)
    assert (asic.watch, asic.critical) == (66, 66)
    assert (vr.watch, vr.critical) == (70, 70)


def test_goes_back_only_where_the_power_limit_is_kept_with_room() -> None:
    """The chosen setting must be expected to draw 3 % less than the limit."""
    home = Home(GuardOptions(maximum_power=20), power=21)
    assert home.stay(20, temp=55) == [Step.LOWER]
    assert home.info["frequency"] == 484
    # In proportion to the clock it would be 19.5 W at 525 MHz, and at last 19.3 W.
    assert home.stay(7200, power=18) == []
    assert home.stay(700, power=17.8) == [Step.RETURN]


def test_a_sagging_supply_is_relieved() -> None:
    """Input voltage in % of the nominal one."""
    home = Home(GuardOptions(minimum_input_voltage=94))
    assert home.stay(20, temp=55, voltage=4650) == [Step.LOWER]
    assert home.decisions[-1].cause is Cause.INPUT_VOLTAGE


def test_nothing_without_limits_of_the_board() -> None:
    """An unknown board is never written."""
    guard = HeatGuard()
    for clock in (0.0, 10.0, 20.0):
        now = Moment(
            time=START + clock,
            clock=clock,
            snapshot=gamma(temp=74.9),
            limits=None,
            options=STEPPING,
        )
        assert guard.update(now) is None


def test_continues_after_a_restart() -> None:
    """The setting somebody chose outlives a restart of Home Assistant."""
    home = Home()
    home.stay(30, temp=71)
    home.guard = HeatGuard(home.guard.as_dict())
    assert home.stay(620, temp=55) == [Step.RETURN]
    assert home.info["frequency"] == 525


@pytest.mark.parametrize(
    "stored",
    [{}, {"hold": 1}, {"hold": {"before": {}}}, {"returns": "x", "hold": [1, 2]}],
)
def test_a_damaged_file_forgets_the_hold(stored: dict[str, Any]) -> None:
    """Nothing is restored that was not stored."""
    assert HeatGuard(stored).hold is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 40, 60, 66, 69, 70, 72, 74.5, 80]),
            st.sampled_from([0, 40, 85, 95, 104.5]),
            st.sampled_from([None, 425, 525, 600]),
        ),
        max_size=120,
    ),
    st.sampled_from(list(HeatAction)),
)
def test_never_leaves_the_limits(
    readings: list[tuple[float, float, float | None]], action: HeatAction
) -> None:
    """Whatever happens, clock and voltage stay within the board's, and only fall."""
    home = Home(GuardOptions(heat_action=action, maximum_power=30))
    for temp, vr_temp, by_hand in readings:
        if by_hand is not None:
            home.info["frequency"] = by_hand
        before = home.info.get("frequency", 525)
        step = home.read(temp=temp, vrTemp=vr_temp)
        if step is Step.LOWER:
            assert LIMITS.frequency[0] <= home.info["frequency"] < before
            assert home.info["coreVoltage"] == 1150
        elif step is Step.RETURN and home.decisions[-1].point is not None:
            assert home.info["frequency"] <= 600


def test_coolness_that_nobody_saw_does_not_count() -> None:
    """After maintenance it has to be cool for as long as always."""
    home = Home()
    home.stay(30, temp=71)
    assert home.guard.hold is not None
    assert home.stay(300, temp=55) == []
    home.guard.forget()
    assert home.read(after=7200) is None
    assert home.stay(500) == []
    assert home.stay(200) == [Step.RETURN]


def test_a_setting_outside_the_limits_is_not_gone_back_to() -> None:
    """The wider range was switched off meanwhile: the guard lets go."""
    home = Home()
    home.stay(30, temp=71)
    assert home.guard.hold is not None
    home.limits = Limits(frequency=(400, 500), core_voltage=(1000, 1250))
    assert home.stay(3600, temp=55) == []
    assert home.guard.hold is None


def test_a_pause_on_top_of_a_lower_clock() -> None:
    """Cool again it mines on at that clock, and later at the one somebody chose."""
    options = GuardOptions(heat_action=HeatAction.PAUSE, maximum_power=20)
    home = Home(options, miningPaused=False)
    assert home.stay(20, temp=60, power=24) == [Step.LOWER]
    lowered = home.decisions[-1].point
    assert home.stay(60, power=19, temp=72) == [Step.PAUSE]
    assert home.stay(700, power=1, temp=40) == [Step.RETURN]
    assert home.guard.hold is not None
    assert home.guard.hold.point == lowered
    # A lower limit was in the way, which somebody has raised since.
    home.options = replace(options, maximum_power=30)
    assert home.stay(3600, power=19, temp=60) == [Step.RETURN]
    assert home.decisions[-1].point == CHOSEN
    assert home.guard.hold is None


def test_a_power_limit_is_not_forgotten_over_a_weak_supply() -> None:
    """Lowered for both, the miner goes back only where both allow it."""
    home = Home(GuardOptions(maximum_power=20, minimum_input_voltage=95))
    assert home.stay(20, power=21, voltage=5000) == [Step.LOWER]
    assert home.stay(60, power=19, voltage=4600)[0] is Step.LOWER
    # In proportion to the clock, the chosen setting would draw more than 20 W.
    assert home.stay(7200, power=18.5, voltage=5000) == []
    restored = HeatGuard(home.guard.as_dict())
    home.guard = restored
    assert home.stay(7200, power=18.5, voltage=5000) == []
    assert home.stay(7200, power=10, voltage=5000) == [Step.RETURN]


def test_a_power_limit_is_not_forgotten_over_heat_at_the_same_time() -> None:
    """Acted on is the heat; what was drawn too much would be again."""
    home = Home(replace(STEPPING, maximum_power=17))
    assert home.stay(20, power=18, temp=72) == [Step.LOWER]
    assert home.decisions[-1].cause is Cause.ASIC_HEAT
    assert home.stay(7200, power=16.5, temp=50) == []
    home.guard = HeatGuard(home.guard.as_dict())
    home.options = replace(STEPPING, maximum_power=25)
    assert home.stay(700, power=16.5, temp=50) == [Step.RETURN]


def test_a_power_limit_is_kept_in_heat_that_is_only_reported() -> None:
    """What nothing is done about does not stand in the way of what something is."""
    home = Home(GuardOptions(maximum_power=16), power=20)
    assert home.stay(20, temp=72) == [Step.LOWER]
    assert home.decisions[-1].cause is Cause.POWER
    # It does not go back into the heat either.
    assert home.stay(7200, power=10, temp=72) == []


def test_a_setting_above_the_limits_is_lowered_into_them() -> None:
    """Chosen in the web interface, where everything goes: one step is not enough."""
    home = Home(frequency=800)
    assert home.stay(20, temp=71) == [Step.LOWER]
    assert home.info["frequency"] == 625


def test_the_core_voltage_is_never_raised() -> None:
    """Somebody runs the miner below what the board lists."""
    home = Home(coreVoltage=980)
    assert home.stay(20, temp=71) == [Step.LOWER]
    assert home.info["coreVoltage"] == 980
    # Nothing but the frequency has to be within the limits to go back.
    assert home.stay(700, temp=55) == [Step.RETURN]
    assert (home.info["frequency"], home.info["coreVoltage"]) == (525, 980)


@pytest.mark.parametrize(
    ("options", "wrong", "well"),
    [
        (STEPPING, {"temp": 71}, {"temp": 40}),
        (GuardOptions(maximum_power=16), {"power": 17}, {"power": 1}),
        (GuardOptions(minimum_input_voltage=94), {"voltage": 4650}, {"voltage": 5100}),
    ],
)
def test_a_miner_that_stands_still_proves_nothing(
    options: GuardOptions, wrong: dict[str, float], well: dict[str, float]
) -> None:
    """Paused by hand it is cool and draws nothing; it would go back into the same."""
    home = Home(options, miningPaused=False)
    assert home.stay(20, **wrong) == [Step.LOWER]
    assert home.stay(7200, miningPaused=True, hashRate=0, **well) == []
    assert home.guard.hold is not None
    # Mining again, it has to be well for as long as always.
    assert home.stay(590, miningPaused=False, hashRate=1000) == []
    assert home.stay(30) == [Step.RETURN]


@pytest.mark.parametrize(
    ("options", "wrong", "unknown"),
    [
        (STEPPING, {"temp": 71}, {"temp": 0}),
        (STEPPING, {"vrTemp": 95}, {"vrTemp": 0}),
        (GuardOptions(maximum_power=16), {"power": 17}, {"power": None}),
        (GuardOptions(minimum_input_voltage=94), {"voltage": 4650}, {"voltage": None}),
    ],
)
def test_does_not_go_back_blindly(
    options: GuardOptions, wrong: dict[str, float], unknown: dict[str, Any]
) -> None:
    """What the guard acted for has to be known to be well."""
    home = Home(options)
    assert home.stay(20, **wrong) == [Step.LOWER]
    assert home.stay(7200, **unknown) == []


def test_a_pause_that_ends_otherwise_leaves_the_lower_clock_held() -> None:
    """Resumed by a person, or by a restart: what somebody had chosen is not lost."""
    options = GuardOptions(heat_action=HeatAction.PAUSE, maximum_power=20)
    home = Home(options, miningPaused=False)
    assert home.stay(20, temp=60, power=24) == [Step.LOWER]
    assert home.stay(60, power=19, temp=72) == [Step.PAUSE]
    home.stay(60, power=10, temp=60, miningPaused=False, hashRate=1000)
    assert home.guard.hold is not None
    assert not home.guard.hold.paused
    assert home.stay(700) == [Step.RETURN]
    assert home.decisions[-1].point == CHOSEN


def test_another_board_has_nothing_held() -> None:
    """What was chosen for a former one is forgotten, and not written to this one."""
    home = Home()
    home.stay(30, temp=71)
    home.chosen = None
    assert home.stay(7200, temp=50) == []
    assert home.guard.hold is None


@pytest.mark.parametrize("leap", [-30 * 86_400.0, 30 * 86_400.0])
def test_a_clock_that_is_set_does_not_shorten_the_wait(leap: float) -> None:
    """It would go back into the same heat sooner."""
    home = Home()
    for _ in range(2):
        home.stay(60, temp=71)
        while home.read(temp=60) is not Step.RETURN:
            pass
    home.shift = leap
    home.stay(60, temp=71)
    began = home.clock
    while home.read(temp=60) is not Step.RETURN:
        pass
    assert round((home.clock - began) / 600) == 4


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("asic_critical", 500),
        ("asic_warning", -40),
        ("vr_critical", float("nan")),
        ("vr_warning", 10**400),
        ("restarts_per_day", 10**6),
        ("maximum_power", 0),
        ("minimum_input_voltage", 300),
    ],
)
def test_options_that_no_form_takes(name: str, nonsense: float) -> None:
    """What a file says of a level or a budget holds only within what may be chosen."""
    usual = GuardOptions()
    options = GuardOptions.from_dict({name: nonsense}, {"heat_action": "pause"})
    assert getattr(options, name) == getattr(usual, name)
    assert options.heat_action is HeatAction.PAUSE


def test_a_tally_that_grew_without_end() -> None:
    """The newest of what was stored count, and what cannot be a time does not."""
    stored = [START - 5.0] * 100_000
    tally = Tally([*stored, float("nan"), "now", None])
    assert 24 < tally.count(START, 0.0) <= 200
    assert len(tally.as_list()) <= 200
