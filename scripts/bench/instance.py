"""A real Home Assistant in this process, and what polling costs it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
import cProfile
from dataclasses import dataclass
import gc
import os
from pathlib import Path
import sys
import threading
import time
from types import MappingProxyType
from typing import Any, Final, cast

from homeassistant import bootstrap, loader
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntries,
    ConfigEntry,
    ConfigEntryState,
)
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SCAN_INTERVAL
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.recorder import async_initialize_recorder, get_instance
from homeassistant.runner import configure_event_loop
from homeassistant.setup import async_setup_component

from custom_components.bitaxe.const import CONF_KIND, DOMAIN, KIND_MINER

from .database import Contents
from .miners import Address, Miners
from .time_warp import TimeWarpSelector

_ROOT: Final = Path(__file__).parents[2]
_COMPONENTS: Final = (HOMEASSISTANT_DOMAIN, "persistent_notification", "recorder")
_SLICES: Final = 6
_IDLE_SECONDS: Final = 600.0
# The first minutes are not like the rest: every entity writes its first states.
_WARM_UP_SECONDS: Final = 120.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to measure."""

    rounds: int
    interval: int
    """Seconds between two polls of a miner."""
    real_time: bool
    """Wait instead of warping."""
    profile: Path | None
    """Where to write what the event loop's thread did, if at all."""


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What was measured; CPU times are those of all threads of the process."""

    polls: int
    entities: int
    cpu: float
    """Seconds during the polls."""
    slices: tuple[float, ...]
    """Seconds of CPU time per poll in equal parts of the measurement."""
    recorder_cpu: float | None
    """Seconds of it in the recorder's own thread, where the system says."""
    idle_cpu: float
    """Seconds that Home Assistant takes for as much time without miners."""
    recorded: Contents
    states: Counter[str]
    """Rows of states by the key of the entity."""
    set_up_seconds: float
    set_up_cpu: float
    memory_per_miner: float | None
    """Bytes of resident memory, where the system says."""


def measure(
    miners: Miners, plan: Plan, folder: Path, selector: TimeWarpSelector
) -> Costs:
    """Run Home Assistant in a folder of its own and poll the miners with it."""
    with asyncio.Runner(loop_factory=lambda: event_loop(selector)) as runner:
        return runner.run(_measure(miners, plan, folder, selector))


def event_loop(selector: TimeWarpSelector) -> asyncio.AbstractEventLoop:
    """Return a loop that leaps, as Home Assistant wants it otherwise."""
    loop = asyncio.SelectorEventLoop(selector)
    configure_event_loop(loop)
    return loop


async def _measure(
    miners: Miners, plan: Plan, folder: Path, selector: TimeWarpSelector
) -> Costs:
    async with home_assistant(folder) as hass:
        recorder = get_instance(hass)

        async def live(seconds: float) -> float:
            """Let time pass; return the CPU time it took."""
            started = time.process_time()
            warping = selector.warping(lambda: recorder.backlog > 0)
            with nullcontext() if plan.real_time else warping:
                await asyncio.sleep(seconds)
            await recorder.async_block_till_done()
            return time.process_time() - started

        async def contents() -> Contents:
            await recorder.async_block_till_done()
            path = folder / "home-assistant_v2.db"
            return await hass.async_add_executor_job(Contents.read, path)

        await live(_WARM_UP_SECONDS)
        idle_seconds = plan.interval if plan.real_time else _IDLE_SECONDS
        idle = await live(idle_seconds) / idle_seconds

        started, started_cpu = time.perf_counter(), time.process_time()
        # The first one also loads the code, and brings the swarm along.
        await add_miners(hass, miners.addresses[:1], plan.interval)
        memory = _memory()
        await add_miners(hass, miners.addresses[1:], plan.interval)
        set_up_seconds = time.perf_counter() - started
        set_up_cpu = time.process_time() - started_cpu
        grown = None if memory is None else (_memory() or 0) - memory
        await live(_WARM_UP_SECONDS)

        duration = plan.rounds * plan.interval
        before, readings = await contents(), miners.readings()
        recorder_cpu = _thread_cpu(recorder)
        with cProfile.Profile() if plan.profile else nullcontext() as profile:
            used = [await live(duration / _SLICES) for _ in range(_SLICES)]
        if recorder_cpu is not None:
            recorder_cpu = (_thread_cpu(recorder) or 0.0) - recorder_cpu
        polls = miners.readings() - readings
        recorded = (await contents()).since(before)
        if profile is not None:
            profile.dump_stats(str(plan.profile))
        return Costs(
            polls=polls,
            entities=sum(
                entity.disabled_by is None
                for entity in er.async_get(hass).entities.values()
                if entity.platform == DOMAIN
            ),
            cpu=sum(used),
            slices=tuple(cpu / polls * _SLICES for cpu in used),
            recorder_cpu=recorder_cpu,
            idle_cpu=idle * duration,
            recorded=recorded,
            states=_by_key(hass, recorded.states),
            set_up_seconds=set_up_seconds,
            set_up_cpu=set_up_cpu,
            memory_per_miner=None
            if grown is None or len(miners.addresses) == 1
            else grown / (len(miners.addresses) - 1),
        )


