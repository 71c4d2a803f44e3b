"""Best shares, and the odds of a block."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from homeassistant.util import dt as dt_util

from ...containment import Containment
from ...formatting import UNKNOWN, Texts, three_digits
from ...results.earnings import earnings_lines
from ...swarm.block_odds import DAYS_PER_YEAR
from ...swarm.coordinator import Swarm
from ...texts import async_get_texts
from ..markdown import code, escape, table
from ..miners import members_of
from .colors import RECORD
from .model import Embed, Message

_CONTAINMENT: Final = Containment()
# From how many years on a time is given in years.
_YEARS: Final = 2
# From how many % on a chance is given in %.
_PERCENT: Final = 1


def best_message(swarm: Swarm) -> Message:
    """Return the best share of each miner, and what a block takes."""
    texts = async_get_texts(swarm.hass)
    rows = []
    for member in members_of(swarm):
        with _CONTAINMENT.of(f"{member.name} among the best shares"):
            best = swarm.best_difficulty(member.entry) or 0.0
            snapshot = member.snapshot
            session = (
                None if snapshot is None else snapshot.shares.best_session_difficulty
            )
            row = (
                code(member.name),
                texts.difficulty(best) if best else UNKNOWN,
                texts.difficulty(session) if session else UNKNOWN,
            )
            rows.append((-best, member.name.casefold(), row))
    rows.sort()
    lines = [
        *_records(swarm, texts),
        table(
            (
                texts("discord_message.miner"),
                texts("discord_message.best"),
                texts("discord_message.since_boot"),
            ),
            [row for _, _, row in rows],
            widest=14,
        ),
        *_odds(swarm, texts),
    ]
    return Message(
        embeds=(
            Embed(
                title=f"🏆 {texts('discord_message.best_shares')}",
                description="\n".join(lines),
                color=RECORD,
                timestamp=dt_util.utcnow(),
            ),
        )
    )


def _records(swarm: Swarm, texts: Texts) -> Iterator[str]:
    totals = swarm.totals
    if totals.best_difficulty is None or totals.best_miner is None:
        yield texts("discord_message.no_share")
        return
    yield texts(
        "discord_message.record",
        difficulty=f"**{texts.difficulty(totals.best_difficulty)}**",
        miner=f"**{escape(totals.best_miner)}**",
    )
    if totals.network_difficulty is not None:
        share = totals.best_difficulty / totals.network_difficulty * 100
        yield texts(
            "discord_message.block_takes",
            difficulty=texts.difficulty(totals.network_difficulty),
            percent=texts.localized(f"{Decimal(f'{share:.2g}'):f}"),
        )


def _odds(swarm: Swarm, texts: Texts) -> Iterator[str]:
    odds = swarm.totals.odds
    if odds is None:
        return
    years = odds.years_to_block
    interval = (
        texts("discord_message.years", count=round(years))
        if years >= _YEARS
        else texts.duration(odds.seconds_to_block)
    )
    yield texts(
        "discord_message.block_odds",
        hashrate=texts.hashrate(swarm.totals.hashrate),
        interval=interval,
        day=_chance(odds.chance(1), texts),
        year=_chance(odds.chance(DAYS_PER_YEAR), texts),
    )
    currency = swarm.hass.config.currency
    yield from earnings_lines(swarm.totals.earnings, texts, currency)


def _chance(percent: float, texts: Texts) -> str:
    """Write a chance in % the way people say it, with three digits."""
    if percent >= _PERCENT:
        return f"{texts.localized(f'{percent:.3g}')} %"
    return texts("discord_message.one_in", count=round(three_digits(100 / percent)))
