"""Restores settings that the firmware lowered after overheating. Pure.

Only where that was seen to be the cause, once it is cool, and after a pause that grows:
the heat that caused it may be there still.
"""

from typing import Any, Final

from ..axeos import MiningState, OperatingPoint
from .heat import Moment, cool_levels
from .model import Cause, Decision, Step
from .tally import Tally

# s of being cool before the first restore of a day, and at most.
_PAUSE: Final = 900.0
_LONGEST_PAUSE: Final = 12 * 3600.0


class Restoring:
    """Decides when the settings of one miner are restored."""

    def __init__(self, stored: dict[str, Any] | None = None) -> None:
        """Continue from what `as_dict` returned before a restart."""
        self._restores = Tally((stored or {}).get("restores"))
        self._cool_since: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return everything that must outlive a restart of Home Assistant."""
        return {"restores": self._restores.as_list()}

    def done(self, now: Moment) -> None:
        """Count a restore."""
        self._restores.note(now.time, now.clock)
        self._cool_since = None

    def undone(self) -> None:
        """Do not count the last restore: nothing was sent."""
        self._restores.take_back()

    def forget(self) -> None:
        """Begin the time of being cool anew, because for a while nobody looked."""
        self._cool_since = None

    def update(
        self,
        now: Moment,
        *,
        certain: bool,
        present: OperatingPoint | None,
        intended: OperatingPoint | None,
    ) -> Decision | None:
        """Take in a reading, and return the decision to restore, once it is time."""
        cooling = now.snapshot.cooling
        asic, regulator = cooling.hottest_asic_temperature, cooling.vr_temperature
        cool_asic, cool_vr = cool_levels(now.snapshot, now.options)
        cool = (asic is not None and asic <= cool_asic) and (
            regulator is None or regulator <= cool_vr
        )
        if (
            not now.options.restore_detuned
            or not certain
            or not cool
            or now.snapshot.faults.overheated
            or now.snapshot.state is not MiningState.MINING
        ):
            self._cool_since = None
            return None
        if self._cool_since is None:
            self._cool_since = now.clock
        self._restores.look(now.time)
        restores = self._restores.count(now.time, now.clock)
        pause = min(_PAUSE * 2.0**restores, _LONGEST_PAUSE)
        if now.clock - self._cool_since < pause:
            return None
        return Decision(
            step=Step.RESTORE, cause=Cause.DETUNED, point=intended, before=present
        )
