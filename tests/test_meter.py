"""Figures over several readings."""

from dataclasses import replace
import json

import pytest

from custom_components.bitaxe.axeos import MiningState
from custom_components.bitaxe.miner.meter import Figures, Meter, Reading

from .snapshots import gamma

START = 1_790_000_000.0
GAP = 60.0


class Story:
    """Feeds a meter with readings every 10 s."""

    def __init__(self, meter: Meter | None = None, now: float = START) -> None:
        """Begin with a miner that has been running for a while."""
        self.meter = meter or Meter()
        self.now = now
        self.uptime = 10_000
        self.hashrate = 1071.0

    def read(
        self, after: float = 10, *, clock: float | None = None, **changes: object
    ) -> Reading:
        """Return the reading `after` s later, with some keys of the reply changed."""
        self.now += after
        self.uptime += int(after)
        # Hash counters never repeat a figure.
        self.hashrate += 0.001
        changes = {"uptimeSeconds": self.uptime, "hashRate": self.hashrate} | changes
        if clock is None:
            clock = self.now
        return self.meter.update(gamma(**changes), self.now, GAP, clock)


LEAPS = [
    {"uptimeSeconds": 600_000_000},
    {"uptimeSeconds": 5000},
    {"sharesAccepted": 10**12, "sharesRejected": 10**11},
    {"sharesAccepted": 0, "sharesRejected": 0},
    {"sharesAccepted": 500},
    {"bestDiff": 3.9e18, "bestSessionDiff": 3.9e18},
    {"blockFound": 900_000},
    {"blockFound": 0},
]


@pytest.mark.parametrize("leap", LEAPS, ids=str)
def test_one_absurd_leap_leaves_nothing(leap: dict[str, object]) -> None:
    """One reply that cannot be true is unknown, and what follows is as without it."""
    counters = {"bestDiff": 5e9, "blockFound": 2, "sharesRejected": 10}
    figures = []
    for odd in ({}, leap):
        story = Story()
        for n in range(9):
            changes = counters | {"sharesAccepted": 1000 + n} | (odd if n == 5 else {})
            reading = story.read(**changes)
            assert reading.figures.restarts == 0
            assert reading.figures.blocks_found == 2
            assert reading.figures.best_difficulty == 5e9
        figures.append(reading.figures)
    assert figures[0] == figures[1]


@pytest.mark.parametrize(
    "leap",
    [
        {"sharesAccepted": 10**9},
        {"sharesAccepted": 0},
        {"bestDiff": 3e14},
        {"blockFound": 50},
        {"blockFound": 0},
    ],
    ids=str,
)
def test_what_two_readings_show_is_so(leap: dict[str, object]) -> None:
    """However absurd it is: a miner was reset, or is lucky."""
    story = Story()
    for _ in range(5):
        story.read(sharesAccepted=1000, bestDiff=5e9, blockFound=2)
    changes = {"sharesAccepted": 1000, "bestDiff": 5e9, "blockFound": 2} | leap
    story.read(**changes)
    reading = story.read(**changes)
    assert reading.snapshot.shares.accepted == changes["sharesAccepted"]
    assert reading.figures.best_difficulty == changes["bestDiff"]
    assert reading.figures.blocks_found == changes["blockFound"]
    assert reading.figures.recent_shares == 0


def test_an_uptime_that_two_readings_show_is_so() -> None:
    """The computer of Home Assistant was asleep; the total has not seen that time."""
    story = Story()
    total = story.read().figures.total_uptime
    story.uptime += 50_000
    assert story.read().snapshot.system.uptime is None
    reading = story.read()
    assert reading.snapshot.system.uptime == story.uptime
    assert reading.figures.restarts == 0
    assert reading.figures.total_uptime <= total + 100


