"""What electricity cost in a month and a year, at the prices of the time."""

from datetime import datetime, timedelta

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.const import (
    CONF_PRICE,
    CONF_PRICE_ENTITY,
    DOMAIN,
    SWARM_UNIQUE_ID,
)

from ..conftest import AddMiner, PassTime, Simulate
from ..loop import calls_noted
from .conftest import swarm_entry

pytestmark = pytest.mark.usefixtures("every_entity")

PRICE = "sensor.price"
SOON = 30


def entity_id(hass: HomeAssistant, key: str) -> str:
    """Return the id of a sensor of the swarm."""
    found = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{SWARM_UNIQUE_ID}_{key}"
    )
    assert found is not None
    return found


def shown(hass: HomeAssistant, key: str) -> str:
    """Return the state of a sensor of the swarm."""
    state = hass.states.get(entity_id(hass, key))
    assert state is not None
    return state.state


async def write_energy(hass: HomeAssistant, rows: list[tuple[datetime, float]]) -> None:
    """Write what the swarm had used by the end of some hours."""
    async_import_statistics(
        hass,
        StatisticMetaData(
            source="recorder",
            statistic_id=entity_id(hass, "energy"),
            name=None,
            unit_of_measurement="kWh",
            unit_class="energy",
            has_sum=True,
            mean_type=StatisticMeanType.NONE,
        ),
        [StatisticData(start=start, state=total, sum=total) for start, total in rows],
    )
    await async_wait_recording_done(hass)


async def write_prices(hass: HomeAssistant, rows: list[tuple[datetime, float]]) -> None:
    """Write the mean price of some hours, in ct/kWh."""
    async_import_statistics(
        hass,
        StatisticMetaData(
            source="recorder",
            statistic_id=PRICE,
            name=None,
            unit_of_measurement="ct/kWh",
            unit_class=None,
            has_sum=False,
            mean_type=StatisticMeanType.ARITHMETIC,
        ),
        [StatisticData(start=start, mean=price) for start, price in rows],
    )
    await async_wait_recording_done(hass)


def hour(month: int, day: int, of_day: int = 0) -> datetime:
    """Return an hour of this year, in the time zone of Home Assistant."""
    now = dt_util.now()
    return now.replace(
        month=month, day=day, hour=of_day, minute=0, second=0, microsecond=0
    )


@pytest.mark.parametrize("is_there", [True, False])
async def test_cost_of_month_and_year(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    is_there: bool,
) -> None:
    """Each hour at its price; the fixed one counts where none was recorded.

    What was recorded of an entity that is gone counts in its unit, too.
    """
    await add_miner(await simulate())
    entry = swarm_entry(hass)
    month = dt_util.now().month
    before = hour(1, 2) - timedelta(hours=1)
    await write_energy(
        hass,
        [
            (before, 100.0),
            (hour(1, 2), 110.0),  # 10 kWh in January, before there were prices
            (hour(month, 2), 130.0),  # 20 kWh this month, at 40 ct
            (hour(month, 2, 1), 135.0),  # 5 kWh, at 10 ct
            (hour(month, 2, 2), 135.0),
        ],
    )
    await write_prices(
        hass,
        [
            (hour(month, 2) - timedelta(hours=1), 40),
            (hour(month, 2), 40),
            (hour(month, 2, 1), 10),
            (hour(month, 2, 2), 30),
        ],
    )
    if is_there:
        hass.states.async_set(PRICE, "30", {"unit_of_measurement": "ct/kWh"})
    hass.config_entries.async_update_entry(
        entry, options={CONF_PRICE: 0.5, CONF_PRICE_ENTITY: PRICE}
    )
    with calls_noted() as in_loop:
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await pass_time(SOON)
    # A year of hours with prices of their own would stop Home Assistant for a while.
    assert "async_read_energy" in in_loop
    assert "_costs_of" not in in_loop
    this_month = 20 * 0.4 + 5 * 0.1
    assert float(shown(hass, "cost_month")) == pytest.approx(this_month, abs=0.01)
    # The 100 kWh of the first row are those of January as well.
    of_year = this_month + 110 * 0.5
    assert float(shown(hass, "cost_year")) == pytest.approx(of_year, abs=0.01)
    state = hass.states.get(entity_id(hass, "cost_month"))
    assert state is not None
    assert state.attributes["device_class"] == "monetary"
    assert state.attributes["unit_of_measurement"] == hass.config.currency
    assert state.attributes["last_reset"] == hour(month, 1).isoformat()


async def test_without_a_price(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A sum that leaves something out would be a wrong one."""
    await add_miner(await simulate())
    month = dt_util.now().month
    start = hour(month, 2)
    await write_energy(hass, [(start, 1.0), (start + timedelta(hours=1), 2.0)])
    await hass.config_entries.async_reload(swarm_entry(hass).entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_time(SOON)
    assert shown(hass, "cost_month") == STATE_UNKNOWN
    assert shown(hass, "cost_year") == STATE_UNKNOWN
