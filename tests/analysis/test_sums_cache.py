"""What is read again, and what is not."""

from copy import replace
from math import inf

import pytest

from custom_components.bitaxe.analysis.blocks import Block, PointSums, Tally, add_up
from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.history.sums_cache import KEEP_SECONDS, Marks, SumsKeeper

DAY = 86_400.0


@pytest.fixture
def long_history() -> list[Block]:
    """Return two weeks of blocks, two for each day."""
    return [
        Block(
            operating_point=OperatingPoint(frequency=525, core_voltage=1150),
            start=half_days * DAY / 2,
            end=(half_days + 1) * DAY / 2,
            row_seconds=3600,
            hashrate=Tally(rows=12, total=12_000, low=990, high=1010),
            hashrate_squares=12e6,
            hashrate_lowest_mean=1000,
            hashrate_highest_mean=1000,
            power=None,
            power_squares=0,
            power_hashrate=0,
            powered_hashrate=0,
            powered_hashrate_squares=0,
            asic_temperature=None,
            vr_temperature=None,
            input_voltage=None,
            fan_speed=None,
            errors=0,
            errors_hashrate=0,
            accepted=None,
            rejected=None,
        )
        for half_days in range(28)
    ]


class Rows:
    """A history in memory that notes what is read of it."""

    def __init__(self, blocks: list[Block]) -> None:
        """Consist of these blocks."""
        self.stored = blocks
        self.asked: list[tuple[float, float]] = []

    def blocks(self, start: float, end: float) -> list[Block]:
        """Return the blocks between two moments."""
        self.asked.append((start / DAY, end / DAY))
        return [item for item in self.stored if start <= item.start < end]

    def marks(self, start: float, end: float) -> Marks:
        """Return the only thing that is counted here."""
        return [float(sum(start <= item.start < end for item in self.stored))]


def ask(
    keeper: SumsKeeper,
    rows: Rows,
    days: float,
    *,
    now: float = 0.0,
    start: float = 0.25,
    closed: float = 100.0,
    name: str = "kitchen",
    shape: str = "C",
) -> list[PointSums]:
    """Ask for some days, and forget what was read for that before."""
    rows.asked.clear()
    return keeper.read(
        name,
        rows,
        shape=shape,
        start=start * DAY,
        end=days * DAY,
        closed=closed * DAY,
        stretch=DAY,
        now=now,
    )


def test_only_what_is_new_is_read_again(long_history: list[Block]) -> None:
    """Whole days are kept, the day that is still going on is not."""
    rows, keeper = Rows(long_history), SumsKeeper()
    expected = [block for block in long_history if block.start >= 0.25 * DAY]
    until = add_up(block for block in expected if block.start < 10.5 * DAY)

    assert ask(keeper, rows, 10.5) == until
    assert rows.asked == [(0.25, 10), (10, 10.5)]
    assert ask(keeper, rows, 10.5) == until
    assert rows.asked == [(10, 10.5)]
    ask(keeper, rows, 12.25)
    assert rows.asked == [(10, 12), (12, 12.25)]
    assert ask(keeper, rows, 12) == add_up(
        item for item in expected if item.start < 12 * DAY
    )
    assert rows.asked == []

    ask(keeper, rows, 12.25, now=KEEP_SECONDS)
    assert rows.asked[0] == (0.25, 12)


def test_what_is_not_compiled_yet_is_read_again(long_history: list[Block]) -> None:
    """After a start Home Assistant makes up for the statistics of hours."""
    rows, keeper = Rows(long_history[:10]), SumsKeeper()
    ask(keeper, rows, 10, closed=5)
    rows.stored = long_history
    (found,) = ask(keeper, rows, 10)
    assert len(found.contributions.rows) == 19
    assert rows.asked == [(5, 10)]


def test_histories_are_kept_apart(long_history: list[Block]) -> None:
    """Another miner, another unit or another beginning is another history."""
    rows, keeper = Rows(long_history), SumsKeeper()
    ask(keeper, rows, 3)
    ask(keeper, rows, 3, name="attic")
    assert rows.asked == [(0.25, 3)]
    ask(keeper, rows, 3, shape="F")
    assert rows.asked == [(0.25, 3)]


def test_rows_that_changed_are_read_anew(long_history: list[Block]) -> None:
    """What somebody deletes or imports shows at once."""
    rows, keeper = Rows(list(long_history)), SumsKeeper()
    ask(keeper, rows, 10)
    del rows.stored[7]
    assert ask(keeper, rows, 10) == add_up(rows.stored[1:19])


def test_an_end_before_what_is_kept_is_read_anew(long_history: list[Block]) -> None:
    """As when a clock is set back: nothing of the future is answered."""
    rows, keeper = Rows(long_history), SumsKeeper()
    ask(keeper, rows, 5)
    found = ask(keeper, rows, 2)
    assert found == add_up(item for item in long_history[1:] if item.start < 2 * DAY)


def test_figures_without_an_end_are_not_kept(long_history: list[Block]) -> None:
    """They are handed on as they are, for others to refuse."""
    endless = replace(long_history[3], power_squares=inf)
    rows, keeper = Rows([endless]), SumsKeeper()
    assert ask(keeper, rows, 5) == add_up([endless])
    assert ask(keeper, rows, 5) == add_up([endless])


@pytest.mark.parametrize(
    "packed",
    [b"[[1, 2]]", b'["a"]', b"{}x", b"[3]", b"[[]]", b"[[[],[]]]", b"7"],
    ids=repr,
)
def test_what_is_no_sum_is_read_anew(long_history: list[Block], packed: bytes) -> None:
    """A file may hold anything."""
    rows, keeper = Rows(long_history), SumsKeeper()
    before = ask(keeper, rows, 5)
    kept = keeper.get("kitchen")
    assert kept is not None
    keeper.put("kitchen", replace(kept, packed=packed))
    assert ask(keeper, rows, 5) == before


def test_packed_sums_are_the_same(long_history: list[Block]) -> None:
    """To the last bit, with and without what may be unknown."""
    full = replace(
        long_history[0],
        start=0.25 * DAY,
        hashrate_squares=1 / 3,
        power=Tally(rows=12, total=0.1 + 0.2, low=-0.0, high=1e300),
        accepted=7.0,
    )
    rows, keeper = Rows([full, long_history[1]]), SumsKeeper()
    assert ask(keeper, rows, 2) == add_up([full, long_history[1]])
    assert ask(keeper, rows, 2) == add_up([full, long_history[1]])
    assert rows.asked == []
