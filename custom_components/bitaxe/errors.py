"""From what went wrong at the device to what a person is told."""

from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .axeos import (
    BadReplyError,
    CannotConnectError,
    MinerError,
    NetworkRefusedError,
    NotAMinerError,
    NotConfirmedError,
    OtpRequiredError,
    OutOfRangeError,
    SettingRejectedError,
    TimedOutError,
    UnsupportedFirmwareError,
    UnsupportedSettingError,
)
from .const import DOMAIN


class DifferentMinerError(MinerError):
    """Another miner answers at the address of this one."""

    def __init__(self, expected: str, found: str) -> None:
        """Name both by their MAC address."""
        super().__init__(f"Expected {expected}, found {found}")
        self.expected = expected
        self.found = found


_KEYS: Final[dict[type, str]] = {
    BadReplyError: "bad_reply",
    TimedOutError: "timed_out",
    CannotConnectError: "cannot_connect",
    DifferentMinerError: "different_miner",
    NetworkRefusedError: "network_refused",
    NotAMinerError: "not_a_miner",
    NotConfirmedError: "not_confirmed",
    OtpRequiredError: "otp_required",
    OutOfRangeError: "out_of_range",
    SettingRejectedError: "rejected",
    UnsupportedFirmwareError: "unsupported_firmware",
    UnsupportedSettingError: "unsupported_setting",
}


def error_key(err: MinerError) -> str:
    """Return the translation key of an error."""
    return next(_KEYS[kind] for kind in type(err).__mro__ if kind in _KEYS)


def error_placeholders(err: MinerError) -> dict[str, str]:
    """Return what the translated text of an error needs to know."""
    match err:
        case DifferentMinerError():
            return {"expected": err.expected, "found": err.found}
        case UnsupportedFirmwareError():
            return {"firmware": err.firmware}
        case UnsupportedSettingError():
            return {"setting": err.what}
        case OutOfRangeError():
            return {
                "setting": err.what,
                "value": f"{err.value:g}",
                "low": f"{err.low:g}",
                "high": f"{err.high:g}",
            }
        case SettingRejectedError():
            return {"reason": err.reason}
        case NotConfirmedError():
            return {"difference": err.summary}
        case _:
            return {}


def as_home_assistant_error(err: MinerError) -> HomeAssistantError:
    """Return the error to raise out of an action or entity."""
    person_is_wrong = isinstance(err, OutOfRangeError | UnsupportedSettingError)
    kind = ServiceValidationError if person_is_wrong else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error_key(err),
        translation_placeholders=error_placeholders(err),
    )
