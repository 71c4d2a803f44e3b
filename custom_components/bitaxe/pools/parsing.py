"""Reading what a pool answers. Pure: decoded JSON goes in, an account comes out.

Whatever a pool sends costs no more than the field that it is in: what is no finite
number within bounds, no moment of Bitcoin's time or no text reads as unknown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
import json
import re
from typing import Final

from ..axeos import bounds
from ..axeos.bounds import Bounds
from .errors import BadPoolReplyError
from .model import (
    HASHRATE,
    LONGEST_TEXT,
    MOST_WORKERS,
    TIME,
    WORK,
    Account,
    JsonPaths,
    PoolKind,
    Worker,
)

_GIGA: Final = 1e9
_SATS_PER_BITCOIN: Final = 100_000_000
_MOST_BITCOINS: Final = 21_000_000
_MILLISECONDS_FROM: Final = 1e11
_SHORT: Final = re.compile(r"(\d{1,30}(?:\.\d{0,30})?)\s*([kKMGTPEZ]?)")
_MULTIPLIERS: Final[Mapping[str, float]] = {
    "": 1.0,
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    "Z": 1e21,
}
_DEEPEST_PATH: Final = 10
_LONGEST_PLACE: Final = 9

HASHRATE_UNITS: Final[Mapping[str, float]] = {
    "H/s": 1.0,
    "kH/s": 1e3,
    "MH/s": 1e6,
    "GH/s": 1e9,
    "TH/s": 1e12,
}
"""H/s in each unit that a pool of any kind may use."""
UNPAID_UNITS: Final[Mapping[str, float]] = {"sat": 1.0, "BTC": _SATS_PER_BITCOIN}
"""sat in each unit."""

# The two windows of ckpool that are read, by the key: s that count for the scatter. A
# mean that decays with the time constant t scatters like one over 2 t.
_CKPOOL_WINDOW: Final = 2 * 3600.0
_CKPOOL_SHORT_WINDOW: Final = 2 * 300.0
_PUBLIC_POOL_WINDOW: Final = 600.0
_OCEAN_WINDOWS: Final = (3600, 300, 60)


def decode(body: bytes) -> object:
    """Return what the JSON of a reply says.

    Raises:
        BadPoolReplyError: it is no JSON.

    """
    text = body.decode("utf-8", errors="replace")
    try:
        return json.loads(text, strict=False, parse_constant=_no_number)
    except json.JSONDecodeError as err:
        raise BadPoolReplyError(str(err)) from err
    except (ValueError, RecursionError) as err:
        # Integers of thousands of digits, or lists within lists.
        raise BadPoolReplyError(type(err).__name__) from err


def parse(
    kind: PoolKind, replies: Sequence[object], user: str, paths: JsonPaths
) -> Account:
    """Return the account that the replies of a pool describe.

    Raises:
        BadPoolReplyError: they do not describe any.

    """
    match kind:
        case PoolKind.PUBLIC_POOL:
            return parse_public_pool(replies[0])
        case PoolKind.CKPOOL:
            return parse_ckpool(replies[0], user)
        case PoolKind.OCEAN:
            return parse_ocean(*replies)
        case PoolKind.JSON:
            return parse_json(replies[0], paths)


def parse_public_pool(reply: object) -> Account:
    """Read `/api/client/<address>` of public-pool.

    Shape: `getClientInfo` of src/controllers/client/client.controller.ts in
    benjamin-wilson/public-pool. `hashRate` is in H/s over ten minutes, `lastSeen` a
    date or ms, `bestDifficulty` a number or text. Each connection is a worker of its
    own, so those of one name are added up.
    """
    data = _object(reply)
    workers = _joined(
        Worker(
            name=_text(item.get("name")),
            hashrate=_hashrate(item.get("hashRate")),
            last_share=_moment(item.get("lastSeen")),
            best_difficulty=_difficulty(item.get("bestDifficulty")),
        )
        for item in _objects(_member(data, "workers"))
    )
    return Account(
        workers=workers,
        hashrate=_total(workers),
        best_difficulty=_difficulty(data.get("bestDifficulty")),
        window=_PUBLIC_POOL_WINDOW,
    )


def parse_ckpool(reply: object, user: str) -> Account:
    """Read `/users/<address>` of a ckpool.

    Shape: the files that ckpool writes for each user (src/stratifier.c, `hashrate1m`,
    `hashrate1hr`, `lastshare`, `bestshare`, `bestever`, `worker[]` with `workername`).
    Hashrates are texts such as "1.2T", in H/s, and decay exponentially. `workername` is
    the whole login, `address.worker` or `address_worker`.
    """
    data = _object(reply)
    if "worker" not in data and "hashrate1m" not in data:
        raise BadPoolReplyError("worker")
    workers = _joined(
        Worker(
            name=_without_account(_text(item.get("workername")), user),
            hashrate=_ckpool_hashrate(item),
            last_share=_moment(item.get("lastshare")),
            best_difficulty=_first(
                _difficulty(item.get("bestever")), _difficulty(item.get("bestshare"))
            ),
            shares=_number(item.get("shares"), WORK),
        )
        for item in _objects(data.get("worker"))
    )
    return Account(
        workers=workers,
        hashrate=_ckpool_hashrate(data),
        best_difficulty=_first(
            _difficulty(data.get("bestever")), _difficulty(data.get("bestshare"))
        ),
        window=_CKPOOL_WINDOW if "hashrate1hr" in data else _CKPOOL_SHORT_WINDOW,
    )


def parse_ocean(hashrates: object, snapshot: object = None) -> Account:
    """Read `/v1/user_hashrate_full/<user>` and `/v1/statsnap/<user>` of OCEAN.

    Shape: OCEAN's API document (docs/ocean-api-integration.md in
    Retropex/custom-ocean.xyz-dashboard repeats it): what is asked for is in `result`,
    numbers come as texts, hashrates in H/s by their window in s, `unpaid` in BTC, and
    `lastest_share_ts` is spelled so. Workers are an object by name, each a list of one.
    """
    result = _object(_member(_object(hashrates), "result"))
    items = {
        name: next(_objects(found if isinstance(found, list) else [found]), {})
        for name, found in _members(result.get("workers"))
    }
    window = next(
        (
            window
            for window in _OCEAN_WINDOWS
            if any(f"hashrate_{window}s" in item for item in items.values())
        ),
        _OCEAN_WINDOWS[0],
    )
    workers = _joined(
        Worker(
            name=name,
            hashrate=_hashrate(item.get(f"hashrate_{window}s")),
            last_share=_moment(item.get("lastest_share_ts")),
        )
        for name, item in items.items()
    )
    snap = _member_object(snapshot, "result")
    unpaid = _number(snap.get("unpaid"), Bounds(0, _MOST_BITCOINS))
    return Account(
        workers=workers,
        hashrate=_first(_total(workers), _hashrate(snap.get("hashrate_300s"))),
        unpaid=None if unpaid is None else round(unpaid * _SATS_PER_BITCOIN),
        window=float(window),
    )


def parse_json(reply: object, paths: JsonPaths) -> Account:
    """Read the reply of any pool, by the paths that a person gave.

    Raises:
        BadPoolReplyError: there are no workers at the given path.

    """
    listed = _at(reply, paths.workers)
    if not isinstance(listed, list | dict):
        raise BadPoolReplyError(paths.workers)
    factor = HASHRATE_UNITS.get(paths.hashrate_unit, 1.0)
    items: Iterable[tuple[str, object]] = (
        _members(listed)
        if isinstance(listed, dict)
        else (("", item) for item in listed[:MOST_WORKERS])
    )
    workers = _joined(
        Worker(
            name=_text(_at(item, paths.name)) if paths.name else name,
            hashrate=_hashrate(_at(item, paths.hashrate), factor),
            last_share=_moment(_found(item, paths.last_share)),
            best_difficulty=_difficulty(_found(item, paths.worker_best_difficulty)),
        )
        for name, item in items
    )
    unpaid = _number(
        _found(reply, paths.unpaid),
        Bounds(0, bounds.SATOSHIS.high / UNPAID_UNITS.get(paths.unpaid_unit, 1.0)),
    )
    return Account(
        workers=workers,
        hashrate=_total(workers),
        best_difficulty=_first(
            _difficulty(_found(reply, paths.best_difficulty)),
            max(
                (item.best_difficulty for item in workers if item.best_difficulty),
                default=None,
            ),
        ),
        unpaid=None
        if unpaid is None
        else round(unpaid * UNPAID_UNITS.get(paths.unpaid_unit, 1.0)),
        window=paths.window_minutes * 60,
    )


def _no_number(text: str) -> None:
    """Take NaN and Infinity, which JSON does not have, for unknown."""


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BadPoolReplyError(type(value).__name__)
    return value


def _member(data: Mapping[str, object], key: str) -> object:
    if key not in data:
        raise BadPoolReplyError(key)
    return data[key]


def _member_object(data: object, key: str) -> dict[str, object]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _objects(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, list):
        yield from (item for item in value[:MOST_WORKERS] if isinstance(item, dict))


def _members(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for index, (name, item) in enumerate(value.items()):
            if index >= MOST_WORKERS:
                return
            yield _text(name), item


def _text(value: object) -> str:
    """Return a printable text of at most 255 characters; else an empty one."""
    if not isinstance(value, str):
        return ""
    text = value[: 4 * LONGEST_TEXT]
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_TEXT]


def _number(value: object, within: Bounds) -> float | None:
    """Return a finite number within bounds, also from its text and one like "1.2T"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if (match := _SHORT.fullmatch(value[:80].strip())) is None:
            return None
        value = float(match[1]) * _MULTIPLIERS[match[2]]
    if not isinstance(value, int | float):
        return None
    # NaN is within no bounds.
    if not within.low <= value <= within.high:
        return None
    return float(value) if abs(value) >= bounds.SMALLEST else 0.0


