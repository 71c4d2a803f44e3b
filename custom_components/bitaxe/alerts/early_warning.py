"""Reads now and then what the statistics say of each miner's wear.

`analysis.wear` decides what is a sign, the condition of the alert whether it is
reported. Months of statistics are read for that, so it is done four times a day, one
miner after another.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform, UnitOfPower
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import area_registry as ar, entity_registry as er
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.util import dt as dt_util

from ..analysis.errors import AnalysisError
from ..analysis.metrics import Metric
from ..analysis.miner import Miner
from ..analysis.span import Span
from ..analysis.wear import (
    HISTORY,
    Deviation,
    Means,
    Surroundings,
    find_deviations,
    metrics_of_wear,
)
from ..const import DOMAIN
from ..containment import Containment
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..following import loaded_miners, miner_entries
from ..history.entities import async_read_means
from ..history.reader import async_read_rows
from ..miner.names import device_of
from ..storage.stored_object import TIME, StoredObject

_LOGGER = logging.getLogger(__package__)

# s after a start, in which there is more urgent work; later, wear changes by the day.
_FIRST: Final = 600.0
_INTERVAL: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlug:
    """What measures the power supply of several miners, one of which is judged."""

    sensor: str
    """The id of the power entity."""
    others: list[MinerConfigEntry]
    """The other miners of the supply."""
    since: float
    """Unix time since when it has fed these miners."""


type SharedPlugOf = Callable[[MinerConfigEntry], SharedPlug | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a miner stands."""

    area: str
    """The id of the area."""
    since: float
    """Unix time; 0 is always, as far as is known."""


class WearReader:
    """What the statistics say of the wear of each miner, by the id of its entry."""

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
        on_move: Callable[[], None],
    ) -> None:
        """Prepare; `config_entry` is that of the swarm.

        `on_move` is called when what `as_dict` returns has changed.
        """
        self._on_move = on_move
        self._hass = hass
        self._config_entry = config_entry
        self._found: dict[str, tuple[Deviation, ...]] = {}
        self._places: dict[str, Place] = {}
        self._containment = Containment()
        self._plug_of: SharedPlugOf = lambda _: None
        self._busy = False
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def async_set_plugs(self, plug_of: SharedPlugOf) -> None:
        """Learn which entities measure what the supplies of miners take."""
        self._plug_of = plug_of

    def of(self, entry_id: str) -> tuple[Deviation, ...] | None:
        """Return what was found of a miner; `None` if that is not known."""
        return self._found.get(entry_id)

    def restore(self, stored: StoredObject) -> None:
        """Take in what `as_dict` returned before a restart."""
        for entry_id, place in stored.children():
            area, since = place.text("area"), place.number("since", TIME)
            place.finish()
            if area is not None and since is not None:
                self._places[entry_id] = Place(area=area, since=since)

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Return where each miner stands, for storage."""
        present = {entry.entry_id for entry in miner_entries(self._hass)}
        return {
            entry_id: asdict(place)
            for entry_id, place in self._places.items()
            if entry_id in present
        }

    @callback
    def async_start(self) -> None:
        """Read until the entry of the swarm is unloaded."""
        self._cancel = async_call_later(
            self._hass,
            _FIRST,
            HassJob(self._begin, cancel_on_shutdown=True),
        )
        self._config_entry.async_on_unload(self._stop)

    @callback
    def _stop(self) -> None:
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _begin(self, now: datetime) -> None:
        self._cancel = async_track_time_interval(
            self._hass,
            self._look,
            _INTERVAL,
            name="bitaxe signs of wear",
            cancel_on_shutdown=True,
        )
        self._look(now)

    @callback
    def _look(self, now: datetime) -> None:
        if not self._busy:
            self._busy = True
            self._config_entry.async_create_background_task(
                self._hass, self._async_read_all(), "bitaxe signs of wear"
            )

    async def _async_read_all(self) -> None:
        try:
            miners = loaded_miners(self._hass)
            present = {miner.config_entry.entry_id for miner in miners}
            for entry_id in self._found.keys() - present:
                del self._found[entry_id]
            for miner in miners:
                # What cannot be read of one hinders no other.
                with self._containment.of(f"{miner.display_name} in early warnings"):
                    await self._async_read(miner)
        finally:
            self._busy = False

    async def _async_read(self, coordinator: MinerCoordinator) -> None:
        entry = coordinator.config_entry
        now = dt_util.utcnow()
        begin = now.timestamp() - HISTORY
        # Another board is no worn one.
        former = coordinator.boards.others
        begin = max([begin, *(end for _, end in former if end < now.timestamp())])
        span = Span.between(dt_util.utc_from_timestamp(begin), now)
        miner = Miner(identifier=coordinator.identifier, name=coordinator.display_name)
        try:
            rows = await async_read_rows(self._hass, miner, span, metrics_of_wear())
            area = self._area_of(entry)
            room = await self._async_read_room(area, span)
            wall, others = await self._async_read_wall(entry, span)
        except AnalysisError as err:
            _LOGGER.debug("%s: nothing is known of wear: %s", entry.title, err)
            self._found.pop(entry.entry_id, None)
            return
        self._found[entry.entry_id] = await self._hass.async_add_executor_job(
            find_deviations,
            rows,
            now.timestamp(),
            Surroundings(
                room=room,
                wall=wall,
                others=others,
                moved=self._moved(entry, area, now.timestamp()),
            ),
        )

    def _area_of(self, entry: MinerConfigEntry) -> ar.AreaEntry | None:
        device = device_of(self._hass, entry)
        if device is None or device.area_id is None:
            return None
        return ar.async_get(self._hass).async_get_area(device.area_id)

    def _moved(
        self, entry: MinerConfigEntry, area: ar.AreaEntry | None, now: float
    ) -> float:
        """Return the Unix time since when a miner is where it is.

        Giving it an area for the first time, or taking the area away, is no move.
        """
        known = self._places.get(entry.entry_id)
        if area is not None and (known is None or known.area != area.id):
            since = 0.0 if known is None else now
            known = self._places[entry.entry_id] = Place(area=area.id, since=since)
            self._on_move()
        return 0.0 if known is None else known.since

    async def _async_read_wall(
        self, entry: MinerConfigEntry, span: Span
    ) -> tuple[Means, tuple[Means, ...]]:
        """Read what the supply of a miner took, and what its other miners got of it."""
        if (plug := self._plug_of(entry)) is None:
            return Means(), ()
        begin = max(span.start, dt_util.utc_from_timestamp(plug.since))
        if begin >= span.end:
            return Means(), ()
        span = Span.between(begin, span.end)
        registry = er.async_get(self._hass)
        found = [
            registry.async_get_entity_id(
                Platform.SENSOR, DOMAIN, f"{other.unique_id}_{Metric.POWER}"
            )
            for other in plug.others
        ]
        wall, *given = [
            Means()
            if entity_id is None
            else Means(
                await async_read_means(
                    self._hass, entity_id, span, {"power": UnitOfPower.WATT}
                )
            )
            for entity_id in (plug.sensor, *found)
        ]
        return wall, tuple(given)

    async def _async_read_room(self, area: ar.AreaEntry | None, span: Span) -> Means:
        """Read the temperature of an area, if a sensor is named for it."""
        if area is None or area.temperature_entity_id is None:
            return Means()
        return Means(
            await async_read_means(
                self._hass, area.temperature_entity_id, span, {"temperature": "°C"}
            )
        )
