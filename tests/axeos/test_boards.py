"""What is known of boards, and which values may be set on them."""

import pytest

from custom_components.bitaxe.axeos import Board, Contradiction, Limits, OperatingPoint
from custom_components.bitaxe.axeos.boards import find_board

from .payloads import GAMMA, GAMMA_ASIC, NERD
from .snapshots import board_of


@pytest.mark.parametrize(
    ("version", "asic", "model", "count", "expected_at_default"),
    [
        ("2.2", "BM1397", "Max", 1, 285.6),
        ("102", "BM1397", "Max", 1, 285.6),
        ("0.11", "BM1366", "Ultra", 1, 433.6),
        ("204", "BM1366", "Ultra", 1, 433.6),
        ("207", "BM1366", "Ultra", 1, 433.6),
        ("303", "BM1366", "Hex", 6, 2601.5),
        ("401", "BM1368", "Supra", 1, 625.2),
        ("403", "BM1368", "Supra", 1, 625.2),
        ("601", "BM1370", "Gamma", 1, 1071),
        ("650", "BM1370", "GammaDuo", 2, 1632),
        ("701", "BM1368", "SupraHex", 6, 3751.4),
        ("800", "BM1370", "GammaTurbo", 2, 2142),
        ("1100", "BM1370", "Zyber8G", 8, 8568),
        ("1300", "BM1370", "GammaHex", 6, 8445.6),
        ("1201", "BM1372/BM1373", "NajaDuo", 2, 4398.2),
    ],
)
def test_boards_by_version(
    version: str, asic: str, model: str, count: int, expected_at_default: float
) -> None:
    """Firmware without `/asic` names neither model nor ASIC count."""
    payload = {
        "boardVersion": version,
        "ASICModel": asic,
        "hashRate": 1,
        "frequency": 1,
    }
    board = board_of(payload)
    assert (board.model, board.asic_count) == (model, count)
    assert board.default is not None
    assert board.expected_hashrate(board.default.frequency) == pytest.approx(
        expected_at_default, abs=0.1
    )


@pytest.mark.parametrize(
    ("version", "core_current"), [("205", False), ("207", True), ("601", True)]
)
def test_which_current_is_measured(version: str, core_current: bool) -> None:
    """Boards with a TPS546 report its output, the older ones the input."""
    asic = "BM1366" if version.startswith("2") else "BM1370"
    board = board_of(GAMMA | {"boardVersion": version, "ASICModel": asic})
    assert board.core_current is core_current


def test_what_the_miner_says_stands_over_the_tables() -> None:
    """Option lists grow with the firmware."""
    asic = GAMMA_ASIC | {
        "deviceModel": "Gamma X",
        "frequencyOptions": [690, 400, 525, 525, "x", 99999, None],
        "voltageOptions": [1000, 1300, 9000],
        "defaultFrequency": 500,
        "asicCount": 3,
    }
    board = board_of(GAMMA | {"maxPower": 55}, asic)
    assert board.model == "Gamma X"
    assert board.frequencies == (400, 525, 690)
    assert board.voltages == (1000, 1300)
    assert board.default == OperatingPoint(frequency=500, core_voltage=1150)
    assert board.asic_count == 3
    assert board.maximum_power == 55


def test_a_custom_board_gets_the_lists_of_its_asic() -> None:
    """But nobody knows how many ASICs it has."""
    board = board_of(GAMMA | {"boardVersion": "601a"})
    assert (board.model, board.maker) == ("Miner", None)
    assert board.limits(extended=False) == Limits(
        frequency=(400, 625), core_voltage=(1000, 1250)
    )
    assert board.asic_count is None
    assert board.expected_hashrate(525) is None


@pytest.mark.parametrize("version", ["999", "12", "60x", ""])
def test_a_number_nobody_knows(version: str) -> None:
    """Only three digits that begin like a known family are believed."""
    board = board_of(GAMMA | {"boardVersion": version})
    assert (board.model, board.asic_count) == ("Miner", None)


@pytest.mark.parametrize(
    ("model", "chip", "frequency", "core_voltage"),
    [
        ("NerdAxeGaia", "BM1373", (300, 440), (900, 1040)),
        ("NerdAxeGaiaPro", "BM1373", (300, 440), (900, 1040)),
        ("NerdQX", "BM1370", (495, 1000), (1085, 1350)),
        ("Q1370", "BM1370", (500, 600), (1120, 1200)),
        ("Q1373", "BM1373", (300, 450), (980, 1080)),
    ],
)
def test_newer_boards_have_limits_of_their_own(
    model: str,
    chip: str,
    frequency: tuple[float, float],
    core_voltage: tuple[float, float],
) -> None:
    """Also without lists of the miner; those of the ASIC go further."""
    board = board_of(NERD | {"deviceModel": model, "ASICModel": chip})
    assert board.model == model
    assert board.limits(extended=False) == Limits(
        frequency=frequency, core_voltage=core_voltage
    )
    assert board.default is not None
    assert frequency[0] <= board.default.frequency <= frequency[1]
    assert core_voltage[0] <= board.default.core_voltage <= core_voltage[1]


