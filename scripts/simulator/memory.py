"""The samples that AxeOS keeps in RAM.

Source: ESP-Miner `main/tasks/statistics_task.c`. Later firmware samples each second and
thins out evenly what does not fit; the rows are as far apart either way.
"""

from collections import deque
from dataclasses import dataclass

from .readings import Readings

MOST_ROWS = 720


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row: time in s since boot, GH/s, and what the sensors showed."""

    uptime: float
    hashrate: float
    readings: Readings


class KeptRows:
    """The buffer, which is empty after a boot and while nothing is to be kept."""

    def __init__(self) -> None:
        """Begin empty."""
        self.rows: deque[KeptRow] = deque(maxlen=MOST_ROWS)

    def is_due(self, uptime: float, interval: float) -> bool:
        """Return whether a row is to be kept now."""
        if not interval:
            self.rows.clear()
            return False
        return not self.rows or uptime - self.rows[-1].uptime >= interval - 0.5

    def keep(self, uptime: float, hashrate: float, readings: Readings) -> None:
        """Keep a row; the oldest makes room."""
        self.rows.append(KeptRow(uptime, hashrate, readings))
