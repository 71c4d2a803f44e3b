"""Posts alerts to a channel: together, and not one of them twice."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import Enum, auto
import logging
from types import MappingProxyType
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ...alerts.model import AlertPhase
from ...alerts.monitor import AlertMonitor, MinerAlert
from ...texts import async_get_texts
from ..errors import RejectedError
from ..messages.alerts import AlertToPost, alerts_message
from ..messages.model import Attachment
from ..messages.tuning import async_draw_runs
from .backlog import Backlog, Batch, Queued
from .channel import Parcel
from .cool_down import CoolDown
from .settings import ChannelSettings

_LOGGER = logging.getLogger(__package__)

GATHER_SECONDS: Final = 10.0
"""Seconds after the first alert in which others join its message."""
MOST_TOGETHER: Final = 60
"""Alerts that one message holds at most."""
FIRST_RETRY: Final = 30.0
"""Seconds until a message that was not delivered is tried again; doubles each time."""
LAST_RETRY: Final = 600.0

_LATE_SECONDS: Final = 120.0
_STOP_SECONDS: Final = 5.0

type Deliver = Callable[[Parcel], Awaitable[None]]


class _State(Enum):
    """What the poster does at present."""

    IDLE = auto()
    """Nothing waits."""
    GATHERING = auto()
    """Others may join the first alert; a timer runs."""
    POSTING = auto()
    AWAY = auto()
    """Discord could not be reached; a timer runs until the next attempt."""


class AlertPoster:
    """Posts alerts a channel wants: several together, each until it is delivered."""

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
        self._cool_down = CoolDown(hass, settings.cooldown, self._enqueue)
        self._state = _State.IDLE
        self._failures = 0
        """Attempts since Discord took the last message."""
        self._cancel_timer: CALLBACK_TYPE | None = None
        self._task: asyncio.Task[None] | None = None
        self._stop_listening: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Listen to the alerts, and post what waits since before."""
        self._cool_down.async_start()
        self._stop_listening = self._monitor.async_add_listener(self._take)
        # By then, what posted to the channel before has ended.
        self._wait(_State.GATHERING, GATHER_SECONDS)

    async def async_stop(self) -> None:
        """Listen no more, and try once to post what is left; the rest waits on."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        self._cool_down.async_stop()
        self._end_wait()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                if self._state is _State.POSTING and self._task is not None:
                    await self._task
                elif not self._failures:
                    await self._async_post_queue()
        except TimeoutError:
            _LOGGER.debug("Alerts were not posted in time when stopping")
        self._end_wait()

    @callback
    def async_retry(self) -> None:
        """Post what waits for Discord, since it seems to be back."""
        if self._failures and self._state is not _State.POSTING:
            self._end_wait()
            self._begin_posting()

    @callback
    def _take(self, alert: MinerAlert) -> None:
        """Take in what the monitor reports."""
        if alert.alert.kind in self._settings.alerts:
            self._cool_down.async_take(alert)

    def _enqueue(self, posted: AlertToPost) -> None:
        if (
            posted.alert.alert.phase is AlertPhase.CLEARED
            and self._backlog.replace_raised(posted)
        ):
            return
        self._backlog.add(Queued(posted, dt_util.utcnow().timestamp()))
        if self._state is _State.IDLE:
            self._wait(_State.GATHERING, GATHER_SECONDS)

    def _wait(self, state: _State, seconds: float) -> None:
        """Post after some seconds, and not before."""

        @callback
        def end(now: datetime) -> None:
            self._cancel_timer = None
            self._state = _State.IDLE
            self._begin_posting()

        self._state = state
        self._cancel_timer = async_call_later(
            self._hass, seconds, HassJob(end, cancel_on_shutdown=True)
        )

    def _end_wait(self) -> None:
        """Stop waiting, if it waits."""
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None
            self._state = _State.IDLE

    def _begin_posting(self) -> None:
        if self._backlog:
            self._task = self._hass.async_create_background_task(
                self._async_post_queue(), "post Bitaxe alerts to Discord"
            )

    async def _async_post_queue(self) -> None:
        """Post everything there is; what cannot be posted stays."""
        # Here, as a task may begin, and end, before its creator has it.
        self._state = _State.POSTING
        try:
            while self._backlog:
                if not await self._async_post_some():
                    return
        finally:
            if self._state is _State.POSTING:
                self._state = _State.IDLE

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
            if not self._failures:
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
            self._failures = 0
            return True
        if self._stop_listening is not None:
            self._wait(_State.AWAY, min(FIRST_RETRY * 2**self._failures, LAST_RETRY))
        self._failures += 1
        return False

    def _pack(self) -> tuple[Batch, Parcel, bool]:
        """Return the next batch of a page at most, its parcel, and whether it is late.

        So no batch is ever posted in part, which could not be continued after a
        restart.
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
