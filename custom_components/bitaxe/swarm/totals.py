"""What a swarm does altogether. Pure; unknown is not zero."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..axeos import MiningState, Snapshot
from .block_odds import Odds, solo_odds
from .money import Earnings, Market, expected_earnings

_NO_MARKET: Final = Market()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A miner of the swarm, as far as it is known now."""

    name: str
    snapshot: Snapshot | None
    """`None` while the miner is offline or not set up."""
    best_difficulty: float | None
    """Best share ever seen of it, also while it is offline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwarmTotals:
    """Sums over the miners that are online; `None` where none of them knows."""

    hashrate: float | None
    """GH/s."""
    expected_hashrate: float | None
    """GH/s at the frequencies set, of those that are not paused."""
    power: float | None
    """W."""
    efficiency: float | None
    """J/TH, over the miners that report both power and hashrate."""
    energy: float
    """kWh since the swarm was set up, including miners that were removed since."""
    cost_per_day: float | None
    """In the currency of Home Assistant, at the present power and price."""
    miners: int
    miners_online: int
    miners_mining: int
    best_difficulty: float | None
    best_miner: str | None
    """Name of the miner that found the best share."""
    network_difficulty: float | None
    block_height: int | None
    """Of the chain that most miners are on."""
    odds: Odds | None
    """Of finding a block alone; `None` while nothing is hashed."""
    earnings: Earnings | None
    """What that hashrate earns on average."""


def compute_totals(
    members: Sequence[Member],
    *,
    energy: float,
    price: float | None,
    market: Market = _NO_MARKET,
    lost: float = 0.0,
) -> SwarmTotals:
    """Sum up the swarm.

    `price` is per kWh, `lost` the W that power supplies lose, which cost as well.
    """
    online = [member.snapshot for member in members if member.snapshot is not None]
    hashrate = _sum(snapshot.hashing.hashrate for snapshot in online)
    power = _sum(snapshot.electrical.power for snapshot in online)
    network_difficulty, block_height = _network(online)
    odds = solo_odds(hashrate, network_difficulty)
    paid = None if power is None else power + lost
    cost_per_day = None if paid is None or price is None else paid * 24 / 1000 * price
    best = max(
        (member for member in members if member.best_difficulty is not None),
        key=lambda member: member.best_difficulty or 0,
        default=None,
    )
    return SwarmTotals(
        hashrate=hashrate,
        expected_hashrate=_sum(
            0.0 if snapshot.state is MiningState.PAUSED else snapshot.hashing.expected
            for snapshot in online
        ),
        power=power,
        efficiency=_efficiency(online),
        energy=energy,
        cost_per_day=cost_per_day,
        miners=len(members),
        miners_online=len(online),
        miners_mining=sum(snapshot.state is MiningState.MINING for snapshot in online),
        best_difficulty=best.best_difficulty if best else None,
        best_miner=best.name if best else None,
        network_difficulty=network_difficulty,
        block_height=block_height,
        odds=odds,
        earnings=expected_earnings(
            odds, block_height, market, power=paid, cost_per_day=cost_per_day
        ),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _efficiency(snapshots: Iterable[Snapshot]) -> float | None:
    """Return Σ power / Σ hashrate in J/TH; a paused miner's power counts."""
    power = hashrate = 0.0
    for snapshot in snapshots:
        watts, gigahashes = snapshot.electrical.power, snapshot.hashing.hashrate
        if watts is not None and gigahashes is not None:
            power += watts
            hashrate += gigahashes
    return power / hashrate * 1000 if hashrate else None


def _network(snapshots: Sequence[Snapshot]) -> tuple[float | None, int | None]:
    """Return the difficulty that most miners report, and their block height.

    At a tie it is that of those at the highest block. A single miner may lag behind its
    pool, or mine another coin. Firmware families write the number with different
    precision, so values count as equal by 4 digits. Where nobody reports a difficulty,
    the height is that of most miners.
    """
    known = [
        (
            _digits(pools.network_difficulty),
            pools.network_difficulty,
            pools.block_height,
        )
        for snapshot in snapshots
        for pools in (snapshot.pools,)
    ]
    votes = Counter([digits for digits, *_ in known])
    elected = max(
        [
            (votes[digits], height or 0, found, digits)
            for digits, found, height in known
            if found is not None
        ],
        default=None,
    )
    difficulty, believed = (None, _digits(None)) if elected is None else elected[2:]
    heights = [
        height
        for digits, _, height in known
        if height is not None and digits == believed
    ]
    # Between two blocks a miner is one ahead; a height far off is of another chain.
    return difficulty, max(heights, default=None)


def _digits(difficulty: float | None) -> str:
    return "" if difficulty is None else f"{difficulty:.3e}"
