"""What is known of a miner before anything is measured."""

from dataclasses import replace
import json

import pytest

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.axeos.boards import Board
from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields
from custom_components.bitaxe.axeos.snapshot import Snapshot
from custom_components.bitaxe.miner.thresholds import ASIC_TEMPERATURE, VR_TEMPERATURE
from custom_components.bitaxe.tuning import Goal, KnownPoint, Machine, Sample, Targets
from scripts.simulator import PRESETS, Clock, SimulatedMiner

from .synthetic import MACHINE, point


def described(preset: str, **stored: object) -> Machine:
    """Return what is known of a simulated miner, within the lists of its firmware."""
    board, snapshot = read(preset, **stored)
    machine = Machine.of(board, snapshot, board.limits(extended=False))
    assert machine is not None
    return machine


def read(preset: str, **stored: object) -> tuple[Board, Snapshot]:
    """Return board and snapshot of a simulated miner."""
    clock = Clock.manual()
    miner = SimulatedMiner(replace(PRESETS[preset], write_delay=0.0), clock)
    miner.write(dict(stored))
    clock.advance(60)
    info = Fields(miner.info())
    asic = miner.asic()
    dialect = detect_dialect(info)
    board = dialect.board(info, Fields(asic) if asic else None)
    return board, dialect.snapshot(info, board)


@pytest.mark.parametrize("preset", sorted({*PRESETS} - {"nmaxe"}))
def test_every_known_board_can_be_tuned(preset: str) -> None:
    """From the least to the greatest of its lists, or wider if that is wanted."""
    board, snapshot = read(preset)
    machine = Machine.of(board, snapshot, board.limits(extended=False))
    wide = Machine.of(board, snapshot, board.limits(extended=True))
    assert machine is not None
    assert wide is not None
    assert machine.frequency == (board.frequencies[0], board.frequencies[-1])
    assert wide.frequency[0] < machine.frequency[0]
    assert wide.core_voltage[1] > machine.core_voltage[1]
    assert machine.maximum_temperature <= (snapshot.asic_limit or 75) - 4
    assert machine.maximum_temperature < ASIC_TEMPERATURE.critical
    assert machine.maximum_vr_temperature < VR_TEMPERATURE.critical
    needed, sigma, slope = machine.needed
    assert needed < machine.default.core_voltage
    assert 20 < sigma < 60
    assert 0.3 < slope < 0.6


def test_an_unknown_board_cannot() -> None:
    """Nothing may be set there, so nothing may be tried."""
    _, snapshot = read("gamma-2.12")
    toaster = Board(model="Toaster")
    assert Machine.of(toaster, snapshot, toaster.limits(extended=True)) is None


@pytest.mark.parametrize(
    ("preset", "noisy"), [("gamma-2.12", False), ("gamma-2.10", True)]
)
def test_noise_of_the_firmware(preset: str, noisy: bool) -> None:
    """What counts hashes scatters less than what guesses them."""
    machine = described(preset)
    assert (machine.minute_noise > 0.05) is noisy


def test_fan_set_by_hand() -> None:
    """Then no target is held."""
    automatic = described("gamma-2.12")
    manual = described("gamma-2.12", autofanspeed=False, manualFanSpeed=70)
    assert automatic.target_temperature == 60
    assert manual.target_temperature is None


def test_a_machine_and_its_targets_survive_as_json() -> None:
    """A machine and its targets survive as JSON."""
    board, snapshot = read("gt-2.15")
    machine = Machine.of(
        board,
        snapshot,
        board.limits(extended=True),
        room_temperature=21.5,
        known=(
            KnownPoint(point=point(525.0, 1150.0), hashrate=2142, power=38, hours=50),
        ),
    )
    assert machine is not None
    stored = json.loads(json.dumps(machine.as_dict()))
    assert Machine.from_dict(stored) == machine
    targets = Targets(goal=Goal.BALANCED, maximum_power=30.0)
    assert Targets.from_dict(json.loads(json.dumps(targets.as_dict()))) == targets


def test_a_sample_of_a_snapshot() -> None:
    """It holds what tuning looks at, and no sentinels of the firmware."""
    _, snapshot = read("gt-2.15")
    sample = Sample.of(snapshot, 12.5)
    assert sample.time == 12.5
    assert sample.point == snapshot.operating_point == point(525.0, 1150.0)
    assert len(sample.domains) == 8
    assert sample.power == snapshot.electrical.power
    assert sample.temperature == snapshot.cooling.hottest_asic_temperature
    assert not sample.overheated
    assert not sample.paused


@pytest.mark.parametrize(
    ("written", "reported", "steps"),
    [
        (point(527, 1150), point(525, 1150), (5, 5)),
        (point(530, 1150), point(531.25, 1150), (6.25, 5)),
        # As whole numbers, too.
        (point(521, 1150), point(519, 1150), (6.25, 5)),
        (point(525, 1045), point(525, 1050), (1, 10)),
        (point(525, 1085), point(525, 1087.5), (1, 12.5)),
        (point(525, 1070), point(525, 1050), (1, 25)),
        (point(527, 1045), point(525, 1050), (5, 10)),
        (point(525, 1050), point(524.5, 1050), (1, 5)),
        # Too far for any, and what no step makes.
        (point(525, 1050), point(525, 1075), None),
        (point(530, 1050), point(517.5, 1050), None),
        (point(530, 1050), point(534, 1050), None),
        # A multiple would have been stored as it is.
        (point(530, 1050), point(535, 1050), None),
        # Below the range of what may be tried.
        (point(399, 1050), point(395, 1050), None),
        (point(525, 1050), None, None),
    ],
)
def test_steps_of_the_firmware(
    written: OperatingPoint,
    reported: OperatingPoint | None,
    steps: tuple[float, float] | None,
) -> None:
    """They are the finest that make the one of the other."""
    found = MACHINE.rounding(written, reported)
    assert (found and (found.frequency_step, found.core_voltage_step)) == steps


def test_steps_that_are_known_get_no_finer() -> None:
    """And only as coarse as what shows takes."""
    coarse = replace(MACHINE, core_voltage_step=12.5)
    again = coarse.rounding(point(525, 1195), point(525, 1200))
    assert again == coarse
    coarser = coarse.rounding(point(525, 1162.5), point(525, 1150))
    assert coarser is not None
    assert coarser.core_voltage_step == 25
