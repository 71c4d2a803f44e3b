"""Alerts that wait to be posted: bounded, and kept until they are.

A backlog outlives whoever posts from it: the settings of its channel may change, and
Home Assistant may restart, while Discord is away.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from secrets import token_hex
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..alerts import MinerAlert
from ..const import DOMAIN
from ..watch.alerts import Alert, AlertKind, AlertPhase
from .messages.alerts import Told

MOST_QUEUED: Final = 200
"""Alerts kept while Discord cannot be reached; older ones are left out."""

_VERSION: Final = 1
_SAVE_DELAY: Final = 1.0

type Key = tuple[str, AlertKind]


@dataclass(frozen=True, slots=True)
class Queued:
    """An alert that is to be posted."""

    told: Told
    queued_at: float
    """Unix time."""

    @property
    def key(self) -> Key:
        """Whose alert it is, and of what."""
        return key_of(self.told.alert)


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
        """Whether anything waits."""
        return bool(self._queue or self._doubtful)

    def add(self, queued: Queued) -> None:
        """Take in an alert."""
        self._queue.append(queued)
        self._bound()

    def replace_raised(self, told: Told) -> bool:
        """Put the end of an alert in the place of its beginning, if that waits too."""
        key = key_of(told.alert)
        for index, queued in enumerate(self._queue):
            if queued.key == key and queued.told.alert.alert.phase is AlertPhase.RAISED:
                self._queue[index] = replace(queued, told=told)
                return True
        return False

    def take(self, most: int) -> Batch:
        """Hand out what is to be posted next, which is at most so much.

        What is in doubt is what it was, so that its nonce stands for the same message.
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
            "queue": [asdict(queued) for queued in self._queue],
            "lost": self._lost,
            "doubtful": [
                {
                    "items": [asdict(queued) for queued in batch.items],
                    "lost": batch.lost,
                    "nonce": batch.nonce,
                }
                for batch in self._doubtful
            ],
        }

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Take in what `as_dict` returned."""
        self._queue.extend(_restored(stored["queue"]))
        self._lost = stored["lost"]
        for batch in stored["doubtful"]:
            if items := tuple(_restored(batch["items"])):
                self._doubtful.append(Batch(items, batch["lost"], batch["nonce"]))

    def _bound(self) -> None:
        """Leave out what is oldest, but no block."""
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


def _restored(queue: Iterable[Mapping[str, Any]]) -> Iterator[Queued]:
    """Restore what `asdict` returned, but for kinds that another version has written."""
    for stored in queue:
        owner = stored["told"]["alert"]
        values = owner["alert"]
        if values["kind"] not in AlertKind:
            continue
        alert = Alert(
            **{
                **values,
                "kind": AlertKind(values["kind"]),
                "phase": AlertPhase(values["phase"]),
            }
        )
        miner_alert = MinerAlert(**{**owner, "alert": alert})
        yield Queued(
            Told(alert=miner_alert, count=stored["told"]["count"]), stored["queued_at"]
        )


class Backlogs:
    """The backlogs of all channels, in one file. Nothing is written while all is well."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; nothing is read yet."""
        self._store = backlog_store(hass, entry_id)
        self._backlogs: dict[str, Backlog] = {}
        self._written: dict[str, Any] = {}

    async def async_load(self) -> None:
        """Recall what waited when Home Assistant stopped."""
        self._written = await self._store.async_load() or {}
        for subentry_id, stored in self._written.items():
            self.of(subentry_id).restore(stored)

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
            self._store.async_delay_save(self._stored, _SAVE_DELAY)

    def _stored(self) -> dict[str, Any]:
        self._written = self._as_dict()
        return self._written

    def _as_dict(self) -> dict[str, Any]:
        return {
            subentry_id: backlog.as_dict()
            for subentry_id, backlog in self._backlogs.items()
            if backlog
        }


def backlog_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file of what waits for the channels of a swarm."""
    return Store[dict[str, Any]](hass, _VERSION, f"{DOMAIN}.{entry_id}.backlog")
