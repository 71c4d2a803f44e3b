"""A power target: set on the card of a miner, kept by the miner, and given up again."""

from collections.abc import Iterator
import re

from playwright.sync_api import expect
import pytest

from .dashboard import Dashboard
from .frontend import Frontend
from .home import Home

# Two of its settings were measured in the past that the demo begins with.
MINER = "bitaxe-attic"


@pytest.fixture
def dashboard(frontend: Frontend) -> Iterator[Dashboard]:
    """Yield the dashboard; the console of its window must stay silent."""
    dashboard = Dashboard(frontend)
    yield dashboard
    assert dashboard.complaints == []


def test_a_target_is_kept(dashboard: Dashboard, home: Home) -> None:
    """By a setting between those that were measured; the one from before comes back."""
    dashboard.open_miner(MINER)
    before = home.miner(MINER)
    watts = round(0.9 * before["power"])
    card = dashboard.miner.locator("bitaxe-power-target")
    field = card.get_by_role("textbox", name="Power target in watts")
    field.fill(str(watts))
    card.get_by_role("button", name="Apply", exact=True).click()
    follow = card.get_by_role("switch", name="Follow it")
    expect(follow).to_have_attribute("aria-checked", "false")
    # Chosen is not followed yet.
    assert home.miner(MINER)["frequency"] == before["frequency"]
    follow.click()

    home.wait_until(MINER, lambda now: now["power"] <= watts)
    expect(follow).to_have_attribute("aria-checked", "true")
    expect(card).to_contain_text(re.compile(rf"\d+\sW of {watts}\sW"))
    expect(card).to_contain_text("On target")
    kept = home.miner(MINER)
    assert kept["hashing"]
    assert kept["frequency"] < before["frequency"]
    card.scroll_into_view_if_needed()
    assert dashboard.frontend.untranslated() == []
    dashboard.frontend.keep_part(card, "power-target-kept")

    follow.click()
    home.wait_for(
        MINER, frequency=before["frequency"], core_voltage=before["core_voltage"]
    )
    expect(follow).to_have_attribute("aria-checked", "false")
