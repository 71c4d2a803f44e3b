"""Repair issues: raised only where a person must act, gone when it is no longer true."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .axeos import MinerError, NetworkRefusedError, Snapshot, UnsupportedFirmwareError
from .const import DOMAIN
from .errors import DifferentMinerError, error_key, error_placeholders
from .watch.detune import IntendedSettings, is_detuned

DETUNED: Final = "detuned"
OTP_ON: Final = "otp_on"
OLD_FIRMWARE: Final = "old_firmware"
_REACHABILITY: Final = ("network_refused", "different_miner", "unsupported_firmware")
_CONDITIONS: Final = (DETUNED, OTP_ON, OLD_FIRMWARE)


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
        _raise(hass, entry, kind, error_placeholders(err), ir.IssueSeverity.ERROR)


@callback
def async_update_condition(
    hass: HomeAssistant,
    entry: ConfigEntry,
    snapshot: Snapshot,
    intended: IntendedSettings | None,
) -> None:
    """Say what a miner that is read needs a person for."""
    if intended is not None and is_detuned(intended, snapshot):
        _raise(
            hass,
            entry,
            DETUNED,
            {
                "intended": str(intended.operating_point),
                "present": str(snapshot.operating_point),
            },
            ir.IssueSeverity.WARNING,
            fixable=True,
        )
    else:
        ir.async_delete_issue(hass, DOMAIN, issue_id(entry, DETUNED))
    for kind, there in (
        (OTP_ON, snapshot.capabilities.otp),
        (OLD_FIRMWARE, snapshot.identity.mac is None),
    ):
        if there:
            placeholders = {"version": snapshot.identity.firmware_version or "?"}
            _raise(hass, entry, kind, placeholders, ir.IssueSeverity.WARNING)
        else:
            ir.async_delete_issue(hass, DOMAIN, issue_id(entry, kind))


@callback
def async_delete_all(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back every issue of a miner that is removed."""
    for kind in (*_REACHABILITY, *_CONDITIONS):
        ir.async_delete_issue(hass, DOMAIN, issue_id(entry, kind))


def _raise(
    hass: HomeAssistant,
    entry: ConfigEntry,
    kind: str,
    placeholders: dict[str, str],
    severity: ir.IssueSeverity,
    *,
    fixable: bool = False,
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(entry, kind),
        data={"entry_id": entry.entry_id} if fixable else None,
        is_fixable=fixable,
        severity=severity,
        translation_key=kind,
        translation_placeholders={"name": entry.title, **placeholders},
    )
