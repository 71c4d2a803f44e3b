"""Charts as images: drawn when somebody looks, and at most every few minutes."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .charting import ChartKind, async_render_chart
from .const import CONF_KIND, KIND_SWARM, SWARM_UNIQUE_ID
from .coordinator import MinerCoordinator
from .entity import device_info
from .insight import DEFAULT_SPAN, EVERYTHING, analysis_errors, make_span

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


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the images of a miner, or of the swarm."""
    runtime_data: Any = entry.runtime_data
    if entry.data[CONF_KIND] == KIND_SWARM:
        async_add_entities(
            [
                ChartImage(
                    hass,
                    SWARM_HASHRATE,
                    SWARM_UNIQUE_ID,
                    runtime_data.device_info,
                    lambda: runtime_data.miners,
                )
            ]
        )
        return
    async_add_entities(
        ChartImage(
            hass,
            description,
            runtime_data.identifier,
            device_info(runtime_data),
            lambda: [runtime_data],
        )
        for description in MINER_IMAGES
    )


class ChartImage(ImageEntity):
    """A chart; there also while miners are offline, because it shows the past.

    Nothing is drawn until somebody looks. Whoever keeps looking asks again at least
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
            now = dt_util.utcnow()
            if self._drawn_at is None or now - self._drawn_at >= FRESH:
                span = (
                    EVERYTHING
                    if self._kind is ChartKind.EFFICIENCY_MAP
                    else DEFAULT_SPAN
                )
                with analysis_errors():
                    self._picture = await async_render_chart(
                        self.hass, self._kind, self._miners(), make_span(span)
                    )
                self._drawn_at = self._attr_image_last_updated = now
                self.async_write_ha_state()
        return self._picture
