"""What people do: write, use commands, press buttons."""

import secrets
from typing import Any, Literal

from .clock import until
from .commands import INTEGER, NUMBER, STRING
from .entities import Application, Channel, Message, User
from .interactions import TYPES, Interaction
from .mentions import Called, called
from .payloads import channel_payload, member_payload, message_payload
from .permissions import Permission
from .service import Service


class NotOfferedError(Exception):
    """Discord's app does not let people do this; the text says why."""


class UserActions:
    """Acts as the people in the guilds of a service."""

    def __init__(self, service: Service) -> None:
        """Act in a service's world."""
        self.service = service

    async def say(self, channel: Channel, user: User, text: str) -> Message:
        """Write a message."""
        guild = channel.guild
        if Permission.SEND_MESSAGES not in guild.permissions(user, channel):
            raise NotOfferedError(f"{user.name} may not write here")
        found = called(text)
        message = Message(
            id=self.service.world.snowflakes.next(),
            channel=channel,
            author=user,
            content=text,
            pinged=Called(
                False,
                frozenset(
                    role for role in found.roles if guild.roles[role].mentionable
                ),
                frozenset(found.users & guild.members.keys()),
            ),
        )
        self.service.publish(message)
        await self.service.flush()
        return message

    async def slash(
        self,
        channel: Channel,
        user: User,
        command_name: str,
        /,
        **options: object,
    ) -> Interaction:
        """Use a slash command with options, and wait for its answer."""
        return await self.use(channel, user, command_name, options)

    async def use(
        self,
        channel: Channel,
        user: User,
        command_name: str,
        options: dict[str, object],
        *,
        application: Application | None = None,
        wait: bool = True,
    ) -> Interaction:
        """Use a slash command, and wait for its answer or not.

        Values of completed options are sent as they are given: people need not choose
        what is offered.

        Raises:
            NotOfferedError: there is no such command, or it is not used like this.

        """
        application = application or self.only_application()
        command = self.find_command(application, channel, user, command_name)
        data = {
            "id": command["id"],
            "name": command_name,
            "type": 1,
            "options": _options(command, options),
        }
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        interaction = self._interaction("command", application, channel, user, data)
        return await self._ask(interaction, wait=wait)

    async def autocomplete(
        self,
        channel: Channel,
        user: User,
        command_name: str,
        option: str,
        text: str,
        /,
        **options: object,
    ) -> list[str]:
        """Type into an option of a command, and return the names that are offered."""
        application = self.only_application()
        command = self.find_command(application, channel, user, command_name)
        described = next(
            (part for part in command["options"] if part["name"] == option), None
        )
        if described is None or not described.get("autocomplete"):
            raise NotOfferedError(f"/{command_name} does not complete {option}")
        typed = _options(command, options, partial=True)
        typed.append(
            {
                "name": option,
                "type": described["type"],
                "value": text,
                "focused": True,
            }
        )
        data = {
            "id": command["id"],
            "name": command_name,
            "type": 1,
            "options": typed,
        }
        interaction = self._interaction("completion", application, channel, user, data)
        interaction.completes = described["type"]
        await self._ask(interaction, wait=True)
        return [choice["name"] for choice in interaction.choices]

    async def press(
        self, message: Message, label: str, user: User, *, wait: bool = True
    ) -> Interaction:
        """Press a button of a message, and wait for what comes of it.

        Raises:
            NotOfferedError: there is none, it is disabled, or the person sees no such
                message.

        """
        button = next(
            (part for part in message.buttons if part.get("label") == label), None
        )
        if button is None or button.get("disabled"):
            raise NotOfferedError(f"no button {label!r} to press")
        if message.only_for not in (None, user):
            raise NotOfferedError(f"{user.name} does not see the message")
        assert message.application is not None
        interaction = self._interaction(
            "button",
            message.application,
            message.channel,
            user,
            {"component_type": button["type"], "custom_id": button["custom_id"]},
        )
        interaction.source = message
        return await self._ask(interaction, wait=wait)

    def only_application(self) -> Application:
        """Return the application people mean who name none: the first."""
        return next(iter(self.service.world.applications.values()))

    def find_command(
        self, application: Application, channel: Channel, user: User, name: str
    ) -> dict[str, Any]:
        """Return a command as it is registered.

        Raises:
            NotOfferedError: it is not, or not for this person in this channel.

        """
        guild = channel.guild
        if application.id not in guild.command_scopes:
            raise NotOfferedError(f"{application.name} offers no commands here")
        granted = guild.permissions(user, channel)
        if Permission.USE_APPLICATION_COMMANDS not in granted:
            raise NotOfferedError(f"{user.name} may use no commands here")
        for scope in (guild.id, None):
            for command in application.commands.get(scope, []):
                if command["name"] == name and command["type"] == 1:
                    needed = command["default_member_permissions"]
                    if needed is not None and (
                        int(needed) == 0 or int(needed) & ~int(granted)
                    ):
                        raise NotOfferedError(f"/{name} is hidden from {user.name}")
                    return command
        raise NotOfferedError(f"/{name} is not registered")

    def _interaction(
        self,
        kind: Literal["command", "button", "completion"],
        application: Application,
        channel: Channel,
        user: User,
        data: dict[str, Any],
    ) -> Interaction:
        return Interaction(
            id=self.service.world.snowflakes.next(),
            token=secrets.token_urlsafe(120),
            kind=kind,
            application=application,
            channel=channel,
            user=user,
            data=data,
        )

    async def _ask(self, interaction: Interaction, *, wait: bool) -> Interaction:
        self.service.interactions[interaction.token] = interaction
        channel, guild = interaction.channel, interaction.channel.guild
        payload = {
            "id": str(interaction.id),
            "application_id": str(interaction.application.id),
            "type": TYPES[interaction.kind],
            "data": interaction.data,
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "channel_id": str(channel.id),
            "channel": channel_payload(channel),
            "member": member_payload(guild.members[interaction.user.id])
            | {"permissions": str(int(guild.permissions(interaction.user, channel)))},
            "token": interaction.token,
            "version": 1,
            "locale": "en-US",
            "app_permissions": str(
                int(guild.permissions(interaction.application.bot, channel))
            ),
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id)},
            "context": 0,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if interaction.source is not None:
            payload["message"] = message_payload(
                interaction.source, self.service.world, self.service.url
            )
        self.service.dispatch_to(interaction.application, "INTERACTION_CREATE", payload)
        await self.service.flush()
        if wait:
            await until(
                lambda: interaction.finished,
                f"an answer to {interaction.data.get('name', 'a button')}",
            )
        return interaction


