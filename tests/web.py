"""A browser's view of Home Assistant, at the time the test is in."""

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator


async def sign_in(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, user: MockUser
) -> TestClient:
    """Return a client that is signed in.

    The token of the plugin's own client was made before the test stopped the clock.
    """
    refresh_token = await hass.auth.async_create_refresh_token(user, CLIENT_ID)
    return await hass_client(hass.auth.async_create_access_token(refresh_token))
