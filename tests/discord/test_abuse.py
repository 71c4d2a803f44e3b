"""What strangers, jokers and fools may try, through all of Discord and back.

Nothing of it may touch a miner, ping anybody, break a message or give away a secret.
"""

import json

from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.const import EVENT_DISCORD_COMMAND
from custom_components.bitaxe.discord.commands import COMMANDS
from scripts.fake_discord import (
    Channel,
    FakeDiscord,
    Guild,
    Interaction,
    Message,
    NotOfferedError,
    Role,
    User,
)
from scripts.fake_discord.clock import pause
from scripts.simulator import MinerServer, MinerSpec

from ..conftest import AddMiner, PassTime, Simulate
from ..web import sign_in
from .homes import until

CONTROLS: dict[str, dict[str, object]] = {
    "restart": {"miner": "office"},
    "tune": {"miner": "office", "goal": "efficiency"},
    "stop": {"miner": "office"},
    "restart-all": {},
    "clock": {"miner": "office", "frequency": 500.0},
    "voltage": {"miner": "office", "voltage": 1100},
    "fan": {"miner": "office", "speed": "50"},
    "pause": {"miner": "office"},
    "resume": {"miner": "office"},
    "apply": {"miner": "office", "frequency": "500", "voltage": 1100},
}


@pytest.fixture
async def office(
    swarm: MockConfigEntry, simulate: Simulate, add_miner: AddMiner
) -> MinerServer:
    """Add a miner called office."""
    server = await simulate(MinerSpec(name="office", firmware="v2.15.0"))
    await add_miner(server)
    return server


@pytest.fixture
def done(hass: HomeAssistant) -> list[Event]:
    """Return the events of what was done from Discord."""
    return async_capture_events(hass, EVENT_DISCORD_COMMAND)


def orders(server: MinerServer) -> list[str]:
    """Return everything a miner was asked to do."""
    return [
        f"{request.method} {request.path}"
        for request in server.miner.requests
        if request.method != "GET"
    ]


@pytest.fixture
def quick_heartbeat(discord: FakeDiscord) -> None:
    """Have the bot's heart beat often, for tests in which minutes fly by."""
    discord.gateway.heartbeat_interval = 0.03


async def forge(
    discord: FakeDiscord, channel: Channel, user: User, name: str
) -> Interaction:
    """Use a command where it is not offered, as a registration of old times allows."""
    known = [
        command
        for commands in discord.application.commands.values()
        for command in commands
        if command["name"] == name
    ]
    discord.application.commands[None] = [
        {key: value for key, value in known[0].items() if key != "guild_id"}
    ]
    return await discord.use(channel, user, name, CONTROLS.get(name, {}))


def test_every_control_is_tried() -> None:
    """A command that is added later is tried, too."""
    assert set(CONTROLS) == {spec.name for spec in COMMANDS if spec.control}


@pytest.mark.parametrize("name", CONTROLS)
async def test_user_without_the_role(
    discord: FakeDiscord,
    channel: Channel,
    mallory: User,
    office: MinerServer,
    done: list[Event],
    name: str,
) -> None:
    """Who may not control is informed, and nobody else is."""
    answer = await discord.use(channel, mallory, name, CONTROLS[name])
    assert answer.private
    assert answer.answer.buttons == []
    assert "may not control" in answer.text
    assert orders(office) == []
    assert done == []


async def test_role_of_the_same_name(
    discord: FakeDiscord, channel: Channel, guild: Guild, office: MinerServer
) -> None:
    """A role counts by what it is, not by what it is called."""
    namesake = discord.add_role(guild, "operators")
    mallory = discord.add_user(guild, "alice", [namesake])
    answer = await discord.use(channel, mallory, "clock", CONTROLS["clock"])
    assert "may not control" in answer.text
    assert orders(office) == []


async def test_role_that_was_taken_away(
    discord: FakeDiscord,
    channel: Channel,
    guild: Guild,
    alice: User,
    office: MinerServer,
) -> None:
    """Who loses the role loses control at once, though they were heard before."""
    await discord.say(channel, alice, "!status")
    await discord.wait_for_messages(1)
    guild.members[alice.id].roles.clear()
    answer = await discord.use(channel, alice, "pause", CONTROLS["pause"])
    assert "may not control" in answer.text
    await discord.say(channel, alice, "!pause office")
    messages = await discord.wait_for_messages(3)
    assert "may not control" in messages[-1].text
    assert orders(office) == []


