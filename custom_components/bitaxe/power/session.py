"""One miner that follows a power target: what is set on it, and what others do to it.

What is chosen lies in `controller`. Here is what keeps the miner safe meanwhile: what
is about to be written is stored first, every write names the setting that it replaces,
and a change by hand ends it.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
import logging
from time import monotonic
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import UnitOfPower
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from ..axeos import (
    POINT_NAMES,
    Command,
    Hardware,
    MiningState,
    OperatingPoint,
    SettingRejectedError,
    Settings,
    Snapshot,
    bounds,
)
from ..const import DOMAIN
from ..coordinator import MinerCoordinator
from ..errors import may_have_arrived
from ..following import MinerOptions, swarm_entry
from ..miner.claims import Claimant
from ..miner.detune import is_detuned
from ..miner.errors import DecidedByHandError, SituationChangedError
from ..miner.events import Occurrence, OccurrenceType
from ..miner.hardware import read_hardware
from ..miner.verification import Outcome as Verified
from ..miner.write_log import ByHand, Origin, OriginKind
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import StoredObject
from .budget import Budget
from .controller import REST, VOLTAGE_STEP, Kind, MinerNow, Move
from .counted import IDLE, CountedPower
from .heater import Heater
from .measured import MeasuredPoints
from .model import MOST_POWER_OF_MINER, Bottom, PowerOptions, WhenOff
from .options import power_options
from .points import PowerPoint, is_same
from .problem import LastingProblem

_LOGGER = logging.getLogger(__package__)

# s before a write that failed is tried again, doubled with each failure up to the
# second.
_RETRY: Final = 30.0
_LONGEST_RETRY: Final = 600.0
# s after which a write that does not show never will.
_SHOWS_AT_LAST: Final = 60.0
# s for which a change that lowers power counts as made before it is confirmed.
_UNDER_WAY: Final = 15.0
# Readings in a row that show a miner paused, or resumed, before it counts.
_SURE: Final = 2
ABOVE: Final = 1.02
"""Share of a target above which it is not kept."""
# s between two steps back to the setting that somebody chose.
_STEP_SECONDS: Final = 20.0
# s between two reports of another target: automations set one every minute.
_CHANGES_SELDOM: Final = 900.0
_TARGET: Final = bounds.Bounds(0, MOST_POWER_OF_MINER)
_TIME: Final = bounds.Bounds(0, 2**33)


def refusal(key: str) -> ServiceValidationError:
    """Return the error that says why something is not done."""
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)


class MinerPower:
    """One miner as power targets and heated rooms see and change it."""

    def __init__(self, hass: HomeAssistant, miner: MinerCoordinator) -> None:
        """Prepare; `async_load` recalls what was."""
        self.hass = hass
        self.miner = miner
        self._options = MinerOptions(hass, miner, partial(power_options, hass, miner))
        self.following = False
        """Whether it follows its own target."""
        self.target: float | None = None
        """W of its own."""
        self.left_swarm = False
        """Whether it left the swarm's target, because somebody changed it by hand."""
        self.ended: str | None = None
        """Why it does not follow any more, unless somebody wanted that."""
        self.heater: Heater | None = None
        """What heats a room by it, once somebody has switched that on."""
        self.left_heating = False
        """Whether it left that, because somebody changed it by hand."""
        self.swarm_follows = False
        """Whether the swarm follows a target now."""
        self.measured = MeasuredPoints(hass, miner)
        """Where its points come from."""
        self._counted = CountedPower(miner, self.measured)
        self._returning = False
        self._point: OperatingPoint | None = None
        self._pending: OperatingPoint | None = None
        self._pending_since = -float("inf")
        self._decided_for: OperatingPoint | None = None
        """The setting of which a change was decided."""
        self._decisions = miner.decisions
        """How many decisions of people were seen."""
        self._unreported: str | None = None
        """What ended before it was known whether anything followed the miner."""
        self._paused = False
        self._paused_at = -float("inf")
        self._resumed_at = -float("inf")
        self._hardware: Hardware | None = None
        self._budget = Budget((), 0, monotonic())
        self._busy: Move | None = None
        self._busy_since = 0.0
        self._failures = 0
        self._retry_at = 0.0
        self._read_at = 0.0
        self._reading: object = None
        self._odd = 0
        self._unsure = False
        self._stepped_at = 0.0
        self._kept_target = False
        self._change_reported_at = -float("inf")
        self._unreached = LastingProblem()
        self.store = EntryStore[dict[str, Any]](
            hass, miner.config_entry.entry_id, StoredFile.POWER
        )
        """Where what was chosen, and done, is kept."""

    # What others see

    @property
    def key(self) -> str:
        """What it is known by to the controller."""
        return self.miner.config_entry.entry_id

    @property
    def options(self) -> PowerOptions:
        """What was chosen for this miner."""
        return self._options.get()

    @property
    def with_swarm(self) -> bool:
        """Whether it follows the target of the swarm now.

        One that heats a room does not: what the others leave of the target bounds it.
        """
        return (
            self.swarm_follows
            and not self.is_heating
            and self.options.with_swarm
            and not self.left_swarm
        )

    @property
    def is_heating(self) -> bool:
        """Whether it heats a room."""
        return self.heater is not None and not self.left_heating

    @property
    def _origin(self) -> Origin:
        """Who changes the miner: what heats a room by it, or its power target."""
        kind = OriginKind.HEATING if self.is_heating else OriginKind.POWER
        return Origin(kind=kind)

    @property
    def is_steered(self) -> bool:
        """Whether it follows any target."""
        return self.is_heating or self._keeps_target

    @property
    def _keeps_target(self) -> bool:
        """Whether it follows a power target, that of the swarm or its own."""
        return self.with_swarm or (self.following and self.target is not None)

    @property
    def pauses_for_target(self) -> bool:
        """Whether it may be paused where its lowest point is too much for a target."""
        return (
            self.options.bottom is Bottom.PAUSE
            and self.miner.snapshot.capabilities.can_stop_mining
        )

    @property
    def points(self) -> tuple[PowerPoint, ...]:
        """What may be chosen from, by power."""
        return self.measured.points

    @property
    def most_power(self) -> float | None:
        """W of the highest point that may be set."""
        return self.measured.most_power

    @property
    def obstacle(self) -> str | None:
        """Why it may not be changed now: a translation key."""
        miner, snapshot = self.miner, self.miner.snapshot
        holder = miner.claims.before(Claimant.POWER)
        if not miner.last_update_success or miner.missed_polls:
            return "offline"
        if holder is not None:
            return f"held_by_{holder.name.lower()}"
        if snapshot.doubt is not None or snapshot.capabilities.otp:
            return "not_controlled"
        if snapshot.faults.overheated or snapshot.state is MiningState.OVERHEATED:
            return "overheated"
        if miner.is_detuned or self._is_detuned(snapshot):
            return "detuned"
        if (
            snapshot.faults.regulator_off
            or miner.verification.outcome is Verified.FAILED
        ):
            return "latched"
        if snapshot.operating_point is None:
            return "not_controlled"
        if snapshot.state not in (MiningState.MINING, MiningState.PAUSED):
            return "not_mining"
        if miner.is_restarting:
            return "restarting"
        if not self.points:
            return "nothing_measured"
        if monotonic() < self._retry_at:
            return "write_failed"
        return None

    # What people ask for

    async def async_set_target(self, target: float) -> None:
        """Choose the W to keep to; nothing follows them unless that is wanted."""
        before, self.target = self.target, min(max(target, 0.0), MOST_POWER_OF_MINER)
        await self._async_save()
        now = monotonic()
        if (
            self.following
            and self.target != before
            and now - self._change_reported_at >= _CHANGES_SELDOM
        ):
            self._change_reported_at = now
            self.report("changed", target=self.target)

    async def async_set_following(self, following: bool) -> None:
        """Follow the target, or do not any more.

        Raises:
            ServiceValidationError: there is no target.

        """
        if following and self.target is None:
            raise refusal("no_power_target")
        self.following = following
        self.ended = None
        if following:
            self.left_swarm = False
        await self.async_steering_changed()

    async def async_heat(self, heater: Heater | None, *, rejoin: bool = False) -> None:
        """Heat a room, or do not any more."""
        self.heater = heater
        if rejoin or heater is None:
            self.left_heating = False
            self.ended = None
        await self.async_steering_changed()

    async def async_steering_changed(self, *, rejoin: bool = False) -> None:
        """Begin, or end what was begun, after a target was switched on or off."""
        if rejoin:
            self.left_swarm = False
            self.ended = None
        if self._keeps_target is not self._kept_target:
            self._kept_target = self._keeps_target
            self._unreached.forget()
            if self._keeps_target:
                reason = "with_swarm" if self.with_swarm else None
                self.report("began", reason, target=self.target)
            else:
                self.report("ended")
        if self.is_steered:
            self._decisions = self.miner.decisions
            self._returning = False
            self._hardware = self.miner.snapshot.identity.hardware
            self._failures, self._retry_at = 0, 0.0
        elif self._point is not None or self._paused:
            if self.options.when_off is WhenOff.RESTORE:
                self._returning = True
            else:
                # The setting stays. A pause is none: nobody would end it any more.
                paused = self._paused
                present = self.miner.snapshot.operating_point
                if is_same(present, self._point):
                    self.miner.async_keep_present()
                # Else it is what the guard or the firmware made of it.
                self._let_go()
                self._paused = self._returning = paused
        await self._async_save()
        self._mark_temporary()

    @callback
    def async_note_steering(self) -> None:
        """Take what is followed now for what was followed all along: a restart."""
        self._kept_target = self._keeps_target

    # From start to stop

    async def async_load(self) -> None:
        """Recall what was, before anything is done."""
        await self.store.async_load(self._restore)

    def _restore(self, stored: StoredObject) -> None:
        self.following = stored.flag("following") is True
        self.target = stored.number("target", _TARGET)
        self.left_swarm = stored.flag("left_swarm") is True
        self.left_heating = stored.flag("left_heating") is True
        self.ended = stored.text("ended")
        self._returning = stored.flag("returning") is True
        self._paused = stored.flag("paused") is True
        self._point = _read_point(stored.child("point"))
        self._pending = _read_point(stored.child("pending"))
        hardware = stored.child("hardware")
        self._hardware = read_hardware(hardware) if hardware else None
        hardware.finish()
        writes = stored.numbers("writes", _TIME)
        self._budget = Budget(writes, dt_util.utcnow().timestamp(), monotonic())
        # What the last write came to is not known.
        self._unsure = True
        if self._paused and self.miner.snapshot.state is MiningState.PAUSED:
            self.miner.async_recall_pause(self._origin)

    def _stored(self) -> dict[str, Any]:
        return {
            "following": self.following,
            "target": self.target,
            "left_swarm": self.left_swarm,
            "left_heating": self.left_heating,
            "ended": self.ended,
            "returning": self._returning,
            "paused": self._paused,
            "point": asdict(self._point) if self._point else None,
            "pending": asdict(self._pending) if self._pending else None,
            "hardware": asdict(self._hardware) if self._hardware else None,
            "writes": self._budget.as_list(dt_util.utcnow().timestamp(), monotonic()),
        }

    async def _async_save(self) -> None:
        await self.store.async_save_changed(self._stored())

    # What the controller sees

    @callback
    def describe(self) -> MinerNow:
        """Describe the miner to the controller, as of its last reading."""
        miner, snapshot = self.miner, self.miner.snapshot
        options = self.options
        power, believed = self._counted.now()
        free = self.is_steered and self.obstacle is None and self._busy is None
        lowest = self.points[0].power if self.points else power
        paused = snapshot.state is MiningState.PAUSED
        now = monotonic()
        expected: float | None = None
        if self._busy is not None:
            if self._busy.power >= power or now - self._busy_since < _UNDER_WAY:
                expected = self._busy.power
            power = max(power, self._busy.power)
        heater = self.heater if self.is_heating else None
        ran_for = now - self._resumed_at
        return MinerNow(
            key=self.key,
            power=power,
            point=snapshot.operating_point,
            points=self.points
            if heater is None
            else heater.choose_from(self.miner, self.points),
            free=free,
            # What is assumed of a change is nothing that was measured.
            believed=believed and not miner.missed_polls and self._busy is None,
            age=now - self._read_at,
            expected=expected,
            paused=paused,
            may_pause=self.pauses_for_target
            if heater is None
            else snapshot.capabilities.can_stop_mining
            and heater.may_pause
            and ran_for >= heater.minimum_run,
            rest=REST if heater is None else max(REST, heater.minimum_rest),
            idle_power=power if paused and believed else IDLE * lowest,
            left=self._budget.left(now, options.writes_per_hour),
            last_write=self._budget.age(now),
            paused_for=now - self._paused_at,
            most=self.target
            if self.following and self.target is not None
            else float("inf"),
        )

    # Who else changes the miner

    def _is_detuned(self, snapshot: Snapshot) -> bool:
        """Return whether the miner lowered what we set, after overheating."""
        intended = self.miner.intended
        if intended is None or not self.miner.heat_explains(snapshot):
            return False
        return any(
            is_detuned(replace(intended, **asdict(ours)), snapshot)
            for ours in (self._point, self._pending)
            if ours is not None
        )

    @callback
    def hear(self, occurrence: Occurrence) -> bool:
        """Notice what others do; return whether that ends following."""
        if occurrence.type is OccurrenceType.RESTARTED:
            # Whatever was paused hashes again.
            self._paused = False
            self._odd = 0
            return False
        if occurrence.type is not OccurrenceType.SETTINGS_CHANGED:
            return False
        names = occurrence.data.get("settings")
        if not isinstance(names, list) or not POINT_NAMES & set(names):
            return False
        # The reading that shows it is only just being taken in.
        to = occurrence.data.get("to")
        snapshot = self.miner.snapshot
        if isinstance(to, dict):
            snapshot = _changed(snapshot, to)
        match occurrence.data.get("origin"):
            case OriginKind.PERSON | OriginKind.DISCORD:
                return self._end(ByHand.CHANGED)
            case OriginKind.REPAIR | OriginKind.TUNER:
                # Somebody's chosen setting again: what is done from here on is up to
                # us.
                self._forget_point()
            case OriginKind.GUARD if self._is_intended(snapshot):
                self._forget_point()
            case None:
                return self._hear_of_others(snapshot)
        return False

    def _hear_of_others(self, snapshot: Snapshot) -> bool:
        """Notice a change that nobody made through us; return whether that ends it."""
        if is_same(snapshot.operating_point, self._pending):
            self._point, self._pending = self._pending, None
        elif snapshot.faults.overheated:
            # The firmware may be lowering it. What it comes to shows when that is over.
            self._unsure = True
        elif not self._is_detuned(snapshot) and not self._may_be_lowered(snapshot):
            return self._end(ByHand.CHANGED)
        return False

    def _is_intended(self, snapshot: Snapshot) -> bool:
        """Return whether the miner is set to what somebody chose for it."""
        intended = self.miner.intended
        return intended is not None and is_same(
            snapshot.operating_point, intended.operating_point
        )

    def _forget_point(self) -> None:
        """Forget the setting that was last written here."""
        self._point = self._pending = None
        self._unsure = False

    def _may_be_lowered(self, snapshot: Snapshot) -> bool:
        """Return whether the firmware itself may have lowered the setting for heat."""
        intended = self.miner.intended
        return (
            self.miner.heat_explains(snapshot)
            and intended is not None
            and is_detuned(intended, snapshot)
        )

    @callback
    def take_reading(self) -> bool:
        """Return whether there is a reading that was not taken before."""
        miner = self.miner
        if (
            not miner.last_update_success
            or miner.missed_polls
            or miner.data is self._reading
        ):
            return False
        self._reading = miner.data
        self._read_at = monotonic()
        return True

    @callback
    def see(self) -> bool:
        """Look at the miner's last reading; return whether that ended following."""
        miner, snapshot = self.miner, self.miner.snapshot
        if self._decisions != miner.decisions:
            # Also one that changes nothing: to stay as it is was decided, too.
            self._decisions = miner.decisions
            assert miner.last_decision is not None
            return self._end(miner.last_decision)
        if not miner.last_update_success or miner.missed_polls:
            return False
        if self._busy is not None:
            return False
        if (
            self._hardware is not None
            and (self.is_steered or self._returning)
            and snapshot.identity.hardware.differs_from(self._hardware)
        ):
            return self._end("board_changed")
        ended = self._see_point(snapshot) or self._see_pause(snapshot)
        self._mark_temporary()
        return ended

    def _see_point(self, snapshot: Snapshot) -> bool:
        """Notice a setting that was changed while nobody could see who did it."""
        point = snapshot.operating_point
        if (
            self._pending is not None
            and is_same(point, self._point)
            and monotonic() - self._pending_since >= _SHOWS_AT_LAST
        ):
            # It was lost. A person who sets the same later is no echo of it.
            self._pending = None
        if not self._unsure:
            return False
        if snapshot.state is MiningState.MINING:
            self._paused = False
        if (
            point is None
            or snapshot.faults.overheated
            or self.miner.claims.before(Claimant.POWER) is not None
        ):
            # What it comes to shows later.
            return False
        self._unsure = False
        if is_same(point, self._pending):
            self._point, self._pending = self._pending, None
            return False
        intended = self.miner.intended
        known = self._point
        if known is None and intended is not None:
            known = intended.operating_point
        if (
            known is None
            or is_same(point, known)
            or self._is_detuned(snapshot)
            or self._may_be_lowered(snapshot)
        ):
            return False
        return self._end(ByHand.CHANGED)

    def _see_pause(self, snapshot: Snapshot) -> bool:
        """Notice somebody who paused or resumed the miner."""
        if (
            not (self.is_steered or self._returning)
            or self.miner.claims.before(Claimant.POWER) is not None
            or self.miner.is_restarting
        ):
            self._odd = 0
            return False
        paused = snapshot.state is MiningState.PAUSED
        running = snapshot.state is MiningState.MINING
        if (paused and not self._paused) or (running and self._paused):
            self._odd += 1
            if self._odd >= _SURE:
                self._odd = 0
                return self._end(ByHand.PAUSED if paused else ByHand.RESUMED)
            return False
        self._odd = 0
        return False

    def _end(self, reason: str) -> bool:
        """Leave the miner to who changed it."""
        was_led = self._is_ours
        heated = self.heater if self.is_heating else None
        kept_target = self._keeps_target
        # Nor may anything else that follows the miner take it for its own next: what a
        # room keeps it from now, or what is not set up yet after a start.
        away = self._is_swarm_away
        if self.options.with_swarm and (self.swarm_follows or away):
            self.left_swarm = True
        if self.heater is not None or away:
            self.left_heating = True
        if away and not was_led:
            self._unreported = reason
        self._let_go()
        if was_led or away:
            self.store.async_schedule_save(self._stored, soon=True)
        if not was_led:
            return False
        self.following = False
        self._kept_target = False
        self._report_end(reason, heated=heated, kept_target=kept_target)
        return True

    def _report_end(
        self, reason: str, *, heated: Heater | None, kept_target: bool
    ) -> None:
        """Report what the miner does not do any more: heat a room, or keep a target.

        On its way back to the chosen setting it did neither.
        """
        self.ended = reason
        if heated is not None:
            self.report("heating_left", reason, room=heated.name)
        if kept_target:
            self.report("ended", reason)

    @callback
    def async_meet_swarm(self) -> None:
        """Report what ended before the target of the swarm, and rooms, were set up."""
        reason, self._unreported = self._unreported, None
        follows = self.swarm_follows and self.options.with_swarm
        if reason is not None and (follows or self.heater is not None):
            self._report_end(
                reason, heated=self.heater, kept_target=self.heater is None
            )

    @property
    def _is_swarm_away(self) -> bool:
        """Whether what all miners share, and rooms, may still be set up."""
        swarm = swarm_entry(self.hass)
        return swarm is not None and swarm.state is not ConfigEntryState.LOADED

    def _let_go(self) -> None:
        self._point = self._pending = None
        self._paused = False
        self._returning = False
        if not self._is_held:
            self.miner.async_set_temporary(None)

    @property
    def _is_held(self) -> bool:
        return self.miner.claims.is_held_by(
            Claimant.GUARD
        ) or self.miner.claims.is_held_by(Claimant.TUNER)

    def _mark_temporary(self) -> None:
        """Have nobody take a setting of ours for one that somebody chose."""
        if self._point is not None and not self._is_held:
            self.miner.async_set_temporary(self._point)

    @callback
    def report(
        self,
        action: str,
        reason: str | None = None,
        *,
        target: float | None = None,
        drawn: float | None = None,
        origin: Origin | None = None,
        room: str | None = None,
    ) -> None:
        """Report what was done to all listeners, with the target in W where it matters.

        `drawn` are the W at which a target is kept, or is not; `origin` is what did it
        to the miner, where something was done to it, and `room` the one it heats.
        """
        data: dict[str, object] = {"action": action, "reason": reason}
        if origin is not None:
            data["origin"] = origin.kind.value
        if target is not None:
            data |= {"value": target, "unit": UnitOfPower.WATT.value}
        if drawn is not None:
            data["drawn"] = round(drawn, 1)
        if room is not None:
            data["room"] = room
        self.miner.async_report(Occurrence(OccurrenceType.POWER, data))

    @callback
    def judge(self, target: float, drawn: float, reason: str) -> None:
        """Report that its own target is not kept, and that it is again: each seldom."""
        begun = self._unreached.update(
            monotonic(), wrong=drawn > target * ABOVE, right=drawn <= target
        )
        if begun is not None:
            self.report_outcome(target, drawn, reason if begun else None)

    @callback
    def report_outcome(self, target: float, drawn: float, reason: str | None) -> None:
        """Report that a target is not kept, and why; without a reason, that it is."""
        action = "reached" if reason is None else "unreached"
        self.report(action, reason, target=target, drawn=drawn)

    # What is done to the miner

    def reserve(self, move: Move) -> None:
        """Decide nothing else until a move is made, or given up."""
        self._busy = move
        self._busy_since = monotonic()
        self._decided_for = self.miner.snapshot.operating_point

    def release(self, move: Move) -> None:
        """Let something else be decided, unless that has been already."""
        if self._busy is move:
            self._busy = None

    async def async_do(self, move: Move) -> bool:
        """Carry a move out, and return whether the miner confirmed it.

        What is about to be written is stored and counted first.
        """
        try:
            if move.point is not None:
                await self._async_write(move.point)
            if move.kind is Kind.PAUSE:
                await self._async_command(Command.PAUSE)
            elif move.kind is Kind.RESUME:
                await self._async_command(Command.RESUME)
        except HomeAssistantError as err:
            if isinstance(err.__cause__, DecidedByHandError):
                return False
            self._failures += 1
            pause = min(_RETRY * 2 ** (self._failures - 1), _LONGEST_RETRY)
            self._retry_at = monotonic() + pause
            _LOGGER.warning(
                "%s: its power could not be changed: %s", self.miner.display_name, err
            )
            return False
        else:
            self._failures, self._retry_at = 0, 0.0
            return True
        finally:
            self._busy = None

    @property
    def _is_ours(self) -> bool:
        """Whether the miner may be changed: to follow a target, or back from it."""
        return self.is_steered or self._returning

    def _check_decisions(self) -> None:
        """Leave the miner to a person who decided something since that was looked at.

        Raises:
            DecidedByHandError: somebody did.

        """
        if self._decisions != self.miner.decisions or not self._is_ours:
            raise DecidedByHandError

    async def _async_write(self, point: OperatingPoint) -> None:
        present, before = self._decided_for, self._point
        assert present is not None
        if self._point is None:
            self._point = present
        self._pending, self._pending_since = point, monotonic()
        self._budget.note(monotonic())
        await self._async_save()

        def choose(_: Snapshot) -> Settings:
            self._check_decisions()
            return Settings(frequency=point.frequency, core_voltage=point.core_voltage)

        try:
            await self.miner.async_apply(
                choose,
                origin=self._origin,
                expected=Settings(
                    frequency=present.frequency, core_voltage=present.core_voltage
                ),
            )
        except HomeAssistantError as err:
            if may_have_arrived(err):
                self._unsure = True
            elif self._pending is point:
                self._point, self._pending = before, None
            if not _was_sent(err):
                self._budget.take_back()
            raise
        self._point, self._pending = self.miner.snapshot.operating_point, None
        if self._is_ours:
            self._mark_temporary()
        else:
            # Nobody follows anything any more: it stays, and becomes the chosen one.
            self._let_go()
        await self._async_save()

    async def _async_command(self, command: Command) -> None:
        present, before = self.miner.snapshot, self._paused
        pause = command is Command.PAUSE

        def check(snapshot: Snapshot) -> None:
            self._check_decisions()
            if not is_same(snapshot.operating_point, present.operating_point) or (
                pause is (snapshot.state is MiningState.PAUSED)
            ):
                raise SituationChangedError(
                    str(present.operating_point), str(snapshot.operating_point)
                )

        if pause:
            self._paused = True
            self._paused_at = monotonic()
        else:
            self._resumed_at = monotonic()
        await self._async_save()
        try:
            await self.miner.async_execute(command, origin=self._origin, check=check)
        except HomeAssistantError as err:
            if may_have_arrived(err):
                # A reading shows.
                self._unsure = True
            elif pause:
                # A person who paused it instead is not taken for us.
                self._paused = before
            raise
        if not pause:
            self._paused = False
        self.report("paused" if pause else "resumed", origin=self._origin)

    @property
    def must_return(self) -> bool:
        """Whether the miner has to go back to what somebody chose, step by step."""
        return (
            self._returning
            and self._busy is None
            and (self.obstacle in (None, "nothing_measured"))
            and monotonic() - self._stepped_at >= _STEP_SECONDS
        )

    async def async_return(self) -> None:
        """Go one step back to the setting that somebody chose."""
        self._stepped_at = monotonic()
        snapshot, intended = self.miner.snapshot, self.miner.intended
        present = snapshot.operating_point
        if self._paused and snapshot.state is MiningState.PAUSED:
            await self._async_do_at_once(
                Move(key=self.key, kind=Kind.RESUME, power=0.0)
            )
            return
        wanted = intended.operating_point if intended is not None else present
        if present is None or wanted is None or is_same(present, wanted):
            self._let_go()
            await self._async_save()
            return
        step = towards(present, wanted)
        await self._async_do_at_once(
            Move(key=self.key, kind=Kind.SET, point=step, power=0.0)
        )

    async def _async_do_at_once(self, move: Move) -> None:
        self.reserve(move)
        await self.async_do(move)


