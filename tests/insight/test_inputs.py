"""Whatever is asked for: done, or refused in words; never a traceback."""

import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
import voluptuous as vol

from custom_components.bitaxe.const import DOMAIN

from .conftest import AddRecordedMiner

ABSURD = ["nan", "inf", "-inf", float("nan"), float("inf"), 10**400, -(10**400), 1e300]
NO_TEXT = ["pool\0.example", "\ud800", "a" * 5000, "pool\u202e.example", "p\x07ol", ""]
TIMES = ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00"]
CALLS: list[tuple[str, dict[str, Any]]] = [
    *(("apply_configuration", {"frequency": value}) for value in ABSURD),
    *(("apply_configuration", {"core_voltage": value}) for value in ABSURD),
    *(("set_fan", {"mode": "manual", "speed": value}) for value in ABSURD),
    *(("set_fan", {"mode": "auto", "target_temperature": value}) for value in ABSURD),
    *(("set_pool", {"url": value, "port": 3333}) for value in NO_TEXT),
    *(
        ("set_pool", {"url": "pool.example", "port": 3333, "user": value})
        for value in NO_TEXT[:2] + NO_TEXT[3:5]
    ),
    ("set_pool", {"url": "pool.example", "port": 3333, "password": "x\0"}),
    ("set_pool", {"url": "pool.example", "port": 10**400}),
    *(
        ("render_chart", {"chart": "swarm_hashrate", side: value})
        for side in ("width", "height")
        for value in [*ABSURD, 0, -1, 100_000]
    ),
    ("render_chart", {"chart": "swarm_hashrate", "height": 3840}),
    *(("export_csv", {"path": f"{value}.csv"}) for value in NO_TEXT[:3]),
    *(("export_csv", {"span": value, "path": "www/x.csv"}) for value in NO_TEXT),
]
ASKED = ["99999y", "0h", "-1h", "1" * 5000, "\0", "nan", "", "٣h"]


@pytest.fixture(autouse=True)
def _logs_that_can_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Escape surrogates in the log, which Home Assistant fills with every call.

    Tests that run in parallel send it to each other as UTF-8.
    """
    message_of = logging.LogRecord.getMessage

    def escaped(record: logging.LogRecord) -> str:
        return message_of(record).encode("utf-8", "backslashreplace").decode()

    monkeypatch.setattr(logging.LogRecord, "getMessage", escaped)


async def test_absurd_calls_are_refused(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And nothing reaches the miner."""
    recorded = await add_recorded_miner()
    before = recorded.coordinator.snapshot
    for action, data in CALLS:
        with pytest.raises((HomeAssistantError, vol.Invalid)) as refusal:
            await hass.services.async_call(
                DOMAIN, action, {"device_id": recorded.device_id, **data}, blocking=True
            )
        if isinstance(refusal.value, HomeAssistantError):
            assert refusal.value.translation_key, (action, data)
            assert len(str(refusal.value)) < 10_000, (action, data)
    await recorded.coordinator.async_refresh()
    assert recorded.coordinator.snapshot.frequency == before.frequency
    assert recorded.coordinator.snapshot.pools.primary == before.pools.primary
    assert "Traceback" not in caplog.text


async def test_absurd_spans_are_refused_or_answered(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Years before the first block and after the last day of the calendar."""
    recorded = await add_recorded_miner()
    questions: list[dict[str, Any]] = [
        *({"span": span} for span in ASKED),
        *({"start": time} for time in TIMES),
        *({"end": time} for time in TIMES),
        *({"start": start, "end": end} for start in TIMES for end in TIMES),
    ]
    refusals: list[HomeAssistantError] = []
    for action in ("get_summary", "get_configurations", "get_report", "export_csv"):
        for question in questions:
            try:
                await hass.services.async_call(
                    DOMAIN,
                    action,
                    {"device_id": recorded.device_id, **question},
                    blocking=True,
                    return_response=True,
                )
            except HomeAssistantError as err:
                refusals.append(err)
    assert refusals
    assert all(refusal.translation_key for refusal in refusals)
    assert "Traceback" not in caplog.text
