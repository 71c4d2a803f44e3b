"""What can be changed on a miner, and whether a change is allowed and confirmed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
import math
from typing import Final, override

from .boards import Limits
from .errors import (
    InvalidTextError,
    NotControlledError,
    OutOfRangeError,
    UnsupportedSettingError,
)
from .snapshot import ROUNDING, Pool, Snapshot

# Floats of the firmware have 7 digits.
POINT_NAMES: Final = frozenset({"frequency", "core_voltage"})
"""The settings that make an operating point."""
_TOLERANCE: Final = 0.05
# Less than this in MHz and mV is what firmware makes of a value in steps of its own.
_COARSEST_STEPS: Final[Mapping[str, float]] = {"frequency": 12.5, "core_voltage": 25.0}
_LONGEST_POOL_URL: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """A pool to mine on. The stored password is kept where it is not given."""

    url: str
    port: int
    user: str
    password: str | None = field(default=None, repr=False)
    tls: bool | None = None
    """Whether the connection is encrypted; `None` leaves that as it is."""

    @override
    def __str__(self) -> str:
        """Write address and port; the rest is personal."""
        return f"{self.url}:{self.port}"

    def matches(self, pool: Pool | None) -> bool:
        """Return whether the miner reports this pool; it never reports passwords."""
        return (
            pool is not None
            and pool.url == self.url
            and pool.port == self.port
            and (pool.user or "") == self.user
            and (self.tls is None or bool(pool.tls) is self.tls)
        )

    def check(self) -> None:
        """Refuse what no firmware stores.

        Raises:
            OutOfRangeError: for an address or port that cannot be one.
            InvalidTextError: for control characters, such as NUL.

        """
        if not all(map(str.isprintable, (self.url, self.user, self.password or ""))):
            raise InvalidTextError("A text of a pool has control characters")
        for what, value, low, high in (
            ("length of pool address", len(self.url), 1, _LONGEST_POOL_URL),
            ("pool port", self.port, 1, 65535),
        ):
            if not low <= value <= high:
                raise OutOfRangeError(what, value, low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A change of settings; `None` leaves a setting alone."""

    frequency: float | None = None
    """MHz."""
    core_voltage: float | None = None
    """mV."""
    auto_fan: bool | None = None
    fan_speed: int | None = None
    """% while the fan is not automatic, 0 to 100."""
    minimum_fan_speed: int | None = None
    """% the automatic fan never goes below, 0 to 99."""
    target_temperature: int | None = None
    """°C the automatic fan aims for, 35 to 66."""
    overheat_temperature: int | None = None
    """°C at which NerdOS stops the ASICs, 50 to 90."""
    clear_overheat: bool | None = None
    """True clears a latched overheat state."""
    display_timeout: int | None = None
    """Minutes; -1 always on, 0 off."""
    display_rotation: int | None = None
    """0, 90, 180 or 270 degrees."""
    display_inverted: bool | None = None
    display_flipped: bool | None = None
    prefer_fallback: bool | None = None
    """Whether the fallback pool is used first, from the next start on (AxeOS v2.15)."""
    primary_pool: PoolSettings | None = None
    fallback_pool: PoolSettings | None = None

    @classmethod
    def reported_by(cls, snapshot: Snapshot) -> Settings:
        """Return everything a miner reports that can be written back to it.

        Without passwords, which no firmware reports, and without `clear_overheat`,
        which is no setting. The speed of a fan is included while the firmware regulates
        it, because it is what the fan goes back to.
        """
        known = {
            name: value
            for name in snapshot.capabilities.settings - {"clear_overheat"}
            if (value := _reported(name, snapshot)) is not None
        }
        for name in ("primary_pool", "fallback_pool"):
            pool = known.pop(name, None)
            if isinstance(pool, Pool) and pool.url and pool.port:
                known[name] = PoolSettings(
                    url=pool.url, port=pool.port, user=pool.user or "", tls=pool.tls
                )
        return cls(**known)  # type: ignore[arg-type]

    def only(self, names: Collection[str]) -> Settings:
        """Return the part of a change that touches settings of these names."""
        return replace(self, **dict.fromkeys(self.names - set(names)))

    @property
    def names(self) -> frozenset[str]:
        """Names of the settings this change touches."""
        return frozenset(
            item.name
            for item in fields(self)
            if getattr(self, item.name) is not None
            and not (item.name == "clear_overheat" and not self.clear_overheat)
        )

    def rounded_for(self, snapshot: Snapshot) -> Settings:
        """Return the change as this firmware can store it: mV are whole everywhere."""
        frequency, core_voltage = self.frequency, self.core_voltage
        if snapshot.capabilities.whole_frequency:
            frequency = _rounded(frequency)
        core_voltage = _rounded(core_voltage)
        rounded = replace(self, frequency=frequency, core_voltage=core_voltage)
        if snapshot.pools.has_tls:
            return rounded
        # Firmware that knows no TLS has it off.
        pools = {
            name: replace(pool, tls=pool.tls or None)
            for name in ("primary_pool", "fallback_pool")
            if (pool := getattr(self, name)) is not None
        }
        return replace(rounded, **pools)

    def changes_against(self, snapshot: Snapshot) -> Settings:
        """Return only what differs from what the miner reports.

        Flash memory of the miner wears with every write, so nothing is written twice.
        """
        pending = {
            name
            for name in self.names
            if not _same(getattr(self, name), _reported(name, snapshot), _TOLERANCE)
        }
        # No firmware reports a pool's password, so a given one is always written.
        pending |= {
            name
            for name in ("primary_pool", "fallback_pool")
            if (pool := getattr(self, name)) is not None and pool.password is not None
        }
        return replace(
            self,
            **{name: None for name in self.names if name not in pending},
        )

    def unconfirmed(
        self,
        snapshot: Snapshot,
        *,
        rounding: bool = False,
        before: Snapshot | None = None,
    ) -> dict[str, tuple[object, object]]:
        """Return each setting the miner does not report as wanted.

        The values are (wanted, reported); with `rounding` the nearest whole number will
        do. With `before`, a reading from before the change, a frequency or core voltage
        near the wanted one will, if it is another than that: firmware has steps. A pool
        with a new password counts as unconfirmed only by its address and user, because
        no firmware reports it. Nor can the manual fan speed be confirmed where the
        firmware keeps it to itself while the fan is automatic.
        """
        result: dict[str, tuple[object, object]] = {}
        for name in sorted(self.names):
            wanted: object = getattr(self, name)
            actual = _reported(name, snapshot)
            if name == "fan_speed" and actual is None and snapshot.cooling.auto_fan:
                continue
            tolerance = ROUNDING if rounding else _TOLERANCE
            if before is not None and _reported(name, before) != actual:
                tolerance = _COARSEST_STEPS.get(name, tolerance)
            if not _same(wanted, actual, tolerance):
                result[name] = (wanted, actual)
        return result

    def as_taken(self, snapshot: Snapshot) -> Settings:
        """Return a change that is confirmed, with the point that firmware made of it.

        A fraction of a MHz or mV that is missing is one of the report.
        """
        return replace(
            self,
            frequency=_as_taken(self.frequency, snapshot.frequency),
            core_voltage=_as_taken(self.core_voltage, snapshot.core_voltage),
        )

    def check(self, snapshot: Snapshot, limits: Limits | None) -> None:
        """Refuse what this miner cannot do or must not be asked to do.

        Raises:
            UnsupportedSettingError: the firmware has no such setting, or nothing is
                known about the limits of the board.
            NotControlledError: what the device reports cannot be true.
            OutOfRangeError: a value outside the limits of the board or firmware.
            InvalidTextError: a text that cannot be sent.

        """
        doubt = snapshot.doubt
        if doubt is not None and (doubt.foreign or self.names & POINT_NAMES):
            raise NotControlledError(doubt)
        for name in sorted(self.names):
            if name not in snapshot.capabilities.settings:
                raise UnsupportedSettingError(name.replace("_", " "))
        ranges = dict(_RANGES)
        if limits is not None:
            ranges["frequency"] = limits.frequency
            ranges["core_voltage"] = limits.core_voltage
        elif self.names & POINT_NAMES:
            raise UnsupportedSettingError("known limits for frequency and core voltage")
        for name in sorted(self.names & ranges.keys()):
            low, high = ranges[name]
            value: float = getattr(self, name)
            if not low <= value <= high:
                raise OutOfRangeError(name.replace("_", " "), value, low, high)
        if self.display_rotation is not None and self.display_rotation % 90:
            raise OutOfRangeError("display rotation", self.display_rotation, 0, 270)
        for pool in (self.primary_pool, self.fallback_pool):
            if pool is not None:
                pool.check()
                if pool.tls and not snapshot.pools.has_tls:
                    raise UnsupportedSettingError("pool over TLS")


