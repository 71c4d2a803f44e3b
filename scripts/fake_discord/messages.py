"""Limits and shapes of whole messages; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import re
from typing import Any

from .components import check_components
from .limits import (
    CONTENT,
    Path,
    Problem,
    check_count,
    check_embeds,
    check_keys,
    check_text,
    required,
    wrong_type,
)
from .mentions import check_mentions

ATTACHMENTS = 10
FILE_BYTES = 10 * 1024 * 1024
"""Of one file, where nobody has boosted the guild."""
REQUEST_BYTES = 25 * 1024 * 1024
NONCE = 25
ALT_TEXT = 1024
USERNAME = 80

SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
SUPPRESS_NOTIFICATIONS = 1 << 12

_COMMON = {
    *("content", "tts", "embeds", "allowed_mentions", "components", "attachments"),
    *("flags", "poll"),
}
KEYS = {
    "channel": _COMMON | {"nonce", "enforce_nonce", "message_reference", "sticker_ids"},
    "webhook": _COMMON | {"username", "avatar_url", "thread_name", "applied_tags"},
    "interaction": _COMMON,
}
"""Keys of a message by the way it is sent."""
_SAFE_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes


def check_message(
    way: str,
    payload: dict[str, Any],
    files: Mapping[int, Upload],
    kept: Mapping[int, str],
) -> Iterator[Problem]:
    """Check a message.

    Args:
        way: how it is sent, a key of `KEYS`.
        payload: the message itself.
        files: what came with it, by the number in its part's name.
        kept: names of the attachments that an edited message has already, by id.

    """
    yield from check_keys((), payload, KEYS[way])
    yield from check_text(("content",), payload.get("content"), CONTENT)
    yield from check_mentions(payload.get("content"), payload.get("allowed_mentions"))
    names = list(_names(payload, files, kept))
    if (embeds := payload.get("embeds")) is not None:
        yield from check_embeds(embeds, names)
    if (components := payload.get("components")) is not None:
        yield from check_components(components)
        if way == "webhook" and components:
            yield Problem(
                ("components",),
                "COMPONENTS_OF_WEBHOOK",
                "Discord leaves out the components of a webhook no application owns.",
                refused=False,
            )
    yield from _check_attachments(payload.get("attachments"), files, kept)
    yield from _check_flags(way, payload.get("flags"))
    if (nonce := payload.get("nonce")) is not None:
        yield from check_text(("nonce",), str(nonce), NONCE)
    if (username := payload.get("username")) is not None:
        yield from _check_username(username)


def is_empty(payload: dict[str, Any], files: Mapping[int, Upload]) -> bool:
    """Return whether a message has nothing to show."""
    content = payload.get("content")
    return not (
        (isinstance(content, str) and content.strip())
        or payload.get("embeds")
        or payload.get("components")
        or payload.get("sticker_ids")
        or payload.get("poll")
        or files
        or payload.get("attachments")
    )


def _names(
    payload: dict[str, Any], files: Mapping[int, Upload], kept: Mapping[int, str]
) -> Iterator[str]:
    """Yield the names of the attachments that the message will have."""
    listed = payload.get("attachments")
    if not isinstance(listed, list):
        yield from kept.values()
        yield from (upload.name for upload in files.values())
        return
    for part in listed:
        number = int(part.get("id", -1))
        if number in files:
            yield part.get("filename") or files[number].name
        elif number in kept:
            yield kept[number]


def _check_attachments(
    listed: object, files: Mapping[int, Upload], kept: Mapping[int, str]
) -> Iterator[Problem]:
    path: Path = ("attachments",)
    count = len(files)
    if listed is not None:
        yield from check_count(path, listed, ATTACHMENTS)
        if not isinstance(listed, list):
            return
        numbers = {int(part.get("id", -1)) for part in listed}
        count = len(numbers | set(files))
        for index, part in enumerate(listed):
            if part.get("id") is None:
                yield required((*path, index, "id"))
            elif int(part["id"]) not in files and int(part["id"]) not in kept:
                yield Problem(
                    (*path, index, "id"),
                    "ATTACHMENT_NOT_FOUND",
                    "No part of the request has this number.",
                )
            yield from check_text(
                (*path, index, "description"), part.get("description"), ALT_TEXT
            )
    if count > ATTACHMENTS:
        yield Problem(
            path,
            "BASE_TYPE_MAX_LENGTH",
            f"Must be {ATTACHMENTS} or fewer in length, and is {count}.",
        )
    for number, upload in files.items():
        if not _SAFE_NAME.fullmatch(upload.name):
            yield Problem(
                ("files", number),
                "FILE_NAME",
                f"Discord changes the name {upload.name!r}: no reference finds it.",
                refused=False,
            )
        if not upload.content:
            yield Problem(
                ("files", number), "FILE_EMPTY", "The file is empty.", refused=False
            )


def _check_flags(way: str, flags: object) -> Iterator[Problem]:
    if flags is None:
        return
    if not isinstance(flags, int):
        yield wrong_type(("flags",), "a whole number")
        return
    known = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS
    if way == "interaction":
        known |= EPHEMERAL
    if flags & ~known:
        yield Problem(
            ("flags",), "BITFIELD_UNKNOWN_FLAG", f"Unknown flags: {flags & ~known}."
        )


def _check_username(name: object) -> Iterator[Problem]:
    path: Path = ("username",)
    yield from check_text(path, name, USERNAME, needed=True)
    for word in ("clyde", "discord"):
        if word in str(name).lower():
            yield Problem(
                path, "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"'
            )
