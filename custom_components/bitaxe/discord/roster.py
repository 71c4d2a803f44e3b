"""The miners, as people call them in Discord."""

from collections import Counter
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import callback

from ..address import is_mac
from ..axeos import Snapshot
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..metering import Reading
from ..swarm import Swarm
from .text import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A miner of the swarm, set up or not."""

    name: str
    """In one line, with nothing invisible; no other miner has it. Not escaped."""
    entry: MinerConfigEntry
    miner: MinerCoordinator | None
    """`None` while it is not set up, as one that was off when Home Assistant started."""

    @property
    def reading(self) -> Reading | None:
        """The last reading, `None` while the miner is offline."""
        if self.miner is None or not self.miner.last_update_success:
            return None
        return self.miner.data

    @property
    def snapshot(self) -> Snapshot | None:
        """The last snapshot, `None` while the miner is offline."""
        return self.reading.snapshot if self.reading is not None else None


@callback
def members_of(swarm: Swarm) -> list[Member]:
    """Return all miners in the order of their names.

    Miners of the same name, such as "bitaxe", are told apart by the end of their MAC
    address, or by their network address where they report none.
    """
    entries = swarm.entries
    titles = {entry.entry_id: plain(entry.title) for entry in entries}
    same = Counter(title.casefold() for title in titles.values())
    members = [
        Member(
            name=titles[entry.entry_id]
            if same[titles[entry.entry_id].casefold()] == 1
            else f"{titles[entry.entry_id]} ({_distinction(entry)})",
            entry=entry,
            miner=entry.runtime_data
            if entry.state is ConfigEntryState.LOADED
            else None,
        )
        for entry in entries
    ]
    return sorted(members, key=lambda member: member.name.casefold())


def _distinction(entry: MinerConfigEntry) -> str:
    identifier = entry.unique_id or entry.entry_id
    return identifier.replace(":", "")[-4:] if is_mac(identifier) else identifier
