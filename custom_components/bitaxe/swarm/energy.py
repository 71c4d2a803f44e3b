"""Energy and best shares of a swarm, also of miners that are off or gone. Pure."""

from dataclasses import dataclass
from typing import Final, Self, TypedDict

from ..axeos.bounds import DIFFICULTY
from ..storage.stored_object import ENERGY, TIME, StoredObject, as_stored

_MOST_SHARES: Final = 25


class StoredSwarmEnergy(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    energy: float
    miners: dict[str, StoredCounters]
    best_shares: list[StoredShare]


class StoredShare(TypedDict):
    """One of the best shares of all times."""

    miner: str
    difficulty: float
    name: str
    time: float | None


class StoredCounters(TypedDict):
    """The last counters of one miner, by the id of its config entry."""

    energy: float
    best_difficulty: float | None


@dataclass(frozen=True, slots=True)
class BestShare:
    """A share that was the best its miner had ever found."""

    key: str
    """Id of the miner's config entry."""
    difficulty: float
    name: str
    """What the miner was called then; it may be gone."""
    time: float | None
    """Unix time, to the poll; `None` if it was found before anybody looked."""


@dataclass(slots=True)
class _Counters:
    energy: float
    best_difficulty: float | None


class SwarmEnergy:
    """Adds up what each miner's own counters gain.

    The sum of the counters themselves would fall when a miner is removed, and jump by
    what a miner used before it was added or came back.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._energy = 0.0
        self._least = 0.0
        self._counters: dict[str, _Counters] = {}
        self._best_shares: list[BestShare] = []
        self._noted: dict[str, float] = {}
        """The best share of each miner, as it was noted last."""

    @classmethod
    def from_dict(cls, stored: StoredObject | StoredSwarmEnergy | None) -> Self:
        """Continue from what `as_dict` returned, as far as it can be read."""
        stored = as_stored(stored)
        swarm = cls()
        swarm._energy = stored.number("energy", ENERGY) or 0.0
        miners = stored.child("miners")
        for key, counters in miners.children():
            energy = counters.number("energy", ENERGY)
            best = counters.number("best_difficulty", DIFFICULTY)
            counters.finish()
            if energy is not None:
                swarm._counters[key] = _Counters(energy, best)
            else:
                counters.lose("energy")
        for share in stored.objects("best_shares"):
            difficulty = share.number("difficulty", DIFFICULTY)
            miner, name = share.text("miner"), share.text("name")
            time = share.number("time", TIME)
            share.finish()
            if miner is not None and difficulty is not None and name is not None:
                swarm._best_shares.append(BestShare(miner, difficulty, name, time))
            else:
                share.lose("difficulty")
        stored.finish()
        return swarm

    def as_dict(self) -> StoredSwarmEnergy:
        """Return plain values for storage."""
        return {
            "energy": self._energy,
            "miners": {
                key: {
                    "energy": counters.energy,
                    "best_difficulty": counters.best_difficulty,
                }
                for key, counters in self._counters.items()
            },
            "best_shares": [
                {
                    "miner": share.key,
                    "difficulty": share.difficulty,
                    "name": share.name,
                    "time": share.time,
                }
                for share in self._best_shares
            ],
        }

    @property
    def energy(self) -> float:
        """Return kWh, which never fall."""
        return max(self._energy, self._least)

    @property
    def best_shares(self) -> tuple[BestShare, ...]:
        """Return the best shares of all times, the best first."""
        return tuple(self._best_shares)

    def note_share(
        self, key: str, name: str, difficulty: float | None, now: float
    ) -> None:
        """Note the best share of a miner, before it is updated.

        When the first that is seen of a miner was found is unknown: it may be years
        old.
        """
        # Asked with each sum, and a record is broken seldom.
        if difficulty is None or difficulty == self._noted.get(key):
            return
        self._noted[key] = difficulty
        counters = self._counters.get(key)
        is_new = counters is not None and (
            counters.best_difficulty is None or difficulty > counters.best_difficulty
        )
        if not is_new and any(
            # A miner that was removed and comes back brings its record along.
            share.key == key or (share.name, share.difficulty) == (name, difficulty)
            for share in self._best_shares
        ):
            return
        share = BestShare(key, difficulty, name, now if is_new else None)
        shares = sorted(
            [*self._best_shares, share], key=lambda item: item.difficulty, reverse=True
        )
        self._best_shares = shares[:_MOST_SHARES]

    def hold(self, energy: float) -> None:
        """Show no less than these kWh, which were shown before.

        They are not added: each miner recovers its own energy, which `update` adds.
        Where nothing was stored there is nothing to add to, so it goes on from them.
        """
        if self._counters or self._energy:
            self._least = max(self._least, energy)
        else:
            self._energy = energy

    def update(
        self,
        key: str,
        energy: float,
        best_difficulty: float | None,
        *,
        counts: bool = True,
    ) -> bool:
        """Take in the counters of a miner: kWh, and its best share ever.

        `counts` is false where the energy is counted elsewhere, such as at the wall.

        A counter that is seen for the first time, or that stepped back because Home
        Assistant lost its last minutes, only sets the baseline. Return whether it was
        seen for the first time.
        """
        counters = self._counters.get(key)
        if counters is None:
            self._counters[key] = _Counters(energy, best_difficulty)
            return True
        if counts:
            self._energy += max(energy - counters.energy, 0.0)
        counters.energy = energy
        counters.best_difficulty = best_difficulty
        return False

    def best_difficulty(self, key: str) -> float | None:
        """Return the best share a miner was last known to have found."""
        counters = self._counters.get(key)
        return counters.best_difficulty if counters else None

    def forget_all_but(self, keys: set[str]) -> None:
        """Forget the counters of removed miners; their energy stays."""
        for key in self._counters.keys() - keys:
            del self._counters[key]
