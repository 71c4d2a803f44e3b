"""Looks at live data in a real Home Assistant in this process."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
import time
from typing import Any, Final
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.auth.permissions import PermissionLookup
from homeassistant.components.websocket_api.messages import (
    event_message,
    message_to_json_bytes,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.recorder import get_instance

from custom_components.bitaxe.following import miner_entries
from custom_components.bitaxe.live.feed import Feed
from custom_components.bitaxe.live.hub import Live, async_get_live
from custom_components.bitaxe.live.payload import miner_as_json
from custom_components.bitaxe.live.registry import registry_info
from custom_components.bitaxe.results.coordinator import MinerResults

from .instance import add_miners, home_assistant
from .miners import Miners
from .time_warp import TimeWarpSelector

_INTERVAL: Final = 0.5
_POLL_INTERVAL: Final = 10
_WARM_UP_SECONDS: Final = 300.0
_PRESENTATIONS: Final = 2000


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was measured while so many looked."""

    subscriptions: int
    cpu: float
    """Seconds of the whole process."""
    sending: float
    """Seconds of it in which changes were presented, written as JSON and made into
    messages."""
    pushes: int
    """Events each of them got."""
    bytes: int
    """Bytes each of them got."""


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What was measured."""

    present: float
    """Seconds of CPU to present one miner."""
    full_bytes: int
    full_cpu: float
    """Seconds of CPU of the first subscription."""
    looked: tuple[Looked, ...]
    """Nobody, one, many, and nobody again."""
    listeners_left: int
    """Listeners of miners beyond those before anybody looked."""


class _Receiver:
    """Counts what one connection would be sent."""

    def __init__(self) -> None:
        self.pushes = 0
        self.bytes = 0

    def send(self, event: Any) -> None:
        self.pushes += 1
        self.bytes += len(message_to_json_bytes(event_message(1, event)))


class _Meter:
    """Takes the time of everything that a feed does when its time has come."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def installed(self) -> Iterator[None]:
        send = Feed._send  # noqa: SLF001

        def timed(feed: Feed, now: datetime) -> None:
            started = time.thread_time()
            send(feed, now)
            self.seconds += time.thread_time() - started

        with patch.object(Feed, send.__name__, timed):
            yield


async def measure(
    miners: Miners, folder: Path, selector: TimeWarpSelector, seconds: int, many: int
) -> Costs:
    """Run Home Assistant in a folder of its own, and look at its miners."""
    async with home_assistant(folder) as hass:
        await add_miners(hass, miners.addresses, _POLL_INTERVAL)
        recorder = get_instance(hass)

        async def live(span: float) -> float:
            """Let time pass; return the CPU time it took."""
            started = time.process_time()
            with selector.warping(lambda: recorder.backlog > 0):
                await asyncio.sleep(span)
            await recorder.async_block_till_done()
            return time.process_time() - started

        await live(_WARM_UP_SECONDS)
        live_view = async_get_live(hass)
        lookup = PermissionLookup(er.async_get(hass), dr.async_get(hass))
        user = User(name="bench", perm_lookup=lookup, is_owner=True)
        before = _listeners(hass)
        looked = [await _look(live_view, user, live, 0, seconds)]
        first = _Receiver()
        started = time.process_time()
        live_view.async_subscribe(user, _INTERVAL, first.send)()
        full_cpu = time.process_time() - started
        looked += [
            await _look(live_view, user, live, count, seconds) for count in (1, many, 0)
        ]
        return Costs(
            present=_presentation(hass),
            full_bytes=first.bytes,
            full_cpu=full_cpu,
            looked=tuple(looked),
            listeners_left=_listeners(hass) - before,
        )


async def _look(
    live_view: Live,
    user: User,
    live: Callable[[float], Any],
    count: int,
    seconds: int,
) -> Looked:
    receivers = [_Receiver() for _ in range(count)]
    leave = [
        live_view.async_subscribe(user, _INTERVAL, receiver.send)
        for receiver in receivers
    ]
    # The first event has everything, and the history is read.
    await live(_WARM_UP_SECONDS)
    for receiver in receivers:
        receiver.pushes = receiver.bytes = 0
    meter = _Meter()
    with meter.installed():
        cpu = await live(seconds)
    for unsubscribe in leave:
        unsubscribe()
    return Looked(
        subscriptions=count,
        cpu=cpu,
        sending=meter.seconds,
        pushes=receivers[0].pushes if receivers else 0,
        bytes=receivers[0].bytes if receivers else 0,
    )


def _presentation(hass: HomeAssistant) -> float:
    entry = miner_entries(hass)[0]
    present = partial(
        miner_as_json,
        registry_info(hass, entry, entry.title),
        entry.runtime_data,
        MinerResults(),
        (),
    )
    before = present(None)
    started = time.process_time()
    for _ in range(_PRESENTATIONS):
        present(before)
    return (time.process_time() - started) / _PRESENTATIONS


def _listeners(hass: HomeAssistant) -> int:
    return sum(
        len(entry.runtime_data._listeners)  # noqa: SLF001
        for entry in miner_entries(hass)
    )
