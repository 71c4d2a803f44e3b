"""The miners, as people call them in Discord."""

from collections.abc import Sequence
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from ..axeos import Snapshot
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..miner.meter import Reading
from ..miner.names import distinct_names
from ..results.queries import split_by_history
from ..swarm.coordinator import Swarm
from ..texts import describe_error
from .markdown import escape, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A miner of the swarm, set up or not."""

    name: str
    """In one line, with nothing invisible; no other miner has it. Not escaped."""
    entry: MinerConfigEntry
    miner: MinerCoordinator | None
    """`None` while it is not set up, as one that was off when Home Assistant
    started."""

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


@callback
def async_with_history(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator]
) -> tuple[list[MinerCoordinator], list[str]]:
    """Return the miners that can be analysed, and for each other one why it cannot.

    Both are in the order of their names.

    Raises:
        AnalysisError: none can be.

    """
    known, missing = split_by_history(
        hass, sorted(miners, key=lambda miner: miner.display_name.casefold())
    )
    if missing and not known:
        raise missing[-1][1]
    return known, [
        f"**{escape(miner.display_name)}**: {escape(describe_error(hass, err))}"
        for miner, err in missing
    ]
