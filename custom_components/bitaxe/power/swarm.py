"""All miners that follow a power target: their own, or one that all share.

Every reading comes here, and once in a round of readings the controllers decide. A
miner that may not be changed counts for what it draws; the others take what is left.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
import logging
from math import inf, isfinite
from time import monotonic
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfPower
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.unit_conversion import PowerConverter

from ..axeos import bounds
from ..const import DOMAIN
from ..containment import Containment
from ..coordinator import MinerCoordinator
from ..miner.events import Occurrence
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import StoredObject
from ..swarm.block_odds import solo_odds
from ..swarm.coordinator import Swarm
from ..swarm.money import expected_earnings
from ..tuning.session import tuner_of
from .controller import MinerNow, Move, PowerController, Reason
from .counted import GONE
from .feeds import PriceGate, SurplusFeed
from .heater import Heater
from .model import MOST_POWER_OF_MINER, MOST_POWER_OF_SWARM, PowerOptions, SetBy, Sign
from .options import power_options
from .problem import LastingProblem
from .session import ABOVE, MinerPower, refusal

_LOGGER = logging.getLogger(__package__)

# s after its first reading that a round is over without those that did not answer.
_ROUND: Final = 8.0
_TARGET: Final = bounds.Bounds(0, MOST_POWER_OF_SWARM)
# s for which a break-even price counts after difficulty or height were known last.
_BREAK_EVEN_LASTS: Final = 86_400.0

_LOST: Final = frozenset({"surplus_unknown", "price_unknown", "break_even_unknown"})
"""What decides about the target where a sensor says nothing."""

DATA_POWER: HassKey[PowerManager] = HassKey(f"{DOMAIN}_power")


@callback
def async_get_power(hass: HomeAssistant) -> PowerManager:
    """Return what all miners share."""
    if (manager := hass.data.get(DATA_POWER)) is None:
        manager = hass.data[DATA_POWER] = PowerManager(hass)
    return manager


@callback
def power_of(hass: HomeAssistant, entry_id: str) -> MinerPower | None:
    """Return the power session of the miner of a config entry, while it is set up."""
    manager = hass.data.get(DATA_POWER)
    return None if manager is None else manager.miners.get(entry_id)


@callback
def swarm_power_of(hass: HomeAssistant) -> SwarmPower | None:
    """Return the target that all miners share, while the swarm is set up."""
    manager = hass.data.get(DATA_POWER)
    return None if manager is None else manager.swarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a target."""

    target: float | None
    """W that are kept to now."""
    reached: float | None
    """W that are drawn, without the scatter of single readings."""
    reason: str
    """Why it is not another power: a translation key."""
    set_by: SetBy | None
    """What decides about the target; `None` for the heat that a room needs."""


