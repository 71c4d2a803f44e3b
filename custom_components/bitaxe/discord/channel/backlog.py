"""Alerts that wait to be posted: bounded, and kept until they are.

A backlog outlives what posts from it: the settings of its channel may change, and
Home Assistant may restart, while Discord is away.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from secrets import token_hex
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback

from ...alerts.model import Alert, AlertKind, AlertPhase
from ...alerts.monitor import MinerAlert
from ...storage import EntryStore, StoredFile
from ...storage.stored_object import ANY_COUNT, MEASURED, TIME, StoredObject, as_stored
from ..messages.alerts import AlertToPost

MOST_QUEUED: Final = 200
"""Alerts kept while Discord cannot be reached; older ones are left out."""

# Characters; Discord takes no longer nonce.
_LONGEST_NONCE: Final = 25

type Key = tuple[str, AlertKind]


@dataclass(frozen=True, slots=True)
class Queued:
    """An alert that is to be posted."""

    posted: AlertToPost
    queued_at: float
    """Unix time."""

    @property
    def key(self) -> Key:
        """Whose alert it is, and of what."""
        return key_of(self.posted.alert)


@dataclass(frozen=True, slots=True)
class Batch:
    """Alerts of one message."""

    items: tuple[Queued, ...]
    lost: int
    """Alerts before them that were left out."""
    nonce: str
    """By which Discord knows the message if it has it already."""
    doubtful: bool = False
    """Whether Discord may have it."""


def key_of(alert: MinerAlert) -> Key:
    """Return whose alert it is, and of what."""
    return alert.miner_id, alert.alert.kind


class Backlog:
    """What waits for one channel."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """Begin empty; `changed` is called when something is worth being stored."""
        self._changed = changed
        self._queue: deque[Queued] = deque()
        self._lost = 0
        self._doubtful: deque[Batch] = deque()
        """What Discord may have already."""

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._queue or self._doubtful)

    def add(self, queued: Queued) -> None:
        """Take in an alert."""
        self._queue.append(queued)
        self._bound()

    def replace_raised(self, posted: AlertToPost) -> bool:
        """Put the end of an alert in the place of its beginning, if that waits too."""
        key = key_of(posted.alert)
        for index, queued in enumerate(self._queue):
            if (
                queued.key == key
                and queued.posted.alert.alert.phase is AlertPhase.RAISED
            ):
                self._queue[index] = replace(queued, posted=posted)
                return True
        return False

    def take(self, most: int) -> Batch:
        """Hand out the next batch, with at most `most` alerts.

        A batch that Discord may have is handed out unchanged, so that its nonce stands
        for the same message.
        """
        if self._doubtful:
            return replace(self._doubtful.popleft(), doubtful=True)
        count = min(len(self._queue), most)
        lost, self._lost = self._lost, 0
        items = tuple(self._queue.popleft() for _ in range(count))
        return Batch(items, lost, token_hex(8))

    def put_back(self, batch: Batch, *, doubtful: bool = False) -> None:
        """Take back what was not posted, or may not have been."""
        if doubtful or batch.doubtful:
            self._doubtful.append(batch)
            return
        self._queue.extendleft(reversed(batch.items))
        self._lost += batch.lost
        self._bound()

    def async_store(self) -> None:
        """Have what waits stored."""
        self._changed()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return {
            "queue": [_as_stored(queued) for queued in self._queue],
            "lost": self._lost,
            "doubtful": [
                {
                    "items": [_as_stored(queued) for queued in batch.items],
                    "lost": batch.lost,
                    "nonce": batch.nonce,
                }
                for batch in self._doubtful
            ],
        }

    def restore(self, stored: StoredObject | Mapping[str, Any]) -> None:
        """Take in what `as_dict` returned, as far as it can be read."""
        stored = as_stored(stored)
        self._queue.extend(_restored(stored, "queue"))
        self._lost = stored.integer("lost", ANY_COUNT) or 0
        for batch in stored.objects("doubtful"):
            items = tuple(_restored(batch, "items"))
            lost, nonce = batch.integer("lost", ANY_COUNT), batch.text("nonce")
            batch.finish()
            if items and nonce and len(nonce) <= _LONGEST_NONCE:
                self._doubtful.append(Batch(items, lost or 0, nonce))
        stored.finish()
        self._bound()

    def _bound(self) -> None:
        """Leave out the oldest alerts above the bound, but no block."""
        while len(self._queue) > MOST_QUEUED:
            oldest = next(
                (
                    item
                    for item in self._queue
                    if item.key[1] is not AlertKind.BLOCK_FOUND
                ),
                self._queue[0],
            )
            self._queue.remove(oldest)
            self._lost += 1


def _as_stored(queued: Queued) -> dict[str, Any]:
    """Return plain values; the keys are those of version 0.1."""
    return {"told": asdict(queued.posted), "queued_at": queued.queued_at}


def _restored(stored: StoredObject, key: str) -> Iterator[Queued]:
    """Restore what was stored, but for kinds that another version has written."""
    for item in stored.objects(key):
        posted = item.child("told")
        owner = posted.child("alert")
        alert = _restored_alert(owner.child("alert"))
        miner_id, name = owner.text("miner_id"), owner.text("name")
        device_id = owner.text("device_id")
        queued_at = item.number("queued_at", TIME)
        count = posted.integer("count", ANY_COUNT)
        for part in (owner, posted, item):
            part.finish()
        if alert is None or miner_id is None or name is None or queued_at is None:
            item.lose("told")
            continue
        miner_alert = MinerAlert(
            miner_id=miner_id, name=name, device_id=device_id, alert=alert
        )
        yield Queued(AlertToPost(alert=miner_alert, count=count or 1), queued_at)


def _restored_alert(stored: StoredObject) -> Alert | None:
    kind, phase = stored.text("kind") or "", stored.text("phase") or ""
    since = stored.number("since", TIME)
    value, limit = stored.number("value", MEASURED), stored.number("limit", MEASURED)
    unread_since = stored.number("unread_since", TIME)
    data = stored.plain("data")
    stored.finish()
    if kind not in AlertKind or phase not in AlertPhase or since is None:
        return None
    return Alert(
        kind=AlertKind(kind),
        phase=AlertPhase(phase),
        value=value,
        limit=limit,
        since=since,
        unread_since=unread_since,
        data=data,
    )


class Backlogs:
    """The backlogs of all channels, in one file that is only written if needed."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; nothing is read yet."""
        self._store = EntryStore[dict[str, Any]](hass, entry_id, StoredFile.BACKLOG)
        self._backlogs: dict[str, Backlog] = {}
        self._written: dict[str, Any] = {}

    async def async_load(self) -> None:
        """Recall what waited when Home Assistant stopped."""
        await self._store.async_load(self._restore)
        self._written = self._as_dict()

    def _restore(self, stored: StoredObject) -> None:
        for subentry_id, backlog in stored.children():
            self.of(subentry_id).restore(backlog)

    @callback
    def of(self, subentry_id: str) -> Backlog:
        """Return the backlog of a channel."""
        if subentry_id not in self._backlogs:
            self._backlogs[subentry_id] = Backlog(self._changed)
        return self._backlogs[subentry_id]

    @callback
    def async_keep(self, subentry_ids: Iterable[str]) -> None:
        """Forget what waits for other channels than these."""
        kept = set(subentry_ids)
        for subentry_id in self._backlogs.keys() - kept:
            del self._backlogs[subentry_id]
        self._changed()

    async def async_save(self) -> None:
        """Write now, if there is something to write."""
        if self._as_dict() != self._written:
            await self._store.async_save(self._stored())

    @callback
    def _changed(self) -> None:
        if self._as_dict() != self._written:
            self._store.async_schedule_save(self._stored)

    def _stored(self) -> dict[str, Any]:
        self._written = self._as_dict()
        return self._written

    def _as_dict(self) -> dict[str, Any]:
        return {
            subentry_id: backlog.as_dict()
            for subentry_id, backlog in self._backlogs.items()
            if backlog
        }
