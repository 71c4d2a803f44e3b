"""How it looks: pictures for people, and what a program can see of them."""

from typing import Any

from playwright.sync_api import expect
import pytest

from .frontend import Frontend

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


def test_options(frontend: Frontend) -> None:
    """A miner has options, in words."""
    page = frontend.page
    frontend.open_integration()
    page.get_by_role("button", name="Configure").last.click()
    expect(page.get_by_text("Time between two readings")).to_be_visible()
    frontend.keep("options")
    assert frontend.untranslated() == []
