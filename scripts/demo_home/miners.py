"""The simulated miners that live in the demo."""

from dataclasses import dataclass, replace
from typing import Any

from scripts.simulator import PRESETS, MinerSpec


@dataclass(frozen=True)
class DemoMiner:
    """A miner of the demo."""

    spec: MinerSpec
    remark: str
    added: bool
    """Whether Home Assistant has it from the start, or its scan is to find it."""


def _miner(
    name: str, preset: str, remark: str, *, added: bool = False, **changes: Any
) -> DemoMiner:
    spec = replace(PRESETS[preset], name=name, hostname=name, **changes)
    return DemoMiner(spec, remark, added)


DEMO_MINERS = (
    _miner(
        "bitaxe-office",
        "gamma-2.12",
        "Gamma, overclocked",
        added=True,
        seed=301,
        frequency=600.0,
        core_voltage=1200,
        uptime=9 * 3600.0,
    ),
    _miner(
        "bitaxe-attic",
        "gamma-2.15",
        "Gamma with the newest firmware, under a warm roof",
        added=True,
        seed=302,
        ambient=27.0,
        uptime=4.2 * 86400,
    ),
    _miner(
        "bitaxe-bedroom",
        "gamma-2.14",
        "Gamma, paused",
        added=True,
        seed=303,
        paused=True,
        uptime=26 * 3600.0,
    ),
    _miner(
        "bitaxe-kitchen",
        "gamma-2.11",
        "Gamma beside the oven: overheats now and then",
        added=True,
        seed=304,
        ambient=25.0,
        hot_spell_hours=1.0,
        uptime=1200.0,
    ),
    _miner(
        "nerdqaxe-garage",
        "nerdqaxepp-1.1.0",
        "NerdQAxe++",
        added=True,
        seed=305,
        ambient=15.0,
        uptime=11.7 * 86400,
    ),
    _miner(
        "bitaxe-hall",
        "ultra-2.4",
        "Ultra with old firmware",
        seed=306,
        uptime=31 * 86400.0,
    ),
    _miner("bitaxe-library", "supra-2.9", "Supra", seed=307, uptime=2.5 * 86400),
    _miner("bitaxe-cellar", "suprahex-2.14", "SupraHex", seed=308, ambient=14.0),
    _miner("bitaxe-workshop", "gt-2.15", "GT", seed=309, ambient=18.0),
    _miner("nmaxe-shed", "nmaxe", "NMAxe, which is not supported", seed=310),
)
