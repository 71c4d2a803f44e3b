"""Best shares, and the odds of a block."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from homeassistant.util import dt as dt_util

from ...analysis.report import difficulty, duration, hashrate
from ...odds import DAYS_PER_YEAR
from ...swarm import Swarm
from ..message import Embed, Message
from ..palette import RECORD
from ..roster import members_of
from ..text import code, escape, table
from ..wording import UNKNOWN

# From how many years on a time is told in years.
_YEARS: Final = 2
# From how many % on a chance is told in %.
_PERCENT: Final = 1
_HEADER: Final = ("Miner", "Best", "Since boot")


def best_message(swarm: Swarm) -> Message:
    """Return the best share of each miner, and what a block takes."""
    rows = []
    for member in members_of(swarm):
        snapshot = member.snapshot
        rows.append(
            (
                swarm.best_difficulty(member.entry) or 0.0,
                member.name,
                None if snapshot is None else snapshot.shares.best_session_difficulty,
            )
        )
    rows.sort(key=lambda row: (-row[0], row[1].casefold()))
    lines = [
        *_records(swarm),
        table(
            _HEADER,
            [
                (
                    code(name),
                    difficulty(best) if best else UNKNOWN,
                    difficulty(session) if session else UNKNOWN,
                )
                for best, name, session in rows
            ],
            widest=14,
        ),
        *_odds(swarm),
    ]
    return Message(
        embeds=(
            Embed(
                title="🏆 Best shares",
                description="\n".join(lines),
                color=RECORD,
                timestamp=dt_util.utcnow(),
            ),
        )
    )


def _records(swarm: Swarm) -> Iterator[str]:
    totals = swarm.totals
    if totals.best_difficulty is None or totals.best_miner is None:
        yield "No share has been found yet."
        return
    yield f"**{difficulty(totals.best_difficulty)}** by **{escape(totals.best_miner)}**"
    if totals.network_difficulty is not None:
        share = totals.best_difficulty / totals.network_difficulty * 100
        yield (
            f"A block takes {difficulty(totals.network_difficulty)}: "
            f"the best share came to {Decimal(f'{share:.2g}'):f} % of that."
        )


def _odds(swarm: Swarm) -> Iterator[str]:
    odds = swarm.totals.odds
    if odds is None:
        return
    years = odds.years_to_block
    interval = (
        f"{years:,.0f} years" if years >= _YEARS else duration(odds.seconds_to_block)
    )
    yield (
        f"At {hashrate(swarm.totals.hashrate)} a block comes every {interval} on "
        f"average. The chance is {_chance(odds.chance(1))} a day, "
        f"{_chance(odds.chance(DAYS_PER_YEAR))} a year."
    )


def _chance(percent: float) -> str:
    """Write a chance in % the way people say it, with three digits."""
    if percent >= _PERCENT:
        return f"{percent:.3g} %"
    return f"1 in {float(f'{100 / percent:.3g}'):,.0f}"
