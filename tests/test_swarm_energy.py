"""What a swarm has used, whatever happens to its miners."""

import json

from hypothesis import given, strategies as st
import pytest

from custom_components.bitaxe.storage.stored_object import StoredObject
from custom_components.bitaxe.swarm.energy import SwarmEnergy


def updated(*entries: tuple[str, float]) -> SwarmEnergy:
    """Return the energy of a swarm that counted so many kWh of miners in turn."""
    swarm_energy = SwarmEnergy()
    for key, energy in entries:
        swarm_energy.update(key, energy, None)
    return swarm_energy


def test_gains_are_added_up() -> None:
    """What a miner used before it joined does not count."""
    swarm_energy = updated(("a", 100), ("b", 0), ("a", 101.5), ("b", 0.5))
    assert swarm_energy.energy == pytest.approx(2)


def test_a_miner_that_comes_back_is_not_counted_twice() -> None:
    """Its counter goes on where it was."""
    swarm_energy = updated(("a", 10), ("a", 11))
    swarm_energy.update("a", 11, None)
    assert swarm_energy.energy == pytest.approx(1)
    swarm_energy.update("a", 11.25, None)
    assert swarm_energy.energy == pytest.approx(1.25)


def test_a_removed_miner_leaves_its_energy() -> None:
    """And its record goes with it."""
    swarm_energy = updated(("a", 10), ("a", 14))
    swarm_energy.update("b", 0, 5e6)
    swarm_energy.forget_all_but({"b"})
    assert swarm_energy.energy == pytest.approx(4)
    assert swarm_energy.best_difficulty("a") is None
    assert swarm_energy.best_difficulty("b") == 5e6


def test_a_counter_that_steps_back_sets_the_baseline() -> None:
    """Home Assistant was killed, and lost the last minutes of a miner's counter."""
    swarm_energy = updated(("a", 10), ("a", 12), ("a", 11.5), ("a", 11.75))
    assert swarm_energy.energy == pytest.approx(2.25)


def test_what_is_stored_is_what_was_known() -> None:
    """Through JSON, as Home Assistant stores it."""
    swarm_energy = updated(("a", 10), ("a", 12))
    swarm_energy.update("a", 12, 7e7)
    restored = SwarmEnergy.from_dict(json.loads(json.dumps(swarm_energy.as_dict())))
    restored.update("a", 12.5, 8e7)
    assert restored.energy == pytest.approx(2.5)
    assert restored.best_difficulty("a") == 8e7


def test_what_was_shown_before_is_held_or_gone_on_from() -> None:
    """Only a file says what miners add; without one, what was shown is all there is."""
    without = SwarmEnergy()
    without.hold(3.0)
    assert without.update("a", 10, None)
    assert not without.update("a", 10.5, None)
    assert without.energy == pytest.approx(3.5)
    stored = updated(("a", 10), ("a", 12))
    stored.hold(2.25)
    stored.update("a", 12.5, None)
    assert stored.energy == pytest.approx(2.5)


def test_nothing_stored() -> None:
    """The first start."""
    assert SwarmEnergy.from_dict(None).energy == 0


def shares(swarm: SwarmEnergy) -> list[tuple[float, str, float | None]]:
    """Return the best shares of all time."""
    return [(item.difficulty, item.name, item.time) for item in swarm.best_shares]


def see(swarm: SwarmEnergy, key: str, best: float | None, now: float) -> None:
    """Take in a reading, as the swarm does."""
    swarm.note_share(key, key.upper(), best, now)
    swarm.update(key, 0, best)


def test_the_best_shares_of_all_times() -> None:
    """Every record counts, the best first, and outlives its miner and a restart."""
    swarm = SwarmEnergy()
    for now, key, best in (
        (1, "a", 5e6),
        (2, "a", 5e6),
        (3, "b", None),
        (4, "b", 2e3),
        (5, "a", 7e6),
        (6, "b", 9e9),
    ):
        see(swarm, key, best, now)
    # How old the record was that a miner brought along, nobody knows.
    expected = [(9e9, "B", 6), (7e6, "A", 5), (5e6, "A", None), (2e3, "B", 4)]
    assert shares(swarm) == expected
    swarm.forget_all_but({"a"})
    restored = SwarmEnergy.from_dict(json.loads(json.dumps(swarm.as_dict())))
    assert shares(restored) == expected
    see(restored, "b", 9e9, 7)
    assert shares(restored) == expected


def test_a_swarm_from_before_the_wall() -> None:
    """Knows the records, but not when they were found."""
    account = {"energy": 1.0, "best_difficulty": 4e6}
    swarm = SwarmEnergy.from_dict(
        StoredObject({"energy": 1.0, "miners": {"a": account}})
    )
    see(swarm, "a", 4e6, 9)
    assert shares(swarm) == [(4e6, "A", None)]


def test_a_wall_has_an_end() -> None:
    """The best stay."""
    swarm = SwarmEnergy()
    for number in range(100):
        see(swarm, "a", 1e6 + number, number)
    assert len(swarm.best_shares) == 25
    assert swarm.best_shares[0].difficulty == 1e6 + 99


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.floats(min_value=0, max_value=1e9)),
        max_size=30,
    )
)
def test_energy_never_falls(entries: list[tuple[str, float]]) -> None:
    """The Energy dashboard would take a fall for a new meter."""
    swarm_energy = SwarmEnergy()
    last = 0.0
    for key, energy in entries:
        swarm_energy.update(key, energy, None)
        swarm_energy.forget_all_but({"a", "b"})
        assert swarm_energy.energy >= last
        last = swarm_energy.energy