def _hashrate(value: object, factor: float = 1.0) -> float | None:
    """Return GH/s of a number of `factor` H/s."""
    scale = _GIGA / factor
    number = _number(value, Bounds(0, HASHRATE.high * scale))
    return None if number is None else number / scale


def _ckpool_hashrate(item: Mapping[str, object]) -> float | None:
    return _first(_hashrate(item.get("hashrate1hr")), _hashrate(item.get("hashrate5m")))


def _difficulty(value: object) -> float | None:
    """Return a difficulty; 0 says that there has been no share."""
    return _number(value, bounds.DIFFICULTY) or None


def _moment(value: object) -> float | None:
    """Return Unix time of s, ms, their text, or a date."""
    if isinstance(value, str) and not value.strip().replace(".", "", 1).isdigit():
        try:
            found = datetime.fromisoformat(value.strip()[:40])
        except ValueError:
            return None
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        try:
            value = found.timestamp()
        except OverflowError:
            return None
    number = _number(value, Bounds(0, 1e15))
    if number is None:
        return None
    if number > _MILLISECONDS_FROM:
        number /= 1000
    return number if TIME.low <= number <= TIME.high else None


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _total(workers: Iterable[Worker]) -> float | None:
    known = [item.hashrate for item in workers if item.hashrate is not None]
    return min(sum(known), HASHRATE.high) if known else None


