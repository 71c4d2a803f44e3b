"""Commands, buttons and completions, as people in Discord use them."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.discord import commands
from custom_components.bitaxe.discord.commands import Answer, Confirmation
from custom_components.bitaxe.discord.gateway import interactions as conversation
from custom_components.bitaxe.discord.messages.model import Attachment, Embed, Message
from scripts.fake_discord import Channel, FakeDiscord, Interaction, User

from ..conftest import AddMiner, Simulate
from .homes import bot_channel, connected, hub_of, swarm_with, until

COMMANDS = {"enabled": True, "everyone": True}

type Answering = Callable[[Answer], None]


@pytest.fixture
def alice(discord: FakeDiscord, channel: Channel) -> User:
    """Return somebody without any role."""
    return discord.add_user(channel.guild, "alice")


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Have every command answered in a certain way."""

    def answer_with(answer: Answer) -> None:
        async def run(*_: Any) -> Answer:
            return answer

        monkeypatch.setattr(commands, "async_run", run)

    return answer_with


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands take longer than is waited for."""
    run = commands.async_run

    async def run_late(*arguments: Any) -> Answer:
        await asyncio.sleep(0.02)
        return await run(*arguments)

    monkeypatch.setattr(commands, "async_run", run_late)
    monkeypatch.setattr(conversation, "AT_ONCE_SECONDS", 0)


async def listening(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    options: Mapping[str, Any] = COMMANDS,
) -> MockConfigEntry:
    """Return a swarm whose commands are offered in a channel."""
    entry, _ = await connected(
        hass, bot_channel(discord, channel, commands={**options})
    )
    if options.get("enabled"):
        await until(
            lambda: bool(discord.application.commands.get(channel.guild.id)),
            "the commands",
        )
    return entry


def said(text: str, **more: Any) -> Answer:
    """Return an answer of one message."""
    return Answer(messages=(Message(content=text),), **more)


def asks(answer: Answer, expires_seconds: float = 60) -> tuple[Answer, list[int]]:
    """Return a question, and how often it was agreed to."""
    agreed: list[int] = []

    async def proceed() -> Answer:
        agreed.append(len(agreed))
        return answer

    question = said(
        "Really?",
        confirmation=Confirmation(proceed=proceed, expires_seconds=expires_seconds),
    )
    return question, agreed


async def test_answers_at_once(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, alice: User
) -> None:
    """What takes no time is not announced."""
    await listening(hass, discord, channel)
    interaction = await discord.slash(channel, alice, "help")
    assert not interaction.deferred
    assert interaction.answer.only_for is None
    assert "/status" in interaction.answer.text


async def test_announces_what_takes_time(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    slow: None,
) -> None:
    """Discord waits three seconds only; the answer takes the place of the notice."""
    await listening(hass, discord, channel)
    interaction = await discord.slash(channel, alice, "help")
    assert interaction.deferred
    assert "/status" in interaction.answer.text
    assert len(discord.messages) == 1


async def test_announces_what_is_large(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """Pictures may take longer to send than Discord waits."""
    await listening(hass, discord, channel)
    picture = Attachment(name="a.png", content=b"\x89PNG")
    answering(
        Answer(
            messages=(Message(embeds=(Embed(image="a.png"),), attachments=(picture,)),)
        )
    )
    interaction = await discord.slash(channel, alice, "report")
    assert interaction.deferred
    assert interaction.answer.attachments[0].content == b"\x89PNG"


async def test_answers_on_several_pages(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """The second page follows the first."""
    await listening(hass, discord, channel)
    text = "\n".join(f"line {number}" for number in range(300))
    answering(said(text))
    interaction = await discord.slash(channel, alice, "stats")
    await discord.wait_for_messages(2)
    assert "\n".join(message.content for message in interaction.messages) == text


async def test_refusals_are_private(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, alice: User
) -> None:
    """Anyone who may not control is informed, and nobody else."""
    await listening(hass, discord, channel)
    interaction = await discord.slash(channel, alice, "restart-all")
    assert interaction.answer.only_for is alice


async def test_refusal_that_takes_time_is_private_as_well(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    slow: None,
) -> None:
    """Though an answer for all was announced."""
    await listening(hass, discord, channel)
    interaction = await discord.use(channel, alice, "restart-all", {}, wait=False)
    await until(
        lambda: any(message.only_for is alice for message in interaction.messages),
        "a private answer",
    )
    assert [message for message in discord.messages if message.only_for is None] == []


async def test_only_in_channels_that_want_it(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, alice: User
) -> None:
    """In another channel of the same server commands are offered, but not honoured."""
    other = discord.add_channel(channel.guild, "general")
    await listening(hass, discord, channel)
    await discord.gateway.flush()
    interaction = await discord.slash(other, alice, "status")
    assert interaction.answer.only_for is alice
    assert "set up" in interaction.answer.text
    assert await discord.autocomplete(other, alice, "miner", "miner", "") == []


async def test_foreign_server(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A server the bot was invited to, but that was not set up, has no commands."""
    await listening(hass, discord, channel)
    foreign = discord.add_guild("Foreign")
    assert foreign.id not in discord.application.commands


