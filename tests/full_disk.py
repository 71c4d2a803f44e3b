"""A disk that is full."""

from collections.abc import Iterator
from contextlib import contextmanager
import resource


@contextmanager
def no_space_after(size: int) -> Iterator[None]:
    """Let no file become larger, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
