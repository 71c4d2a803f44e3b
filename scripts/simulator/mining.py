"""Hash counters and shares: what a miner measures of its own work."""

from collections import deque
from dataclasses import dataclass, field
from itertools import islice
import math
from random import Random

from .physics import Silicon
from .rng import best_of_shares, binomial, poisson
from .truth import HASHES_PER_ERROR

BUCKET_SECONDS = 10.0
DAY_BUCKET_SECONDS = 600.0
# Slow relative noise of the hashrate, where the firmware reads counters of hashes
# (AxeOS from v2.12 on; of one chip), and where it guesses from the nonces that were
# found. A mean of one minute scatters by 1 to 2 % in the one case and by 5 to 10 % in
# the other.
COUNTED_DRIFT = 0.015
COUNTED_NOISE = 0.022
GUESSED_DRIFT = 0.09
DRIFT_SECONDS = 45.0
REJECT_REASONS = (
    ("Stale", 0.6),
    ("Job not found", 0.25),
    ("Above target", 0.1),
    ("Duplicate share", 0.05),
)


class HashMeter:
    """Hashrate as a firmware measures it, in GH/s.

    `counted` firmware reads hash counters of the chips every `interval` seconds; older
    firmware guesses from found nonces, with slow and large noise. The averages advance
    only while the miner hashes.
    """

    def __init__(
        self, silicon: Silicon, rng: Random, *, interval: float, counted: bool
    ) -> None:
        """Start with nothing measured."""
        self._silicon = silicon
        self._rng = rng
        self.interval = interval
        self._counted = counted
        chips = len(silicon.chip_share)
        self.drift_sigma = (
            COUNTED_DRIFT / math.sqrt(chips) if counted else GUESSED_DRIFT
        )
        self.reset()

    def reset(self) -> None:
        """Forget everything, as a boot does."""
        chips = len(self._silicon.chip_share)
        self.hashrate = 0.0
        self.error_percentage = 0.0
        self.chip_totals = [0.0] * chips
        self.chip_domains = [[0.0] * len(d) for d in self._silicon.domain_share]
        self.error_counts = [0] * chips
        self._drift = 0.0
        self._window = [0.0, 0.0, 0.0]
        self._buckets: deque[tuple[float, float]] = deque(maxlen=360)
        self._bucket = [0.0, 0.0]
        self._day: deque[float] = deque(maxlen=144)
        self._day_bucket = [0.0, 0.0]

    def work(self, seconds: float, good_ghs: float, wrong_ghs: float) -> float:
        """Count a span of hashing; return the wrong hashes that showed as errors."""
        total = 0
        for index, share in enumerate(self._silicon.chip_share):
            errors = poisson(
                self._rng, wrong_ghs * 1e9 * share * seconds / HASHES_PER_ERROR
            )
            self.error_counts[index] += errors
            total += errors
        window = self._window
        window[0] += seconds
        window[1] += good_ghs * seconds
        window[2] += total
        keep = math.exp(-seconds / DRIFT_SECONDS)
        self._drift = self._drift * keep + self._rng.gauss(
            0, self.drift_sigma
        ) * math.sqrt(1 - keep * keep)
        self._bucket_up(seconds, good_ghs)
        return total * float(HASHES_PER_ERROR)

    def _bucket_up(self, seconds: float, good_ghs: float) -> None:
        bucket = self._bucket
        bucket[0] += seconds
        bucket[1] += good_ghs * seconds
        if bucket[0] >= BUCKET_SECONDS:
            self._buckets.append((bucket[0], bucket[1] * (1 + self._drift)))
            bucket[0] = bucket[1] = 0.0
        day = self._day_bucket
        day[0] += seconds
        day[1] += good_ghs * seconds
        if day[0] >= DAY_BUCKET_SECONDS:
            self._day.append(day[1])
            day[0] = day[1] = 0.0

    def fill(self, seconds: float, good_ghs: float) -> None:
        """Pretend a past of steady hashing."""
        for _ in range(min(360, int(seconds / BUCKET_SECONDS))):
            noise = 1 + self._rng.gauss(0, 0.004)
            self._buckets.append((BUCKET_SECONDS, good_ghs * BUCKET_SECONDS * noise))
        for _ in range(min(144, int(seconds / DAY_BUCKET_SECONDS))):
            self._day.append(good_ghs * DAY_BUCKET_SECONDS)

    def read(self, alive: list[list[float]]) -> None:
        """Take a new measurement if the interval is over.

        `alive` is the share of its hashes that each domain of each chip makes.
        """
        seconds, work, errors = self._window
        if seconds < self.interval:
            return
        mean = work / seconds
        noise = self._drift
        if self._counted:
            chips = len(self._silicon.chip_share)
            noise += self._rng.gauss(
                0, COUNTED_NOISE / math.sqrt(self.interval * chips)
            )
        self.hashrate = max(0.0, mean * (1 + noise))
        wrong = errors * HASHES_PER_ERROR / seconds / 1e9
        self.error_percentage = wrong / self.hashrate * 100 if self.hashrate else 0.0
        self._split(alive)
        self._window = [0.0, 0.0, 0.0]

    def _split(self, alive: list[list[float]]) -> None:
        noisy = [
            [
                chip_share * share * made * (1 + self._rng.gauss(0, 0.025))
                for share, made in zip(domains, makes, strict=True)
            ]
            for chip_share, domains, makes in zip(
                self._silicon.chip_share, self._silicon.domain_share, alive, strict=True
            )
        ]
        made = sum(map(sum, noisy))
        scale = self.hashrate / made if made else 0.0
        self.chip_domains = [[value * scale for value in chip] for chip in noisy]
        self.chip_totals = [sum(chip) for chip in self.chip_domains]

    def idle(self, seconds: float) -> None:
        """Let the reading fall while nothing is hashed."""
        if self._counted:
            self.hashrate = 0.0
        else:
            self.hashrate *= math.exp(-seconds / 20)
            if self.hashrate < 0.5:
                self.hashrate = 0.0
        self.error_percentage = 0.0
        self._window = [0.0, 0.0, 0.0]
        self.chip_totals = [0.0] * len(self.chip_totals)
        self.chip_domains = [[0.0] * len(d) for d in self.chip_domains]

    def average(self, seconds: float) -> float:
        """Return the mean of the last so many hashing seconds, or of what there is."""
        time = total = 0.0
        for span, work in islice(
            reversed(self._buckets), int(seconds / BUCKET_SECONDS)
        ):
            time += span
            total += work
        if time <= 0:
            return self._bucket[1] / self._bucket[0] if self._bucket[0] else 0.0
        return total / time

    def day_average(self) -> float:
        """Return work of the last hashing day over a day: NerdOS' `hashRate_1d`."""
        return (sum(self._day) + self._day_bucket[1]) / 86_400


