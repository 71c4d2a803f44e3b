"""A message as Discord knows it, whatever sends it. Pure.

A `Message` may have any size; `paginate` cuts it into messages that Discord accepts.
Lengths are counted in UTF-16 units, which is never less than what Discord counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, override

from ..markdown import length, split

CONTENT_LENGTH: Final = 2000
EMBEDS: Final = 10
EMBEDS_LENGTH: Final = 6000
"""Of all texts in all embeds of a message together."""
TITLE_LENGTH: Final = 256
DESCRIPTION_LENGTH: Final = 4096
FIELDS: Final = 25
FIELD_NAME_LENGTH: Final = 256
FIELD_VALUE_LENGTH: Final = 1024
FOOTER_LENGTH: Final = 2048
ATTACHMENTS: Final = 10

# Discord refuses fields without a name or without a value.
_NOTHING: Final = "\u200b"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody to be pinged."""

    kind: Literal["role", "user"]
    id: int

    @override
    def __str__(self) -> str:
        """Write it the way Discord shows as a name, and pings if that is allowed."""
        return f"<@&{self.id}>" if self.kind == "role" else f"<@{self.id}>"


@dataclass(frozen=True, slots=True)
class EmbedField:
    """A small text with a name."""

    name: str
    value: str
    inline: bool = False
    """Whether others may stand beside it, where the screen is wide enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """A card within a message."""

    title: str = ""
    description: str = ""
    color: int | None = None
    """0xRRGGBB."""
    fields: tuple[EmbedField, ...] = ()
    footer: str = ""
    image: str | None = None
    """Name of an attachment of the same message."""
    timestamp: datetime | None = None
    """Shown in the time zone of each reader."""
    url: str | None = None
    """Where the title leads."""

    @property
    def length(self) -> int:
        """What counts towards Discord's limit for all embeds."""
        return sum(
            map(
                length,
                (
                    self.title,
                    self.description,
                    self.footer,
                    *(field.name for field in self.fields),
                    *(field.value for field in self.fields),
                ),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file."""

    name: str
    """With its extension; letters, digits, `-`, `_` and `.` only."""
    content: bytes
    description: str = ""
    """For people who do not see pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to say."""

    content: str = ""
    embeds: tuple[Embed, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    mention: tuple[Mention, ...] = ()
    """Who is pinged, and nobody else, whatever the texts say."""
    nonce: str | None = None
    """By which Discord knows a page that it has already, for some minutes."""


def paginate(message: Message) -> tuple[Message, ...]:
    """Return a message as several that are each within Discord's limits.

    Who is mentioned is pinged once, by the first of them, which names them in its
    content. A picture stays in one message with the embed that shows it; other files
    come last. A message without anything to say has no pages.
    """
    pages: list[Message] = [
        Message(content=part) for part in split(_with_mentions(message), CONTENT_LENGTH)
    ]
    files = {file.name: file for file in message.attachments}
    for embed in message.embeds:
        for part in _cut(_without_missing_picture(embed, files)):
            _put(pages, part, files[part.image] if part.image is not None else None)
    shown_names = {embed.image for embed in message.embeds}
    for file in message.attachments:
        if file.name in shown_names:
            continue
        if not pages or len(pages[-1].attachments) == ATTACHMENTS:
            pages.append(Message())
        pages[-1] = replace(pages[-1], attachments=(*pages[-1].attachments, file))
    if pages:
        pages[0] = replace(pages[0], mention=message.mention)
    return tuple(pages)


def _with_mentions(message: Message) -> str:
    """Return the content with everybody in it who is to be pinged."""
    missing = [
        str(mention)
        for mention in message.mention
        if str(mention) not in message.content
    ]
    return " ".join([*missing, message.content]).rstrip()


def _without_missing_picture(embed: Embed, files: Mapping[str, Attachment]) -> Embed:
    return embed if embed.image in files else replace(embed, image=None)


def _put(pages: list[Message], embed: Embed, shown: Attachment | None) -> None:
    """Add an embed to the last page, or to a new one."""
    last = pages[-1] if pages else Message()
    there = shown is None or shown in last.attachments
    fits = (
        len(last.embeds) < EMBEDS
        and sum(item.length for item in last.embeds) + embed.length <= EMBEDS_LENGTH
        and (there or len(last.attachments) < ATTACHMENTS)
    )
    if not pages or not fits:
        last = Message()
        pages.append(last)
    if shown is not None and shown not in last.attachments:
        last = replace(last, attachments=(*last.attachments, shown))
    pages[-1] = replace(last, embeds=(*last.embeds, embed))


def _cut(embed: Embed) -> Iterator[Embed]:
    """Cut an embed into embeds that are within the limits.

    The title is on the first, picture, footer and time are on the last.
    """
    title, description = _head(embed.title, TITLE_LENGTH, embed.description)
    footer, rest = _head(embed.footer, FOOTER_LENGTH, "")
    if rest:
        description = f"{description}\n{rest}" if description else rest
    part = Embed(title=title, color=embed.color, url=embed.url)
    follower = Embed(color=embed.color)
    for text in split(description, DESCRIPTION_LENGTH):
        if part.description or part.length + length(text) > EMBEDS_LENGTH:
            yield part
            part = follower
        part = replace(part, description=text)
    for field in _cut_fields(embed.fields):
        size = length(field.name) + length(field.value)
        if len(part.fields) == FIELDS or part.length + size > EMBEDS_LENGTH:
            yield part
            part = follower
        part = replace(part, fields=(*part.fields, field))
    if part.length + length(footer) > EMBEDS_LENGTH:
        yield part
        part = follower
    part = replace(part, footer=footer, image=embed.image, timestamp=embed.timestamp)
    if part.length or part.image is not None:
        yield part


def _cut_fields(fields: tuple[EmbedField, ...]) -> Iterator[EmbedField]:
    for field in fields:
        name, value = _head(field.name, FIELD_NAME_LENGTH, field.value)
        for text in split(value, FIELD_VALUE_LENGTH) or [_NOTHING]:
            yield EmbedField(name or _NOTHING, text, field.inline)
            name = _NOTHING


def _head(text: str, limit: int, following: str) -> tuple[str, str]:
    """Return what fits of a text, and what follows it with the rest before that."""
    text = text.strip()
    if length(text) <= limit:
        return text, following
    head, *rest = split(text, limit)
    return head, "\n".join([*rest, *([following] if following else [])])
