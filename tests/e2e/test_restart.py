"""Ending the demo, and starting it again."""

from playwright.sync_api import expect

from .frontend import Frontend
from .home import MINERS, Home, is_free


def test_ctrl_c_ends_everything_and_keeps_it(frontend: Frontend, home: Home) -> None:
    """Nothing goes on running, and the next start has the same miners and user."""
    password = home.password
    assert home.stop() == 0
    ports = [home.port, home.control_port, home.discord_port]
    ports += range(home.miner_port, home.miner_port + MINERS)
    assert [port for port in ports if not is_free(port)] == []

    home.start()
    assert home.password == password
    frontend.open_device("nerdqaxe-garage")
    expect(frontend.row("sensor", "State")).to_contain_text("Mining")
