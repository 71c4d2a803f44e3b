"""A storm over a real Home Assistant in this process, and what it must not leave."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.helpers.recorder import get_instance
from homeassistant.runner import configure_event_loop

from custom_components.bitaxe.const import CONF_GUARD
from scripts.bench.instance import add_miners, home_assistant
from scripts.bench.time_warp import TimeWarpSelector

from .miners import Fleet
from .storm import Storm
from .watch import Counts, LogWatcher, resident_memory

# Rounds of polling until all is calm again.
_CALM: Final = 18
# Of a miner's energy: noise of its sensors, and of what is shown in whole watts.
_ENERGY_TOLERANCE: Final = 0.03
# kWh; what is shown is rounded to whole Wh.
_ROUNDING: Final = 0.001
# Lines a disturbance may write: one that it began, one that it ended.
_LINES: Final = 2


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to do."""

    miners: int
    seconds: float
    """Of the storm."""
    interval: int
    """Seconds between two polls of a miner."""
    gap: float
    """Seconds between two disturbances, on average."""
    seed: int


@dataclass(kw_only=True)
class Outcome:
    """What came of it."""

    polls: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    memory: tuple[int, int] = (0, 0)
    """Resident bytes half-way and at the end."""
    energy: tuple[float, float] = (0.0, 0.0)
    """kWh that the witnesses drew, and that were counted."""
    faults: list[str] = field(default_factory=list)
    """What must not be; empty if all is well."""


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that knows how many jobs its threads have."""

    def __init__(self, selector: TimeWarpSelector) -> None:
        super().__init__(selector)
        self.jobs = 0

    @override
    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        self.jobs += 1
        job = super().run_in_executor(executor, func, *args)
        job.add_done_callback(self._done)
        return job

    def _done(self, _: object) -> None:
        self.jobs -= 1


def soak(plan: Plan, folder: Path, selector: TimeWarpSelector) -> Outcome:
    """Run Home Assistant in a folder of its own, and let a storm pass over it."""

    def new_loop() -> asyncio.AbstractEventLoop:
        loop = _Loop(selector)
        configure_event_loop(loop)
        return loop

    log = LogWatcher()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        outcome = runner.run(_soak(plan, folder, selector, log))
    outcome.lines = log.lines
    outcome.faults += [f"in the log: {fault}" for fault in log.faults]
    most = _LINES * (outcome.happened.total() + plan.miners)
    if log.lines.total() > most:
        outcome.faults.append(f"{log.lines.total()} lines in the log, {most} are due")
    return outcome


async def _soak(
    plan: Plan, folder: Path, selector: TimeWarpSelector, log: LogWatcher
) -> Outcome:
    outcome = Outcome()
    fleet = Fleet(plan.miners)
    await fleet.start()
    try:
        async with home_assistant(folder) as hass:
            entries = await add_miners(
                hass,
                fleet.addresses,
                plan.interval,
                {CONF_GUARD: {"heat_action": "step_down", "watchdog": True}},
            )
            loop = asyncio.get_running_loop()
            assert isinstance(loop, _Loop)
            recorder = get_instance(hass)
            resting = len(selector.get_map()) - fleet.listening

            def busy() -> bool:
                return (
                    recorder.backlog > 0
                    or loop.jobs > 0
                    or len(selector.get_map()) > resting + fleet.listening
                )

            witnesses = max(2, plan.miners // 4)
            storm = Storm(
                hass,
                fleet,
                entries,
                selector,
                seed=plan.seed,
                witnesses=witnesses,
                interval=plan.interval,
                gap=plan.gap,
            )
            calm = _CALM * plan.interval
            with log, selector.warping(busy):
                await asyncio.sleep(calm)
                await hass.async_block_till_done()
                before = Counts.take(hass, entries)
                energy = _Energy(fleet, entries, witnesses, plan.interval)
                looking = asyncio.create_task(energy.look())
                memory = []
                for _ in range(2):
                    await storm.rage(plan.seconds / 2)
                    memory.append(resident_memory())
                await asyncio.sleep(calm * 4)
                await energy.finish(storm)
                looking.cancel()
                await hass.async_block_till_done()
                await asyncio.sleep(calm)
                after = Counts.take(hass, entries)
            outcome.faults += [
                f"{entry.title} did not come back: {entry.reason}"
                for entry in entries
                if entry.state is not ConfigEntryState.LOADED
            ]
    finally:
        await fleet.stop()
    outcome.polls = fleet.readings
    outcome.happened, outcome.refused = storm.happened, storm.refused
    outcome.memory = (memory[0], memory[1])
    outcome.energy = energy.sums
    outcome.faults += storm.faults
    outcome.faults += energy.faults
    outcome.faults += [
        f"written to another miner: {write}" for write in fleet.writes_to_swapped
    ]
    outcome.faults += fleet.writes_beyond_limits()
    outcome.faults += [
        f"{thing} grew from {old} to {new}"
        for thing, (old, new) in before.growth(after).items()
    ]
    return outcome


class _Energy:
    """Compares what was counted with what was drawn."""

    def __init__(
        self,
        fleet: Fleet,
        entries: list[ConfigEntry[Any]],
        witnesses: int,
        interval: int,
    ) -> None:
        self._fleet = fleet
        self._entries = entries
        self._witnesses = witnesses
        self._interval = interval
        self._written = [len(miner.heard.writes) for miner in fleet.miners]
        self._last = self._counted()
        self._start = dict(self._last)
        self._truth = self._drawn()
        self.faults: list[str] = []
        self.sums = (0.0, 0.0)

    def _counted(self) -> dict[int, float]:
        """Return kWh by miner, of those that are set up."""
        return {
            index: entry.runtime_data.data.figures.energy
            for index, entry in enumerate(self._entries)
            if entry.state is ConfigEntryState.LOADED
        }

    def _drawn(self) -> list[float]:
        """Return kWh by miner as they were."""
        for miner in self._fleet.miners:
            miner.step()
        return [miner.truth.energy_wh / 1000 for miner in self._fleet.miners]

    async def look(self) -> None:
        """Watch that nothing steps back, until cancelled."""
        while True:
            # Nothing is counted between two polls.
            await asyncio.sleep(self._interval / 2)
            for index, energy in self._counted().items():
                # A file may be lost just before the last reading is in the database.
                watts = self._fleet.miners[index].spec.hardware.max_power_w
                unrecorded = watts * self._interval / 3_600_000
                lost = unrecorded if index >= self._witnesses else 0.0
                if energy < self._last[index] - lost - _ROUNDING:
                    self.faults.append(
                        f"{self._entries[index].title}: energy fell from"
                        f" {self._last[index]:.4f} to {energy:.4f} kWh"
                    )
                self._last[index] = energy

    async def finish(self, storm: Storm) -> None:
        """Compare the witnesses' energy with the truth."""
        counted, drawn = self._counted(), self._drawn()
        for index in range(self._witnesses):
            if index not in counted:
                continue
            found = counted[index] - self._start[index]
            real = drawn[index] - self._truth[index]
            poll = self._fleet.miners[index].spec.hardware.max_power_w
            writes = len(self._fleet.miners[index].heard.writes) - self._written[index]
            disturbed = storm.disturbed[index] + writes
            lost = disturbed * poll * self._interval / 3_600_000
            if abs(found - real) > real * _ENERGY_TOLERANCE + lost + _ROUNDING:
                self.faults.append(
                    f"{self._entries[index].title}: {real:.4f} kWh were drawn,"
                    f" {found:.4f} counted, with {disturbed} disturbances"
                )
            self.sums = (self.sums[0] + real, self.sums[1] + found)
