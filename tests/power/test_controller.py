"""When power is lowered and raised."""

from dataclasses import replace

import pytest

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.power.budget import Budget
from custom_components.bitaxe.power.controller import (
    Kind,
    MinerNow,
    Move,
    PowerController,
    Reason,
)
from custom_components.bitaxe.power.feeds import PriceGate, SurplusFeed
from custom_components.bitaxe.power.points import PowerPoint, with_neighbours

POLL = 10.0


def curve() -> tuple[PowerPoint, ...]:
    """Return what was measured of a miner: 10 to 20 W."""
    return with_neighbours(
        [
            PowerPoint(
                point=OperatingPoint(frequency=400.0, core_voltage=1100.0),
                power=10,
                hashrate=800,
            ),
            PowerPoint(
                point=OperatingPoint(frequency=700.0, core_voltage=1150.0),
                power=20,
                hashrate=1400,
            ),
        ]
    )


class Miners:
    """Some miners that follow each write at once."""

    def __init__(
        self, count: int, *, may_pause: bool = False, off: float = 1.0
    ) -> None:
        """Begin at the highest point; `off` is real over known power."""
        points = curve()
        self.off = off
        self.now = 0.0
        self.miners = {
            str(number): MinerNow(
                key=str(number),
                power=points[-1].power * off,
                point=points[-1].point,
                points=points,
                may_pause=may_pause,
                idle_power=2.0,
            )
            for number in range(count)
        }
        self.budgets = {key: Budget((), 0, 0) for key in self.miners}
        self.writes: list[float] = []
        self.controller = PowerController()

    @property
    def power(self) -> float:
        """W of all."""
        return sum(miner.power for miner in self.miners.values())

    def live(self, target: float, seconds: float = POLL) -> list[Move]:
        """Let readings pass; return what was done."""
        done: list[Move] = []
        for _ in range(round(seconds / POLL)):
            self.now += POLL
            moves = self.controller.update(list(self.miners.values()), target, self.now)
            done += moves
            for move in moves:
                self.do(move)
            for key, miner in self.miners.items():
                self.miners[key] = replace(
                    miner,
                    left=self.budgets[key].left(self.now, 4),
                    last_write=self.budgets[key].age(self.now),
                )
        return done

    def do(self, move: Move) -> None:
        """Do as a move says."""
        miner = self.miners[move.key]
        point = move.point or miner.point
        if move.point is not None:
            self.budgets[move.key].note(self.now)
            self.writes.append(self.now)
        paused = {Kind.PAUSE: True, Kind.RESUME: False}.get(move.kind, miner.paused)
        known = next(
            (item.power for item in miner.points if item.point == point), move.power
        )
        power = miner.idle_power if paused else known * self.off
        self.miners[move.key] = replace(miner, point=point, paused=paused, power=power)


def test_down_at_once_and_not_far() -> None:
    """A target below what is drawn is kept with the next reading."""
    miners = Miners(4)
    miners.live(100, 120)
    miners.live(70, POLL)
    assert 66 < miners.power <= 70


def test_as_few_miners_as_possible_are_changed() -> None:
    """Each change wears a miner."""
    miners = Miners(6)
    miners.live(200, 120)
    assert len(miners.live(112, POLL)) == 1


def test_up_only_once_there_has_been_room() -> None:
    """And then as far as the target goes."""
    miners = Miners(3)
    miners.live(40, 120)
    before = miners.power
    miners.live(58, 20)
    assert miners.power == before
    assert miners.controller.reason is Reason.GUARD_TIME
    miners.live(58, 600)
    assert 54 < miners.power <= 58


def test_what_is_measured_decides() -> None:
    """A miner that draws more than it did earlier is set lower."""
    miners = Miners(2, off=1.12)
    miners.live(40, 120)
    miners.live(30, 300)
    assert miners.power <= 30


def test_never_more_writes_than_allowed() -> None:
    """However the target jumps, and it is kept all the same."""
    miners = Miners(1)
    for number in range(240):
        miners.live(11 + 9 * ((number * 7) % 10) / 10, 60)
        within = [at for at in miners.writes if miners.now - at < 3600]
        assert len(within) <= 4


