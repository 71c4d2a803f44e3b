"""Tunes one miner: feeds readings to a run, and carries out what it decides.

What is decided lies in `run`. Here is what keeps the miner safe meanwhile: the setting
it had is stored before the first write, the miner is read before every write, a person
who changes a setting ends the run, and whatever ends a run, the miner is brought to a
known setting and seen to hash there.
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, replace
import logging
from time import monotonic
from typing import Any, Final

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..axeos import (
    Board,
    Hardware,
    MiningState,
    NotConfirmedError,
    OperatingPoint,
    Settings,
    Snapshot,
)
from ..const import DOMAIN
from ..coordinator import MinerCoordinator
from ..errors import as_home_assistant_error
from ..guard.model import GuardOptions
from ..miner.claims import Claimant
from ..miner.errors import SituationChangedError
from ..miner.events import Occurrence, OccurrenceType
from ..miner.verification import Outcome as Verified
from ..miner.write_log import ByHand, Origin
from ..storage import EntryStore, StoredFile
from . import Machine, Sample, Step, StepKind, Targets, TuningResult, TuningRun, issues
from .access import LONGEST_RETRY, MinerAccess
from .goals import Goal
from .interference import CHANGED_BY_HAND, Interference
from .power_limit import swarm_power
from .preparation import async_describe_machine, describe_present, obstacle, within
from .profiles import GOALS, LONGEST_NAME, STOCK, Profile, Profiles
from .record import Findings, Run, TunerRecord, TunerState, run_from_dict
from .report import RunReport
from .run import MOST_RESTARTS, Phase
from .soak import SoakTest
from .task import AfterRestart, TuningTask

_LOGGER = logging.getLogger(__name__)

# s for the miner's answer when Home Assistant stops.
_STOP_SECONDS: Final = 15.0
# Typical number and duration of trials, for the time that is left.
_TRIALS: Final = 7
_TRIAL_SECONDS: Final = 420.0
# s by which the same begin may seem to differ: it is rounded where it is shown, and
# worked out anew by the clocks when Home Assistant starts.
_BEGIN_TOLERANCE: Final = 10.0

type TunerListener = Callable[[], None]


DATA_TUNERS: HassKey[dict[str, MinerTuner]] = HassKey(f"{DOMAIN}_tuners")


@callback
def tuner_of(hass: HomeAssistant, entry_id: str) -> MinerTuner | None:
    """Return the tuner of the miner of a config entry, while it is set up."""
    return hass.data.get(DATA_TUNERS, {}).get(entry_id)


class MinerTuner:
    """The tuner of one miner."""

    def __init__(self, hass: HomeAssistant, miner: MinerCoordinator) -> None:
        """Prepare; `async_start` recalls a run, and begins to watch."""
        self.hass = hass
        self.miner = miner
        self._record = TunerRecord()
        self.found: TuningResult | None = None
        """What it found so far."""
        self._access = MinerAccess(hass, miner)
        self._interference = Interference()
        self._store = EntryStore[dict[str, Any]](
            hass, miner.config_entry.entry_id, StoredFile.TUNING
        )
        self._offered: dict[str, OperatingPoint] = {}
        self._offered_of: tuple[Board | None, tuple[Profile, ...] | None] = (None, None)
        self._began: tuple[Run, float] | None = None
        """The run that was asked about last, and when it began."""
        self._lock = asyncio.Lock()
        self._seen: object = None
        self._home_since: float | None = None
        self._decisions = 0
        self._guard_options = GuardOptions()
        """Of the guard, by which the run knows its limits."""
        self._unannounced: dict[str, Any] | None = None
        """What is to be announced once somebody listens."""
        self._suspended = False
        self._cancel_stop: CALLBACK_TYPE | None = None
        self._listeners: set[TunerListener] = set()

    # What others see

    @property
    def _entry_id(self) -> str:
        return self.miner.config_entry.entry_id

    @property
    def state(self) -> TunerState:
        """What it is doing, or did last."""
        return self._record.state

    @property
    def reason(self) -> str | None:
        """Why it waits, or why the last run ended: a translation key."""
        return self._record.reason

    @property
    def profiles(self) -> Profiles:
        """The profiles of the miner."""
        return self._record.profiles

    @property
    def results(self) -> list[RunReport]:
        """What the last runs found on the present board, the newest last."""
        hardware = self.miner.snapshot.identity.hardware
        return [item for item in self._record.results if item.is_for(hardware)]

    @property
    def run(self) -> Run | None:
        """The run, or the soak test, that goes on."""
        return self._record.run

    @property
    def task(self) -> TuningTask | None:
        """What goes on: a run, or the way back to a setting after one."""
        return self._record.task

    @property
    def started(self) -> float | None:
        """Unix time at which the run that goes on began, to a few s.

        It is what the run is known by, so it stays although the clock is set.
        """
        run = self.run
        if run is None:
            return None
        if self._began is None or self._began[0] is not run:
            seconds = monotonic() - run.started
            self._began = run, dt_util.utcnow().timestamp() - seconds
        return self._began[1]

    @property
    def is_running(self) -> bool:
        """Whether a run goes on."""
        return self.run is not None

    @property
    def progress(self) -> float | None:
        """How much of the run is done, 0 to 1; a guess."""
        return self.run.progress if self.run is not None else None

    @property
    def seconds_left(self) -> float | None:
        """How long the run may still take, in s; a guess."""
        run = self.run
        if run is None:
            return None
        if isinstance(run, SoakTest):
            return run.seconds_left
        took = [trial.seconds for trial in run.trials]
        each = sum(took) / len(took) if took else _TRIAL_SECONDS
        left = each * max(1, _TRIALS - len(took))
        if run.targets.time_limit is not None:
            spent = monotonic() - run.started
            left = min(left, max(0.0, run.targets.time_limit - spent))
        return left

    @property
    def offered(self) -> dict[str, OperatingPoint]:
        """The profiles that may be applied, the board's default among them."""
        board = self.miner.client.board
        profiles = self._record.profiles.in_order
        # Several entities ask with each reading, and it changes seldom.
        if board is not self._offered_of[0] or profiles is not self._offered_of[1]:
            self._offered_of = (board, profiles)
            self._offered = self._work_out_offered(board)
        return self._offered

    def _work_out_offered(self, board: Board | None) -> dict[str, OperatingPoint]:
        hardware = self.miner.snapshot.identity.hardware
        points = {
            profile.name: profile.point
            for profile in self.profiles
            if profile.is_for(hardware)
        }
        if board is not None and board.default is not None:
            found = {name: points.pop(name) for name in GOALS if name in points}
            points = found | {STOCK: board.default} | points
        limits = self.miner.limits
        return {name: point for name, point in points.items() if within(limits, point)}

    @property
    def last(self) -> RunReport | None:
        """What the last run that is over found."""
        return self.results[-1] if self.results else None

    @property
    def obstacle(self) -> str | None:
        """The key of the error that a start would meet now, if any."""
        if self.run is not None:
            return "tuning_running"
        if self._record.task is not None:
            return "tuning_returning"
        holder = self.miner.claims.before(Claimant.TUNER)
        if holder is not None:
            return f"held_by_{holder.name.lower()}"
        if (key := obstacle(self.miner)) is not None:
            return key
        allowance = swarm_power(self.hass).allowance(self._entry_id)
        power = self.miner.snapshot.electrical.power
        if allowance is not None and (power or 0.0) > allowance:
            return "tuning_swarm_power"
        return None

    @callback
    def async_add_listener(self, listener: TunerListener) -> CALLBACK_TYPE:
        """Call `listener` when anything of the above may have changed."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    # What people ask for

    async def async_begin(
        self,
        targets: Targets,
        after_restart: AfterRestart = AfterRestart.RESTORE,
        *,
        origin: Origin | None = None,
    ) -> None:
        """Begin a run from the present setting.

        Raises:
            ServiceValidationError: this miner cannot be tuned, or not now.

        """

        def run(machine: Machine, original: OperatingPoint) -> Run:
            return TuningRun(
                machine,
                targets,
                original,
                started=monotonic(),
                restarts=min(MOST_RESTARTS, self._access.restarts_left),
            )

        await self._async_begin(run, after_restart, origin)

    async def async_begin_soak_test(
        self, profile: str, hours: float, *, origin: Origin | None = None
    ) -> None:
        """Begin a test of a profile, from the present setting.

        After a restart of Home Assistant it goes on: time in between does not count.

        Raises:
            ServiceValidationError: there is no such profile, or this miner cannot be
                tested, or not now.

        """
        point = self.offered.get(profile)
        if point is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="unknown_profile",
                translation_placeholders={"name": profile[:LONGEST_NAME]},
            )

        def run(machine: Machine, original: OperatingPoint) -> Run:
            return SoakTest(
                machine,
                Targets(goal=GOALS.get(profile, Goal.BALANCED)),
                original,
                point=point,
                profile=profile,
                hours=hours,
                started=monotonic(),
            )

        await self._async_begin(run, AfterRestart.RESUME, origin)
        issues.async_clear(self.hass, self.miner.config_entry)

    async def _async_begin(
        self,
        make: Callable[[Machine, OperatingPoint], Run],
        after_restart: AfterRestart,
        origin: Origin | None = None,
    ) -> None:
        async with self._lock:
            if (key := self.obstacle) is not None:
                raise _refusal(key)
            machine = await async_describe_machine(
                self.hass, self.miner, self._access.guard_options
            )
            # Reading the history took a while.
            if (key := self.obstacle) is not None:
                raise _refusal(key)
            task = TuningTask.of(self.miner.snapshot, after_restart)
            shown = self._record.state, self._record.reason
            self._record.task = task
            run = make(machine, task.chosen.operating_point)
            self._record.run = run
            self._interference = Interference()
            self._decisions = self.miner.decisions
            self._show(TunerState.SETTLING, None)
            self._claim()
            if not await self._async_save():
                # After a crash nobody would know where the miner came from.
                self._record.task = self._record.run = None
                self._access.release()
                self._show(*shown)
                raise _refusal("tuning_not_stored")
            self.found = None
            self._announce(_begun(run), origin)
        self._update_listeners()

    def _claim(self) -> None:
        """Claim the miner; the hours of a soak test are watched as all others are."""
        self._access.claim(restarts=not isinstance(self.run, SoakTest))
        self._guard_options = self._access.guard_options

    async def async_end(
        self,
        *,
        keep_best: bool,
        origin: Origin | None = None,
        expected_started: float | None = None,
    ) -> None:
        """End the run, and bring the miner to its best setting or the original one.

        `expected_started` is the Unix time at which the run that is meant began.

        Raises:
            ServiceValidationError: there is no run, or another one.

        """
        async with self._lock:
            run, started = self.run, self.started
            if run is None or started is None:
                raise _refusal("tuning_not_running")
            if (
                expected_started is not None
                and abs(expected_started - started) > _BEGIN_TOLERANCE
            ):
                raise as_home_assistant_error(
                    self.hass,
                    SituationChangedError(_moment(expected_started), _moment(started)),
                )
            step = await self.hass.async_add_executor_job(
                lambda: run.stop(keep_best=keep_best)
            )
            await self._async_finish(
                TunerState.STOPPED,
                "stopped",
                step.point,
                keep=keep_best,
                origin=origin,
            )
            if not self._access.is_held:
                await self._async_go_home()
        self._update_listeners()

    async def async_change_profiles(self, change: Callable[[Profiles], None]) -> None:
        """Have `change` save or delete profiles, and store what there is then.

        It waits for a run that works out what it has learnt: that would undo it.

        Raises:
            HomeAssistantError: they could not be stored, or `change` refused.

        """
        async with self._lock:
            change(self.profiles)
        self._update_listeners()
        await self._store.async_save_for_person(self._record.as_dict())

    # From start to stop

    async def async_start(self) -> None:
        """Recall what went on; `async_watch` goes on with it."""
        await self._store.async_load(self._record.restore)
        self.hass.data.setdefault(DATA_TUNERS, {})[self.miner.config_entry.entry_id] = (
            self
        )
        self.miner.config_entry.async_on_unload(self._stop)
        task, run = self._record.task, self.run
        if task is None:
            return
        self._claim()
        self._interference.interrupted = True
        resumed = None
        if run is not None and task.after_restart is AfterRestart.RESUME:
            resumed = self._narrowed(run)
        if resumed is not None:
            self._record.run = resumed
            self.found = await self.hass.async_add_executor_job(lambda: resumed.result)
        elif run is not None:
            report = await self._async_note_end(
                TunerState.STOPPED, "home_assistant_restarted", run, task.hardware
            )
            task.home, task.keep = run.original, False
            self._unannounced = report.announced(run.original)
        await self._async_save()

    def _narrowed(self, run: Run) -> Run | None:
        """Return a run within the limits of today: options may have been changed.

        `None` if nothing of its range is left, or not what it has to go to.
        """
        present = describe_present(self.miner, self._access.guard_options)
        if present is None:
            return run
        machine = run.machine.narrowed(present)
        needed = run.point if isinstance(run, SoakTest) else run.original
        if machine is None or not machine.may_be(needed):
            return None
        stored = run.as_dict() | {"machine": machine.as_dict()}
        return run_from_dict(stored, now=monotonic())

    @callback
    def async_watch(self) -> None:
        """See every reading until the miner's entry is unloaded.

        Not the first to listen: what the first reading found is for others.
        """
        entry = self.miner.config_entry
        entry.async_on_unload(self.miner.async_add_listener(self._on_reading))
        entry.async_on_unload(
            self.miner.async_add_occurrence_listener(self._on_occurrence)
        )
        self._cancel_stop = self.hass.bus.async_listen_once(
            EVENT_HOMEASSISTANT_STOP, self._async_home_assistant_stops
        )
        if self._unannounced is not None:
            self._announce(self._unannounced, None)
            self._unannounced = None
        self._on_reading()

    @callback
    def _stop(self) -> None:
        swarm_power(self.hass).release(self._entry_id)
        del self.hass.data[DATA_TUNERS][self._entry_id]
        if self._cancel_stop is not None:
            self._cancel_stop()

    async def async_suspend(self) -> None:
        """Leave the miner on a setting that is known to be good, if it is in a run."""
        if self._suspended:
            return
        self._suspended = True
        try:
            async with asyncio.timeout(_STOP_SECONDS), self._lock:
                run, task = self.run, self._record.task
                if task is None or self._access.is_held:
                    return
                if run is None:
                    # It is over, and the miner not yet where it has to be.
                    if task.home is not None:
                        await self._async_write(task, self._access.allowed(task.home))
                    return
                point = run.original
                if task.after_restart is AfterRestart.RESUME:
                    point = await self.hass.async_add_executor_job(lambda: run.good)
                await self._async_save()
                await self._async_write(task, point)
        except TimeoutError:
            _LOGGER.warning(
                "%s did not take the setting it is to have while nobody watches",
                self.miner.display_name,
            )

    async def _async_home_assistant_stops(self, event: Event) -> None:
        self._cancel_stop = None
        await self.async_suspend()

    async def _async_save(self) -> bool:
        """Store all there is to know; return whether that was possible."""
        return await self._store.async_save(self._record.as_dict())

    def _show(self, state: TunerState, reason: str | None) -> None:
        self._record.state, self._record.reason = state, reason

    def _update_listeners(self) -> None:
        for listener in list(self._listeners):
            listener()

    @callback
    def _on_occurrence(self, occurrence: Occurrence) -> None:
        """Notice what others do to the miner."""
        if self._record.task is not None:
            self._interference.observe(
                occurrence, firmware_may_have_acted=self.miner.is_cooling
            )

    def _notice_decision(self) -> None:
        """Notice a person who chose a setting here, also the present one."""
        decisions, self._decisions = self._decisions, self.miner.decisions
        if (
            decisions != self._decisions
            and self.miner.last_decision is ByHand.CHANGED
            and self._record.task is not None
        ):
            self._interference.by_hand = CHANGED_BY_HAND

    def _is_ours(self, task: TuningTask, snapshot: Snapshot) -> bool:
        """Return whether a miner is set as we left it, or lower after overheating."""
        return task.is_ours(snapshot, overheated=self.miner.heat_explains(snapshot))

    # Reading by reading

    @callback
    def _on_reading(self) -> None:
        """See a reading, and begin what is to be done."""
        miner = self.miner
        if self._record.task is None and miner.intended is not None:
            issues.async_look_at_choice(
                self.hass, miner.config_entry, miner.intended.operating_point
            )
        if self._record.task is None or self._suspended or self._lock.locked():
            return
        if not miner.last_update_success or miner.missed_polls:
            if self.run is not None and not miner.last_update_success:
                self._show(TunerState.WAITING, "offline")
                self._update_listeners()
            return
        if miner.data is self._seen:
            return
        self._seen = miner.data
        self._access.mark_temporary()
        miner.config_entry.async_create_background_task(
            self.hass,
            self._async_advance(),
            f"tuner of {miner.config_entry.entry_id}",
        )

    async def _async_advance(self) -> None:
        async with self._lock:
            if self._record.task is None or self._suspended:
                return
            self._interference.overheated &= self.miner.is_cooling
            self._notice_decision()
            if self.run is not None:
                await self._async_run(self._record.task, self.run)
            if self.run is None and self._record.task is not None:
                await self._async_go_home()
        self._update_listeners()

    async def _async_run(self, task: TuningTask, run: Run) -> None:
        """Feed a reading to the run, and do what it says."""
        if await self._async_is_over(task):
            return
        if self._access.is_held:
            await self._async_wait(run)
            return
        if self.miner.is_restarting:
            return
        run = self._within_guard(run)
        sample = self._sample()
        if self._interference.needs_new_trial:
            if self._access.must_wait:
                return
            run = self._continue(run, sample.time)
            crashed, self._interference.crashed = self._interference.crashed, False
            if crashed and isinstance(run, TuningRun):
                sample = replace(sample, overheated=True)
            elif not run.wanted.reads_as(sample.point):
                if not await self._async_write(task, run.wanted):
                    return
                sample = self._sample()
        await self._async_feed(task, run, sample)

    def _within_guard(self, run: Run) -> Run:
        """Return the run below the levels of the guard: those of all miners change."""
        options = self._access.guard_options
        if options != self._guard_options:
            self._guard_options = options
            if (narrowed := self._narrowed(run)) is not None:
                self._record.run = run = narrowed
        return run

    def _sample(self) -> Sample:
        """Take the part of the last reading that a run looks at."""
        allowance = swarm_power(self.hass).allowance(self._entry_id)
        return Sample.of(self.miner.snapshot, monotonic(), allowance)

    def _continue(self, run: Run, now: float) -> Run:
        """Begin the present trial anew: something came in between."""
        self._interference.interrupted = self._interference.harmed = False
        self._record.run = again = run_from_dict(run.as_dict(), now=now)
        return again

    async def _async_wait(self, run: Run) -> None:
        """Leave the miner to the part of the integration that has precedence."""
        if self._access.is_held_by_guard:
            if not self._interference.harmed:
                # Whatever made the guard act, it is not to be tried again.
                self._interference.harmed = True
                sample = replace(self._sample(), overheated=True, guarded=True)
                await self._async_take(run, sample)
                await self._async_save()
            self._show(TunerState.WAITING, "guard")
        else:
            self._interference.interrupted = True
            self._show(TunerState.WAITING, "maintenance")

    async def _async_is_over(self, task: TuningTask) -> bool:
        """End the run if somebody, or another board or firmware, ended it."""
        snapshot, run = self.miner.snapshot, self.run
        by_hand = self._interference.by_hand
        assert run is not None
        if task.is_of_other_board(snapshot):
            await self._async_finish(TunerState.STOPPED, "board_changed", None)
        elif self._interference.is_changed_by_hand:
            await self._async_finish(TunerState.STOPPED, CHANGED_BY_HAND, None)
        elif self._interference.needs_new_trial and not self._is_ours(task, snapshot):
            if self._access.is_held_by_guard:
                return False
            await self._async_finish(TunerState.STOPPED, CHANGED_BY_HAND, None)
        elif by_hand is not None:
            await self._async_finish(TunerState.STOPPED, by_hand, run.original)
        elif task.is_of_other_firmware(snapshot):
            await self._async_finish(
                TunerState.STOPPED, "firmware_changed", run.original
            )
        else:
            return False
        return True

    async def _async_feed(self, task: TuningTask, run: Run, sample: Sample) -> None:
        """Let the run decide; after a write, let it see that it was taken."""
        step = await self._async_take(run, sample)
        while step.kind is not StepKind.WAIT:
            if run.phase.is_over:
                await self._async_conclude(run, step)
                return
            if not await self._async_save():
                await self._async_finish(TunerState.FAILED, "not_stored", run.original)
                return
            assert step.point is not None
            written = await self._async_write(task, step.point)
            if step.kind is StepKind.RESTART:
                await self._access.async_restart()
                return
            if not written or self.run is not run:
                return
            step = await self._async_take(run, self._sample())

    async def _async_take(self, run: Run, sample: Sample) -> Step:
        """Feed a reading, and claim the power of what comes of it.

        What a run works out may take some 100 ms. Nobody else may claim meanwhile what
        the reading says is left.
        """
        power = swarm_power(self.hass)
        async with power.lock:
            allowance = power.allowance(self._entry_id)
            step = await self._async_work_out(
                run, replace(sample, power_allowance=allowance)
            )
            expected = run.expected_power
            if self.run is run and expected is not None and not run.phase.is_over:
                power.claim(self._entry_id, expected)
        return step

    async def _async_work_out(self, run: Run, sample: Sample) -> Step:

        def take() -> tuple[Step, TuningResult | None]:
            before = len(run.trials)
            step = run.feed(sample)
            return step, run.result if len(run.trials) != before else None

        step, found = await self.hass.async_add_executor_job(take)
        if found is not None:
            self.found = found
        if not run.phase.is_over:
            self._show(TunerState(run.phase.value), run.reason)
        return step

    async def _async_conclude(self, run: Run, step: Step) -> None:
        """End a run that came to its end by itself."""
        reason, task = run.reason or "found", self._record.task
        assert task is not None
        if isinstance(run, SoakTest) and run.phase is Phase.FAILED:
            await self._async_finish(
                TunerState.FAILED, reason, run.wanted, keep=run.is_safe_to_stay
            )
            issues.async_report(self.hass, self.miner.config_entry, run, task.hardware)
            return
        match run.phase:
            case Phase.STOPPED:
                await self._async_finish(TunerState.STOPPED, reason, None)
            case Phase.FINISHED:
                await self._async_finish(
                    TunerState.FINISHED, reason, step.point, keep=True
                )
            case _:
                good = await self.hass.async_add_executor_job(lambda: run.good)
                known = step.point if reason in ("latched", "nothing_works") else good
                await self._async_finish(TunerState.FAILED, reason, known)

    async def _async_finish(
        self,
        state: TunerState,
        reason: str,
        home: OperatingPoint | None,
        *,
        keep: bool = False,
        origin: Origin | None = None,
    ) -> None:
        """End the run, and store where the miner has to be brought."""
        run, task = self.run, self._record.task
        assert run is not None
        assert task is not None
        self._interference.by_hand = None
        report = await self._async_note_end(state, reason, run, task.hardware)
        task.home, task.keep = home, keep
        self._home_since = None
        self._access.forget_failures()
        swarm_power(self.hass).release(self._entry_id)
        if home is None:
            self._record.task = None
            self._access.release()
        await self._async_save()
        self._announce(report.announced(home), origin)

    def _announce(self, data: dict[str, Any], origin: Origin | None) -> None:
        """Have events, timeline and alerts say that a run began or ended."""
        if origin is not None:
            data |= {
                "origin": origin.kind.value,
                "user_id": origin.user_id,
                "user": origin.name,
            }
        self.miner.async_report(Occurrence(OccurrenceType.TUNING, data))

    async def _async_note_end(
        self, state: TunerState, reason: str, run: Run, hardware: Hardware
    ) -> RunReport:
        """Store what was found, and return it."""
        findings = await self.hass.async_add_executor_job(
            Findings.of,
            run,
            self.profiles,
            dt_util.utcnow().timestamp(),
            hardware,
        )
        self.found = findings.result
        return self._record.end_run(run, state, reason, findings, hardware)

    # What is done to the miner

    async def _async_go_home(self) -> None:
        """Bring the miner to where it has to be, and see that it hashes there."""
        task, snapshot = self._record.task, self.miner.snapshot
        if task is None or task.home is None or self._access.is_held:
            return
        if (
            task.is_of_other_board(snapshot)
            or self._interference.is_changed_by_hand
            or not self._is_ours(task, snapshot)
        ):
            # Somebody chose another setting meanwhile.
            await self._async_arrive(task, keep=False)
            return
        home = self._access.allowed(task.home)
        overheated = (
            snapshot.faults.overheated is True
            or snapshot.state is MiningState.OVERHEATED
        )
        self._access.note_heat(overheated=overheated)
        if overheated:
            # What the firmware makes of the setting shows once that is over.
            self._home_since = None
            return
        if not home.reads_as(snapshot.operating_point):
            if self._access.must_wait:
                return
            if not await self._async_write(task, home):
                if self._interference.by_hand is not None:
                    await self._async_arrive(task, keep=False)
                return
            snapshot = self.miner.snapshot
        self._home_since = self._home_since or monotonic()
        if _is_hashing(snapshot):
            await self._async_arrive(task, keep=task.keep)
        elif (
            self.miner.verification.outcome is Verified.FAILED
            or snapshot.faults.regulator_off
        ) and not self.miner.is_restarting:
            if self._access.restarts_left:
                await self._access.async_restart()
            else:
                await self._async_arrive(task, keep=False)
        elif monotonic() - self._home_since > LONGEST_RETRY:
            # It does not hash for another reason: others look after that.
            await self._async_arrive(task, keep=task.keep)

    async def _async_arrive(self, task: TuningTask, *, keep: bool) -> None:
        """Let go of the miner."""
        self._record.task = None
        self._interference.by_hand = None
        self._access.release()
        present = self.miner.snapshot.operating_point
        if keep and task.home is not None and task.home.reads_as(present):
            self.miner.async_keep_present()
        await self._async_save()

    async def _async_write(self, task: TuningTask, point: OperatingPoint) -> bool:
        """Set an operating point; return whether the miner confirmed it.

        Asked first is the miner itself: somebody may have changed it since the last
        reading, and wins.
        """
        # What somebody sets meanwhile may be just what is about to be written.
        before = replace(task)
        task.note(point)
        if task.points != before.points:
            await self._async_save()

        def choose(snapshot: Snapshot) -> Settings:
            others = self._interference
            self._notice_decision()
            if others.by_hand is not None or not self._is_ours(before, snapshot):
                others.by_hand = others.by_hand or CHANGED_BY_HAND
                raise SituationChangedError(
                    str(self.miner.snapshot.operating_point),
                    str(snapshot.operating_point),
                )
            return task.settings(point, snapshot)

        try:
            await self._access.async_write(choose)
        except HomeAssistantError as err:
            if await self._async_may_be_rounded(point, err):
                # Its readings will show it. Half of what was written may have come to
                # what was there before.
                present = self.miner.snapshot.operating_point
                assert present is not None
                task.note(present)
                await self._async_save()
                return True
            if self._interference.by_hand is None:
                self._interference.interrupted = True
                self._access.note_failure(err)
                await self._async_give_up()
            return False
        confirmed = self.miner.snapshot.operating_point
        if confirmed is not None and task.points != [confirmed]:
            task.confirm(confirmed)
            await self._async_save()
        return True

    async def _async_may_be_rounded(
        self, point: OperatingPoint, err: HomeAssistantError
    ) -> bool:
        """Return whether what the firmware has may be a trial that it rounded."""
        run = self.run
        if not isinstance(run, TuningRun) or not isinstance(
            err.__cause__, NotConfirmedError
        ):
            return False
        await self.miner.async_refresh()
        present = self.miner.snapshot.operating_point
        return run.machine.rounding(point, present) is not None

    async def _async_give_up(self) -> None:
        """End a run whose settings the miner refuses again and again."""
        run = self.run
        if run is not None and self._access.has_failed_for_good:
            good = await self.hass.async_add_executor_job(lambda: run.good)
            await self._async_finish(TunerState.FAILED, "refused", good)


def _moment(unix_time: float) -> str:
    """Write when a run began."""
    moment = dt_util.as_local(dt_util.utc_from_timestamp(unix_time))
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _begun(run: Run) -> dict[str, Any]:
    """Return what an event says of what begins."""
    before = {"from": asdict(run.original)}
    if isinstance(run, TuningRun):
        return {"action": "started", "goal": run.targets.goal.value, **before}
    return {
        "action": "soak_started",
        "profile": run.profile,
        "hours": run.hours,
        **before,
    }


def _is_hashing(snapshot: Snapshot) -> bool:
    """Return whether there is nothing to wait for; a person may have paused it."""
    if snapshot.state is MiningState.PAUSED:
        return True
    return snapshot.state is MiningState.MINING and bool(snapshot.hashing.hashrate)


def _refusal(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)
