"""What is worth watching, and what is too much: one table for everybody who judges.

Analysis, alerts, guard, and the levels by which cards and terminal colour.

Pure. The limits of a board, where it has its own, go before these.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value to watch, and one that is too much."""

    watch: float
    critical: float

    def scaled(self, factor: float) -> Threshold:
        """Return the threshold for what is larger by `factor`."""
        return Threshold(self.watch * factor, self.critical * factor)

    def percent_of(self, whole: float) -> Threshold:
        """Return a threshold in % as one in the unit of `whole`."""
        return Threshold(self.watch * whole / 100, self.critical * whole / 100)


# °C; firmware stops the ASICs above 75 °C (ESP-Miner v2.15.0
# main/tasks/power_management_task.c), and is de-tuned then.
ASIC_TEMPERATURE: Final = Threshold(65, 70)
# °C; firmware stops at 105 °C, capacitors and people's nerves age well before.
VR_TEMPERATURE: Final = Threshold(70, 80)
# °C of single readings, which go higher than the means above: reported from the first
# on, and at the second the guard acts.
VR_HEAT: Final = Threshold(80, 90)
# % of the nominal voltage: 4.9 and 4.8 V of 5 V. AxeOS stops boards below 4.5 V.
INPUT_VOLTAGE: Final = Threshold(98, 96)
# % of the board's maximum power.
POWER: Final = Threshold(87.5, 100)
# % for one chip; the chips of a board even each other out.
VARIATION: Final = Threshold(8, 20)
# % of hashes that failed.
ERROR_RATE: Final = Threshold(1, 3)
# % of the expected hashrate.
EXPECTED_RATIO: Final = Threshold(97, 90)
# % of shares that were rejected.
REJECT_RATE: Final = Threshold(1, 3)
# dBm; below -80 packets are lost.
WIFI_RSSI: Final = Threshold(-70, -80)