def test_a_number_that_clashes_is_settled_by_the_asic() -> None:
    """A board that claims to be a Hex but has another ASIC is none."""
    board = board_of(GAMMA | {"boardVersion": "312"})
    assert (board.model, board.asic_count) == ("Hex", None)


@pytest.mark.parametrize(
    ("model", "asic", "count"),
    [("LV07", "BM1366", 2), ("LV08", "BM1366", 9), ("LV07Pro", "BM1370", 2)],
)
def test_vendors_with_numbers_of_a_hex(model: str, asic: str, count: int) -> None:
    """They name themselves, in one place or the other."""
    lucky = GAMMA | {"boardVersion": "302", "ASICModel": asic}
    for board in (
        board_of(lucky | {"minerModel": model}),
        board_of(lucky, {"deviceModel": model}),
    ):
        assert (board.model, board.asic_count) == (model, count)


def test_nothing_is_known_of_an_unknown_asic() -> None:
    """So nothing may be set: the firmware itself accepts any value."""
    board = board_of(GAMMA | {"boardVersion": "9", "ASICModel": "BM9999"})
    assert board.limits(extended=False) is None
    assert board.limits(extended=True) is None


@pytest.mark.parametrize(
    ("version", "asic", "normal", "extended"),
    [
        ("601", "BM1370", ((400, 625), (1000, 1250)), ((50, 1200), (1000, 1400))),
        ("204", "BM1366", ((400, 575), (1100, 1300)), ((50, 1200), (950, 1450))),
        ("701", "BM1368", ((400, 575), (1100, 1300)), ((50, 1200), (950, 1450))),
        ("801", "BM1370", ((400, 625), (1000, 1250)), ((50, 1200), (1000, 1400))),
    ],
)
def test_extended_limits_stay_within_the_window_of_the_regulator(
    version: str,
    asic: str,
    normal: tuple[tuple[float, float], tuple[float, float]],
    extended: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    """The extended range never leaves the regulator's window."""
    board = board_of(GAMMA | {"boardVersion": version, "ASICModel": asic})
    assert board.limits(extended=False) == Limits(
        frequency=normal[0], core_voltage=normal[1]
    )
    assert board.limits(extended=True) == Limits(
        frequency=extended[0], core_voltage=extended[1]
    )


def test_hard_limits_of_nerdos() -> None:
    """NerdOS quietly clamps to its maximum, which would never be confirmed."""
    assert board_of(NERD).limits(extended=True) == Limits(
        frequency=(50, 800), core_voltage=(970, 1350)
    )
    asic: dict[str, object] = {
        "frequencyOptions": [400, 777, 1000],
        "voltageOptions": [1085, 1200, 1350],
        "absMaxFrequency": 495,
        "absMaxVoltage": 1150,
    }
    limits = board_of(NERD, asic).limits(extended=False)
    assert limits == Limits(frequency=(400, 495), core_voltage=(1085, 1150))


def test_contradictory_limits_are_none() -> None:
    """A maximum below the minimum leaves nothing that may be set."""
    board = Board(
        model="odd", frequencies=(500,), voltages=(1200,), maximum_voltage=1100
    )
    assert board.limits(extended=False) is None


@pytest.mark.parametrize(
    ("asic", "about"),
    [
        ({"voltageOptions": [1000, 1150, 1600]}, Contradiction.VOLTAGES),
        ({"voltageOptions": [300, 1150]}, Contradiction.VOLTAGES),
        ({"voltageOptions": [5000]}, Contradiction.CORE_VOLTAGE),
        ({"defaultVoltage": 13300}, Contradiction.CORE_VOLTAGE),
        ({"frequencyOptions": [5, 525]}, Contradiction.FREQUENCIES),
        ({"frequencyOptions": [525, 1e9]}, Contradiction.FREQUENCIES),
        ({"defaultFrequency": 1e9}, Contradiction.FREQUENCIES),
        ({"asicCount": 324}, Contradiction.ASIC_COUNT),
    ],
)
def test_a_board_that_contradicts_what_is_known(
    asic: dict[str, object], about: Contradiction
) -> None:
    """Nothing of it is believed: no limits, not even with the extended range."""
    board = board_of(GAMMA, asic)
    assert board.doubt is not None
    assert board.doubt.about is about
    assert board.limits(extended=False) is None
    assert board.limits(extended=True) is None


@pytest.mark.parametrize("value", [0, -1, None, "x", float("nan")])
def test_what_says_nothing_contradicts_nothing(value: object) -> None:
    """Firmware writes 0 where it has no limit, and worse."""
    asic: dict[str, object] = {
        "voltageOptions": [value],
        "frequencyOptions": [value],
        "defaultVoltage": value,
        "absMaxVoltage": value,
        "asicCount": value,
    }
    board = board_of(GAMMA, asic)
    assert board.doubt is None
    assert board.limits(extended=True) == board_of(GAMMA).limits(extended=True)


def test_a_list_is_believed_within_the_window_of_the_regulator_only() -> None:
    """Below 1 V the regulator of a Gamma stops with a fault that stays."""
    board = board_of(GAMMA, {"voltageOptions": [900, 1100, 1300]})
    limits = board.limits(extended=False)
    assert limits is not None
    assert limits.core_voltage == (1100, 1300)
    extended = board.limits(extended=True)
    assert extended is not None
    assert extended.core_voltage == (1000, 1400)


def test_the_lists_of_an_unknown_asic_are_not_enough() -> None:
    """Nobody knows what it bears."""
    asic: dict[str, object] = {
        "ASICModel": "BM9999",
        "frequencyOptions": [400, 500],
        "voltageOptions": [1100, 1200],
    }
    board = board_of(GAMMA | {"boardVersion": "9", "ASICModel": "BM9999"}, asic)
    assert board.limits(extended=False) is None
    assert board.limits(extended=True) is None


def test_every_known_board_has_limits() -> None:
    """Their own lists contradict nothing."""
    for name in ("NerdAxe", "NerdQAxe+", "NerdQAxe++", "NerdEKO", "LV08"):
        board = board_of(NERD | {"deviceModel": name, "ASICModel": None})
        assert board.limits(extended=True) is not None


@pytest.mark.parametrize(
    ("chip", "frequencies", "voltages"),
    [
        ("BM1373", [300, 440], [900, 1040]),
        ("BM1370", [495, 1000], [1085, 1350]),
        ("BM1370", [600], [1120, 1200]),
        ("BM1373", [300, 450], [1120, 1200]),
    ],
    ids=["NerdAxeGaia", "NerdQX", "Q1370", "Q1373"],
)
def test_models_that_are_known_by_their_lists_alone(
    chip: str, frequencies: list[int], voltages: list[int]
) -> None:
    """They are believed."""
    asic: dict[str, object] = {
        "ASICModel": chip,
        "deviceModel": "Nerd of tomorrow",
        "frequencyOptions": frequencies,
        "voltageOptions": voltages,
        "absMaxVoltage": 1375,
    }
    board = board_of(NERD | {"ASICModel": chip}, asic)
    assert board.doubt is None
    assert board.limits(extended=False) == Limits(
        frequency=(min(frequencies), max(frequencies)),
        core_voltage=(min(voltages), max(voltages)),
    )


@pytest.mark.parametrize("name", ["nerdaxegaia", "NerdAxe Gaia", "NERDAXE-GAIA"])
def test_a_name_that_is_spelled_another_way(name: str) -> None:
    """Forks write any names; the limits of its ASIC alone would be too high."""
    board = find_board(device_model=name, board_version=None, asic_model="BM1373")
    assert board.model == "NerdAxeGaia"
    assert max(board.voltages) == 1040


def test_a_plus_more_is_another_model() -> None:
    """They have other ASICs."""
    one, two = (
        find_board(device_model=name, board_version=None, asic_model=None)
        for name in ("nerdqaxe+", "nerdqaxe++")
    )
    assert (one.model, two.model) == ("NerdQAxe+", "NerdQAxe++")


@pytest.mark.parametrize(
    ("model", "asic"),
    [
        ("NerdQAxe+", "BM1370"),
        ("NerdAxe", "BM1370"),
        ("NerdQX", "BM1373"),
        ("NerdQAxe++", "BM1368"),
        ("LV08", "BM1370"),
    ],
)
def test_the_lists_of_a_model_are_those_of_its_asic(model: str, asic: str) -> None:
    """With another ASIC than the model is known with, that of the ASIC hold."""
    board = find_board(device_model=model, board_version="302", asic_model=asic)
    alone = find_board(device_model=None, board_version=None, asic_model=asic)
    for extended in (False, True):
        assert board.limits(extended=extended) == alone.limits(extended=extended)
    assert board.model == model
    assert board.asic_count is None
