"""What pools answer, as their own documents and code have it, and as nobody should."""

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.bitaxe.pools.errors import BadPoolReplyError
from custom_components.bitaxe.pools.model import (
    HASHRATE,
    LONGEST_TEXT,
    TIME,
    Account,
    JsonPaths,
    PoolKind,
    Worker,
)
from custom_components.bitaxe.pools.parsing import (
    decode,
    parse,
    parse_ckpool,
    parse_json,
    parse_ocean,
    parse_public_pool,
)

from ..examples import examples
from ..mutations import mutated, mutated_bytes, numbers

ADDRESS = "bc1qexample"


def test_public_pool() -> None:
    """Connections of one worker are added up; dates and ms are both moments."""
    account = parse_public_pool(
        {
            "bestDifficulty": 5_000_000.5,
            "workersCount": 3,
            "workers": [
                {
                    "sessionId": "a",
                    "name": "one",
                    "bestDifficulty": "1234.50",
                    "hashRate": 500e9,
                    "lastSeen": "2026-11-29T12:00:00.000Z",
                },
                {
                    "sessionId": "b",
                    "name": "one",
                    "bestDifficulty": "99.00",
                    "hashRate": 700e9,
                    "lastSeen": 1_764_417_660_000,
                },
                {"sessionId": "c", "name": "two", "hashRate": "1e12"},
            ],
        }
    )
    assert account == Account(
        workers=(
            Worker(
                name="one",
                hashrate=1200,
                last_share=1_795_953_600,
                best_difficulty=1234.5,
            ),
            Worker(name="two"),
        ),
        hashrate=1200,
        best_difficulty=5_000_000.5,
        window=600,
    )
    assert account.working == 1


def test_ckpool() -> None:
    """Names lose their account, hashrates are texts, and 0 is no best share."""
    account = parse_ckpool(
        {
            "hashrate1m": "1.31T",
            "hashrate5m": "1.2T",
            "hashrate1hr": "1.18T",
            "lastshare": 1_766_172_050,
            "workers": 2,
            "shares": 25621.0,
            "bestshare": 71.2,
            "bestever": 7_123_456,
            "worker": [
                {
                    "workername": f"{ADDRESS.upper()}.attic",
                    "hashrate1hr": "1.18T",
                    "lastshare": 1_766_172_050,
                    "shares": 25621.0,
                    "bestshare": 71.2,
                    "bestever": 7_123_456,
                },
                {"workername": f"{ADDRESS}_hall", "hashrate1hr": "832G"},
                {"workername": ADDRESS, "hashrate1hr": "0", "bestever": 0},
            ],
        },
        ADDRESS,
    )
    assert account.hashrate == 1180
    assert account.best_difficulty == 7_123_456
    assert account.working == 2
    # A mean that decays within an hour scatters like a count over two.
    assert account.window == 7200
    assert [worker.name for worker in account.workers] == ["attic", "hall", ""]
    assert account.workers[0].last_share == 1_766_172_050
    assert account.workers[1].hashrate == 832
    assert account.workers[2] == Worker(name="", hashrate=0)


def test_ocean() -> None:
    """Numbers come as texts, and what is owed in bitcoins."""
    account = parse_ocean(
        {
            "result": {
                "workers": {
                    "attic": [{"hashrate_60s": "0", "hashrate_3600s": "1180000000000"}],
                    "hall": [{"hashrate_3600s": "820000000000"}],
                },
            }
        },
        {"result": {"hashrate_300s": "99", "unpaid": "0.00012345"}},
    )
    assert account.hashrate == 2000
    assert account.unpaid == 12345
    assert account.window == 3600
    assert [worker.hashrate for worker in account.workers] == [1180, 820]


def test_ocean_without_the_long_window() -> None:
    """The longest one there is, which all workers are taken from."""
    account = parse_ocean({"result": {"workers": {"a": [{"hashrate_300s": "1e9"}]}}})
    assert account.window == 300
    assert account.workers[0].hashrate is None


def test_any_pool() -> None:
    """Paths lead to workers in a list, or in an object by name."""
    paths = JsonPaths(
        workers="data.miners",
        name="id",
        hashrate="rate.now",
        hashrate_unit="TH/s",
        last_share="last",
        worker_best_difficulty="best",
        unpaid="owed.0",
        unpaid_unit="BTC",
        window_minutes=15,
    )
    item = {"rate": {"now": 1.2}, "last": 1_764_417_660_000, "best": "4.29G"}
    account = parse_json(
        {"data": {"miners": [{"id": "a", **item}]}, "owed": ["0.5"]}, paths
    )
    assert account == Account(
        workers=(
            Worker(
                name="a",
                hashrate=1200,
                last_share=1_764_417_660,
                best_difficulty=4.29e9,
            ),
        ),
        hashrate=1200,
        best_difficulty=4.29e9,
        unpaid=50_000_000,
        window=900,
    )
    by_name = parse_json({"a": {"hashrate": 5e9}}, JsonPaths(workers="", name=""))
    assert by_name.workers == (Worker(name="a", hashrate=5),)


