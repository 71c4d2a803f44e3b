"""Everything that may happen to a miner, in every phase of a run or a soak test."""

import asyncio
from collections.abc import Awaitable, Callable
import copy
from dataclasses import dataclass, field
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import CONF_EXTENDED_RANGE
from custom_components.bitaxe.miner.claims import Claimant
from custom_components.bitaxe.tuning.session import tuner_of
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Settle, SetWallClock, Simulate
from .test_session import (
    HOUR,
    MINUTE,
    act,
    away_from,
    reason,
    setting,
    state,
    switch,
    the_tuner,
)

BUDGET = 3
BY_HAND = OperatingPoint(frequency=501, core_voltage=1153)


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


@dataclass
class Scene:
    """A miner in a phase of a run, and what is known of it."""

    hass: HomeAssistant
    server: MinerServer
    entry: MockConfigEntry
    original: OperatingPoint
    pass_time: PassTime
    settle: Settle
    set_wall_clock: SetWallClock
    hass_storage: dict[str, Any]
    people: set[OperatingPoint] = field(default_factory=set)
    """What people chose meanwhile."""
    is_blind: bool = False
    """Whether what was stored is lost."""
    is_gone: bool = False
    """Whether the miner was removed."""

    @property
    def asks_a_person(self) -> bool:
        """Whether a repair asks for what the firmware lowered after the run."""
        if self.is_gone:
            return False
        offer: object = self.entry.runtime_data.restore_offer
        return offer is not None

    async def call(self, action: str, **data: Any) -> None:
        """Call an action for the miner."""
        await act(self.hass, self.entry, action, **data)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Let time pass until something is so."""
        for _ in range(200):
            if is_so():
                return
            await self.pass_time(10)
        raise AssertionError("that never was so")

    async def unload(self) -> None:
        """Unload the miner, as Home Assistant does when it stops."""
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.settle()

    async def load(self) -> None:
        """Set the miner up again."""
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()

    @property
    def files(self) -> dict[str, Any]:
        """What is stored of the miner."""
        return {
            key: content
            for key, content in self.hass_storage.items()
            if key.startswith(f"bitaxe.{self.entry.entry_id}")
        }


# Phases


async def waiting(scene: Scene) -> None:
    """Wait for the end of maintenance."""
    await away_from(scene.server, scene.original, scene.pass_time)
    await switch(scene.hass, scene.entry, "maintenance", on=True)
    await scene.pass_time(20)
    assert reason(scene.hass, scene.entry) == "maintenance"


async def settling(scene: Scene) -> None:
    """Have just set the second point."""
    await away_from(scene.server, scene.original, scene.pass_time)
    assert state(scene.hass, scene.entry) == "settling"


async def measuring(scene: Scene) -> None:
    """Measure the second point."""
    await away_from(scene.server, scene.original, scene.pass_time)
    await scene.until(lambda: state(scene.hass, scene.entry) == "measuring")


async def stepping_back(scene: Scene) -> None:
    """Be on the way back from a regulator that became too hot."""
    await measuring(scene)
    scene.server.miner.faults.set(vr_offset=35)
    await scene.until(lambda: reason(scene.hass, scene.entry) == "stepping_back")
    scene.server.miner.faults.set(vr_offset=0)


async def applying(scene: Scene) -> None:
    """Be over, with a miner that did not take the last setting yet."""
    await measuring(scene)
    scene.server.miner.faults.set(reject_writes=True)
    await scene.call("stop_tuning", keep="original")
    scene.server.miner.faults.set(reject_writes=False)
    assert state(scene.hass, scene.entry) == "stopped"
    assert setting(scene.server) != scene.original


async def soaking(scene: Scene) -> None:
    """Be in a soak test for a while."""
    await scene.until(lambda: state(scene.hass, scene.entry) == "measuring")
    await scene.pass_time(MINUTE)


PHASES = {
    phase.__name__: phase
    for phase in (waiting, settling, measuring, stepping_back, applying, soaking)
}

# What happens


async def connection_lost(scene: Scene) -> None:
    """Cut the miner off for some minutes."""
    scene.server.miner.faults.set(offline=True)
    await scene.pass_time(4 * MINUTE)
    scene.server.miner.faults.set(offline=False)


async def rebooted(scene: Scene) -> None:
    """Restart the miner by itself."""
    scene.server.miner.brownout()


async def overheated(scene: Scene) -> None:
    """Have the firmware stop the chips for heat, and lower the setting."""
    miner = scene.server.miner
    miner.faults.set(ambient_offset=45)
    await scene.until(lambda: miner.overheated or miner.cooling)
    miner.faults.set(ambient_offset=-5)


async def latched(scene: Scene) -> None:
    """Switch the regulator off without a word."""
    scene.server.miner.faults.set(regulator_off=True)
    await scene.pass_time(2 * MINUTE)


async def changed_by_hand(scene: Scene) -> None:
    """Choose another setting in the web interface."""
    await scene.pass_time(30)
    scene.server.miner.write(
        {
            "frequency": BY_HAND.frequency,
            "coreVoltage": int(BY_HAND.core_voltage),
        }
    )
    scene.people.add(BY_HAND)


async def stopped_and_started(scene: Scene) -> None:
    """Stop Home Assistant, and start it again."""
    scene.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await scene.settle()
    await scene.unload()
    await scene.pass_time(2 * MINUTE)
    await scene.load()


async def killed(scene: Scene) -> None:
    """Cut the power of Home Assistant: it writes nothing any more, to nobody."""
    stored = copy.deepcopy(scene.files)
    assert f"bitaxe.{scene.entry.entry_id}.tuning" in stored
    scene.server.miner.faults.set(offline=True)
    await scene.unload()
    scene.hass_storage |= stored
    scene.server.miner.faults.set(offline=False)
    await scene.load()


async def storage_lost(scene: Scene) -> None:
    """Lose all that was stored in a power cut."""
    scene.server.miner.faults.set(offline=True)
    await scene.unload()
    for key in scene.files:
        del scene.hass_storage[key]
    scene.server.miner.faults.set(offline=False)
    scene.is_blind = True
    await scene.load()


async def clock_set(scene: Scene) -> None:
    """Set the clock on the wall forward, and further back."""
    scene.set_wall_clock(30 * HOUR)
    await scene.pass_time(MINUTE)
    scene.set_wall_clock(-30 * HOUR)


async def begun_twice(scene: Scene) -> None:
    """Begin two more runs in the same moment."""
    outcomes = await asyncio.gather(
        *(scene.call("start_tuning") for _ in range(2)), return_exceptions=True
    )
    assert all(isinstance(outcome, ServiceValidationError) for outcome in outcomes)


async def worked_on(scene: Scene) -> None:
    """Begin maintenance."""
    await switch(scene.hass, scene.entry, "maintenance", on=True)
    held = setting(scene.server)
    await scene.pass_time(3 * MINUTE)
    assert setting(scene.server) == held
    await switch(scene.hass, scene.entry, "maintenance", on=False)


async def option_changed(scene: Scene) -> None:
    """Choose another range, which sets the miner up anew."""
    options = {**scene.entry.options, CONF_EXTENDED_RANGE: True}
    scene.hass.config_entries.async_update_entry(scene.entry, options=options)
    await scene.hass.config_entries.async_reload(scene.entry.entry_id)
    await scene.settle()


async def removed(scene: Scene) -> None:
    """Remove the miner from Home Assistant."""
    await scene.hass.config_entries.async_remove(scene.entry.entry_id)
    await scene.settle()
    scene.is_gone = True


EVENTS: dict[str, Callable[[Scene], Awaitable[None]]] = {
    event.__name__: event
    for event in (
        connection_lost,
        rebooted,
        overheated,
        latched,
        changed_by_hand,
        stopped_and_started,
        killed,
        storage_lost,
        clock_set,
        begun_twice,
        worked_on,
        option_changed,
        removed,
    )
}


@pytest.fixture
async def scene(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    set_wall_clock: SetWallClock,
    hass_storage: dict[str, Any],
) -> Scene:
    """Set up a miner, and begin nothing yet."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(3 * MINUTE)
    return Scene(
        hass,
        server,
        entry,
        setting(server),
        pass_time,
        settle,
        set_wall_clock,
        hass_storage,
    )


