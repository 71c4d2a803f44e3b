"""Pools and copies of settings on simulated miners: previews, results, writes."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.targets import AT_ONCE
from scripts.simulator import MinerServer, MinerSpec

from .conftest import POLL_SECONDS, AddMiner, PassTime, Simulate
from .test_services import device_id, miner_with_user, restarts, writes

pytestmark = pytest.mark.usefixtures("swarm_entry")

POOL = {"url": "pool.example.org", "port": 3333}


async def ask(
    hass: HomeAssistant, action: str, entries: list[MockConfigEntry], **data: Any
) -> list[dict[str, Any]]:
    """Run an action; return the outcome of each miner."""
    devices = [device_id(hass, entry) for entry in entries]
    response = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": devices, **data},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    outcomes: Any = response["miners"]
    by_device = {outcome["device_id"]: outcome for outcome in outcomes}
    return [by_device[device] for device in devices if device in by_device]


async def test_preview_of_a_pool(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """It says what changes where, each worker by its name, and sends nothing."""
    servers = [
        await miner_with_user(simulate, "gamma-2.12", "bc1qold.first"),
        await miner_with_user(simulate, "gamma-2.14", "bc1qold.second"),
    ]
    entries = [await add_miner(server) for server in servers]
    outcomes = await ask(
        hass,
        "set_pool",
        entries,
        **POOL,
        user="bc1qnew.{worker}",
        password="secret",
        preview=True,
    )
    assert [writes(server) for server in servers] == [[], []]
    assert [restarts(server) for server in servers] == [0, 0]
    for outcome, worker in zip(outcomes, ("first", "second"), strict=True):
        assert outcome["result"] == "planned"
        assert outcome["restart"] is True
        assert outcome["password"] is True
        assert outcome["changes"]["primary_pool"][1] == "pool.example.org:3333"
        assert outcome["changes"]["primary_pool_user"] == [
            f"bc1qold.{worker}",
            f"bc1qnew.{worker}",
        ]
    assert "secret" not in str(outcomes)


async def test_results_of_a_pool(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """One miner that refuses keeps nobody from the rest."""
    servers = [await simulate("gamma-2.12"), await simulate("gamma-2.14")]
    entries = [await add_miner(server) for server in servers]
    servers[0].miner.faults.reject_writes = True
    outcomes = await ask(hass, "set_pool", entries, **POOL)
    assert [outcome["result"] for outcome in outcomes] == ["refused", "done"]
    assert outcomes[0]["reason"]["translation_key"] == "rejected"
    assert [restarts(server) for server in servers] == [0, 1]
    (outcome,) = await ask(hass, "set_pool", entries[1:], **POOL)
    assert outcome["result"] == "unchanged"
    assert restarts(servers[1]) == 1


@pytest.mark.parametrize(
    ("preset", "value"), [("gamma-2.14", 1), ("nerdqaxepp-1.0.36", True)]
)
async def test_pool_encryption(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    preset: str,
    value: object,
) -> None:
    """As the firmware writes it, and only where it differs."""
    server = await simulate(preset)
    entry = await add_miner(server)
    (outcome,) = await ask(hass, "set_pool", [entry], **POOL, tls=True)
    assert outcome["result"] == "done"
    assert writes(server)[0]["stratumTLS"] == value
    assert type(writes(server)[0]["stratumTLS"]) is type(value)
    assert entry.runtime_data.snapshot.pools.primary.tls is True
    await ask(hass, "set_pool", [entry], **(POOL | {"port": 4444}), tls=True)
    # Maybe it uses a certificate of its own.
    assert "stratumTLS" not in writes(server)[-1]


async def test_tls_in_a_slot(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Firmware with slots for pools has it there."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    (outcome,) = await ask(hass, "set_pool", [entry], **POOL, tls=True)
    assert outcome["result"] == "done"
    assert entry.runtime_data.snapshot.pools.primary.tls is True


@pytest.mark.parametrize("scheme", ["ssl", "tls"])
async def test_the_scheme_of_an_address_asks_for_tls(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, scheme: str
) -> None:
    """An address of an encrypted port never becomes one without encryption."""
    server = await simulate("gamma-2.14")
    entry = await add_miner(server)
    pool = POOL | {"url": f"stratum+{scheme}://pool.example.org"}
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "set_pool", [entry], **pool, tls=False)
    assert caught.value.translation_key == "invalid_pool_address"
    assert writes(server) == []
    (outcome,) = await ask(hass, "set_pool", [entry], **pool)
    assert outcome["result"] == "done"
    assert writes(server)[0]["stratumTLS"] == 1


async def test_tls_where_there_is_none(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Off is no change; on is refused before anything is sent."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    (outcome,) = await ask(hass, "set_pool", [entry], **POOL, tls=True)
    assert outcome["reason"]["translation_key"] == "unsupported_setting"
    assert writes(server) == []
    (outcome,) = await ask(hass, "set_pool", [entry], **POOL, tls=False)
    assert outcome["result"] == "done"
    assert "stratumTLS" not in writes(server)[0]


async def test_copy_settings(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Fan, pools and display; never clock and voltage. The worker stays its own."""
    source = await miner_with_user(simulate, "gamma-2.14", "bc1qnew.source")
    source.miner.primary_pool["stratumURL"] = "pool.example.org"
    target = await miner_with_user(simulate, "gamma-2.12", "bc1qold.target")
    first, second = [await add_miner(server) for server in (source, target)]
    await hass.services.async_call(
        DOMAIN,
        "set_fan",
        {"device_id": device_id(hass, first), "mode": "manual", "speed": 81},
        blocking=True,
    )
    before = second.runtime_data.snapshot
    copied = {
        "source": device_id(hass, first),
        "settings": ["fan", "pool", "display"],
    }
    (plan,) = await ask(hass, "copy_settings", [second], **copied, preview=True)
    assert plan["changes"]["fan_speed"][1] == 81
    assert plan["changes"]["primary_pool_user"] == ["bc1qold.target", "bc1qnew.target"]
    assert writes(target) == []
    (outcome,) = await ask(hass, "copy_settings", [first, second], **copied)
    assert outcome["result"] == "done"
    after = second.runtime_data.snapshot
    assert after.cooling.fan_speed_setting == 81
    assert after.pools.primary.host == "pool.example.org"
    assert after.pools.primary.user == "bc1qnew.target"
    assert after.operating_point == before.operating_point
    assert restarts(target) == 1
    assert writes(source)[-1].keys() <= {"autofanspeed", "fanspeed", "manualFanSpeed"}


