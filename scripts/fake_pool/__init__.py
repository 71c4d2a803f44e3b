"""A mining pool on loopback, in the languages that real ones speak."""

from .server import FakePool, FakeWorker

__all__ = ["FakePool", "FakeWorker"]
