"""What a room that is heated looks like to the miners that heat it."""

from collections.abc import Sequence
from typing import Protocol

from ..coordinator import MinerCoordinator
from .controller import MinerNow
from .points import PowerPoint


class Heater(Protocol):
    """What heats a room by several miners, as one of them sees it."""

    @property
    def key(self) -> str:
        """What its target is known by; no miner has the same."""

    @property
    def name(self) -> str:
        """What people call the room."""

    @property
    def may_pause(self) -> bool:
        """Whether its miners may be paused now."""

    @property
    def minimum_run(self) -> float:
        """Seconds that a miner hashes at least before it is paused."""

    @property
    def minimum_rest(self) -> float:
        """Seconds that a paused miner rests at least."""

    def takes(self, miner: MinerCoordinator) -> bool:
        """Return whether it heats by a miner, which nobody else does then."""

    def choose_from(
        self, miner: MinerCoordinator, points: tuple[PowerPoint, ...]
    ) -> tuple[PowerPoint, ...]:
        """Return the points within its profiles; at least one of those given."""

    def target_now(self, miners: Sequence[MinerNow]) -> float:
        """Return the W that its miners are to draw together, at most."""