class SwarmPower:
    """The target that all miners share."""

    def __init__(self, hass: HomeAssistant, swarm: Swarm, entry: ConfigEntry) -> None:
        """Prepare; `async_start` recalls what was."""
        self.hass = hass
        self.swarm = swarm
        self.following = False
        """Whether the miners follow it."""
        self.target: float | None = None
        """W that somebody chose; beside a surplus the most that it may be."""
        self._entry = entry
        self._options = power_options(hass)
        self._surplus = SurplusFeed(
            self._options.surplus_minutes * 60, self._options.surplus_reserve
        )
        self._metered: tuple[datetime, float] | None = None
        """When the meter reported last, and the W that the miners drew then."""
        self._gate = PriceGate(inf)
        self._break_even: tuple[float, float] | None = None
        """When it was known last, and per kWh."""
        self._source: str | None = None
        self.store = EntryStore[dict[str, Any]](hass, entry.entry_id, StoredFile.POWER)
        """Where what was chosen is kept."""

    @property
    def options(self) -> PowerOptions:
        """What was chosen for all miners."""
        return self._options

    @property
    def source(self) -> str | None:
        """What decides about the target, other than the one that was chosen."""
        return self._source

    @property
    def set_by(self) -> SetBy:
        """What decides about the target in force."""
        match self._source:
            case None:
                return SetBy.CHOSEN
            case "surplus" | "surplus_unknown":
                return SetBy.SURPLUS
            case _:
                return SetBy.PRICE

    async def async_start(self) -> None:
        """Recall what was, and take part until the swarm's entry is unloaded."""
        await self.store.async_load(self._restore)
        manager = async_get_power(self.hass)
        manager.async_add_swarm(self)
        self._entry.async_on_unload(manager.async_remove_swarm)

    def _restore(self, stored: StoredObject) -> None:
        self.following = stored.flag("following") is True
        self.target = stored.number("target", _TARGET)

    async def _async_save(self) -> None:
        await self.store.async_save_changed(
            {"following": self.following, "target": self.target}
        )

    async def async_set_target(self, target: float) -> None:
        """Choose the W to keep to; nothing follows them unless that is wanted."""
        self.target = min(max(target, 0.0), MOST_POWER_OF_SWARM)
        await self._async_save()
        async_get_power(self.hass).async_target_changed()

    async def async_set_following(self, following: bool) -> None:
        """Have all miners follow the target, or none any more.

        Raises:
            ServiceValidationError: there is no target.

        """
        if following and self.target is None and self._options.surplus_entity is None:
            raise refusal("no_power_target")
        self.following = following
        await self._async_save()
        await async_get_power(self.hass).async_swarm_switched(rejoin=following)

    @callback
    def target_now(self, drawn: float) -> float:
        """Return the W to keep to now, while the miners draw so many W."""
        target = inf if self.target is None else self.target
        self._source = None
        now = monotonic()
        if self._options.surplus_entity is not None:
            spare = self._surplus_now(drawn)
            found = self._surplus.update(spare, now)
            if found is None:
                self._source = "surplus_unknown"
                return 0.0
            if found < target:
                target, self._source = found, "surplus"
        if self._options.price_limit is not None or self._options.price_break_even:
            price, limit = self.swarm.price, self._limit_now(now)
            if limit is not None:
                self._gate.limit = limit
            if not self._gate.update(None if limit is None else price, now):
                self._source = "too_expensive"
                if price is None:
                    self._source = "price_unknown"
                elif limit is None:
                    self._source = "break_even_unknown"
                return 0.0
        return min(target, MOST_POWER_OF_SWARM)

    def _limit_now(self, now: float) -> float | None:
        """Return the price per kWh up to which miners mine; `None` is unknown."""
        limit = self._options.price_limit
        if not self._options.price_break_even:
            return limit
        found = self.break_even_price()
        if found is not None:
            self._break_even = (now, found)
        elif (
            self._break_even is not None
            and now - self._break_even[0] < _BREAK_EVEN_LASTS
        ):
            # Miners that rest do not report what the network does.
            found = self._break_even[1]
        if found is None or limit is None:
            return found
        return min(found, limit)

    def break_even_price(self) -> float | None:
        """Return what a kWh is expected to bring at the most efficient measured points.

        Those, and not the present ones: whether it pays to begin must not depend on
        whether the miners mine. `None` unless prices, difficulty and height are known.
        """
        totals = self.swarm.totals
        points = [
            min(power.points, key=lambda item: item.power / item.hashrate)
            for power in async_get_power(self.hass).miners.values()
            if power.points and power.with_swarm
        ]
        if totals is None or not points:
            return None
        earnings = expected_earnings(
            solo_odds(sum(item.hashrate for item in points), totals.network_difficulty),
            totals.block_height,
            self.swarm.market,
            power=sum(item.power for item in points),
            cost_per_day=None,
        )
        return None if earnings is None else earnings.break_even_price

    def _surplus_now(self, drawn: float) -> float | None:
        """Return the W that may be used for mining, what is used already included."""
        options = self._options
        assert options.surplus_entity is not None
        state = self.hass.states.get(options.surplus_entity)
        if state is None:
            return None
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, UnitOfPower.WATT)
        try:
            value = PowerConverter.convert(float(state.state), unit, UnitOfPower.WATT)
        except ValueError, HomeAssistantError:
            return None
        if not isfinite(value) or abs(value) > 1e7:
            return None
        if options.surplus_sign is Sign.IMPORT:
            value = -value
        if not options.surplus_measures_miners:
            return value
        if self._metered is None or self._metered[0] != state.last_reported:
            # What they draw since is no part of it: a slow meter would be followed
            # further and further, each change as if it came on top of the last.
            self._metered = (state.last_reported, drawn)
        return value + self._metered[1]


