"""Hours that Home Assistant was away, filled from what the miner itself has kept."""

from contextlib import suppress
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.util import dt as dt_util

from ..analysis.errors import HistoryUnreadableError
from ..analysis.hours import HOUR, Hour, Sample, hours_of
from ..analysis.metrics import Metric
from ..analysis.periods import Period
from ..axeos import MinerError
from ..axeos.memory import KEPT_SAMPLES, KeptSample
from ..coordinator import MinerCoordinator
from ..history.absence import down_periods
from ..history.filling import async_fill
from ..history.jobs import async_read
from ..miner.notes import notes_of
from ..texts import async_get_texts

_LOGGER = logging.getLogger(__package__)

SHORTEST_GAP: Final = HOUR
"""Seconds without a reading after which there may be an hour without a row."""
WRITE_DELAY: Final = timedelta(minutes=75)
"""After so long an hour after the gap is recorded, to which sums can be joined."""
_SAMPLE_SHARE: Final = 3
"""A sample holds for so many intervals at most."""
_SHORTEST_HOLD: Final = 60.0
_METRICS: Final[dict[str, tuple[Metric, float, float, float]]] = {
    "hashrate": (Metric.HASHRATE, 1.0, 0.0, 1e6),
    "asicTemp": (Metric.ASIC_TEMPERATURE, 1.0, 0.1, 125.0),
    "vrTemp": (Metric.VR_TEMPERATURE, 1.0, 0.1, 200.0),
    "asicVoltage": (Metric.CORE_VOLTAGE_ACTUAL, 1.0, 1.0, 5000.0),
    "voltage": (Metric.INPUT_VOLTAGE, 0.001, 0.1, 100.0),
    "power": (Metric.POWER, 1.0, 0.0, 5000.0),
    "fanSpeed": (Metric.FAN_SPEED, 1.0, 0.0, 100.0),
    "fanRpm": (Metric.FAN_RPM, 1.0, 0.0, 50_000.0),
}
"""By column: metric, factor to its unit, lowest and highest plausible value."""


async def async_fill_gap(hass: HomeAssistant, miner: MinerCoordinator) -> None:
    """Ask the miner what it has kept, if there is a gap; write what can be joined.

    It is asked at once, because it keeps only the last hours.
    """
    now = dt_util.utcnow().timestamp()
    interval = miner.snapshot.system.statistics_interval
    if not interval or DATA_INSTANCE not in hass.data:
        return
    try:
        gaps = await _async_gaps(hass, miner, now, KEPT_SAMPLES * interval)
        if not gaps:
            return
        kept = await miner.client.read_kept_samples()
    except (HistoryUnreadableError, MinerError) as err:
        _LOGGER.debug("%s: no gap is filled: %s", miner.display_name, err)
        return
    hold = max(_SHORTEST_HOLD, _SAMPLE_SHARE * interval)
    # Only what lies in the gap as a whole: at its edges Home Assistant was there.
    hours = [
        hour
        for hour in hours_of(_samples(kept, now), hold)
        if any(gone <= hour.start and hour.start + HOUR <= back for gone, back in gaps)
    ]
    if not hours:
        return

    @callback
    def write(_: datetime) -> None:
        miner.config_entry.async_create_background_task(
            hass, _async_write(hass, miner, hours), "bitaxe gap fill"
        )

    miner.config_entry.async_on_unload(
        async_call_later(hass, WRITE_DELAY, HassJob(write, cancel_on_shutdown=True))
    )


async def _async_gaps(
    hass: HomeAssistant, miner: MinerCoordinator, now: float, reach: float
) -> list[Period]:
    """Return the gaps of the last `reach` s until now, in Unix time.

    Not only the last one: Home Assistant may have started again since, before an
    earlier one was filled.

    Raises:
        HistoryUnreadableError: the database does not answer, or Home Assistant stops.

    """
    gaps = await async_read(hass, down_periods, hass, now - reach, now)
    if miner.away_since is not None:
        gaps.append((miner.away_since, now))
    return [(gone, back) for gone, back in gaps if back - gone >= SHORTEST_GAP]


async def _async_write(
    hass: HomeAssistant, miner: MinerCoordinator, hours: list[Hour]
) -> None:
    """Write the hours, and a note that says where they are from."""
    try:
        filled = await async_fill(
            hass,
            miner.identifier,
            hours,
            before=dt_util.utcnow().timestamp(),
            write=True,
        )
    except HistoryUnreadableError as err:
        _LOGGER.warning("%s: the gap is not filled: %s", miner.display_name, err)
        return
    notes = notes_of(hass, miner.config_entry.entry_id)
    if not filled.hours or notes is None:
        return
    texts = async_get_texts(hass)
    text = texts(
        "gap_fill.note",
        count=filled.hours,
        energy=texts.number(filled.energy, 2),
    )
    # On a full disk it is forgotten at the next restart: nobody asked for it.
    with suppress(HomeAssistantError):
        await notes.async_add(text, hours[0].start, None)


def _samples(kept: list[KeptSample], now: float) -> list[Sample]:
    return [
        Sample(
            now - sample.age,
            {
                metric: value * factor
                for name, (metric, factor, low, high) in _METRICS.items()
                if (value := sample.values.get(name)) is not None
                and low <= value * factor <= high
            },
        )
        for sample in kept
    ]
