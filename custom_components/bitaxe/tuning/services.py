"""Actions of the tuner: begin and end runs, keep and forget profiles."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..axeos import Settings
from ..const import DOMAIN
from ..coordinator import MinerCoordinator
from ..errors import as_home_assistant_error
from ..miner.agreement import check_expected
from ..miner.errors import SituationChangedError
from ..miner.write_log import person
from ..targets import async_do_to_all, miners_schema
from ..targets.inputs import finite, is_text, number, time_span
from ..texts import async_get_texts
from . import Goal, Targets
from .preparation import room_temperature
from .profiles import LONGEST_NAME, OWN_NAMES_NOT, Profile, Profiles
from .session import MinerTuner, tuner_of
from .soak import LONGEST_HOURS, SHORTEST_HOURS
from .task import AfterRestart

SERVICE_START_TUNING: Final = "start_tuning"
SERVICE_STOP_TUNING: Final = "stop_tuning"
SERVICE_START_SOAK_TEST: Final = "start_soak_test"
SERVICE_SAVE_PROFILE: Final = "save_profile"
SERVICE_DELETE_PROFILE: Final = "delete_profile"

ATTR_GOAL: Final = "goal"
ATTR_TIME_LIMIT: Final = "time_limit"
ATTR_AFTER_RESTART: Final = "after_restart"
ATTR_KEEP: Final = "keep"
ATTR_EXPECTED_STARTED: Final = "expected_started"
ATTR_EXPECTED_FREQUENCY: Final = "expected_frequency"
ATTR_EXPECTED_CORE_VOLTAGE: Final = "expected_core_voltage"
ATTR_NAME: Final = "name"
ATTR_PROFILE: Final = "profile"
ATTR_HOURS: Final = "hours"
DEFAULT_HOURS: Final = 12
KEEP_BEST: Final = "best"
KEEP_ORIGINAL: Final = "original"

_SHORTEST_RUN: Final = timedelta(minutes=10)
_LONGEST_RUN: Final = timedelta(days=2)
# Unix time; later than anybody begins a run.
_LATEST: Final = 4_000_000_000

# Lowest and highest value of each limit, in the unit that services.yaml names.
LIMITS: Final = {
    "maximum_power": (1, 1000),
    "maximum_temperature": (40, 90),
    "maximum_vr_temperature": (40, 110),
    "maximum_fan_speed": (20, 100),
    "minimum_hashrate": (1, 100_000),
}

RANGES: Final = LIMITS | {
    ATTR_TIME_LIMIT: (_SHORTEST_RUN.total_seconds(), _LONGEST_RUN.total_seconds()),
    ATTR_HOURS: (SHORTEST_HOURS, LONGEST_HOURS),
}
"""The same with the time limit, in s, and the hours of a soak test."""

_START_SCHEMA: Final = miners_schema(
    {
        vol.Optional(ATTR_GOAL, default=Goal.BALANCED.value): vol.In(
            [goal.value for goal in Goal]
        ),
        vol.Optional(ATTR_TIME_LIMIT): vol.All(
            time_span, vol.Range(_SHORTEST_RUN, _LONGEST_RUN)
        ),
        vol.Optional(ATTR_AFTER_RESTART, default=AfterRestart.RESTORE.value): vol.In(
            [choice.value for choice in AfterRestart]
        ),
    }
    | {
        vol.Optional(name): vol.All(finite, vol.Range(low, high))
        for name, (low, high) in LIMITS.items()
    }
)
_STOP_SCHEMA: Final = miners_schema(
    {
        vol.Optional(ATTR_KEEP, default=KEEP_BEST): vol.In([KEEP_BEST, KEEP_ORIGINAL]),
        vol.Optional(ATTR_EXPECTED_STARTED): vol.All(finite, vol.Range(0, _LATEST)),
    }
)
_SOAK_SCHEMA: Final = miners_schema(
    {
        vol.Required(ATTR_PROFILE): vol.All(cv.string, vol.Strip),
        vol.Optional(ATTR_HOURS, default=DEFAULT_HOURS): vol.All(
            finite, vol.Range(SHORTEST_HOURS, LONGEST_HOURS)
        ),
    }
)
_NAME: Final = {vol.Required(ATTR_NAME): vol.All(cv.string, vol.Strip)}
_SAVE_SCHEMA: Final = miners_schema(
    _NAME
    | {
        vol.Optional(ATTR_EXPECTED_FREQUENCY): number,
        vol.Optional(ATTR_EXPECTED_CORE_VOLTAGE): number,
    }
)
_DELETE_SCHEMA: Final = miners_schema(_NAME)


@callback
def async_setup_tuning_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, action, schema in (
        (SERVICE_START_TUNING, _async_start_tuning, _START_SCHEMA),
        (SERVICE_STOP_TUNING, _async_stop_tuning, _STOP_SCHEMA),
        (SERVICE_START_SOAK_TEST, _async_start_soak_test, _SOAK_SCHEMA),
        (SERVICE_SAVE_PROFILE, _async_save_profile, _SAVE_SCHEMA),
        (SERVICE_DELETE_PROFILE, _async_delete_profile, _DELETE_SCHEMA),
    ):
        hass.services.async_register(DOMAIN, name, action, schema)


def targets_of(data: dict[str, Any]) -> Targets:
    """Return the goal and the limits of an action's data."""
    limit: timedelta | None = data.get(ATTR_TIME_LIMIT)
    return Targets(
        goal=Goal(data[ATTR_GOAL]),
        time_limit=None if limit is None else limit.total_seconds(),
        **{name: data.get(name) for name in LIMITS},
    )


