"""Diagnostics: everything that helps, nothing that is personal."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
import json
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from scripts.simulator import PRESETS, Clock, MinerServer

from .conftest import AddMiner, PassTime, Simulate, miner_entry
from .web import sign_in

WALLET = "bc1qsecretwalletaddress"
SECRETS = {
    "stratumUser": f"{WALLET}.secretworker",
    "stratumURL": "secret-pool.example",
}


@pytest.fixture
async def browser(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    clock: Clock,
) -> TestClient:
    """Return a signed-in browser."""
    assert await async_setup_component(hass, "diagnostics", {})
    return await sign_in(hass, hass_client, hass_admin_user)


async def secretive(simulate: Simulate, preset: str) -> MinerServer:
    """Start a miner full of secrets."""
    spec = replace(
        PRESETS[preset],
        name="secret-title",
        mac="02:AE:5E:C4:E7:01",
        hostname="secret-hostname",
    )
    server = await simulate(spec)
    for pool in (server.miner.primary_pool, server.miner.fallback_pool):
        pool.update(SECRETS)
    return server


async def download(
    browser: TestClient, entry: MockConfigEntry
) -> tuple[str, dict[str, Any]]:
    """Return the file a person gets, as text and the part that is ours."""
    response = await browser.get(f"/api/diagnostics/config_entry/{entry.entry_id}")
    assert response.status == HTTPStatus.OK
    text = await response.text()
    return text, json.loads(text)["data"]


def secrets_of(server: MinerServer) -> Iterator[str]:
    """Yield everything that says whose miner it is, or where."""
    info = server.miner.info()
    yield "secret-hostname"
    yield "secret-title"
    yield "secret-pool"
    yield "secretworker"
    yield WALLET
    yield server.host
    yield str(info["ssid"])
    for separator in (":", ""):
        yield separator.join(("02", "AE", "5E", "C4", "E7", "01"))


@pytest.mark.parametrize(
    "preset",
    ["gamma-2.15", "gamma-2.12", "ultra-2.4", "nerdqaxepp-1.1.0", "forge-nano"],
)
@pytest.mark.usefixtures("swarm_entry")
async def test_a_miner_without_secrets(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    preset: str,
) -> None:
    """Not even inside other texts, such as the last error."""
    server = await secretive(simulate, preset)
    entry = await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(40)
    text, data = await download(browser, entry)
    for secret in secrets_of(server):
        assert secret.lower() not in text.lower()
    assert data["entry"]["data"][CONF_HOST] == REDACTED
    assert data["polling"]["online"] is False
    assert data["polling"]["missed_polls"] >= 3
    assert data["polling"]["last_error"]


@pytest.mark.usefixtures("swarm_entry")
async def test_what_helps_is_there(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The reading, what was worked out from it, and how polling goes."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(30)
    _, data = await download(browser, entry)
    snapshot = entry.runtime_data.snapshot
    assert data["entry"]["version"] == 2
    assert data["polling"] == {
        "interval": 10,
        "online": True,
        "missed_polls": 0,
        "last_error": None,
    }
    assert data["snapshot"]["identity"]["firmware_version"] == "v2.12.2"
    assert data["snapshot"]["identity"]["model"] == snapshot.identity.model
    assert data["snapshot"]["hashing"]["hashrate"] == snapshot.hashing.hashrate
    assert data["snapshot"]["state"] == "mining"
    assert "frequency" in data["snapshot"]["capabilities"]["settings"]
    assert data["figures"]["energy"] > 0
    assert data["intended"]["frequency"] == snapshot.frequency
    assert data["limits"]["frequency"]
    assert data["board"]["asic_count"] == 1
    assert data["detuned"] is False


@pytest.mark.usefixtures("swarm_entry")
async def test_a_miner_that_was_never_reached(
    hass: HomeAssistant, browser: TestClient, simulate: Simulate
) -> None:
    """That is when diagnostics are needed most."""
    server = await secretive(simulate, "gamma-2.12")
    server.miner.faults.offline = True
    entry = miner_entry(server)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    text, data = await download(browser, entry)
    assert data["entry"]["state"] == "setup_retry"
    assert data["entry"]["reason"]
    for secret in secrets_of(server):
        assert secret.lower() not in text.lower()


async def test_the_swarm(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Totals and which miners they are over, by no name."""
    server = await secretive(simulate, "gamma-2.12")
    await add_miner(server)
    await pass_time(20)
    text, data = await download(browser, swarm_entry)
    assert data["totals"]["miners"] == 1
    assert data["totals"]["hashrate"] > 0
    assert data["totals"]["best_miner"] == REDACTED
    assert data["miners"] == [{"title": REDACTED, "state": "loaded", "online": True}]
    assert data["alerts"]["active"] == []
    assert data["alerts"]["rules"]["overheating"] == {
        "enabled": True,
        "threshold": 70,
        "clear": 65,
        "for_seconds": 60,
    }
    server.miner.faults.offline = True
    await pass_time(240)
    text, data = await download(browser, swarm_entry)
    (alert,) = data["alerts"]["active"]
    assert (alert["title"], alert["kind"]) == (REDACTED, "offline")
    for secret in secrets_of(server):
        assert secret.lower() not in text.lower()


