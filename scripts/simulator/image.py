"""Firmware images, as far as the boot loader and the updater look at them.

Layout: ESP-IDF `esp_app_format.h` and `esp_app_desc.h`.
"""

import struct

_HEADER = 0xE9
_ESP32_S3 = 9
_DESCRIPTION = 0xABCD5432


def build_image(version: str, size: int = 4096, *, chip: int = _ESP32_S3) -> bytes:
    """Return an image that says it is a version of the firmware, and does nothing."""
    image = bytearray(size)
    image[0] = _HEADER
    struct.pack_into("<H", image, 12, chip)
    struct.pack_into("<I", image, 32, _DESCRIPTION)
    image[48:80] = version.encode().ljust(32, b"\0")
    image[80:112] = b"esp-miner".ljust(32, b"\0")
    return bytes(image)


def version_of(image: bytes) -> str | None:
    """Return the version of an image; None if the updater would not take it."""
    if len(image) < 256 or image[0] != _HEADER:
        return None
    (magic,) = struct.unpack_from("<I", image, 32)
    if magic != _DESCRIPTION:
        return None
    return image[48:80].partition(b"\0")[0].decode()
