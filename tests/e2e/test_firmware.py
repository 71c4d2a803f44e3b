"""Firmware: from the option to a version that runs, as a person sees it."""

from collections.abc import Iterator

from playwright.sync_api import expect
import pytest

from .frontend import Frontend
from .home import Home

MINER = "bitaxe-office"
NEWEST = "v2.15.0"


def switch(frontend: Frontend, name: str) -> None:
    """Open the firmware in the options of the swarm, and switch both of its options."""
    frontend.open_integration()
    page = frontend.page
    swarm = page.locator("ha-config-entry-row").filter(has_text="Bitaxe swarm")
    swarm.get_by_role("button", name="Configure").first.click()
    dialog = page.locator("dialog-data-entry-flow")
    dialog.get_by_text("Firmware", exact=True).click()
    # What leaves the house is said before anything does.
    expect(dialog.get_by_text("asks api.github.com twice a day")).to_be_visible()
    for option in dialog.locator("ha-switch").all():
        option.click()
    frontend.keep(f"firmware-{name}")
    frontend.submit()
    expect(page.get_by_text("Options successfully saved.")).to_be_visible()
    page.get_by_role("button", name="Finish").click()


@pytest.fixture
def allowed(frontend: Frontend) -> Iterator[None]:
    """Allow asking and installing, and forbid it again in the end."""
    switch(frontend, "option")
    yield
    switch(frontend, "option-off")


@pytest.mark.usefixtures("allowed")
def test_a_new_version_is_read_about_and_installed(
    frontend: Frontend, home: Home
) -> None:
    """Notes and known troubles first; afterwards it mines with the new version."""
    assert home.miner(MINER)["firmware"] != NEWEST
    page = frontend.page
    frontend.open("/config/updates")
    page.locator("ha-config-updates").get_by_text(MINER).click()
    dialog = page.locator("ha-more-info-dialog")
    expect(dialog.get_by_text("Known troubles of this version")).to_be_visible()
    expect(dialog.get_by_text("start more quietly")).to_be_visible()
    frontend.keep("firmware-notes")
    assert frontend.untranslated() == []

    dialog.get_by_text("Update", exact=True).click()
    expect(dialog.get_by_text("Installing (")).to_be_visible()
    frontend.keep("firmware-installing")
    expect(dialog.get_by_text("Up-to-date")).to_be_visible()
    frontend.keep("firmware-installed")
    home.wait_for(MINER, firmware=NEWEST, hashing=True)
