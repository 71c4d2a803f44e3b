"""Writing a file as a whole or not at all. Blocking, for threads."""

from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file; on a full disk the one before stays, never half of the new one.

    Raises:
        OSError: it could not be written.

    """
    unfinished = unfinished_of(path)
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def unfinished_of(path: Path) -> Path:
    """Return what is written first; it stays where Home Assistant is killed then."""
    return path.with_name(f"{path.name}.new")
