"""The publisher of firmware in the demo, which stays on loopback."""

from custom_components.bitaxe.axeos import Family
from custom_components.bitaxe.firmware.catalogue import REPOSITORIES
from scripts.fake_publisher import FakePublisher
from scripts.simulator.image import build_image

from .settings import LOOPBACK

_NEWEST = (
    (Family.AXEOS, "v2.15.0", "esp-miner.bin"),
    (Family.NERDOS, "v1.1.0", "esp-miner-NerdQAxe++.bin"),
)
_NOTES = """\
Made up by the demo. The file has the version in it, and nothing else.

- **Fans** start more quietly.
- The web server no longer hangs after days."""
_SIZE = 1_500_000
"""Bytes; about what firmware takes, so that its way to the miner can be watched."""


class DemoPublisher(FakePublisher):
    """Has one release of each family, newer than most miners of the demo."""

    def __init__(self, port: int) -> None:
        """Publish one release of each family."""
        super().__init__(LOOPBACK, port)
        for family, tag, name in _NEWEST:
            files = {name: build_image(tag, _SIZE)}
            self.publish(REPOSITORIES[family], tag, files, _NOTES)
