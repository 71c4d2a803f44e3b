"""Which entries there are, and following miners and subentries that come and go."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
    ConfigSubentry,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .const import CONF_KIND, DOMAIN, KIND_MINER, KIND_SWARM, SWARM_UNIQUE_ID
from .coordinator import MinerConfigEntry, MinerCoordinator

type EntryListener = Callable[[MinerConfigEntry], None]


@callback
def miner_entries(
    hass: HomeAssistant, *, disabled: bool = False
) -> list[MinerConfigEntry]:
    """Return the entries of all miners, set up or not; `disabled` ones if wanted."""
    return [
        entry
        for entry in hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=disabled
        )
        if entry.data.get(CONF_KIND) == KIND_MINER
    ]


@callback
def swarm_entry(hass: HomeAssistant) -> ConfigEntry | None:
    """Return the entry of the swarm, set up or not."""
    entry = hass.config_entries.async_entry_for_domain_unique_id(
        DOMAIN, SWARM_UNIQUE_ID
    )
    # One that is ignored holds nothing.
    is_swarm = entry is not None and entry.data.get(CONF_KIND) == KIND_SWARM
    return entry if is_swarm else None


class MinerOptions[T]:
    """What was chosen for a miner: asked for often, worked out only after a form."""

    def __init__(
        self, hass: HomeAssistant, miner: MinerCoordinator, work_out: Callable[[], T]
    ) -> None:
        """Prepare; `work_out` reads the options of the swarm and of the miner."""
        self._hass = hass
        self._miner = miner
        self._work_out = work_out
        self._latest: tuple[tuple[object, object], T] | None = None

    @callback
    def get(self) -> T:
        """Return what is chosen now."""
        swarm = swarm_entry(self._hass)
        of_all = None if swarm is None else swarm.options
        own = self._miner.config_entry.options
        # A form replaces options as a whole.
        if (
            self._latest is None
            or self._latest[0][0] is not of_all
            or self._latest[0][1] is not own
        ):
            self._latest = ((of_all, own), self._work_out())
        return self._latest[1]


@callback
def loaded_miners(hass: HomeAssistant) -> list[MinerCoordinator]:
    """Return all miners that are set up."""
    return [
        entry.runtime_data
        for entry in miner_entries(hass)
        if entry.state is ConfigEntryState.LOADED
    ]


@callback
def async_follow_miners(
    hass: HomeAssistant,
    reading_changed: EntryListener,
    entry_changed: EntryListener | None = None,
) -> CALLBACK_TYPE:
    """Call `reading_changed` for each miner that is set up, now and later.

    It is called when the coordinator of a miner updates its listeners. `entry_changed`
    is called when a miner is added, set up, renamed, unloaded, disabled or removed, and
    is being followed, or no longer, by then. Nobody is called after the returned
    function was.
    """
    following: dict[MinerCoordinator, CALLBACK_TYPE] = {}

    @callback
    def follow() -> None:
        loaded = {miner: miner.config_entry for miner in loaded_miners(hass)}
        for miner in following.keys() - loaded.keys():
            following.pop(miner)()
        for miner, entry in loaded.items():
            if miner not in following:
                following[miner] = miner.async_add_listener(
                    partial(reading_changed, entry)
                )

    @callback
    def config_entry_changed(change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain != DOMAIN or entry.data.get(CONF_KIND) != KIND_MINER:
            return
        follow()
        if entry_changed is not None:
            entry_changed(entry)

    stop_listening = async_dispatcher_connect(
        hass, SIGNAL_CONFIG_ENTRY_CHANGED, config_entry_changed
    )
    follow()

    @callback
    def stop() -> None:
        stop_listening()
        for stop_following in following.values():
            stop_following()
        following.clear()

    return stop


@callback
def async_follow_subentries(
    hass: HomeAssistant,
    entry: ConfigEntry,
    subentry_type: str,
    changed: Callable[[Mapping[str, ConfigSubentry]], None],
) -> CALLBACK_TYPE:
    """Call `changed` with the subentries of a type by id, now and when they change.

    They come, change and go while the entry stays loaded. An update listener must not
    be combined with options that reload, so Home Assistant's signal of changed entries
    serves for it. `changed` is called once for all that changes in one go, also when
    something else of the entry does, and not after the returned function was called.
    """
    due: asyncio.Handle | None = None

    @callback
    def look() -> None:
        nonlocal due
        due = None
        changed(
            {
                subentry.subentry_id: subentry
                for subentry in entry.get_subentries_of_type(subentry_type)
            }
        )

    @callback
    def config_entry_changed(
        change: ConfigEntryChange, changed_entry: ConfigEntry
    ) -> None:
        nonlocal due
        if (
            changed_entry is entry
            and change is ConfigEntryChange.UPDATED
            and due is None
        ):
            due = hass.loop.call_soon(look)

    stop_listening = async_dispatcher_connect(
        hass, SIGNAL_CONFIG_ENTRY_CHANGED, config_entry_changed
    )
    look()

    @callback
    def stop() -> None:
        stop_listening()
        if due is not None:
            due.cancel()

    return stop
