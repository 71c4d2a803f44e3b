"""Posts reports by the clock: each once, at its time, or not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
import logging
from typing import Final

from cronsim import CronSim, CronSimError
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import (
    CALLBACK_TYPE,
    CoreState,
    Event,
    HassJob,
    HomeAssistant,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ...storage import EntryStore, StoredFile
from ...storage.stored_object import StoredObject
from ..messages.model import Message
from .channel import Parcel
from .settings import ReportPlan

_LOGGER = logging.getLogger(__package__)

RETRY_INTERVAL: Final = timedelta(minutes=1)
KEEP_TRYING: Final = timedelta(minutes=15)
"""How long after its time a report is still worth posting."""
LOOK_INTERVAL: Final = timedelta(minutes=5)
"""How often the clock is looked at: it may be set, or a computer may sleep."""


def next_time(cron: str, after: datetime) -> datetime:
    """Return the next moment of a cron expression, in UTC.

    The expression is in the time zone of `after`. Where clocks change, it behaves as
    the cron of Debian does: what would be in the hour that is left out comes right
    after it, and what is in the hour that is repeated comes once, unless it is hourly.

    Raises:
        CronSimError: it is none, or never comes.

    """
    try:
        return dt_util.as_utc(next(CronSim(cron, after)))
    except StopIteration:
        raise CronSimError("It never comes") from None


class PostedReports:
    """Which reports were posted last, so that none is posted twice."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; nothing is read yet."""
        self._store = EntryStore[dict[str, str]](hass, entry_id, StoredFile.REPORTS)
        self._loading = asyncio.Lock()
        self._times: dict[str, datetime] | None = None

    async def async_get(self, name: str) -> datetime | None:
        """Return the time of the last report of a schedule."""
        return (await self._load()).get(name)

    async def async_set(self, name: str, time: datetime) -> None:
        """Note the time of a report, before it is posted."""
        times = await self._load()
        times[name] = time
        await self._save(times)

    async def async_keep(self, names: set[str]) -> None:
        """Forget schedules that are no more."""
        times = await self._load()
        kept = {name: time for name, time in times.items() if name in names}
        if kept != times:
            self._times = kept
            await self._save(kept)

    async def _load(self) -> dict[str, datetime]:
        # Two reports that are due at once must see the same times.
        async with self._loading:
            if self._times is None:
                self._times = await self._store.async_load(_read_times)
            return self._times

    async def _save(self, times: dict[str, datetime]) -> None:
        await self._store.async_save(
            {name: time.isoformat() for name, time in times.items()}
        )


def _read_times(stored: StoredObject) -> dict[str, datetime]:
    times = {}
    for name in stored:
        text = stored.text(name)
        time = None if text is None else dt_util.parse_datetime(text)
        if time is not None and time.tzinfo is not None:
            times[name] = time
        elif text is not None:
            stored.lose(name)
    return times


class ReportSchedule:
    """Posts one report of one channel, again and again."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        name: str,
        plan: ReportPlan,
        posted: PostedReports,
        make: Callable[[], Awaitable[Message]],
        deliver: Callable[[Parcel], Awaitable[None]],
    ) -> None:
        """Prepare; nothing is planned yet.

        Args:
            hass: Home Assistant.
            entry: Entry of the swarm; what is being posted ends with it.
            name: What the schedule is known by across restarts.
            plan: When, and what.
            posted: Where it is noted what was posted.
            make: Makes the report.
            deliver: Posts it, and raises `HomeAssistantError` if a part is left.

        """
        self._hass = hass
        self._entry = entry
        self._name = name
        self._plan = plan
        self._posted = posted
        self._make = make
        self._deliver = deliver
        self._cancel: CALLBACK_TYPE | None = None
        self._cancel_retry: CALLBACK_TYPE | None = None
        self._newest: datetime | None = None
        """Time of the report that counts; those before it are old news."""
        self._stop_listening: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Plan the next report; those that were missed are not made up for."""

        @callback
        def zone_changed(event: Event) -> None:
            if "time_zone" in event.data:
                self._plan_next()

        self._stop_listening = self._hass.bus.async_listen(
            EVENT_CORE_CONFIG_UPDATE, zone_changed
        )
        self._plan_next()

    @callback
    def async_stop(self) -> None:
        """Post no more."""
        for cancel in (self._cancel, self._cancel_retry, self._stop_listening):
            if cancel is not None:
                cancel()
        self._cancel = self._cancel_retry = self._stop_listening = None

    @callback
    def _plan_next(self) -> None:
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
        try:
            time = next_time(self._plan.cron, dt_util.now())
        except CronSimError as err:
            # The set-up takes no such expression; someone edited the storage.
            _LOGGER.error("The report at %r is never posted: %s", self._plan.cron, err)
            return

        @callback
        def look(_: datetime) -> None:
            self._cancel = None
            self._plan_next()
            # A computer that slept wakes up long after the time.
            if timedelta(0) <= dt_util.utcnow() - time < KEEP_TRYING:
                self._start(self._report(time), "report")

        self._cancel = async_call_later(
            self._hass,
            min(time - dt_util.utcnow(), LOOK_INTERVAL),
            HassJob(look, cancel_on_shutdown=True),
        )

    def _start(self, work: Awaitable[None], what: str) -> None:
        async def run() -> None:
            await work

        self._entry.async_create_background_task(
            self._hass, run(), f"post a Discord {what}"
        )

    async def _report(self, time: datetime) -> None:
        last = await self._posted.async_get(self._name)
        # One of the future was noted before the clock was set.
        if last is not None and time <= last <= dt_util.utcnow():
            return
        await self._posted.async_set(self._name, time)
        self._newest = time
        if self._cancel_retry is not None:
            # The one before could not be posted until now, and is old news.
            self._cancel_retry()
            self._cancel_retry = None
        await self._try(time)

    async def _try(self, time: datetime, parcel: Parcel | None = None) -> None:
        """Post the report of a time, or try again later for as long as it is news."""
        if self._hass.state is not CoreState.running:
            # Miners are still being set up.
            self._try_later(time, None, "Home Assistant is starting")
            return
        try:
            if parcel is None:
                parcel = Parcel(await self._make())
            await self._deliver(parcel)
        except HomeAssistantError as err:
            self._try_later(time, parcel, err)
        except Exception:
            _LOGGER.exception("A report failed")

    def _try_later(self, time: datetime, parcel: Parcel | None, why: object) -> None:
        if self._stop_listening is None or time != self._newest:
            return
        if dt_util.utcnow() + RETRY_INTERVAL - time >= KEEP_TRYING:
            _LOGGER.warning("A report was not posted: %s", why)
            return
        _LOGGER.debug("A report is not posted yet: %s", why)

        @callback
        def again(now: datetime) -> None:
            self._cancel_retry = None
            self._start(self._try(time, parcel), "report again")

        self._cancel_retry = async_call_later(
            self._hass, RETRY_INTERVAL, HassJob(again, cancel_on_shutdown=True)
        )