@pytest.mark.parametrize("name", ["status", "clock"])
async def test_foreign_guild(
    discord: FakeDiscord,
    alice: User,
    office: MinerServer,
    done: list[Event],
    name: str,
) -> None:
    """The bot of a guild it was also invited to offers and does nothing there."""
    foreign = discord.add_guild("Elsewhere")
    elsewhere = discord.add_channel(foreign, "miners")
    foreign.members[alice.id] = discord.world.guilds[
        next(iter(discord.world.guilds))
    ].members[alice.id]
    with pytest.raises(NotOfferedError):
        await discord.use(elsewhere, alice, name, CONTROLS.get(name, {}))

    answer = await forge(discord, elsewhere, alice, name)
    assert answer.private
    assert "office" not in answer.text
    assert orders(office) == []
    assert done == []


@pytest.mark.parametrize("name", ["status", "clock"])
async def test_foreign_channel(
    discord: FakeDiscord,
    guild: Guild,
    alice: User,
    office: MinerServer,
    done: list[Event],
    name: str,
) -> None:
    """In channels that were not set up it keeps to itself."""
    lounge = discord.add_channel(guild, "lounge")
    answer = await discord.use(lounge, alice, name, CONTROLS.get(name, {}))
    assert answer.private
    assert "office" not in answer.text
    assert await discord.autocomplete(lounge, alice, "clock", "miner", "off") == []
    assert orders(office) == []
    assert done == []


async def test_messages_elsewhere(
    discord: FakeDiscord, channel: Channel, guild: Guild, alice: User, swarm: object
) -> None:
    """Messages in other channels are not answered at all, not even with an error."""
    lounge = discord.add_channel(guild, "lounge")
    foreign = discord.add_channel(discord.add_guild("Elsewhere"), "miners")
    foreign.guild.members[alice.id] = guild.members[alice.id]
    for other in (lounge, foreign):
        await discord.say(other, alice, "!status")
        await discord.say(other, alice, "!nonsense")
    # What was said later is answered later.
    await discord.say(channel, alice, "!status")
    (message,) = await discord.wait_for_messages(1)
    assert message.channel is channel


async def test_programs_are_not_obeyed(
    discord: FakeDiscord,
    channel: Channel,
    guild: Guild,
    alice: User,
    operators: Role,
    office: MinerServer,
) -> None:
    """Neither other bots nor webhooks nor itself give commands."""
    other = discord.add_application("Other bot")
    discord.invite(guild, other)
    guild.members[other.bot.id].roles.append(operators)
    for author in (other.bot, discord.bot):
        await discord.say(channel, author, "!pause office")
    webhook = discord.add_webhook(channel, alice.name)
    discord.service.publish(
        Message(
            id=discord.world.snowflakes.next(),
            channel=channel,
            author=User(id=webhook.id, name=alice.name, bot=True),
            webhook_id=webhook.id,
            content="!pause office",
        )
    )
    await discord.say(channel, alice, "!help")
    await until(
        lambda: any("/status" in message.text for message in discord.messages), "help"
    )
    assert orders(office) == []


@pytest.mark.parametrize(
    "text", ["", "!", "!!", "! status", "!nonsense", "hello !status"]
)
async def test_messages_that_are_no_commands(
    discord: FakeDiscord, channel: Channel, alice: User, office: MinerServer, text: str
) -> None:
    """Small talk is not answered with errors that harm."""
    await discord.say(channel, alice, text or " ")
    await discord.say(channel, alice, "!help")
    messages = await discord.wait_for_messages(1)
    assert all(not message.pinged for message in messages)
    assert orders(office) == []


