"""The board that something is stored for."""

from ..axeos import Hardware, bounds
from ..storage.stored_object import StoredObject


def read_hardware(stored: StoredObject) -> Hardware:
    """Return what `dataclasses.asdict` made of a board, as far as it can be read."""
    return Hardware(
        board_version=stored.text("board_version"),
        device_model=stored.text("device_model"),
        vendor_model=stored.text("vendor_model"),
        asic_model=stored.text("asic_model"),
        asic_count=stored.integer("asic_count", bounds.ASICS),
    )