async def _async_start_tuning(call: ServiceCall) -> None:
    targets = targets_of(call.data)
    after_restart = AfterRestart(call.data[ATTR_AFTER_RESTART])

    async def start(miner: MinerCoordinator) -> None:
        await _tuner(call.hass, miner).async_begin(
            targets, after_restart, origin=person(call.context)
        )

    await async_do_to_all(call, start)


async def _async_stop_tuning(call: ServiceCall) -> None:
    keep_best = call.data[ATTR_KEEP] == KEEP_BEST

    async def stop(miner: MinerCoordinator) -> None:
        await _tuner(call.hass, miner).async_end(
            keep_best=keep_best,
            origin=person(call.context),
            expected_started=call.data.get(ATTR_EXPECTED_STARTED),
        )

    await async_do_to_all(call, stop)


async def _async_start_soak_test(call: ServiceCall) -> None:
    profile: str = call.data[ATTR_PROFILE]
    hours: float = call.data[ATTR_HOURS]

    async def start(miner: MinerCoordinator) -> None:
        await _tuner(call.hass, miner).async_begin_soak_test(
            profile, hours, origin=person(call.context)
        )

    await async_do_to_all(call, start)


async def _async_save_profile(call: ServiceCall) -> None:
    """Keep the present settings of miners under a name."""
    name: str = call.data[ATTR_NAME]
    if not name or not is_text(name, LONGEST_NAME) or name.lower() in OWN_NAMES_NOT:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_profile_name",
            translation_placeholders={"longest": str(LONGEST_NAME)},
        )
    shown = Settings(
        frequency=call.data.get(ATTR_EXPECTED_FREQUENCY),
        core_voltage=call.data.get(ATTR_EXPECTED_CORE_VOLTAGE),
    )
    await async_do_to_all(call, partial(_async_save_of, call.hass, name, shown))


async def _async_save_of(
    hass: HomeAssistant, name: str, shown: Settings, miner: MinerCoordinator
) -> None:
    tuner = _tuner(hass, miner)

    def save(profiles: Profiles) -> None:
        profile = _present(hass, name, shown, tuner)
        if profiles.is_full and name not in profiles:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="too_many_profiles"
            )
        profiles.save(profile)

    await tuner.async_change_profiles(save)


def _present(
    hass: HomeAssistant, name: str, shown: Settings, tuner: MinerTuner
) -> Profile:
    """Return the present settings of a miner as a profile.

    Raises:
        HomeAssistantError: they are not known, not what was shown, or those of a run.

    """
    miner = tuner.miner
    point = miner.snapshot.operating_point
    if tuner.is_running:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="tuning_running"
        )
    if point is None or not miner.last_update_success:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="tuning_offline"
        )
    try:
        check_expected(shown, miner.snapshot, async_get_texts(hass))
    except SituationChangedError as err:
        raise as_home_assistant_error(hass, err) from err
    return Profile(
        name=name,
        point=point,
        hashrate=miner.snapshot.hashing.hashrate,
        power=miner.snapshot.electrical.power,
        room_temperature=room_temperature(hass, miner),
        time=dt_util.utcnow().timestamp(),
        hardware=miner.snapshot.identity.hardware,
    )


async def _async_delete_profile(call: ServiceCall) -> None:
    name: str = call.data[ATTR_NAME]

    def delete(profiles: Profiles) -> None:
        if name not in profiles:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="unknown_profile",
                translation_placeholders={"name": name[:LONGEST_NAME]},
            )
        profiles.delete(name)

    async def delete_of(miner: MinerCoordinator) -> None:
        await _tuner(call.hass, miner).async_change_profiles(delete)

    await async_do_to_all(call, delete_of)


def _tuner(hass: HomeAssistant, miner: MinerCoordinator) -> MinerTuner:
    tuner = tuner_of(hass, miner.config_entry.entry_id)
    if tuner is None:
        # Between the reading of a miner and the set-up of all that belongs to it.
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_miner_set_up"
        )
    return tuner
