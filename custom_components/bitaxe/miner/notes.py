"""Notes that people write about a miner: new paste, another fan, moved elsewhere."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, TypedDict

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ulid import ulid_now

from ..const import DOMAIN
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import TIME, StoredObject

LONGEST_NOTE: Final = 500
"""Characters."""
MOST_NOTES: Final = 200
"""Of a miner; the oldest one makes room."""

_DATA: HassKey[dict[str, Notes]] = HassKey(f"{DOMAIN}_notes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote."""

    id: str
    time: float
    """Unix time it is about."""
    text: str
    user_id: str | None = None
    """The user of Home Assistant who wrote it; automations are nobody."""


class StoredNotes(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    notes: list[dict[str, Any]]


@callback
def notes_of(hass: HomeAssistant, entry_id: str) -> Notes | None:
    """Return the notes of the miner of an entry that is set up."""
    return hass.data.get(_DATA, {}).get(entry_id)


class Notes:
    """The notes about one miner."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare; `async_start` reads what is stored."""
        self._hass = hass
        self._entry = entry
        self._store = EntryStore[StoredNotes](hass, entry.entry_id, StoredFile.NOTES)
        self._notes: list[Note] = []

    async def async_start(self) -> None:
        """Read what is stored; the notes are there until the entry is unloaded."""
        self._notes = await self._store.async_load(_read)
        self._hass.data.setdefault(_DATA, {})[self._entry.entry_id] = self
        self._entry.async_on_unload(self._stop)

    def __iter__(self) -> Iterator[Note]:
        """Iterate over the notes, the oldest first."""
        return iter(list(self._notes))

    async def async_add(self, text: str, time: float, user_id: str | None) -> Note:
        """Keep a note about a Unix time.

        Raises:
            HomeAssistantError: it could not be stored.

        """
        note = Note(id=ulid_now(), time=time, text=text, user_id=user_id)
        notes = sorted([*self._notes, note], key=lambda item: item.time)
        self._notes = notes[-MOST_NOTES:]
        await self._async_save()
        return note

    async def async_delete(self, note_id: str) -> bool:
        """Forget a note; return whether there was one.

        Raises:
            HomeAssistantError: that could not be stored.

        """
        left = [note for note in self._notes if note.id != note_id]
        found = len(left) < len(self._notes)
        if found:
            self._notes = left
            await self._async_save()
        return found

    async def _async_save(self) -> None:
        await self._store.async_save_for_person(
            {"notes": [asdict(item) for item in self._notes]}
        )

    @callback
    def _stop(self) -> None:
        del self._hass.data[_DATA][self._entry.entry_id]


def _read(stored: StoredObject) -> list[Note]:
    notes: list[Note] = []
    for item in stored.objects("notes"):
        note_id, time, text = (
            item.text("id"),
            item.number("time", TIME),
            item.text("text"),
        )
        user_id = item.text("user_id")
        if note_id is not None and time is not None and text is not None:
            notes.append(Note(id=note_id, time=time, text=text, user_id=user_id))
        else:
            item.lose("text")
        item.finish()
    return notes
