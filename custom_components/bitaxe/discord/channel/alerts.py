"""Posts alerts to a channel: together, not too often, and not one of them twice."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
import logging
import math
from types import MappingProxyType
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ...alerts.model import AlertKind, AlertPhase
from ...alerts.monitor import AlertMonitor, MinerAlert
from ...texts import async_get_texts
from ..errors import RejectedError
from ..messages.alerts import AlertToPost, alerts_message
from ..messages.model import Attachment
from ..messages.tuning import async_draw_runs
from .backlog import Backlog, Batch, Key, Queued, key_of
from .channel import Parcel
from .settings import ChannelSettings

_LOGGER = logging.getLogger(__package__)

GATHER_SECONDS: Final = 10.0
"""Seconds after the first alert in which others join its message."""
MOST_TOGETHER: Final = 60
"""Alerts of one message."""
FIRST_RETRY: Final = 30.0
"""Seconds until a message that was not delivered is tried again; doubles each time."""
LAST_RETRY: Final = 600.0

_LATE_SECONDS: Final = 120.0
_STOP_SECONDS: Final = 5.0

type Deliver = Callable[[Parcel], Awaitable[None]]


class AlertPoster:
    """Posts the alerts a channel wants.

    Alerts of the same miner and kind that follow within the cool-down are held back. One
    that is still raised when it ends is posted then; one that was cleared meanwhile is
    forgotten, with its recovery. A block is never held back.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        monitor: AlertMonitor,
        settings: ChannelSettings,
        backlog: Backlog,
        deliver: Deliver,
    ) -> None:
        """Prepare; `async_start` begins.

        `deliver` raises `HomeAssistantError` if a message did not get to the channel.
        """
        self._hass = hass
        self._monitor = monitor
        self._settings = settings
        self._backlog = backlog
        self._deliver = deliver
        self._held: dict[Key, AlertToPost] = {}
        self._cooling: dict[Key, CALLBACK_TYPE] = {}
        self._open: set[Key] = set()
        """What was raised and is posted or queued."""
        self._queued_at: dict[Key, float] = {}
        self._started_at = 0.0
        self._retry_seconds = FIRST_RETRY
        self._cancel_next: CALLBACK_TYPE | None = None
        self._away = False
        # A task may begin, and end, before its creator has it.
        self._posting = False
        self._task: asyncio.Task[None] | None = None
        self._stop_listening: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Listen to the alerts, and post what waits since before."""
        self._started_at = dt_util.utcnow().timestamp()
        self._stop_listening = self._monitor.async_add_listener(self._take)
        # By then, what posted to the channel before has ended.
        self._post_in(GATHER_SECONDS)

    async def async_stop(self) -> None:
        """Listen no more, and try once to post what is left; the rest waits on."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        for cancel in self._cooling.values():
            cancel()
        self._cooling.clear()
        # The next one would not know of what was held back, and is still raised.
        for posted in self._held.values():
            self._enqueue(posted)
        self._held.clear()
        self._cancel_timer()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                if self._posting and self._task is not None:
                    await self._task
                elif not self._away:
                    await self._async_post_queue()
        except TimeoutError:
            _LOGGER.debug("Alerts were not posted in time when stopping")
        self._cancel_timer()

    @callback
    def async_retry(self) -> None:
        """Post what waits for Discord, since it seems to be back."""
        if self._away:
            self._cancel_timer()
            self._begin_posting()

    @callback
    def _take(self, alert: MinerAlert) -> None:
        """Take in what the monitor reports."""
        if alert.alert.kind not in self._settings.alerts:
            return
        if alert.alert.phase is AlertPhase.CLEARED:
            self._clear(alert)
            return
        key = key_of(alert)
        # By a clock that nobody sets: an hour that comes twice is no hour of silence.
        left = (
            self._queued_at.get(key, -math.inf)
            + self._settings.cooldown
            - self._hass.loop.time()
        )
        if left <= 0 or alert.alert.kind is AlertKind.BLOCK_FOUND:
            self._enqueue(AlertToPost(alert=alert))
            return
        before = self._held.get(key)
        self._held[key] = AlertToPost(
            alert=alert, count=before.count + 1 if before else 1
        )
        if key not in self._cooling:
            self._cooling[key] = async_call_later(
                self._hass, left, self._after_cooling(key)
            )

    def _after_cooling(self, key: Key) -> HassJob[[datetime], None]:
        @callback
        def release(now: datetime) -> None:
            del self._cooling[key]
            if (posted := self._held.pop(key, None)) is not None:
                self._enqueue(posted)

        return HassJob(release, cancel_on_shutdown=True)

    def _clear(self, alert: MinerAlert) -> None:
        """Post a recovery if the alert itself was posted."""
        key = key_of(alert)
        if self._held.pop(key, None) is not None:
            return
        # What began before this was started has been posted by its predecessor.
        if key not in self._open and alert.alert.since >= self._started_at:
            return
        self._open.discard(key)
        posted = AlertToPost(alert=alert)
        if not self._backlog.replace_raised(posted):
            self._enqueue(posted)

    def _enqueue(self, posted: AlertToPost) -> None:
        now = dt_util.utcnow().timestamp()
        queued = Queued(posted, now)
        if posted.alert.alert.phase is AlertPhase.RAISED:
            self._open.add(queued.key)
        if posted.alert.alert.phase is not AlertPhase.CLEARED:
            self._queued_at[queued.key] = self._hass.loop.time()
        self._backlog.add(queued)
        if self._cancel_next is None and not self._posting:
            self._post_in(GATHER_SECONDS)

    def _post_in(self, seconds: float) -> None:
        @callback
        def begin(now: datetime) -> None:
            self._cancel_next = None
            self._begin_posting()

        self._cancel_next = async_call_later(
            self._hass, seconds, HassJob(begin, cancel_on_shutdown=True)
        )

    def _cancel_timer(self) -> None:
        if self._cancel_next is not None:
            self._cancel_next()
            self._cancel_next = None

    @callback
    def _begin_posting(self) -> None:
        if not self._posting and self._backlog:
            self._task = self._hass.async_create_background_task(
                self._async_post_queue(), "post Bitaxe alerts to Discord"
            )

    async def _async_post_queue(self) -> None:
        """Post everything there is; what cannot be posted stays."""
        self._posting = True
        try:
            while self._backlog:
                if not await self._async_post_some():
                    return
        finally:
            self._posting = False

    async def _async_post_some(self) -> bool:
        """Post one message; return whether it is out of the way."""
        batch, parcel, late = self._pack()
        delivered = False
        try:
            posted = [item.posted for item in batch.items]
            if pictures := await async_draw_runs(self._hass, posted):
                parcel = self._parcel(batch, late=late, pictures=pictures)
            await self._deliver(parcel)
            delivered = True
        except RejectedError as err:
            _LOGGER.warning("Discord does not take a message with alerts: %s", err)
            delivered = True
        except HomeAssistantError as err:
            if not self._away:
                _LOGGER.info("Alerts wait until Discord can be reached: %s", err)
        except Exception:
            # It would fail again, and hold up all that follow.
            _LOGGER.exception("A message with alerts failed")
            delivered = True
        finally:
            if not delivered:
                self._backlog.put_back(batch, doubtful=parcel.begun)
            self._backlog.async_store()
        if delivered:
            self._away = False
            self._retry_seconds = FIRST_RETRY
            return True
        self._away = True
        if self._stop_listening is not None:
            self._post_in(self._retry_seconds)
        self._retry_seconds = min(self._retry_seconds * 2, LAST_RETRY)
        return False

    def _pack(self) -> tuple[Batch, Parcel, bool]:
        """Take what comes next, and no more of it than a page holds; and whether late.

        Then nothing is ever posted in part, which no restart could go on with.
        """
        most = MOST_TOGETHER
        while True:
            batch = self._backlog.take(most)
            oldest = min(item.queued_at for item in batch.items)
            late = dt_util.utcnow().timestamp() - oldest > _LATE_SECONDS
            parcel = self._parcel(batch, late=late)
            most = len(batch.items) // 2
            if len(parcel.pages) == 1 or not most:
                return batch, parcel, late
            if batch.doubtful:
                # Discord may have it as the one page that it was.
                return batch, self._parcel(batch, late=False), False
            self._backlog.put_back(batch)

    def _parcel(
        self,
        batch: Batch,
        *,
        late: bool,
        pictures: Mapping[str, Attachment] = MappingProxyType({}),
    ) -> Parcel:
        message = alerts_message(
            [item.posted for item in batch.items],
            async_get_texts(self._hass),
            self._settings.mention,
            late=late,
            lost=batch.lost,
            pictures=pictures,
        )
        return Parcel(message, batch.nonce)
