"""The cards on the page of `frontend/dev`: read by everybody, at every width.

Neither Home Assistant nor miners are needed; the data is made up.
"""

from collections.abc import Iterator
import json
from typing import Any

from playwright.sync_api import Browser, expect
import pytest

from .dev_page import DevPage, serve
from .looks import FRONTEND

pytestmark = pytest.mark.skipif(
    not (FRONTEND / "node_modules").exists(), reason="there is no suitable Node.js"
)

WIDTHS = (320, 360, 412, 600, 768, 1024, 1280, 1920)
LANGUAGES = ("en", "de")
OTHERS = ("es", "fr", "it", "nl", "pl", "pt-BR")
"""Languages that are read at two widths only, where most is cut off if anything is."""
MINER = {"type": "custom:bitaxe-miner-card"}
SUMMARY = {"type": "custom:bitaxe-summary-card"}
CARDS: dict[str, tuple[dict[str, Any], dict[str, object]]] = {
    "swarm": ({"type": "custom:bitaxe-swarm-card"}, {"miners": 10}),
    "lite": ({"type": "custom:bitaxe-swarm-card", "layout": "lite"}, {"miners": 40}),
    "miner": (MINER | {"device_id": "$0"}, {"miners": 6}),
    "miner-with-alerts": (MINER | {"device_id": "$1"}, {"miners": 6}),
    "miner-with-neighbours": (
        MINER | {"device_id": "$0", "navigation_path": "miner-{device_id}"},
        {"miners": 6},
    ),
    "miner-offline": (MINER | {"device_id": "$5"}, {"miners": 6}),
    "efficiency": (
        {"type": "custom:bitaxe-efficiency-card", "device_id": "$0"},
        {"miners": 6},
    ),
    "summary": (SUMMARY, {"miners": 10}),
    "swarm-with-block": (
        {"type": "custom:bitaxe-swarm-card"},
        {"miners": 3, "block": "", "restart": ""},
    ),
    "miner-with-block": (
        MINER | {"device_id": "$0"},
        {"miners": 3, "block": "", "restart": ""},
    ),
    "steps": ({"type": "custom:bitaxe-steps-card"}, {"miners": 2, "begin": ""}),
    "first-step": ({"type": "custom:bitaxe-steps-card"}, {"miners": 0, "begin": ""}),
    "comparison": ({"type": "custom:bitaxe-comparison-card"}, {"miners": 12}),
    "timeline": ({"type": "custom:bitaxe-timeline-card"}, {"miners": 6}),
}
"""By name: a configuration, and what else the address of the page says."""
DIALOGS_OF_A_MINER = (
    ("miner", "control.restart"),
    ("bulk", "action.pool"),
    ("bulk", "action.copy"),
    ("bulk", "action.backups"),
    ("bulk", "action.notes"),
)
"""Buttons of the miner card that open one: file and key of their texts."""
MOST_SHIFT = 0.05
"""Layout shift that people do not mind is half of what web vitals call good."""


@pytest.fixture(autouse=True)
def _quiet_log() -> None:
    """Nothing here writes to a log of Home Assistant."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve the page."""
    with serve() as address:
        yield address


