"""How much power one miner counts for, whatever its readings say."""

from time import monotonic
from typing import Final

from ..axeos import MiningState
from ..coordinator import MinerCoordinator
from .measured import MeasuredPoints

GONE: Final = 600.0
"""Seconds of silence after which a miner is taken for off."""
# Share of the known power within which a reading of a miner that hashes is believed.
_BELIEVED: Final = (0.6, 1.6)
# Share of the lowest known power that a paused miner is assumed to draw.
IDLE: Final = 0.35


class CountedPower:
    """The power of one miner, measured or assumed."""

    def __init__(self, miner: MinerCoordinator, measured: MeasuredPoints) -> None:
        """Begin without a reading."""
        self.miner = miner
        self.measured = measured
        self._last_power: float | None = None
        self._silent_since: float | None = None

    def now(self) -> tuple[float, bool]:
        """Return the W that the miner counts for, and whether they were measured.

        A reading that is missing or cannot be true is never taken for 0 W.
        """
        miner, snapshot = self.miner, self.miner.snapshot
        known = self.measured.power_at(snapshot.operating_point)
        assumed = next(
            (
                value
                for value in (
                    known,
                    self._last_power,
                    self.measured.most_power,
                    snapshot.electrical.maximum_power,
                )
                if value is not None
            ),
            0.0,
        )
        if not miner.last_update_success:
            self._silent_since = self._silent_since or monotonic()
            gone = monotonic() - self._silent_since >= GONE
            return (0.0 if gone else max(assumed, self._last_power or 0.0)), False
        self._silent_since = None
        power = snapshot.electrical.power
        match snapshot.state:
            case MiningState.STARTING:
                return max(assumed, power or 0.0), False
            case MiningState.MINING:
                if power is None or power <= 0:
                    return assumed, False
                if known is not None and snapshot.hashing.hashrate:
                    ratio = power / known
                    if ratio < _BELIEVED[0]:
                        return known, False
                    if ratio > _BELIEVED[1]:
                        return power, False
            case MiningState.PAUSED | MiningState.IDLE:
                if power is None or power <= 0:
                    return IDLE * assumed, False
            case _:
                if power is None or power <= 0:
                    return assumed, False
        if snapshot.state is MiningState.MINING:
            self._last_power = power
        return power, True
