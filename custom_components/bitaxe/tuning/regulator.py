"""Recognises a regulator that latched off, in spite of glitches of its sensors."""

from typing import Final

from .sample import Sample

# Of a regulator that latched off the board alone goes on drawing power.
_POWER: Final = 0.5
_VOLTAGE: Final = 0.5
_READINGS: Final = 5


class RegulatorWatch:
    """Watches core voltage and power, which do not freeze as averages of hashes do."""

    def __init__(self) -> None:
        """Begin with no readings."""
        self._low = 0
        self._hashrate: float | None = None

    def forget(self) -> None:
        """Begin anew: what was read before says nothing of what is set now."""
        self._low = 0

    def feed(
        self, sample: Sample, core_voltage: float, usual_power: float | None = None
    ) -> bool:
        """Take a reading; return whether the regulator gave up.

        `core_voltage` is what is set in mV, `usual_power` the W at least with it.
        """
        low = []
        if sample.core_voltage is not None:
            low.append(sample.core_voltage < _VOLTAGE * core_voltage)
        if sample.power is not None and usual_power is not None:
            low.append(sample.power < _POWER * usual_power)
        # One that contradicts the other is wrong where a changing hashrate agrees.
        hashes = bool(sample.hashrate) and sample.hashrate != self._hashrate
        self._hashrate = sample.hashrate
        dropped = any(low) and (all(low) or not hashes)
        self._low = self._low + 1 if dropped else 0
        return self._low >= _READINGS
