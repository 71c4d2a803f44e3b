"""Figures that take more than one reading of a miner: energy, restarts, rates.

Pure: time comes in from outside, state goes out as plain values for storage.
"""

from collections import deque
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from .axeos import MiningState, Snapshot

RATE_WINDOW: Final = 3600.0
"""s over which reject rate and share hashrate are taken."""
ERROR_WINDOW: Final = 600.0
"""s over which the error rate is taken."""
RATIO_WINDOW: Final = 600.0
"""s over which the hashrate is compared with the expected one."""
SETTLING_SECONDS: Final = 120.0
"""s after a start or a change of setting in which the hashrate says nothing yet."""
FLATLINE_SECONDS: Final = 120.0
"""s of a bit-identical hashrate without a share after which nothing is produced."""

_FLATLINE_READINGS: Final = 6
_SHORTEST_RATIO_WINDOW: Final = 300.0
_HASHES_PER_DIFFICULTY: Final = 2**32
_COUNTER_RANGE: Final = 2**32
_BUCKET_SECONDS: Final = 60.0
# The clocks of a miner and of Home Assistant drift apart, and replies take their time.
_BOOT_TIME_TOLERANCE: Final = 60.0
# s; an uptime that stands still for longer than this will not move any more.
_LONGEST_START: Final = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is known beyond the reading itself."""

    energy: float = 0.0
    """kWh since the miner was added."""
    restarts: int = 0
    """Restarts seen since the miner was added."""
    total_uptime: float = 0.0
    """s in operation: the miner's own total where it has one, else what was seen."""
    boot_time: float | None = None
    """Unix time of the last start."""
    best_difficulty: float | None = None
    """Best share ever seen; outlives a factory reset of the miner."""
    blocks_found: int | None = None
    """The firmware's counter at the last reading."""
    reject_rate: float | None = None
    """% of the shares of the last hour; unknown without shares."""
    error_rate: float | None = None
    """% of hashes that failed in the last 10 minutes."""
    share_hashrate: float | None = None
    """GH/s that the accepted shares of the last hour prove."""
    recent_shares: int = 0
    """Shares of the last hour that `reject_rate` is taken from."""
    recent_seconds: float = 0.0
    """s of seen operation within the last hour, in which they came."""
    missing_shares: float | None = None
    """Shares that hashrate and difficulty promised since the last one came; unknown
    until one came."""
    share_silence: float | None = None
    """s of seen operation since the last share; unknown until one came."""
    expected_ratio: float | None = None
    """% of the expected hashrate over the last 10 minutes of mining; unknown until
    there are 5 of them since the last start or change of setting."""
    flatlined: bool = False
    """Whether the firmware repeats a hashrate it no longer produces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A snapshot, with the figures that belong to it."""

    snapshot: Snapshot
    figures: Figures


