"""What a swarm has used, whatever happens to its miners."""

import json

from hypothesis import given, strategies as st
import pytest

from custom_components.bitaxe.ledger import Ledger


def booked(*entries: tuple[str, float]) -> Ledger:
    """Return a ledger in which so many kWh of miners were booked in turn."""
    ledger = Ledger()
    for key, energy in entries:
        ledger.book(key, energy, None)
    return ledger


def test_gains_are_added_up() -> None:
    """What a miner used before it joined does not count."""
    ledger = booked(("a", 100), ("b", 0), ("a", 101.5), ("b", 0.5))
    assert ledger.energy == pytest.approx(2)


def test_a_miner_that_comes_back_is_not_counted_twice() -> None:
    """Its counter goes on where it was."""
    ledger = booked(("a", 10), ("a", 11))
    ledger.book("a", 11, None)
    assert ledger.energy == pytest.approx(1)
    ledger.book("a", 11.25, None)
    assert ledger.energy == pytest.approx(1.25)


def test_a_removed_miner_leaves_its_energy() -> None:
    """And its record goes with it."""
    ledger = booked(("a", 10), ("a", 14))
    ledger.book("b", 0, 5e6)
    ledger.forget_all_but({"b"})
    assert ledger.energy == pytest.approx(4)
    assert ledger.best_difficulty("a") is None
    assert ledger.best_difficulty("b") == 5e6


def test_a_counter_that_steps_back_gives_bearings() -> None:
    """Home Assistant was killed, and lost the last minutes of a miner's counter."""
    ledger = booked(("a", 10), ("a", 12), ("a", 11.5), ("a", 11.75))
    assert ledger.energy == pytest.approx(2.25)


def test_what_is_stored_is_what_was_known() -> None:
    """Through JSON, as Home Assistant stores it."""
    ledger = booked(("a", 10), ("a", 12))
    ledger.book("a", 12, 7e7)
    restored = Ledger.from_dict(json.loads(json.dumps(ledger.as_dict())))
    restored.book("a", 12.5, 8e7)
    assert restored.energy == pytest.approx(2.5)
    assert restored.best_difficulty("a") == 8e7


def test_nothing_stored() -> None:
    """The first start."""
    assert Ledger.from_dict(None).energy == 0


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.floats(min_value=0, max_value=1e9)),
        max_size=30,
    )
)
def test_energy_never_falls(entries: list[tuple[str, float]]) -> None:
    """The Energy dashboard would take a fall for a new meter."""
    ledger = Ledger()
    last = 0.0
    for key, energy in entries:
        ledger.book(key, energy, None)
        ledger.forget_all_but({"a", "b"})
        assert ledger.energy >= last
        last = ledger.energy
