"""A simulated miner whose statistics Home Assistant compiles as time passes."""

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from scripts.simulator import Clock, MinerServer

from ...conftest import PassTime

WINDOW = 300
POLL = 30


class Life:
    """A simulated miner in Home Assistant, and time that passes for both."""

    def __init__(
        self,
        hass: HomeAssistant,
        server: MinerServer,
        clock: Clock,
        pass_time: PassTime,
    ) -> None:
        """Take the miner."""
        self._hass = hass
        self.miner = server.miner
        self._clock = clock
        self._pass_time = pass_time

    async def pass_windows(self, count: int) -> None:
        """Let statistics windows pass, and have Home Assistant compile each."""
        for _ in range(count):
            start = self._clock.now()
            await self._pass_time(WINDOW, POLL)
            await async_wait_recording_done(self._hass)
            do_adhoc_statistics(self._hass, start=dt_util.utc_from_timestamp(start))
            await async_wait_recording_done(self._hass)
