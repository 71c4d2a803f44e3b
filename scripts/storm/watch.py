"""What must not grow, and what must not be in the log."""

import asyncio
from collections import Counter
from dataclasses import is_dataclass
from functools import lru_cache
import gc
import logging
import os
from pathlib import Path
import sys
import threading
from typing import Any, Final, Self, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import DATA_DISPATCHER

_OURS: Final = "custom_components.bitaxe"
_CACHING: Final = type(lru_cache(str))


class BrokenConnectionError(ConnectionResetError):
    """What a connection says that the storm breaks; once in the log is right."""


class LogWatcher(logging.Handler):
    """Counts what is logged, and keeps what should never be."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(logging.WARNING)
        self.faults: list[str] = []
        """Records with a traceback, and errors of others: of tasks, callbacks, jobs."""
        self.lines: Counter[str] = Counter()
        """Lines of ours by their beginning."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Take in a record."""
        text = record.getMessage()
        ours = record.name.startswith(_OURS)
        if ours:
            self.lines[text[:60]] += 1
        if record.exc_info and isinstance(record.exc_info[1], BrokenConnectionError):
            return
        if (
            record.exc_info
            or "Traceback" in text
            or (record.levelno >= logging.ERROR and not ours)
        ):
            trace = (
                logging.Formatter().formatException(record.exc_info)
                if record.exc_info
                else ""
            )
            self.faults.append(f"{record.name}: {text}\n{trace}".rstrip())

    def __enter__(self) -> Self:
        """Listen to everything."""
        root = logging.getLogger()
        root.setLevel(logging.WARNING)
        root.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self)


class Counts(Counter[str]):
    """How many there are of each thing that must not become more."""

    @classmethod
    def take(cls, hass: HomeAssistant, entries: list[ConfigEntry[Any]]) -> Self:
        """Count while nothing goes on."""
        _forget_cached()
        gc.collect()
        counts = cls()
        counts["miners"] = len(entries)
        counts["tasks"] = len(asyncio.all_tasks())
        counts["threads that are no workers"] = sum(
            not thread.name.startswith(
                ("SyncWorker", "ImportExecutor", "asyncio", "Db")
            )
            for thread in threading.enumerate()
        )
        counts["listeners of the bus"] = sum(hass.bus.async_listeners().values())
        counts["listeners of signals"] = sum(
            len(targets) for targets in hass.data.get(DATA_DISPATCHER, {}).values()
        )
        counts["listeners of miners"] = sum(
            len(entry.runtime_data._listeners)  # noqa: SLF001
            for entry in entries
        )
        if Path("/proc/self/fd").exists():
            counts["open files"] = sum(
                not _is_database(fd) for fd in Path("/proc/self/fd").iterdir()
            )
        kinds = Counter(
            f"{kind.__module__}.{kind.__qualname__}"
            for kind in map(type, gc.get_objects())
            if not _is_record(kind)
        )
        for kind, number in kinds.items():
            if kind.startswith(_OURS):
                counts[kind.removeprefix(f"{_OURS}.")] = number
        return counts

    def growth(self, later: Self) -> dict[str, tuple[int, int]]:
        """Return what is more later, by more than what a miner's last error keeps."""
        return {
            thing: (self[thing], number)
            for thing, number in later.items()
            if number > self[thing] + max(8, self[thing] // 5) + self["miners"]
        }


def _forget_cached() -> None:
    """Empty the caches of our functions, whose size is bounded."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_OURS):
            for item in vars(module).values():
                if isinstance(item, _CACHING):
                    item.cache_clear()


def _is_record(kind: type) -> bool:
    """Return whether these are readings and the like, which windows of an hour keep."""
    return is_dataclass(kind) and (
        "__setattr__" in vars(kind) or kind.__module__.startswith(f"{_OURS}.analysis")
    )


def _is_database(fd: Path) -> bool:
    """Return whether a file is the recorder's, whose pool grows by itself."""
    try:
        return "home-assistant_v2.db" in fd.readlink().name
    except OSError:
        return True


def resident_memory() -> int:
    """Return resident bytes of this process, 0 where the system does not say."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
