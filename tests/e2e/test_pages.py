"""How it looks: pictures for people, and what a program can see of them."""

from collections.abc import Iterator
import json
from typing import Any

from playwright.sync_api import expect
import pytest

from .frontend import Frontend
from .home import ROOT

TRANSLATIONS = ROOT / "custom_components" / "bitaxe" / "translations"
CHOSEN = (
    "guard_switch",
    "heat_action",
    "heating_when_idle",
    "heating_when_lost",
    "power_bottom",
    "power_bound",
    "power_surplus_sign",
    "power_when_off",
    "report_span",
    "span",
)
"""Choices in forms of which Home Assistant shows the chosen one, on one line."""
# Given to the title of a dialog: the titles that have no room in its place, and the
# chosen texts that have none in a field, which is as wide.
_TOO_LONG = """(title, [titles, chosen]) => {
    const { font, fontFamily } = getComputedStyle(title);
    const pen = document.createElement("canvas").getContext("2d");
    const tooLong = (texts, font) => {
        pen.font = font;
        return texts.filter((text) => pen.measureText(text).width > title.clientWidth);
    };
    return [...tooLong(titles, font), ...tooLong(chosen, `14px ${fontFamily}`)];
}"""

LOOKS = {
    "desktop": {"viewport": {"width": 1500, "height": 2900}},
    "dark": {"viewport": {"width": 1500, "height": 2900}, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 412, "height": 4200},
        "is_mobile": True,
        "has_touch": True,
    },
}


@pytest.mark.parametrize(
    ("device", "look", "view"),
    [
        ("bitaxe-office", "desktop", LOOKS["desktop"]),
        ("bitaxe-office", "phone", LOOKS["phone"]),
        ("nerdqaxe-garage", "dark", LOOKS["dark"]),
    ],
    indirect=["view"],
)
def test_a_miner(
    frontend: Frontend, view: dict[str, Any], look: str, device: str
) -> None:
    """A miner has a value for everything it shows, and a word for each value."""
    frontend.open_device(device)
    expect(frontend.row("sensor", "Hashrate")).to_contain_text("GH/s")
    sensors = frontend.page.locator("hui-sensor-entity-row")
    expect(sensors.filter(has_text="Unknown")).to_have_count(0)
    frontend.keep(f"{device}-{look}")
    assert frontend.untranslated() == []


@pytest.mark.parametrize(
    ("view", "look"),
    [(LOOKS[look], look) for look in ("desktop", "phone")],
    indirect=["view"],
)
def test_the_swarm(frontend: Frontend, view: dict[str, Any], look: str) -> None:
    """The swarm shows its totals, and what they cost."""
    frontend.open_device("Bitaxe swarm")
    expect(frontend.row("sensor", "Hashrate")).to_contain_text("TH/s")
    expect(frontend.row("sensor", "Cost per day")).to_contain_text("EUR")
    frontend.keep(f"swarm-{look}")
    assert frontend.untranslated() == []


@pytest.mark.parametrize(
    "view", [{"viewport": {"width": 320, "height": 700}}], indirect=True
)
def test_options(frontend: Frontend, view: dict[str, Any]) -> None:
    """A miner has options, in words; titles and what is chosen in lists have room."""
    page = frontend.page
    frontend.open_integration()
    page.get_by_role("button", name="Configure").last.click()
    expect(page.get_by_text("Time between two readings")).to_be_visible()
    frontend.keep("options")
    assert frontend.untranslated() == []

    # A title and what is chosen in a list have the same room.
    title = page.locator("dialog-data-entry-flow .dialog-title")
    for file in sorted(TRANSLATIONS.glob("*.json")):
        texts = json.loads(file.read_text(encoding="utf-8"))
        chosen = [
            text
            for name in CHOSEN
            for text in texts["selector"][name]["options"].values()
        ]
        too_long = title.evaluate(_TOO_LONG, [list(titles(texts)), chosen])
        assert too_long == [], file.name


def titles(texts: Any, path: str = "") -> Iterator[str]:
    """Yield the titles of all dialogs, but for what somebody has named."""
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from titles(value, f"{path}.{key}")
        elif key == "title" and ".step." in path and "{" not in value:
            yield value
