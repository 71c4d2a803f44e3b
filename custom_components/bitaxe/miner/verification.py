"""Does a miner work with the settings it was given? Pure.

A setting that reads back is not yet one that works: after a step within the board's own
list the regulator has been seen to switch off without a word, while the firmware went
on accepting settings (NerdQAxePlus issue 709).
"""

from enum import StrEnum
from typing import Final

from ..axeos import MiningState, OperatingPoint, Snapshot

# s after a change from when on a hashrate is one of the new settings: the slowest known
# loop takes 1.8 s, the ramp 6.25 MHz per 100 ms, and a start of the ASICs 30 s.
_SETTLED_SECONDS: Final = 60.0
# s after which a miner that does not hash will not.
_LONGEST_SECONDS: Final = 180.0


class Outcome(StrEnum):
    """What became of a change."""

    PENDING = "pending"
    WORKS = "works"
    FAILED = "failed"


class Verification:
    """The last change of frequency or core voltage, and whether the miner bears it."""

    def __init__(self) -> None:
        """Begin without a change."""
        self.outcome: Outcome | None = None
        """`None` before the first change, and where nobody can know."""
        self.point: OperatingPoint | None = None
        """The settings that are judged."""
        self._began = 0.0

    @property
    def is_unproven(self) -> bool:
        """Whether the miner was not seen hashing since the last change."""
        return self.outcome in (Outcome.PENDING, Outcome.FAILED)

    def begin(self, point: OperatingPoint, now: float) -> None:
        """Judge these settings from now on; `now` is in s of a monotonic clock."""
        self.outcome, self.point, self._began = Outcome.PENDING, point, now

    def observe(self, snapshot: Snapshot, now: float, *, flatlined: bool) -> None:
        """Take in a reading; `flatlined` says that its hashrate only repeats.

        A paused miner says nothing; one that starts, or has no pool, is waited for.
        Other settings end it: they are somebody else's.
        """
        if not self.is_unproven:
            return
        if snapshot.operating_point != self.point:
            self.outcome = None
            return
        match snapshot.state:
            case MiningState.PAUSED:
                return
            case MiningState.STARTING:
                self._wait(now)
            case MiningState.IDLE if snapshot.pools.connected is False:
                self._wait(now)
            case MiningState.MINING if not flatlined:
                if now - self._began >= _SETTLED_SECONDS:
                    self.outcome = Outcome.WORKS
            case _:
                if now - self._began >= _LONGEST_SECONDS:
                    self.outcome = Outcome.FAILED

    def _wait(self, now: float) -> None:
        self._began, self.outcome = now, Outcome.PENDING
