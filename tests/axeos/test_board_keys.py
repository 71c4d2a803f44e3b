"""What a board is worked out from."""

import pytest

from custom_components.bitaxe.axeos.boards import BOARD_KEYS
from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields
from scripts.simulator import PRESETS, Clock, SimulatedMiner


@pytest.mark.parametrize(
    "preset", [name for name, spec in PRESETS.items() if spec.dialect != "nmaxe"]
)
@pytest.mark.parametrize("vendor", [{}, {"minerModel": "LV07"}])
def test_nothing_but_the_board_keys_counts(preset: str, vendor: dict[str, str]) -> None:
    """The client may keep a board as long as these keys stay the same."""
    miner = SimulatedMiner(PRESETS[preset], Clock.manual())
    info = miner.info() | vendor
    asic = Fields(miner.asic())
    dialect = detect_dialect(Fields(info))

    board = dialect.board(Fields(info), asic)

    only = {key: value for key, value in info.items() if key in BOARD_KEYS}
    assert dialect.board(Fields(only), asic) == board
    for key in only:
        less = {name: value for name, value in only.items() if name != key}
        rest = {name: value for name, value in info.items() if name != key}
        assert dialect.board(Fields(less), asic) == dialect.board(Fields(rest), asic)
