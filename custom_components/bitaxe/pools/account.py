"""Asks one pool account on schedule; its failures are its own."""

from datetime import timedelta
import logging
from random import uniform
from typing import Final, override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from .client import PoolClient
from .errors import PoolError
from .issues import async_update_account
from .model import Account
from .settings import NAMES, AccountSettings
from .web_session import async_get_web_session

_LOGGER = logging.getLogger(__package__)

# Share of the interval by which requests move at random, so that homes do not ask
# together.
_JITTER: Final = 0.1
_LONGEST_BACK_OFF: Final = timedelta(hours=6)
_LONGEST_PEACE: Final = timedelta(days=1)
"""The longest pause, however much later a pool wants to be asked again."""
_FAILURES_BEFORE_ISSUE: Final = 3


class PoolAccount(DataUpdateCoordinator[Account]):
    """One account at one pool."""

    config_entry: ConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, subentry: ConfigSubentry
    ) -> None:
        """Prepare; nothing is asked yet."""
        self.subentry = subentry
        self.settings = AccountSettings.from_data(subentry.data)
        self.title = subentry.title
        """What people call it."""
        self.read_time: float | None = None
        """Unix time of the last good answer, by the pool's clock where it says that.

        Shares are dated by it; the clock of the home may be wrong by hours.
        """
        self.failures = 0
        """Requests since then."""
        self.problem: PoolError | None = None
        """Why the last request failed."""
        self._client = PoolClient(async_get_web_session(hass), self.settings)
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=subentry.title,
            update_interval=self._interval,
        )

    def is_of(self, subentry: ConfigSubentry | None) -> bool:
        """Return whether this is the account of a subentry as it is set up now."""
        return (
            subentry is not None
            and subentry.title == self.title
            and AccountSettings.from_data(subentry.data) == self.settings
        )

    @property
    def subentry_id(self) -> str:
        """The id of the subentry."""
        return self.subentry.subentry_id

    @property
    def _interval(self) -> timedelta:
        return timedelta(minutes=self.settings.interval)

    @property
    def device_info(self) -> DeviceInfo:
        """Describe the device of the account."""
        return DeviceInfo(
            identifiers={(DOMAIN, f"pool_{self.subentry_id}")},
            name=self.title,
            manufacturer=NAMES[self.settings.kind] or self.settings.host,
            entry_type=DeviceEntryType.SERVICE,
        )

    @override
    async def _async_update_data(self) -> Account:
        """Ask the pool; less often while it fails."""
        now = dt_util.utcnow().timestamp()
        try:
            account = await self._client.async_read(now)
        except PoolError as err:
            self.failures += 1
            self.problem = err
            self.update_interval = self._pause(err)
            async_update_account(self.hass, self.subentry, self._persistent_problem)
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=err.key,
                translation_placeholders={"reason": err.reason},
            ) from err
        self.failures = 0
        self.problem = None
        self.read_time = now if account.time is None else account.time
        self.update_interval = self._interval * uniform(1, 1 + _JITTER)
        async_update_account(self.hass, self.subentry, None)
        return account

    @property
    def _persistent_problem(self) -> PoolError | None:
        """What a person should know of: pools are away for a while now and then."""
        return self.problem if self.failures >= _FAILURES_BEFORE_ISSUE else None

    def _pause(self, err: PoolError) -> timedelta:
        """Return how long the pool is not asked again after an error."""
        pause: timedelta = min(
            self._interval * 2 ** min(self.failures, 10),
            max(_LONGEST_BACK_OFF, self._interval),
        )
        if err.retry_after is not None:
            wanted = timedelta(
                seconds=min(err.retry_after, _LONGEST_PEACE.total_seconds())
            )
            pause = max(pause, wanted)
        return pause * uniform(1, 1 + _JITTER)
