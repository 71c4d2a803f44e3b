"""What exists, as Discord writes it."""

from itertools import count
from mimetypes import guess_type
from typing import Any

from .clock import iso
from .entities import (
    Application,
    Channel,
    Entities,
    Guild,
    Member,
    Message,
    Role,
    User,
    Webhook,
)


def user_payload(user: User) -> dict[str, Any]:
    """Return a user."""
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": user.display_name or None,
        "discriminator": "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def role_payload(role: Role) -> dict[str, Any]:
    """Return a role."""
    payload: dict[str, Any] = {
        "id": str(role.id),
        "name": role.name,
        "color": 0,
        "colors": {
            "primary_color": 0,
            "secondary_color": None,
            "tertiary_color": None,
        },
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(int(role.permissions)),
        "managed": role.managed_by is not None,
        "mentionable": role.mentionable,
        "flags": 0,
    }
    if role.managed_by is not None:
        payload["tags"] = {"bot_id": str(role.managed_by)}
    return payload


def member_payload(member: Member) -> dict[str, Any]:
    """Return a member of a guild."""
    return {
        "user": user_payload(member.user),
        "nick": None,
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "pending": False,
        "premium_since": None,
        "roles": [str(role.id) for role in member.roles],
        "joined_at": iso(1_700_000_000.0),
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def channel_payload(channel: Channel) -> dict[str, Any]:
    """Return a channel."""
    return {
        "id": str(channel.id),
        "type": channel.kind,
        "flags": 0,
        "guild_id": str(channel.guild.id),
        "name": channel.name,
        "position": channel.position,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "last_message_id": str(channel.messages[-1].id) if channel.messages else None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [
            {
                "id": str(overwrite.target_id),
                "type": 0 if overwrite.kind == "role" else 1,
                "allow": str(int(overwrite.allow)),
                "deny": str(int(overwrite.deny)),
            }
            for overwrite in channel.overwrites
        ],
    }


def guild_payload(guild: Guild) -> dict[str, Any]:
    """Return a guild, as `GET /guilds/{id}` does."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "owner_id": str(guild.owner.id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "widget_enabled": False,
        "widget_channel_id": None,
        "max_presences": None,
        "max_members": 25_000_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "incidents_data": None,
        "nsfw": False,
        "roles": [role_payload(role) for role in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
    }


def joined_guild_payload(guild: Guild, bot: User) -> dict[str, Any]:
    """Return a guild as the gateway introduces it to a bot."""
    return guild_payload(guild) | {
        "joined_at": iso(1_700_000_000.0),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "channels": [channel_payload(channel) for channel in guild.channels.values()],
        "threads": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "members": [member_payload(guild.members[bot.id])],
    }


def message_payload(
    message: Message, world: Entities, url: str, *, content: bool = True
) -> dict[str, Any]:
    """Return a message.

    Args:
        message: it.
        world: where those it mentions are looked up.
        url: where attachments are found.
        content: whether the reader may know what people write.

    """
    hidden = not content
    guild = message.channel.guild
    payload: dict[str, Any] = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": 19 if message.reply_to else 0,
        "author": user_payload(message.author),
        "content": "" if hidden else message.content,
        "timestamp": iso(message.sent),
        "edited_timestamp": None if message.edited is None else iso(message.edited),
        "tts": False,
        "mention_everyone": message.pinged.everyone,
        "mentions": [
            user_payload(world.users[user_id])
            for user_id in sorted(message.pinged.users)
            if user_id in world.users
        ],
        "mention_roles": [
            str(role_id)
            for role_id in sorted(message.pinged.roles)
            if role_id in guild.roles
        ],
        "attachments": []
        if hidden
        else [
            {
                "id": str(attachment.id),
                "filename": attachment.name,
                "size": len(attachment.content),
                "url": attachment_url(url, message, attachment.name),
                "proxy_url": attachment_url(url, message, attachment.name),
                "content_type": guess_type(attachment.name)[0],
            }
            | (
                {"description": attachment.description}
                if attachment.description
                else {}
            )
            for attachment in message.attachments
        ],
        "embeds": []
        if hidden
        else [_embed_payload(embed, message, url) for embed in message.embeds],
        "components": [] if hidden else _components_payload(message.components),
        "pinned": False,
        "flags": message.flags,
    }
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.application is not None:
        payload["application_id"] = str(message.application.id)
    if message.webhook_id is not None:
        payload["webhook_id"] = str(message.webhook_id)
    if message.reply_to is not None:
        payload["message_reference"] = {
            "type": 0,
            "message_id": str(message.reply_to),
            "channel_id": str(message.channel.id),
            "guild_id": str(guild.id),
        }
    return payload


def attachment_url(url: str, message: Message, name: str) -> str:
    """Return where an attachment of a message is found."""
    return f"{url}/attachments/{message.channel.id}/{message.id}/{name}"


def _embed_payload(embed: dict[str, Any], message: Message, url: str) -> dict[str, Any]:
    """Return an embed, with the addresses that its attachments have got."""
    shown = {"type": "rich", **embed}
    if fields := embed.get("fields"):
        shown["fields"] = [{"inline": False, **part} for part in fields]
    for key in ("image", "thumbnail"):
        if part := shown.get(key):
            scheme, _, name = part["url"].partition("://")
            if scheme == "attachment":
                shown[key] = {"url": attachment_url(url, message, name)}
    return shown


def _components_payload(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return components with the ids that Discord gives those that have none."""
    numbers = count(1)

    def numbered(part: dict[str, Any]) -> dict[str, Any]:
        shown = {"id": next(numbers)} | {
            key: value for key, value in part.items() if value is not None
        }
        if (parts := part.get("components")) is not None:
            shown["components"] = [numbered(child) for child in parts]
        return shown

    return [numbered(row) for row in components]


def webhook_payload(webhook: Webhook) -> dict[str, Any]:
    """Return a webhook."""
    return {
        "id": str(webhook.id),
        "type": 1,
        "guild_id": str(webhook.channel.guild.id),
        "channel_id": str(webhook.channel.id),
        "name": webhook.name,
        "avatar": None,
        "token": webhook.token,
        "application_id": None,
    }


def application_payload(application: Application, guilds: int) -> dict[str, Any]:
    """Return an application, whose bot is in so many guilds."""
    return {
        "id": str(application.id),
        "name": application.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "00" * 32,
        "flags": application.flags,
        "flags_new": str(application.flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "owner": user_payload(application.owner),
        "team": None,
        "bot": user_payload(application.bot),
    }
