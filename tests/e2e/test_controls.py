"""Changing settings, confirmed by what the simulated miner has."""

from playwright.sync_api import expect

from .frontend import Frontend
from .home import Home


def test_change_the_clock(frontend: Frontend, home: Home) -> None:
    """A new frequency reaches the miner, and comes back as its reading."""
    frontend.open_device("bitaxe-office")
    field = frontend.row("number", "Frequency").locator("input")
    expect(field).to_have_value("600")
    field.fill("550")
    field.press("Enter")

    home.wait_for("bitaxe-office", frequency=550)
    frontend.page.reload()
    expect(field).to_have_value("550")
    assert home.miner("bitaxe-office")["core_voltage"] == 1200


def test_a_setting_the_miner_refuses(frontend: Frontend, home: Home) -> None:
    """A refusal is reported, and the field shows what the miner has."""
    frontend.open_device("bitaxe-office")
    present = home.miner("bitaxe-office")["frequency"]
    expect(frontend.row("number", "Frequency").locator("input")).to_have_value(
        f"{present:g}"
    )
    home.provoke("bitaxe-office", reject_writes=True)
    field = frontend.row("number", "Frequency").locator("input")
    field.fill("575")
    field.press("Enter")
    expect(frontend.page.get_by_text("Wrong API input").first).to_be_visible()
    frontend.keep("setting-refused")
    assert home.miner("bitaxe-office")["frequency"] == present
    home.provoke("bitaxe-office", reject_writes=False)


def test_pause_and_resume(frontend: Frontend, home: Home) -> None:
    """The switch for mining pauses the miner, and has it go on."""
    frontend.open_device("bitaxe-bedroom")
    state = frontend.row("sensor", "State")
    mining = frontend.row("toggle", "Mining").locator("ha-switch")
    expect(state).to_contain_text("Paused")
    mining.click()
    home.wait_for("bitaxe-bedroom", hashing=True)
    expect(state).to_contain_text("Mining")
    mining.click()
    home.wait_for("bitaxe-bedroom", paused=True)
    expect(state).to_contain_text("Paused")
    expect(frontend.row("sensor", "Hashrate")).to_contain_text("0 GH/s")
