"""What Discord documents about the size and shape of what it is sent; pure.

A check yields a problem for each limit that is broken. Some make Discord refuse the
request, others it overlooks while the message looks wrong.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

type Path = tuple[str | int, ...]

CONTENT = 2000
EMBEDS = 10
EMBEDS_TOTAL = 6000
"""Characters of all embeds of a message together."""
TITLE = 256
DESCRIPTION = 4096
FIELDS = 25
FIELD_NAME = 256
FIELD_VALUE = 1024
FOOTER = 2048
AUTHOR = 256
URL = 2048
COLOR = 0xFFFFFF

_EMBED_KEYS = {
    *("title", "type", "description", "url", "timestamp", "color", "footer", "image"),
    *("thumbnail", "author", "fields"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One limit that is broken."""

    path: Path
    """Keys and indices that lead to the place."""
    code: str
    text: str
    refused: bool = True
    """Whether Discord answers with an error."""

    @override
    def __str__(self) -> str:
        """Return the place and what is wrong there."""
        return f"{'.'.join(str(part) for part in self.path) or 'body'}: {self.text}"


def too_long(path: Path, limit: int, length: int) -> Problem:
    """Return the problem of a text that is too long."""
    return Problem(
        path,
        "BASE_TYPE_MAX_LENGTH",
        f"Must be {limit} or fewer in length, and is {length}.",
    )


def required(path: Path) -> Problem:
    """Return the problem of something that is missing, or nothing but space."""
    return Problem(path, "BASE_TYPE_REQUIRED", "This field is required")


def wrong_type(path: Path, kind: str) -> Problem:
    """Return the problem of a value of another type."""
    return Problem(path, "BASE_TYPE_BAD_TYPE", f"Must be {kind}.")


def unknown(path: Path) -> Problem:
    """Return the problem of a key that Discord does not document."""
    return Problem(path, "UNKNOWN_KEY", "Discord documents no such key.", refused=False)


def check_keys(
    path: Path, value: dict[str, Any], known: Collection[str]
) -> Iterator[Problem]:
    """Find keys that are not documented."""
    yield from (unknown((*path, key)) for key in value if key not in known)


def check_text(
    path: Path, value: object, limit: int, *, needed: bool = False
) -> Iterator[Problem]:
    """Check a text, or None."""
    if value is None or value == "":
        if needed:
            yield required(path)
    elif not isinstance(value, str):
        yield wrong_type(path, "a text")
    elif len(value) > limit:
        yield too_long(path, limit, len(value))
    elif needed and not value.strip():
        yield required(path)


def check_count(path: Path, value: object, limit: int) -> Iterator[Problem]:
    """Check the length of a list."""
    if not isinstance(value, list):
        yield wrong_type(path, "a list")
    elif len(value) > limit:
        yield Problem(
            path,
            "BASE_TYPE_MAX_LENGTH",
            f"Must be {limit} or fewer in length, and is {len(value)}.",
        )


def check_embeds(embeds: object, files: Collection[str]) -> Iterator[Problem]:
    """Check the embeds of a message, whose attachments have these names."""
    path: Path = ("embeds",)
    yield from check_count(path, embeds, EMBEDS)
    if not isinstance(embeds, list):
        return
    total = 0
    for index, embed in enumerate(embeds):
        if not isinstance(embed, dict):
            yield wrong_type((*path, index), "an object")
            continue
        yield from _check_embed((*path, index), embed, files)
        total += _size(embed)
    if total > EMBEDS_TOTAL:
        yield Problem(
            path,
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {EMBEDS_TOTAL}, and is {total}.",
        )


def _size(embed: dict[str, Any]) -> int:
    """Return the characters that count for the limit of all embeds."""
    texts = [
        embed.get("title"),
        embed.get("description"),
        _part(embed, "footer").get("text"),
        _part(embed, "author").get("name"),
    ]
    for field in embed.get("fields") or []:
        if isinstance(field, dict):
            texts += [field.get("name"), field.get("value")]
    return sum(len(text) for text in texts if isinstance(text, str))


def _part(embed: dict[str, Any], key: str) -> dict[str, Any]:
    value = embed.get(key)
    return value if isinstance(value, dict) else {}


def _check_embed(
    path: Path, embed: dict[str, Any], files: Collection[str]
) -> Iterator[Problem]:
    yield from check_keys(path, embed, _EMBED_KEYS)
    if not any(
        embed.get(key)
        for key in ("title", "description", "fields", "image", "thumbnail", "author")
    ) and not _part(embed, "footer"):
        yield required((*path, "description"))
    yield from check_text((*path, "title"), embed.get("title"), TITLE)
    yield from check_text((*path, "description"), embed.get("description"), DESCRIPTION)
    if footer := embed.get("footer"):
        yield from check_text(
            (*path, "footer", "text"), footer.get("text"), FOOTER, needed=True
        )
    if author := embed.get("author"):
        yield from check_text(
            (*path, "author", "name"), author.get("name"), AUTHOR, needed=True
        )
    yield from _check_fields((*path, "fields"), embed.get("fields"))
    color = embed.get("color")
    if color is not None and not (isinstance(color, int) and 0 <= color <= COLOR):
        yield Problem(
            (*path, "color"),
            "NUMBER_TYPE_MAX",
            f"int value should be between 0 and {COLOR}.",
        )
    if (stamp := embed.get("timestamp")) is not None and not _is_time(stamp):
        yield Problem(
            (*path, "timestamp"), "DATE_TIME_TYPE_PARSE", "Must be an ISO8601 time."
        )
    yield from _check_address((*path, "url"), embed.get("url"), None)
    for key in ("image", "thumbnail"):
        if part := embed.get(key):
            yield from _check_address((*path, key, "url"), part.get("url"), files)


def _check_fields(path: Path, fields: object) -> Iterator[Problem]:
    if fields is None:
        return
    yield from check_count(path, fields, FIELDS)
    if not isinstance(fields, list):
        return
    for index, field in enumerate(fields):
        place = (*path, index)
        yield from check_keys(place, field, {"name", "value", "inline"})
        yield from check_text(
            (*place, "name"), field.get("name"), FIELD_NAME, needed=True
        )
        yield from check_text(
            (*place, "value"), field.get("value"), FIELD_VALUE, needed=True
        )


def _check_address(
    path: Path, url: object, files: Collection[str] | None
) -> Iterator[Problem]:
    """Check a web address, or one of an attachment where there are any."""
    if url is None:
        return
    yield from check_text(path, url, URL, needed=True)
    scheme, found, name = str(url).partition("://")
    if files is not None and scheme == "attachment":
        if name not in files:
            yield Problem(
                path,
                "UNKNOWN_ATTACHMENT",
                f"No attachment has the name {name!r}: nothing is shown.",
                refused=False,
            )
    elif not found or scheme not in {"http", "https"}:
        yield Problem(
            path,
            "URL_TYPE_INVALID_SCHEME",
            f"Scheme {scheme!r} must be one of ('http', 'https').",
        )


def _is_time(value: object) -> bool:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True
