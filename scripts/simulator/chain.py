"""The block chain as miners hear of it."""

BLOCK_SECONDS = 600.0
BLOCK_ZERO = 1_231_006_505.0
NETWORK_DIFFICULTY = 1.5e14


def block_height(now: float) -> int:
    """Return the height of the newest block at a unix time."""
    return int((now - BLOCK_ZERO) / BLOCK_SECONDS)
