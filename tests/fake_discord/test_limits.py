"""Each limit that Discord documents is found out when it is broken, and not before."""

from http import HTTPStatus
import json
from typing import Any

from aiohttp import ClientSession, FormData
import pytest

from scripts.fake_discord import Channel, FakeDiscord, Guild

MIB = 1024 * 1024


def embed(**parts: object) -> dict[str, Any]:
    """Return a message with an embed."""
    return {"embeds": [{"title": "Report"} | parts]}


def fields(*fields: dict[str, Any]) -> dict[str, Any]:
    """Return a message with fields in an embed."""
    return embed(fields=list(fields))


def buttons(*parts: dict[str, Any], rows: int = 1) -> dict[str, Any]:
    """Return a message with rows of buttons."""
    return {
        "content": "Sure?",
        "components": [{"type": 1, "components": list(parts)}] * rows,
    }


def button(**parts: object) -> dict[str, Any]:
    """Return a button."""
    return {"type": 2, "style": 1, "label": "Yes", "custom_id": "yes"} | parts


FITS: dict[str, dict[str, Any]] = {
    "content": {"content": "x" * 2000},
    "title": embed(title="x" * 256),
    "description": embed(description="x" * 4096),
    "fields": embed(fields=[{"name": "n", "value": "v"}] * 25),
    "field": fields({"name": "n" * 256, "value": "v" * 1024, "inline": True}),
    "footer": embed(footer={"text": "x" * 2048}),
    "embeds": {"embeds": [{"title": "x"}] * 10},
    "total": {"embeds": [{"description": "x" * 3000}] * 2},
    "color": embed(color=0xFFFFFF),
    "time": embed(timestamp="2026-11-25T12:00:00+00:00"),
    "buttons": buttons(*(button(custom_id=str(n)) for n in range(5))),
    "custom_id": buttons(button(custom_id="x" * 100, label="x" * 80)),
    "link": buttons(button(style=5, url="https://example.com", custom_id=None)),
    "mention allowed": {
        "content": "<@1> @everyone",
        "allowed_mentions": {"parse": []},
    },
    "mention in code": {"content": "`@everyone` and ```\n<@&1>\n```"},
    "nonce": {"content": "x", "nonce": "x" * 25, "enforce_nonce": True},
}


@pytest.mark.parametrize("payload", FITS.values(), ids=FITS)
async def test_what_fits(
    fake: FakeDiscord,
    session: ClientSession,
    channel: Channel,
    payload: dict[str, Any],
) -> None:
    """The longest that is allowed is posted."""
    async with session.post(
        f"{fake.base}/channels/{channel.id}/messages", json=payload
    ) as response:
        assert response.status == HTTPStatus.OK, await response.json()
    assert fake.violations == []
    assert len(fake.messages) == 1


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "content": ({"content": "x" * 2001}, "content"),
    "title": (embed(title="x" * 257), "embeds.0.title"),
    "description": (embed(description="x" * 4097), "embeds.0.description"),
    "fields": (embed(fields=[{"name": "n", "value": "v"}] * 26), "embeds.0.fields"),
    "field name": (
        fields({"name": "n" * 257, "value": "v"}),
        "embeds.0.fields.0.name",
    ),
    "field value": (
        fields({"name": "n", "value": "v" * 1025}),
        "embeds.0.fields.0.value",
    ),
    "no field name": (fields({"name": "", "value": "v"}), "embeds.0.fields.0.name"),
    "blank field value": (
        fields({"name": "n", "value": " \n "}),
        "embeds.0.fields.0.value",
    ),
    "footer": (embed(footer={"text": "x" * 2049}), "embeds.0.footer.text"),
    "author": (embed(author={"name": "x" * 257}), "embeds.0.author.name"),
    "empty embed": ({"embeds": [{}]}, "embeds.0.description"),
    "embeds": ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    "total": ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
    "color": (embed(color=0x1000000), "embeds.0.color"),
    "time": (embed(timestamp="yesterday"), "embeds.0.timestamp"),
    "address": (embed(url="bitaxe.local"), "embeds.0.url"),
    "rows": (buttons(button(), rows=6), "components"),
    "buttons": (
        buttons(*(button(custom_id=str(n)) for n in range(6))),
        "components.0.components",
    ),
    "custom_id": (
        buttons(button(custom_id="x" * 101)),
        "components.0.components.0.custom_id",
    ),
    "no custom_id": (
        buttons(button(custom_id=None)),
        "components.0.components.0.custom_id",
    ),
    "twice the same": (
        buttons(button(), button()),
        "components.0.components.1.custom_id",
    ),
    "label": (buttons(button(label="x" * 81)), "components.0.components.0.label"),
    "no label": (buttons(button(label="")), "components.0.components.0.label"),
    "style": (buttons(button(style=9)), "components.0.components.0.style"),
    "mentions twice": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
    ),
    "mentions of whom": (
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
        "allowed_mentions.parse",
    ),
    "nonce": ({"content": "x", "nonce": "x" * 26}, "nonce"),
    "ephemeral": ({"content": "x", "flags": 64}, "flags"),
    "attachment": (
        {"content": "x", "attachments": [{"id": 0, "filename": "a.png"}]},
        "attachments.0.id",
    ),
}


