"""A search for the best setting from Discord, and the picture of what it found."""

import io

from homeassistant.core import HomeAssistant
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.alerts.model import Alert, AlertKind, AlertPhase
from custom_components.bitaxe.alerts.monitor import MinerAlert
from custom_components.bitaxe.discord.messages.alerts import AlertToPost, alerts_message
from custom_components.bitaxe.discord.messages.tuning import async_draw_runs
from custom_components.bitaxe.texts import async_get_texts
from custom_components.bitaxe.tuning import Goal
from custom_components.bitaxe.tuning.session import MinerTuner, tuner_of
from scripts.simulator import MinerServer, MinerSpec

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import state_of
from .asking import Talk

MINUTE = 60.0


@pytest.fixture
async def office(simulate: Simulate) -> MinerServer:
    """Return a miner called office, at 525 MHz and 1150 mV."""
    return await simulate(MinerSpec(name="office", firmware="v2.15.0", seed=1))


@pytest.fixture
async def entry(
    office: MinerServer, add_miner: AddMiner, pass_time: PassTime, every_entity: None
) -> MockConfigEntry:
    """Set up the miner called office, which is warm."""
    entry = await add_miner(office)
    await pass_time(5 * MINUTE)
    return entry


@pytest.fixture
def talk(hass: HomeAssistant, entry: MockConfigEntry) -> Talk:
    """Return a conversation of somebody who may control miners."""
    return Talk(hass)


@pytest.fixture
def tuner(hass: HomeAssistant, entry: MockConfigEntry) -> MinerTuner:
    """Return the tuner of the miner."""
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    return tuner


def to_post(entry: MockConfigEntry, alert: Alert) -> AlertToPost:
    """Return an alert of the miner on its way to a channel."""
    return AlertToPost(
        alert=MinerAlert(
            miner_id=entry.entry_id, name="office", device_id=None, alert=alert
        )
    )


async def test_what_cannot_be_asked_for(talk: Talk, tuner: MinerTuner) -> None:
    """A limit out of range, a miner that is unknown, and a stop of nothing."""
    answer = await talk.ask("tune", miner="office", power="5000")
    assert "outside what can be asked for: 1 to 1000 W" in answer
    assert talk.refused
    await talk.ask("tune", miner="attic")
    assert talk.refused
    answer = await talk.ask("stop", miner="office")
    assert "does not look for its best setting" in answer
    answer = await talk.ask("stop", miner="all")
    assert "No miner looks for its best setting" in answer
    assert not tuner.is_running


async def test_tune_and_stop(
    hass: HomeAssistant,
    talk: Talk,
    tuner: MinerTuner,
    office: MinerServer,
    entry: MockConfigEntry,
    pass_time: PassTime,
    hass_client: ClientSessionGenerator,
) -> None:
    """It begins once somebody agrees, and ends with the setting that is wanted."""
    image = state_of(hass, entry, "image", "tuning")
    assert image.state == "unknown"
    question = await talk.ask("tune", miner="office", goal="efficiency", power="18,5")
    assert talk.asks_back
    assert "goal: efficiency" in question
    assert "18.5 W" in question
    assert not tuner.is_running
    assert "looks for its best setting" in await talk.agree()
    assert tuner.run is not None
    assert tuner.run.targets.goal is Goal.EFFICIENCY
    assert tuner.run.targets.maximum_power == 18.5
    await talk.ask("tune", miner="office")
    assert talk.refused

    for _ in range(180):
        await pass_time(10)
        if tuner.run is not None and len(tuner.run.trials) >= 2:
            break
    answer = await talk.ask("stop", miner="office", keep="original")
    assert "525 MHz" in answer
    await pass_time(MINUTE)
    assert office.miner.stored["frequency"] == 525
    assert not tuner.is_running

    # What was found is a picture: an entity's, and one beside the alert.
    client = await hass_client()
    response = await client.get(f"/api/image_proxy/{image.entity_id}")
    with Image.open(io.BytesIO(await response.read())) as picture:
        assert picture.format == "PNG"
    assert state_of(hass, entry, "image", "tuning").state != "unknown"
    report = tuner.results[-1]
    alert = Alert(
        kind=AlertKind.TUNING,
        phase=AlertPhase.HAPPENED,
        since=report.time,
        data=report.announced(report.original),
    )
    posted = [to_post(entry, alert)]
    pictures = await async_draw_runs(hass, posted)
    attachment = pictures[entry.entry_id]
    with Image.open(io.BytesIO(attachment.content)) as picture:
        assert picture.format == "PNG"
    message = alerts_message(posted, async_get_texts(hass), pictures=pictures)
    assert [embed.image for embed in message.embeds] == [attachment.name]
    assert [item.name for item in message.attachments] == [attachment.name]


async def test_no_picture_of_what_has_just_begun(
    hass: HomeAssistant, tuner: MinerTuner, entry: MockConfigEntry
) -> None:
    """There is nothing on the map yet."""
    alert = Alert(
        kind=AlertKind.TUNING,
        phase=AlertPhase.HAPPENED,
        since=0.0,
        data={"action": "started", "goal": "balanced"},
    )
    posted = [to_post(entry, alert)]
    assert await async_draw_runs(hass, posted) == {}
