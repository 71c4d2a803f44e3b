"""Turns errors of the device into those that Home Assistant shows a person."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .axeos import (
    BadReplyError,
    CannotConnectError,
    Contradiction,
    Doubt,
    InvalidTextError,
    MinerError,
    NetworkRefusedError,
    NotAMinerError,
    NotConfirmedError,
    NotControlledError,
    NotHttpError,
    OtpRequiredError,
    OutOfRangeError,
    ReadRefusedError,
    RedirectedError,
    SettingRejectedError,
    TimedOutError,
    UnsupportedFirmwareError,
    UnsupportedSettingError,
    WebPageError,
)
from .const import DOMAIN
from .formatting import Texts, as_text
from .miner.claims import Claimant
from .miner.errors import (
    BoardChangedError,
    DecidedByHandError,
    DifferentMinerError,
    HeldError,
    LeftError,
    SituationChangedError,
)
from .texts import async_get_texts

CONTRADICTIONS: Final = {
    Contradiction.ASIC_COUNT: "contradicting_asic_count",
    Contradiction.POWER: "contradicting_power",
    Contradiction.CORE_VOLTAGE: "contradicting_core_voltage",
    Contradiction.VOLTAGES: "contradicting_voltages",
    Contradiction.FREQUENCIES: "contradicting_frequencies",
}
"""What a device is said to contradict itself by, as error and as issue."""

_HOLDERS: Final = {
    Claimant.FIRMWARE: "held_by_firmware",
    Claimant.GUARD: "held_by_guard",
    Claimant.MAINTENANCE: "held_by_maintenance",
    Claimant.TUNER: "held_by_tuner",
}

_KEYS: Final[dict[type, str]] = {
    BadReplyError: "bad_reply",
    TimedOutError: "timed_out",
    CannotConnectError: "cannot_connect",
    BoardChangedError: "board_changed",
    DecidedByHandError: "decided_by_hand",
    DifferentMinerError: "different_miner",
    InvalidTextError: "invalid_pool_text",
    LeftError: "miner_left",
    SituationChangedError: "situation_changed",
    NetworkRefusedError: "network_refused",
    NotAMinerError: "not_a_miner",
    NotConfirmedError: "not_confirmed",
    NotHttpError: "not_http",
    OtpRequiredError: "otp_required",
    OutOfRangeError: "out_of_range",
    ReadRefusedError: "read_refused",
    RedirectedError: "redirected",
    SettingRejectedError: "rejected",
    UnsupportedFirmwareError: "unsupported_firmware",
    UnsupportedSettingError: "unsupported_setting",
    WebPageError: "web_page",
}


def error_key(err: MinerError) -> str:
    """Return the translation key of an error."""
    if isinstance(err, NotControlledError):
        return CONTRADICTIONS[err.doubt.about]
    if isinstance(err, HeldError):
        return _HOLDERS[err.holder]
    return next(_KEYS[kind] for kind in type(err).__mro__ if kind in _KEYS)


def error_placeholders(err: MinerError, texts: Texts) -> dict[str, str]:
    """Return what the translated text of an error needs to know."""
    match err:
        case NotControlledError():
            return doubt_placeholders(err.doubt, texts)
        case SituationChangedError():
            return {
                "shown": texts.localized(err.shown),
                "present": texts.localized(err.present),
            }
        case DifferentMinerError() | BoardChangedError():
            return {"expected": err.expected, "found": as_text(err.found)}
        case ReadRefusedError():
            return {"status": str(err.status)}
        case RedirectedError():
            return {"target": as_text(err.target)}
        case UnsupportedFirmwareError():
            return {"firmware": as_text(err.firmware)}
        case UnsupportedSettingError():
            return _setting_placeholders(err.what, texts)
        case OutOfRangeError():
            return _setting_placeholders(err.what, texts) | {
                "value": texts.general(err.value),
                "low": texts.general(err.low),
                "high": texts.general(err.high),
            }
        case SettingRejectedError():
            return {"reason": as_text(err.reason)}
        case NotConfirmedError():
            return {"difference": _describe_difference(err, texts)}
        case _:
            return {}


def _setting_placeholders(what: str, texts: Texts) -> dict[str, str]:
    """Return the name of a setting, and its key for readers of other languages."""
    return {"setting": _name_setting(what, texts), "setting_key": _setting_key(what)}


def _name_setting(what: str, texts: Texts) -> str:
    """Return what the device client calls a setting or command, in words."""
    kind, _, path = what.partition(" ")
    if kind == "interface":
        return texts("miner_setting.interface", path=path)
    return texts(f"miner_setting.{_setting_key(what)}")


def _setting_key(what: str) -> str:
    return what.lower().replace(" ", "_")


def _describe_difference(err: NotConfirmedError, texts: Texts) -> str:
    return ", ".join(
        describe_difference(name, wanted, reported, texts)
        for name, (wanted, reported) in err.reported.items()
    )


def describe_difference(
    name: str, wanted: object, reported: object, texts: Texts
) -> str:
    """Write what is wanted of a setting, and what the miner reports."""
    return texts(
        "miner_setting.difference",
        setting=_name_setting(name, texts),
        wanted=_describe_value(wanted, texts),
        reported=_describe_value(reported, texts),
    )


def _describe_value(value: object, texts: Texts) -> str:
    match value:
        case None:
            return texts("miner_setting.nothing")
        case bool():
            return texts(
                "miner_setting.turned_on" if value else "miner_setting.turned_off"
            )
        case int() | float():
            return texts.general(value)
    return as_text(str(value))


def doubt_placeholders(doubt: Doubt, texts: Texts) -> dict[str, str]:
    """Return what the text about a device that is not controlled needs to know."""
    return {
        "value": texts.general(doubt.value),
        "low": texts.general(doubt.low),
        "high": texts.general(doubt.high),
    }


def may_have_arrived(err: HomeAssistantError) -> bool:
    """Return whether the miner may have carried out a write that failed."""
    cause = err.__cause__
    return isinstance(cause, MinerError) and cause.may_have_arrived


def as_home_assistant_error(hass: HomeAssistant, err: MinerError) -> HomeAssistantError:
    """Return the error to raise out of an action or entity."""
    person_is_wrong = isinstance(
        err,
        InvalidTextError
        | NotControlledError
        | OutOfRangeError
        | SituationChangedError
        | UnsupportedSettingError,
    )
    kind = ServiceValidationError if person_is_wrong else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error_key(err),
        translation_placeholders=error_placeholders(err, async_get_texts(hass)),
    )
