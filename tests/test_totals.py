"""Sums over a swarm."""

from typing import Any

import pytest

from custom_components.bitaxe.swarm.totals import Member, SwarmTotals, compute_totals

from .snapshots import gamma


def online(name: str = "gamma", best: float | None = None, **changes: Any) -> Member:
    """Return a miner that answers."""
    return Member(name=name, snapshot=gamma(**changes), best_difficulty=best)


def offline(name: str = "gamma", best: float | None = None) -> Member:
    """Return a miner that does not."""
    return Member(name=name, snapshot=None, best_difficulty=best)


def totals(*members: Member, price: float | None = None) -> SwarmTotals:
    """Sum up a swarm that has used 12.5 kWh."""
    return compute_totals(members, energy=12.5, price=price)


def test_what_every_miner_reports_is_added() -> None:
    """What every miner reports is added."""
    sums = totals(
        online(power=18.0, hashRate=1000.0), online(power=12.0, hashRate=500.0)
    )
    assert sums.hashrate == 1500
    assert sums.power == 30
    assert sums.efficiency == pytest.approx(20)
    assert sums.expected_hashrate == pytest.approx(2 * 1071, rel=0.01)
    assert sums.energy == 12.5
    assert (sums.miners, sums.miners_online, sums.miners_mining) == (2, 2, 2)


def test_nothing_is_expected_of_a_paused_miner() -> None:
    """Who paused it does not miss its hashrate; its idle power counts."""
    sums = totals(
        online(power=18.0, hashRate=1000.0),
        online(power=5.0, hashRate=0.0, miningPaused=True),
    )
    assert sums.expected_hashrate == pytest.approx(1071, rel=0.01)
    assert sums.power == 23
    assert sums.miners_mining == 1


def test_unknown_is_not_zero() -> None:
    """Nobody knows what miners do that do not answer."""
    sums = totals(offline(), offline())
    assert sums.hashrate is None
    assert sums.power is None
    assert sums.expected_hashrate is None
    assert sums.efficiency is None
    assert sums.cost_per_day is None
    assert sums.network_difficulty is None
    assert sums.odds is None
    assert (sums.miners, sums.miners_online, sums.miners_mining) == (2, 0, 0)
    assert sums.energy == 12.5


def test_no_miner_at_all() -> None:
    """An empty swarm knows nothing either."""
    sums = totals()
    assert sums.hashrate is None
    assert sums.best_difficulty is None
    assert sums.best_miner is None
    assert sums.miners == 0


def test_zero_is_known() -> None:
    """Paused miners hash nothing, and that is no guess."""
    sums = totals(online(power=4.0, hashRate=0.0, miningPaused=True), price=0.25)
    assert sums.hashrate == 0
    assert sums.efficiency is None
    assert sums.odds is None
    assert sums.cost_per_day == pytest.approx(4 * 24 / 1000 * 0.25)
    assert (sums.miners_online, sums.miners_mining) == (1, 0)


def test_efficiency_leaves_out_who_does_not_report_both() -> None:
    """Else a miner without a power meter would make the swarm look efficient."""
    sums = totals(
        online(power=18.0, hashRate=1000.0), online(power=None, hashRate=1000.0)
    )
    assert sums.hashrate == 2000
    assert sums.efficiency == pytest.approx(18)


def test_efficiency_counts_the_power_of_paused_miners() -> None:
    """They use electricity for the same income."""
    sums = totals(
        online(power=18.0, hashRate=1000.0),
        online(power=4.0, hashRate=0.0, miningPaused=True),
    )
    assert sums.efficiency == pytest.approx(22)


def test_a_day_costs_its_energy_at_the_price() -> None:
    """100 W for a day are 2.4 kWh, which cost 0.72 at 0.3 per kWh."""
    sums = totals(online(power=100.0), price=0.3)
    assert sums.cost_per_day == pytest.approx(0.72)
    assert totals(online(power=100.0)).cost_per_day is None
    assert totals(online(power=100.0), price=0).cost_per_day == 0


def test_best_difficulty_and_whose() -> None:
    """A record stands while its miner is off."""
    sums = totals(online("small", 1e6), offline("lucky", 4e9), online("new", None))
    assert sums.best_difficulty == 4e9
    assert sums.best_miner == "lucky"


def test_network_difficulty_of_most_miners() -> None:
    """One that mines another coin does not decide the odds."""
    sums = totals(
        online(networkDifficulty=1.4e14, blockHeight=900_000),
        online(networkDifficulty=140_000_000_000_123, blockHeight=900_000),
        online(networkDifficulty=6e11, blockHeight=950_000),
        online(),
    )
    assert sums.network_difficulty == pytest.approx(1.4e14)


def test_network_difficulty_of_the_latest_block() -> None:
    """After a retarget the miner at the higher block is right."""
    sums = totals(
        online(networkDifficulty=1.5e14, blockHeight=900_001),
        online(networkDifficulty=1.4e14, blockHeight=900_000),
    )
    assert sums.network_difficulty == 1.5e14
    assert sums.odds is not None
    assert sums.odds.seconds_to_block == pytest.approx(1.5e14 * 2**32 / (2 * 1071e9))
