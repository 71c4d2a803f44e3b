"""The dashboard: what it shows, that it is live, and what can be done with it."""

from collections.abc import Iterator
import re
from typing import Any

from playwright.sync_api import Browser, expect
import pytest

from scripts.demo_home.client import HomeAssistantClient

from .dashboard import PATH, Dashboard
from .frontend import Frontend
from .home import Home, ask

MINERS = [
    "bitaxe-attic",
    "bitaxe-bedroom",
    "bitaxe-kitchen",
    "bitaxe-office",
    "nerdqaxe-garage",
]
LOOKS = {
    "desktop": {"viewport": {"width": 1400, "height": 1000}},
    "dark": {"viewport": {"width": 1400, "height": 1000}, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
    },
    "phone-dark": {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "color_scheme": "dark",
    },
    "wall": {"viewport": {"width": 1920, "height": 1200}, "color_scheme": "dark"},
}
GIGAHASHES = re.compile(r"([\d,.]+)\s*([TG])H/s")


@pytest.fixture
def dashboard(frontend: Frontend) -> Iterator[Dashboard]:
    """Yield the dashboard; the console of its window must stay silent."""
    dashboard = Dashboard(frontend)
    yield dashboard
    assert dashboard.complaints == []


def test_the_demo_opens_on_it(dashboard: Dashboard) -> None:
    """With all miners, and their totals over time."""
    page = dashboard.page
    dashboard.frontend.open("/")
    page.wait_for_url(f"**{PATH}/overview")
    expect(page.locator("ha-sidebar").get_by_text("Bitaxe", exact=True)).to_be_visible()
    for name in MINERS:
        expect(dashboard.row(name)).to_be_visible()
    expect(page.locator("hui-statistics-graph-card")).to_have_count(3)
    expect(page.locator("bitaxe-comparison-card")).to_contain_text("TH/s")
    expect(page.locator("bitaxe-timeline-card")).to_have_count(1)
    tabs = page.get_by_role("tab")
    expect(tabs.filter(has_text="bitaxe-office")).to_be_visible()
    expect(tabs.filter(has_text="Analysis")).to_be_visible()


@pytest.mark.parametrize(
    ("look", "view"),
    list(LOOKS.items()),
    ids=LOOKS,
    indirect=["view"],
)
def test_every_view(dashboard: Dashboard, view: dict[str, Any], look: str) -> None:
    """Every card is drawn, with words for all it shows, and fits the window."""
    frontend, page = dashboard.frontend, dashboard.page

    def look_at(name: str) -> None:
        dashboard.wait_until_drawn()
        assert frontend.untranslated() == []
        assert (
            page.evaluate("document.documentElement.scrollWidth")
            <= (view["viewport"]["width"])
        )
        # Wide pages at once, with what is below the edge of the window.
        height = page.evaluate(
            """() => {
                const view = (function find(root) {
                    for (const node of root.querySelectorAll("*")) {
                        if (node.localName === "hui-sections-view") return node;
                        const found = node.shadowRoot && find(node.shadowRoot);
                        if (found) return found;
                    }
                })(document);
                return view.scrollHeight + 80;
            }"""
        )
        page.set_viewport_size(view["viewport"] | {"height": min(height, 6000)})
        dashboard.wait_until_drawn()
        frontend.keep(f"dashboard-{name}-{look}")
        page.set_viewport_size(view["viewport"])

    dashboard.open("overview")
    expect(dashboard.row("bitaxe-office")).to_contain_text("TH/s")
    look_at("swarm")
    dashboard.open("analysis")
    summary = page.locator("bitaxe-summary-card")
    expect(summary.get_by_role("row", name="bitaxe-office")).to_contain_text("kWh")
    look_at("analysis")
    dashboard.open_miner("bitaxe-office")
    expect(dashboard.miner).to_contain_text("TH/s")
    look_at("miner")


def test_add_another_from_the_list_of_community_dashboards(
    dashboard: Dashboard,
) -> None:
    """The way of those who declined, or want a second one."""
    page = dashboard.page
    dashboard.frontend.open("/config/lovelace/dashboards")
    page.get_by_role("button", name="Add dashboard").click()
    page.locator("dashboard-card").filter(has_text="Swarm, analysis").click()
    page.get_by_role("button", name="Create").click()
    expect(page.locator("ha-sidebar").get_by_text("Bitaxe", exact=True)).to_have_count(
        2
    )
    dashboard.frontend.open("/dashboard-bitaxe/overview")
    expect(dashboard.row("bitaxe-office")).to_be_visible()


def test_live_values_move(dashboard: Dashboard) -> None:
    """Without a reload, and without a row in the database for each."""
    dashboard.open("overview")
    row = dashboard.row("bitaxe-office")
    expect(row).to_contain_text(GIGAHASHES)
    before = row.inner_text()
    for _ in range(2):
        expect(row).not_to_have_text(before, use_inner_text=True)
        before = row.inner_text()


