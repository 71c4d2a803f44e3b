"""Miners that announce themselves or get an address from the router."""

from collections.abc import Callable
from ipaddress import ip_address
import json

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_ZEROCONF,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.loader import async_get_dhcp, async_get_zeroconf
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import pytest_socket

from custom_components.bitaxe import config_flow
from custom_components.bitaxe.const import CONF_KIND, DOMAIN, KIND_MINER
from scripts.simulator import PRESETS, Clock, MinerServer, MinerSpec, SimulatedMiner

from .axeos.device import ScriptedDevice, json_reply
from .conftest import AddMiner, Simulate, miner_entry
from .other_devices import (
    CUT_OFF,
    FORBIDDEN,
    LOGIN_PAGE,
    MARKUP,
    MEANT,
    NETWORK_REFUSED,
    NMAXE,
    PORTAL,
    TLS_ONLY,
    device,
    reply,
    wait_in_vain,
)
from .snapshots import GAMMA

type UsualPort = Callable[[int], None]


async def announce(hass: HomeAssistant, port: int, *addresses: str) -> ConfigFlowResult:
    """Announce a web server by zeroconf."""
    found = [ip_address(address) for address in addresses or ("127.0.0.1",)]
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_ZEROCONF},
        data=ZeroconfServiceInfo(
            ip_address=found[0],
            ip_addresses=found,
            port=port,
            hostname="bitaxe.local.",
            type="_http._tcp.local.",
            name="Bitaxe Gamma 602 (C9E3)._http._tcp.local.",
            properties={"family": "Gamma", "asic": "BM1370", "board": "602"},
        ),
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def lease(hass: HomeAssistant, mac: str, address: str) -> ConfigFlowResult:
    """Let the router give a device an address."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_DHCP},
        data=DhcpServiceInfo(
            ip=address, hostname="bitaxe", macaddress=mac.replace(":", "").lower()
        ),
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def end_of(server: MinerServer) -> str:
    """Return the end of a miner's MAC address, as its own mDNS name has it."""
    return server.miner.spec.mac_address.replace(":", "")[-4:].upper()


@pytest.fixture
def usual_port(monkeypatch: pytest.MonkeyPatch) -> UsualPort:
    """Let a simulated miner's port stand for the one every miner has."""

    def use(port: int) -> None:
        real = config_flow.Address
        monkeypatch.setattr(
            config_flow, "Address", lambda host, at=port: real(host, at)
        )

    return use


async def confirm(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Confirm a discovered miner."""
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "discovery_confirm"
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def test_zeroconf(hass: HomeAssistant, simulate: Simulate) -> None:
    """A miner that announces itself is named and waits for a confirmation."""
    server = await simulate("gamma-2.15")
    result = await announce(hass, server.port)
    name = f"Bitaxe Gamma ({end_of(server)})"
    assert result["description_placeholders"] == {
        "name": name,
        "model": "Gamma",
        "address": f"127.0.0.1:{server.port}",
    }
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["title_placeholders"] == {"name": name}
    result = await confirm(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == name
    assert result["result"].unique_id == format_mac(server.miner.spec.mac_address)
    assert result["data"] == {
        CONF_KIND: KIND_MINER,
        CONF_HOST: "127.0.0.1",
        CONF_PORT: server.port,
    }


async def test_zeroconf_takes_ipv4(hass: HomeAssistant, simulate: Simulate) -> None:
    """Firmware answers IPv4 clients only, whichever address comes first."""
    server = await simulate("gamma-2.15")
    result = await announce(hass, server.port, "::1", "127.0.0.1")
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["address"] == f"127.0.0.1:{server.port}"


async def test_zeroconf_with_ipv6_only(hass: HomeAssistant) -> None:
    """What has no IPv4 address would refuse to answer, and is not asked."""
    result = await announce(hass, 80, "fe80::1")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "network_refused"


async def test_zeroconf_twice(hass: HomeAssistant, simulate: Simulate) -> None:
    """A miner is offered once at a time."""
    server = await simulate("gamma-2.15")
    await announce(hass, server.port)
    result = await announce(hass, server.port)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_in_progress"


async def test_zeroconf_updates_address(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """A known miner at another address is polled there from now on."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await server.stop()
    moved = await simulate("gamma-2.15")
    result = await announce(hass, moved.port)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_PORT] == moved.port
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.client.port == moved.port


