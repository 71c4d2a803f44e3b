"""What is kept of a miner across restarts of Home Assistant."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict

from homeassistant.core import HomeAssistant

from ..storage import EntryStore, StoredFile
from ..storage.stored_object import TIME, StoredObject
from .boards import BoardHistory
from .events import EventDetector
from .intended import IntendedSettingsTracker
from .meter import Meter

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def read_boot_id() -> str | None:
    """Return what names the start of this computer, on Linux.

    The monotonic clock counts from there on, over restarts of Home Assistant. What is
    read is no file on a disk, so nothing waits for it.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return None


class StoredMiner(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    meter: dict[str, Any]
    intended: dict[str, Any] | None
    board: NotRequired[dict[str, Any]]
    """The board they were chosen for, and what is known of its history."""
    events: NotRequired[dict[str, Any]]
    """What happened, and was not reported as an alert yet."""
    unwatched: NotRequired[list[dict[str, float]]]
    """Begin and end in Unix time of periods in which nobody looked, though Home
    Assistant may have run: the entry was unloaded, or a clock was set forward."""


def miner_store(hass: HomeAssistant, entry_id: str) -> EntryStore[StoredMiner]:
    """Return the file of a miner."""
    return EntryStore(hass, entry_id, StoredFile.FIGURES)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredMiner:
    """What could be read of what is kept of a miner."""

    meter: Meter
    intended: IntendedSettingsTracker
    boards: BoardHistory
    detector: EventDetector
    reports_mac: bool
    """Whether its firmware has ever reported its MAC address."""
    unwatched: list[tuple[float, float]]
    """Begin and end in Unix time of periods in which nobody looked."""


def read_miner(stored: StoredObject, *, boot_id: str | None) -> RestoredMiner:
    """Read what is stored of a miner; see `Meter` for `boot_id`."""
    board = stored.child("board")
    intended = IntendedSettingsTracker()
    intended.restore(stored.child("intended"), board)
    boards = BoardHistory()
    boards.restore(board, intended.hardware)
    reports_mac = board.flag("reports_mac") is True
    board.finish()
    detector = EventDetector()
    detector.restore(stored.child("events"))
    return RestoredMiner(
        meter=Meter(stored.child("meter"), boot_id),
        intended=intended,
        boards=boards,
        detector=detector,
        reports_mac=reports_mac,
        unwatched=list(_read_periods(stored)),
    )


def _read_periods(stored: StoredObject) -> Iterator[tuple[float, float]]:
    for period in stored.objects("unwatched"):
        begin, end = period.number("begin", TIME), period.number("end", TIME)
        period.finish()
        if begin is not None and end is not None and begin < end:
            yield begin, end
