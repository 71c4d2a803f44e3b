"""Time that leaps over waiting."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
import socket
import time

from homeassistant.util import dt as dt_util
import pytest

from scripts.bench.time_warp import SharedOffset, TimeWarpSelector

HOUR = 3600.0


@pytest.fixture
def shared(tmp_path: Path) -> SharedOffset:
    """Return the offset of the process under test."""
    return SharedOffset(tmp_path / "offset")


@pytest.fixture
def selector(shared: SharedOffset, socket_enabled: None) -> Iterator[TimeWarpSelector]:
    """Yield a selector whose time is on all clocks."""
    selector = TimeWarpSelector(shared)
    with selector.installed():
        yield selector


def _run(
    selector: TimeWarpSelector, main: Callable[[], Coroutine[None, None, None]]
) -> None:
    with asyncio.Runner(
        loop_factory=lambda: asyncio.SelectorEventLoop(selector)
    ) as runner:
        runner.run(main())


def test_waiting_is_leapt_over_on_every_clock(
    selector: TimeWarpSelector, shared: SharedOffset, tmp_path: Path
) -> None:
    """An hour passes for this process and those that share its time."""
    other = SharedOffset(tmp_path / "offset")

    def clocks() -> tuple[float, ...]:
        return (
            time.time(),
            time.monotonic(),
            dt_util.utcnow().timestamp(),
            # An entity that reads another clock than timers do may wake for ever.
            dt_util.now().timestamp(),
            other.now(),
        )

    before = clocks()

    async def main() -> None:
        with selector.warping(lambda: False):
            await asyncio.sleep(HOUR)

    _run(selector, main)

    after = clocks()
    for early, late in zip(before, after, strict=True):
        assert late - early >= HOUR
    assert shared.seconds <= HOUR


def test_timers_fire_in_order_at_their_time(selector: TimeWarpSelector) -> None:
    """Nothing is skipped between two moments."""
    fired: list[tuple[int, int]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        for minute in (30, 10, 20):
            loop.call_later(
                minute * 60,
                lambda due=minute: fired.append((due, int(loop.time() - start) // 60)),
            )
        with selector.warping(lambda: False):
            await asyncio.sleep(HOUR)

    _run(selector, main)

    assert fired == [(10, 10), (20, 20), (30, 30)]


def test_time_stands_while_a_request_is_under_way(
    selector: TimeWarpSelector, shared: SharedOffset
) -> None:
    """A reply arrives before the timeout, however slow the machine."""
    here, there = socket.socketpair()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        here.setblocking(False)
        with selector.warping(lambda: False):
            reply = asyncio.create_task(loop.sock_recv(here, 5))
            await asyncio.sleep(0)
            # Another thread stands for the miner's process.
            loop.run_in_executor(None, there.sendall, b"reply")
            assert await asyncio.wait_for(reply, HOUR) == b"reply"
            assert shared.seconds == 0

    with here, there:
        _run(selector, main)


def test_time_stands_while_something_is_busy(
    selector: TimeWarpSelector, shared: SharedOffset
) -> None:
    """The recorder keeps up."""
    answers = [True, True, False]
    offsets: list[float] = []

    def busy() -> bool:
        offsets.append(shared.seconds)
        return answers.pop(0) if answers else False

    async def main() -> None:
        with selector.warping(busy):
            await asyncio.sleep(HOUR)

    _run(selector, main)

    assert offsets[:3] == [0, 0, 0]
    assert shared.seconds > 0