@pytest.fixture
def dev_page(browser: Browser, url: str) -> Iterator[DevPage]:
    """Yield a window on the page, whose scripts must not fail."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    window = DevPage(context.new_page(), url)
    yield window
    context.close()
    assert window.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CARDS)
def test_no_text_is_cut_off(dev_page: DevPage, name: str, language: str) -> None:
    """From the smallest phone to a wall, also where the window becomes narrower."""
    card, options = CARDS[name]
    dev_page.show(card, **options, language=language, interval=0)
    for width in (*WIDTHS, WIDTHS[0]):
        dev_page.resize(width)
        assert dev_page.clipped() == [], width


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_cut_off_in_any_language(dev_page: DevPage, language: str) -> None:
    """All cards on one page, and what a miner's buttons open."""
    page = dev_page.page
    dev_page.resize(WIDTHS[0])
    dev_page.show(
        *(card for card, _ in CARDS.values()),
        miners=12,
        begin="",
        block="",
        language=language,
        interval=0,
    )
    for width in (600, WIDTHS[0]):
        dev_page.resize(width)
        assert dev_page.clipped() == [], width
    for file, key in DIALOGS_OF_A_MINER:
        name = words(language, file, key)
        page.get_by_role("button", name=name, exact=True).first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert dev_page.clipped(dialog) == [], key
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_texts_that_are_cut_off_are_found(dev_page: DevPage) -> None:
    """The test before can fail."""
    card, options = CARDS["swarm"]
    dev_page.show(card, **options, interval=0)
    dev_page.page.evaluate(
        """() => {
            const card = document.querySelector("bitaxe-swarm-card");
            const heading = card.shadowRoot.querySelector("h2");
            heading.style.flex = "0 0 40px";
        }"""
    )
    assert [text.split(" (")[0] for text in dev_page.clipped()] == ["Bitaxe swarm"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", CARDS)
def test_axe_finds_nothing(dev_page: DevPage, name: str, theme: str) -> None:
    """Contrast, names, roles, landmarks; on a desktop and on a phone, in German too."""
    card, options = CARDS[name]
    for width, language in ((1280, "en"), (390, "de")):
        dev_page.resize(width)
        dev_page.show(card, **options, theme=theme, language=language, interval=0)
        assert dev_page.inaccessible() == [], (width, language)


@pytest.mark.parametrize("width", [390, 1280])
# No room is kept for a block: that one appears is the point of it.
@pytest.mark.parametrize("name", [name for name in CARDS if "block" not in name])
def test_nothing_moves_while_it_loads(dev_page: DevPage, name: str, width: int) -> None:
    """Room is kept for rows, charts and all that Home Assistant has yet to answer."""
    card, options = CARDS[name]
    dev_page.resize(width)
    dev_page.show(card, SUMMARY, **options, interval=0, latency=300)
    dev_page.wait_until_still()
    shifts = dev_page.shifts()
    assert sum(shift for shift, _ in shifts) < MOST_SHIFT, shifts


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("width", "language"), [(1280, "en"), (390, "de"), (320, "de")]
)
def test_dialogs_of_a_miner(
    dev_page: DevPage, theme: str, width: int, language: str
) -> None:
    """Each can be read, its buttons included, which stand apart from the card."""
    dev_page.resize(width)
    card, options = CARDS["miner"]
    dev_page.show(card, **options, theme=theme, language=language, interval=0)
    page = dev_page.page
    for file, key in DIALOGS_OF_A_MINER:
        name = words(language, file, key)
        page.get_by_role("button", name=name, exact=True).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        dev_page.settle()
        dev_page.keep(f"dialog-{key}-{theme}-{language}-{width}")
        if key == "action.backups":
            # The newest one differs from what the miner has now.
            page.get_by_role("dialog").get_by_role("listitem").first.click()
            expect(page.get_by_role("dialog").get_by_role("checkbox")).to_have_count(3)
            dev_page.keep(f"dialog-backup-{theme}-{language}-{width}")
        if key == "control.restart":
            # What is as white as its background is beyond what axe-core judges.
            expect(page.get_by_role("dialog").locator(".danger")).not_to_have_css(
                "background-color", "rgba(0, 0, 0, 0)"
            )
        assert dev_page.clipped() == [], key
        assert dev_page.inaccessible() == [], key
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name=words(language, "tuning", "find")).click()
    dev_page.settle()
    assert dev_page.clipped() == []
    assert dev_page.inaccessible() == []


SHARES = [
    {"difficulty": 1.86e10, "miner": "bitaxe-attic", "time": "2026-11-20T10:00:00Z"},
    {
        "difficulty": 4.2e9,
        "miner": "a-miner-with-a-long-name-by-the-oven",
        "time": None,
    },
]


@pytest.mark.parametrize(
    ("theme", "width", "language"), [("light", 1280, "en"), ("dark", 390, "de")]
)
def test_what_is_opened_or_over_is_readable(
    dev_page: DevPage, theme: str, width: int, language: str
) -> None:
    """The result of a run and a soak test, a run with its question, and the records."""
    page = dev_page.page
    dev_page.resize(width)
    card, options = CARDS["miner"]

    def check(name: str) -> None:
        dev_page.settle()
        dev_page.keep(f"{name}-{theme}-{language}-{width}")
        assert dev_page.clipped() == [], name
        assert dev_page.inaccessible() == [], name

    def press(key: str) -> None:
        name = words(language, "tuning", key)
        page.get_by_role("button", name=name, exact=True).click()

    options = options | {"theme": theme, "language": language, "interval": 0}
    dev_page.show(card, **options, tuning="over")
    press("show_result")
    check("tuning-result")
    press("soak_start")
    expect(page.locator("bitaxe-soak-form")).to_be_visible()
    check("soak-form")
    dev_page.show(card, **options, tuning="busy")
    check("tuning-run")
    press("stop")
    check("tuning-stop")
    dev_page.show(
        {"type": "custom:bitaxe-records-card", "entity": "sensor.best"}, **options
    )
    page.evaluate(
        """shares => {
            const card = document.querySelector("bitaxe-records-card");
            const state = { state: "1", attributes: { best_shares: shares } };
            card.hass = { ...home.hass, states: { "sensor.best": state } };
        }""",
        SHARES,
    )
    expect(page.get_by_role("listitem")).to_have_count(len(SHARES))
    check("records")


