"""The true state of a miner, for people and tests."""

from collections.abc import Sized
from typing import Any, Protocol

from .dialects.model import ServedMiner


class DescribedMiner(ServedMiner, Protocol):
    """A miner with what only its makers can see."""

    @property
    def requests(self) -> Sized:
        """What was asked over HTTP."""

    @property
    def reachable(self) -> bool:
        """Whether connections are accepted."""

    @property
    def hashing(self) -> bool:
        """Whether hashes are made."""


def describe(miner: DescribedMiner) -> dict[str, Any]:
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