class _Window:
    """Sums of several quantities over the last `seconds`, in buckets of a minute."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._buckets: deque[tuple[float, list[float]]] = deque()

    def add(self, now: float, *amounts: float) -> None:
        if self._buckets and now - self._buckets[-1][0] < _BUCKET_SECONDS:
            sums = self._buckets[-1][1]
            for index, amount in enumerate(amounts):
                sums[index] += amount
        else:
            self._buckets.append((now, list(amounts)))
        while self._buckets and now - self._buckets[0][0] > self.seconds:
            self._buckets.popleft()

    def clear(self) -> None:
        self._buckets.clear()

    def sums(self) -> list[float]:
        return [
            sum(column)
            for column in zip(*(sums for _, sums in self._buckets), strict=True)
        ]


class Meter:
    """Turns the snapshots of one miner into readings."""

    def __init__(self, stored: dict[str, Any] | None = None) -> None:
        """Continue from what `as_dict` returned before a restart."""
        stored = stored or {}
        known = {
            key: value
            for key, value in stored.get("figures", {}).items()
            if key in _STORED_FIGURES
        }
        self.figures = Figures(**known)
        self._ratio = _Window(RATIO_WINDOW)
        self._settled_at = 0.0
        self._missing_shares: float | None = None
        self._share_silence: float | None = None
        self._last_time: float | None = stored.get("last_time")
        self._last_uptime: int | None = stored.get("last_uptime")
        self._last_clock: float | None = None
        self._last: Snapshot | None = None
        self._start_seconds = 0.0
        self._shares = _Window(RATE_WINDOW)
        self._errors = _Window(ERROR_WINDOW)
        self._reported_errors = _Window(ERROR_WINDOW)
        self._raw_hashrate: float | None = None
        self._same_since = 0.0
        self._same_readings = 0

    @property
    def last_time(self) -> float | None:
        """Unix time of the last reading, also of one before a restart."""
        return self._last_time

    def as_dict(self) -> dict[str, Any]:
        """Return everything that must outlive a restart of Home Assistant."""
        figures = asdict(self.figures)
        return {
            "figures": {key: figures[key] for key in _STORED_FIGURES},
            "last_time": self._last_time,
            "last_uptime": self._last_uptime,
        }

    def update(
        self,
        snapshot: Snapshot,
        now: float,
        max_gap: float,
        clock: float | None = None,
    ) -> Reading:
        """Take in a snapshot read at Unix time `now`.

        Nothing is integrated over gaps longer than `max_gap` s. `clock` is a time in s
        that nobody sets, such as that of `monotonic`.
        """
        restarted = self._restarted(snapshot, now, clock)
        elapsed = now - self._last_time if self._last_time is not None else 0.0
        flatlined = self._flatlined(snapshot, now, restarted=restarted)
        if flatlined:
            hashing = replace(snapshot.hashing, hashrate=0.0)
            snapshot = replace(snapshot, hashing=hashing)
        continuous = 0 < elapsed <= max_gap and self._last is not None
        if self._start_failed(snapshot, elapsed if continuous else 0.0):
            snapshot = replace(snapshot, state=MiningState.IDLE)
        self._count(snapshot, now, elapsed if continuous else 0.0, restarted=restarted)
        self._compare(
            snapshot, now, elapsed if continuous else 0.0, trusted=not flatlined
        )
        energy = self.figures.energy
        if continuous:
            energy += self._energy(snapshot, elapsed)
        uptime = snapshot.system.uptime
        self.figures = Figures(
            energy=energy,
            restarts=self.figures.restarts + restarted,
            total_uptime=self._total_uptime(snapshot, restarted=restarted),
            boot_time=None if uptime is None else now - uptime,
            best_difficulty=_largest(
                self.figures.best_difficulty, snapshot.shares.best_difficulty
            ),
            blocks_found=snapshot.pools.blocks_found
            if snapshot.pools.blocks_found is not None
            else self.figures.blocks_found,
            reject_rate=self._reject_rate(),
            error_rate=self._error_rate(),
            share_hashrate=self._share_hashrate(),
            recent_shares=self._recent_shares(),
            recent_seconds=self._recent_seconds(),
            missing_shares=self._missing_shares,
            share_silence=self._share_silence,
            expected_ratio=self._expected_ratio(),
            flatlined=flatlined,
        )
        self._last = snapshot
        self._last_time = now
        self._last_uptime = uptime
        self._last_clock = clock
        return Reading(snapshot=snapshot, figures=self.figures)

    def _restarted(self, snapshot: Snapshot, now: float, clock: float | None) -> bool:
        """Whether the miner has started since the last reading.

        Its uptime stepped back, or, after a gap, it is too short to reach back to the
        last reading. A clock that was merely set, as after a power cut, is no gap.
        """
        uptime = snapshot.system.uptime
        if uptime is None or self._last_uptime is None or self._last_time is None:
            return False
        if uptime < self._last_uptime:
            return True
        if uptime == self._last_uptime == 0:
            # A start that failed, which stands still; see `_start_failed`.
            return False
        gap = now - self._last_time
        if clock is not None and self._last_clock is not None:
            gap = clock - self._last_clock
        return gap - uptime > _BOOT_TIME_TOLERANCE

    def _start_failed(self, snapshot: Snapshot, elapsed: float) -> bool:
        """Whether a miner that claims to start has given up.

        AxeOS from v2.15 on counts its uptime while it reads the ASICs: if they do not
        come up, it is 0 for ever.
        """
        if (
            snapshot.state is MiningState.STARTING
            and snapshot.system.uptime == self._last_uptime
        ):
            self._start_seconds += elapsed
        else:
            self._start_seconds = 0.0
        return self._start_seconds > _LONGEST_START

    def _total_uptime(self, snapshot: Snapshot, *, restarted: bool) -> float:
        if (own := snapshot.system.total_uptime) is not None:
            return max(own, self.figures.total_uptime)
        uptime = snapshot.system.uptime
        if uptime is None:
            return self.figures.total_uptime
        since = 0 if restarted or self._last_uptime is None else self._last_uptime
        return self.figures.total_uptime + uptime - since

    def _energy(self, snapshot: Snapshot, elapsed: float) -> float:
        """Return kWh since the last reading by the trapezoidal rule."""
        assert self._last is not None
        before, after = self._last.electrical.power, snapshot.electrical.power
        if before is None or after is None:
            return 0.0
        return (before + after) / 2 * elapsed / 3_600_000

    def _count(
        self, snapshot: Snapshot, now: float, elapsed: float, *, restarted: bool
    ) -> None:
        """Add what happened since the last reading to the windows."""
        last = self._last
        if last is None or elapsed == 0:
            return
        accepted = _increase(last.shares.accepted, snapshot.shares.accepted)
        rejected = _increase(last.shares.rejected, snapshot.shares.rejected)
        difficulty = snapshot.pools.difficulty or last.pools.difficulty or 0
        self._shares.add(now, accepted, rejected, accepted * difficulty, elapsed)
        hashrate = ((last.hashing.hashrate or 0) + (snapshot.hashing.hashrate or 0)) / 2
        self._miss_shares(
            hashrate * 1e9 * elapsed / (difficulty * _HASHES_PER_DIFFICULTY)
            if difficulty
            else 0.0,
            elapsed,
            came=bool(accepted or rejected),
            restarted=restarted,
        )
        before, after = last.hashing.error_count, snapshot.hashing.error_count
        if before is not None and after is not None:
            errors = after - before
            if errors < 0:
                errors = after if restarted else errors + _COUNTER_RANGE
            hashes = hashrate * 1e9 * elapsed
            self._errors.add(now, errors * _HASHES_PER_DIFFICULTY, hashes)
        if (reported := snapshot.hashing.error_percentage) is not None:
            self._reported_errors.add(now, reported * elapsed, elapsed)

    def _miss_shares(
        self, promised: float, elapsed: float, *, came: bool, restarted: bool
    ) -> None:
        """Count the shares that were promised and did not come."""
        if came:
            self._missing_shares = self._share_silence = 0.0
        elif restarted:
            self._missing_shares = self._share_silence = None
        elif self._missing_shares is not None and self._share_silence is not None:
            self._missing_shares += promised
            self._share_silence += elapsed

    def _compare(
        self, snapshot: Snapshot, now: float, elapsed: float, *, trusted: bool
    ) -> None:
        """Add to what the hashrate is in relation to the expected one.

        Only of a miner that mines, has settled, and whose hashrate can be trusted.
        """
        last, uptime = self._last, snapshot.system.uptime
        if last is not None and snapshot.operating_point != last.operating_point:
            self._settled_at = now + SETTLING_SECONDS
        if (
            not trusted
            or snapshot.state is not MiningState.MINING
            or now < self._settled_at
            or (uptime is not None and uptime < SETTLING_SECONDS)
        ):
            self._ratio.clear()
            return
        hashrate, expected = snapshot.hashing.hashrate, snapshot.hashing.expected
        if elapsed and hashrate is not None and expected:
            self._ratio.add(now, hashrate * elapsed, expected * elapsed, elapsed)

    def _expected_ratio(self) -> float | None:
        hashed, expected, seconds = self._ratio.sums() or (0.0, 0.0, 0.0)
        return hashed / expected * 100 if seconds >= _SHORTEST_RATIO_WINDOW else None

    def _recent_shares(self) -> int:
        accepted, rejected, *_ = self._shares.sums() or (0, 0)
        return round(accepted + rejected)

    def _recent_seconds(self) -> float:
        *_, seconds = self._shares.sums() or (0.0,)
        return seconds

    def _reject_rate(self) -> float | None:
        accepted, rejected, *_ = self._shares.sums() or (0.0, 0.0)
        total = accepted + rejected
        return rejected / total * 100 if total else None

    def _error_rate(self) -> float | None:
        """Return % from the hash counters, else the mean of the firmware's own figure."""
        if sums := self._errors.sums():
            errors, hashes = sums
            return min(errors / hashes * 100, 100.0) if hashes else None
        if sums := self._reported_errors.sums():
            return sums[0] / sums[1]
        return None

    def _share_hashrate(self) -> float | None:
        if not (sums := self._shares.sums()):
            return None
        _, _, work, seconds = sums
        return work * _HASHES_PER_DIFFICULTY / seconds / 1e9 if work else None

    def _flatlined(self, snapshot: Snapshot, now: float, *, restarted: bool) -> bool:
        """Whether the firmware repeats its last hashrate while nothing is produced.

        Hash counters never give the same figure twice; firmware that stops hearing
        from its ASICs does (ESP-Miner issue 1053). Shares prove life.
        """
        last = self._last
        same = (
            last is not None
            and not restarted
            and bool(snapshot.hashing.hashrate)
            and snapshot.hashing.hashrate == self._raw_hashrate
            and snapshot.shares.accepted == last.shares.accepted
            and snapshot.shares.rejected == last.shares.rejected
        )
        self._raw_hashrate = snapshot.hashing.hashrate
        if not same:
            self._same_since = now
            self._same_readings = 1
            return False
        self._same_readings += 1
        return (
            self._same_readings >= _FLATLINE_READINGS
            and now - self._same_since >= FLATLINE_SECONDS
        )


_STORED_FIGURES: Final = (
    "energy",
    "restarts",
    "total_uptime",
    "best_difficulty",
    "blocks_found",
)


def _increase(before: int | None, after: int | None) -> int:
    """Return the increase of a counter that may have started again at 0."""
    if before is None or after is None:
        return 0
    return after - before if after >= before else after


def _largest(*values: float | None) -> float | None:
    return max((value for value in values if value is not None), default=None)
