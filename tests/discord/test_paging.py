"""Any message becomes messages that Discord accepts, and loses nothing."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from custom_components.bitaxe.discord.markdown import length
from custom_components.bitaxe.discord.messages.model import (
    Attachment,
    Embed,
    EmbedField,
    Mention,
    Message,
    paginate,
)
from scripts.fake_discord.limits import check_embeds

QUICK = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
PIECES = st.text(max_size=30) | st.sampled_from(
    ["word ", "```\n", "line\n", "🎉", " ", "\n", "a" * 70]
)
TEXTS = st.lists(PIECES, max_size=4).flatmap(
    lambda pieces: st.sampled_from([1, 1, 2, 20, 150]).map(
        lambda times: "".join(pieces) * times
    )
)
FIELDS = st.lists(
    st.builds(EmbedField, TEXTS | st.just("name"), TEXTS, st.booleans()), max_size=30
).map(tuple)
IMAGES = st.sampled_from([None, "a.png", "b.png", "missing.png"])
EMBEDS = st.builds(
    Embed,
    title=TEXTS,
    description=TEXTS,
    footer=TEXTS,
    fields=FIELDS,
    image=IMAGES,
    color=st.none() | st.integers(0, 0xFFFFFF),
    timestamp=st.none() | st.just(datetime(2026, 11, 25, tzinfo=UTC)),
)
MENTIONS = st.lists(
    st.builds(Mention, st.sampled_from(["role", "user"]), st.integers(10**16, 10**18)),
    max_size=3,
).map(tuple)
MESSAGES = st.builds(
    Message,
    content=TEXTS,
    embeds=st.lists(EMBEDS, max_size=4).map(tuple),
    attachments=st.sampled_from(
        [
            (),
            *[
                tuple(
                    Attachment(name=f"{n}.png", content=b"")
                    for n in "abcdefghijklm"[:count]
                )
                for count in (1, 2, 13)
            ],
        ]
    ),
    mention=MENTIONS,
)


def payload(embed: Embed) -> dict[str, Any]:
    """Return an embed as Discord gets it."""
    return {
        "title": embed.title,
        "description": embed.description,
        "color": embed.color,
        "footer": {"text": embed.footer} if embed.footer else None,
        "timestamp": embed.timestamp.isoformat() if embed.timestamp else None,
        "image": {"url": f"attachment://{embed.image}"} if embed.image else None,
        "fields": [
            {"name": item.name, "value": item.value, "inline": item.inline}
            for item in embed.fields
        ],
    }


def essence(*messages: Message) -> Counter[str]:
    """Return every character that says something, and how often."""
    return Counter(
        character
        for message in messages
        for text in (
            message.content,
            *(
                text
                for embed in message.embeds
                for text in (
                    embed.title,
                    embed.description,
                    embed.footer,
                    *(item.name for item in embed.fields),
                    *(item.value for item in embed.fields),
                )
            ),
        )
        for character in text
        if not character.isspace() and character not in "`\u200b"
    )


@QUICK
@given(MESSAGES)
def test_any_message(message: Message) -> None:
    """Every page is within the limits, and all of them together say everything."""
    pages = paginate(message)

    for page in pages:
        assert page.content or page.embeds or page.attachments
        assert length(page.content) <= 2000
        assert len(page.attachments) <= 10
        names = [file.name for file in page.attachments]
        assert len(names) == len(set(names))
        problems = check_embeds([payload(embed) for embed in page.embeds], names)
        assert [str(problem) for problem in problems] == []
    wanted = essence(message)
    for mention in message.mention:
        if str(mention) not in message.content:
            wanted += essence(Message(content=str(mention)))
    assert essence(*pages) == wanted


@QUICK
@given(MESSAGES)
def test_pings_come_once(message: Message) -> None:
    """Anyone who is to be pinged is named by the first page, and by no other."""
    pages = paginate(message)

    assert [page.mention for page in pages[1:]] == [()] * len(pages[1:])
    if pages:
        assert pages[0].mention == message.mention
        for mention in message.mention:
            assert str(mention) in pages[0].content


@QUICK
@given(MESSAGES)
def test_every_file_is_sent(message: Message) -> None:
    """Each file is there, with the embed that shows it or by itself."""
    sent = {file.name for page in paginate(message) for file in page.attachments}

    assert sent == {file.name for file in message.attachments}


def test_nothing_to_say() -> None:
    """A message without anything in it is not sent."""
    assert paginate(Message()) == ()
    assert paginate(Message(content=" \n", embeds=(Embed(color=1),))) == ()


def test_a_short_message_is_one_page() -> None:
    """What fits is left as it is."""
    message = Message(
        content="Hello",
        embeds=(Embed(title="Title", fields=(EmbedField("a", "b"),), image="a.png"),),
        attachments=(Attachment(name="a.png", content=b"x"),),
    )

    assert paginate(message) == (message,)


def test_pictures_stay_with_their_embeds() -> None:
    """Each picture is in the same message as the embed that shows it."""
    files = tuple(Attachment(name=f"{index}.png", content=b"") for index in range(14))
    embeds = tuple(Embed(description="x" * 1500, image=file.name) for file in files)

    pages = paginate(Message(embeds=embeds, attachments=files))

    assert len(pages) == 4
    for page in pages:
        assert [embed.image for embed in page.embeds] == [
            file.name for file in page.attachments
        ]
