"""Every view of the dashboard, as a whole: read by everybody, at every width."""

from collections.abc import Iterator
import json

from playwright.sync_api import Locator, Page, expect
import pytest

from .dashboard import Dashboard
from .frontend import Frontend
from .looks import FRONTEND, Looks

pytestmark = pytest.mark.skipif(
    not (FRONTEND / "node_modules").exists(), reason="there is no suitable Node.js"
)

WIDTHS = (320, 390, 768, 1024, 1280, 1920)
MOST_SHIFT = 0.05
"""Layout shift that people do not mind is half of what web vitals call good."""
MOST_BETWEEN_SECTIONS = 90
MOST_OF_THE_BAR = 120
"""px."""
OF_THE_FRAME = "region"
"""Landmarks are a matter of Home Assistant's page, not of what is on it."""


@pytest.fixture
def looks(frontend: Frontend) -> Looks:
    """Return what measures the window."""
    return Looks(frontend.page)


@pytest.fixture
def dashboard(frontend: Frontend, looks: Looks) -> Iterator[Dashboard]:
    """Yield the dashboard; the console of its window must stay silent."""
    dashboard = Dashboard(frontend)
    yield dashboard
    assert dashboard.complaints == []


def speak(page: Page, language: str) -> None:
    """Choose the language of the page for this window."""
    stored = json.dumps(json.dumps(language))
    page.add_init_script(f"localStorage.setItem('selectedLanguage', {stored})")


def open_view(dashboard: Dashboard, name: str) -> Locator:
    """Open a view, and return it once it is drawn."""
    if name == "miner":
        dashboard.open_miner("bitaxe-attic")
    else:
        dashboard.open("analysis" if name == "analysis" else "overview")
        card = "bitaxe-summary-card" if name == "analysis" else "bitaxe-swarm-card"
        expect(dashboard.page.locator(card)).to_contain_text("bitaxe-attic")
    dashboard.wait_until_drawn()
    dashboard.page.wait_for_load_state("networkidle")
    return dashboard.page.locator("hui-sections-view")


def resize(page: Page, width: int) -> None:
    """Make the window so many px wide, and wait until nothing moves any more."""
    page.set_viewport_size({"width": width, "height": 1000})
    page.wait_for_timeout(800)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", ["overview", "analysis", "miner"])
def test_no_text_is_cut_off(
    dashboard: Dashboard, looks: Looks, name: str, language: str
) -> None:
    """From the smallest phone to a wall, cards of Home Assistant included."""
    speak(dashboard.page, language)
    view = open_view(dashboard, name)
    for width in WIDTHS:
        resize(dashboard.page, width)
        dashboard.frontend.keep(f"view-{name}-{language}-{width}")
        assert looks.clipped(view) == [], width


def test_no_hole_beside_the_card_of_a_miner(dashboard: Dashboard) -> None:
    """Home Assistant shares its height among all rows of the sections beside it."""
    open_view(dashboard, "miner")
    boxes = [
        box
        for section in dashboard.page.locator("hui-section").all()
        if (box := section.bounding_box()) is not None
    ]
    assert boxes[1]["x"] == boxes[2]["x"] > boxes[0]["x"]
    hole = boxes[2]["y"] - boxes[1]["y"] - boxes[1]["height"]
    assert hole < MOST_BETWEEN_SECTIONS


@pytest.mark.parametrize(
    "view", [{"viewport": {"width": 320, "height": 640}}], indirect=True
)
def test_the_bar_of_bulk_work_leaves_room_for_the_miners(dashboard: Dashboard) -> None:
    """All that can be done is in one row, to be swiped, on the smallest phone too."""
    open_view(dashboard, "overview")
    # What needs attention may be opened by another one before it.
    dashboard.swarm.locator("button.toggle").click()
    dashboard.swarm.get_by_role("button", name="Select", exact=True).click()
    bar = dashboard.page.locator("bitaxe-swarm-selection")
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < MOST_OF_THE_BAR
    last = bar.locator(".actions button").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize(
    "view", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True
)
@pytest.mark.parametrize("name", ["overview", "analysis", "miner"])
def test_axe_finds_nothing(
    dashboard: Dashboard, looks: Looks, view: dict[str, str], name: str
) -> None:
    """Contrast, names and roles of our cards in Home Assistant, desktop and phone."""
    open_view(dashboard, name)
    for width in (1280, 390):
        resize(dashboard.page, width)
        found = [
            finding
            for finding in looks.inaccessible()
            if "bitaxe-" in finding and not finding.startswith(OF_THE_FRAME)
        ]
        assert found == [], width


@pytest.mark.parametrize(
    "view", [{"viewport": {"width": 1280, "height": 1000}}], indirect=True
)
@pytest.mark.parametrize("name", ["overview", "analysis"])
def test_nothing_moves_while_it_loads(
    dashboard: Dashboard, looks: Looks, view: dict[str, str], name: str
) -> None:
    """Room is kept for rows, charts and all else that is yet to be answered."""
    open_view(dashboard, name)
    dashboard.page.wait_for_timeout(1000)
    moved = [
        (value, sources)
        for value, sources in looks.shifts()
        # Home Assistant's frame moves aside for the sidebar, and all that is in it.
        if all(not is_aside(source) for source in sources)
    ]
    assert sum(value for value, _ in moved) < MOST_SHIFT, moved


def is_aside(source: str) -> bool:
    """Whether something moved neither up nor down, and became no higher."""
    before, after = source.split(" → ")
    return before == after
