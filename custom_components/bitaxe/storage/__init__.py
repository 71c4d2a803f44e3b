"""What is kept in Home Assistant's storage: all files, their versions, and their fate.

A file may be truncated, of another shape, or written by another version. Then what can
be read is used, a copy stays beside the file, and a repair says so; nothing that is set
up fails because of a file. `docs/architecture.md` describes the formats.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from glob import escape
from hashlib import sha256
import logging
import os
from pathlib import Path
import sys
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.util.json import json_loads

from ..const import DOMAIN
from .cache_file import CachedKind, CacheFile
from .stored_object import StoredObject
from .whole_file import write_whole

_LOGGER = logging.getLogger(__package__)

UNREADABLE: Final = "stored_file"
"""Kind of the repair about a file that could not be read in whole."""

_VERSION: Final = 1
_COPY: Final = ".kept-"
_MOST_NAMED: Final = 10
_LARGEST: Final = 64 * 2**20
"""Bytes; the backups of a miner take less than one of them."""


class StoredFile(Enum):
    """Every file there is of a config entry; the value follows the entry's id."""

    FIGURES = ""
    """Of a miner: figures and intended settings. Of the swarm: its energy."""
    ALERTS = ".alerts"
    """Of the swarm: what is raised, and the counters as they were last seen."""
    BACKLOG = ".backlog"
    """Of the swarm: alerts that wait for Discord."""
    REPORTS = ".reports"
    """Of the swarm: when each scheduled report was posted last."""
    GUARD = ".guard"
    """Of a miner: what the guard holds, its budget, and maintenance."""
    TUNING = ".tuning"
    """Of a miner: the run that goes on, what runs found, and profiles."""
    NOTES = ".notes"
    """Of a miner: what people wrote about it."""
    BACKUPS = ".backups"
    """Of a miner: its settings as they were before each change."""
    POWER = ".power"
    """Of a miner and the swarm: the target, what follows it, and the writes of an
    hour."""
    POOLS = ".pools"
    """Of the swarm: at which pool each miner was seen."""
    HEATING = ".heating"
    """Of the swarm: what each room is set to, what it needed lately, and its energy."""
    SUPPLIES = ".supplies"
    """Of the swarm: what each power supply took from the wall."""
    BLUEPRINTS = ".blueprints"
    """Of the swarm: hashes of the blueprints that were written."""


_SAVE_DELAY: Final[Mapping[StoredFile, float]] = {
    # Seldom enough for an SD card: what is lost in a power cut, the recorder knows.
    StoredFile.FIGURES: 15 * 60,
    StoredFile.HEATING: 15 * 60,
    StoredFile.SUPPLIES: 15 * 60,
    StoredFile.ALERTS: 5,
    StoredFile.BACKLOG: 1,
    StoredFile.BACKUPS: 5,
}
"""Seconds after which a change is written; the other files are written at once."""
_SOON: Final = 5.0


class EntryStore[T: Mapping[str, Any]]:
    """One file of a config entry."""

    def __init__(self, hass: HomeAssistant, entry_id: str, file: StoredFile) -> None:
        """Prepare; nothing is read yet."""
        self._hass = hass
        self._entry_id = entry_id
        self._store: _Store[T] = _Store(hass, _key(entry_id, file))
        self._delay = _SAVE_DELAY.get(file, 0)
        self._pending = False
        self._latest: T | None = None
        """What `async_save_changed` wrote, unless something else was written since."""

    async def async_load[R](self, read: Callable[[StoredObject], R]) -> R:
        """Return what `read` makes of what is stored, which may be nothing.

        `read` takes what it can. If there is more, a copy of the file is kept, and a
        repair names it.
        """
        data: object = None
        lost: list[str] = []
        if await self._store.async_set_broken_aside():
            lost.append("no JSON object")
        else:
            try:
                data = await self._store.async_load()
            except (HomeAssistantError, KeyError, TypeError, ValueError) as err:
                # The object lacks what every file of Home Assistant has.
                lost.append(str(err))
        stored = StoredObject(data, lost)
        result = read(stored)
        stored.finish()
        if lost or self._store.foreign:
            await self._async_report(lost)
        return result

    @callback
    def async_schedule_save(
        self, content: Callable[[], T], *, soon: bool = False
    ) -> None:
        """Have what `content` returns by then written, at the latest at shutdown.

        `soon` is for what nobody else knows, and what happens seldom.
        """
        if self._pending and not soon:
            return
        self._pending = True
        self._latest = None

        def written() -> T:
            self._pending = False
            return content()

        self._store.async_delay_save(written, _SOON if soon else self._delay)

    async def async_save(self, content: T) -> bool:
        """Write now; return whether that was possible, as on a full disk it is not."""
        self._latest = None
        return await self._async_write(content)

    async def async_save_changed(self, content: T) -> None:
        """Write now, unless that was written last: automations repeat what they set.

        `content` shares nothing with what may change later.
        """
        if content != self._latest or self._store.failed:
            self._latest = content
            await self._async_write(content)

    async def _async_write(self, content: T) -> bool:
        self._pending = False
        await self._store.async_save(content)
        return not self._store.failed

    async def async_save_for_person(self, content: T) -> None:
        """Write now what a person asked for.

        Raises:
            HomeAssistantError: it could not be written, and is forgotten at a restart.

        """
        await self.async_save(content)
        self.check_kept()

    def check_kept(self) -> None:
        """Say so where the last write failed: to a person who asked for something.

        Raises:
            HomeAssistantError: it could not be written, and is forgotten at a restart.

        """
        if self._store.failed:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="not_stored",
                translation_placeholders={"path": self._store.path},
            )

    async def async_remove(self) -> None:
        """Remove the file and its copies, and take back the repair."""
        ir.async_delete_issue(self._hass, DOMAIN, _issue_id(self._store.key))
        await self._store.async_remove()
        await self._hass.async_add_executor_job(_remove_copies, Path(self._store.path))

    async def _async_report(self, lost: Iterable[str]) -> None:
        """Say that this version cannot read the file in whole, and keep a copy."""
        path = self._store.path
        copy = await self._store.async_keep_copy()
        _LOGGER.warning(
            "%s could not be read in whole (%s); a copy is kept as %s",
            path,
            ", ".join(sorted(set(lost))[:_MOST_NAMED]) or "of another version",
            copy,
        )
        entry = self._hass.config_entries.async_get_entry(self._entry_id)
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            _issue_id(self._store.key),
            data={"entry_id": self._entry_id, "kind": UNREADABLE},
            is_fixable=True,
            # The file is written anew long before somebody looks.
            is_persistent=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=UNREADABLE,
            translation_placeholders={
                "name": DOMAIN if entry is None else entry.title,
                "file": path,
                "copy": copy or path,
            },
        )


