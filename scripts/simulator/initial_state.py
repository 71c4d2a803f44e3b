"""The state of a miner which has been running when a simulation starts."""

import math
from random import Random

from .state import MinerState

EARLIER_DAYS = 40


def fill_counters(miner: MinerState, rng: Random, seconds: float) -> None:
    """Fill counters and averages as steady hashing for a time would have."""
    good, wrong = miner.rates(miner.active_point[0])
    alive = miner.domains_alive(miner.active_point[0])
    spec, shares, meter = miner.spec, miner.shares, miner.meter
    hashes = good * 1e9 * seconds
    shares.work(rng, hashes, spec.pool_difficulty, 0)
    earlier = good * 1e9 * 86_400 * EARLIER_DAYS
    shares.best = max(
        shares.session_best,
        spec.best_difficulty or earlier / 2**32 / -math.log(1 - rng.random()),
    )
    shares.reset_counts()
    shares.work(rng, hashes, spec.pool_difficulty, spec.reject_rate)
    meter.work(seconds, good, wrong)
    meter.fill(seconds, good)
    meter.read(alive)
    meter.work(5.0, good, wrong)
    meter.read(alive)
    miner.total_uptime = seconds + EARLIER_DAYS * 86_400
    miner.total_hashes = good * 1e9 * miner.total_uptime
