"""Adding miners by address and by search, changing addresses and options."""

import asyncio
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_RECONFIGURE,
    SOURCE_SYSTEM,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SCAN_INTERVAL, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import format_mac
from homeassistant.util import slugify
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.bitaxe.alerts.model import AlertKind
from custom_components.bitaxe.const import (
    CONF_EXTENDED_RANGE,
    CONF_GUARD,
    CONF_KIND,
    CONF_PRICE,
    CONF_PRICE_ENTITY,
    DOMAIN,
    KIND_MINER,
    KIND_SWARM,
)
from scripts.simulator import MinerServer, MinerSpec

from .conftest import AddMiner, Simulate, miner_entry
from .forms import filled_in
from .other_devices import (
    CUT_OFF,
    EMPTY,
    FORBIDDEN,
    LOGIN_PAGE,
    LOGIN_REQUIRED,
    NETWORK_REFUSED,
    NMAXE,
    OTHER_JSON,
    PORTAL,
    REDIRECT,
    TLS_ONLY,
    device,
    wait_in_vain,
)


def miner_entries(hass: HomeAssistant) -> list[ConfigEntry]:
    """Return the entries of miners."""
    return [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if entry.data[CONF_KIND] == KIND_MINER
    ]


def mac_of(server: MinerServer) -> str:
    """Return the unique id a simulated miner's entry has."""
    return format_mac(server.miner.spec.mac_address)


