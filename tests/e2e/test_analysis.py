"""What the demo's history says, asked of a real Home Assistant."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession
import pytest

from scripts.demo_home.client import HomeAssistantClient, Websocket
from scripts.demo_home.miners import DEMO_MINERS
from scripts.demo_home.waiting import eventually

from .home import Home

OLD_MINERS = {miner.spec.name for miner in DEMO_MINERS if miner.added}
"""Miners that have a history; others may have been added meanwhile."""
PNG = b"\x89PNG\r\n\x1a\n"


async def act(websocket: Websocket, action: str, **data: Any) -> dict[str, Any]:
    """Call an action of ours, and return its response."""
    result = await websocket.command(
        "call_service",
        domain="bitaxe",
        service=action,
        service_data=data,
        return_response=True,
    )
    response: dict[str, Any] = result["response"]
    return response


async def swarm_device(websocket: Websocket) -> str:
    """Return the device that stands for all miners."""
    devices = await websocket.command("config/device_registry/list")
    return next(
        str(device["id"])
        for device in devices
        if ["bitaxe", "swarm"] in device["identifiers"]
    )


async def states(websocket: Websocket) -> dict[str, dict[str, Any]]:
    """Return all states by entity id."""
    found = await websocket.command("get_states")
    return {state["entity_id"]: state for state in found}


def test_history_is_answered(home: Home) -> None:
    """By actions, websocket commands, sensors and pictures."""

    async def look() -> None:
        async with ClientSession() as session:
            client = HomeAssistantClient(session, home.url)
            await client.log_in(home.password)
            async with client.websocket() as websocket:
                await look_through(session, websocket)

    async def look_through(session: ClientSession, websocket: Websocket) -> None:
        swarm = await swarm_device(websocket)

        answer = await act(websocket, "get_configurations", device_id=swarm)
        same = await websocket.command("bitaxe/configurations")
        assert len(answer["miners"]) == len(same["miners"]) > 1
        measured = {
            miner["name"] for miner in answer["miners"] if miner["configurations"]
        }
        assert measured >= OLD_MINERS

        summary = await act(websocket, "get_summary", device_id=swarm, span="24h")
        assert summary["total"]["energy_kwh"] > 0
        assert summary["total"]["cost"] == pytest.approx(
            sum(miner["cost"] or 0 for miner in summary["miners"]), rel=1e-4
        )
        hour = await act(websocket, "get_summary", device_id=swarm, span="1h")
        for now, day in zip(hour["miners"], summary["miners"], strict=True):
            # Counters go on where the history that was written meets the running
            # miners.
            if now["name"] in OLD_MINERS:
                assert now["shares_accepted"] <= 2 * day["shares_accepted"] / 24 + 20
        series = await websocket.command("bitaxe/series", span="24h")
        drawn = {
            miner["name"] for miner in series["miners"] if miner["columns"]["time"]
        }
        assert drawn >= OLD_MINERS
        report = await act(websocket, "get_report", device_id=swarm, span="24h")
        assert report["report"].startswith("## Swarm")
        csv = await act(websocket, "export_csv", device_id=swarm, span="24h")
        assert csv["rows"] > len(summary["miners"])
        folder = home.config / "www"
        folder.mkdir(exist_ok=True)
        await act(
            websocket,
            "render_chart",
            device_id=swarm,
            chart="hashrate_by_miner",
            path="www/miners.png",
        )
        assert (folder / "miners.png").read_bytes().startswith(PNG)

        best = {
            f"sensor.{name.replace('-', '_')}_most_efficient_configuration"
            for name in OLD_MINERS
        }

        async def best_settings() -> list[str] | None:
            found = [
                str(state["state"])
                for entity_id, state in (await states(websocket)).items()
                if entity_id in best
            ]
            known = [state for state in found if " MHz / " in state]
            return known if len(known) == len(best) else None

        assert await eventually("the best setting of each miner", best_settings)

        image = (await states(websocket))["image.bitaxe_swarm_hashrate_chart"]
        picture = home.url + image["attributes"]["entity_picture"]
        async with session.get(picture) as response:
            assert response.status == HTTPStatus.OK
            assert (await response.read()).startswith(PNG)

    # The browser's own event loop already runs in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, look()).result()
