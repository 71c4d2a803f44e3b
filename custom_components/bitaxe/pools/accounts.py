"""All pool accounts of this home, and which miner is seen by which.

Accounts are subentries of the swarm's entry.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from time import monotonic
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util.hass_dict import HassKey

from ..axeos import MiningState
from ..axeos.snapshot import Pool
from ..const import DOMAIN
from ..containment import Containment
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..following import (
    async_follow_miners,
    async_follow_subentries,
    loaded_miners,
    miner_entries,
)
from ..miner.meter import Reading
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import StoredObject
from .account import PoolAccount
from .issues import async_update_account
from .matching import find_worker, same_site, worker_of
from .settings import SUBENTRY_TYPE
from .sighting import Sighting, claim_of

# s within which a share proves that the miner works for this pool.
_FRESH: Final = 3600.0

type AccountsListener = Callable[[], None]
type _Seen = tuple[Reading, bool]
"""What a sighting follows from of one miner: its reading, and whether it is the
last."""

DATA_POOLS: HassKey[PoolAccounts] = HassKey(f"{DOMAIN}_pools")


@callback
def async_get_pools(hass: HomeAssistant) -> PoolAccounts:
    """Return the pool accounts of this home; there may be none."""
    if (pools := hass.data.get(DATA_POOLS)) is None:
        pools = hass.data[DATA_POOLS] = PoolAccounts(hass)
    return pools


class PoolAccounts:
    """All pool accounts."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with none; `async_start` adds those of the swarm."""
        self._hass = hass
        self._entry: ConfigEntry | None = None
        self._accounts: dict[str, PoolAccount] = {}
        self._stop_asking: dict[str, CALLBACK_TYPE] = {}
        self._listeners: set[AccountsListener] = set()
        self._containment = Containment()
        self._absent: dict[tuple[str, str], float] = {}
        """Unix time since when a pool has not listed a worker, by account and
        worker."""
        self._proven: dict[str, str] = {}
        """The pool at which a miner was seen, by the id of the miner's entry."""
        self._mining: dict[str, float] = {}
        """Since when a miner mines, by its entry, in s of a clock that nobody sets."""
        self._store: EntryStore[dict[str, Any]] | None = None
        self._workers: dict[tuple[str, str], list[MinerCoordinator]] | None = None
        """Who works under one name, by account and worker; unknown after a change."""
        self._logins: dict[str, str | None] = {}
        """The logins which that was made of, by the id of a miner's entry."""
        self._sightings: dict[str, tuple[list[_Seen], Sighting | None]] = {}
        """The last ones, and what they follow from, by the id of a miner's entry."""

    @property
    def accounts(self) -> list[PoolAccount]:
        """All accounts."""
        return list(self._accounts.values())

    @property
    def is_empty(self) -> bool:
        """Whether nobody has set up an account; false while that is not known."""
        return self._entry is not None and not self._entry.get_subentries_of_type(
            SUBENTRY_TYPE
        )

    def account(self, subentry_id: str) -> PoolAccount | None:
        """Return an account as it is set up now."""
        return self._accounts.get(subentry_id)

    @callback
    def async_add_listener(self, listener: AccountsListener) -> CALLBACK_TYPE:
        """Call `listener` when a pool was asked, or there are other accounts."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    async def async_start(self, entry: ConfigEntry) -> None:
        """Take up the accounts of the swarm, until its entry is unloaded."""
        self._store = EntryStore(self._hass, entry.entry_id, StoredFile.POOLS)
        self._proven = await self._store.async_load(_read_proven)
        self._entry = entry
        entry.async_on_unload(self._stop)
        entry.async_on_unload(
            async_follow_miners(self._hass, self._look, self._miner_changed)
        )
        entry.async_on_unload(
            async_follow_subentries(self._hass, entry, SUBENTRY_TYPE, self._apply)
        )

    def belonging(
        self, miner: MinerCoordinator
    ) -> Iterator[tuple[PoolAccount, str, Pool]]:
        """Yield the accounts a miner works for by its login, with its worker name."""
        pool = miner.snapshot.pools.in_use
        if pool is None:
            return
        for account in self._accounts.values():
            worker = worker_of(pool.user, account.settings.user)
            if worker is not None:
                yield account, worker, pool

    def names_for(self, miner: MinerCoordinator) -> frozenset[str] | None:
        """Return the names of the accounts that a miner works for by its login.

        `None` while that is not known.
        """
        if self._entry is None or _login(miner) is None:
            return None
        return frozenset(account.title for account, *_ in self.belonging(miner))

    def sighting_of(self, miner: MinerCoordinator) -> Sighting | None:
        """Return what a pool sees of a miner; `None` where none is asked, or answers.

        Of two accounts with the same address, the one of the pool that the miner works
        for goes first, then the one that saw a share last.

        Alerts, guard and cards all ask at each poll, so it is kept until a reading of
        the miner, or of one that works under the same name, is another.
        """
        if not self._accounts:
            return None
        entry_id = miner.config_entry.entry_id
        answering = [
            (account, worker, pool)
            for account, worker, pool in self.belonging(miner)
            if account.last_update_success and account.data is not None
        ]
        sharing = [
            self._sharing(miner, account, worker) for account, worker, _ in answering
        ]
        seen = [
            (other.data, other.last_update_success)
            for other in (miner, *chain.from_iterable(sharing))
        ]
        kept = self._sightings.get(entry_id)
        if kept is not None and _are_same(kept[0], seen):
            return kept[1]
        self._look(miner.config_entry)
        sighting = self._choose(
            self._sighting(miner, account, worker, pool, others)
            for (account, worker, pool), others in zip(answering, sharing, strict=True)
        )
        self._sightings[entry_id] = seen, sighting
        return sighting

    @staticmethod
    def _choose(found: Iterable[Sighting]) -> Sighting | None:
        return max(
            found,
            key=lambda item: (
                item.seen is not None,
                item.certain,
                (item.seen.last_share if item.seen else None) or 0.0,
            ),
            default=None,
        )

    def _sighting(
        self,
        miner: MinerCoordinator,
        account: PoolAccount,
        worker: str,
        pool: Pool,
        sharing: Iterable[MinerCoordinator],
    ) -> Sighting:
        assert account.read_time is not None
        data = account.data
        proven = self._proven.get(miner.config_entry.entry_id) == str(pool)
        return Sighting(
            account=account.title,
            worker=worker,
            seen=find_worker(data.workers, worker),
            window=data.window,
            read_time=account.read_time,
            absent_since=self._absent.get(_place(account, worker)),
            mining_seconds=self._mining_seconds(miner.config_entry.entry_id),
            certain=proven or same_site(account.settings.host, pool.host),
            claim=claim_of(
                (
                    other.snapshot if other.last_update_success else None
                    for other in sharing
                ),
                data.window,
            ),
        )

    @callback
    def _miner_changed(self, entry: MinerConfigEntry) -> None:
        """Look anew for who works under which name."""
        self._forget_sightings()

    def _forget_sightings(self) -> None:
        self._workers = None
        self._sightings.clear()

    def _follow_login(self, miner: MinerCoordinator) -> None:
        if self._logins.get(miner.config_entry.entry_id) != _login(miner):
            self._workers = None

    @callback
    def _look(self, entry: MinerConfigEntry) -> None:
        """Note since when a miner mines without a break, and for whom it works."""
        miner = entry.runtime_data
        self._follow_login(miner)
        if miner.last_update_success and miner.snapshot.state is MiningState.MINING:
            self._mining.setdefault(entry.entry_id, monotonic())
        else:
            self._mining.pop(entry.entry_id, None)

    def _mining_seconds(self, entry_id: str) -> float:
        since = self._mining.get(entry_id)
        return 0.0 if since is None else monotonic() - since

    def _sharing(
        self, miner: MinerCoordinator, account: PoolAccount, worker: str
    ) -> list[MinerCoordinator]:
        """Return all miners that work under one name, as a miner does.

        They are looked for once after each change of a login or of the accounts, not by
        each miner at each poll.
        """
        # Another listener may have this reading before `_look` does.
        self._follow_login(miner)
        if self._workers is None:
            self._workers = {}
            self._logins.clear()
            for other in loaded_miners(self._hass):
                self._logins[other.config_entry.entry_id] = _login(other)
                for known, name, _ in self._known_of(other):
                    self._workers.setdefault(_place(known, name), []).append(other)
        return self._workers.get(_place(account, worker), [])

    def _known_of(self, miner: MinerCoordinator) -> list[tuple[PoolAccount, str, Pool]]:
        """Return what `belonging` yields, nothing of a miner with a fault."""
        with self._containment.of(f"{miner.display_name} at its pools"):
            return list(self.belonging(miner))
        return []

    @callback
    def _apply(self, wanted: Mapping[str, ConfigSubentry]) -> None:
        """Make the accounts those that are set up."""
        entry = self._entry
        assert entry is not None
        for subentry_id, account in list(self._accounts.items()):
            if not account.is_of(wanted.get(subentry_id)):
                self._remove(subentry_id)
        for subentry_id, subentry in wanted.items():
            if subentry_id in self._accounts:
                continue
            account = PoolAccount(self._hass, entry, subentry)
            self._accounts[subentry_id] = account
            dr.async_get(self._hass).async_get_or_create(
                config_entry_id=entry.entry_id,
                config_subentry_id=subentry_id,
                **account.device_info,
            )
            # Also the poll of an account whose entities are all disabled goes on.
            self._stop_asking[subentry_id] = account.async_add_listener(
                partial(self._asked, account)
            )
            entry.async_create_background_task(
                self._hass, account.async_refresh(), f"pool account {subentry_id}"
            )
        self._notify()

    def _remove(self, subentry_id: str) -> None:
        account = self._accounts.pop(subentry_id)
        self._stop_asking.pop(subentry_id)()
        async_update_account(self._hass, account.subentry, None)
        for place in [place for place in self._absent if place[0] == subentry_id]:
            del self._absent[place]
        assert self._entry is not None
        self._entry.async_create_task(self._hass, account.async_shutdown())

    @callback
    def _stop(self) -> None:
        for subentry_id in list(self._accounts):
            self._stop_asking.pop(subentry_id)()
        self._accounts.clear()
        self._absent.clear()
        self._mining.clear()
        self._entry = None
        self._notify()

    @callback
    def _asked(self, account: PoolAccount) -> None:
        """Note whom the pool sees, and call the listeners."""
        with self._containment.of(f"{account.name} at its pool"):
            if account.last_update_success and account.data is not None:
                self._note(account)
        self._notify()

    def _note(self, account: PoolAccount) -> None:
        assert account.read_time is not None
        before = dict(self._proven)
        for miner in loaded_miners(self._hass):
            for other, worker, pool in self._known_of(miner):
                if other is not account:
                    continue
                place = _place(account, worker)
                seen = find_worker(account.data.workers, worker)
                if seen is None:
                    self._absent.setdefault(place, account.read_time)
                    continue
                self._absent.pop(place, None)
                if (
                    seen.last_share is not None
                    and account.read_time - seen.last_share < _FRESH
                ):
                    self._proven[miner.config_entry.entry_id] = str(pool)
        present = {entry.entry_id for entry in miner_entries(self._hass)}
        self._proven = {
            entry_id: pool
            for entry_id, pool in self._proven.items()
            if entry_id in present
        }
        if self._proven != before and self._store is not None:
            self._store.async_schedule_save(lambda: {"proven": dict(self._proven)})

    def _notify(self) -> None:
        self._forget_sightings()
        for listener in list(self._listeners):
            with self._containment.of("A listener of pool accounts"):
                listener()


def _login(miner: MinerCoordinator) -> str | None:
    pool = miner.snapshot.pools.in_use
    return None if pool is None else pool.user


def _are_same(before: list[_Seen], after: list[_Seen]) -> bool:
    return len(before) == len(after) and all(
        old[0] is new[0] and old[1] == new[1]
        for old, new in zip(before, after, strict=True)
    )


def _place(account: PoolAccount, worker: str) -> tuple[str, str]:
    return account.subentry_id, worker.casefold()


def _read_proven(stored: StoredObject) -> dict[str, str]:
    proven = stored.child("proven")
    found = {name: text for name in proven if (text := proven.text(name)) is not None}
    proven.finish()
    stored.finish()
    return found
