"""The dashboard for Grafana: a real Prometheus answers each of its queries.

Home Assistant's `prometheus` exports simulated miners, Debian's Prometheus scrapes
them. Left out where `scripts/setup prometheus` could not install both.
"""

from collections.abc import Iterator
from dataclasses import replace
import json
from pathlib import Path
import shutil
import socket
import subprocess
import sys
import time
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from scripts.simulator import PRESETS

from .conftest import AddMiner, PassTime, Simulate

ROOT: Final = Path(__file__).parents[1]
DASHBOARD: Final = ROOT / "docs" / "grafana-dashboard.json"
LIBRARY: Final = ROOT / ".venvs" / "prometheus"
PROGRAM: Final = shutil.which("prometheus")
PATIENCE: Final = 60
"""Seconds until Prometheus must have scraped twice; it takes three."""


def queries() -> dict[str, str]:
    """Return the queries of all panels, by title and place."""
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in panels
        for target in panel["targets"]
    }


def test_the_dashboard_is_whole() -> None:
    """Panels have numbers of their own, a query, and the data source that is chosen."""
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    (variable,) = dashboard["templating"]["list"]
    assert variable["type"] == "datasource"
    used = f"${{{variable['name']}}}"
    for panel in panels:
        assert panel["targets"]
        for item in (panel, *panel["targets"]):
            assert item["datasource"] == {"type": "prometheus", "uid": used}
    places = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) == 23


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let Home Assistant find what its integration needs."""
    if PROGRAM is None or not LIBRARY.is_dir():
        pytest.skip("scripts/setup prometheus has not installed Prometheus")
    monkeypatch.setattr(sys, "path", [*sys.path, str(LIBRARY)])
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(
            ("prometheus_client", "homeassistant.components.prometheus")
        ):
            del sys.modules[name]


class Prometheus:
    """A server that scrapes one Home Assistant each second."""

    def __init__(self, folder: Path, target: int) -> None:
        """Start it; `target` is the port of Home Assistant."""
        config = {
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [
                {
                    "job_name": "home_assistant",
                    "metrics_path": "/api/prometheus",
                    "static_configs": [{"targets": [f"127.0.0.1:{target}"]}],
                }
            ],
        }
        file = folder / "prometheus.yml"
        # JSON is YAML.
        file.write_text(json.dumps(config), encoding="utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/api/v1/query?"
        assert PROGRAM is not None
        self.process = subprocess.Popen(
            [
                PROGRAM,
                f"--config.file={file}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, query: str) -> list[Any]:
        """Return the result of a query."""
        with urlopen(self.url + urlencode({"query": query}), timeout=30) as reply:
            answer = json.load(reply)
        assert answer["status"] == "success", answer
        result: list[Any] = answer["data"]["result"]
        return result

    def wait(self) -> None:
        """Return once Home Assistant was scraped twice."""
        for _ in range(PATIENCE * 4):
            time.sleep(0.25)
            try:
                found = self.ask("count_over_time(up[1m]) and up == 1")
            except URLError, OSError:
                continue
            if found and float(found[0]["value"][1]) >= 2:
                return
        pytest.fail("Prometheus has scraped nothing")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(30)


@pytest.mark.usefixtures("every_entity")
async def test_prometheus_answers_every_query(
    hass: HomeAssistant,
    library: None,
    socket_enabled: None,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
    tmp_path: Path,
) -> None:
    """With a line for each miner, and one for the swarm, and none for anything else."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    names = ("gamma_1", "gamma_2")
    for seed, name in enumerate(names, 1):
        spec = replace(
            PRESETS["gamma-2.15"], name=name.replace("_", "-"), seed=seed, mac=None
        )
        await add_miner(await simulate(spec))
    assert await async_setup_component(
        hass, "prometheus", {"prometheus": {"requires_auth": False}}
    )
    await hass.async_block_till_done()
    await pass_time(60)
    for other, unit, kind in (
        ("washing_machine_power", "W", "power"),
        ("radio_frequency", "MHz", "frequency"),
        # Of a pool account.
        ("ckpool_hashrate", "GH/s", None),
    ):
        hass.states.async_set(
            f"sensor.{other}", "5", {"unit_of_measurement": unit, "device_class": kind}
        )
    client = await hass_client_no_auth()
    assert client.server.port is not None
    prometheus = Prometheus(tmp_path, client.server.port)
    try:
        await hass.async_add_executor_job(prometheus.wait)
        answers = {
            title: await hass.async_add_executor_job(prometheus.ask, query)
            for title, query in queries().items()
        }
    finally:
        await hass.async_add_executor_job(prometheus.stop)
    assert not [title for title, found in answers.items() if not found]
    for title, found in answers.items():
        miners = {item["metric"].get("miner") for item in found}
        assert miners in ({None}, set(names)), title