def test_change_the_clock(dashboard: Dashboard, home: Home) -> None:
    """A new frequency reaches the miner, which confirms it."""
    dashboard.open_miner("bitaxe-office")
    intended = home.miner("bitaxe-office")["frequency"]
    field = dashboard.miner.get_by_label("Frequency", exact=True)
    expect(field).to_have_value(f"{intended:g}")
    field.fill(f"{intended - 25:g}")
    dashboard.miner.get_by_role("button", name="Apply", exact=True).click()
    home.wait_for("bitaxe-office", frequency=intended - 25)
    expect(dashboard.miner).to_contain_text("Confirmed by the miner")
    field.fill(f"{intended:g}")
    dashboard.miner.get_by_role("button", name="Apply", exact=True).click()
    home.wait_for("bitaxe-office", frequency=intended)


def test_restart_only_after_a_question(dashboard: Dashboard, home: Home) -> None:
    """A slip of the finger stops no miner."""
    dashboard.open_miner("bitaxe-attic")
    uptime = home.miner("bitaxe-attic")["uptime"]
    restart = dashboard.miner.get_by_role("button", name="Restart", exact=True)
    restart.click()
    question = dashboard.page.get_by_role("dialog", name="Restart bitaxe-attic?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    assert home.miner("bitaxe-attic")["uptime"] > uptime
    restart.click()
    question.get_by_role("button", name="Restart").click()
    home.wait_until("bitaxe-attic", lambda state: state["uptime"] < uptime)


def test_a_miner_that_goes_offline(
    dashboard: Dashboard, home: Home, provoked: list[str]
) -> None:
    """One missed reading shows, three make it offline, and it comes back."""
    dashboard.open("overview")
    row = dashboard.row("nerdqaxe-garage")
    expect(row).to_contain_text("Mining")
    home.provoke("nerdqaxe-garage", offline=True)
    # Two polls of 10 s, each with its time to time out
    expect(row).to_contain_text("No answer", timeout=45_000)
    expect(row).to_contain_text("Offline")
    dashboard.frontend.keep("dashboard-offline")
    home.provoke("nerdqaxe-garage", offline=False)
    expect(row).to_contain_text("Mining")
    provoked.append("Error fetching nerdqaxe-garage data")


def test_miners_that_come_and_go(dashboard: Dashboard, home: Home) -> None:
    """The open dashboard has a new view, and loses it with the miner."""
    dashboard.open("overview")
    tabs = dashboard.page.get_by_role("tab").filter(has_text=re.compile("-"))
    expect(tabs).to_have_count(len(MINERS))

    async def add(client: HomeAssistantClient) -> str:
        flow = await client.post(
            "/api/config/config_entries/flow", {"handler": "bitaxe"}
        )
        path = f"/api/config/config_entries/flow/{flow['flow_id']}"
        await client.post(path, {"next_step_id": "miner"})
        host = f"127.0.0.1:{home.miner_port + 6}"
        result = await client.post(path, {"host": host})
        return str(result["result"]["entry_id"])

    entry_id = ask(home, add)
    expect(tabs).to_have_count(len(MINERS) + 1)
    expect(dashboard.row("bitaxe-library")).to_contain_text("GH/s")

    async def remove(client: HomeAssistantClient) -> None:
        await client.delete(f"/api/config/config_entries/entry/{entry_id}")

    ask(home, remove)
    expect(tabs).to_have_count(len(MINERS))
    expect(dashboard.row("bitaxe-library")).to_have_count(0)


def test_choose_miners_and_layout(dashboard: Dashboard) -> None:
    """The dashboard's own form, in words."""
    dashboard.open("overview")
    page = dashboard.page
    page.get_by_role("button", name="Edit dashboard").click()
    form = page.locator("bitaxe-strategy-editor")
    expect(form).to_contain_text("All of them, also those added later")
    dashboard.frontend.keep("dashboard-editor")
    assert dashboard.frontend.untranslated() == []


def test_who_may_look_only(dashboard: Dashboard, browser: Browser, home: Home) -> None:
    """Sees everything, and is offered nothing that would be refused."""
    password = "look but do not touch"

    async def add_user(client: HomeAssistantClient) -> None:
        async with client.websocket() as websocket:
            created = await websocket.command(
                "config/auth/create", name="Guest", group_ids=["system-read-only"]
            )
            await websocket.command(
                "config/auth_provider/homeassistant/create",
                user_id=created["user"]["id"],
                username="guest",
                password=password,
            )

    ask(home, add_user)
    context = browser.new_context(viewport=LOOKS["desktop"]["viewport"])
    page = context.new_page()
    guest = Dashboard(Frontend(page, home))
    page.goto(home.url)
    page.locator("input[name=username]").fill("guest")
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.locator("ha-sidebar").wait_for()
    guest.open_miner("bitaxe-office")
    expect(guest.miner).to_contain_text("TH/s")
    guest.wait_until_drawn()
    expect(guest.miner.get_by_role("button", name="Restart")).to_have_count(0)
    expect(guest.page.locator("hui-entities-card")).to_have_count(1)
    expect(guest.page.locator("hui-number-entity-row")).to_have_count(0)
    expect(guest.page.locator("hui-button-entity-row")).to_have_count(0)
    guest.frontend.keep("dashboard-guest")
    assert guest.complaints == []
    context.close()
