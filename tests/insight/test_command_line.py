"""The command line as a program of its own, against a real Home Assistant over HTTP."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
import csv
from dataclasses import dataclass
from datetime import timedelta
import io
import json
import os
from pathlib import Path
import re
import sys
from typing import Any

from homeassistant.components import frontend, websocket_api
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.miner.write_log import person

from ..conftest import AddMiner, PassTime, Simulate
from .conftest import HOURS, AddRecordedMiner, RecordedMiner, swarm_entry
from .test_costs import hour, write_energy
from .test_wall import add_plug

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the program left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it wrote, without the space at the ends of lines."""
        return [line.rstrip() for line in self.out.splitlines()]

    @property
    def answer(self) -> dict[str, Any]:
        """What it wrote as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


type Command = Callable[..., Awaitable[Run]]


@pytest.fixture
async def recorded(add_recorded_miner: AddRecordedMiner) -> RecordedMiner:
    """Return a miner with a history: 490 MHz at 15 J/TH, then 18 J/TH."""
    return await add_recorded_miner()


@pytest.fixture
async def bitaxe(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
    tmp_path: Path,
) -> AsyncIterator[Command]:
    """Run `bitaxe` as a user who may only look, against a real port."""
    assert await async_setup_component(hass, "websocket_api", {})
    websocket_api.async_register_command(hass, frontend.websocket_get_translations)
    client = await hass_client()
    url = str(client.server.make_url("")).rstrip("/")
    base = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "BITAXE_URL": url,
        "BITAXE_TOKEN": hass_read_only_access_token,
    }

    async def run(*arguments: str, **environment: str) -> Run:
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "scripts.cli", *arguments),
            cwd=ROOT,
            env=base | environment,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await program.communicate()
        assert program.returncode is not None
        return Run(program.returncode, out.decode(), err.decode())

    yield run
    await client.server.close()


async def test_summary(
    recorded: RecordedMiner,
    bitaxe: Command,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """A row for each miner and their total; a miner without a history is named."""
    await add_miner(await simulate("supra-2.9"))
    shown = await bitaxe("summary", "--span", "7d")
    assert (shown.status, shown.err) == (0, "")
    assert "\x1b" not in shown.out
    header, *rows = shown.lines
    assert header.split()[:4] == ["Miner", "Hashrate", "J/TH", "Power"]
    assert rows[0].startswith(recorded.entry.title)
    assert "16.6" in rows[0]
    assert any(row.startswith("Total") for row in rows)
    asked = await bitaxe("summary", recorded.entry.title, "--span", "7d", "--json")
    (miner,) = asked.answer["miners"]
    assert miner["device_id"] == recorded.device_id
    assert asked.answer["span"]["name"] == "7d"


async def test_stats(recorded: RecordedMiner, bitaxe: Command) -> None:
    """Each setting, which is present and which is best, and what a change brings."""
    shown = await bitaxe("stats")
    assert shown.status == 0
    best = next(line for line in shown.lines if line.startswith("490/1100"))
    assert "900 GH/s" in best
    assert "15.00" in best
    assert "Best efficiency" in best
    (present,) = (line for line in shown.lines if "now" in line)
    assert "1.00 TH/s" in present
    # Goals that come to the same are one, as in the report.
    names = "Best efficiency · Best balance"
    (best,) = (line for line in shown.lines if line.startswith(names))
    assert best.startswith(f"{names}: 490 MHz / 1100 mV")
    assert sum(line.startswith("Best") for line in shown.lines) == 2
    assert "-16.7 % J/TH" in shown.out
    (miner,) = (await bitaxe("stats", "--json")).answer["miners"]
    assert len(miner["configurations"]) == 2
    # Worded once, by Home Assistant: for the report, and for the terminal.
    words = miner["recommendations"]["efficiency"]["text"]
    assert words in " ".join(shown.out.split())
    report = (await bitaxe("report", recorded.entry.title)).out
    assert words in report.replace("**", "")


async def test_stats_at_the_wall(
    hass: HomeAssistant, recorded: RecordedMiner, bitaxe: Command
) -> None:
    """What a plug measured is shown below the settings, which do not know it."""
    plug = await add_plug(hass, recorded)
    plug.pass_hours(HOURS, 15)
    plug.pass_hours(HOURS, 20)
    await plug.async_write()
    words = "Shelf, at the wall: 17.5 W, 18.42 J/TH"
    for command in ("stats", "compare"):
        shown = await bitaxe(command, COLUMNS="120")
        assert words in " ".join(shown.out.split())
    (wall,) = (await bitaxe("stats", "--json")).answer["wall"]
    assert wall["loss_percent"] == pytest.approx(10, rel=0.001)
    assert words in wall["text"]


async def test_stats_of_a_miner_in_trouble(
    recorded: RecordedMiner, bitaxe: Command, pass_time: PassTime
) -> None:
    """What would run hotter is no advice now, also without anything to compare."""
    await recorded.coordinator.async_apply(
        Settings(frequency=400, core_voltage=1000), origin=person(None)
    )
    recorded.server.miner.faults.sagging_supply = 0.6
    await pass_time(300)
    shown = await bitaxe("stats")
    assert shown.status == 0
    advice = " ".join(shown.out.split())
    assert advice.count("but not now") == 2


async def test_compare(recorded: RecordedMiner, bitaxe: Command) -> None:
    """All figures of each setting, side by side as far as there is room."""
    shown = await bitaxe("compare")
    (header,) = (line for line in shown.lines if line.startswith("MHz/mV"))
    assert "490/1100" in header
    assert "● " in header
    for figure in ("900 GH/s", "1.00 TH/s", "13.5 W", "18.0 W", "66.7"):
        assert figure in shown.out
    narrow = await bitaxe("compare", COLUMNS="40")
    assert max(map(len, narrow.lines)) <= 40
    assert len([line for line in narrow.lines if line.startswith("MHz/mV")]) == 2


async def test_the_most_important_columns_stay(
    recorded: RecordedMiner, bitaxe: Command
) -> None:
    """The most important columns stay; what is missing is those at the end."""
    for columns in (20, 40, 80, 120):
        for command, figure in (("summary", "gamma"), ("stats", "490/1100")):
            shown = await bitaxe(command, COLUMNS=str(columns))
            assert max(map(len, shown.lines)) <= columns
            assert figure in shown.out


async def test_words_and_separators_are_those_of_the_language(
    hass: HomeAssistant, recorded: RecordedMiner, bitaxe: Command
) -> None:
    """Words and separators are those of Home Assistant's language."""
    hass.config.language = "de"
    shown = await bitaxe("stats")
    assert "Beste Effizienz" in shown.out
    assert "15,00" in shown.out
    assert "-16,7 % J/TH" in shown.out
    report = await bitaxe("report", recorded.entry.title)
    assert "Konfigurationen" in report.out
    unknown = await bitaxe("summary", "cellar")
    assert unknown.status == 1
    assert unknown.err == (
        f"bitaxe: kein Miner heißt cellar; es gibt: {recorded.entry.title}\n"
    )
    refused = await bitaxe("report", "--span", "soon")
    assert refused.err.startswith("bitaxe: Home Assistant lehnt ab: ")
    assert "Zeitspanne" in refused.err or "Zeitraum" in refused.err


