"""Posts to a channel without being asked: scheduled reports and alerts."""

from collections.abc import Awaitable, Callable
from functools import partial

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ...alerts.monitor import AlertMonitor
from ..messages.model import Message
from .alerts import AlertPoster
from .backlog import Backlog
from .channel import DiscordChannel
from .schedule import PostedReports, ReportSchedule
from .settings import ReportPlan


class Routine:
    """The schedules and the alerts of one channel."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        monitor: AlertMonitor,
        subentry: ConfigSubentry,
        channel: DiscordChannel,
        posted: PostedReports,
        backlog: Backlog,
        make_report: Callable[[ReportPlan], Awaitable[Message]],
    ) -> None:
        """Prepare; `async_start` begins."""
        # A subentry changes in place.
        self._title = subentry.title
        self._data = subentry.data
        self.channel = channel
        settings = channel.settings
        self._schedules = {
            schedule_name(subentry.subentry_id, name): ReportSchedule(
                hass,
                entry,
                schedule_name(subentry.subentry_id, name),
                plan,
                posted,
                partial(make_report, plan),
                channel.async_deliver,
            )
            for name, plan in settings.plans.items()
        }
        self._alerts = (
            AlertPoster(hass, monitor, settings, backlog, channel.async_deliver)
            if settings.alerts
            else None
        )
        self._stop_listening: CALLBACK_TYPE | None = None

    @property
    def schedule_names(self) -> set[str]:
        """What its schedules are known by."""
        return set(self._schedules)

    def shows(self, subentry: ConfigSubentry | None) -> bool:
        """Return whether it is what a subentry asks for."""
        return (
            subentry is not None
            and subentry.title == self._title
            and subentry.data == self._data
        )

    @callback
    def async_start(self) -> None:
        """Plan the reports, and listen for alerts."""
        for schedule in self._schedules.values():
            schedule.async_start()
        if self._alerts is not None:
            self._alerts.async_start()
            self._stop_listening = self.channel.async_add_listener(self._retry)

    async def async_stop(self) -> None:
        """Post no more, but for the alerts that are there."""
        for schedule in self._schedules.values():
            schedule.async_stop()
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        if self._alerts is not None:
            await self._alerts.async_stop()

    @callback
    def _retry(self) -> None:
        """Post the alerts that wait for Discord."""
        if self.channel.available and self._alerts is not None:
            self._alerts.async_retry()


def schedule_name(subentry_id: str, plan: str) -> str:
    """Return what a schedule is known by across restarts."""
    return f"{subentry_id}.{plan}"
