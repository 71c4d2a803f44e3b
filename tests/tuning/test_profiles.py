"""Profiles, and what happens to them while they are tested or learnt."""

import asyncio
from dataclasses import replace
from threading import Event
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import CONF_GUARD, DOMAIN
from custom_components.bitaxe.miner.claims import Claimant
from custom_components.bitaxe.miner.events import Occurrence, OccurrenceType
from custom_components.bitaxe.targets import async_device_id
from custom_components.bitaxe.tuning.profiles import Profile, Profiles
from scripts.simulator import PRESETS

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import state_of
from .test_session import OTHER, act, choose, reason, setting, state, the_tuner
from .test_soak import begin

MINUTE = 60.0
HOUR = 3600.0


pytestmark = pytest.mark.usefixtures("swarm")


async def test_a_miner_that_rounds_what_it_reports(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """It is on its profile all the same."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    stock = setting(server)
    choose(
        server,
        OperatingPoint(
            frequency=stock.frequency - 0.25, core_voltage=stock.core_voltage
        ),
    )
    await pass_time(20)
    assert state_of(hass, entry, "select", "profile").state == "stock"


@pytest.mark.parametrize(
    ("limits", "steps"),
    [
        ({}, (6.25, 25.0)),
        # Of a write, one half may be rounded to what was there.
        ({"minimum_hashrate": 1038}, (12.5, 25.0)),
    ],
)
async def test_a_miner_that_rounds_what_it_is_set_to(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    limits: dict[str, float],
    steps: tuple[float, float],
) -> None:
    """A run measures what the firmware makes of a setting, and ends on one of those."""
    server = await simulate(replace(PRESETS["gamma-2.12"], steps=steps))
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    stock = setting(server)
    await act(hass, entry, "start_tuning", goal="efficiency", **limits)
    tuner = the_tuner(hass, entry)
    while tuner.task is not None:
        await pass_time(20)
    assert (state(hass, entry), reason(hass, entry)) == ("finished", "found")
    tried = [trial.point for trial in tuner.results[-1].trials]
    assert len(tried) == len(set(tried)) > 2
    assert setting(server) in tried
    assert setting(server) != stock
    assert all(
        value % step == 0
        for point in tried
        for value, step in zip(
            (point.frequency, point.core_voltage), steps, strict=True
        )
    )
    assert entry.runtime_data.intended.operating_point == setting(server)
    assert state_of(hass, entry, "select", "profile").state in [
        profile.name for profile in tuner.profiles
    ]


async def test_a_profile_that_is_deleted_as_a_run_ends(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the run has learnt is worked out for a while, and does not bring it back."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    await act(hass, entry, "save_profile", name="Night")
    await act(hass, entry, "start_tuning")
    await pass_time(MINUTE)
    begun, may_end = Event(), Event()
    learn = Profiles.learn

    def slowly(*args: Any) -> None:
        begun.set()
        may_end.wait(60)
        learn(*args)

    monkeypatch.setattr(Profiles, "learn", slowly)
    stopping = asyncio.create_task(act(hass, entry, "stop_tuning"))
    await hass.async_add_executor_job(begun.wait, 60)
    deleting = asyncio.create_task(act(hass, entry, "delete_profile", name="Night"))
    for _ in range(100):
        await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(stopping, deleting)
    assert "Night" not in the_tuner(hass, entry).profiles


async def test_a_profile_that_the_guard_ends(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Whatever made it act: once it lets go, the setting from before comes back."""
    options: dict[str, object] = {CONF_GUARD: {"minimum_input_voltage": 96}}
    server, entry, original, profile = await begin(
        hass, simulate, add_miner, pass_time, options
    )
    server.miner.faults.set(sagging_supply=0.6)
    claims = entry.runtime_data.claims
    for _ in range(12):
        await pass_time(10)
        if claims.is_held_by(Claimant.GUARD):
            break
    await pass_time(MINUTE)
    assert (state(hass, entry), reason(hass, entry)) == ("waiting", "guard")
    assert setting(server).frequency < profile.frequency
    server.miner.faults.set(sagging_supply=0.0)
    for _ in range(90):
        await pass_time(10)
        if not the_tuner(hass, entry).is_running:
            break
    await pass_time(MINUTE)
    assert state(hass, entry) == "failed"
    assert setting(server) == original


async def test_a_profile_for_all_of_whom_one_is_away(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The others get it, and the answer names the one that did not."""
    here, away = await simulate("gamma-2.12"), await simulate("supra-2.9")
    stock = setting(here)
    for server in (here, away):
        await add_miner(server)
        choose(server, OTHER)
    await pass_time(20)
    away.miner.faults.set(offline=True)
    with pytest.raises(HomeAssistantError, match="supra-2.9"):
        await hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": "select.bitaxe_swarm_profile", "option": "stock"},
            blocking=True,
        )
    assert setting(here) == stock
    assert setting(away) == OTHER


async def test_who_began_a_soak_test(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_admin_user: MockUser,
) -> None:
    """It is announced like a run."""
    entry = await add_miner(await simulate("gamma-2.12"))
    await pass_time(MINUTE)
    await act(hass, entry, "save_profile", name="Night")
    announced: list[Occurrence] = []
    entry.runtime_data.async_add_occurrence_listener(announced.append)
    device_id = async_device_id(hass, entry.runtime_data)
    await hass.services.async_call(
        DOMAIN,
        "start_soak_test",
        {"device_id": device_id, "profile": "Night"},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )
    begun = next(item for item in announced if item.type is OccurrenceType.TUNING)
    assert begun.data["action"] == "soak_started"
    assert begun.data["user_id"] == hass_admin_user.id


@pytest.mark.parametrize("then", ["deleted", "saved anew"])
async def test_a_profile_that_changes_in_its_soak_test(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    then: str,
) -> None:
    """The test goes on with what it began with, and proves nothing of another."""
    server, entry, _, profile = await begin(hass, simulate, add_miner, pass_time)
    tuner = the_tuner(hass, entry)
    if then == "deleted":
        await act(hass, entry, "delete_profile", name="Night")
    else:
        other = Profile(name="Night", point=OTHER)
        await tuner.async_change_profiles(lambda profiles: profiles.save(other))
    await pass_time(6.1 * HOUR, 50)
    assert (state(hass, entry), reason(hass, entry)) == ("finished", "soak_passed")
    assert setting(server) == profile
    assert [item.proven_hours for item in tuner.profiles] == [None][
        : then == "saved anew"
    ]