@pytest.mark.parametrize(("payload", "path"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused(
    fake: FakeDiscord,
    session: ClientSession,
    channel: Channel,
    payload: dict[str, Any],
    path: str,
) -> None:
    """One more is refused, and the answer leads to the place."""
    url = f"{fake.base}/channels/{channel.id}/messages"
    async with session.post(url, json=payload) as response:
        assert response.status == HTTPStatus.BAD_REQUEST
        answer = await response.json()
    assert answer["code"] == 50035
    node = answer["errors"]
    for part in path.split("."):
        node = node[part]
    assert node["_errors"][0]["message"]
    assert fake.messages == []
    violation = fake.violations[0]
    assert f" {path}: " in f" {violation.partition('messages: ')[2]}"


OVERLOOKED: dict[str, tuple[dict[str, Any], str]] = {
    "everyone": ({"content": "Hello @everyone"}, "allowed_mentions"),
    "here": ({"content": "\\@here"}, "allowed_mentions"),
    "user": ({"content": "<@!123>"}, "allowed_mentions"),
    "role": ({"content": "<@&123>"}, "allowed_mentions"),
    "no such file": (
        embed(image={"url": "attachment://chart.png"}),
        "embeds.0.image.url",
    ),
    "unknown key": ({"content": "x", "colour": 1}, "colour"),
    "unknown key of an embed": (embed(colour=1), "embeds.0.colour"),
}


@pytest.mark.parametrize(("payload", "path"), OVERLOOKED.values(), ids=OVERLOOKED)
async def test_what_is_overlooked(
    fake: FakeDiscord,
    session: ClientSession,
    channel: Channel,
    payload: dict[str, Any],
    path: str,
) -> None:
    """What Discord takes although it cannot be meant is written down."""
    url = f"{fake.base}/channels/{channel.id}/messages"
    async with session.post(url, json=payload) as response:
        assert response.status == HTTPStatus.OK
    (violation,) = fake.violations
    assert f"messages: {path}: " in violation


@pytest.mark.parametrize("payload", [{}, {"content": " \n"}, {"embeds": []}])
async def test_nothing_to_show(
    fake: FakeDiscord,
    session: ClientSession,
    channel: Channel,
    payload: dict[str, Any],
) -> None:
    """An empty message is none."""
    url = f"{fake.base}/channels/{channel.id}/messages"
    async with session.post(url, json=payload) as response:
        assert response.status == HTTPStatus.BAD_REQUEST
        assert (await response.json())["code"] == 50006
    assert fake.violations


def form(payload: dict[str, Any], files: dict[str, bytes]) -> FormData:
    """Return a message with files."""
    data = FormData()
    data.add_field("payload_json", json.dumps(payload))
    for index, (name, content) in enumerate(files.items()):
        data.add_field(f"files[{index}]", content, filename=name)
    return data


async def test_files(
    fake: FakeDiscord, session: ClientSession, channel: Channel
) -> None:
    """Files are kept as they came, and embeds show them."""
    url = f"{fake.base}/channels/{channel.id}/messages"
    payload = embed(image={"url": "attachment://chart.png"}) | {
        "attachments": [{"id": 0, "filename": "chart.png", "description": "Hashrate"}]
    }
    async with session.post(url, data=form(payload, {"chart.png": b"PNG"})) as response:
        assert response.status == HTTPStatus.OK
        shown = (await response.json())["embeds"][0]["image"]["url"]
    (attachment,) = fake.messages[0].attachments
    assert (attachment.content, attachment.description) == (b"PNG", "Hashrate")
    async with session.get(shown) as response:
        assert await response.read() == b"PNG"
    assert fake.violations == []


async def test_files_that_are_too_large(
    fake: FakeDiscord, session: ClientSession, channel: Channel
) -> None:
    """A file has at most 10 MiB, all together 25 MiB."""
    url = f"{fake.base}/channels/{channel.id}/messages"
    for files, status in (
        ({"a.png": b"x" * 10 * MIB}, HTTPStatus.OK),
        ({"a.png": b"x" * (10 * MIB + 1)}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (
            {f"{index}.png": b"x" * 9 * MIB for index in range(3)},
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        ),
    ):
        async with session.post(url, data=form({}, files)) as response:
            assert response.status == status


@pytest.mark.parametrize(
    ("files", "status", "text"),
    [
        ({f"{n}.png": b"x" for n in range(11)}, HTTPStatus.BAD_REQUEST, "10 or fewer"),
        ({"my chart.png": b"x"}, HTTPStatus.OK, "changes the name"),
        ({"chart.png": b""}, HTTPStatus.OK, "empty"),
    ],
)
async def test_files_that_do_not_fit(
    fake: FakeDiscord,
    session: ClientSession,
    channel: Channel,
    files: dict[str, bytes],
    status: HTTPStatus,
    text: str,
) -> None:
    """Too many, names that no reference finds, and files without content."""
    url = f"{fake.base}/channels/{channel.id}/messages"
    async with session.post(url, data=form({"content": "x"}, files)) as response:
        assert response.status == status
    (violation,) = fake.violations
    assert text in violation


def option(**parts: object) -> dict[str, Any]:
    """Return an option of a command."""
    return {"type": 3, "name": "miner", "description": "Which"} | parts


def command(*options: dict[str, Any], **parts: object) -> dict[str, Any]:
    """Return a command."""
    return {
        "name": "status",
        "description": "How it goes",
        "options": list(options),
    } | parts


COMMANDS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "too many": ([command(name=f"c{n}") for n in range(101)], "100 or fewer"),
    "the same twice": ([command(), command()], "unique"),
    "capitals": ([command(name="Status")], "0.name"),
    "space": ([command(name="the status")], "0.name"),
    "long name": ([command(name="s" * 33)], "0.name"),
    "no description": ([command(description="")], "0.description"),
    "long description": ([command(description="x" * 101)], "0.description"),
    "options": (
        [command(*(option(name=f"o{n}") for n in range(26)))],
        "0.options",
    ),
    "option name": ([command(option(name="Miner"))], "0.options.0.name"),
    "option description": (
        [command(option(description="x" * 101))],
        "0.options.0.description",
    ),
    "option type": ([command(option(type=99))], "0.options.0.type"),
    "option twice": ([command(option(), option())], "0.options.1.name"),
    "required last": (
        [command(option(), option(name="mhz", required=True))],
        "0.options.1",
    ),
    "choices": (
        [command(option(choices=[{"name": str(n), "value": "x"} for n in range(26)]))],
        "0.options.0.choices",
    ),
    "choice": (
        [command(option(choices=[{"name": "x" * 101, "value": "x"}]))],
        "0.options.0.choices.0.name",
    ),
    "choices and completion": (
        [command(option(choices=[{"name": "x", "value": "x"}], autocomplete=True))],
        "0.options.0.autocomplete",
    ),
    "size": (
        [
            command(
                *(
                    option(
                        name=f"o{n}",
                        choices=[{"name": "x" * 90, "value": "x" * 90}] * 25,
                    )
                    for n in range(2)
                )
            )
        ],
        "8000",
    ),
}


@pytest.mark.parametrize(("commands", "text"), COMMANDS.values(), ids=COMMANDS)
async def test_commands(
    fake: FakeDiscord,
    session: ClientSession,
    guild: Guild,
    commands: list[dict[str, Any]],
    text: str,
) -> None:
    """Commands that break a limit are refused, and the old ones stay."""
    for url in (
        f"{fake.base}/applications/{fake.application.id}/commands",
        f"{fake.base}/applications/{fake.application.id}/guilds/{guild.id}/commands",
    ):
        fake.violations.clear()
        async with session.put(url, json=[command()]) as response:
            assert response.status == HTTPStatus.OK
            known = await response.json()
        assert fake.violations == []
        async with session.put(url, json=commands) as response:
            assert response.status == HTTPStatus.BAD_REQUEST
        assert any(text in violation for violation in fake.violations)
        async with session.get(url) as response:
            assert await response.json() == known


async def test_replacing_commands_keeps_their_ids(
    fake: FakeDiscord, session: ClientSession, guild: Guild
) -> None:
    """A command that stays is the same command, others vanish."""
    url = f"{fake.base}/applications/{fake.application.id}/commands"
    async with session.put(url, json=[command(), command(name="old")]) as response:
        first = await response.json()
    async with session.put(url, json=[command(name="new"), command()]) as response:
        second = await response.json()
    assert {part["name"] for part in second} == {"new", "status"}
    assert second[1]["id"] == first[0]["id"]
