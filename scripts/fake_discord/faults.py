"""What can go wrong with Discord's REST interface, on purpose."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
import hashlib

from .clock import now


@dataclass(kw_only=True)
class Faults:
    """Switched by tests; counters run down with each request they spoil."""

    rate_limited: int = 0
    """Requests still to be answered with 429."""
    retry_after: float = 0.1
    everywhere: bool = False
    """Whether the 429 are those of the limit over all routes."""
    failing: int = 0
    """Requests still to be answered with `status`."""
    status: int = 503
    text: str = "upstream connect error"
    """What those say."""
    headers: dict[str, str] = field(default_factory=dict)
    spared: int = 0
    """Requests before them that are answered as ever."""
    unheard: int = 0
    """Requests still to be done, and then to go without an answer."""
    path: str = ""
    """Only requests whose path has this in it are spoiled."""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    """Unset while requests are held back."""

    def __post_init__(self) -> None:
        """Hold nothing back at first."""
        self.released.set()


_GENEROUS = 1000
"""Requests in a window that no program under test sends."""


class Buckets:
    """Rate limits: requests in a window, per route and bearer.

    Discord publishes none; that of posting is known from experience, and is the one
    that matters.
    """

    def __init__(self, posts: int = _GENEROUS, window: float = 5.0) -> None:
        """Allow so many messages in `window` s, and more of other requests."""
        self.posts = posts
        self.window = window
        self._ends: dict[str, float] = {}
        self._used: Counter[str] = Counter()

    def take(self, route: str, *, post: bool) -> tuple[bool, dict[str, str]]:
        """Return whether a request is allowed, and the headers of its answer."""
        limit = self.posts if post else _GENEROUS
        present = now()
        if self._ends.get(route, 0.0) <= present:
            self._ends[route] = present + self.window
            self._used[route] = 0
        self._used[route] += 1
        left = limit - self._used[route]
        rest = self._ends[route] - present
        return left >= 0, {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(left, 0)),
            "X-RateLimit-Reset": f"{self._ends[route]:.3f}",
            "X-RateLimit-Reset-After": f"{rest:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
