"""Who may do what, in the words of Discord's errors."""

from http import HTTPStatus
from typing import Any

from aiohttp import ClientResponse, ClientSession
from freezegun.api import FrozenDateTimeFactory
import pytest

from scripts.fake_discord import (
    Channel,
    FakeDiscord,
    Guild,
    Interaction,
    NotOfferedError,
    Permission,
)

from .conftest import AGENT

HELLO = {"content": "Hello"}
STATUS = {
    "name": "status",
    "description": "How it goes",
    "options": [
        {"type": 3, "name": "miner", "description": "Which", "autocomplete": True},
        {"type": 4, "name": "mhz", "description": "Clock", "min_value": 50},
    ],
}


async def expect(response: ClientResponse, status: HTTPStatus, code: int) -> None:
    """Assert an error."""
    assert response.status == status
    assert (await response.json())["code"] == code


@pytest.mark.parametrize(
    ("headers", "status", "violation"),
    [
        ({"User-Agent": "aiohttp"}, HTTPStatus.OK, "User-Agent"),
        ({"Authorization": ""}, HTTPStatus.UNAUTHORIZED, "Authorization"),
        ({"Authorization": "Bot wrong"}, HTTPStatus.UNAUTHORIZED, None),
    ],
)
async def test_request_headers(
    fake: FakeDiscord,
    session: ClientSession,
    headers: dict[str, str],
    status: HTTPStatus,
    violation: str | None,
) -> None:
    """A program says what it is and who it is; a wrong token alone is no mistake."""
    async with session.get(f"{fake.base}/users/@me", headers=headers) as response:
        assert response.status == status
    assert [violation in found for found in fake.violations if violation] == (
        [True] if violation else []
    )


async def test_no_such_route(fake: FakeDiscord, session: ClientSession) -> None:
    """What Discord does not have is an error here, too."""
    async with session.get(f"{fake.base}/miners") as response:
        await expect(response, HTTPStatus.NOT_FOUND, 0)
    assert fake.violations == ["GET /miners: Discord has no such route"]


async def test_what_a_bot_sees(
    fake: FakeDiscord, session: ClientSession, guild: Guild, channel: Channel
) -> None:
    """It sees its guilds and channels, and no others."""
    foreign = fake.add_guild("Elsewhere", bot=False)
    secret = fake.add_channel(foreign)
    async with session.get(f"{fake.base}/users/@me/guilds") as response:
        assert [found["name"] for found in await response.json()] == ["Home"]
    async with session.get(f"{fake.base}/guilds/{guild.id}/channels") as response:
        assert [found["id"] for found in await response.json()] == [str(channel.id)]
    for path in (f"/guilds/{foreign.id}/channels", f"/channels/{secret.id}"):
        async with session.get(fake.base + path) as response:
            await expect(response, HTTPStatus.FORBIDDEN, 50001)
    async with session.get(f"{fake.base}/channels/1") as response:
        await expect(response, HTTPStatus.NOT_FOUND, 10003)
    url = f"{fake.base}/applications/{fake.application.id}/guilds/{foreign.id}/commands"
    async with session.put(url, json=[]) as response:
        await expect(response, HTTPStatus.FORBIDDEN, 50001)


@pytest.mark.parametrize(
    ("denied", "code"),
    [(Permission.SEND_MESSAGES, 50013), (Permission.VIEW_CHANNEL, 50001)],
)
async def test_denied_in_a_channel(
    fake: FakeDiscord,
    session: ClientSession,
    channel: Channel,
    denied: Permission,
    code: int,
) -> None:
    """A channel may deny what the guild allows."""
    fake.overwrite(channel, deny=denied)
    url = f"{fake.base}/channels/{channel.id}/messages"
    async with session.post(url, json=HELLO) as response:
        await expect(response, HTTPStatus.FORBIDDEN, code)


async def test_embeds_without_permission(
    fake: FakeDiscord, session: ClientSession, channel: Channel
) -> None:
    """Discord posts the message, and leaves out the embeds."""
    fake.overwrite(channel, deny=Permission.EMBED_LINKS)
    url = f"{fake.base}/channels/{channel.id}/messages"
    async with session.post(url, json=HELLO | {"embeds": [{"title": "x"}]}) as response:
        assert response.status == HTTPStatus.OK
    assert fake.messages[0].embeds == []


