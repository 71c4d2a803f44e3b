"""A search for the best setting: begun, watched, applied, undone on the card."""

from collections.abc import Iterator
import re
from typing import Any

from playwright.sync_api import Browser, Locator, expect
import pytest

from scripts.demo_home.client import HomeAssistantClient

from .dashboard import Dashboard
from .frontend import Frontend, log_in
from .home import Home, ask

# An hour of tuning takes four minutes.
SPEED = 15
MINER = "bitaxe-attic"
# The browser waits for what takes half an hour to an hour of the miner's time.
RUN_MS = 600_000
DESKTOP = {"width": 1400, "height": 1000}
PHONE = {"width": 390, "height": 844}
# What is higher than the window would lie beneath its head.
HIGH = 1600
LOOKS = {
    "light": (DESKTOP, "light"),
    "dark": (DESKTOP, "dark"),
    "phone": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Yield a demo in which time goes faster."""
    home = Home(tmp_path_factory.mktemp("fast") / "config", speed=SPEED)
    home.start()
    yield home
    home.stop()


@pytest.fixture(scope="session")
def login(browser: Browser, home: Home) -> Any:
    """Return what the browser keeps of having logged in there."""
    return log_in(browser, home)


@pytest.fixture
def dashboard(frontend: Frontend) -> Iterator[Dashboard]:
    """Yield the dashboard; the console of its window must stay silent."""
    dashboard = Dashboard(frontend)
    yield dashboard
    assert dashboard.complaints == []


@pytest.fixture
def tuning(dashboard: Dashboard) -> Locator:
    """Return what the card of the miner has of tuning."""
    dashboard.open_miner(MINER)
    tuning = dashboard.miner.locator("bitaxe-miner-tuning")
    tuning.scroll_into_view_if_needed()
    return tuning


def look_at(dashboard: Dashboard, tuning: Locator, name: str) -> None:
    """Keep pictures of it in all looks; it has words for all, and fits the window."""
    page = dashboard.page
    for look, (size, scheme) in LOOKS.items():
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": size["width"], "height": HIGH})
        tuning.scroll_into_view_if_needed()
        assert dashboard.frontend.untranslated() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (
            look
        )
        dashboard.frontend.keep_part(tuning, f"tuning-{name}-{look}")
    page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
    page.emulate_media(color_scheme="light")


def points(tuning: Locator) -> Locator:
    """Return the settings on its map."""
    return tuning.locator("bitaxe-map-chart").locator("[data-index]")


def setting(state: dict[str, Any]) -> tuple[float, float]:
    """Return frequency and core voltage of a simulated miner."""
    return state["frequency"], state["core_voltage"]


def confirm(dashboard: Dashboard) -> None:
    """Say yes to what is asked."""
    dialog = dashboard.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Apply", exact=True).click()


def test_a_search_from_the_form_to_its_undoing(
    dashboard: Dashboard, tuning: Locator, home: Home
) -> None:
    """Limits hold, the map grows, the best setting is kept, and can be left again."""
    before = home.miner(MINER)
    tuning.get_by_role("button", name="Find best setting").click()
    tuning.get_by_role("button", name="Efficiency").click()
    power = tuning.get_by_label("Power, at most")
    power.fill("9999")
    expect(tuning.get_by_role("button", name="Start")).to_be_disabled()
    power.fill("19")
    look_at(dashboard, tuning, "form")
    tuning.get_by_role("button", name="Start").click()

    expect(tuning.get_by_role("progressbar")).to_be_visible()
    expect(tuning).to_contain_text("19 W")
    expect(points(tuning).first).to_be_visible(timeout=RUN_MS)
    # How many it tries depends on what it measures; where it began and one more,
    # always.
    expect(points(tuning).nth(1)).to_be_visible(timeout=RUN_MS)
    look_at(dashboard, tuning, "running")

    undo = tuning.get_by_role("button", name=re.compile("^Back to"))
    expect(undo).to_be_visible(timeout=RUN_MS)
    look_at(dashboard, tuning, "result")
    best = home.miner(MINER)
    assert setting(best) != setting(before)

    undo.click()
    confirm(dashboard)
    home.wait_for(
        MINER, frequency=before["frequency"], core_voltage=before["core_voltage"]
    )
    again = tuning.get_by_role("button", name=re.compile("^Apply "))
    expect(again).to_be_visible()
    look_at(dashboard, tuning, "undone")
    again.click()
    confirm(dashboard)
    home.wait_for(MINER, frequency=best["frequency"], core_voltage=best["core_voltage"])


def test_a_search_that_is_stopped(
    dashboard: Dashboard, tuning: Locator, home: Home
) -> None:
    """The setting from before comes back, if that is wanted."""
    before = home.miner(MINER)
    tuning.get_by_role("button", name="Find best setting").click()
    tuning.get_by_role("button", name="Start").click()
    home.wait_until(MINER, lambda present: setting(present) != setting(before))
    tuning.get_by_role("button", name="Stop").click()
    keep = tuning.get_by_role("button", name=re.compile("^From before"))
    expect(keep).to_be_visible()
    look_at(dashboard, tuning, "stop")
    keep.click()
    home.wait_for(
        MINER, frequency=before["frequency"], core_voltage=before["core_voltage"]
    )
    expect(tuning).to_contain_text("Stopped")


def test_a_soak_test(dashboard: Dashboard, tuning: Locator, home: Home) -> None:
    """It shows how far it is, can be stopped, and leaves a line that says so."""
    before = home.miner(MINER)

    async def begin(client: HomeAssistantClient) -> None:
        async with client.websocket() as websocket:
            devices = await websocket.command("config/device_registry/list")
            await websocket.command(
                "call_service",
                domain="bitaxe",
                service="start_soak_test",
                service_data={
                    "device_id": [
                        device["id"] for device in devices if device["name"] == MINER
                    ],
                    "profile": "stock",
                    "hours": 6,
                },
            )

    ask(home, begin)
    expect(tuning).to_contain_text("Soak test of Stock")
    expect(tuning).to_contain_text("Measuring", timeout=RUN_MS)
    expect(tuning).to_contain_text(re.compile(r"(9\d|10\d)\.\d\s%"))
    look_at(dashboard, tuning, "soak")
    tuning.get_by_role("button", name="Stop").click()
    tuning.get_by_role("button", name=re.compile("^From before")).click()
    home.wait_for(
        MINER, frequency=before["frequency"], core_voltage=before["core_voltage"]
    )
    expect(tuning.get_by_role("button", name="Find best setting")).to_be_visible()
    expect(tuning).to_contain_text("Soak test of Stock")
    look_at(dashboard, tuning, "soak-over")
