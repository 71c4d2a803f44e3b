"""What mining brings, worked out by hand and through Home Assistant."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import (
    CONF_BITCOIN_PRICE,
    CONF_BITCOIN_PRICE_ENTITY,
    CONF_BLOCK_FEES,
    CONF_POOL_FEE,
    CONF_PRICE,
    CONF_PRICE_ENTITY,
    DOMAIN,
    SWARM_UNIQUE_ID,
)
from custom_components.bitaxe.swarm.block_odds import solo_odds
from custom_components.bitaxe.swarm.coordinator import Swarm
from custom_components.bitaxe.swarm.money import (
    Earnings,
    Market,
    block_subsidy,
    expected_earnings,
    next_adjustment,
    next_halving,
)
from custom_components.bitaxe.swarm.totals import Member, compute_totals
from custom_components.bitaxe.texts import async_get_texts, async_load_texts
from scripts.cli.texts import Texts as CommandTexts

from .conftest import AddMiner, PassTime, Simulate
from .snapshots import gamma

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def earnings(
    market: Market | None = None, height: int | None = 925_000, **changes: Any
) -> Earnings | None:
    """Return what 1 PH/s earns with 20 kW at a difficulty of 1.5e14."""
    values = {"power": 20_000.0, "cost_per_day": 144.0} | changes
    return expected_earnings(
        solo_odds(1e6, 1.5e14), height, market or Market(), **values
    )


@pytest.mark.parametrize(
    ("height", "sats"),
    [
        # Each from the table at https://en.bitcoin.it/wiki/Controlled_supply.
        (0, 5_000_000_000),
        (209_999, 5_000_000_000),
        (210_000, 2_500_000_000),
        (420_000, 1_250_000_000),
        (630_000, 625_000_000),
        (840_000, 312_500_000),
        (1_050_000, 156_250_000),
        (2_100_000, 4_882_812),
        (6_929_999, 1),
        (6_930_000, 0),
        (64 * 210_000, 0),
    ],
)
def test_the_subsidy_halves_every_210_000_blocks(height: int, sats: int) -> None:
    """The subsidy halves every 210 000 blocks, rounded down to whole sats."""
    assert block_subsidy(height) == sats


def test_income() -> None:
    """Work in a day by the work of a block, times what a block pays.

    86 400 s at 10^15 H/s are 8.64e19 hashes; a block takes 1.5e14 * 2^32 =
    6.442450944e23. That is 1.341104507e-4 blocks a day, at 312 500 000 sats each.
    """
    found = earnings(Market(bitcoin_price=90_000))
    assert found is not None
    assert found.sats_per_day == pytest.approx(41_909.52, abs=0.01)
    assert found.income_per_day == pytest.approx(37.7186, abs=0.0001)
    assert found.margin_per_day == pytest.approx(37.7186 - 144, abs=0.0001)
    # 20 kW are 480 kWh a day.
    assert found.break_even_price == pytest.approx(37.7186 / 480, abs=1e-6)
    assert found.sats_per_kwh == pytest.approx(87.3115, abs=0.0001)


def test_fees_come_on_top_and_the_pool_keeps_its_part() -> None:
    """What transactions pay comes on top; the pool keeps its part of both."""
    plain = earnings()
    found = earnings(Market(block_fees=31_250_000, pool_fee=2))
    assert plain is not None
    assert found is not None
    assert found.sats_per_day == pytest.approx(plain.sats_per_day * 1.1 * 0.98)


def test_break_even_is_where_nothing_is_left() -> None:
    """Electricity at that price costs what is earned."""
    found = earnings(Market(bitcoin_price=90_000))
    assert found is not None
    assert found.break_even_price is not None
    there = earnings(
        Market(bitcoin_price=90_000), cost_per_day=found.break_even_price * 480
    )
    assert there is not None
    assert there.margin_per_day == pytest.approx(0)


def test_unknown_is_not_zero() -> None:
    """Without a height nobody knows what a block pays; the rest goes one by one."""
    assert earnings(height=None) is None
    assert expected_earnings(None, 1, Market(), power=1, cost_per_day=1) is None
    found = earnings(power=None, cost_per_day=None)
    assert found is not None
    assert found.sats_per_day > 0
    assert found.income_per_day is None
    assert found.margin_per_day is None
    assert found.break_even_price is None
    assert found.sats_per_kwh is None


def test_the_next_block_after_a_halving_pays_half() -> None:
    """What is mined on is the block after the highest one."""
    before, after = earnings(height=1_049_998), earnings(height=1_049_999)
    assert before is not None
    assert after is not None
    assert after.sats_per_day == pytest.approx(before.sats_per_day / 2)


def test_what_the_network_does_next() -> None:
    """Every 2016 and every 210 000 blocks, at ten minutes each."""
    adjustment = next_adjustment(925_000, NOW)
    # 459 * 2016 = 925 344, which is 344 blocks or 57 h 20 min away.
    assert adjustment.height == 925_344
    assert adjustment.expected == datetime(2026, 12, 1, 21, 20, tzinfo=UTC)
    assert next_adjustment(925_344, NOW).height == 927_360
    assert next_halving(925_000, NOW).height == 1_050_000
    assert next_halving(1_050_000, NOW).height == 1_260_000


def test_height_of_the_chain_that_most_are_on() -> None:
    """A miner of another coin, or one that lags behind, does not decide."""

    def member(difficulty: float | None, height: int | None) -> Member:
        snapshot = gamma(networkDifficulty=difficulty, blockHeight=height)
        return Member(name="", snapshot=snapshot, best_difficulty=None)

    def height(*members: Member) -> int | None:
        return compute_totals(members, energy=0, price=None).block_height

    here, behind = member(1.5e14, 925_000), member(1.5e14, 924_990)
    assert height(here, behind, member(7e11, 990_000)) == 925_000
    assert height(member(None, None)) is None
    assert height() is None


def _entity_id(hass: HomeAssistant, key: str) -> str:
    found = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{SWARM_UNIQUE_ID}_{key}"
    )
    assert found is not None
    return found


@pytest.mark.usefixtures("every_entity")
async def test_sensors_of_income(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Of several miners together, with a price of a bitcoin that moves."""
    hass.states.async_set("sensor.btc", "90000", {"unit_of_measurement": "EUR"})
    hass.config_entries.async_update_entry(
        swarm_entry,
        options={
            CONF_PRICE: 0.3,
            CONF_BITCOIN_PRICE: 1.0,
            CONF_BITCOIN_PRICE_ENTITY: "sensor.btc",
            CONF_BLOCK_FEES: 0.05,
            CONF_POOL_FEE: 1,
        },
    )
    for preset in ("gamma-2.12", "supra-2.9"):
        await add_miner(await simulate(preset))
    await pass_time(30)

    def number(key: str) -> float:
        state = hass.states.get(_entity_id(hass, key))
        assert state is not None
        return float(state.state)

    swarm: Swarm = swarm_entry.runtime_data.swarm
    totals = swarm.totals
    assert totals.hashrate is not None
    assert totals.network_difficulty is not None
    assert totals.block_height is not None
    reward = (block_subsidy(totals.block_height) + 5_000_000) * 0.99
    hashes = totals.hashrate * 1e9 * 86_400
    sats = hashes / (totals.network_difficulty * 2**32) * reward
    assert number("block_height") == totals.block_height
    assert number("income_sats") == pytest.approx(sats, rel=0.05)
    assert number("income") == pytest.approx(sats * 90_000 / 1e8, rel=0.05)
    assert number("margin") == pytest.approx(
        number("income") - number("cost_per_day"), rel=0.05
    )
    power = totals.power
    assert power is not None
    assert number("sats_per_kwh") == pytest.approx(sats / (power * 0.024), rel=0.05)
    assert number("break_even_price") == pytest.approx(
        number("income") / (power * 0.024), rel=0.05
    )
    before = number("income")
    hass.states.async_set("sensor.btc", "180000", {"unit_of_measurement": "EUR"})
    await pass_time(2, 2)
    assert number("income") == pytest.approx(before * 2, rel=0.05)
    # While the sensor has no value, the fixed price counts.
    hass.states.async_set("sensor.btc", "unavailable")
    await pass_time(2, 2)
    assert number("income") == pytest.approx(sats / 1e8, rel=0.1)


