"""What is known of a miner before anything is measured."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
import math
from typing import Any, Final, Self

from ..axeos import ROUNDING, Limits, OperatingPoint, Snapshot, bounds
from ..axeos.boards import Board
from ..miner.thresholds import ASIC_TEMPERATURE, VR_TEMPERATURE
from ..storage.stored_object import stored_point
from ..storage.typed import bounded, checked

# V at which a typical specimen makes 98 % of the hashes at 525 MHz, and V per MHz.
# Sources: public benchmarks of BM1370 (525 to 1100 MHz) and BM1368; for the others next
# to nothing is published, so their own default setting says where to begin.
_NEEDED: Final[dict[str, tuple[float, float]]] = {
    "BM1370": (1.055, 0.00046),
    "BM1368": (1.160, 0.00045),
}
# The worst of several ASICs decides, for all on a board get the same voltage.
_PER_DOUBLING_V: Final = 0.022
_REFERENCE_MHZ: Final = 525.0
_UNKNOWN_SLOPE: Final = 0.00046
# A default setting has this much voltage to spare.
_DEFAULT_SPARE_V: Final = 0.05
# One sigma of what specimens, boards and rooms add to it.
_KNOWN_SIGMA_V: Final = 0.032
_UNKNOWN_SIGMA_V: Final = 0.045

# Hash domains of an ASIC that has not four (ESP-Miner v2.15.0 `main/device_config.h`).
_DOMAINS: Final = {"BM1397": 1}
# Relative scatter of one-minute means, as owners see it: counted, and guessed
# hashrates.
_COUNTED_NOISE: Final = 0.02
_GUESSED_NOISE: Final = 0.07
# Guessed hashrates drift over minutes, so that a mean of several of them is less
# certain than independent ones would make it: by this factor.
_GUESSED_DRIFT: Final = 1.5
# °C that trials may reach at most: nothing that is watched may have to step in. And the
# distance that is kept from where the firmware stops the chips and lowers the settings.
_ASIC_C: Final = ASIC_TEMPERATURE.critical - 2
_VR_C: Final = VR_TEMPERATURE.critical - 2
_KEPT_C: Final = 4.0

# What is read of stored runs at most: hours and number of settings from before, domains
# of an ASIC, °C in a room.
_HOURS: Final = bounds.Bounds(0, 20 * 366 * 24)
_MOST_KNOWN: Final = 200
_MOST_DOMAINS: Final = bounds.Bounds(1, 64)
MOST_BROKEN: Final = 0.5
"""Share of the hash domains that may be broken, for a miner to be worth tuning."""
ROOM_C: Final = bounds.Bounds(-50, 100)
STORED_C: Final = bounds.Bounds(-50, bounds.TEMPERATURE_LIMIT.high)
"""°C that may be stored as measured; a mean over hours of no readings is 0."""

# The frequency is in whole MHz, the core voltage in steps of this many mV.
VOLTAGE_STEP: Final = 5.0
# Steps in MHz and mV of firmware that stores only some of them: of the PLL, of
# regulators, and of lists.
_FREQUENCY_STEPS: Final = (5.0, 6.25, 10.0, 12.5)
_VOLTAGE_STEPS: Final = (10.0, 12.5, 20.0, 25.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPoint:
    """What history says of an operating point of this miner."""

    point: OperatingPoint
    hashrate: float
    """GH/s, mean."""
    power: float
    """W, mean."""
    hours: float
    """Measured."""
    temperature: float | None = None
    """°C of the ASIC, mean."""
    vr_temperature: float | None = None
    fan_speed: float | None = None
    """%, mean."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Restore what `as_dict` returned."""
        known = checked(cls(**{**stored, "point": stored_point(stored["point"])}))
        return bounded(
            known,
            hashrate=bounds.HASHRATE,
            power=bounds.POWER,
            hours=_HOURS,
            temperature=STORED_C,
            vr_temperature=STORED_C,
            fan_speed=bounds.PERCENT,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A miner, its range, and what its hardware bears.

    `frequency` and `core_voltage` are the ranges in MHz and mV that may be tried.
    """

    asic_model: str
    asic_count: int
    small_core_count: int
    default: OperatingPoint
    frequency: tuple[float, float]
    core_voltage: tuple[float, float]
    domains: int = 4
    """Hash domains of one ASIC."""
    broken_domains: int = 0
    """How many of all are dark whatever is set; nothing is expected of them."""
    minute_noise: float = 0.02
    """Relative scatter of a one-minute mean of the hashrate; what is measured
    stands."""
    maximum_power: float | None = None
    """W the board is made for."""
    maximum_temperature: float = _ASIC_C
    """°C of the ASIC; the firmware stops at 75."""
    maximum_vr_temperature: float = _VR_C
    """°C of the regulator; the firmware stops at 105."""
    target_temperature: float | None = 60.0
    """°C the automatic fan aims for; `None` with a fan set by hand."""
    room_temperature: float | None = None
    """°C, where a sensor knows it."""
    frequency_step: float = 1.0
    """MHz of which the firmware stores multiples, as far as it was seen to."""
    core_voltage_step: float = VOLTAGE_STEP
    """The same in mV."""
    known: tuple[KnownPoint, ...] = field(default=())

    @classmethod
    def of(
        cls,
        board: Board,
        snapshot: Snapshot,
        limits: Limits | None,
        *,
        room_temperature: float | None = None,
        known: tuple[KnownPoint, ...] = (),
    ) -> Self | None:
        """Describe a miner as it is now.

        `limits` is what may be set. `None` for a board of unknown range, ASIC or
        default setting: nothing can be tuned that may not be set.
        """
        if (
            limits is None
            or board.default is None
            or not board.asic_model
            or not board.asic_count
            or not board.small_core_count
        ):
            return None
        cooling = snapshot.cooling
        domains = [len(asic.domains) for asic in snapshot.hashing.asics]
        return cls(
            asic_model=board.asic_model,
            asic_count=board.asic_count,
            small_core_count=board.small_core_count,
            default=board.default,
            frequency=(
                float(math.ceil(limits.frequency[0])),
                float(math.floor(limits.frequency[1])),
            ),
            core_voltage=limits.core_voltage,
            domains=max(domains, default=0) or _DOMAINS.get(board.asic_model, 4),
            minute_noise=minute_noise_of(snapshot),
            maximum_power=board.maximum_power,
            maximum_temperature=_below(snapshot.asic_limit, _ASIC_C),
            maximum_vr_temperature=_below(snapshot.vr_limit, _VR_C),
            target_temperature=cooling.target_temperature
            if cooling.auto_fan is not False
            else None,
            room_temperature=room_temperature,
            known=known,
        )

    def expected_hashrate(self, frequency: float) -> float:
        """Return GH/s at a frequency in MHz: frequency x small cores x ASICs / 1000.

        Less the part of the domains that are broken.
        """
        working = 1 - self.broken_domains / self.all_domains
        return frequency * self.small_core_count * self.asic_count * working / 1000

    @property
    def all_domains(self) -> int:
        """How many hash domains all ASICs have."""
        return self.domains * self.asic_count

    def is_gentle(self, point: OperatingPoint) -> bool:
        """Return whether a point spares the chips as the default setting does, or more.

        A board is sold only if it hashes there.
        """
        _, _, slope = self.needed
        needs = slope * max(0.0, point.frequency - self.default.frequency)
        return point.core_voltage >= self.default.core_voltage + needs

    def without_domains(self, broken: int) -> Machine:
        """Return it with so many of its hash domains given up.

        What was known from before may be of when they worked.
        """
        return replace(self, broken_domains=broken, known=())

    def rounding(
        self, written: OperatingPoint, reported: OperatingPoint | None
    ) -> Machine | None:
        """Return it with the coarser steps that make the one of the other.

        `None` if the miner does not report what was written, nor what firmware would
        round that to within the range that may be tried.
        """
        if reported is None or not self.may_be(reported):
            return None
        frequency_step = _step(
            self.frequency_step,
            _FREQUENCY_STEPS,
            written.frequency,
            reported.frequency,
        )
        core_voltage_step = _step(
            self.core_voltage_step,
            _VOLTAGE_STEPS,
            written.core_voltage,
            reported.core_voltage,
        )
        if frequency_step is None or core_voltage_step is None:
            return None
        return replace(
            self, frequency_step=frequency_step, core_voltage_step=core_voltage_step
        )

    @property
    def drift(self) -> float:
        """How much less certain a mean of minutes is than of independent ones."""
        return _GUESSED_DRIFT if self.minute_noise >= _GUESSED_NOISE else 1.0

    @property
    def needed(self) -> tuple[float, float, float]:
        """Needed mV at the default frequency: mean, sigma, and mV per MHz."""
        frequency, voltage = self.default.frequency, self.default.core_voltage
        spare = voltage - 1000 * _DEFAULT_SPARE_V
        prior = _NEEDED.get(self.asic_model)
        if prior is None:
            return spare, 1000 * _UNKNOWN_SIGMA_V, 1000 * _UNKNOWN_SLOPE
        at_reference, slope = prior
        at_reference += _PER_DOUBLING_V * math.log2(max(1, self.asic_count))
        typical = 1000 * (at_reference + slope * (frequency - _REFERENCE_MHZ))
        # A board does hash at its default setting.
        return min(typical, voltage - 15), 1000 * _KNOWN_SIGMA_V, 1000 * slope

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return {
            **asdict(self),
            "frequency": list(self.frequency),
            "core_voltage": list(self.core_voltage),
            "known": [known.as_dict() for known in self.known],
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Restore what `as_dict` returned."""
        low, high = stored["frequency"]
        low_mv, high_mv = stored["core_voltage"]
        machine = checked(
            cls(
                **{
                    **stored,
                    "default": stored_point(stored["default"]),
                    "frequency": (low, high),
                    "core_voltage": (low_mv, high_mv),
                    "known": tuple(
                        map(KnownPoint.from_dict, stored["known"][:_MOST_KNOWN])
                    ),
                }
            )
        )
        if not machine.is_possible:
            raise ValueError("no such machine")
        bounded(
            machine,
            asic_count=bounds.ASICS,
            small_core_count=bounds.SMALL_CORES,
            domains=_MOST_DOMAINS,
            maximum_power=bounds.POWER,
            maximum_temperature=bounds.TEMPERATURE_LIMIT,
            maximum_vr_temperature=bounds.TEMPERATURE_LIMIT,
            target_temperature=bounds.TARGET_TEMPERATURE,
            room_temperature=ROOM_C,
        )
        # Whatever is stored: no run goes beyond what no run may.
        return replace(
            machine,
            maximum_temperature=min(machine.maximum_temperature, _ASIC_C),
            maximum_vr_temperature=min(machine.maximum_vr_temperature, _VR_C),
        )

    def may_be(self, point: OperatingPoint) -> bool:
        """Return whether an operating point is within the range that may be tried."""
        (low, high), (low_mv, high_mv) = self.frequency, self.core_voltage
        return (
            low <= point.frequency <= high and low_mv <= point.core_voltage <= high_mv
        )

    def narrowed(self, present: Machine) -> Machine | None:
        """Return it within what may be set, and is borne, at present.

        `None` if nothing of its range is left.
        """
        low, high = _overlap(self.frequency, present.frequency)
        low_mv, high_mv = _overlap(self.core_voltage, present.core_voltage)
        if low > high or low_mv > high_mv:
            return None
        powers = (self.maximum_power, present.maximum_power)
        return replace(
            self,
            frequency=(low, high),
            core_voltage=(low_mv, high_mv),
            maximum_power=min(
                (power for power in powers if power is not None), default=None
            ),
            maximum_temperature=min(
                self.maximum_temperature, present.maximum_temperature
            ),
            maximum_vr_temperature=min(
                self.maximum_vr_temperature, present.maximum_vr_temperature
            ),
        )

    @property
    def is_possible(self) -> bool:
        """Whether there can be such a miner."""
        return (
            bounds.FREQUENCY.low <= self.frequency[0] <= self.frequency[1]
            and self.frequency[1] <= bounds.FREQUENCY.high
            and bounds.CORE_VOLTAGE.low <= self.core_voltage[0] <= self.core_voltage[1]
            and self.core_voltage[1] <= bounds.CORE_VOLTAGE.high
            and min(self.asic_count, self.small_core_count, self.domains) >= 1
            and 0 <= self.broken_domains <= self.all_domains * MOST_BROKEN
            and 0 < self.minute_noise < 1
            and 1 <= self.frequency_step <= max(_FREQUENCY_STEPS)
            and 1 <= self.core_voltage_step <= max(_VOLTAGE_STEPS)
        )


def minute_noise_of(snapshot: Snapshot) -> float:
    """Return the relative scatter of one-minute means of the hashrate to begin with.

    Firmware that reports a mean of one minute counts hashes (AxeOS from v2.12, NerdOS
    from v1.0.31); older one guesses from the nonces it happens to get.
    """
    counted = snapshot.hashing.hashrate_1m is not None
    return _COUNTED_NOISE if counted else _GUESSED_NOISE


def _step(
    finest: float, steps: Iterable[float], written: float, reported: float
) -> float | None:
    """Return the least step by which a value is rounded to another, up or down."""
    if abs(written - reported) < ROUNDING:
        return finest
    for step in (finest, *steps):
        if (
            step >= finest
            and abs(written - reported) < step
            and _off_step(reported, step) < ROUNDING <= _off_step(written, step)
        ):
            return step
    return None


def _off_step(value: float, step: float) -> float:
    """Return how far a value is from the next multiple of a step."""
    return abs(value - step * round(value / step))


def _overlap(
    one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float]:
    return max(one[0], other[0]), min(one[1], other[1])


def _below(stops_at: float | None, usual: float) -> float:
    return usual if stops_at is None else min(usual, stops_at - _KEPT_C)
