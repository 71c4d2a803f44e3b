"""What a person chose for a pool account. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

from .model import JsonPaths, PoolKind

SUBENTRY_TYPE: Final = "pool_account"

CONF_KIND: Final = "kind"
CONF_URL: Final = "url"
CONF_USER: Final = "user"
CONF_INTERVAL: Final = "interval"
CONF_PATHS: Final = "paths"

DEFAULT_INTERVAL: Final = 10
"""Minutes between two requests."""
MIN_INTERVAL: Final = 5
MAX_INTERVAL: Final = 24 * 60
_LONGEST_USER: Final = 255
_LONGEST_URL: Final = 1000

PUBLIC_URLS: Final[Mapping[PoolKind, str]] = {
    # The interface that public-pool.io offers to everybody beside its page.
    PoolKind.PUBLIC_POOL: "https://public-pool.io:40557",
    PoolKind.CKPOOL: "https://solo.ckpool.org",
    PoolKind.OCEAN: "https://api.ocean.xyz",
    PoolKind.JSON: "",
}
"""Where each kind is asked unless somebody has one of their own."""
NAMES: Final[Mapping[PoolKind, str]] = {
    PoolKind.PUBLIC_POOL: "public-pool",
    PoolKind.CKPOOL: "CKPool",
    PoolKind.OCEAN: "OCEAN",
    PoolKind.JSON: "",
}
"""Proper names; of any other pool it is its host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """A pool account."""

    kind: PoolKind
    url: str
    user: str
    """Address or user name."""
    interval: int = DEFAULT_INTERVAL
    """Minutes."""
    paths: JsonPaths = field(default_factory=JsonPaths)
    """Where what is, of a pool of any kind."""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Return the settings of a subentry."""
        return cls(
            kind=PoolKind(data[CONF_KIND]),
            url=data[CONF_URL],
            user=data[CONF_USER],
            interval=min(
                max(int(data.get(CONF_INTERVAL, DEFAULT_INTERVAL)), MIN_INTERVAL),
                MAX_INTERVAL,
            ),
            paths=JsonPaths.from_dict(dict(data.get(CONF_PATHS, {}))),
        )

    @property
    def host(self) -> str | None:
        """The host that is asked."""
        return urlsplit(self.url).hostname

    @property
    def title(self) -> str:
        """The pool, and enough of the account to distinguish two."""
        return f"{NAMES[self.kind] or self.host} {shortened(self.user)}"

    @property
    def unique_id(self) -> str:
        """What no second account has."""
        return f"{self.url}#{self.user}"


def shortened(user: str) -> str:
    """Return a long address as people recognise it: bc1qxy…mdq9."""
    return user if len(user) <= 16 else f"{user[:6]}…{user[-4:]}"


def check_url(text: str) -> str:
    """Return the address of a pool as it is asked.

    Hosts of one's own network are welcome: people run public-pool and ckpool at home.

    Raises:
        ValueError: it is none, or holds a name and password.

    """
    text = text.strip()
    parts = urlsplit(text)
    # Raises for a port that is none.
    port = parts.port
    if (
        len(text) > _LONGEST_URL
        or not text.isprintable()
        or " " in text
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username is not None
        or parts.fragment
        or port == 0
    ):
        raise ValueError(text)
    return text


def check_user(text: str) -> str:
    """Return an account as it is asked for.

    Raises:
        ValueError: it is none.

    """
    text = text.strip()
    if not text or len(text) > _LONGEST_USER or not text.isprintable() or " " in text:
        raise ValueError(text)
    return text
