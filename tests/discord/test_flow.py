"""Setting up channels, with a Discord on this machine."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.alerts.model import AlertKind
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.channel.settings import ChannelSettings
from custom_components.bitaxe.discord.errors import TokenRejectedError
from custom_components.bitaxe.discord.hub import SUBENTRY_TYPE
from custom_components.bitaxe.discord.messages.model import Mention, Message
from scripts.fake_discord import Channel, FakeDiscord, Guild, Permission, Webhook

from ..conftest import AddMiner, Simulate
from .homes import bot_channel, connected, hub_of, swarm_with, until, webhook_channel

type Result = Any

REPORT = {"enabled": False, "cron": "0 * * * *", "span": "24h", "charts": True}
OPTIONS: dict[str, Any] = {
    "report": REPORT,
    "second_report": {**REPORT, "cron": "0 9 * * 1", "span": "7d"},
    "alerts": {"kinds": [], "mention": [], "cooldown": 300},
}
COMMANDS: dict[str, Any] = {
    "enabled": True,
    "prefix": False,
    "control": [],
    "everyone": False,
}
BOT_OPTIONS = {**OPTIONS, "commands": COMMANDS}


@pytest.fixture
def webhook(discord: FakeDiscord, channel: Channel) -> Webhook:
    """Return a webhook."""
    return discord.add_webhook(channel, "Captain")


@pytest.fixture
async def swarm(hass: HomeAssistant, discord: FakeDiscord) -> MockConfigEntry:
    """Return a swarm without channels."""
    return await swarm_with(hass)


async def begin(
    hass: HomeAssistant,
    swarm: MockConfigEntry,
    *choices: str,
    change: int | None = None,
) -> Result:
    """Begin to add a channel, or to change one, and choose from menus."""
    context: Any = {"source": SOURCE_USER}
    if change is not None:
        subentry_id = list(swarm.subentries)[change]
        context = {"source": SOURCE_RECONFIGURE, "subentry_id": subentry_id}
    result: Result = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, SUBENTRY_TYPE), context=context
    )
    for choice in choices:
        assert result["type"] is FlowResultType.MENU
        assert choice in result["menu_options"]
        result = await submit(hass, result, next_step_id=choice)
    return result


async def submit(hass: HomeAssistant, result: Result, **user_input: Any) -> Result:
    """Fill in a form."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], user_input
    )


async def finish(
    hass: HomeAssistant, result: Result, options: dict[str, Any], *, test: bool = False
) -> Result:
    """Choose options, and finish."""
    assert result["step_id"] == "options"
    result = await submit(hass, result, **options)
    assert result["step_id"] == "finish", result.get("errors")
    result = await submit(hass, result, test=test)
    await hass.async_block_till_done()
    return result


def settings_of(swarm: MockConfigEntry, index: int = 0) -> ChannelSettings:
    """Return the settings of a channel."""
    return ChannelSettings.from_data(list(swarm.subentries.values())[index].data)


def suggested(result: Result, *path: str) -> Any:
    """Return what a field of a form shows at first."""
    schema = result["data_schema"]
    for name in path[:-1]:
        schema = schema.schema[name].schema
    for key in schema.schema:
        if key == path[-1]:
            if key.description and "suggested_value" in key.description:
                return key.description["suggested_value"]
            return key.default()
    raise AssertionError(path)


async def test_only_the_swarm_has_channels(
    hass: HomeAssistant,
    swarm: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """Nothing can be added to a miner."""
    miner = await add_miner(await simulate("gamma-2.12"))
    assert SUBENTRY_TYPE in swarm.supported_subentry_types
    assert miner.supported_subentry_types == {}


async def test_webhook(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, webhook: Webhook
) -> None:
    """Paste the address, choose, and see the test message."""
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    assert "commands" not in result["data_schema"].schema
    result = await finish(
        hass,
        result,
        {
            "report": {**REPORT, "enabled": True},
            "second_report": REPORT,
            "alerts": {
                "kinds": ["offline", "block_found"],
                "mention": [],
                "cooldown": 60,
            },
        },
        test=True,
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert "test message" in discord.messages[0].text
    (subentry,) = swarm.subentries.values()
    assert subentry.title == "Captain"
    assert subentry.unique_id == str(webhook.id)
    settings = settings_of(swarm)
    assert settings.webhook_url == discord.webhook_url(webhook)
    assert settings.report is not None
    assert settings.report.cron == "0 * * * *"
    assert settings.second_report is None
    assert settings.alerts == {AlertKind.OFFLINE, AlertKind.BLOCK_FOUND}
    assert settings.cooldown == 60
    assert not settings.commands
    assert hub_of(swarm).channels[0].available


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("https://example.org/api/webhooks/1/2", {"webhook_url": "invalid_webhook"}),
        (
            f"https://discord.com/api/webhooks/123456789012345678/{'x' * 68}",
            {"base": "webhook_not_found"},
        ),
    ],
)
async def test_wrong_webhook(
    hass: HomeAssistant,
    discord: FakeDiscord,
    swarm: MockConfigEntry,
    webhook: Webhook,
    address: str,
    error: dict[str, str],
) -> None:
    """The form says what is wrong, and can be sent again."""
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=address)
    assert result["errors"] == error
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    result = await finish(hass, result, OPTIONS)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert discord.messages == []


