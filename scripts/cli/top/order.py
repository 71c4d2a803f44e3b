"""In which order miners are shown. Pure."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, Self

from ..store import Figures, Store

_SEVERITY: Final = ("fault", "overheated", "offline", "idle", "starting", "paused")


class Sort(StrEnum):
    """What miners are ordered by; the most interesting first."""

    NAME = "name"
    STATE = "state"
    HASHRATE = "hashrate"
    EFFICIENCY = "efficiency"
    TEMPERATURE = "temperature"

    @property
    def following(self) -> Self:
        """The next one."""
        every = list(type(self))
        return every[(every.index(self) + 1) % len(every)]


def ordered(store: Store, sort: Sort) -> list[tuple[str, Figures]]:
    """Return the miners in order; those that do not know what counts come last."""

    def rank(item: tuple[str, Figures]) -> tuple[bool, float, str]:
        miner = item[1]
        value = _KEYS[sort](miner)
        return (value is None, value or 0.0, str(miner["name"]).casefold())

    return sorted(store.miners.items(), key=rank)


def _negative(key: str) -> Callable[[Figures], float | None]:
    def value(miner: Figures) -> float | None:
        found = miner[key]
        return None if found is None else -found

    return value


def _severity(miner: Figures) -> float:
    if miner["state"] in _SEVERITY:
        return _SEVERITY.index(miner["state"])
    return len(_SEVERITY) + (0 if miner["warnings"] else 1)


_KEYS: Final[dict[Sort, Callable[[Figures], float | None]]] = {
    Sort.NAME: lambda _: 0.0,
    Sort.STATE: _severity,
    Sort.HASHRATE: _negative("hashrate_ghs"),
    Sort.EFFICIENCY: lambda miner: miner["efficiency_j_th"],
    Sort.TEMPERATURE: _negative("asic_temperature_c"),
}
