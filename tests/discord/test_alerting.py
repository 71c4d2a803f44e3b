"""Alerts in a channel: together, once, and honest about when it was."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.bitaxe.alerts.kinds import KINDS
from custom_components.bitaxe.alerts.model import Alert, AlertKind, AlertPhase
from custom_components.bitaxe.alerts.monitor import MinerAlert
from custom_components.bitaxe.discord.channel.alerts import (
    FIRST_RETRY,
    GATHER_SECONDS,
    MOST_TOGETHER,
    AlertPoster,
)
from custom_components.bitaxe.discord.channel.backlog import (
    MOST_QUEUED,
    Backlog,
    Backlogs,
)
from custom_components.bitaxe.discord.channel.channel import Parcel
from custom_components.bitaxe.discord.channel.settings import (
    ChannelKind,
    ChannelSettings,
)
from custom_components.bitaxe.discord.errors import (
    NoAnswerError,
    RejectedError,
    UnreachableError,
)
from custom_components.bitaxe.discord.messages.alerts import AlertToPost, alerts_message
from custom_components.bitaxe.discord.messages.colors import (
    BLOCK,
    LOOKS,
    RECORD,
    Condition,
)
from custom_components.bitaxe.discord.messages.model import Mention, Message, paginate
from custom_components.bitaxe.swarm.coordinator import Swarm, async_find_swarm
from custom_components.bitaxe.texts import async_load_texts
from scripts.bench.texts import ENGLISH
from scripts.simulator import MinerServer, MinerSpec

from ..conftest import AddMiner, PassTime, Simulate
from .asking import read

EVERYTHING = frozenset(AlertKind)
SOMEBODY = Mention("role", 223456789012345678)
COOLDOWN = 300.0


@dataclass
class Board:
    """A channel as a piece of paper: what was posted, and whether it takes anything."""

    posted: list[Message] = field(default_factory=list)
    nonces: list[str | None] = field(default_factory=list)
    """Of each attempt."""
    error: Exception | None = None
    doubtful: bool = False
    """Whether it is in doubt if the message got there in spite of the error."""

    silent: bool = False
    """Whether it never answers."""

    async def take(self, parcel: Parcel) -> None:
        """Take a message, or fail."""
        self.nonces.append(parcel.pages[0].nonce)
        if self.silent:
            await asyncio.Event().wait()
        if self.error is not None:
            parcel.begun = self.doubtful
            raise self.error
        self.posted.append(parcel.message)

    @property
    def tried(self) -> int:
        """How often somebody tried to post."""
        return len(self.nonces)

    @property
    def titles(self) -> list[list[str]]:
        """The titles of each message."""
        return [[embed.title for embed in message.embeds] for message in self.posted]

    @property
    def last(self) -> str:
        """The text of the last message."""
        return read(self.posted[-1])


class Monitor:
    """Reports whatever a test wants, as the swarm's monitor reports what it sees."""

    def __init__(self) -> None:
        """Begin without anybody who listens."""
        self.listeners: list[Callable[[MinerAlert], None]] = []

    def async_add_listener(
        self, listener: Callable[[MinerAlert], None]
    ) -> Callable[[], None]:
        """Call `listener` with every alert."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def report(
        self,
        kind: AlertKind,
        phase: AlertPhase | None = None,
        name: str = "office",
        since: float | None = None,
        **data: Any,
    ) -> None:
        """Report something that happened or was raised now unless asked otherwise."""
        if phase is None:
            phase = (
                AlertPhase.HAPPENED
                if KINDS[kind].one_time_condition
                else AlertPhase.RAISED
            )
        values = {key: data.pop(key) for key in ("value", "limit") if key in data}
        alert = Alert(
            kind=kind,
            phase=phase,
            since=dt_util.utcnow().timestamp() if since is None else since,
            data=data,
            **values,
        )
        for listener in list(self.listeners):
            listener(
                MinerAlert(
                    miner_id=f"id of {name}", name=name, device_id=None, alert=alert
                )
            )


@pytest.fixture
def board() -> Board:
    """Return an empty channel."""
    return Board()


@pytest.fixture
def monitor() -> Monitor:
    """Return a monitor that tests speak through."""
    return Monitor()


@pytest.fixture
async def backlog(hass: HomeAssistant) -> Backlog:
    """Return what waits for the channel, with the texts that a set-up has loaded."""
    await async_load_texts(hass)
    return await kept(hass)


async def kept(hass: HomeAssistant) -> Backlog:
    """Return what waits for the channel, as after a start of Home Assistant."""
    backlogs = Backlogs(hass, "swarm")
    await backlogs.async_load()
    return backlogs.of("channel")


@pytest.fixture
def start(
    hass: HomeAssistant,
    board: Board,
    monitor: Monitor,
    backlog: Backlog,
    pass_time: PassTime,
) -> Callable[..., AlertPoster]:
    """Begin to post alerts, of every kind unless asked otherwise."""

    def begin(
        source: Any = monitor, backlog: Backlog = backlog, **settings: Any
    ) -> AlertPoster:
        settings = {
            "alerts": EVERYTHING,
            "mention": (SOMEBODY,),
            "cooldown": COOLDOWN,
        } | settings
        poster = AlertPoster(
            hass,
            source,
            ChannelSettings(kind=ChannelKind.BOT, **settings),
            backlog,
            board.take,
        )
        poster.async_start()
        return poster

    return begin


async def test_raised_and_cleared(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """One message when it begins, with what to do, and one when it is over."""
    start()
    since = dt_util.utcnow().timestamp()
    monitor.report(AlertKind.OVERHEATING, value=71.25, limit=70)
    await pass_time(GATHER_SECONDS)
    (message,) = board.posted
    (embed,) = message.embeds
    assert embed.title == "🔴 office is overheating"
    assert embed.color == LOOKS[Condition.BAD].color
    assert "71.2 °C (limit 70.0 °C)" in board.last
    assert f"began <t:{since:.0f}:R>" in embed.description
    assert "→ Lower frequency or core voltage" in embed.description
    assert embed.timestamp == datetime.fromtimestamp(since, UTC)
    assert message.mention == (SOMEBODY,)

    monitor.report(
        AlertKind.OVERHEATING, AlertPhase.CLEARED, since=since, value=61, seconds=425
    )
    await pass_time(GATHER_SECONDS)
    message = board.posted[1]
    (embed,) = message.embeds
    assert embed.title == "🟢 office is cool again"
    assert embed.color == LOOKS[Condition.GOOD].color
    assert board.last.endswith("61.0 °C · after 7 min 5 s")
    assert embed.timestamp == datetime.fromtimestamp(since + 425, UTC)
    assert message.mention == ()


@pytest.mark.parametrize(
    "kind", sorted(kind for kind in EVERYTHING if KINDS[kind].condition)
)
async def test_every_kind_that_lasts(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
    kind: AlertKind,
) -> None:
    """Each has its own words when it begins and when it ends, and a remedy."""
    start()
    monitor.report(kind)
    monitor.report(kind, name="kitchen")
    await pass_time(GATHER_SECONDS)
    monitor.report(kind, AlertPhase.CLEARED, seconds=60)
    await pass_time(GATHER_SECONDS)

    (raised,), (cleared,) = board.titles
    assert raised.startswith(("🔴 2 miners ", "🟠 2 miners "))
    assert "→ " in read(board.posted[0])
    assert cleared.startswith("🟢 office ")
    assert "after 1 min" in board.last
    assert "→ " not in board.last


async def test_only_what_is_wanted(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """Kinds that were not chosen are not posted, nor is their end."""
    start(alerts=frozenset({AlertKind.OFFLINE}))
    for kind in sorted(EVERYTHING):
        monitor.report(kind)
    monitor.report(AlertKind.VR_HEAT, AlertPhase.CLEARED, seconds=1)
    await pass_time(GATHER_SECONDS)

    assert board.titles == [["🔴 office is offline"]]


async def test_many_at_once(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """A power cut is one message, worst things first, that pings once."""
    start()
    for index in range(40):
        monitor.report(AlertKind.OFFLINE, name=f"*miner_{index}*", reason="timed out")
        await pass_time(0.2, poll=0.2)
    monitor.report(AlertKind.POOL_FALLBACK, name="other")
    monitor.report(AlertKind.NEW_BEST_DIFFICULTY, name="other", value=1e9)
    await pass_time(GATHER_SECONDS)

    (message,) = board.posted
    assert [embed.title for embed in message.embeds] == [
        "🔴 40 miners are offline",
        "🟠 other is mining on the fallback pool",
        "🏆 New best share of other",
    ]
    for index in range(40):
        assert f"**\\*miner\\_{index}\\***" in message.embeds[0].description
    assert message.embeds[0].description.count("→") == 1
    (page,) = paginate(message)
    assert page.content == str(SOMEBODY)


async def test_block(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """A block is loud, comes first, and is never held back."""
    start()
    for _ in range(2):
        monitor.report(AlertKind.OFFLINE, name="kitchen")
        monitor.report(AlertKind.BLOCK_FOUND, block_height=925_000, blocks_found=1)
        await pass_time(GATHER_SECONDS)

    for message in board.posted:
        assert message.content == "🎉 **BLOCK FOUND!** 🎉"
        assert message.mention == (SOMEBODY,)
        assert message.embeds[0].title == "🎉 office found a block!"
        assert message.embeds[0].color == BLOCK
        assert "at block height 925,000" in message.embeds[0].description
    assert [len(message.embeds) for message in board.posted] == [2, 1]


async def test_new_best_share(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """A record is good news, which pings nobody."""
    start()
    monitor.report(
        AlertKind.NEW_BEST_DIFFICULTY, value=4.5e9, previous=1.2e9, swarm_record=True
    )
    await pass_time(GATHER_SECONDS)

    (message,) = board.posted
    assert message.mention == ()
    assert message.embeds[0].color == RECORD
    assert "**4.5G** · before: 1.2G · best of the swarm" in board.last


async def test_cool_down_of_what_is_over(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What flickers is reported once, with its first end, until it has cooled."""
    start()
    for _ in range(5):
        monitor.report(AlertKind.OFFLINE)
        await pass_time(20)
        monitor.report(AlertKind.OFFLINE, AlertPhase.CLEARED, seconds=20)
        await pass_time(20)

    assert board.titles == [["🔴 office is offline"], ["🟢 office is back online"]]
    await pass_time(COOLDOWN)
    assert len(board.posted) == 2
    monitor.report(AlertKind.OFFLINE)
    await pass_time(20)
    assert len(board.posted) == 3