def test_energy_is_the_integral_of_power() -> None:
    """18 W for an hour are 18 Wh; a ramp counts by its mean."""
    story = Story()
    for _ in range(361):
        reading = story.read(power=18)
    assert reading.figures.energy == pytest.approx(0.018)

    reading = story.read(power=36)
    assert reading.figures.energy == pytest.approx(0.018 + 27 * 10 / 3_600_000)


def test_energy_is_not_invented_over_a_gap() -> None:
    """While nobody read the miner, nobody knows what it used."""
    story = Story()
    before = story.read().figures.energy
    assert story.read(after=GAP + 1).figures.energy == before


def test_unknown_power_adds_no_energy() -> None:
    """A reading without power is no zero, and no reason to stop counting."""
    story = Story()
    story.read()
    assert story.read(power=None).figures.energy == 0
    story.read()
    assert story.read().figures.energy == pytest.approx(18 * 10 / 3_600_000)


def test_energy_survives_a_restart_of_home_assistant() -> None:
    """What was stored as JSON is continued, without the time in between."""
    story = Story()
    for _ in range(10):
        reading = story.read()
    stored = json.loads(json.dumps(story.meter.as_dict()))
    again = Story(Meter(stored), story.now + 3600)
    again.uptime = story.uptime + 3600
    assert again.read().figures.energy == reading.figures.energy
    assert again.read().figures.energy > reading.figures.energy


def test_a_restart_is_seen_by_the_uptime_stepping_back() -> None:
    """And total uptime goes on from there."""
    story = Story()
    story.read()
    total = story.read().figures.total_uptime
    story.uptime = 0
    reading = story.read(after=5)
    assert reading.figures.restarts == 1
    assert reading.figures.total_uptime == total + 5
    assert story.read().figures.restarts == 1


def test_a_restart_during_a_long_silence_is_seen() -> None:
    """The uptime may have grown past its old value, but it does not reach back."""
    story = Story()
    story.uptime = 100
    story.read()
    assert story.read(after=7200, uptimeSeconds=1000).figures.restarts == 1


def test_a_long_silence_is_no_restart() -> None:
    """A miner that went on hashing while the network was down has not restarted."""
    story = Story()
    story.read()
    assert story.read(after=7200).figures.restarts == 0


def test_a_restart_while_home_assistant_was_down_is_seen() -> None:
    """The last uptime is stored."""
    story = Story()
    story.read()
    again = Story(Meter(story.meter.as_dict()), story.now + 600)
    again.uptime = 30
    assert again.read().figures.restarts == 1


def test_a_clock_that_is_set_is_no_restart() -> None:
    """Small computers learn the time some minutes after a power cut."""
    story = Story()
    story.uptime = 80
    story.read(clock=100)
    reading = story.read(after=7200, clock=110, uptimeSeconds=100)
    assert reading.figures.restarts == 0
    # A gap that is one by any clock still reports a restart.
    reading = story.read(after=7200, clock=7310, uptimeSeconds=300)
    assert reading.figures.restarts == 1


@pytest.mark.parametrize("leap", [-3600, 3600, 30 * 86_400])
def test_everything_lasts_by_a_clock_that_nobody_sets(leap: float) -> None:
    """A wall clock that is set neither stretches nor ends anything."""
    true, set_clock = Story(), Story()
    clock = 1000.0
    readings = []
    for n in range(120):
        clock += 10
        changes = {"sharesAccepted": 100 + 7 * n, "sharesRejected": n, **errors(9 * n)}
        if n >= 90:
            # The firmware hears nothing from its ASICs any more.
            changes = {"hashRate": 1070.5, "sharesAccepted": 800}
        set_clock.now += leap if n == 40 else 0
        readings.append(
            [story.read(clock=clock, **changes) for story in (true, set_clock)]
        )
    for undisturbed, reading in readings:
        assert replace(reading.figures, boot_time=None) == replace(
            undisturbed.figures, boot_time=None
        )
    assert readings[-1][1].figures.flatlined
    assert readings[-1][1].figures.energy == pytest.approx(18 * 1190 / 3_600_000)


