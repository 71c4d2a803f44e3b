"""Several runs at once never draw more than the swarm may."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_TUNING, DOMAIN
from custom_components.bitaxe.targets import async_device_id
from custom_components.bitaxe.tuning import Goal, Phase
from custom_components.bitaxe.tuning.power_limit import CONF_MAXIMUM_SWARM_POWER
from scripts.simulator import PRESETS

from ..conftest import AddMiner, PassTime, Settle, SetWallClock, Simulate
from .synthetic import DEFAULT, SyntheticMiner, start
from .test_session import OTHER, act, choose, setting, state, the_tuner

MINUTE = 60


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


def test_a_run_waits_for_what_others_draw() -> None:
    """It goes on where it was, and begins the trial once there is power for it."""
    miner = SyntheticMiner()
    run = start(miner, Goal.HASHRATE)
    miner.changes = {"power_allowance": miner.power(DEFAULT) + 0.5}
    while not run.trials:
        miner.obey(run.feed(miner.sample()))
    for _ in range(20):
        miner.obey(run.feed(miner.sample()))
    assert (run.phase, run.reason) == (Phase.WAITING, "swarm_power")
    assert miner.written == []
    miner.changes = {"power_allowance": 100.0}
    while not run.phase.is_over:
        miner.obey(run.feed(miner.sample()))
    assert run.phase is Phase.FINISHED
    assert miner.power(miner.setting) > miner.power(DEFAULT) + 2


def test_a_run_does_with_what_there_is() -> None:
    """When others go on drawing what they do, the best that fits is found."""
    miner = SyntheticMiner()
    run = start(miner, Goal.HASHRATE)
    allowance = miner.power(DEFAULT) + 1.0
    miner.changes = {"power_allowance": allowance}
    highest = 0.0
    while not run.phase.is_over:
        miner.obey(run.feed(miner.sample()))
        highest = max(highest, miner.power(miner.setting))
    assert run.phase is Phase.FINISHED
    assert highest <= allowance
    free = SyntheticMiner()
    assert miner.score(Goal.HASHRATE, miner.setting) >= free.score(
        Goal.HASHRATE, DEFAULT
    )


def test_others_that_need_more_end_a_trial() -> None:
    """It steps back to what was measured; the point itself is no wall."""
    miner = SyntheticMiner()
    run = start(miner, Goal.HASHRATE)
    miner.changes = {"power_allowance": 100.0}
    while miner.setting == DEFAULT:
        miner.obey(run.feed(miner.sample()))
    miner.changes = {"power_allowance": miner.power(DEFAULT) + 0.2}
    for _ in range(6):
        miner.obey(run.feed(miner.sample()))
    assert miner.setting == DEFAULT
    assert run.trials[-1].limit == "swarm_power"
    miner.changes = {"power_allowance": 100.0}
    while not run.phase.is_over:
        miner.obey(run.feed(miner.sample()))
    assert miner.power(miner.setting) > miner.power(DEFAULT) + 2


@pytest.mark.parametrize("faults", [False, True])
async def test_two_miners_at_once(
    hass: HomeAssistant,
    swarm: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    set_wall_clock: SetWallClock,
    faults: bool,
) -> None:
    """What they draw together stays below the limit at every reading.

    Whatever happens to them: both end on a setting that was measured or chosen.
    """
    first = await simulate("gamma-2.12")
    second = await simulate(replace(PRESETS["gamma-2.12"], name="other", seed=77))
    servers = [first, second]
    entries = [await add_miner(server) for server in servers]
    await pass_time(5 * MINUTE)
    chosen = [setting(server) for server in servers]

    def drawn() -> float:
        return sum(server.miner.electrics.power_w for server in servers)

    limit = round(drawn() + 3)
    hass.config_entries.async_update_entry(
        swarm, options={CONF_TUNING: {CONF_MAXIMUM_SWARM_POWER: limit}}
    )
    for entry in entries:
        await act(
            hass,
            entry,
            "start_tuning",
            goal="hashrate",
            time_limit="00:40:00" if faults else "01:30:00",
            after_restart="resume",
        )

    async def restart() -> None:
        for entry in entries:
            await hass.config_entries.async_unload(entry.entry_id)
        for entry in entries:
            await hass.config_entries.async_setup(entry.entry_id)
        await settle()

    happens: dict[int, Callable[[], object]] = {
        60: lambda: first.miner.faults.set(offline=True),
        75: lambda: first.miner.faults.set(offline=False),
        90: lambda: second.miner.faults.set(regulator_off=True),
        130: restart,
        150: lambda: first.miner.faults.set(ambient_offset=45),
        155: lambda: set_wall_clock(-30 * 3600),
        170: lambda: first.miner.faults.set(ambient_offset=0),
        220: lambda: choose(second, OTHER),
    }
    highest = 0.0
    for poll in range(720):
        if faults and poll in happens:
            done = happens[poll]()
            if isinstance(done, Awaitable):
                await done
        await pass_time(10)
        highest = max(highest, drawn())
        if not any(the_tuner(hass, entry).task for entry in entries):
            break
    assert highest <= limit * 1.005
    if not faults:
        assert {state(hass, entry) for entry in entries} == {"finished"}
        return
    assert setting(second) == OTHER
    measured = {trial.point for trial in the_tuner(hass, entries[0]).results[-1].trials}
    assert setting(first) in {chosen[0], *measured}


async def test_several_of_whom_some_cannot_begin(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Those that can do; the answer names each other one, and nothing of it changed."""
    paused = replace(PRESETS["gamma-2.15"], name="paused", paused=True)
    servers = [await simulate(spec) for spec in ("gamma-2.12", "supra-2.9", paused)]
    here, *others = [await add_miner(server) for server in servers]
    await pass_time(MINUTE)
    servers[1].miner.faults.set(offline=True)
    await pass_time(5 * MINUTE)
    devices = [async_device_id(hass, entry.runtime_data) for entry in (here, *others)]
    unknown = {"device_id": [*devices, "unknown"]}
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(DOMAIN, "start_tuning", unknown, blocking=True)
    assert not the_tuner(hass, here).is_running
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN, "start_tuning", {"device_id": devices}, blocking=True
        )
    assert "2 of 3" in str(refused.value)
    assert here.title not in str(refused.value)
    for entry in others:
        assert entry.title in str(refused.value)
        assert the_tuner(hass, entry).task is None
        assert state(hass, entry) in ("idle", "unavailable")
    assert the_tuner(hass, here).is_running
    assert not any(
        request.method != "GET"
        for server in servers[1:]
        for request in server.miner.requests
    )


async def test_too_much_already(
    hass: HomeAssistant,
    swarm: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Nothing begins where the miners draw more than they may."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    hass.config_entries.async_update_entry(
        swarm, options={CONF_TUNING: {CONF_MAXIMUM_SWARM_POWER: 10}}
    )
    with pytest.raises(HomeAssistantError):
        await act(hass, entry, "start_tuning")
    assert state(hass, entry) == "idle"
