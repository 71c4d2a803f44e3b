"""A clock that is set forward while Home Assistant runs."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.results.queries import async_get_summary

from ...conftest import PassTime, SetWallClock
from .life import POLL, WINDOW, Life
from .test_spans import restart


async def test_a_leap_is_no_time_in_which_a_miner_hashed_nothing(
    hass: HomeAssistant,
    life: Life,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
    hass_storage: dict[str, Any],
) -> None:
    """As of a computer without a clock of its own, whose network comes late."""
    await life.pass_windows(1)
    set_wall_clock(3600)
    await pass_time(WINDOW, POLL)
    coordinator = hass.config_entries.async_loaded_entries(DOMAIN)[-1].runtime_data

    span = Span.parse("2h", dt_util.utcnow())
    (found,) = (await async_get_summary(hass, [coordinator], span)).miners

    assert found.observed_hours == pytest.approx(2 * WINDOW / 3600, rel=0.1)
    assert found.mean_hashrate == pytest.approx(
        coordinator.snapshot.hashing.hashrate, rel=0.1
    )

    # Nor is it after a restart, when nobody has seen the leap.
    entry = coordinator.config_entry
    await restart(hass, hass_storage, entry, pass_time, 2 * POLL)
    await pass_time(WINDOW, POLL)
    span = Span.parse("2h", dt_util.utcnow())
    (found,) = (await async_get_summary(hass, [entry.runtime_data], span)).miners
    assert found.observed_hours == pytest.approx(3 * WINDOW / 3600, rel=0.1)
