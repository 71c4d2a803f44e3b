"""Which worker of an account a miner is."""

import pytest

from custom_components.bitaxe.pools.matching import find_worker, same_site, worker_of
from custom_components.bitaxe.pools.model import Worker


@pytest.mark.parametrize(
    ("login", "worker"),
    [
        ("bc1qabc.attic", "attic"),
        ("BC1QABC.Attic", "Attic"),
        ("bc1qabc_attic", "attic"),
        ("bc1qabc.house.attic", "house.attic"),
        ("bc1qabc", ""),
        ("bc1qabcd.attic", None),
        ("bc1qxyz.attic", None),
        ("", None),
        (None, None),
    ],
)
def test_login(login: str | None, worker: str | None) -> None:
    """The account, a full stop or underscore, and the worker."""
    assert worker_of(login, "bc1qabc") == worker


@pytest.mark.parametrize(
    ("wanted", "names", "found"),
    [
        ("attic", ["hall", "attic"], "attic"),
        ("Attic", ["attic"], "attic"),
        ("attic", ["Attic", "ATTIC"], None),
        ("Attic", ["Attic", "ATTIC"], "Attic"),
        ("", ["worker"], "worker"),
        ("", ["default", "hall"], "default"),
        ("house.attic", ["house"], "house"),
        ("attic", ["attic2"], None),
        ("attic", [], None),
        ("Rig.1", ["rig", "other"], "rig"),
        ("rig.1", ["Rig", "RIG"], None),
    ],
)
def test_worker(wanted: str, names: list[str], found: str | None) -> None:
    """By its name; case counts where nothing else distinguishes two."""
    worker = find_worker([Worker(name=name) for name in names], wanted)
    assert (worker.name if worker else None) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("api.ocean.xyz", "mine.ocean.xyz", True),
        ("public-pool.io", "public-pool.io", True),
        ("solo.ckpool.org", "eusolo.ckpool.org", True),
        ("192.168.1.5", "192.168.1.5", True),
        ("192.168.1.5", "192.169.1.5", False),
        ("umbrel", "umbrel", True),
        ("umbrel", "other", False),
        ("example.com", "example.org", False),
        (None, "example.org", False),
    ],
)
def test_site(one: str | None, other: str | None, same: bool) -> None:
    """Hosts of one domain are one pool; numbers are compared in whole."""
    assert same_site(one, other) is same
