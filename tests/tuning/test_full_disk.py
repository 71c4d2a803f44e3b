"""What a person asked for, and what a run needs, while nothing can be stored."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from ..conftest import AddMiner, PassTime, Simulate
from ..full_disk import no_space_after
from .test_session import MINUTE, Watch, act, reason, setting, state, swarm, the_tuner

__all__ = ["swarm"]

_SPACE = 100
"""Bytes; less than any of our files."""


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Let Home Assistant write real files."""
    return {}


@pytest.mark.parametrize(
    ("action", "data"),
    [("save_profile", {"name": "mine"}), ("add_note", {"text": "New paste"})],
)
async def test_a_person_learns_of_it(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    action: str,
    data: dict[str, str],
) -> None:
    """That it will be forgotten; once there is space again it is not."""
    entry = await add_miner(await simulate("gamma-2.12"))
    with no_space_after(_SPACE), pytest.raises(HomeAssistantError, match="disk full"):
        await act(hass, entry, action, **data)
    await act(hass, entry, action, **data)


async def test_no_run_begins(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """After a crash nobody would know which setting the miner had."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    before = setting(server)
    with no_space_after(_SPACE):
        with pytest.raises(HomeAssistantError, match="Nothing was started"):
            await act(hass, entry, "start_tuning", goal="efficiency")
        assert state(hass, entry) == "idle"
        await pass_time(5 * MINUTE)
    assert setting(server) == before
    await act(hass, entry, "start_tuning", goal="efficiency")
    assert state(hass, entry) == "settling"


async def test_a_run_ends_before_it_writes_what_nobody_would_know_of(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The miner goes back to the setting from before."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    before = setting(server)
    tuner, watch = the_tuner(hass, entry), Watch(server, pass_time)
    await act(hass, entry, "start_tuning", goal="efficiency")
    while setting(server) == before:
        await watch.look(30)
    tried = set(watch.settings)
    with no_space_after(_SPACE):
        await watch.until_over(tuner)
    assert (state(hass, entry), reason(hass, entry)) == ("failed", "not_stored")
    assert setting(server) == before
    assert set(watch.settings) == tried