async def test_channel_that_wants_reports_only(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, alice: User
) -> None:
    """Neither slash nor prefix is answered where commands are off."""
    discord.application.message_content = True
    second = discord.add_channel(channel.guild, "second")
    entry = await swarm_with(
        hass,
        bot_channel(discord, channel, commands={"enabled": True, "prefix": True}),
        bot_channel(discord, second),
    )
    await until(lambda: bool(discord.application.commands), "the commands")
    await until(lambda: hub_of(entry).channels[1].available, "the channel")
    interaction = await discord.slash(second, alice, "status")
    assert interaction.answer.only_for is alice
    await discord.say(second, alice, "!status")
    await discord.say(channel, alice, "!help")
    await until(lambda: any("!status" in m.text for m in discord.messages), "help")
    assert [
        message
        for message in discord.messages
        if message.channel is second and message.only_for is None
    ] == []


async def test_prefix_commands(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, alice: User
) -> None:
    """Typed with an exclamation mark; everything else in the channel is left alone."""
    discord.application.message_content = True
    await listening(hass, discord, channel, {"enabled": True, "prefix": True})
    for text in ("Hello", "status", "!play some music", "!", "! status"):
        await discord.say(channel, alice, text)
    await discord.say(channel, alice, "!help")
    await discord.wait_for_messages(1)
    (message,) = discord.messages
    assert "!status" in message.text


async def test_prefix_commands_of_bots(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, alice: User
) -> None:
    """Two bots must not talk to each other without end."""
    discord.application.message_content = True
    other = discord.add_application("Other bot")
    discord.invite(channel.guild, other)
    await listening(hass, discord, channel, {"enabled": True, "prefix": True})
    await discord.say(channel, other.bot, "!help")
    await discord.say(channel, alice, "!help")
    await until(
        lambda: any(message.author is discord.bot for message in discord.messages),
        "an answer",
    )
    assert sum(message.author is discord.bot for message in discord.messages) == 1


