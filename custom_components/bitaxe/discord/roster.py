"""The miners, as people call them in Discord."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import callback

from ..axeos import Snapshot
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..metering import Reading
from ..names import distinct_names
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
    """Return all miners in the order of their names."""
    entries = swarm.entries
    names = distinct_names(swarm.hass, entries, plain)
    members = [
        Member(
            name=names[entry.entry_id],
            entry=entry,
            miner=entry.runtime_data
            if entry.state is ConfigEntryState.LOADED
            else None,
        )
        for entry in entries
    ]
    return sorted(members, key=lambda member: member.name.casefold())
