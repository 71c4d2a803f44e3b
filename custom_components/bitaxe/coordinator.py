"""Reads one miner on schedule, and writes to it.

Every request to a miner goes through its coordinator, so that polls and writes never
meet in the miner's single-tasked web server, every write is verified, and everything
that happens is seen once and told to whoever listens.
"""

from collections.abc import Callable
from datetime import timedelta
import logging
from time import monotonic
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SCAN_INTERVAL
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from . import issues
from .address import is_mac
from .axeos import (
    DEFAULT_PORT,
    CannotConnectError,
    Command,
    Limits,
    MinerClient,
    MinerError,
    MiningState,
    Settings,
    Snapshot,
)
from .const import (
    CONF_EXTENDED_RANGE,
    DEFAULT_SCAN_INTERVAL,
    DOMAIN,
    LONGEST_BACK_OFF,
    MISSED_POLLS_UNTIL_UNAVAILABLE,
)
from .errors import (
    DifferentMinerError,
    as_home_assistant_error,
    error_key,
    error_placeholders,
)
from .memory import MinerMemory, StoredMiner
from .metering import Meter, Reading
from .migration import async_adopt, async_learn_mac
from .names import miner_name
from .watch.detune import IntendedSettings, is_detuned
from .watch.occurrences import (
    Occurrence,
    OccurrenceType,
    detect_occurrences,
    detect_setting_changes,
)

_LOGGER = logging.getLogger(__package__)

# A reply that takes this share of the interval or more says the miner is busy.
_SLOW_SHARE: Final = 0.25
# Energy is not integrated over more than this many intervals without a reading.
_GAP_INTERVALS: Final = 4
_SHORTEST_GAP: Final = 60.0
# A change seen this many seconds after our write is ours.
_OURS_SECONDS: Final = 60.0
# Settings somebody else changed count as wanted once they have lasted.
_INTENDED_SECONDS: Final = 120.0
_RESTART_SECONDS: Final = 300.0

type MinerConfigEntry = ConfigEntry[MinerCoordinator]
type OccurrenceListener = Callable[[Occurrence], None]