def test_the_last_write_is_for_the_way_down() -> None:
    """Nothing is raised with it, so that a falling target can still be kept."""
    miners = Miners(1)
    for target in (12.0, 20.0) * 12:
        miners.live(target, 300)
        if target == 12:
            assert miners.power <= 12


def test_the_last_percent_waits_until_all_has_been_steady() -> None:
    """And takes few writes, however long there is room."""
    miners = Miners(3)
    miners.live(60, 120)
    miners.live(52, 60)
    before, target = miners.power, miners.power + 1.0
    miners.live(target, 300)
    assert miners.power == before
    written = len(miners.writes)
    miners.live(target, 2400)
    assert before + 0.3 < miners.power <= target
    miners.live(target, 4 * 3600)
    assert len(miners.writes) - written <= 3


def test_no_write_is_kept_for_a_way_down_that_is_a_pause() -> None:
    """The last one raises a miner that may pause; one that may not stays low."""
    used = []
    for may_pause in (True, False):
        miners = Miners(1, may_pause=may_pause)
        miners.live(60, 120)
        miners.live(12, 600)
        miners.budgets["0"].note(miners.now)
        miners.budgets["0"].note(miners.now)
        miners.live(12, POLL)
        assert miners.miners["0"].left == 1
        miners.live(22, 1200)
        used.append(miners.power)
    assert used[0] == 20
    assert used[1] <= 12


def test_one_of_several_with_their_last_writes_pauses_for_a_cloud() -> None:
    """It comes back as it was; where many are left, they are set lower instead."""
    for noted, pauses in ((3, 1), (0, 0)):
        miners = Miners(2, may_pause=True)
        for budget in miners.budgets.values():
            for _ in range(noted):
                budget.note(miners.now)
        miners.live(60, 120)
        miners.live(28, POLL)
        assert miners.power <= 28
        assert sum(miner.paused for miner in miners.miners.values()) == pauses
        assert len(miners.writes) == (0 if pauses else 2)
        miners.live(60, 1200)
        assert miners.power == 40


def test_a_paused_miner_goes_on_where_it_fits() -> None:
    """With one write, not by its lowest point."""
    miners = Miners(1, may_pause=True)
    miners.live(60, 120)
    miners.live(3, 60)
    assert miners.power == 2
    (move,) = miners.live(15, 600)
    assert move.kind is Kind.RESUME
    assert 14 < miners.power <= 15


@pytest.mark.parametrize("falls", [(9.0,), (19.0, 9.0), (19.0, 18.0, 17.0, 9.0)])
def test_what_is_raised_can_be_lowered_again_step_by_step(
    falls: tuple[float, ...],
) -> None:
    """A voltage two steps above the lowest one takes two writes, which are kept.

    Also by a small step down that comes first.
    """
    far = with_neighbours(
        [
            PowerPoint(
                point=OperatingPoint(frequency=400.0, core_voltage=1050.0),
                power=10,
                hashrate=800,
            ),
            PowerPoint(
                point=OperatingPoint(frequency=700.0, core_voltage=1150.0),
                power=20,
                hashrate=1400,
            ),
        ]
    )
    miners = Miners(1)
    start = next(item for item in far if item.point.frequency == 400)
    miners.miners["0"] = replace(
        miners.miners["0"], points=far, point=start.point, power=10.0
    )
    for target in (25.0, *falls) * 12:
        miners.live(target, 300)
        assert miners.power <= max(target, 10)
        if target == 9:
            assert miners.miners["0"].point == start.point


def test_what_is_under_way_counts_as_done() -> None:
    """Others are not lowered for it, and what is assumed teaches nothing."""
    miners = Miners(2)
    miners.live(60, 120)
    before = miners.miners["0"]
    miners.miners["0"] = replace(before, free=False, believed=False, expected=12.0)
    assert miners.live(33, POLL) == []
    # It was not confirmed: now it counts as it is measured.
    miners.miners["0"] = replace(before, free=False)
    miners.live(33, POLL)
    assert miners.power <= 33


def test_one_miner_is_not_written_twice_within_seconds() -> None:
    """Its regulator comes to rest between two steps of the voltage."""
    miners = Miners(1)
    miners.live(60, 120)
    miners.miners["0"] = replace(miners.miners["0"], last_write=3.0)
    assert miners.live(12, POLL) == []
    assert miners.controller.reason is Reason.LOWERING
    assert miners.live(12, POLL)