async def begin(scene: Scene, phase: str) -> None:
    """Begin a run or a soak test, and come to a phase of it."""
    if phase == "soaking":
        await scene.call("apply_configuration", frequency=500, core_voltage=1120)
        await scene.call("save_profile", name="Night")
        scene.people.add(setting(scene.server))
        await scene.call(
            "apply_configuration",
            frequency=scene.original.frequency,
            core_voltage=scene.original.core_voltage,
        )
        await scene.pass_time(MINUTE)
        await scene.call("start_soak_test", profile="Night", hours=6)
    else:
        await scene.call("start_tuning", goal="efficiency")
    await PHASES[phase](scene)


ELSEWHERE = {
    "connection_lost",
    "latched",
    "changed_by_hand",
    "stopped_and_started",
    "killed",
    "begun_twice",
    "worked_on",
    "option_changed",
    "removed",
}
"""What `test_session` has in the phases of a trial."""


@pytest.mark.parametrize(
    ("event", "phase"),
    [
        (event, phase)
        for event in EVENTS
        for phase in PHASES
        if event not in ELSEWHERE or phase not in ("settling", "measuring")
    ],
)
async def test_whatever_happens(scene: Scene, event: str, phase: str) -> None:
    """Limits and budget are kept, and in the end the setting is one somebody knows."""
    await begin(scene, phase)
    limits = scene.entry.runtime_data.limits
    before = setting(scene.server)
    await EVENTS[event](scene)
    if not scene.is_gone:
        await come_to_an_end(scene)
    check_requests(scene, limits)
    if event == "changed_by_hand":
        assert setting(scene.server) == BY_HAND
    elif (event, phase) == ("removed", "waiting"):
        # In maintenance nothing of ours writes to it.
        assert setting(scene.server) == before
    elif not scene.is_blind and not scene.asks_a_person:
        assert setting(scene.server) in {scene.original, *scene.people}
        if phase != "soaking":
            assert setting(scene.server) == scene.original


async def come_to_an_end(scene: Scene) -> None:
    """Let all calm down, and end what still goes on."""
    hass, entry = scene.hass, scene.entry
    await scene.pass_time(4 * MINUTE)
    if the_tuner(hass, entry).is_running:
        await scene.call("stop_tuning", keep="original")
    with_maintenance = entry.runtime_data.claims.is_held_by(Claimant.MAINTENANCE)
    if with_maintenance:
        await switch(hass, entry, "maintenance", on=False)
    await scene.pass_time(15 * MINUTE, 20)
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    assert not tuner.is_running
    assert not entry.runtime_data.claims.is_held_by(Claimant.TUNER)


def check_requests(scene: Scene, limits: Any) -> None:
    """See that nothing was asked for beyond limits and budget."""
    (low, high), (low_mv, high_mv) = limits.frequency, limits.core_voltage
    restarts = 0
    for request in scene.server.miner.requests:
        if request.method == "PATCH" and b"frequency" in request.body:
            assert low <= request.json.get("frequency", low) <= high
            assert low_mv <= request.json.get("coreVoltage", low_mv) <= high_mv
        restarts += request.method == "POST" and request.path.endswith("/restart")
    assert restarts <= BUDGET
