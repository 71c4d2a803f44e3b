"""Charts of plausible data, for looking at and for measuring."""

from collections.abc import Iterator
from math import sin, tau
from random import Random
from zoneinfo import ZoneInfo

from custom_components.bitaxe.results.charts.description import Chart, Samples
from custom_components.bitaxe.results.charts.efficiency import (
    MeasuredPoint,
    efficiency_chart,
)
from custom_components.bitaxe.results.charts.miner import MinerHistory, miner_chart
from custom_components.bitaxe.results.charts.series import Change
from custom_components.bitaxe.results.charts.swarm import (
    MinerHashrate,
    SwarmHistory,
    miners_chart,
    swarm_chart,
)

from .texts import ENGLISH

TZ = ZoneInfo("Europe/Berlin")
END = 1_795_406_400.0
HOUR = 3600.0
DAY = 24 * HOUR
NAMES = (
    "Kitchen",
    "Attic",
    "Wohnzimmer",
    "Büro",
    "Garage",
    "NerdQAxe++",
    "Gamma Turbo",
    "bitaxe-4a:7f",
    "Supra in the cellar next to the boiler and the washing machine",
    "Lucky",
)


def noisy(
    random: Random, start: float, end: float, step: float, level: float, spread: float
) -> Samples:
    """Return values around a level with the days' rhythm and one gap."""
    gap = start + (end - start) * random.uniform(0.2, 0.8)
    samples = []
    time = start
    while time < end:
        if not gap < time < gap + (end - start) * 0.03:
            day = 0.004 * sin(time / DAY * tau)
            samples.append((time, level * (1 + day + random.gauss(0, spread))))
        time += step
    return samples


def swarm(span: float, step: float = 300.0) -> Chart:
    """Return the swarm's hashrate with some changes of settings."""
    random = Random(1)
    start = END - span
    samples = [
        (time, value if time < END - span * 0.45 else (value or 0) * 1.04)
        for time, value in noisy(random, start - DAY, END, step, 8_650, 0.012)
    ]
    return swarm_chart(
        SwarmHistory(
            hashrate=samples,
            start=start,
            end=END,
            tz=TZ,
            changes=[
                Change(time=END - span * share, label=label)
                for share, label in (
                    (0.8, "Kitchen 550/1100"),
                    (0.45, "Attic 625/1150"),
                    (0.43, "Garage 600/1120"),
                    (0.12, "Büro 575/1120"),
                )
            ],
            miners=10,
        ),
        texts=ENGLISH,
    )


def miner(span: float, step: float = 300.0) -> Chart:
    """Return one miner in detail."""
    random = Random(2)
    start = END - span
    change = END - span * 0.4

    def series(level: float, later: float, spread: float) -> Samples:
        return [
            (time, (value or 0) * (later / level if time > change else 1))
            for time, value in noisy(Random(3), start, END, step, level, spread)
        ]

    hashrate = series(1_070, 1_180, 0.03)
    power = series(17.4, 20.6, 0.006)
    return miner_chart(
        MinerHistory(
            name="Kitchen · Bitaxe Gamma 601",
            start=start,
            end=END,
            tz=TZ,
            hashrate=hashrate,
            expected_hashrate=[
                (time, 1_071.0 if time < change else 1_224.0) for time, _ in hashrate
            ],
            asic_temperature=series(58.5, 62.5, 0.008),
            vr_temperature=series(52.0, 57.0, 0.01),
            power=power,
            efficiency=[
                (time, (watts or 0) / (value or 1) * 1000 * random.uniform(0.99, 1.01))
                for (time, value), (_, watts) in zip(hashrate, power, strict=True)
            ],
            changes=[
                Change(time=END - span * 0.9, label="525/1100"),
                Change(time=change, label="600/1150"),
            ],
        ),
        texts=ENGLISH,
    )


def efficiency() -> Chart:
    """Return the map of a dozen operating points."""
    random = Random(4)
    points = []
    for frequency in (475, 525, 550, 600, 650):
        for voltage in (1060, 1100, 1150, 1200):
            limit = 520 + (voltage - 1060) * 1.1
            if not limit - 90 <= frequency <= limit + 90:
                continue
            share = (
                min(1.0, 1 - (frequency - limit) / 400) if frequency > limit else 1.0
            )
            hashrate = frequency * 2.04 * share * random.gauss(0.99, 0.004)
            power = frequency * voltage**2 * 2.42e-8 + 2.4
            points.append((frequency, voltage, hashrate, power / hashrate * 1000))
    best = min(points, key=lambda point: point[3])
    return efficiency_chart(
        "Kitchen · efficiency of each configuration",
        [
            MeasuredPoint(
                frequency=frequency,
                core_voltage=voltage,
                hashrate=hashrate,
                efficiency=joules,
                hours=random.choice((0.5, 3, 12, 30, 70, 240)),
                efficiency_error=random.uniform(0.02, 0.2),
                hashrate_error=random.uniform(1, 8),
                best=(frequency, voltage) == best[:2],
                present=(frequency, voltage) == (600, 1150),
                on_front=not any(
                    other[2] > hashrate and other[3] < joules for other in points
                ),
            )
            for frequency, voltage, hashrate, joules in points
        ],
        period="23 Oct – 22 Nov 2026",
        texts=ENGLISH,
    )


def miners(count: int, span: float = DAY) -> Chart:
    """Return several miners on one chart."""
    random = Random(5)
    return miners_chart(
        [
            MinerHashrate(
                name=NAMES[index] if index < len(NAMES) else f"Miner {index + 1}",
                hashrate=noisy(
                    random, END - span, END, 300, random.uniform(480, 1_300), 0.015
                ),
            )
            for index in range(count)
        ],
        start=END - span,
        end=END,
        tz=TZ,
        texts=ENGLISH,
    )


def charts() -> Iterator[tuple[str, Chart]]:
    """Yield each kind of chart with its name."""
    yield "swarm, 7 days", swarm(7 * DAY)
    yield "swarm, 1 year by the hour", swarm(365 * DAY, HOUR)
    yield "miner, 24 hours", miner(DAY)
    yield "miner, 10 days", miner(10 * DAY)
    yield "efficiency map", efficiency()
    yield "10 miners, 24 hours", miners(10)
    yield "40 miners, 24 hours", miners(40)
