"""Holds alerts back: those of one miner and kind are not posted too often."""

from collections.abc import Callable
from datetime import datetime
import math

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ...alerts.model import AlertKind, AlertPhase
from ...alerts.monitor import MinerAlert
from ..messages.alerts import AlertToPost
from .backlog import Key, key_of


class CoolDown:
    """Holds alerts back that follow too soon, each by its miner and kind.

    One that is still raised when the cool-down ends is posted then; one that was
    cleared meanwhile is forgotten, with its recovery. A block is never held back.
    """

    def __init__(
        self, hass: HomeAssistant, seconds: float, post: Callable[[AlertToPost], None]
    ) -> None:
        """Prepare; `post` is called with each alert whose time has come."""
        self._hass = hass
        self._seconds = seconds
        self._post = post
        self._held: dict[Key, AlertToPost] = {}
        """What came too soon."""
        self._timers: dict[Key, CALLBACK_TYPE] = {}
        """What ends each cool-down in which something is held."""
        self._posted_at: dict[Key, float] = {}
        """By a clock that nobody sets: an hour that comes twice is no hour of
        silence."""
        self._raised: set[Key] = set()
        """What was posted and is not over."""
        self._started_at = 0.0

    @callback
    def async_start(self) -> None:
        """Begin; what was raised before has been posted by a predecessor."""
        self._started_at = dt_util.utcnow().timestamp()

    @callback
    def async_stop(self) -> None:
        """Post what is held: a successor would not know of it."""
        for cancel in self._timers.values():
            cancel()
        self._timers.clear()
        held, self._held = self._held, {}
        for posted in held.values():
            self._release(posted)

    @callback
    def async_take(self, alert: MinerAlert) -> None:
        """Post an alert, hold it back, or forget one that is over."""
        if alert.alert.phase is AlertPhase.CLEARED:
            self._clear(alert)
            return
        key = key_of(alert)
        left = (
            self._posted_at.get(key, -math.inf) + self._seconds - self._hass.loop.time()
        )
        if left <= 0 or alert.alert.kind is AlertKind.BLOCK_FOUND:
            self._release(AlertToPost(alert=alert))
            return
        before = self._held.get(key)
        self._held[key] = AlertToPost(
            alert=alert, count=before.count + 1 if before else 1
        )
        if key not in self._timers:
            self._timers[key] = async_call_later(self._hass, left, self._end_of(key))

    def _end_of(self, key: Key) -> HassJob[[datetime], None]:
        @callback
        def end(now: datetime) -> None:
            del self._timers[key]
            if (posted := self._held.pop(key, None)) is not None:
                self._release(posted)

        return HassJob(end, cancel_on_shutdown=True)

    def _clear(self, alert: MinerAlert) -> None:
        """Post a recovery if the alert itself was posted."""
        key = key_of(alert)
        if self._held.pop(key, None) is not None:
            return
        if key not in self._raised and alert.alert.since >= self._started_at:
            return
        self._raised.discard(key)
        self._post(AlertToPost(alert=alert))

    def _release(self, posted: AlertToPost) -> None:
        key = key_of(posted.alert)
        if posted.alert.alert.phase is AlertPhase.RAISED:
            self._raised.add(key)
        self._posted_at[key] = self._hass.loop.time()
        self._post(posted)
