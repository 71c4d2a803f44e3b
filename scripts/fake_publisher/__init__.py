"""The publisher of firmware, on loopback."""

from .server import FakePublisher

__all__ = ["FakePublisher"]
