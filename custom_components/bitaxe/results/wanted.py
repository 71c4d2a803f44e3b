"""What the coordinators of results have in common: they work when somebody wants it."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator


class WantedCoordinator[T](DataUpdateCoordinator[T]):
    """Brings its data up to date when it is wanted, and as long as somebody listens."""

    @callback
    def async_want(self) -> Callable[[], None]:
        """Have the data brought up to date, soon after Home Assistant has started.

        Returns a function that takes the wish back.
        """

        async def refresh(hass: HomeAssistant) -> None:
            await self.async_request_refresh()

        return async_at_started(self.hass, refresh)
