"""Messages as a page that looks like Discord, for people to look at; pure."""

import base64
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from html import escape
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from .clock import now
from .entities import Attachment, Channel, Message
from .markdown import to_html

type Address = Callable[[Message, Attachment], str]
"""Where the page finds an attachment."""

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}


def page(channel: Channel) -> str:
    """Return a channel as a page that needs nothing else."""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        '<meta name="viewport" content="width=device-width">'
        f"<title>#{escape(channel.name)}</title><style>{STYLE}</style>"
        f"<body><h1 class=channel># {escape(channel.name)}</h1>"
        f"<main>{render(channel, channel.messages, inline)}</main></body></html>"
    )


def inline(_: Message, attachment: Attachment) -> str:
    """Return an attachment as an address that has it in itself."""
    kind = guess_type(attachment.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(attachment.content).decode()}"


def render(channel: Channel, messages: Iterable[Message], address: Address) -> str:
    """Return messages of a channel as HTML."""
    guild = channel.guild
    names = {
        **{other.id: other.name for other in guild.channels.values()},
        **{role.id: role.name for role in guild.roles.values()},
        **{member.user.id: member.user.name for member in guild.members.values()},
    }

    def marked_up(text: str) -> str:
        return to_html(text, names, now())

    return "".join(_message(message, marked_up, address) for message in messages)


def _message(
    message: Message, marked_up: Callable[[str], str], address: Address
) -> str:
    sent = datetime.fromtimestamp(message.sent, UTC).strftime("%H:%M")
    tag = '<span class="app">APP</span>' if message.author.bot else ""
    edited = '<span class="edited">(edited)</span>' if message.edits else ""
    body = "<i>… is thinking</i>" if message.thinking else marked_up(message.content)
    shown = {_file_name(embed) for embed in message.embeds}
    files = {attachment.name: attachment for attachment in message.attachments}
    classes = "message pinged" if message.pinged else "message"
    if message.ephemeral:
        classes += " ephemeral"
    return (
        f'<article class="{classes}" data-id="{message.id}">'
        f'<div class="avatar">{escape(message.author.name[:1].upper())}</div>'
        f'<div class="body"><header><b>{escape(message.author.name)}</b>{tag}'
        f"<time>{sent}</time></header>"
        f'<div class="content">{body}{edited}</div>'
        + "".join(
            _attachment(message, attachment, address)
            for name, attachment in files.items()
            if name not in shown
        )
        + "".join(
            _embed(message, embed, files, marked_up, address)
            for embed in message.embeds
        )
        + "".join(_row(row) for row in message.components)
        + (
            '<footer class="note">Only you can see this</footer>'
            if message.ephemeral
            else ""
        )
        + "</div></article>"
    )


def _file_name(embed: dict[str, Any]) -> str:
    url = str((embed.get("image") or {}).get("url", ""))
    return url.removeprefix("attachment://").rpartition("/")[2]


def _attachment(message: Message, attachment: Attachment, address: Address) -> str:
    source = escape(address(message, attachment))
    if (guess_type(attachment.name)[0] or "").startswith("image/"):
        text = escape(attachment.description or "")
        return f'<img class="attachment" src="{source}" alt="{text}">'
    return f'<a class="file" href="{source}">{escape(attachment.name)}</a>'


def _embed(
    message: Message,
    embed: dict[str, Any],
    files: dict[str, Attachment],
    marked_up: Callable[[str], str],
    address: Address,
) -> str:
    color = embed.get("color")
    bar = "#4e5058" if color is None else f"#{color:06x}"
    parts = []
    if title := embed.get("title"):
        html = marked_up(title)
        if url := embed.get("url"):
            html = f'<a href="{escape(url)}">{html}</a>'
        parts.append(f'<div class="title">{html}</div>')
    if description := embed.get("description"):
        parts.append(f'<div class="description">{marked_up(description)}</div>')
    if fields := embed.get("fields"):
        parts.append(_fields(fields, marked_up))
    attachment = files.get(_file_name(embed))
    if attachment is not None:
        source = escape(address(message, attachment))
        text = escape(attachment.description or "")
        parts.append(f'<img src="{source}" alt="{text}">')
    foot = [escape((embed.get("footer") or {}).get("text", ""))]
    if stamp := embed.get("timestamp"):
        moment = datetime.fromisoformat(stamp).astimezone(UTC)
        foot.append(moment.strftime("%d/%m/%Y %H:%M"))
    if text := " • ".join(part for part in foot if part):
        parts.append(f'<div class="foot">{text}</div>')
    kind = "embed picture" if attachment is not None else "embed"
    return f'<div class="{kind}" style="border-color:{bar}">{"".join(parts)}</div>'


def _fields(fields: list[dict[str, Any]], marked_up: Callable[[str], str]) -> str:
    """Return fields in a grid: up to three in a row, where they may stand together."""
    rows: list[list[dict[str, Any]]] = []
    for field in fields:
        last = rows[-1] if rows else []
        if field.get("inline") and last and last[0].get("inline") and len(last) < 3:
            last.append(field)
        else:
            rows.append([field])
    return (
        '<div class="fields">'
        + "".join(
            f'<div class="field" style="grid-column:span {12 // len(row)}">'
            f"<b>{marked_up(field['name'])}</b><div>{marked_up(field['value'])}</div>"
            "</div>"
            for row in rows
            for field in row
        )
        + "</div>"
    )


def _row(row: dict[str, Any]) -> str:
    return (
        '<div class="buttons">'
        + "".join(
            f'<button class="{_STYLES.get(part.get("style", 2), "secondary")}"'
            f"{' disabled' if part.get('disabled') else ''}>"
            f"{escape((part.get('emoji') or {}).get('name') or '')} "
            f"{escape(part.get('label') or '')}</button>"
            for part in row["components"]
        )
        + "</div>"
    )
