"""Charts as images: drawn when somebody looks, and at most every few minutes."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .const import CONF_KIND, KIND_SWARM, SWARM_UNIQUE_ID
from .coordinator import MinerCoordinator
from .entity import device_info
from .miner.names import miner_name
from .results.charts.theme import ThemeName
from .results.drawing import ChartKind, async_render_chart, chart_theme
from .results.helpers import DEFAULT_SPAN, EVERYTHING, analysis_errors, make_span
from .swarm.coordinator import Swarm
from .tuning.chart import async_render_report
from .tuning.session import MinerTuner, tuner_of

PARALLEL_UPDATES: Final = 1

FRESH: Final = timedelta(minutes=15)
"""How long a picture is shown before it is drawn anew."""

SWARM_HASHRATE = ImageEntityDescription(
    key=ChartKind.SWARM_HASHRATE, translation_key="swarm_hashrate"
)
# Home Assistant writes each image's state every five minutes to renew its token, which
# is too much for a database that is meant to stay small, unless somebody wants it.
MINER_IMAGES: Final = tuple(
    ImageEntityDescription(
        key=kind, translation_key=kind, entity_registry_enabled_default=False
    )
    for kind in (ChartKind.MINER_DETAIL, ChartKind.EFFICIENCY_MAP)
)
TUNING: Final = ImageEntityDescription(
    key="tuning", translation_key="tuning", entity_registry_enabled_default=False
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the images of a miner, or of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        swarm: Swarm = entry.runtime_data.swarm
        async_add_entities(
            [
                ChartImage(
                    hass,
                    SWARM_HASHRATE,
                    SWARM_UNIQUE_ID,
                    swarm.device_info,
                    lambda: swarm.miners,
                )
            ]
        )
        return
    miner: MinerCoordinator = entry.runtime_data
    async_add_entities(
        ChartImage(
            hass,
            description,
            miner.identifier,
            device_info(miner),
            lambda: [miner],
        )
        for description in MINER_IMAGES
    )
    tuner = tuner_of(hass, entry.entry_id)
    if tuner is not None and not miner.snapshot.is_foreign:
        async_add_entities([TuningImage(hass, tuner)])


class ChartImage(ImageEntity):
    """A chart; there also while miners are offline, because it shows history.

    Nothing is drawn until a page shows it. A page that stays open asks again at least
    every five minutes, when Home Assistant renews the token in the picture's address.
    """

    entity_description: ImageEntityDescription
    _attr_has_entity_name = True
    _attr_content_type = "image/png"

    def __init__(
        self,
        hass: HomeAssistant,
        description: ImageEntityDescription,
        identifier: str,
        device: DeviceInfo,
        miners: Callable[[], Sequence[MinerCoordinator]],
    ) -> None:
        """Attach the image to its device."""
        super().__init__(hass)
        self.entity_description = description
        self._attr_unique_id = f"{identifier}_{description.key}"
        self._attr_device_info = device
        self._attr_image_last_updated = dt_util.utcnow()
        self._kind = ChartKind(description.key)
        self._miners = miners
        self._picture: bytes | None = None
        self._theme: ThemeName | None = None
        self._drawn_at: datetime | None = None
        self._drawing = asyncio.Lock()

    @callback
    def async_entity_id_changed(self) -> None:
        """Nothing here depends on the entity id."""

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture; draw it if the last one is old.

        Raises:
            HomeAssistantError: there is no history; the text names the remedy.

        """
        async with self._drawing:
            now, theme = dt_util.utcnow(), chart_theme(self.hass)
            if (
                self._drawn_at is None
                or now - self._drawn_at >= FRESH
                or theme != self._theme
            ):
                span = (
                    EVERYTHING
                    if self._kind is ChartKind.EFFICIENCY_MAP
                    else DEFAULT_SPAN
                )
                with analysis_errors():
                    self._picture = await async_render_chart(
                        self.hass,
                        self._kind,
                        self._miners(),
                        make_span(span),
                        theme=theme,
                    )
                self._theme = theme
                self._drawn_at = self._attr_image_last_updated = now
                self.async_write_ha_state()
        return self._picture


class TuningImage(ImageEntity):
    """What the last search for the best setting found; nothing before the first."""

    entity_description = TUNING
    _attr_has_entity_name = True
    _attr_content_type = "image/png"

    def __init__(self, hass: HomeAssistant, tuner: MinerTuner) -> None:
        """Attach the image to the miner's device."""
        super().__init__(hass)
        self._tuner = tuner
        self._attr_unique_id = f"{tuner.miner.identifier}_{TUNING.key}"
        self._attr_device_info = device_info(tuner.miner)
        self._drawn: tuple[tuple[float, ThemeName], bytes] | None = None
        self._note_time()

    @callback
    def async_entity_id_changed(self) -> None:
        """Nothing here depends on the entity id."""

    @override
    async def async_added_to_hass(self) -> None:
        """Show what the next run finds."""
        await super().async_added_to_hass()
        self.async_on_remove(self._tuner.async_add_listener(self._update))

    @callback
    def _update(self) -> None:
        if self._note_time():
            self.async_write_ha_state()

    def _note_time(self) -> bool:
        """Take over when the last run ended; return whether that is new."""
        last = self._tuner.last
        time = None if last is None else dt_util.utc_from_timestamp(last.time)
        if time == self._attr_image_last_updated:
            return False
        self._attr_image_last_updated = time
        return True

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture, drawn when somebody looks."""
        last = self._tuner.last
        if last is None:
            return None
        wanted = (last.time, chart_theme(self.hass))
        if self._drawn is None or self._drawn[0] != wanted:
            name = miner_name(self.hass, self._tuner.miner.config_entry)
            picture = await async_render_report(self.hass, name, last, theme=wanted[1])
            self._drawn = (wanted, picture)
        return self._drawn[1]
