"""HTTP as far as a miner speaks it."""

from collections.abc import Callable
from dataclasses import dataclass, field
import json
import math
from typing import Any

REASONS = {
    200: "OK",
    204: "No Content",
    302: "Temporary Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as it was received, at a simulated time."""

    method: str
    path: str
    """Without the query."""
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""
    at: float = 0.0

    @property
    def json(self) -> Any:
        """The decoded body, None if it is not JSON."""
        try:
            return json.loads(self.body, parse_constant=_no_json)
        except ValueError:
            return None


@dataclass(kw_only=True)
class Response:
    """A reply, and what happens once it is sent."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)
    chunk_size: int = 0
    """Bytes in a chunk; 0 sends one body with its length."""
    close: bool = False
    """Whether the server closes the connection afterwards."""
    sent: Callable[[], None] | None = None
    """Called once the reply is sent."""


def _no_json(name: str) -> None:
    """Refuse NaN and Infinity, which Python's parser takes and others do not."""
    raise ValueError(f"{name} is no JSON")


def text(status: int, body: str, content_type: str = "text/html") -> Response:
    """Return a plain reply."""
    return Response(status=status, body=body.encode(), content_type=content_type)


def redirect() -> Response:
    """Return the answer to an address that firmware of old does not know."""
    return Response(
        status=302,
        body=b"Redirect to the captive portal",
        headers={"Location": "/"},
    )


def printed(value: Any, *, pretty: bool) -> bytes:
    """Print JSON as the firmware's library does.

    Pretty text is indented by tabs, with a tab after each colon; lists of plain values
    stay on one line.
    """
    plain = _plain(value)
    if not pretty:
        return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()
    return _pretty(plain, 0).encode()


def _plain(value: Any) -> Any:
    """Print whole numbers without a fraction, and what is no number as null."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _pretty(value: Any, depth: int) -> str:
    if isinstance(value, dict):
        if not value:
            return "{\n" + "\t" * depth + "}"
        inner = ",\n".join(
            "\t" * (depth + 1) + f"{json.dumps(key)}:\t{_pretty(item, depth + 1)}"
            for key, item in value.items()
        )
        return "{\n" + inner + "\n" + "\t" * depth + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_pretty(item, depth + 1) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