def _was_sent(err: HomeAssistantError) -> bool:
    """Return whether anything was sent to the miner before it failed."""
    return may_have_arrived(err) or isinstance(err.__cause__, SettingRejectedError)


def towards(present: OperatingPoint, wanted: OperatingPoint) -> OperatingPoint:
    """Return the next point on the way, no further than one write may move the voltage.

    Never with a higher clock than its voltage is known to suffice for.
    """
    change = wanted.core_voltage - present.core_voltage
    if abs(change) <= VOLTAGE_STEP:
        return wanted
    voltage = present.core_voltage + (VOLTAGE_STEP if change > 0 else -VOLTAGE_STEP)
    share = VOLTAGE_STEP / abs(change)
    rise = wanted.frequency - present.frequency
    return OperatingPoint(
        frequency=float(round(present.frequency + rise * share)), core_voltage=voltage
    )


def _changed(snapshot: Snapshot, to: Mapping[str, Any]) -> Snapshot:
    point = snapshot.operating_point
    if point is None:
        return snapshot
    values = {name: to[name] for name in POINT_NAMES & to.keys()}
    return replace(snapshot, operating_point=replace(point, **values))


def _read_point(stored: StoredObject) -> OperatingPoint | None:
    frequency = stored.number("frequency", bounds.FREQUENCY)
    core_voltage = stored.number("core_voltage", bounds.CORE_VOLTAGE)
    stored.finish()
    if frequency is None or core_voltage is None:
        return None
    return OperatingPoint(frequency=frequency, core_voltage=core_voltage)
