"""Adding miners."""

from collections.abc import Iterator

from playwright.sync_api import expect
import pytest

from scripts.demo_home.client import HomeAssistantClient
from scripts.demo_home.miners import DEMO_MINERS

from .frontend import Frontend
from .home import Home, ask

NEW = {miner.spec.name for miner in DEMO_MINERS if not miner.added}


@pytest.fixture(scope="module", autouse=True)
def _remove_added_miners(home: Home) -> Iterator[None]:
    """Leave the demo with the miners it began with."""
    yield

    async def remove(client: HomeAssistantClient) -> None:
        async with client.websocket() as websocket:
            entries = await websocket.command("config_entries/get", domain="bitaxe")
        for entry in entries:
            if entry["title"] in NEW:
                await client.delete(
                    f"/api/config/config_entries/entry/{entry['entry_id']}"
                )

    ask(home, remove)


def test_the_first_miners_are_there(frontend: Frontend) -> None:
    """The demo begins with five miners, and the swarm they form."""
    frontend.open_integration()
    for name in (
        "bitaxe-office",
        "bitaxe-attic",
        "bitaxe-bedroom",
        "bitaxe-kitchen",
        "nerdqaxe-garage",
        "Bitaxe swarm",
    ):
        expect(frontend.page.get_by_text(name, exact=True).first).to_be_visible()


def test_add_a_miner_by_its_address(frontend: Frontend, home: Home) -> None:
    """A typed address leads to a device that shows what the miner does."""
    frontend.start_adding("Enter the address of a miner")
    frontend.fill_and_submit(f"127.0.0.1:{home.miner_port + 5}")
    frontend.page.get_by_role("button", name="Skip and finish").click()
    frontend.page.wait_for_url("**/config/devices/device/*")

    expect(frontend.page.get_by_text("Firmware: v2.4.5")).to_be_visible()
    expect(frontend.row("number", "Frequency").locator("input")).to_have_value("485")
    expect(frontend.row("sensor", "State")).to_contain_text("Mining")
    expect(frontend.row("sensor", "Hashrate")).to_contain_text("GH/s")


def test_an_address_without_a_miner(frontend: Frontend, home: Home) -> None:
    """Whatever answers is distinguished from what does not, in words."""
    frontend.start_adding("Enter the address of a miner")
    page = frontend.page
    for address, message in (
        ("not an address!", "Enter an IP address or a name"),
        ("127.0.0.1:1", "Nothing answers at this address"),
        (home.url, "it is not a miner"),
        (f"127.0.0.1:{home.miner_port + 9}", "NMAxe"),
    ):
        frontend.fill_and_submit(address)
        expect(page.locator("ha-form ha-alert")).to_contain_text(message)
    frontend.keep("add-error")


def test_search_the_network(frontend: Frontend, home: Home) -> None:
    """The scan offers the miners that are new, and adds the ticked ones."""
    page = frontend.page
    frontend.start_adding("Search the network")
    first, last = home.miner_port, home.miner_port + 9
    frontend.fill_and_submit(f"127.0.0.1:{first}-{last}")

    expect(page.get_by_text("Addresses searched: 10")).to_be_visible()
    expect(page.get_by_text(f"not supported: 127.0.0.1:{last}")).to_be_visible()
    expect(page.get_by_text("bitaxe-office · ")).to_have_count(0)
    boxes = page.locator("ha-form ha-checkbox")
    found = {
        name: page.get_by_text(f"{name} · ")
        for name in ("bitaxe-library", "bitaxe-cellar", "bitaxe-workshop")
    }
    for label in found.values():
        expect(label).to_be_visible()
    frontend.keep("scan-found")
    assert boxes.count() >= len(found)

    found["bitaxe-workshop"].click()
    frontend.submit()
    page.get_by_role("button", name="Skip and finish").click()

    frontend.open_integration()
    for name in ("bitaxe-library", "bitaxe-cellar"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    expect(page.get_by_text("bitaxe-workshop", exact=True)).to_have_count(0)
