"""Writing settings: what is accepted, stored and shown, version by version."""

from typing import Any

import pytest

from scripts.simulator import Clock, MinerServer

from .conftest import Serve
from .wire import Reply, ask, info


async def patch(server: MinerServer, payload: Any) -> Reply:
    """Write settings."""
    return await ask(server, "PATCH", "/api/system", payload)


async def test_reply_to_a_write(serve: Serve) -> None:
    """A write is answered by an empty body in chunks."""
    reply = await patch(await serve("gamma-2.12"), {"frequency": 490})
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["transfer-encoding"] == "chunked"
    assert reply.headers["content-type"] == "text/html"


@pytest.mark.parametrize(
    "payload",
    [
        {"frequency": 0},
        {"frequency": 65536},
        {"frequency": "500"},
        {"frequency": True},
        {"frequency": None},
        {"coreVoltage": 0},
        {"coreVoltage": -1},
        {"autofanspeed": 2},
        {"autofanspeed": "1"},
        {"manualFanSpeed": 101},
        {"manualFanSpeed": -1},
        {"minFanSpeed": 100},
        {"temptarget": 34},
        {"temptarget": 67},
        {"overheat_mode": 1},
        {"displayTimeout": -2},
        {"rotation": 271},
        {"hostname": ""},
        {"hostname": "x" * 33},
        {"hostname": 5},
        {"stratumPort": 65536},
        {"stratumURL": 5},
        {"useFallbackStratum": "yes"},
    ],
)
async def test_refuses_whole_request(
    serve: Serve, clock: Clock, payload: dict[str, Any]
) -> None:
    """From v2.11 on one wrong value refuses the whole request."""
    server = await serve("gamma-2.12")
    reply = await patch(server, {"displayOffset": 9, "invertscreen": 1} | payload)
    assert (reply.status, reply.text) == (400, "Wrong API input")
    clock.advance(2)
    after = await info(server)
    assert after["invertscreen"] == 0
    assert (after["frequency"], after["coreVoltage"]) == (525, 1150)
    assert server.miner.stored["displayOffset"] == 0


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        ({"frequency": 525.5}, {"frequency": 525.5}),
        ({"coreVoltage": 1100.9}, {"coreVoltage": 1100}),
        ({"autofanspeed": False}, {"autofanspeed": 0}),
        ({"autofanspeed": 0}, {"autofanspeed": 0}),
        ({"AUTOFANSPEED": 0}, {"autofanspeed": 0}),
        ({"minfanspeed": 40}, {"minFanSpeed": 40}),
        ({"manualFanSpeed": 0}, {"manualFanSpeed": 0}),
        ({"temptarget": 66}, {"temptarget": 66}),
        ({"displayTimeout": 5}, {"displayTimeout": 5}),
        ({"rotation": 180}, {"rotation": 180}),
        ({"invertscreen": True}, {"invertscreen": 1}),
        ({"overheat_mode": 0}, {"overheat_mode": 0}),
        ({"hostname": "shed"}, {"hostname": "shed"}),
        ({"stratumURL": "a.example"}, {"stratumURL": "a.example"}),
        ({"fallbackStratumPort": 1}, {"fallbackStratumPort": 1}),
        ({"stratumSuggestedDifficulty": 9}, {"stratumSuggestedDifficulty": 9}),
        ({"unknown": "x", "statsFrequency": 60}, {"statsFrequency": 60}),
    ],
)
async def test_accepts_any_case(
    serve: Serve, clock: Clock, payload: dict[str, Any], shown: dict[str, Any]
) -> None:
    """Keys count in any case, fractions are cut, unknown keys are passed over."""
    server = await serve("gamma-2.12")
    assert (await patch(server, payload)).status == 200
    clock.advance(2)
    after = await info(server)
    assert {key: after[key] for key in shown} == shown


@pytest.mark.parametrize("preset", ["gamma-2.11", "gamma-2.12", "gamma-2.15"])
async def test_shows_late(serve: Serve, clock: Clock, preset: str) -> None:
    """From v2.11 on a write shows after 0.3 to 1 s."""
    server = await serve(preset)
    await patch(server, {"coreVoltage": 1200})
    clock.advance(0.29)
    assert (await info(server))["coreVoltage"] == 1150
    clock.advance(0.72)
    assert (await info(server))["coreVoltage"] == 1200


async def test_shows_at_once(serve: Serve) -> None:
    """Before that it shows at once."""
    server = await serve("gamma-2.10")
    await patch(server, {"coreVoltage": 1200})
    assert (await info(server))["coreVoltage"] == 1200