async def test_cool_down_of_what_lasts(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What is raised while it cools, and stays, is reported when it has cooled."""
    start()
    monitor.report(AlertKind.OFFLINE)
    monitor.report(AlertKind.OFFLINE, name="kitchen")
    await pass_time(20)
    monitor.report(AlertKind.OFFLINE, AlertPhase.CLEARED, seconds=20)
    await pass_time(20)
    since = dt_util.utcnow().timestamp()
    monitor.report(AlertKind.OFFLINE)
    # Others do not wait for it.
    monitor.report(AlertKind.VR_HEAT)
    await pass_time(20)
    assert len(board.posted) == 3

    await pass_time(COOLDOWN)
    assert board.titles[3:] == [["🔴 office is offline"]]
    assert f"<t:{since:.0f}:R>" in board.last
    monitor.report(AlertKind.OFFLINE, AlertPhase.CLEARED, since=since, seconds=400)
    await pass_time(20)
    assert board.titles[4:] == [["🟢 office is back online"]]


async def test_cool_down_of_a_clock_that_is_set(
    hass: HomeAssistant,
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An hour that comes twice is no hour of silence."""
    start()
    monitor.report(AlertKind.OFFLINE)
    await pass_time(20)
    monitor.report(AlertKind.OFFLINE, AlertPhase.CLEARED, seconds=20)
    await pass_time(20)
    time = hass.loop.time
    monkeypatch.setattr(hass.loop, "time", lambda: time() + 3600)
    freezer.tick(-3600)
    monitor.report(AlertKind.OFFLINE)
    await pass_time(COOLDOWN)
    await pass_time(GATHER_SECONDS)
    assert board.titles[2:] == [["🔴 office is offline"]]


async def test_cool_down_counts_what_happens(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """Restarts in a row are one message more, with how many there were."""
    start()
    monitor.report(AlertKind.RESTARTED, reason="Software reset")
    await pass_time(20)
    for _ in range(4):
        monitor.report(AlertKind.RESTARTED, reason="Brownout `reset`")
        await pass_time(20)
    assert board.titles == [["🔄 office restarted unexpectedly"]]
    await pass_time(COOLDOWN)

    assert len(board.posted) == 2
    assert "Brownout \\`reset\\` · 4 times" in board.last


async def test_over_before_it_was_posted(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What began and ended before its message was sent is one line."""
    start()
    monitor.report(AlertKind.POOL_FALLBACK)
    await pass_time(2, poll=2)
    monitor.report(AlertKind.POOL_FALLBACK, AlertPhase.CLEARED, seconds=2)
    await pass_time(20)

    assert board.titles == [["🟢 office is back on the primary pool"]]


async def test_discord_is_away(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """Alerts wait, go out once, in their order and with the time at which it was."""
    start()
    board.error = UnreachableError("#miners")
    first = dt_util.utcnow().timestamp()
    monitor.report(AlertKind.VR_HEAT)
    await pass_time(GATHER_SECONDS)
    assert board.tried == 1
    await pass_time(FIRST_RETRY)
    assert board.tried == 2
    second = dt_util.utcnow().timestamp()
    monitor.report(AlertKind.ERROR_RATE)
    monitor.report(AlertKind.VR_HEAT, AlertPhase.CLEARED, since=first, seconds=40)
    await pass_time(3600)
    assert board.tried < 15
    board.error = None
    await pass_time(600)

    (message,) = board.posted
    assert [embed.title for embed in message.embeds] == [
        "🟠 office is making many hardware errors",
        "🟢 office is cool again at the voltage regulator",
        "",
    ]
    assert f"<t:{second:.0f}:R>" in board.last
    assert message.embeds[1].timestamp == datetime.fromtimestamp(first + 40, UTC)
    assert "Posted late" in board.last
    monitor.report(AlertKind.RESTARTED)
    await pass_time(20)
    assert "Posted late" not in board.last
    assert len(board.posted) == 2


async def test_discord_is_back(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """Nobody waits for the next attempt once Discord is known to be back."""
    poster = start()
    poster.async_retry()
    board.error = UnreachableError("#miners")
    monitor.report(AlertKind.OFFLINE)
    await pass_time(200)
    assert board.posted == []
    board.error = None

    poster.async_retry()
    await pass_time(1, poll=1)

    assert len(board.posted) == 1
    poster.async_retry()
    await pass_time(700)
    assert len(board.posted) == 1


async def test_too_much_to_keep(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What waits is bounded; what is left out is counted, and a block is kept."""
    start()
    board.error = UnreachableError("#miners")
    monitor.report(AlertKind.BLOCK_FOUND)
    for index in range(MOST_QUEUED + 50):
        monitor.report(AlertKind.OFFLINE, name=f"miner {index}")
    await pass_time(60)
    board.error = None
    await pass_time(600)

    said = "\n".join(read(message) for message in board.posted)
    assert "found a block" in said
    assert "51 older alerts were left out" in said
    assert "**miner 50**" not in said
    assert "**miner 51**" in said
    assert f"**miner {MOST_QUEUED + 49}**" in said
    assert all(len(paginate(message)) == 1 for message in board.posted)


async def test_a_message_discord_rejects(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What is not taken once is never taken, and must not hold up the rest."""
    start()
    board.error = RejectedError("#miners", "Invalid Form Body")
    monitor.report(AlertKind.OFFLINE)
    await pass_time(GATHER_SECONDS)
    board.error = None
    monitor.report(AlertKind.VR_HEAT)
    await pass_time(1200)

    assert board.titles == [["🔴 office is too hot at the voltage regulator"]]
    assert board.tried == 2


async def test_stopping(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What is gathered goes out at the end, and nothing after it."""
    poster = start()
    monitor.report(AlertKind.OFFLINE)
    await poster.async_stop()
    assert len(board.posted) == 1

    monitor.report(AlertKind.VR_HEAT)
    await pass_time(1200)
    assert len(board.posted) == 1
    assert monitor.listeners == []


async def test_stopping_while_discord_does_not_answer(
    hass: HomeAssistant,
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    backlog: Backlog,
    freezer: FrozenDateTimeFactory,
    pass_time: PassTime,
) -> None:
    """It is not waited for, and what is left waits until Home Assistant is back."""
    poster = start()
    board.silent = True
    monitor.report(AlertKind.OFFLINE)
    stopping = hass.async_create_task(poster.async_stop())
    await asyncio.sleep(0)
    assert board.tried == 1
    assert not stopping.done()
    freezer.tick(6)
    await stopping

    assert backlog
    board.silent = False
    start()
    await pass_time(GATHER_SECONDS)
    assert board.titles == [["🔴 office is offline"]]


async def test_stopping_without_discord(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """A Discord that is away does not keep Home Assistant from stopping."""
    poster = start()
    board.error = UnreachableError("#miners")
    monitor.report(AlertKind.OFFLINE)
    await pass_time(20)
    tried = board.tried

    await poster.async_stop()

    assert board.tried == tried
    await pass_time(1200)
    assert board.tried == tried


@pytest.fixture
async def office(simulate: Simulate, add_miner: AddMiner) -> MinerServer:
    """Set up a miner called office."""
    server = await simulate(MinerSpec(name="office", firmware="v2.15.0", seed=1))
    await add_miner(server)
    return server


@pytest.fixture
def swarm(hass: HomeAssistant, office: MinerServer) -> Swarm:
    """Return the swarm of the miner called office."""
    swarm = async_find_swarm(hass)
    assert swarm is not None
    return swarm


async def test_a_real_outage(
    swarm: Swarm,
    office: MinerServer,
    start: Callable[..., AlertPoster],
    board: Board,
    pass_time: PassTime,
) -> None:
    """A miner that is unplugged is reported, and that it is back, with how long."""
    start(swarm.alerts)
    office.miner.faults.offline = True
    await pass_time(300)
    assert board.titles == [["🔴 office is offline"]]
    office.miner.faults.offline = False
    await pass_time(600)

    assert board.titles[1:] == [["🟢 office is back online"]]
    assert "after " in board.last


async def test_a_real_block(
    swarm: Swarm,
    office: MinerServer,
    start: Callable[..., AlertPoster],
    board: Board,
    pass_time: PassTime,
) -> None:
    """A block that the firmware counts is reported."""
    start(swarm.alerts)
    office.miner.find_block()
    await pass_time(30)

    assert board.titles[0][0] == "🎉 office found a block!"


async def test_restart_of_home_assistant(
    hass: HomeAssistant,
    swarm: Swarm,
    office: MinerServer,
    start: Callable[..., AlertPoster],
    board: Board,
    pass_time: PassTime,
) -> None:
    """What was reported before is not reported again, and its end is."""
    poster = start(swarm.alerts)
    office.miner.faults.offline = True
    await pass_time(300)
    assert len(board.posted) == 1

    await poster.async_stop()
    await hass.config_entries.async_reload(swarm.config_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    again = async_find_swarm(hass)
    assert again is not None
    start(again.alerts)
    await pass_time(300)
    assert len(board.posted) == 1
    office.miner.faults.offline = False
    await pass_time(600)
    assert board.titles[1:] == [["🟢 office is back online"]]


async def test_a_bug_holds_up_nothing(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What fails for no known reason would fail again: it is logged and left out."""
    start()
    board.error = RuntimeError("a bug")
    monitor.report(AlertKind.OFFLINE)
    await pass_time(GATHER_SECONDS)
    assert "RuntimeError: a bug" in caplog.text
    board.error = None
    monitor.report(AlertKind.VR_HEAT)
    await pass_time(GATHER_SECONDS)

    assert board.titles == [["🔴 office is too hot at the voltage regulator"]]


async def test_no_answer(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What may have been posted is tried again unchanged, for Discord to recognise."""
    start()
    board.error, board.doubtful = NoAnswerError("#miners"), True
    monitor.report(AlertKind.OFFLINE)
    await pass_time(GATHER_SECONDS)
    monitor.report(AlertKind.VR_HEAT)
    monitor.report(AlertKind.OFFLINE, AlertPhase.CLEARED, seconds=5)
    await pass_time(FIRST_RETRY)
    board.error = None
    await pass_time(3 * FIRST_RETRY)

    first, *others, last = board.nonces
    assert set(others) == {first}
    assert last != first
    assert board.titles == [
        ["🔴 office is offline"],
        ["🔴 office is too hot at the voltage regulator", "🟢 office is back online"],
    ]


async def test_more_kinds_than_a_page_holds(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """Each message is a single page, so that none is ever posted in part."""
    start()
    for kind in sorted(EVERYTHING):
        monitor.report(kind, name="n" * 5000)
    await pass_time(GATHER_SECONDS)

    assert sum(len(message.embeds) for message in board.posted) == len(EVERYTHING)
    assert len(board.posted) > 1
    assert all(len(paginate(message)) == 1 for message in board.posted)


async def test_no_answer_and_then_no_connection(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What is in doubt stays so, though the next attempt surely did not get there."""
    start()
    board.error, board.doubtful = NoAnswerError("#miners"), True
    monitor.report(AlertKind.OFFLINE)
    await pass_time(GATHER_SECONDS)
    board.error, board.doubtful = UnreachableError("#miners"), False
    await pass_time(FIRST_RETRY)
    board.error = None
    await pass_time(3 * FIRST_RETRY)

    assert board.titles == [["🔴 office is offline"]]
    assert board.tried > 2
    assert len(set(board.nonces)) == 1


async def test_no_answer_to_a_full_page(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What may have been posted stays the page it was, though it is late by then."""
    heard: list[AlertToPost] = []
    monitor.async_add_listener(lambda alert: heard.append(AlertToPost(alert=alert)))

    def pages(*, late: bool) -> int:
        return len(paginate(alerts_message(heard, ENGLISH, late=late)))

    def report(length: int) -> None:
        heard.clear()
        for number in range(MOST_TOGETHER):
            monitor.report(AlertKind.OFFLINE, name=f"{number:03}" + "n" * length)

    length = next(
        length
        for length in range(1, 500)
        if not report(length) and pages(late=False) < pages(late=True)
    )
    assert (pages(late=False), pages(late=True)) == (1, 2)

    start()
    board.error, board.doubtful = NoAnswerError("#miners"), True
    report(length)
    await pass_time(GATHER_SECONDS)
    await pass_time(1000)
    board.error = None
    await pass_time(1000)

    assert len(set(board.nonces)) == 1
    assert [len(paginate(message)) for message in board.posted] == [1]
    assert board.titles == [[f"🔴 {MOST_TOGETHER} miners are offline"]]


@pytest.mark.parametrize("doubtful", [False, True])
async def test_restart_while_discord_is_away(
    hass: HomeAssistant,
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
    doubtful: bool,
) -> None:
    """What waits is posted afterwards, with its time, and once."""
    poster = start()
    board.error, board.doubtful = NoAnswerError("#miners"), doubtful
    since = dt_util.utcnow().timestamp()
    monitor.report(AlertKind.OVERHEATING, value=71.25, limit=70, count_24h=2)
    await pass_time(60)
    await poster.async_stop()
    await pass_time(600)
    board.error = None

    again = start(backlog=await kept(hass))
    await pass_time(GATHER_SECONDS)
    (message,) = board.posted
    assert message.embeds[0].title == "🔴 office is overheating"
    assert f"71.2 °C (limit 70.0 °C) · began <t:{since:.0f}:R> · 2 times" in board.last
    assert "Posted late" in board.last
    assert (board.nonces[-1] == board.nonces[0]) == doubtful

    monitor.report(AlertKind.OVERHEATING, AlertPhase.CLEARED, since=since, seconds=700)
    await pass_time(GATHER_SECONDS)
    await again.async_stop()
    # The hub writes at once; here it is done within a second.
    await pass_time(1, poll=1)
    start(backlog=await kept(hass))
    await pass_time(600)
    assert [titles[0] for titles in board.titles] == [
        "🔴 office is overheating",
        "🟢 office is cool again",
    ]


async def test_over_after_a_restart_while_discord_is_away(
    hass: HomeAssistant,
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What began before the restart and ended after it is one line."""
    poster = start()
    board.error = UnreachableError("#miners")
    since = dt_util.utcnow().timestamp()
    monitor.report(AlertKind.OFFLINE)
    await pass_time(60)
    await poster.async_stop()

    start(backlog=await kept(hass))
    monitor.report(AlertKind.OFFLINE, AlertPhase.CLEARED, since=since, seconds=90)
    await pass_time(60)
    board.error = None
    await pass_time(600)
    assert board.titles == [["🟢 office is back online", ""]]


async def test_kinds_of_another_version(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """Anyone who goes back to this version loses what it does not know, and no more."""
    poster = start()
    board.error = UnreachableError("#miners")
    monitor.report(AlertKind.OFFLINE)
    monitor.report(AlertKind.VR_HEAT)
    await pass_time(60)
    await poster.async_stop()
    stored = hass_storage["bitaxe.swarm.backlog"]["data"]["channel"]
    stored["queue"][0]["told"]["alert"]["alert"]["kind"] = "overcast"

    board.error = None
    start(backlog=await kept(hass))
    await pass_time(GATHER_SECONDS)
    assert board.titles == [["🔴 office is too hot at the voltage regulator"]]


async def test_held_back_when_stopping(
    start: Callable[..., AlertPoster],
    board: Board,
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """What is raised and cools down is reported at the end: nobody would later."""
    poster = start()
    monitor.report(AlertKind.OFFLINE)
    monitor.report(AlertKind.OFFLINE, AlertPhase.CLEARED, seconds=5)
    await pass_time(20)
    monitor.report(AlertKind.OFFLINE)
    await pass_time(20)
    assert board.titles == [["🟢 office is back online"]]

    await poster.async_stop()

    assert board.titles[1:] == [["🔴 office is offline"]]


async def test_nothing_is_stored_while_all_is_well(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    start: Callable[..., AlertPoster],
    monitor: Monitor,
    pass_time: PassTime,
) -> None:
    """Posting an alert writes no file."""
    poster = start()
    monitor.report(AlertKind.OFFLINE)
    await pass_time(60)
    await poster.async_stop()
    assert "bitaxe.swarm.backlog" not in hass_storage
