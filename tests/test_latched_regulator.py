"""A regulator that switches off without a word (F11), whatever goes on with the miner.

It is recognised, reported with its cause, nothing is written to it, and a restart is
offered, after which what went on goes on.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.bitaxe.axeos import MiningState
from custom_components.bitaxe.const import CONF_GUARD, CONF_POWER, DOMAIN
from scripts.simulator import MinerServer

from .conftest import AddMiner, PassTime, Simulate
from .entities import state_of
from .guard.test_guard import switch, the_guard
from .power.house import device_of, draws, measure, setting
from .power.test_following import act as set_target
from .power.test_heating import add_room, call, feel
from .test_repairs import Repair
from .test_services import act, restarts, writes
from .tuning.test_session import the_tuner
from .web import sign_in

MINUTE = 60

type AcceptRestart = Callable[[], Coroutine[Any, Any, None]]


class Scene:
    """A miner, and what can be begun with it."""

    def __init__(
        self,
        hass: HomeAssistant,
        swarm: MockConfigEntry,
        server: MinerServer,
        entry: MockConfigEntry,
        pass_time: PassTime,
    ) -> None:
        """Begin with a miner that is left alone."""
        self.hass, self.swarm, self.pass_time = hass, swarm, pass_time
        self.server, self.entry = server, entry

    async def idle(self) -> None:
        """Leave it alone."""

    async def own_target(self) -> None:
        """Have it follow a target of its own."""
        await set_target(self.hass, self.entry, power=14, follow=True)
        await self.pass_time(10 * MINUTE, 30)

    async def way_back(self) -> None:
        """Have it on its way back from a target."""
        await self.own_target()
        await set_target(self.hass, self.entry, follow=False)

    async def heating(self) -> None:
        """Have it heat a room."""
        feel(self.hass, 20.2)
        room = await add_room(self.hass, self.swarm, [(self.server, self.entry)])
        await call(self.hass, room, "turn_on")
        await self.pass_time(10 * MINUTE, 30)

    async def guard_hold(self) -> None:
        """Have the guard hold it at a lower setting."""
        self.server.miner.faults.set(ambient_offset=22)
        for _ in range(120):
            await self.pass_time(10)
            if the_guard(self.hass, self.entry).holds:
                break
        assert the_guard(self.hass, self.entry).holds
        await self.pass_time(2 * MINUTE)
        self.server.miner.faults.set(ambient_offset=-10)


@pytest.fixture
async def scene(
    hass: HomeAssistant,
    swarm: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> Scene:
    """Return a miner of which some points were measured."""
    server = await simulate("gamma-2.15")
    options: dict[str, object] = {
        CONF_GUARD: {"watchdog": False, "heat_action": "step_down"},
        CONF_POWER: {"when_off": "restore"},
    }
    entry = await add_miner(server, options)
    await measure(hass, entry, server)
    await pass_time(5 * MINUTE, 30)
    return Scene(hass, swarm, server, entry, pass_time)


def is_asked(hass: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Whether a restart is offered."""
    issue_id = f"regulator_off_{entry.entry_id}"
    return ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None


@pytest.fixture
async def accept_restart(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    scene: Scene,
) -> AcceptRestart:
    """Accept the restart that is offered."""
    assert await async_setup_component(hass, "repairs", {})

    async def accept() -> None:
        client = await sign_in(hass, hass_client, hass_admin_user)
        repair = Repair(client, f"regulator_off_{scene.entry.entry_id}")
        assert (await repair.open())["step_id"] == "confirm"
        assert (await repair.submit())["type"] == "create_entry"

    return accept


