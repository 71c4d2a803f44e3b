"""Actions on Discord channels."""

from collections.abc import Sequence
from typing import Final, Protocol

from homeassistant.components.notify.const import (
    ATTR_MESSAGE,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
)
from homeassistant.const import ATTR_DEVICE_ID, ENTITY_MATCH_NONE
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_platform_entity_service
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import MinerCoordinator
from ..following import loaded_miners
from ..permissions import (
    async_require_administrator,
    async_require_read,
    async_require_read_of_entity,
)
from ..results.helpers import DEFAULT_SPAN
from ..targets import (
    async_miners_of_groups,
    async_resolve_targets,
    is_channel,
    require_miners,
)

SERVICE_POST_REPORT: Final = "post_report"
SERVICE_POST_MESSAGE: Final = "post_message"

ATTR_MINERS: Final = "miners"
ATTR_AREAS: Final = "areas"
ATTR_LABELS: Final = "labels"
ATTR_SPAN: Final = "span"
ATTR_CHARTS: Final = "charts"
ATTR_CHART_SPAN: Final = "chart_span"
ATTR_IMAGE: Final = "image"
ATTR_IMAGE_ENTITY: Final = "image_entity"


class Channel(Protocol):
    """The entity of a channel, as far as actions need it."""

    async def async_post_report(
        self,
        miners: Sequence[MinerCoordinator],
        span: str,
        *,
        charts: bool,
        chart_span: str | None = None,
    ) -> None:
        """Post what miners did."""

    async def async_post_message(
        self,
        message: str,
        title: str | None = None,
        image: str | None = None,
        image_entity: str | None = None,
    ) -> None:
        """Post a text, perhaps with a picture."""


@callback
def async_setup_discord_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there is a channel yet."""
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_POST_REPORT,
        entity_domain=NOTIFY_DOMAIN,
        schema={
            vol.Optional(ATTR_MINERS): vol.All(cv.ensure_list, [cv.string]),
            vol.Optional(ATTR_AREAS): vol.All(cv.ensure_list, [cv.string]),
            vol.Optional(ATTR_LABELS): vol.All(cv.ensure_list, [cv.string]),
            vol.Optional(ATTR_SPAN, default=DEFAULT_SPAN): cv.string,
            vol.Optional(ATTR_CHARTS, default=True): cv.boolean,
            vol.Optional(ATTR_CHART_SPAN): cv.string,
        },
        func=_async_post_report,
    )
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_POST_MESSAGE,
        entity_domain=NOTIFY_DOMAIN,
        schema={
            vol.Required(ATTR_MESSAGE): cv.string,
            vol.Optional(ATTR_TITLE): cv.string,
            vol.Exclusive(ATTR_IMAGE, "picture"): cv.string,
            vol.Exclusive(ATTR_IMAGE_ENTITY, "picture"): vol.All(
                cv.string, cv.entity_domain("image")
            ),
        },
        func=_async_post_message,
    )


async def _async_post_report(channel: Channel, call: ServiceCall) -> None:
    """Post what miners did, if the caller may see all of them."""
    miners = _miners(call)
    require_miners(miners)
    await async_require_read(call.hass, call.context, miners)
    await channel.async_post_report(
        miners,
        call.data[ATTR_SPAN],
        charts=call.data[ATTR_CHARTS],
        chart_span=call.data.get(ATTR_CHART_SPAN),
    )


def _miners(call: ServiceCall) -> list[MinerCoordinator]:
    """Return the miners to report on: all of them unless some are named.

    The field was called `device_id` before. Home Assistant takes that as a target, so
    it may name channels as well as miners. It would take `area_id` and `label_id` so,
    too, which is why areas and labels of miners are fields with names of their own.

    Raises:
        ServiceValidationError: a device is unknown, or not that of a miner.

    """
    hass = call.hass
    named = call.data.get(ATTR_MINERS)
    targets = call.data.get(ATTR_DEVICE_ID, ENTITY_MATCH_NONE)
    if targets != ENTITY_MATCH_NONE:
        meant = [target for target in targets if not is_channel(hass, target)]
        if meant or named is not None:
            named = [*(named or ()), *meant]
    grouped = async_miners_of_groups(
        hass, call.data.get(ATTR_AREAS, ()), call.data.get(ATTR_LABELS, ())
    )
    if named is None:
        return grouped or loaded_miners(hass)
    chosen = async_resolve_targets(hass, named).miners
    return list(dict.fromkeys([*chosen, *grouped]))


async def _async_post_message(channel: Channel, call: ServiceCall) -> None:
    """Post a text, if the caller may see the picture that goes with it."""
    image, image_entity = call.data.get(ATTR_IMAGE), call.data.get(ATTR_IMAGE_ENTITY)
    if image is not None:
        await async_require_administrator(call.hass, call.context)
    if image_entity is not None:
        await async_require_read_of_entity(call.hass, call.context, image_entity)
    await channel.async_post_message(
        call.data[ATTR_MESSAGE], call.data.get(ATTR_TITLE), image, image_entity
    )
