"""What a person would do in a new Home Assistant: onboarding, miners, dashboards."""

from collections.abc import Iterable

from scripts.fake_pool import FakePool

from .client import HomeAssistantClient, Websocket
from .errors import DemoError
from .plug import MINER
from .waiting import eventually

PRICE = 0.32
"""EUR per kWh."""

_FLOWS = "/api/config/config_entries/flow"
_OPTIONS_FLOWS = "/api/config/config_entries/options/flow"
_SUBENTRY_FLOWS = "/api/config/config_entries/subentries/flow"
_REPAIRS = "/api/repairs/issues/fix"
DASHBOARD = "bitaxe-swarm"
"""Path of the dashboard, as the integration names it."""


async def set_up_home(
    client: HomeAssistantClient,
    password: str,
    miners: Iterable[str],
    pool: FakePool | None = None,
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
        swarm = await _swarm_entry(websocket)
        await _set_price(client, swarm)
        if pool is not None:
            await _add_pool_account(client, swarm, pool)
        await _fill_energy_dashboard(websocket, added)
        await _furnish_study(client, swarm)
        await _add_dashboard(client, websocket)


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


async def _add_pool_account(
    client: HomeAssistantClient, swarm: str, pool: FakePool
) -> None:
    """Walk the flow that a person sees, to the pool on this machine."""
    flow = await client.post(_SUBENTRY_FLOWS, {"handler": [swarm, "pool_account"]})
    path = f"{_SUBENTRY_FLOWS}/{flow['flow_id']}"
    await client.post(path, {"next_step_id": "ckpool"})
    result = await client.post(
        path, {"url": pool.url, "user": pool.account, "interval": 10}
    )
    if result["type"] != "create_entry":
        raise DemoError(f"the pool account cannot be added: {result}")


async def _furnish_study(client: HomeAssistantClient, swarm: str) -> None:
    """Add a room that a miner may heat, and the plug of its power supply.

    The thermostat is left off, and energy follows the miners: nothing else changes.
    """
    for kind, answer in (
        ("heating", {"temperature_sensor": "sensor.study_temperature"}),
        (
            "supply",
            {
                "power_sensor": "sensor.study_plug_power",
                "rated_power": 30,
                "counts": False,
            },
        ),
    ):
        flow = await client.post(_SUBENTRY_FLOWS, {"handler": [swarm, kind]})
        (miners,) = (
            field["selector"]["select"]["options"]
            for field in flow["data_schema"]
            if field["name"] == "miners"
        )
        office = [item["value"] for item in miners if item["label"] == MINER]
        result = await client.post(
            f"{_SUBENTRY_FLOWS}/{flow['flow_id']}",
            {"name": "Study" if kind == "heating" else "Study plug", "miners": office}
            | answer,
        )
        if result["type"] != "create_entry":
            raise DemoError(f"the {kind} cannot be added: {result}")


async def _fill_energy_dashboard(websocket: Websocket, miners: int) -> None:
    """List every miner among the devices whose consumption is shown."""

    async def find() -> list[str] | None:
        entities = [
            entity["entity_id"]
            for entity in await websocket.command("config/entity_registry/list")
            if entity["platform"] == "bitaxe"
            and entity["unique_id"].endswith("_energy")
            and not entity["unique_id"].startswith(("swarm", "heating", "supply"))
        ]
        return entities if len(entities) == miners else None

    await websocket.command(
        "energy/save_prefs",
        device_consumption=[
            {"stat_consumption": entity}
            for entity in await eventually("the energy of every miner", find)
        ],
    )


async def _add_dashboard(client: HomeAssistantClient, websocket: Websocket) -> None:
    """Accept the dashboard that the integration offers, and make it the first page."""
    await eventually("the offer of the dashboard", lambda: _is_offered(websocket))
    flow = await client.post(_REPAIRS, {"handler": "bitaxe", "issue_id": "dashboard"})
    await client.post(f"{_REPAIRS}/{flow['flow_id']}", {"next_step_id": "add"})
    await websocket.command(
        "frontend/set_system_data",
        key="core",
        value={"default_panel": DASHBOARD},
    )
    # No phone is here that alerts could be sent to, which is the last step to take.
    await websocket.command(
        "frontend/set_user_data", key="bitaxe", value={"steps_dismissed": True}
    )


async def _is_offered(websocket: Websocket) -> bool | None:
    listed = await websocket.command("repairs/list_issues")
    return any(issue["issue_id"] == "dashboard" for issue in listed["issues"]) or None
