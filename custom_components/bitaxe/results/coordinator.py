"""Results of the analysis that sensors show, for all miners in one go."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
import logging
from time import monotonic
from typing import Final, override

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util.hass_dict import HassKey

from ..analysis.advice import Advice
from ..analysis.configurations import MinerConfigurations
from ..analysis.errors import AnalysisError
from ..analysis.stability import Stability
from ..analysis.summary import MinerSummary
from ..const import DOMAIN, SIGNAL_BOARD_CHANGED, SIGNAL_RAISED
from ..containment import Containment
from ..coordinator import MinerCoordinator
from ..following import loaded_miners
from .helpers import EVERYTHING, make_span, present_price
from .queries import async_get_advice, async_get_summaries, async_strained
from .wanted import WantedCoordinator

_LOGGER = logging.getLogger(__package__)

UPDATE_INTERVAL: Final = timedelta(minutes=15)
"""How often the last hour is summed up."""
_COMPARE_SECONDS: Final = 3600.0
_DAY_WINDOW: Final = "24h"
# Miners are set up one after another; one look at the database does for all.
_GATHER_SECONDS: Final = 10.0

_RESULTS: Final[HassKey[Results]] = HassKey(f"{DOMAIN}_results")


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerResults:
    """What the history says of a miner; `None` where there is none."""

    hour: MinerSummary | None = None
    """The last hour, without stability."""
    day: MinerSummary | None = None
    """The last 24 hours."""
    comparison: tuple[MinerConfigurations, Advice] | None = None
    """All settings that were ever measured, whatever alerts are raised."""
    strained: bool = False
    """Whether an alert of heat, power or hardware is raised."""

    @property
    def advice(self) -> Advice | None:
        """What may be advised now."""
        if self.comparison is None:
            return None
        _, advice = self.comparison
        return advice.restrained() if self.strained else advice

    @property
    def day_stability(self) -> Stability | None:
        """How evenly the miner hashed over the last 24 hours."""
        if self.day is None:
            return None
        return next(
            (item for item in self.day.stability if item.window.name == _DAY_WINDOW),
            None,
        )


@callback
def async_get_results(hass: HomeAssistant) -> Results:
    """Return the results all miners share."""
    if (results := hass.data.get(_RESULTS)) is None:
        results = hass.data[_RESULTS] = Results(hass)
    return results


class Results(WantedCoordinator[dict[str, MinerResults]]):
    """Results by the identifier of the miner.

    Works as long as somebody listens, and not before Home Assistant has started.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is read before somebody asks."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=None,
            name=f"{DOMAIN} results",
            update_interval=UPDATE_INTERVAL,
            request_refresh_debouncer=Debouncer(
                hass, _LOGGER, cooldown=_GATHER_SECONDS, immediate=False
            ),
        )
        self.data = {}
        self._compared_at: float | None = None
        self._containment = Containment()
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stop)
        self._stop_following = [
            async_dispatcher_connect(hass, SIGNAL_RAISED, self._raised_changed),
            async_dispatcher_connect(hass, SIGNAL_BOARD_CHANGED, self._board_changed),
        ]

    async def _async_stop(self, event: Event) -> None:
        for stop in self._stop_following:
            stop()
        await self.async_shutdown()

    @callback
    def _raised_changed(self, raised: object) -> None:
        """Take advice back, or give it again, as soon as an alert says so."""
        before, self.data = self.data, self._with_strains(self.data)
        if self.data != before:
            self.async_update_listeners()

    @callback
    def _board_changed(self, identifier: str) -> None:
        """Advise nothing by what was measured of the former board."""
        if identifier in self.data:
            self.data = {**self.data, identifier: MinerResults()}
            self._compared_at = None
            self.async_update_listeners()
            if self._listeners:
                self.async_want()

    def _with_strains(self, data: dict[str, MinerResults]) -> dict[str, MinerResults]:
        strained = async_strained(self.hass)
        return {
            identifier: replace(results, strained=identifier in strained)
            for identifier, results in data.items()
        }

    @override
    async def _async_update_data(self) -> dict[str, MinerResults]:
        """Sum up the last hour; now and then also the day, and compare the settings."""
        miners = loaded_miners(self.hass)
        hours = await self._async_each(miners, self._async_sum_up_hour)
        if not self._must_compare(miners):
            return self._with_strains(
                {
                    miner.identifier: replace(self.data[miner.identifier], hour=hour)
                    for miner, hour in zip(miners, hours, strict=True)
                }
            )
        days = await self._async_each(miners, self._async_sum_up_day)
        comparisons = await self._async_each(miners, self._async_compare)
        self._compared_at = monotonic()
        return self._with_strains(
            {
                miner.identifier: MinerResults(
                    hour=hour, day=day, comparison=comparison
                )
                for miner, hour, day, comparison in zip(
                    miners, hours, days, comparisons, strict=True
                )
            }
        )

    def _must_compare(self, miners: Sequence[MinerCoordinator]) -> bool:
        """Return whether an hour passed, or a miner is new or has another setting."""
        if (
            self._compared_at is None
            or monotonic() - self._compared_at >= _COMPARE_SECONDS
        ):
            return True
        return any(
            self._containment.value_of(
                f"The setting of {miner.display_name}",
                partial(self._is_of_another_setting, miner),
                False,
            )
            for miner in miners
        )

    def _is_of_another_setting(self, miner: MinerCoordinator) -> bool:
        """Return whether the settings of a miner were never compared at this one."""
        if (known := self.data.get(miner.identifier)) is None:
            return True
        return known.comparison is not None and (
            known.comparison[0].miner.present != miner.snapshot.operating_point
        )

    async def _async_sum_up_hour(
        self, miners: Sequence[MinerCoordinator]
    ) -> Sequence[MinerSummary]:
        return await async_get_summaries(
            self.hass, miners, make_span("1h"), stability=False
        )

    async def _async_sum_up_day(
        self, miners: Sequence[MinerCoordinator]
    ) -> Sequence[MinerSummary]:
        return await async_get_summaries(self.hass, miners, make_span("24h"))

    async def _async_compare(
        self, miners: Sequence[MinerCoordinator]
    ) -> Sequence[tuple[MinerConfigurations, Advice]]:
        return await async_get_advice(
            self.hass,
            miners,
            make_span(EVERYTHING),
            present_price(self.hass),
            for_now=False,
        )

    async def _async_each[T](
        self,
        miners: Sequence[MinerCoordinator],
        read: Callable[[Sequence[MinerCoordinator]], Awaitable[Sequence[T]]],
    ) -> Sequence[T | None]:
        """Read all miners at once; one that has no history does not hinder the rest."""
        if not miners:
            return []
        try:
            return await read(miners)
        except AnalysisError as err:
            if len(miners) == 1:
                _LOGGER.debug("No results of %s: %s", miners[0].name, err)
                return [None]
        except HomeAssistantError:
            # A fault, which the log has: what is recorded may be beyond reason.
            if len(miners) == 1:
                return [None]
        return [
            result
            for miner in miners
            for result in await self._async_each([miner], read)
        ]
