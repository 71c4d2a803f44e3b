"""What a pool says of an account, whichever pool it is. Pure."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final, Self

from ..axeos.bounds import Bounds

LONGEST_TEXT: Final = 255
"""Characters of a name; Home Assistant takes no longer states."""
MOST_WORKERS: Final = 1000
"""Workers of one account that are read."""

# An exahash a second; the largest accounts of home miners have a thousandth of it.
HASHRATE: Final = Bounds(0, 1e9)
"""GH/s of an account."""
WORK: Final = Bounds(0, 1e24)
"""Shares, weighted with their difficulty: all hashes of Bitcoin are 2^96, or 2^64 such
shares, about 2e19."""
TIME: Final = Bounds(1_230_000_000, 4_000_000_000)
"""Unix time, from Bitcoin's first block on."""


class PoolKind(StrEnum):
    """The programming interfaces of pools that are known."""

    PUBLIC_POOL = "public_pool"
    CKPOOL = "ckpool"
    OCEAN = "ocean"
    JSON = "json"
    """Any other that answers with JSON; a person says where what is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker of an account; unknown is `None`."""

    name: str
    """Without the account; empty for miners that log in without a worker name."""
    hashrate: float | None = None
    """GH/s, over the window of the account."""
    last_share: float | None = None
    """Unix time."""
    best_difficulty: float | None = None
    shares: float | None = None
    """Accepted shares, weighted with their difficulty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account at one moment; unknown is `None`."""

    workers: tuple[Worker, ...] = ()
    hashrate: float | None = None
    """GH/s of all workers."""
    best_difficulty: float | None = None
    unpaid: int | None = None
    """sat that the pool owes."""
    window: float | None = None
    """Seconds over which the hashrates are means, as their scatter sees it."""
    time: float | None = None
    """Unix time of the answer, by the clock of the pool that also dates the shares."""

    @property
    def working(self) -> int:
        """How many workers hash."""
        return sum(bool(worker.hashrate) for worker in self.workers)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPaths:
    """Where a pool of any kind keeps what: keys with dots between them.

    The paths of a worker begin at the worker, those of the account at the top.
    """

    workers: str = "workers"
    name: str = "name"
    """Empty where the workers are an object, and its keys their names."""
    hashrate: str = "hashrate"
    last_share: str = ""
    worker_best_difficulty: str = ""
    best_difficulty: str = ""
    unpaid: str = ""
    hashrate_unit: str = "H/s"
    unpaid_unit: str = "sat"
    window_minutes: float = 60

    @classmethod
    def from_dict(cls, stored: dict[str, object]) -> Self:
        """Return the paths that were chosen; what is of another type is left out."""
        values: dict[str, object] = {}
        for field in fields(cls):
            value = stored.get(field.name)
            if field.name == "window_minutes":
                if isinstance(value, int | float) and not isinstance(value, bool):
                    values[field.name] = float(value)
            elif isinstance(value, str):
                values[field.name] = value.strip()
        return cls(**values)  # type: ignore[arg-type]
