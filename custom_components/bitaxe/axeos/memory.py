"""What a miner has measured and logged, as far as it keeps that.

Source: ESP-Miner `main/http_server/http_server.c` GET_system_statistics and
GET_system_logs, `main/tasks/statistics_task.c`. Kept in RAM, so both begin anew at
boot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .bounds import Bounds
from .fields import Fields, decode_object

COLUMNS: Final[Mapping[str, str]] = {
    "hashrate": "hashRate",
    "asicTemp": "temp",
    "vrTemp": "vrTemp",
    "asicVoltage": "coreVoltageActual",
    "voltage": "voltage",
    "power": "power",
    "fanSpeed": "fanspeed",
    "fanRpm": "fanrpm",
}
"""Columns that are of use, and what they were called before v2.11."""
_MILLISECONDS: Final = Bounds(0, 1e13)
_ANY: Final = Bounds(-_MILLISECONDS.high, _MILLISECONDS.high)
KEPT_SAMPLES: Final = 720
"""What the firmware keeps at most."""
_MOST_ROWS: Final = 2000
"""What is read of a reply: more, for a fork may keep more."""


@dataclass(frozen=True, slots=True)
class KeptSample:
    """What a miner measured at one moment."""

    age: float
    """Seconds before the reply."""
    values: Mapping[str, float]
    """By the names of `COLUMNS`, as the firmware has them: GH/s, °C, mV, W, % and
    rpm."""


def read_samples(body: bytes) -> list[KeptSample]:
    """Return the samples of a reply, the oldest first; what cannot be read is left out.

    Raises:
        BadReplyError: the body is no JSON object.

    """
    reply = decode_object(body)
    names = _names(reply)
    now = reply.number("currentTimestamp", within=_MILLISECONDS)
    if now is None or "timestamp" not in names:
        return []
    samples: list[KeptSample] = []
    for row in reply.items("statistics", _MOST_ROWS):
        if not isinstance(row, list) or len(row) != len(names):
            continue
        numbers = Fields({"row": row}).numbers("row", within=_ANY)
        values = {
            name: number
            for name, number in zip(names, numbers, strict=True)
            if number is not None
        }
        moment = values.pop("timestamp", None)
        if moment is not None and 0 <= moment <= now:
            samples.append(KeptSample((now - moment) / 1000, values))
    return sorted(samples, key=lambda sample: -sample.age)


def _names(reply: Fields) -> list[str]:
    """Return what the columns are called, by their newer names."""
    newer = {old: new for new, old in COLUMNS.items()}
    return [
        newer.get(label, label) if isinstance(label, str) else ""
        for label in reply.items("labels")
    ]
