"""Whatever is stored of a tuner: it is read, shown and gone on with, or left out."""

import json
from typing import Any

from homeassistant.helpers.json import json_bytes
import pytest

from custom_components.bitaxe.axeos import Hardware
from custom_components.bitaxe.miner.detune import IntendedSettings
from custom_components.bitaxe.storage.stored_object import StoredObject
from custom_components.bitaxe.tuning import Goal, Targets
from custom_components.bitaxe.tuning.profiles import Profile
from custom_components.bitaxe.tuning.record import Findings, TunerRecord, TunerState
from custom_components.bitaxe.tuning.soak import SoakTest
from custom_components.bitaxe.tuning.task import AfterRestart, TuningTask

from ..mutations import mutated, numbers
from .synthetic import DEFAULT, SyntheticMiner, finish, start

READINGS = 30
"""Enough for a trial to settle."""
BOARD = Hardware(board_version="602", asic_model="BM1370", asic_count=1)


def stored(*, soak: bool) -> dict[str, Any]:
    """Return what is stored while a run goes on, after another one."""
    record = TunerRecord()
    miner = SyntheticMiner()
    run = finish(start(miner), miner)
    findings = Findings.of(run, record.profiles, 1.79e9, BOARD)
    record.end_run(run, TunerState.FINISHED, "no_gain", findings)
    record.profiles.save(Profile(name="Own", point=DEFAULT, time=1.79e9))
    miner = SyntheticMiner()
    if soak:
        record.run = SoakTest(
            miner.machine,
            Targets(goal=Goal.BALANCED),
            DEFAULT,
            point=DEFAULT,
            profile="eco",
            hours=6,
            started=miner.now,
        )
    else:
        record.run = start(miner, maximum_power=30.0)
    for _ in range(200):
        miner.obey(record.run.feed(miner.sample()))
    record.state = TunerState.MEASURING
    record.task = TuningTask(
        chosen=IntendedSettings(
            frequency=525,
            core_voltage=1150,
            auto_fan=True,
            fan_speed=None,
        ),
        hardware=BOARD,
        firmware="v2.12.2",
        after_restart=AfterRestart.RESUME,
        points=[DEFAULT],
    )
    document: dict[str, Any] = json.loads(json_bytes(record.as_dict()))
    return document


DOCUMENTS = {"search": stored(soak=False), "soak test": stored(soak=True)}


def restored(document: dict[str, Any]) -> tuple[TunerRecord, StoredObject]:
    """Return what a file is read as."""
    record, file = TunerRecord(), StoredObject(document)
    record.restore(file)
    file.finish()
    return record, file


def use(record: TunerRecord) -> None:
    """Do everything with it that is done once it was read."""
    for report in record.results:
        report.announced(report.original)
        assert report.before is None or report.before.point == report.original
    json_bytes(record.as_dict())
    run = record.run
    if run is None:
        return
    miner = SyntheticMiner(machine=run.machine, now=run.started + 1000.0)
    miner.setting = run.wanted
    for _ in range(READINGS):
        if run.phase.is_over:
            break
        miner.obey(run.feed(miner.sample()))
    assert run.result is not None
    json_bytes(record.as_dict())


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_files_with_faults(kind: str) -> None:
    """Fields that are missing, mixed up, or of another type or size."""
    record, file = restored(DOCUMENTS[kind])
    assert not file.lost
    assert record.run is not None
    assert record.results
    use(record)
    for number in numbers(300):
        try:
            record, _ = restored(mutated(number, DOCUMENTS[kind]))
            use(record)
        except Exception as err:
            err.add_note(f"file {number}")
            raise
