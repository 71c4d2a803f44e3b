"""Repair issues: raised only where a person must act, gone when no longer true."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .axeos import (
    Doubt,
    MinerError,
    NetworkRefusedError,
    Snapshot,
    UnsupportedFirmwareError,
)
from .const import CONF_BOT_ID, CONF_KIND, DOMAIN, KIND_SWARM
from .errors import CONTRADICTIONS, doubt_placeholders, error_key, error_placeholders
from .formatting import as_text
from .miner.errors import DifferentMinerError
from .miner.intended import IntendedSettingsTracker
from .miner.names import miner_name
from .requirements import MATPLOTLIB, NEXTCORD
from .texts import async_get_texts

DETUNED: Final = "detuned"
MAYBE_DETUNED: Final = "maybe_detuned"
REGULATOR_OFF: Final = "regulator_off"
OTP_ON: Final = "otp_on"
OLD_FIRMWARE: Final = "old_firmware"
FIRMWARE_SETTINGS: Final = "firmware_settings"
BLOCK_FOUND: Final = "block_found"
DASHBOARD: Final = "dashboard"
_OF_NOTHING: Final = frozenset({DASHBOARD, MATPLOTLIB.issue, NEXTCORD.issue})
"""Issues about Home Assistant as a whole."""
_REACHABILITY: Final = ("network_refused", "different_miner", "unsupported_firmware")
# s: the ASICs are off for a while whenever the firmware starts them anew.
_REGULATOR_OFF_SECONDS: Final = 60.0


def issue_id(entry: ConfigEntry, kind: str) -> str:
    """Return the id of an issue of one miner."""
    return f"{kind}_{entry.entry_id}"


@callback
def async_update_reachability(
    hass: HomeAssistant, entry: ConfigEntry, err: MinerError | None
) -> None:
    """Say why a miner is not read, if only a person can change that."""
    kind = (
        error_key(err)
        if isinstance(
            err, NetworkRefusedError | DifferentMinerError | UnsupportedFirmwareError
        )
        else None
    )
    for other in _REACHABILITY:
        if other != kind:
            ir.async_delete_issue(hass, DOMAIN, issue_id(entry, other))
    if err is not None and kind is not None:
        placeholders = error_placeholders(err, async_get_texts(hass))
        _raise(hass, entry, kind, placeholders, ir.IssueSeverity.ERROR)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a miner that is read may need a person for."""

    detuned: tuple[str, str] | None
    """Intended and present settings, if they look as after overheating."""
    overheating_seen: bool
    """Whether it did overheat; otherwise somebody may have chosen them."""
    otp_on: bool
    nameless: bool
    """Whether the firmware reports no MAC address."""
    firmware: str
    regulator_off: bool
    """Whether the regulator has latched off, so that only a restart helps."""
    doubt: Doubt | None
    """Why the device is not controlled."""


class ConditionIssues:
    """The issues of a miner that is read, which follow what its readings say."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin without knowing the miner's condition."""
        self._hass = hass
        self._entry = entry
        self._condition: Condition | None = None
        self._regulator_off_since: float | None = None

    @callback
    def async_update(
        self, snapshot: Snapshot, intended: IntendedSettingsTracker, now: float
    ) -> None:
        """Take in a reading; `now` is in s of the monotonic clock."""
        condition = self._sum_up(snapshot, intended, now)
        if condition != self._condition:
            self._condition = condition
            _update_condition(self._hass, self._entry, condition)

    def _sum_up(
        self, snapshot: Snapshot, intended: IntendedSettingsTracker, now: float
    ) -> Condition:
        if not snapshot.faults.regulator_off:
            self._regulator_off_since = None
        elif self._regulator_off_since is None:
            self._regulator_off_since = now
        since, settings = self._regulator_off_since, intended.settings
        return Condition(
            detuned=(str(settings.operating_point), str(snapshot.operating_point))
            if settings is not None and intended.may_be_detuned(snapshot)
            else None,
            overheating_seen=intended.is_detuned(snapshot),
            regulator_off=since is not None and now - since >= _REGULATOR_OFF_SECONDS,
            doubt=snapshot.doubt,
            otp_on=snapshot.capabilities.otp,
            nameless=snapshot.identity.mac is None,
            firmware=snapshot.identity.firmware_version or "?",
        )


