"""All that can go wrong, in an order that a seed decides."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions import PermissionLookup
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import voluptuous as vol

from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.live.hub import async_get_live
from custom_components.bitaxe.miner.write_log import Origin, OriginKind
from custom_components.bitaxe.tuning.session import tuner_of
from scripts.bench.time_warp import TimeWarpSelector

from .miners import Fleet
from .watch import BrokenConnectionError

_NETWORK: Final[tuple[dict[str, Any], ...]] = (
    {"offline": True},
    {"refuse_network": True},
    {"reset_every": 3},
    {"truncate_body": True},
    {"wrong_content_type": True},
    {"stall_seconds": 0.05},
    {"reject_writes": True},
    {"ignore_writes": True},
)
_HARDWARE: Final[tuple[dict[str, Any], ...]] = (
    {"ambient_offset": 25.0},
    {"vr_offset": 30.0},
    {"fan_failure": True},
    {"sagging_supply": 0.6},
    {"power_fault": True},
    {"hardware_fault": "something broke"},
    {"regulator_off": True},
    {"error_burst": 0.3},
    {"frozen": True},
    {"pool_down": True},
    {"pool_down": True, "fallback_down": True},
    {"reject_rate": 0.5},
)
_CLAIMS: Final[tuple[dict[str, Any], ...]] = (
    {"uptimeSeconds": 600_000_000},
    {"uptimeSeconds": 0},
    {"sharesAccepted": 10**12},
    {"sharesAccepted": 0},
    {"bestDiff": 2**64 - 1},
    {"bestDiff": 3.9e18},
    {"blockFound": 900_000},
    {"power": 9_999_999},
    {"power": None},
    {"hashRate": 1e308},
    {"temp": -1, "vrTemp": 10_000},
    {"hostname": "x" * 100_000, "version": "\x00"},
    {"macAddr": "02:00:00:00:00:01"},
    {"boardVersion": "999", "ASICModel": "BM9999"},
    {"frequency": 0, "coreVoltage": 10**30},
)
_FILES: Final = (
    b"",
    b"{",
    b"null",
    b"[1, 2]",
    b"\xff\x00\xfe",
    b'{"version": 1, "key": "x", "data": {"meter": []}}',
    b'{"version": 99, "minor_version": 1, "key": "x", "data": {"energy": 1e999}}',
)
_SPANS: Final = ("1h", "24h", "all", "0h", "99999y", "\x00")


class Storm:
    """Lets things go wrong, and counts them."""

    def __init__(
        self,
        hass: HomeAssistant,
        fleet: Fleet,
        entries: list[ConfigEntry[Any]],
        selector: TimeWarpSelector,
        *,
        seed: int,
        witnesses: int,
        interval: float,
        gap: float,
    ) -> None:
        """Prepare; the first `witnesses` miners always answer, and keep their files.

        Something goes wrong every `gap` s on average, and lasts in proportion to the
        `interval` s between two polls.
        """
        self._hass = hass
        self._fleet = fleet
        self._entries = entries
        self._selector = selector
        self._random = Random(seed)
        self._witnesses = witnesses
        self._pace = interval / 10
        self._gap = gap
        self._user = User(
            name="storm",
            perm_lookup=PermissionLookup(er.async_get(hass), dr.async_get(hass)),
            is_owner=True,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._swapped: set[int] = set()
        self._stops: list[Callable[[], None]] = []
        self.happened: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        """Refusals in words, by their translation key."""
        self.faults: list[str] = []
        """What was neither done nor refused in words, and what must never be."""
        self.disturbed: Counter[int] = Counter()
        """How often the reading of a miner was interrupted, or its power changed."""

    async def rage(self, seconds: float) -> None:
        """Let things go wrong for some time, then repair all of them."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        kinds: dict[Callable[[], Awaitable[None]], int] = {
            self._break_network: 4,
            self._break_hardware: 4,
            self._claim: 4,
            self._misuse_miner: 2,
            self._reload: 3,
            self._damage_file: 2,
            self._write: 6,
            self._write_as_guard: 3,
            self._tune: 1,
            self._limit_power: 1,
            self._maintain: 1,
            self._ask: 2,
            self._look: 4,
            self._look_away: 2,
            self._set_clock: 1,
            self._swap: 2,
        }
        while loop.time() < end:
            await asyncio.sleep(self._random.uniform(0.2, 1.8) * self._gap)
            (kind,) = self._random.choices(list(kinds), list(kinds.values()))
            self.happened[kind.__name__.strip("_").replace("_", " ")] += 1
            self._start(kind())
        await asyncio.gather(*self._tasks)
        self._start(self._end_runs())
        await asyncio.gather(*self._tasks)
        while self._stops:
            self._stops.pop()()
        self._selector.wall_shift = 0.0
        for miner in self._fleet.miners:
            miner.faults.clear()
            miner.be_honest()

    def _start(self, event: Awaitable[None]) -> None:
        async def guarded() -> None:
            try:
                await event
            except HomeAssistantError as err:
                self.refused[err.translation_key or f"{type(err).__name__}: {err}"] += 1
                if not err.translation_key:
                    self.faults.append(f"not translated: {err!r}")
            except vol.Invalid as err:
                self.refused[str(err)] += 1
            except Exception as err:  # noqa: BLE001
                self.faults.append(f"neither done nor refused: {err!r}")

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _while(self, least: float, most: float) -> None:
        await asyncio.sleep(self._random.uniform(least, most) * self._pace)

    def _any(self) -> int:
        return self._random.randrange(len(self._entries))

    def _any_victim(self) -> int:
        """Return a miner that may also become unreadable."""
        return self._random.randrange(self._witnesses, len(self._entries))

    async def _break_network(self) -> None:
        await self._break(self._any_victim(), self._random.choice(_NETWORK))

    async def _break_hardware(self) -> None:
        await self._break(self._any(), self._random.choice(_HARDWARE))

    async def _break(self, index: int, faults: dict[str, Any]) -> None:
        miner = self._fleet.miners[index]
        self.disturbed[index] += 2
        miner.faults.set(**faults)
        await self._while(5, 90)
        miner.faults.clear()

    async def _claim(self) -> None:
        index = self._any_victim()
        claims = self._random.choice(_CLAIMS)
        self._fleet.miners[index].claim(claims, self._random.choice((1, 1, 3)))

    async def _misuse_miner(self) -> None:
        index = self._any()
        miner = self._fleet.miners[index]
        self.disturbed[index] += 2
        action = self._random.choice(
            (miner.crash, miner.brownout, miner.power_cycle, miner.find_block)
        )
        action()

    async def _reload(self) -> None:
        index = self._random.randrange(-1, len(self._entries))
        entry = self._swarm_entry if index < 0 else self._entries[index]
        self.disturbed[index] += 1
        await self._hass.config_entries.async_reload(entry.entry_id)

    @property
    def _swarm_entry(self) -> ConfigEntry[Any]:
        ours = {entry.entry_id for entry in self._entries}
        (swarm,) = (
            entry
            for entry in self._hass.config_entries.async_entries(DOMAIN)
            if entry.entry_id not in ours
        )
        return swarm

    async def _damage_file(self) -> None:
        entry = self._random.choice(
            [*self._entries[self._witnesses :], self._swarm_entry]
        )
        content = self._random.choice(_FILES)

        def damage() -> None:
            folder = Path(self._hass.config.path(".storage"))
            for file in folder.glob(f"{DOMAIN}.{entry.entry_id}*"):
                if ".kept-" not in file.name:
                    file.write_bytes(content)

        if entry.setup_lock.locked():
            return
        async with entry.setup_lock:
            await self._hass.config_entries.async_unload(entry.entry_id, _lock=False)
            await self._hass.async_add_executor_job(damage)
            await self._hass.config_entries.async_setup(entry.entry_id, _lock=False)

    def _settings(self, index: int) -> dict[str, Any]:
        """Return a choice of frequency and voltage, one in four of them absurd."""
        frequency, voltage = self._fleet.miners[index].spec.start_point
        if self._random.random() < 0.25:
            return {
                "frequency": self._random.choice((0, -1, 5000, 1e300)),
                "core_voltage": self._random.choice((0, 1, 1600, 10**9)),
            }
        return {
            "frequency": frequency - 25 * self._random.randrange(4),
            "core_voltage": voltage - 10 * self._random.randrange(4),
        }

    async def _write(self) -> None:
        chosen = {self._any() for _ in range(self._random.choice((1, 1, 2, 5)))}
        first = min(chosen)
        self.disturbed.update(dict.fromkeys(chosen, 2))
        action, data = self._random.choice(
            (
                ("apply_configuration", self._settings(first)),
                ("apply_configuration", self._settings(first)),
                ("set_fan", {"mode": "manual", "speed": self._random.randrange(120)}),
                (
                    "set_fan",
                    {
                        "mode": "auto",
                        "target_temperature": self._random.randrange(20, 90),
                    },
                ),
                (
                    "set_pool",
                    {
                        "url": self._random.choice(("pool.example", "a b", "\x00")),
                        "port": 3333,
                        "restart": self._random.random() < 0.5,
                    },
                ),
            )
        )
        await self._act(
            action, {"device_id": [self._device_id(index) for index in chosen], **data}
        )

    async def _write_as_guard(self) -> None:
        index = self._any()
        self.disturbed[index] += 2
        settings = Settings(**self._settings(index))
        if self._entries[index].state is not ConfigEntryState.LOADED:
            return
        miner = self._entries[index].runtime_data
        await miner.async_apply(settings, origin=Origin(kind=OriginKind.GUARD))

    async def _tune(self) -> None:
        """Look for a better setting, and mostly have no patience."""
        index = self._any()
        device = {"device_id": self._device_id(index)}
        goal = self._random.choice(("efficiency", "balanced", "hashrate"))
        await self._act("start_tuning", device | {"goal": goal})
        if self._random.random() < 0.7:
            await self._while(30, 600)
            keep = self._random.choice(("best", "original"))
            await self._act("stop_tuning", device | {"keep": keep})

    async def _end_runs(self) -> None:
        """Stop looking for better settings."""
        running = [
            self._device_id(index)
            for index, entry in enumerate(self._entries)
            if (tuner := tuner_of(self._hass, entry.entry_id)) and tuner.is_running
        ]
        if running:
            await self._act("stop_tuning", {"device_id": running, "keep": "original"})

    async def _limit_power(self) -> None:
        """Give a miner a target for its power, and mostly take it back."""
        device = {"device_id": [self._device_id(self._any())]}
        percent = self._random.randrange(40, 101)
        await self._act(
            "set_power_target", device | {"percent": percent, "follow": True}
        )
        if self._random.random() < 0.7:
            await self._while(30, 600)
            await self._act(
                "set_power_target", device | {"percent": 100, "follow": False}
            )

    async def _maintain(self) -> None:
        """Work on a miner for a while."""
        registry = er.async_get(self._hass)
        (entity_id,) = (
            entity.entity_id
            for entity in er.async_entries_for_config_entry(
                registry, self._entries[self._any()].entry_id
            )
            if entity.unique_id.endswith("_maintenance")
        )
        for action in ("turn_on", "turn_off"):
            await self._hass.services.async_call(
                "switch", action, {"entity_id": entity_id}, blocking=True
            )
            await self._while(5, 120)

    async def _act(self, action: str, data: dict[str, Any]) -> None:
        await self._hass.services.async_call(DOMAIN, action, data, blocking=True)

    async def _ask(self) -> None:
        index = self._any()
        action = self._random.choice(
            ("get_summary", "get_configurations", "get_report", "export_csv")
        )
        await self._hass.services.async_call(
            DOMAIN,
            action,
            {
                "device_id": self._device_id(index),
                "span": self._random.choice(_SPANS),
            },
            blocking=True,
            return_response=True,
        )

    async def _look(self) -> None:
        """Open a card, of which some connections break at once and some later."""
        events = self._random.choice((0, 1, 5, 10**9))
        interval = self._random.choice((0.1, 0.5, 60.0))

        def send(event: object) -> None:
            nonlocal events
            events -= 1
            if events < 0:
                raise BrokenConnectionError

        live = async_get_live(self._hass)
        try:
            self._stops.append(live.async_subscribe(self._user, interval, send))
        except BrokenConnectionError:
            return

    async def _look_away(self) -> None:
        if self._stops:
            self._stops.pop(self._random.randrange(len(self._stops)))()

    async def _set_clock(self) -> None:
        shift = self._random.choice((-86_400.0, -3600.0, -5.0, 5.0, 3600.0, 40_000.0))
        self._selector.wall_shift = shift
        await self._while(5, 60)
        self._selector.wall_shift = 0.0

    async def _swap(self) -> None:
        """Have two miners take each other's address, and back; none may be written."""
        free = set(range(self._witnesses, len(self._entries))) - self._swapped
        if len(free) < 2:
            return
        pair = self._random.sample(sorted(free), 2)
        self._swapped.update(pair)
        await self._fleet.swap(*pair)
        seen = {index: len(self._fleet.miners[index].heard.writes) for index in pair}
        for index in pair:
            self._start(self._write_to(index))
        await self._while(5, 60)
        for index, since in seen.items():
            self._fleet.writes_to_swapped += self._fleet.writes(index, since)
        await self._fleet.swap(*pair)
        self._swapped.difference_update(pair)

    async def _write_to(self, index: int) -> None:
        await self._act(
            "set_fan",
            {"device_id": self._device_id(index), "mode": "manual", "speed": 100},
        )

    def _device_id(self, index: int) -> str:
        entry_id = self._entries[index].entry_id
        registry = dr.async_get(self._hass)
        (device,) = dr.async_entries_for_config_entry(registry, entry_id)
        return device.id