_RANGES: Final[dict[str, tuple[float, float]]] = {
    "fan_speed": (0, 100),
    "minimum_fan_speed": (0, 99),
    "target_temperature": (35, 66),
    "overheat_temperature": (50, 90),
    "display_timeout": (-1, 65535),
    "display_rotation": (0, 270),
}


def _rounded(value: float | None) -> float | None:
    """Return a whole number; what is no number at all is refused later."""
    return value if value is None or not math.isfinite(value) else round(value)


def _as_taken(wanted: float | None, reported: float | None) -> float | None:
    if wanted is None or reported is None or abs(wanted - reported) < ROUNDING:
        return wanted
    return reported


def _reported(name: str, snapshot: Snapshot) -> object:
    """Return what a miner reports for a setting."""
    cooling, system = snapshot.cooling, snapshot.system
    reported: dict[str, object] = {
        "frequency": snapshot.frequency,
        "core_voltage": snapshot.core_voltage,
        "auto_fan": cooling.auto_fan,
        "fan_speed": cooling.fan_speed_setting,
        "minimum_fan_speed": cooling.minimum_fan_speed,
        "target_temperature": cooling.target_temperature,
        "overheat_temperature": cooling.overheat_temperature,
        "clear_overheat": snapshot.faults.overheated is False,
        "display_timeout": system.display_timeout,
        "display_rotation": system.display_rotation,
        "display_inverted": system.display_inverted,
        "display_flipped": system.display_flipped,
        "prefer_fallback": snapshot.pools.prefer_fallback,
        "primary_pool": snapshot.pools.primary,
        "fallback_pool": snapshot.pools.fallback,
    }
    return reported[name]


def _same(wanted: object, actual: object, tolerance: float) -> bool:
    if isinstance(wanted, PoolSettings):
        return wanted.matches(actual if isinstance(actual, Pool) else None)
    if isinstance(wanted, bool) or not isinstance(actual, int | float):
        return wanted == actual
    assert isinstance(wanted, int | float)
    return abs(wanted - actual) < tolerance