async def test_nothing_is_checked_of_old(serve: Serve) -> None:
    """Up to v2.10 text counts as 0, and only 0 MHz and 0 mV are passed over."""
    server = await serve("gamma-2.10")
    payload = {"temptarget": "60", "frequency": 0, "coreVoltage": "x", "fanspeed": 300}
    assert (await patch(server, payload)).status == 200
    after = await info(server)
    assert after["temptarget"] == 0
    assert (after["frequency"], after["coreVoltage"]) == (525, 1150)
    assert server.miner.stored["manualFanSpeed"] == 300


async def test_enormous_numbers_of_old(serve: Serve) -> None:
    """Numbers beyond all limits do not stop the firmware."""
    server = await serve("supra-2.9")
    assert (await patch(server, b'{"temptarget": 1e999}')).status == 200
    assert (await info(server))["temptarget"] == 2**31 - 1


async def test_frequency_of_old(serve: Serve) -> None:
    """Fractions of a MHz came with v2.10."""
    old, new = await serve("supra-2.9"), await serve("gamma-2.10")
    for server in (old, new):
        await patch(server, {"frequency": 500.5})
    assert (await info(old))["frequency"] == 500
    assert (await info(new))["frequency"] == 500.5


async def test_fan_key(serve: Serve, clock: Clock) -> None:
    """`fanspeed` sets the fan up to v2.10, `manualFanSpeed` since; never both."""
    old, new = await serve("gamma-2.10"), await serve("gamma-2.12")
    for server in (old, new):
        both = {"autofanspeed": 0, "fanspeed": 40, "manualFanSpeed": 80}
        assert (await patch(server, both)).status == 200
    clock.advance(5)
    assert (await info(old))["fanspeed"] == 40
    assert (await info(new))["fanspeed"] == 80


async def test_ignored_before_its_time(serve: Serve) -> None:
    """Keys which a version does not know are passed over."""
    server = await serve("ultra-2.4")
    assert (await patch(server, {"temptarget": 50, "rotation": 90})).status == 200
    assert server.miner.stored["temptarget"] == 60
    assert server.miner.stored["rotation"] == 0


async def test_flat_pool_keys(serve: Serve, clock: Clock) -> None:
    """Pools have flat keys up to v2.14; v2.15 accepts and ignores them."""
    old, new = await serve("gamma-2.14"), await serve("gamma-2.15")
    for server in (old, new):
        change = {"stratumURL": "new.example", "fallbackStratumUser": "me"}
        assert (await patch(server, change)).status == 200
    clock.advance(2)
    after = await info(old)
    assert after["stratumURL"] == "new.example"
    assert after["fallbackStratumUser"] == "me"
    assert (await info(new))["stratumURL"] == "pool.example.com"


async def test_stratum_v2_keys(serve: Serve, clock: Clock) -> None:
    """v2.14 knows Stratum V2."""
    server = await serve("gamma-2.14")
    await patch(server, {"stratumProtocol": "SV2", "stratumV2ChannelType": "standard"})
    assert (await patch(server, {"stratumProtocol": "SV22"})).status == 400
    clock.advance(2)
    after = await info(server)
    assert after["stratumProtocol"] == "SV2"
    assert after["stratumV2ChannelType"] == "standard"


POOL = {
    "stratumURL": "third.example",
    "stratumPort": 4444,
    "stratumUser": "wallet.third",
}


async def test_pool_slots(serve: Serve, clock: Clock) -> None:
    """v2.15 keeps pools in slots, which are written as a whole."""
    server = await serve("gamma-2.15")
    path = "/api/system/pools/4"
    reply = await ask(server, "PUT", path, POOL | {"stratumTLS": 2})
    assert (reply.status, reply.json) == (200, {"message": "Pool updated successfully"})
    clock.advance(2)
    pool = (await info(server))["pools"][2]
    assert (pool["id"], pool["stratumURL"], pool["stratumTLS"]) == (
        4,
        "third.example",
        2,
    )
    assert server.miner.stored["pools"][4]["stratumPassword"] == "x"

    await ask(server, "PUT", path, POOL | {"stratumPassword": "secret"})
    clock.advance(2)
    await ask(server, "PUT", path, POOL | {"stratumPassword": "*****"})
    clock.advance(2)
    assert server.miner.stored["pools"][4]["stratumPassword"] == "secret"
    assert (await info(server))["pools"][2]["stratumTLS"] == 0

    reply = await ask(server, "DELETE", path)
    assert reply.json == {"message": "Pool cleared successfully"}
    clock.advance(2)
    assert [pool["id"] for pool in (await info(server))["pools"]] == [0, 1]


