"""What of power targets and heating gets into a channel: causes, and no flood."""

from random import Random

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.alerts.model import AlertKind
from scripts.fake_discord import Channel, FakeDiscord

from ..conftest import AddMiner, PassTime, Settle, Simulate
from ..power.house import House, make_house
from ..power.test_following import act, feed
from ..power.test_heating import WINDOW, add_room, call, feel
from .homes import swarm_with, webhook_channel

MINUTE = 60
METER = "sensor.meter"


@pytest.fixture
async def swarm(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> MockConfigEntry:
    """Set up a swarm with a channel that wants every alert, as often as it comes."""
    options = {"alerts": {"kinds": list(AlertKind), "cooldown": 0}}
    return await swarm_with(
        hass, webhook_channel(discord, discord.add_webhook(channel), **options)
    )


@pytest.fixture
async def house(
    hass: HomeAssistant,
    swarm: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
) -> House:
    """Return two miners of which some points were measured."""
    found = await make_house(hass, simulate, add_miner, 2)
    await settle()
    await pass_time(MINUTE)
    return found


def titles(discord: FakeDiscord) -> list[str]:
    """Return the headlines of all messages, without their marks."""
    return [
        str(embed["title"]).split(" ", 1)[1]
        for message in discord.messages
        for embed in message.embeds
    ]


async def test_an_open_window_is_reported_once_for_all_miners_of_the_room(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    discord: FakeDiscord,
    pass_time: PassTime,
) -> None:
    """With the cause and the room, and that it is over; not each pause."""
    hass.states.async_set(WINDOW, "off")
    feel(hass, 17)
    entity = await add_room(hass, swarm, house)
    await call(hass, entity, "set_temperature", temperature=20, hvac_mode="heat")
    await pass_time(10 * MINUTE, 30)
    assert discord.messages == []

    hass.states.async_set(WINDOW, "on")
    await pass_time(5 * MINUTE, 30)
    (message,) = await discord.wait_for_messages(1)
    assert titles(discord) == ["2 miners do not heat their room for now"]
    assert message.text.count("window open") == 2
    assert "Study" in message.text

    hass.states.async_set(WINDOW, "off")
    feel(hass, 17)
    await pass_time(15 * MINUTE, 30)
    messages = await discord.wait_for_messages(2)
    assert titles(discord)[1:] == ["2 miners heat their room again"]
    assert "window open" not in messages[1].text


async def test_a_cloudy_day_is_no_news_and_a_lost_meter_is_once(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    discord: FakeDiscord,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """Also while the lowest points are too much for what the sun gives."""
    clouds = Random(1)
    await feed(
        hass,
        swarm,
        settle,
        surplus_entity=METER,
        surplus_sign="export",
        surplus_minutes=1,
        surplus_measures_miners=False,
    )
    hass.states.async_set(METER, "30", {"unit_of_measurement": "W"})
    await pass_time(MINUTE)
    await act(hass, swarm, power=60, follow=True)
    for _ in range(40):
        spare = clouds.choice([-50, 0, 12, 26, 30, 40])
        hass.states.async_set(METER, str(spare), {"unit_of_measurement": "W"})
        await pass_time(3 * MINUTE, 30)
    assert titles(discord) == []

    hass.states.async_set(METER, "unavailable")
    await pass_time(6 * MINUTE, 30)
    assert titles(discord) == []
    await pass_time(30 * MINUTE, 60)
    (message,) = await discord.wait_for_messages(1)
    assert titles(discord) == ["2 miners have lost the sensor of their power target"]
    assert message.text.count("surplus power unknown") == 2
    # One that comes and goes is no news within the hour.
    for _ in range(2):
        hass.states.async_set(METER, "30", {"unit_of_measurement": "W"})
        await pass_time(3 * MINUTE, 30)
        hass.states.async_set(METER, "unavailable")
        await pass_time(10 * MINUTE, 30)
    assert titles(discord)[1:] == [
        "2 miners have the sensor of their power target again"
    ]


async def test_a_target_that_is_not_kept_is_reported_with_its_reason(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    discord: FakeDiscord,
    pass_time: PassTime,
) -> None:
    """Once, however often it is set anew, and that it is kept again."""
    await act(hass, swarm, power=5, follow=True)
    await pass_time(4 * MINUTE, 30)
    assert titles(discord) == []
    for number in range(6):
        await act(hass, swarm, power=5 + number % 2)
        await pass_time(6 * MINUTE, 60)
    (message,) = await discord.wait_for_messages(1)
    assert titles(discord) == ["2 miners draw more than their power target"]
    assert message.text.count("nothing that may be set draws less") == 2
    assert message.text.count("limit") == 2
    await act(hass, swarm, power=60)
    await pass_time(2 * MINUTE, 30)
    await discord.wait_for_messages(2)
    assert titles(discord)[1:] == ["2 miners keep to their power target again"]


async def test_a_target_that_is_set_every_few_minutes_floods_nobody(
    hass: HomeAssistant,
    house: House,
    discord: FakeDiscord,
    pass_time: PassTime,
) -> None:
    """An automation sets what cannot be kept, and what can, in turns."""
    _, entry = house[0]
    await act(hass, entry, power=15, follow=True)
    for number in range(8):
        await act(hass, entry, power=15 if number % 2 else 5)
        await pass_time(7 * MINUTE, 60)
    await discord.wait_for_messages(2)
    assert titles(discord) == [
        "gamma-1 draws more than its power target",
        "gamma-1 keeps to its power target again",
    ]
