"""What is read again, and what is not."""

import pytest

from custom_components.bitaxe.analysis.blocks import Block, Tally
from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.history.block_cache import KEEP_SECONDS, BlockKeeper

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


class History:
    """Notes what is read of it."""

    def __init__(self, blocks: list[Block]) -> None:
        """Consist of these blocks."""
        self.blocks = blocks
        self.asked: list[tuple[float, float]] = []

    def read(self, start: float, end: float) -> list[Block]:
        """Return the blocks between two moments."""
        self.asked.append((start / DAY, end / DAY))
        return [
            block for block in self.blocks if start <= block.start and block.start < end
        ]


def test_only_what_is_new_is_read_again(long_history: list[Block]) -> None:
    """Whole days are kept, the day that is still going on is not."""
    history, keeper = History(long_history), BlockKeeper()

    def ask(days: float, now: float = 0.0) -> list[Block]:
        history.asked.clear()
        return keeper.read(
            "kitchen",
            start=0.25 * DAY,
            end=days * DAY,
            stretch=DAY,
            now=now,
            read=history.read,
        )

    expected = [block for block in long_history if block.start >= 0.25 * DAY]
    assert ask(10.5) == [block for block in expected if block.start < 10.5 * DAY]
    assert history.asked == [(0.25, 10), (10, 10.5)]
    assert ask(10.5) == [block for block in expected if block.start < 10.5 * DAY]
    assert history.asked == [(10, 10.5)]
    assert ask(12.25) == [block for block in expected if block.start < 12.25 * DAY]
    assert history.asked == [(10, 12), (12, 12.25)]
    assert ask(12) == [block for block in expected if block.start < 12 * DAY]
    assert history.asked == []

    ask(12.25, now=KEEP_SECONDS)
    assert history.asked[0] == (0.25, 12)


def test_histories_are_kept_apart(long_history: list[Block]) -> None:
    """Another miner, another unit or another beginning is another history."""
    history, keeper = History(long_history), BlockKeeper()
    for name in ("kitchen", "attic"):
        keeper.read(name, start=0, end=3 * DAY, stretch=DAY, now=0.0, read=history.read)
    assert history.asked == [(0, 3), (0, 3)]


def test_an_end_before_what_is_kept_is_read_anew(long_history: list[Block]) -> None:
    """As when a clock is set back: nothing of the future is answered."""
    history, keeper = History(long_history), BlockKeeper()
    for days in (5.0, 2.0):
        found = keeper.read(
            "kitchen", start=0, end=days * DAY, stretch=DAY, now=0.0, read=history.read
        )
    assert found == [block for block in long_history if block.start < 2 * DAY]
