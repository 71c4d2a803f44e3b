"""Where a miner is: reading what people type, and naming a miner without a MAC."""

from dataclasses import dataclass
from ipaddress import ip_address
import re
from typing import Final, override
from urllib.parse import urlsplit

from homeassistant.helpers.device_registry import format_mac

from ..axeos import DEFAULT_PORT

_LONGEST_NAME: Final = 253
# Underscores are no host name, but routers hand them out. A last label of digits is a
# mistyped IPv4 address.
_HOST_NAME: Final = re.compile(
    r"(?!(?:.*\.)?[0-9]+\.?$)[^\W_][\w-]{0,62}(?:\.[\w-]{1,63})*\.?"
)
_MAC: Final = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port of a miner. Two ports of one host are two miners."""

    host: str
    """Host name, IPv4 address or IPv6 address without brackets."""
    port: int = DEFAULT_PORT

    @override
    def __str__(self) -> str:
        """Write it the way it is typed, without the port every miner has."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORT else f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Read `host`, `host:port`, `[IPv6]:port`, a bare IPv6 address, or a URL.

    Raises:
        ValueError: the text is none of these.

    """
    text = text.strip()
    try:
        return Address(str(ip_address(text)))
    except ValueError:
        pass
    scheme, separator, rest = text.rpartition("://")
    if separator and scheme.lower() not in ("http", "https"):
        raise ValueError(f"{scheme} is not the scheme of a miner")
    parts = urlsplit(f"//{rest}")
    host, port = parts.hostname, parts.port
    if not host or parts.username is not None or port == 0:
        raise ValueError("An address is a host and, if need be, a port")
    if not _is_host(host):
        raise ValueError("The host is neither a name nor an IP address")
    return Address(host, DEFAULT_PORT if port is None else port)


def has_path(text: str) -> bool:
    """Return whether what somebody typed for an address goes on behind the host."""
    rest = text.strip().rpartition("://")[2]
    return urlsplit(f"//{rest}").path.strip("/") != ""


def _is_host(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return len(host) <= _LONGEST_NAME and _HOST_NAME.fullmatch(host) is not None
    return True


def miner_unique_id(mac: str | None, address: Address) -> str:
    """Return the unique id of a miner's config entry: its MAC, where it reports one.

    AxeOS up to v2.2 and vendor clones do not; only the address distinguishes those.
    """
    if mac is not None and is_mac(formatted := format_mac(mac)):
        return formatted
    return f"{address.host}:{address.port}"


def is_mac(unique_id: str | None) -> bool:
    """Return whether a unique id is a MAC, which stays with the miner."""
    return unique_id is not None and _MAC.fullmatch(unique_id) is not None
