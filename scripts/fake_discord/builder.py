"""Furnishes the fake Discord: guilds, channels, roles, people and webhooks."""

from collections.abc import Iterable

from .entities import (
    Application,
    Channel,
    Entities,
    Guild,
    Member,
    Role,
    User,
    Webhook,
    new_webhook_token,
)
from .gateway import Gateway
from .payloads import channel_payload, joined_guild_payload, role_payload
from .permissions import REPORTING, Overwrite, Permission
from .service import Service
from .user_actions import UserActions


class Builder(UserActions):
    """Adds and removes what there is, and has the gateway report it."""

    def __init__(self, service: Service) -> None:
        """Begin with an application and its bot."""
        super().__init__(service)
        self.gateway = Gateway(service)
        service.dispatch = self.gateway.dispatch
        service.dispatch_to = self.gateway.dispatch_to
        service.flush = self.gateway.flush
        self.application = self.world.application("Bitaxe bot")

    @property
    def world(self) -> Entities:
        """All that exists."""
        return self.service.world

    @property
    def bot(self) -> User:
        """The bot."""
        return self.application.bot

    def add_guild(
        self,
        name: str = "Home",
        *,
        bot: bool = True,
        permissions: Permission = REPORTING,
    ) -> Guild:
        """Add a guild; with `bot`, invite the bot with these permissions."""
        guild = self.world.guild(name)
        if bot:
            self.invite(guild, permissions=permissions)
        return guild

    def invite(
        self,
        guild: Guild,
        application: Application | None = None,
        *,
        permissions: Permission = REPORTING,
        commands: bool = True,
    ) -> None:
        """Invite a bot, with permissions and the scope `applications.commands`."""
        application = application or self.application
        role = self.add_role(guild, application.name, permissions=permissions)
        role.managed_by = application.bot.id
        guild.members[application.bot.id] = Member(user=application.bot, roles=[role])
        if commands:
            guild.command_scopes.add(application.id)
        self.gateway.dispatch_to(
            application,
            "GUILD_CREATE",
            joined_guild_payload(guild, application.bot),
        )

    def expel(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        del guild.members[self.bot.id]
        guild.command_scopes.discard(self.application.id)
        self.gateway.dispatch_to(
            self.application, "GUILD_DELETE", {"id": str(guild.id)}
        )

    def add_application(self, name: str) -> Application:
        """Add another application with a bot."""
        return self.world.application(name)

    def add_channel(
        self, guild: Guild, name: str = "miners", *, kind: int = 0
    ) -> Channel:
        """Add a channel to a guild."""
        channel = Channel(
            id=self.world.snowflakes.next(),
            guild=guild,
            name=name,
            position=len(guild.channels),
            kind=kind,
        )
        guild.channels[channel.id] = channel
        self.gateway.dispatch(
            "CHANNEL_CREATE", lambda _: channel_payload(channel), channel=channel
        )
        return channel

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel, and its webhooks with it."""
        self.gateway.dispatch(
            "CHANNEL_DELETE", lambda _: channel_payload(channel), channel=channel
        )
        del channel.guild.channels[channel.id]
        for webhook in list(self.world.webhooks.values()):
            if webhook.channel is channel:
                del self.world.webhooks[webhook.id]

    def overwrite(
        self,
        channel: Channel,
        target: Role | User | None = None,
        *,
        allow: Permission = Permission(0),
        deny: Permission = Permission(0),
    ) -> None:
        """Allow or deny something in a channel; nobody named means the bot."""
        target = target or self.bot
        channel.overwrites.append(
            Overwrite(
                target_id=target.id,
                kind="role" if isinstance(target, Role) else "member",
                allow=allow,
                deny=deny,
            )
        )
        self.gateway.dispatch(
            "CHANNEL_UPDATE", lambda _: channel_payload(channel), channel=channel
        )

    def add_role(
        self,
        guild: Guild,
        name: str,
        *,
        permissions: Permission = Permission(0),
        mentionable: bool = False,
    ) -> Role:
        """Add a role to a guild."""
        role = Role(
            id=self.world.snowflakes.next(),
            name=name,
            permissions=permissions,
            position=len(guild.roles),
            mentionable=mentionable,
        )
        guild.roles[role.id] = role
        self.gateway.dispatch(
            "GUILD_ROLE_CREATE",
            lambda _: {"guild_id": str(guild.id), "role": role_payload(role)},
            guild=guild,
        )
        return role

    def add_user(
        self, guild: Guild, name: str = "alice", roles: Iterable[Role] = ()
    ) -> User:
        """Add a person to a guild."""
        user = self.world.user(name)
        guild.members[user.id] = Member(user=user, roles=list(roles))
        return user

    def add_webhook(self, channel: Channel, name: str = "Bitaxe") -> Webhook:
        """Add a webhook to a channel."""
        webhook = Webhook(
            id=self.world.snowflakes.next(),
            token=new_webhook_token(),
            channel=channel,
            name=name,
        )
        self.world.webhooks[webhook.id] = webhook
        return webhook

    def delete_webhook(self, webhook: Webhook) -> None:
        """Delete a webhook."""
        del self.world.webhooks[webhook.id]
