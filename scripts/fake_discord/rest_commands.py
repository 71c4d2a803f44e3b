"""Routes for the commands of an application."""

from typing import Any

from aiohttp import web

from .commands import check_command, check_commands
from .entities import Application
from .errors import MISSING_ACCESS, UNKNOWN_APPLICATION, UNKNOWN_COMMAND, ApiError
from .rest import Rest, number
from .rest_messages import body
from .service import Request


class Commands:
    """Registering commands, everywhere or in one guild."""

    def __init__(self, rest: Rest) -> None:
        """Serve the routes."""
        self._rest = rest
        self._world = rest.service.world
        for scope in (
            "/applications/{application_id}/commands",
            "/applications/{application_id}/guilds/{guild_id}/commands",
        ):
            rest.add("GET", scope, self._list)
            rest.add("POST", scope, self._create)
            rest.add("PUT", scope, self._replace)
            rest.add("GET", scope + "/{command_id}", self._get)
            rest.add("PATCH", scope + "/{command_id}", self._edit)
            rest.add("DELETE", scope + "/{command_id}", self._delete)

    def _scope(
        self, request: Request, http: web.Request
    ) -> tuple[Application, int | None]:
        application = self._rest.bot(request)
        if number(http, "application_id", UNKNOWN_APPLICATION) != application.id:
            raise ApiError(MISSING_ACCESS)
        if "guild_id" not in http.match_info:
            return application, None
        guild = self._world.guilds.get(number(http, "guild_id", MISSING_ACCESS))
        if guild is None or application.id not in guild.command_scopes:
            raise ApiError(MISSING_ACCESS)
        return application, guild.id

    async def _list(self, request: Request, http: web.Request) -> Any:
        application, guild_id = self._scope(request, http)
        return application.commands.get(guild_id, [])

    async def _replace(self, request: Request, http: web.Request) -> Any:
        application, guild_id = self._scope(request, http)
        self._rest.service.examine(request, check_commands(request.payload))
        known = {
            (command["type"], command["name"]): command["id"]
            for command in application.commands.get(guild_id, [])
        }
        application.commands[guild_id] = [
            self._registered(
                application,
                guild_id,
                command,
                known.get((command.get("type", 1), command["name"])),
            )
            for command in request.payload
        ]
        return application.commands[guild_id]

    async def _create(self, request: Request, http: web.Request) -> Any:
        application, guild_id = self._scope(request, http)
        payload = body(request)
        self._rest.service.examine(request, check_command(payload))
        commands = application.commands.setdefault(guild_id, [])
        for command in commands:
            if (command["type"], command["name"]) == (
                payload.get("type", 1),
                payload["name"],
            ):
                commands.remove(command)
                break
        commands.append(self._registered(application, guild_id, payload, None))
        return commands[-1]

    async def _get(self, request: Request, http: web.Request) -> Any:
        commands, index = self._find(request, http)
        return commands[index]

    async def _edit(self, request: Request, http: web.Request) -> Any:
        commands, index = self._find(request, http)
        changed = commands[index] | body(request)
        self._rest.service.examine(request, check_command(changed))
        commands[index] = changed
        return changed

    async def _delete(self, request: Request, http: web.Request) -> Any:
        commands, index = self._find(request, http)
        del commands[index]

    def _find(
        self, request: Request, http: web.Request
    ) -> tuple[list[dict[str, Any]], int]:
        application, guild_id = self._scope(request, http)
        commands = application.commands.get(guild_id, [])
        for index, command in enumerate(commands):
            if command["id"] == http.match_info["command_id"]:
                return commands, index
        raise ApiError(UNKNOWN_COMMAND)

    def _registered(
        self,
        application: Application,
        guild_id: int | None,
        command: dict[str, Any],
        known: str | None,
    ) -> dict[str, Any]:
        registered = {"type": 1, "description": "", "options": []} | command
        registered |= {
            "id": known or str(self._world.snowflakes.next()),
            "application_id": str(application.id),
            "version": str(self._world.snowflakes.next()),
            "default_member_permissions": command.get("default_member_permissions"),
            "nsfw": command.get("nsfw", False),
        }
        if guild_id is not None:
            registered["guild_id"] = str(guild_id)
        return registered
