"""Set-up of Discord channels: adding one, and changing it."""

from collections import Counter
from collections.abc import Mapping
import re
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...const import CONF_BOT_ID
from ...formatting import as_text
from ...pools.web_session import async_get_web_session
from ...texts import async_get_texts
from ..channel.issues import name_permissions
from ..channel.schedule import next_time
from ..channel.settings import (
    CONF_BOT_NAME,
    CONF_CHANNEL_ID,
    CONF_GUILD_ID,
    CONF_KIND,
    CONF_TOKEN,
    CONF_WEBHOOK_URL,
    SECTION_REPORT,
    SECTION_SECOND_REPORT,
    ChannelKind,
    ChannelSettings,
    Webhook,
)
from ..channel.webhook import async_webhook_client
from ..errors import DiscordError, flow_error
from .form import InvalidOptionError, check_options, options_schema
from .tokens import async_probe, async_replace_token, known_bots, read_token
from .trial import async_send_trial

if TYPE_CHECKING:
    from ..gateway.probe import BotInfo, ChannelInfo

CONF_BOT: Final = "bot"
CONF_TEST: Final = "test"
ANOTHER_BOT: Final = "another"
PORTAL: Final = "https://discord.com/developers/applications"

_PASSWORD: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_WEBHOOK_SCHEMA: Final = vol.Schema({vol.Required(CONF_WEBHOOK_URL): _PASSWORD})
TOKEN_SCHEMA: Final = vol.Schema({vol.Required(CONF_TOKEN): _PASSWORD})
_FINISH_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_TEST, default=True): BooleanSelector()}
)
_NOTHING: Final = "–"
_SNOWFLAKE: Final = re.compile(r"[0-9]{1,20}")