def reload(story: Story, *, boot_id: str, away: float, wall: float) -> Story:
    """Return the story after a restart of Home Assistant of `away` s.

    `wall` is what the clock on the wall says passed.
    """
    stored = json.loads(json.dumps(story.meter.as_dict()))
    again = Story(Meter(stored, boot_id), story.now + wall)
    again.uptime = story.uptime + int(away)
    return again


@pytest.mark.parametrize("wall", [600, -86_400, 30 * 86_400])
def test_a_clock_that_is_set_between_restarts_of_home_assistant(wall: float) -> None:
    """Within one run of the computer the monotonic clock goes on."""
    story = Story(Meter(boot_id="one"))
    story.uptime = 100
    story.read(clock=1000)
    again = reload(story, boot_id="one", away=600, wall=wall)
    assert again.read(clock=1610).figures.restarts == 0
    # It still reports a restart, by whatever the wall says.
    again = reload(story, boot_id="one", away=0, wall=wall)
    assert again.read(clock=8200, uptimeSeconds=3000).figures.restarts == 1


@pytest.mark.parametrize("wall", [600, -86_400, 30 * 86_400])
@pytest.mark.parametrize("total", [None, 5_000_000])
def test_the_start_of_a_computer_without_a_battery_is_no_restart(
    wall: float, total: int | None
) -> None:
    """Its clock begins anywhere, before as well as now."""
    story = Story(Meter(boot_id="one"))
    story.read(clock=90_000, totalUptimeSeconds=total)
    again = reload(story, boot_id="two", away=600, wall=wall)
    life = None if total is None else total + 610
    assert again.read(clock=30, totalUptimeSeconds=life).figures.restarts == 0


@pytest.mark.parametrize("lost", [0, 3000])
def test_a_restart_while_the_computer_was_off_shows_by_the_total_uptime(
    lost: int,
) -> None:
    """Its uptime may have passed what it was; a power cut costs up to an hour."""
    story = Story(Meter(boot_id="one"))
    story.uptime = 3990
    story.read(clock=90_000, totalUptimeSeconds=50_000)
    again = reload(story, boot_id="two", away=0, wall=20_000)
    reading = again.read(
        clock=30, uptimeSeconds=8000, totalUptimeSeconds=50_000 - lost + 8000
    )
    assert reading.figures.restarts == 1


def test_a_start_that_never_ends_is_none() -> None:
    """Firmware whose ASICs do not come up says for ever that it has just started."""
    story = Story()
    stuck = {"hashRate": 0, "uptimeSeconds": 0, "temp": -1}
    states = [story.read(**stuck).snapshot.state for _ in range(30)]
    assert states[1] is MiningState.STARTING
    assert states[-1] is MiningState.IDLE
    # A start that takes long is one.
    story.uptime = 0
    states = [story.read(hashRate=0).snapshot.state for _ in range(11)]
    assert set(states) == {MiningState.STARTING}
    assert story.read().snapshot.state is MiningState.MINING


def test_an_uptime_that_stands_still_is_no_restart() -> None:
    """From v2.15 on uptime stays 0 if the ASICs could not be started."""
    story = Story()
    story.read(uptimeSeconds=0)
    for after in (10, 10, 300, 300):
        reading = story.read(after=after, uptimeSeconds=0)
    assert reading.figures.restarts == 0


def test_the_miners_own_total_uptime_stands() -> None:
    """It reaches back to before Home Assistant knew the miner."""
    story = Story()
    reading = story.read(totalUptimeSeconds=5_000_000)
    assert reading.figures.total_uptime == 5_000_000
    # It may step back an hour after a power cut; the total never does.
    assert story.read(totalUptimeSeconds=4_998_000).figures.total_uptime == 5_000_000