async def test_a_price_in_another_currency_is_refused(
    hass: HomeAssistant, swarm_entry: MockConfigEntry
) -> None:
    """Dollars are no euros; who knows no better than the unit asks no further."""
    assert hass.config.currency == "EUR"
    hass.states.async_set("sensor.usd", "90000", {"unit_of_measurement": "USD"})
    hass.states.async_set("sensor.eur", "80000", {"unit_of_measurement": "EUR/BTC"})
    hass.states.async_set("sensor.sign", "80000", {"unit_of_measurement": "€"})
    flows = hass.config_entries.options
    result = await flows.async_init(swarm_entry.entry_id)
    result = await flows.async_configure(result["flow_id"], {"next_step_id": "price"})
    result = await flows.async_configure(
        result["flow_id"], {CONF_BITCOIN_PRICE_ENTITY: "sensor.usd", CONF_PRICE: 0.3}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_BITCOIN_PRICE_ENTITY: "other_currency"}
    for entity_id in ("sensor.eur", "sensor.sign", "sensor.not_there_yet"):
        result = await flows.async_configure(
            result["flow_id"], {CONF_BITCOIN_PRICE_ENTITY: entity_id}
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert swarm_entry.options == {CONF_BITCOIN_PRICE_ENTITY: entity_id}
        await hass.async_block_till_done(wait_background_tasks=True)
        result = await flows.async_init(swarm_entry.entry_id)
        result = await flows.async_configure(
            result["flow_id"], {"next_step_id": "price"}
        )


@pytest.mark.parametrize(
    ("currency", "value", "written"),
    [
        ("EUR", 12.345, "12.35 EUR"),
        ("JPY", 1234.5, "1234 JPY"),
        ("KWD", 0.0123, "0.012 KWD"),
        ("EUR", -0.001, "0.00 EUR"),
        ("JPY", -0.4, "0 JPY"),
    ],
)
async def test_money_has_the_decimals_of_its_currency(
    hass: HomeAssistant, currency: str, value: float, written: str
) -> None:
    """Nobody pays a hundredth of a yen; next to nothing is not below nothing."""
    await async_load_texts(hass)
    assert async_get_texts(hass).money(value, currency) == written
    if value > 0:
        plain = CommandTexts().money(value, currency)
        assert plain.replace(",", "") == written


async def test_figures_at_the_edge_of_rounding(hass: HomeAssistant) -> None:
    """No 1000 GH/s, and no sign before what is next to nothing."""
    await async_load_texts(hass)
    texts = async_get_texts(hass)
    assert texts.hashrate(999.4) == "999 GH/s"
    assert texts.hashrate(999.6) == "1.00 TH/s"
    assert texts.decimals(-0.04, 1, signed=True) == "0.0"
    assert texts.decimals(0.04, 1, signed=True) == "0.0"
    assert texts.decimals(0.06, 1, signed=True) == "+0.1"
    assert texts.decimals(-0.04, 1) == "0.0"


@pytest.mark.usefixtures("every_entity")
async def test_yen_have_no_decimals_in_sensors(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Prices of a kWh keep theirs."""
    await hass.config.async_update(currency="JPY")
    hass.config_entries.async_update_entry(
        swarm_entry, options={CONF_PRICE: 31.5, CONF_BITCOIN_PRICE: 14_000_000.0}
    )
    await add_miner(await simulate("gamma-2.12"))
    await pass_time(30)
    registry = er.async_get(hass)
    decimals = {}
    for key in ("cost_per_day", "income", "margin", "cost_month", "break_even_price"):
        item = registry.async_get(_entity_id(hass, key))
        assert item is not None
        decimals[key] = item.options["sensor"]["suggested_display_precision"]
    assert decimals == {
        "cost_per_day": 0,
        "income": 0,
        "margin": 0,
        "cost_month": 0,
        "break_even_price": 3,
    }


@pytest.mark.usefixtures("every_entity")
async def test_money_under_extreme_circumstances(
    hass: HomeAssistant,
    simulate: Simulate,
    swarm_entry: MockConfigEntry,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """A price below zero pays for mining; what is not known is unknown, and never 0."""
    hass.states.async_set("sensor.price", "-0.1", {"unit_of_measurement": "EUR/kWh"})
    hass.config_entries.async_update_entry(
        swarm_entry,
        options={CONF_PRICE_ENTITY: "sensor.price", CONF_BITCOIN_PRICE: 90_000.0},
    )
    server = await simulate("gamma-2.12")
    await add_miner(server)
    await pass_time(30)

    def state(key: str) -> str:
        found = hass.states.get(_entity_id(hass, key))
        assert found is not None
        return found.state

    assert float(state("cost_per_day")) < 0
    assert float(state("margin")) > float(state("income")) > 0
    hass.states.async_set("sensor.price", "unavailable")
    await pass_time(360, 30)
    assert state("cost_per_day") == state("margin") == "unknown"
    assert float(state("break_even_price")) > 0
    hass.states.async_set("sensor.price", "0", {"unit_of_measurement": "EUR/kWh"})
    await pass_time(360, 30)
    assert float(state("cost_per_day")) == 0
    assert float(state("margin")) == pytest.approx(float(state("income")), rel=0.05)
    # Paused: nothing is made, and what it would be for a kWh is not known.
    server.miner.pause()
    await pass_time(360, 30)
    for key in ("income_sats", "income", "margin", "break_even_price", "sats_per_kwh"):
        assert state(key) == "unknown", key