class MinerCoordinator(DataUpdateCoordinator[Reading]):
    """One miner."""

    config_entry: MinerConfigEntry

    def __init__(self, hass: HomeAssistant, entry: MinerConfigEntry) -> None:
        """Prepare; the first refresh loads the memory and reads the miner."""
        self.client = MinerClient(
            async_get_clientsession(hass),
            entry.data[CONF_HOST],
            entry.data.get(CONF_PORT, DEFAULT_PORT),
        )
        self.generation = 0
        """Changes with operating point, mining state and availability: whoever reports
        means starts a new one then."""
        self.intended: IntendedSettings | None = None
        self.memory = MinerMemory(hass, entry.entry_id)
        self._meter = Meter()
        self._interval = timedelta(
            seconds=entry.options.get(CONF_SCAN_INTERVAL, DEFAULT_SCAN_INTERVAL)
        )
        self.missed_polls = 0
        """Polls since the last one that was answered well."""
        self._offline_since: float | None = None
        self._condition: issues.Condition | None = None
        self._candidate: tuple[IntendedSettings, float] | None = None
        self._our_writes: dict[str, tuple[float, Context | None]] = {}
        self._restart_asked_at: float | None = None
        self.asked_restart: int | None = None
        """The count of restarts at the last one that somebody asked for."""
        self._occurrence_listeners: set[OccurrenceListener] = set()
        self._untold: list[Occurrence] = []
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=self._interval,
        )

    @property
    def identifier(self) -> str:
        """What the miner is known by in the registries; final once it was read."""
        return self.config_entry.unique_id or self.config_entry.entry_id

    @property
    def display_name(self) -> str:
        """What people call the miner; no other is called so."""
        return miner_name(self.hass, self.config_entry)

    @property
    def snapshot(self) -> Snapshot:
        """The last snapshot."""
        return self.data.snapshot

    @property
    def last_seen(self) -> float | None:
        """Unix time of the last reading."""
        return self._meter.last_time

    @property
    def is_restarting(self) -> bool:
        """Whether the miner was told to restart lately, and has not come back since."""
        return (
            self._restart_asked_at is not None
            and monotonic() - self._restart_asked_at < _RESTART_SECONDS
        )

    @property
    def _was_read(self) -> bool:
        """Whether the miner has been read before."""
        return self.data is not None

    @property
    def limits(self) -> Limits | None:
        """What frequency and core voltage may be chosen from."""
        if self.client.board is None:
            return None
        return self.client.board.limits(
            extended=self.config_entry.options.get(CONF_EXTENDED_RANGE, False)
        )

    @property
    def is_detuned(self) -> bool:
        """Whether the miner lowered its own settings after overheating."""
        return self.intended is not None and is_detuned(self.intended, self.snapshot)

    @callback
    def async_add_occurrence_listener(
        self, listener: OccurrenceListener
    ) -> CALLBACK_TYPE:
        """Call `listener` with everything that happens to the miner.

        The first listener also hears what the first reading found.
        """
        self._occurrence_listeners.add(listener)
        untold, self._untold = self._untold, []
        for occurrence in untold:
            listener(occurrence)
        return lambda: self._occurrence_listeners.discard(listener)

    async def async_apply(
        self, settings: Settings, *, context: Context | None = None
    ) -> None:
        """Change settings, and return once the miner confirms them.

        Raises:
            ServiceValidationError: the values or settings are not possible here.
            HomeAssistantError: the miner could not be reached, refused, or does not
                confirm.

        """
        now = monotonic()
        self._our_writes |= dict.fromkeys(_tracked_names(settings), (now, context))
        try:
            snapshot = await self.client.apply(settings, self.limits)
        except MinerError as err:
            raise as_home_assistant_error(err) from err
        self._candidate = None
        if self.intended is not None:
            self.intended = self.intended.after(settings)
        self.async_set_updated_data(self._take(snapshot))

    async def async_execute(self, command: Command) -> None:
        """Tell the miner to do something, and soon look at what came of it.

        Raises:
            ServiceValidationError: this miner has no such command.
            HomeAssistantError: the miner could not be reached, or refused.

        """
        try:
            await self.client.execute(command)
        except MinerError as err:
            raise as_home_assistant_error(err) from err
        if command is Command.RESTART or (
            command is Command.RESUME and self.snapshot.capabilities.shutdown
        ):
            self._restart_asked_at = monotonic()
        else:
            # Not the debounced request, which would leave a second command unseen.
            await self.async_refresh()

    async def async_restore_intended(self) -> None:
        """Bring the miner back to the last settings somebody chose for it."""
        if self.intended is not None:
            await self.async_apply(self.intended.restoring(self.snapshot))

    async def async_save(self) -> None:
        """Write the memory now."""
        await self.memory.async_save(self._stored())

    @override
    async def _async_setup(self) -> None:
        """Recall what was known before Home Assistant restarted."""
        stored = await self.memory.async_load()
        self._meter = Meter(stored["meter"])
        self.intended = IntendedSettings.from_dict(stored["intended"])

    @override
    async def _async_update_data(self) -> Reading:
        """Read the miner; ask less often while it is slow or fails."""
        started = monotonic()
        try:
            snapshot = await self.client.read()
            self._check_identity(snapshot)
        except MinerError as err:
            return self._miss(err)
        self._settle_identity(snapshot)
        self._answered(monotonic() - started)
        return self._take(snapshot)

    def _check_identity(self, snapshot: Snapshot) -> None:
        """Refuse the data of another miner that got this one's address."""
        found = snapshot.identity.mac
        if found is not None and is_mac(self.identifier):
            found = dr.format_mac(found)
            if found != self.identifier:
                raise DifferentMinerError(self.identifier, found)

    def _settle_identity(self, snapshot: Snapshot) -> None:
        """Let the miner itself say who it is, as soon as it can.

        That adopts what another integration left, and names a miner by its MAC address
        once new firmware reports one.
        """
        if not self._was_read:
            async_adopt(self.hass, self.config_entry, snapshot)
            async_learn_mac(self.hass, self.config_entry, snapshot)
        elif snapshot.identity.mac is not None and not is_mac(self.identifier):
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    def _miss(self, err: MinerError) -> Reading:
        """Let a single lost packet be no gap, but tell lasting silence."""
        self.missed_polls += 1
        issues.async_update_reachability(self.hass, self.config_entry, err)
        passing = isinstance(err, CannotConnectError)
        if (
            passing
            and self.data is not None
            and self.last_update_success
            and self.missed_polls < MISSED_POLLS_UNTIL_UNAVAILABLE
        ):
            return self.data
        if self.data is not None:
            if self.last_update_success:
                self._offline_since = monotonic()
                self.generation += 1
                self._tell(Occurrence(OccurrenceType.OFFLINE, {"reason": str(err)}))
            assert self.update_interval is not None
            self.update_interval = min(self.update_interval * 2, LONGEST_BACK_OFF)
        raise UpdateFailed(
            translation_domain=DOMAIN,
            translation_key=error_key(err),
            translation_placeholders=error_placeholders(err),
        ) from err

    def _answered(self, seconds: float) -> None:
        """Return to the chosen interval, or further from it if the miner is busy."""
        slow = seconds >= self._interval.total_seconds() * _SLOW_SHARE
        current = self.update_interval or self._interval
        self.update_interval = (
            min(max(current, self._interval) * 2, LONGEST_BACK_OFF)
            if slow
            else self._interval
        )
        if self.missed_polls or self.data is None:
            self.missed_polls = 0
            issues.async_update_reachability(self.hass, self.config_entry, None)
        if self._offline_since is not None:
            offline = round(monotonic() - self._offline_since)
            self._offline_since = None
            self.generation += 1
            self._tell(Occurrence(OccurrenceType.ONLINE, {"offline_seconds": offline}))

    def _take(self, snapshot: Snapshot) -> Reading:
        """Turn a snapshot into a reading, and tell what happened since the last."""
        before = self.data.snapshot if self.data is not None else None
        figures = self._meter.figures
        gap = max(_SHORTEST_GAP, _GAP_INTERVALS * self._interval.total_seconds())
        reading = self._meter.update(
            snapshot, dt_util.utcnow().timestamp(), gap, monotonic()
        )
        if before is None or _regime(before) != _regime(reading.snapshot):
            self.generation += 1
        asked = self._was_asked_to_start(reading.snapshot)
        for occurrence in detect_occurrences(
            before, figures, reading, asked_to_restart=asked
        ):
            if occurrence.type is OccurrenceType.RESTARTED:
                self._restart_asked_at = None
                if asked:
                    self.asked_restart = reading.figures.restarts
            self._tell(occurrence)
        if before is not None:
            self._tell_setting_changes(before, reading.snapshot)
        self._update_intended(reading.snapshot)
        self._update_device(before, reading.snapshot)
        condition = issues.condition_of(reading.snapshot, self.intended)
        if condition != self._condition:
            self._condition = condition
            issues.async_update_condition(self.hass, self.config_entry, condition)
        self.memory.async_schedule_save(self._stored)
        return reading

    def _was_asked_to_start(self, snapshot: Snapshot) -> bool:
        """Whether the miner's last start is one that somebody asked for.

        It may have been away for much longer since.
        """
        if self._restart_asked_at is None:
            return False
        started_at = monotonic() - (snapshot.system.uptime or 0)
        return started_at - self._restart_asked_at < _RESTART_SECONDS

    def _tell(self, occurrence: Occurrence) -> None:
        if not self._was_read:
            # What happened while Home Assistant was down: nobody can listen yet.
            self._untold.append(occurrence)
        for listener in list(self._occurrence_listeners):
            listener(occurrence)

    def _tell_setting_changes(self, before: Snapshot, now: Snapshot) -> None:
        changes = detect_setting_changes(before, now)
        if not changes:
            return
        oldest = monotonic() - _OURS_SECONDS
        contexts = [
            self._our_writes[name][1]
            for name in changes
            if name in self._our_writes and self._our_writes[name][0] >= oldest
        ]
        ours = len(contexts) == len(changes)
        self._tell(
            Occurrence(
                OccurrenceType.SETTINGS_CHANGED,
                {
                    "settings": list(changes),
                    "from": {name: old for name, (old, _) in changes.items()},
                    "to": {name: new for name, (_, new) in changes.items()},
                    "by": "home_assistant" if ours else "other",
                    "user_id": contexts[0].user_id if ours and contexts[0] else None,
                },
            )
        )

    def _update_intended(self, snapshot: Snapshot) -> None:
        """Learn settings that somebody chose at the miner itself.

        A miner that overheats changes its fan before its frequency, and says so late or
        never. So only settings under which it mines, for a while, count as chosen.
        """
        current = IntendedSettings.of(snapshot)
        if current is None or current == self.intended:
            self._candidate = None
            return
        if self.intended is not None and is_detuned(self.intended, snapshot):
            self._candidate = None
            return
        now = monotonic()
        if self._candidate is None or self._candidate[0] != current:
            self._candidate = (current, now)
        lasted = now - self._candidate[1] >= _INTENDED_SECONDS
        if self.intended is None or (lasted and snapshot.state is MiningState.MINING):
            self.intended = current
            self._candidate = None

    def _update_device(self, before: Snapshot | None, now: Snapshot) -> None:
        """Show a new firmware version on the device page."""
        if before is None or before.identity == now.identity:
            return
        registry = dr.async_get(self.hass)
        device = registry.async_get_device_by_identifier(
            (DOMAIN, self.identifier), self.config_entry.entry_id
        )
        if device is not None:
            registry.async_update_device(
                device.id,
                sw_version=now.identity.firmware_version,
                hw_version=now.identity.board_version,
                model=now.identity.model,
            )

    def _stored(self) -> StoredMiner:
        return {
            "meter": self._meter.as_dict(),
            "intended": self.intended.as_dict() if self.intended else None,
        }


def _regime(snapshot: Snapshot) -> tuple[object, ...]:
    """Return what starts a new mean when it changes."""
    return (snapshot.operating_point, snapshot.state)


def _tracked_names(settings: Settings) -> set[str]:
    """Return the names under which changes of these settings are noticed."""
    names = {"primary_pool": "pool"}
    return {names.get(name, name) for name in settings.names}
