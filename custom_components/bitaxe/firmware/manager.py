"""What all miners share about firmware: the catalogues, the options, and turns."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
import logging
from typing import Any, Final, Self, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util.hass_dict import HassKey

from ..axeos import Family
from ..const import CONF_FIRMWARE, DOMAIN
from ..containment import Containment
from ..following import loaded_miners
from ..pools.web_session import async_get_web_session
from .catalogue import Release, has_catalogue
from .source import SourceError, async_fetch_catalogue
from .troubles import Trouble, known_troubles

_LOGGER = logging.getLogger(__package__)

INTERVAL: Final = timedelta(hours=12)
CONF_NOTICE: Final = "notice"
CONF_INSTALL: Final = "install"

_DATA: HassKey[FirmwareManager] = HassKey(f"{DOMAIN}_firmware")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareOptions:
    """What somebody has allowed; nothing at first."""

    notice: bool = False
    """Whether the publishers may be asked for new versions."""
    install: bool = False
    """Whether a version may be installed from here, when somebody says so."""

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> Self:
        """Read what is in the options of the swarm."""
        notice = options.get(CONF_NOTICE) is True
        return cls(notice=notice, install=notice and options.get(CONF_INSTALL) is True)


@callback
def async_get_firmware(hass: HomeAssistant) -> FirmwareManager:
    """Return what all miners share."""
    if (manager := hass.data.get(_DATA)) is None:
        manager = hass.data[_DATA] = FirmwareManager(hass)
    return manager


class FirmwareManager:
    """Asks for new versions for all miners, and lets one install at a time."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing allowed and nothing known."""
        self._hass = hass
        self.options = FirmwareOptions()
        self.started = False
        """Whether the options are known yet."""
        self.catalogue: Catalogue | None = None
        """Where versions are allowed to be asked for."""
        self.troubles: Mapping[Family, tuple[Trouble, ...]] = {}
        self.turn = asyncio.Lock()
        """Of the miner that installs; the others wait, in the order they were asked
        for."""
        self.failures: list[str] = []
        """Names of the miners that did not come back as they should."""
        self._listeners: set[Callable[[], None]] = set()

    async def async_start(self, entry: ConfigEntry) -> None:
        """Take the options of the swarm; they hold until it is set up anew."""
        self.started = True
        self.options = FirmwareOptions.from_dict(entry.options.get(CONF_FIRMWARE, {}))
        if self.options.notice:
            self.troubles = await self._hass.async_add_executor_job(known_troubles)
            self.catalogue = Catalogue(self._hass, entry)
            entry.async_on_unload(
                self.catalogue.async_add_listener(self._notify_listeners)
            )
            entry.async_create_background_task(
                self._hass, self.catalogue.async_refresh(), "bitaxe firmware catalogue"
            )
        else:
            self.catalogue = None
        self._notify_listeners()

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` when options or catalogues are others than before."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def releases(self, family: Family) -> tuple[Release, ...]:
        """Return what is known to be published of a family."""
        if self.catalogue is None or not self.catalogue.data:
            return ()
        return self.catalogue.data.get(family, ())

    def _notify_listeners(self) -> None:
        for listener in list(self._listeners):
            listener()


class Catalogue(DataUpdateCoordinator[dict[Family, tuple[Release, ...]]]):
    """What is published of the families that somebody has miners of."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare; the first refresh asks."""
        self._wanted: set[Family] = set()
        """Those whose miner was being set up when it asked, and so was not loaded."""
        self._failed = False
        """Whether the publisher could not be asked last time, which is logged once."""
        self._containment = Containment()
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name="firmware_catalogue",
            update_interval=INTERVAL,
        )

    @callback
    def async_want(self, family: Family) -> None:
        """Ask about a family nobody had a miner of when the others were asked."""
        if family in self._wanted or not self._is_unknown(family):
            return
        self._wanted.add(family)
        self.hass.async_create_task(self.async_request_refresh())

    def _is_unknown(self, family: Family) -> bool:
        return self.data is not None and family not in self.data

    @override
    async def _async_update_data(self) -> dict[Family, tuple[Release, ...]]:
        families = set(self._wanted)
        for miner in loaded_miners(self.hass):
            with self._containment.of(f"The firmware of {miner.display_name}"):
                if has_catalogue(miner.snapshot):
                    families.add(miner.snapshot.identity.family)
        known = dict(self.data or {})
        session = async_get_web_session(self.hass)
        for family in sorted(families):
            try:
                known[family] = await async_fetch_catalogue(session, family)
            except SourceError as err:
                # What was known before still is; nobody needs to act.
                level = logging.DEBUG if self._failed else logging.WARNING
                reason = (err.translation_placeholders or {}).get("reason")
                _LOGGER.log(level, "%s could not be asked: %s", family.value, reason)
                self._failed = True
            else:
                self._failed = False
        return known
