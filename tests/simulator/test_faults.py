"""Switches for faults, clocks, specs and the odds behind it all."""

import asyncio
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from scripts.simulator import PRESETS, Clock, Faults, SimulatedMiner, Swarm
from scripts.simulator.rng import best_of_shares, binomial, poisson
from scripts.simulator.version import parse_version

from .conftest import Make


def test_none_at_first() -> None:
    """A miner starts sound."""
    faults = Faults()
    assert not any(faults.as_dict().values())
    assert set(faults.as_dict()) == set(Faults.names())


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("offline", True, True),
        ("offline", 1, True),
        ("ambient_offset", 5, 5.0),
        ("reset_every", 3, 3),
        ("silent_domain", 2, 2),
        ("silent_domain", None, None),
        ("write_delay", 2, 2.0),
        ("hardware_fault", "Broken", "Broken"),
    ],
)
def test_set_switches(name: str, value: Any, stored: Any) -> None:
    """Values take the type of the switch."""
    faults = Faults()
    faults.set(**{name: value})
    assert getattr(faults, name) == stored
    assert type(getattr(faults, name)) is type(stored)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", True),
        ("_before_change", None),
        ("offline", "yes"),
        ("offline", 2),
        ("offline", None),
        ("reset_every", 1.5),
        ("reset_every", True),
        ("ambient_offset", "5"),
        ("ambient_offset", True),
        ("ambient_offset", float("nan")),
        ("write_delay", float("inf")),
        ("silent_domain", 1.5),
        ("hardware_fault", 5),
    ],
)
def test_set_refuses(name: str, value: Any) -> None:
    """What makes no sense is refused, with all that came with it."""
    faults = Faults()
    with pytest.raises(ValueError):
        faults.set(pool_down=True, **{name: value})
    assert faults == Faults()


def test_clear_all_faults() -> None:
    """All faults end together."""
    faults = Faults()
    faults.set(offline=True, silent_domain=1, hardware_fault="x", stall_seconds=3)
    faults.clear()
    assert faults == Faults()


def test_a_fault_counts_from_now(make: Make, clock: Clock) -> None:
    """What happened before a fault is not affected by it."""
    one, other = make(), make()
    for miner in (one, other):
        miner.reset_truth()
    clock.advance(3600)
    one.faults.error_burst = 1.0
    one.step()
    other.step()
    assert one.truth.hashes == other.truth.hashes


def test_manual_clock() -> None:
    """A manual clock moves by hand and fires in order."""
    clock = Clock.manual(start=1000)
    fired: list[tuple[str, float]] = []
    clock.call_at(1020, lambda: fired.append(("late", clock.now())))
    clock.call_at(1010, lambda: fired.append(("early", clock.now())))
    clock.call_at(1015, lambda: fired.append(("never", clock.now()))).cancel()

    def call_again() -> None:
        clock.call_at(1012, lambda: fired.append(("new", clock.now())))

    clock.call_at(1010, call_again)
    clock.advance(9.9)
    assert not fired
    clock.advance(30)
    assert fired == [("early", 1010), ("new", 1012), ("late", 1020)]
    assert clock.now() == pytest.approx(1039.9)
    with pytest.raises(ValueError):
        clock.advance(-1)


def test_running_clock() -> None:
    """A running clock cannot be moved, and never runs backwards."""
    clock = Clock(speed=1000)
    first = clock.now()
    assert clock.now() >= first
    with pytest.raises(RuntimeError):
        clock.advance(1)
    with pytest.raises(ValueError):
        Clock(speed=0)


async def test_running_clock_calls() -> None:
    """A running clock calls back through the event loop."""
    clock = Clock(speed=10_000)
    called = asyncio.Event()
    clock.call_at(clock.now() + 10, called.set)
    cancelled = clock.call_at(clock.now() + 5, lambda: pytest.fail("was cancelled"))
    cancelled.cancel()
    await called.wait()


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v2.12.2", (2, 12, 2)),
        ("v2.9.0-12-gabc123-dirty", (2, 9, 0)),
        ("v1.0", (1, 0, 0)),
        ("9a2bf585", (9, 2, 585)),
        ("", (0, 0, 0)),
    ],
)
def test_versions(text: str, version: tuple[int, int, int]) -> None:
    """Versions are compared by their numbers."""
    assert parse_version(text) == version


def test_specs() -> None:
    """Presets have names, addresses and boards of their own."""
    macs = {spec.mac_address for spec in PRESETS.values()}
    assert len(macs) == len(PRESETS)
    for name, spec in PRESETS.items():
        assert spec.name == name
        assert spec.mac_address == spec.mac_address.upper()
        # Locally administered, and no multicast.
        assert int(spec.mac_address[:2], 16) & 0b11 == 0b10
        assert spec.hardware.defaults[0] in spec.hardware.frequencies or (
            spec.dialect in ("forge", "nmaxe")
        )
    with pytest.raises(KeyError):
        _ = replace(PRESETS["gamma-2.12"], board="999").hardware
    given = replace(PRESETS["gamma-2.12"], mac="AA:BB:CC:DD:EE:FF", hostname="shed")
    assert (given.mac_address, given.host_name) == ("AA:BB:CC:DD:EE:FF", "shed")


def test_twins_are_refused(clock: Clock) -> None:
    """A swarm finds its miners by name."""
    spec = PRESETS["gamma-2.12"]
    with pytest.raises(ValueError):
        Swarm([SimulatedMiner(spec, clock), SimulatedMiner(spec, clock)])


@pytest.mark.parametrize("mean", [0.0, 0.3, 7.0, 400.0])
def test_poisson(mean: float) -> None:
    """Mean and variance of a Poisson distribution are alike."""
    rng = Random(5)
    draws = [poisson(rng, mean) for _ in range(4000)]
    average = sum(draws) / len(draws)
    variance = sum((draw - average) ** 2 for draw in draws) / len(draws)
    assert average == pytest.approx(mean, rel=0.05)
    assert variance == pytest.approx(mean, rel=0.1)


@pytest.mark.parametrize(
    ("trials", "probability"), [(0, 0.5), (10, 0.0), (10, 1.0), (20, 0.3), (500, 0.02)]
)
def test_binomial(trials: int, probability: float) -> None:
    """Never more successes than trials, and as many as likely."""
    rng = Random(6)
    draws = [binomial(rng, trials, probability) for _ in range(3000)]
    assert max(draws) <= trials
    assert sum(draws) / 3000 == pytest.approx(trials * probability, rel=0.05)


def test_best_of_shares() -> None:
    """One share reaches twice the difficulty with a probability of one half."""
    rng = Random(7)
    draws = [best_of_shares(rng, 1, 1000) for _ in range(4000)]
    assert min(draws) >= 1000
    assert sum(draw >= 2000 for draw in draws) / 4000 == pytest.approx(0.5, abs=0.03)
    assert sum(draw >= 10_000 for draw in draws) / 4000 == pytest.approx(0.1, abs=0.02)
