"""What a swarm has used and achieved, also by miners that are off or gone. Pure."""

from dataclasses import dataclass
from typing import Self, TypedDict


class StoredLedger(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    energy: float
    miners: dict[str, StoredAccount]


class StoredAccount(TypedDict):
    """What is kept of one miner, by the id of its config entry."""

    energy: float
    best_difficulty: float | None


@dataclass(slots=True)
class _Account:
    energy: float
    best_difficulty: float | None


class Ledger:
    """Adds up what each miner's own counters gain.

    The sum of the counters themselves would fall when a miner is removed, and jump by
    the past of a miner that is added or comes back.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self.energy = 0.0
        """kWh, never falls."""
        self._accounts: dict[str, _Account] = {}

    @classmethod
    def from_dict(cls, stored: StoredLedger | None) -> Self:
        """Continue from what `as_dict` returned."""
        ledger = cls()
        if stored is not None:
            ledger.energy = stored["energy"]
            ledger._accounts = {
                key: _Account(**account) for key, account in stored["miners"].items()
            }
        return ledger

    def as_dict(self) -> StoredLedger:
        """Return plain values for storage."""
        return {
            "energy": self.energy,
            "miners": {
                key: {
                    "energy": account.energy,
                    "best_difficulty": account.best_difficulty,
                }
                for key, account in self._accounts.items()
            },
        }

    def book(self, key: str, energy: float, best_difficulty: float | None) -> None:
        """Take in the counters of a miner: kWh, and its best share ever.

        A counter that is seen for the first time, or that stepped back because Home
        Assistant lost its last minutes, only gives bearings.
        """
        account = self._accounts.get(key)
        if account is None:
            self._accounts[key] = _Account(energy, best_difficulty)
            return
        self.energy += max(energy - account.energy, 0.0)
        account.energy = energy
        account.best_difficulty = best_difficulty

    def best_difficulty(self, key: str) -> float | None:
        """Return the best share a miner was last known to have found."""
        account = self._accounts.get(key)
        return account.best_difficulty if account else None

    def forget_all_but(self, keys: set[str]) -> None:
        """Close the accounts of miners that were removed; their energy stays."""
        for key in self._accounts.keys() - keys:
            del self._accounts[key]