async def test_who_is_notified(
    fake: FakeDiscord, session: ClientSession, guild: Guild, channel: Channel
) -> None:
    """Only who is mentioned, allowed and can be notified."""
    alice, bob = fake.add_user(guild, "alice"), fake.add_user(guild, "bob")
    loud = fake.add_role(guild, "loud", mentionable=True)
    quiet = fake.add_role(guild, "quiet")
    payload = {
        "content": f"@everyone <@{alice.id}> <@{bob.id}> <@&{loud.id}> <@&{quiet.id}>",
        "allowed_mentions": {
            "parse": ["everyone", "roles"],
            "users": [str(alice.id)],
        },
    }
    url = f"{fake.base}/channels/{channel.id}/messages"
    async with session.post(url, json=payload) as response:
        assert response.status == HTTPStatus.OK
    pinged = fake.messages[0].pinged
    assert not pinged.everyone
    assert pinged.users == {alice.id}
    assert pinged.roles == {loud.id}
    assert fake.violations == []


async def test_posting_twice_with_a_nonce(
    fake: FakeDiscord, session: ClientSession, channel: Channel
) -> None:
    """A nonce that is enforced makes one message of two."""
    url = f"{fake.base}/channels/{channel.id}/messages"
    for _ in range(2):
        async with session.post(
            url, json=HELLO | {"nonce": "1", "enforce_nonce": True}
        ) as response:
            assert response.status == HTTPStatus.OK
    assert len(fake.messages) == 1


async def test_webhook(fake: FakeDiscord, channel: Channel) -> None:
    """A webhook needs nothing but its address; what it posted can be edited."""
    webhook = fake.add_webhook(channel)
    url = f"{fake.base}/webhooks/{webhook.id}/{webhook.token}"
    async with ClientSession(headers={"User-Agent": AGENT}) as session:
        async with session.get(url) as response:
            assert (await response.json())["channel_id"] == str(channel.id)
        async with session.post(url, json=HELLO) as response:
            assert response.status == HTTPStatus.NO_CONTENT
        async with session.post(f"{url}?wait=true", json=HELLO) as response:
            posted = await response.json()
        async with session.patch(
            f"{url}/messages/{posted['id']}", json={"content": "Better"}
        ) as response:
            assert response.status == HTTPStatus.OK
        assert [message.content for message in fake.messages] == ["Hello", "Better"]
        async with session.post(url[:-1], json=HELLO) as response:
            await expect(response, HTTPStatus.UNAUTHORIZED, 50027)
        fake.delete_webhook(webhook)
        async with session.post(url, json=HELLO) as response:
            await expect(response, HTTPStatus.NOT_FOUND, 10015)
    assert fake.violations == []


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ({"username": "Discord bot"}, "cannot contain"),
        ({"username": "x" * 81}, "username"),
        ({"nonce": 1}, "nonce"),
        (
            {
                "components": [
                    {
                        "type": 1,
                        "components": [
                            {"type": 2, "style": 1, "label": "x", "custom_id": "x"}
                        ],
                    }
                ]
            },
            "leaves out the components",
        ),
    ],
)
async def test_what_a_webhook_cannot(
    fake: FakeDiscord, channel: Channel, payload: dict[str, Any], text: str
) -> None:
    """It has no buttons, and not every name."""
    webhook = fake.add_webhook(channel)
    url = f"{fake.base}/webhooks/{webhook.id}/{webhook.token}"
    async with (
        ClientSession(headers={"User-Agent": AGENT}) as session,
        session.post(url, json=HELLO | payload),
    ):
        pass
    assert text.lower() in fake.violations[0].lower()


