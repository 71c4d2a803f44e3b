"""What is published of each firmware family. Pure.

A catalogue is the list of releases of a repository, as GitHub's interface sends it
(`GET /repos/{owner}/{repo}/releases`, API version 2022-11-28). The names of the files
are those that the projects' own workflows give them: ESP-Miner
`.github/workflows/release.yml`, ESP-Miner-NerdQAxePlus `.github/workflows/build.yml`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import re
from typing import Final

from ..axeos import LARGEST_IMAGE, Family, Snapshot
from ..axeos.snapshot import Identity

REPOSITORIES: Final[Mapping[Family, str]] = {
    Family.AXEOS: "bitaxeorg/ESP-Miner",
    Family.NERDOS: "shufps/ESP-Miner-NerdQAxePlus",
}
"""Where each family is published; a family that is not here has no catalogue."""

_MAKERS: Final[Mapping[Family, str]] = {
    Family.AXEOS: "Bitaxe",
    Family.NERDOS: "NerdAxe",
}
"""Whose boards the firmware of a family is made for."""
_WEB_FILE: Final = "www.bin"
_AXEOS_FILE: Final = "esp-miner.bin"
_NERDOS_LABELS: Final[Mapping[str, str]] = {
    **{
        name: name
        for name in (
            *("NerdAxe", "NerdAxeGamma", "NerdQAxe+", "NerdQAxe++", "NerdOCTAXE+"),
            *("NerdEKO", "NerdQX", "Q1370", "Q1373"),
        )
    },
    "NerdOCTAXE-γ": "NerdOCTAXE-Gamma",
    "NerdHaxe-γ": "NerdHaxe-Gamma",
}
"""What the files of a model are called, by the model."""

MOST_RELEASES: Final = 30
_LONGEST_NOTES: Final = 20_000
_LONGEST_TAG: Final = 40
_LONGEST_URL: Final = 500
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")
_VERSION: Final = re.compile(
    r"v?(\d{1,4}(?:\.\d{1,4}){1,3})(?:[-.]?(alpha|beta|b|rc)[-.]?(\d{1,4})?|-LTS)?",
    re.IGNORECASE,
)
_STAGES: Final = {"alpha": 0, "b": 1, "beta": 1, "rc": 2}
_FINAL: Final = 3
_PARTS: Final = 4
# What a browser that shows the notes would fetch from elsewhere, and other markup. Of
# bounded length, so that notes of nothing but openings take no time.
_IMAGE: Final = re.compile(
    r"!\[([^\]\n]{0,500})\](?:\([^)\n]{0,500}\)|\[[^\]\n]{0,500}\])"
)
_MARKUP: Final = re.compile(r"<[^>\n]{0,500}>")
# What these leave, because it is nested, spans lines or is longer, loses its opening.
_IMAGE_OPENING: Final = re.compile(r"!+(?=\[)")
_MARKUP_OPENING: Final = re.compile(r"<(?=[A-Za-z/!?])")

type Version = tuple[tuple[int, ...], int, int]
"""Numbers, stage (alpha, beta, candidate, final) and number within the stage."""


def parse_version(text: str | None) -> Version | None:
    """Return a version that sorts; `None` for development builds and forks.

    "v2.9.0-12-gabc123-dirty" and "2.13.2-TCH" are no versions of the project.
    """
    match = _VERSION.fullmatch((text or "").strip()[:_LONGEST_TAG])
    if match is None:
        return None
    numbers = [int(number) for number in match[1].split(".")]
    numbers += [0] * (_PARTS - len(numbers))
    stage = _STAGES[match[2].lower()] if match[2] else _FINAL
    return tuple(numbers), stage, int(match[3] or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of a release."""

    url: str
    size: int
    """Bytes."""
    sha256: str | None
    """Hexadecimal, where the catalogue has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A published version."""

    tag: str
    version: Version
    url: str
    """Of the page about it."""
    notes: str
    """Markdown, without pictures."""
    assets: Mapping[str, Asset]
    """By the name of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What of a release is for one board."""

    firmware: Asset
    web: Asset | None
    """The web interface, where it is a file of its own."""


def read_releases(payload: object) -> tuple[Release, ...]:
    """Return the final releases of a catalogue, the newest version first.

    Drafts, pre-releases and what cannot be read are left out.
    """
    found: dict[Version, Release] = {}
    for item in payload if isinstance(payload, list) else ():
        release = _read_release(item) if isinstance(item, dict) else None
        if release is not None:
            found.setdefault(release.version, release)
    return tuple(found[version] for version in sorted(found, reverse=True))


def newest_for(releases: Iterable[Release], identity: Identity) -> Release | None:
    """Return the newest release that has a file for a board."""
    return next(
        (item for item in releases if files_for(item, identity) is not None), None
    )


def files_for(release: Release, identity: Identity) -> Files | None:
    """Return the files for a board, `None` if there are none."""
    name = _firmware_file(identity)
    firmware = None if name is None else release.assets.get(name)
    if firmware is None:
        return None
    return Files(firmware=firmware, web=release.assets.get(_WEB_FILE))


def has_catalogue(snapshot: Snapshot) -> bool:
    """Return whether a catalogue publishes the firmware and board of a miner.

    It does not for unknown boards, those of vendors, forks, development builds, and
    miners on a cable, which the projects' own firmware does not support.
    """
    identity = snapshot.identity
    return (
        identity.family in REPOSITORIES
        and identity.manufacturer == _MAKERS[identity.family]
        and parse_version(identity.firmware_version) is not None
        and _firmware_file(identity) is not None
        and identity.ethernet_mac is None
        and not snapshot.system.ethernet
        and not snapshot.is_foreign
    )


def _firmware_file(identity: Identity) -> str | None:
    if identity.family is Family.AXEOS:
        # One image for all boards: the firmware itself finds out which one it is on.
        return _AXEOS_FILE
    label = _NERDOS_LABELS.get(identity.model)
    return None if label is None else f"esp-miner-{label}.bin"


def _read_release(item: Mapping[str, object]) -> Release | None:
    tag, url, notes = item.get("tag_name"), item.get("html_url"), item.get("body")
    if (
        item.get("draft") is not False
        or item.get("prerelease") is not False
        or not isinstance(tag, str)
        or (version := parse_version(tag)) is None
        or version[1] != _FINAL
    ):
        return None
    assets = item.get("assets")
    return Release(
        tag=tag.strip(),
        version=version,
        url=url
        if isinstance(url, str)
        and url.startswith("https://")
        and len(url) <= _LONGEST_URL
        else "",
        notes=_plain(notes) if isinstance(notes, str) else "",
        assets=dict(
            named
            for asset in (assets if isinstance(assets, list) else ())
            if isinstance(asset, dict) and (named := _read_asset(asset)) is not None
        ),
    )


def _read_asset(item: Mapping[str, object]) -> tuple[str, Asset] | None:
    name, url = item.get("name"), item.get("browser_download_url")
    size, digest = item.get("size"), item.get("digest")
    if (
        not isinstance(name, str)
        or not isinstance(url, str)
        or not isinstance(size, int)
        or not 0 < size <= LARGEST_IMAGE
    ):
        return None
    match = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
    return name, Asset(url=url, size=size, sha256=match[1] if match else None)


def _plain(notes: str) -> str:
    """Return notes that load nothing and end somewhere."""
    text = notes.replace("\r\n", "\n")[: 2 * _LONGEST_NOTES]
    text = _MARKUP.sub("", _IMAGE.sub(r"\1", text))
    text = _MARKUP_OPENING.sub("< ", _IMAGE_OPENING.sub("", text))
    return text[:_LONGEST_NOTES].strip()
