"""From payload to snapshot without a network, the way the client does it."""

from custom_components.bitaxe.axeos import Board, Snapshot
from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields


def snapshot_of(
    payload: dict[str, object],
    changes: dict[str, object] | None = None,
    *,
    without: tuple[str, ...] = (),
) -> Snapshot:
    """Return the snapshot of a payload, with changes."""
    return read_both(payload, changes, without=without)[0]


def board_of(
    payload: dict[str, object], asic: dict[str, object] | None = None
) -> Board:
    """Return what is known of the board."""
    info = Fields(payload)
    return detect_dialect(info).board(info, None if asic is None else Fields(asic))


def read_both(
    payload: dict[str, object],
    changes: dict[str, object] | None = None,
    *,
    without: tuple[str, ...] = (),
) -> tuple[Snapshot, Board]:
    """Return snapshot and board."""
    data = {k: v for k, v in (payload | (changes or {})).items() if k not in without}
    info = Fields(data)
    dialect = detect_dialect(info)
    board = dialect.board(info, None)
    return dialect.snapshot(info, board), board
