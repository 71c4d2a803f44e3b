"""Actions on Discord channels."""

from typing import Final

from homeassistant.components.notify.const import (
    ATTR_MESSAGE,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
)
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_platform_entity_service
import voluptuous as vol

from .const import DOMAIN
from .insight import DEFAULT_SPAN

SERVICE_POST_REPORT: Final = "post_report"
SERVICE_POST_MESSAGE: Final = "post_message"

ATTR_SPAN: Final = "span"
ATTR_CHARTS: Final = "charts"
ATTR_IMAGE: Final = "image"
ATTR_IMAGE_ENTITY: Final = "image_entity"


@callback
def async_setup_discord_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there is a channel yet."""
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_POST_REPORT,
        entity_domain=NOTIFY_DOMAIN,
        schema={
            vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
            vol.Optional(ATTR_SPAN, default=DEFAULT_SPAN): cv.string,
            vol.Optional(ATTR_CHARTS, default=True): cv.boolean,
        },
        func="async_post_report",
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
            vol.Exclusive(ATTR_IMAGE_ENTITY, "picture"): cv.entity_domain("image"),
        },
        func="async_post_message",
    )