async def test_rate_limits(
    fake: FakeDiscord,
    session: ClientSession,
    channel: Channel,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Five messages in five seconds, then one has to wait as long as it is asked."""
    fake.limit_requests(5, 5.0)
    url = f"{fake.base}/channels/{channel.id}/messages"
    for left in reversed(range(5)):
        async with session.post(url, json=HELLO) as response:
            assert response.headers["X-RateLimit-Remaining"] == str(left)
    freezer.tick(2)
    async with session.post(url, json=HELLO) as response:
        assert response.status == HTTPStatus.TOO_MANY_REQUESTS
        body = await response.json()
        assert body.keys() == {"code", "message", "retry_after", "global"}
        assert body["retry_after"] == pytest.approx(3, abs=0.01)
        assert "Via" in response.headers
    async with session.get(f"{fake.base}/users/@me") as response:
        assert response.status == HTTPStatus.OK
    freezer.tick(3.1)
    async with session.post(url, json=HELLO) as response:
        assert response.status == HTTPStatus.OK


@pytest.fixture
async def asked(
    fake: FakeDiscord, session: ClientSession, guild: Guild, channel: Channel
) -> Interaction:
    """Return a command that somebody has just used."""
    url = f"{fake.base}/applications/{fake.application.id}/commands"
    async with session.put(url, json=[STATUS]) as response:
        assert response.status == HTTPStatus.OK
    alice = fake.add_user(guild)
    return await fake.use(channel, alice, "status", {}, wait=False)


def callback(fake: FakeDiscord, interaction: Interaction) -> str:
    """Return where the first answer goes."""
    return f"{fake.base}/interactions/{interaction.id}/{interaction.token}/callback"


def follow_up(fake: FakeDiscord, interaction: Interaction) -> str:
    """Return where further answers go."""
    return f"{fake.base}/webhooks/{fake.application.id}/{interaction.token}"


async def test_one_first_answer(
    fake: FakeDiscord, session: ClientSession, asked: Interaction
) -> None:
    """One answer is enough, a second first one is refused."""
    answer = {"type": 4, "data": HELLO | {"flags": 64}}
    async with session.post(callback(fake, asked), json=answer) as response:
        assert response.status == HTTPStatus.NO_CONTENT
    assert asked.finished
    assert asked.private
    assert asked.text == "Hello"
    assert fake.violations == []
    async with session.post(callback(fake, asked), json=answer) as response:
        await expect(response, HTTPStatus.BAD_REQUEST, 40060)
    assert fake.violations


async def test_promised_answer(
    fake: FakeDiscord,
    session: ClientSession,
    asked: Interaction,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After a promise there are fifteen minutes; the first answer takes its place."""
    freezer.tick(2.9)
    async with session.post(callback(fake, asked), json={"type": 5}) as response:
        assert response.status == HTTPStatus.NO_CONTENT
    assert fake.unanswered() == [asked]
    freezer.tick(890)
    async with session.post(follow_up(fake, asked), json=HELLO) as response:
        assert response.status == HTTPStatus.OK
    assert fake.unanswered() == []
    async with session.patch(
        follow_up(fake, asked) + "/messages/@original", json={"content": "Better"}
    ) as response:
        assert response.status == HTTPStatus.OK
    async with session.post(follow_up(fake, asked), json=HELLO) as response:
        assert response.status == HTTPStatus.OK
    assert [message.content for message in asked.messages] == ["Better", "Hello"]
    assert fake.violations == []
    freezer.tick(10)
    async with session.post(follow_up(fake, asked), json=HELLO) as response:
        await expect(response, HTTPStatus.UNAUTHORIZED, 50027)
    assert fake.violations


async def test_late_answer(
    fake: FakeDiscord,
    session: ClientSession,
    asked: Interaction,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After three seconds nobody waits any more."""
    freezer.tick(3.1)
    async with session.post(callback(fake, asked), json={"type": 5}) as response:
        await expect(response, HTTPStatus.NOT_FOUND, 10062)
    assert fake.violations == [
        "answer to status: first answer after 3.1 s, 3 s at most"
    ]


async def test_answer_of_the_wrong_kind(
    fake: FakeDiscord, session: ClientSession, asked: Interaction
) -> None:
    """A command is not answered like a button, nor before its first answer."""
    async with session.post(callback(fake, asked), json={"type": 6}) as response:
        await expect(response, HTTPStatus.BAD_REQUEST, 50035)
    async with session.post(follow_up(fake, asked), json=HELLO) as response:
        await expect(response, HTTPStatus.NOT_FOUND, 10015)


@pytest.mark.parametrize(
    ("choices", "status"),
    [
        ([{"name": "x" * 100, "value": "x" * 100}] * 25, HTTPStatus.NO_CONTENT),
        ([{"name": "x", "value": "x"}] * 26, HTTPStatus.BAD_REQUEST),
        ([{"name": "x" * 101, "value": "x"}], HTTPStatus.BAD_REQUEST),
        ([{"name": "x", "value": "x" * 101}], HTTPStatus.BAD_REQUEST),
        ([{"name": "", "value": "x"}], HTTPStatus.BAD_REQUEST),
    ],
)
async def test_completion(
    fake: FakeDiscord,
    session: ClientSession,
    asked: Interaction,
    choices: list[dict[str, str]],
    status: HTTPStatus,
) -> None:
    """At most 25 names of at most 100 characters are offered."""
    asked.kind = "completion"
    asked.completes = 3
    async with session.post(
        callback(fake, asked), json={"type": 8, "data": {"choices": choices}}
    ) as response:
        assert response.status == status
    assert bool(fake.violations) == (status != HTTPStatus.NO_CONTENT)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("restart", {}),
        ("status", {"what": "x"}),
        ("status", {"miner": 1}),
        ("status", {"mhz": "fast"}),
        ("status", {"mhz": 49}),
    ],
)
async def test_what_people_cannot(
    fake: FakeDiscord,
    asked: Interaction,
    name: str,
    options: dict[str, object],
) -> None:
    """Discord's app sends only what was registered."""
    with pytest.raises(NotOfferedError):
        await fake.use(asked.channel, asked.user, name, options, wait=False)


@pytest.mark.parametrize("kind", [4, 15, 16])
async def test_channels_that_take_no_messages(
    fake: FakeDiscord, session: ClientSession, guild: Guild, kind: int
) -> None:
    """A category has none, and a forum only threads."""
    channel = fake.add_channel(guild, kind=kind)
    async with session.post(
        f"{fake.base}/channels/{channel.id}/messages", json=HELLO
    ) as response:
        await expect(response, HTTPStatus.BAD_REQUEST, 50008)


async def test_webhook_of_a_forum(fake: FakeDiscord, guild: Guild) -> None:
    """It needs the name of a thread; one of announcements takes a message as it is."""
    for kind, status in ((15, HTTPStatus.BAD_REQUEST), (5, HTTPStatus.OK)):
        webhook = fake.add_webhook(fake.add_channel(guild, kind=kind))
        address = f"{fake.base}/webhooks/{webhook.id}/{webhook.token}?wait=true"
        async with (
            ClientSession(headers={"User-Agent": AGENT}) as session,
            session.post(address, json=HELLO) as response,
        ):
            assert response.status == status
            if status is HTTPStatus.BAD_REQUEST:
                await expect(response, status, 220001)


async def test_what_discord_always_reports(
    fake: FakeDiscord, session: ClientSession, guild: Guild, channel: Channel
) -> None:
    """Keys that Discord's specification requires, and that clients may rely on."""
    member = f"/guilds/{guild.id}/members/{fake.bot.id}"
    for path, keys in (
        ("/users/@me", {"locale", "mfa_enabled", "flags"}),
        ("/applications/@me", {"owner", "flags_new", "redirect_uris"}),
        (f"/guilds/{guild.id}", {"region", "max_members", "nsfw", "incidents_data"}),
        (f"/guilds/{guild.id}/roles", {"colors", "unicode_emoji"}),
        (member, {"pending", "communication_disabled_until", "premium_since"}),
        (f"/channels/{channel.id}", {"flags"}),
    ):
        async with session.get(fake.base + path) as response:
            answer = await response.json()
        assert keys <= (answer[0] if isinstance(answer, list) else answer).keys(), path
    buttons = {"type": 2, "style": 4, "label": "Confirm", "custom_id": "yes"}
    async with session.post(
        f"{fake.base}/channels/{channel.id}/messages",
        json={**HELLO, "components": [{"type": 1, "components": [buttons]}]},
    ) as response:
        (row,) = (await response.json())["components"]
    assert (row["id"], row["components"][0]["id"]) == (1, 2)
