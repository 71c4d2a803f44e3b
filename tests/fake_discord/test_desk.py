"""What people use instead of Discord's app."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientSession
import nextcord
from nextcord.http import Route
import pytest

from scripts.fake_discord import Channel, DemoDiscord, FakeDiscord
from scripts.fake_discord.clock import until
from scripts.fake_discord.markdown import to_html
from scripts.fake_discord.render import page

from .test_client import tidy


@pytest.fixture
async def household(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DemoDiscord]:
    """Yield the Discord of the demo."""
    async with DemoDiscord() as household:
        monkeypatch.setattr(Route, "BASE", household.base)
        yield household


async def post(session: ClientSession, url: str, **data: Any) -> Any:
    """Do something as a person."""
    async with session.post(url, json=data) as response:
        return await response.json()


@pytest.mark.parametrize("query", ["", "?channel=", "?channel=miners", "?channel=1"])
@pytest.mark.parametrize("view", ["messages", "view", "page"])
async def test_no_such_channel(household: DemoDiscord, view: str, query: str) -> None:
    """A channel that is not there, or not named, is not found."""
    address = f"{household.url}/people/{view}{query}"
    async with ClientSession() as session, session.get(address) as response:
        assert response.status == 404


async def test_talking_to_a_bot(household: DemoDiscord) -> None:
    """A person is offered commands, uses one, and sees the answer on the page."""
    client = nextcord.Client(intents=nextcord.Intents(guilds=True))

    @client.slash_command(
        name="miner", description="One miner", guild_ids=[household.home.id]
    )
    async def miner(
        interaction: nextcord.Interaction[nextcord.Client],
        name: str = nextcord.SlashOption(autocomplete=True, description="Its name"),
    ) -> None:
        await interaction.response.send_message(f"**{name}** hashes")

    @miner.on_autocomplete("name")
    async def complete(
        interaction: nextcord.Interaction[nextcord.Client], text: str
    ) -> None:
        await interaction.response.send_autocomplete([f"{text}ice"])

    where = {"channel": str(household.miners.id), "user": "alice"}
    people = f"{household.url}/people"
    async with tidy(client), ClientSession() as session:
        task = asyncio.create_task(client.start(household.token))
        await household.ready()
        await until(lambda: bool(household.application.commands), "registration")
        offered = await post(session, f"{people}/suggest", text="/mi", **where)
        assert [offer["text"] for offer in offered] == ["/miner "]
        offered = await post(session, f"{people}/suggest", text="/miner off", **where)
        assert [offer["text"] for offer in offered] == ["/miner name:office "]
        answer = await post(
            session, f"{people}/say", text="/miner name:office", **where
        )
        assert answer["messages"][0]["content"] == "**office** hashes"
        refused = await post(session, f"{people}/say", text="/restart", **where)
        assert refused["error"] == "/restart is not registered"
        async with session.get(
            f"{people}/view", params={"channel": where["channel"]}
        ) as response:
            assert "<strong>office</strong> hashes" in await response.text()
        async with session.get(people) as response:
            overview = await response.json()
        assert overview["connected"] == 1
        assert overview["violations"] == []
        async with session.get(household.url) as response:
            assert "Write a message" in await response.text()
    assert task.done()


def test_the_same_ids_again() -> None:
    """What Home Assistant has stored serves again at the next start of the demo."""
    first, second = DemoDiscord(), DemoDiscord()
    assert first.guide().splitlines()[1:] == second.guide().splitlines()[1:]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a** *b* __c__ ~~d~~ ||e||", "<strong>a</strong> <em>b</em> <u>c</u>"),
        ("`**a**`", "<code>**a**</code>"),
        ("```\na  b\n```", "<pre><code>a  b</code></pre>"),
        ("```ansi\na\n```", "<pre><code>a</code></pre>"),
        (r"\*a\* \<@1>", "*a* &lt;@1&gt;"),
        (r"RESET\_SOFTWARE", "RESET_SOFTWARE"),
        ("<script>", "&lt;script&gt;"),
        ("## Swarm", "<h2>Swarm</h2>"),
        ("-# small", '<div class="subtext">small</div>'),
        ("- a", '<div class="item depth0">a</div>'),
        ("> a", "<blockquote>a</blockquote>"),
        ("<@7>", '<span class="mention">@alice</span>'),
        ("@everyone", '<span class="mention">@everyone</span>'),
        ("<t:1000:R>", "1 minute ago"),
        ("<t:1000:t>", "00:16"),
        ("[a](https://example.com)", '<a href="https://example.com">a</a>'),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_markdown(text: str, html: str) -> None:
    """The page shows what Discord would."""
    assert html in to_html(text, {7: "alice"}, 1060.0)


async def test_page(
    fake: FakeDiscord, session: ClientSession, channel: Channel
) -> None:
    """A page of a channel has all in itself, and runs nothing that bots wrote."""
    payload = {
        "content": "<script>alert(1)</script>",
        "embeds": [
            {
                "title": "Report",
                "color": 0xFF8000,
                "fields": [{"name": "Hashrate", "value": "1 TH/s", "inline": True}],
                "footer": {"text": "24 hours"},
            }
        ],
        "components": [
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 4, "label": "Restart", "custom_id": "1"}
                ],
            }
        ],
    }
    url = f"{fake.base}/channels/{channel.id}/messages"
    async with session.post(url, json=payload) as response:
        response.raise_for_status()
    html = page(channel)
    assert "<script>" not in html
    for text in ("#ff8000", "Hashrate", "1 TH/s", "24 hours", ">Restart<", "APP"):
        assert text in html.replace("> Restart", ">Restart")