async def test_what_a_device_calls_itself_is_only_text(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """The dialog shows Markdown: nothing is loaded from elsewhere, nothing misleads."""
    server = await simulate("nerdqaxepp-1.0.36")
    info = server.miner.info()
    assert {"hostname", "deviceModel"} <= info.keys()
    for markup in MARKUP:
        redirected = reply("", "302 Found", headers=f"Location: /{markup}\r\n")
        for hostname, body in (
            (markup, None),
            ("", None),
            ("", redirected),
        ):
            info |= {"hostname": hostname, "deviceModel": f"NerdX {markup}"}
            body = body or reply(json.dumps(info), content_type="application/json")
            async with device(body) as other:
                result = await announce(hass, other.port)
            shown = result["description_placeholders"]
            assert shown is not None
            texts = [
                shown[name] for name in ("name", "model", "target") if name in shown
            ]
            assert texts
            for text in texts:
                assert "evil.example" in text
                assert MEANT.search(text) is None
            if result["type"] is FlowResultType.FORM:
                hass.config_entries.flow.async_abort(result["flow_id"])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (LOGIN_PAGE, "web_page"),
        (FORBIDDEN, "read_refused"),
        (PORTAL, "redirected"),
        (TLS_ONLY, "not_http"),
        (NETWORK_REFUSED, "network_refused"),
        (NMAXE, "unsupported_firmware"),
        (CUT_OFF, "bad_reply"),
        (None, "timed_out"),
    ],
)
async def test_zeroconf_of_something_else(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    answer: bytes | None,
    reason: str,
) -> None:
    """Printers and cameras announce web servers too: they are left alone."""
    async with device(answer) as other:
        asking = announce(hass, other.port)
        result = await (asking if answer else wait_in_vain(freezer, other, asking))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == reason
    assert not hass.config_entries.flow.async_progress()