async def test_report(recorded: RecordedMiner, bitaxe: Command) -> None:
    """A pipe gets Markdown: of the swarm, or of the miners that are named."""
    swarm = await bitaxe("report")
    assert swarm.out.startswith("## Swarm · ")
    one = await bitaxe("report", recorded.entry.title.upper(), "--span", "7d")
    assert one.out.startswith(f"## {recorded.entry.title} · ")
    answer = (await bitaxe("report", "--json")).answer
    assert answer["report"] == swarm.out.rstrip("\n")


async def test_health(
    recorded: RecordedMiner, bitaxe: Command, pass_time: PassTime
) -> None:
    """The exit status says whether all is well, and the text what is not."""
    well = await bitaxe("health")
    assert well.status == 0
    assert well.lines[-1] == "All is well"
    recorded.server.miner.faults.offline = True
    for _ in range(20):
        await pass_time()
    ailing = await bitaxe("health")
    assert ailing.status == 3
    assert ailing.lines[0] == f"{recorded.entry.title} offline"
    assert "⚠ offline since" in ailing.lines[1]
    assert ailing.lines[-1] == "Needs attention: 1 of 1"
    asked = await bitaxe("health", "--json")
    assert asked.status == 3
    assert asked.answer["healthy"] is False
    (miner,) = asked.answer["miners"]
    assert [item["kind"] for item in miner["warnings"]] == ["offline"]


