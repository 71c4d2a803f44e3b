"""How often one miner is asked, and when its silence counts. Pure."""

from datetime import timedelta
from typing import Final

from ..const import COUNTER_INTERVAL, LONGEST_BACK_OFF, MISSED_POLLS_UNTIL_UNAVAILABLE

# A reply that takes this share of the interval or more says the miner is busy.
_SLOW_SHARE: Final = 0.25
# Energy is not integrated over more than this many intervals without a reading.
_GAP_INTERVALS: Final = 4
_SHORTEST_GAP: Final = 60.0
# s; what a reply takes, and a poll that waits for another.
_LATE: Final = 10.0
# For so long a miner that fell silent is asked as often as one that answers.
_AWAITED_SECONDS: Final = 10 * 60.0


class Polling:
    """The interval between two polls of one miner."""

    def __init__(self, chosen: timedelta) -> None:
        """Begin with the interval that somebody chose."""
        self._chosen = chosen
        self.fastest: timedelta | None = None
        """A shorter interval that a part of the integration needs, such as the
        tuner."""
        self.missed = 0
        """Polls since the last one that was answered well."""
        self._silent_since: float | None = None

    @property
    def usual(self) -> timedelta:
        """The chosen interval, or a shorter one that a part of ours needs."""
        return min(self._chosen, self.fastest or self._chosen)

    @property
    def usual_gap(self) -> float:
        """Seconds without a reading over which what was seen before still counts."""
        return longest_gap(self._chosen)

    @property
    def meter_lag(self) -> float:
        """Seconds by which the recorded energy may be older than it seems.

        A poll writes it if it was not written in the last minute.
        """
        return COUNTER_INTERVAL + self._chosen.total_seconds() + _LATE

    @property
    def may_be_a_lost_packet(self) -> bool:
        """Whether too few polls were missed to call the miner unavailable."""
        return self.missed < MISSED_POLLS_UNTIL_UNAVAILABLE

    def fall_silent(self, clock: float) -> None:
        """Note that the miner is unavailable from now on, by the monotonic clock."""
        self._silent_since = clock

    def come_back(self, clock: float) -> float | None:
        """Return the s for which the miner was unavailable, if it was."""
        since, self._silent_since = self._silent_since, None
        return None if since is None else clock - since

    def after_silence(self, present: timedelta, clock: float) -> timedelta:
        """Return when to ask a silent miner next.

        Most come back soon, from a restart or when somebody plugs them in again, and
        are awaited: only lasting silence is worth fewer requests.
        """
        assert self._silent_since is not None
        if clock - self._silent_since < _AWAITED_SECONDS:
            return self._chosen
        return min(present * 2, LONGEST_BACK_OFF)

    def after_reply(self, present: timedelta | None, seconds: float) -> timedelta:
        """Return the usual interval, or a longer one if the miner is busy.

        A busy one took many `seconds` to answer.
        """
        usual = self.usual
        slow = seconds >= usual.total_seconds() * _SLOW_SHARE
        current = present or usual
        return min(max(current, usual) * 2, LONGEST_BACK_OFF) if slow else usual


def longest_gap(interval: timedelta) -> float:
    """Return the seconds without a reading for which the last one still counts."""
    return max(_SHORTEST_GAP, _GAP_INTERVALS * interval.total_seconds())
