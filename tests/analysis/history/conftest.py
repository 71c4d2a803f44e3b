"""A real recorder, on SQLite or on the server BITAXE_TEST_DB_URL names."""

from collections.abc import Iterator
from importlib import import_module
import os
from pathlib import Path
from uuid import uuid4

import freezegun
from homeassistant.components.recorder import Recorder
from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
import pytest
from sqlalchemy import create_engine, make_url, text

from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.axeos import client as client_module
from scripts.simulator import Clock

from ...conftest import AddMiner, PassTime, Simulate
from .life import POLL, WINDOW, Life
from .recording import Recording


@pytest.fixture
def recorder_db_url(tmp_path: Path, socket_enabled: None) -> Iterator[str]:
    """Yield the URL of an empty database; `scripts/test databases` names servers."""
    server = os.environ.get("BITAXE_TEST_DB_URL")
    if server is None:
        yield f"sqlite:///{tmp_path / 'recorder.db'}"
        return
    if "mysql" in server:
        # The plugin prepares sqlite3 and another library for times that stand still.
        converters = import_module("pymysql.converters")
        converters.conversions[freezegun.api.FakeDatetime] = converters.escape_datetime
    name = f"bitaxe_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    charset = " CHARACTER SET utf8mb4" if "mysql" in server else ""
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}{charset}"))
    url = make_url(server).set(database=name)
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    engine.dispose()


@pytest.fixture(autouse=True)
def _environment(
    recorder_mock: Recorder,
    enable_custom_integrations: None,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Start the recorder before anything else, and read back writes at once."""
    monkeypatch.setattr(client_module, "CONFIRM_INTERVAL", 0.02)
    monkeypatch.setattr(client_module, "CONFIRM_SECONDS", 0.1)


@pytest.fixture
async def recording(hass: HomeAssistant, miner: Miner) -> Recording:
    """Return a history to write for that miner."""
    return Recording(hass, miner)


@pytest.fixture
async def life(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    clock: Clock,
    pass_time: PassTime,
    swarm_entry: object,
) -> Life:
    """Begin at the edge of a window."""
    server = await simulate("gamma-2.12")
    await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    await pass_time(-clock.now() % WINDOW, POLL)
    return Life(hass, server, clock, pass_time)