async def test_income(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    add_recorded_miner: AddRecordedMiner,
    bitaxe: Command,
) -> None:
    """What a day brings on average against its cost, beside the odds of a block."""
    other = await add_recorded_miner("supra-2.9")
    hass.config_entries.async_update_entry(
        swarm_entry(hass), options={"price": 0.3, "bitcoin_price": 90_000}
    )
    await hass.config_entries.async_reload(swarm_entry(hass).entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    shown = await bitaxe("income")
    assert shown.status == 0
    lines = {
        label.strip(): value.strip()
        for line in shown.lines
        for label, _, value in (line.partition("  "),)
        if value
    }
    assert re.fullmatch(r"\d+ sats = 0\.\d\d EUR a day", lines["Expected income"])
    assert lines["Margin"].startswith("-0.")
    assert lines["Break-even electricity price"].endswith(" EUR/kWh")
    assert lines["Solo block, each day"].startswith("1 in ")
    assert lines["Cost this month"].endswith(" EUR")
    assert lines["Cost this year"].endswith(" EUR")
    heads = [line.split() for line in shown.lines if line.startswith("Miner ")]
    assert heads == [["Miner", "Sats/day", "Cost/day", "Margin/day"]]
    assert "Mining solo, there is nothing on nearly all days" in shown.out
    answer = (await bitaxe("income", "--json")).answer
    assert answer["margin_per_day"] == pytest.approx(
        answer["income_per_day"] - answer["cost_per_day"], abs=1e-5
    )
    # What the miners bring and cost adds up.
    miners = answer["miners"]
    assert {miner["name"] for miner in miners} == {
        recorded.entry.title,
        other.entry.title,
    }
    for figure in ("income_sats_per_day", "cost_per_day", "margin_per_day"):
        each = [miner[figure] for miner in miners]
        assert sum(each) == pytest.approx(answer[figure], rel=1e-4)
    assert answer["cost_this_year"] >= answer["cost_this_month"] > 0
    # Month and year cost what their sensors say, as the energy of the swarm does, which
    # may be that at the wall; until it was recorded they are those of the miners.
    first = hour(dt_util.now().month, 1)
    await write_energy(hass, [(first - timedelta(hours=1), 1.0), (first, 401.0)])
    again = (await bitaxe("income", "--json")).answer
    assert again["cost_this_month"] == pytest.approx(0.3 * 400)
    assert again["cost_this_year"] == pytest.approx(0.3 * 401)
    report = await bitaxe("report")
    assert "- Expected income: " in report.out
    assert "break-even at 0." in report.out


async def test_export(recorded: RecordedMiner, bitaxe: Command, tmp_path: Path) -> None:
    """As CSV for programs, or a file for the spreadsheet of a person."""
    plain = await bitaxe("export", "--content", "configurations", "--span", "all")
    rows = list(csv.DictReader(io.StringIO(plain.out)))
    assert {row["frequency_mhz"] for row in rows} >= {"490"}
    path = tmp_path / "miners.csv"
    written = await bitaxe(
        *("export", "--style", "spreadsheet", "--separator", "semicolon"),
        *("--decimal-mark", "comma", "--output", str(path)),
    )
    assert written.status == 0
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbftime_utc;time_local;miner;")
    assert b";13,50;" in raw
    assert f"{path}: " in written.out
    failed = await bitaxe("export", "-o", str(tmp_path / "no" / "miners.csv"))
    assert failed.status == 1
    assert "cannot be written" in failed.err


async def test_miners_by_name(
    recorded: RecordedMiner, bitaxe: Command, simulate: Simulate, add_miner: AddMiner
) -> None:
    """By a part of the name, or the address; a part of two names is none."""
    other = await add_miner(await simulate("supra-2.9"))
    names = {recorded.entry.title, other.title}
    address = recorded.server.url.partition("://")[2]
    answer = (await bitaxe("health", address, "--json")).answer
    assert [miner["device_id"] for miner in answer["miners"]] == [recorded.device_id]
    part = recorded.entry.title[2:].lower()
    answer = (await bitaxe("health", part, "--json")).answer
    assert [miner["device_id"] for miner in answer["miners"]] == [recorded.device_id]
    both = await bitaxe("health", "a")
    assert both.status == 1
    assert "part of several names" in both.err
    assert all(name in both.err for name in names)


@pytest.mark.parametrize("command", [("top", "--once"), ("summary",), ("health",)])
async def test_a_name_controls_no_terminal(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    bitaxe: Command,
    command: tuple[str, ...],
) -> None:
    """Neither cursor, title nor clipboard, and it reads as it is written."""
    dr.async_get(hass).async_update_device(
        recorded.device_id, name_by_user="ab\x1b]0;x\x07\x9b2Jcd\u202eef\r\x00"
    )
    await hass.async_block_till_done()
    run = await bitaxe(*command)
    assert run.status == 0
    assert "ab]0;x" in run.out
    assert not set(run.out + run.err) & set("\x1b\x07\x9b\u202e\x00")


# Home Assistant looks up the name of anyone who had no right to come, and takes its
# time.
@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_clear_errors(
    hass: HomeAssistant, bitaxe: Command, unused_tcp_port: int, tmp_path: Path
) -> None:
    """No Home Assistant, a token that it does not know, and no integration."""
    nobody = await bitaxe("summary", "--url", f"http://127.0.0.1:{unused_tcp_port}")
    assert nobody.status == 1
    assert nobody.err.endswith(f":{unused_tcp_port} does not answer\n")
    without = await bitaxe("summary")
    assert without.status == 1
    assert without.err == "bitaxe: the Bitaxe integration is not loaded\n"
    wrong_usage = await bitaxe("sumary")
    assert wrong_usage.status == 2
    path = tmp_path / "token"
    path.write_text("secret\n")
    path.chmod(0o644)
    wrong = await bitaxe("--token-file", str(path), "summary")
    assert wrong.status == 1
    assert "others on this machine can read" in wrong.err
    assert "does not accept the token" in wrong.err
    path.chmod(0o600)
    wrong = await bitaxe("summary", "--token-file", str(path))
    assert "others on this machine" not in wrong.err
