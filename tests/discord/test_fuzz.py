"""Whatever anybody types into Discord, or into a form about it: an answer in words.

Never a traceback, and nothing reaches a miner but by a command that was understood.
"""

from typing import Any, Final

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.bitaxe.discord.channel.settings import ChannelSettings
from custom_components.bitaxe.discord.commands import COMMANDS, find_command
from custom_components.bitaxe.discord.hub import SUBENTRY_TYPE
from scripts.fake_discord import Channel, FakeDiscord, NotOfferedError, User
from scripts.simulator import MinerServer, MinerSpec

from ..conftest import AddMiner, Simulate
from ..examples import examples
from .test_flow import BOT_OPTIONS

TRIALS: Final = examples(25)
WORDS: Final = st.sampled_from(
    [
        *("office", '"office', "all", "auto", "best", "original", "efficiency"),
        *("nan", "inf", "-inf", "1e999", "-0", "0", "525", "525,5", "525 MHz", "٥٢٥"),
        *("99999999999", "power=", "power=nan", "goal=x", "hours=1e9", "=", "\0"),
        *("\u202e", "@everyone", "<@1>", "```", "x" * 900, "{0}", "%s", "1150mv"),
        *("24h", "99999y", "0h", "٣h", "-1h"),
    ]
)
TYPED: Final = WORDS | st.text(max_size=15)
NUMBERS: Final = st.one_of(
    st.integers(-(2**53), 2**53),
    st.floats(-9e15, 9e15),
    st.sampled_from([0, -1, 525, 525.5, 1e-7, 9007199254740991]),
)
"""What Discord's app lets people enter."""


@pytest.fixture
async def office(
    swarm: MockConfigEntry, simulate: Simulate, add_miner: AddMiner
) -> MinerServer:
    """Add a miner called office."""
    server = await simulate(MinerSpec(name="office", firmware="v2.15.0"))
    await add_miner(server)
    return server


def orders(server: MinerServer) -> int:
    """Return how often a miner was asked something."""
    return sum(item.method != "GET" for item in server.miner.requests)


@TRIALS
@given(
    name=st.sampled_from([spec.name for spec in COMMANDS]) | TYPED,
    words=st.lists(TYPED, max_size=5),
)
async def test_messages(
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    office: MinerServer,
    caplog: pytest.LogCaptureFixture,
    name: str,
    words: list[str],
) -> None:
    """Commands written as messages, by somebody who may control."""
    before, sent = len(discord.messages), orders(office)
    text = f"!{name} {' '.join(words)}"[:2000]
    await discord.say(channel, alice, text)
    # What was said later is answered later, where the one before is none of ours.
    await discord.say(channel, alice, "!help")
    messages = await discord.wait_for_messages(before + 1)
    while not any("/status" in message.text for message in messages[before:]):
        messages = await discord.wait_for_messages(len(messages) + 1)
    assert not any(message.pinged for message in messages[before:])
    failed = [
        message.text for message in messages[before:] if "went wrong" in message.text
    ]
    assert not failed, text
    spec = find_command(name.partition(" ")[0])
    if spec is None or not spec.control:
        assert orders(office) == sent
    assert "Traceback" not in caplog.text, text


@TRIALS
@given(source=st.data())
async def test_slash_commands(
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    office: MinerServer,
    caplog: pytest.LogCaptureFixture,
    source: st.DataObject,
) -> None:
    """With whatever the app lets people enter, and what it completes."""
    spec = source.draw(st.sampled_from(COMMANDS))
    described = {
        option["name"]: option
        for commands in discord.application.commands.values()
        for command in commands
        if command["name"] == spec.name
        for option in command["options"]
    }
    options: dict[str, object] = {}
    for name, option in described.items():
        if option.get("required") or source.draw(st.booleans()):
            options[name] = source.draw(
                st.sampled_from([item["value"] for item in option["choices"]])
                if option.get("choices")
                else NUMBERS
                if option["type"] in (4, 10)
                else TYPED
            )
    sent = orders(office)
    try:
        answer = await discord.use(channel, alice, spec.name, options)
    except NotOfferedError:
        # The app refuses it before anybody hears of it.
        return
    assert "went wrong" not in answer.text, options
    assert not any(message.pinged for message in answer.messages)
    if answer.private or not spec.control:
        assert orders(office) == sent, options
    for name, option in described.items():
        if option.get("autocomplete"):
            offered = await discord.autocomplete(
                channel, alice, spec.name, name, source.draw(TYPED)[:100]
            )
            assert len(offered) <= 25
    assert "Traceback" not in caplog.text, options