class PowerManager:
    """Follows the readings of all miners, and has the controllers decide."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without miners."""
        self.hass = hass
        self.miners: dict[str, MinerPower] = {}
        self.swarm: SwarmPower | None = None
        self.heaters: dict[str, Heater] = {}
        """What heats rooms, by key."""
        self.outcomes: dict[str | None, Outcome] = {}
        """What came of each target, by miner or room; `None` is the swarm's."""
        self._swarm_target = inf
        self._unreached = LastingProblem()
        """That the swarm's target is not kept."""
        self._lost = LastingProblem()
        """That a sensor of which it comes says nothing."""
        self._lost_sensor: str | None = None
        self._reserved: dict[str, float] = {}
        self._controllers: dict[str | None, PowerController] = {}
        self._seen: dict[str | None, set[str]] = {}
        self._round_began: dict[str | None, float] = {}
        self._running: dict[str | None, int] = {}
        self._silent: dict[str, CALLBACK_TYPE] = {}
        """Stops the wait until a miner that does not answer counts as off."""
        self._containment = Containment()
        self._listeners: set[CALLBACK_TYPE] = set()

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when a target, what came of it or who follows may differ."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_notify(self) -> None:
        """Have everybody look who shows something of it."""
        for listener in list(self._listeners):
            with self._containment.of("A listener of power targets"):
                listener()

    @property
    def most_power(self) -> float | None:
        """W of the highest points of all miners of which some are known."""
        known = [
            power.most_power
            for power in self.miners.values()
            if power.most_power is not None
        ]
        return sum(known) if known else None

    # Who takes part

    async def async_add_miner(self, miner: MinerCoordinator) -> None:
        """Recall what a miner follows, and watch it until its entry is unloaded."""
        power = MinerPower(self.hass, miner)
        await power.async_load()
        power.swarm_follows = self.swarm is not None and self.swarm.following
        power.heater = next(
            (item for item in self.heaters.values() if item.takes(power.miner)), None
        )
        power.async_note_steering()
        self.miners[power.key] = power
        entry = miner.config_entry
        entry.async_on_unload(partial(self._remove_miner, power))

    @callback
    def async_watch_miner(self, miner: MinerCoordinator) -> None:
        """See every reading of a miner, once others have seen the first."""
        power = self.miners[miner.config_entry.entry_id]
        entry = miner.config_entry
        entry.async_on_unload(miner.async_add_listener(partial(self._read, power)))
        entry.async_on_unload(
            miner.async_add_occurrence_listener(partial(self._hear, power))
        )
        if (tuner := tuner_of(self.hass, power.key)) is not None:
            entry.async_on_unload(
                tuner.async_add_listener(partial(self._measured_more, power))
            )
        self._look(power)

    @callback
    def _remove_miner(self, power: MinerPower) -> None:
        self.miners.pop(power.key, None)
        self._stop_waiting(power)
        for seen in self._seen.values():
            seen.discard(power.key)
        self._controllers.pop(power.key, None)
        self.outcomes.pop(power.key, None)
        self._forget_ended()

    @callback
    def async_add_swarm(self, swarm: SwarmPower) -> None:
        """Follow the target of the swarm, if it is followed."""
        self.swarm = swarm
        self._controllers.pop(None, None)
        for power in self.miners.values():
            power.swarm_follows = swarm.following
            power.async_note_steering()
            power.async_meet_swarm()

    @callback
    def async_remove_swarm(self) -> None:
        """Leave the miners as they are: the swarm comes back."""
        self.swarm = None
        self._swarm_target = inf
        self.outcomes.pop(None, None)
        for power in self.miners.values():
            power.swarm_follows = False
            power.async_note_steering()

    # Rooms

    @callback
    def async_add_heater(self, heater: Heater) -> None:
        """Go on with the miners that it takes."""
        self.heaters[heater.key] = heater
        for power in self.miners.values():
            if heater.takes(power.miner):
                power.heater = heater

    async def async_heater_changed(self, heater: Heater, *, rejoin: bool) -> None:
        """Have those miners heat that it takes now, and let the others go.

        `rejoin` brings back those that left it, because somebody changed them by hand.
        """
        for power in list(self.miners.values()):
            if heater.takes(power.miner):
                await power.async_heat(heater, rejoin=rejoin)
            elif power.heater is heater:
                await power.async_heat(None)
        self.async_target_changed()

    @callback
    def async_remove_heater(self, heater: Heater) -> None:
        """Leave its miners as they are: it may come back.

        Before it is removed for good, it is taken from the miners.
        """
        self.heaters.pop(heater.key, None)
        for power in self.miners.values():
            if power.heater is heater:
                power.heater = None
        for known in (self._controllers, self.outcomes, self._reserved):
            known.pop(heater.key, None)

    def miners_of(self, heater: Heater) -> list[MinerPower]:
        """Return the miners that heat for it now."""
        return [
            power
            for power in self.miners.values()
            if power.heater is heater and power.is_heating
        ]

    async def async_swarm_switched(self, *, rejoin: bool) -> None:
        """Have the miners begin, or end what they began."""
        assert self.swarm is not None
        for power in list(self.miners.values()):
            power.swarm_follows = self.swarm.following
            with self._containment.of(f"The power of {power.miner.display_name}"):
                await power.async_steering_changed(rejoin=rejoin)
        self._unreached.forget()
        self._lost.forget()
        self.async_target_changed()

    @callback
    def async_target_changed(self) -> None:
        """Act on another target, or one that is not followed any more, at once."""
        self._forget_ended()
        for group in self._groups():
            self._decide(group, new=False)
        self.async_notify()

    def _forget_ended(self) -> None:
        """Forget what came of targets that no miner follows any more."""
        for key in self.outcomes.keys() - set(self._groups()):
            del self.outcomes[key]
            self._controllers.pop(key, None)

    # Reading by reading

    @callback
    def _hear(self, power: MinerPower, occurrence: Occurrence) -> None:
        if power.hear(occurrence):
            self.async_notify()

    @callback
    def _measured_more(self, power: MinerPower) -> None:
        """Learn of new profiles and trials, once a run is over."""
        tuner = tuner_of(self.hass, power.key)
        if tuner is not None and not tuner.is_running:
            self._refresh(power)

    def _refresh(self, power: MinerPower) -> None:
        power.miner.config_entry.async_create_background_task(
            self.hass, self._async_refresh(power), f"power points of {power.key}"
        )

    async def _async_refresh(self, power: MinerPower) -> None:
        with self._containment.of(f"What was measured of {power.miner.display_name}"):
            await power.measured.async_refresh()

    @callback
    def _read(self, power: MinerPower) -> None:
        """See a reading of a miner, or that there are none any more."""
        self._look(power)
        self._stop_waiting(power)
        if power.miner.last_update_success:
            return

        @callback
        def gone(_: datetime) -> None:
            del self._silent[power.key]
            self._look(power)

        # A coordinator that goes on failing does not call again.
        self._silent[power.key] = async_call_later(self.hass, GONE + 1, gone)

    def _stop_waiting(self, power: MinerPower) -> None:
        if (stop := self._silent.pop(power.key, None)) is not None:
            stop()

    @callback
    def _look(self, power: MinerPower) -> None:
        """See how a miner is."""
        if power.see():
            self.async_notify()
        if power.measured.must_refresh:
            self._refresh(power)
        if power.must_return:
            power.miner.config_entry.async_create_background_task(
                self.hass, power.async_return(), f"power of {power.key}"
            )
        new = power.take_reading()
        for group in self._groups_of(power):
            if new:
                self._seen.setdefault(group, set()).add(power.key)
                self._round_began.setdefault(group, monotonic())
            if self._is_followed(group) and self._round_is_over(group):
                self._decide(group, new=True)
                self.async_notify()

    def _groups_of(self, power: MinerPower) -> list[str | None]:
        """Return the targets that a reading of a miner counts for."""
        if power.is_heating:
            assert power.heater is not None
            # First what bounds it.
            return [*([None] if power.swarm_follows else ()), power.heater.key]
        if power.with_swarm or (power.swarm_follows and not power.is_steered):
            return [None]
        return [power.key]

    def _groups(self) -> list[str | None]:
        """Return the targets that are followed now."""
        return [
            key for key in (None, *self.heaters, *self.miners) if self._is_followed(key)
        ]

    def _is_followed(self, group: str | None) -> bool:
        """Return whether any miner follows a target now."""
        if group is None:
            return self.swarm is not None and self.swarm.following
        if (heater := self.heaters.get(group)) is not None:
            return bool(self.miners_of(heater))
        power = self.miners.get(group)
        return (
            power is not None
            and power.is_steered
            and not power.with_swarm
            and not power.is_heating
        )

    def _members(self, group: str | None) -> list[MinerPower]:
        """Return the miners that count for a target.

        For that of the swarm all do, steered or not.
        """
        if group is None:
            return list(self.miners.values())
        if (heater := self.heaters.get(group)) is not None:
            return self.miners_of(heater)
        return [self.miners[group]]

    def _round_is_over(self, group: str | None) -> bool:
        members = self._members(group)
        seen = self._seen.get(group, set())
        waited = monotonic() - self._round_began.get(group, monotonic())
        return waited >= _ROUND or all(
            power.key in seen
            for power in members
            if power.miner.last_update_success and not power.miner.missed_polls
        )

    def _decide(self, group: str | None, *, new: bool) -> None:
        """Have the controller of a target decide, and begin what it says."""
        seen: set[str] = set()
        if new:
            self._round_began.pop(group, None)
            seen = self._seen.pop(group, set())
        members = self._members(group)
        miners = [
            described
            if described.key in seen
            # What was read before the last change says nothing of it.
            else replace(described, believed=False)
            for described in map(self._describe, members)
        ]
        if group is None:
            # A miner that follows its own target is not changed for the swarm's.
            miners = [
                miner
                if self.miners[miner.key].with_swarm
                else replace(miner, free=False)
                for miner in miners
            ]
        drawn = sum(miner.power for miner in miners)
        heater = self.heaters.get(group) if group is not None else None
        kept = 0.0
        set_by: SetBy | None = SetBy.CHOSEN
        if group is None:
            assert self.swarm is not None
            target = self._swarm_target = self.swarm.target_now(drawn)
            set_by = self.swarm.set_by
            kept = sum(self._kept(heater) for heater in self.heaters.values())
        elif heater is not None:
            bounded = self._containment.value_of(
                "Heating of a room", partial(self._bounded, heater, miners), None
            )
            if bounded is None:
                # Nothing is known of the room: its miners stay as they are.
                return
            target, miners = bounded
            set_by = None
        else:
            own = self.miners[group].target
            assert own is not None
            target = own
        controller = self._controllers.setdefault(group, PowerController())
        moves: list[Move] = []
        with self._containment.of("A power target"):
            moves = controller.update(
                miners, max(target - kept, 0.0), monotonic(), new=new
            )
        outcome = Outcome(
            target=target if isfinite(target) else None,
            reached=drawn,
            reason=self._reason_of(group, controller),
            set_by=set_by,
        )
        self.outcomes[group] = outcome
        if new and group is None:
            self._judge_swarm(target, drawn, controller.reason)
        elif new and group in self.miners:
            self.miners[group].judge(target, drawn, outcome.reason)
        raising = [move for move in moves if self._raises(move)]
        lowering = [move for move in moves if move not in raising]
        if self._running.get(group):
            # What is on its way may fail: only what lowers power does not wait for it.
            raising = []
        for move in (*lowering, *raising):
            self.miners[move.key].reserve(move)
        if lowering or raising:
            self._running[group] = self._running.get(group, 0) + 1
            self.hass.async_create_background_task(
                self._async_carry_out(group, lowering, raising), "power targets"
            )

    def _judge_swarm(self, target: float, drawn: float, reason: Reason) -> None:
        """Report what lasts, with each miner that follows: a lost sensor, and excess.

        Nothing of it is reported where there is no surplus, or electricity is dear:
        then the miners are where they were meant to be.
        """
        assert self.swarm is not None
        now, source = monotonic(), self.swarm.source
        is_lost = source in _LOST
        begun = self._lost.update(now, wrong=is_lost, right=not is_lost)
        if begun:
            self._lost_sensor = source
        if begun is not None:
            action = "sensor_lost" if begun else "sensor_back"
            for power in self._followers():
                power.report(action, self._lost_sensor)
        meant = source is not None and reason is Reason.AT_LOWEST
        begun = self._unreached.update(
            now,
            wrong=drawn > target * ABOVE and not meant,
            right=drawn <= target or meant,
        )
        if begun is not None:
            why = self._reason_of(None, self._controllers[None]) if begun else None
            for power in self._followers():
                power.report_outcome(target, drawn, why)

    def _followers(self) -> list[MinerPower]:
        """Return the miners that follow the target of the swarm now."""
        return [power for power in self.miners.values() if power.with_swarm]

    def _describe(self, power: MinerPower) -> MinerNow:
        """Describe a miner; a faulty one counts for the most it may, and is left."""
        name = power.miner.display_name
        described = self._containment.value_of(
            f"The power of {name}", power.describe, None
        )
        if described is None or not isfinite(described.power):
            most = power.most_power or MOST_POWER_OF_MINER
            described = MinerNow(
                key=power.key, power=most, point=None, free=False, believed=False
            )
        return described

    def drawn(self, powers: Iterable[MinerPower]) -> float:
        """Return the W that some miners count for."""
        return sum(self._describe(power).power for power in powers)

    def _kept(self, heater: Heater) -> float:
        """Return the W of the swarm's target that others leave to a room's miners."""
        drawn = self.drawn(self.miners_of(heater))
        return max(self._reserved.get(heater.key, 0.0) - drawn, 0.0)

    def _bounded(
        self, heater: Heater, miners: list[MinerNow]
    ) -> tuple[float, list[MinerNow]]:
        """Return the W of a room's miners, and them, within the target of the swarm.

        What the room needs is reserved as far as the other miners can give way; it is
        taken once they have.
        """
        wanted = heater.target_now(miners)
        if self.swarm is None or not self.swarm.following:
            self._reserved.pop(heater.key, None)
            return wanted, miners
        others = [
            power
            for power in self.miners.values()
            if not (power.is_heating and power.heater is heater)
        ]
        drawn = self.drawn(others)
        least = sum(
            power.points[0].power
            if power.with_swarm and power.points and self._obstacle(power) is None
            else self._describe(power).power
            for power in others
        )
        self._reserved[heater.key] = min(wanted, max(self._swarm_target - least, 0.0))
        bound = max(self._swarm_target - drawn, 0.0)
        if bound < min(wanted, sum(m.points[0].power for m in miners if m.points)):
            # It is the power target that pauses them, where that may.
            miners = [
                replace(
                    miner,
                    may_pause=miner.may_pause
                    or self.miners[miner.key].pauses_for_target,
                )
                for miner in miners
            ]
        return min(wanted, bound), miners

    def _raises(self, move: Move) -> bool:
        """Return whether a move takes more power than its miner draws now."""
        power = self.miners.get(move.key)
        return power is not None and move.power > self._describe(power).power

    def _reason_of(self, group: str | None, controller: PowerController) -> str:
        if group is None:
            source = self.swarm.source if self.swarm is not None else None
            if source not in (None, "surplus"):
                return str(source)
        elif (
            group in self.miners
            and (obstacle := self._obstacle(self.miners[group])) is not None
        ):
            return obstacle
        if controller.reason is Reason.NOTHING_FREE and group not in self.miners:
            found = {
                obstacle
                for power in self._members(group)
                if power.is_steered and (obstacle := self._obstacle(power)) is not None
            }
            if len(found) == 1:
                return str(found.pop())
        return controller.reason.value

    async def _async_carry_out(
        self, group: str | None, lowering: list[Move], raising: list[Move]
    ) -> None:
        """Lower power first; raise it only once all of that is confirmed."""
        confirmed = False
        try:
            confirmed = all(await self._async_do_all(lowering))
            if confirmed:
                await self._async_do_all(raising)
        finally:
            self._running[group] -= 1
            for move in (*lowering, *raising):
                if (power := self.miners.get(move.key)) is not None:
                    power.release(move)
        if not confirmed and self._is_followed(group):
            # Others have to be lowered instead.
            self._decide(group, new=False)
        self.async_notify()

    async def _async_do_all(self, moves: Iterable[Move]) -> list[bool]:
        """Change several miners at once, those that still may be changed."""
        chosen = [
            (power, move)
            for move in moves
            if (power := self.miners.get(move.key)) is not None
            and power.is_steered
            and self._obstacle(power) is None
        ]
        return list(
            await asyncio.gather(
                *(self._async_do(power, move) for power, move in chosen)
            )
        )

    async def _async_do(self, power: MinerPower, move: Move) -> bool:
        """Change one of several; a fault of it is as if it had refused."""
        with self._containment.of(f"The power of {power.miner.display_name}"):
            return await power.async_do(move)
        return False

    def _obstacle(self, power: MinerPower) -> str | None:
        """Return why a miner may not be changed; one with a fault may not be."""
        return self._containment.value_of(
            f"The power of {power.miner.display_name}",
            lambda: power.obstacle,
            "offline",
        )
