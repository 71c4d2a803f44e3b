"""Figures that take more than one reading of a miner: energy, restarts, rates.

Pure: time comes in from outside, state goes out as plain values for storage.
"""

from collections import deque
from dataclasses import asdict, dataclass, replace
import math
from typing import Any, Final, NamedTuple

from ..axeos import MiningState, Snapshot, bounds
from ..const import HASHES_PER_DIFFICULTY
from ..storage.stored_object import ANY_COUNT, ENERGY, TIME, StoredObject, as_stored
from . import plausibility

RATE_WINDOW: Final = 3600.0
"""Seconds over which reject rate and share hashrate are taken."""
ERROR_WINDOW: Final = 600.0
"""Seconds over which the error rate is taken."""
RATIO_WINDOW: Final = 600.0
"""Seconds over which the hashrate is compared with the expected one."""
SETTLING_SECONDS: Final = 120.0
"""Seconds after a start or a change of setting in which the hashrate says nothing
yet."""
FLATLINE_SECONDS: Final = 120.0
"""Seconds of a bit-identical hashrate without a share after which nothing is
produced."""

_FLATLINE_READINGS: Final = 6
_SHORTEST_RATIO_WINDOW: Final = 300.0
_COUNTER_RANGE: Final = 2**32
_BUCKET_SECONDS: Final = 60.0
# The clocks of a miner and of Home Assistant drift apart, and replies take their time.
_BOOT_TIME_TOLERANCE: Final = 60.0
# s after the last recorded state for which a miner counts that proves to have gone on:
# a disk that is cut off may lose the last half minute.
_LONGEST_UNSEEN: Final = 60.0
# s for which one counts that lost its power as well, and proves nothing: as long as two
# recorded states can be apart, see `HEARTBEAT`.
_LONGEST_UNPROVEN: Final = 30.0
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
    """Seconds in operation: the miner's own total where it has one, else what was
    seen."""
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
    """Seconds of seen operation within the last hour, in which they came."""
    missing_shares: float | None = None
    """Shares that hashrate and difficulty promised since the last one came; unknown
    until one came."""
    share_silence: float | None = None
    """Seconds of seen operation since the last share; unknown until one came."""
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
        self._finished: list[float] | None = None
        """Sums of all buckets but the newest, once they were asked for."""

    def add(self, clock: float, *amounts: float) -> None:
        if self._buckets and clock - self._buckets[-1][0] < _BUCKET_SECONDS:
            sums = self._buckets[-1][1]
            for index, amount in enumerate(amounts):
                sums[index] += amount
        else:
            self._buckets.append((clock, list(amounts)))
            self._finished = None
        while self._buckets and clock - self._buckets[0][0] > self.seconds:
            self._buckets.popleft()
            self._finished = None

    def clear(self) -> None:
        self._buckets.clear()
        self._finished = None

    def sums(self) -> list[float]:
        if not self._buckets:
            return []
        newest = self._buckets[-1][1]
        if self._finished is None:
            # Summed anew with each bucket: a running sum would drift.
            finished = [sums for _, sums in self._buckets][:-1]
            self._finished = (
                [sum(column) for column in zip(*finished, strict=True)]
                if finished
                else [0] * len(newest)
            )
        return [
            before + last for before, last in zip(self._finished, newest, strict=True)
        ]


class _RecentShares(NamedTuple):
    """Sums of the shares that came in within `RATE_WINDOW`."""

    accepted: float
    rejected: float
    work: float
    """Difficulties of those that were accepted."""
    seconds: float

    @property
    def came(self) -> int:
        """How many came."""
        return round(self.accepted + self.rejected)

    @property
    def reject_rate(self) -> float | None:
        """% that were rejected."""
        total = self.accepted + self.rejected
        return self.rejected / total * 100 if total else None

    @property
    def hashrate(self) -> float | None:
        """GH/s that it takes to find them."""
        if not self.work:
            return None
        return self.work * HASHES_PER_DIFFICULTY / self.seconds / 1e9