FORMS: Final = ("options", "channel", "token", "new token", "new webhook", "reauth")


@pytest.mark.parametrize("form", FORMS)
@examples(12)
@given(source=st.data())
async def test_forms(
    hass: HomeAssistant,
    discord: FakeDiscord,
    swarm: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    form: str,
    source: st.DataObject,
) -> None:
    """A form is shown again with the reason; the channel stays as it is."""
    before = next(iter(swarm.subentries.values())).data
    flows, result = await _begin(hass, swarm, form)
    odd = st.one_of(
        TYPED,
        st.sampled_from(
            [
                *("line\nbreak", "ü" * 30, "9" * 5000, "1" * 21, "²34567890123456789"),
                f"https://discord.com/api/webhooks/{'٣' * 18}/{'x' * 68}",
                f"https://discord.com/api/webhooks/{'1' * 18}/{'ü' * 68}",
                f"{discord.token}\r\nX: y",
                f"{discord.token}\0",
            ]
        ),
    )
    if form == "options":
        data = _options(source)
    else:
        data = {str(key): source.draw(odd) for key in result["data_schema"].schema}
    try:
        result = await flows.async_configure(result["flow_id"], data)
    except vol.Invalid:
        return
    assert result["type"] is FlowResultType.FORM, data
    assert "unknown" not in (result.get("errors") or {}).values()
    if form == "options" and result["step_id"] == "finish":
        # What was taken can be read again.
        result = await flows.async_configure(result["flow_id"], {"test": False})
        await hass.async_block_till_done()
        stored = next(iter(swarm.subentries.values())).data
        ChannelSettings.from_data(stored)
    else:
        # To have the list of channels read anew, nothing is entered.
        assert result["errors"] or data == {"channel_id": ""}, data
        assert next(iter(swarm.subentries.values())).data == before
    assert "Traceback" not in caplog.text, data


def _options(source: st.DataObject) -> dict[str, Any]:
    """Return options of a channel, of which some are odd."""
    cron = st.sampled_from(
        ["0 * * * *", "0 0 30 2 *", "* * * * * *", "", "\0", "99 * * * *", "@daily"]
    )
    span = st.sampled_from(["24h", "0h", "99999y", "٣h", "all", "", "1" * 500])
    person = st.sampled_from(
        ["role:123456789012345678", "user:١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨", "<@>", "", "@everyone"]
    )
    seconds = st.sampled_from([0, 300, -1, 1e300, "nan", "inf", "60", 86401])
    flag = st.booleans() | st.sampled_from(["yes", None, 2])

    def report() -> dict[str, Any]:
        return {
            "enabled": source.draw(flag),
            "cron": source.draw(cron | TYPED),
            "span": source.draw(span | TYPED),
            "charts": source.draw(st.booleans()),
        }

    return {
        **BOT_OPTIONS,
        "report": report(),
        "second_report": report(),
        "alerts": {
            "kinds": source.draw(st.sampled_from([[], ["offline"], ["nothing"]])),
            "mention": source.draw(st.lists(person, max_size=2)),
            "cooldown": source.draw(seconds),
        },
    }


async def _begin(hass: HomeAssistant, swarm: MockConfigEntry, form: str) -> Any:
    """Return a manager of flows, and one that shows a form."""
    if form == "reauth":
        subentry = next(iter(swarm.subentries.values()))
        return hass.config_entries.flow, await hass.config_entries.flow.async_init(
            "bitaxe",
            context={"source": "reauth", "entry_id": swarm.entry_id},
            data=dict(subentry.data),
        )
    flows: Any = hass.config_entries.subentries
    kind, _, step = form.rpartition(" ")
    context: dict[str, Any] = {"source": SOURCE_USER}
    if kind != "new":
        context = {
            "source": SOURCE_RECONFIGURE,
            "subentry_id": next(iter(swarm.subentries)),
        }
    result = await flows.async_init((swarm.entry_id, SUBENTRY_TYPE), context=context)
    if form == "new token":
        result = await flows.async_configure(result["flow_id"], {"next_step_id": "bot"})
        return flows, await flows.async_configure(result["flow_id"], {"bot": "another"})
    return flows, await flows.async_configure(result["flow_id"], {"next_step_id": step})
