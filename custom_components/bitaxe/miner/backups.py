"""The settings of a miner as they were before each change of ours."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
import math
from typing import Any, Final, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.ulid import ulid_now

from ..axeos import Hardware, PoolSettings, Settings, Snapshot
from ..axeos.bounds import LONGEST_POOL_USER, LONGEST_TEXT, Bounds
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import TIME, StoredObject
from .hardware import read_hardware
from .write_log import CLAIMANTS, Origin

MOST_BACKUPS: Final = 60
"""Of a miner; the oldest one makes room."""
_MOST_AUTOMATIC: Final = 20
"""Of those before changes by guard, tuner and power targets, which are many: they never
push out what was before a change by a person."""
_KEPT_SECONDS: Final = 30 * 24 * 3600.0

_POOLS: Final = tuple(
    item.name for item in fields(Settings) if item.type == PoolSettings | None
)
_FLAGS: Final = tuple(
    item.name for item in fields(Settings) if item.type == bool | None
)
_POINT: Final = ("frequency", "core_voltage")
_ANY: Final = Bounds(-1, 65535)
_PORT: Final = Bounds(1, 65535)

SETTING_NAMES: Final = tuple(
    item.name for item in fields(Settings) if item.name != "clear_overheat"
)
"""Everything a backup may hold."""
OF_ONE_BOARD: Final = frozenset({*_POINT, "overheat_temperature"})
"""What is never given to a board of another kind: it may destroy it."""


class BackupReason(StrEnum):
    """What a backup was made before."""

    CHANGE = "change"
    """A change by a person."""
    AUTOMATIC = "automatic"
    """A change by guard, tuner or power target."""
    FIRMWARE = "firmware"
    """The installation of firmware."""
    IMPORTED = "imported"
    """None: it was imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """All settings of a miner at one time that we know how to write. No passwords."""

    id: str
    time: float
    """Unix time."""
    reason: BackupReason
    hardware: Hardware
    """The board they were set for."""
    firmware: str | None
    settings: Settings

    def fits(self, hardware: Hardware) -> bool:
        """Return whether this is of a board of the same kind, as far as is known."""
        known = any(value is not None for value in asdict(self.hardware).values())
        return known and not hardware.differs_from(self.hardware)

    def restorable(self, hardware: Hardware, capable: frozenset[str]) -> Settings:
        """Return what of it can be given to a board, with these abilities."""
        names = self.settings.names & capable
        return self.settings.only(
            names if self.fits(hardware) else names - OF_ONE_BOARD
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON, as it is stored and exported."""
        return {
            "id": self.id,
            "time": self.time,
            "reason": self.reason.value,
            "hardware": asdict(self.hardware),
            "firmware": self.firmware,
            "settings": settings_as_dict(self.settings),
        }

    @classmethod
    def from_stored(cls, stored: StoredObject) -> Backup | None:
        """Return what can be read of one, `None` if that is too little."""
        backup_id, time = stored.text("id"), stored.number("time", TIME)
        board = stored.child("hardware")
        hardware = read_hardware(board)
        board.finish()
        settings = settings_from(stored.child("settings"))
        reason = stored.text("reason")
        firmware = stored.text("firmware")
        if backup_id is None or time is None or not settings.names:
            return None
        return cls(
            id=backup_id,
            time=time,
            reason=BackupReason(reason)
            if reason is not None and reason in BackupReason
            else BackupReason.IMPORTED,
            hardware=hardware,
            firmware=firmware,
            settings=settings,
        )


class StoredBackups(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    backups: list[dict[str, Any]]


class Backups:
    """The backups of one miner."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; `async_load` reads what is stored."""
        self._store = EntryStore[StoredBackups](hass, entry_id, StoredFile.BACKUPS)
        self._backups: list[Backup] = []

    async def async_load(self) -> None:
        """Read what is stored."""
        self._backups = await self._store.async_load(_read)

    def __iter__(self) -> Iterator[Backup]:
        """Iterate over the backups, the newest first."""
        return reversed(list(self._backups))

    def find(self, backup_id: str) -> Backup | None:
        """Return a backup by its id."""
        return next((item for item in self._backups if item.id == backup_id), None)

    @callback
    def async_keep(
        self, snapshot: Snapshot, now: float, reason: BackupReason
    ) -> Backup | None:
        """Keep the settings a miner reports, at a Unix time.

        Nothing is kept twice in a row.
        """
        settings = Settings.reported_by(snapshot)
        if not settings.names:
            return None
        last = self._backups[-1] if self._backups else None
        if last is not None and last.settings == settings:
            if reason in (last.reason, BackupReason.AUTOMATIC):
                return last
            # The same, before a change that matters more.
            self._backups.pop()
        return self._add(
            Backup(
                id=ulid_now(),
                time=now,
                reason=reason,
                hardware=snapshot.identity.hardware,
                firmware=snapshot.identity.firmware_version,
                settings=settings,
            ),
            now,
        )

    @callback
    def async_import(self, stored: StoredObject, now: float) -> Backup | None:
        """Add a backup of this or another miner; `None` if it cannot be read."""
        read = Backup.from_stored(stored)
        if read is None:
            return None
        return self._add(
            Backup(
                id=ulid_now(),
                time=now,
                reason=BackupReason.IMPORTED,
                hardware=read.hardware,
                firmware=read.firmware,
                settings=read.settings,
            ),
            now,
        )

    def _add(self, backup: Backup, now: float) -> Backup:
        kept = [
            item
            for item in self._backups
            # A clock that is behind for a moment makes none of them old: a computer
            # without one of its own starts with any time.
            if now - item.time <= _KEPT_SECONDS
        ]
        kept.append(backup)
        automatic = [item for item in kept if item.reason is BackupReason.AUTOMATIC]
        excess = {item.id for item in automatic[:-_MOST_AUTOMATIC]}
        kept = [item for item in kept if item.id not in excess]
        self._backups = kept[-MOST_BACKUPS:]
        self._store.async_schedule_save(self._stored)
        return backup

    async def async_save(self) -> None:
        """Write the file now, if there is anything to write."""
        if self._backups:
            await self._store.async_save(self._stored())

    async def async_save_for_person(self) -> None:
        """Write the file after a person has added a backup.

        Raises:
            HomeAssistantError: it could not be written, and is forgotten at a restart.

        """
        await self._store.async_save_for_person(self._stored())

    def _stored(self) -> StoredBackups:
        return {"backups": [item.as_dict() for item in self._backups]}


def reason_of(origin: Origin) -> BackupReason:
    """Return what a backup before a change is for, by who asked for the change."""
    if origin.kind in CLAIMANTS:
        return BackupReason.AUTOMATIC
    return BackupReason.CHANGE


def settings_as_dict(settings: Settings) -> dict[str, Any]:
    """Return settings as JSON, without the password of any pool."""
    values: dict[str, Any] = {}
    for name in SETTING_NAMES:
        value = getattr(settings, name)
        if isinstance(value, PoolSettings):
            value = {
                "url": value.url,
                "port": value.port,
                "user": value.user,
                "tls": value.tls,
            }
        if value is not None:
            values[name] = value
    return values


def settings_from(stored: StoredObject) -> Settings:
    """Return what can be read of settings that were stored or exported."""
    values: dict[str, Any] = {}
    for name in SETTING_NAMES:
        if name in _POOLS:
            values[name] = _pool_from(stored.child(name))
        elif name in _FLAGS:
            values[name] = stored.flag(name)
        elif name in _POINT:
            values[name] = stored.number(name, _ANY)
        else:
            number = stored.number(name, _ANY)
            values[name] = None if number is None else math.floor(number)
    stored.finish()
    return Settings(**values)


def _pool_from(stored: StoredObject) -> PoolSettings | None:
    url, user = stored.text("url"), stored.text("user")
    port, tls = stored.integer("port", _PORT), stored.flag("tls")
    stored.finish()
    if (
        url is None
        or port is None
        or not 1 <= len(url) <= LONGEST_TEXT
        or len(user or "") > LONGEST_POOL_USER
    ):
        return None
    return PoolSettings(url=url, port=port, user=user or "", tls=tls)


def _read(stored: StoredObject) -> list[Backup]:
    backups = []
    for item in stored.objects("backups"):
        backup = Backup.from_stored(item)
        item.finish()
        if backup is None:
            item.lose("settings")
        else:
            backups.append(backup)
    return sorted(backups, key=lambda item: item.time)[-MOST_BACKUPS:]
