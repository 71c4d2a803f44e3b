"""The statistics that weeks of mining would have left, made by the simulator.

Every figure comes the way it comes in life: a simulated miner's payload, parsed by the
integration, shown by the integration's own sensors. Nothing here knows a formula.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, override

from homeassistant.components.sensor import SensorStateClass
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.typing import StateType

from custom_components.bitaxe.axeos.boards import Board
from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields
from custom_components.bitaxe.axeos.snapshot import Snapshot
from custom_components.bitaxe.const import SWARM_UNIQUE_ID
from custom_components.bitaxe.miner.activity import settings_changed
from custom_components.bitaxe.miner.events import EventDetector, Occurrence
from custom_components.bitaxe.miner.meter import Figures, Meter, Reading
from custom_components.bitaxe.miner.write_log import person
from custom_components.bitaxe.sensor.readings import SENSORS
from custom_components.bitaxe.sensor.supplies import SENSORS as SUPPLY_SENSORS
from custom_components.bitaxe.sensor.swarm import SENSORS as SWARM_SENSORS
from custom_components.bitaxe.swarm.totals import Member, compute_totals
from scripts.simulator import Clock, MinerSpec, SimulatedMiner

from .plug import MINER, PastPlug
from .settings_history import Event, Heat, Outage, Pause, Restart, Setting

SUPPLY = "supply"
"""Stands in unique ids for the power supply, whose own one only Home Assistant
knows."""
HOUR = 3600.0
DAY = 24 * HOUR
SHORT = 300.0
"""Seconds in a row of the short-term statistics."""
SHORT_DAYS = 9
"""Days of short-term statistics; Home Assistant purges what is older than 10."""

# One sample makes a short row, six an hour of the time before. So that the few do not
# scatter, each describes a stretch as long as most of a row.
_FINE_SAMPLE = 300.0
_COARSE_SAMPLE = 600.0
_MEASUREMENT = 120.0
_STRIDE = 30.0
_LONGEST_HEAT = 1800.0
_HEAT_C = 45.0


class Row(NamedTuple):
    """A row of Home Assistant's statistics; its end is the next one's start."""

    start: float
    mean: float | None
    low: float | None
    high: float | None
    state: float | None
    sum: float | None


@dataclass
class Series:
    """The statistics of one sensor."""

    is_total: bool
    """Whether it is a counter, which has sums instead of means."""
    hours: list[Row] = field(default_factory=list)
    short: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class History:
    """What the recorder and the integration would have stored."""

    series: Mapping[str, Series]
    """By the unique id of the sensor."""
    figures: Mapping[str, Figures]
    """At the end, by the unique id of the miner."""
    records: Mapping[str, float]
    """Unix time at which the best share was found, by the unique id of the miner."""
    wall_energy: float = 0.0
    """kWh that the plug has counted; its series are those of `SUPPLY`."""
    occurrences: Mapping[str, Sequence[Occurrence]] = field(default_factory=dict)
    """What happened in the days of the short rows, by the unique id of the miner."""


def make_history(
    lives: Sequence[tuple[MinerSpec, Sequence[Event]]],
    *,
    end: float,
    days: float,
    price: float,
    present: Callable[[], float] | None = None,
) -> History:
    """Simulate the last days of some miners up to a Unix time that ends a short row.

    `price` is that of a kWh. Events from before these days only say at which operating
    point the miners begin. With a clock, the minutes that the simulation itself takes
    are caught up with, so that no gap is left before what is recorded next.
    """
    start = (end - days * DAY) // HOUR * HOUR
    seam = max(start, (end - SHORT_DAYS * DAY) // HOUR * HOUR)
    miners = [_SimulatedLife(spec, events, start, end) for spec, events in lives]
    recorders: dict[str, _Recorder] = {}

    def record(unique_id: str, state_class: str, when: float, value: StateType) -> None:
        recorder = recorders.get(unique_id)
        if recorder is None:
            is_total = state_class == SensorStateClass.TOTAL_INCREASING
            recorder = recorders[unique_id] = _Recorder(seam, is_total=is_total)
        assert isinstance(value, int | float)
        recorder.take(when, value)

    plug = PastPlug()
    classes = {
        sensor.key: sensor.state_class
        for sensor in SUPPLY_SENSORS
        if sensor.state_class is not None
    }
    for when in _sample_times(start, seam, end, present):
        end = max(end, when // SHORT * SHORT + SHORT)
        members = []
        for miner in miners:
            reading = miner.read(when)
            members.append(
                Member(
                    name=miner.spec.name,
                    snapshot=reading.snapshot if reading else None,
                    best_difficulty=miner.meter.figures.best_difficulty,
                )
            )
            if miner.spec.name == MINER:
                power = reading.snapshot.electrical.power if reading else None
                for key, figure in plug.take(power, when).items():
                    if figure is not None:
                        record(f"{SUPPLY}_{key}", classes[key], when, figure)
            if reading is None:
                continue
            for sensor in SENSORS:
                if (
                    sensor.state_class is not None
                    and sensor.entity_registry_enabled_default
                    and (value := sensor.value_fn(reading)) is not None
                ):
                    unique_id = f"{miner.unique_id}_{sensor.key}"
                    record(unique_id, sensor.state_class, when, value)
        energy = sum(miner.meter.figures.energy for miner in miners)
        totals = compute_totals(members, energy=energy, price=price)
        for total in SWARM_SENSORS:
            if (
                total.state_class is not None
                and total.entity_registry_enabled_default
                and (value := total.value_fn(totals)) is not None
            ):
                unique_id = f"{SWARM_UNIQUE_ID}_{total.key}"
                record(unique_id, total.state_class, when, value)
    return History(
        series={key: recorder.finish(end) for key, recorder in recorders.items()},
        figures={miner.unique_id: miner.meter.figures for miner in miners},
        records={
            miner.unique_id: miner.best_found
            for miner in miners
            if miner.best_found is not None
        },
        wall_energy=plug.meter.energy,
        occurrences={
            miner.unique_id: [
                occurrence
                for occurrence in miner.occurrences
                if occurrence.time is not None and occurrence.time >= seam
            ]
            for miner in miners
        },
    )


def _sample_times(
    start: float, seam: float, end: float, present: Callable[[], float] | None
) -> Iterator[float]:
    for begin, until, step in (
        (start, seam, _COARSE_SAMPLE),
        (seam, end, _FINE_SAMPLE),
    ):
        for index in range(round((until - begin) / step)):
            yield begin + (index + 0.5) * step
    while present is not None and end + SHORT <= present():
        yield end + SHORT / 2
        end += SHORT


class _HastyMiner(SimulatedMiner):
    """A miner that takes longer strides and measurements than one that is looked at."""

    def __init__(self, spec: MinerSpec, clock: Clock) -> None:
        """Build it, in the middle of its life."""
        super().__init__(spec, clock)
        self.meter.interval = _MEASUREMENT

    @override
    def _resolution(self, gap: float) -> float:
        finest = super()._resolution(gap)
        return finest if finest < 1 else _STRIDE


class _SimulatedLife:
    """One miner, as it goes through its settings history."""

    def __init__(
        self, spec: MinerSpec, events: Sequence[Event], start: float, end: float
    ) -> None:
        """Begin at the operating point of the time."""
        self.spec = spec
        self.unique_id = format_mac(spec.mac_address)
        self.meter = Meter()
        self.best_found: float | None = None
        self.occurrences: list[Occurrence] = []
        self._detector = EventDetector()
        self._asked: Event | None = None
        """What the owner did since the last reading."""
        self._board: Board | None = None
        moments = [(end - event.hours * HOUR, event) for event in events]
        if spec.uptime > 0:
            moments.append((end - spec.uptime, Restart(spec.uptime / HOUR)))
        moments.sort(key=lambda moment: moment[0])
        frequency, core_voltage = spec.start_point
        for moment, event in moments:
            if moment <= start and isinstance(event, Setting):
                frequency, core_voltage = event.frequency, event.core_voltage
        self._moments = deque(item for item in moments if item[0] > start)
        self._clock = Clock.manual(start)
        self._miner = _HastyMiner(
            replace(
                spec,
                frequency=frequency,
                core_voltage=core_voltage,
                uptime=DAY,
                paused=False,
                hot_spell_hours=0.0,
            ),
            self._clock,
        )

    def read(self, when: float) -> Reading | None:
        """Simulate up to a Unix time, and read the miner if it can be reached."""
        while self._moments and self._moments[0][0] <= when:
            moment, event = self._moments.popleft()
            self._live_until(moment)
            self._happen(event)
        self._live_until(when)
        return self._look(when)

    def _look(self, when: float) -> Reading | None:
        if not self._miner.reachable:
            return None
        known = self.meter.figures
        reading = self.meter.update(
            self._snapshot(), when, max_gap=1.5 * _COARSE_SAMPLE, clock=when
        )
        if reading.figures.best_difficulty != known.best_difficulty:
            self.best_found = when
        self._detect(known, reading, when)
        return reading

    def _detect(self, known: Figures, reading: Reading, when: float) -> None:
        """Note what Home Assistant would have reported with this reading."""
        asked, self._asked = self._asked, None
        found = self._detector.detect(
            known, reading, asked_to_restart=isinstance(asked, Restart)
        )
        changes = self._detector.detect_setting_changes(reading.snapshot)
        if changes:
            origin = person(None) if isinstance(asked, Setting) else None
            found.append(settings_changed(changes, origin))
        self.occurrences += [replace(occurrence, time=when) for occurrence in found]

    def _snapshot(self) -> Snapshot:
        info = Fields(self._miner.info())
        dialect = detect_dialect(info)
        if self._board is None:
            asic = self._miner.asic()
            self._board = dialect.board(info, None if asic is None else Fields(asic))
        return dialect.snapshot(info, self._board)

    def _live_until(self, when: float) -> None:
        self._clock.advance(max(0.0, when - self._clock.now()))
        self._miner.step()

    def _happen(self, event: Event) -> None:
        miner = self._miner
        match event:
            case Setting():
                changes: dict[str, object] = {
                    "frequency": event.frequency,
                    "coreVoltage": event.core_voltage,
                }
                if self.spec.dialect == "axeos":
                    # Overheating left the fan at full speed.
                    changes["autofanspeed"] = True
                miner.write(changes)
                self._asked = event
            case Heat():
                self._overheat()
            case Outage():
                miner.faults.offline = True
                self._live_until(self._clock.now() + event.duration * HOUR)
                miner.faults.offline = False
                miner.power_cycle()
            case Restart():
                miner.restart(delay=0.0)
                self._asked = event
            case Pause():
                miner.pause()

    def _overheat(self) -> None:
        miner, begin = self._miner, self._clock.now()
        before = miner.truth.overheats
        miner.faults.ambient_offset = _HEAT_C
        while (
            miner.truth.overheats == before
            and self._clock.now() - begin < _LONGEST_HEAT
        ):
            self._live_until(self._clock.now() + _STRIDE)
        # Home Assistant looks more often than the samples are taken.
        self._look(self._clock.now())
        miner.faults.ambient_offset = 0.0


class _Recorder:
    """Compiles the values of one sensor, as Home Assistant's recorder would."""

    def __init__(self, seam: float, *, is_total: bool) -> None:
        """Keep short rows from the seam on."""
        self._series = Series(is_total)
        self._seam = seam
        self._hour: list[float] = []
        self._short: list[float] = []
        self._when = 0.0
        self._state: float | None = None
        self._sum = 0.0

    def take(self, when: float, value: float) -> None:
        """Take in a value; times only grow."""
        self._close_before(when)
        if self._state is not None:
            # A counter that fell has started anew.
            self._sum += value - (self._state if value >= self._state else 0.0)
        self._when, self._state = when, value
        self._hour.append(value)
        if when >= self._seam:
            self._short.append(value)

    def finish(self, end: float) -> Series:
        """Return all rows that are complete by the end."""
        self._close_before(end)
        return self._series

    def _close_before(self, when: float) -> None:
        """Turn what was taken into rows where it lies in earlier windows."""
        for values, rows, seconds in (
            (self._hour, self._series.hours, HOUR),
            (self._short, self._series.short, SHORT),
        ):
            if values and when // seconds > self._when // seconds:
                rows.append(self._row(self._when // seconds * seconds, values))
                values.clear()

    def _row(self, start: float, values: list[float]) -> Row:
        if self._series.is_total:
            return Row(start, None, None, None, self._state, self._sum)
        mean = sum(values) / len(values)
        return Row(start, mean, min(values), max(values), None, None)
