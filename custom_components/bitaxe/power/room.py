"""How many W a room needs, and what its temperature sensor is worth. Pure.

A proportional and an integral part (PI) of the deviation give the W, as for any heater
that can be set almost continuously. A power target turns them into operating points:
since that costs one of few writes an hour, the W are only changed in steps, and not
often. Pausing is left to a hysteresis with minimum times, because each pause is a cold
start.
"""

from dataclasses import dataclass
from math import inf, isfinite
from typing import Final

# K of deviation for which all the power is taken, without the integral part; and W per
# K at most, because the air of a small room with furniture has some 250 kJ/K, and a
# change may have to wait for ten minutes.
_BAND: Final = 0.6
_STEEPEST: Final = 250.0
# s in which a lasting deviation adds as much as the proportional part is.
_INTEGRAL_TIME: Final = 1.5 * 3600.0
# K beyond which the integral part rests: the way to a new target is no deviation.
_INTEGRATES_WITHIN: Final = 1.0
# s that one look counts for at most, as after a restart.
_LONGEST_STEP: Final = 600.0
# s between two changes of the W, and the share of all the power by which they change at
# once.
_INTERVAL: Final = 600.0
_URGENT: Final = 0.25
# Share of all the power by which the W change at least.
_STEP: Final = 0.04
# Share of what the lowest points draw from which on all miners are needed.
_ALL_RUN: Final = 1.05
# How much more than what the highest points draw is asked for where all is wanted.
_ALL: Final = 1.1
# Share of what is asked for that must be drawn for the integral part to grow.
_SERVED: Final = 0.85

