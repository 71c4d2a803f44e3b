"""How firmware protects the hardware: heat, supply and core voltage.

Source: ESP-Miner `main/tasks/power_management_task.c` of each tag, NerdOS
`main/tasks/power_management_task.cpp`.
"""

from dataclasses import replace

from .physics import Electrics
from .readings import Readings, Sensors
from .state import MinerState

CHIP_LIMIT_C = 75.0
VR_LIMIT_C = 105.0
VR_COOLED_C = 95.0
CHIP_COOLED_C = 45.0
COOLING_SECONDS = 30.0
COOLING_RETRY_SECONDS = 5.0
SETTLE_SECONDS = 2.0


class Protection:
    """Watches one miner and switches its chips off.

    `overheated` lasts until a boot (NerdOS); `cooling` ends by itself (AxeOS from v2.11
    on).
    """

    def __init__(self, miner: MinerState, sensors: Sensors) -> None:
        """Watch a miner whose hardware is sound."""
        self._miner = miner
        self._sensors = sensors
        self._board = miner.board
        self._supply_failed = False
        self._voltage_refused = False
        self._tripped: Readings | None = None
        self.overheated = False
        self.cooling = False

    def boot(self) -> None:
        """Start anew with the stored core voltage."""
        self.overheated = self.cooling = self._supply_failed = False
        self._tripped = None
        self._voltage_refused = not self.accepts(self._miner.active_point[1])

    @property
    def reboots_when_hot(self) -> bool:
        """Whether overheating latches a low operating point and reboots."""
        dialect, version = self._miner.spec.dialect, self._miner.version
        return dialect == "forge" or (dialect == "axeos" and version < (2, 11, 0))

    @property
    def stops_hashing(self) -> bool:
        """Whether the chips have to stay off."""
        return (
            self.overheated
            or self.cooling
            or self._voltage_refused
            or self._supply_failed
            or self._fault_reported
        )

    @property
    def power_fault(self) -> bool:
        """Whether the regulator reports a fault."""
        return self._fault_reported or (
            self._board.regulator == "tps546"
            and (
                self._supply_failed
                or not self.accepts(self._miner.stored["coreVoltage"])
            )
        )

    @property
    def _fault_reported(self) -> bool:
        return self._board.regulator == "tps546" and self._miner.faults.power_fault

    def accepts(self, core_voltage: float) -> bool:
        """Return whether the regulator takes a core voltage in mV."""
        window = self._board.window_v
        return window is None or window[0] <= core_voltage / 1000 <= window[1]

    def voltage_set(self, core_voltage: float, running: float) -> float:
        """Return the core voltage in mV that results from setting one.

        A running regulator keeps its voltage when it refuses another; one that is off
        stays off.
        """
        if self.accepts(core_voltage):
            self._voltage_refused = False
            return core_voltage
        if not self._miner.asic_ready:
            self._voltage_refused = True
        return running

    def shown(self, live: Readings) -> Readings:
        """Return what the firmware shows of the sensors.

        While AxeOS waits for a chip to cool down, its task refreshes little more than
        the temperature of the regulator.
        """
        tripped = self._tripped
        if tripped is None:
            return live
        internal = self._board.sensor == "fan_chip"
        live_core = self._miner.version < (2, 13, 0)
        return replace(
            live,
            power=tripped.power,
            voltage=tripped.voltage,
            current=tripped.current,
            input_current=tripped.input_current,
            temp=live.temp if internal else tripped.temp,
            temp2=live.temp2 if internal else tripped.temp2,
            core_voltage=live.core_voltage if live_core else tripped.core_voltage,
        )

    def watch(self, electrics: Electrics) -> None:
        """Look at temperatures and supply, and act."""
        if self._miner.asic_ready:
            self._watch_heat()
        self._watch_supply(electrics)

    def _watch_heat(self) -> None:
        miner = self._miner
        chip = miner.physics.chip
        vr = miner.physics.vr if self._board.has_vr_sensor else 0.0
        if miner.spec.dialect == "nerdos":
            limit = miner.stored["overheat_temp"]
            second = miner.stored["fan2OverheatTemp"]
            if chip > limit or vr > max(second, limit + 10):
                miner.truth.overheats += 1
                self.overheated = True
                miner.review()
            return
        if chip <= CHIP_LIMIT_C and vr <= VR_LIMIT_C:
            return
        miner.truth.overheats += 1
        if self.reboots_when_hot:
            self._latch()
            miner.boot()
        else:
            self._start_cooling()

    def _latch(self) -> None:
        miner = self._miner
        early = miner.version < (2, 1, 9)
        unflagged = self._board.regulator == "input" and miner.version < (2, 4, 0)
        miner.stored |= {
            "coreVoltage": 990 if early else 1000,
            "frequency": 50,
            "manualFanSpeed": 100,
            "autofanspeed": False,
            "overheat_mode": not (early or unflagged),
        }

    def _start_cooling(self) -> None:
        miner = self._miner
        miner.stored |= {
            "autofanspeed": False,
            "manualFanSpeed": 100,
            "overheat_mode": True,
        }
        self._sensors.sample(miner)
        tripped = self._sensors.last
        if miner.physics.chip > CHIP_LIMIT_C:
            # The firmware judges by what it reads, so what it shows is above the limit.
            tripped = replace(tripped, temp=max(tripped.temp, CHIP_LIMIT_C + 0.125))
        self._tripped = tripped
        self.cooling = True
        miner.review()
        miner.scheduler.at(miner.now + COOLING_SECONDS, self._try_after_cooling)

    def _try_after_cooling(self) -> None:
        miner = self._miner
        internal = self._board.sensor == "fan_chip" and miner.version < (2, 14, 0)
        vr_hot = self._board.has_vr_sensor and miner.physics.vr > VR_COOLED_C
        if vr_hot or (internal and miner.physics.chip > CHIP_COOLED_C):
            miner.scheduler.at(
                miner.now + COOLING_RETRY_SECONDS, self._try_after_cooling
            )
            return
        frequency, voltage = miner.stored["frequency"], miner.stored["coreVoltage"]
        miner.stored |= {
            "coreVoltage": voltage - 100 if voltage > 100 else 1000,
            "frequency": frequency - 100 if frequency > 100 else 400,
            "overheat_mode": False,
        }
        self.cooling = False
        self._tripped = None
        miner.take_over_point()
        miner.review(SETTLE_SECONDS)

    def _watch_supply(self, electrics: Electrics) -> None:
        """Latch a fault when the input gives way.

        The regulator keeps its status until a command clears it, which only the
        start of the firmware does (`main/power/TPS546.c`).
        """
        if self._board.regulator != "tps546" or self._supply_failed:
            return
        if electrics.input_v < self._board.vin_off_v:
            self._supply_failed = True
            self._miner.review()
