"""What is known to be wrong with a version of firmware; see `known_troubles.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
import json
from pathlib import Path
from typing import Final

from ..axeos import Family
from .catalogue import Version, parse_version

_FILE: Final = Path(__file__).with_name("known_troubles.json")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of some versions."""

    key: str
    """Of its text, in `firmware_trouble` of the translations."""
    since: Version
    until: Version
    """The last version that has it."""
    url: str
    """Where it is discussed."""


@cache
def known_troubles() -> Mapping[Family, tuple[Trouble, ...]]:
    """Read the file of the package. Blocking."""
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    return {
        Family(family): tuple(
            Trouble(
                item["key"],
                _version(item["since"]),
                _version(item["until"]),
                item["url"],
            )
            for item in items
        )
        for family, items in content.items()
    }


def troubles_of(
    known: Mapping[Family, tuple[Trouble, ...]], family: Family, version: Version
) -> list[Trouble]:
    """Return what is wrong with a version."""
    return [
        trouble
        for trouble in known.get(family, ())
        if trouble.since <= version <= trouble.until
    ]


def _version(text: str) -> Version:
    version = parse_version(text)
    assert version is not None, text
    return version