async def start(hass: HomeAssistant, step: str) -> ConfigFlowResult:
    """Start adding miners, and take one way of the menu."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["miner", "scan"]
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": step}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step
    assert not result["errors"]
    return result


async def submit(
    hass: HomeAssistant, result: ConfigFlowResult, **user_input: Any
) -> ConfigFlowResult:
    """Fill in the form that is shown."""
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], user_input
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def search(
    hass: HomeAssistant, result: ConfigFlowResult, *networks: str
) -> ConfigFlowResult:
    """Search networks, and return what is shown at the end."""
    result = await submit(hass, result, networks=list(networks))
    if result["type"] is FlowResultType.SHOW_PROGRESS:
        assert result["progress_action"] == "search"
        result = await hass.config_entries.flow.async_configure(result["flow_id"])
    return result


def shown_value(result: ConfigFlowResult, field: str) -> Any:
    """Return what a field of the form is filled in with."""
    assert result["data_schema"] is not None
    for key in result["data_schema"].schema:
        if key == field:
            return key.description["suggested_value"]
    raise AssertionError(f"The form has no field {field}")


# One miner


@pytest.mark.parametrize(
    ("preset", "title"),
    [
        ("gamma-2.15", "Bitaxe Gamma"),
        ("ultra-2.4", "Bitaxe Ultra"),
        ("nerdqaxepp-1.1.0", "NerdQAxe++"),
        ("forge-nano", "BitForge Nano"),
    ],
)
async def test_add_miner(
    hass: HomeAssistant, simulate: Simulate, preset: str, title: str
) -> None:
    """The address of a miner is all it takes, and the swarm comes with it."""
    server = await simulate(preset)
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"http://{server.host}:{server.port}/")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert (
        result["title"] == f"{title} ({mac_of(server).replace(':', '')[-4:].upper()})"
    )
    assert result["data"] == {
        CONF_KIND: KIND_MINER,
        CONF_HOST: server.host,
        CONF_PORT: server.port,
    }
    entry = result["result"]
    assert entry.unique_id == mac_of(server)
    assert (entry.version, entry.minor_version) == (2, 1)
    assert entry.state is ConfigEntryState.LOADED
    swarms = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_SWARM
    ]
    assert [(swarm.unique_id, swarm.title, swarm.state) for swarm in swarms] == [
        ("swarm", "Bitaxe swarm", ConfigEntryState.LOADED)
    ]


async def test_what_probing_costs(hass: HomeAssistant, simulate: Simulate) -> None:
    """Trying an address costs the miner two requests, as many as its first reading."""
    server = await simulate()
    miner_entry(server).add_to_hass(hass)
    result = await start(hass, "miner")
    await submit(hass, result, host=f"{server.host}:{server.port}")
    paths = [request.path for request in server.miner.requests]
    assert paths[:2] == ["/api/system/info", "/api/system/asic"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (LOGIN_PAGE, "web_page"),
        (LOGIN_REQUIRED, "read_refused"),
        (FORBIDDEN, "read_refused"),
        (PORTAL, "redirected"),
        (TLS_ONLY, "not_http"),
        (EMPTY, "not_http"),
        (OTHER_JSON, "not_a_miner"),
        (REDIRECT, "redirected"),
        (NETWORK_REFUSED, "network_refused"),
        (NMAXE, "unsupported_firmware"),
        (CUT_OFF, "bad_reply"),
        (None, "timed_out"),
    ],
)
async def test_miner_error_and_recovery(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    answer: bytes | None,
    error: str,
) -> None:
    """Each cause has its own error; what was typed stays, and can be corrected."""
    server = await simulate()
    result = await start(hass, "miner")
    async with device(answer) as other:
        asking = submit(hass, result, host=f"127.0.0.1:{other.port}")
        silent = answer is None
        result = await (wait_in_vain(freezer, other, asking) if silent else asking)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_HOST: error}
    assert shown_value(result, CONF_HOST) == f"127.0.0.1:{other.port}"
    assert result["description_placeholders"] == {
        "unsupported_firmware": {"firmware": "NMAxe"},
        "read_refused": {"status": "403" if answer == FORBIDDEN else "401"},
        "redirected": {
            "target": "/login"
            if answer == REDIRECT
            else "http://login.example.net/?from=miner"
        },
    }.get(error, {})
    result = await submit(hass, result, host=f"{server.host}:{server.port}")
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("form", "answer", "error"),
    [
        ("http://127.0.0.1:{port}/miners/1", LOGIN_PAGE, "address_with_path"),
        ("http://127.0.0.1:{port}/miners/1", FORBIDDEN, "address_with_path"),
        ("127.0.0.1:{port}/api/system/info", REDIRECT, "address_with_path"),
        ("https://127.0.0.1:{port}", LOGIN_PAGE, "https_address"),
        ("https://127.0.0.1:{port}", TLS_ONLY, "https_address"),
        ("HTTPS://127.0.0.1:{port}/miners/1", FORBIDDEN, "https_address"),
        ("http://127.0.0.1:{port}/", LOGIN_PAGE, "web_page"),
        ("http://127.0.0.1:{port}/", FORBIDDEN, "read_refused"),
    ],
)
async def test_an_address_that_is_none_of_a_miner(
    hass: HomeAssistant, form: str, answer: bytes, error: str
) -> None:
    """As that of a proxy: what is wrong with it is reported."""
    result = await start(hass, "miner")
    async with device(answer) as proxy:
        result = await submit(hass, result, host=form.format(port=proxy.port))
    assert result["errors"] == {CONF_HOST: error}


async def test_a_miners_own_page_is_an_address(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """As copied from a browser that shows it."""
    server = await simulate()
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"http://127.0.0.1:{server.port}/#/swarm")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_names_from_the_first_moment(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """Factory names are never used, and one that somebody chose only once."""
    servers = [
        await simulate(
            MinerSpec(name=name, hostname=name, seed=seed, firmware="v2.15.0")
        )
        for seed, name in enumerate(("bitaxe", "bitaxe", "shed", "shed", "Attic"), 1)
    ]
    ends = [mac_of(server).replace(":", "")[-4:].upper() for server in servers]
    result = await start(hass, "scan")
    ports = ",".join(str(server.port) for server in servers)
    result = await search(hass, result, f"127.0.0.1:{ports}")
    await submit(hass, result, miners=[mac_of(server) for server in servers])
    titles = {entry.unique_id: entry.title for entry in miner_entries(hass)}
    expected = [
        f"Bitaxe Gamma ({ends[0]})",
        f"Bitaxe Gamma ({ends[1]})",
        f"shed ({ends[2]})",
        f"shed ({ends[3]})",
        "Attic",
    ]
    assert [titles[mac_of(server)] for server in servers] == expected
    registry = er.async_get(hass)
    ids = [
        registry.async_get_entity_id("sensor", DOMAIN, f"{mac_of(server)}_hashrate")
        for server in servers
    ]
    assert ids == [f"sensor.{slugify(name)}_hashrate" for name in expected]


@pytest.mark.parametrize("way", ["scan", "miner"])
@pytest.mark.parametrize("hostname", ["bitaxe", "shed"])
async def test_miners_whose_mac_addresses_end_alike(
    hass: HomeAssistant, simulate: Simulate, way: str, hostname: str
) -> None:
    """As many digits more as it takes are part of the name."""
    macs = ["02:00:00:00:C9:E3", "02:00:00:01:C9:E3", "02:00:01:01:C9:E3"]
    servers = [
        await simulate(MinerSpec(name=mac, hostname=hostname, mac=mac, seed=seed))
        for seed, mac in enumerate(macs)
    ]
    if way == "scan":
        result = await start(hass, "scan")
        ports = ",".join(str(server.port) for server in servers)
        result = await search(hass, result, f"127.0.0.1:{ports}")
        await submit(hass, result, miners=[mac_of(server) for server in servers])
    else:
        for server in servers:
            result = await start(hass, "miner")
            await submit(hass, result, host=f"{server.host}:{server.port}")
    entries = miner_entries(hass)
    titles = {entry.title for entry in entries}
    assert len(titles) == 3
    # Also once somebody has named all of them alike.
    registry = dr.async_get(hass)
    for entry in entries:
        (found,) = dr.async_entries_for_config_entry(registry, entry.entry_id)
        registry.async_update_device(found.id, name_by_user="Shelf")
    names = {entry.runtime_data.display_name for entry in entries}
    assert names == {
        "Shelf (02000000C9E3)",
        "Shelf (02000001C9E3)",
        "Shelf (02000101C9E3)",
    }


async def test_miners_without_a_mac_are_distinguished(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """By their address."""
    server = await simulate("ultra-2.1")
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"127.0.0.1:{server.port}")
    assert result["title"] == f"Bitaxe Ultra (127.0.0.1:{server.port})"


async def test_nothing_there(hass: HomeAssistant, simulate: Simulate) -> None:
    """A refused connection is reported as such."""
    server = await simulate()
    await server.stop()
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"{server.host}:{server.port}")
    assert result["errors"] == {CONF_HOST: "cannot_connect"}


async def test_invalid_host(hass: HomeAssistant) -> None:
    """What cannot be an address is not tried."""
    result = await start(hass, "miner")
    result = await submit(hass, result, host="192.168.1.300")
    assert result["errors"] == {CONF_HOST: "invalid_host"}
    assert shown_value(result, CONF_HOST) == "192.168.1.300"


async def test_miner_is_added_once(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """A known miner at a new address keeps its entry, which learns the address."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await server.stop()
    moved = await simulate("gamma-2.15")
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"{moved.host}:{moved.port}")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_PORT] == moved.port
    assert miner_entries(hass) == [entry]


