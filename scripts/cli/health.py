"""What is wrong with which miner. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from . import formatting, levels
from .configurations import bottleneck
from .store import Figures, state_of
from .texts import Texts

_UNWELL: Final = frozenset({"overheated", "fault", "offline"})


@dataclass(frozen=True, slots=True)
class Health:
    """A miner, and what speaks against it."""

    key: str
    miner: Figures
    bottlenecks: Sequence[dict[str, Any]]
    """What its present setting suffered from in the last day."""

    @property
    def well(self) -> bool:
        """Whether it answers, works, and no alert is raised.

        What the last day says is worth a look, but may be over.
        """
        return not self.miner["warnings"] and self.miner["state"] not in _UNWELL

    def as_json(self) -> dict[str, Any]:
        """Present it for programs."""
        kept = ("name", "state", "online", "last_seen", "warnings")
        return {
            "device_id": self.key,
            "healthy": self.well,
            **{name: self.miner[name] for name in kept},
            "bottlenecks": list(self.bottlenecks),
        }


def bottlenecks_of(answer: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the bottlenecks of the present settings by the key of the miner."""
    return {
        miner["device_id"]: [
            item
            for row in miner["configurations"]
            if row["present"]
            for item in row["bottlenecks"]
        ]
        for miner in answer["miners"]
    }


def health_report(found: Sequence[Health], now: float, texts: Texts) -> RenderableType:
    """Return who is well, and what is wrong with the others."""
    ailing = sum(not item.well for item in found)
    lines = [line for item in found for line in _lines(item, now, texts)]
    if not found:
        return Text(texts("terminal.no_miners"), levels.DIM)
    if ailing:
        needs = texts("terminal.need_attention", ailing=ailing, miners=len(found))
        return Group(*lines, Text(needs, levels.BAD))
    return Group(*lines, Text(texts("terminal.all_well"), levels.GOOD))


def _lines(item: Health, now: float, texts: Texts) -> Iterator[Text]:
    state = state_of(item.miner)
    yield Text.assemble(
        (str(item.miner["name"]), "bold"),
        " ",
        (texts.find(f"terminal.state_{state}") or state, levels.STATES.get(state, "")),
    )
    for warning in item.miner["warnings"]:
        since = texts("terminal.since", duration=texts.duration(now - warning["since"]))
        text = formatting.warning(warning, now, texts)
        color = levels.BAD if warning["severity"] == "critical" else levels.WATCH
        yield Text(f"  ⚠ {text} {since}", color)
    for found in item.bottlenecks:
        text = texts("terminal.last_day", problem=bottleneck(found).plain)
        yield Text(f"  {text}", levels.DIM)
