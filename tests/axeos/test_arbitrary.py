"""Whatever arrives, the result is a snapshot or an error of ours, and small."""

from collections.abc import Callable
import json
import tracemalloc

from aiohttp import ClientSession
from hypothesis import assume, given, strategies as st
import pytest

from custom_components.bitaxe.axeos import (
    BadReplyError,
    MinerClient,
    MinerError,
    Snapshot,
)
from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields, decode_object

from ..examples import examples
from ..mutations import mutated, mutated_bytes, numbers
from .device import ScriptedDevice, http
from .payloads import GAMMA, GAMMA_2_15, GAMMA_ASIC, NERD
from .plausible import assert_plausible

QUICK = examples(150)
OVER_HTTP = examples(60)
KEYS = sorted(GAMMA_2_15.keys() | NERD.keys() | {"chiptemp1", "voltagei", "ethMac"})

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**400), max_value=10**400)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.text(max_size=20)
    | st.from_regex(r"-?[0-9]{1,40}(\.[0-9]{1,3})? ?[kKMGTPE]?", fullmatch=True)
    | st.sampled_from(
        [-1, 0, 127, 127.875, 65535, 2**32, 2**63, 1e300, -0.0, "nan", "1e400", "-1"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=4
        )
    ),
    max_leaves=12,
)
PAYLOADS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=40)


def parse(payload: dict[str, object], asic: dict[str, object] | None) -> Snapshot:
    """Parse as the client does."""
    info = Fields(payload)
    dialect = detect_dialect(info)
    board = dialect.board(info, None if asic is None else Fields(asic))
    for extended in (False, True):
        limits = board.limits(extended=extended)
        if limits is not None:
            assert 10 <= limits.frequency[0] <= limits.frequency[1] <= 1500
            assert 350 <= limits.core_voltage[0] <= limits.core_voltage[1] <= 1750
    return dialect.snapshot(info, board)


@QUICK
@given(base=st.sampled_from([GAMMA, GAMMA_2_15, NERD, {}]), changes=PAYLOADS)
def test_known_keys_with_any_value(
    base: dict[str, object], changes: dict[str, object]
) -> None:
    """Every field that is not unknown is finite, in its unit, and no sentinel."""
    try:
        snapshot = parse(base | changes, None)
    except MinerError:
        return
    assert_plausible(snapshot)


@QUICK
@given(asic=st.dictionaries(st.sampled_from(sorted(GAMMA_ASIC)), VALUES, max_size=8))
def test_any_board(asic: dict[str, object]) -> None:
    """What a miner says of its board is believed only within reason."""
    assert_plausible(parse(GAMMA, asic))
    assert_plausible(parse(NERD, asic))


@QUICK
@given(body=st.binary(max_size=300) | VALUES.map(lambda v: json.dumps(v).encode()))
def test_decoding_any_bytes(body: bytes) -> None:
    """Bytes are a JSON object or an error."""
    try:
        info = decode_object(body)
        dialect = detect_dialect(info)
    except MinerError:
        return
    assert_plausible(dialect.snapshot(info, dialect.board(info, None)))


MINERS = (GAMMA, GAMMA_2_15, NERD)


def test_replies_with_faults() -> None:
    """Fields that are missing, mixed up, or of another type or size."""
    for number in numbers(900):
        reply = mutated(number, MINERS[number % 3])
        asic = mutated(number, GAMMA_ASIC) if number % 2 else None
        try:
            snapshot = parse(reply, asic)
            assert_plausible(snapshot)
        except MinerError:
            continue
        except Exception as err:
            err.add_note(f"reply {number}")
            raise


def test_bytes_with_faults() -> None:
    """A reply that is nearly JSON is a snapshot or an error."""
    for number in numbers(600):
        try:
            info = decode_object(mutated_bytes(number, MINERS[number % 3]))
            dialect = detect_dialect(info)
            assert_plausible(dialect.snapshot(info, dialect.board(info, None)))
        except MinerError:
            continue
        except Exception as err:
            err.add_note(f"reply {number}")
            raise


@pytest.mark.parametrize(
    "literal",
    ["1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1" + "0" * 5000, "1e-400"],
)
def test_numbers_beyond_reason_cost_only_their_field(literal: str) -> None:
    """Also where Python itself refuses to read the number."""
    body = json.dumps(GAMMA).replace('"power": 17.8', f'"power": {literal}')
    assert literal in body
    info = decode_object(body.encode())
    snapshot = detect_dialect(info).snapshot(
        info, detect_dialect(info).board(info, None)
    )
    assert snapshot.electrical.power is None
    assert snapshot.hashing.hashrate == 1068.4


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"hashRate":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"hashRate":1' + b"0" * 5000 + b",",
    ],
)
def test_nesting_and_broken_giants(body: bytes) -> None:
    """They end as a reply that is not usable."""
    with pytest.raises(BadReplyError):
        decode_object(body)


