"""What can keep the terminal view from showing anything."""


class TopError(Exception):
    """Told to the person at the terminal, without a traceback."""


class NotReadyError(TopError):
    """Passes by itself: Home Assistant restarts, or the network is away."""
