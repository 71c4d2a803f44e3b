"""Webhooks, by nextcord. Imported in the executor only."""

from dataclasses import dataclass

import aiohttp
import nextcord

from ..channel.settings import Webhook
from ..messages.model import Message
from .nextcord_adapter import as_arguments, discord_errors, other_answers


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookInfo:
    """What Discord says of a webhook to those who know its address."""

    name: str | None
    guild_id: int | None
    channel_id: int | None


async def async_read(
    session: aiohttp.ClientSession, webhook: Webhook, name: str
) -> WebhookInfo:
    """Ask what a webhook is.

    Raises:
        ChannelGoneError: there is none of this address.
        DiscordError: Discord was not reached.

    """
    with discord_errors(name), other_answers():
        found = await _of(session, webhook).fetch(prefer_auth=False)
    return WebhookInfo(
        name=found.name, guild_id=found.guild_id, channel_id=found.channel_id
    )


async def async_send(
    session: aiohttp.ClientSession, webhook: Webhook, name: str, page: Message
) -> None:
    """Post a page of a message, and wait until Discord has it.

    Raises:
        DiscordError: it was not posted.

    """
    arguments = as_arguments(page)
    with discord_errors(name), other_answers():
        await _of(session, webhook).send(**arguments, wait=True)


def _of(session: aiohttp.ClientSession, webhook: Webhook) -> nextcord.Webhook:
    return nextcord.Webhook.partial(webhook.id, webhook.token, session=session)