def _update_condition(
    hass: HomeAssistant, entry: ConfigEntry, condition: Condition
) -> None:
    """Say what a miner that is read needs a person for."""
    for kind, there in (
        (DETUNED, condition.overheating_seen),
        (MAYBE_DETUNED, not condition.overheating_seen),
    ):
        if condition.detuned is None or not there:
            ir.async_delete_issue(hass, DOMAIN, issue_id(entry, kind))
            continue
        intended, present = condition.detuned
        placeholders = {"intended": intended, "present": present}
        _raise(hass, entry, kind, placeholders, ir.IssueSeverity.WARNING, fixable=True)
    if condition.regulator_off:
        _raise(hass, entry, REGULATOR_OFF, {}, ir.IssueSeverity.ERROR, fixable=True)
    else:
        ir.async_delete_issue(hass, DOMAIN, issue_id(entry, REGULATOR_OFF))
    doubt = condition.doubt
    for about, kind in CONTRADICTIONS.items():
        if doubt is not None and doubt.about is about:
            placeholders = doubt_placeholders(doubt, async_get_texts(hass))
            _raise(hass, entry, kind, placeholders, ir.IssueSeverity.WARNING)
        else:
            ir.async_delete_issue(hass, DOMAIN, issue_id(entry, kind))
    for kind, there in (
        (OTP_ON, condition.otp_on),
        (OLD_FIRMWARE, condition.nameless),
    ):
        if there:
            placeholders = {"version": condition.firmware}
            _raise(hass, entry, kind, placeholders, ir.IssueSeverity.WARNING)
        else:
            ir.async_delete_issue(hass, DOMAIN, issue_id(entry, kind))


def block_issue_id(entry_id: str) -> str:
    """Return the id of the notice of a block, by the id of the miner's entry."""
    return f"{BLOCK_FOUND}_{entry_id}"


@callback
def async_report_block(
    hass: HomeAssistant, entry_id: str, placeholders: dict[str, str]
) -> None:
    """Show a block until somebody takes note of it, whatever restarts meanwhile."""
    # A block that was ignored before is another one.
    ir.async_delete_issue(hass, DOMAIN, block_issue_id(entry_id))
    async_create(
        hass,
        BLOCK_FOUND,
        entry_id,
        data={"entry_id": entry_id, "kind": BLOCK_FOUND},
        fixable=True,
        persistent=True,
        placeholders=placeholders,
    )


@callback
def async_create(
    hass: HomeAssistant,
    kind: str,
    owner: str,
    *,
    translation_key: str | None = None,
    placeholders: dict[str, str],
    data: dict[str, Any] | None = None,
    fixable: bool = False,
    persistent: bool = False,
    severity: ir.IssueSeverity = ir.IssueSeverity.WARNING,
) -> None:
    """Raise an issue, unless what it is about was removed or disabled meanwhile.

    `owner` is the id of an entry, of a subentry, or of a bot. An answer that was
    waited for may come after its end.
    """
    name = f"{kind}_{owner}"
    if _is_orphan(name, _owners(hass, disabled=persistent)):
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        name,
        data=data,
        is_fixable=fixable,
        is_persistent=persistent,
        severity=severity,
        translation_key=translation_key or kind,
        translation_placeholders={
            name: as_text(value) for name, value in placeholders.items()
        },
    )


@callback
def async_follow_owners(
    hass: HomeAssistant,
    swarm_changed: Callable[[HomeAssistant, ConfigEntry | None], None],
) -> None:
    """Take back each issue once what it is about is gone.

    That is when an entry is removed or disabled, or a subentry removed, whether or not
    it is set up, and now for what went while nobody looked. Not whenever an entry is
    unloaded: an issue that somebody ignored would be back. `swarm_changed` is called
    with the entry of the swarm, or without if there is none any more to need anything.
    """

    @callback
    def changed(change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain != DOMAIN:
            return
        _delete_orphans(hass)
        if entry.data.get(CONF_KIND) != KIND_SWARM:
            return
        if change is ConfigEntryChange.REMOVED or entry.disabled_by is not None:
            ir.async_delete_issue(hass, DOMAIN, DASHBOARD)
            swarm_changed(hass, None)
        else:
            swarm_changed(hass, entry)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed)
    _delete_orphans(hass)


def _delete_orphans(hass: HomeAssistant) -> None:
    """Take back the issues of what is removed or disabled.

    Those that are persistent wait for an answer about what happened, also while the
    entry is disabled.
    """
    there = {disabled: _owners(hass, disabled=disabled) for disabled in (False, True)}
    for (domain, name), issue in list(ir.async_get(hass).issues.items()):
        if (
            domain == DOMAIN
            and name not in _OF_NOTHING
            and _is_orphan(name, there[issue.is_persistent])
        ):
            ir.async_delete_issue(hass, DOMAIN, name)


def _is_orphan(name: str, owners: Collection[str]) -> bool:
    return not any(owner in name for owner in owners)


def _owners(hass: HomeAssistant, *, disabled: bool) -> set[str]:
    """Return the ids of what an issue may be about."""
    owners: set[str] = set()
    for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=disabled):
        owners |= {entry.entry_id, *entry.subentries}
        owners.update(
            subentry.data[CONF_BOT_ID]
            for subentry in entry.subentries.values()
            if CONF_BOT_ID in subentry.data
        )
    return owners


def _raise(
    hass: HomeAssistant,
    entry: ConfigEntry,
    kind: str,
    placeholders: dict[str, str],
    severity: ir.IssueSeverity,
    *,
    fixable: bool = False,
) -> None:
    async_create(
        hass,
        kind,
        entry.entry_id,
        data={"entry_id": entry.entry_id} if fixable else None,
        fixable=fixable,
        severity=severity,
        placeholders={"name": miner_name(hass, entry), **placeholders},
    )
