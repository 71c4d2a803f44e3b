"""Backups of settings: what they would change, partial restores, export, import."""

from collections.abc import Iterator
import json
from pathlib import Path
import re

from playwright.sync_api import Locator, expect
import pytest

from scripts.demo_home.client import HomeAssistantClient

from .dashboard import Dashboard
from .frontend import Frontend
from .home import Home, ask

MINER = "bitaxe-office"


@pytest.fixture
def dashboard(frontend: Frontend) -> Iterator[Dashboard]:
    """Yield the dashboard; the console of its window must stay silent."""
    dashboard = Dashboard(frontend)
    yield dashboard
    assert dashboard.complaints == []


def change(home: Home, action: str, **data: object) -> None:
    """Change settings of the miner, as an automation does."""

    async def call(client: HomeAssistantClient) -> None:
        async with client.websocket() as websocket:
            devices = await websocket.command("config/device_registry/list")
            (device,) = (item["id"] for item in devices if item["name"] == MINER)
            await websocket.command(
                "call_service",
                domain="bitaxe",
                service=action,
                service_data={"device_id": [device], **data},
            )

    ask(home, call)


def open_backups(dashboard: Dashboard) -> Locator:
    """Open the backups from the card of the miner."""
    dashboard.open_miner(MINER)
    dashboard.miner.get_by_role("button", name="Backups", exact=True).click()
    dialog = dashboard.page.locator("bitaxe-backups-dialog")
    expect(dialog.locator("button.backup").first).to_be_visible()
    return dialog


def look_at(dashboard: Dashboard, name: str) -> None:
    """Keep pictures in light and dark, on desktop and phone; all of it has words."""
    page = dashboard.page
    for width in (1400, 390):
        page.set_viewport_size({"width": width, "height": 1000})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            dashboard.frontend.keep(f"backups-{name}-{width}-{scheme}")
    page.set_viewport_size({"width": 1400, "height": 1000})
    assert dashboard.frontend.untranslated() == []


def test_restore_one_setting(dashboard: Dashboard, home: Home) -> None:
    """Of two settings that differ, only the one that is ticked comes back."""
    before = home.miner(MINER)["frequency"]
    changed = before - 25
    change(home, "set_fan", mode="auto")
    change(home, "apply_configuration", frequency=changed)
    home.wait_for(MINER, frequency=changed)
    change(home, "set_fan", mode="manual", speed=70)
    change(home, "set_fan", mode="manual", speed=80)
    dialog = open_backups(dashboard)
    expect(dialog.locator("button.backup").first).to_contain_text("differences: 1")
    look_at(dashboard, "list")
    # The newest first: before each speed of the fan, and before the frequency.
    dialog.locator("button.backup").nth(2).click()
    expect(dialog).to_contain_text(
        re.compile(rf"Frequency {changed:g}\sMHz → {before:g}\sMHz")
    )
    look_at(dashboard, "differences")
    for box in dialog.get_by_role("checkbox").all():
        box.uncheck()
    restore = dialog.get_by_role("button", name="Restore", exact=True)
    expect(restore).to_be_disabled()
    dialog.get_by_role("checkbox", name=re.compile("^Frequency")).check()
    restore.click()
    home.wait_for(MINER, frequency=before)
    expect(dialog.locator(".outcomes")).to_contain_text("done")
    look_at(dashboard, "restored")
    dialog.get_by_role("button", name="Back", exact=True).click()
    expect(dialog.locator("button.backup").first).to_be_visible()
    change(home, "set_fan", mode="auto")


def test_export_and_import(dashboard: Dashboard, home: Home, tmp_path: Path) -> None:
    """A file keeps a backup, and brings it back; another file is refused in words."""
    speed = 60
    change(home, "set_fan", mode="manual", speed=speed)
    change(home, "set_fan", mode="auto")
    dialog = open_backups(dashboard)
    rows = dialog.locator("button.backup")
    rows.first.click()
    with dashboard.page.expect_download() as download:
        dialog.get_by_role("button", name="Export", exact=True).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    kept = json.loads(file.read_text("utf-8"))
    assert kept["settings"]["fan_speed"] == speed
    assert "password" not in file.read_text("utf-8")

    dialog.get_by_role("button", name="Back", exact=True).click()
    dialog.locator("#file").set_input_files(file)
    expect(rows.first).to_contain_text("imported")
    file.write_text("[]", "utf-8")
    dialog.locator("#file").set_input_files(file)
    expect(dialog.get_by_role("alert")).to_be_visible()
    dashboard.frontend.keep("backups-refused")
