"""Reports: means over the span, no matter who asks, with or without a history."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.const import CONF_PRICE, DOMAIN
from custom_components.bitaxe.coordinator import MinerCoordinator
from custom_components.bitaxe.discord.messages.model import Message
from custom_components.bitaxe.discord.messages.report import async_make_report
from custom_components.bitaxe.following import loaded_miners
from scripts.simulator import MinerSpec

from ..analysis.history.recording import SHORT, START, Recording
from ..conftest import AddMiner, Simulate
from ..insight.conftest import (
    AddRecordedMiner,
    RecordedMiner,
    add_recorded_miner,
    enable_custom_integrations,
    swarm_entry as set_up_swarm,
)
from .asking import Talk, pictures, read

__all__ = ["add_recorded_miner", "enable_custom_integrations"]


@pytest.fixture
async def recorded(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner
) -> RecordedMiner:
    """Return a miner with a history, in a swarm that pays 0.30 per kWh."""
    recorded = await add_recorded_miner()
    entry = set_up_swarm(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PRICE: 0.3})
    await hass.async_block_till_done(wait_background_tasks=True)
    return recorded


async def report(
    hass: HomeAssistant,
    miners: list[MinerCoordinator] | None = None,
    span: str = "24h",
    *,
    charts: bool = False,
) -> Message:
    """Return a report, of all miners unless asked otherwise."""
    return await async_make_report(
        hass, loaded_miners(hass) if miners is None else miners, span, charts=charts
    )


async def test_means_over_the_span(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """Not the instant counts: six hours at 1000 GH/s and six at 900 are 950 GH/s."""
    said = read(await report(hass))

    assert "Report of gamma-2.12 · last 24h" in said
    assert "**950 GH/s** on average (since 12 h " in said
    assert "min) · 16.6 J/TH · 15.8 W" in said
    assert "0.19 kWh · 0.06 EUR" in said
    assert "hashed 100.0 % of the time · 0 restarts" in said
    assert "shares accepted, 0 rejected (0.00 %)" in said
    assert "**490 MHz / 1100 mV (900 GH/s, 15.00 J/TH, 6 h)**: -10.0 % hashrate" in said

    # Less of the first setting in it.
    assert "**900 GH/s** on average" not in said
    assert "**1.00 TH/s** on average" in read(await report(hass, span="5h"))


@pytest.mark.parametrize("span", ["5", " 5 ", "5h"])
async def test_numbers_are_hours(
    hass: HomeAssistant, recorded: RecordedMiner, span: str
) -> None:
    """People write `report 5`."""
    said = await Talk(hass).ask("report", span=span)
    assert "last 5h" in said
    assert "**1.00 TH/s** on average" in said


async def test_charts(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """One chart of the swarm and one of each miner, where they are wanted."""
    assert (await report(hass)).attachments == ()
    alone = await report(hass, charts=True)
    assert pictures(alone) == ["swarm_hashrate.png", "miner_detail.png"]
    await add_miner(await simulate(MinerSpec(name="office", seed=5)))

    message = await report(hass, charts=True)

    assert "Swarm report" in message.embeds[0].title
    assert pictures(message) == ["swarm_hashrate.png", "hashrate_by_miner.png"]
    for file in message.attachments:
        assert file.content.startswith(b"\x89PNG")
        assert file.description


async def test_a_miner_without_history(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """It is named with the reason, and the others are reported all the same."""
    entry = await add_miner(await simulate(MinerSpec(name="hidden", seed=5)))
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{entry.unique_id}_hashrate"
    )
    assert entity_id is not None
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)

    said = read(await report(hass, charts=True))

    assert "**950 GH/s** on average" in said
    assert (
        "No history\n**hidden**: There is no history, because sensor.hidden\\_hashrate is disabled"
        in said
    )
    with pytest.raises(HomeAssistantError, match=r"sensor\.hidden_hashrate"):
        await report(hass, [entry.runtime_data])


async def test_miners_that_are_not_set_up(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """Anyone who was not reached is not counted, which is said of reports of all."""
    server = await simulate(MinerSpec(name="away", seed=5))
    server.miner.faults.offline = True
    await add_miner(server)
    assert "Not set up, so not counted\naway" in read(await report(hass))

    await add_miner(await simulate(MinerSpec(name="office", seed=6)))
    assert "away" not in read(await report(hass, [recorded.coordinator]))


async def test_nothing_recorded(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """A new miner has no figures, rather than zeros."""
    entry = await add_miner(await simulate(MinerSpec(name="new", seed=5)))

    said = read(await report(hass, [entry.runtime_data]))

    assert "Nothing was hashed in this time" in said
    assert "0.00" not in said
    said = read(await report(hass))
    assert "new                     no figures" in said


async def test_paused_all_the_time(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """A miner that hashed nothing has figures all the same: what it used, for one."""
    entry = await add_miner(await simulate(MinerSpec(name="cold", seed=5)))
    coordinator: MinerCoordinator = entry.runtime_data
    recording = Recording(
        hass, Miner(identifier=coordinator.identifier, name=entry.title)
    )
    recording.now = START - 12 * SHORT
    recording.pass_windows(
        12, frequency=525, core_voltage=1150, hashrate=0, power=5, shares=(0, 0)
    )
    recording.restart()
    recording.pass_windows(2, shares=(0, 0))
    await recording.async_write()

    said = read(await report(hass))
    assert "cold              0.00     –   5.0" in said
    assert "kWh of it idle" in said
    assert "   (since 1 h" in said
    said = await Talk(hass).ask("miner", miner="cold")
    assert "nothing was hashed · 5.0 W" in said
    assert "hashed 0.0 % of the time · 1 restart\n" in said


@pytest.mark.parametrize("span", ["5q", "", "0h", "yesterday"])
async def test_no_span(hass: HomeAssistant, recorded: RecordedMiner, span: str) -> None:
    """What is no span is refused in words."""
    with pytest.raises(ServiceValidationError, match="not a span of time"):
        await report(hass, span=span)


async def test_never_pings(hass: HomeAssistant, recorded: RecordedMiner) -> None:
    """Reports mention nobody, whatever a miner is called."""
    hass.config_entries.async_update_entry(recorded.entry, title="<@&1> @everyone")
    await hass.async_block_till_done()

    message = await report(hass, charts=True)

    assert message.mention == ()
    outside = "".join(read(message).split("```")[::2])
    assert "<@&1>" not in outside
