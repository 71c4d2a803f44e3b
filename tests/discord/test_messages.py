"""Answers with figures: what is said of miners with a history, of one and of forty."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_PRICE
from custom_components.bitaxe.discord.markdown import escape, width
from custom_components.bitaxe.discord.messages.colors import LOOKS, Condition
from custom_components.bitaxe.discord.messages.model import paginate
from custom_components.bitaxe.swarm.block_odds import solo_odds
from custom_components.bitaxe.swarm.totals import SwarmTotals
from scripts.simulator import PRESETS, MinerServer, MinerSpec

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import entity_id
from ..insight.conftest import (
    AddRecordedMiner,
    RecordedMiner,
    add_recorded_miner,
    enable_custom_integrations,
    swarm_entry as set_up_swarm,
)
from .asking import Talk, pictures

__all__ = ["add_recorded_miner", "enable_custom_integrations"]

PHONE = 34
"""Columns of a fixed-width font that a phone shows without breaking lines."""


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


@pytest.fixture
def talk(hass: HomeAssistant, recorded: RecordedMiner) -> Talk:
    """Return a conversation about it."""
    return Talk(hass)


def colors(talk: Talk) -> set[int | None]:
    """Return the colours of the last answer."""
    assert talk.last is not None
    return {embed.color for message in talk.last.messages for embed in message.embeds}


def tables(text: str) -> list[str]:
    """Return the lines in a fixed-width font."""
    return [
        line
        for block in text.split("```")[1::2]
        for line in block.strip("\n").split("\n")
    ]


async def test_status(talk: Talk, recorded: RecordedMiner, pass_time: PassTime) -> None:
    """The swarm in a line, each miner in two, as the miners say it now."""
    await pass_time(30)
    # The totals follow within a second.
    await pass_time(2, poll=2)
    snapshot = recorded.coordinator.snapshot
    assert snapshot.hashing.hashrate is not None
    assert snapshot.electrical.power is not None
    assert snapshot.efficiency is not None

    said = await talk.ask("status")

    terahashes = f"{snapshot.hashing.hashrate / 1000:.2f}"
    assert (
        f"**{terahashes} TH/s** · 1/1 active · {snapshot.efficiency:.1f} J/TH" in said
    )
    assert f"{talk.swarm.totals.cost_per_day:.2f} EUR a day" in said
    first, second = tables(said)[2:]
    assert first.split() == [
        "🟢",
        "gamma-2.12",
        terahashes,
        f"{snapshot.efficiency:.1f}",
        f"{snapshot.electrical.power:.1f}",
    ]
    assert second.split()[:3] == [
        "525/1150",
        f"{snapshot.cooling.asic_temperature:.0f}°",
        f"{snapshot.cooling.vr_temperature:.0f}°",
    ]
    assert colors(talk) == {LOOKS[Condition.GOOD].color}


async def test_status_of_trouble(
    talk: Talk,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Who does not mine says why in its line, and gives the message its colour."""
    paused = MinerSpec(name="paused", firmware="v2.15.0", seed=5, paused=True)
    await add_miner(await simulate(paused))
    recorded.server.miner.faults.offline = True
    unreached = await simulate(MinerSpec(name="unreached", seed=6))
    unreached.miner.faults.offline = True
    await add_miner(unreached)
    await pass_time(60)

    said = await talk.ask("status")

    assert "0/3 active" in said
    lines = {
        line.split()[1]: line.split() for line in tables(said)[2:] if line[0] != " "
    }
    assert lines["gamma-2.12"][0::2] == ["🔴", "offline"]
    assert lines["unreached"][0::2] == ["🔴", "offline"]
    assert lines["paused"][0::2] == ["⚪", "paused"]
    assert colors(talk) == {LOOKS[Condition.BAD].color}