def test_reject_rate_is_of_the_last_hour() -> None:
    """Rejects of yesterday do not colour today."""
    story = Story()
    story.read(sharesAccepted=1000, sharesRejected=500)
    assert (
        story.read(sharesAccepted=1000, sharesRejected=500).figures.reject_rate is None
    )
    rate = story.read(sharesAccepted=1009, sharesRejected=501).figures.reject_rate
    assert rate == pytest.approx(10)
    accepted = 1009
    for _ in range(400):
        accepted += 1
        reading = story.read(sharesAccepted=accepted, sharesRejected=501)
    assert reading.figures.reject_rate == 0


def test_share_counters_may_start_again() -> None:
    """They do at boot and at a pool switch; the shares since then count."""
    story = Story()
    story.read(sharesAccepted=1000, sharesRejected=10)
    story.read(sharesAccepted=2, sharesRejected=1)
    reading = story.read(sharesAccepted=3, sharesRejected=1)
    assert reading.figures.reject_rate == pytest.approx(25)


def test_share_hashrate_is_what_the_shares_prove() -> None:
    """A share of difficulty 1000 stands for 1000 x 2^32 hashes."""
    story = Story()
    story.read(sharesAccepted=0)
    accepted = 0
    for _ in range(60):
        accepted += 2
        reading = story.read(sharesAccepted=accepted)
    expected = 2 / 10 * 1000 * 2**32 / 1e9
    assert reading.figures.share_hashrate == pytest.approx(expected)


def errors(count: int) -> dict[str, object]:
    """Return the part of a reply with the error counter."""
    return {"hashrateMonitor": {"asics": [{"total": 1, "errorCount": count}]}}


def test_error_rate_comes_from_the_counters() -> None:
    """One error is 2^32 hashes; what the firmware calls a percentage is ignored."""
    story = Story()
    story.read(**errors(10), errorPercentage=50)
    reading = story.read(**errors(35), errorPercentage=50)
    expected = 25 * 2**32 / (1071e9 * 10) * 100
    assert reading.figures.error_rate == pytest.approx(expected, rel=1e-4)


def test_the_error_counter_wraps() -> None:
    """It has 32 bits."""
    story = Story()
    story.read(**errors(2**32 - 5))
    reading = story.read(**errors(5))
    expected = 10 * 2**32 / (1071e9 * 10) * 100
    assert reading.figures.error_rate == pytest.approx(expected, rel=1e-4)


def test_the_error_counter_starts_again_with_the_miner() -> None:
    """A restart is no wrap, which would be 100 % errors."""
    story = Story()
    story.read(**errors(50_000))
    story.uptime = 0
    reading = story.read(**errors(10))
    assert reading.figures.error_rate is not None
    assert reading.figures.error_rate < 1


def test_error_rate_without_counters_is_the_mean_of_the_firmwares_figure() -> None:
    """Its momentary percentage is noise, its mean is not."""
    story = Story()
    nothing = {"hashrateMonitor": None}
    story.read(**nothing, errorPercentage=9)
    story.read(**nothing, errorPercentage=1)
    reading = story.read(**nothing, errorPercentage=3)
    assert reading.figures.error_rate == pytest.approx(2)


def test_a_repeated_hashrate_is_a_flatline() -> None:
    """Firmware that stops hearing from its ASICs goes on showing the last figure."""
    story = Story()
    readings = [story.read(hashRate=1070.5) for _ in range(14)]
    assert not readings[11].figures.flatlined
    assert readings[11].snapshot.hashing.hashrate == 1070.5
    assert readings[12].figures.flatlined
    assert readings[12].snapshot.hashing.hashrate == 0

    assert not story.read().figures.flatlined


def test_shares_prove_that_a_repeated_hashrate_is_alive() -> None:
    """Old firmware rounds; what finds shares is not dead."""
    story = Story()
    for accepted in range(100, 130):
        reading = story.read(hashRate=1070.5, sharesAccepted=accepted)
    assert not reading.figures.flatlined


