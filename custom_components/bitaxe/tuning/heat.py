"""Temperatures and fan at operating points that were not measured.

Heat goes into the air of the room: `°C - room = W / conductance`, and the conductance
rises with the fan. What was measured is the anchor; the further away, the more
pessimistic. Fan noise is the fan's speed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import math
from typing import Final

# Rather too cold: then more of the temperature is heat of the miner, and rises with it.
_ROOM: Final = 20.0
_FLOW_EXPONENT: Final = 0.6
_FULL: Final = 100.0
_ALMOST_FULL: Final = 98.0
# How much more heat than predicted is reckoned with, per relative change of the power.
_PESSIMISM: Final = 0.3
_PESSIMISM_AT_FULL_FAN: Final = 0.06
# °C between regulator and ASIC, per relative change of the power: benchmarks show 3 to
# 33.
_VR_SLOPE: Final = 20.0
_VR_SLOPE_KNOWN: Final = 0.3
_VR_RATIO: Final = 0.1
# How the power may rise at once.
_HOP_SPARE: Final = 2.0
_LEAST_HOP: Final = 1.05
_MOST_HOP: Final = 1.35


@dataclass(frozen=True, slots=True)
class HeatSeen:
    """What was measured at W: °C of ASIC and regulator, and % of the fan."""

    power: float
    temperature: float | None
    vr_temperature: float | None
    fan_speed: float | None


@dataclass(frozen=True, slots=True)
class Climate:
    """Upper ends of what is to be expected; `None` is unknown."""

    temperature: float | None
    vr_temperature: float | None
    fan_speed: float | None


class Heat:
    """The model of heat after all that was measured."""

    def __init__(
        self,
        seen: Sequence[HeatSeen],
        *,
        room: float | None,
        target: float | None,
    ) -> None:
        """Take anchors; `target` is what an automatic fan aims for, in °C."""
        self._seen = [item for item in seen if item.power > 0]
        self._room = _ROOM if room is None else room
        self._target = target

    def at(self, power: float) -> Climate:
        """Return the upper ends of temperatures and fan at W."""
        if not self._seen:
            return Climate(None, None, None)
        anchor = min(self._seen, key=lambda item: abs(item.power - power))
        change = power / anchor.power - 1
        # With the fan at its end nothing but the power changes any more.
        full = anchor.fan_speed is not None and anchor.fan_speed >= _ALMOST_FULL
        fear = _PESSIMISM_AT_FULL_FAN if full else _PESSIMISM
        feared = power * (1 + fear * max(0.0, change))
        temperature, fan = self._regulated(anchor, feared)
        return Climate(temperature, self._vr(anchor, change, temperature), fan)

    def _regulated(
        self, anchor: HeatSeen, power: float
    ) -> tuple[float | None, float | None]:
        if anchor.temperature is None:
            return None, None
        # A room may be colder than its sensor says, or warmer than assumed.
        room = min(self._room, anchor.temperature - 5)
        rise = (anchor.temperature - room) * power / anchor.power
        if anchor.fan_speed is None or self._target is None:
            return room + rise, anchor.fan_speed
        # The fan holds its target until it can do no more; below it, it idles. Some
        # hold what is above their target, but one at its end has only missed it.
        held = self._target
        if anchor.fan_speed < _ALMOST_FULL:
            held = max(held, anchor.temperature)
        aim = max(held - room, 1.0)
        flow = _flow(anchor.fan_speed) * rise / aim
        fan = _FULL * math.pow(flow, 1 / _FLOW_EXPONENT)
        if fan > _FULL:
            return room + aim * flow, _FULL
        if power >= anchor.power:
            fan = max(fan, min(anchor.fan_speed, _FULL))
        return room + aim, fan

    def _vr(
        self, anchor: HeatSeen, change: float, temperature: float | None
    ) -> float | None:
        if anchor.vr_temperature is None:
            return None
        warmer = 0.0
        if temperature is not None and anchor.temperature is not None:
            warmer = temperature - anchor.temperature
            if change < 0:
                gap = max(0.0, anchor.vr_temperature - anchor.temperature)
                return anchor.vr_temperature + min(0.0, warmer) + gap * change
            warmer = max(0.0, warmer)
        slope = self._vr_slope(anchor)
        return anchor.vr_temperature + warmer + slope * max(0.0, change)

    def _vr_slope(self, anchor: HeatSeen) -> float:
        """Return how regulator and ASIC part with power; pessimistic until seen."""
        gaps = [
            (item.power / anchor.power - 1, item.vr_temperature - item.temperature)
            for item in self._seen
            if item.vr_temperature is not None and item.temperature is not None
        ]
        others = [(change, gap) for change, gap in gaps if abs(change) > _VR_RATIO]
        own = [gap for change, gap in gaps if change == 0]
        if not own or not others:
            return _VR_SLOPE
        seen = max((gap - own[0]) / change for change, gap in others)
        return max(4.0, seen * (1 + _VR_SLOPE_KNOWN))


def hop_ratio(temperature: float, limit: float, room: float | None) -> float:
    """Return by which factor the power may rise at once from a temperature in °C.

    The fan takes a minute or two to follow; meanwhile about half of the rise is there.
    """
    spare = limit - _HOP_SPARE - temperature
    rise = temperature - (_ROOM if room is None else room)
    if rise <= 1:
        return _MOST_HOP
    return max(_LEAST_HOP, min(_MOST_HOP, 1 + 2 * spare / rise))


def _flow(fan_speed: float) -> float:
    return math.pow(max(0.1, min(_FULL, fan_speed) / _FULL), _FLOW_EXPONENT)
