"""A simulated miner: firmware state driven by simulated time."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
import heapq
from itertools import count
import math
from random import Random
from typing import Any

from .clock import Clock
from .dialects import Dialect, dialect_for
from .faults import Faults
from .http import Request
from .mining import HashMeter, Shares
from .physics import ERROR_FLOOR, Electrics, FanController, Physics
from .readings import Readings, Sensors
from .spec import MinerSpec
from .storage import Stored, default_storage
from .truth import Truth
from .version import NEWEST, Version

CHIP_LIMIT_C = 75.0
VR_LIMIT_C = 105.0
RAMP_MHZ_PER_SECOND = 62.5
IDLE_MHZ = 50.0
REINIT_SECONDS = 3.0
COOLING_SECONDS = 30.0
COOLING_RETRY_SECONDS = 5.0
SETTLE_SECONDS = 2.0
RESTART_DELAY = 1.0
IDENTIFY_SECONDS = 30.0
FIRST_JOB_SECONDS = 30.0
BLOCK_SECONDS = 600.0
BLOCK_ZERO = 1_231_006_505.0
NETWORK_DIFFICULTY = 1.5e14
POWER_FAULT_TEXT = "Power Fault Detected."

RESTARTED = "Software reset via esp_restart"
POWERED_ON = "Reset due to power-on event"
CRASHED = "Software reset due to exception/panic"
BROWNED_OUT = "Brownout reset (software or hardware)"


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
        self._fan = FanController()

        self._now = clock.now()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._listeners: list[Callable[[], None]] = []

        self.reset_reason = POWERED_ON
        self.booted_at = self._now - spec.uptime
        self.online = True
        self.paused = spec.paused and self.supports_pause
        self.stopped = False
        self.overheated = False
        self.cooling = False
        self.overheat_shown = False
        self.identify_until = 0.0
        self.blocks_found = 0
        self.show_new_block = False
        self.on_fallback = False
        self.power_fault = False
        self._booting = False
        self._no_voltage = False
        self._supply_failed = False
        self._ready = False
        self._ready_at: float | None = None
        self.running_frequency = 0.0
        self.active_point: tuple[float, int] = spec.start_point
        self.active_pools: Stored = self._pool_settings()
        self.total_hashes = 0.0
        self.total_uptime = spec.uptime
        self._electrics = self.physics.electrics(0.0, 0.0)
        self._frozen_readings: Readings | None = None
        self._start()
        self.faults.bind(self.step, self._faults_changed)

    def _start(self) -> None:
        if self.spec.uptime <= 0:
            self.booted_at = self._now
            self._boot(POWERED_ON)
            return
        self._ready = self._wants_to_hash()
        self._voltage_accepted(self.active_point[1])
        if self._ready:
            self.running_frequency = self.active_point[0]
        self.physics.fan = 0.5
        for _ in range(150):
            self._electrics = self._compute_electrics()
            self.physics.advance(self._now, 20.0, self._electrics)
            self._run_fan(20.0)
        self._electrics = self._compute_electrics()
        self._invent_past(self.spec.uptime)
        self.meter.work(5.0, *self._rates())
        self.meter.read(None)
        if not self._ready:
            self.meter.idle(math.inf)
        self._sample()
        self.truth = Truth()

    def _invent_past(self, seconds: float) -> None:
        good, wrong = self._rates()
        difficulty = self.spec.pool_difficulty
        days = 40
        self.shares.work(self._rng, good * 1e9 * seconds, difficulty, 0)
        self.shares.best = max(
            self.shares.session_best,
            self.spec.best_difficulty
            or good * 1e9 * 86_400 * days / 2**32 / -math.log(1 - self._rng.random()),
        )
        self.shares.reset_counts()
        rate = self.spec.reject_rate
        self.shares.work(self._rng, good * 1e9 * seconds, difficulty, rate)
        self.meter.work(seconds, good, wrong)
        self.meter.fill(seconds, good)
        self.meter.read(None)
        self.total_uptime = seconds + days * 86_400
        self.total_hashes = good * 1e9 * self.total_uptime

    # What the firmware can do

    @property
    def supports_pause(self) -> bool:
        """Whether mining can be paused."""
        return self.spec.dialect == "nmaxe" or (
            self.spec.dialect == "axeos" and self.version >= (2, 14, 0)
        )

    @property
    def reboots_when_hot(self) -> bool:
        """Whether overheating latches a low operating point and reboots."""
        old_axeos = self.spec.dialect == "axeos" and self.version < (2, 11, 0)
        return old_axeos or self.spec.dialect == "forge"

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
            self._at(self._now + delay, lambda: self._apply(changes))

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
        self._at(self._now + delay, lambda: self._boot(reason))
        self._notify()

    def crash(self) -> None:
        """Reboot at once, as after a firmware exception."""
        self.step()
        self.restart(CRASHED, 0.0)
        self.step()

    def brownout(self) -> None:
        """Reboot at once, as after a dip of the supply."""
        self.step()
        self.restart(BROWNED_OUT, 0.0)
        self.step()

    def power_cycle(self) -> None:
        """Reboot at once, as after pulling the plug."""
        self.step()
        self.restart(POWERED_ON, 0.0)
        self.step()

    def pause(self) -> None:
        """Stop hashing until `resume` or a reboot."""
        self.paused = True
        self._review()

    def resume(self) -> None:
        """Hash again."""
        self.paused = False
        self._review()

    def shut_down(self) -> None:
        """Stop hashing until a reboot (NerdOS)."""
        self.stopped = True
        self._review()

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
        return self._events[0][0] if self._events else None

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
        return self._frozen_readings or self.sensors.last

    @property
    def pool_reachable(self) -> bool:
        """Whether a pool answers."""
        return not self.faults.pool_down or self._fallback_answers

    @property
    def _fallback_answers(self) -> bool:
        url = self.fallback_pool["stratumURL"]
        return bool(url) and not self.faults.fallback_down

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
        return int((self._now - BLOCK_ZERO) / BLOCK_SECONDS)

    @property
    def silent_recovery(self) -> int | None:
        """Index of the silent hash domain, if one is silent."""
        return self.faults.silent_domain

    def observe(self, listener: Callable[[], None]) -> None:
        """Call back whenever reachability or the next event may have changed."""
        self._listeners.append(listener)

    def _notify(self) -> None:
        for listener in self._listeners:
            listener()

    # The flow of time

    def step(self) -> None:
        """Catch up with the clock."""
        target = self.clock.now()
        while self._now < target or self._due(target):
            due = self._events[0][0] if self._events else math.inf
            self._flow(min(target, max(due, self._now)))
            while self._due(self._now):
                heapq.heappop(self._events)[2]()
        if self.sensors.stale(self._now):
            self._sample()

    def _due(self, now: float) -> bool:
        return bool(self._events) and self._events[0][0] <= now

    def _at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), action))

    def _flow(self, until: float) -> None:
        while (gap := until - self._now) > 1e-9:
            if self._due(self._now):
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
        self._run_fan(seconds)
        good = errors = 0.0
        if self.hashing:
            good, wrong = self._rates()
            errors = self.meter.work(seconds, good, wrong)
            self.meter.read(self.faults.silent_domain)
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
        self._watch_heat()
        self._watch_supply(electrics)

    def _compute_electrics(self) -> Electrics:
        if not self._ready:
            return self.physics.electrics(0.0, 0.0)
        clock = self.running_frequency * (0.5 if self.faults.frozen else 1.0)
        return self.physics.electrics(clock, self.active_point[1])

    def _rates(self) -> tuple[float, float]:
        """Return good and wrong GH/s."""
        frequency = self.running_frequency
        expected = frequency * self.board.chip.small_cores * self.board.chips / 1000
        core_v = self.physics.core_v(frequency, self.active_point[1])
        error = self.physics.silicon.error_rate(frequency, core_v, self.physics.chip)
        error = min(1.0, error + self.faults.error_burst)
        good = expected * (1.0 - error + ERROR_FLOOR)
        silent = self.faults.silent_domain
        shares = self.physics.silicon.domain_share[0]
        if silent is not None and silent < len(shares):
            good *= 1 - shares[silent] * self.physics.silicon.chip_share[0]
        return good, expected * error

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

    def _sample(self) -> None:
        self.sensors.sample(self)

    # Fan

    def _run_fan(self, seconds: float) -> None:
        duty = self._forced_fan()
        temp = self.physics.chip
        nerd = self.spec.dialect == "nerdos"
        target = float(self.stored["pidTargetTemp" if nerd else "temptarget"])
        if duty is None:
            floor = self.stored["minFanSpeed"] / 100
            if self.spec.dialect == "nerdos":
                floor = 0.15
            self.physics.fan = self._fan.duty(temp, target, floor, seconds)
            return
        self.physics.fan = duty
        self._fan.follow(duty, temp, target)

    def _forced_fan(self) -> float | None:
        """Return the fan duty that overrides control by temperature."""
        stored = self.stored
        manual: float = stored["manualFanSpeed"] / 100
        if self.overheated or self.cooling:
            return 1.0
        if self.spec.dialect == "nerdos":
            return {0: manual, 2: None}.get(stored["autofanspeed"], 1.0)
        if self.version < (2, 11, 0) and stored["overheat_mode"]:
            return 1.0
        if self.version >= (2, 14, 0) and not self._wants_to_hash():
            return 0.3
        if not stored["autofanspeed"]:
            return manual
        if not self._ready:
            return 0.7
        if self.version < (2, 7, 0):
            return min(1.0, max(0.35, 0.35 + 0.65 * (self.physics.chip - 45) / 30))
        return None

    # Protection

    def _watch_heat(self) -> None:
        if not self._ready:
            return
        if self.spec.dialect == "nerdos":
            limit = self.stored["overheat_temp"]
            second = self.stored["fan2OverheatTemp"]
            if self.physics.chip > limit or self.physics.vr > max(second, limit + 10):
                self.truth.overheats += 1
                self.overheated = True
                self._review()
            return
        if self.physics.chip <= CHIP_LIMIT_C and self.physics.vr <= VR_LIMIT_C:
            return
        self.truth.overheats += 1
        if self.reboots_when_hot:
            self.stored |= {
                "coreVoltage": 1000,
                "frequency": 50,
                "manualFanSpeed": 100,
                "autofanspeed": False,
                "overheat_mode": True,
            }
            self._boot(RESTARTED)
        else:
            self._start_cooling()

    def _start_cooling(self) -> None:
        self.stored |= {
            "autofanspeed": False,
            "manualFanSpeed": 100,
            "overheat_mode": True,
        }
        self.cooling = True
        self._sample()
        self._frozen_readings = self.sensors.last
        self._review()
        self._at(self._now + COOLING_SECONDS, self._try_after_cooling)

    def _try_after_cooling(self) -> None:
        if not self.cooling:
            return
        internal = self.board.sensor == "fan_chip" and self.version < (2, 14, 0)
        hot = self.physics.vr > 95 or (internal and self.physics.chip > 45)
        if hot:
            self._at(self._now + COOLING_RETRY_SECONDS, self._try_after_cooling)
            return
        frequency, voltage = self.stored["frequency"], self.stored["coreVoltage"]
        self.stored |= {
            "coreVoltage": voltage - 100 if voltage > 100 else 1000,
            "frequency": frequency - 100 if frequency > 100 else 400,
            "overheat_mode": False,
        }
        self.cooling = False
        self._frozen_readings = None
        self._take_over_point()
        self._review(SETTLE_SECONDS)

    def _watch_supply(self, electrics: Electrics) -> None:
        if self.board.regulator != "tps546":
            return
        on, off = self.board.vin_limits_v
        failed = electrics.input_v < (on if self._supply_failed else off)
        if failed != self._supply_failed:
            self._supply_failed = failed
            self._review()

    # State changes

    def _wants_to_hash(self) -> bool:
        return not (
            self.paused
            or self.stopped
            or self.overheated
            or self.cooling
            or self._no_voltage
            or self._supply_failed
            or (self.faults.power_fault and self.board.regulator == "tps546")
            or (self.faults.hardware_fault and self.version >= (2, 14, 0))
            or (self.version >= (2, 14, 0) and not self.pool_reachable)
        )

    def _review(self, delay: float = REINIT_SECONDS) -> None:
        """Start or stop the chips as the state demands."""
        self.power_fault = self.board.regulator == "tps546" and (
            self._supply_failed
            or self.faults.power_fault
            or not self._voltage_in_window(self.stored["coreVoltage"])
        )
        if self._booting:
            return
        if not self._wants_to_hash():
            self._ready = False
            self._ready_at = None
            self.running_frequency = 0.0
            self.sensors.expire()
        elif not self._ready and self._ready_at is None:
            self._ready_at = self._now + delay
            self._at(self._ready_at, self._initialise)
        self._electrics = self._compute_electrics()

    def _initialise(self) -> None:
        if self._ready_at is None or self._now < self._ready_at:
            return
        self._ready_at = None
        self._ready = True
        self.running_frequency = IDLE_MHZ
        self.sensors.expire()

    def _boot(self, reason: str) -> None:
        self.truth.restarts += 1
        self.booted_at = self._now
        self.reset_reason = reason
        self._events.clear()
        self.online = False
        self._booting = True
        self._ready = False
        self._ready_at = None
        self.running_frequency = 0.0
        self.paused = self.stopped = self.overheated = self.cooling = False
        self._frozen_readings = None
        self.identify_until = 0.0
        self.show_new_block = False
        self.shares.reset_session()
        self.meter.reset()
        self.active_point = self.stored["frequency"], self.stored["coreVoltage"]
        self.active_pools = self._pool_settings()
        self._no_voltage = not self._voltage_accepted(self.active_point[1])
        self._electrics = self._compute_electrics()
        self.sensors.expire()
        self._at(self._now + self.spec.boot_seconds, self._network_up)
        self._notify()

    def _network_up(self) -> None:
        self.online = True
        self._booting = False
        self._choose_pool()
        self._review(self.spec.init_seconds)
        self._notify()

    def _apply(self, changes: Stored) -> None:
        before = self.stored["frequency"], self.stored["coreVoltage"]
        self.stored |= changes
        if changes.get("overheat_mode") is False:
            self.cooling = self.cooling and not self.reboots_when_hot
        if (self.stored["frequency"], self.stored["coreVoltage"]) != before:
            self._take_over_point()
        self._review()
        self._notify()

    def _take_over_point(self) -> None:
        """Run at the stored operating point, where the firmware does so live."""
        if self.spec.dialect == "axeos" and self.version < (2, 2, 0):
            return
        frequency, voltage = self.stored["frequency"], self.stored["coreVoltage"]
        needs_boot = self.board.chip.name == "BM1397" and self.version < (2, 12, 0)
        if needs_boot:
            frequency = self.active_point[0]
        if not self._voltage_accepted(voltage):
            voltage = self.active_point[1]
        else:
            self._no_voltage = False
        self.active_point = frequency, voltage

    def _voltage_in_window(self, voltage: int) -> bool:
        window = self.board.window_v
        return window is None or window[0] <= voltage / 1000 <= window[1]

    def _voltage_accepted(self, voltage: int) -> bool:
        return self._voltage_in_window(voltage)

    def _pool_settings(self) -> Stored:
        return {
            "primary": dict(self.primary_pool),
            "fallback": dict(self.fallback_pool),
        }

    def _choose_pool(self) -> None:
        prefers = bool(self.stored["useFallbackStratum"])
        fallback = (prefers or self.faults.pool_down) and self._fallback_answers
        if fallback == self.on_fallback:
            return
        self.on_fallback = fallback
        if self.version >= (2, 14, 0):
            self.shares.reset_counts()

    def _faults_changed(self) -> None:
        self._choose_pool()
        self._review()
        self._notify()

    def describe(self) -> dict[str, Any]:
        """Return the true state, for people and tests."""
        self.step()
        electrics = self._electrics
        return {
            "name": self.spec.name,
            "model": self.spec.model,
            "firmware": self.spec.firmware,
            "mac": self.spec.mac_address,
            "online": self.reachable,
            "hashing": self.hashing,
            "paused": self.paused,
            "cooling": self.cooling,
            "power_fault": self.power_fault,
            "uptime": self.uptime,
            "frequency": self.stored["frequency"],
            "core_voltage": self.stored["coreVoltage"],
            "running_frequency": self.running_frequency,
            "hashrate": self._rates()[0] if self.hashing else 0.0,
            "power": electrics.power_w,
            "input_voltage": electrics.input_v,
            "chip_temp": self.physics.chip,
            "vr_temp": self.physics.vr,
            "fan": self.physics.fan * 100,
            "stored": {**self.stored, "pools": [*self.stored["pools"]]},
            "faults": self.faults.as_dict(),
            "truth": self.truth.as_dict(),
            "requests": len(self.requests),
        }


def renamed(spec: MinerSpec, name: str, seed: int) -> MinerSpec:
    """Return another miner of the same kind."""
    return replace(spec, name=name, seed=seed, mac=None)