async def test_only_who_asked_may_confirm(
    discord: FakeDiscord,
    channel: Channel,
    guild: Guild,
    operators: Role,
    alice: User,
    mallory: User,
    office: MinerServer,
    done: list[Event],
) -> None:
    """Others press in vain, may they control or not; and nobody can press twice."""
    bob = discord.add_user(guild, "bob", [operators])
    question = await discord.use(channel, alice, "restart-all", {})
    message = question.answer
    confirm = message.buttons[0]["label"]
    for other in (mallory, bob):
        refused = await discord.press(message, confirm, other)
        assert refused.private
        assert message.buttons
        assert orders(office) == []

    buttons = list(message.components)
    await discord.press(message, confirm, alice)
    await until(lambda: bool(orders(office)), "the restart")
    assert message.buttons == []
    message.components = buttons
    again = await discord.press(message, confirm, alice)
    assert again.private
    assert len(orders(office)) == 1
    assert len(done) == 1


async def test_role_that_was_taken_away_before_the_answer(
    discord: FakeDiscord,
    channel: Channel,
    guild: Guild,
    alice: User,
    office: MinerServer,
    done: list[Event],
) -> None:
    """Anyone who loses the role agrees in vain to what was asked before."""
    question = await discord.use(channel, alice, "clock", CONTROLS["clock"])
    guild.members[alice.id].roles.clear()
    message = question.answer
    await discord.press(message, message.buttons[0]["label"], alice)
    await until(lambda: "may not control" in discord.messages[-1].text, "the refusal")
    assert discord.messages[-1].ephemeral
    assert message.buttons == []
    assert orders(office) == []
    assert done == []


async def test_question_that_was_forgotten(
    quick_heartbeat: None,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    office: MinerServer,
    pass_time: PassTime,
) -> None:
    """A question of some minutes ago changes nothing any more."""
    question = await discord.use(channel, alice, "clock", CONTROLS["clock"])
    for _ in range(20):
        await pass_time(30, poll=30)
        # A connection on which nothing is heard for a minute is given up.
        await pause(0.1)
    late = await discord.press(
        question.answer, question.answer.buttons[0]["label"], alice
    )
    assert late.private
    assert orders(office) == []


@pytest.mark.parametrize(
    "name",
    [
        "x" * 6000,
        "@everyone",
        "`````",
        "office; DROP TABLE states",
        "../../etc/passwd",
        "{{ states }}",
        "%s %(x)s {0}",
        "\u202e\u200b",
    ],
)
async def test_values_nobody_offered(
    discord: FakeDiscord, channel: Channel, alice: User, office: MinerServer, name: str
) -> None:
    """Whatever is typed as the name of a miner comes back as text, if at all."""
    for command in ("miner", "restart"):
        answer = await discord.use(channel, alice, command, {"miner": name})
        assert answer.private
        assert not any(message.pinged for message in answer.messages)
        assert len(answer.text) < 1000
    assert orders(office) == []


@pytest.mark.parametrize(
    "number", ["nan", "inf", "-1", "1e9", "0x10", "+-5", "500;600"]
)
async def test_numbers_nobody_means(
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    office: MinerServer,
    number: str,
) -> None:
    """What is no clock, voltage or speed is refused before anybody is asked."""
    for text in (
        f"!clock office {number}",
        f"!voltage office {number}",
        f"!fan office {number}",
        f"!apply office {number} {number}",
    ):
        before = len(discord.messages)
        await discord.say(channel, alice, text)
        messages = await discord.wait_for_messages(before + 1)
        assert messages[-1].buttons == [], text
    assert orders(office) == []


async def test_secrets_stay_secret(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    office: MinerServer,
    swarm: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither log nor diagnostics nor states nor messages have a token in them."""
    for command in ("status", "health"):
        await discord.use(channel, alice, command, {})
    discord.fail(1, 500, path="/messages")
    await discord.say(channel, alice, "!status")
    secret = discord.token
    assert await async_setup_component(hass, "diagnostics", {})
    browser = await sign_in(hass, hass_client, hass_admin_user)
    response = await browser.get(f"/api/diagnostics/config_entry/{swarm.entry_id}")
    diagnostics = await response.text()
    assert '"subentry_type": "discord"' in diagnostics
    for place in (
        caplog.text,
        diagnostics,
        json.dumps([state.as_dict() for state in hass.states.async_all()], default=str),
        "".join(message.text for message in discord.messages),
    ):
        assert secret not in place
        assert secret.rpartition(".")[2] not in place
