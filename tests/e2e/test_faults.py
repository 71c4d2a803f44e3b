"""What people see when a miner is in trouble."""

from playwright.sync_api import expect

from .frontend import Frontend
from .home import Home


def test_a_miner_goes_offline_and_comes_back(
    frontend: Frontend, home: Home, provoked: list[str]
) -> None:
    """Its entities are unavailable meanwhile, and the log says so once."""
    frontend.open_device("nerdqaxe-garage")
    hashrate = frontend.row("sensor", "Hashrate")
    expect(hashrate).to_contain_text("GH/s")
    home.provoke("nerdqaxe-garage", offline=True)
    expect(hashrate).to_contain_text("Unavailable")
    frontend.keep("offline")
    home.provoke("nerdqaxe-garage", offline=False)
    expect(hashrate).to_contain_text("GH/s")
    provoked.append("Error fetching nerdqaxe-garage data")


def test_restore_what_overheating_lowered(frontend: Frontend, home: Home) -> None:
    """An overheated miner says so; the repair brings its settings back."""
    page = frontend.page
    name = "bitaxe-attic"
    frontend.open_device(name)
    intended = home.miner(name)["frequency"]
    expect(frontend.row("sensor", "State")).to_contain_text("Mining")
    home.provoke(name, ambient_offset=300)
    home.wait_for(name, cooling=True)
    home.provoke(name, ambient_offset=-20)
    expect(frontend.row("sensor", "State")).to_contain_text("Overheated")
    expect(frontend.row("simple", "Problem")).to_contain_text("Problem")
    frontend.keep("overheated")

    expect(frontend.row("sensor", "State")).to_contain_text("Mining")
    assert home.miner(name)["frequency"] < intended
    frontend.open("/config/repairs/dashboard")
    page.get_by_text(f"{name} lowered its own settings").click()
    expect(page.get_by_text(f"instead of {intended} MHz")).to_be_visible()
    frontend.keep("repair")
    frontend.submit()
    expect(page.get_by_text(f"{name} lowered its own settings")).to_have_count(0)
    assert home.miner(name)["frequency"] == intended
    home.provoke(name, ambient_offset=0)
