"""The one definition of live data, and what is made of it."""

from typing import Any

from homeassistant.core import HomeAssistant
from pydantic import TypeAdapter
import pytest

from custom_components.bitaxe.live.model import LiveFull, LiveMiner, LiveSwarm
from scripts.live_types import written

from ..cli import swarms
from ..conftest import AddMiner, Simulate
from .live import Subscribe

pytestmark = pytest.mark.usefixtures("swarm_entry")
MINER_KEYS = set(LiveMiner.__annotations__)
SWARM_KEYS = set(LiveSwarm.__annotations__)


def test_schema_and_types_are_up_to_date() -> None:
    """Otherwise: `python -m scripts.live_types`."""
    for file, content in written().items():
        assert file.read_text(encoding="utf-8") == content


def check(miners: dict[str, Any], swarm: dict[str, Any]) -> None:
    """Hold live data against their definition."""
    TypeAdapter(LiveFull).validate_python(
        {"type": "full", "miners": miners, "swarm": swarm}
    )
    assert all(miner.keys() == MINER_KEYS for miner in miners.values())
    assert swarm.keys() == SWARM_KEYS


@pytest.mark.parametrize("preset", ["gamma-2.10", "gamma-2.15"])
async def test_what_is_sent_is_what_is_defined(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    subscribe: Subscribe,
    preset: str,
) -> None:
    """Of a miner that answers, and of one that does not."""
    await add_miner(await simulate(preset))
    silent = await simulate("gamma-2.12")
    silent.miner.faults.offline = True
    await add_miner(silent)
    screen = await subscribe()
    assert len(screen.miners) == 2
    check(screen.miners, screen.swarm)


def test_the_terminal_is_tested_with_the_same() -> None:
    """Its fixtures have every key, of the right type."""
    check({"1": swarms.miner(), "2": swarms.unknown_miner()}, swarms.swarm())