async def test_discord_is_away(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, webhook: Webhook
) -> None:
    """Nothing is saved that was not seen to work."""
    await discord.go_away()
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    assert result["errors"] == {"base": "discord_unreachable"}
    assert result["description_placeholders"]["reason"]
    assert webhook.token not in result["description_placeholders"]["reason"]
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    assert result["errors"] == {"base": "discord_unreachable"}
    await discord.come_back()


async def test_same_webhook_twice(
    hass: HomeAssistant, discord: FakeDiscord, webhook: Webhook
) -> None:
    """It would get everything twice."""
    swarm = await swarm_with(hass, webhook_channel(discord, webhook))
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize(
    ("chosen", "posted"), [({}, list(AlertKind)), ({"kinds": []}, [])]
)
async def test_all_alerts_unless_chosen_otherwise(
    hass: HomeAssistant,
    discord: FakeDiscord,
    swarm: MockConfigEntry,
    webhook: Webhook,
    chosen: dict[str, list[str]],
    posted: list[AlertKind],
) -> None:
    """Who chooses nothing has a channel that reports what happens."""
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    await finish(
        hass, result, {**OPTIONS, "alerts": {**chosen, "mention": [], "cooldown": 300}}
    )
    assert sorted(settings_of(swarm).alerts) == sorted(posted)


