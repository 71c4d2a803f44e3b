"""The library that the integration uses finds a Discord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import io
import threading
from typing import Any

import aiohttp
from aiohttp import ClientWebSocketResponse
import nextcord
from nextcord.gateway import KeepAliveHandler
import pytest

from scripts.fake_discord import Channel, FakeDiscord, Guild, Permission
from scripts.fake_discord.clock import until

PNG = b"\x89PNG\r\n\x1a\n"


@asynccontextmanager
async def connected(
    fake: FakeDiscord, client: nextcord.Client
) -> AsyncIterator[asyncio.Task[None]]:
    """Run a client while the body runs."""
    async with tidy(client):
        task = asyncio.create_task(client.start(fake.token))
        await fake.ready()
        await until(lambda: len(client.guilds) == len(fake.world.guilds), "its guilds")
        yield task


@asynccontextmanager
async def tidy(client: nextcord.Client) -> AsyncIterator[None]:
    """Close a client, and put away what it leaves behind."""
    sockets: list[ClientWebSocketResponse] = []
    before = asyncio.all_tasks()
    connect = client.http.ws_connect

    async def keep(*args: Any, **kwargs: Any) -> ClientWebSocketResponse:
        sockets.append(await connect(*args, **kwargs))
        return sockets[-1]

    client.http.ws_connect = keep  # type: ignore[method-assign]
    try:
        yield
    finally:
        await client.close()
        for socket in sockets:
            await socket.close()
        while left := [
            task for task in asyncio.all_tasks() - before if "nextcord" in repr(task)
        ]:
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        for thread in threading.enumerate():
            if isinstance(thread, KeepAliveHandler):
                thread.stop()
                await asyncio.to_thread(thread.join)


class Listener(nextcord.Client):
    """A bot that keeps what it hears."""

    def __init__(self, **options: object) -> None:
        """Read what people write."""
        intents = nextcord.Intents(guilds=True, guild_messages=True)
        intents.message_content = True
        super().__init__(intents=intents, **options)  # type: ignore[arg-type]
        self.heard: list[str] = []

    async def on_message(self, message: nextcord.Message) -> None:
        """Keep a message of a person."""
        if not message.author.bot:
            self.heard.append(message.content)


async def test_connect_hear_and_post(
    fake: FakeDiscord, guild: Guild, channel: Channel
) -> None:
    """A bot hears people, posts with a picture, and edits and deletes it."""
    fake.application.message_content = True
    alice = fake.add_user(guild)
    client = Listener()
    async with connected(fake, client):
        await fake.say(channel, alice, "!status")
        await until(lambda: client.heard == ["!status"])

        target = client.get_channel(channel.id)
        assert isinstance(target, nextcord.TextChannel)
        assert target.permissions_for(target.guild.me).attach_files
        embed = nextcord.Embed(title="Report", description="Fine")
        embed.set_image(url="attachment://chart.png")
        posted = await target.send(
            embed=embed, file=nextcord.File(io.BytesIO(PNG), "chart.png")
        )
        (message,) = fake.messages
        assert message.id == posted.id
        assert message.attachments[0].content == PNG
        await posted.edit(content="Better", embed=None)
        assert message.content == "Better"
        assert message.embeds == []
        await posted.delete()
        assert fake.messages == []
    assert fake.violations == []


async def test_slash_command(fake: FakeDiscord, guild: Guild, channel: Channel) -> None:
    """Commands are registered, completed, promised and answered."""
    alice = fake.add_user(guild)
    client = nextcord.Client(intents=nextcord.Intents(guilds=True))

    @client.slash_command(name="miner", description="One miner", guild_ids=[guild.id])
    async def miner(
        interaction: nextcord.Interaction[nextcord.Client],
        name: str = nextcord.SlashOption(autocomplete=True, description="Its name"),
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"{name} hashes", ephemeral=True)

    @miner.on_autocomplete("name")
    async def complete(
        interaction: nextcord.Interaction[nextcord.Client], text: str
    ) -> None:
        await interaction.response.send_autocomplete([f"{text}-office"])

    async with connected(fake, client):
        await until(
            lambda: bool(fake.application.commands.get(guild.id)), "registration"
        )
        assert await fake.autocomplete(channel, alice, "miner", "name", "bit") == [
            "bit-office"
        ]
        interaction = await fake.slash(channel, alice, "miner", name="office")
        assert interaction.deferred
        assert interaction.private
        assert interaction.text == "office hashes"
    assert fake.violations == []
    assert fake.unanswered() == []


async def test_button(fake: FakeDiscord, guild: Guild, channel: Channel) -> None:
    """A button says who pressed it, and the message can change for it."""
    alice = fake.add_user(guild)
    client = nextcord.Client(intents=nextcord.Intents(guilds=True))

    class Question(nextcord.ui.View):
        @nextcord.ui.button(label="Restart")
        async def restart(
            self,
            _: nextcord.ui.Button[Question],
            interaction: nextcord.Interaction[nextcord.Client],
        ) -> None:
            assert interaction.user is not None
            await interaction.response.edit_message(
                content=f"Done for {interaction.user.name}", view=None
            )
            self.stop()

    async with connected(fake, client):
        target = client.get_channel(channel.id)
        assert isinstance(target, nextcord.TextChannel)
        await target.send("Sure?", view=Question(timeout=None))
        (message,) = fake.messages
        interaction = await fake.press(message, "Restart", alice)
        assert interaction.answer is message
        assert message.content == "Done for alice"
        assert message.buttons == []
    assert fake.violations == []


@pytest.mark.parametrize("breaks", ["drop", "reconnect", "close", "invalid"])
async def test_resume(
    fake: FakeDiscord, guild: Guild, channel: Channel, breaks: str
) -> None:
    """After an interruption a bot hears also what was said meanwhile."""
    fake.application.message_content = True
    alice = fake.add_user(guild)
    client = Listener()
    async with connected(fake, client):
        match breaks:
            case "drop":
                await fake.drop_connections()
            case "reconnect":
                await fake.reconnect()
            case "close":
                await fake.close_gateway()
            case "invalid":
                await fake.invalidate_session(resumable=True)
        await fake.say(channel, alice, "still there?")
        await until(lambda: client.heard == ["still there?"])
        assert fake.gateway.resumed == 1
        assert fake.gateway.identified == 1
    assert fake.violations == []


async def test_a_session_that_is_gone(fake: FakeDiscord, channel: Channel) -> None:
    """A bot whose session was forgotten begins another."""
    client = Listener()
    fake.application.message_content = True
    async with connected(fake, client):
        await fake.invalidate_session()
        await until(lambda: fake.gateway.identified == 2, "another session")


async def test_without_acknowledgements(fake: FakeDiscord, channel: Channel) -> None:
    """A bot that hears nothing any more connects anew."""
    fake.application.message_content = True
    fake.gateway.heartbeat_interval = 0.05
    client = Listener(heartbeat_timeout=0.2)
    async with connected(fake, client):
        fake.no_acks = True
        await until(lambda: fake.gateway.resumed > 0, "a new connection")
        fake.no_acks = False


async def test_refused_logins(fake: FakeDiscord, channel: Channel) -> None:
    """A wrong token and intents that are not switched on are distinguished."""
    client = Listener()
    async with tidy(client):
        with pytest.raises(nextcord.LoginFailure):
            await client.start("wrong")
    client = Listener()
    async with tidy(client):
        with pytest.raises(nextcord.PrivilegedIntentsRequired):
            await client.start(fake.token)


async def test_revoked(fake: FakeDiscord, channel: Channel) -> None:
    """A token that is revoked ends the connection for good."""
    fake.application.message_content = True
    client = Listener()
    async with connected(fake, client) as task:
        await fake.revoke()
        with pytest.raises(nextcord.ConnectionClosed) as error:
            await task
        assert error.value.code == 4004


async def test_without_content(
    fake: FakeDiscord, guild: Guild, channel: Channel
) -> None:
    """A bot without the intent hears that people write, but not what."""
    alice = fake.add_user(guild)
    client = Listener()
    client._connection._intents.message_content = False  # noqa: SLF001
    async with connected(fake, client):
        await fake.say(channel, alice, "secret")
        await until(lambda: client.heard == [""])


async def test_rate_limit(fake: FakeDiscord, guild: Guild, channel: Channel) -> None:
    """The library waits as it is asked, and then succeeds."""
    client = nextcord.Client(intents=nextcord.Intents(guilds=True))
    async with connected(fake, client):
        fake.rate_limit(2, retry_after=0.01, path="/messages")
        target = client.get_channel(channel.id)
        assert isinstance(target, nextcord.TextChannel)
        await target.send("late")
        assert [message.content for message in fake.messages] == ["late"]
        statuses = [
            request.status for request in fake.requests if "messages" in request.path
        ]
        assert statuses == [429, 429, 200]


async def test_permissions(fake: FakeDiscord, guild: Guild, channel: Channel) -> None:
    """What a channel denies the bot is refused, and known beforehand."""
    client = nextcord.Client(intents=nextcord.Intents(guilds=True))
    async with connected(fake, client):
        target = client.get_channel(channel.id)
        assert isinstance(target, nextcord.TextChannel)
        fake.overwrite(channel, deny=Permission.SEND_MESSAGES)
        with pytest.raises(nextcord.Forbidden) as error:
            await target.send("no")
        assert error.value.code == 50013
        assert not target.permissions_for(target.guild.me).send_messages
        fake.overwrite(channel, deny=Permission.VIEW_CHANNEL)
        with pytest.raises(nextcord.Forbidden) as error:
            await client.fetch_channel(channel.id)
        assert error.value.code == 50001
        fake.delete_channel(channel)
        with pytest.raises(nextcord.NotFound) as missing:
            await client.fetch_channel(channel.id)
        assert missing.value.code == 10003


async def test_silent_client(fake: FakeDiscord) -> None:
    """Discord hangs up on clients that send no heartbeats."""
    fake.gateway.heartbeat_interval = 0.01
    fake.gateway.grace_seconds = 0.01
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{fake.url}/?v=10&encoding=json") as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 4009