async def test_two_ports_are_two_miners(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Miners without a MAC are distinguished by host and port."""
    first = await simulate("ultra-2.1")
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"{first.host}:{first.port}")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == f"{first.host}:{first.port}"

    second = await simulate("ultra-2.1")
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"{second.host}:{second.port}")
    assert result["type"] is FlowResultType.CREATE_ENTRY

    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"{second.host}:{second.port}")
    assert result["reason"] == "already_configured"
    assert len(miner_entries(hass)) == 2


async def test_new_firmware_reveals_mac(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """A miner added without a MAC is the same miner once it has one."""
    server = await simulate("gamma-2.15")
    MockConfigEntry(
        domain=DOMAIN,
        version=2,
        unique_id=f"{server.host}:{server.port}",
        data={
            CONF_KIND: KIND_MINER,
            CONF_HOST: server.host,
            CONF_PORT: server.port,
        },
    ).add_to_hass(hass)
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"{server.host}:{server.port}")
    assert result["reason"] == "already_configured"


async def test_address_changed_hands(hass: HomeAssistant, simulate: Simulate) -> None:
    """A miner can be added at the address another one had before."""
    server = await simulate("gamma-2.15")
    MockConfigEntry(
        domain=DOMAIN,
        version=2,
        unique_id="02:00:00:00:00:99",
        data=dict(miner_entry(server).data),
    ).add_to_hass(hass)
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"{server.host}:{server.port}")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == mac_of(server)


# The search


async def test_search_networks(hass: HomeAssistant, simulate: Simulate) -> None:
    """Every ticked miner becomes an entry; the others can be found again."""
    servers = [
        await simulate(name)
        for name in ("gamma-2.15", "supra-2.9", "nerdqaxepp-1.0.36")
    ]
    ports = ",".join(str(server.port) for server in servers)
    result = await start(hass, "scan")
    result = await search(hass, result, f"127.0.0.1:{ports}")
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "select"
    assert result["description_placeholders"] == {
        "addresses": "3",
        "known": "0",
        "refused": "–",
        "unsupported": "–",
    }
    assert result["data_schema"] is not None
    (selector,) = result["data_schema"].schema.values()
    options = selector.config["options"]
    assert [option["value"] for option in options] == [
        mac_of(server) for server in servers
    ]
    end = mac_of(servers[0]).replace(":", "")[-4:].upper()
    label = f"Bitaxe Gamma ({end}) · 127.0.0.1:{servers[0].port}"
    assert options[0]["label"] == label
    (key,) = result["data_schema"].schema
    assert key.default() == [mac_of(server) for server in servers]

    ticked = servers[1:]
    result = await submit(hass, result, miners=[mac_of(server) for server in ticked])
    assert result["description"] == "several"
    placeholders = result["description_placeholders"]
    assert placeholders["count"] == str(len(ticked))
    assert len(placeholders["names"].split(", ")) == len(ticked)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == mac_of(ticked[0])
    entries = miner_entries(hass)
    assert {entry.unique_id for entry in entries} == {
        mac_of(server) for server in ticked
    }
    assert {entry.state for entry in entries} == {ConfigEntryState.LOADED}
    assert not hass.config_entries.flow.async_progress()

    result = await start(hass, "scan")
    result = await search(hass, result, f"127.0.0.1:{ports}")
    assert result["step_id"] == "select"
    assert result["description_placeholders"]["known"] == "2"
    result = await submit(hass, result, miners=[mac_of(servers[0])])
    assert result["description"] is None
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(miner_entries(hass)) == 3


async def test_search_shows_progress(hass: HomeAssistant) -> None:
    """While the search waits for an answer, progress is shown."""
    result = await start(hass, "scan")
    async with device(None) as silent:
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {"networks": [f"127.0.0.1:{silent.port}"]}
        )
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        assert result["step_id"] == "search"
        assert result["progress_action"] == "search"
        assert result["description_placeholders"] == {"addresses": "1"}
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert result["step_id"] == "nothing_found"


async def test_search_is_cancelled_with_the_flow(hass: HomeAssistant) -> None:
    """Closing the dialog ends the search."""
    result = await start(hass, "scan")
    async with device(None) as silent:
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {"networks": [f"127.0.0.1:{silent.port}"]}
        )
        (task,) = [
            task for task in asyncio.all_tasks() if task.get_name() == "bitaxe scan"
        ]
        await silent.asked.wait()
        hass.config_entries.flow.async_abort(result["flow_id"])
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_nothing_found_and_back(hass: HomeAssistant, simulate: Simulate) -> None:
    """Finding nothing says why, and leads back to the networks or to an address."""
    server = await simulate()
    async with device(NETWORK_REFUSED) as refusing, device(NMAXE) as nmaxe:
        result = await start(hass, "scan")
        network = f"127.0.0.1:{refusing.port},{nmaxe.port}"
        result = await search(hass, result, network)
        assert result["type"] is FlowResultType.MENU
        assert result["step_id"] == "nothing_found"
        assert result["menu_options"] == ["scan", "miner"]
        assert result["description_placeholders"] == {
            "addresses": "2",
            "known": "0",
            "refused": f"127.0.0.1:{refusing.port}",
            "unsupported": f"127.0.0.1:{nmaxe.port}",
        }
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "scan"}
    )
    assert shown_value(result, "networks") == [network]
    result = await search(hass, result, f"127.0.0.1:{server.port}")
    assert result["step_id"] == "select"
    result = await submit(hass, result, miners=[mac_of(server)])
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_miners_without_mac_are_found_once(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """A miner without a MAC that is an entry already is not offered again."""
    server = await simulate("ultra-2.1")
    result = await start(hass, "miner")
    await submit(hass, result, host=f"127.0.0.1:{server.port}")
    result = await start(hass, "scan")
    result = await search(hass, result, f"127.0.0.1:{server.port}")
    assert result["step_id"] == "nothing_found"
    assert result["description_placeholders"]["known"] == "1"


async def test_no_miner_ticked(hass: HomeAssistant, simulate: Simulate) -> None:
    """Unticking everything is reported, and stays unticked."""
    server = await simulate()
    result = await start(hass, "scan")
    result = await search(hass, result, f"127.0.0.1:{server.port}")
    result = await submit(hass, result, miners=[])
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"miners": "no_miner"}
    assert result["data_schema"] is not None
    (key,) = result["data_schema"].schema
    assert key.default() == []


async def test_miner_added_during_the_search(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Miners that got an entry meanwhile do not get a second one."""
    servers = [await simulate(name) for name in ("gamma-2.15", "supra-2.9")]
    ports = ",".join(str(server.port) for server in servers)
    result = await start(hass, "scan")
    result = await search(hass, result, f"127.0.0.1:{ports}")
    await add_miner(servers[1])
    result = await submit(hass, result, miners=[mac_of(server) for server in servers])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(miner_entries(hass)) == 2
    assert not hass.config_entries.flow.async_progress()


async def test_ticking_overrules_ignoring(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """A miner whose discovery was ignored can be added all the same."""
    servers = [await simulate(name) for name in ("gamma-2.15", "supra-2.9")]
    for server in servers:
        MockConfigEntry(
            domain=DOMAIN, source=SOURCE_IGNORE, unique_id=mac_of(server)
        ).add_to_hass(hass)
    ports = ",".join(str(server.port) for server in servers)
    result = await start(hass, "scan")
    result = await search(hass, result, f"127.0.0.1:{ports}")
    result = await submit(hass, result, miners=[mac_of(server) for server in servers])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert {entry.unique_id for entry in miner_entries(hass)} == {
        mac_of(server) for server in servers
    }


@pytest.mark.parametrize(
    ("networks", "error", "named"),
    [
        (["192.168.1.0/33"], "invalid_network", "192.168.1.0/33"),
        (["192.168.1.0/24", "bitaxe"], "invalid_network", "bitaxe"),
        (["10.0.0.0/16"], "network_too_large", "10.0.0.0/16"),
        ([], "no_network", None),
    ],
)
async def test_networks_error(
    hass: HomeAssistant, networks: list[str], error: str, named: str | None
) -> None:
    """What is wrong with a network is reported by its name; what was typed stays."""
    result = await start(hass, "scan")
    result = await submit(hass, result, networks=networks)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"networks": error}
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders.get("network") == named
    assert placeholders["largest"] == "1024"
    assert shown_value(result, "networks") == networks


async def test_networks_are_home_assistants_own(hass: HomeAssistant) -> None:
    """Prefilled are the networks in use; of a large one the part around it."""

    def adapter(*addresses: tuple[str, int], enabled: bool = True) -> dict[str, Any]:
        return {
            "name": "eth0",
            "index": 0,
            "enabled": enabled,
            "auto": True,
            "default": True,
            "ipv6": [],
            "ipv4": [
                {"address": address, "network_prefix": prefix}
                for address, prefix in addresses
            ],
        }

    with patch(
        "homeassistant.components.network.async_get_adapters",
        return_value=[
            adapter(("192.168.1.5", 24), ("192.168.1.6", 24)),
            adapter(("10.1.2.3", 8), ("172.16.4.1", 22)),
            adapter(("127.0.0.1", 8), ("169.254.7.7", 16)),
            adapter(("172.30.32.1", 23), enabled=False),
        ],
    ):
        result = await start(hass, "scan")
    assert shown_value(result, "networks") == [
        "192.168.1.0/24",
        "10.1.2.0/24",
        "172.16.4.0/22",
    ]


# A new address


async def reconfigure(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Start changing an entry's address."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )


async def test_reconfigure(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The same miner is accepted at another address."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    moved = await simulate("gamma-2.15")
    result = await reconfigure(hass, entry)
    assert result["type"] is FlowResultType.FORM
    assert result["description_placeholders"] == {"name": entry.title}
    assert shown_value(result, CONF_HOST) == f"127.0.0.1:{server.port}"

    result = await submit(hass, result, host="not an address")
    assert result["errors"] == {CONF_HOST: "invalid_host"}
    assert shown_value(result, CONF_HOST) == "not an address"

    result = await submit(hass, result, host=f"127.0.0.1:{moved.port}")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == {
        CONF_KIND: KIND_MINER,
        CONF_HOST: "127.0.0.1",
        CONF_PORT: moved.port,
    }
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.client.port == moved.port


async def test_reconfigure_to_another_miner(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Another miner does not take the place of this one."""
    server = await simulate("gamma-2.15")
    other = await simulate("supra-2.9")
    entry = await add_miner(server)
    result = await reconfigure(hass, entry)
    result = await submit(hass, result, host=f"127.0.0.1:{other.port}")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "different_miner"
    assert entry.data[CONF_PORT] == server.port


async def test_reconfigure_without_mac(hass: HomeAssistant, simulate: Simulate) -> None:
    """A miner without a MAC keeps its unique id, and so its entities."""
    first, second = await simulate("ultra-2.1"), await simulate("ultra-2.1")
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"127.0.0.1:{first.port}")
    entry = result["result"]
    for server in (first, second):
        result = await reconfigure(hass, entry)
        result = await submit(hass, result, host=f"127.0.0.1:{server.port}")
        assert result["reason"] == "reconfigure_successful"
        assert entry.data[CONF_PORT] == server.port
    assert entry.unique_id == f"127.0.0.1:{first.port}"


async def test_reconfigure_to_a_miner_that_has_an_entry(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Two entries never share a miner."""
    first, known = await simulate("ultra-2.1"), await simulate("gamma-2.15")
    result = await start(hass, "miner")
    result = await submit(hass, result, host=f"127.0.0.1:{first.port}")
    entry = result["result"]
    await add_miner(known)
    result = await reconfigure(hass, entry)
    result = await submit(hass, result, host=f"127.0.0.1:{known.port}")
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_PORT] == first.port


async def test_swarm_has_no_address(
    hass: HomeAssistant, swarm_entry: MockConfigEntry
) -> None:
    """There is nothing to reconfigure about the swarm."""
    result = await reconfigure(hass, swarm_entry)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "swarm_has_no_address"


async def test_one_swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> None:
    """There is one swarm only."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_SYSTEM}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


# Options


async def test_miner_options(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Options show what applies now, and apply at once."""
    entry = await add_miner(await simulate())
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "init"
    assert shown_value(result, CONF_SCAN_INTERVAL) == 10
    assert shown_value(result, CONF_EXTENDED_RANGE) is False
    for wrong in (4, 301):
        with pytest.raises(InvalidData):
            await hass.config_entries.options.async_configure(
                result["flow_id"],
                {CONF_SCAN_INTERVAL: wrong, CONF_EXTENDED_RANGE: False},
            )
    before = entry.runtime_data
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {CONF_SCAN_INTERVAL: 30.0, CONF_EXTENDED_RANGE: True}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {CONF_SCAN_INTERVAL: 30, CONF_EXTENDED_RANGE: True}
    assert entry.runtime_data is not before
    assert entry.runtime_data.update_interval.total_seconds() == 30


@pytest.mark.parametrize("part", ["asic", "vr"])
async def test_miner_options_that_contradict_each_other(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, part: str
) -> None:
    """They are refused, and can be corrected in the same form."""
    entry = await add_miner(await simulate())
    result = await hass.config_entries.options.async_init(entry.entry_id)
    chosen = {
        f"{part}_warning": 72.0,
        f"{part}_critical": 60.0,
        "restarts_per_day": 2.0,
    }
    values = {CONF_SCAN_INTERVAL: 30.0, CONF_EXTENDED_RANGE: False}
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {**values, CONF_GUARD: chosen}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": f"guard_{part}_levels"}
    assert shown_value(result, CONF_SCAN_INTERVAL) == 30
    assert entry.options == {}
    chosen[f"{part}_warning"] = 55.0
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {**values, CONF_GUARD: chosen}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {**values, CONF_GUARD: chosen}
    assert type(entry.options[CONF_GUARD]["restarts_per_day"]) is int


async def choose(
    hass: HomeAssistant, entry: MockConfigEntry, step: str
) -> ConfigFlowResult:
    """Open one step of the swarm's options."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == [
        "price",
        "power",
        "alerts",
        "notifications",
        "guard",
        "tuning",
        "firmware",
        "charts",
    ]
    return await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": step}
    )


def shown_rules(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what the form of the alerts shows, as the frontend would send it."""
    return filled_in(result)


async def test_swarm_options(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> None:
    """The price can be set, and taken away again."""
    result = await choose(hass, swarm_entry, "price")
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "price"
    result = await hass.config_entries.options.async_configure(
        result["flow_id"],
        {CONF_PRICE: 0.31, CONF_PRICE_ENTITY: "sensor.electricity_price"},
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert swarm_entry.options == {
        CONF_PRICE: 0.31,
        CONF_PRICE_ENTITY: "sensor.electricity_price",
    }
    result = await choose(hass, swarm_entry, "price")
    assert shown_value(result, CONF_PRICE) == 0.31
    await hass.config_entries.options.async_configure(result["flow_id"], {})
    assert swarm_entry.options == {}
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("part", ["asic", "vr"])
async def test_swarm_options_that_contradict_each_other(
    hass: HomeAssistant, swarm_entry: MockConfigEntry, part: str
) -> None:
    """They are refused, and can be corrected in the same form."""
    result = await choose(hass, swarm_entry, "guard")
    chosen = shown_rules(result) | {f"{part}_warning": 72.0, f"{part}_critical": 60.0}
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], chosen
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": f"guard_{part}_levels"}
    assert shown_rules(result)[f"{part}_warning"] == 72
    assert swarm_entry.options == {}
    chosen[f"{part}_warning"] = 55.0
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], chosen
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert swarm_entry.options[CONF_GUARD][f"{part}_warning"] == 55


async def test_rules_of_alerts(
    hass: HomeAssistant, swarm_entry: MockConfigEntry
) -> None:
    """Each kind can be switched, and only what is no default is kept."""
    hass.config_entries.async_update_entry(swarm_entry, options={CONF_PRICE: 0.3})
    result = await choose(hass, swarm_entry, "alerts")
    assert result["type"] is FlowResultType.FORM
    rules = shown_rules(result)
    assert rules["overheating"] == {
        "threshold": 70,
        "for": {"hours": 0, "minutes": 1, "seconds": 0},
    }
    assert rules["offline"] == {
        "for": {"hours": 0, "minutes": 2, "seconds": 0},
    }
    assert rules["enabled"] == list(AlertKind)
    await hass.config_entries.options.async_configure(result["flow_id"], rules)
    assert swarm_entry.options == {CONF_PRICE: 0.3}

    result = await choose(hass, swarm_entry, "alerts")
    rules["enabled"].remove("new_best_difficulty")
    rules["overheating"]["threshold"] = 68.5
    rules["offline"]["for"] = {"hours": 1, "minutes": 0, "seconds": 30}
    await hass.config_entries.options.async_configure(result["flow_id"], rules)
    assert swarm_entry.options == {
        CONF_PRICE: 0.3,
        "alerts": {
            "new_best_difficulty": {"enabled": False},
            "offline": {"for": 3630},
            "overheating": {"threshold": 68.5},
        },
    }
    result = await choose(hass, swarm_entry, "alerts")
    shown = shown_rules(result)
    assert shown["enabled"] == [
        kind for kind in AlertKind if kind is not AlertKind.NEW_BEST_DIFFICULTY
    ]
    assert shown["offline"]["for"] == {"hours": 1, "minutes": 0, "seconds": 30}
    assert shown["overheating"]["threshold"] == 68.5
    # What is entered beside it does not matter.
    result = await choose(hass, swarm_entry, "alerts")
    reset = {**shown, "reset": True}
    await hass.config_entries.options.async_configure(result["flow_id"], reset)
    assert swarm_entry.options == {CONF_PRICE: 0.3}
    result = await choose(hass, swarm_entry, "alerts")
    await hass.config_entries.options.async_configure(result["flow_id"], shown)
    # The price keeps the alerts as they are.
    result = await choose(hass, swarm_entry, "price")
    await hass.config_entries.options.async_configure(result["flow_id"], {})
    assert list(swarm_entry.options) == ["alerts"]
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_who_is_notified(
    hass: HomeAssistant, swarm_entry: MockConfigEntry
) -> None:
    """Phones and kinds are chosen, and a test alert says whether it works."""
    sent = async_mock_service(hass, "notify", "send_message")
    result = await choose(hass, swarm_entry, "notifications")
    assert result["type"] is FlowResultType.FORM
    assert result["data_schema"] is not None
    shown = result["data_schema"]({})
    assert shown["entities"] == []
    assert {"offline", "overheating", "block_found"} <= set(shown["kinds"])
    assert "new_best_difficulty" not in shown["kinds"]

    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"kinds": ["offline"], "test": True}
    )
    assert result["errors"] == {"entities": "no_recipient"}
    chosen = {"entities": ["notify.phone"], "kinds": ["offline"]}
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {**chosen, "test": True}
    )
    assert result["errors"] == {"base": "test_failed"}
    assert result["description_placeholders"] == {"entities": "notify.phone"}
    assert not sent

    hass.states.async_set("notify.phone", STATE_UNKNOWN)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {**chosen, "test": True}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (call,) = sent
    assert call.data["entity_id"] == "notify.phone"
    assert call.data["message"] == "This is a test alert."
    assert swarm_entry.options == {"notifications": chosen}

    result = await choose(hass, swarm_entry, "notifications")
    assert result["data_schema"] is not None
    assert result["data_schema"]({}) == {**chosen, "test": False}
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {**chosen, "entities": []}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(sent) == 1
    assert swarm_entry.options == {"notifications": {**chosen, "entities": []}}
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_thresholds_that_make_no_sense(
    hass: HomeAssistant, swarm_entry: MockConfigEntry
) -> None:
    """Are refused."""
    result = await choose(hass, swarm_entry, "alerts")
    rules = shown_rules(result)
    rules["low_hashrate"]["threshold"] = 100
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(result["flow_id"], rules)


async def test_a_power_limit_for_tuning(
    hass: HomeAssistant, swarm_entry: MockConfigEntry
) -> None:
    """It is kept, shown again, and taken back by an empty field."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    form = await choose(hass, swarm_entry, "tuning")
    done = await hass.config_entries.options.async_configure(
        form["flow_id"], {"maximum_swarm_power": 120}
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert swarm_entry.options["tuning"] == {"maximum_swarm_power": 120}
    form = await choose(hass, swarm_entry, "tuning")
    schema = form["data_schema"]
    assert schema is not None
    (field,) = schema.schema
    assert field.description == {"suggested_value": 120}
    await hass.config_entries.options.async_configure(form["flow_id"], {})
    assert swarm_entry.options["tuning"] == {}