# °C that a room has.
_COLDEST: Final = -30.0
_HOTTEST: Final = 50.0
# A room does not change by so many K within so many s; a reading that stays so is
# believed in the end.
_LEAP: Final = 4.0
_LEAP_SECONDS: Final = 600.0
PATIENCE: Final = 300.0
"""Seconds for which the last temperature of a sensor that went silent still counts."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of the miners of a room."""

    power: float
    """W together, at most."""
    may_pause: bool
    """Whether those that do not fit may be paused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomNow:
    """A room as of now."""

    temperature: float
    """°C."""
    target: float
    """°C."""
    lowest: float
    """W of the lowest operating points of its miners."""
    highest: float
    """W of the highest ones."""
    drawn: float
    """W that its miners draw."""


class RoomController:
    """Works out the W of one room, from its temperature."""

    def __init__(
        self,
        *,
        hysteresis: float,
        pauses: bool,
        minimum_run: float = 0.0,
        minimum_rest: float = 0.0,
        integral: float | None = None,
        resting: bool = False,
    ) -> None:
        """Prepare to control one room.

        Args:
            hysteresis: K above the target from which on miners may pause, and below it
                at which they hash again.
            pauses: Whether they may pause at all.
            minimum_run: s that they hash at least, once they do.
            minimum_rest: s that they rest at least.
            integral: Share of all the power to begin with, as `integral` returned it.
            resting: Whether the miners rest at first, as `is_resting` returned it.

        """
        self._hysteresis = hysteresis
        self._pauses = pauses
        self._minimum_run = minimum_run
        self._minimum_rest = minimum_rest
        self._integral = integral
        self._seen_at: float | None = None
        self._given: float | None = None
        self._given_at = -inf
        self._resting = resting and pauses
        self._turned_at = -inf
        self.wanted = 0.0
        """W that the room needs, as of the last look."""

    @property
    def integral(self) -> float | None:
        """Share of all the power that the room has needed lately."""
        return self._integral

    @property
    def is_resting(self) -> bool:
        """Whether the miners may pause, because the room is too warm."""
        return self._resting

    def forget(self) -> None:
        """Begin anew after a time in which the temperature said nothing."""
        self._seen_at = None
        self._given = None

    def hurry(self) -> None:
        """Change the W at once, because somebody wants something else."""
        self._given = None

    def update(self, room: RoomNow, now: float) -> Demand:
        """Return what to ask for; `now` is in s of a monotonic clock."""
        least = 0.0 if self._pauses else room.lowest
        span = max(room.highest - least, 1.0)
        deviation = room.target - room.temperature
        part = min(span / _BAND, _STEEPEST)
        if self._integral is None:
            # As much as at the least, as nothing is known yet.
            self._integral = (room.lowest - least) / span
        self._integrate(room, deviation, part / span, now)
        wanted = least + part * deviation + self._integral * span
        self.wanted = min(max(wanted, least), room.highest)
        if self._pauses:
            self._rest_or_run(room, deviation, now)
        return Demand(self._give(room, span, now), self._pauses and self._resting)

    def _integrate(
        self, room: RoomNow, deviation: float, share: float, now: float
    ) -> None:
        assert self._integral is not None
        before, self._seen_at = self._seen_at, now
        if before is None or abs(deviation) > _INTEGRATES_WITHIN:
            return
        if deviation > 0 and self._given is not None:
            asked = min(self._given, room.highest)
            if room.drawn < _SERVED * asked:
                # Somebody else holds them: more would not be served either.
                return
        seconds = min(now - before, _LONGEST_STEP)
        gained = deviation * share * seconds / _INTEGRAL_TIME
        self._integral = min(max(self._integral + gained, 0.0), 1.0)

    def _rest_or_run(self, room: RoomNow, deviation: float, now: float) -> None:
        """Begin to rest above the target, and to run below it, after minimum times."""
        if self._resting:
            due = deviation >= self._hysteresis or self.wanted > _ALL_RUN * room.lowest
            least = self._minimum_rest
        else:
            due = deviation <= -self._hysteresis and self.wanted < room.lowest
            least = self._minimum_run
        if due and now - self._turned_at >= least:
            self._resting = not self._resting
            self._turned_at = now
            self._given = None

    def _give(self, room: RoomNow, span: float, now: float) -> float:
        """Return the W to ask for, which change seldom."""
        wanted = self.wanted
        if not self._resting:
            wanted = max(wanted, room.lowest)
        if self._given is None:
            self._change(wanted, now)
        assert self._given is not None
        difference = abs(wanted - self._given)
        at_end = wanted in (room.highest, room.lowest) and difference > 0
        if difference >= _URGENT * span or (
            (difference >= _STEP * span or at_end) and now - self._given_at >= _INTERVAL
        ):
            self._change(wanted, now)
        return self._given * (_ALL if self._given >= room.highest else 1.0)

    def _change(self, wanted: float, now: float) -> None:
        self._given, self._given_at = wanted, now


class RoomSensor:
    """Judges whether the temperature sensor of a room can be believed."""

    def __init__(self, longest_silence: float) -> None:
        """Take a sensor for lost that reported nothing for so many s; 0 is never."""
        self._longest_silence = longest_silence
        self._believed: float | None = None
        self._believed_at = -inf
        self._lost_since: float | None = None
        self.problem: str | None = None
        """Why the sensor says nothing now: a translation key."""

    def read(
        self, temperature: float | None, silent_for: float, now: float
    ) -> float | None:
        """Return °C that may be acted on, `None` once there have been none for long.

        Args:
            temperature: °C that the sensor shows; `None` for none, NaN for nonsense.
            silent_for: s since the sensor reported last.
            now: s of a monotonic clock.

        """
        self.problem = self._judge(temperature, silent_for, now)
        if self.problem is None:
            assert temperature is not None
            self._believed, self._believed_at = temperature, now
            self._lost_since = None
            return temperature
        if self._lost_since is None:
            self._lost_since = now
        if now - self._lost_since >= PATIENCE:
            self._believed = None
        return self._believed

    def waits(self, now: float) -> bool:
        """Return whether a sensor that says nothing may still report in time."""
        return self._lost_since is not None and now - self._lost_since < PATIENCE

    def _judge(
        self, temperature: float | None, silent_for: float, now: float
    ) -> str | None:
        if temperature is None:
            return "sensor_lost"
        if not isfinite(temperature) or not _COLDEST <= temperature <= _HOTTEST:
            return "sensor_absurd"
        if self._longest_silence and silent_for >= self._longest_silence:
            return "sensor_silent"
        if self._is_leap(temperature, now):
            return "sensor_absurd"
        return None

    def _is_leap(self, temperature: float, now: float) -> bool:
        """Return whether a reading has just jumped further than a room can."""
        return (
            self._believed is not None
            and now - self._believed_at < _LEAP_SECONDS
            and abs(temperature - self._believed) > _LEAP
            and (self._lost_since is None or self.waits(now))
        )
