"""What a person would do in a new Home Assistant: onboarding, miners, energy."""

from collections.abc import Iterable

from .client import HomeAssistantClient, Websocket
from .errors import DemoError
from .patience import eventually

PRICE = 0.32
"""EUR per kWh."""

_FLOWS = "/api/config/config_entries/flow"
_OPTIONS_FLOWS = "/api/config/config_entries/options/flow"


async def furnish(
    client: HomeAssistantClient, password: str, miners: Iterable[str]
) -> None:
    """Do all of it, once; `miners` are the addresses of the miners to add."""
    await client.onboard(password)
    await wait_until_running(client)
    async with client.websocket() as websocket:
        await websocket.command(
            "config/core/update",
            location_name="Demo home",
            latitude=52.52,
            longitude=13.40,
            elevation=34,
            unit_system="metric",
            currency="EUR",
            country="DE",
            language="en",
            time_zone="Europe/Berlin",
        )
        await websocket.command("analytics/preferences", preferences={})
        added = 0
        for address in miners:
            await _add_miner(client, address)
            added += 1
        await _set_price(client, await _swarm_entry(websocket))
        await _fill_energy_dashboard(websocket, added)


async def wait_until_running(client: HomeAssistantClient) -> None:
    """Return once all that Home Assistant starts with is set up."""

    async def running() -> bool | None:
        return await client.is_running() or None

    await eventually("the end of the start", running)


async def _add_miner(client: HomeAssistantClient, address: str) -> None:
    """Walk the config flow that a person sees."""
    flow = await client.post(_FLOWS, {"handler": "bitaxe"})
    path = f"{_FLOWS}/{flow['flow_id']}"
    await client.post(path, {"next_step_id": "miner"})
    result = await client.post(path, {"host": address})
    if result["type"] != "create_entry":
        raise DemoError(f"{address} cannot be added: {result}")


async def _swarm_entry(websocket: Websocket) -> str:
    """Return the id of the entry that the integration creates by itself."""

    async def find() -> str | None:
        entries = await websocket.command("config_entries/get", domain="bitaxe")
        return next(
            (
                entry["entry_id"]
                for entry in entries
                if entry["source"] == "system" and entry["state"] == "loaded"
            ),
            None,
        )

    return await eventually("the swarm", find)


async def _set_price(client: HomeAssistantClient, entry: str) -> None:
    flow = await client.post(_OPTIONS_FLOWS, {"handler": entry})
    for answer in ({"next_step_id": "price"}, {"price": PRICE}):
        await client.post(f"{_OPTIONS_FLOWS}/{flow['flow_id']}", answer)


async def _fill_energy_dashboard(websocket: Websocket, miners: int) -> None:
    """List every miner among the devices whose consumption is shown."""

    async def find() -> list[str] | None:
        entities = [
            entity["entity_id"]
            for entity in await websocket.command("config/entity_registry/list")
            if entity["platform"] == "bitaxe"
            and entity["unique_id"].endswith("_energy")
            and not entity["unique_id"].startswith("swarm")
        ]
        return entities if len(entities) == miners else None

    await websocket.command(
        "energy/save_prefs",
        device_consumption=[
            {"stat_consumption": entity}
            for entity in await eventually("the energy of every miner", find)
        ],
    )
