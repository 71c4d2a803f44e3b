"""One-time codes of NerdOS, which protect writes.

Source: ESP-Miner-NerdQAxePlus v1.0.34 to v1.0.37.1.
"""

from collections import deque
import secrets
from typing import Any

from ..http import Request

SESSION_SECONDS = 24 * 3600.0
FAILURES = 5
FAILURE_SECONDS = 60.0
BLOCK_SECONDS = 300.0


class OtpRefused(Exception):
    """The request is answered 401 with this text."""


class OneTimeCodes:
    """Sessions and failures of one miner; without a code everything is open."""

    def __init__(self, code: str | None) -> None:
        """Ask for a code, unless it is None."""
        self.code = code
        self._session: str | None = None
        self._session_ends = 0.0
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._blocked_until = 0.0

    def check(self, request: Request) -> None:
        """Let a request pass that has a valid session or code.

        Raises:
            OtpRefused: it has neither.

        """
        if self.code is None:
            return
        token = request.headers.get("x-otp-session")
        if token is not None and token == self._session:
            if request.at < self._session_ends:
                return
            self._session = None
        self._check_code(request)

    def open_session(self, request: Request) -> dict[str, Any]:
        """Return the reply to `POST /api/otp/session`.

        Raises:
            OtpRefused: the code is wrong.

        """
        self._check_code(request)
        self._session = secrets.token_hex(16)
        self._session_ends = request.at + SESSION_SECONDS
        return {
            "token": self._session,
            "ttlMs": int(SESSION_SECONDS * 1000),
            "expiresAt": int(self._session_ends * 1000),
        }

    def _check_code(self, request: Request) -> None:
        if request.at < self._blocked_until:
            raise OtpRefused("blocked for 5 minutes")
        code = request.headers.get("x-totp")
        if code == self.code:
            return
        if code is not None:
            self._failures.append(request.at)
            full = len(self._failures) == FAILURES
            if full and request.at - self._failures[0] <= FAILURE_SECONDS:
                self._failures.clear()
                self._blocked_until = request.at + BLOCK_SECONDS
                raise OtpRefused("blocked for 5 minutes")
        raise OtpRefused("OTP/Session required")
