"""Whatever is stored of a tuner: it is read, shown and gone on with, or left out."""

import copy
from dataclasses import asdict
import json
from typing import Any

from homeassistant.helpers.json import json_bytes
import pytest

from custom_components.bitaxe.axeos import Hardware
from custom_components.bitaxe.miner.detune import IntendedSettings
from custom_components.bitaxe.miner.thresholds import ASIC_TEMPERATURE, VR_TEMPERATURE
from custom_components.bitaxe.storage.stored_object import StoredObject
from custom_components.bitaxe.tuning import Goal, Targets, TuningRun
from custom_components.bitaxe.tuning.profiles import GOALS, Profile
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
    record.end_run(run, TunerState.FINISHED, "no_gain", findings, BOARD)
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


def changed(kind: str, path: str, value: object) -> dict[str, Any]:
    """Return a file with another value in one place."""
    document = copy.deepcopy(DOCUMENTS[kind])
    *places, last = path.split(".")
    within: Any = document
    for place in places:
        within = within[place]
    within[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("run.machine.maximum_temperature", 500.0),
        ("run.machine.maximum_vr_temperature", -40.0),
        ("run.machine.maximum_power", 1e6),
        ("run.machine.asic_count", 10**6),
        ("run.machine.domains", 10**9),
        ("run.machine.target_temperature", 1e5),
        ("run.machine.frequency", [50.0, 9e9]),
        ("run.machine.frequency_step", 0.0),
        ("run.machine.core_voltage_step", 1e3),
        ("run.targets.maximum_temperature", 500.0),
        ("run.targets.maximum_power", -3.0),
        ("run.targets.time_limit", 1e12),
        ("run.trials", [DOCUMENTS["search"]["results"]["runs"][0]["trials"][0]] * 2000),
    ],
)
def test_a_run_of_nonsense_is_ended(path: str, value: object) -> None:
    """And the miner brought back to what was chosen before."""
    record, file = restored(changed("search", path, value))
    assert record.run is None
    assert file.lost == ["run"]
    assert record.task is not None
    assert record.task.home == DEFAULT


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("run.hours", 1e-3),
        ("run.hours", 900),
        ("run.figures.seconds", -1e6),
        ("run.figures.hashes", 1e15),
        ("run.machine.maximum_temperature", 500.0),
    ],
)
def test_a_soak_test_of_nonsense_is_ended(path: str, value: object) -> None:
    """Nothing of it would prove anything."""
    record, file = restored(changed("soak test", path, value))
    assert record.run is None
    assert file.lost == ["run"]


def test_no_stored_run_goes_beyond_what_runs_may() -> None:
    """However it came to be stored."""
    document = changed("search", "run.machine.maximum_temperature", 110.0)
    document["run"]["machine"]["maximum_vr_temperature"] = 140.0
    document["run"]["restarts_left"] = 10**6
    record, _ = restored(document)
    run = record.run
    assert isinstance(run, TuningRun)
    assert run.machine.maximum_temperature < ASIC_TEMPERATURE.critical
    assert run.machine.maximum_vr_temperature < VR_TEMPERATURE.critical
    assert run.as_dict()["restarts_left"] <= 2


def test_lists_have_an_end() -> None:
    """A file that grew without end is read as far as it makes sense."""
    document = changed("search", "task.points", [asdict(DEFAULT)] * 5000)
    document["results"]["runs"] *= 500
    profile = document["profiles"]["Own"]
    own = {f"Own {number}": profile for number in range(500)}
    document["profiles"] = own | dict.fromkeys(GOALS, profile)
    record, file = restored(document)
    assert record.task is not None
    assert len(record.task.points) <= 200
    assert len(record.results) == 5
    # Those that runs found are none of them.
    assert [found.name for found in record.profiles][: len(GOALS)] == list(GOALS)
    assert len(list(record.profiles)) == len(GOALS) + 30
    assert record.profiles.is_full
    record.profiles.delete("Own 0")
    assert not record.profiles.is_full
    assert file.lost
