"""Firmware of miners: notice of new versions and, where allowed, installing them."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.update import UpdateEntity, UpdateEntityDescription
from homeassistant.components.update.const import UpdateEntityFeature
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .coordinator import MinerConfigEntry, MinerCoordinator
from .entity import MinerEntity, MinerEntityDescription
from .firmware.catalogue import Release, has_catalogue, newest_for, parse_version
from .firmware.install import async_install
from .firmware.manager import FirmwareManager, async_get_firmware
from .firmware.troubles import troubles_of
from .miner.write_log import person
from .texts import async_get_texts

PARALLEL_UPDATES: Final = 0


@dataclass(frozen=True, kw_only=True)
class FirmwareDescription(MinerEntityDescription, UpdateEntityDescription):
    """Describes the firmware of a miner."""


FIRMWARE: Final = FirmwareDescription(
    key="firmware",
    entity_category=EntityCategory.CONFIG,
    has_fn=lambda reading: has_catalogue(reading.snapshot),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the entity while notices are on and there is a catalogue, else remove it."""
    miner = entry.runtime_data
    manager = async_get_firmware(hass)
    registry = er.async_get(hass)
    there = False

    @callback
    def follow() -> None:
        nonlocal there
        if not manager.started:
            return
        was_there = there
        # An entity that is added may have its listeners called before it is there.
        there = manager.options.notice and (there or FIRMWARE.exists(miner.data))
        if there and not was_there:
            async_add_entities([FirmwareUpdate(miner, manager)])
        elif not there and (
            entity_id := registry.async_get_entity_id(
                Platform.UPDATE, DOMAIN, f"{miner.identifier}_{FIRMWARE.key}"
            )
        ):
            registry.async_remove(entity_id)

    entry.async_on_unload(manager.async_add_listener(follow))
    entry.async_on_unload(miner.async_add_listener(follow))
    follow()


class FirmwareUpdate(MinerEntity, UpdateEntity):
    """The firmware of a miner, against the newest release for its board."""

    entity_description: FirmwareDescription

    def __init__(self, miner: MinerCoordinator, manager: FirmwareManager) -> None:
        """Follow the catalogue as well as the miner."""
        super().__init__(miner, FIRMWARE)
        self._manager = manager
        self._attr_update_percentage = None

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the catalogue, and have it ask about this family."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self._manager.async_add_listener(self._handle_coordinator_update)
        )
        if self._manager.catalogue is not None:
            self._manager.catalogue.async_want(
                self.coordinator.snapshot.identity.family
            )

    @property
    @override
    def available(self) -> bool:
        """Whether it can be known; a miner that restarts for it still is."""
        return super().available or self._attr_in_progress

    @property
    @override
    def shown(self) -> object:
        return (
            self.installed_version,
            self.latest_version,
            self._manager.options.install,
            self._attr_in_progress,
            self._attr_update_percentage,
        )

    @property
    def _release(self) -> Release | None:
        identity = self.coordinator.snapshot.identity
        return newest_for(self._manager.releases(identity.family), identity)

    @property
    @override
    def supported_features(self) -> UpdateEntityFeature:
        """Installing is there only if somebody has allowed it."""
        features = UpdateEntityFeature.RELEASE_NOTES | UpdateEntityFeature.PROGRESS
        if self._manager.options.install:
            features |= UpdateEntityFeature.INSTALL
        return features

    @property
    @override
    def installed_version(self) -> str | None:
        """What the miner reports."""
        return self.coordinator.snapshot.identity.firmware_version

    @property
    @override
    def latest_version(self) -> str | None:
        """The newest release with a file for the board."""
        release = self._release
        return None if release is None else release.tag

    @property
    @override
    def release_url(self) -> str | None:
        """The publisher's page."""
        release = self._release
        return release.url or None if release is not None else None

    @property
    @override
    def release_summary(self) -> str | None:
        """What is known to be wrong with the newest release."""
        release = self._release
        return None if release is None else self._known(release.tag) or None

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        """Compare as the projects count; what is no version is never older."""
        latest, installed = map(parse_version, (latest_version, installed_version))
        return latest is not None and installed is not None and latest > installed

    @override
    async def async_release_notes(self) -> str | None:
        """Return what is known of the newest version, then the publisher's notes."""
        release = self._release
        if release is None:
            return None
        known = self._known(release.tag, links=True)
        texts = async_get_texts(self.hass)
        heading = f"**{texts('firmware_text.known_troubles')}**\n\n{known}\n\n"
        return (heading if known else "") + release.notes

    @override
    async def async_install(
        self, version: str | None, backup: bool, **kwargs: Any
    ) -> None:
        """Install the newest release, and return once the miner runs it."""
        release = self._release
        if not self._manager.options.install or release is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="firmware_not_allowed"
            )
        self._attr_in_progress = True
        self._show(None)
        try:
            await async_install(
                self.hass,
                self._manager,
                self.coordinator,
                release,
                origin=person(self._context),
                progress=self._show,
            )
        finally:
            self._attr_in_progress = False
            self._show(None)

    @callback
    def _show(self, percentage: float | None) -> None:
        """Show how far it is, in whole %."""
        self._attr_update_percentage = None if percentage is None else round(percentage)
        self._handle_coordinator_update()

    def _known(self, tag: str, *, links: bool = False) -> str:
        """Return what is known to be wrong with a version, a line for each."""
        version = parse_version(tag)
        if version is None:
            return ""
        texts = async_get_texts(self.hass)
        family = self.coordinator.snapshot.identity.family
        troubles = troubles_of(self._manager.troubles, family, version)
        return "\n".join(
            f"- {texts(f'firmware_trouble.{trouble.key}')} ([{number}]({trouble.url}))"
            if links
            else texts(f"firmware_trouble.{trouble.key}")
            for trouble in troubles
            for number in (f"#{trouble.url.rpartition('/')[2]}",)
        )
