"""Reports by the clock."""

import asyncio
from datetime import UTC, datetime, timedelta
import logging
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.channel.channel import Parcel
from custom_components.bitaxe.discord.channel.schedule import (
    KEEP_TRYING,
    PostedReports,
    ReportSchedule,
    next_time,
)
from custom_components.bitaxe.discord.channel.settings import ReportPlan
from custom_components.bitaxe.discord.messages.model import Message

from .homes import until

NAME = "channel.report"
BERLIN = ZoneInfo("Europe/Berlin")


class Reader:
    """A channel, and who makes its reports."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, cron: str) -> None:
        """Begin with a channel that works."""
        self.hass = hass
        self.entry = entry
        self.plan = ReportPlan(cron=cron, span="24h", charts=False)
        self.made = 0
        self.read: list[str] = []
        self.broken: Exception | None = None
        self.schedule: ReportSchedule

    async def make(self) -> Message:
        """Make a report."""
        self.made += 1
        return Message(content=f"report {self.made}")

    async def take(self, parcel: Parcel) -> None:
        """Read a report, page by page."""
        while parcel.pages:
            if self.broken is not None:
                raise self.broken
            self.read.append(parcel.pages.popleft().content)

    def start(self) -> None:
        """Begin, as after a start of Home Assistant."""
        self.schedule = ReportSchedule(
            self.hass,
            self.entry,
            NAME,
            self.plan,
            PostedReports(self.hass, self.entry.entry_id),
            self.make,
            self.take,
        )
        self.schedule.async_start()

    def restart(self) -> None:
        """Begin anew."""
        self.schedule.async_stop()
        self.start()


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return an entry to which schedules belong."""
    entry = MockConfigEntry(domain=DOMAIN)
    entry.add_to_hass(hass)
    return entry


async def at(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, moment: datetime
) -> None:
    """Let it be a moment."""
    freezer.move_to(moment)
    async_fire_time_changed(hass, moment)
    await hass.async_block_till_done(wait_background_tasks=True)


def utc(hour: int, minute: int = 0, second: int = 0, *, day: int = 10) -> datetime:
    """Return a moment of a day without anything special."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


async def test_posts_every_hour(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """On the hour, and never in between."""
    freezer.move_to(utc(10, 30))
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    await at(hass, freezer, utc(10, 59, 59))
    assert reader.read == []
    await at(hass, freezer, utc(11))
    assert reader.read == ["report 1"]
    await at(hass, freezer, utc(11, 0, 30))
    await at(hass, freezer, utc(12))
    assert reader.read == ["report 1", "report 2"]
    reader.schedule.async_stop()


async def test_restart_posts_nothing_twice(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Also if the clock was set back meanwhile, or the restart came within a second."""
    freezer.move_to(utc(10, 59, 59))
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    await at(hass, freezer, utc(11))
    assert reader.read == ["report 1"]
    freezer.move_to(utc(10, 59, 58))
    reader.restart()
    await at(hass, freezer, utc(11))
    assert reader.read == ["report 1"]
    await at(hass, freezer, utc(12))
    assert reader.read == ["report 1", "report 2"]
    reader.schedule.async_stop()


