"""The true state of a miner, for people and tests."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .miner import SimulatedMiner


def describe(miner: SimulatedMiner) -> dict[str, Any]:
    """Return the state as JSON-ready values, in the units of the firmware."""
    electrics = miner.electrics
    return {
        "name": miner.spec.name,
        "model": miner.spec.model,
        "firmware": miner.spec.firmware,
        "mac": miner.spec.mac_address,
        "online": miner.reachable,
        "hashing": miner.hashing,
        "paused": miner.paused,
        "cooling": miner.cooling,
        "power_fault": miner.power_fault,
        "uptime": miner.uptime,
        "frequency": miner.stored["frequency"],
        "core_voltage": miner.stored["coreVoltage"],
        "running_frequency": miner.running_frequency,
        "hashrate": miner.rates()[0] if miner.hashing else 0.0,
        "power": electrics.power_w,
        "input_voltage": electrics.input_v,
        "chip_temp": miner.physics.chip,
        "vr_temp": miner.physics.vr,
        "fan": miner.physics.fan * 100,
        "stored": {**miner.stored, "pools": [*miner.stored["pools"]]},
        "faults": miner.faults.as_dict(),
        "truth": miner.truth.as_dict(),
        "requests": len(miner.requests),
    }
