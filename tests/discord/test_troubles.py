"""Every alert, from a fault of a simulated miner to a message in Discord, and its end."""

from collections.abc import Callable

from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.discord.wording import alert_state, recovered_state
from custom_components.bitaxe.watch.alerts import AlertKind
from scripts.fake_discord import Channel, FakeDiscord
from scripts.simulator import SimulatedMiner

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import entity_id
from ..troubles import MINUTE, POLL, QUARTER, TROUBLES, Trouble
from .homes import swarm_with, webhook_channel


@pytest.fixture
async def entry(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> MockConfigEntry:
    """Set up a channel that posts every kind of alert."""
    return await swarm_with(
        hass,
        webhook_channel(
            discord,
            discord.add_webhook(channel),
            alerts={"kinds": list(AlertKind), "mention": [], "cooldown": 300},
        ),
    )


def posted(discord: FakeDiscord) -> list[str]:
    """Return the titles of what was posted without their signs, and forget it."""
    titles = [
        embed["title"].partition(" ")[2]
        for message in discord.messages
        for embed in message.embeds
    ]
    for message in list(discord.messages):
        message.channel.messages.clear()
    return titles


@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda item: item.kind.value)
async def test_every_trouble_and_its_end(
    discord: FakeDiscord,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    trouble: Trouble,
) -> None:
    """One message each, and nothing else with it."""
    server = await simulate(trouble.preset)
    await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    await pass_time(6 * MINUTE, POLL)
    assert posted(discord) == []
    trouble.break_(server.miner)
    await pass_time(QUARTER, POLL)
    name = trouble.preset
    assert posted(discord) == [f"{name} is {alert_state(trouble.kind)}"]
    trouble.mend(server.miner)
    await pass_time(trouble.recovery, POLL)
    expected = [f"{name} is {recovered_state(trouble.kind)}"]
    if trouble.restarted:
        expected.append(f"{name} restarted unexpectedly")
    assert sorted(posted(discord)) == sorted(expected)


@pytest.mark.usefixtures("entry")
async def test_overheating_until_somebody_restores_the_settings(
    hass: HomeAssistant,
    discord: FakeDiscord,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """It stops, cools down, comes back de-tuned, and is what it was in the end."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.fan_failure = True
    await pass_time(MINUTE)
    assert posted(discord) == ["gamma-2.12 is overheating"]
    server.miner.faults.fan_failure = False
    await pass_time(QUARTER)
    assert set(posted(discord)) == {
        "gamma-2.12 is cool again",
        "gamma-2.12 is de-tuned after overheating",
    }
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": entity_id(hass, entry, "button", "restore_settings")},
        blocking=True,
    )
    await pass_time(MINUTE)
    assert posted(discord) == ["gamma-2.12 is back at the chosen settings"]


@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize(
    ("happen", "title"),
    [
        (SimulatedMiner.brownout, "gamma-2.15 restarted unexpectedly"),
        (lambda miner: miner.new_best(1e13), "New best share of gamma-2.15"),
        (SimulatedMiner.find_block, "gamma-2.15 found a block!"),
    ],
)
async def test_what_just_happens(
    discord: FakeDiscord,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    happen: Callable[[SimulatedMiner], None],
    title: str,
) -> None:
    """Is told once."""
    server = await simulate("gamma-2.15")
    await add_miner(server)
    await pass_time(20)
    happen(server.miner)
    await pass_time(QUARTER)
    assert posted(discord).count(title) == 1