async def test_completes_names_of_miners(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """While somebody types."""
    await add_miner(await simulate("gamma-2.12"))
    await listening(hass, discord, channel)
    names = await discord.autocomplete(channel, alice, "miner", "miner", "")
    assert len(names) == 1
    assert await discord.autocomplete(channel, alice, "miner", "miner", "zzz") == []


async def test_confirmation(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """What is dangerous happens once the caller agrees, and once only."""
    await listening(hass, discord, channel)
    question, agreed = asks(said("Done."))
    answering(question)
    interaction = await discord.slash(channel, alice, "restart-all")
    message = interaction.answer
    assert [button["label"] for button in message.buttons] == ["Confirm", "Cancel"]
    await discord.press(message, "Confirm", alice)
    await until(lambda: discord.messages[-1].content == "Done.", "the answer")
    assert len(agreed) == 1
    assert message.buttons == []


async def test_cancelling(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """Nothing happens, and that is said."""
    await listening(hass, discord, channel)
    question, agreed = asks(said("Done."))
    answering(question)
    interaction = await discord.slash(channel, alice, "restart-all")
    await discord.press(interaction.answer, "Cancel", alice)
    await until(lambda: "nothing was changed" in discord.messages[-1].text, "the end")
    assert agreed == []
    assert interaction.answer.buttons == []


async def test_only_the_caller_may_agree(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """Somebody else is informed in private; the caller still can."""
    mallory = discord.add_user(channel.guild, "mallory")
    await listening(hass, discord, channel)
    question, agreed = asks(said("Done."))
    answering(question)
    interaction = await discord.slash(channel, alice, "restart-all")
    for label in ("Confirm", "Cancel"):
        pressed = await discord.press(interaction.answer, label, mallory)
        assert pressed.answer.only_for is mallory
    assert agreed == []
    await discord.press(interaction.answer, "Confirm", alice)
    await until(lambda: len(agreed) == 1, "the agreement")


async def test_questions_expire(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """Hours later nobody knows what the button was about."""
    await listening(hass, discord, channel)
    question, agreed = asks(said("Done."), expires_seconds=-1)
    answering(question)
    interaction = await discord.slash(channel, alice, "restart-all")
    pressed = await discord.press(interaction.answer, "Confirm", alice)
    assert pressed.answer.only_for is alice
    assert "expired" in pressed.answer.text
    assert agreed == []


async def test_questions_do_not_outlive_the_connection(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """After a restart of Home Assistant an old button says that it has expired."""
    entry = await listening(hass, discord, channel)
    question, agreed = asks(said("Done."))
    answering(question)
    interaction = await discord.slash(channel, alice, "restart-all")
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: hub_of(entry).channels[0].available, "the channel")
    pressed = await discord.press(interaction.answer, "Confirm", alice)
    assert "expired" in pressed.answer.text
    assert agreed == []


async def test_buttons_cannot_be_guessed(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """What a button is called is long, and another one each time."""
    await listening(hass, discord, channel)
    question, agreed = asks(said("Done."))
    answering(question)
    ids = set()
    for _ in range(3):
        interaction = await discord.slash(channel, alice, "restart-all")
        ids |= {button["custom_id"] for button in interaction.answer.buttons}
    assert len(ids) == 6
    assert all(len(custom_id) >= 32 for custom_id in ids)
    interaction.answer.buttons[0]["custom_id"] = "guess:yes"
    pressed = await discord.press(interaction.answer, "Confirm", alice)
    assert "expired" in pressed.answer.text
    assert agreed == []


async def test_questions_in_prefix_commands(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
) -> None:
    """The same buttons."""
    discord.application.message_content = True
    await listening(hass, discord, channel, {**COMMANDS, "prefix": True})
    question, agreed = asks(said("Done."))
    answering(question)
    await discord.say(channel, alice, "!restart-all")
    (message,) = await discord.wait_for_messages(1)
    await discord.press(message, "Confirm", alice)
    await until(lambda: discord.messages[-1].content == "Done.", "the answer")
    assert len(agreed) == 1


async def test_few_questions_are_kept(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    answering: Answering,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Anyone who asks without end fills no memory: the oldest question is forgotten."""
    monkeypatch.setattr(conversation, "_MOST_PENDING", 2)
    await listening(hass, discord, channel)
    question, agreed = asks(said("Done."))
    answering(question)
    first, _, last = [
        await discord.slash(channel, alice, "restart-all") for _ in range(3)
    ]
    pressed = await discord.press(first.answer, "Confirm", alice)
    assert "expired" in pressed.answer.text
    await discord.press(last.answer, "Confirm", alice)
    await until(lambda: len(agreed) == 1, "the agreement")


async def test_bug_in_a_command(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The caller is informed that there is one, and the log has it."""

    async def fail(*_: Any) -> Answer:
        raise RuntimeError("a bug")

    await listening(hass, discord, channel)
    monkeypatch.setattr(commands, "async_run", fail)
    interaction: Interaction = await discord.slash(channel, alice, "status")
    assert interaction.answer.only_for is alice
    assert "wrong" in interaction.answer.text
    assert "RuntimeError: a bug" in caplog.text


async def test_command_that_is_no_more(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, alice: User
) -> None:
    """An older version registered it, and Discord's app still shows it."""
    await listening(hass, discord, channel)
    command = discord.application.commands[channel.guild.id][0]
    command["name"] = "seance"
    interaction = await discord.slash(channel, alice, "seance")
    assert interaction.answer.only_for is alice


async def test_discord_fails_in_the_middle(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An answer that does not get there is a line in the log, and no more."""
    await listening(hass, discord, channel)
    discord.fail(1, 400, path="/callback")
    interaction = await discord.use(channel, alice, "help", {}, wait=False)
    await until(lambda: "could not be answered" in caplog.text, "the log")
    assert not interaction.finished
    discord.service.interactions.clear()
    assert (await discord.slash(channel, alice, "help")).finished
