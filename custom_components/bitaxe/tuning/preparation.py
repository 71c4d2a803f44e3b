"""What a run has to know of a miner before it begins."""

from dataclasses import replace
from datetime import timedelta
import logging
from typing import Final

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import TemperatureConverter

from ..analysis.errors import AnalysisError
from ..analysis.span import Span
from ..axeos import Limits, MiningState, OperatingPoint, Snapshot
from ..coordinator import MinerCoordinator
from ..guard.heat import critical_asic_level, critical_vr_level
from ..guard.model import GuardOptions
from ..miner.names import device_of
from ..results.queries import async_get_configurations
from . import KnownPoint, Machine

_LOGGER = logging.getLogger(__name__)

# What was measured longer ago says little: dust has settled, and the paste has aged.
_HISTORY: Final = timedelta(days=60)
# °C and share of W that a run stays below the levels at which the guard acts.
_BELOW_GUARD: Final = 1.0
_POWER_BELOW_GUARD: Final = 0.98


def within(limits: Limits | None, point: OperatingPoint) -> bool:
    """Return whether an operating point is one that may be set."""
    return (
        limits is not None
        and limits.frequency[0] <= point.frequency <= limits.frequency[1]
        and limits.core_voltage[0] <= point.core_voltage <= limits.core_voltage[1]
    )


def obstacle(miner: MinerCoordinator) -> str | None:
    """Return the key of what keeps a miner from being tuned now, if anything does."""
    snapshot, board = miner.snapshot, miner.client.board
    if not miner.last_update_success:
        return "tuning_offline"
    if board is None or Machine.of(board, snapshot, miner.limits) is None:
        return "tuning_unknown_board"
    if snapshot.state is not MiningState.MINING or snapshot.faults.overheated:
        return "tuning_not_mining"
    if miner.is_detuned:
        return "tuning_detuned"
    point = snapshot.operating_point
    if point is None or not within(miner.limits, point):
        return "tuning_outside_limits"
    return None


async def async_describe_machine(
    hass: HomeAssistant, miner: MinerCoordinator, guard: GuardOptions
) -> Machine:
    """Describe a miner that `obstacle` has nothing to say about.

    A run stays below the levels at which the guard would act.
    """
    board, limits, snapshot = miner.client.board, miner.limits, miner.snapshot
    assert board is not None
    assert limits is not None
    plain = Machine.of(
        board,
        snapshot,
        limits,
        room_temperature=room_temperature(hass, miner),
        known=await _async_known(hass, miner, limits),
    )
    assert plain is not None
    return _below_guard(plain, snapshot, guard)


def describe_present(miner: MinerCoordinator, guard: GuardOptions) -> Machine | None:
    """Describe a miner as it is now, without its history.

    `None` if nothing is known of what may be set.
    """
    board, snapshot = miner.client.board, miner.snapshot
    if board is None:
        return None
    plain = Machine.of(board, snapshot, miner.limits)
    return None if plain is None else _below_guard(plain, snapshot, guard)


def _below_guard(plain: Machine, snapshot: Snapshot, guard: GuardOptions) -> Machine:
    """Return a description that stays below the levels at which the guard would act."""
    maximum_power = plain.maximum_power
    if guard.maximum_power is not None:
        kept = guard.maximum_power * _POWER_BELOW_GUARD
        maximum_power = min(kept, maximum_power or kept)
    return replace(
        plain,
        maximum_power=maximum_power,
        maximum_temperature=min(
            plain.maximum_temperature,
            critical_asic_level(snapshot, guard) - _BELOW_GUARD,
        ),
        maximum_vr_temperature=min(
            plain.maximum_vr_temperature,
            critical_vr_level(snapshot, guard) - _BELOW_GUARD,
        ),
    )


@callback
def room_temperature(hass: HomeAssistant, miner: MinerCoordinator) -> float | None:
    """Return °C in the area of a miner, if Home Assistant has a sensor for it."""
    device = device_of(hass, miner.config_entry)
    if device is None or device.area_id is None:
        return None
    area = ar.async_get(hass).async_get_area(device.area_id)
    state = (
        hass.states.get(area.temperature_entity_id)
        if area is not None and area.temperature_entity_id is not None
        else None
    )
    if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, UnitOfTemperature.CELSIUS)
    try:
        value = TemperatureConverter.convert(
            float(state.state), unit, UnitOfTemperature.CELSIUS
        )
    except ValueError, HomeAssistantError:
        return None
    return round(value, 1) if -30 < value < 60 else None


async def _async_known(
    hass: HomeAssistant, miner: MinerCoordinator, limits: Limits
) -> tuple[KnownPoint, ...]:
    """Return what the recorder says of operating points that may be set."""
    now = dt_util.utcnow()
    try:
        found = await async_get_configurations(
            hass, [miner], Span.between(now - _HISTORY, now)
        )
    except AnalysisError as err:
        _LOGGER.debug("%s: nothing is known from before: %s", miner.display_name, err)
        return ()
    return tuple(
        KnownPoint(
            point=item.operating_point,
            hashrate=item.hashrate.value,
            power=item.power,
            hours=item.hours,
            temperature=item.asic_temperature,
            vr_temperature=item.vr_temperature,
            fan_speed=item.fan_speed,
        )
        for item in found[0].configurations
        if item.measured_enough and item.power and within(limits, item.operating_point)
    )