class Meter:
    """Turns the snapshots of one miner into readings."""

    def __init__(
        self,
        stored: StoredObject | dict[str, Any] | None = None,
        boot_id: str | None = None,
    ) -> None:
        """Continue from what `as_dict` returned before a restart.

        What is stored may be anything; nonsense reads as if it had never been.
        `boot_id` names the start of the computer since which the monotonic clock
        counts: within one, that clock also goes on over a restart of Home Assistant.
        """
        stored = as_stored(stored)
        known = stored.child("figures")
        self.figures = Figures(
            energy=known.number("energy", ENERGY) or 0.0,
            restarts=known.integer("restarts", ANY_COUNT) or 0,
            total_uptime=known.number("total_uptime", bounds.UPTIME) or 0.0,
            best_difficulty=known.number("best_difficulty", bounds.DIFFICULTY),
            blocks_found=known.integer("blocks_found", bounds.BLOCKS),
        )
        known.finish()
        self._ratio = _Window(RATIO_WINDOW)
        self._settled_at = -math.inf
        self._missing_shares: float | None = None
        self._share_silence: float | None = None
        self._last_time = stored.number("last_time", TIME)
        self._last_uptime = stored.integer("last_uptime", bounds.UPTIME)
        self._last_total_uptime = stored.integer("last_total_uptime", bounds.UPTIME)
        self._boot_id = boot_id
        last_clock = stored.number("last_clock", TIME)
        stored_boot_id = stored.text("boot_id")
        same_boot = boot_id is not None and stored_boot_id == boot_id
        self._last_clock = last_clock if same_boot else None
        stored.finish()
        self._last: Snapshot | None = None
        self._plausibility = plausibility.PlausibilityFilter()
        # The last counters of shares, also of a reading before one that is held back.
        self._counters: dict[str, int] = {}
        self._grown = {"accepted": 0, "rejected": 0}
        self._unseen = (0.0, math.inf)
        self._start_seconds = 0.0
        self._shares = _Window(RATE_WINDOW)
        self._errors = _Window(ERROR_WINDOW)
        self._reported_errors = _Window(ERROR_WINDOW)
        self._raw_hashrate: float | None = None
        self._same_since = 0.0
        self._same_readings = 0

    def recover(self, energy: float, power: float, time: float) -> None:
        """Go on from what others have seen later than it was stored.

        That are kWh, and the W that were drawn at a Unix time.
        """
        self.figures = replace(
            self.figures, energy=max(self.figures.energy, min(energy, ENERGY.high))
        )
        self._unseen = (power, time)

    def _energy_unseen(self, snapshot: Snapshot, now: float) -> float:
        """Return kWh that were drawn after the last trace before a sudden end.

        A miner whose uptime reaches back to the trace went on all the time. One that
        started since ended at some time before the next trace would have come.
        """
        power, time = self._unseen
        unseen = now - time
        if unseen <= 0:
            return 0.0
        uptime = snapshot.system.uptime or 0
        seconds = (
            min(unseen, _LONGEST_UNSEEN)
            if uptime >= unseen
            else min(unseen - uptime, _LONGEST_UNPROVEN)
        )
        return power * seconds / 3_600_000

    @property
    def last_time(self) -> float | None:
        """Unix time of the last reading, also of one before a restart."""
        return self._last_time

    def seconds_since_last(self, clock: float) -> float | None:
        """Return s since the last reading, where the monotonic `clock` shows it."""
        return None if self._last_clock is None else max(clock - self._last_clock, 0.0)

    def continue_energy(self, energy: float) -> None:
        """Go on from what was counted in kWh before us; never back.

        Energy is shown in whole Wh: rounded down, it would be less than was shown
        before.
        """
        energy = math.ceil(round(energy * 1000, 6)) / 1000
        if energy > self.figures.energy:
            self.figures = replace(self.figures, energy=energy)

    def as_dict(self) -> dict[str, Any]:
        """Return everything that must outlive a restart of Home Assistant."""
        figures = asdict(self.figures)
        return {
            "figures": {key: figures[key] for key in _STORED_FIGURES},
            "last_time": self._last_time,
            "last_uptime": self._last_uptime,
            "last_total_uptime": self._last_total_uptime,
            "last_clock": self._last_clock,
            "boot_id": self._boot_id,
        }

    def update(
        self, snapshot: Snapshot, now: float, max_gap: float, clock: float
    ) -> Reading:
        """Take in a snapshot read at Unix time `now`.

        Nothing is integrated over gaps longer than `max_gap` s. `clock` is a time in s
        that nobody sets, that of `monotonic`: everything lasts by it.
        """
        passed = clock - self._last_clock if self._last_clock is not None else None
        elapsed = passed or 0.0
        reported = snapshot.system
        snapshot = self._with_credible_uptime(snapshot, passed)
        restarted = self._restarted(snapshot, clock)
        snapshot = self._with_credible_counters(snapshot, passed, restarted=restarted)
        flatlined = self._flatlined(snapshot, clock, restarted=restarted)
        if flatlined:
            hashing = replace(snapshot.hashing, hashrate=0.0)
            snapshot = replace(snapshot, hashing=hashing)
        continuous = 0 < elapsed <= max_gap and self._last is not None
        if self._start_failed(snapshot, elapsed if continuous else 0.0):
            snapshot = replace(snapshot, state=MiningState.IDLE)
        self._count(
            snapshot, clock, elapsed if continuous else 0.0, restarted=restarted
        )
        self._compare(
            snapshot, clock, elapsed if continuous else 0.0, trusted=not flatlined
        )
        energy = self.figures.energy + self._energy_unseen(snapshot, now)
        self._unseen = (0.0, math.inf)
        if continuous:
            energy += self._energy(snapshot, elapsed)
        uptime = snapshot.system.uptime
        shares = _RecentShares(*(self._shares.sums() or (0.0, 0.0, 0.0, 0.0)))
        self.figures = Figures(
            energy=energy,
            restarts=self.figures.restarts + restarted,
            total_uptime=self._total_uptime(
                snapshot,
                passed,
                restarted=restarted,
                held=snapshot.system.uptime is None and reported.uptime is not None,
            ),
            boot_time=None if uptime is None else now - uptime,
            best_difficulty=_larger(
                self.figures.best_difficulty, snapshot.shares.best_difficulty
            ),
            blocks_found=snapshot.pools.blocks_found
            if snapshot.pools.blocks_found is not None
            else self.figures.blocks_found,
            reject_rate=shares.reject_rate,
            error_rate=self._error_rate(),
            share_hashrate=shares.hashrate,
            recent_shares=shares.came,
            recent_seconds=shares.seconds,
            missing_shares=self._missing_shares,
            share_silence=self._share_silence,
            expected_ratio=self._expected_ratio(),
            flatlined=flatlined,
        )
        self._last = snapshot
        self._last_time = now
        self._last_uptime = _gone_on(
            reported.uptime, uptime, self._last_uptime, elapsed
        )
        self._last_total_uptime = _gone_on(
            reported.total_uptime,
            snapshot.system.total_uptime,
            self._last_total_uptime,
            elapsed,
        )
        self._last_clock = clock
        return Reading(snapshot=snapshot, figures=self.figures)

    def _with_credible_uptime(
        self, snapshot: Snapshot, passed: float | None
    ) -> Snapshot:
        """Return the snapshot without uptimes that leap; `passed` is s since the last.

        An uptime cannot grow faster than time passes, and a start since the last
        reading is no longer ago than that.
        """
        system = snapshot.system
        uptime, last = system.uptime, self._last_uptime
        if passed is None:
            # Of a first reading, or of the first after the computer was started.
            longest = (last or 0) + plausibility.LONGEST_RUN
            if uptime is not None and not self._plausibility.is_credible(
                "uptime", uptime, 0, longest, longest
            ):
                system = replace(system, uptime=None)
            return replace(snapshot, system=system)
        growth = passed + plausibility.SECONDS
        if uptime is not None and last is not None:
            fell = uptime < last and uptime > growth
            low = uptime + 1 if fell else 0
            if not self._plausibility.is_credible(
                "uptime", uptime, low, last + growth, growth
            ):
                system = replace(system, uptime=None)
        total, last_total = system.total_uptime, self._last_total_uptime
        if (
            total is not None
            and last_total is not None
            and not self._plausibility.is_credible(
                "total", total, 0, last_total + growth, growth
            )
        ):
            system = replace(system, total_uptime=None)
        return (
            snapshot if system is snapshot.system else replace(snapshot, system=system)
        )

    def _with_credible_counters(
        self, snapshot: Snapshot, passed: float | None, *, restarted: bool
    ) -> Snapshot:
        """Return the snapshot without counters and records that leap.

        Nothing is found faster than by hashing: the fastest that is reported counts.
        """
        shares, pools = snapshot.shares, snapshot.pools
        hashrate = _larger(snapshot.hashing.hashrate, snapshot.hashing.expected)
        # The pool may have made them harder since the last reading.
        last = None if self._last is None else self._last.pools.difficulty
        known = [item for item in (last, pools.difficulty) if item]
        growth = plausibility.most_shares(
            passed or 0.0, hashrate, min(known, default=None)
        )
        uptime = snapshot.system.uptime
        # Since the start, at whatever difficulty.
        in_all = (
            math.inf
            if uptime is None
            else plausibility.most_shares(uptime, hashrate, plausibility.EASIEST)
        )
        accepted, rejected = (
            self._credible_count(name, value, growth, in_all, restarted=restarted)
            for name, value in (
                ("accepted", shares.accepted),
                ("rejected", shares.rejected),
            )
        )
        if accepted != shares.accepted or rejected != shares.rejected:
            shares = replace(shares, accepted=accepted, rejected=rejected)
        if (best := shares.best_difficulty) is not None:
            record = self.figures.best_difficulty
            highest = plausibility.highest_record(
                None if record is None else passed, hashrate
            )
            highest = max(record or 0.0, highest)
            if not self._plausibility.is_credible("best", best, 0, highest, math.inf):
                shares = replace(shares, best_difficulty=None)
        blocks, last_blocks = pools.blocks_found, self.figures.blocks_found
        if blocks is not None:
            most = plausibility.most_blocks(passed)
            if last_blocks is None:
                last_blocks, most = 0, plausibility.MOST_FIRST_BLOCKS
            fewest = 0 if restarted else last_blocks
            if not self._plausibility.is_credible(
                "blocks", blocks, fewest, last_blocks + most, most
            ):
                pools = replace(pools, blocks_found=None)
        if shares is snapshot.shares and pools is snapshot.pools:
            return snapshot
        return replace(snapshot, shares=shares, pools=pools)

    def _credible_count(
        self,
        name: str,
        value: int | None,
        growth: float,
        in_all: float,
        *,
        restarted: bool,
    ) -> int | None:
        """Return a counter of shares unless it leaps; keep what it has grown by.

        It may have grown by `growth` since the last reading, and count up to `in_all`.
        """
        self._grown[name] = 0
        if value is None:
            return None
        last = self._counters.get(name)
        if last is None:
            if not self._plausibility.is_credible(name, value, 0.0, in_all, growth):
                return None
            self._counters[name] = value
            return value
        if restarted:
            growth = min(
                in_all, plausibility.SHARES_A_SECOND * plausibility.LONGEST_RUN
            )
        low, high = (0.0, growth) if restarted else (last, last + growth)
        if not self._plausibility.is_credible(name, value, low, high, growth):
            return None
        grown = value if restarted else _increase(last, value)
        self._grown[name] = grown if grown <= growth else 0
        self._counters[name] = value
        return value

    def _restarted(self, snapshot: Snapshot, clock: float) -> bool:
        """Return whether the miner has started since the last reading.

        Its uptime stepped back, or, after a gap, it is too short to reach back to the
        last reading. Where the computer itself was started meanwhile, Unix time could
        be wrong on either side of the gap, as on small computers without a battery;
        then only the miner's own total uptime counts, where it has one.
        """
        uptime = snapshot.system.uptime
        if uptime is None or self._last_uptime is None:
            return False
        if uptime < self._last_uptime:
            return True
        if uptime == self._last_uptime == 0:
            # A start that failed, which stands still; see `_start_failed`.
            return False
        if self._last_clock is not None:
            gap = clock - self._last_clock
            return gap - uptime > _BOOT_TIME_TOLERANCE
        total = snapshot.system.total_uptime
        if total is None or self._last_total_uptime is None:
            return False
        # Within one run both grow alike; a start loses up to an hour of the total.
        run = total - uptime
        last_run = self._last_total_uptime - self._last_uptime
        return abs(run - last_run) > _BOOT_TIME_TOLERANCE

    def _start_failed(self, snapshot: Snapshot, elapsed: float) -> bool:
        """Return whether a miner that claims to start has given up.

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

    def _total_uptime(
        self, snapshot: Snapshot, passed: float | None, *, restarted: bool, held: bool
    ) -> float:
        if (own := snapshot.system.total_uptime) is not None:
            return max(own, self.figures.total_uptime)
        uptime = snapshot.system.uptime
        if uptime is None:
            # One that is held back will have gone on, see `_gone_on`.
            return self.figures.total_uptime + (round(passed or 0.0) if held else 0)
        since = 0 if restarted or self._last_uptime is None else self._last_uptime
        grown = float(max(uptime - since, 0))
        if passed is not None:
            grown = min(grown, passed + plausibility.SECONDS)
        return self.figures.total_uptime + grown

    def _energy(self, snapshot: Snapshot, elapsed: float) -> float:
        """Return kWh since the last reading by the trapezoidal rule."""
        assert self._last is not None
        before, after = self._last.electrical.power, snapshot.electrical.power
        if before is None or after is None:
            return 0.0
        return (before + after) / 2 * elapsed / 3_600_000

    def _count(
        self, snapshot: Snapshot, clock: float, elapsed: float, *, restarted: bool
    ) -> None:
        """Add what happened since the last reading to the windows."""
        last = self._last
        if last is None or elapsed == 0:
            return
        accepted, rejected = self._grown["accepted"], self._grown["rejected"]
        difficulty = snapshot.pools.difficulty or last.pools.difficulty or 0
        self._shares.add(clock, accepted, rejected, accepted * difficulty, elapsed)
        hashrate = ((last.hashing.hashrate or 0) + (snapshot.hashing.hashrate or 0)) / 2
        self._miss_shares(
            hashrate * 1e9 * elapsed / (difficulty * HASHES_PER_DIFFICULTY)
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
            self._errors.add(clock, errors * HASHES_PER_DIFFICULTY, hashes)
        if (reported := snapshot.hashing.error_percentage) is not None:
            self._reported_errors.add(clock, reported * elapsed, elapsed)

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
        self, snapshot: Snapshot, clock: float, elapsed: float, *, trusted: bool
    ) -> None:
        """Add to what the hashrate is in relation to the expected one.

        Only of a miner that mines, has settled, and whose hashrate can be trusted.
        """
        last, uptime = self._last, snapshot.system.uptime
        if last is not None and snapshot.operating_point != last.operating_point:
            self._settled_at = clock + SETTLING_SECONDS
        if (
            not trusted
            or snapshot.state is not MiningState.MINING
            or clock < self._settled_at
            or (uptime is not None and uptime < SETTLING_SECONDS)
        ):
            self._ratio.clear()
            return
        hashrate, expected = snapshot.hashing.hashrate, snapshot.hashing.expected
        if elapsed and hashrate is not None and expected:
            self._ratio.add(clock, hashrate * elapsed, expected * elapsed, elapsed)

    def _expected_ratio(self) -> float | None:
        hashed, expected, seconds = self._ratio.sums() or (0.0, 0.0, 0.0)
        return hashed / expected * 100 if seconds >= _SHORTEST_RATIO_WINDOW else None

    def _error_rate(self) -> float | None:
        """Return % from the hash counters, else the mean of the firmware's figure."""
        if sums := self._errors.sums():
            errors, hashes = sums
            return (
                min(errors / hashes * 100, bounds.ERROR_PERCENTAGE.high)
                if hashes
                else None
            )
        if sums := self._reported_errors.sums():
            return sums[0] / sums[1]
        return None

    def _flatlined(self, snapshot: Snapshot, clock: float, *, restarted: bool) -> bool:
        """Return whether the firmware repeats its last hashrate without producing any.

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
            self._same_since = clock
            self._same_readings = 1
            return False
        self._same_readings += 1
        return (
            self._same_readings >= _FLATLINE_READINGS
            and clock - self._same_since >= FLATLINE_SECONDS
        )


_STORED_FIGURES: Final = (
    "energy",
    "restarts",
    "total_uptime",
    "best_difficulty",
    "blocks_found",
)


def _increase(before: int, after: int) -> int:
    """Return the increase of a counter that may have started again at 0."""
    return after - before if after >= before else after


def _gone_on(
    reported: int | None, credible: int | None, last: int | None, elapsed: float
) -> int | None:
    """Return the uptime to go on from: that before, if the reported one is not."""
    if credible is None and reported is not None and last is not None:
        return last + round(elapsed)
    return credible


def _larger(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)
