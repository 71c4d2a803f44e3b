"""Fixtures of the simulator's tests; none of them needs Home Assistant."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from scripts.simulator import PRESETS, Clock, MinerServer, SimulatedMiner

type Make = Callable[..., SimulatedMiner]
type Serve = Callable[..., Awaitable[MinerServer]]


@pytest.fixture(autouse=True)
def _environment(socket_enabled: None) -> None:
    """Talk to loopback."""


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still unless a test moves it."""
    return Clock.manual()


@pytest.fixture
def make(clock: Clock) -> Make:
    """Make miners of presets, with changes to their specs."""

    def make(preset: str = "gamma-2.12", **changes: Any) -> SimulatedMiner:
        return SimulatedMiner(replace(PRESETS[preset], **changes), clock)

    return make


@pytest.fixture
async def serve(make: Make) -> AsyncIterator[Serve]:
    """Serve miners of presets until the test ends."""
    async with AsyncExitStack() as stack:

        async def serve(preset: str = "gamma-2.12", **changes: Any) -> MinerServer:
            server = MinerServer(make(preset, **changes))
            return await stack.enter_async_context(server)

        yield serve
