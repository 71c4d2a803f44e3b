"""The settings somebody chose for a miner, and whether it left them by itself."""

from dataclasses import asdict, replace
from typing import Any, Final

from ..axeos import Hardware, MiningState, OperatingPoint, Settings, Snapshot
from ..storage.stored_object import StoredObject
from .detune import IntendedSettings, is_detuned
from .hardware import read_hardware

# s; settings somebody else changed count as wanted once they have lasted.
_CHOSEN_SECONDS: Final = 120.0


class IntendedSettingsTracker:
    """Learns what somebody chose, and notes what would explain a lower setting.

    All belongs to one board: settings chosen for another are forgotten.
    """

    def __init__(self) -> None:
        """Begin without knowing any."""
        self.settings: IntendedSettings | None = None
        self.temporary: OperatingPoint | None = None
        """What the integration set for a while instead of what somebody chose."""
        self._stood_in: OperatingPoint | None = None
        """The last of those that the miner ran on: it may have lowered that one."""
        self._overheated = False
        """Whether it was seen to overheat, and has what its firmware made of that."""
        self._after_heat: OperatingPoint | None = None
        """The setting at which it mined again; `None` before it did."""
        self.hardware: Hardware | None = None
        """The board they were chosen for."""
        self._candidate: tuple[IntendedSettings, float] | None = None

    def restore(self, stored: StoredObject, board: StoredObject) -> None:
        """Continue from what was stored before a restart, as far as it can be read."""
        self.settings = IntendedSettings.from_dict(stored)
        self._overheated = board.flag("overheating_seen") is True
        self._after_heat = _read_point(board.child("after_heat"))
        self._stood_in = _read_point(board.child("stood_in"))
        if hardware := board.child("hardware"):
            self.hardware = read_hardware(hardware)
            hardware.finish()

    def board_as_dict(self) -> dict[str, Any]:
        """Return what is stored beside the settings themselves."""
        return {
            "overheating_seen": self._overheated,
            "after_heat": asdict(self._after_heat) if self._after_heat else None,
            "hardware": asdict(self.hardware) if self.hardware else None,
            "stood_in": asdict(self._stood_in) if self._stood_in else None,
        }

    def choose(self, settings: Settings) -> None:
        """Take a change that was made through us."""
        self._candidate = None
        self.temporary = self._stood_in = None
        if self.settings is not None:
            self.settings = self.settings.after(settings)

    def keep(self, snapshot: Snapshot) -> None:
        """Take the present settings: somebody says that they are chosen."""
        self._candidate = self._stood_in = None
        self._forget_heat()
        self.settings = IntendedSettings.of(snapshot) or self.settings

    @property
    def is_cooling(self) -> bool:
        """Whether the miner overheated and has not mined again.

        Until then it may move its fan and lower its settings.
        """
        return self._overheated and self._after_heat is None

    def heat_explains(self, snapshot: Snapshot) -> bool:
        """Return whether the settings of a reading may be what overheating left behind.

        That is what the miner mines at when it comes out of it. What it is set to after
        that somebody else has done.
        """
        if snapshot.faults.overheated:
            return True
        left = self._after_heat
        return self._overheated and (left is None or snapshot.operating_point == left)

    def may_be_detuned(self, snapshot: Snapshot) -> bool:
        """Return whether the settings look as after overheating, seen or not.

        What the integration set for a while never does, however much lower it is.
        """
        if self.settings is None or self._is_temporary(snapshot):
            return False
        if is_detuned(self.settings, snapshot):
            return True
        # One of ours had lowered it before the miner did.
        return self._stood_in is not None and is_detuned(
            replace(self.settings, **asdict(self._stood_in)), snapshot
        )

    def is_detuned(self, snapshot: Snapshot) -> bool:
        """Return whether the miner lowered its settings itself, for all that was seen.

        People choose such steps too: without overheating it is only a guess.
        """
        return self.heat_explains(snapshot) and self.may_be_detuned(snapshot)

    def update(self, snapshot: Snapshot, now: float) -> None:
        """Learn from a reading; `now` is in s of a clock that nobody sets.

        A miner that overheats changes its fan before its frequency, and says so late or
        never. So only settings under which it mines, for a while, count as chosen.
        """
        hardware = snapshot.identity.hardware
        if self.hardware is not None and hardware.differs_from(self.hardware):
            self.settings = self._candidate = self._stood_in = None
            self._forget_heat()
            self.hardware = None
        if hardware is not self.hardware:
            self.hardware = hardware.completed_by(self.hardware)
        current = IntendedSettings.of(snapshot)
        self._watch_heat(snapshot)
        if self._is_temporary(snapshot):
            self._stood_in = snapshot.operating_point
        if current is None or current == self.settings or self._is_temporary(snapshot):
            self._candidate = None
            return
        if self.may_be_detuned(snapshot):
            self._candidate = None
            return
        if self._candidate is None or self._candidate[0] != current:
            self._candidate = (current, now)
        lasted = now - self._candidate[1] >= _CHOSEN_SECONDS
        if self.settings is None or (lasted and snapshot.state is MiningState.MINING):
            self.settings = current
            self._candidate = self._stood_in = None

    def _is_temporary(self, snapshot: Snapshot) -> bool:
        """Return whether the miner runs on what the integration set for a while."""
        return self.temporary is not None and self.temporary.reads_as(
            snapshot.operating_point
        )

    def _watch_heat(self, snapshot: Snapshot) -> None:
        if _is_overheated(snapshot):
            self._overheated, self._after_heat = True, None
            return
        point = snapshot.operating_point
        if (
            not self._overheated
            or self._is_temporary(snapshot)
            or not _mines_cool(snapshot)
        ):
            return
        if self._after_heat is None:
            self._after_heat = point
        chosen = None if self.settings is None else self.settings.operating_point
        if point in (chosen, None) or point != self._after_heat:
            self._forget_heat()
            if point == chosen:
                self._stood_in = None

    def _forget_heat(self) -> None:
        self._overheated, self._after_heat = False, None


def _is_overheated(snapshot: Snapshot) -> bool:
    """Return whether the firmware stopped for heat, or is as hot as where it does."""
    if snapshot.faults.overheated:
        return True
    cooling = snapshot.cooling
    return _exceeds(cooling.hottest_asic_temperature, snapshot.asic_limit) or _exceeds(
        cooling.vr_temperature, snapshot.vr_limit
    )


def _mines_cool(snapshot: Snapshot) -> bool:
    """Return whether a miner hashes at a known temperature, with no reason to stop."""
    return (
        snapshot.state is MiningState.MINING
        and bool(snapshot.hashing.hashrate)
        and snapshot.cooling.hottest_asic_temperature is not None
    )


def _read_point(stored: StoredObject) -> OperatingPoint | None:
    found = IntendedSettings.from_dict(stored)
    return found.operating_point if found else None


def _exceeds(measured: float | None, limit: float | None) -> bool:
    return measured is not None and limit is not None and measured > limit
