"""What has to be known of a run besides the run itself. Pure."""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from ..axeos import Hardware, OperatingPoint, Settings, Snapshot
from ..miner.detune import IntendedSettings, is_detuned
from ..miner.hardware import read_hardware
from ..storage.stored_object import StoredObject, stored_point
from ..storage.typed import stored_text

_MOST_POINTS: Final = 20


class AfterRestart(StrEnum):
    """What becomes of a run when Home Assistant starts again."""

    RESUME = "resume"
    RESTORE = "restore"


@dataclass(slots=True, kw_only=True)
class TuningTask:
    """What somebody chose, what was written since, and where the miner has to be."""

    chosen: IntendedSettings
    """What somebody had chosen before, the fan included."""
    hardware: Hardware
    firmware: str | None
    after_restart: AfterRestart
    points: list[OperatingPoint]
    """What the miner may be set to by us: the setting it confirmed last, and those sent
    since that it has not confirmed, the newest last."""
    home: OperatingPoint | None = None
    """Where the miner has to be brought, once the run is over."""
    keep: bool = False
    """Whether that counts as chosen from then on."""

    @classmethod
    def of(cls, snapshot: Snapshot, after_restart: AfterRestart) -> TuningTask:
        """Begin with what a miner is set to."""
        chosen = IntendedSettings.of(snapshot)
        assert chosen is not None
        return cls(
            chosen=chosen,
            hardware=snapshot.identity.hardware,
            firmware=snapshot.identity.firmware_version,
            after_restart=after_restart,
            points=[chosen.operating_point],
        )

    def is_ours(self, snapshot: Snapshot, *, overheated: bool) -> bool:
        """Return whether a miner runs on what we wrote, or on what it made of that.

        A setting tried before that it has again is somebody's choice. `overheated` is
        whether it was seen to overheat; without that it lowers nothing.
        """
        point = snapshot.operating_point
        if point is None or point in self.points:
            return True
        return overheated and any(
            is_detuned(self._at(known), snapshot) for known in self.points
        )

    def is_of_other_board(self, snapshot: Snapshot) -> bool:
        """Return whether this cannot be the board that the run began on."""
        return snapshot.identity.hardware.differs_from(self.hardware)

    def is_of_other_firmware(self, snapshot: Snapshot) -> bool:
        """Return whether the miner runs another version than when the run began."""
        versions = (self.firmware, snapshot.identity.firmware_version)
        return None not in versions and versions[0] != versions[1]

    def note(self, point: OperatingPoint) -> None:
        """Note a setting that is about to be written."""
        others = [known for known in self.points if known != point]
        self.points = [*others, point][-_MOST_POINTS:]

    def confirm(self, point: OperatingPoint) -> None:
        """Note that the miner has what was written last."""
        self.points = [point]

    def settings(self, point: OperatingPoint, snapshot: Snapshot) -> Settings:
        """Return what to write: a point, and the fan as somebody chose it."""
        return self._at(point).restoring(snapshot)

    def _at(self, point: OperatingPoint) -> IntendedSettings:
        return replace(
            self.chosen, frequency=point.frequency, core_voltage=point.core_voltage
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> TuningTask | None:
        """Restore what `as_dict` returned; `None` if the setting before is unknown."""
        try:
            chosen = IntendedSettings.from_dict(stored["chosen"])
            if chosen is None:
                return None
            home, firmware = stored.get("home"), stored.get("firmware")
            return cls(
                chosen=chosen,
                hardware=read_hardware(StoredObject(stored["hardware"])),
                firmware=None if firmware is None else stored_text(firmware),
                after_restart=AfterRestart(stored["after_restart"]),
                points=[stored_point(p) for p in stored["points"][-_MOST_POINTS:]],
                home=None if home is None else stored_point(home),
                keep=stored.get("keep") is True,
            )
        except KeyError, TypeError, ValueError:
            return None