async def test_dhcp(
    hass: HomeAssistant, simulate: Simulate, usual_port: UsualPort
) -> None:
    """A device with a miner's name that got an address is probed and offered."""
    server = await simulate("gamma-2.15")
    usual_port(server.port)
    result = await lease(hass, server.miner.spec.mac_address, "127.0.0.1")
    result = await confirm(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == format_mac(server.miner.spec.mac_address)


async def test_dhcp_knows_the_mac_old_firmware_hides(
    hass: HomeAssistant, simulate: Simulate, usual_port: UsualPort
) -> None:
    """The network card's MAC stands in where the firmware reports none."""
    server = await simulate("ultra-2.1")
    usual_port(server.port)
    result = await lease(hass, "02:00:00:00:00:07", "127.0.0.1")
    result = await confirm(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == "02:00:00:00:00:07"
    assert result["result"].state is ConfigEntryState.LOADED


async def test_dhcp_updates_address_of_a_silent_miner(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """The new address of a known miner counts even before the miner answers."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "127.0.0.2"])
    server = await simulate("gamma-2.15")
    entry = miner_entry(server)
    entry.add_to_hass(hass)
    await server.stop()
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    result = await lease(hass, server.miner.spec.mac_address, "127.0.0.2")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert entry.data == {
        CONF_KIND: KIND_MINER,
        CONF_HOST: "127.0.0.2",
        CONF_PORT: server.port,
    }


async def test_dhcp_of_a_cable_mac(hass: HomeAssistant, usual_port: UsualPort) -> None:
    """A miner on a cable has a second MAC; what it reports itself identifies it."""
    body = json.dumps(GAMMA)
    answer = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
    pytest_socket.socket_allow_hosts(["127.0.0.1", "127.0.0.9"])
    async with device(answer) as cable:
        entry = MockConfigEntry(
            domain=DOMAIN,
            version=2,
            unique_id=format_mac(GAMMA["macAddr"]),
            data={CONF_KIND: KIND_MINER, CONF_HOST: "127.0.0.9", CONF_PORT: 80},
        )
        entry.add_to_hass(hass)
        usual_port(cable.port)
        result = await lease(hass, "02:00:00:00:00:99", "127.0.0.1")
    assert result["reason"] == "already_configured"
    assert (entry.data[CONF_HOST], entry.data[CONF_PORT]) == ("127.0.0.1", cable.port)


async def test_two_addresses(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """A miner on cable and Wi-Fi announces both, in changing order: nothing moves."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "127.0.0.2"])
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    coordinator = entry.runtime_data
    for addresses in (("127.0.0.2", "127.0.0.1"), ("127.0.0.1", "127.0.0.2")):
        result = await announce(hass, server.port, *addresses)
        assert result["reason"] == "already_configured"
    result = await lease(hass, server.miner.spec.mac_address, "127.0.0.2")
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_HOST] == "127.0.0.1"
    assert entry.runtime_data is coordinator


async def test_another_address_of_a_miner_that_answers(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The first one is kept, and nothing is loaded anew."""
    server, second = await simulate("gamma-2.15"), await simulate("gamma-2.15")
    entry = await add_miner(server)
    coordinator = entry.runtime_data
    result = await announce(hass, second.port)
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_PORT] == server.port
    assert entry.runtime_data is coordinator


async def test_a_lease_before_the_old_address_is_missed(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """A miner that moved is followed at once, although the last poll went well."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "127.0.0.2"])
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await server.stop()
    assert not entry.runtime_data.missed_polls
    await lease(hass, server.miner.spec.mac_address, "127.0.0.2")
    assert entry.data[CONF_HOST] == "127.0.0.2"


async def test_another_miner_at_the_old_address(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, clock: Clock
) -> None:
    """Does not keep the entry there."""
    server = await simulate(MinerSpec(name="x", seed=1, firmware="v2.15.0"))
    entry = await add_miner(server)
    port = server.port
    await server.stop()
    other = MinerServer(
        SimulatedMiner(MinerSpec(name="x", seed=2, firmware="v2.15.0"), clock),
        port=port,
    )
    await other.start()
    moved = await simulate(MinerSpec(name="x", seed=1, firmware="v2.15.0"))
    await announce(hass, moved.port)
    await other.stop()
    assert entry.data[CONF_PORT] == moved.port


async def test_another_miner_at_the_old_address_of_one_that_is_not_set_up(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The entry follows, though somebody answers where it asked."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await hass.config_entries.async_unload(entry.entry_id)
    server.miner = SimulatedMiner(PRESETS["max-2.6"], server.miner.clock)
    moved = await simulate("gamma-2.15")
    result = await announce(hass, moved.port)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_PORT] == moved.port


async def test_the_first_of_two_addresses_is_dead(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """The other one is found."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "127.0.0.2"])
    server = await simulate("gamma-2.15")
    result = await announce(hass, server.port, "127.0.0.2", "127.0.0.1")
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["address"] == f"127.0.0.1:{server.port}"


async def test_an_lv08_is_called_so_before_it_is_added(hass: HomeAssistant) -> None:
    """Its board number is that of a Hex; only another reply names it."""
    info = GAMMA | {
        "boardVersion": "302",
        "ASICModel": "BM1366",
        "hostname": "espressif",
    }
    async with ScriptedDevice() as miner:
        miner.on("GET", "/api/system/info", json_reply(info))
        miner.on("GET", "/api/system/asic", json_reply({"deviceModel": "LV08"}))
        result = await announce(hass, miner.port)
        assert result["description_placeholders"] is not None
        assert result["description_placeholders"]["model"] == "LV08"
        entry = (await confirm(hass, result))["result"]
        assert entry.title.endswith("LV08 (0001)")
        found = dr.async_get(hass).async_get_device_by_identifier(
            (DOMAIN, format_mac(GAMMA["macAddr"])), entry.entry_id
        )
        assert found is not None
        assert found.model == "LV08"
        await hass.config_entries.async_unload(entry.entry_id)


async def test_dhcp_of_something_else(
    hass: HomeAssistant, usual_port: UsualPort
) -> None:
    """A device with such a name need not be a miner."""
    async with device(LOGIN_PAGE) as other:
        usual_port(other.port)
        result = await lease(hass, "02:00:00:00:00:07", "127.0.0.1")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "web_page"


async def test_home_assistant_listens_for_miners(hass: HomeAssistant) -> None:
    """The manifest's matchers arrive where Home Assistant looks for them."""
    matchers = (await async_get_zeroconf(hass))["_http._tcp.local."]
    ours = [matcher for matcher in matchers if matcher["domain"] == DOMAIN]
    assert {matcher.get("name") for matcher in ours} == {"bitaxe*", None}
    dhcp = [item for item in await async_get_dhcp(hass) if item["domain"] == DOMAIN]
    assert {item.get("hostname") for item in dhcp} == {
        "bitaxe*",
        "nerd*axe*",
        "nerdeko*",
        "nerdqx*",
        "q137*",
        "lv0*",
        "bitforge*",
        "espressif*",
        None,
    }
    assert any(item.get("registered_devices") for item in dhcp)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    port=st.sampled_from([None, 0, -1, 1, 70_000, 2**63]) | st.integers(-10, 70_000),
    addresses=st.lists(
        st.sampled_from(["127.0.0.1", "::1", "fe80::1"]), min_size=1, max_size=3
    ),
    text=st.text(max_size=300),
)
async def test_announcements_that_mean_nothing(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    port: int | None,
    addresses: list[str],
    text: str,
) -> None:
    """Whatever somebody in the network announces ends with a reason."""
    found = [ip_address(address) for address in addresses]
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_ZEROCONF},
        data=ZeroconfServiceInfo(
            ip_address=found[0],
            ip_addresses=found,
            # Nobody answers at the first one.
            port=port if port is None or not 1024 < port < 65_536 else 1,
            hostname=f"{text}.local.",
            type="_http._tcp.local.",
            name=f"{text}._http._tcp.local.",
            properties={text: text, "family": text, "board": None},
        ),
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] in {"cannot_connect", "network_refused", "not_a_miner"}
    assert not hass.config_entries.async_entries(DOMAIN)
    assert "Traceback" not in caplog.text


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    mac=st.sampled_from(["ffffffffffff", "000000000000"])
    | st.text("0123456789abcdef", min_size=12, max_size=12),
    name=st.text(max_size=300),
)
async def test_leases_that_mean_nothing(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    usual_port: UsualPort,
    mac: str,
    name: str,
) -> None:
    """Nor does a lease of something that only looks like a miner."""
    usual_port(1)
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_DHCP},
        data=DhcpServiceInfo(ip="127.0.0.1", hostname=name, macaddress=mac),
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] in {"cannot_connect", "not_a_miner"}
    assert not hass.config_entries.async_entries(DOMAIN)
    assert "Traceback" not in caplog.text
