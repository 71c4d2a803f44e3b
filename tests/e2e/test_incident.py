"""What people see of an incident from start to end, a block, and a touch zoom."""

from collections.abc import Iterator
from datetime import UTC, datetime
import re

from playwright.sync_api import Locator, expect
import pytest

from .dashboard import Dashboard
from .frontend import Frontend
from .home import Home, ask, logbook_of

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
# An alert of silence waits for two minutes; the page asks for what happened soon after.
LONG_MS = 240_000


@pytest.fixture
def dashboard(frontend: Frontend) -> Iterator[Dashboard]:
    """Yield the dashboard; the console of its window must stay silent."""
    dashboard = Dashboard(frontend)
    yield dashboard
    assert dashboard.complaints == []


def line(dashboard: Dashboard, name: str, text: str) -> Locator:
    """Return a line of the timeline."""
    lines = dashboard.page.locator("bitaxe-timeline-card li").filter(has_text=name)
    return lines.filter(has_text=text)


def test_an_incident_from_begin_to_end(
    dashboard: Dashboard, home: Home, provoked: list[str]
) -> None:
    """It lasts while it lasts, then says how long it took; the logbook is brief."""
    name = "nerdqaxe-garage"
    dashboard.open("overview")
    expect(dashboard.row(name)).to_contain_text("Mining")
    began = datetime.now(UTC)
    home.provoke(name, offline=True)
    lasting = line(dashboard, name, "does not answer")
    expect(lasting.first).to_be_visible(timeout=LONG_MS)
    expect(lasting.first).to_contain_text("for ")
    dashboard.frontend.keep("incident-lasts")
    home.provoke(name, offline=False)
    provoked.append(f"Error fetching {name} data")
    expect(dashboard.row(name)).to_contain_text("Mining")
    over = dashboard.page.locator("bitaxe-timeline-card li.over").filter(has_text=name)
    expect(over.first).to_contain_text(re.compile(r"\d+\s(min|s)"), timeout=LONG_MS)
    ongoing = dashboard.page.locator("bitaxe-timeline-card li.ongoing")
    expect(ongoing.filter(has_text=name)).to_have_count(0, timeout=LONG_MS)
    dashboard.frontend.keep("incident-over")

    lines = ask(home, lambda client: logbook_of(client, began, name))
    # The alert and its end in words, state and problem
    assert len(lines) <= 8, lines
    unwanted = ("button", "event", "number")
    assert not [entity for entity in lines if entity.startswith(unwanted)]


def test_a_block_from_begin_to_end(dashboard: Dashboard, home: Home) -> None:
    """Banners, a golden row, a notification, a picture to share; until dismissed."""
    name = "bitaxe-attic"
    page = dashboard.page
    dashboard.open("overview")
    expect(dashboard.row(name)).to_contain_text("Mining")
    home.find_block(name)
    banner = dashboard.swarm.locator("bitaxe-block-banner")
    expect(banner).to_contain_text(f"{name} has found a block")
    expect(dashboard.swarm.locator("bitaxe-swarm-row.gold")).to_have_count(1)
    dashboard.frontend.keep("block-swarm")
    with page.expect_download() as downloading:
        banner.get_by_role("button", name="Save picture").click()
    assert downloading.value.suggested_filename.endswith(".png")

    page.locator("ha-sidebar").get_by_text("Notifications").click()
    expect(page.locator("notification-drawer")).to_contain_text("block")

    dashboard.open_miner(name)
    banner = dashboard.miner.locator("bitaxe-block-banner")
    expect(banner).to_contain_text("has found a block")
    dashboard.frontend.keep("block-miner")
    banner.get_by_role("button", name="Dismiss").click()
    expect(banner.locator(".block")).to_have_count(0)
    dashboard.open("overview")
    expect(dashboard.row(name)).to_be_visible()
    expect(dashboard.swarm.locator("bitaxe-swarm-row.gold")).to_have_count(0)
    expect(line(dashboard, name, "block").first).to_be_visible(timeout=LONG_MS)


@pytest.mark.parametrize("view", [PHONE], indirect=True)
def test_zoom_by_touch(dashboard: Dashboard) -> None:
    """Two fingers stretch the trend, and bring all of it back."""
    dashboard.open("analysis")
    dashboard.open_miner("bitaxe-office")
    chart = dashboard.miner.locator("bitaxe-trend-chart")
    expect(chart.locator("svg").first).to_be_visible()
    chart.scroll_into_view_if_needed()
    out = dashboard.miner.get_by_role("button", name="Zoom out")
    expect(out).to_be_disabled()
    box = chart.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    pinch(dashboard, middle, 30, 120)
    expect(out).to_be_enabled()
    dashboard.frontend.keep("zoom-by-touch")
    for _ in range(3):
        pinch(dashboard, middle, 120, 20)
    expect(out).to_be_disabled()


def pinch(
    dashboard: Dashboard, middle: tuple[float, float], begin: float, end: float
) -> None:
    """Move two fingers from one distance of a point to another, in px."""
    session = dashboard.page.context.new_cdp_session(dashboard.page)
    x, y = middle

    def touch(kind: str, distance: float | None) -> None:
        points = (
            []
            if distance is None
            else [
                {"x": x - distance, "y": y, "id": 0},
                {"x": x + distance, "y": y, "id": 1},
            ]
        )
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", begin)
    for step in range(1, 11):
        touch("touchMove", begin + (end - begin) * step / 10)
    touch("touchEnd", None)
    session.detach()


def test_notes_of_a_person(dashboard: Dashboard) -> None:
    """Written in a dialog, seen among what happened, and deleted again."""
    name, text = "bitaxe-attic", "New thermal paste"
    page = dashboard.page

    def open_notes() -> Locator:
        dashboard.open_miner(name)
        dashboard.miner.get_by_role("button", name="Notes", exact=True).click()
        return page.get_by_role("dialog", name=f"Notes about {name}")

    notes = open_notes()
    expect(notes).to_contain_text("There are no notes yet.")
    notes.get_by_label("Note", exact=True).fill(text)
    notes.get_by_role("button", name="Add note").click()
    expect(notes.get_by_role("listitem").filter(has_text=text)).to_have_count(1)
    dashboard.frontend.keep("notes")
    page.keyboard.press("Escape")
    expect(notes).to_have_count(0)

    dashboard.open("overview")
    expect(line(dashboard, name, text)).to_have_count(1)

    notes = open_notes()
    expect(line(dashboard, "", text)).to_have_count(1)
    notes.get_by_role("listitem").filter(has_text=text).get_by_role("button").click()
    expect(notes).to_contain_text("There are no notes yet.")
