"""Reads pictures that people want to post: files, and image entities."""

import mimetypes
import re
from typing import Final

from homeassistant.components.image import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import slugify

from ..const import DOMAIN
from ..results.files import read_file
from .messages.model import Attachment

LARGEST: Final = 10 * 1024 * 1024
"""Bytes Discord takes as one file."""
_MIB: Final = 1024 * 1024


async def async_read_picture(
    hass: HomeAssistant, path: str | None, entity_id: str | None
) -> Attachment | None:
    """Return a picture from a file, or else from an image entity.

    A path that is not absolute is one below the configuration folder.

    Raises:
        ServiceValidationError: there is no such file, or Home Assistant may not read
            it; or there is no such entity; or it is too large for Discord.
        HomeAssistantError: it could not be read.

    """
    if path is not None:
        picture = await hass.async_add_executor_job(_read, hass, path)
    elif entity_id is not None:
        image = await async_get_image(hass, entity_id)
        suffix = mimetypes.guess_extension(image.content_type) or ".png"
        picture = Attachment(
            name=f"{slugify(entity_id.partition('.')[2])}{suffix}",
            content=image.content,
        )
    else:
        return None
    if len(picture.content) > LARGEST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="picture_too_large",
            translation_placeholders={
                "name": picture.name,
                "largest": str(LARGEST // _MIB),
            },
        )
    return picture


def _read(hass: HomeAssistant, name: str) -> Attachment:
    # One byte more shows whether it is too large.
    path, content = read_file(hass, name, LARGEST + 1)
    suffix = re.sub(r"[^\w.]", "", path.suffix, flags=re.ASCII)
    return Attachment(name=f"{slugify(path.stem)}{suffix}", content=content)