def words(language: str, file: str, path: str) -> str:
    """Return a text of the cards."""
    texts = FRONTEND / "src" / "translations" / language / f"{file}.json"
    found: Any = json.loads(texts.read_text(encoding="utf-8"))
    for key in path.split("."):
        found = found[key]
    return str(found)


def test_the_state_breaks_no_name(dev_page: DevPage) -> None:
    """On a phone it goes below the name of a miner that is paused, or starts."""
    card, options = CARDS["swarm"]
    dev_page.resize(390)
    dev_page.show(card, **options, interval=0)
    names = dev_page.page.locator(".compact .open")
    heights = {
        item.inner_text(): item.evaluate(
            "(name) => name.getBoundingClientRect().height"
        )
        for item in names.all()
    }
    assert len(heights) == 10
    assert max(heights.values()) < 1.5 * min(heights.values()), heights


SWARM_TOOLS: dict[str, tuple[dict[str, Any], int]] = {
    "full": ({"type": "custom:bitaxe-swarm-card", "group_by": "area"}, 12),
    "lite": (
        {"type": "custom:bitaxe-swarm-card", "layout": "lite", "group_by": "label"},
        40,
    ),
}


DIALOGS = (0, 3, 4, 5, 6)
"""Places of the buttons that restart, apply profiles, begin maintenance, set pools and
copy settings."""


def select_all(dev_page: DevPage) -> None:
    """Select every miner of a swarm card."""
    dev_page.page.get_by_role("button", name="Select", exact=True).or_(
        dev_page.page.get_by_role("button", name="Auswählen", exact=True)
    ).click()
    dev_page.page.get_by_role("button", name="Select all").or_(
        dev_page.page.get_by_role("button", name="Alle auswählen")
    ).click()
    dev_page.settle()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SWARM_TOOLS)
def test_bulk_work_is_readable(dev_page: DevPage, name: str, language: str) -> None:
    """Filters, totals of groups, selection and dialog: nothing is cut off."""
    card, miners = SWARM_TOOLS[name]
    dev_page.show(card, miners=miners, language=language, interval=0)
    select_all(dev_page)
    for width in WIDTHS:
        dev_page.resize(width)
        assert dev_page.clipped() == [], width
        dev_page.keep(f"bulk-{name}-{language}-{width}")
    for number in DIALOGS:
        dev_page.page.locator("bitaxe-swarm-selection .actions button").nth(
            number
        ).click()
        for width in (320, 412, 1280):
            dev_page.resize(width)
            assert dev_page.clipped() == [], (number, width)
            dev_page.keep(f"bulk-dialog-{number}-{name}-{language}-{width}")
        dev_page.page.keyboard.press("Escape")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", SWARM_TOOLS)
def test_bulk_work_is_accessible(dev_page: DevPage, name: str, theme: str) -> None:
    """Names, roles and contrast while selecting, and in the dialog."""
    card, miners = SWARM_TOOLS[name]
    for width, language in ((1280, "en"), (390, "de")):
        dev_page.resize(width)
        dev_page.show(card, miners=miners, theme=theme, language=language, interval=0)
        select_all(dev_page)
        assert dev_page.inaccessible() == [], (width, language)
        dev_page.keep(f"bulk-{name}-{theme}-{width}")
        for number in DIALOGS:
            dev_page.page.locator("bitaxe-swarm-selection .actions button").nth(
                number
            ).click()
            dev_page.settle()
            assert dev_page.inaccessible() == [], (number, width, language)
            dev_page.page.keyboard.press("Escape")


def test_bulk_work_on_forty_miners(dev_page: DevPage) -> None:
    """Found, selected and paused with one confirmation, and a result for each."""
    card = {"type": "custom:bitaxe-swarm-card", "layout": "lite"}
    dev_page.show(card, miners=40, interval=0)
    page = dev_page.page
    rows = page.locator("bitaxe-swarm-row")
    expect(rows).to_have_count(40)
    page.get_by_role("searchbox", name="Search miners").fill("garage")
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="Select", exact=True).click()
    # The keyboard alone.
    boxes = page.get_by_role("checkbox")
    boxes.first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Select all").click()
    expect(page.get_by_text("40 selected")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    dialog = page.get_by_role("dialog", name="Pause miners")
    expect(dialog.get_by_role("listitem")).to_have_count(40)
    offline = dialog.get_by_text("The miner could not be reached.")
    refused = offline.count()
    assert refused
    sent = "home.commands.filter((c) => c.type === 'bitaxe/bulk_work' && !c.preview)"
    assert page.evaluate(f"{sent}.length") == 0
    dialog.get_by_role("button", name=f"Pause ({40 - refused})").click()
    summary = f"{40 - refused} done · {refused} not possible"
    expect(dialog.get_by_text(summary)).to_be_visible()
    assert page.evaluate(f"{sent}.map((c) => c.device_id.length)") == [40 - refused]
    dev_page.keep("bulk-forty-miners")
