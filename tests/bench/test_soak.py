"""A short storm over Home Assistant, in a process with a time of its own."""

import asyncio
from pathlib import Path
import sys

from homeassistant.core import HomeAssistant

from custom_components.bitaxe.tuning import cliff
from scripts.storm.watch import Counts

ROOT = Path(__file__).parents[2]


async def test_a_short_storm_leaves_nothing() -> None:
    """No fault in the log, nothing that grows, no energy lost, no wrong write."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts.storm"),
        *("--miners", "6", "--minutes", "3", "--seed", "2"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    text = output.decode(errors="replace")
    assert process.returncode == 0, text
    assert "What must not be: 0" in text


async def test_what_a_function_caches_is_no_growth(hass: HomeAssistant) -> None:
    """A first search for the best setting fills a cache, whose size is bounded."""
    shapes = cliff._shapes  # noqa: SLF001
    shapes.cache_clear()
    before = Counts.take(hass, [])
    shapes(4)
    assert shapes.cache_info().currsize == 1
    after = Counts.take(hass, [])
    assert not before.growth(after)
