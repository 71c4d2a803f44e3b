"""Several runs at once never draw more than the swarm may."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_TUNING
from custom_components.bitaxe.tuning import Goal, Phase
from custom_components.bitaxe.tuning.power_limit import CONF_MAXIMUM_SWARM_POWER
from scripts.simulator import PRESETS

from ..conftest import AddMiner, PassTime, Simulate
from .synthetic import DEFAULT, SyntheticMiner, start
from .test_session import act, state, the_tuner

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


async def test_two_miners_at_once(
    hass: HomeAssistant,
    swarm: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """What they draw together stays below the limit at every reading."""
    first = await simulate("gamma-2.12")
    second = await simulate(replace(PRESETS["gamma-2.12"], name="other", seed=77))
    servers = [first, second]
    entries = [await add_miner(server) for server in servers]
    await pass_time(5 * MINUTE)

    def drawn() -> float:
        return sum(server.miner.electrics.power_w for server in servers)

    limit = round(drawn() + 3)
    hass.config_entries.async_update_entry(
        swarm, options={CONF_TUNING: {CONF_MAXIMUM_SWARM_POWER: limit}}
    )
    for entry in entries:
        await act(hass, entry, "start_tuning", goal="hashrate", time_limit="01:30:00")
    highest = 0.0
    for _ in range(720):
        await pass_time(10)
        highest = max(highest, drawn())
        if not any(the_tuner(hass, entry).is_running for entry in entries):
            break
    assert highest <= limit * 1.005
    assert {state(hass, entry) for entry in entries} == {"finished"}


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
