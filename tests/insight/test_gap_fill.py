"""Hours that Home Assistant was away come from the miner's own memory."""

from datetime import timedelta
import json
from math import isfinite
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.axeos import MinerError
from custom_components.bitaxe.axeos.memory import read_samples
from custom_components.bitaxe.miner.notes import notes_of
from scripts.simulator import Clock

from ..conftest import AddMiner, Settle, Simulate
from ..mutations import mutated, numbers
from .statistics import begin_run, end_run, hourly, record_energy

HOUR = 3600


async def by_start(
    hass: HomeAssistant, entry: MockConfigEntry, key: str
) -> dict[int, dict[str, Any]]:
    """Return the hourly rows of a sensor by their start."""
    return {round(row["start"]): row for row in await hourly(hass, entry, key)}


@pytest.mark.parametrize(
    ("preset", "starts"), [("gamma-2.12", 1), ("gamma-2.15", 1), ("gamma-2.15", 2)]
)
async def test_filled_marked_and_never_twice(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    clock: Clock,
    freezer: FrozenDateTimeFactory,
    settle: Settle,
    preset: str,
    starts: int,
) -> None:
    """Whole hours of the gap get their means and energy, with a note, and only once.

    Also when Home Assistant starts again before it was filled.
    """
    server = await simulate(preset)
    server.miner.write({"statsFrequency": 60})
    entry = await add_miner(server)

    async def away(seconds: float) -> float:
        """Unload, let time pass for the miner alone, and set up again."""
        await hass.config_entries.async_unload(entry.entry_id)
        await end_run(hass)
        clock.advance(seconds)
        freezer.tick(timedelta(seconds=seconds))
        server.miner.step()
        returned = clock.now()
        await begin_run(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await settle()
        return returned

    left = clock.now()
    returned = await away(6 * HOUR)
    for _ in range(1, starts):
        await away(60)
    first = int(left // HOUR + 1) * HOUR
    whole = [
        start for start in range(first, int(returned), HOUR) if start + HOUR <= returned
    ]
    assert len(whole) >= 5
    after = int(returned // HOUR) * HOUR
    await record_energy(
        hass, entry, {first - 2 * HOUR: 1.0, first - HOUR: 1.02, after: 1.03}
    )
    assert await by_start(hass, entry, "power") == {}
    asked = [
        request
        for request in server.miner.requests
        if request.path == "/api/system/statistics"
    ]
    assert len(asked) == starts

    clock.advance(80 * 60)
    freezer.tick(timedelta(minutes=80))
    async_fire_time_changed(hass)
    await settle()
    await async_wait_recording_done(hass)
    power = await by_start(hass, entry, "power")
    assert sorted(power) == whole
    truth = server.miner.info()["power"]
    assert power[whole[1]]["mean"] == pytest.approx(truth, rel=0.1)
    energy = await by_start(hass, entry, "energy")
    sums = [energy[start]["sum"] for start in sorted(energy)]
    assert sums == sorted(sums)
    added = energy[whole[-1]]["sum"] - 1.02
    expected = sum(row["mean"] for row in power.values()) / 1000
    assert added == pytest.approx(expected, rel=0.01)
    assert energy[after]["sum"] == pytest.approx(1.03 + added)
    notes = notes_of(hass, entry.entry_id)
    assert notes is not None
    (note,) = notes
    assert "memory" in note.text and str(len(whole)) in note.text
    assert note.time == whole[0]

    await away(2 * HOUR)
    clock.advance(80 * 60)
    freezer.tick(timedelta(minutes=80))
    async_fire_time_changed(hass)
    await settle()
    await async_wait_recording_done(hass)
    again = await by_start(hass, entry, "power")
    assert {start: again[start] for start in whole} == power


async def test_a_miner_that_keeps_nothing_is_not_asked(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    clock: Clock,
    freezer: FrozenDateTimeFactory,
    settle: Settle,
) -> None:
    """The firmware keeps nothing unless somebody asks for it."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await hass.config_entries.async_unload(entry.entry_id)
    clock.advance(3 * HOUR)
    freezer.tick(timedelta(hours=3))
    await hass.config_entries.async_setup(entry.entry_id)
    await settle()
    assert not any("statistics" in request.path for request in server.miner.requests)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"currentTimestamp": 5, "labels": 1, "statistics": [[1]]}',
        b'{"currentTimestamp": 5, "labels": ["power", "timestamp"], "statistics": 3}',
        b'{"currentTimestamp": 5, "labels": ["power", "timestamp"],'
        b' "statistics": [[1], null, ["x", "y"], [1, 9], [1, -1]]}',
        pytest.param(
            b'{"currentTimestamp": 5, "labels": ["power", "timestamp"],'
            b' "statistics": [[7, 1%s]]}' % (b"0" * 400),
            id="giant",
        ),
    ],
)
def test_replies_of_any_shape(body: bytes) -> None:
    """What cannot be read is left out."""
    assert read_samples(body) == []


KEPT = {
    "currentTimestamp": 2 * HOUR * 1000,
    "labels": ["hashrate", "power", "timestamp"],
    "statistics": [[1000.0, 15.0, minute * 60_000] for minute in range(119)],
}


def test_replies_with_faults() -> None:
    """Samples are finite and in their order, whatever is wrong with the others."""
    for number in numbers(300):
        try:
            samples = read_samples(json.dumps(mutated(number, KEPT)).encode())
        except MinerError:
            continue
        except Exception as err:
            err.add_note(f"reply {number}")
            raise
        ages = [sample.age for sample in samples]
        assert ages == sorted(ages, reverse=True)
        assert all(
            isfinite(value) for sample in samples for value in sample.values.values()
        )
