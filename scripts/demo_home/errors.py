"""What can keep the demo from running."""


class DemoError(Exception):
    """Shown to the person who started the demo, without a traceback."""
