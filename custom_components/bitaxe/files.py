"""Writes what an action makes to where people may have it."""

from errno import ENOSPC
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.file import WriteError, write_utf8_file

from .const import DOMAIN

_MEDIA_FOLDER: Final = DOMAIN


def write_file(hass: HomeAssistant, name: str, content: str | bytes) -> str:
    """Write a file as a whole or not at all, and return its path. Blocking.

    A path that is not absolute is one below the configuration folder.

    Raises:
        ServiceValidationError: Home Assistant may not write there.
        HomeAssistantError: it could not be written, for example as the disk is full.

    """
    path = Path(hass.config.path(name))
    if not hass.config.is_allowed_path(str(path)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"path": str(path)},
        )
    _write(path, content)
    return str(path)


def write_media(hass: HomeAssistant, name: str, content: bytes) -> tuple[str, str]:
    """Write a file into the media folder; return path and media content id. Blocking.

    Raises:
        HomeAssistantError: there is no media folder, or it could not be written.

    """
    media = hass.config.media_dirs
    if not media:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="no_media_folder"
        )
    source = "local" if "local" in media else next(iter(media))
    path = Path(media[source], _MEDIA_FOLDER, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise _write_failed(path, err) from err
    _write(path, content)
    return str(path), f"media-source://media_source/{source}/{_MEDIA_FOLDER}/{name}"


def _write(path: Path, content: str | bytes) -> None:
    try:
        write_utf8_file(
            str(path), content, mode="wb" if isinstance(content, bytes) else "w"
        )
    except WriteError as err:
        raise _write_failed(path, err.__cause__ or err) from err


def _write_failed(path: Path, err: BaseException) -> HomeAssistantError:
    full = isinstance(err, OSError) and err.errno == ENOSPC
    reason = err.strerror if isinstance(err, OSError) and err.strerror else str(err)
    if full:
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="disk_full",
            translation_placeholders={"path": str(path)},
        )
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="write_failed",
        translation_placeholders={"path": str(path), "reason": reason},
    )
