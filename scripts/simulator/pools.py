"""Which pool a miner works for."""

from .state import MinerState


class PoolChoice:
    """Primary or fallback pool, with the settings that came into force at the boot."""

    def __init__(self, miner: MinerState) -> None:
        """Work for the primary pool."""
        self._miner = miner
        self.on_fallback = False
        self.load()

    def load(self) -> None:
        """Take over the stored settings."""
        self._has_fallback = bool(self._miner.fallback_pool["stratumURL"])
        self._booted = True
        self._prefers_fallback = bool(self._miner.stored["useFallbackStratum"])

    @property
    def reachable(self) -> bool:
        """Whether a pool answers."""
        return not self._miner.faults.pool_down or self._fallback_answers

    @property
    def _fallback_answers(self) -> bool:
        return self._has_fallback and not self._miner.faults.fallback_down

    def choose(self) -> None:
        """Go to the pool that is to be used now."""
        wanted = self._prefers_fallback or self._miner.faults.pool_down
        fallback = wanted and self._fallback_answers
        if self.on_fallback and self._miner.faults.sticky_fallback and not self._booted:
            return
        self._booted = False
        if fallback == self.on_fallback:
            return
        self.on_fallback = fallback
        if self._miner.version >= (2, 14, 0):
            self._miner.shares.reset_counts()