@pytest.mark.parametrize(
    "begin",
    [Scene.idle, Scene.own_target, Scene.way_back, Scene.heating, Scene.guard_hold],
    ids=lambda begin: begin.__name__,
)
async def test_whatever_goes_on(
    scene: Scene,
    accept_restart: AcceptRestart,
    begin: Callable[[Scene], Coroutine[Any, Any, None]],
) -> None:
    """Nobody writes to it before somebody restarts it, and then all goes on."""
    hass, server, entry = scene.hass, scene.server, scene.entry
    await begin(scene)
    server.miner.faults.set(regulator_off=True)
    await scene.pass_time(10)
    before, sent = setting(server), len(writes(server))
    await scene.pass_time(4 * MINUTE, 10)
    assert is_asked(hass, entry)
    problem = state_of(hass, entry, "binary_sensor", "problem")
    assert problem.state == "on"
    assert "regulator_off" in str(problem.attributes)
    # Changes of a target, and time, change nothing of that.
    await set_target(hass, entry, power=12)
    feel(hass, 10)
    await scene.pass_time(20 * MINUTE, 30)
    assert setting(server) == before
    assert len(writes(server)) == sent
    assert restarts(server) == 0
    server.miner.faults.set(ambient_offset=0)
    await accept_restart()
    assert restarts(server) == 1
    await scene.pass_time(30 * MINUTE, 30)
    assert not is_asked(hass, entry)
    snapshot = entry.runtime_data.snapshot
    assert snapshot.state is MiningState.MINING
    chosen = entry.runtime_data.intended.operating_point
    if begin is Scene.own_target:
        assert draws(server) <= 12.2 or setting(server).frequency == 400
    elif begin is not Scene.heating:
        assert setting(server) == chosen


async def test_after_a_profile_was_applied_to_several(
    scene: Scene, hass_ws_client: WebSocketGenerator
) -> None:
    """That it reads back is not yet that it works: it is said once it is known."""
    hass, server, entry = scene.hass, scene.server, scene.entry
    connection = await hass_ws_client()
    await connection.send_json_auto_id(
        {
            "type": f"{DOMAIN}/bulk_work",
            "action": "apply_profile",
            "profile": "max",
            "device_id": [device_of(hass, entry)],
        }
    )
    assert (await connection.receive_json())["success"]
    await connection.receive_json()
    assert (await connection.receive_json())["event"]["result"] == "done"
    server.miner.faults.set(regulator_off=True)
    sent = len(writes(server))
    await scene.pass_time(5 * MINUTE, 10)
    assert entry.runtime_data.verification.is_unproven
    assert is_asked(hass, entry)
    assert len(writes(server)) == sent
    assert restarts(server) == 0


async def test_during_a_soak_test(scene: Scene) -> None:
    """It fails for that, and the miner is brought back by a restart, and mines."""
    hass, server, entry = scene.hass, scene.server, scene.entry
    original = setting(server)
    await act(hass, "start_soak_test", entry, profile="eco", hours=6)
    await scene.pass_time(10 * MINUTE, 30)
    assert the_tuner(hass, entry).is_running
    server.miner.faults.set(regulator_off=True)
    await scene.pass_time(20 * MINUTE, 30)
    assert not the_tuner(hass, entry).is_running
    assert the_tuner(hass, entry).reason == "soak_latched"
    await scene.pass_time(10 * MINUTE, 30)
    assert restarts(server) == 1
    assert setting(server) == original
    assert entry.runtime_data.snapshot.state is MiningState.MINING
    assert not is_asked(hass, entry)


async def test_a_miner_that_is_paused(
    scene: Scene, accept_restart: AcceptRestart
) -> None:
    """It has no voltage anyway: nothing is claimed before it is to mine again."""
    hass, server, entry = scene.hass, scene.server, scene.entry
    await switch(hass, entry, "mining", on=False)
    server.miner.faults.set(regulator_off=True)
    await scene.pass_time(5 * MINUTE, 10)
    assert not is_asked(hass, entry)
    await switch(hass, entry, "mining", on=True)
    await scene.pass_time(5 * MINUTE, 10)
    assert is_asked(hass, entry)
    await accept_restart()
    await scene.pass_time(5 * MINUTE, 10)
    assert entry.runtime_data.snapshot.state is MiningState.MINING
