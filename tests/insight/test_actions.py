"""Actions that answer from the history."""

import csv
from datetime import datetime, timedelta
from errno import ENOSPC
import io
import json
import os
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from PIL import Image
import pytest
import voluptuous as vol

from custom_components.bitaxe.const import CONF_PRICE, DOMAIN

from ..analysis.history.recording import START
from ..loop import calls_noted
from .conftest import (
    HOURS,
    WINDOWS,
    AddRecordedMiner,
    RecordedMiner,
    device_id,
    swarm_entry,
)


async def ask(
    hass: HomeAssistant, action: str, devices: str | list[str], **data: Any
) -> dict[str, Any]:
    """Call an action for its response, which must be JSON."""
    response = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": devices, **data},
        blocking=True,
        return_response=True,
    )
    assert json.loads(json.dumps(response)) == response
    return dict(response or {})


@pytest.fixture
async def recorded(add_recorded_miner: AddRecordedMiner) -> RecordedMiner:
    """Return a miner with a history."""
    return await add_recorded_miner()


@pytest.fixture
async def swarm(hass: HomeAssistant, recorded: RecordedMiner) -> str:
    """Give the swarm a price of 0.30 per kWh, and return its device."""
    entry = swarm_entry(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PRICE: 0.3})
    return device_id(hass, entry)


async def test_configurations(hass: HomeAssistant, recorded: RecordedMiner) -> None:
    """Each setting with what it did, under names that carry the unit."""
    answer = await ask(hass, "get_configurations", recorded.device_id)

    (miner,) = answer["miners"]
    assert miner["device_id"] == recorded.device_id
    assert miner["name"] == recorded.entry.title
    by_frequency = {item["frequency_mhz"]: item for item in miner["configurations"]}
    slow = by_frequency[490]
    assert slow["core_voltage_mv"] == 1100
    assert not slow["present"]
    assert slow["hashrate_ghs"] == pytest.approx(900)
    assert slow["power_w"] == pytest.approx(13.5)
    assert slow["efficiency_j_th"] == pytest.approx(15)
    assert HOURS - 1 < slow["hours"] <= HOURS
    assert slow["first_seen"].endswith("+00:00")
    assert by_frequency[miner["present"]["frequency_mhz"]]["present"]
    assert answer["span"]["name"] == "all"
    assert answer["span"]["start"] is None


async def test_advice(hass: HomeAssistant, recorded: RecordedMiner, swarm: str) -> None:
    """What is best for each goal, and what a change would bring in a month."""
    answer = await ask(hass, "get_configurations", recorded.device_id)

    advice = answer["miners"][0]["recommendations"]
    best = advice["efficiency"]
    assert best["best"]["frequency_mhz"] == 490
    assert best["change"]["efficiency_j_th"] == pytest.approx(-3, abs=0.01)
    assert best["change"]["power_w"] == pytest.approx(-4.5, abs=0.01)
    saved = 4.5 * 365.25 / 12 * 24 / 1000
    assert best["change"]["energy_kwh_per_month"] == pytest.approx(-saved, abs=0.01)
    assert best["change"]["cost_per_month"] == pytest.approx(-saved * 0.3, abs=0.01)
    assert advice["hashrate"]["verdict"] == "keep"


async def test_the_swarm_stands_for_all_miners(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, swarm: str
) -> None:
    """Its device names every miner once, also if some are named beside it."""
    other = await add_recorded_miner("supra-2.9")
    answer = await ask(hass, "get_summary", [swarm, other.device_id])
    assert answer["total"]["miners"] == len(answer["miners"]) == 2


