"""Loads the modules that import nextcord, once nextcord is installed."""

import asyncio
from types import ModuleType
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.importlib import async_import_module

from ..requirements import NEXTCORD, LibraryMissingError, async_get_library
from .errors import DiscordLibraryError, DiscordLibraryInstallingError

INSTALL_SECONDS: Final = 60.0
"""Seconds that a person or a message waits for nextcord to be installed."""


async def async_load_module(
    hass: HomeAssistant,
    name: str,
    *,
    at_once: bool = False,
    seconds: float | None = None,
) -> ModuleType:
    """Import one of the modules that import nextcord, in the executor.

    Args:
        hass: Home Assistant.
        name: The module in `gateway/`.
        at_once: Whether to try to install nextcord although that has just failed.
        seconds: How long to wait for the installation, which goes on afterwards.

    Raises:
        DiscordLibraryError: nextcord is not there, or not yet.

    """
    library = async_get_library(hass, NEXTCORD)
    try:
        async with asyncio.timeout(seconds):
            await library.async_load(at_once=at_once)
    except LibraryMissingError as err:
        raise DiscordLibraryError(NEXTCORD.name, err.reason) from err
    except TimeoutError as err:
        raise DiscordLibraryInstallingError(NEXTCORD.name) from err
    try:
        return await async_import_module(hass, f"{__package__}.gateway.{name}")
    except ImportError as err:
        # A version of nextcord without something that is used here.
        raise DiscordLibraryError(NEXTCORD.name, str(err)) from err
