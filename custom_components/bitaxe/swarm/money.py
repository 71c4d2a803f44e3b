"""What mining brings and costs. Pure.

Income is an expectation: what the hashrate earns on average of many years, or at a pool
that pays for each share. Alone, it is nothing on nearly every day and a whole block on
one; the odds of that are in `block_odds`. Amounts of bitcoin are in sats.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from .block_odds import SECONDS_PER_DAY, Odds

SATS_PER_BITCOIN: Final = 100_000_000
MOST_BITCOIN_PRICE: Final = 1e15
"""In whatever currency; what is beyond is no price."""
_FIRST_SUBSIDY: Final = 50 * SATS_PER_BITCOIN
BLOCKS_PER_HALVING: Final = 210_000
BLOCKS_PER_ADJUSTMENT: Final = 2016
BLOCK_TIME: Final = timedelta(minutes=10)
"""Between two blocks, which the adjustment of the difficulty aims at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What people say of prices, and what pools keep."""

    bitcoin_price: float | None = None
    """Of a bitcoin, in the currency of Home Assistant."""
    block_fees: float = 0.0
    """Sats of fees in a block, on top of the subsidy."""
    pool_fee: float = 0.0
    """% of the income that a pool keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earnings:
    """What the swarm is expected to earn, against what it costs.

    `None` where something that it takes is not known.
    """

    sats_per_day: float
    bitcoin_price: float | None
    """In the currency of Home Assistant."""
    energy_per_day: float | None
    """kWh, at the present power."""
    cost_per_day: float | None
    """At the present price of electricity."""

    @property
    def income_per_day(self) -> float | None:
        """In the currency of Home Assistant."""
        if self.bitcoin_price is None:
            return None
        return self.sats_per_day / SATS_PER_BITCOIN * self.bitcoin_price

    @property
    def margin_per_day(self) -> float | None:
        """Income less cost; negative where mining costs more than it brings."""
        if self.income_per_day is None or self.cost_per_day is None:
            return None
        return self.income_per_day - self.cost_per_day

    @property
    def break_even_price(self) -> float | None:
        """Price of a kWh at which income and cost are the same."""
        if self.income_per_day is None or not self.energy_per_day:
            return None
        return self.income_per_day / self.energy_per_day

    @property
    def sats_per_kwh(self) -> float | None:
        """Sats that a kWh is turned into."""
        if not self.energy_per_day:
            return None
        return self.sats_per_day / self.energy_per_day


def block_subsidy(height: int) -> int:
    """Return the new sats in the block at a height.

    50 BTC, halved every 210 000 blocks and rounded down; nothing after 64 halvings:
    `GetBlockSubsidy` in Bitcoin Core's `validation.cpp`.
    """
    halvings = height // BLOCKS_PER_HALVING
    return _FIRST_SUBSIDY >> halvings if halvings < 64 else 0


def expected_earnings(
    odds: Odds | None,
    height: int | None,
    market: Market,
    *,
    power: float | None,
    cost_per_day: float | None,
) -> Earnings | None:
    """Return what a day earns on average; `None` unless odds and height are known.

    Expected blocks per day times what one pays: the subsidy of the block after `height`
    and its fees. `power` is in W.
    """
    if odds is None or height is None:
        return None
    reward = (block_subsidy(height + 1) + market.block_fees) * (
        1 - market.pool_fee / 100
    )
    return Earnings(
        sats_per_day=reward * SECONDS_PER_DAY / odds.seconds_to_block,
        bitcoin_price=market.bitcoin_price,
        energy_per_day=None if power is None else power * 24 / 1000,
        cost_per_day=cost_per_day,
    )


@dataclass(frozen=True, slots=True)
class ChainEvent:
    """What the network does at a height that is not reached yet."""

    height: int
    expected: datetime
    """When, if a block is found every ten minutes; weeks ahead that may be off by
    days."""


def next_adjustment(height: int, now: datetime) -> ChainEvent:
    """Return when the difficulty is next adjusted: every 2016 blocks.

    `nPowTargetTimespan` and `nPowTargetSpacing` in Bitcoin Core's
    `kernel/chainparams.cpp`: two weeks of blocks at ten minutes.
    """
    return _next(height, BLOCKS_PER_ADJUSTMENT, now)


def next_halving(height: int, now: datetime) -> ChainEvent:
    """Return when the subsidy of a block is next halved: every 210 000 blocks."""
    return _next(height, BLOCKS_PER_HALVING, now)


def _next(height: int, every: int, now: datetime) -> ChainEvent:
    reached = (height // every + 1) * every
    return ChainEvent(reached, now + (reached - height) * BLOCK_TIME)
