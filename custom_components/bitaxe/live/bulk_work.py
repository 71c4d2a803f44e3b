"""Does the same to several miners that somebody chose on a card, and reports each.

What a person confirms is a plan, made by the last readings. What is done is decided
anew by each miner, so the outcome may differ from the plan, and says why.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import JsonObjectType, JsonValueType
from homeassistant.util.ulid import ulid_now

from ..axeos import (
    Command,
    MiningState,
    OperatingPoint,
    Settings,
    Snapshot,
    UnsupportedSettingError,
)
from ..const import DOMAIN
from ..containment import Containment, async_attempt, attempt
from ..coordinator import MinerCoordinator
from ..errors import as_home_assistant_error
from ..guard.guard import DEFAULT_MAINTENANCE, MinerGuard, guard_of
from ..miner.agreement import check_planned
from ..miner.write_log import Origin
from ..permissions import may_control, may_read
from ..swarm.rolling_restart import async_restart_each_in_turn
from ..targets import (
    AT_ONCE,
    Result,
    async_device_id,
    async_resolve_targets,
    outcome_as_json,
)
from ..tuning.session import tuner_of

_CONTAINMENT: Final = Containment()

_WORK: HassKey[dict[str, BulkWork]] = HassKey(f"{DOMAIN}_bulk_work")

type Report = Callable[[JsonObjectType], None]


class BulkAction(StrEnum):
    """What can be done to several miners."""

    RESTART = "restart"
    PAUSE = "pause"
    RESUME = "resume"
    APPLY_PROFILE = "apply_profile"
    START_MAINTENANCE = "start_maintenance"
    END_MAINTENANCE = "end_maintenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants done."""

    action: BulkAction
    origin: Origin
    profile: str | None = None
    """Name of the profile to apply."""
    duration: timedelta = DEFAULT_MAINTENANCE
    """How long maintenance lasts."""
    planned: Mapping[str, Mapping[str, JsonValueType]] | None = None
    """The changes that a preview has shown, by device; others are not made."""


@dataclass(slots=True)
class _Chosen:
    """The miners of some devices, and the outcomes of those that are none."""

    miners: list[MinerCoordinator] = field(default_factory=list)
    refused: list[JsonObjectType] = field(default_factory=list)


class BulkWork:
    """An order that is being carried out."""

    def __init__(
        self,
        hass: HomeAssistant,
        user: User,
        order: Order,
        device_ids: Iterable[str],
        report: Report,
    ) -> None:
        """Prepare; `report` hears of each miner, and of the end."""
        self.id = ulid_now()
        self.user_id = user.id
        self._hass = hass
        self._order = order
        self._chosen = _choose(hass, user, device_ids)
        self._report: Report | None = report
        self._stopped = False

    @callback
    def async_start(self) -> None:
        """Begin; it goes on when the page is closed, but not after `async_stop`."""
        self._hass.data.setdefault(_WORK, {})[self.id] = self
        self._send({"type": "begun", "work": self.id})
        self._hass.async_create_background_task(
            self._async_run(), f"{DOMAIN} {self._order.action}"
        )

    @callback
    def async_stop(self) -> None:
        """Do nothing to those miners whose turn has not come."""
        self._stopped = True

    @callback
    def async_report_to_nobody(self) -> None:
        """Go on although nobody looks any more."""
        self._report = None

    async def _async_run(self) -> None:
        try:
            for outcome in self._chosen.refused:
                self._send({"type": "outcome", **outcome})
            if self._order.action is BulkAction.RESTART:
                await async_restart_each_in_turn(
                    self._chosen.miners,
                    self._order.origin,
                    self._done,
                    lambda: self._stopped,
                )
            else:
                turns = asyncio.Semaphore(AT_ONCE)
                await asyncio.gather(
                    *(self._async_do(miner, turns) for miner in self._chosen.miners)
                )
        finally:
            del self._hass.data[_WORK][self.id]
            self._send({"type": "end", "stopped": self._stopped})

    async def _async_do(
        self, miner: MinerCoordinator, turns: asyncio.Semaphore
    ) -> None:
        async with turns:
            if self._stopped:
                return
            result = Result.DONE

            async def act() -> None:
                nonlocal result
                if _plan(self._hass, miner, self._order) is None:
                    result = Result.UNCHANGED
                    return
                await _act(self._hass, miner, self._order)

            err = await async_attempt(miner.display_name, act())
        self._done(miner, err, result)

    @callback
    def _done(
        self,
        miner: MinerCoordinator,
        err: HomeAssistantError | None,
        result: Result = Result.DONE,
    ) -> None:
        outcome = outcome_as_json(
            self._hass,
            async_device_id(self._hass, miner),
            miner.display_name,
            result if err is None else Result.REFUSED,
            err,
        )
        self._send({"type": "outcome", **outcome})

    def _send(self, event: JsonObjectType) -> None:
        if self._report is not None:
            # A connection that breaks keeps no miner from its turn.
            with _CONTAINMENT.of("A connection"):
                self._report(event)