async def test_bot(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """Token, channel, options, test message."""
    operators = discord.add_role(channel.guild, "Operators")
    first, second = (discord.add_role(channel.guild, "Guests") for _ in range(2))
    result = await begin(hass, swarm, "bot")
    assert result["step_id"] == "token"
    assert "developers" in result["description_placeholders"]["portal"]
    result = await submit(hass, result, token=f" {discord.token}\n")
    assert result["step_id"] == "channel"
    selector = result["data_schema"].schema["channel_id"]
    assert selector.config["options"] == ["Home › #miners"]
    placeholders = result["description_placeholders"]
    assert placeholders["bot"] == discord.bot.name
    assert f"client_id={discord.application.id}" in placeholders["invite"]
    assert "scope=bot+applications.commands" in placeholders["invite"]
    needed = (
        Permission.VIEW_CHANNEL
        | Permission.SEND_MESSAGES
        | Permission.EMBED_LINKS
        | Permission.ATTACH_FILES
    )
    assert f"permissions={int(needed)}&" in placeholders["invite"]
    result = await submit(hass, result, channel_id="Home › #miners")
    control = result["data_schema"].schema["commands"].schema.schema["control"]
    labels = {item["value"]: item["label"] for item in control.config["options"]}
    assert labels == {
        f"role:{operators.id}": "@Operators",
        f"role:{first.id}": f"@Guests ({first.id})",
        f"role:{second.id}": f"@Guests ({second.id})",
    }
    result = await finish(
        hass,
        result,
        {
            **OPTIONS,
            "alerts": {
                "kinds": ["offline"],
                "mention": [f"role:{operators.id}"],
                "cooldown": 0,
            },
            "commands": {
                **COMMANDS,
                "control": [
                    f"role:{operators.id}",
                    "223456789012345678",
                    "<@323456789012345678>",
                    "<@&423456789012345678>",
                ],
            },
        },
        test=True,
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert discord.messages[0].channel is channel
    (subentry,) = swarm.subentries.values()
    assert subentry.title == "Home › #miners"
    assert subentry.unique_id == str(channel.id)
    settings = settings_of(swarm)
    assert (settings.guild_id, settings.channel_id) == (channel.guild.id, channel.id)
    assert settings.mention == (Mention("role", operators.id),)
    assert settings.commands
    assert not settings.prefix
    assert settings.control == (
        Mention("role", operators.id),
        Mention("user", 223456789012345678),
        Mention("user", 323456789012345678),
        Mention("role", 423456789012345678),
    )
    await until(lambda: hub_of(swarm).channels[0].available, "the channel")


async def test_nobody_controls_by_default(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """Everyone must be chosen on purpose."""
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    result = await submit(hass, result, channel_id=str(channel.id))
    assert suggested(result, "commands", "everyone") is False
    assert suggested(result, "commands", "control") == []
    await finish(hass, result, BOT_OPTIONS)
    assert settings_of(swarm).control == ()
    result = await begin(hass, swarm, "options", change=0)
    await finish(hass, result, {**OPTIONS, "commands": {**COMMANDS, "everyone": True}})
    assert settings_of(swarm).control == ("everyone",)


async def test_wrong_token(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """The form says so, and can be sent again."""
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token="wrong.token.of-nobody")
    assert result["errors"] == {"base": "invalid_auth"}
    result = await submit(hass, result, token=discord.token)
    assert result["step_id"] == "channel"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("general", {"channel_id": "invalid_channel"}),
        ("²34567890123456789", {"channel_id": "invalid_channel"}),
        ("123456789012345678", {"base": "channel_not_found"}),
    ],
)
async def test_wrong_channel(
    hass: HomeAssistant,
    discord: FakeDiscord,
    swarm: MockConfigEntry,
    channel: Channel,
    text: str,
    error: dict[str, str],
) -> None:
    """An id can be typed; one of nothing is refused."""
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    result = await submit(hass, result, channel_id=text)
    assert result["errors"] == error
    result = await submit(hass, result, channel_id=str(channel.id))
    assert result["step_id"] == "options"


@pytest.mark.parametrize("kind", [2, 4, 13, 14, 15, 16, 99])
async def test_channel_for_something_else(
    hass: HomeAssistant,
    discord: FakeDiscord,
    swarm: MockConfigEntry,
    guild: Guild,
    kind: int,
) -> None:
    """Voice, categories, stages, directories, forums, media, and kinds to come."""
    other = discord.add_channel(guild, "other", kind=kind)
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    assert result["data_schema"].schema["channel_id"].config["options"] == []
    result = await submit(hass, result, channel_id=str(other.id))
    assert result["errors"] == {"base": "channel_not_found"}


async def test_one_server_that_refuses(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """As when the bot has just been put out of it: the others are there as ever."""
    other = discord.add_guild("Elsewhere")
    discord.add_channel(other, "miners")
    result = await begin(hass, swarm, "bot")
    discord.fail(next=10, status=403, text="", path=f"/guilds/{other.id}")
    result = await submit(hass, result, token=discord.token)
    assert not result["errors"]
    options = result["data_schema"].schema["channel_id"].config["options"]
    assert options == [f"{channel.guild.name} › #{channel.name}"]
    discord.fail(next=100, status=403, text="", path="/guilds/")
    result = await submit(hass, result)
    assert result["errors"] == {"base": "not_permitted"}


async def test_missing_permissions(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """The form says exactly what is missing, until it is given."""
    discord.overwrite(channel, deny=Permission.ATTACH_FILES | Permission.EMBED_LINKS)
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    result = await submit(hass, result, channel_id=str(channel.id))
    assert result["errors"] == {"base": "missing_permissions"}
    assert result["description_placeholders"]["missing"] == "Embed Links, Attach Files"
    channel.overwrites.clear()
    result = await submit(hass, result, channel_id=str(channel.id))
    assert result["step_id"] == "options"


async def test_channel_that_cannot_be_seen(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """Discord itself refuses to say anything about it."""
    discord.overwrite(channel, deny=Permission.VIEW_CHANNEL)
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    result = await submit(hass, result, channel_id=str(channel.id))
    assert result["errors"] in (
        {"base": "not_permitted"},
        {"base": "missing_permissions"},
    )


async def test_bot_that_was_not_invited(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry
) -> None:
    """The list is empty, the invitation is there, and then the list is read anew."""
    guild = discord.add_guild("Home", bot=False)
    discord.add_channel(guild, "miners")
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    assert result["data_schema"].schema["channel_id"].config["options"] == []
    discord.invite(guild)
    result = await submit(hass, result)
    assert not result["errors"]
    options = result["data_schema"].schema["channel_id"].config["options"]
    assert options == ["Home › #miners"]
    result = await submit(hass, result, channel_id="Home › #miners")
    assert result["description_placeholders"]["channel"] == "Home › #miners"


async def test_channels_of_the_same_name(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """Each can be chosen."""
    other = discord.add_channel(channel.guild, "miners")
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    (_, second) = result["data_schema"].schema["channel_id"].config["options"]
    assert second == f"Home › #miners ({other.id})"
    result = await submit(hass, result, channel_id=second)
    await finish(hass, result, BOT_OPTIONS)
    assert settings_of(swarm).channel_id == other.id


async def test_discord_goes_away_in_the_middle(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """The list of channels cannot be read: an id can still be typed, later."""
    result = await begin(hass, swarm, "bot")
    discord.fail(100, 403, path="/users/@me/guilds")
    result = await submit(hass, result, token=discord.token)
    assert result["step_id"] == "channel"
    assert result["errors"] == {"base": "not_permitted"}
    discord.fail(100, 503, path=f"/guilds/{channel.guild.id}/")
    result = await submit(hass, result, channel_id=str(channel.id))
    assert result["errors"] == {"base": "discord_unreachable"}
    discord.fail(0)
    result = await submit(hass, result, channel_id=str(channel.id))
    assert result["step_id"] == "options"


async def test_same_channel_twice(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """It would get everything twice."""
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, bot=str(discord.bot.id))
    result = await submit(hass, result, channel_id=str(channel.id))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_known_bot_needs_no_token_again(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """It is chosen from a list; and its second channel shares the connection."""
    second = discord.add_channel(channel.guild, "second")
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    result = await begin(hass, swarm, "bot")
    assert result["step_id"] == "bot"
    options = result["data_schema"].schema["bot"].config["options"]
    assert [option["value"] for option in options] == [str(discord.bot.id), "another"]
    assert options[0]["label"] == discord.bot.name
    result = await submit(hass, result, bot=str(discord.bot.id))
    result = await submit(hass, result, channel_id=str(second.id))
    await finish(hass, result, BOT_OPTIONS)
    await until(
        lambda: all(item.available for item in hub_of(swarm).channels), "both channels"
    )
    assert len(discord.gateway.sessions) == 1


async def test_another_bot(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """One does not bind to the bot that is known."""
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, bot="another")
    assert result["step_id"] == "token"


async def test_known_bot_that_is_gone_meanwhile(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Whose last channel was removed while the form was open: one chooses anew."""
    other = discord.add_application("Other bot")
    swarm = await swarm_with(
        hass,
        bot_channel(discord, channel),
        bot_channel(discord, discord.add_channel(channel.guild, "second"), other),
    )
    result = await begin(hass, swarm, "bot")
    gone = next(
        subentry_id
        for subentry_id, subentry in swarm.subentries.items()
        if subentry.data["bot_id"] == str(other.bot.id)
    )
    hass.config_entries.async_remove_subentry(swarm, gone)
    result = await submit(hass, result, bot=str(other.bot.id))
    assert result["step_id"] == "bot"
    options = result["data_schema"].schema["bot"].config["options"]
    assert [option["value"] for option in options] == [str(discord.bot.id), "another"]


async def test_known_bot_with_a_token_that_is_void(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The token is asked for, and is then that of all its channels."""
    second = discord.add_channel(channel.guild, "second")
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    discord.application.token = token = "renewed.token.of-the-bot"
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, bot=str(discord.bot.id))
    assert result["step_id"] == "token"
    assert result["errors"] == {"base": "invalid_auth"}
    result = await submit(hass, result, token=token)
    result = await submit(hass, result, channel_id=str(second.id))
    await finish(hass, result, BOT_OPTIONS)
    assert {settings_of(swarm, index).token for index in range(2)} == {token}
    await until(
        lambda: all(item.available for item in hub_of(swarm).channels), "both channels"
    )


@pytest.mark.parametrize(
    ("section", "field", "value", "error"),
    [
        ("report", "cron", "every hour", "invalid_cron"),
        ("report", "cron", "0 0 31 2 *", "invalid_cron"),
        ("second_report", "cron", "61 * * * *", "invalid_cron"),
        ("report", "span", "soon", "invalid_span"),
        ("report", "span", "99999y", "invalid_span"),
    ],
)
async def test_wrong_report(
    hass: HomeAssistant,
    discord: FakeDiscord,
    swarm: MockConfigEntry,
    webhook: Webhook,
    section: str,
    field: str,
    value: str,
    error: str,
) -> None:
    """The form names what makes no sense; what is switched off is not looked at."""
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    wrong = {**REPORT, field: value}
    result = await submit(
        hass, result, **{**OPTIONS, section: {**wrong, "enabled": True}}
    )
    assert result["step_id"] == "options"
    assert result["errors"] == {"base": error}
    assert result["description_placeholders"]["value"] == value
    assert suggested(result, section, field) == value
    result = await submit(hass, result, **{**OPTIONS, section: wrong})
    assert result["step_id"] == "finish"


@pytest.mark.parametrize("text", ["alice", "@here", "everyone", "role:1", "12345"])
async def test_wrong_mention(
    hass: HomeAssistant,
    discord: FakeDiscord,
    swarm: MockConfigEntry,
    webhook: Webhook,
    text: str,
) -> None:
    """Names are not unique in Discord, and nobody pings everyone by accident."""
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    alerts = {**OPTIONS["alerts"], "mention": [text]}
    result = await submit(hass, result, **{**OPTIONS, "alerts": alerts})
    assert result["errors"] == {"base": "invalid_mention"}
    assert result["description_placeholders"]["value"] == text


async def test_prefix_commands_need_the_intent(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, channel: Channel
) -> None:
    """Without it the bot would read empty messages."""
    result = await begin(hass, swarm, "bot")
    result = await submit(hass, result, token=discord.token)
    result = await submit(hass, result, channel_id=str(channel.id))
    options = {**OPTIONS, "commands": {**COMMANDS, "prefix": True}}
    result = await submit(hass, result, **options)
    assert result["errors"] == {"base": "no_message_content"}
    discord.application.message_content = True
    await finish(hass, result, options)
    assert settings_of(swarm).prefix
    await until(lambda: hub_of(swarm).channels[0].available, "the channel")


async def test_shows_when_the_reports_come(
    hass: HomeAssistant,
    discord: FakeDiscord,
    swarm: MockConfigEntry,
    webhook: Webhook,
    freezer: FrozenDateTimeFactory,
) -> None:
    """In local time, before anything is saved."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2026-11-25T17:50:00+00:00")
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    result = await submit(
        hass,
        result,
        **{
            **OPTIONS,
            "second_report": {**REPORT, "enabled": True, "cron": "30 8  * * 1 "},
        },
    )
    assert result["description_placeholders"]["report"] == "–"
    assert result["description_placeholders"]["second_report"] == "2026-11-30 08:30"
    await hass.config.async_set_time_zone("UTC")


async def test_test_message_that_fails(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, webhook: Webhook
) -> None:
    """Nothing is saved; without the test it could be."""
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    result = await submit(hass, result, **OPTIONS)
    discord.delete_webhook(webhook)
    result = await submit(hass, result, test=True)
    assert result["step_id"] == "finish"
    assert result["errors"] == {"base": "channel_not_found"}
    assert not swarm.subentries
    result = await submit(hass, result, test=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_message_that_is_refused(
    hass: HomeAssistant, discord: FakeDiscord, swarm: MockConfigEntry, webhook: Webhook
) -> None:
    """The reason is Discord's."""
    result = await begin(hass, swarm, "webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(webhook))
    result = await submit(hass, result, **OPTIONS)
    discord.fail(1, 400)
    result = await submit(hass, result, test=True)
    assert result["errors"] == {"base": "discord_rejected"}
    assert result["description_placeholders"]["reason"]


async def test_changing_options(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The form shows what was chosen; a webhook and a bot have their own menus."""
    stored = bot_channel(
        discord,
        channel,
        **{
            **BOT_OPTIONS,
            "report": {**REPORT, "enabled": True, "cron": "15 * * * *"},
        },
    )
    swarm = await swarm_with(hass, stored)
    result = await begin(hass, swarm, change=0)
    assert result["menu_options"] == ["options", "channel", "token"]
    result = await submit(hass, result, next_step_id="options")
    assert suggested(result, "report", "cron") == "15 * * * *"
    assert suggested(result, "report", "enabled") is True
    result = await finish(hass, result, BOT_OPTIONS)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert settings_of(swarm).report is None
    assert settings_of(swarm).channel_id == channel.id


async def test_roles_that_cannot_be_read(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Ids can be typed; what was chosen stays."""
    swarm = await swarm_with(hass, bot_channel(discord, channel, **BOT_OPTIONS))
    discord.fail(100, 403, path=f"/guilds/{channel.guild.id}")
    result = await begin(hass, swarm, "options", change=0)
    control = result["data_schema"].schema["commands"].schema.schema["control"]
    assert control.config["options"] == []


async def test_options_while_discord_is_away(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Whether the bot may read messages cannot be known; the bot finds out later."""
    swarm = await swarm_with(hass, bot_channel(discord, channel, **BOT_OPTIONS))
    await until(lambda: bool(discord.application.commands), "the commands")
    await discord.go_away()
    result = await begin(hass, swarm, "options", change=0)
    await finish(hass, result, {**OPTIONS, "commands": {**COMMANDS, "prefix": True}})
    assert settings_of(swarm).prefix
    await discord.come_back()


async def test_changing_the_webhook(
    hass: HomeAssistant, discord: FakeDiscord, webhook: Webhook
) -> None:
    """Options stay, and so does the entity."""
    swarm = await swarm_with(
        hass,
        webhook_channel(
            discord, webhook, **{**OPTIONS, "report": {**REPORT, "enabled": True}}
        ),
    )
    (subentry_id,) = swarm.subentries
    another = discord.add_webhook(webhook.channel, "Other")
    result = await begin(hass, swarm, change=0)
    assert result["menu_options"] == ["options", "webhook"]
    result = await submit(hass, result, next_step_id="webhook")
    result = await submit(hass, result, webhook_url=discord.webhook_url(another))
    assert suggested(result, "report", "enabled") is True
    await finish(hass, result, {**OPTIONS, "report": {**REPORT, "enabled": True}})
    (subentry,) = swarm.subentries.values()
    assert subentry.subentry_id == subentry_id
    assert subentry.title == "Other"
    assert subentry.unique_id == str(another.id)


async def test_changing_the_channel(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """One that is taken by another subentry is refused; its own is not."""
    second = discord.add_channel(channel.guild, "second")
    swarm = await swarm_with(
        hass, bot_channel(discord, channel), bot_channel(discord, second)
    )
    result = await begin(hass, swarm, "channel", change=0)
    assert suggested(result, "channel_id") == "Home › #miners"
    result = await submit(hass, result, channel_id=str(second.id))
    assert result["reason"] == "already_configured"
    third = discord.add_channel(channel.guild, "third")
    result = await begin(hass, swarm, "channel", change=0)
    result = await submit(hass, result, channel_id=str(third.id))
    await finish(hass, result, BOT_OPTIONS)
    assert settings_of(swarm).channel_id == third.id


async def test_changing_the_channel_with_a_token_that_is_void(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The token is asked for first."""
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    discord.application.token = "renewed.token.of-the-bot"
    result = await begin(hass, swarm, "channel", change=0)
    assert result["step_id"] == "token"
    assert result["errors"] == {"base": "invalid_auth"}


async def test_changing_the_token(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Of one channel is of all channels of the bot."""
    second = discord.add_channel(channel.guild, "second")
    swarm = await swarm_with(
        hass, bot_channel(discord, channel), bot_channel(discord, second)
    )
    discord.application.token = token = "renewed.token.of-the-bot"
    result = await begin(hass, swarm, "token", change=1)
    result = await submit(hass, result, token=token)
    result = await submit(hass, result, channel_id=str(second.id))
    await finish(hass, result, BOT_OPTIONS)
    assert {settings_of(swarm, index).token for index in range(2)} == {token}
    assert len(hub_of(swarm).bots) == 1


async def test_reauth(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A new token of the same bot mends all its channels, without a reload."""
    second = discord.add_channel(channel.guild, "second")
    swarm = await swarm_with(
        hass, bot_channel(discord, channel), bot_channel(discord, second)
    )
    await until(lambda: hub_of(swarm).channels[0].available, "the channel")
    runtime = swarm.runtime_data
    await discord.revoke()
    await until(lambda: hub_of(swarm).bots[0].rejected, "the end of the token")
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)

    async def enter(token: str) -> Result:
        return await hass.config_entries.flow.async_configure(
            flow["flow_id"], {"token": token}
        )

    result = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert result["description_placeholders"]["bot"] == discord.bot.name
    result = await enter("wrong.token.of-nobody")
    assert result["errors"] == {"base": "invalid_auth"}
    other = discord.add_application("Other bot")
    result = await enter(other.token)
    assert result["errors"] == {"base": "another_bot"}
    assert result["description_placeholders"]["other"] == "Other bot"
    discord.application.token = token = "renewed.token.of-the-bot"
    result = await enter(token)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    await until(
        lambda: all(item.available for item in hub_of(swarm).channels), "both channels"
    )
    assert swarm.runtime_data is runtime
    assert {settings_of(swarm, index).token for index in range(2)} == {token}


@pytest.mark.parametrize("test", [True, False])
async def test_token_replaced_while_options_are_changed(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, test: bool
) -> None:
    """Anyone who is slow with a form does not bring the old token back."""
    second = discord.add_channel(channel.guild, "second")
    swarm = await swarm_with(
        hass, bot_channel(discord, channel), bot_channel(discord, second)
    )
    slow = await begin(hass, swarm, "options", change=0)
    discord.application.token = token = "renewed.token.of-the-bot"
    result = await begin(hass, swarm, "token", change=1)
    result = await submit(hass, result, token=token)
    result = await submit(hass, result, channel_id=str(second.id))
    await finish(hass, result, BOT_OPTIONS)
    result = await finish(hass, slow, BOT_OPTIONS, test=test)
    assert result["reason"] == "reconfigure_successful"
    assert {settings_of(swarm, index).token for index in range(2)} == {token}


@pytest.mark.parametrize("way", ["reauth", "token"])
async def test_token_that_is_accepted_after_all(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, way: str
) -> None:
    """Discord was out of order; with the same token the bot is back."""
    swarm, (posting,) = await connected(hass, bot_channel(discord, channel))
    discord.fail(1, 401, path="/messages")
    with pytest.raises(TokenRejectedError):
        await posting.async_post(Message(content="Hello"))
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    if way == "reauth":
        result = await hass.config_entries.flow.async_configure(
            flow["flow_id"], {"token": discord.token}
        )
        assert result["reason"] == "reauth_successful"
    else:
        form = await begin(hass, swarm, "token", change=0)
        form = await submit(hass, form, token=discord.token)
        form = await submit(hass, form, channel_id=str(channel.id))
        await finish(hass, form, BOT_OPTIONS)
    await hass.async_block_till_done()
    (posting,) = hub_of(swarm).channels
    await until(lambda: posting.available, "the channel")
    await posting.async_post(Message(content="Hello"))
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []


@pytest.mark.parametrize("renewed", [True, False])
async def test_nobody_is_asked_for_what_is_not_needed(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, renewed: bool
) -> None:
    """A token that was entered elsewhere, or a bot that is no longer used."""
    swarm, _ = await connected(hass, bot_channel(discord, channel))
    await discord.revoke()
    await until(lambda: hub_of(swarm).bots[0].rejected, "the end of the token")
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    if renewed:
        discord.application.token = token = "renewed.token.of-the-bot"
        form = await begin(hass, swarm, "token", change=0)
        form = await submit(hass, form, token=token)
        form = await submit(hass, form, channel_id=str(channel.id))
        await finish(hass, form, BOT_OPTIONS)
    else:
        hass.config_entries.async_remove_subentry(swarm, next(iter(swarm.subentries)))
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []


async def test_two_bots_lose_their_tokens(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Home Assistant asks for one token at a time: the second after the first."""
    other = discord.add_application("Other bot")
    discord.invite(channel.guild, other)
    second = discord.add_channel(channel.guild, "second")
    swarm = await swarm_with(
        hass, bot_channel(discord, channel), bot_channel(discord, second, other)
    )
    await until(
        lambda: all(item.available for item in hub_of(swarm).channels), "both channels"
    )
    await discord.revoke()
    await discord.revoke(other)
    await until(lambda: all(bot.rejected for bot in hub_of(swarm).bots), "the ends")
    await hass.async_block_till_done()
    discord.application.token = "renewed.token.of-the-bot"
    other.token = "renewed.token.of-other"
    for _ in range(2):
        (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        result = await hass.config_entries.flow.async_configure(flow["flow_id"])
        asked = result["description_placeholders"]["bot"]
        token = other.token if asked == "Other bot" else discord.token
        result = await hass.config_entries.flow.async_configure(
            flow["flow_id"], {"token": token}
        )
        assert result["reason"] == "reauth_successful"
        await hass.async_block_till_done()
    await until(
        lambda: all(item.available for item in hub_of(swarm).channels), "both channels"
    )
