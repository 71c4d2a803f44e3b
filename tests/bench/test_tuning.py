"""The tuner against the plain hill-climb, on few of the simulated miners."""

import pytest

from custom_components.bitaxe.tuning import Goal
from scripts.bench.odd_miners import ODDITIES, USUAL
from scripts.bench.specimens import Kind, Specimen, optimum
from scripts.bench.tuners import tune
from scripts.bench.tuning_runs import Compared, Job, Summary, main, regret, run

KINDS = (
    Kind(preset="gamma-2.12", extended=True),
    Kind(preset="gt-2.15", extended=True),
)


@pytest.fixture(scope="module")
def runs() -> list[Compared]:
    """Return what both came to on a few specimens."""
    return [
        run(Job(kind, seed, goal, latches=latches))
        for kind in KINDS
        for goal in Goal
        for seed, latches in ((40, False), (41, True))
    ]


def test_the_tuner_beats_a_hill_climb_within_all_limits(runs: list[Compared]) -> None:
    """Better settings, in fewer trials and less time, within all limits."""
    summary = Summary.of(runs)
    assert summary.median_regret <= 0.012
    assert summary.high_regret <= 0.03
    assert summary.part_of_trials <= 0.5
    assert summary.part_of_hours <= 0.25
    assert summary.idle_restarts == 0
    assert summary.seconds_beyond == 0


def test_runs_finish(runs: list[Compared]) -> None:
    """Every run comes to an end of its own."""
    assert [item.tuned.phase for item in runs] == [""] * len(runs)


@pytest.mark.parametrize(
    ("seed", "goal"), [(5, Goal.EFFICIENCY), (0, Goal.BALANCED), (2, Goal.BALANCED)]
)
def test_firmware_that_guesses(seed: int, goal: Goal) -> None:
    """A hashrate that drifts by 9 % for minutes is not taken for one that scatters."""
    kind = Kind(preset="gamma-2.11", extended=True)
    specimen = Specimen(kind, seed)
    outturn = tune(specimen, goal)
    best = optimum(kind, seed, goal)
    assert specimen.score(goal, outturn.point) > 0.97 * best.score


@pytest.mark.parametrize("oddity", sorted(set(ODDITIES) - {USUAL}))
def test_odd_miners(oddity: str) -> None:
    """Heat, noise, fan, room, supply and readings that the tuner was not fitted to."""
    for preset, seed, goal in (
        ("gamma-2.12", 3, Goal.HASHRATE),
        ("nerdqaxepp-1.1.0", 3, Goal.BALANCED),
    ):
        job = Job(Kind(preset=preset, extended=True, oddity=oddity), seed, goal)
        specimen = Specimen(job.kind, seed)
        outturn = tune(specimen, goal)
        assert outturn.phase == ""
        assert outturn.restarts == outturn.latches == 0
        assert outturn.seconds_beyond == 0
        # Where the supply gives in, one finds out by a miner that dies of it.
        missing = regret(job, specimen, outturn)
        assert missing < (0.1 if oddity == "weak-supply" else 0.05)


@pytest.mark.parametrize(
    ("preset", "seed"),
    [("gamma-2.12", 2002), ("gt-2.15", 2000)],
)
def test_what_a_weak_supply_delivers(preset: str, seed: int) -> None:
    """A miner that dies of more load says nothing against higher frequencies."""
    kind = Kind(preset=preset, extended=True, oddity="weak-supply")
    specimen = Specimen(kind, seed)
    outturn = tune(specimen, Goal.HASHRATE)
    best = optimum(kind, seed, Goal.HASHRATE)
    assert specimen.score(Goal.HASHRATE, outturn.point) > 0.97 * best.score
    assert outturn.restarts == 0
    assert outturn.seconds_beyond == 0


@pytest.mark.parametrize(
    "silicon", ["smooth", "sharp", "needle", "curved", "broken-domain"]
)
def test_other_silicon(silicon: str) -> None:
    """How hashes go missing, and how fast the need rises, is not what was fitted."""
    kind = Kind(preset="gt-2.15", extended=True, silicon=silicon)
    for seed in (2, 3):
        specimen = Specimen(kind, seed)
        outturn = tune(specimen, Goal.BALANCED)
        best = optimum(kind, seed, Goal.BALANCED)
        assert specimen.score(Goal.BALANCED, outturn.point) > 0.97 * best.score
        assert outturn.seconds_beyond == 0


@pytest.mark.parametrize(
    ("silicon", "seed", "goal"),
    [
        # 86 % were missing 3 mV below what is needed: that is a needle, no lost domain.
        ("needle", 3000, Goal.BALANCED),
        ("needle", 2001, Goal.BALANCED),
        ("curved", 3002, Goal.HASHRATE),
        ("broken-domain", 2001, Goal.BALANCED),
    ],
)
def test_silicon_of_one_chip(silicon: str, seed: int, goal: Goal) -> None:
    """A cliff over 10 mV is no dark domain, and one that is always dark no cliff."""
    kind = Kind(preset="gamma-2.12", extended=True, silicon=silicon)
    specimen = Specimen(kind, seed)
    outturn = tune(specimen, goal)
    best = optimum(kind, seed, goal)
    assert specimen.score(goal, outturn.point) > 0.97 * best.score
    assert outturn.phase == ""
    assert outturn.seconds_beyond == 0
    assert outturn.restarts == 0


def test_a_long_way_down_is_no_latched_regulator() -> None:
    """From 83 W to 33 W in several steps, each compared with where it is."""
    kind = Kind(preset="nerdqaxepp-1.1.0", extended=True)
    specimen = Specimen(kind, 27)
    outturn = tune(specimen, Goal.EFFICIENCY)
    assert outturn.latches == outturn.restarts == 0
    best = optimum(kind, 27, Goal.EFFICIENCY)
    assert specimen.score(Goal.EFFICIENCY, outturn.point) > 0.97 * best.score


def test_prints_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints a line for each board and goal, and the verdict."""
    monkeypatch.setattr(
        "sys.argv",
        ["tuning", "--specimens", "1", "--kind", "gamma-2.12", "--processes", "1"],
    )
    code = main()
    shown = capsys.readouterr().out
    assert shown.count("gamma-2.12") == 3
    assert ("targets met" in shown) == (code == 0)