@callback
def async_find_work(hass: HomeAssistant, work_id: str) -> BulkWork | None:
    """Return what is being done, unless it is over."""
    return hass.data.get(_WORK, {}).get(work_id)


@callback
def async_preview(
    hass: HomeAssistant, user: User, order: Order, device_ids: Sequence[str]
) -> list[JsonObjectType]:
    """Return what would become of each miner; nothing is sent."""
    chosen = _choose(hass, user, device_ids)
    outcomes = chosen.refused
    for miner in chosen.miners:
        changes: dict[str, JsonValueType] | None = {}
        error: HomeAssistantError | None = None
        plan = attempt(miner.display_name, partial(_plan, hass, miner, order))
        if isinstance(plan, HomeAssistantError):
            error = plan
        else:
            changes = plan
        outcomes.append(
            outcome_as_json(
                hass,
                async_device_id(hass, miner),
                miner.display_name,
                Result.REFUSED
                if error is not None
                else Result.UNCHANGED
                if changes is None
                else Result.PLANNED,
                error,
                changes=changes or {},
            )
        )
    return outcomes


@callback
def _choose(hass: HomeAssistant, user: User, device_ids: Iterable[str]) -> _Chosen:
    """Find miners; what is not set up, or not the user's to control, is refused.

    What the user may not see is called by its id.
    """
    chosen = _Chosen()
    for device_id in dict.fromkeys(device_ids):
        try:
            miners = async_resolve_targets(hass, [device_id]).miners
        except ServiceValidationError as err:
            chosen.refused.append(
                outcome_as_json(
                    hass,
                    device_id,
                    _name_for(hass, user, device_id),
                    Result.REFUSED,
                    err,
                )
            )
            continue
        for miner in miners:
            if miner in chosen.miners:
                continue
            if may_control(hass, user, miner.config_entry):
                chosen.miners.append(miner)
            else:
                refused_id = async_device_id(hass, miner) or ""
                chosen.refused.append(
                    outcome_as_json(
                        hass,
                        refused_id,
                        _name_for(hass, user, refused_id),
                        Result.REFUSED,
                        Unauthorized(),
                    )
                )
    return chosen


def _name_for(hass: HomeAssistant, user: User, device_id: str) -> str:
    """Return the name of a device that a user may see, or else its id."""
    device = dr.async_get(hass).async_get(device_id)
    if not isinstance(device, dr.DeviceEntry) or device.config_entry_id is None:
        return device_id
    entry = hass.config_entries.async_get_entry(device.config_entry_id)
    if entry is None or entry.domain != DOMAIN or not may_read(hass, user, entry):
        return device_id
    return device.name_by_user or device.name or device_id