@pytest.mark.parametrize(
    ("method", "slot", "payload", "message"),
    [
        ("PUT", "8", POOL, "Invalid pool index"),
        ("PUT", "x", POOL, "Invalid pool index"),
        ("PUT", "-1", POOL, "Invalid pool index"),
        ("PUT", "2", [], "Invalid pool configuration payload"),
        ("PUT", "2", {}, "Invalid pool configuration payload"),
        ("PUT", "2", POOL | {"stratumURL": ""}, "Invalid pool configuration payload"),
        ("PUT", "2", POOL | {"stratumPort": 0}, "Invalid pool configuration payload"),
        (
            "PUT",
            "2",
            POOL | {"stratumPort": True},
            "Invalid pool configuration payload",
        ),
        ("PUT", "2", POOL | {"stratumUser": ""}, "Invalid pool configuration payload"),
        ("PUT", "2", POOL | {"stratumTLS": 3}, "Invalid pool configuration payload"),
        (
            "PUT",
            "2",
            POOL | {"stratumSuggestedDifficulty": "1"},
            "Invalid pool configuration payload",
        ),
        ("DELETE", "0", None, "Pool is in use"),
        ("DELETE", "1", None, "Pool is in use"),
    ],
)
async def test_pool_refused(
    serve: Serve, clock: Clock, method: str, slot: str, payload: Any, message: str
) -> None:
    """What is no pool is refused, and pools in use stay."""
    server = await serve("gamma-2.15")
    reply = await ask(server, method, f"/api/system/pools/{slot}", payload)
    assert (reply.status, reply.json) == (400, {"message": message})
    clock.advance(2)
    assert [pool["id"] for pool in (await info(server))["pools"]] == [0, 1]


async def test_pools_before_their_time(serve: Serve) -> None:
    """Slots came with v2.15."""
    server = await serve("gamma-2.14")
    assert (await ask(server, "PUT", "/api/system/pools/1", POOL)).status == 404


async def test_pools_by_patch(serve: Serve, clock: Clock) -> None:
    """A list of pools and the index of the primary one can be patched."""
    server = await serve("gamma-2.15")
    change = {"pools": [POOL | {"id": 5}], "primaryPoolIndex": 5}
    assert (await patch(server, change)).status == 200
    clock.advance(2)
    after = await info(server)
    assert after["primaryPoolIndex"] == 5
    assert after["stratumURL"] == "third.example"
    for wrong in ([{"id": 9} | POOL], [POOL], "x", [5]):
        assert (await patch(server, {"pools": wrong})).status == 400
    assert (await patch(server, {"primaryPoolIndex": 8})).status == 400


async def test_fallback_preference_needs_restart(serve: Serve, clock: Clock) -> None:
    """The preferred pool changes at the next boot."""
    server = await serve("gamma-2.15")
    await patch(server, {"useFallbackStratum": 1})
    clock.advance(60)
    # Something else makes the miner choose its pool.
    server.miner.faults.reject_rate = 0.1
    assert (await info(server))["useFallbackStratum"] == 1
    assert (await info(server))["isUsingFallbackStratum"] == 0
    server.miner.power_cycle()
    clock.advance(60)
    assert (await info(server))["isUsingFallbackStratum"] == 1


async def test_rename(serve: Serve, clock: Clock) -> None:
    """v2.15 says where a renamed miner will be, and drops the domain."""
    server = await serve("gamma-2.15")
    reply = await patch(server, {"hostname": "shed.local"})
    assert reply.json["status"] == "success"
    assert reply.json["redirect"]["url"] == "http://shed.local"
    clock.advance(2)
    assert (await info(server))["fullHostname"] == "shed.local"
    assert (await patch(server, {"hostname": "shed"})).body == b""


@pytest.mark.parametrize("preset", ["gamma-2.12", "nerdqaxepp-1.1.0", "forge-nano"])
async def test_write_faults(serve: Serve, clock: Clock, preset: str) -> None:
    """Writes can fail openly or silently, or take their time."""
    server = await serve(preset)
    faults = server.miner.faults
    before = (await info(server))["frequency"]
    faults.reject_writes = True
    assert (await patch(server, {"frequency": 500})).status == 400
    faults.set(reject_writes=False, ignore_writes=True)
    assert (await patch(server, {"frequency": 500})).status == 200
    clock.advance(5)
    assert (await info(server))["frequency"] == before
    faults.set(ignore_writes=False, write_delay=20.0)
    assert (await patch(server, {"frequency": 500})).status == 200
    clock.advance(19)
    assert (await info(server))["frequency"] == before
    clock.advance(2)
    assert (await info(server))["frequency"] == 500


