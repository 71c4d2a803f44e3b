"""What plugs measured at the wall, in every summary and report of a span."""

from dataclasses import dataclass
import io
from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from rich.console import Console

from custom_components.bitaxe.analysis.metrics import UNITS, Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.const import CONF_PRICE
from custom_components.bitaxe.discord.messages.report import async_make_report
from custom_components.bitaxe.discord.messages.stats import async_stats_message
from scripts.cli.configurations import comparison_of_each, settings_of_each
from scripts.cli.summary import summary_table
from scripts.cli.texts import Texts

from ..analysis.history.recording import SHORT, START, Recording
from .conftest import HOURS, AddRecordedMiner, RecordedMiner, device_id, swarm_entry
from .test_actions import ask

pytestmark = pytest.mark.usefixtures("recorded")

PLUG = "sensor.plug_power"


@pytest.fixture
async def recorded(add_recorded_miner: AddRecordedMiner) -> RecordedMiner:
    """Return a miner that drew 13.5 W for hours, and then 18 W."""
    return await add_recorded_miner()


@dataclass(slots=True)
class Plug:
    """A power supply with a plug, and the history of it."""

    recording: Recording

    def pass_hours(self, hours: float, power: float) -> None:
        """Have it show some W."""
        self.recording.pass_windows(round(hours * 3600 / SHORT), power=power)

    async def async_write(self) -> None:
        """Write it into the database."""
        unused = UNITS.keys() - {Metric.POWER, Metric.ENERGY}
        await self.recording.async_write(leave_out=unused)