async def test_missed_reports_are_not_posted_later(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Home Assistant was off for three hours: the next report is the next one."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    await at(hass, freezer, utc(11))
    reader.schedule.async_stop()
    freezer.move_to(utc(14, 20))
    reader.start()
    await at(hass, freezer, utc(14, 21))
    assert reader.read == ["report 1"]
    await at(hass, freezer, utc(15))
    assert len(reader.read) == 2
    reader.schedule.async_stop()


async def test_computer_that_slept(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It wakes up hours after the time: that report is of no use any more."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    await at(hass, freezer, utc(13, 40))
    assert reader.read == []
    await at(hass, freezer, utc(14))
    assert len(reader.read) == 1
    reader.schedule.async_stop()


@pytest.mark.parametrize(
    ("before", "after", "posted"),
    [
        # It was late by three days, as after a loss of power.
        (utc(8, 30), utc(8, 54, day=13), utc(9, day=13)),
        # It was early by a day.
        (utc(8, 30, day=14), utc(8, 54, day=13), utc(9, day=13)),
    ],
)
async def test_clock_that_is_set(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    before: datetime,
    after: datetime,
    posted: datetime,
) -> None:
    """What counts is the right time, though timers do not know of it."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(before)
    reader = Reader(hass, entry, "0 9 13 * *")
    reader.start()
    time, jump = hass.loop.time, (after - before).total_seconds()
    monkeypatch.setattr(hass.loop, "time", lambda: time() - jump)
    freezer.move_to(after)
    for minutes in range(12):
        await at(hass, freezer, after + timedelta(minutes=minutes))
        if after + timedelta(minutes=minutes) < posted:
            assert reader.read == []
    assert reader.read == ["report 1"]
    reader.schedule.async_stop()


async def test_report_posted_by_a_wrong_clock(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It does not stand in the way of those that follow."""
    freezer.move_to(utc(10, 59, day=20))
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    await at(hass, freezer, utc(11, day=20))
    assert reader.read == ["report 1"]
    reader.schedule.async_stop()
    freezer.move_to(utc(11, 59))
    reader.start()
    await at(hass, freezer, utc(12))
    assert reader.read == ["report 1", "report 2"]
    reader.schedule.async_stop()


async def test_tries_again(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Discord was away for some minutes: the same report comes later, and once."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    reader.broken = HomeAssistantError("away")
    for minute in range(5):
        await at(hass, freezer, utc(11, minute, 1))
    assert reader.read == []
    reader.broken = None
    for minute in range(5, 9):
        await at(hass, freezer, utc(11, minute, 2))
    assert reader.read == ["report 1"]
    assert reader.made == 1
    reader.schedule.async_stop()


async def test_gives_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After a quarter of an hour it is old news, and one line in the log."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    reader.broken = HomeAssistantError("away")
    for minute in range(KEEP_TRYING // timedelta(minutes=1) + 5):
        await at(hass, freezer, utc(11, minute, 1))
    reader.broken = None
    await at(hass, freezer, utc(11, 30))
    assert reader.read == []
    warnings = [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and "bitaxe" in record.name
    ]
    assert warnings == ["A report was not posted: away"]
    await at(hass, freezer, utc(12))
    assert reader.read == ["report 2"]
    reader.schedule.async_stop()


async def test_newer_report_takes_the_place_of_one_that_waits(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """With a report every five minutes, three that failed do not come at once."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "*/5 * * * *")
    reader.start()
    reader.broken = HomeAssistantError("away")
    await at(hass, freezer, utc(11))
    await at(hass, freezer, utc(11, 5))
    await at(hass, freezer, utc(11, 10))
    reader.broken = None
    await at(hass, freezer, utc(11, 11, 1))
    assert reader.read == ["report 3"]
    reader.schedule.async_stop()


async def test_newer_report_while_the_one_before_is_tried(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What fails while its successor is made is not tried again after that."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "*/5 * * * *")
    answer = asyncio.Event()
    take = reader.take

    async def take_slowly(parcel: Parcel) -> None:
        if parcel.message.content == "report 1":
            if not answer.is_set():
                await answer.wait()
                raise HomeAssistantError("no answer")
        await take(parcel)

    reader.take = take_slowly  # type: ignore[method-assign]
    reader.start()
    for minute in (0, 5):
        freezer.move_to(utc(11, minute))
        async_fire_time_changed(hass, utc(11, minute))
        await hass.async_block_till_done()
    await until(lambda: reader.made == 2, "the second report")
    answer.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    await at(hass, freezer, utc(11, 6, 1))
    assert reader.read == ["report 2"]
    reader.schedule.async_stop()


async def test_bug_does_not_end_the_schedule(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged with its traceback, and the next report comes."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    reader.broken = RuntimeError("a bug")
    await at(hass, freezer, utc(11))
    assert "RuntimeError: a bug" in caplog.text
    reader.broken = None
    await at(hass, freezer, utc(12))
    assert reader.read == ["report 2"]
    reader.schedule.async_stop()


async def test_time_zone_of_home_assistant(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Nine in the morning is local; moving house moves it."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(utc(7))
    reader = Reader(hass, entry, "0 9 * * *")
    reader.start()
    await at(hass, freezer, utc(8))
    assert len(reader.read) == 1
    await hass.config.async_update(time_zone="America/New_York")
    await hass.async_block_till_done()
    await at(hass, freezer, utc(8, day=11))
    assert len(reader.read) == 1
    await at(hass, freezer, utc(14, day=11))
    assert len(reader.read) == 2
    reader.schedule.async_stop()
    await hass.config.async_set_time_zone("UTC")


def test_clocks_that_go_back() -> None:
    """The hour that comes twice has two hourly reports, and one of a daily one."""
    moment = datetime(2026, 10, 25, 0, 30, tzinfo=BERLIN)
    times = []
    for _ in range(5):
        moment = next_time("0 * * * *", moment.astimezone(BERLIN))
        times.append(moment)
    assert [time.hour for time in times] == [23, 0, 1, 2, 3]
    daily = next_time("30 2 * * *", datetime(2026, 10, 25, 0, 30, tzinfo=BERLIN))
    following = next_time("30 2 * * *", daily.astimezone(BERLIN))
    assert following.astimezone(BERLIN).day == 26


def test_clocks_that_go_forward() -> None:
    """What would be in the hour that is left out comes right after it."""
    daily = next_time("30 2 * * *", datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN))
    assert daily.astimezone(BERLIN).day == 29
    assert daily == datetime(2026, 3, 29, 1, tzinfo=UTC)


async def test_expression_that_never_comes(
    hass: HomeAssistant, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody edited the storage: the rest of the channel works on."""
    reader = Reader(hass, entry, "0 0 31 2 *")
    reader.start()
    assert "is never posted" in caplog.text
    reader.schedule.async_stop()


async def test_forgets_channels_that_are_gone(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What was posted last is kept of those that are there."""
    posted = PostedReports(hass, entry.entry_id)
    await posted.async_set("here.report", utc(10))
    await posted.async_set("gone.report", utc(11))
    await posted.async_keep({"here.report", "new.report"})
    again = PostedReports(hass, entry.entry_id)
    assert await again.async_get("here.report") == utc(10)
    assert await again.async_get("gone.report") is None


async def test_goes_on_with_the_page_that_failed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No page of a report is posted a second time."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "0 * * * *")
    long = "\n".join(f"line {number}" for number in range(600))

    async def make() -> Message:
        return Message(content=long)

    async def take(parcel: Parcel) -> None:
        reader.read.append(parcel.pages.popleft().content)
        if parcel.pages:
            raise HomeAssistantError("away")

    monkeypatch.setattr(reader, "make", make)
    monkeypatch.setattr(reader, "take", take)
    reader.start()
    for minute in range(5):
        await at(hass, freezer, utc(11, minute, minute))
    assert len(reader.read) > 2
    assert "\n".join(reader.read) == long
    reader.schedule.async_stop()


async def test_stopped_while_it_posts(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A channel that was changed or removed meanwhile is not tried again."""
    freezer.move_to(utc(10, 59))
    reader = Reader(hass, entry, "0 * * * *")
    leave = asyncio.Event()

    async def make() -> Message:
        await leave.wait()
        return Message(content="report")

    reader.make = make  # type: ignore[method-assign]
    reader.broken = HomeAssistantError("away")
    reader.start()
    freezer.move_to(utc(11))
    async_fire_time_changed(hass, utc(11))
    await hass.async_block_till_done()
    reader.schedule.async_stop()
    leave.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    reader.broken = None
    await at(hass, freezer, utc(11, 5))
    assert reader.read == []


async def test_two_schedules_that_are_due_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Each is noted, though neither file nor times had been read before."""
    posted = PostedReports(hass, entry.entry_id)
    await asyncio.gather(
        posted.async_set("one.report", utc(10)), posted.async_set("two.report", utc(10))
    )
    again = PostedReports(hass, entry.entry_id)
    assert await again.async_get("one.report") == utc(10)
    assert await again.async_get("two.report") == utc(10)


async def test_waits_for_miners_to_be_set_up(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What is due while Home Assistant starts is made when it has."""
    freezer.move_to(utc(10, 59))
    hass.set_state(CoreState.starting)
    reader = Reader(hass, entry, "0 * * * *")
    reader.start()
    await at(hass, freezer, utc(11))
    assert reader.made == 0
    hass.set_state(CoreState.running)
    await at(hass, freezer, utc(11, 1, 1))
    assert reader.read == ["report 1"]
    reader.schedule.async_stop()
