"""What was begun is finished, and noted, whatever becomes of those who asked."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.bitaxe.const import EVENT_DISCORD_COMMAND
from custom_components.bitaxe.discord.gateway.interactions import AT_ONCE_SECONDS
from scripts.fake_discord import Channel, FakeDiscord, User
from scripts.simulator import MinerServer, MinerSpec

from ..conftest import AddMiner, Simulate
from .homes import until

STALL_SECONDS = 5.0


@pytest.fixture
async def office(
    swarm: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
) -> MinerServer:
    """Add a miner that takes longer than Discord waits."""
    server = await simulate(MinerSpec(name="office", firmware="v2.15.0"))
    await add_miner(server)
    server.miner.faults.stall_seconds = STALL_SECONDS
    return server


@pytest.fixture
def done(hass: HomeAssistant) -> list[Event]:
    """Return the events of what was done from Discord."""
    return async_capture_events(hass, EVENT_DISCORD_COMMAND)


def reported(server: MinerServer) -> bool:
    """Whether a miner was asked to restart."""
    return any(request.path.endswith("restart") for request in server.miner.requests)


async def test_question_that_has_expired(
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    office: MinerServer,
    done: list[Event],
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Discord takes no answer any more, but the miner has heard it."""
    before = len(office.miner.requests)
    discord.fail(1, 404, path="/callback")
    await discord.use(channel, alice, "restart", {"miner": "office"}, wait=False)
    await until(lambda: len(office.miner.requests) > before, "the reading for it")
    freezer.tick(AT_ONCE_SECONDS + 1)
    await until(lambda: "could not be answered" in caplog.text, "the log")
    freezer.tick(STALL_SECONDS + 1)
    await until(lambda: reported(office), "the order")
    freezer.tick(STALL_SECONDS + 1)
    await until(lambda: bool(done), "what was done")
    assert done[0].data["user"] == "alice"
    freezer.tick(STALL_SECONDS + 1)
    discord.service.interactions.clear()


async def test_unloaded_in_the_middle(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    alice: User,
    swarm: MockConfigEntry,
    office: MinerServer,
    done: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    """The swarm is reloaded while a miner is about to answer."""
    before = len(office.miner.requests)
    await discord.use(channel, alice, "restart", {"miner": "office"}, wait=False)
    await until(lambda: len(office.miner.requests) > before, "the reading for it")
    await hass.config_entries.async_unload(swarm.entry_id)
    freezer.tick(STALL_SECONDS + 1)
    await until(lambda: reported(office), "the order")
    freezer.tick(STALL_SECONDS + 1)
    await until(lambda: bool(done), "what was done")
    discord.service.interactions.clear()
