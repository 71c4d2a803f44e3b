"""Reads one miner on schedule, and writes to it.

Every request to a miner goes through its coordinator, so that polls and writes never
meet in the miner's single-tasked web server, every write is verified, and everything
that happens is seen once and reported to all listeners.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
import logging
from time import monotonic
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SCAN_INTERVAL
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from . import issues
from .analysis.recent import RecentRows
from .axeos import (
    DEFAULT_PORT,
    Board,
    CannotConnectError,
    Command,
    ImageKind,
    Limits,
    MinerClient,
    MinerError,
    MiningState,
    OperatingPoint,
    Settings,
    Snapshot,
)
from .const import (
    CONF_EXTENDED_RANGE,
    DEFAULT_SCAN_INTERVAL,
    DOMAIN,
    SIGNAL_BOARD_CHANGED,
)
from .errors import as_home_assistant_error, error_key, error_placeholders
from .history.last_energy import LastEnergy, async_find_last_energy
from .history.last_minutes import async_read_last_minutes
from .history.migration import async_adopt, async_learn_mac
from .miner.activity import Activity, OccurrenceListener, settings_changed
from .miner.address import is_mac
from .miner.agreement import RestoreOffer, check_expected
from .miner.backups import Backups, reason_of
from .miner.boards import BoardHistory
from .miner.claims import Claims
from .miner.detune import IntendedSettings
from .miner.errors import (
    BoardChangedError,
    DecidedByHandError,
    DifferentMinerError,
    HeldError,
    LeftError,
    SituationChangedError,
)
from .miner.events import Occurrence, OccurrenceType
from .miner.identity import IdentityCheck
from .miner.intended import IntendedSettingsTracker
from .miner.meter import Figures, Meter, Reading
from .miner.names import miner_name
from .miner.polling import Polling, longest_gap
from .miner.store import StoredMiner, miner_store, read_boot_id, read_miner
from .miner.verification import Verification
from .miner.write_log import CLAIMANTS, STEPS_WILL_DO, ByHand, Origin, WriteLog
from .texts import async_get_texts

_LOGGER = logging.getLogger(__package__)

_RECENT: HassKey[dict[str, RecentRows]] = HassKey(f"{DOMAIN}_recent")

type MinerConfigEntry = ConfigEntry[MinerCoordinator]


@callback
def forget_recent(hass: HomeAssistant, entry_id: str) -> None:
    """Forget what was read lately of a miner that is removed."""
    hass.data.get(_RECENT, {}).pop(entry_id, None)


class MinerCoordinator(DataUpdateCoordinator[Reading]):
    """One miner."""

    config_entry: MinerConfigEntry

    def __init__(self, hass: HomeAssistant, entry: MinerConfigEntry) -> None:
        """Prepare; the first refresh loads what is stored and reads the miner."""
        self._identity = IdentityCheck(hass, entry)
        self.client = MinerClient(
            async_get_clientsession(hass),
            entry.data[CONF_HOST],
            entry.data.get(CONF_PORT, DEFAULT_PORT),
            check=self._check_identity,
        )
        self.read_at = monotonic()
        """The monotonic clock when the last reading was taken in."""
        self.generation = 0
        """Changes with operating point, mining state and availability: a mean
        that is reported starts anew then."""
        self._intended = IntendedSettingsTracker()
        self.boards = BoardHistory()
        """Which boards the miner has had, and when."""
        self._writes = WriteLog()
        self.verification = Verification()
        """Whether the miner works with what was set last."""
        self._limits: Limits | None = None
        self._limits_of: tuple[Board | None, bool] = (None, False)
        """What those were worked out from."""
        self.claims = Claims()
        """Who keeps others of ours from changing the miner."""
        self._store = miner_store(hass, entry.entry_id)
        self.backups = Backups(hass, entry.entry_id)
        """The settings as they were before each change."""
        self._meter = Meter()
        self.recent = hass.data.setdefault(_RECENT, {}).setdefault(
            entry.entry_id, RecentRows()
        )
        """What was read lately, of which there are no statistics yet; also before the
        entry was reloaded."""
        self._polling = Polling(
            timedelta(
                seconds=entry.options.get(CONF_SCAN_INTERVAL, DEFAULT_SCAN_INTERVAL)
            )
        )
        self.away_since: float | None = None
        """Unix time of the last reading before Home Assistant was started."""
        self._issues = issues.ConditionIssues(hass, entry)
        self._restart_asked_time = 0.0
        self._left = False
        """Whether the entry was unloaded; what waited for its turn then gets none."""
        self._activity = Activity(hass, entry)
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=miner_name(hass, entry),
            update_interval=self._polling.usual,
        )

    @property
    def identifier(self) -> str:
        """What the miner is known by in the registries; final once it was read."""
        return self._identity.identifier

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
        """Whether the miner was asked to restart lately, and is not back yet."""
        return self._writes.is_restarting

    @property
    def is_paused_by_person(self) -> bool:
        """Whether a person asked for a pause, even if the miner was paused before."""
        return self._writes.is_paused_by_person

    @property
    def is_paused_by_us(self) -> bool:
        """Whether the integration itself paused the miner, and will resume it."""
        return self._writes.is_paused_by_us

    @property
    def decisions(self) -> int:
        """How often a person chose through us at which setting, or if, it mines."""
        return self._writes.decisions

    @property
    def last_decision(self) -> ByHand | None:
        """What a person decided last."""
        return self._writes.last_decision

    @property
    def intended(self) -> IntendedSettings | None:
        """The last settings somebody chose for this board."""
        return self._intended.settings

    @property
    def restarting_since(self) -> float | None:
        """Unix time at which the miner was asked to restart, until it is back."""
        return self._restart_asked_time if self.is_restarting else None

    @property
    def longest_gap(self) -> float:
        """Seconds without a reading over which what was seen before still counts."""
        assert self.update_interval is not None
        return longest_gap(self.update_interval)

    @property
    def usual_gap(self) -> float:
        """The same for one that is asked as often as was chosen."""
        return self._polling.usual_gap

    @property
    def meter_lag(self) -> float:
        """Seconds by which the recorded energy may be older than it seems."""
        return self._polling.meter_lag

    @property
    def missed_polls(self) -> int:
        """Polls since the last one that was answered well."""
        return self._polling.missed

    @property
    def trouble(self) -> str | None:
        """Key of the error that keeps the miner from being read, while one does."""
        if self.last_update_success:
            return None
        error = self.last_exception
        return error.translation_key if isinstance(error, UpdateFailed) else None

    @property
    def _was_read(self) -> bool:
        """Whether the miner has been read before."""
        return self.data is not None

    @property
    def limits(self) -> Limits | None:
        """What frequency and core voltage may be chosen from."""
        of = (self.client.board, self._extended)
        # Guard, tuner and several entities ask with each reading, and it changes
        # seldom.
        if of[0] is not self._limits_of[0] or of[1] is not self._limits_of[1]:
            self._limits_of = of
            board, extended = of
            self._limits = None if board is None else board.limits(extended=extended)
        return self._limits

    @property
    def is_detuned(self) -> bool:
        """Whether the miner lowered its own settings after overheating."""
        return self._intended.is_detuned(self.snapshot)

    @property
    def is_cooling(self) -> bool:
        """Whether the miner overheated, and has not mined again since."""
        return self._intended.is_cooling

    def heat_explains(self, snapshot: Snapshot) -> bool:
        """Return whether settings of a reading may be what overheating left behind."""
        return self._intended.heat_explains(snapshot)

    @property
    def restore_offer(self) -> RestoreOffer | None:
        """What could be restored, where the settings look as after overheating."""
        if self.intended is None or not self._intended.may_be_detuned(self.snapshot):
            return None
        return RestoreOffer(
            self.intended, self.snapshot.operating_point, self.is_detuned
        )

    @callback
    def async_add_occurrence_listener(
        self, listener: OccurrenceListener
    ) -> CALLBACK_TYPE:
        """Call `listener` with everything that happens to the miner.

        Listeners added before `async_end_setup` also hear what the first reading found.
        """
        return self._activity.async_add_listener(listener)

    @callback
    def async_end_setup(self) -> None:
        """Report what the first reading found, now that the miner has a device."""
        self._activity.async_end_setup()

    async def async_apply(
        self,
        settings: Settings | Callable[[Snapshot], Settings],
        *,
        origin: Origin,
        expected: Settings | None = None,
        meant_for: Snapshot | None = None,
    ) -> None:
        """Change settings, and return once the miner confirms them.

        The one way to write. Everything is decided by a reading taken for it, while
        nobody else can write: whether it is this miner, with the board the settings are
        meant for, and what that board bears. `settings` may be worked out from that
        reading. `expected` is what somebody was shown who agreed; if the miner reports
        something else by then, nothing is sent. `meant_for` is a reading of the board
        that was shown, the last one unless it is given.

        Raises:
            ServiceValidationError: the values or settings are not possible here, or
                not what was shown.
            HomeAssistantError: the miner could not be reached, is another one, refused,
                or does not confirm.

        """
        chosen: Settings | None = None

        def choose(snapshot: Snapshot) -> Settings:
            nonlocal chosen
            self._check_writer(origin)
            check_expected(expected, snapshot, async_get_texts(self.hass))
            chosen = settings if isinstance(settings, Settings) else settings(snapshot)
            if chosen.rounded_for(snapshot).changes_against(snapshot).names:
                now = dt_util.utcnow().timestamp()
                self.backups.async_keep(snapshot, now, reason_of(origin))
            return chosen

        try:
            snapshot = await self.client.apply(
                choose,
                extended=self._extended,
                steps=origin.kind in STEPS_WILL_DO,
                check=self._identity.board_check(meant_for or self.snapshot),
            )
        except MinerError as err:
            if chosen is not None and err.may_have_arrived:
                # It may show yet.
                self._writes.note(chosen, origin)
            await self._async_look_again(err)
            raise as_home_assistant_error(self.hass, err) from err
        assert chosen is not None
        chosen = chosen.as_taken(snapshot)
        self._writes.note(chosen, origin)
        if origin.kind in CLAIMANTS:
            # Not what somebody chose: they get theirs back.
            self._intended.temporary = snapshot.operating_point
        else:
            self._intended.choose(chosen)
        self._store.async_schedule_save(self._stored, soon=True)
        point = snapshot.operating_point
        if point is not None and point != self.snapshot.operating_point:
            self.verification.begin(point, monotonic())
        self.async_set_updated_data(self._take(snapshot))

    @callback
    def async_preview(
        self, settings: Settings | Callable[[Snapshot], Settings], *, origin: Origin
    ) -> dict[str, tuple[object, object]]:
        """Return what `async_apply` would change, by the last reading; nothing is sent.

        The values are (present, wanted) by the name of the setting.

        Raises:
            ServiceValidationError: the values or settings are not possible here.
            HomeAssistantError: the miner does not answer.

        """
        if not self.last_update_success:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="cannot_connect"
            )
        snapshot = self.snapshot
        try:
            self._check_writer(origin)
            if not isinstance(settings, Settings):
                settings = settings(snapshot)
            settings = settings.rounded_for(snapshot)
            settings.check(snapshot, self.limits)
        except MinerError as err:
            raise as_home_assistant_error(self.hass, err) from err
        return {
            name: (present, wanted)
            for name, (wanted, present) in settings.unconfirmed(snapshot).items()
        }

    async def async_execute(
        self,
        command: Command,
        *,
        origin: Origin,
        check: Callable[[Snapshot], None] | None = None,
    ) -> None:
        """Send a command to the miner, and soon look at what came of it.

        `check` sees the reading that is taken for it, and may raise a `MinerError`.

        Raises:
            ServiceValidationError: this miner has no such command.
            HomeAssistantError: the miner could not be reached, is another one, or
                refused.

        """
        check_board = self._identity.board_check(self.snapshot)

        def check_all(snapshot: Snapshot) -> None:
            self._check_writer(origin)
            if origin.kind in CLAIMANTS:
                self._check_pause(command, snapshot)
            check_board(snapshot)
            if check is not None:
                check(snapshot)

        try:
            await self.client.execute(command, check=check_all)
        except MinerError as err:
            if err.may_have_arrived:
                self._note_lost(command, origin)
            await self._async_look_again(err)
            raise as_home_assistant_error(self.hass, err) from err
        self._note_command(command, origin)
        if not self._restarts(command):
            # Not the debounced request, which would leave a second command unseen.
            await self.async_refresh()

    def _note_command(self, command: Command, origin: Origin) -> None:
        match command:
            case Command.PAUSE:
                self._writes.note_pause(origin)
            case Command.RESUME:
                self._writes.note_resume(origin)
            case Command.RESTART:
                self._writes.end_pause()
        if self._restarts(command):
            self._note_restart(origin)

    def _note_lost(self, command: Command, origin: Origin) -> None:
        """Note a command of which nobody knows whether the miner has carried it out.

        What a person wants holds all the same. Of ours, a pause shows whose it is.
        """
        if origin.kind not in CLAIMANTS or self._restarts(command):
            self._note_command(command, origin)

    def _restarts(self, command: Command) -> bool:
        """Return whether the miner restarts for a command."""
        return command is Command.RESTART or (
            command is Command.RESUME and self.snapshot.capabilities.shutdown
        )

    async def async_upload(
        self,
        kind: ImageKind,
        image: bytes,
        *,
        origin: Origin,
        meant_for: Snapshot | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Send the miner an image to install. With firmware it restarts by itself.

        `meant_for` is a reading of the board that the image was chosen for, the last
        one unless it is given.

        Raises:
            HomeAssistantError: the miner could not be reached, is another one, has
                another board by now, or refused.

        """
        check_board = self._identity.board_check(meant_for or self.snapshot)

        def check(snapshot: Snapshot) -> None:
            self._check_writer(origin)
            check_board(snapshot)

        try:
            await self.client.upload(
                kind,
                image,
                check=check,
                progress=progress,
            )
        except MinerError as err:
            await self._async_look_again(err)
            raise as_home_assistant_error(self.hass, err) from err
        if kind is ImageKind.FIRMWARE:
            self._note_restart(origin)

    async def async_check_address(self) -> None:
        """Ask whether the miner still answers at its address.

        Raises:
            MinerError: it does not, or another miner does.

        """
        await self.client.read(retry=False)

    async def async_restore_intended(
        self, *, origin: Origin, offer: RestoreOffer | None = None
    ) -> None:
        """Bring the miner back to the last settings somebody chose for it.

        `offer` is what somebody was shown who agreed.

        Raises:
            ServiceValidationError: there is nothing to restore any more, or something
                else than was shown.
            HomeAssistantError: as `async_apply`.

        """

        def restore(snapshot: Snapshot) -> Settings:
            intended = self.intended
            # A guess is enough for a person who has seen it.
            is_lowered = (
                self._intended.is_detuned
                if origin.kind in CLAIMANTS
                else self._intended.may_be_detuned
            )
            if (
                intended is None
                or not is_lowered(snapshot)
                or (
                    offer is not None
                    and (offer.intended, offer.present)
                    != (intended, snapshot.operating_point)
                )
            ):
                shown = offer.present if offer else self.snapshot.operating_point
                raise SituationChangedError(str(shown), str(snapshot.operating_point))
            return intended.restoring(snapshot)

        await self.async_apply(restore, origin=origin)

    @callback
    def async_set_temporary(self, point: OperatingPoint | None) -> None:
        """Say which operating point is in the place of the one somebody chose.

        While the miner runs on it, it is not taken for chosen.
        """
        self._intended.temporary = point

    @callback
    def async_recall_pause(self, origin: Origin) -> None:
        """Note that the integration itself paused the miner before a restart."""
        self._writes.note_pause(origin)

    @callback
    def async_poll_at_least(self, interval: timedelta | None) -> None:
        """Have it read at least so often, whatever was chosen; `None` ends that."""
        self._polling.fastest = interval
        if not self.missed_polls:
            self.update_interval = self._polling.usual

    @callback
    def async_report(self, occurrence: Occurrence) -> None:
        """Report to all listeners what the integration did by itself."""
        self._report(occurrence)
        self.async_update_listeners()

    @callback
    def async_take_occurrences(self) -> tuple[Occurrence, ...]:
        """Return what happened since this was called last, the oldest first.

        It outlives a restart of Home Assistant: the alerts, who take it, begin long
        after the first reading.
        """
        return self._activity.detector.take()

    def _note_restart(self, origin: Origin) -> None:
        """Expect the miner to be away, and show that at once."""
        self._writes.note_restart(origin)
        self._restart_asked_time = dt_util.utcnow().timestamp()
        self.async_update_listeners()

    def _check_writer(self, origin: Origin) -> None:
        """Refuse a write that comes too late, or while another holds the miner.

        Raises:
            LeftError: the miner was removed or unloaded meanwhile.
            HeldError: one that has precedence holds it.

        """
        if self._left:
            raise LeftError
        claimant = CLAIMANTS.get(origin.kind)
        holder = None if claimant is None else self.claims.before(claimant)
        if holder is not None:
            raise HeldError(holder)

    def _check_pause(self, command: Command, snapshot: Snapshot) -> None:
        """Keep ours from ending the pause of a person, which a restart does, too.

        Raises:
            DecidedByHandError: it is one.

        """
        paused = snapshot.state is MiningState.PAUSED
        if (command is Command.RESUME and self.is_paused_by_person) or (
            command is Command.RESTART and paused and not self.is_paused_by_us
        ):
            raise DecidedByHandError

    @callback
    def async_keep_present(self) -> None:
        """Take the present settings as those somebody chose; nothing is sent."""
        self._intended.keep(self.snapshot)
        self._issues.async_update(self.snapshot, self._intended, monotonic())
        self._store.async_schedule_save(self._stored)
        self.async_update_listeners()

    async def async_save(self) -> None:
        """Write the file now."""
        await self._store.async_save(self._stored())
        await self.backups.async_save()

    @override
    async def _async_setup(self) -> None:
        """Recall what was known before Home Assistant restarted."""
        await self.backups.async_load()
        restored = await self._store.async_load(
            partial(read_miner, boot_id=read_boot_id())
        )
        self._meter = restored.meter
        self._activity.detector = restored.detector
        stored_at = self.away_since = self._meter.last_time
        recorded = await async_find_last_energy(self.hass, self.identifier, stored_at)
        stored = self._meter.figures.energy
        if recorded is not None and recorded.is_news(stored, stored_at):
            self._meter.recover(
                recorded.after(
                    stored,
                    stored_at,
                    self._meter.seconds_since_last(monotonic()),
                ),
                recorded.power,
                recorded.seen_time,
            )
        self._intended = restored.intended
        self.boards = restored.boards
        self._identity.reports_mac = restored.reports_mac
        await self._async_recall_recent(recorded, restored.unwatched)

    async def _async_recall_recent(
        self, recorded: LastEnergy | None, unwatched: Iterable[tuple[float, float]]
    ) -> None:
        """Recall the last minutes before Home Assistant was started."""
        if self.recent.is_new:
            now = dt_util.utcnow().timestamp()
            created = self.config_entry.created_at.timestamp()
            # What is not within the life of the entry, a wrong clock has made.
            known = [
                (begin, end)
                for begin, end in unwatched
                if created <= begin and end <= now
            ]
            last = await async_read_last_minutes(
                self.hass,
                self.identifier,
                self._meter.last_time if recorded is None else recorded.seen_time,
                created,
                known,
            )
            self.recent.restore(last.rows, last.until, known)
        self.recent.watch(dt_util.utcnow().timestamp())

    @callback
    def async_leave(self) -> None:
        """Note that the miner is not watched any more, nor to be changed."""
        self._left = True
        self.recent.leave(dt_util.utcnow().timestamp())

    @override
    async def _async_update_data(self) -> Reading:
        """Read the miner; ask less often while it is slow or fails."""
        started = monotonic()
        try:
            snapshot = await self.client.read()
        except MinerError as err:
            return self._miss(err)
        await self._settle_identity(snapshot)
        self._answered(monotonic() - started)
        return self._take(snapshot)

    @property
    def _extended(self) -> bool:
        return bool(self.config_entry.options.get(CONF_EXTENDED_RANGE, False))

    def _check_identity(self, snapshot: Snapshot) -> None:
        """Refuse a reading of another miner that got this one's address."""
        self._identity.check(
            snapshot,
            last=self.snapshot if self._was_read else None,
            hardware=self._intended.hardware,
        )

    async def _async_look_again(self, err: MinerError) -> None:
        """Show at once what a write found out: that it is not as it was shown."""
        if isinstance(
            err, BoardChangedError | DifferentMinerError | SituationChangedError
        ):
            await self.async_refresh()

    async def _settle_identity(self, snapshot: Snapshot) -> None:
        """Let the miner itself say who it is, as soon as it can.

        That adopts what another integration left, and names a miner by its MAC address
        once new firmware reports one.
        """
        if not self._was_read:
            energy = await async_adopt(self.hass, self.config_entry, snapshot)
            if energy is not None:
                self._meter.continue_energy(energy)
                await self.async_save()
            async_learn_mac(self.hass, self.config_entry, snapshot)
        elif snapshot.identity.mac is not None and not is_mac(self.identifier):
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    def _miss(self, err: MinerError) -> Reading:
        """Let a single lost packet be no gap, but report lasting silence."""
        self._polling.missed += 1
        # The log names miners as people do.
        self.name = self.display_name
        issues.async_update_reachability(self.hass, self.config_entry, err)
        passing = isinstance(err, CannotConnectError)
        if (
            passing
            and self.data is not None
            and self.last_update_success
            and self._polling.may_be_a_lost_packet
        ):
            return self.data
        texts = async_get_texts(self.hass)
        key, placeholders = error_key(err), error_placeholders(err, texts)
        if self.data is not None:
            if self.last_update_success:
                self._polling.fall_silent(monotonic())
                self.generation += 1
                reason = texts.error(key, placeholders)
                self._report(Occurrence(OccurrenceType.OFFLINE, {"reason": reason}))
            assert self.update_interval is not None
            self.update_interval = self._polling.after_silence(
                self.update_interval, monotonic()
            )
        raise UpdateFailed(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
        ) from err

    def _answered(self, seconds: float) -> None:
        """Return to the usual interval, or further from it if the miner is busy."""
        self.update_interval = self._polling.after_reply(self.update_interval, seconds)
        if self.missed_polls or self.data is None:
            self._polling.missed = 0
            issues.async_update_reachability(self.hass, self.config_entry, None)
        offline = self._polling.come_back(monotonic())
        if offline is not None:
            self.generation += 1
            self._report(
                Occurrence(OccurrenceType.ONLINE, {"offline_seconds": round(offline)})
            )

    def _take(self, snapshot: Snapshot) -> Reading:
        """Turn a snapshot into a reading, and report what happened since the last."""
        before = self.data.snapshot if self.data is not None else None
        figures, intended = self._meter.figures, self.intended
        is_new = self._meter.last_time is None
        gap = self.usual_gap
        now, clock = dt_util.utcnow().timestamp(), monotonic()
        self.read_at = clock
        reading = self._meter.update(snapshot, now, gap, clock)
        self.recent.add(reading, now, clock, gap)
        if before is None or _regime(before) != _regime(reading.snapshot):
            self.generation += 1
        origin = self._writes.restart_origin(reading.snapshot.system.uptime)
        for occurrence in self._activity.detector.detect(
            figures, reading, asked_to_restart=origin is not None
        ):
            if occurrence.type is OccurrenceType.RESTARTED:
                self._writes.forget_restart()
                if origin is not None:
                    who = {"origin": origin.kind.value, "user_id": origin.user_id}
                    data = {**occurrence.data, **who}
                    occurrence = Occurrence(occurrence.type, data)
            self._report(occurrence)
        if self.boards.note(reading.snapshot.identity.hardware, now):
            async_dispatcher_send(self.hass, SIGNAL_BOARD_CHANGED, self.identifier)
        self._report_setting_changes(reading.snapshot)
        self._intended.update(reading.snapshot, clock)
        self._identity.reports_mac |= reading.snapshot.identity.mac is not None
        self._update_device(before, reading.snapshot)
        self.verification.observe(
            reading.snapshot, clock, flatlined=reading.figures.flatlined
        )
        self._issues.async_update(reading.snapshot, self._intended, clock)
        # What happens seldom and would be reported twice, or forgotten, is written
        # soon.
        self._store.async_schedule_save(
            self._stored,
            soon=is_new
            or _counted(figures) != _counted(reading.figures)
            or intended != self.intended,
        )
        return reading

    def _report(self, occurrence: Occurrence) -> None:
        self._activity.async_report(occurrence, is_first=not self._was_read)

    def _report_setting_changes(self, now: Snapshot) -> None:
        changes = self._activity.detector.detect_setting_changes(now)
        if changes:
            self._report(settings_changed(changes, self._writes.origin_of(changes)))

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
                manufacturer=now.identity.manufacturer,
                model=now.identity.model,
                model_id=now.identity.asic_model,
            )

    def _stored(self) -> StoredMiner:
        return {
            "meter": self._meter.as_dict(),
            "intended": self.intended.as_dict() if self.intended else None,
            "board": {
                **self._intended.board_as_dict(),
                "boards": self.boards.as_list(),
                "reports_mac": self._identity.reports_mac,
            },
            "events": self._activity.detector.as_dict(),
            "unwatched": [
                {"begin": begin, "end": end}
                for begin, end in self.recent.unwatched_while_running
            ],
        }


def _counted(figures: Figures) -> tuple[object, ...]:
    """Return the figures that change seldom, and that no reading brings back."""
    return (figures.restarts, figures.best_difficulty, figures.blocks_found)


def _regime(snapshot: Snapshot) -> tuple[object, ...]:
    """Return what starts a new mean when it changes."""
    return (snapshot.operating_point, snapshot.state)
