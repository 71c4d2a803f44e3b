"""The texts of the translations, in the language of Home Assistant."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import (
    LOCALE_EN,
    async_get_cached_translations,
    async_get_translations,
)

from .analysis.errors import AnalysisError
from .const import DOMAIN
from .formatting import Texts


@callback
def async_get_texts(hass: HomeAssistant) -> Texts:
    """Return the texts in Home Assistant's language, those it lacks in English.

    Home Assistant hands texts of selectors and exceptions to the backend. It has them
    cached since the integration was set up, but for a moment after the language
    changes.
    """
    return Texts(_texts(hass, "selector"), _texts(hass, "exceptions"))


async def async_load_texts(hass: HomeAssistant) -> Texts:
    """Return the texts in Home Assistant's language, also right after a change."""
    await async_get_translations(hass, hass.config.language, "selector", {DOMAIN})
    return async_get_texts(hass)


@callback
def describe_error(hass: HomeAssistant, err: Exception) -> str:
    """Return what went wrong in Home Assistant's language, as a part of a sentence.

    The text of an error itself is always English.
    """
    match err:
        case AnalysisError():
            return async_get_texts(hass).error(err.translation_key, err.placeholders)
        case HomeAssistantError(translation_key=str(key)) if (
            err.translation_domain == DOMAIN
        ):
            return async_get_texts(hass).error(key, err.translation_placeholders)
    return str(err)


def _texts(hass: HomeAssistant, category: str) -> dict[str, str]:
    return async_get_cached_translations(
        hass, hass.config.language, category, DOMAIN
    ) or async_get_cached_translations(hass, LOCALE_EN, category, DOMAIN)