@pytest.mark.usefixtures("swarm_entry")
async def test_addresses_nobody_gave_us(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """A resolved address in the text of an error is an address too."""
    entry = await add_miner(await simulate())
    entry.runtime_data.last_exception = OSError(
        "192.168.17.4, fe80::1c2b:3aff, 2001:db8:1:2:3:4:5:6 and aa:bb:cc:dd:ee:ff "
        "at 12:34:56 with v2.12.2"
    )
    _, data = await download(browser, entry)
    assert data["polling"]["last_error"] == (
        f"{REDACTED}, {REDACTED}, {REDACTED} and {REDACTED} at 12:34:56 with v2.12.2"
    )


@pytest.mark.parametrize(
    "name", ["miner", "mining", "user", "loaded", "Gamma", "pool", "frequency", "axeos"]
)
async def test_what_is_no_secret(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    name: str,
) -> None:
    """Words of ours stay, whatever a miner, its pool or its worker is called."""
    server = await simulate(replace(PRESETS["gamma-2.15"], name=name, hostname=name))
    server.miner.primary_pool.update(
        {"stratumURL": f"{name}.example", "stratumUser": f"{WALLET}.{name}"}
    )
    entry = await add_miner(server)
    _, data = await download(browser, entry)
    assert data["entry"]["data"]["kind"] == "miner"
    assert data["entry"]["source"] == "user"
    assert data["entry"]["state"] == "loaded"
    assert data["snapshot"]["state"] == "mining"
    assert data["snapshot"]["identity"]["family"] == "axeos"
    assert data["snapshot"]["identity"]["model"] == data["board"]["model"] == "Gamma"
    assert {"primary_pool", "fallback_pool", "frequency"} <= set(
        data["snapshot"]["capabilities"]["settings"]
    )
    assert data["entry"]["title"] == REDACTED
    assert data["snapshot"]["identity"]["hostname"] == REDACTED
    assert data["snapshot"]["pools"]["primary"]["user"] == REDACTED
    _, data = await download(browser, swarm_entry)
    assert data["entry"]["data"]["kind"] == "swarm"
    assert data["miners"][0]["state"] == "loaded"


@pytest.mark.usefixtures("swarm_entry")
async def test_one_miner_in_a_text_about_another(
    hass: HomeAssistant, browser: TestClient, simulate: Simulate, add_miner: AddMiner
) -> None:
    """An error may name anyone who answers instead."""
    await add_miner(await secretive(simulate, "gamma-2.15"))
    entry = await add_miner(await simulate("ultra-2.4"))
    entry.runtime_data.last_exception = OSError(
        f"secret-hostname at 02-AE-5E-C4-E7-01 mines for {WALLET}.rig7, not SECRETWORKER"
    )
    _, data = await download(browser, entry)
    assert data["polling"]["last_error"] == (
        f"{REDACTED} at {REDACTED} mines for {REDACTED}.rig7, not {REDACTED}"
    )


@pytest.mark.usefixtures("swarm_entry")
async def test_the_log_of_the_miner(
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """Its last lines without wallet, network and passwords, where there is one."""
    server = await simulate("gamma-2.15")
    server.miner.spec = replace(server.miner.spec, uptime=0)
    server.miner.booted_at = server.miner.now - 20
    server.miner.stored["ssid"] = "Home of Satoshi"
    server.miner.primary_pool["stratumPassword"] = "correct horse"
    entry = await add_miner(server)
    _, found = await download(browser, entry)
    log = found["log"]
    assert isinstance(log, list)
    assert "power_management: Boot at full fan speed" in "\n".join(map(str, log))
    for secret in ("Satoshi", "correct horse", "bc1q", "pool.example.com"):
        assert secret not in str(log)

    server.miner.booted_at = server.miner.now - 5000
    _, found = await download(browser, entry)
    assert isinstance(found["log"], list)
    assert len(found["log"]) == 100

    other = await add_miner(await simulate("gamma-2.12"))
    _, found = await download(browser, other)
    assert found["log"] is None