def _without_account(name: str, user: str) -> str:
    """Return the worker of a login, whatever case the address is written in."""
    if name.casefold() == user.casefold():
        return ""
    for mark in "._":
        if name.casefold().startswith(f"{user}{mark}".casefold()):
            return name[len(user) + 1 :]
    return name


def _joined(workers: Iterable[Worker]) -> tuple[Worker, ...]:
    """Return one worker for each name: several connections are added up."""
    found: dict[str, Worker] = {}
    for worker in workers:
        known = found.get(worker.name)
        found[worker.name] = worker if known is None else _sum(known, worker)
    return tuple(found.values())


def _sum(one: Worker, other: Worker) -> Worker:
    return Worker(
        name=one.name,
        hashrate=_added(one.hashrate, other.hashrate, HASHRATE),
        last_share=_greatest(one.last_share, other.last_share),
        best_difficulty=_greatest(one.best_difficulty, other.best_difficulty),
        shares=_added(one.shares, other.shares, WORK),
    )


def _added(one: float | None, other: float | None, within: Bounds) -> float | None:
    known = [value for value in (one, other) if value is not None]
    return min(sum(known), within.high) if known else None


def _greatest(one: float | None, other: float | None) -> float | None:
    return max((item for item in (one, other) if item is not None), default=None)


def _is_place(key: str) -> bool:
    """Return whether a key may be a place in a list: Python refuses 5,000 digits."""
    return key.isdecimal() and len(key) <= _LONGEST_PLACE


def _found(value: object, path: str) -> object:
    """Return what is at a path; nothing at an empty one."""
    return _at(value, path) if path else None


def _at(value: object, path: str) -> object:
    """Return what is at a path of keys with dots between them, or places in a list."""
    keys = path.split(".") if path else []
    if len(keys) > _DEEPEST_PATH:
        return None
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and _is_place(key) and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value
