"""The only module that asks the internet about firmware: for catalogues and files.

Nothing about a miner is sent. Only addresses of the publisher are asked, redirects
included, and nothing that is too large or has another checksum is taken.
"""

from hashlib import sha256
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, hdrs
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.json import json_loads
from yarl import URL

from ..axeos import LARGEST_IMAGE, Family
from ..const import DOMAIN
from .catalogue import MOST_RELEASES, REPOSITORIES, Asset, Release, read_releases

API: Final = URL("https://api.github.com")
HOSTS: Final = frozenset({"api.github.com", "github.com"})
"""What is asked, beside the hosts of `_STORAGE`, to which GitHub redirects
downloads."""
_STORAGE: Final = ".githubusercontent.com"
_MOST_REDIRECTS: Final = 4
_CATALOGUE_TIMEOUT: Final = ClientTimeout(total=30)
_FILE_TIMEOUT: Final = ClientTimeout(total=300, sock_read=60)
_LARGEST_CATALOGUE: Final = 4 * 1024 * 1024
_HEADERS: Final = {
    hdrs.ACCEPT: "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    hdrs.USER_AGENT: "bitaxe-for-home-assistant",
}


class SourceError(HomeAssistantError):
    """The publisher could not be asked, or sent what cannot be used."""

    def __init__(self, key: str, reason: str = "") -> None:
        """Say what went wrong, by a key of the translations."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"reason": reason},
        )


async def async_fetch_catalogue(
    session: ClientSession, family: Family
) -> tuple[Release, ...]:
    """Return what is published of a family.

    Raises:
        SourceError: the publisher could not be asked.

    """
    url = API.joinpath("repos", *REPOSITORIES[family].split("/"), "releases")
    body = await _async_get(
        session,
        url.with_query(per_page=MOST_RELEASES),
        _CATALOGUE_TIMEOUT,
        _LARGEST_CATALOGUE,
    )
    try:
        return read_releases(json_loads(body))
    except ValueError as err:
        raise SourceError("firmware_source_failed", str(err)[:100]) from err


async def async_fetch_file(session: ClientSession, asset: Asset) -> bytes:
    """Return a file of a release, checked against size and checksum.

    Raises:
        SourceError: it could not be fetched, or is not what was published.

    """
    content = await _async_get(session, asset.url, _FILE_TIMEOUT, LARGEST_IMAGE)
    checksum = sha256(content).hexdigest()
    if len(content) != asset.size or asset.sha256 not in (None, checksum):
        raise SourceError("firmware_file_damaged")
    return content


def is_trusted(url: URL) -> bool:
    """Return whether an address is one of the publisher's."""
    host = url.host or ""
    return url.scheme == API.scheme and (host in HOSTS or host.endswith(_STORAGE))


async def _async_get(
    session: ClientSession, address: URL | str, timeout: ClientTimeout, largest: int
) -> bytes:
    try:
        url = URL(address)
        for _ in range(_MOST_REDIRECTS):
            if not is_trusted(url):
                raise SourceError("firmware_source_failed", url.host or "?")
            async with session.get(
                url, headers=_HEADERS, allow_redirects=False, timeout=timeout
            ) as response:
                if response.status in (301, 302, 303, 307, 308):
                    url = url.join(URL(response.headers.get(hdrs.LOCATION, "")))
                    continue
                if response.status != 200:
                    raise SourceError(
                        "firmware_source_failed", f"HTTP {response.status}"
                    )
                body = bytearray()
                async for chunk in response.content.iter_chunked(64 * 1024):
                    body += chunk
                    if len(body) > largest:
                        raise SourceError("firmware_file_damaged")
                return bytes(body)
    except (ClientError, OSError, TimeoutError, ValueError) as err:
        raise SourceError(
            "firmware_source_failed", str(err)[:100] or type(err).__name__
        ) from err
    raise SourceError("firmware_source_failed", url.host or "?")