def test_a_miner_that_says_zero_has_no_flatline() -> None:
    """Zero is the truth."""
    story = Story()
    for _ in range(30):
        reading = story.read(hashRate=0)
    assert not reading.figures.flatlined


def test_records_outlive_a_factory_reset() -> None:
    """The miner forgets its best difficulty, we do not."""
    story = Story()
    story.read(bestDiff="4.29G")
    assert story.read(bestDiff=0).figures.best_difficulty == 4.29e9
    again = Story(Meter(story.meter.as_dict()), story.now)
    assert again.read(bestDiff=12).figures.best_difficulty == 4.29e9


def test_unknown_stored_figures_are_ignored() -> None:
    """A memory of another version is no reason to fail."""
    meter = Meter({"figures": {"energy": 2.5, "colour": "red"}})
    assert meter.figures == Figures(energy=2.5)


def test_the_hashrate_is_compared_with_the_expected_one() -> None:
    """As a mean over ten minutes, known after five."""
    story = Story()
    ratios = [story.read(hashRate=900 + n).figures.expected_ratio for n in range(91)]
    assert ratios[29] is None
    assert ratios[30] == pytest.approx(900 / 1071 * 100, rel=0.03)
    # Readings 30 to 90 are the last ten minutes.
    assert ratios[90] == pytest.approx(960 / 1071 * 100, rel=0.005)


def test_a_start_and_a_change_of_setting_begin_a_new_comparison() -> None:
    """Two minutes of settling do not count, and five more must be seen."""
    story = Story()
    for _ in range(40):
        story.read()
    changed = {"frequency": 600, "expectedHashrate": 1224}
    # The reading of the change, 11 of settling, and 29 of mining.
    for n in range(41):
        slow = {"hashRate": 500 + n} if n < 12 else {"hashRate": 1200 + n / 100}
        assert story.read(**changed, **slow).figures.expected_ratio is None
    assert story.read(**changed, hashRate=1201).figures.expected_ratio == pytest.approx(
        1200 / 1224 * 100, rel=0.005
    )
    story.uptime = 0
    for _ in range(11 + 29):
        assert story.read(**changed).figures.expected_ratio is None
    assert story.read(**changed).figures.expected_ratio is not None


@pytest.mark.parametrize(
    "changes", [{"miningPaused": True, "hashRate": 0}, {"overheat_mode": 1, "temp": 80}]
)
def test_only_mining_is_compared(changes: dict[str, object]) -> None:
    """A pause is no low hashrate, not even afterwards."""
    story = Story()
    for _ in range(40):
        story.read()
    assert story.read(**changes).figures.expected_ratio is None
    assert story.read().figures.expected_ratio is None


def test_a_repeated_hashrate_is_not_compared() -> None:
    """It is not there."""
    story = Story()
    for _ in range(40):
        reading = story.read(hashRate=1071)
    assert reading.figures.flatlined
    assert reading.figures.expected_ratio is None


def test_missing_shares() -> None:
    """What hashrate and difficulty promised since the last share."""
    story = Story()
    assert story.read().figures.missing_shares is None
    # Whether shares are counted at all shows with the first one.
    assert story.read().figures.missing_shares is None
    reading = story.read(sharesAccepted=101)
    assert (reading.figures.missing_shares, reading.figures.share_silence) == (0, 0)
    for _ in range(6):
        reading = story.read(sharesAccepted=101)
    promised = 1071e9 * 60 / (1000 * 2**32)
    assert reading.figures.missing_shares == pytest.approx(promised, rel=0.01)
    assert reading.figures.share_silence == 60
    changes = {"sharesAccepted": 101, "sharesRejected": 1}
    assert story.read(**changes).figures.missing_shares == 0


def test_no_shares_are_missed_after_a_restart_or_in_a_gap() -> None:
    """Until the next one proves that they are counted."""
    story = Story()
    story.read()
    story.read(sharesAccepted=101)
    story.read(after=GAP + 1, sharesAccepted=101)
    assert story.read(sharesAccepted=101).figures.missing_shares == pytest.approx(
        1071e9 * 10 / (1000 * 2**32), rel=0.01
    )
    story.uptime = 0
    assert story.read(sharesAccepted=0).figures.missing_shares is None


