"""Giving a bot another token, when Discord does not accept its old one any more."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from ...const import CONF_BOT_ID
from ..channel.settings import CONF_BOT_NAME, CONF_TOKEN
from ..errors import DiscordError, flow_error
from .flow import PORTAL, TOKEN_SCHEMA
from .tokens import async_probe, async_replace_token, read_token

if TYPE_CHECKING:
    from ..gateway.probe import BotInfo


class DiscordReauth(ConfigFlow):
    """The part of the config flow that asks for a token."""

    _bot_id: str
    _bot_name: str

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Note which bot it is about."""
        self._bot_id = entry_data[CONF_BOT_ID]
        self._bot_name = entry_data[CONF_BOT_NAME]
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take a new token of the same bot, for all its channels."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {"other": "–", "reason": "–"}
        if user_input is not None:
            try:
                token = read_token(user_input[CONF_TOKEN])
                probe = await async_probe(self.hass)
                bot: BotInfo = await probe.async_get_bot(self.hass, token)
            except DiscordError as err:
                errors["base"] = flow_error(err, "invalid_auth")
                placeholders["reason"] = err.reason
            else:
                if bot.id == self._bot_id:
                    async_replace_token(
                        self.hass, self._get_reauth_entry(), bot.id, bot.name, token
                    )
                    return self.async_abort(reason="reauth_successful")
                errors["base"] = "another_bot"
                placeholders["other"] = bot.name
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=TOKEN_SCHEMA,
            errors=errors,
            description_placeholders={
                "bot": self._bot_name,
                "portal": PORTAL,
                **placeholders,
            },
        )
