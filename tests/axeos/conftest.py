"""Fixtures of the device client's tests; none of them needs Home Assistant."""

from collections.abc import AsyncIterator

from aiohttp import ClientSession
import pytest

from .device import ScriptedDevice


@pytest.fixture(autouse=True)
def _environment(socket_enabled: None) -> None:
    """Talk to loopback."""


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Yield a session with aiohttp's defaults, as anybody may pass one."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def device() -> AsyncIterator[ScriptedDevice]:
    """Yield a server that replies with whatever bytes a test wants."""
    async with ScriptedDevice() as device:
        yield device