def _options(
    command: dict[str, Any], given: dict[str, object], *, partial: bool = False
) -> list[dict[str, Any]]:
    """Return the options of a command, as the app lets people fill them in.

    Raises:
        NotOfferedError: it does not let them.

    """
    described = {option["name"]: option for option in command["options"]}
    if unknown := given.keys() - described.keys():
        raise NotOfferedError(f"/{command['name']} has no {', '.join(sorted(unknown))}")
    options = []
    for name, option in described.items():
        if name not in given:
            if option.get("required") and not partial:
                raise NotOfferedError(f"/{command['name']} needs {name}")
            continue
        value = given[name]
        _check_value(option, value)
        options.append({"name": name, "type": option["type"], "value": value})
    return options


def _check_value(option: dict[str, Any], value: object) -> None:
    name, kind = option["name"], option["type"]
    fits = {
        STRING: isinstance(value, str),
        INTEGER: isinstance(value, int),
        NUMBER: isinstance(value, int | float),
    }
    if not fits.get(kind, True):
        raise NotOfferedError(f"{name} takes no {value!r}")
    if (choices := option.get("choices")) and value not in [
        choice["value"] for choice in choices
    ]:
        raise NotOfferedError(f"{name} does not offer {value!r}")
    if isinstance(value, int | float):
        low, high = option.get("min_value"), option.get("max_value")
        if (low is not None and value < low) or (high is not None and value > high):
            raise NotOfferedError(f"{name} takes no {value}")
    if isinstance(value, str):
        shortest, longest = option.get("min_length"), option.get("max_length")
        if (shortest is not None and len(value) < shortest) or (
            longest is not None and len(value) > longest
        ):
            raise NotOfferedError(f"{name} takes no {value!r}")