@pytest.mark.parametrize("kind", list(PoolKind))
@pytest.mark.parametrize("reply", [[], "text", None, 7, {}, {"result": None}])
def test_another_answer(kind: PoolKind, reply: object) -> None:
    """It is refused rather than taken for an account without workers."""
    with pytest.raises(BadPoolReplyError):
        parse(kind, [reply, reply], ADDRESS, JsonPaths())


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b'{"a": ',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
    ],
)
def test_no_json(body: bytes) -> None:
    """Neither pages, nor depths, nor numbers without end get through."""
    with pytest.raises(BadPoolReplyError):
        decode(body)


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e308", "1e999", "-5", "true", "[]"]
)
def test_absurd_numbers(number: str) -> None:
    """Each costs nothing but itself."""
    keys = ("hashRate", "lastSeen", "bestDifficulty")
    odd = ", ".join(f'"{key}": {number}' for key in keys)
    text = f'{{"workers": [{{"name": "a", {odd}}}, {{"name": "b", "hashRate": 1e12}}]}}'
    account = parse_public_pool(decode(text.encode()))
    assert account.workers == (Worker(name="a"), Worker(name="b", hashrate=1000))


def test_names_are_texts() -> None:
    """Markup stays what it is; control characters and what is too long go."""
    long = "x" * 10_000
    account = parse_public_pool(
        {
            "workers": [
                {"name": "<script>alert(1)</script>"},
                {"name": "a\nb\u202ec\0"},
                {"name": long},
                {"name": 7},
            ]
        }
    )
    assert [worker.name for worker in account.workers] == [
        "<script>alert(1)</script>",
        "abc",
        long[:LONGEST_TEXT],
        "",
    ]


_REPLIES: dict[PoolKind, dict[str, Any]] = {
    PoolKind.PUBLIC_POOL: {
        "bestDifficulty": 5_000_000.5,
        "workers": [
            {
                "name": "one",
                "bestDifficulty": "1234.50",
                "hashRate": 500e9,
                "lastSeen": "2026-11-29T12:00:00.000Z",
            },
            {"name": "two", "hashRate": "1e12", "lastSeen": 1_764_417_660_000},
        ],
    },
    PoolKind.CKPOOL: {
        "hashrate5m": "1.2T",
        "hashrate1hr": "1.18T",
        "lastshare": 1_766_172_050,
        "shares": 25621.0,
        "bestever": 7_123_456,
        "worker": [
            {
                "workername": f"{ADDRESS}.attic",
                "hashrate1hr": "1.18T",
                "lastshare": 1_766_172_050,
                "bestever": 7_123_456,
            }
        ],
    },
    PoolKind.OCEAN: {
        "result": {
            "hashrate_300s": "99",
            "unpaid": "0.00012345",
            "workers": {
                "attic": [{"hashrate_60s": "0", "hashrate_3600s": "1180000000000"}]
            },
        }
    },
    PoolKind.JSON: {
        "workers": [{"name": "a", "hashrate": 5e9, "lastshare": 1_764_417_660}]
    },
}


@pytest.mark.parametrize("kind", list(PoolKind))
def test_replies_with_faults(kind: PoolKind) -> None:
    """Each is an account of finite numbers that can be printed, or refused."""
    for number in numbers(300):
        replies = [mutated(number, _REPLIES[kind]), mutated(-number, _REPLIES[kind])]
        try:
            check(parse(kind, replies, ADDRESS, JsonPaths()))
        except BadPoolReplyError:
            continue
        except Exception as err:
            err.add_note(f"reply {number}")
            raise


@pytest.mark.parametrize("kind", list(PoolKind))
def test_bytes_with_faults(kind: PoolKind) -> None:
    """A reply that is nearly JSON is read, or refused."""
    for number in numbers(200):
        try:
            reply = decode(mutated_bytes(number, _REPLIES[kind]))
            check(parse(kind, [reply, reply], ADDRESS, JsonPaths()))
        except BadPoolReplyError:
            continue
        except Exception as err:
            err.add_note(f"reply {number}")
            raise


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["1.2T", "1e308", "0.5", "2026-11-29T12:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "result",
                    "workers",
                    "worker",
                    "name",
                    "workername",
                    "hashRate",
                    "hashrate",
                    "hashrate1m",
                    "hashrate1hr",
                    "hashrate_3600s",
                    "lastSeen",
                    "lastshare",
                    "lastest_share_ts",
                    "bestDifficulty",
                    "bestever",
                    "shares",
                    "unpaid",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@examples(100)
@given(
    kind=st.sampled_from(list(PoolKind)),
    replies=st.tuples(_JSON, _JSON),
    path=st.text(),
)
def test_whatever_is_answered(
    kind: PoolKind, replies: tuple[object, object], path: str
) -> None:
    """It is either refused, or an account that is finite, bounded and printable."""
    paths = JsonPaths(last_share=path, unpaid=path, best_difficulty=path)
    try:
        account = parse(kind, replies, ADDRESS, paths)
    except BadPoolReplyError:
        return
    check(account)


@examples(100)
@given(st.binary())
def test_whatever_bytes_come(body: bytes) -> None:
    """They are refused, or JSON."""
    try:
        found = decode(body)
    except BadPoolReplyError:
        return
    json.dumps(found)


def check(account: Account) -> None:
    """Assert that an account holds nothing that could do harm."""
    hashrates: list[Any] = [account.hashrate]
    for worker in account.workers:
        assert worker.name.isprintable()
        assert len(worker.name) <= LONGEST_TEXT
        assert worker.last_share is None or TIME.low <= worker.last_share <= TIME.high
        hashrates.append(worker.hashrate)
    assert all(number is None or 0 <= number <= HASHRATE.high for number in hashrates)
    assert account.unpaid is None or 0 <= account.unpaid <= 21e14
    assert len({worker.name for worker in account.workers}) == len(account.workers)
