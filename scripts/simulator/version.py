"""Firmware versions, compared as numbers."""

import re

type Version = tuple[int, int, int]

NEWEST: Version = (999, 0, 0)


def parse_version(text: str) -> Version:
    """Return the three leading numbers of a firmware tag such as "v2.12.2"."""
    numbers = [int(part) for part in re.findall(r"\d+", text)[:3]]
    major, minor, patch, *_ = [*numbers, 0, 0, 0]
    return major, minor, patch