class _NoServer:
    """Takes views, and serves none."""

    def register_view(self, view: object) -> None:
        """Pass over a view."""


@asynccontextmanager
async def home_assistant(folder: Path) -> AsyncIterator[HomeAssistant]:
    """Start the core and its recorder, with their defaults.

    Without the frontend and whatever reaches for the internet by itself. Chart images
    are offered but cannot be fetched, because no port is opened.
    """
    if not (folder / "custom_components").exists():
        (folder / "custom_components").symlink_to(_ROOT / "custom_components")
    hass = HomeAssistant(str(folder))
    hass.config.skip_pip = True
    hass.config_entries = ConfigEntries(hass, {})
    loader.async_setup(hass)
    async_initialize_recorder(hass)
    await bootstrap.async_load_base_functionality(hass)
    hass.http = cast(Any, _NoServer())
    hass.config.components.add("http")
    for domain in _COMPONENTS:
        if not await async_setup_component(hass, domain, {}):
            raise RuntimeError(f"{domain} was not set up")
    try:
        await hass.async_start()
        await hass.async_block_till_done()
        yield hass
    finally:
        await hass.async_stop(force=True)


async def add_miners(
    hass: HomeAssistant,
    addresses: Sequence[Address],
    interval: int,
    options: Mapping[str, Any] | None = None,
) -> list[ConfigEntry[Any]]:
    """Set up miners, and the swarm with them; return the miners' entries."""
    entries = [
        ConfigEntry(
            version=2,
            minor_version=1,
            domain=DOMAIN,
            title=address.name,
            source=SOURCE_USER,
            unique_id=format_mac(address.mac),
            data={
                CONF_KIND: KIND_MINER,
                CONF_HOST: address.host,
                CONF_PORT: address.port,
            },
            options={CONF_SCAN_INTERVAL: interval} | dict(options or {}),
            discovery_keys=MappingProxyType({}),
            subentries_data=None,
        )
        for address in addresses
    ]
    await asyncio.gather(*(hass.config_entries.async_add(entry) for entry in entries))
    await hass.async_block_till_done()
    for entry in entries:
        if entry.state is not ConfigEntryState.LOADED:
            raise RuntimeError(f"{entry.title} was not set up: {entry.reason}")
    return entries


def _by_key(hass: HomeAssistant, states: Counter[str]) -> Counter[str]:
    registry = er.async_get(hass)
    by_key: Counter[str] = Counter()
    for entity_id, rows in states.items():
        entity = registry.async_get(entity_id)
        if entity is None or entity.platform != DOMAIN:
            by_key[entity_id] += rows
        else:
            owner, _, key = entity.unique_id.partition("_")
            prefix = "swarm " if owner == "swarm" else ""
            by_key[f"{prefix}{entity.domain}.{key}"] += rows
    return by_key


def _thread_cpu(thread: threading.Thread) -> float | None:
    """Return the CPU time in s a thread has taken so far."""
    if sys.platform != "linux":
        return None
    assert thread.ident is not None
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


def _memory() -> int | None:
    """Return the resident bytes of this process."""
    gc.collect()
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )
    except OSError:
        return None