def test_bytes_that_are_no_text_are_forgiven() -> None:
    """Coinbase texts hold anything, also raw control characters."""
    body = json.dumps(GAMMA).encode().replace(b"/pool.example/", b"\xff\xfe/po\x01ol/")
    info = decode_object(body)
    snapshot = detect_dialect(info).snapshot(
        info, detect_dialect(info).board(info, None)
    )
    assert snapshot.pools.coinbase_text == "\N{REPLACEMENT CHARACTER}" * 2 + "/pool/"


def test_a_giant_list_is_cut() -> None:
    """No miner has thousands of ASICs."""
    many = [{"total": 1.0, "domains": [1.0] * 1000}] * 10_000
    snapshot = parse(GAMMA | {"hashrateMonitor": {"asics": many}}, None)
    assert len(snapshot.hashing.asics) == 64
    assert len(snapshot.hashing.asics[0].domains) == 64


async def outcome(
    session: ClientSession, device: ScriptedDevice, reply: bytes
) -> Snapshot | MinerError:
    """Read a miner whose every reply is the given one."""
    for path in ("/api/system/info", "/api/system/asic"):
        device.on("GET", path, reply)
    client = MinerClient(session, "127.0.0.1", device.port, timeout=5)
    try:
        return await client.read(retry=False)
    except MinerError as err:
        return err


@OVER_HTTP
@given(reply=st.binary(max_size=400))
async def test_any_bytes_on_the_wire(
    session: ClientSession, device: ScriptedDevice, reply: bytes
) -> None:
    """Also what is no HTTP at all."""
    assert isinstance(await outcome(session, device, reply), MinerError)


@OVER_HTTP
@given(
    body=st.binary(max_size=400) | PAYLOADS.map(lambda p: json.dumps(p).encode()),
    status=st.sampled_from(
        [200, 200, 200, 204, 206, 301, 400, 401, 404, 418, 500, 503]
    ),
    content_type=st.sampled_from(
        ["application/json", "text/html", "text/html; charset=made-up", "", "/;="]
    ),
    encoding=st.sampled_from(["identity", "gzip", "deflate", "br", "x"]),
)
async def test_any_reply(
    session: ClientSession,
    device: ScriptedDevice,
    body: bytes,
    status: int,
    content_type: str,
    encoding: str,
) -> None:
    """Any body under any status and header."""
    reply = http(body, f"{status} Whatever", content_type, Content_Encoding=encoding)
    result = await outcome(session, device, reply)
    if isinstance(result, Snapshot):
        assert_plausible(result)


@OVER_HTTP
@given(data=st.data(), payload=st.sampled_from([GAMMA, GAMMA_2_15, NERD]))
async def test_any_truncation(
    session: ClientSession,
    device: ScriptedDevice,
    data: st.DataObject,
    payload: dict[str, object],
) -> None:
    """A reply that breaks off is never half a reading."""
    body = json.dumps(payload).encode()
    cut = data.draw(st.integers(0, len(body) - 1))
    announced = data.draw(st.booleans())
    reply = http(body)[: cut - len(body)] if announced else http(body[:cut])
    assume(reply)
    assert isinstance(await outcome(session, device, reply), MinerError)


@pytest.mark.parametrize(
    "make",
    [
        lambda: http(b'{"hashRate":"' + b"x" * 10_000_000 + b'"}'),
        lambda: http(json.dumps(GAMMA).encode()[:-1] + b" " * 10_000_000 + b"}"),
        lambda: http(b"[" * 10_000_000),
        lambda: (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + (b"1000\r\n" + b"{" * 4096 + b"\r\n") * 2500
        ),
    ],
    ids=["text", "blanks", "brackets", "chunks"],
)
async def test_memory_stays_bounded(
    session: ClientSession, device: ScriptedDevice, make: Callable[[], bytes]
) -> None:
    """A body of 10 MB is not read to its end."""
    reply = make()
    tracemalloc.start()
    try:
        result = await outcome(session, device, reply)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(result, MinerError)
    # The server's own copy in its transport is 10 MB; ours would be on top of it.
    assert peak < len(reply) + 4_000_000
