"""Configurations to compare."""

from dataclasses import replace

from custom_components.bitaxe.analysis.configurations import Configuration
from custom_components.bitaxe.analysis.estimate import Estimate
from custom_components.bitaxe.axeos import OperatingPoint

BASE = Configuration(
    operating_point=OperatingPoint(frequency=525, core_voltage=1150),
    present=False,
    hours=24,
    first_seen=1_790_000_000,
    last_seen=1_790_086_400,
    hashrate=Estimate(1060, 2),
    hashrate_min=1000,
    hashrate_max=1100,
    expected_hashrate=1071,
    power=18,
    power_max=19,
    efficiency=Estimate(17, 0.05),
    asic_temperature=58,
    asic_temperature_max=61,
    vr_temperature=50,
    vr_temperature_max=55,
    input_voltage=5.1,
    input_voltage_min=5.05,
    fan_speed=50,
    error_rate=0.3,
    shares_accepted=5000,
    shares_rejected=5,
    variation=2,
    variation_seconds=300,
    bucket_variance=5,
)


def configuration(
    frequency: float,
    core_voltage: float,
    hashrate: float,
    efficiency: float,
    **changes: object,
) -> Configuration:
    """Return a configuration that differs from the base in some figures."""
    return replace(
        BASE,
        operating_point=OperatingPoint(frequency=frequency, core_voltage=core_voltage),
        hashrate=Estimate(hashrate, 2),
        expected_hashrate=frequency * 2.04,
        efficiency=Estimate(efficiency, 0.05),
        **changes,  # type: ignore[arg-type]
    )