async def test_summary(
    hass: HomeAssistant, recorded: RecordedMiner, swarm: str
) -> None:
    """What was done over a time, with the cost by the price of the swarm."""
    answer = await ask(hass, "get_summary", swarm, span="2d")

    (miner,) = answer["miners"]
    energy = (13.5 + 18) * HOURS / 1000
    assert miner["energy_kwh"] == pytest.approx(energy, rel=0.02)
    assert miner["cost"] == pytest.approx(energy * 0.3, rel=0.02)
    assert miner["hashrate_ghs"] == pytest.approx(950, rel=0.01)
    assert miner["efficiency_j_th"] == pytest.approx((13.5 + 18) / 1.9, rel=0.01)
    assert miner["availability_percent"] == pytest.approx(100, abs=1)
    assert miner["stability"]["24h"]["label"] == "excellent"
    assert answer["total"]["energy_kwh"] == miner["energy_kwh"]
    assert answer["currency"] == hass.config.currency


async def test_costs_without_a_swarm(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """They are unknown, and all else is known."""
    await hass.config_entries.async_unload(swarm_entry(hass).entry_id)
    answer = await ask(hass, "get_summary", recorded.device_id)
    assert answer["total"]["cost"] is None
    assert answer["total"]["energy_kwh"] > 0


async def test_time_between_two_moments(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """Start and end go before the span; without a zone they are local."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    answer = await ask(
        hass,
        "get_summary",
        recorded.device_id,
        span="7d",
        start="2026-09-19 12:00:00",
        end="2026-09-20 12:00:00",
    )
    assert answer["span"]["start"] == "2026-09-19T10:00:00+00:00"
    assert answer["span"]["end"] == "2026-09-20T10:00:00+00:00"


async def test_span_that_ended_before(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """A named span looks back from the end."""
    answer = await ask(
        hass,
        "get_summary",
        recorded.device_id,
        span="24h",
        end="2026-09-20T10:00:00+00:00",
    )
    assert answer["span"]["start"] == "2026-09-19T10:00:00+00:00"


async def test_report_of_a_miner(hass: HomeAssistant, recorded: RecordedMiner) -> None:
    """Markdown for people."""
    report = (await ask(hass, "get_report", recorded.device_id, span="all"))["report"]
    assert report.startswith("## gamma-2.12")
    assert "490" in report
    assert "J/TH" in report


async def test_report_of_the_swarm(
    hass: HomeAssistant, recorded: RecordedMiner, swarm: str
) -> None:
    """One for all of them, with the costs."""
    report = (await ask(hass, "get_report", swarm))["report"]
    assert report.startswith("## Swarm")
    assert hass.config.currency in report


async def test_samples_as_text(hass: HomeAssistant, recorded: RecordedMiner) -> None:
    """One row for each window of the span."""
    answer = await ask(
        hass,
        "export_csv",
        recorded.device_id,
        start=dt_util.utc_from_timestamp(START - HOURS * 3600),
    )
    rows = list(csv.DictReader(io.StringIO(answer["csv"], newline="")))
    assert len(rows) == answer["rows"] == WINDOWS
    assert {row["hashrate_ghs"] for row in rows} == {"1000"}
    assert {row["efficiency_j_th"] for row in rows} == {"18"}


async def test_configurations_as_text(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """One row for each setting."""
    answer = await ask(
        hass, "export_csv", recorded.device_id, content="configurations", span="all"
    )
    rows = csv.DictReader(io.StringIO(answer["csv"], newline=""))
    assert {row["frequency_mhz"]: row["hashrate_ghs"] for row in rows} == {
        f"{recorded.coordinator.snapshot.frequency:g}": "1000",
        "490": "900",
    }


@pytest.mark.parametrize(
    ("language", "asked", "separator", "mark"),
    [
        ("en", {}, ",", "."),
        ("de", {}, ";", ","),
        ("de-CH", {"separator": "tab", "decimal_mark": "point"}, "\t", "."),
        ("fr", {"separator": "comma"}, ",", ","),
    ],
)
async def test_csv_for_spreadsheets(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    language: str,
    asked: dict[str, str],
    separator: str,
    mark: str,
) -> None:
    """As the language is used to: rounded, with the local time beside UTC."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    hass.config.language = language
    answer = await ask(
        hass, "export_csv", recorded.device_id, span="all", style="spreadsheet", **asked
    )
    text = io.StringIO(answer["csv"], newline="")
    first, *_ = csv.DictReader(text, delimiter=separator)
    assert list(first)[:3] == ["time_utc", "time_local", "miner"]
    utc, local = (
        datetime.fromisoformat(first[name]) for name in ("time_utc", "time_local")
    )
    assert local - utc in (timedelta(hours=1), timedelta(hours=2))
    assert first["efficiency_gh_w"] == f"66{mark}67"
    assert first["energy_kwh"].partition(mark)[2] != ""


async def test_a_spreadsheet_as_a_file(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path
) -> None:
    """Says that it is UTF-8, so that names keep their umlauts."""
    target = folder / "miners.csv"
    await ask(
        hass, "export_csv", recorded.device_id, style="spreadsheet", path=str(target)
    )
    assert target.read_bytes().startswith(b"\xef\xbb\xbftime_utc,time_local,")


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder Home Assistant may write to."""
    folder = tmp_path / "www"
    folder.mkdir()
    hass.config.allowlist_external_dirs.add(str(folder))
    return folder


async def test_csv_file(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path
) -> None:
    """The same text as a file, which nothing else is left beside."""
    text = (await ask(hass, "export_csv", recorded.device_id))["csv"]
    target = folder / "miners.csv"
    target.write_text("old")
    answer = await ask(hass, "export_csv", recorded.device_id, path=str(target))
    assert answer["path"] == str(target)
    assert "csv" not in answer
    assert target.read_bytes().decode() == text
    assert list(folder.iterdir()) == [target]


@pytest.mark.parametrize(
    ("action", "data", "work"),
    [
        ("export_csv", {"content": "samples"}, "sample_rows"),
        ("export_csv", {"content": "configurations"}, "write_csv"),
        ("get_configurations", {}, "summarize"),
        ("get_configurations", {}, "advise"),
        ("get_configurations", {}, "configurations_as_json"),
        ("get_summary", {}, "summarize_buckets"),
        ("get_summary", {}, "measure_stability"),
        ("get_summary", {}, "_periods"),
        ("get_report", {}, "miner_report"),
        ("render_chart", {"chart": "swarm_hashrate"}, "make_time_series"),
        ("render_chart", {"chart": "miner_detail"}, "render"),
    ],
)
async def test_a_history_is_not_worked_out_in_the_event_loop(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    action: str,
    data: dict[str, str],
    work: str,
) -> None:
    """A month of forty miners would stop Home Assistant for a second."""
    with calls_noted() as in_loop:
        await ask(hass, action, recorded.device_id, **data)
    assert f"_async_{action}" in in_loop
    assert work not in in_loop


async def test_csv_file_without_response(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path
) -> None:
    """As automations do it."""
    target = folder / "miners.csv"
    await hass.services.async_call(
        DOMAIN,
        "export_csv",
        {"device_id": recorded.device_id, "path": str(target)},
        blocking=True,
    )
    assert target.read_text().startswith("time,miner,")


async def test_csv_that_goes_nowhere(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """Neither a file nor a response makes no sense."""
    with pytest.raises(ServiceValidationError, match="path"):
        await hass.services.async_call(
            DOMAIN, "export_csv", {"device_id": recorded.device_id}, blocking=True
        )


@pytest.mark.parametrize("name", ["secrets/miners.csv", "www/../miners.csv", "/x.csv"])
async def test_path_that_is_not_allowed(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    folder: Path,
    tmp_path: Path,
    name: str,
) -> None:
    """Nothing is written outside the allowed folders."""
    (tmp_path / "secrets").mkdir()
    path = tmp_path / name
    with pytest.raises(ServiceValidationError, match="may not write"):
        await ask(hass, "export_csv", recorded.device_id, path=str(path))
    assert not path.exists()


@pytest.mark.parametrize(
    "name", ["card.js", "index.html", "miners", "miners.csv.html", ".csv", "x.csv "]
)
async def test_csv_is_the_only_kind_of_csv_file(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path, name: str
) -> None:
    """A web page with the names of miners in it would be served as one."""
    before = folder / "card.js"
    before.write_text("export {};")
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "export_csv", recorded.device_id, path=str(folder / name))
    assert caught.value.translation_key == "path_of_another_kind"
    assert ".csv" in str(caught.value)
    assert [path.name for path in folder.iterdir()] == ["card.js"]
    assert before.read_text() == "export {};"


async def test_png_is_the_only_kind_of_chart(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path
) -> None:
    """The ending may be in capitals."""
    data = {"chart": "swarm_hashrate"}
    for name in ("chart.csv", "chart.svg"):
        with pytest.raises(ServiceValidationError, match=r"\.png"):
            await ask(
                hass,
                "render_chart",
                recorded.device_id,
                path=str(folder / name),
                **data,
            )
    path = folder / "Chart.PNG"
    await ask(hass, "render_chart", recorded.device_id, path=str(path), **data)
    assert [item.name for item in folder.iterdir()] == ["Chart.PNG"]


@pytest.mark.parametrize(
    ("action", "name", "content"),
    [
        ("export_csv", "table.csv", b"PK\3\4\0\0 a spreadsheet"),
        ("render_chart", "photo.png", b"\xff\xd8\xff\xe0 a photo"),
    ],
)
async def test_nothing_of_another_kind_is_overwritten(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    folder: Path,
    action: str,
    name: str,
    content: bytes,
) -> None:
    """Nor a pipe, which would never be written to."""
    data = {"chart": "swarm_hashrate"} if action == "render_chart" else {}
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(ServiceValidationError, match="is there already"):
        await ask(hass, action, recorded.device_id, path=str(path), **data)
    assert path.read_bytes() == content
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ServiceValidationError, match="is there already"):
        await ask(hass, action, recorded.device_id, path=str(path), **data)
    path.unlink()
    path.touch()
    await ask(hass, action, recorded.device_id, path=str(path), **data)
    assert path.stat().st_size > 0


@pytest.mark.parametrize("inside", [False, True])
async def test_link_is_not_followed(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    folder: Path,
    tmp_path: Path,
    inside: bool,
) -> None:
    """Wherever it leads, and whether or not there is something."""
    target = (folder if inside else tmp_path) / "mine.csv"
    target.write_text("mine")
    (folder / "miners.csv").symlink_to(target)
    (folder / "dangling.csv").symlink_to(tmp_path / "none.csv")
    for name in ("miners.csv", "dangling.csv"):
        with pytest.raises(ServiceValidationError, match="is a link"):
            await ask(hass, "export_csv", recorded.device_id, path=str(folder / name))
    assert target.read_text() == "mine"
    assert (folder / "miners.csv").is_symlink()
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize("inside", [False, True])
async def test_link_to_a_folder_is_not_followed(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    folder: Path,
    tmp_path: Path,
    inside: bool,
) -> None:
    """Neither out of the allowed folder nor within it."""
    elsewhere = (folder if inside else tmp_path) / "elsewhere"
    elsewhere.mkdir()
    (folder / "deep").mkdir()
    (folder / "deep" / "link").symlink_to(elsewhere, target_is_directory=True)
    path = folder / "deep" / "link" / "miners.csv"
    with pytest.raises(ServiceValidationError):
        await ask(hass, "export_csv", recorded.device_id, path=str(path))
    assert list(elsewhere.iterdir()) == []


async def test_link_that_comes_between(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was a folder when Home Assistant was asked is a link when it is opened."""
    outside = tmp_path / "outside"
    outside.mkdir()
    inner = folder / "inner"
    inner.mkdir()
    allowed = hass.config.is_allowed_path

    def swap(path: str) -> bool:
        answer = allowed(path)
        inner.rename(folder / "before")
        inner.symlink_to(outside, target_is_directory=True)
        return answer

    monkeypatch.setattr(hass.config, "is_allowed_path", swap)
    with pytest.raises(HomeAssistantError):
        await ask(
            hass, "export_csv", recorded.device_id, path=str(inner / "miners.csv")
        )
    assert list(outside.iterdir()) == []


async def test_link_in_the_media_folder(
    hass: HomeAssistant, recorded: RecordedMiner, tmp_path: Path
) -> None:
    """It is not followed either, by anyone who puts it there."""
    media, outside = tmp_path / "media", tmp_path / "outside"
    media.mkdir()
    outside.mkdir()
    (media / DOMAIN).symlink_to(outside, target_is_directory=True)
    hass.config.media_dirs = {"local": str(media)}
    with pytest.raises(ServiceValidationError, match="is a link"):
        await ask(hass, "render_chart", recorded.device_id, chart="swarm_hashrate")
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["a\0.csv", "a\n.csv", "x" * 300 + ".csv", ".", ""])
async def test_path_that_is_none(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path, name: str
) -> None:
    """It is refused in words."""
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "export_csv", recorded.device_id, path=f"{folder}/{name}")
    assert caught.value.translation_domain == DOMAIN
    assert list(folder.iterdir()) == []


