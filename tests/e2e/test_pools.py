"""The pool account of the demo, and triggers in the automation editor."""

import asyncio
from collections.abc import Iterator
import os
from pathlib import Path
import re
from typing import Any

from playwright.sync_api import expect
import pytest

from scripts.demo_home.client import HomeAssistantClient

from .dashboard import Dashboard
from .frontend import Frontend
from .home import Home, ask

PICTURES = os.environ.get("BITAXE_PICTURES")
MINER = "bitaxe-office"
TRIGGERS = {
    "bitaxe.alert_raised",
    "bitaxe.alert_cleared",
    "bitaxe.setting_changed",
    "bitaxe.block_found",
    "bitaxe.power_target_reached",
}


@pytest.fixture
def dashboard(frontend: Frontend) -> Iterator[Dashboard]:
    """Yield the dashboard; the console of its window must stay silent."""
    dashboard = Dashboard(frontend)
    yield dashboard
    assert dashboard.complaints == []


@pytest.mark.parametrize(
    "view", [{}, {"color_scheme": "dark"}], ids=["light", "dark"], indirect=True
)
def test_the_card_shows_what_the_pool_sees(
    dashboard: Dashboard, view: dict[str, Any]
) -> None:
    """A hashrate with its error, and how old the last share is."""
    dashboard.open_miner(MINER)
    expect(dashboard.miner).to_contain_text("At the pool")
    expect(dashboard.miner).to_contain_text(re.compile(r"[GT]H/s ± [\d.]+\s%"))
    expect(dashboard.miner).to_contain_text(re.compile(r"last share .* ago"))
    if PICTURES:
        name = f"pool-{view.get('color_scheme', 'light')}.png"
        dashboard.miner.screenshot(path=Path(PICTURES) / name)


def test_automations_know_the_triggers(home: Home, frontend: Frontend) -> None:
    """Home Assistant takes an automation with them, and the editor names them."""

    async def automate(client: HomeAssistantClient) -> str | None:
        async with client.websocket() as websocket:
            devices = await websocket.command("config/device_registry/list")
            device = next(item["id"] for item in devices if item["name"] == MINER)
            await client.post(
                "/api/config/automation/config/pools",
                {
                    "alias": "Report alerts",
                    "triggers": [
                        {"trigger": name, "options": {"device_id": [device]}}
                        for name in sorted(TRIGGERS)
                    ],
                    "conditions": [
                        {
                            "condition": f"bitaxe.{name}",
                            "options": {"device_id": [device], "behavior": "any"},
                        }
                        for name in ("is_mining", "is_tuning", "has_alert")
                    ],
                    "actions": [],
                },
            )
            # Home Assistant answers first, and loads the automation afterwards.
            for _ in range(60):
                states = await websocket.command("get_states")
                for item in states:
                    if item["entity_id"] == "automation.report_alerts":
                        return str(item["state"])
                await asyncio.sleep(0.5)
            return None

    assert ask(home, automate) == "on"
    frontend.open("/config/automation/edit/pools")
    for text in ("Alert raised", "Power target reached", "Miner is mining"):
        expect(frontend.page.get_by_text(text).first).to_be_visible()
    if PICTURES:
        frontend.page.screenshot(path=Path(PICTURES) / "automation.png")
