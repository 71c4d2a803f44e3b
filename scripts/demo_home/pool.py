"""The pool of the demo: it sees what simulated miners hash, only on loopback."""

from random import Random
import time

from scripts.fake_pool import FakePool, FakeWorker
from scripts.simulator import Swarm
from scripts.simulator.storage import WALLET

from .settings import LOOPBACK

# Of a hashrate that is counted from shares, around the true one.
_SCATTER = 0.03


class DemoPool(FakePool):
    """All miners work for one account, each under its name."""

    def __init__(self, swarm: Swarm, port: int) -> None:
        """Prepare."""
        super().__init__(WALLET, LOOPBACK, port)
        self.refresh = self._look
        self._swarm = swarm
        self._random = Random(21)

    def _look(self) -> None:
        """See the miners as they are now."""
        for server in self._swarm:
            miner = server.miner
            name = miner.primary_pool["stratumUser"].partition(".")[2]
            rate = 0.0
            if miner.hashing and miner.pool_reachable:
                rate = miner.rates()[0] * self._random.gauss(1, _SCATTER)
            before = self.workers.get(name)
            now = time.time()
            last = before.last_share if before else now - 3600
            self.see(
                FakeWorker(
                    name,
                    hashrate=rate,
                    last_share=now - self._random.expovariate(0.1) if rate else last,
                    best_difficulty=miner.shares.best,
                )
            )
