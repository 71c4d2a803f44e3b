"""Guards one miner: sees every reading, and carries out what is decided.

What is decided lies in `heat` and `watchdog`. A hold is stored before it is written to
the miner, so that the setting somebody chose survives a crash in between.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
import logging
from time import monotonic
from typing import Any, Final, TypedDict

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.typing import UNDEFINED, UndefinedType
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..alerts.conditions import (
    frozen_hashrate,
    regulator_off,
    reject_rate,
    unseen_by_pool,
)
from ..alerts.model import AlertKind
from ..alerts.observation import Observation
from ..alerts.rules import DEFAULT_RULES
from ..axeos import (
    Command,
    Hardware,
    MiningState,
    OperatingPoint,
    Settings,
    Snapshot,
    bounds,
)
from ..const import CONF_GUARD, DOMAIN
from ..coordinator import MinerCoordinator
from ..errors import may_have_arrived
from ..following import MinerOptions, swarm_entry
from ..miner.claims import LONGEST_MAINTENANCE, Claimant
from ..miner.errors import SituationChangedError
from ..miner.events import Occurrence, OccurrenceType
from ..miner.hardware import read_hardware
from ..miner.write_log import Origin, OriginKind
from ..pools.accounts import async_get_pools
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import StoredObject
from . import issues
from .heat import HeatGuard, Moment
from .model import Cause, Decision, GuardOptions, Step
from .pool_choice import PoolChoice, PoolMoment
from .primary_pool import PrimaryPool
from .restoring import Restoring
from .watchdog import FOR_SECONDS, Symptoms, Watchdog, has_dark_domain

_LOGGER = logging.getLogger(__package__)

_ORIGIN: Final = Origin(kind=OriginKind.GUARD)
_UNIX_TIME: Final = bounds.Bounds(0, 4e9)
# s before a write that failed is tried again.
_RETRY: Final = 30.0
DEFAULT_MAINTENANCE: Final = timedelta(hours=2)
"""How long maintenance lasts unless somebody says otherwise."""

type GuardListener = Callable[[], None]


class StoredGuard(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    enabled: bool
    maintenance_until: float | None
    """Unix time."""
    maintenance_since: float | None
    """Unix time; not before 0.2.0."""
    heat: dict[str, Any]
    watchdog: dict[str, Any]
    restoring: dict[str, Any]
    pool_choice: dict[str, Any]
    hardware: dict[str, Any] | None
    """The board that a hold is of."""


DATA_GUARDS: HassKey[dict[str, MinerGuard]] = HassKey(f"{DOMAIN}_guards")


@callback
def guard_of(hass: HomeAssistant, entry_id: str) -> MinerGuard | None:
    """Return the guard of the miner of a config entry, while it is set up."""
    return hass.data.get(DATA_GUARDS, {}).get(entry_id)


@callback
def guard_options(
    hass: HomeAssistant, of_miner: Mapping[str, Any] | None = None
) -> GuardOptions:
    """Return what was chosen for a miner, over what was chosen for all.

    `of_miner` has the choices that differ for it.
    """
    swarm = swarm_entry(hass)
    of_all: Mapping[str, Any] = {} if swarm is None else swarm.options
    return GuardOptions.from_dict(of_all.get(CONF_GUARD, {}), of_miner or {})


class MinerGuard:
    """The guard of one miner."""

    def __init__(self, hass: HomeAssistant, miner: MinerCoordinator) -> None:
        """Prepare; `async_start` recalls what was held, and begins to watch."""
        self.hass = hass
        self.miner = miner
        self.enabled = True
        """Whether it may do anything to the miner."""
        self.maintenance_until: datetime | None = None
        """When maintenance ends; `None` while there is none."""
        self._maintenance_since: datetime | None = None
        self._store = EntryStore[StoredGuard](
            hass, miner.config_entry.entry_id, StoredFile.GUARD
        )
        self._heat = HeatGuard()
        self._watchdog = Watchdog()
        self._restoring = Restoring()
        self._primary_pool = PrimaryPool(miner)
        self._pool_choice = PoolChoice()
        self._hardware: Hardware | None = None
        self._busy = False
        self._retry_at = 0.0
        self._listeners: set[GuardListener] = set()
        self._cancel_maintenance: CALLBACK_TYPE | None = None
        self._options = MinerOptions(
            hass,
            miner,
            lambda: guard_options(hass, miner.config_entry.options.get(CONF_GUARD)),
        )
        self._asked_about: Cause | UndefinedType | None = UNDEFINED
        self.last: Decision | None = None
        """What it did last."""
        self.last_at: datetime | None = None

    @property
    def options(self) -> GuardOptions:
        """What was chosen for this miner."""
        return self._options.get()

    @property
    def holds(self) -> bool:
        """Whether the miner runs on a setting of the guard, not the chosen one."""
        return self._heat.hold is not None

    @property
    def hold_cause(self) -> Cause | None:
        """Why it does."""
        return self._heat.hold.cause if self._heat.hold else None

    @property
    def restarts_left(self) -> int:
        """How many restarts the budget of the day has left."""
        return self._watchdog.left(
            dt_util.utcnow().timestamp(), monotonic(), self.options
        )

    @property
    def in_maintenance(self) -> bool:
        """Whether somebody works on the miner.

        A timer ends that, so that it lasts as long although the clock is set.
        """
        return self.maintenance_until is not None

    @callback
    def async_add_listener(self, listener: GuardListener) -> CALLBACK_TYPE:
        """Call `listener` when anything of the above may have changed."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    async def async_start(self) -> None:
        """Recall what was held, and watch until the miner's entry is unloaded."""
        await self._store.async_load(self._restore)
        guards = self.hass.data.setdefault(DATA_GUARDS, {})
        entry = self.miner.config_entry
        guards[entry.entry_id] = self
        entry.async_on_unload(self._stop)
        entry.async_on_unload(self.miner.async_add_listener(self._look))
        self._follow_maintenance()
        self._update_claims()
        hold = self._heat.hold
        if (
            hold is not None
            and hold.paused
            and self.miner.snapshot.state is MiningState.PAUSED
        ):
            self.miner.async_recall_pause(_ORIGIN)

    async def async_set_enabled(self, enabled: bool) -> None:
        """Let the guard act, or stop it where it stands.

        What it holds stays as it is when it is stopped: somebody decides now.

        Raises:
            HomeAssistantError: it could not be stored, and is forgotten at a restart.

        """
        self.enabled = enabled
        if not enabled:
            self._heat.release()
        self._forget()
        await self._async_changed()
        self._store.check_kept()

    async def async_begin_maintenance(self, duration: timedelta) -> None:
        """Leave the miner alone for so long, because somebody works on it.

        Raises:
            HomeAssistantError: it could not be stored, and is forgotten at a restart.

        """
        self._maintenance_since = dt_util.utcnow()
        self.maintenance_until = self._maintenance_since + min(
            duration, LONGEST_MAINTENANCE
        )
        self._follow_maintenance()
        self._forget()
        await self._async_changed()
        self._store.check_kept()

    async def async_end_maintenance(self) -> None:
        """Watch again.

        Raises:
            HomeAssistantError: it could not be stored, and is forgotten at a restart.

        """
        await self._async_watch_again()
        self._store.check_kept()

    async def _async_watch_again(self) -> None:
        self.maintenance_until = None
        self._follow_maintenance()
        await self._async_changed()

    def note_restart(self) -> None:
        """Count a restart that another of ours asked for, within the same budget."""
        self._watchdog.note_restart(dt_util.utcnow().timestamp(), monotonic())
        self._store.async_schedule_save(self._stored, soon=True)

    def _restore(self, stored: StoredObject) -> None:
        self.enabled = stored.flag("enabled") is not False
        self._restore_maintenance(
            stored.number("maintenance_since", _UNIX_TIME),
            stored.number("maintenance_until", _UNIX_TIME),
        )
        self._heat = HeatGuard(stored.plain("heat"))
        self._watchdog = Watchdog(stored.plain("watchdog"))
        self._restoring = Restoring(stored.plain("restoring"))
        self._pool_choice = PoolChoice(stored.plain("pool_choice"))
        if hardware := stored.child("hardware"):
            self._hardware = read_hardware(hardware)
            hardware.finish()

    def _restore_maintenance(self, since: float | None, until: float | None) -> None:
        """Go on with maintenance, which lasts no longer than somebody asked for.

        A clock that was set back while Home Assistant was down says that it has not
        even begun: then it begins now.
        """
        now = dt_util.utcnow().timestamp()
        if until is None or until <= now:
            return
        if since is None or since > now:
            asked = LONGEST_MAINTENANCE.total_seconds()
            if since is not None:
                asked = min(asked, max(0.0, until - since))
            since, until = now, min(until, now + asked)
        self._maintenance_since = dt_util.utc_from_timestamp(since)
        self.maintenance_until = dt_util.utc_from_timestamp(until)

    def _stored(self) -> StoredGuard:
        return {
            "enabled": self.enabled,
            "maintenance_until": None
            if self.maintenance_until is None
            else self.maintenance_until.timestamp(),
            "maintenance_since": None
            if self._maintenance_since is None or self.maintenance_until is None
            else self._maintenance_since.timestamp(),
            "heat": self._heat.as_dict(),
            "watchdog": self._watchdog.as_dict(),
            "restoring": self._restoring.as_dict(),
            "pool_choice": self._pool_choice.as_dict(),
            "hardware": None if self._hardware is None else asdict(self._hardware),
        }

    async def _async_changed(self) -> None:
        self._update_claims()
        await self._store.async_save(self._stored())
        self._notify_listeners()

    @callback
    def _stop(self) -> None:
        del self.hass.data[DATA_GUARDS][self.miner.config_entry.entry_id]
        if self._cancel_maintenance is not None:
            self._cancel_maintenance()

    def _follow_maintenance(self) -> None:
        """Have maintenance end by itself."""
        if self._cancel_maintenance is not None:
            self._cancel_maintenance()
            self._cancel_maintenance = None
        if self.maintenance_until is not None:
            left = (self.maintenance_until - dt_util.utcnow()).total_seconds()
            # A clock that was set back would make it last for ever.
            left = min(left, LONGEST_MAINTENANCE.total_seconds())
            self._cancel_maintenance = async_call_later(
                self.hass,
                max(left, 0),
                HassJob(self._maintenance_over, cancel_on_shutdown=True),
            )

    async def _maintenance_over(self, now: datetime) -> None:
        self._cancel_maintenance = None
        await self._async_watch_again()

    def _update_claims(self) -> None:
        claims = self.miner.claims
        if self.holds:
            claims.claim(Claimant.GUARD)
        else:
            claims.release(Claimant.GUARD)
        if self.in_maintenance and self.maintenance_until is not None:
            claims.claim(Claimant.MAINTENANCE, self.maintenance_until.timestamp())
        else:
            claims.release(Claimant.MAINTENANCE)
        hold = self._heat.hold
        self.miner.async_set_temporary(
            hold.point if hold is not None and hold.point != hold.before else None
        )

    def _forget(self) -> None:
        """Forget what was seen before, because it may be long over."""
        self._heat.forget()
        self._watchdog.forget()
        self._restoring.forget()
        self._update_issue()

    def _notify_listeners(self) -> None:
        for listener in list(self._listeners):
            listener()

    @callback
    def _look(self) -> None:
        """See a reading, and begin what is decided."""
        miner = self.miner
        if not miner.last_update_success:
            self._forget()
            return
        if miner.missed_polls:
            return
        self._follow_board(miner.snapshot.identity.hardware)
        if self._busy or self.in_maintenance or not self.enabled:
            return
        if miner.claims.before(Claimant.GUARD) is not None:
            # Its flash memory is being written: its readings mean nothing now.
            self._forget()
            return
        now = self._moment()
        held, was_unsure = self._heat.hold, self._heat.is_unsure
        if held is not None and held.paused and miner.is_paused_by_person:
            self._heat.leave_paused()
        decision = self._heat.update(now)
        if (done := self._heat.found_done) is not None:
            # The answer was lost, not the write.
            self._report(done)
        if self._heat.hold is not held or self._heat.is_unsure != was_unsure:
            # Somebody else changed what it held, or it is certain now.
            self.hass.async_create_task(self._async_changed())
        if decision is None:
            decision = self._watchdog.update(self._symptoms(now), now.options)
            self._update_issue()
        if decision is None:
            decision = self._restoring.update(
                now,
                certain=miner.is_detuned,
                present=miner.snapshot.operating_point,
                intended=miner.intended.operating_point if miner.intended else None,
            )
        if decision is None and miner.claims.before(Claimant.TUNER) is None:
            whose = self._pool_choice.whose
            decision = self._choose_pool(now)
            if self._pool_choice.whose != whose:
                # Somebody changed it by hand, which a restart must not forget.
                self._store.async_schedule_save(self._stored, soon=True)
        if decision is None or decision.step is Step.GIVE_UP:
            return
        if now.clock < self._retry_at:
            return
        self._busy = True
        miner.config_entry.async_create_background_task(
            self.hass,
            self._async_carry_out(decision, now),
            f"guard of {miner.config_entry.entry_id}",
        )

    def _follow_board(self, hardware: Hardware) -> None:
        """Let go of what is held for a board that was replaced."""
        if hardware is self._hardware:
            return
        if self._hardware is not None and hardware.differs_from(self._hardware):
            self._hardware = None
            self._heat.release()
            self._forget()
            self.hass.async_create_task(self._async_changed())
        self._hardware = hardware.completed_by(self._hardware)

    def _moment(self) -> Moment:
        miner = self.miner
        board, intended = miner.client.board, miner.intended
        return Moment(
            time=dt_util.utcnow().timestamp(),
            clock=monotonic(),
            snapshot=miner.snapshot,
            limits=miner.limits,
            frequencies=() if board is None else board.frequencies,
            chosen=None if intended is None else intended.operating_point,
            options=self.options,
        )

    def _symptoms(self, now: Moment) -> Symptoms:
        """Judge the miner by the same conditions as the alerts."""
        miner, snapshot = self.miner, now.snapshot
        seen = self._observation(now)
        frozen = frozen_hashrate(seen, DEFAULT_RULES[AlertKind.FROZEN_HASHRATE], False)
        connected = snapshot.pools.connected is not False
        idle = snapshot.state is MiningState.IDLE or (
            snapshot.state is MiningState.MINING and snapshot.hashing.hashrate == 0
        )
        no_shares = frozen.holds and frozen.data.get("reason") == "no_shares"
        # Where no miner has its pool, a restart of this one brings none back.
        pool_down = (no_shares or idle or not connected) and self._is_pool_down()
        holds: dict[Cause, bool | None] = {
            Cause.FROZEN_HASHRATE: None if no_shares and pool_down else frozen.holds,
            Cause.REGULATOR_OFF: regulator_off(
                seen, DEFAULT_RULES[AlertKind.REGULATOR_OFF], False
            ).holds,
        }
        holds[Cause.NO_HASHRATE] = None if idle and pool_down else idle and connected
        holds[Cause.POOL_SILENCE] = None if pool_down else not connected
        holds[Cause.FALLBACK_POOL] = self._could_return(now.options)
        holds[Cause.DARK_DOMAIN] = has_dark_domain(snapshot)
        return Symptoms(
            time=now.time,
            clock=now.clock,
            holds=holds,
            may_restart=snapshot.state in (MiningState.MINING, MiningState.IDLE)
            and not miner.is_restarting
            and not (self._heat.hold and self._heat.hold.paused)
            and not miner.claims.includes_restarts,
        )

    def _is_pool_down(self) -> bool:
        """Return whether other miners lack their pool as well, and none has it.

        Those of the same pool are asked, or all others if there are none: then it is
        the network.
        """
        silence = self.miner.data.figures.share_silence
        if silence is None:
            silence = FOR_SECONDS[Cause.POOL_SILENCE]
        primary = self.miner.snapshot.pools.primary
        all_others: list[bool] = []
        of_same: list[bool] = []
        for guard in self.hass.data[DATA_GUARDS].values():
            has_pool = _has_pool(guard.miner, silence)
            if guard is self or has_pool is None:
                continue
            all_others.append(has_pool)
            other = guard.miner.snapshot.pools.primary
            if primary and other and primary.host == other.host:
                of_same.append(has_pool)
        asked = of_same or all_others
        return bool(asked) and not any(asked)

    def _choose_pool(self, now: Moment) -> Decision | None:
        """Decide which pool the miner is to prefer, where its firmware reports that."""
        miner, snapshot = self.miner, now.snapshot
        pools = snapshot.pools
        if (
            "prefer_fallback" not in snapshot.capabilities.settings
            or pools.prefer_fallback is None
            or pools.fallback is None
            # Its restart would end the pause.
            or snapshot.state is MiningState.PAUSED
            or miner.is_restarting
            or miner.claims.includes_restarts
            or not self._watchdog.left(now.time, now.clock, now.options)
        ):
            return None
        troubles: dict[Cause, bool | None] = {}
        if now.options.fallback_on_trouble and not pools.using_fallback:
            seen = self._observation(now)
            troubles = {
                Cause.POOL_REJECTS: reject_rate(
                    seen, DEFAULT_RULES[AlertKind.REJECT_RATE], False
                ).holds,
                Cause.POOL_BLIND: unseen_by_pool(
                    seen, DEFAULT_RULES[AlertKind.UNSEEN_BY_POOL], False
                ).holds,
            }
        local = dt_util.now()
        return self._pool_choice.update(
            PoolMoment(
                time=now.time,
                clock=now.clock,
                minute=local.hour * 60 + local.minute,
                prefers_fallback=pools.prefer_fallback,
                troubles=troubles,
                primary_answers=self._primary_pool.answers()
                if self._pool_choice.awaits_primary and pools.using_fallback
                else None,
            ),
            now.options,
        )

    def _observation(self, now: Moment) -> Observation:
        """Return what the conditions of the alerts judge."""
        miner = self.miner
        return Observation(
            time=now.time,
            clock=now.clock,
            online=True,
            reading=miner.data,
            intended=miner.intended,
            restarting=miner.is_restarting,
            sighting=async_get_pools(self.hass).sighting_of(miner),
        )

    def _could_return(self, options: GuardOptions) -> bool | None:
        """Return whether the fallback pool is in use though the primary answers.

        Nobody is asked unless somebody chose that the miner is to go back.
        """
        pools = self.miner.snapshot.pools
        if (
            not options.return_to_primary
            or not pools.using_fallback
            or pools.prefer_fallback
            or pools.dual
        ):
            if not self._pool_choice.awaits_primary:
                self._primary_pool.forget()
            return False
        return self._primary_pool.answers()

    async def _async_carry_out(self, decision: Decision, now: Moment) -> None:
        """Do what was decided; whatever fails is tried again, from a new reading."""
        try:
            await self._async_do(decision, now)
        except HomeAssistantError as err:
            self._note_failure(decision, may_have_arrived(err))
            if not isinstance(err.__cause__, SituationChangedError):
                self._retry_at = monotonic() + _RETRY
            _LOGGER.warning(
                "%s: the guard could not %s: %s",
                self.miner.display_name,
                decision.step.value,
                err,
            )
            self._update_claims()
            self._store.async_schedule_save(self._stored, soon=True)
        finally:
            self._busy = False
        self._notify_listeners()

    def _note_failure(self, decision: Decision, may_have_arrived: bool) -> None:
        """Note what became of a decision that could not be carried out."""
        match decision.step:
            case Step.LOWER | Step.PAUSE | Step.RETURN if may_have_arrived:
                self._heat.lost(decision, monotonic())
            case Step.LOWER | Step.PAUSE | Step.RETURN:
                self._heat.undone(decision)
            case Step.RESTORE if not may_have_arrived:
                self._restoring.undone()
            case Step.RESTART if not may_have_arrived:
                self._watchdog.take_back()

    async def _async_do(self, decision: Decision, now: Moment) -> None:
        miner = self.miner
        hold = self._heat.hold
        match decision.step:
            case Step.LOWER:
                self._heat.done(decision, now)
                await self._async_changed()
                await self._async_write(decision)
                self._heat.taken(miner.snapshot.operating_point)
            case Step.PAUSE:
                self._heat.done(decision, now)
                await self._async_changed()
                await miner.async_execute(Command.PAUSE, origin=_ORIGIN)
            case Step.RETURN:
                if hold is not None and hold.paused:
                    await miner.async_execute(Command.RESUME, origin=_ORIGIN)
                else:
                    await self._async_write(decision)
                self._heat.done(decision, now)
                await self._async_changed()
            case Step.RESTORE:
                # Counted first: a miner that overheats at once is not restored again.
                self._restoring.done(now)
                await self._async_changed()
                await miner.async_restore_intended(origin=_ORIGIN)
            case Step.RESTART:
                self._watchdog.note_restart(now.time, now.clock)
                await self._async_changed()
                await miner.async_execute(Command.RESTART, origin=_ORIGIN)
            case Step.TO_FALLBACK | Step.TO_PRIMARY:
                await self._async_prefer(decision, now)
        self._report(decision)

    async def _async_prefer(self, decision: Decision, now: Moment) -> None:
        """Have the miner prefer another pool, and restart it, which that takes."""
        to_fallback = decision.step is Step.TO_FALLBACK
        # Stored first: after a crash in between it is known whose doing it was.
        self._pool_choice.done(decision, now.time, now.clock)
        self._watchdog.note_restart(now.time, now.clock)
        await self._async_changed()
        written = False
        try:
            await self.miner.async_apply(
                Settings(prefer_fallback=to_fallback), origin=_ORIGIN
            )
            written = True
            await self.miner.async_execute(Command.RESTART, origin=_ORIGIN)
        except HomeAssistantError as err:
            arrived = may_have_arrived(err)
            if written and arrived:
                self._pool_choice.finished()
            else:
                # It was not restarted.
                self._watchdog.take_back()
                if written or arrived:
                    self._pool_choice.lost(decision)
                else:
                    self._pool_choice.undone(decision)
            raise
        self._pool_choice.finished()
        await self._async_changed()

    async def _async_write(self, decision: Decision) -> None:
        """Set what was decided, unless the miner has another setting by now."""
        point, before = decision.point, decision.before
        assert point is not None

        def choose(present: Snapshot) -> Settings:
            # Somebody may keep the voltage outside the limits, where it cannot be set.
            now = present.operating_point
            same = now is not None and now.core_voltage == point.core_voltage
            voltage = None if same else point.core_voltage
            return Settings(frequency=point.frequency, core_voltage=voltage)

        await self.miner.async_apply(
            choose,
            origin=_ORIGIN,
            expected=None
            if before is None
            else Settings(frequency=before.frequency, core_voltage=before.core_voltage),
        )

    def _report(self, decision: Decision) -> None:
        """Report what was done, and why."""
        self.last, self.last_at = decision, dt_util.utcnow()
        self.miner.async_report(
            Occurrence(
                OccurrenceType.GUARD,
                {
                    "action": decision.step.value,
                    "cause": decision.cause.value,
                    "value": decision.value,
                    "limit": decision.limit,
                    "from": _as_dict(decision.before),
                    "to": _as_dict(decision.point),
                },
            )
        )

    def _update_issue(self) -> None:
        """Ask a person once the watchdog is at its end, and no longer."""
        gave_up = self._watchdog.gave_up
        if gave_up != self._asked_about:
            self._asked_about = gave_up
            issues.async_update(self.hass, self.miner.config_entry, gave_up)


def _has_pool(miner: MinerCoordinator, silence: float) -> bool | None:
    """Return whether a miner has its pool; `None` where nothing says so.

    Where the firmware does not report it, it has its pool if a share was taken in the
    latter half of the s in which another miner had none.
    """
    snapshot = miner.snapshot
    if not miner.last_update_success or snapshot.state not in (
        MiningState.MINING,
        MiningState.IDLE,
    ):
        return None
    connected = snapshot.pools.connected
    since = miner.data.figures.share_silence
    if connected is not None or since is None:
        return connected
    return since < silence / 2


def _as_dict(point: OperatingPoint | None) -> dict[str, float] | None:
    if point is None:
        return None
    return {"frequency": point.frequency, "core_voltage": point.core_voltage}
