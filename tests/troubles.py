"""How simulated miners get into trouble, kind by kind, and out of it again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from custom_components.bitaxe.alerts.model import AlertKind
from scripts.simulator import SimulatedMiner

POLL: Final = 30
MINUTE: Final = 60
QUARTER: Final = 15 * MINUTE


@dataclass
class Trouble:
    """How to bring an alert about, and how to mend it."""

    kind: AlertKind
    preset: str
    break_: Callable[[SimulatedMiner], None]
    mend: Callable[[SimulatedMiner], None]
    """What a person does; a restart where the firmware wants one."""
    unit: str | None = None
    restarted: bool = False
    """Whether mending it is a restart that nobody asked us for."""
    recovery: float = QUARTER
    """Seconds after which it must be over."""


def _set(**faults: Any) -> Callable[[SimulatedMiner], None]:
    return lambda miner: miner.faults.set(**faults)


def _mend_by_restart(**faults: Any) -> Callable[[SimulatedMiner], None]:
    def mend(miner: SimulatedMiner) -> None:
        miner.faults.set(**faults)
        miner.power_cycle()

    return mend


TROUBLES: Final = [
    Trouble(AlertKind.OFFLINE, "gamma-2.12", _set(offline=True), _set(offline=False)),
    Trouble(
        AlertKind.VR_HEAT,
        "gamma-2.12",
        _set(vr_offset=25),
        _set(vr_offset=0),
        "°C",
    ),
    Trouble(
        AlertKind.LOW_HASHRATE,
        "gamma-2.12",
        _set(silent_domain=1),
        _set(silent_domain=None),
        "%",
    ),
    Trouble(
        AlertKind.FROZEN_HASHRATE,
        "gamma-2.12",
        _set(frozen=True),
        _mend_by_restart(frozen=False),
        restarted=True,
    ),
    Trouble(
        AlertKind.ERROR_RATE,
        "gamma-2.15",
        _set(error_burst=0.06),
        _set(error_burst=0),
        "%",
    ),
    Trouble(
        AlertKind.REJECT_RATE,
        "gamma-2.12",
        _set(reject_rate=0.5),
        _set(reject_rate=0),
        "%",
        recovery=70 * MINUTE,
    ),
    Trouble(
        AlertKind.LOW_INPUT_VOLTAGE,
        "gamma-2.12",
        _set(sagging_supply=0.35),
        _set(sagging_supply=0),
        "V",
    ),
    Trouble(
        AlertKind.POOL_FALLBACK,
        "gamma-2.12",
        _set(pool_down=True),
        _set(pool_down=False),
    ),
    Trouble(
        AlertKind.POWER_FAULT,
        "gamma-2.15",
        _set(power_fault=True),
        _set(power_fault=False),
    ),
    Trouble(
        AlertKind.HARDWARE_FAULT,
        "gamma-2.15",
        _set(hardware_fault="Fan Control Failed (Auto)"),
        _set(hardware_fault=""),
    ),
    *(
        Trouble(
            AlertKind.REGULATOR_OFF,
            preset,
            _set(regulator_off=True),
            _mend_by_restart(regulator_off=False),
            restarted=True,
        )
        for preset in ("gamma-2.12", "nerdqaxepp-1.0.36")
    ),
]

"""What a single fault brings about; what follows from another thing is left out."""
