"""What can go wrong between us and a miner, one class per remedy."""

from .snapshot import Doubt


class MinerError(Exception):
    """Base of every error this package raises."""

    may_have_arrived = False
    """Whether the miner may have carried out the change or command that failed. Of the
    same kind of error, one comes before anything is sent, and another from the reading
    that confirms."""


class CannotConnectError(MinerError):
    """The miner could not be reached, or did not reply completely."""


class ConnectionLostError(CannotConnectError):
    """The connection broke after the miner had accepted it.

    Whether the request was carried out is unknown.
    """


class TimedOutError(CannotConnectError):
    """The miner accepted the connection but did not answer in time."""


class NotHttpError(ConnectionLostError):
    """What answers does not speak HTTP, as a port for TLS."""


class BadReplyError(CannotConnectError):
    """The miner answered, but with a server error or a body that is not usable.

    Truncated and oversized bodies end here; a later poll usually succeeds.
    """


class NetworkRefusedError(MinerError):
    """The miner answered 401: it does not serve the network we ask from.

    The firmware only answers clients whose IPv4 address is in 10.0.0.0/8,
    172.16.0.0/12 or 192.168.0.0/16 (ESP-Miner `is_network_allowed()`, since v2.5.0).
    """


class OtpRequiredError(MinerError):
    """The miner protects changes with a one-time password (NerdOS, `otp: true`)."""


class NotAMinerError(MinerError):
    """Something answers at this address, but not as a miner does."""


class WebPageError(NotAMinerError):
    """A web page answers: a login page, a proxy, or another device."""


class RedirectedError(NotAMinerError):
    """What answers sends on to another address, as a captive portal does."""

    def __init__(self, target: str) -> None:
        """Name where to."""
        super().__init__(f"Redirected to {target}")
        self.target = target


class ReadRefusedError(MinerError):
    """What answers refuses to be read; whether it is the miner nobody knows."""

    def __init__(self, status: int) -> None:
        """Keep the HTTP status."""
        super().__init__(f"HTTP {status}")
        self.status = status


class UnsupportedFirmwareError(MinerError):
    """A miner whose firmware this package recognises but cannot talk to."""

    def __init__(self, firmware: str) -> None:
        """Name the firmware, for the message to the person."""
        super().__init__(f"Firmware {firmware} is not supported")
        self.firmware = firmware


class UnsupportedSettingError(MinerError):
    """The miner's firmware has no such setting or command."""

    def __init__(self, what: str) -> None:
        """Name the setting or command that is missing."""
        super().__init__(f"The firmware of this miner has no {what}")
        self.what = what


class NotControlledError(MinerError):
    """The device contradicts what is known of its board; nothing was sent."""

    def __init__(self, doubt: Doubt) -> None:
        """Carry what it reports, so that the person can be informed."""
        super().__init__(
            f"It reports {doubt.value:g} for {doubt.about.value}, "
            f"which must be {doubt.low:g} to {doubt.high:g}"
        )
        self.doubt = doubt


class OutOfRangeError(MinerError):
    """A setting lies outside what this board is allowed."""

    def __init__(self, what: str, value: float, low: float, high: float) -> None:
        """Carry the limits, so that an error message can name them."""
        super().__init__(f"{what} {value:g} is outside {low:g} to {high:g}")
        self.what = what
        self.value = value
        self.low = low
        self.high = high


class InvalidTextError(MinerError):
    """A text holds what cannot be sent: nothing was."""


class SettingRejectedError(MinerError):
    """The firmware refused a change; `reason` holds its own words."""

    def __init__(self, reason: str) -> None:
        """Keep the firmware's words."""
        super().__init__(reason)
        self.reason = reason


class NotConfirmedError(MinerError):
    """The firmware accepted a change, but does not report it.

    `reported` names each setting that differs, with what was wanted and what the
    miner reports instead.
    """

    def __init__(self, reported: dict[str, tuple[object, object]]) -> None:
        """Keep wanted and reported value of each setting."""
        self.reported = reported
        super().__init__(self.summary)

    @property
    def summary(self) -> str:
        """The differences in one line."""
        return ", ".join(
            f"{name}: wanted {_words(wanted)}, miner reports {_words(actual)}"
            for name, (wanted, actual) in self.reported.items()
        )


def _words(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