async def test_miner(talk: Talk, recorded: RecordedMiner) -> None:
    """Live readings, averages of the span, advice and a chart."""
    said = await talk.ask("miner", miner="gamma", span="24h")

    assert "🟢 gamma-2.12 · mining" in said
    assert "525 MHz · 1150 mV" in said
    # Six hours at 1000 GH/s and 18 W, six at 900 GH/s and 13.5 W.
    assert "Last 24h\n**950 GH/s** on average (since 12 h " in said
    assert "min) · 16.6 J/TH · 15.8 W" in said
    assert "Most efficient: **490 MHz / 1100 mV (900 GH/s, 15.00 J/TH, 6 h)**" in said
    assert talk.last is not None
    (message,) = talk.last.messages
    (picture,) = message.attachments
    assert pictures(message) == [picture.name]
    assert picture.content.startswith(b"\x89PNG")


async def test_miner_without_history(
    talk: Talk, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """One that was never reached is not set up, and that is said."""
    server = await simulate(MinerSpec(name="unreached", seed=6))
    server.miner.faults.offline = True
    await add_miner(server)

    said = await talk.ask("miner", miner="unreached")

    assert "🔴 unreached · offline" in said
    assert "Not set up in Home Assistant" in said
    assert colors(talk) == {LOOKS[Condition.BAD].color}


@pytest.mark.parametrize("command", ["miner", "health"])
async def test_present_without_history(
    hass: HomeAssistant, talk: Talk, recorded: RecordedMiner, command: str
) -> None:
    """What is known now does not depend on history, and why that is missing is said."""
    sensor = entity_id(hass, recorded.entry, "sensor", "hashrate")
    er.async_get(hass).async_update_entity(
        sensor, disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.async_block_till_done()

    said = await talk.ask(command, miner="gamma")

    assert "🟢" in said
    assert f"There is no history, because {escape(sensor)} is disabled" in said
    assert not talk.refused


async def test_miner_without_figures(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """One that was just added has none, and no dashes are shown in their place."""
    await add_miner(await simulate(MinerSpec(name="new", seed=6)))

    said = await Talk(hass).ask("miner", miner="new")

    assert "Last 24h\nNo figures of this time" in said
    assert "on average" not in said


async def test_stats(talk: Talk, recorded: RecordedMiner) -> None:
    """Every setting in a row, with marks for the present and the best."""
    said = await talk.ask("stats")

    rows = tables(said)
    assert rows[1].split() == ["▸", "525/1150", "5.9", "1.00", "18.0", "18", "60"]
    assert rows[2].split() == ["★", "490/1100", "5.9", "0.90", "15.0", "14", "60"]
    assert "Most efficient: **490 MHz / 1100 mV" in said
    assert talk.last is not None
    assert pictures(talk.last.messages[0]) == ["efficiency.png"]


async def test_stats_of_several(
    talk: Talk, recorded: RecordedMiner, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Those that were not measured yet are named together."""
    for index in range(2):
        await add_miner(await simulate(MinerSpec(name=f"new {index}", seed=index + 5)))

    said = await talk.ask("stats")

    assert "Not measured yet\nnew 0, new 1" in said
    assert "490/1100" in said
    assert talk.last is not None
    assert pictures(talk.last.messages[0]) == []
    # Of one that is asked for by name, there is a picture.
    await talk.ask("stats", miner="gamma")
    assert pictures(talk.last.messages[0]) == ["efficiency.png"]


async def test_health_of_the_healthy(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """All is well is said as such."""
    await add_miner(await simulate(MinerSpec(name="office", seed=5)))
    talk = Talk(hass)

    assert "🟢 All is well" in await talk.ask("health")
    assert colors(talk) == {LOOKS[Condition.GOOD].color}


async def test_health_of_a_doubtful_setting(
    talk: Talk, recorded: RecordedMiner
) -> None:
    """Not all is well where the history says otherwise, though nobody is ailing."""
    said = await talk.ask("health")
    assert "🟠 A setting needs a look\nNo miner reports a problem" in said
    assert "**gamma-2.12**: 93.4 % of the expected hashrate (limit 97 %)" in said
    assert colors(talk) == {LOOKS[Condition.NOTICE].color}


async def test_health_of_the_ailing(
    talk: Talk,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Each kind of trouble with whom it troubles, and one sentence what to do."""
    hot = await simulate(MinerSpec(name="hot", firmware="v2.15.0", seed=5))
    await add_miner(hot)
    lost = await simulate(MinerSpec(name="lost", firmware="v2.15.0", seed=6))
    await add_miner(lost)
    away = await simulate(MinerSpec(name="away", firmware="v2.15.0", seed=7))
    await add_miner(away)
    hot.miner.faults.fan_failure = True
    hot.miner.faults.ambient_offset = 60
    lost.miner.faults.pool_down = True
    away.miner.faults.offline = True
    await pass_time(600, poll=20)

    said = await talk.ask("health")

    assert "🔴 3 of 4 need attention" in said
    assert "🔴 Offline\n**away**" in said
    assert "→ Check its power supply and Wi-Fi" in said
    assert "🔴 Overheating\n**hot**" in said
    assert "🟠 Mining on the fallback pool\n**lost**" in said
    # What was measured at the present settings, over all history.
    assert "**gamma-2.12**: 93.4 % of the expected hashrate (limit 97 %)" in said
    assert said.index("Offline") < said.index("fallback")
    assert colors(talk) == {LOOKS[Condition.BAD].color}


async def test_health_of_now(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Not of the moment at which an alert was raised, and old values as such."""
    server = await simulate(MinerSpec(name="office", firmware="v2.12.2", seed=5))
    entry = await add_miner(server)
    server.miner.faults.vr_offset = 25
    await pass_time(300)
    raised = regulator_of(entry)
    server.miner.faults.vr_offset = 35
    await pass_time(300)
    now = regulator_of(entry)
    assert now > raised + 3
    assert f"**office** · {now:.1f} °C (limit 80.0 °C)" in await Talk(hass).ask(
        "health"
    )

    server.miner.faults.offline = True
    await pass_time(300)
    said = await Talk(hass).ask("health")
    assert (
        f"**office** · was {now:.1f} °C (limit 80.0 °C), no reading since <t:" in said
    )


async def test_heat_is_reported_in_two_levels(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Worth a look is orange, too much is red; what is well has no sign."""
    server = await simulate(MinerSpec(name="office", firmware="v2.12.2", seed=5))
    entry = await add_miner(server)
    await pass_time(120)
    well = regulator_of(entry)
    for offset, sign in ((0.0, "· "), (84 - well, "🟠 "), (95 - well, "🔴 ")):
        server.miner.faults.vr_offset = offset
        await pass_time(300)
        said = await Talk(hass).ask("miner", miner="office")
        figure = f"{sign}VR {regulator_of(entry):.0f} °C"
        assert figure in said
        assert said.startswith("🟢" if offset == 0.0 else sign)


async def test_health_of_a_miner_that_refuses(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """It is up, and no power cycle helps, from the first moment on."""
    server = await simulate(MinerSpec(name="office", firmware="v2.12.2", seed=5))
    await add_miner(server)
    server.miner.faults.refuse_network = True
    for seconds in (30, 300):
        await pass_time(seconds)
        said = await Talk(hass).ask("health")
        assert "🔴 Refusing the network of Home Assistant\n**office**" in said
        assert "it says which networks a miner answers" in said
        assert "power cycle" not in said
        assert "Offline" not in said


def regulator_of(entry: MockConfigEntry) -> float:
    """Return the present °C of a miner's regulator."""
    found: float = entry.runtime_data.snapshot.cooling.vr_temperature
    return found


async def test_health_of_the_idle(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A miner that hashes nothing, though nobody wants that, is not well."""
    server = await simulate(MinerSpec(name="office", firmware="v2.15.0", seed=5))
    await add_miner(server)
    server.miner.faults.set(pool_down=True, fallback_down=True)
    await pass_time(180, poll=20)

    said = await Talk(hass).ask("health")

    assert "🟠 1 of 1 needs attention" in said
    assert "🟠 Slower than expected\n**office** · hashes nothing" in said


async def test_best_difficulties(
    talk: Talk,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Records of the swarm and each miner, also of those that are off, and odds."""
    other = await simulate(MinerSpec(name="lucky", seed=5, best_difficulty=7.5e12))
    await add_miner(other)
    other.miner.faults.offline = True
    await pass_time(60)
    totals: SwarmTotals = talk.swarm.totals
    assert totals.odds is not None

    said = await talk.ask("best")

    assert "**7.5T** by **lucky**" in said
    lucky, gamma = tables(said)[1:]
    assert lucky.split() == ["lucky", "7.5T", "–"]
    assert gamma.split()[0] == "gamma-2.12"
    assert f"every {totals.odds.years_to_block:,.0f} years on average" in said
    assert "1 in " in said


@pytest.mark.parametrize(("record", "said"), [(1e15, "came to"), (1e7, "came to 0.0")])
async def test_best_in_plain_figures(
    talk: Talk,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    record: float,
    said: str,
) -> None:
    """Neither a share that is a block nor a small one is reported in powers of ten."""
    await add_miner(
        await simulate(MinerSpec(name="lucky", seed=5, best_difficulty=record))
    )
    await pass_time(60)
    text = await talk.ask("best")
    assert said in text
    assert "e+" not in text
    assert "e-" not in text


async def test_odds_on_an_easy_network(talk: Talk) -> None:
    """Smaller coins have blocks within days, and chances that are no lottery."""
    totals = replace(talk.swarm.totals, odds=solo_odds(1000, 4e7), hashrate=1000)
    talk.swarm.async_set_updated_data(totals)

    said = await talk.ask("best")

    assert "a block comes every 1 d 23 h on average" in said
    assert "The chance is 39.5 % a day, 100 % a year" in said


async def test_apply_best(talk: Talk, recorded: RecordedMiner) -> None:
    """The best certain setting, with what it brings; one write once agreed to."""
    said = await talk.write("!apply gamma best")

    assert "525 → **490 MHz** and 1150 → **1100 mV**?" in said
    assert "-16.7 % J/TH, -3.3 kWh a month (-0.99 EUR)" in said
    assert recorded.server.miner.info()["frequency"] == 525

    assert "is set to 490 MHz / 1100 mV" in await talk.agree()
    info = recorded.server.miner.info()
    assert (info["frequency"], info["coreVoltage"]) == (490, 1100)


async def test_apply_best_when_nothing_is_certain(
    talk: Talk, recorded: RecordedMiner, simulate: Simulate, add_miner: AddMiner
) -> None:
    """What was not measured is not applied, nor what is set already."""
    new = await simulate(MinerSpec(name="new", firmware="v2.15.0", seed=9))
    await add_miner(new)

    said = await talk.write("!apply new best")
    assert "**new** stays as it is: no sound setting has been measured" in said
    assert talk.refused

    await talk.write("!apply gamma best")
    await talk.agree()
    said = await talk.write("!apply gamma best")
    assert "stays as it is: the present setting, 490 MHz / 1100 mV" in said
    assert talk.refused


@pytest.mark.parametrize("command", ["miner", "report"])
async def test_no_span(talk: Talk, recorded: RecordedMiner, command: str) -> None:
    """What is no span of time is said to be none."""
    assert "is not a span of time" in await talk.ask(command, miner="gamma", span="5q")
    assert talk.refused


async def test_forty_miners(
    hass: HomeAssistant,
    talk: Talk,
    recorded: RecordedMiner,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """A large swarm fits: few pages, none of them beyond what Discord takes."""
    presets = [spec for spec in PRESETS.values() if spec.otp is None]
    servers: list[MinerServer] = []
    for index in range(39):
        spec = replace(
            presets[index % len(presets)],
            name=f"*rack_{index}* with a name as long as they come",
            hostname=f"rack-{index}",
            mac=None,
            seed=100 + index,
        )
        servers.append(await simulate(spec))
        await add_miner(servers[-1])

    for command in ("status", "report", "stats", "health", "best", "help"):
        said = await talk.ask(command)
        assert talk.last is not None
        pages = [page for item in talk.last.messages for page in paginate(item)]
        assert len(pages) <= 3, command
        assert max(map(width, tables(said)), default=0) <= PHONE, command
        if command in ("status", "report", "best"):
            for index in range(39):
                assert f"*rack_{index}*" in said.replace("\\", ""), command
