"""Whatever happens to a miner in a run, in whichever order: the run's own promises.

The same over Home Assistant, with storage and other actors, is in
`test_storm_of_faults.py`.
"""

import json

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.tuning import (
    Goal,
    KnownPoint,
    Outcome,
    Phase,
    StepKind,
    Targets,
    TuningRun,
)

from ..examples import examples
from .synthetic import DEFAULT, MACHINE, SyntheticMiner, point

RESTARTS = 2
KNOWN = point(500.0, 1130.0)
MOST_HOURS = 14


class FaultyMiner(RuleBasedStateMachine):
    """A run on a miner to which things happen."""

    def __init__(self) -> None:
        """Wait for a specimen."""
        super().__init__()
        self.miner = SyntheticMiner()
        self.run = TuningRun(MACHINE, Targets(goal=Goal.BALANCED), DEFAULT, started=0)
        self.by_hand: OperatingPoint | None = None
        self.written_before_hand = 0
        self.ended = False
        """Whether the session that drives a run ended it."""

    @initialize(
        goal=st.sampled_from(Goal),
        seed=st.integers(0, 99),
        need=st.integers(980, 1120),
        width=st.sampled_from([3.0, 10.0, 30.0]),
        original=st.sampled_from([DEFAULT, point(600.0, 1200.0), point(420.0, 1010.0)]),
        known=st.booleans(),
        power=st.sampled_from([None, 12.0, 20.0]),
        temperature=st.sampled_from([None, 45.0, 58.0]),
        restarts=st.integers(0, RESTARTS),
    )
    def begin(
        self,
        goal: Goal,
        seed: int,
        need: float,
        width: float,
        original: OperatingPoint,
        known: bool,
        power: float | None,
        temperature: float | None,
        restarts: int,
    ) -> None:
        """Begin a run on a specimen."""
        machine = MACHINE
        if known:
            values = MACHINE.as_dict()
            measured = KnownPoint(point=KNOWN, hashrate=1000.0, power=16.0, hours=20.0)
            values["known"] = [measured.as_dict()]
            machine = type(MACHINE).from_dict(values)
        self.miner = SyntheticMiner(
            machine=machine, need=need, width=width, seed=seed, setting=original
        )
        targets = Targets(
            goal=goal, maximum_power=power, maximum_temperature=temperature
        )
        self.run = TuningRun(
            machine, targets, original, started=self.miner.now, restarts=restarts
        )
        self.restarts = restarts

    @property
    def known(self) -> set[OperatingPoint]:
        """The settings that somebody measured, or chose."""
        measured = {
            trial.point
            for trial in self.run.trials
            if trial.outcome in (Outcome.MEASURED, Outcome.WORSE)
        }
        history = {item.point for item in self.run.machine.known}
        return measured | history | {self.run.original, self.run.machine.default}

    def poll(self) -> None:
        """Let the run see a reading, and do what it wants.

        A session asks the miner itself first: a setting that is not of the run is a
        person's, and ends it.
        """
        if self.ended:
            self.miner.sample()
            return
        was_over = self.run.phase.is_over
        step = self.run.feed(self.miner.sample())
        if was_over:
            assert step.kind is StepKind.FINISH
        elif self.by_hand is not None and step.kind in (
            StepKind.APPLY,
            StepKind.RESTART,
        ):
            self.ended = True
        else:
            self.miner.obey(step)

    @rule(polls=st.integers(1, 60))
    def live(self, polls: int) -> None:
        """Let time pass."""
        for _ in range(polls):
            self.poll()

    @rule(seconds=st.integers(20, 3600))
    def fall_silent(self, seconds: int) -> None:
        """Lose the connection for a while; the miner goes on."""
        self.miner.now += seconds
        self.miner.uptime += seconds

    @rule(keeps=st.booleans())
    def reboot(self, keeps: bool) -> None:
        """Restart by itself; also with an older setting than the last that was sent.

        What a miner loses after the run is over, the run does not bring back.
        """
        self.miner.uptime = 0.0
        self.miner.latched = False
        if self.run.phase.is_over:
            return
        if not keeps and self.by_hand is None and self.miner.written:
            self.miner.setting = (
                self.miner.written[-2]
                if len(self.miner.written) > 1
                else self.run.original
            )

    @rule()
    def latch(self) -> None:
        """Have the regulator switch off."""
        self.miner.latched = True

    @rule(polls=st.integers(1, 8))
    def overheat(self, polls: int) -> None:
        """Have the firmware stop the chips for heat, and lower the setting."""
        self._while(polls, overheated=True, hashrate=0.0)
        if self.by_hand is None:
            at = self.miner.setting
            self.miner.setting = point(at.frequency - 100, at.core_voltage - 100)
        self.live(1)

    @rule(polls=st.integers(1, 30), degrees=st.sampled_from([10.0, 30.0]))
    def heat_up(self, polls: int, degrees: float) -> None:
        """Let the room become hot."""
        self.miner.room += degrees
        self.live(polls)
        self.miner.room -= degrees

    @rule(polls=st.integers(1, 40))
    def pause(self, polls: int) -> None:
        """Pause mining."""
        self._while(polls, paused=True, hashrate=0.0, power=4.0)

    @rule(polls=st.integers(1, 40))
    def take_nothing(self, polls: int) -> None:
        """Answer writes, and do nothing."""
        self.miner.ignores_writes = True
        self.live(polls)
        self.miner.ignores_writes = False

    @rule(polls=st.integers(1, 20))
    def know_nothing(self, polls: int) -> None:
        """Report next to nothing."""
        self._while(
            polls,
            power=None,
            temperature=None,
            vr_temperature=None,
            hashrate=None,
            fan_speed=None,
        )

    @precondition(lambda self: self.by_hand is None)
    @rule()
    def restart_home_assistant(self) -> None:
        """Go on from what was stored.

        Who changed the setting meanwhile is for the session to see.
        """
        stored = json.loads(json.dumps(self.run.as_dict()))
        self.run = TuningRun.from_dict(stored, now=self.miner.now)

    @precondition(lambda self: self.by_hand is None and not self.run.phase.is_over)
    @rule(frequency=st.integers(400, 800), voltage=st.integers(1000, 1300))
    def change_by_hand(self, frequency: int, voltage: int) -> None:
        """Choose another setting, once the run's own stands."""
        self.live(8)
        chosen = point(float(frequency), float(voltage))
        if self.run.phase.is_over or self.miner.setting != self.run.wanted:
            return
        lowered = (
            self.run.wanted.frequency - chosen.frequency,
            self.run.wanted.core_voltage - chosen.core_voltage,
        )
        if chosen == self.run.wanted or lowered[0] == 100 or self.miner.latched:
            # Nobody could distinguish it from what the firmware does.
            return
        self.miner.setting = self.by_hand = chosen
        self.written_before_hand = len(self.miner.written)

    @precondition(lambda self: not self.run.phase.is_over)
    @rule(keep_best=st.booleans())
    def stop(self, keep_best: bool) -> None:
        """End the run."""
        expected = self.run.good if keep_best else self.run.original
        step = self.run.stop(keep_best=keep_best)
        assert step.point == expected
        if self.by_hand is None:
            self.miner.obey(step)

    @invariant()
    def within_limits(self) -> None:
        """Nothing is ever asked for beyond the range."""
        low, high = MACHINE.frequency
        low_mv, high_mv = MACHINE.core_voltage
        for written in self.miner.written:
            assert low <= written.frequency <= high
            assert low_mv <= written.core_voltage <= high_mv

    @invariant()
    def within_budget(self) -> None:
        """Restarts are counted, also over those of Home Assistant."""
        assert self.miner.restarts <= self.restarts

    @invariant()
    def known_in_the_end(self) -> None:
        """A run that is over leaves a setting that somebody knows."""
        if self.run.phase.is_over and self.run.reason != "changed_by_hand":
            assert self.run.wanted in self.known or self.run.reason == "refused"

    @invariant()
    def known_to_go_back_to(self) -> None:
        """At any moment there is one."""
        assert self.run.good in self.known

    def teardown(self) -> None:
        """Whatever it was: it ends."""
        until = self.miner.now + MOST_HOURS * 3600
        while not self.run.phase.is_over and not self.ended:
            assert self.miner.now < until, "the run does not end"
            self.poll()
        self.known_in_the_end()
        if self.by_hand is not None:
            assert self.miner.setting == self.by_hand
            assert len(self.miner.written) == self.written_before_hand
        if self.run.phase is Phase.FINISHED:
            assert self.miner.setting == self.run.wanted

    def _while(self, polls: int, **changes: object) -> None:
        self.miner.changes = changes
        self.live(polls)
        self.miner.changes = {}


def test_faults_in_any_order() -> None:
    """The promises of a run hold in every phase."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        FaultyMiner, settings=examples(10, steps=20)
    )