@dataclass
class Shares:
    """Share counters of a session and the best difficulties."""

    best: float = 0.0
    session_best: float = 0.0
    accepted: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def reset_counts(self) -> None:
        """Set the counters back, as a boot or a change of pool does."""
        self.accepted = self.rejected = 0
        self.reasons = {}

    def reset_session(self) -> None:
        """Start a new session; the best ever difficulty stays."""
        self.reset_counts()
        self.session_best = 0.0

    def found(self, difficulty: float) -> None:
        """Note the difficulty of a nonce."""
        self.session_best = max(self.session_best, difficulty)
        self.best = max(self.best, difficulty)

    def work(
        self, rng: Random, hashes: float, pool_difficulty: float, reject_rate: float
    ) -> tuple[int, int]:
        """Submit the shares that some hashes hold; return accepted, rejected."""
        count = poisson(rng, hashes / (pool_difficulty * 2**32))
        if not count:
            return 0, 0
        self.found(best_of_shares(rng, count, pool_difficulty))
        rejected = binomial(rng, count, reject_rate)
        for _ in range(rejected):
            messages = [message for message, _ in REJECT_REASONS]
            weights = [weight for _, weight in REJECT_REASONS]
            (message,) = rng.choices(messages, weights)
            self.reasons[message] = self.reasons.get(message, 0) + 1
        self.rejected += rejected
        self.accepted += count - rejected
        return count - rejected, rejected
