"""Firmware images, as far as one can be looked at before it is sent to a miner.

Layout: ESP-IDF `esp_image_header_t` and `esp_app_desc_t`
(`components/bootloader_support/include/esp_app_format.h`, `esp_app_desc.h`).
"""

from dataclasses import dataclass
from enum import StrEnum
import struct
from typing import Final, Self

_HEADER_MAGIC: Final = 0xE9
_ESP32_S3: Final = 9
"""`chip_id` of the controller that every Bitaxe and its relatives have."""
_CHIP_AT: Final = 12
_DESCRIPTION_AT: Final = 32
_DESCRIPTION_MAGIC: Final = 0xABCD5432
_VERSION_AT: Final = 48
_NAME_AT: Final = 80
_TEXT_LENGTH: Final = 32
_SMALLEST: Final = 256
LARGEST_IMAGE: Final = 8 * 1024 * 1024
"""Bytes; more than any partition of these boards holds."""


class ImageKind(StrEnum):
    """What an image is for."""

    FIRMWARE = "firmware"
    WEB = "web"
    """Files of the web interface, which firmware up to AxeOS v2.14 has apart."""


@dataclass(frozen=True, slots=True)
class FirmwareImage:
    """An application for the controller of a miner."""

    content: bytes
    version: str
    """As the firmware will report it."""
    name: str
    """Of the project it was built from."""

    @classmethod
    def read(cls, content: bytes) -> Self | None:
        """Return what bytes say of themselves; `None` if they are no such image.

        A factory image, which begins with the boot loader, has no description where an
        application has it, and is refused by that.
        """
        if not _SMALLEST <= len(content) <= LARGEST_IMAGE:
            return None
        (chip,) = struct.unpack_from("<H", content, _CHIP_AT)
        (magic,) = struct.unpack_from("<I", content, _DESCRIPTION_AT)
        if (
            content[0] != _HEADER_MAGIC
            or chip != _ESP32_S3
            or magic != _DESCRIPTION_MAGIC
        ):
            return None
        return cls(content, _text(content, _VERSION_AT), _text(content, _NAME_AT))


def _text(content: bytes, start: int) -> str:
    """Return a text that ends with NUL."""
    field = content[start : start + _TEXT_LENGTH]
    return field.partition(b"\0")[0].decode("ascii", errors="replace")
