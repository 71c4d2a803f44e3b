"""Every alert, from a fault of a simulated miner to the message that people read."""

from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.bitaxe.alerts.model import AlertKind
from custom_components.bitaxe.const import DOMAIN
from scripts.fake_discord import Channel, FakeDiscord, Message, Role
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Simulate
from ..troubles import POLL, QUARTER, TROUBLES, Trouble
from .homes import swarm_with, webhook_channel


@pytest.fixture(autouse=True)
async def _channel(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, operators: Role
) -> None:
    """Set up a channel for all alerts."""
    await swarm_with(
        hass,
        webhook_channel(
            discord,
            discord.add_webhook(channel),
            alerts={
                "kinds": list(AlertKind),
                "mention": [f"role:{operators.id}"],
                "cooldown": 0,
            },
        ),
    )


def news(message: Message) -> list[str]:
    """Return the headlines of a message."""
    return [embed["title"] for embed in message.embeds]


def mark(message: Message) -> set[str]:
    """Return the marks its headlines begin with."""
    return {headline.split()[0] for headline in news(message)}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda item: item.kind.value)
async def test_trouble_and_its_end(
    discord: FakeDiscord,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    trouble: Trouble,
) -> None:
    """One message with a mention when it begins, and one without when it is over."""
    server = await simulate(trouble.preset)
    name = server.miner.spec.name
    await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    await pass_time(360, POLL)
    assert discord.messages == []

    trouble.break_(server.miner)
    await pass_time(QUARTER, POLL)
    (raised,) = await discord.wait_for_messages(1)
    assert len(news(raised)) == 1
    assert name in news(raised)[0]
    assert mark(raised) <= {"🔴", "🟠", "🟡"}
    assert raised.pinged.roles

    trouble.mend(server.miner)
    await pass_time(trouble.recovery, POLL)
    messages = await discord.wait_for_messages(2)
    over = [
        headline
        for message in messages[1:]
        for headline in news(message)
        if headline.startswith("🟢")
    ]
    assert len(over) == 1
    assert name in over[0]
    assert all(
        not message.pinged for message in messages[1:] if mark(message) == {"🟢"}
    )


async def test_overheating(
    hass: HomeAssistant,
    discord: FakeDiscord,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Too hot, cool again, de-tuned; restored in Home Assistant, that is over too."""
    server: MinerServer = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.fan_failure = True
    await pass_time(120)
    server.miner.faults.fan_failure = False
    await pass_time(QUARTER)
    messages = await discord.wait_for_messages(2)
    said = "\n".join(message.text for message in messages)
    assert "overheating" in said
    assert "cool again" in said
    assert "lowered settings" in said
    assert "425\N{NO-BREAK SPACE}MHz" in said

    button = er.async_get(hass).async_get_entity_id(
        "button", DOMAIN, f"{entry.unique_id}_restore_settings"
    )
    await hass.services.async_call(
        "button", "press", {"entity_id": button}, blocking=True
    )
    count = len(discord.messages)
    await pass_time(60)
    messages = await discord.wait_for_messages(count + 1)
    assert mark(messages[-1]) == {"🟢"}
    assert not messages[-1].pinged


@pytest.mark.parametrize(
    ("incident", "text"),
    [
        ("brownout", "restarted unexpectedly"),
        ("new_best", "New best share"),
        ("find_block", "BLOCK FOUND"),
    ],
)
async def test_what_happens(
    discord: FakeDiscord,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    incident: str,
    text: str,
) -> None:
    """A restart, a record and a block are reported once."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    await pass_time(20)
    match incident:
        case "brownout":
            server.miner.brownout()
        case "new_best":
            server.miner.new_best(1e13)
        case "find_block":
            server.miner.find_block()
    await pass_time(QUARTER)
    messages = await discord.wait_for_messages(1)
    assert sum(text in message.text for message in messages) == 1
