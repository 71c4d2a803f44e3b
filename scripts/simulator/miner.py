"""A simulated miner: firmware state driven by simulated time."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
import math
from random import Random
from typing import Any

from .chain import NETWORK_DIFFICULTY, block_height
from .clock import Clock
from .description import describe
from .dialects import Dialect, dialect_for
from .fan import FanController, run_fan
from .faults import Faults
from .http import Request
from .initial_state import fill_counters
from .memory import KeptRows
from .mining import HashMeter, Shares
from .physics import Electrics, Physics
from .pools import PoolChoice
from .protection import Protection
from .readings import Readings, Sensors
from .reset_reasons import BROWNED_OUT, CRASHED, POWERED_ON, RESTARTED
from .scheduler import Scheduler
from .spec import MinerSpec
from .storage import Stored, default_storage
from .truth import Truth
from .version import NEWEST, Version

RAMP_MHZ_PER_SECOND = 62.5
IDLE_MHZ = 50.0
REINIT_SECONDS = 3.0
RESTART_DELAY = 1.0
IDENTIFY_SECONDS = 30.0
FIRST_JOB_SECONDS = 30.0


class SimulatedMiner:
    """One miner: silicon, firmware and counters.

    Nothing runs in the background: `step` catches up with the clock. `info` and `asic`
    return the payloads of `GET /api/system/info` and `/asic`; `faults` are switches,
    `truth` what really happened, `requests` what was asked over HTTP.
    """

    def __init__(self, spec: MinerSpec, clock: Clock) -> None:
        """Build the miner; it has been running for `spec.uptime` seconds."""
        self.spec = spec
        self.clock = clock
        self.board = spec.hardware
        self.version: Version = spec.version if spec.dialect == "axeos" else NEWEST
        self.faults = Faults()
        self.truth = Truth()
        self.requests: deque[Request] = deque(maxlen=20_000)
        self.peak_requests = 0
        self.address = "127.0.0.1"

        lottery = Random(f"{spec.seed}/{spec.board}/silicon")
        self._rng = Random(f"{spec.seed}/{spec.board}/life")
        self.physics = Physics(spec, self.faults, lottery)
        fast = spec.dialect != "axeos" or self.version >= (2, 14, 0)
        self.meter = HashMeter(
            self.physics.silicon,
            self._rng,
            interval=1.0 if fast else 5.0,
            counted=self.version >= (2, 12, 0),
        )
        self.shares = Shares()
        self.sensors = Sensors(spec, Random(f"{spec.seed}/{spec.board}/noise"))
        self.stored: Stored = default_storage(spec)
        self.dialect: Dialect = dialect_for(spec)
        self.fan_control = FanController()
        self.scheduler = Scheduler()
        self.kept = KeptRows()
        self._now = clock.now()
        self._stepping = False
        self._listeners: list[Callable[[], None]] = []

        self.reset_reason = POWERED_ON
        self.booted_at = self._now - spec.uptime
        self.online = True
        self.paused = spec.paused and self.supports_pause
        self.stopped = False
        self.identify_until = 0.0
        self.blocks_found = 0
        self.show_new_block = False
        self.initialised = False
        self._booting = False
        self._ready = False
        self._ready_at: float | None = None
        self.running_frequency = 0.0
        self.active_point: tuple[float, float] = spec.start_point
        self.pools = PoolChoice(self)
        self.total_hashes = 0.0
        self.total_uptime = spec.uptime
        self.protection = Protection(self, self.sensors)
        self._electrics = self.physics.electrics(0.0, 0.0)
        self._start()
        self.faults.bind(self.step, self._faults_changed)

    def _start(self) -> None:
        if self.spec.uptime <= 0:
            self.booted_at = self._now
            self.boot(POWERED_ON)
            return
        self.protection.boot()
        self._ready = self.initialised = self.wants_to_hash
        if self._ready:
            self.running_frequency = self.active_point[0]
        self.physics.fan = 0.5
        for _ in range(150):
            self._electrics = self._compute_electrics()
            self.physics.advance(self._now, 20.0, self._electrics)
            run_fan(self, self.fan_control, 20.0)
        self._electrics = self._compute_electrics()
        fill_counters(self, self._rng, self.spec.uptime)
        if not self._ready:
            self.meter.idle(math.inf)
        self.sensors.sample(self)
        self.truth = Truth()

    # What the firmware can do

    @property
    def supports_pause(self) -> bool:
        """Whether mining can be paused."""
        return self.spec.dialect == "nmaxe" or (
            self.spec.dialect == "axeos" and self.version >= (2, 14, 0)
        )

    # What a client can ask

    def info(self) -> dict[str, Any]:
        """Return `GET /api/system/info` in the key order and types of the firmware."""
        self.step()
        return self.dialect.info(self)

    def asic(self) -> dict[str, Any] | None:
        """Return `GET /api/system/asic`, or None where the firmware has none."""
        self.step()
        return self.dialect.asic(self)

    def write(self, changes: Stored) -> None:
        """Store settings; they show after the delay of the firmware."""
        delay = self._write_delay()
        if delay <= 0:
            self._apply(changes)
        else:
            self.scheduler.at(self._now + delay, lambda: self._apply(changes))

    def _write_delay(self) -> float:
        if self.faults.write_delay is not None:
            return self.faults.write_delay
        if self.spec.write_delay is not None:
            return self.spec.write_delay
        if self.spec.dialect == "axeos" and self.version >= (2, 11, 0):
            return self._rng.uniform(0.3, 1.0)
        return 0.0

    def restart(self, reason: str = RESTARTED, delay: float = RESTART_DELAY) -> None:
        """Reboot after a delay in simulated seconds."""
        self.scheduler.at(self._now + delay, lambda: self.boot(reason))
        self._notify()

    def install(self, version: str) -> None:
        """Reboot in another version after a moment, with what is stored."""
        self.scheduler.at(self._now + RESTART_DELAY, lambda: self._boot_into(version))
        self._notify()

    def _boot_into(self, version: str) -> None:
        if not self.faults.boots_old_version:
            self.spec = replace(self.spec, firmware=version)
            self.dialect = dialect_for(self.spec)
            if self.spec.dialect == "axeos":
                self.version = self.spec.version
            if self.faults.update_resets:
                fresh = default_storage(replace(self.spec, frequency=None))
                for key in ("frequency", "temptarget", "minFanSpeed"):
                    self.stored[key] = fresh[key]
        self.boot(RESTARTED)

    def crash(self) -> None:
        """Reboot at once, as after a firmware exception."""
        self._reset(CRASHED)

    def brownout(self) -> None:
        """Reboot at once, as after a dip of the supply."""
        self._reset(BROWNED_OUT)

    def power_cycle(self) -> None:
        """Reboot at once, as after pulling the plug."""
        self._reset(POWERED_ON)

    def _reset(self, reason: str) -> None:
        self.step()
        self.restart(reason, 0.0)
        self.step()

    def pause(self) -> None:
        """Stop hashing until `resume` or a reboot."""
        self.paused = True
        self.review()

    def resume(self) -> None:
        """Hash again."""
        self.paused = False
        self.review()

    def shut_down(self) -> None:
        """Stop hashing until a reboot (NerdOS)."""
        self.stopped = True
        self.review()

    def identify(self) -> bool:
        """Toggle the "Hi!" of the display; return whether it shows now."""
        showing = self._now < self.identify_until
        self.identify_until = 0.0 if showing else self._now + IDENTIFY_SECONDS
        return not showing

    def find_block(self) -> None:
        """Find a block."""
        self.step()
        self.blocks_found += 1
        self.show_new_block = True
        self.shares.found(NETWORK_DIFFICULTY * 1.1)
        self.shares.accepted += 1

    def new_best(self, difficulty: float) -> None:
        """Find a nonce of a difficulty."""
        self.step()
        self.shares.found(difficulty)

    def reset_truth(self) -> None:
        """Start the accumulators of `truth` anew."""
        self.step()
        self.truth = Truth()

    # Observed state

    @property
    def reachable(self) -> bool:
        """Whether connections are accepted."""
        return self.online and not self.faults.offline

    @property
    def next_event(self) -> float | None:
        """Simulated time at which the firmware does something by itself."""
        return self.scheduler.next

    @property
    def now(self) -> float:
        """Simulated time up to which the miner has been stepped."""
        return self._now

    @property
    def uptime(self) -> float:
        """Seconds since the last boot."""
        return self._now - self.booted_at

    @property
    def asic_ready(self) -> bool:
        """Whether the chips are initialised."""
        return self._ready

    @property
    def hashing(self) -> bool:
        """Whether hashes are made."""
        return self._ready and not self.faults.frozen and self.running_frequency > 0

    @property
    def electrics(self) -> Electrics:
        """Currents and voltages at the present moment, without sensor noise."""
        return self._electrics

    @property
    def readings(self) -> Readings:
        """The values which the firmware shows."""
        return self.protection.shown(self.sensors.last)

    @property
    def overheated(self) -> bool:
        """Whether NerdOS switched the chips off until a restart."""
        return self.protection.overheated

    @property
    def cooling(self) -> bool:
        """Whether AxeOS waits for the chips to cool down."""
        return self.protection.cooling

    @property
    def power_fault(self) -> bool:
        """Whether the regulator reports a fault."""
        return self.protection.power_fault

    @property
    def pool_reachable(self) -> bool:
        """Whether a pool answers."""
        return self.pools.reachable

    @property
    def on_fallback(self) -> bool:
        """Whether the miner works for the fallback pool."""
        return self.pools.on_fallback

    @property
    def primary_pool(self) -> Stored:
        """Stored settings of the primary pool."""
        pool: Stored = self.stored["pools"][self.stored["primaryPoolIndex"]]
        return pool

    @property
    def fallback_pool(self) -> Stored:
        """Stored settings of the fallback pool."""
        pool: Stored = self.stored["pools"][self.stored["secondaryPoolIndex"]]
        return pool

    @property
    def block_height(self) -> int:
        """Height of the newest known block; 0 before the first job."""
        if not self.online or self.uptime < FIRST_JOB_SECONDS:
            return 0
        return block_height(self._now)

    def observe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call back whenever reachability or the next event may have changed.

        Returns what ends it.
        """
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    def _notify(self) -> None:
        for listener in self._listeners:
            listener()

    # The flow of time

    def step(self) -> None:
        """Catch up with the clock, unless it is just doing so."""
        if self._stepping:
            return
        self._stepping = True
        try:
            self._catch_up(self.clock.now())
        finally:
            self._stepping = False

    def _catch_up(self, target: float) -> None:
        while self._now < target or self.scheduler.due(target):
            due = self.scheduler.next
            self._flow(target if due is None else min(target, max(due, self._now)))
            while self.scheduler.due(self._now):
                self.scheduler.take()()
        if self.sensors.stale(self._now):
            self.sensors.sample(self)

    def _flow(self, until: float) -> None:
        while (gap := until - self._now) > 1e-9:
            if self.scheduler.due(self._now):
                return
            seconds = min(gap, self._resolution(gap))
            self._now = until if seconds == gap else self._now + seconds
            self._advance(seconds)

    def _resolution(self, gap: float) -> float:
        if self._ready and self.running_frequency != self.active_point[0]:
            return 0.5
        if gap <= 60:
            return 2.0
        return 5.0 if gap <= 3600 else 10.0

    def _advance(self, seconds: float) -> None:
        self.total_uptime += seconds
        if self._ready:
            self._ramp(seconds)
        self._electrics = electrics = self._compute_electrics()
        self.physics.advance(self._now, seconds, electrics)
        run_fan(self, self.fan_control, seconds)
        good = errors = 0.0
        if self.hashing:
            good, wrong = self.rates()
            errors = self.meter.work(seconds, good, wrong)
            self.meter.read(self.domains_alive())
            self._submit(good * 1e9 * seconds)
            self.total_hashes += good * 1e9 * seconds
        elif not (self._ready and self.faults.frozen):
            self.meter.idle(seconds)
        self.truth.add(
            (self.stored["frequency"], self.stored["coreVoltage"]),
            seconds,
            power_w=electrics.power_w,
            hashrate_ghs=good,
            error_hashes=errors,
            temp=self.physics.chip,
            vr_temp=self.physics.vr,
        )
        self.protection.watch(electrics)
        if self.kept.is_due(self.uptime, self.stored["statsFrequency"]):
            self.sensors.sample(self)
            self.kept.keep(self.uptime, self.meter.hashrate, self.readings)

    def _compute_electrics(self) -> Electrics:
        if not self._ready:
            return self.physics.electrics(0.0, 0.0)
        clock = self.running_frequency * (0.5 if self.faults.frozen else 1.0)
        return self.physics.electrics(clock, self.active_point[1])

    def rates(self, frequency: float | None = None) -> tuple[float, float]:
        """Return good and wrong GH/s, at the running clock rate or another in MHz."""
        if frequency is None:
            frequency = self.running_frequency
        expected = frequency * self.board.chip.small_cores * self.board.chips / 1000
        alive = self.domains_alive(frequency)
        silicon = self.physics.silicon
        good = expected * silicon.made(alive) * (1 - self.faults.error_burst)
        wrong = silicon.error_rate(alive) + self.faults.error_burst
        return good, expected * min(1.0, wrong)

    def domains_alive(self, frequency: float | None = None) -> list[list[float]]:
        """Return the share of its hashes that each domain of each chip makes."""
        if frequency is None:
            frequency = self.running_frequency
        core_v = self.physics.core_v(frequency, self.active_point[1])
        alive = self.physics.silicon.alive(frequency, core_v, self.physics.chip)
        silent = self.faults.silent_domain
        if silent is not None and silent < len(alive[0]):
            alive[0][silent] = 0.0
        return alive

    def _submit(self, hashes: float) -> None:
        if not self.pool_reachable:
            return
        accepted, rejected = self.shares.work(
            self._rng,
            hashes,
            self.spec.pool_difficulty,
            self.spec.reject_rate + self.faults.reject_rate,
        )
        self.truth.shares_accepted += accepted
        self.truth.shares_rejected += rejected

    def _ramp(self, seconds: float) -> None:
        step = RAMP_MHZ_PER_SECOND * seconds
        gap = self.active_point[0] - self.running_frequency
        self.running_frequency += max(-step, min(step, gap))

    # State changes

    @property
    def wants_to_hash(self) -> bool:
        """Whether nothing keeps the chips from being switched on."""
        return not (
            self.paused
            or self.stopped
            or self.protection.stops_hashing
            or self.faults.regulator_off
            or (self.faults.hardware_fault and self.version >= (2, 14, 0))
            or (self.version >= (2, 14, 0) and not self.pool_reachable)
        )

    def review(self, delay: float = REINIT_SECONDS) -> None:
        """Start or stop the chips as the state demands."""
        if self._booting:
            return
        if not self.wants_to_hash:
            self._ready = False
            self._ready_at = None
            self.running_frequency = 0.0
            self.sensors.expire()
        elif not self._ready and self._ready_at is None:
            self._ready_at = self._now + delay
            self.scheduler.at(self._ready_at, self._initialise)
        self._electrics = self._compute_electrics()

    def _initialise(self) -> None:
        if self._ready_at is None or self._now < self._ready_at:
            return
        self._ready_at = None
        self._ready = self.initialised = True
        self.running_frequency = IDLE_MHZ
        self.sensors.expire()

    def boot(self, reason: str = RESTARTED) -> None:
        """Go down and come up again; events of the time before are forgotten."""
        self.truth.restarts += 1
        self.faults.regulator_off = False
        self.booted_at = self._now
        self.reset_reason = reason
        self.scheduler.clear()
        self.kept.rows.clear()
        self.online = False
        self._booting = True
        self._ready = self.initialised = False
        self._ready_at = None
        self.running_frequency = 0.0
        self.paused = self.stopped = False
        self.identify_until = 0.0
        self.show_new_block = False
        self.shares.reset_session()
        self.meter.reset()
        self.active_point = self.stored["frequency"], self.stored["coreVoltage"]
        self.pools.load()
        self.protection.boot()
        self._electrics = self._compute_electrics()
        self.sensors.expire()
        self.scheduler.at(self._now + self.spec.boot_seconds, self._network_up)
        self._notify()

    def _network_up(self) -> None:
        self.online = True
        self._booting = False
        self.pools.choose()
        self.review(self.spec.init_seconds)
        self._notify()

    def _apply(self, changes: Stored) -> None:
        before = self.stored["frequency"], self.stored["coreVoltage"]
        self.stored |= changes
        if self.spec.steps is not None:
            for name, step in zip(
                ("frequency", "coreVoltage"), self.spec.steps, strict=True
            ):
                self.stored[name] = step * round(self.stored[name] / step)
        if (self.stored["frequency"], self.stored["coreVoltage"]) != before:
            self.take_over_point()
        if self.spec.dialect == "nerdos":
            self.pools.load()
            self.pools.choose()
        self.review()
        self._notify()

    def take_over_point(self) -> None:
        """Run at the stored operating point, where the firmware does so live."""
        if self.spec.dialect == "axeos" and self.version < (2, 2, 0):
            return
        running_frequency, running_voltage = self.active_point
        frequency = self.stored["frequency"]
        if self.board.chip.name == "BM1397" and self.version < (2, 12, 0):
            frequency = running_frequency
        voltage = self.protection.voltage_set(
            self.stored["coreVoltage"], running_voltage
        )
        self.active_point = frequency, voltage

    def _faults_changed(self) -> None:
        self.pools.choose()
        self.review()
        self._notify()

    def describe(self) -> dict[str, Any]:
        """Return the true state, for people and tests."""
        self.step()
        return describe(self)
