"""What is known of miners and swarm. Pure.

Keys and units are those of the command `bitaxe/subscribe`; unknown is `None`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .texts import ENGLISH, Texts

type Figures = dict[str, Any]
"""A miner or the swarm as Home Assistant reports it."""

STALE_SECONDS: Final = 30.0
"""How old a reading may be when the next one is missing."""
NO_ANSWER: Final = "no_answer"
"""The state of a miner that missed a poll, and may be about to be offline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the history says of a miner."""

    hour: Sequence[float | None] = ()
    """GH/s in equal steps over the last hour."""
    day: Sequence[float | None] = ()
    """GH/s in equal steps over the last 24 hours."""
    hashrate: float | None = None
    """GH/s, mean of the last 24 hours."""
    efficiency: float | None = None
    """J/TH over the last 24 hours."""
    variations: Mapping[str, float] = field(default_factory=dict)
    """Variation of the hashrate in % by window: 1h, 4h, 8h, 24h, 3d."""


@dataclass(slots=True)
class Store:
    """Everything there is to show."""

    miners: dict[str, Figures] = field(default_factory=dict)
    """By their key, which is the id of the device."""
    swarm: Figures = field(default_factory=dict)
    history: dict[str, History] = field(default_factory=dict)
    """By key of the miner."""
    problem: str | None = None
    """Why nothing new comes at the moment."""
    texts: Texts = ENGLISH

    def apply(self, event: Mapping[str, Any]) -> None:
        """Apply an event of the subscription."""
        if event["type"] == "full":
            self.miners = dict(event["miners"])
            self.swarm = dict(event["swarm"])
            return
        for key, changed in event["miners"].items():
            if changed is None:
                self.miners.pop(key, None)
            else:
                self.miners.setdefault(key, {}).update(changed)
        self.swarm.update(event["swarm"])

    def history_of(self, key: str) -> History:
        """Return what the history says of a miner."""
        return self.history.get(key, _NOTHING)

    def seconds_behind(self, miner: Figures, now: float) -> float | None:
        """Return how old the last reading of a miner is, if it is too old.

        Miners may be read every five minutes only, so age alone says nothing: either
        the miner missed a reading, or nothing comes from Home Assistant.
        """
        seen = miner.get("last_seen")
        late = miner.get("missed_polls") or self.problem is not None
        if not miner["online"] or not late or seen is None:
            return None
        age: float = now - seen
        return age if age > STALE_SECONDS else None


_NOTHING: Final = History()


def parse_history(
    hour: Mapping[str, Any], day: Mapping[str, Any], summary: Mapping[str, Any]
) -> dict[str, History]:
    """Join two answers of `bitaxe/series` and one of `bitaxe/summary` by miner."""
    hours = {miner["device_id"]: miner for miner in hour["miners"]}
    days = {miner["device_id"]: miner for miner in day["miners"]}
    sums = {miner["device_id"]: miner for miner in summary["miners"]}
    return {
        key: History(
            hour=_hashrates(hours.get(key)),
            day=_hashrates(days.get(key)),
            hashrate=sums.get(key, {}).get("mean_hashrate_ghs"),
            efficiency=sums.get(key, {}).get("efficiency_j_th"),
            variations={
                window: found["variation_percent"]
                for window, found in sums.get(key, {}).get("stability", {}).items()
            },
        )
        for key in hours.keys() | days.keys() | sums.keys()
    }


def state_of(miner: Figures) -> str:
    """Return the state of a miner, or that it missed a poll."""
    state: str = miner["state"]
    return NO_ANSWER if miner["online"] and miner.get("missed_polls") else state


def _hashrates(series: Mapping[str, Any] | None) -> Sequence[float | None]:
    """Return the hashrates of a time series, with `None` for steps that are missing."""
    if series is None or not series["columns"]["time"]:
        return ()
    columns = series["columns"]
    # The first and the last step may be shorter.
    step = max(columns["seconds"])
    start = columns["time"][0]
    count = round((columns["time"][-1] - start) / step) + 1
    values: list[float | None] = [None] * count
    for time, value in zip(columns["time"], columns["hashrate_ghs"], strict=True):
        values[round((time - start) / step)] = value
    return values