@pytest.mark.parametrize(("may_pause", "power"), [(False, 20.0), (True, 4.0)])
def test_below_the_lowest_point(may_pause: bool, power: float) -> None:
    """It stays there, or pauses where somebody wants that."""
    miners = Miners(2, may_pause=may_pause)
    miners.live(60, 120)
    miners.live(3, 300)
    assert miners.power == power
    assert miners.controller.reason is Reason.AT_LOWEST


def test_only_as_many_are_paused_as_must_be() -> None:
    """The others stay at their lowest point."""
    miners = Miners(3, may_pause=True)
    miners.live(60, 120)
    miners.live(25, 120)
    assert sum(miner.paused for miner in miners.miners.values()) == 1
    assert miners.power <= 25
    # And it comes back, at a power that fits.
    miners.live(45, 1200)
    assert not any(miner.paused for miner in miners.miners.values())
    assert miners.power <= 45


def test_others_take_the_share_of_one_that_may_not_be_changed() -> None:
    """What it draws counts."""
    miners = Miners(3)
    miners.live(60, 120)
    miners.miners["0"] = replace(miners.miners["0"], free=False)
    miners.live(45, 60)
    assert miners.power <= 45
    assert miners.miners["0"].power == 20
    # It is gone: what it drew is left for them.
    miners.miners["0"] = replace(miners.miners["0"], power=0.0)
    miners.live(45, 1200)
    assert 38 < miners.power <= 45


def test_a_target_of_its_own_goes_first() -> None:
    """Also where there is plenty for all."""
    miners = Miners(2)
    miners.miners["0"] = replace(miners.miners["0"], most=13.0)
    miners.live(60, 300)
    assert miners.miners["0"].power <= 13
    assert miners.miners["1"].power == 20


def test_nothing_may_be_changed() -> None:
    """It says so."""
    miners = Miners(1)
    miners.miners["0"] = replace(miners.miners["0"], free=False)
    assert miners.live(5, 60) == []
    assert miners.controller.reason is Reason.NOTHING_FREE


def test_a_budget_outlives_restarts_and_clocks() -> None:
    """A clock that is set back gives nothing back, nor does a time in the future."""
    budget = Budget([], 1000.0, 50.0)
    for clock in (50.0, 60.0, 70.0):
        budget.note(clock)
    assert budget.left(80.0, 4) == 1
    again = Budget(budget.as_list(1030.0, 80.0), 1040.0, 5.0)
    assert again.left(5.0, 4) == 1
    earlier = Budget(budget.as_list(1030.0, 80.0), 10.0, 5.0)
    assert earlier.left(5.0, 4) == 1
    assert earlier.left(5.0 + 3600, 4) == 4


def test_a_surplus_is_followed_slowly_up_and_fast_down() -> None:
    """Single readings move nothing upwards."""
    feed = SurplusFeed(window=300, reserve=10)
    now = 0.0
    for _ in range(60):
        now += POLL
        feed.update(100, now)
    assert feed.update(100, now) == pytest.approx(90)
    now += POLL
    assert feed.update(400, now) == pytest.approx(90)
    for _ in range(40):
        now += POLL
        high = feed.update(400, now)
    assert high == pytest.approx(390, rel=0.05)
    for _ in range(3):
        now += POLL
        low = feed.update(20, now)
    assert low == pytest.approx(10)


def test_a_surplus_that_is_unknown_is_none() -> None:
    """Not at once: a sensor restarts."""
    feed = SurplusFeed(window=300)
    feed.update(100, 0)
    assert feed.update(None, 60) is not None
    assert feed.update(None, 181) is None
    assert feed.update(50, 190) == pytest.approx(50)


def test_a_price_opens_and_closes() -> None:
    """One that is unknown for long is too high."""
    gate = PriceGate(0.30)
    assert gate.update(0.30, 0)
    assert not gate.update(0.31, 10)
    assert not gate.update(0.299, 20)
    assert gate.update(0.29, 30)
    assert gate.update(None, 40)
    assert not gate.update(None, 161)
    assert not PriceGate(0.30).update(None, 0)
