"""Repair issues: raised only where a person must act, gone when it is no longer true."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Condition:
    """What a miner that is read may need a person for."""

    detuned: tuple[str, str] | None
    """Intended and present settings, if the miner lowered them itself."""
    otp_on: bool
    nameless: bool
    """Whether the firmware reports no MAC address."""
    firmware: str


def condition_of(snapshot: Snapshot, intended: IntendedSettings | None) -> Condition:
    """Sum up what matters of a snapshot."""
    return Condition(
        detuned=(str(intended.operating_point), str(snapshot.operating_point))
        if intended is not None and is_detuned(intended, snapshot)
        else None,
        otp_on=snapshot.capabilities.otp,
        nameless=snapshot.identity.mac is None,
        firmware=snapshot.identity.firmware_version or "?",
    )


@callback
def async_update_condition(
    hass: HomeAssistant, entry: ConfigEntry, condition: Condition
) -> None:
    """Say what a miner that is read needs a person for."""
    if condition.detuned is not None:
        intended, present = condition.detuned
        placeholders = {"intended": intended, "present": present}
        _raise(
            hass, entry, DETUNED, placeholders, ir.IssueSeverity.WARNING, fixable=True
        )
    else:
        ir.async_delete_issue(hass, DOMAIN, issue_id(entry, DETUNED))
    for kind, there in (
        (OTP_ON, condition.otp_on),
        (OLD_FIRMWARE, condition.nameless),
    ):
        if there:
            placeholders = {"version": condition.firmware}
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