async def test_nerd_types(serve: Serve) -> None:
    """NerdOS passes over values of the wrong type, and says 200."""
    server = await serve("nerdqaxepp-1.1.0")
    before = await info(server)
    wrong = {
        "frequency": 500.0,
        "coreVoltage": "1150",
        "autofanspeed": True,
        "pidTargetTemp": 55.5,
        "overheat_temp": -5,
        "pidP": "6",
        "invertscreen": 1,
        "stratumTLS": 1,
        "stratumPort": "3333",
        "hostname": 5,
        "manualFanSpeed": 70_000,
        "stratum_keep": "yes",
        "fans": "all",
    }
    reply = await patch(server, wrong)
    assert (reply.status, reply.body) == (200, b"")
    after = await info(server)
    assert {key: after[key] for key in wrong} == {key: before[key] for key in wrong}

    right = {
        "frequency": 500,
        "coreVoltage": 1120,
        "autofanspeed": 0,
        "manualFanSpeed": 70,
        "pidTargetTemp": 55,
        "overheat_temp": 75,
        "pidP": 5.5,
        "stratumTLS": True,
        "stratumPort": 1234,
        "stratumEnonceSubscribe": True,
        "hostname": "shed",
    }
    await patch(server, right | {"invertscreen": True, "stratum_keep": 1})
    after = await info(server)
    assert {key: after[key] for key in right} == right
    assert (after["invertscreen"], after["stratum_keep"]) == (1, 1)


async def test_nerd_limits(serve: Serve) -> None:
    """NerdOS clamps to the absolute maximum of the board, and passes over 0."""
    server = await serve("nerdqaxepp-1.1.0")
    await patch(server, {"frequency": 5000, "coreVoltage": 5000})
    after = await info(server)
    assert (after["frequency"], after["coreVoltage"]) == (800, 1400)
    await patch(server, {"frequency": 0, "coreVoltage": 0})
    after = await info(server)
    assert (after["frequency"], after["coreVoltage"]) == (800, 1400)


async def test_nerd_fans(serve: Serve) -> None:
    """From v1.0.37 on fans are written as a list, too."""
    fans = [
        {"mode": 0, "manualSpeed": 33, "pid": {"targetTemp": 50}},
        {"mode": 0, "manualSpeed": 44, "overheatTemp": 90},
    ]
    server = await serve("nerdqaxepp-1.1.0")
    await patch(server, {"fans": fans})
    after = await info(server)
    assert (after["autofanspeed"], after["manualFanSpeed"]) == (0, 33)
    assert after["pidTargetTemp"] == 50
    assert after["fans"][1]["manualSpeed"] == after["fanspeed2"] == 44
    assert after["fans"][1]["overheatTemp"] == 90
    old = await serve("nerdqaxepp-1.0.36")
    await patch(old, {"fans": fans})
    assert (await info(old))["manualFanSpeed"] == 100


async def test_nerd_fan_key_of_old(serve: Serve, clock: Clock) -> None:
    """Before v1.0.35 the key of the fan was another one."""
    server = await serve("nerdaxegamma-1.0.29")
    await patch(server, {"autofanspeed": 0, "fanspeed": 66})
    clock.advance(5)
    assert (await info(server))["fanspeed"] == 66


async def test_nerd_pool_is_live(serve: Serve) -> None:
    """NerdOS changes its pool without a restart."""
    server = await serve("nerdqaxepp-1.1.0", fallback_pool=False)
    server.miner.faults.pool_down = True
    assert (await info(server))["stratum"]["usingFallback"] is False
    await patch(server, {"fallbackStratumURL": "spare.example"})
    assert (await info(server))["stratum"]["usingFallback"] is True


async def test_forge_keys(serve: Serve, clock: Clock) -> None:
    """Forge-OS takes either key of the fan."""
    server = await serve("forge-nano")
    await patch(server, {"autofanspeed": 0, "fanSpeed": 42})
    clock.advance(5)
    assert (await info(server))["fanSpeed"] == 42
    await patch(server, {"manualFanSpeed": 43})
    clock.advance(5)
    assert (await info(server))["fanSpeed"] == 43
