"""Miners without hardware: firmware behaviour and physics over real HTTP.

Used by the tests, the demo, the benchmarks, and by people without a miner
(`scripts/simulate`). Standard library only.
"""

from .clock import Clock
from .control import ControlServer
from .faults import Faults
from .miner import SimulatedMiner
from .presets import PRESETS
from .server import MinerServer
from .spec import MinerSpec
from .swarm import Swarm

__all__ = [
    "PRESETS",
    "Clock",
    "ControlServer",
    "Faults",
    "MinerServer",
    "MinerSpec",
    "SimulatedMiner",
    "Swarm",
]
