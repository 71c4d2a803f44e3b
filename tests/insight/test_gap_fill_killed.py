"""Home Assistant is killed while it fills hours in."""

from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.analysis.hours import HOUR, Hour
from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.history import filling

from ..analysis.history.recording import START
from ..conftest import AddMiner, Simulate
from .statistics import hourly, record_energy


class _KilledError(Exception):
    """Nothing is done from here on."""


@pytest.mark.parametrize("at", ["rows", "shifts"])
async def test_no_sum_steps_back(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
) -> None:
    """Between the two things that the recorder is asked for, or before both."""
    entry = await add_miner(await simulate("gamma-2.12"))
    first = START - 5 * HOUR
    await record_energy(hass, entry, {first - HOUR: 1.0, first + 2 * HOUR: 1.001})

    def die(*_: object) -> None:
        raise _KilledError

    if at == "rows":
        monkeypatch.setattr(filling, "async_import_statistics", die)
    else:
        monkeypatch.setattr(Recorder, "async_adjust_statistics", die)
    hour = Hour(start=first, covered=HOUR, sums={Metric.ENERGY: 0.02})
    with pytest.raises(_KilledError):
        await filling.async_fill(
            hass, entry.runtime_data.identifier, [hour], before=START, write=True
        )
    await async_wait_recording_done(hass)
    sums = [row["sum"] for row in await hourly(hass, entry, "energy")]
    assert sums == sorted(sums)
