"""Installs a version of firmware on one miner, and checks its settings afterwards."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
import logging
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..axeos import FirmwareImage, ImageKind, OtpRequiredError, Settings, Snapshot
from ..const import DOMAIN
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..errors import as_home_assistant_error
from ..following import async_follow_miners
from ..issues import FIRMWARE_SETTINGS, async_create, issue_id
from ..miner.backups import Backup, BackupReason
from ..miner.claims import Claimant
from ..miner.errors import HeldError
from ..miner.write_log import Origin
from ..pools.web_session import async_get_web_session
from ..swarm.backup_services import restoring
from .catalogue import Release, files_for, has_catalogue, parse_version
from .manager import FirmwareManager
from .source import SourceError, async_fetch_file

_LOGGER = logging.getLogger(__package__)

RETURN_SECONDS: Final = 300.0
"""Seconds in which a miner is back after its restart, in the new version."""
_PROJECT: Final = "esp-miner"
# Shares of the whole in %: the download, sending firmware, waiting for the restart, and
# sending the web interface.
_DOWNLOADED: Final = 15.0
_SENT: Final = 70.0
_BACK: Final = 85.0

type Progress = Callable[[float], None]


async def async_install(
    hass: HomeAssistant,
    manager: FirmwareManager,
    miner: MinerCoordinator,
    release: Release,
    *,
    origin: Origin,
    progress: Progress,
) -> None:
    """Install a release on a miner, with its settings kept before.

    `progress` is called with % of the whole.

    Raises:
        HomeAssistantError: nothing was sent, as it failed on a miner whose turn was
            before, somebody else holds the miner, the board is unknown, or the files
            are not what was published; or the miner refused; or it did not come back in
            this version.

    """
    # Waiting and fetching take a while, in which the miner is read on.
    chosen_for = miner.snapshot
    async with _turn(manager):
        miner = _present(miner)
        if not manager.options.install:
            raise _error("firmware_not_allowed")
        _check(hass, miner)
        files = files_for(release, chosen_for.identity)
        if files is None:
            raise _error("firmware_not_for_board")
        session = async_get_web_session(hass)
        content = await async_fetch_file(session, files.firmware)
        image = FirmwareImage.read(content)
        if (
            image is None
            or image.name != _PROJECT
            or parse_version(image.version) != release.version
        ):
            raise SourceError("firmware_file_damaged")
        web = None if files.web is None else await async_fetch_file(session, files.web)
        progress(_DOWNLOADED)
        # Fetching took a while: the guard may have begun to act in the meantime.
        _check(hass, miner)
        before = miner.snapshot
        backup = miner.backups.async_keep(
            before, dt_util.utcnow().timestamp(), BackupReason.FIRMWARE
        )
        started = miner
        miner.claims.claim(Claimant.FIRMWARE, restarts=True)
        try:
            _LOGGER.info("Installing %s on %s", release.tag, miner.display_name)
            await miner.async_upload(
                ImageKind.FIRMWARE,
                image.content,
                origin=origin,
                meant_for=chosen_for,
                progress=_part(progress, _DOWNLOADED, _SENT),
            )
            miner = await _async_wait(hass, miner, release)
            progress(_BACK)
            if web is not None:
                await miner.async_upload(
                    ImageKind.WEB,
                    web,
                    origin=origin,
                    progress=_part(progress, _BACK, 100.0),
                )
        except BaseException:
            manager.failures.append(started.display_name)
            raise
        finally:
            for coordinator in (started, _present(miner)):
                coordinator.claims.release(Claimant.FIRMWARE)
        _compare(hass, miner, before, backup)


@asynccontextmanager
async def _turn(manager: FirmwareManager) -> AsyncIterator[None]:
    """Let one miner at a time install, in the order they were asked for.

    Anybody who waits while it fails on another one is refused: a bad version must not
    take all of them.
    """
    failures = len(manager.failures)
    async with manager.turn:
        if len(manager.failures) > failures:
            raise _error("firmware_stopped", miner=manager.failures[-1])
        yield


def _check(hass: HomeAssistant, miner: MinerCoordinator) -> None:
    """Refuse where something else goes on, or the board is not a known one."""
    if not miner.last_update_success or miner.missed_polls:
        raise _error("cannot_connect")
    for claimant in (Claimant.GUARD, Claimant.MAINTENANCE, Claimant.TUNER):
        if miner.claims.is_held_by(claimant):
            raise as_home_assistant_error(hass, HeldError(claimant))
    snapshot = miner.snapshot
    if snapshot.capabilities.otp:
        raise as_home_assistant_error(hass, OtpRequiredError("OTP"))
    if miner.limits is None or not has_catalogue(snapshot):
        raise _error("firmware_not_for_board")


def _present(miner: MinerCoordinator) -> MinerCoordinator:
    """Return the coordinator that polls the miner now.

    One that comes back at another address is set up anew.
    """
    entry = miner.config_entry
    return entry.runtime_data if entry.state is ConfigEntryState.LOADED else miner


async def _async_wait(
    hass: HomeAssistant, miner: MinerCoordinator, release: Release
) -> MinerCoordinator:
    """Wait until the miner reports the version; return who polls it by then.

    Raises:
        HomeAssistantError: it does not in time; the error says what it reports.

    """
    entry_id = miner.config_entry.entry_id
    done = asyncio.Event()

    def reported() -> bool:
        present = _present(miner)
        found = parse_version(present.snapshot.identity.firmware_version)
        return present.last_update_success and found == release.version

    @callback
    def look(entry: MinerConfigEntry) -> None:
        if entry.entry_id == entry_id and reported():
            done.set()

    @callback
    def hold(entry: MinerConfigEntry) -> None:
        if entry.entry_id == entry_id and not done.is_set():
            _present(miner).claims.claim(Claimant.FIRMWARE, restarts=True)
            look(entry)

    @callback
    def give_up(now: datetime) -> None:
        done.set()

    stop_looking = async_follow_miners(hass, look, hold)
    stop_waiting = async_call_later(
        hass, RETURN_SECONDS, HassJob(give_up, cancel_on_shutdown=True)
    )
    try:
        await done.wait()
    finally:
        stop_looking()
        stop_waiting()
    present = _present(miner)
    if (
        present.config_entry.state is not ConfigEntryState.LOADED
        or not present.last_update_success
    ):
        raise _error("firmware_not_back", version=release.tag)
    if not reported():
        raise _error(
            "firmware_not_running",
            version=release.tag,
            found=present.snapshot.identity.firmware_version or "?",
        )
    return present


@callback
def _compare(
    hass: HomeAssistant,
    miner: MinerCoordinator,
    before: Snapshot,
    backup: Backup | None,
) -> None:
    """Offer to restore what the new version did not keep."""
    after = miner.snapshot
    kept = Settings.reported_by(before).only(after.capabilities.settings)
    lost = kept.unconfirmed(after, rounding=True)
    entry = miner.config_entry
    if not lost or backup is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id(entry, FIRMWARE_SETTINGS))
        return
    async_create(
        hass,
        FIRMWARE_SETTINGS,
        entry.entry_id,
        data={
            "entry_id": entry.entry_id,
            "kind": FIRMWARE_SETTINGS,
            "backup_id": backup.id,
        },
        fixable=True,
        persistent=True,
        placeholders={
            "name": miner.display_name,
            "version": after.identity.firmware_version or "?",
            "count": str(len(lost)),
        },
    )


@callback
def async_follow_lost_settings(hass: HomeAssistant, swarm: ConfigEntry) -> None:
    """End the repair once a miner has its settings again, by whatever way."""

    @callback
    def look(entry: MinerConfigEntry) -> None:
        issue = ir.async_get(hass).async_get_issue(
            DOMAIN, issue_id(entry, FIRMWARE_SETTINGS)
        )
        if issue is None or issue.data is None:
            return
        if entry.state is not ConfigEntryState.LOADED:
            return
        miner = entry.runtime_data
        backup = miner.backups.find(str(issue.data["backup_id"]))
        if backup is None:
            # There is nothing left to restore.
            ir.async_delete_issue(hass, DOMAIN, issue.issue_id)
            return
        if not miner.last_update_success or miner.missed_polls:
            return
        lost = restoring(backup, miner.snapshot).unconfirmed(
            miner.snapshot, rounding=True
        )
        if not lost:
            ir.async_delete_issue(hass, DOMAIN, issue.issue_id)

    swarm.async_on_unload(async_follow_miners(hass, look))


def _part(progress: Progress, start: float, end: float) -> Progress:
    """Return what takes the share of a part, 0 to 1."""
    return lambda share: progress(start + (end - start) * share)


def _error(key: str, **placeholders: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
