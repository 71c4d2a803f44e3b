"""A Home Assistant that somebody kills: says every second what its miners are at.

Its folder outlives it. The first time it is given its miners, as JSON; from then on it
knows them. Time goes on over all waiting, and is shared with the miners.
"""

import argparse
import asyncio
from dataclasses import asdict
import json
from pathlib import Path
from typing import Any, Final

from scripts.bench.miners import Address
from scripts.bench.time_warp import SharedOffset, TimeWarpSelector

_INTERVAL: Final = 10


def main() -> None:
    """Run until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("shared", type=Path)
    parser.add_argument("miners", type=json.loads)
    options = parser.parse_args()
    selector = TimeWarpSelector(SharedOffset(options.shared))
    addresses = [Address(**item) for item in options.miners]
    with selector.installed():
        # What is imported before keeps the machine's clock.
        from scripts.bench.instance import event_loop  # noqa: PLC0415

        with asyncio.Runner(loop_factory=lambda: event_loop(selector)) as runner:
            runner.run(_live(options.folder, addresses, selector))


async def _live(
    folder: Path, addresses: list[Address], selector: TimeWarpSelector
) -> None:
    from homeassistant.helpers.recorder import get_instance  # noqa: PLC0415
    from homeassistant.setup import async_setup_component  # noqa: PLC0415

    from custom_components.bitaxe.const import DOMAIN  # noqa: PLC0415
    from scripts.bench.instance import add_miners, home_assistant  # noqa: PLC0415

    async with home_assistant(folder) as hass:
        if hass.config_entries.async_entries(DOMAIN):
            await async_setup_component(hass, DOMAIN, {})
            await hass.async_block_till_done()
        else:
            await add_miners(hass, addresses, _INTERVAL)
        recorder = get_instance(hass)
        with selector.warping(lambda: recorder.backlog > 0):
            while True:
                print(json.dumps(_figures(hass)), flush=True)
                await asyncio.sleep(1)


def _figures(hass: Any) -> dict[str, Any]:
    """Return what may never step back, by miner and of the swarm."""
    from custom_components.bitaxe.following import loaded_miners  # noqa: PLC0415
    from custom_components.bitaxe.swarm.coordinator import async_find_swarm  # noqa: PLC0415

    swarm = async_find_swarm(hass)
    return {
        "swarm": None if swarm is None else swarm.totals.energy,
        "miners": {
            miner.config_entry.unique_id: asdict(miner.data.figures)
            for miner in loaded_miners(hass)
        },
        "shown": {
            state.entity_id: float(state.state)
            for state in hass.states.async_all("sensor")
            if state.entity_id.endswith("_energy")
            and state.state not in ("unknown", "unavailable")
        },
    }


if __name__ == "__main__":
    main()
