"""Files of what can be worked out again. Blocking, for threads.

They are no part of a backup. One that is damaged, or was written by a version that
works things out otherwise, is as good as none, without a repair, because nothing is
lost.
"""

from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from hashlib import sha256
import logging
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from .whole_file import unfinished_of, write_whole

_LOGGER = logging.getLogger(__package__)

LARGEST: Final = 8 * 2**20
"""Bytes of a file; a year of a miner takes about 60 kB."""
_HASH_DIGITS: Final = sha256().digest_size * 2


class CachedKind(StrEnum):
    """Every such file there is of a config entry; the value follows the entry's id."""

    FOLD = "fold"
    """Of a miner: sums of its history, see `history/folds.py`."""


class CacheFile:
    """One file of a config entry."""

    def __init__(self, hass: HomeAssistant, entry_id: str, kind: CachedKind) -> None:
        """Prepare; nothing is read yet."""
        # Home Assistant leaves this folder out of backups.
        self._path = Path(hass.config.cache_path(DOMAIN, f"{entry_id}.{kind}"))

    def read(self, version: str) -> list[bytes] | None:
        """Return the lines that this version has written, or `None`."""
        try:
            if self._path.stat().st_size > LARGEST:
                return None
            content = self._path.read_bytes()
        except OSError:
            return None
        checksum, body = content[:_HASH_DIGITS], content[_HASH_DIGITS:]
        return body.split(b"\n") if checksum == _checksum(version, body) else None

    def write(self, version: str, lines: Iterable[bytes]) -> None:
        """Replace the file, as a whole or not at all; remove it if it would be huge."""
        body = b"\n".join(lines)
        if len(body) + _HASH_DIGITS > LARGEST:
            self.remove()
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, _checksum(version, body) + body)
        except OSError as err:
            _LOGGER.debug("%s could not be written: %s", self._path, err)

    def remove(self) -> None:
        """Remove the file if there is one."""
        for path in (self._path, unfinished_of(self._path)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _checksum(version: str, body: bytes) -> bytes:
    digest = sha256(version.encode())
    digest.update(b"\n")
    digest.update(body)
    return digest.hexdigest().encode()
