"""What goes wrong between Home Assistant and a pool."""

from typing import ClassVar


class PoolError(Exception):
    """A pool did not answer as it should."""

    key: ClassVar[str]
    """Of the text for people."""

    def __init__(self, reason: str = "", *, retry_after: float | None = None) -> None:
        """Say what was wrong; the pool may be asked again after `retry_after` s."""
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class PoolUnreachableError(PoolError):
    """It does not answer, or not in time."""

    key = "pool_unreachable"


class PoolRefusedError(PoolError):
    """It answers with an error."""

    key = "pool_refused"


class PoolBusyError(PoolError):
    """It was asked too often, or is overloaded."""

    key = "pool_busy"


class PoolRedirectError(PoolError):
    """It sends us elsewhere, where somebody else would learn the account."""

    key = "pool_redirect"


class UnknownAccountError(PoolError):
    """It does not know the account."""

    key = "pool_account_unknown"


class PoolReplyTooLargeError(PoolError):
    """Its reply does not end."""

    key = "pool_too_large"


class BadPoolReplyError(PoolError):
    """Its reply is not what such a pool answers."""

    key = "pool_bad_reply"