async def test_copy_only_what_was_chosen(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Nothing else is written, and nothing that the firmware does not have."""
    source, target = await simulate("gamma-2.14"), await simulate("ultra-2.4")
    first, second = [await add_miner(server) for server in (source, target)]
    (outcome,) = await ask(
        hass,
        "copy_settings",
        [second],
        source=device_id(hass, first),
        settings="display",
    )
    assert outcome["result"] in ("done", "unchanged")
    assert {key for body in writes(target) for key in body} <= {
        "flipscreen",
        "invertscreen",
    }
    assert restarts(target) == 0


async def test_copy_from_the_swarm_or_to_nobody(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """Both are mistakes."""
    server: MinerServer = await simulate()
    entry = await add_miner(server)
    for source, key in (
        (swarm_entry, "copy_from_one_miner"),
        (entry, "nothing_to_copy_to"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(
                hass,
                "copy_settings",
                [entry],
                source=device_id(hass, source),
                settings=["fan"],
            )
        assert caught.value.translation_key == key
    assert writes(server) == []


async def busiest(servers: list[MinerServer], work: asyncio.Task[Any]) -> int:
    """Return to how many miners there were connections at the same time."""
    most = 0
    while not work.done():
        most = max(most, sum(server.connections > 0 for server in servers))
        await asyncio.sleep(0)
    return most


async def test_forty_miners(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """All get it, a few at a time; one that is away is named, and hinders nobody."""
    servers = [
        await simulate(MinerSpec(name=f"rack-{number:02}", seed=number))
        for number in range(1, 41)
    ]
    entries = [await add_miner(server) for server in servers]
    source, *targets = entries
    await hass.services.async_call(
        DOMAIN,
        "set_fan",
        {"device_id": device_id(hass, source), "mode": "manual", "speed": 81},
        blocking=True,
    )
    away = servers[-1]
    away.miner.faults.offline = True
    await pass_time(4 * POLL_SECONDS)
    for server in servers:
        server.miner.requests.clear()
    copied = {"source": device_id(hass, source), "settings": ["fan"]}

    plan = await ask(hass, "copy_settings", targets, **copied, preview=True)
    assert [outcome["result"] for outcome in plan] == ["planned"] * 38 + ["refused"]
    assert plan[0]["changes"]["fan_speed"][1] == 81
    assert not any(writes(server) for server in servers)

    work = hass.async_create_task(
        hass.services.async_call(
            DOMAIN,
            "copy_settings",
            {"device_id": [device_id(hass, entry) for entry in targets], **copied},
            blocking=True,
        )
    )
    # A connection may be closed only while the next miner is asked already.
    assert 1 < await busiest(servers, work) <= 2 * AT_ONCE
    with pytest.raises(HomeAssistantError) as caught:
        await work
    assert caught.value.translation_key == "miners_failed"
    placeholders = caught.value.translation_placeholders
    assert placeholders is not None
    assert (placeholders["failed"], placeholders["all"]) == ("1", "39")
    assert placeholders["reasons"].startswith("rack-40: ")
    for server in servers[1:-1]:
        assert len(writes(server)) == 1
        assert server.miner.stored["manualFanSpeed"] == 81

    pool = {**POOL, "user": "bc1qnew.{worker}"}
    plan = await ask(hass, "set_pool", entries, **pool, preview=True)
    outcomes = await ask(hass, "set_pool", entries, **pool)
    assert [outcome["result"] for outcome in plan] == ["planned"] * 39 + ["refused"]
    assert [outcome["result"] for outcome in outcomes] == ["done"] * 39 + ["refused"]
    assert outcomes[-1]["name"] == "rack-40"
    assert outcomes[-1]["reason"]["translation_key"] == "cannot_connect"
    for server in servers[:-1]:
        assert server.miner.primary_pool["stratumURL"] == POOL["url"]
        assert restarts(server) == 1
    assert writes(away) == []
