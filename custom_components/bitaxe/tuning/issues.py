"""The repairs that say what a soak test found against a profile."""

from dataclasses import asdict
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..axeos import Hardware, OperatingPoint
from ..const import DOMAIN
from ..issues import async_create
from ..miner.hardware import read_hardware
from ..miner.names import miner_name
from ..storage.stored_object import StoredObject
from ..texts import async_get_texts
from .soak import SoakTest

SOAK_TEST_FAILED: Final = "soak_test_failed"
"""The miner is still on the profile: somebody is asked whether to fall back."""
_SOAK_TEST_ABORTED: Final = "soak_test_aborted"
_BOARD: Final = "board_"
_KINDS: Final = (SOAK_TEST_FAILED, _SOAK_TEST_ABORTED)


@callback
def async_clear(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back what an earlier test found."""
    for kind in _KINDS:
        ir.async_delete_issue(hass, DOMAIN, f"{kind}_{entry.entry_id}")


@callback
def async_look_at_choice(
    hass: HomeAssistant, entry: ConfigEntry, chosen: OperatingPoint
) -> None:
    """Propose to fall back no longer, once somebody has chosen another setting."""
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"{SOAK_TEST_FAILED}_{entry.entry_id}"
    )
    if issue is None or issue.data is None:
        return
    failed, _ = points_of(issue.data)
    if not failed.reads_as(chosen):
        ir.async_delete_issue(hass, DOMAIN, issue.issue_id)


@callback
def async_report(
    hass: HomeAssistant, entry: ConfigEntry, test: SoakTest, hardware: Hardware
) -> None:
    """Say why a profile failed; propose to fall back, where the miner is still on it.

    `hardware` is the board that was tested.
    """
    kind = SOAK_TEST_FAILED if test.is_safe_to_stay else _SOAK_TEST_ABORTED
    texts = async_get_texts(hass)
    reason = texts(f"soak_verdict.{test.reason}")
    if test.limit is not None:
        limit = texts(f"soak_verdict.limit_{test.limit}")
        reason = f"{reason} ({limit})"
    data: dict[str, Any] = {
        "entry_id": entry.entry_id,
        **{f"point_{key}": value for key, value in asdict(test.point).items()},
        **{f"original_{key}": value for key, value in asdict(test.original).items()},
        **{f"{_BOARD}{key}": value for key, value in asdict(hardware).items()},
    }
    async_clear(hass, entry)
    async_create(
        hass,
        kind,
        entry.entry_id,
        data=data,
        fixable=kind == SOAK_TEST_FAILED,
        persistent=True,
        placeholders={
            "name": miner_name(hass, entry),
            "profile": test.profile,
            "reason": reason,
            "hours": texts.general(round(test.seconds / 3600, 1)),
            "point": texts.localized(str(test.point)),
            "original": texts.localized(str(test.original)),
        },
    )


def hardware_of(data: dict[str, Any]) -> Hardware:
    """Return the board of an issue's data, as far as it is known."""
    return read_hardware(
        StoredObject(
            {
                key.removeprefix(_BOARD): value
                for key, value in data.items()
                if key.startswith(_BOARD)
            }
        )
    )


def points_of(data: dict[str, Any]) -> tuple[OperatingPoint, OperatingPoint]:
    """Return the point that failed, and the one from before, of an issue's data."""
    found = [
        OperatingPoint(
            frequency=float(data[f"{prefix}_frequency"]),
            core_voltage=float(data[f"{prefix}_core_voltage"]),
        )
        for prefix in ("point", "original")
    ]
    return found[0], found[1]
