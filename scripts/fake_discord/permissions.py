"""Permissions, and how roles and channels decide on them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Literal


class Permission(IntFlag):
    """Bits of Discord's permissions, as far as a bot that reports needs them."""

    ADMINISTRATOR = 1 << 3
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31


REPORTING = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
)
"""What a bot is invited with that posts reports."""
EVERYONE = REPORTING | Permission.ADD_REACTIONS | Permission.USE_APPLICATION_COMMANDS
"""What everybody may in a new guild."""
ALL = Permission(sum(Permission))


@dataclass(eq=False, kw_only=True)
class Overwrite:
    """What a channel allows or denies one role or member."""

    target_id: int
    kind: Literal["role", "member"]
    allow: Permission = field(default=Permission(0))
    deny: Permission = field(default=Permission(0))


def in_channel(
    guild_id: int,
    member_id: int,
    role_ids: set[int],
    granted: Iterable[Permission],
    overwrites: Iterable[Overwrite],
) -> Permission:
    """Return what a member may in a channel.

    Args:
        guild_id: also the id of the role everybody has.
        member_id: id of the member.
        role_ids: ids of the member's other roles.
        granted: permissions of all roles of the member, everybody's included.
        overwrites: those of the channel.

    """
    base = Permission(0)
    for permissions in granted:
        base |= permissions
    if Permission.ADMINISTRATOR in base:
        return ALL
    layers: list[list[Overwrite]] = [[], [], []]
    for overwrite in overwrites:
        if overwrite.target_id == guild_id:
            layers[0].append(overwrite)
        elif overwrite.kind == "role" and overwrite.target_id in role_ids:
            layers[1].append(overwrite)
        elif overwrite.kind == "member" and overwrite.target_id == member_id:
            layers[2].append(overwrite)
    for layer in layers:
        for overwrite in layer:
            base &= ~overwrite.deny
        for overwrite in layer:
            base |= overwrite.allow
    if Permission.VIEW_CHANNEL not in base:
        return Permission(0)
    if Permission.SEND_MESSAGES not in base:
        base &= ~(Permission.EMBED_LINKS | Permission.ATTACH_FILES)
    return base
