"""A board that changed under the same MAC: nothing of the former one is for it."""

import asyncio
from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import Family
from custom_components.bitaxe.power.swarm import async_get_power
from custom_components.bitaxe.tuning.session import tuner_of
from scripts.simulator import PRESETS, MinerServer
from scripts.simulator.image import build_image

from .conftest import AddMiner, PassTime, Settle, Simulate
from .guard.test_guard import frequency, guarded, heat_up, the_guard
from .test_services import act
from .test_update import Publisher, allow, begin, finish, publisher, update_of
from .test_write_path import MAX, sent

__all__ = ["publisher"]

pytestmark = pytest.mark.usefixtures("swarm_entry")


def exchange_board(server: MinerServer, **changes: Any) -> None:
    """Give a miner another board, set as the former one was."""
    before = server.miner
    spec = replace(MAX, **{"mac": before.spec.mac_address, **changes})
    server.miner = type(before)(spec, before.clock)
    server.miner.stored.update(
        {
            key: before.stored[key]
            for key in ("frequency", "coreVoltage")
            if key in before.stored
        }
    )


@pytest.mark.parametrize("down", [False, True])
async def test_the_guard_does_not_go_back_on_another_board(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    down: bool,
) -> None:
    """What it held was chosen for the former one."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(300)
    chosen = frequency(server)
    await heat_up(server, pass_time)
    assert frequency(server) < chosen
    assert the_guard(hass, entry).holds
    held = frequency(server)
    if down:
        await hass.config_entries.async_unload(entry.entry_id)
    exchange_board(server)
    if down:
        await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(30)
    assert entry.runtime_data.snapshot.operating_point.frequency == held
    assert not the_guard(hass, entry).holds
    await pass_time(1200)
    assert frequency(server) == held
    assert sent(server) == []


async def test_profiles_are_of_the_board_they_were_found_on(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Another board has its own default alone; the former one finds its own again."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await act(hass, "apply_configuration", entry, frequency=500, core_voltage=1160)
    await act(hass, "save_profile", entry, name="Summer")
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    assert "Summer" in tuner.offered
    former = server.miner
    exchange_board(server)
    await pass_time(30)
    assert set(tuner.offered) == {"stock"}
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "start_soak_test", entry, profile="Summer", hours=6)
    assert raised.value.translation_key == "unknown_profile"
    assert sent(server) == []
    server.miner = former
    await pass_time(30)
    assert "Summer" in tuner.offered


@pytest.mark.usefixtures("every_entity")
async def test_a_profile_of_all_is_that_of_the_board_whose_turn_it_is(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Miners are changed a few at a time, and the others are read meanwhile."""
    servers = [
        await simulate(replace(PRESETS["gamma-2.12"], name=f"gamma {seed}", seed=seed))
        for seed in range(5)
    ]
    for server in servers:
        server.miner.write({"frequency": 500, "coreVoltage": 1160})
    *_, last = [await add_miner(server) for server in servers]
    for server in servers[:-1]:
        server.miner.faults.set(stall_seconds=4)
    selecting = hass.async_create_task(
        hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": "select.bitaxe_swarm_profile", "option": "stock"},
            blocking=True,
        )
    )
    exchange_board(servers[-1])
    await last.runtime_data.async_refresh()
    assert not sent(servers[-1])
    while not selecting.done():
        freezer.tick(5)
        for _ in range(20):
            await asyncio.sleep(0)
    await selecting
    assert servers[0].miner.stored["frequency"] == 525
    # The default of a Max.
    stored = servers[-1].miner.stored
    assert (stored["frequency"], stored["coreVoltage"]) == (425, 1400)


async def test_firmware_is_of_the_board_that_gets_it(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """Downloading takes a while, in which the miner is read on."""
    image = build_image("v1.0.38", 50_000)
    names = ("esp-miner-NerdQAxe++.bin", "esp-miner-NerdAxeGamma.bin")
    publisher.release(Family.NERDOS, "v1.0.38", **dict.fromkeys(names, image))
    server = await simulate("nerdqaxepp-1.0.36")
    entry: MockConfigEntry = await add_miner(server)
    await allow(hass, settle)
    other = next(spec for spec in PRESETS.values() if spec.model == "nerdaxegamma")

    async def exchange() -> None:
        spec = replace(other, mac=server.miner.spec.mac_address, firmware="v1.0.36")
        server.miner = type(server.miner)(spec, server.miner.clock)
        await entry.runtime_data.async_refresh()

    publisher.before_file = exchange
    with pytest.raises(HomeAssistantError) as raised:
        await finish(begin(hass, update_of(hass, entry)), pass_time)
    assert raised.value.translation_key == "board_changed"
    assert not any("OTA" in item for item in sent(server))


async def test_what_a_run_found_is_of_its_board(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """No power target chooses among what the tuner measured of the former one."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await act(hass, "start_tuning", entry)
    await pass_time(1200, 20)
    await act(hass, "stop_tuning", entry, keep="original")
    await pass_time(300, 20)
    tuner = tuner_of(hass, entry.entry_id)
    power = async_get_power(hass).miners[entry.entry_id]
    assert tuner is not None
    assert tuner.results
    assert power.points
    former = server.miner
    exchange_board(server)
    await pass_time(10)
    assert power.points == ()
    await act(hass, "set_power_target", entry, power=5, follow=True)
    await pass_time(600, 20)
    assert sent(server) == []
    assert not tuner.results
    assert power.points == ()
    server.miner = former
    await pass_time(30)
    assert tuner.results
    assert power.points
