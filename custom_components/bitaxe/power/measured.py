"""What was measured of one miner at its operating points, wherever it was measured."""

from collections.abc import Iterable
from datetime import timedelta
import logging
from time import monotonic
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..analysis.errors import AnalysisError
from ..analysis.span import Span
from ..axeos import OperatingPoint
from ..coordinator import MinerCoordinator
from ..results.queries import async_get_configurations
from ..tuning import Outcome
from ..tuning.session import tuner_of
from .options import power_options
from .points import Bounds, PowerPoint, is_same, usable, with_neighbours

_LOGGER = logging.getLogger(__package__)

_HISTORY: Final = timedelta(days=60)
# Hours at a setting after which its mean power and hashrate are believed.
_BELIEVED_HOURS: Final = 0.5
# s between two looks into the history. While nothing is found there it is a minute
# first, because the recorder is read late after a start, and twice as long each time: a
# new miner has none for half an hour.
_REFRESH: Final = 3600.0
_REFRESH_SOON: Final = 60.0
_REFRESH_IN_VAIN: Final = 600.0


class MeasuredPoints:
    """The operating points of one miner that may be chosen, by power."""

    def __init__(self, hass: HomeAssistant, miner: MinerCoordinator) -> None:
        """Begin without any."""
        self.hass = hass
        self.miner = miner
        self._points: tuple[PowerPoint, ...] = ()
        self._other_boards = miner.boards.others
        self._refreshed_at: float | None = None
        self._refresh_after = 0.0
        """s after which that is to be done again."""

    @property
    def key(self) -> str:
        """What the miner is known by."""
        return self.miner.config_entry.entry_id

    @property
    def points(self) -> tuple[PowerPoint, ...]:
        """What may be chosen from: nothing that was measured of another board."""
        if self._is_of_other_board:
            return ()
        return self._points

    @property
    def _is_of_other_board(self) -> bool:
        """Whether the board was changed since it was looked what was measured."""
        return self._other_boards is not self.miner.boards.others

    @property
    def most_power(self) -> float | None:
        """W of the highest point that may be set."""
        return self.points[-1].power if self.points else None

    def power_at(self, point: OperatingPoint | None) -> float | None:
        """Return the W that were measured at an operating point."""
        return next(
            (item.power for item in self.points if is_same(item.point, point)), None
        )

    async def async_refresh(self) -> None:
        """Learn what analysis, tuner and profiles have measured of the miner."""
        board, limits = self.miner.client.board, self.miner.limits
        other_boards = self.miner.boards.others
        self._refreshed_at = monotonic()
        self._refresh_after = min(
            max(self._refresh_after * 2, _REFRESH_SOON), _REFRESH_IN_VAIN
        )
        if board is None or limits is None:
            self._points, self._other_boards = (), other_boards
            return
        analysed = await self._async_analysed()
        if analysed:
            self._refresh_after = _REFRESH
        options = power_options(self.hass, self.miner)
        cores = (board.small_core_count or 0) * (board.asic_count or 0)
        points = with_neighbours(
            usable(
                [*analysed, *self._tuned(), *self._profiles()],
                limits,
                Bounds(
                    low=clock_of(self.miner, options.lowest),
                    high=highest_clock(self.miner, options.highest),
                ),
                cores / 1000 if cores else None,
            )
        )
        self._points, self._other_boards = points, other_boards

    @property
    def must_refresh(self) -> bool:
        """Whether an hour has passed since that was done last; minutes if in vain.

        Another board is looked at anew at once.
        """
        return (
            self._refreshed_at is None
            or self._is_of_other_board
            or monotonic() - self._refreshed_at >= self._refresh_after
        )

    async def _async_analysed(self) -> list[PowerPoint]:
        now = dt_util.utcnow()
        try:
            found = await async_get_configurations(
                self.hass, [self.miner], Span.between(now - _HISTORY, now)
            )
        except AnalysisError as err:
            _LOGGER.debug("%s has no history: %s", self.miner.display_name, err)
            return []
        return [
            PowerPoint(
                point=item.operating_point,
                power=item.power,
                hashrate=item.hashrate.value,
            )
            for item in found[0].configurations
            if item.power and item.hours >= _BELIEVED_HOURS
        ]

    def _tuned(self) -> Iterable[PowerPoint]:
        tuner = tuner_of(self.hass, self.key)
        for result in reversed(tuner.results if tuner is not None else []):
            for trial in result.trials:
                if (
                    trial.outcome in (Outcome.MEASURED, Outcome.WORSE)
                    and trial.power
                    and trial.hashrate
                ):
                    yield PowerPoint(
                        point=trial.point, power=trial.power, hashrate=trial.hashrate
                    )

    def _profiles(self) -> Iterable[PowerPoint]:
        tuner = tuner_of(self.hass, self.key)
        for profile in tuner.profiles if tuner is not None else ():
            if (
                profile.power
                and profile.hashrate
                and profile.is_for(self.miner.snapshot.identity.hardware)
            ):
                yield PowerPoint(
                    point=profile.point,
                    power=profile.power,
                    hashrate=profile.hashrate,
                )


def clock_of(miner: MinerCoordinator, profile: str | None) -> float | None:
    """Return the MHz of a profile of a miner; `None` if there is none of that name."""
    tuner = tuner_of(miner.hass, miner.config_entry.entry_id)
    point = tuner.offered.get(profile) if tuner is not None and profile else None
    return None if point is None else point.frequency


def highest_clock(miner: MinerCoordinator, profile: str | None) -> float | None:
    """Return the MHz above which a profile keeps a miner; `None` if none was chosen.

    One that is gone, or of another board, does not leave the way up open: the setting
    that somebody chose for the miner takes its place.
    """
    found = clock_of(miner, profile)
    if profile is None or found is not None or miner.intended is None:
        return found
    return miner.intended.operating_point.frequency