async def async_remove_files(hass: HomeAssistant, entry_id: str) -> None:
    """Remove all files of a config entry."""
    for file in StoredFile:
        await EntryStore(hass, entry_id, file).async_remove()
    for kind in CachedKind:
        cache = CacheFile(hass, entry_id, kind)
        await hass.async_add_executor_job(cache.remove)


class _Store[T: Mapping[str, Any]](Store[T]):
    """A file that is read whichever version has written it."""

    def __init__(self, hass: HomeAssistant, key: str) -> None:
        super().__init__(
            hass,
            _VERSION,
            key,
            # A power cut leaves the file as it was before or after, never half.
            atomic_writes=True,
            max_readable_version=sys.maxsize,
        )
        self.foreign = False
        """Whether another version has written what was read."""
        self.failed = False
        """Whether the last write failed, which Home Assistant only logs."""
        self._copy: str | None = None

    async def async_keep_copy(self) -> str | None:
        """Copy the file as it is, once; return the copy's path if there is one."""
        if self._copy is None:
            try:
                self._copy = await self.hass.async_add_executor_job(
                    _copy_beside, Path(self.path)
                )
            except OSError as err:
                _LOGGER.warning("%s could not be copied: %s", self.path, err)
        return self._copy

    async def async_set_broken_aside(self) -> bool:
        """Rename what is no file with a JSON object; return whether there was one.

        Home Assistant would write a traceback to its log, or raise.
        """
        path = Path(self.path)
        broken = await self.hass.async_add_executor_job(_is_broken, path)
        if broken:
            try:
                self._copy = await self.hass.async_add_executor_job(_move_aside, path)
            except OSError as err:
                _LOGGER.warning("%s could not be set aside: %s", path, err)
        return broken

    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        self.failed = True
        await super()._async_write_data(data)
        self.failed = False

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: Any
    ) -> Any:
        self.foreign = True
        # Home Assistant overwrites the file as soon as this returns.
        await self.async_keep_copy()
        return old_data


def _key(entry_id: str, file: StoredFile) -> str:
    return f"{DOMAIN}.{entry_id}{file.value}"


def _issue_id(key: str) -> str:
    return f"{UNREADABLE}_{key}"


def _copy_beside(path: Path) -> str:
    """Copy a file under a name that is the same for the same content. Blocking."""
    content = path.read_bytes()
    copy = _beside(path, content)
    if not copy.exists():
        # As a whole or not at all: on a full disk half of it would be taken for all.
        write_whole(copy, content)
    return str(copy)


def _move_aside(path: Path) -> str:
    """Rename what cannot be read, whatever it is; that needs no space. Blocking."""
    try:
        kept = _beside(path, path.read_bytes() if _is_readable(path) else None)
    except OSError:
        kept = _beside(path, None)
    path.rename(kept)
    return str(kept)


def _beside(path: Path, content: bytes | None) -> Path:
    """Return where a copy is kept, named by its content, or else by its age."""
    mark = str(path.lstat().st_mtime_ns).encode() if content is None else content
    return path.with_name(f"{path.name}{_COPY}{sha256(mark).hexdigest()[:8]}")


def _is_broken(path: Path) -> bool:
    """Return whether something is there that is no file with JSON. Blocking."""
    if not os.path.lexists(path):
        return False
    try:
        return not _is_readable(path) or not isinstance(
            json_loads(path.read_bytes()), dict
        )
    except OSError, ValueError:
        return True


def _is_readable(path: Path) -> bool:
    """Return whether there is a file, of a size that we may have written. Blocking."""
    return path.is_file() and path.stat().st_size <= _LARGEST


def _remove_copies(path: Path) -> None:
    for copy in path.parent.glob(f"{escape(path.name + _COPY)}*"):
        # A folder is none of ours.
        if copy.is_symlink() or not copy.is_dir():
            copy.unlink(missing_ok=True)