async def add_plug(hass: HomeAssistant, *miners: RecordedMiner) -> Plug:
    """Add a power supply with a plug by its form."""
    swarm = swarm_entry(hass)
    hass.states.async_set(PLUG, "20", {"unit_of_measurement": "W"})
    flow = await hass.config_entries.subentries.async_init(
        (swarm.entry_id, "supply"), context={"source": SOURCE_USER}
    )
    result = await hass.config_entries.subentries.async_configure(
        flow["flow_id"],
        {
            "name": "Shelf",
            "power_sensor": PLUG,
            "miners": [recorded.entry.unique_id for recorded in miners],
        },
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    (subentry,) = swarm.subentries.values()
    recording = Recording(
        hass, Miner(identifier=f"supply_{subentry.subentry_id}", name="Shelf")
    )
    recording.now = START - 2 * HOURS * 3600
    return Plug(recording)


async def wall_of(
    hass: HomeAssistant, *miners: RecordedMiner, **data: Any
) -> list[Any]:
    """Return what a summary says of the wall."""
    data.setdefault("span", "2d")
    answer = await ask(
        hass, "get_summary", [recorded.device_id for recorded in miners], **data
    )
    wall: list[Any] = answer["total"]["wall"]
    return wall


async def test_power_and_loss_at_the_wall(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """Energy by time, energy by work, and what is missing of it at the miner."""
    hass.config_entries.async_update_entry(swarm_entry(hass), options={CONF_PRICE: 0.3})
    swarm = device_id(hass, swarm_entry(hass))
    plug = await add_plug(hass, recorded)
    plug.pass_hours(HOURS, 15)
    plug.pass_hours(HOURS, 20)
    await plug.async_write()

    (wall,) = await wall_of(hass, recorded)
    assert wall["name"] == "Shelf"
    assert wall["miners"] == [recorded.entry.title]
    assert wall["observed_hours"] == pytest.approx(2 * HOURS, rel=0.01)
    assert wall["power_w"] == pytest.approx(17.5, rel=0.001)
    assert wall["energy_kwh"] * 1000 == pytest.approx(
        wall["power_w"] * wall["observed_hours"], rel=0.001
    )
    assert wall["cost"] == pytest.approx(0.3 * wall["energy_kwh"], rel=0.001)
    assert wall["is_part"] is False
    assert wall["loss_w"] == pytest.approx(1.75, rel=0.001)
    assert wall["loss_percent"] == pytest.approx(10, rel=0.001)
    assert wall["efficiency_j_th"] == pytest.approx(17.5 / 0.95, rel=0.001)

    for devices in (swarm, recorded.device_id):
        report = (await ask(hass, "get_report", devices, span="2d"))["report"]
        (line,) = (line for line in report.splitlines() if "at the wall" in line)
        assert "Shelf, at the wall: 17.5 W, 18.42 J/TH, 0.21 kWh, " in line
        assert line.endswith(" W (10.0 %) lost in the power supply")
        assert line.removeprefix("- ") == wall["text"]
    words = "Shelf, at the wall: 17.5 W, 18.42 J/TH, 0.21 kWh, "
    message = await async_make_report(hass, [recorded.coordinator], "2d", charts=False)
    assert words in str(message.embeds[0].description)
    answer = await ask(hass, "get_summary", recorded.device_id, span="2d")
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(summary_table(answer, 120, Texts()))
    assert words in console.export_text()


async def test_a_plug_that_was_known_for_a_part(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """Its figures are of that time alone, and the report says for how long."""
    plug = await add_plug(hass, recorded)
    plug.recording.now += HOURS * 3600
    plug.pass_hours(HOURS / 2, 20)
    await plug.async_write()

    (wall,) = await wall_of(hass, recorded)
    assert wall["observed_hours"] == pytest.approx(HOURS / 2)
    assert wall["energy_kwh"] == pytest.approx(0.02 * HOURS / 2)
    assert wall["loss_w"] == pytest.approx(2, rel=0.001)
    assert wall["efficiency_j_th"] == pytest.approx(20, rel=0.001)
    assert wall["cost"] is None
    report = (await ask(hass, "get_report", recorded.device_id, span="2d"))["report"]
    assert "measured for 3.0 h" in report
    assert wall["is_part"] is True
    answer = await ask(hass, "get_summary", recorded.device_id, span="2d")
    console = Console(width=200, file=io.StringIO(), record=True)
    console.print(summary_table(answer, 200, Texts()))
    assert "measured for 3.0 h" in console.export_text()


async def test_several_miners_on_one_supply(
    hass: HomeAssistant, recorded: RecordedMiner, add_recorded_miner: AddRecordedMiner
) -> None:
    """They share its figures; of one of them alone a plug says nothing."""
    other = await add_recorded_miner("supra-2.9")
    plug = await add_plug(hass, recorded, other)
    plug.pass_hours(HOURS, 30)
    plug.pass_hours(HOURS, 40)
    await plug.async_write()

    (wall,) = await wall_of(hass, recorded, other)
    assert len(wall["miners"]) == 2
    assert wall["loss_w"] == pytest.approx(3.5, rel=0.001)
    assert wall["efficiency_j_th"] == pytest.approx(35 / 1.9, rel=0.001)
    assert await wall_of(hass, recorded) == []

    # A miner that is not set up is known to nobody; what the plug takes still is.
    await hass.config_entries.async_unload(other.entry.entry_id)
    (wall,) = await wall_of(hass, recorded)
    assert wall["power_w"] == pytest.approx(35, rel=0.001)
    assert wall["loss_w"] is None
    assert wall["efficiency_j_th"] is None


async def test_a_supply_that_lost_a_miner(
    hass: HomeAssistant, recorded: RecordedMiner, add_recorded_miner: AddRecordedMiner
) -> None:
    """What two miners took together is not what one of them takes alone."""
    other = await add_recorded_miner("supra-2.9")
    plug = await add_plug(hass, recorded, other)
    plug.pass_hours(2 * HOURS, 35)
    await plug.async_write()
    await hass.config_entries.async_remove(other.entry.entry_id)
    await hass.async_block_till_done()
    hass.states.async_set(PLUG, "21", {"unit_of_measurement": "W"})
    await hass.async_block_till_done()
    for _ in range(2):
        assert await wall_of(hass, recorded) == []
        await assert_no_wall(hass, recorded)
        await hass.config_entries.async_reload(swarm_entry(hass).entry_id)
        await hass.async_block_till_done()


async def test_a_plug_of_something_else(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """What shows less than the miner draws says nothing of its supply."""
    plug = await add_plug(hass, recorded)
    plug.pass_hours(2 * HOURS, 5)
    await plug.async_write()
    assert await wall_of(hass, recorded) == []


async def test_each_setting_at_the_wall(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """W and J/TH of each setting, wherever settings are compared."""
    plug = await add_plug(hass, recorded)
    plug.pass_hours(HOURS, 15)
    plug.pass_hours(HOURS, 20)
    await plug.async_write()

    answer = await ask(hass, "get_configurations", recorded.device_id)
    (miner,) = answer["miners"]
    fast, slow = miner["configurations"]
    for row, power in ((fast, 20), (slow, 15)):
        assert row["wall_power_w"] == pytest.approx(power)
        joules = 1000 * power / row["hashrate_ghs"]
        assert row["wall_efficiency_j_th"] == pytest.approx(joules, rel=0.001)
        # The row in which a setting is new does not count here either.
        assert row["wall_hours"] == pytest.approx(HOURS, abs=0.2)
        assert row["wall_hours"] <= row["hours"]

    message = await async_stats_message(hass, [recorded.coordinator])
    (field,) = message.embeds[0].fields
    _, table = field.value.split("At the wall\n")
    assert re.search(r" 5\.9 +20\.0 +20\.0\n", table)
    block = table.split("```")[1]
    assert all(len(line) <= 34 for line in block.splitlines())

    report = (await ask(hass, "get_report", recorded.device_id))["report"]
    assert "| At the wall |" in report
    assert "| 20.0 W, 20.00 J/TH |" in report
    for table_of in (settings_of_each, comparison_of_each):
        console = Console(width=200, file=io.StringIO(), record=True)
        console.print(table_of(answer, 200, Texts()))
        assert "20.0 W, 20.00" in console.export_text()


async def test_settings_of_miners_on_one_supply(
    hass: HomeAssistant, recorded: RecordedMiner, add_recorded_miner: AddRecordedMiner
) -> None:
    """Of one of them alone a plug says nothing."""
    other = await add_recorded_miner("supra-2.9")
    plug = await add_plug(hass, recorded, other)
    plug.pass_hours(2 * HOURS, 40)
    await plug.async_write()
    for miner in (recorded, other):
        await assert_no_wall(hass, miner)


async def test_settings_and_a_plug_of_something_else(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """What shows less than the miner draws says nothing of its settings."""
    plug = await add_plug(hass, recorded)
    # More than the miner drew at the slower setting, and less than it drew in all.
    plug.pass_hours(2 * HOURS, 14)
    await plug.async_write()
    await assert_no_wall(hass, recorded)


async def assert_no_wall(hass: HomeAssistant, miner: RecordedMiner) -> None:
    """Fail if anything is said of a miner's settings at the wall."""
    answer = await ask(hass, "get_configurations", miner.device_id)
    rows = answer["miners"][0]["configurations"]
    assert len(rows) == 2
    for row in rows:
        assert row["wall_power_w"] is row["wall_efficiency_j_th"] is None
        assert row["wall_hours"] is None
    report = (await ask(hass, "get_report", miner.device_id))["report"]
    assert "At the wall" not in report
    message = await async_stats_message(hass, [miner.coordinator])
    assert "At the wall" not in message.embeds[0].fields[0].value
    console = Console(width=200, file=io.StringIO(), record=True)
    console.print(settings_of_each(answer, 200, Texts()))
    assert "At the wall" not in console.export_text()


@pytest.mark.parametrize(
    ("power", "span", "is_drawn"),
    [(25, "1d", True), (25, "all", True), (5, "1d", False)],
)
async def test_the_chart_of_a_miner_shows_it(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    tmp_path: Path,
    power: float,
    span: str,
    is_drawn: bool,
) -> None:
    """Beside what the miner draws; the plug of something else is not drawn."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    path = tmp_path / "chart.png"
    data = {"chart": "miner_detail", "path": str(path), "span": span}
    plug = await add_plug(hass, recorded)
    await ask(hass, "render_chart", recorded.device_id, **data)
    without = path.read_bytes()
    plug.pass_hours(2 * HOURS, power)
    await plug.async_write()
    await ask(hass, "render_chart", recorded.device_id, **data)
    assert (path.read_bytes() != without) is is_drawn


@pytest.mark.parametrize("days", [20, 200])
async def test_long_spans_are_summed_up(
    hass: HomeAssistant, recorded: RecordedMiner, days: int
) -> None:
    """In stretches of more than an hour the figures are the same."""
    plug = await add_plug(hass, recorded)
    plug.pass_hours(HOURS, 15)
    plug.pass_hours(HOURS, 20)
    await plug.async_write()
    (wall,) = await wall_of(hass, recorded, span=f"{days}d")
    assert wall["power_w"] == pytest.approx(17.5, rel=0.001)
    assert wall["loss_percent"] == pytest.approx(10, rel=0.01)
