"""The HTTP session for servers on the internet."""

from typing import Final

from aiohttp import ClientSession, DummyCookieJar
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

_SESSION: Final[HassKey[ClientSession]] = HassKey(f"{DOMAIN}_web_session")


@callback
def async_get_web_session(hass: HomeAssistant) -> ClientSession:
    """Return a session that keeps no cookies, with the connections of Home Assistant's.

    All integrations share that one: what a pool sets there is sent again with whatever
    anybody asks of the same host, and lets it recognize a home.
    """
    if (session := hass.data.get(_SESSION)) is None:
        session = hass.data[_SESSION] = async_create_clientsession(
            # It outlives the entry that happens to ask first.
            hass,
            auto_cleanup=False,
            cookie_jar=DummyCookieJar(),
        )

        @callback
        def detach(_: Event) -> None:
            session.detach()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, detach)
    return session
