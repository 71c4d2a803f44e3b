"""What just happens to a miner, and is not over later. Pure.

Each is found by comparing with what was known before, which outlives a restart of Home
Assistant: a block found meanwhile is told, and none is told twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from .alerts import Alert, AlertKind, AlertPhase
from .conditions import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The counters of a miner at the last reading; `None` before the first."""

    restarts: int | None = None
    best_difficulty: float | None = None
    blocks_found: int | None = None

    def after(self, seen: Observation) -> Known:
        """Return what is known once this was seen."""
        if seen.reading is None:
            return self
        figures = seen.reading.figures
        return Known(
            restarts=figures.restarts,
            best_difficulty=figures.best_difficulty
            if figures.best_difficulty is not None
            else self.best_difficulty,
            blocks_found=figures.blocks_found
            if figures.blocks_found is not None
            else self.blocks_found,
        )


type Happening = Callable[[Observation, Known], Alert | None]


def restarted(seen: Observation, known: Known) -> Alert | None:
    """Tell of a restart that nobody asked for."""
    if seen.reading is None or known.restarts is None:
        return None
    restarts = seen.reading.figures.restarts
    if restarts <= known.restarts or restarts == seen.asked_restart:
        return None
    boot_time = seen.reading.figures.boot_time
    return Alert(
        kind=AlertKind.RESTARTED,
        phase=AlertPhase.HAPPENED,
        since=seen.time if boot_time is None else boot_time,
        data={"reason": seen.reading.snapshot.system.reset_reason},
    )


def new_best_difficulty(seen: Observation, known: Known) -> Alert | None:
    """Tell of the best share this miner ever found."""
    if seen.reading is None or known.best_difficulty is None:
        return None
    record = seen.reading.figures.best_difficulty
    if record is None or record <= known.best_difficulty:
        return None
    others = seen.swarm_best_difficulty
    return Alert(
        kind=AlertKind.NEW_BEST_DIFFICULTY,
        phase=AlertPhase.HAPPENED,
        value=record,
        since=seen.time,
        data={
            "previous": known.best_difficulty,
            "swarm_record": others is None or record > others,
        },
    )


def block_found(seen: Observation, known: Known) -> Alert | None:
    """Tell of a block, by the firmware's own counter and nothing else."""
    if seen.reading is None or known.blocks_found is None:
        return None
    blocks = seen.reading.figures.blocks_found
    if blocks is None or blocks <= known.blocks_found:
        return None
    pools = seen.reading.snapshot.pools
    return Alert(
        kind=AlertKind.BLOCK_FOUND,
        phase=AlertPhase.HAPPENED,
        since=seen.time,
        data={
            "blocks_found": blocks,
            "new_blocks": blocks - known.blocks_found,
            "block_height": pools.block_height,
        },
    )


HAPPENING: Final[Mapping[AlertKind, Happening]] = {
    AlertKind.RESTARTED: restarted,
    AlertKind.NEW_BEST_DIFFICULTY: new_best_difficulty,
    AlertKind.BLOCK_FOUND: block_found,
}
"""Everything that just happens."""
