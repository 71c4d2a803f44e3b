"""Fixtures: simulated miners behind real HTTP, and ways to let time pass."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.bitaxe.axeos import client as client_module
from custom_components.bitaxe.const import (
    CONF_KIND,
    DOMAIN,
    KIND_MINER,
    KIND_SWARM,
    SWARM_UNIQUE_ID,
)
from scripts.simulator import PRESETS, Clock, MinerServer, MinerSpec, SimulatedMiner

type Simulate = Callable[..., Awaitable[MinerServer]]
type AddMiner = Callable[..., Awaitable[MockConfigEntry]]
type PassTime = Callable[..., Awaitable[None]]
type Settle = Callable[[], Awaitable[None]]

POLL_SECONDS = 10

# The plugin has every statement of a recorder logged, which hides what matters.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _environment(
    enable_custom_integrations: None,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Load this integration, talk to loopback, and read back writes at once.

    The time of tests stands still, so nothing can be waited for; simulated miners
    therefore show a write at once.
    """
    monkeypatch.setattr(client_module, "CONFIRM_INTERVAL", 0)
    monkeypatch.setattr(client_module, "CONFIRM_SECONDS", 0)


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Let each test have a folder of its own: the integration writes blueprints."""
    return hass_tmp_config_dir


@pytest.fixture
def clock(freezer: FrozenDateTimeFactory) -> Clock:
    """Return the clock of all simulated miners, in step with Home Assistant's."""
    clock = Clock.manual()
    freezer.move_to(datetime.fromtimestamp(clock.now(), UTC))
    return clock


@pytest.fixture
async def simulate(clock: Clock) -> AsyncIterator[Simulate]:
    """Start simulated miners, given a preset's name or a spec."""
    servers: list[MinerServer] = []

    async def start(preset: str | MinerSpec = "gamma-2.12") -> MinerServer:
        spec = PRESETS[preset] if isinstance(preset, str) else preset
        if spec.write_delay is None:
            spec = replace(spec, write_delay=0.0)
        server = MinerServer(SimulatedMiner(spec, clock))
        await server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()


def miner_entry(
    server: MinerServer, options: dict[str, object] | None = None
) -> MockConfigEntry:
    """Return the config entry of a simulated miner."""
    spec = server.miner.spec
    return MockConfigEntry(
        domain=DOMAIN,
        version=2,
        title=spec.name,
        unique_id=format_mac(spec.mac_address),
        data={
            CONF_KIND: KIND_MINER,
            CONF_HOST: server.host,
            CONF_PORT: server.port,
        },
        options=options or {},
    )


@pytest.fixture
def swarm_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return the entry of the swarm, known to Home Assistant but not set up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=2,
        title="Bitaxe swarm",
        unique_id=SWARM_UNIQUE_ID,
        data={CONF_KIND: KIND_SWARM},
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
def settle(hass: HomeAssistant) -> Settle:
    """Wait for all that goes on."""

    async def wait() -> None:
        await hass.async_block_till_done(wait_background_tasks=True)

    return wait


@pytest.fixture
async def add_miner(hass: HomeAssistant, settle: Settle) -> AddMiner:
    """Set up a simulated miner in Home Assistant."""

    async def add(
        server: MinerServer, options: dict[str, object] | None = None
    ) -> MockConfigEntry:
        entry = miner_entry(server, options)
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await settle()
        return entry

    return add


@pytest.fixture
def pass_time(
    hass: HomeAssistant, clock: Clock, freezer: FrozenDateTimeFactory, settle: Settle
) -> PassTime:
    """Let miners and Home Assistant live through some time, poll by poll."""

    async def wait(seconds: float = POLL_SECONDS, poll: float = POLL_SECONDS) -> None:
        passed = 0.0
        while passed < seconds:
            step = min(poll, seconds - passed)
            passed += step
            clock.advance(step)
            freezer.tick(timedelta(seconds=step))
            async_fire_time_changed(hass)
            await settle()

    return wait


@pytest.fixture
def every_entity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable also what is disabled until somebody wants it."""
    monkeypatch.setattr(
        Entity, "entity_registry_enabled_default", property(lambda _: True)
    )