async def test_file_that_others_use(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path, tmp_path: Path
) -> None:
    """A second name of another file does not lead into it."""
    other = tmp_path / "other.csv"
    other.write_text("mine")
    os.link(other, folder / "miners.csv")
    await ask(hass, "export_csv", recorded.device_id, path=str(folder / "miners.csv"))
    assert other.read_text() == "mine"


async def test_path_that_cannot_be_written(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path
) -> None:
    """The reason is reported, and nothing is left behind."""
    (folder / "miners.csv").mkdir()
    with pytest.raises(HomeAssistantError, match="directory"):
        await ask(
            hass, "export_csv", recorded.device_id, path=str(folder / "miners.csv")
        )
    assert [path.name for path in folder.iterdir()] == ["miners.csv"]


async def test_full_disk(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Is reported in words, not in numbers, and the file of before is still there."""

    def flush(descriptor: int) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", flush)
    path = folder / "miners.csv"
    path.write_text("before")
    with pytest.raises(HomeAssistantError, match="the disk is full"):
        await ask(hass, "export_csv", recorded.device_id, path=str(path))
    assert [item.read_text() for item in folder.iterdir()] == ["before"]


@pytest.mark.parametrize(
    "chart", ["swarm_hashrate", "hashrate_by_miner", "miner_detail", "efficiency_map"]
)
@pytest.mark.parametrize("span", ["24h", "all"])
async def test_chart(
    hass: HomeAssistant, recorded: RecordedMiner, folder: Path, chart: str, span: str
) -> None:
    """A PNG of the size that was asked for, with something drawn."""
    path = folder / "chart.png"
    answer = await ask(
        hass,
        "render_chart",
        recorded.device_id,
        chart=chart,
        span=span,
        theme="light",
        width=800,
        height=450,
        path=str(path),
    )
    assert answer == {"width": 800, "height": 450, "path": str(path)}
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.size == (800, 450)
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 50


async def test_chart_goes_to_the_media_folder(
    hass: HomeAssistant, recorded: RecordedMiner, tmp_path: Path
) -> None:
    """Under the same name each time, so that files do not pile up."""
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    for _ in range(2):
        answer = await ask(
            hass, "render_chart", recorded.device_id, chart="miner_detail"
        )
    name = "miner_detail_gamma_2_12.png"
    assert (
        answer["media_content_id"]
        == f"media-source://media_source/local/{DOMAIN}/{name}"
    )
    assert Path(answer["path"]) == tmp_path / "media" / DOMAIN / name
    assert [path.name for path in Path(answer["path"]).parent.iterdir()] == [name]


async def test_chart_of_the_swarm_goes_to_the_media_folder(
    hass: HomeAssistant, recorded: RecordedMiner, swarm: str, tmp_path: Path
) -> None:
    """Into the first folder, if none is called local."""
    hass.config.media_dirs = {"nas": str(tmp_path)}
    answer = await ask(hass, "render_chart", swarm, chart="swarm_hashrate")
    assert answer["media_content_id"].endswith(f"/nas/{DOMAIN}/swarm_hashrate.png")


async def test_no_media_folder(hass: HomeAssistant, recorded: RecordedMiner) -> None:
    """Then a path is needed."""
    hass.config.media_dirs = {}
    with pytest.raises(HomeAssistantError, match="media folder"):
        await ask(hass, "render_chart", recorded.device_id, chart="swarm_hashrate")


async def test_media_folder_that_cannot_be_made(
    hass: HomeAssistant, recorded: RecordedMiner, tmp_path: Path
) -> None:
    """The reason is reported."""
    (tmp_path / "media").write_text("a file")
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    with pytest.raises(HomeAssistantError, match="could not be written"):
        await ask(hass, "render_chart", recorded.device_id, chart="swarm_hashrate")


async def test_chart_of_one_miner(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, recorded: RecordedMiner
) -> None:
    """The details of two miners do not fit into one."""
    other = await add_recorded_miner("supra-2.9")
    with pytest.raises(ServiceValidationError, match="exactly one"):
        await ask(
            hass,
            "render_chart",
            [recorded.device_id, other.device_id],
            chart="efficiency_map",
        )


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-09-20 12:00", "2026-09-19 12:00"), ("2026-09-20", "2026-09-20")],
)
async def test_start_after_the_end(
    hass: HomeAssistant, recorded: RecordedMiner, start: str, end: str
) -> None:
    """Is reported as such."""
    with pytest.raises(ServiceValidationError, match="not a span of time"):
        await ask(hass, "get_summary", recorded.device_id, start=start, end=end)


@pytest.mark.parametrize("span", ["yesterday", "0h", "h", ""])
async def test_span_nobody_understands(
    hass: HomeAssistant, recorded: RecordedMiner, span: str
) -> None:
    """The error gives examples."""
    with pytest.raises(ServiceValidationError, match="24h"):
        await ask(hass, "get_configurations", recorded.device_id, span=span)


@pytest.mark.parametrize(
    "data",
    [
        {"chart": "pie"},
        {"chart": "miner_detail", "theme": "pink"},
        {"chart": "miner_detail", "width": 100000},
    ],
)
async def test_chart_nobody_can_draw(
    hass: HomeAssistant, recorded: RecordedMiner, data: dict[str, Any]
) -> None:
    """Home Assistant refuses the call."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "render_chart", recorded.device_id, **data)


async def test_disabled_sensor_is_named(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """With what to do about it."""
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{recorded.entry.unique_id}_hashrate"
    )
    assert entity_id is not None
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    with pytest.raises(HomeAssistantError, match=f"{entity_id} is disabled. Enable"):
        await ask(hass, "get_configurations", recorded.device_id)


async def test_figure_without_history_is_explained(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner
) -> None:
    """What can do without it is answered all the same."""
    recorded = await add_recorded_miner()
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{recorded.entry.unique_id}_vr_temperature"
    )
    assert entity_id is not None
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    (miner,) = (await ask(hass, "get_configurations", recorded.device_id))["miners"]
    assert any(entity_id in text for text in miner["missing"])
    assert {"figure": "vr_temperature", "reason": "history_entity_disabled"} in (
        miner["missing_figures"]
    )
    assert {item["vr_temperature_c"] for item in miner["configurations"]} == {None}


async def test_swarm_without_miners(
    hass: HomeAssistant, recorded: RecordedMiner, swarm: str
) -> None:
    """There is nobody to ask."""
    await hass.config_entries.async_unload(recorded.entry.entry_id)
    with pytest.raises(ServiceValidationError, match="No miner is set up"):
        await ask(hass, "get_summary", swarm)


@pytest.mark.parametrize("name", ["=1+1", " =1+1", "\t=1+1", "＝1+1", "﹣1", "\r@x"])
async def test_names_are_no_formulas(
    hass: HomeAssistant, recorded: RecordedMiner, name: str
) -> None:
    """A miner that is called like a formula is none in a spreadsheet."""
    dr.async_get(hass).async_update_device(recorded.device_id, name_by_user=name)
    for content in ("samples", "configurations"):
        answer = await ask(
            hass, "export_csv", recorded.device_id, span="all", content=content
        )
        rows = list(csv.DictReader(io.StringIO(answer["csv"], newline="")))
        assert {row["miner"] for row in rows} == {f"'{name}"}
