"""Charts where their library is missing, or is still being installed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.bitaxe import requirements
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.requirements import (
    FIRST_RETRY_SECONDS,
    LONGEST_RETRY_SECONDS,
)

from ..package_index import PackageIndex
from ..test_system_health import health
from .conftest import AddRecordedMiner

MISSING = "charts_library_missing"
PNG = b"\x89PNG"

pytestmark = pytest.mark.usefixtures("swarm_entry")


@pytest.fixture
def index(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[PackageIndex]:
    """Yield a package index that cannot be reached; matplotlib is not installed."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    index = PackageIndex(hass, monkeypatch, "matplotlib")
    yield index
    index.released.set()


async def draw(hass: HomeAssistant, device_id: str) -> bytes:
    """Return a chart, and wait for what goes on beside it."""
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "render_chart",
        {"device_id": device_id, "chart": "miner_detail"},
        blocking=True,
        return_response=True,
    )
    return Path(answer["path"]).read_bytes()


async def settled(hass: HomeAssistant) -> None:
    """Wait for the attempt to install that goes on in the background."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_pillow_draws_until_it_is_there(
    hass: HomeAssistant,
    index: PackageIndex,
    add_recorded_miner: AddRecordedMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A chart never waits; a repair says why it looks plainer, and goes."""
    recorded = await add_recorded_miner()
    index.released.clear()
    plain = await draw(hass, recorded.device_id)
    assert plain.startswith(PNG)
    assert (await health(hass))["library_matplotlib"] == "installing"
    index.released.set()
    await settled(hass)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, MISSING)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert "matplotlib" in issue.translation_placeholders["reason"]
    index.is_reachable = True
    assert await draw(hass, recorded.device_id) == plain
    await settled(hass)
    assert index.attempts == ["matplotlib"]
    freezer.tick(FIRST_RETRY_SECONDS)
    await draw(hass, recorded.device_id)
    await settled(hass)
    assert index.attempts == ["matplotlib"] * 2
    assert ir.async_get(hass).async_get_issue(DOMAIN, MISSING) is None
    assert await draw(hass, recorded.device_id) != plain
    assert (await health(hass))["library_matplotlib"] == "ready"


async def test_attempts_grow_rare(
    hass: HomeAssistant,
    index: PackageIndex,
    add_recorded_miner: AddRecordedMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A home that never has internet is not kept busy."""
    recorded = await add_recorded_miner()
    await draw(hass, recorded.device_id)
    await settled(hass)
    for number in range(2, 12):
        freezer.tick(LONGEST_RETRY_SECONDS)
        async_fire_time_changed(hass)
        await draw(hass, recorded.device_id)
        await settled(hass)
        assert len(index.attempts) == number


async def test_where_there_is_none(
    hass: HomeAssistant,
    index: PackageIndex,
    add_recorded_miner: AddRecordedMiner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Home Assistant OS on a Raspberry Pi: nothing is compiled or amiss."""
    monkeypatch.setattr(
        requirements,
        "platform_tags",
        lambda: iter(["musllinux_1_2_aarch64", "linux_aarch64"]),
    )
    recorded = await add_recorded_miner()
    assert (await draw(hass, recorded.device_id)).startswith(PNG)
    await settled(hass)
    assert index.attempts == []
    assert ir.async_get(hass).async_get_issue(DOMAIN, MISSING) is None
    assert (await health(hass))["library_matplotlib"] == "unsupported"
