"""Parts of a reply that are used again are never older than their values."""

from copy import deepcopy

import pytest

from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields, Parts, decode_object
from scripts.simulator import PRESETS, Clock, SimulatedMiner


@pytest.mark.parametrize("preset", ["ultra-2.1", "gamma-2.15", "nerdqaxepp-1.1.0"])
def test_a_snapshot_is_that_of_the_present_reply(preset: str) -> None:
    """Whichever key changes, goes or comes back, alone and one after another."""
    reply = SimulatedMiner(PRESETS[preset], Clock.manual()).info()
    dialect = detect_dialect(Fields(reply))
    board = dialect.board(Fields(reply), None)
    parts = Parts()
    for key in reply:
        for value in (None, "other", 7, {"url": "x"}, ...):
            changed = deepcopy(reply)
            if value is ...:
                del changed[key]
            else:
                changed[key] = value
            for present in (changed, reply):
                again = dialect.snapshot(Fields(present, parts), board)
                assert again == dialect.snapshot(Fields(present), board), (key, value)


def test_a_part_is_used_again_while_nothing_it_is_made_of_changes() -> None:
    """Else there would be no use in keeping it."""
    parts, made = Parts(), []

    def make(info: Fields) -> tuple[str | None, bool]:
        made.append(info)
        return info.text("name"), "pools" in info

    def read(body: bytes) -> tuple[str | None, bool]:
        return decode_object(body, parts).part("name", make)

    assert read(b'{"name": "a", "uptime": 1, "pools": 1}') == ("a", True)
    assert read(b'{"name": "a", "uptime": 2, "pools": 2}') == ("a", True)
    assert len(made) == 1
    assert read(b'{"name": "a", "uptime": 3}') == ("a", False)
    assert read(b'{"name": "b", "uptime": 3}') == ("b", False)
    assert read(b'{"uptime": 3}') == (None, False)
    assert len(made) == 4
