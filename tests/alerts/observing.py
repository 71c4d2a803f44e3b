"""Observations of a Gamma for tests of conditions."""

from dataclasses import replace
from typing import Any

from custom_components.bitaxe.alerts.observation import Observation
from custom_components.bitaxe.axeos import Snapshot
from custom_components.bitaxe.miner.detune import IntendedSettings
from custom_components.bitaxe.miner.meter import Figures, Reading
from custom_components.bitaxe.pools.model import Worker
from custom_components.bitaxe.pools.sighting import Claim, Sighting

from ..snapshots import gamma

HEALTHY = Figures(
    restarts=0,
    best_difficulty=1000,
    blocks_found=0,
    reject_rate=0.2,
    recent_shares=500,
    error_rate=0.5,
    missing_shares=1,
    share_silence=10,
    expected_ratio=100,
)
INTENDED = IntendedSettings(frequency=525, core_voltage=1150)
START = 1_800_000_000.0


def observe(
    time: float = 0.0,
    *,
    info: dict[str, Any] | None = None,
    snapshot: Snapshot | None = None,
    figures: dict[str, Any] | None = None,
    **changes: Any,
) -> Observation:
    """Return what is seen of a healthy Gamma at so many seconds, with some changes.

    `info` changes keys of its reply, `figures` its figures, and the rest the
    observation.
    """
    reading = Reading(
        # Firmware that sends the actual frequency reports hardware faults as well.
        snapshot=snapshot or gamma(**{"actualFrequency": 525} | (info or {})),
        figures=replace(HEALTHY, **figures or {}),
    )
    values: dict[str, Any] = {
        "time": START + time,
        "clock": time,
        "online": True,
        "reading": reading,
        "intended": INTENDED,
        "wear": (),
        "supply_load": 60.0,
        "sighting": Sighting(
            account="Pool",
            worker="gamma",
            seen=Worker(name="gamma", hashrate=1100, last_share=START + time - 10),
            window=3600,
            read_time=START + time,
            mining_seconds=3600,
            certain=True,
            claim=Claim(hashrate=1100, difficulty=1000),
        ),
    }
    return Observation(**values | changes)


def gone(time: float = 0.0, **changes: Any) -> Observation:
    """Return what is seen of a miner that does not answer."""
    return observe(
        time,
        **{"online": False, "reading": None, "wear": None, "supply_load": None}
        | changes,
    )