def test_shares_behind_the_reject_rate_are_counted() -> None:
    """So that nobody judges by a handful."""
    story = Story()
    story.read()
    reading = story.read(sharesAccepted=108, sharesRejected=2)
    assert reading.figures.recent_shares == 10
    assert reading.figures.recent_seconds == 10
    assert reading.figures.reject_rate == pytest.approx(20)


@pytest.mark.parametrize(
    ("unseen", "uptime", "counted"),
    [
        # It went on: the disk may lose the last half minute, but no more.
        (40, 9000, 40),
        (4000, 9000, 60),
        # It lost its power as well, at some time before the next trace was due.
        (4000, 30, 30),
        (4000, None, 30),
        (40, 25, 15),
        # The clock was set back meanwhile.
        (-500, 9000, 0),
    ],
)
def test_energy_after_the_last_trace(
    unseen: float, uptime: int | None, counted: float
) -> None:
    """As much as there can have been without a trace of it, and as is proven."""
    meter = Meter()
    meter.recover(2.0, 3600.0, START - unseen)
    snapshot = gamma(uptimeSeconds=uptime)
    reading = meter.update(snapshot, START, GAP, START)
    assert reading.figures.energy == pytest.approx(2 + counted / 1000)


@pytest.mark.parametrize(
    ("when", "leap"),
    [
        # 1 TH/s finds 16 shares of difficulty 1000 in a minute, and none of these.
        (5, {"sharesAccepted": 60_000}),
        (5, {"sharesAccepted": 1800}),
        (5, {"sharesRejected": 50_000}),
        (5, {"bestDiff": 1.4e15}),
        (5, {"bestDiff": 5e12}),
        (5, {"blockFound": 4}),
        (0, {"sharesAccepted": 60_000}),
        (0, {"sharesRejected": 50_000}),
        # A miner may have found 5e12 in the years before.
        (0, {"bestDiff": 1.4e15}),
        (0, {"blockFound": 4}),
    ],
    ids=str,
)
def test_nothing_is_found_faster_than_by_hashing(
    when: int, leap: dict[str, object]
) -> None:
    """A leap within all bounds, also in the very first reading, leaves nothing."""
    counters = {"bestDiff": 5e9, "blockFound": 0, "sharesRejected": 10}
    figures = []
    for odd in ({}, leap):
        story = Story()
        # Of a first reading, what it shows is possible since the miner started.
        story.uptime = 30
        for n in range(9):
            changes = counters | {"sharesAccepted": 1000 + n, "stratumDiff": 1000}
            reading = story.read(**changes | (odd if n == when else {}))
        figures.append(replace(reading.figures, recent_seconds=0))
    assert figures[0].best_difficulty == figures[1].best_difficulty == 5e9
    assert figures[0].blocks_found == figures[1].blocks_found == 0
    assert figures[1].recent_shares <= figures[0].recent_shares
    assert figures[1].recent_shares >= figures[0].recent_shares - 1


def test_an_absurd_uptime_in_the_first_reading() -> None:
    """No total begins with it."""
    story = Story()
    assert story.read(uptimeSeconds=90_000_000).snapshot.system.uptime is None
    reading = story.read()
    assert reading.snapshot.system.uptime == story.uptime
    assert reading.figures.restarts == 0
    assert reading.figures.total_uptime <= story.uptime


def test_a_lucky_miner_is_believed_a_reading_later() -> None:
    """A block is as unlikely as an error, until it is shown again."""
    story = Story()
    story.read(bestDiff=5e9)
    assert story.read(bestDiff=2e14).figures.best_difficulty == 5e9
    assert story.read(bestDiff=2e14).figures.best_difficulty == 2e14
