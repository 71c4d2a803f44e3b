"""Selects: how a display is turned, and which profile miners run on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .axeos import OperatingPoint, Settings
from .const import CONF_KIND, DOMAIN, KIND_SWARM, SWARM_UNIQUE_ID
from .coordinator import MinerCoordinator
from .entity import (
    CompanionEntity,
    MinerEntityDescription,
    MinerSetting,
    async_add_described,
)
from .miner.write_log import person
from .swarm.coordinator import Swarm
from .targets import async_do_to_each
from .tuning.session import MinerTuner, tuner_of

PARALLEL_UPDATES: Final = 1


@dataclass(frozen=True, kw_only=True)
class MinerSelectDescription(MinerEntityDescription, SelectEntityDescription):
    """Describes a setting of a miner with a few possible values."""


DISPLAY_ROTATION: Final = MinerSelectDescription(
    key="display_rotation",
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
    # Degrees.
    options=["0", "90", "180", "270"],
    has_fn=lambda reading: "display_rotation" in reading.snapshot.capabilities.settings,
)


NO_PROFILE: Final = "no_profile"
"""Option while the present settings are those of no profile; to choose it does
nothing."""
PROFILE: Final = MinerSelectDescription(
    key="profile", entity_category=EntityCategory.CONFIG
)
SWARM_PROFILE: Final = SelectEntityDescription(
    key="profile",
    translation_key="swarm_profile",
    entity_category=EntityCategory.CONFIG,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of a miner, or of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        async_add_entities([SwarmProfile(entry.runtime_data.swarm)])
        return
    async_add_described(
        entry,
        async_add_entities,
        lambda _: (DISPLAY_ROTATION,),
        DisplayRotation,
        Platform.SELECT,
    )
    tuner = tuner_of(hass, entry.entry_id)
    if tuner is not None and not tuner.miner.snapshot.is_foreign:
        async_add_entities([ProfileSelect(tuner)])


class DisplayRotation(MinerSetting, SelectEntity):
    """By how much the display is turned."""

    entity_description: MinerSelectDescription

    @property
    @override
    def current_option(self) -> str | None:
        """The degrees the miner reports; unknown if they are no quarter turns."""
        option = str(self.coordinator.snapshot.system.display_rotation)
        return option if option in self.options else None

    @property
    @override
    def shown(self) -> object:
        """The state itself."""
        return self.current_option

    @override
    async def async_select_option(self, option: str) -> None:
        """Turn the display."""
        await self.coordinator.async_apply(
            Settings(display_rotation=int(option)), origin=person(self._context)
        )


class ProfileSelect(CompanionEntity[MinerTuner], MinerSetting, SelectEntity):
    """Which of its profiles a miner runs on."""

    entity_description: MinerSelectDescription

    _always_available = False

    def __init__(self, tuner: MinerTuner) -> None:
        """Attach the select to the miner's device."""
        super().__init__(tuner, PROFILE)

    @property
    @override
    def options(self) -> list[str]:
        """The profiles there are, within the limits of the board."""
        return _with_present(self._companion.offered, self.current_option)

    @property
    @override
    def current_option(self) -> str | None:
        """The first profile with the present settings, or that there is none."""
        return present_profile(self._companion)

    @property
    @override
    def shown(self) -> object:
        """The state and what can be chosen."""
        return (self.current_option, *self._companion.offered)

    @override
    async def async_select_option(self, option: str) -> None:
        """Apply a profile."""
        if option == NO_PROFILE:
            return
        await self.coordinator.async_apply(
            as_settings(self._companion.offered[option]), origin=person(self._context)
        )


class SwarmProfile(SelectEntity):
    """Which profile all miners run on."""

    entity_description = SWARM_PROFILE
    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, swarm: Swarm) -> None:
        """Attach the select to the swarm's device."""
        self._swarm = swarm
        self._following: dict[MinerTuner, CALLBACK_TYPE] = {}
        self._attr_unique_id = f"{SWARM_UNIQUE_ID}_{SWARM_PROFILE.key}"
        self._attr_device_info = swarm.device_info
        self._shown: object = None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the miners, and their profiles, which change between readings too."""
        self.async_on_remove(self._swarm.async_add_listener(self._update))
        self._follow_tuners()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Follow nothing any more."""
        for stop_following in self._following.values():
            stop_following()
        self._following.clear()

    @callback
    def _follow_tuners(self) -> list[MinerTuner]:
        tuners = self._tuners
        for gone in self._following.keys() - set(tuners):
            self._following.pop(gone)()
        for tuner in tuners:
            if tuner not in self._following:
                self._following[tuner] = tuner.async_add_listener(self._update)
        return tuners

    @callback
    def _update(self) -> None:
        tuners = self._follow_tuners()
        shown = (_common_profile(tuners), *_offered_by(tuners))
        if shown != self._shown:
            self._shown = shown
            self.async_write_ha_state()

    @property
    def _tuners(self) -> list[MinerTuner]:
        found = [
            tuner_of(self.hass, miner.config_entry.entry_id)
            for miner in self._swarm.miners
        ]
        return [tuner for tuner in found if tuner is not None]

    @property
    @override
    def options(self) -> list[str]:
        """The profiles that any miner has."""
        tuners = self._tuners
        return _with_present(_offered_by(tuners), _common_profile(tuners))

    @property
    @override
    def current_option(self) -> str | None:
        """The profile that all miners run on, or that there is none."""
        return _common_profile(self._tuners)

    @override
    async def async_select_option(self, option: str) -> None:
        """Apply a profile to every miner that has it."""
        if option == NO_PROFILE:
            return
        origin = person(self._context)
        tuners = {
            tuner.miner: tuner for tuner in self._tuners if option in tuner.offered
        }

        async def apply(miner: MinerCoordinator) -> None:
            # Those whose turn comes later may have another board by then.
            point = tuners[miner].offered.get(option)
            if point is None:
                raise ServiceValidationError(
                    translation_domain=DOMAIN,
                    translation_key="unknown_profile",
                    translation_placeholders={"name": option},
                )
            await miner.async_apply(as_settings(point), origin=origin)

        await async_do_to_each(list(tuners), apply)


def _common_profile(tuners: Iterable[MinerTuner]) -> str | None:
    """Return the profile that all miners run on, or that there is none."""
    present = {present_profile(tuner) for tuner in tuners} - {None}
    return NO_PROFILE if len(present) > 1 else next(iter(present), None)


def _offered_by(tuners: Iterable[MinerTuner]) -> list[str]:
    """Return the profiles that any miner has."""
    return list(dict.fromkeys([name for tuner in tuners for name in tuner.offered]))


def present_profile(tuner: MinerTuner) -> str | None:
    """Return the first profile with a miner's present settings, or that there is none.

    `None` while the settings are not known.
    """
    present = tuner.miner.snapshot.operating_point
    if present is None:
        return None
    for name, point in tuner.offered.items():
        if point.reads_as(present):
            return name
    return NO_PROFILE


def _with_present(names: Iterable[str], present: str | None) -> list[str]:
    """Return the options: the profiles, and that there is none while that is so."""
    return [*names, *([NO_PROFILE] if present == NO_PROFILE else [])]


def as_settings(point: OperatingPoint) -> Settings:
    """Return the change that brings a miner to an operating point."""
    return Settings(frequency=point.frequency, core_voltage=point.core_voltage)
