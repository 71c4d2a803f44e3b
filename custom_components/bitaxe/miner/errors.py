"""Why a miner is not read or changed though it answers."""

from ..axeos import MinerError
from .claims import Claimant


class DifferentMinerError(MinerError):
    """Another miner answers at the address of this one."""

    def __init__(self, expected: str, found: str) -> None:
        """Name both by their MAC address."""
        super().__init__(f"Expected {expected}, found {found}")
        self.expected = expected
        self.found = found


class BoardChangedError(MinerError):
    """The miner has another board than the one the settings were meant for."""

    def __init__(self, expected: str, found: str) -> None:
        """Name both boards."""
        super().__init__(f"Expected the board {expected}, found {found}")
        self.expected = expected
        self.found = found


class SituationChangedError(MinerError):
    """What somebody agreed to is no longer what was shown to them."""

    def __init__(self, shown: str, present: str) -> None:
        """Keep the settings that were shown, and those of now."""
        super().__init__(f"Shown was {shown}, now it is {present}")
        self.shown = shown
        self.present = present


class LeftError(MinerError):
    """The miner was removed or unloaded while something waited for its turn."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The miner was removed, or is being set up anew")


class HeldError(MinerError):
    """Another of ours, who goes first, keeps the miner from being changed."""

    def __init__(self, holder: Claimant) -> None:
        """Name who does."""
        super().__init__(f"Held by {holder.name.lower()}")
        self.holder = holder


class DecidedByHandError(MinerError):
    """A person has changed, paused or resumed the miner meanwhile, and goes first."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Somebody has decided about the miner meanwhile")