@callback
def _plan(
    hass: HomeAssistant, miner: MinerCoordinator, order: Order
) -> dict[str, JsonValueType] | None:
    """Return which settings an order changes, from what to what; `None` is no need.

    Raises:
        HomeAssistantError: it cannot be done.

    """
    match order.action:
        case BulkAction.START_MAINTENANCE:
            _guard(hass, miner)
            return {}
        case BulkAction.END_MAINTENANCE:
            return {} if _guard(hass, miner).in_maintenance else None
        case BulkAction.APPLY_PROFILE:
            settings = _profile(hass, miner, order.profile or "")
            changes = miner.async_preview(settings, origin=order.origin)
            return _changes_as_json(changes) or None
    if not miner.last_update_success:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="cannot_connect"
        )
    if order.action is BulkAction.RESTART:
        return {}
    if not miner.snapshot.capabilities.can_stop_mining:
        raise as_home_assistant_error(hass, UnsupportedSettingError(order.action))
    paused = miner.snapshot.state is MiningState.PAUSED
    if order.action is BulkAction.PAUSE:
        # A pause that one of ours would end becomes one that stays.
        return None if paused and not miner.is_paused_by_us else {}
    return {} if paused else None


async def _act(hass: HomeAssistant, miner: MinerCoordinator, order: Order) -> None:
    """Carry out an order other than a restart."""
    await _ACTS[order.action](hass, miner, order)


async def _async_pause(
    hass: HomeAssistant, miner: MinerCoordinator, order: Order
) -> None:
    await miner.async_execute(Command.PAUSE, origin=order.origin)


async def _async_resume(
    hass: HomeAssistant, miner: MinerCoordinator, order: Order
) -> None:
    await miner.async_execute(Command.RESUME, origin=order.origin)


async def _async_apply_profile(
    hass: HomeAssistant, miner: MinerCoordinator, order: Order
) -> None:
    settings = _profile(hass, miner, order.profile or "")
    device_id = async_device_id(hass, miner) or ""

    def choose(snapshot: Snapshot) -> Settings:
        if order.planned is not None:
            differing = settings.rounded_for(snapshot).unconfirmed(snapshot)
            check_planned(
                order.planned.get(device_id, {}),
                _changes_as_json(
                    {name: (now, wanted) for name, (wanted, now) in differing.items()}
                ),
                settings.names,
            )
        return settings

    await miner.async_apply(choose, origin=order.origin)


def _changes_as_json(
    changes: Mapping[str, tuple[object, object]],
) -> dict[str, JsonValueType]:
    """Return [present, wanted] by setting."""
    return {
        name: [_number(present), _number(wanted)]
        for name, (present, wanted) in changes.items()
    }


async def _async_start_maintenance(
    hass: HomeAssistant, miner: MinerCoordinator, order: Order
) -> None:
    await _guard(hass, miner).async_begin_maintenance(order.duration)


async def _async_end_maintenance(
    hass: HomeAssistant, miner: MinerCoordinator, order: Order
) -> None:
    await _guard(hass, miner).async_end_maintenance()


_ACTS: Final[
    dict[
        BulkAction,
        Callable[[HomeAssistant, MinerCoordinator, Order], Awaitable[None]],
    ]
] = {
    BulkAction.PAUSE: _async_pause,
    BulkAction.RESUME: _async_resume,
    BulkAction.APPLY_PROFILE: _async_apply_profile,
    BulkAction.START_MAINTENANCE: _async_start_maintenance,
    BulkAction.END_MAINTENANCE: _async_end_maintenance,
}


def _guard(hass: HomeAssistant, miner: MinerCoordinator) -> MinerGuard:
    guard = guard_of(hass, miner.config_entry.entry_id)
    if guard is None:
        # Between the reading of a miner and the set-up of all that belongs to it.
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_miner_set_up"
        )
    return guard


def _profile(hass: HomeAssistant, miner: MinerCoordinator, name: str) -> Settings:
    """Return the settings of a profile of a miner.

    Raises:
        ServiceValidationError: the miner has no such profile within its limits.

    """
    tuner = tuner_of(hass, miner.config_entry.entry_id)
    offered: dict[str, OperatingPoint] = {} if tuner is None else tuner.offered
    if (point := offered.get(name)) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unknown_profile",
            translation_placeholders={"name": name},
        )
    return Settings(frequency=point.frequency, core_voltage=point.core_voltage)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None
