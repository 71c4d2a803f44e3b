"""What can keep the demo from running."""


class DemoError(Exception):
    """Told to the person who started the demo, without a traceback."""
