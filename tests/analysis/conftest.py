"""What all tests of the analysis share."""

import pytest

from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.axeos.boards import find_board


@pytest.fixture(autouse=True)
def _environment() -> None:
    """Figures need no Home Assistant."""


@pytest.fixture
def miner() -> Miner:
    """Return a Gamma that runs at 525 MHz / 1150 mV."""
    return Miner(
        identifier="aa:bb:cc:dd:ee:ff",
        name="Kitchen",
        board=find_board(device_model=None, board_version="602", asic_model="BM1370"),
        present=OperatingPoint(frequency=525, core_voltage=1150),
    )