class DiscordChannelFlow(ConfigSubentryFlow):
    """Adds a channel to the swarm, or changes one."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._data: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._title = ""
        self._unique_id = ""
        self._token = ""
        self._entered_token = False
        self._bot: BotInfo | None = None
        self._channels: list[ChannelInfo] | None = None
        self._roles: dict[str, str] | None = None

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Offer the two kinds of channel."""
        return self.async_show_menu(step_id="user", menu_options=["webhook", "bot"])

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Offer to change what is posted, or where."""
        subentry = self._get_reconfigure_subentry()
        self._data = dict(subentry.data)
        self._title = subentry.title
        self._unique_id = subentry.unique_id or ""
        self._token = self._data.get(CONF_TOKEN, "")
        places = (
            ["webhook"]
            if self._data[CONF_KIND] == ChannelKind.WEBHOOK
            else ["channel", "token"]
        )
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["options", *places],
            description_placeholders={"channel": subentry.title},
        )

    async def async_step_webhook(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take the address of a webhook, and see whether it is one."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        if user_input is not None:
            try:
                webhook = Webhook.parse(user_input[CONF_WEBHOOK_URL])
            except ValueError:
                errors[CONF_WEBHOOK_URL] = "invalid_webhook"
            else:
                if self._is_taken(str(webhook.id)):
                    return self.async_abort(reason="already_configured")
                session = async_get_web_session(self.hass)
                try:
                    client = await async_webhook_client(self.hass, at_once=True)
                    info = await client.async_read(session, webhook, str(webhook.id))
                except DiscordError as err:
                    errors["base"] = _explain(err, placeholders, "webhook_not_found")
                else:
                    self._choose(
                        {CONF_KIND: ChannelKind.WEBHOOK, CONF_WEBHOOK_URL: webhook.url},
                        title=info.name or str(webhook.id),
                        unique_id=str(webhook.id),
                    )
                    return await self.async_step_options()
        return self.async_show_form(
            step_id="webhook",
            data_schema=_WEBHOOK_SCHEMA,
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_bot(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Choose a bot that is known, so that nobody looks for its token again."""
        known = known_bots(self._get_entry())
        if not known:
            return await self.async_step_token()
        chosen = (user_input or {}).get(CONF_BOT)
        if chosen == ANOTHER_BOT:
            return await self.async_step_token()
        # Its last channel may be gone since it was offered.
        if chosen in known:
            self._token = known[chosen].token
            errors: dict[str, str] = {}
            if await self._ask_bot(errors, {}):
                return await self.async_step_channel()
            return await self.async_step_token({CONF_TOKEN: self._token})
        options = [
            SelectOptionDict(value=bot_id, label=bot.name)
            for bot_id, bot in known.items()
        ]
        schema = vol.Schema(
            {
                vol.Required(CONF_BOT, default=next(iter(known))): SelectSelector(
                    SelectSelectorConfig(
                        options=[
                            *options,
                            SelectOptionDict(value=ANOTHER_BOT, label="…"),
                        ],
                        mode=SelectSelectorMode.LIST,
                        translation_key="discord_bot",
                    )
                )
            }
        )
        return self.async_show_form(step_id="bot", data_schema=schema)

    async def async_step_token(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take the token of a bot, and see whether it is one."""
        errors: dict[str, str] = {}
        placeholders = {"portal": PORTAL}
        if user_input is not None:
            self._token = user_input[CONF_TOKEN]
            if await self._ask_bot(errors, placeholders):
                self._entered_token = True
                return await self.async_step_channel()
        return self.async_show_form(
            step_id="token",
            data_schema=TOKEN_SCHEMA,
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_channel(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Choose a channel the bot sees, and see what it may do there."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {"missing": _NOTHING}
        if self._bot is None and not await self._ask_bot(errors, placeholders):
            # On the way to another channel the token turned out to be void.
            return await self.async_step_token({CONF_TOKEN: self._token})
        assert self._bot is not None
        if text := (user_input or {}).get(CONF_CHANNEL_ID, "").strip():
            text = _by_title(self._channels or []).get(text, text)
            if not _SNOWFLAKE.fullmatch(text):
                errors[CONF_CHANNEL_ID] = "invalid_channel"
            elif self._is_taken(text):
                return self.async_abort(reason="already_configured")
            else:
                try:
                    probe = await async_probe(self.hass)
                    channel: ChannelInfo = await probe.async_get_channel(
                        self.hass, self._token, int(text)
                    )
                except DiscordError as err:
                    errors["base"] = _explain(err, placeholders, "channel_not_found")
                else:
                    if channel.missing:
                        errors["base"] = "missing_permissions"
                        placeholders["missing"] = name_permissions(
                            channel.missing, async_get_texts(self.hass)
                        )
                    else:
                        self._choose(
                            {
                                CONF_KIND: ChannelKind.BOT,
                                CONF_TOKEN: self._token,
                                CONF_BOT_ID: self._bot.id,
                                CONF_BOT_NAME: self._bot.name,
                                CONF_GUILD_ID: channel.guild_id,
                                CONF_CHANNEL_ID: channel.id,
                            },
                            title=channel.title,
                            unique_id=channel.id,
                        )
                        return await self.async_step_options()
        try:
            probe = await async_probe(self.hass)
            # Anew each time: after the invitation people come back to this form.
            self._channels = await probe.async_list_channels(self.hass, self._token)
        except DiscordError as err:
            self._channels = self._channels or []
            errors.setdefault("base", _explain(err, placeholders, "channel_not_found"))
        return self.async_show_form(
            step_id="channel",
            data_schema=self.add_suggested_values_to_schema(
                _channel_schema(self._channels),
                user_input or {CONF_CHANNEL_ID: self._present_channel()},
            ),
            errors=errors,
            description_placeholders={
                "bot": self._bot.name,
                "invite": self._bot.invite,
                **placeholders,
            },
        )

    async def async_step_options(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Choose what is posted, who is mentioned, and who may control."""
        kind = ChannelKind(self._data[CONF_KIND])
        errors: dict[str, str] = {}
        placeholders = {"value": _NOTHING, "channel": self._title}
        if user_input is not None:
            try:
                self._options = check_options(
                    user_input,
                    reads_messages=await self._reads_messages(user_input),
                )
            except InvalidOptionError as err:
                errors["base"] = err.key
                placeholders["value"] = err.value
            else:
                return await self.async_step_finish()
        return self.async_show_form(
            step_id="options",
            data_schema=self.add_suggested_values_to_schema(
                options_schema(kind, await self._async_roles()),
                user_input or self._data,
            ),
            errors=errors,
            description_placeholders={**placeholders, "portal": PORTAL},
        )

    async def async_step_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show when the reports come, and post a test message if that is wanted."""
        data = self._with_present_token({**self._data, **self._options})
        settings = ChannelSettings.from_data(data)
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        if user_input is not None:
            try:
                if user_input[CONF_TEST]:
                    await async_send_trial(self.hass, settings, self._title)
            except DiscordError as err:
                errors["base"] = _explain(err, placeholders, "channel_not_found")
            else:
                return self._save(data)
        now = dt_util.now()
        plans = settings.plans
        times = {
            name: f"{dt_util.as_local(next_time(plans[name].cron, now)):%Y-%m-%d %H:%M}"
            if name in plans
            else _NOTHING
            for name in (SECTION_REPORT, SECTION_SECOND_REPORT)
        }
        return self.async_show_form(
            step_id="finish",
            data_schema=self.add_suggested_values_to_schema(_FINISH_SCHEMA, user_input),
            errors=errors,
            description_placeholders={
                "channel": self._title,
                **times,
                **placeholders,
            },
        )

    def _present_channel(self) -> str | None:
        """Return the channel that is to be changed, as the list has it."""
        channel_id: str | None = self._data.get(CONF_CHANNEL_ID)
        titles = {value: key for key, value in _by_title(self._channels or []).items()}
        return titles.get(channel_id, channel_id) if channel_id else None

    def _choose(self, data: dict[str, Any], *, title: str, unique_id: str) -> None:
        """Note the place, and keep what was chosen for it before."""
        self._data = {**self._data, **data}
        self._title = as_text(title)
        self._unique_id = unique_id

    def _with_present_token(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the data with the token that the bot was given meanwhile."""
        known = known_bots(self._get_entry()).get(data.get(CONF_BOT_ID, ""))
        if known is None or self._entered_token:
            return data
        return {**data, CONF_TOKEN: known.token}

    def _save(self, data: Mapping[str, Any]) -> SubentryFlowResult:
        entry = self._get_entry()
        if self._entered_token:
            # A bot has one token at a time, so the new one is that of all its channels.
            async_replace_token(
                self.hass,
                entry,
                data[CONF_BOT_ID],
                data[CONF_BOT_NAME],
                data[CONF_TOKEN],
            )
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                entry,
                self._get_reconfigure_subentry(),
                data=data,
                title=self._title,
                unique_id=self._unique_id,
            )
        return self.async_create_entry(
            title=self._title, data=data, unique_id=self._unique_id
        )

    def _is_taken(self, unique_id: str) -> bool:
        own = (
            self._reconfigure_subentry_id if self.source == SOURCE_RECONFIGURE else None
        )
        return any(
            subentry.unique_id == unique_id and subentry.subentry_id != own
            for subentry in self._get_entry().subentries.values()
        )

    async def _ask_bot(
        self, errors: dict[str, str], placeholders: dict[str, str]
    ) -> bool:
        """Ask Discord whose token it is; return whether it is somebody's."""
        self._bot = None
        try:
            self._token = read_token(self._token)
            probe = await async_probe(self.hass)
            self._bot = await probe.async_get_bot(self.hass, self._token)
        except DiscordError as err:
            errors["base"] = _explain(err, placeholders, "invalid_auth")
        return self._bot is not None

    async def _reads_messages(self, user_input: Mapping[str, Any]) -> bool | None:
        """Return whether the bot may read messages, as it is now."""
        if self._data[CONF_KIND] != ChannelKind.BOT:
            return None
        await self._ask_bot({}, {})
        return self._bot.reads_messages if self._bot is not None else None

    async def _async_roles(self) -> dict[str, str]:
        """Return the roles of the server; none if Discord does not answer."""
        if self._roles is None:
            self._roles = {}
            if self._data[CONF_KIND] == ChannelKind.BOT:
                try:
                    probe = await async_probe(self.hass)
                    self._roles = await probe.async_list_roles(
                        self.hass,
                        self._data[CONF_TOKEN],
                        int(self._data[CONF_GUILD_ID]),
                    )
                except DiscordError:
                    # Ids can be typed.
                    return {}
        return self._roles


def _by_title(channels: list[ChannelInfo]) -> dict[str, str]:
    """Return the ids of channels by what people know them by."""
    counts = Counter(channel.title for channel in channels)
    return {
        channel.title
        if counts[channel.title] == 1
        else f"{channel.title} ({channel.id})": channel.id
        for channel in channels
    }


def _channel_schema(channels: list[ChannelInfo]) -> vol.Schema:
    # Optional, so that it can be submitted to have the list read anew. The frontend
    # shows values, not labels, where others may be entered: so those are no ids.
    return vol.Schema(
        {
            vol.Optional(CONF_CHANNEL_ID): SelectSelector(
                SelectSelectorConfig(
                    options=list(_by_title(channels)),
                    custom_value=True,
                    mode=SelectSelectorMode.DROPDOWN,
                )
            )
        }
    )


def _explain(err: DiscordError, placeholders: dict[str, str], gone: str) -> str:
    """Return the text for an error, and what it needs to know."""
    placeholders["reason"] = err.reason or _NOTHING
    return flow_error(err, gone)
