"""Which worker of an account a miner is. Pure."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

from .model import Worker

_NAMELESS: Final = frozenset({"", "worker", "default"})
"""What pools call the worker of a miner that logs in with nothing but the account."""
_LABELS_OF_A_SITE: Final = 2


def worker_of(login: str | None, account: str) -> str | None:
    """Return the worker name of a login, empty if it has none.

    `None` if it is of another account. `address.worker` is what people write; ckpool
    takes `address_worker` as well. Case alone never distinguishes two accounts:
    addresses have checksums.
    """
    login, account = (login or "").strip(), account.strip()
    if not account:
        return None
    if login.casefold() == account.casefold():
        return ""
    for mark in "._":
        if login.casefold().startswith(f"{account}{mark}".casefold()):
            return login[len(account) + 1 :]
    return None


def find_worker(workers: Iterable[Worker], name: str) -> Worker | None:
    """Return the worker of a name.

    Case counts only where names differ by nothing else. Some pools keep no more of a
    name with dots than its first part.
    """
    known = {worker.name: worker for worker in workers}
    if name in known:
        return known[name]
    folded = name.casefold()
    if folded in _NAMELESS:
        return next((known[item] for item in sorted(_NAMELESS) if item in known), None)
    alike = [item for item in known.values() if item.name.casefold() == folded]
    if len(alike) == 1:
        return alike[0]
    first = name.partition(".")[0]
    return find_worker(known.values(), first) if first != name else None


def same_site(one: str | None, other: str | None) -> bool:
    """Return whether two hosts are of one pool, as `api.ocean.xyz` and `ocean.xyz`."""
    if not one or not other:
        return False
    one, other = one.casefold().rstrip("."), other.casefold().rstrip(".")
    if one == other:
        return True
    if _is_address(one) or _is_address(other):
        return False
    ends = [host.split(".")[-_LABELS_OF_A_SITE:] for host in (one, other)]
    return ends[0] == ends[1] and len(ends[0]) == _LABELS_OF_A_SITE


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
