"""The part of a reading that tuning looks at."""

from dataclasses import dataclass
from typing import Self

from ..axeos import MiningState, OperatingPoint, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One reading; `None` is unknown."""

    time: float
    """Seconds, of a clock that nobody sets."""
    point: OperatingPoint | None
    """As the miner reports it."""
    hashrate: float | None
    """GH/s now."""
    hashrate_1m: float | None
    """GH/s, mean of the last minute."""
    power: float | None
    """W; a miner that answers draws some."""
    temperature: float | None
    """°C of the hottest ASIC."""
    vr_temperature: float | None
    """°C of the regulator."""
    fan_speed: float | None
    """% of the fastest fan."""
    uptime: float | None
    """Seconds."""
    domains: tuple[float, ...] = ()
    """GH/s of each hash domain, where the firmware reports them."""
    error_count: int | None = None
    """Failed hashes since boot in units of 2^32."""
    core_voltage: float | None = None
    """mV measured at the ASIC."""
    overheated: bool = False
    guarded: bool = False
    """Whether it is the guard that had to act, which counts as overheating."""
    paused: bool = False
    pool_lost: bool = False
    """Whether it says that no pool gives it work: then it hashes at no setting."""
    power_allowance: float | None = None
    """W that this miner may draw now, as others leave it of the limit of all."""

    @classmethod
    def of(
        cls, snapshot: Snapshot, time: float, power_allowance: float | None = None
    ) -> Self:
        """Take a sample of a snapshot."""
        hashing, cooling = snapshot.hashing, snapshot.cooling
        domains = [domain for asic in hashing.asics for domain in asic.domains]
        speeds = [fan.speed for fan in cooling.fans if fan.speed is not None]
        return cls(
            time=time,
            point=snapshot.operating_point,
            hashrate=hashing.hashrate,
            hashrate_1m=hashing.hashrate_1m,
            power=snapshot.electrical.power or None,
            temperature=cooling.hottest_asic_temperature,
            vr_temperature=cooling.vr_temperature,
            fan_speed=max(speeds, default=None),
            uptime=snapshot.system.uptime,
            domains=tuple(d for d in domains if d is not None)
            if None not in domains
            else (),
            error_count=hashing.error_count,
            core_voltage=snapshot.electrical.core_voltage_actual,
            overheated=snapshot.state is MiningState.OVERHEATED,
            paused=snapshot.state is MiningState.PAUSED,
            pool_lost=snapshot.pools.connected is False,
            power_allowance=power_allowance,
        )
