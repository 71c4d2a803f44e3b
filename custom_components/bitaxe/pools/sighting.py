"""What a pool sees of one miner, beside what the miner says of itself. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..axeos import Snapshot
from .model import Worker
from .scatter import deviation, expected_shares, hashrate_error

_LONG: Final = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the miners of one worker say of themselves."""

    miners: int = 1
    """How many miners work under this name; a pool sees only their sum."""
    hashrate: float | None = None
    """GH/s of them all; unknown if that of any is."""
    difficulty: float | None = None
    """Of their shares; of several the one that brings as many shares as they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a pool sees of the worker of a miner."""

    account: str
    """What people call the account."""
    worker: str
    seen: Worker | None
    """`None` if the pool does not list it."""
    window: float | None
    """Seconds over which the pool takes hashrates."""
    read_time: float
    """Unix time at which the pool was asked."""
    absent_since: float | None = None
    """Unix time since when the pool has not listed it."""
    mining_seconds: float = 0.0
    """Seconds for which the miner has been seen to mine without a break."""
    certain: bool = False
    """Whether this is the pool that the miner works for now; a person may have another
    account with the same address."""
    claim: Claim

    @property
    def hashrate(self) -> float | None:
        """GH/s that the pool sees; what it does not list does nothing."""
        return 0.0 if self.seen is None else self.seen.hashrate

    @property
    def error(self) -> float | None:
        """Standard error of that, in %; by what the miners claim while it is 0."""
        return hashrate_error(
            self.hashrate or self.claim.hashrate, self.claim.difficulty, self.window
        )

    @property
    def deviation(self) -> float | None:
        """By how many % the pool sees more than the miners claim."""
        return deviation(self.hashrate, self.claim.hashrate)

    @property
    def silence(self) -> float | None:
        """S for which the pool had seen no share when it was asked, at least."""
        if self.seen is None:
            return (
                None
                if self.absent_since is None
                else self.read_time - self.absent_since
            )
        if self.seen.last_share is not None:
            return max(self.read_time - self.seen.last_share, 0.0)
        if self.seen.hashrate is None:
            return None
        return 0.0 if self.seen.hashrate else self.window

    def missing_shares(self, seconds: float) -> float | None:
        """Return how many shares should have come in so many s."""
        if not self.claim.hashrate or not self.claim.difficulty:
            return None
        return expected_shares(self.claim.hashrate, self.claim.difficulty, seconds)


def claim_of(snapshots: Iterable[Snapshot | None], window: float | None) -> Claim:
    """Return what some miners say together; `None` stands for one that is offline.

    `window` is that of the pool: means of about that length are compared with it.
    """
    found = list(snapshots)
    rates = [None if item is None else _mean(item, window) for item in found]
    known = [rate for rate in rates if rate is not None]
    difficulties = [
        None if item is None else item.pools.difficulty or None for item in found
    ]
    whole = len(known) == len(found)
    total = sum(known)
    shares = sum(
        rate / difficulty
        for rate, difficulty in zip(rates, difficulties, strict=True)
        if rate and difficulty
    )
    return Claim(
        miners=len(found),
        hashrate=total if whole and found else None,
        difficulty=total / shares
        if shares and all(difficulties)
        else next((item for item in difficulties if item), None),
    )


def _mean(snapshot: Snapshot, window: float | None) -> float | None:
    """Return GH/s, as a mean that is about as long as the pool's where there is one."""
    hashing = snapshot.hashing
    long = window is None or window > _LONG
    means = (
        (hashing.hashrate_1h, hashing.hashrate_10m)
        if long
        else (hashing.hashrate_10m, hashing.hashrate_1m)
    )
    return next((mean for mean in means if mean is not None), hashing.hashrate)
