"""Fixtures: simulated miners behind real HTTP, and ways to let time pass."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import gc
import logging
from pathlib import Path
from random import SystemRandom
import threading
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import Mock, _patch, call

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import network
from homeassistant.components.event import EventEntity
from homeassistant.components.recorder import CONF_EVENT_TYPES
from homeassistant.const import (
    CONF_EXCLUDE,
    CONF_HOST,
    CONF_PORT,
    EVENT_COMPONENT_LOADED,
    EVENT_SERVICE_REGISTERED,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import aiohttp_client, translation
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_registry import EVENT_ENTITY_REGISTRY_UPDATED
from homeassistant.helpers.translation import _TranslationsCacheData
from homeassistant.util import dt as dt_util, executor, uuid as uuid_util
from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component import common, patch_time
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    get_test_config_dir,
)

from custom_components.bitaxe.axeos import client as client_module
from custom_components.bitaxe.const import (
    CONF_KIND,
    DOMAIN,
    KIND_MINER,
    KIND_SWARM,
    SWARM_UNIQUE_ID,
)
from custom_components.bitaxe.firmware import source as firmware_source
from scripts.simulator import PRESETS, Clock, MinerServer, MinerSpec, SimulatedMiner

type Simulate = Callable[..., Awaitable[MinerServer]]
type AddMiner = Callable[..., Awaitable[MockConfigEntry]]
type PassTime = Callable[..., Awaitable[None]]
type SetWallClock = Callable[[float], None]
type Settle = Callable[[], Awaitable[None]]

POLL_SECONDS = 10

# Home Assistant interrupts a thread of its pool that has not ended a few ms after a
# test. On a busy machine that hit threads which were about to end and held the lock of
# `threading`, and the tests hung for ever. A tenth of these s is what all of them have
# to end by themselves.
executor.EXECUTOR_SHUTDOWN_TIMEOUT = 300

# Each Home Assistant leaves cycles behind. The plugin collects them after each module,
# which is often enough; Python would search for them in the middle of every test.
gc.set_threshold(200_000, 10, 10)


def _module_version(module: ModuleType) -> str:
    """Say whether a module has other names than when freezegun looked at it last.

    It looks at all modules whenever time is frozen, and the plugin has it hash the
    names of each. Names are only ever added.
    """
    return f"{id(module)}-{len(vars(module))}"


patch_time.ha_get_module_attributes_hash = _module_version

# How long an example takes says something of the machine alone.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

# The plugin has every statement of a recorder logged, which hides what matters.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _environment(
    enable_custom_integrations: None,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Load this integration, talk to loopback alone, and read back writes at once.

    The time of tests stands still, so nothing can be waited for; simulated miners
    therefore show a write at once.
    """
    monkeypatch.setattr(firmware_source, "HOSTS", frozenset())
    monkeypatch.setattr(client_module, "CONFIRM_INTERVAL", 0)
    monkeypatch.setattr(client_module, "CONFIRM_SECONDS", 0)


@pytest.fixture(autouse=True)
async def enable_event_loop_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse what other threads schedule, without the rest of the debug mode.

    The plugin turns the debug mode on for the sake of this check. With it, asyncio
    also keeps where each coroutine, future and timer was made, and reads the clock
    before and after each callback, a simulated clock that takes its time.
    """
    loop = asyncio.get_running_loop()

    def check_thread[**P, T](schedule: Callable[P, T]) -> Callable[P, T]:
        own = threading.get_ident()

        def checked(*args: P.args, **kwargs: P.kwargs) -> T:
            if threading.get_ident() != own:
                raise RuntimeError("Another thread has to use call_soon_threadsafe")
            return schedule(*args, **kwargs)

        return checked

    monkeypatch.setattr(loop, "call_soon", check_thread(loop.call_soon))
    monkeypatch.setattr(loop, "call_at", check_thread(loop.call_at))


@pytest.fixture(autouse=True, scope="session")
def _ids_differ() -> Iterator[None]:
    """Have registries number what they add from a source of chance of their own.

    Hypothesis begins each example with the same random numbers, and two entities of one
    id break the registry of Home Assistant.
    """
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(uuid_util, "getrandbits", SystemRandom().getrandbits)
        yield


@pytest.fixture(autouse=True, scope="module")
def _own_translations(translations_once: _patch[_TranslationsCacheData]) -> None:
    """Let no module find the texts that another one had loaded.

    The plugin keeps the translations of a whole session. A test that needs them and
    does not load them would pass or fail with what ran before it on the same process.
    """
    kept: _TranslationsCacheData = translations_once.kwargs["return_value"]
    for components in kept.loaded.values():
        components.discard(DOMAIN)
    for categories in kept.cache.values():
        for texts in categories.values():
            texts.pop(DOMAIN, None)


@pytest.fixture(autouse=True)
def _let_go_of_home_assistant() -> Iterator[None]:
    """Let each test's Home Assistant be freed, with all that was set up in it.

    Mocks of the plugin that last for a session or a module keep what they were called
    with, Home Assistant among it. That were 2 MB a test, until the process ended.
    """
    yield
    for recorder in (
        network.async_get_loaded_adapters,
        aiohttp_client._async_make_resolver,  # noqa: SLF001
    ):
        assert isinstance(recorder, Mock)
        recorder.reset_mock()
    # What this one was asked for is looked at when the module ends.
    recorder = translation._async_get_component_strings  # noqa: SLF001
    assert isinstance(recorder, Mock)
    kept = []
    for recorded in recorder.mock_calls:
        _, languages, components, integrations = recorded.args
        places = {
            domain: SimpleNamespace(file_path=integration.file_path)
            for domain, integration in integrations.items()
        }
        kept.append(call(None, languages, components, places))
    recorder.reset_mock()
    recorder.mock_calls.extend(kept)


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Leave out of the recorder what happens while a home starts.

    In tests it commits after each event, and these were three of four. They took more
    than half of the time of a test with a recorder.
    """
    return {
        CONF_EXCLUDE: {
            CONF_EVENT_TYPES: [
                EVENT_COMPONENT_LOADED,
                EVENT_SERVICE_REGISTERED,
                EVENT_ENTITY_REGISTRY_UPDATED,
            ]
        }
    }


@pytest.fixture
def hass_config_dir(
    hass_tmp_config_dir: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Let each test have folders of its own: blueprints and charts are written.

    The plugin has one media folder for all tests, in its own package. It is changed
    here, as nothing else surely comes before Home Assistant.
    """

    def find(*path: str) -> str:
        if path == ("media",):
            return str(tmp_path / "media")
        return get_test_config_dir(*path)

    monkeypatch.setattr(common, "get_test_config_dir", find)
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
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


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
def set_wall_clock(monkeypatch: pytest.MonkeyPatch) -> SetWallClock:
    """Set the clock on the wall back or forward by some s; no time passes with it."""
    utcnow = dt_util.utcnow

    def set_by(seconds: float) -> None:
        shift = timedelta(seconds=seconds)
        monkeypatch.setattr(dt_util, "utcnow", lambda: utcnow() + shift)

    return set_by


@pytest.fixture
def event_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable the event entities, as somebody does who made automations with them."""
    monkeypatch.setattr(
        EventEntity, "entity_registry_enabled_default", property(lambda _: True)
    )


@pytest.fixture
def every_entity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable also what is disabled until somebody wants it."""
    monkeypatch.setattr(
        Entity, "entity_registry_enabled_default", property(lambda _: True)
    )
