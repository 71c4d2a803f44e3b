"""Restart, identify, pause and what else can be asked of a miner."""

from typing import Any

import pytest

from scripts.simulator import Clock

from .conftest import Serve
from .wire import ask, info

RESTART = "/api/system/restart"
MESSAGE = "System will restart shortly."


@pytest.mark.parametrize(
    ("preset", "content_type"),
    [
        ("gamma-2.11", "text/html"),
        ("gamma-2.12", "text/plain"),
        ("gammaduo-2.13", "application/json"),
        ("nerdqaxepp-1.0.36", "text/plain"),
    ],
)
async def test_restart_reply(serve: Serve, preset: str, content_type: str) -> None:
    """The reply to a restart changed with the versions."""
    reply = await ask(await serve(preset), "POST", RESTART)
    assert reply.status == 200
    assert reply.headers["content-type"] == content_type
    if content_type == "application/json":
        assert reply.json == {"message": MESSAGE}
    else:
        assert reply.text == MESSAGE


@pytest.mark.parametrize(
    "preset", ["gamma-2.12", "gamma-2.15", "nerdqaxepp-1.1.0", "forge-nano"]
)
async def test_restart(serve: Serve, clock: Clock, preset: str) -> None:
    """It answers, goes down, comes back without a temperature, and ramps up."""
    server = await serve(preset)
    miner = server.miner
    miner.new_best(9e15)
    before = await info(server)
    assert (await ask(server, "POST", RESTART)).status == 200

    clock.advance(0.9)
    assert (await info(server))["uptimeSeconds"] >= before["uptimeSeconds"]
    clock.advance(0.2)
    with pytest.raises(ConnectionRefusedError):
        await info(server)
    clock.advance(11.8)
    with pytest.raises(ConnectionRefusedError):
        await info(server)

    clock.advance(0.2)
    booted = await info(server)
    assert booted["uptimeSeconds"] in (11, 12)
    assert booted["hashRate"] == 0
    assert booted["temp"] == (0 if miner.spec.dialect == "nerdos" else -1)
    assert booted["sharesAccepted"] == 0
    assert booted["bestDiff"] == before["bestDiff"]
    assert booted["bestSessionDiff"] in (0, "0")
    assert booted.get("resetReason", "Software reset via esp_restart") == (
        "Software reset via esp_restart"
    )

    clock.advance(21)
    ramping = miner.running_frequency
    assert 50 <= ramping < miner.stored["frequency"]
    clock.advance(40)
    running = await info(server)
    assert miner.running_frequency == miner.stored["frequency"]
    assert running["hashRate"] > before["hashRate"] * 0.8
    assert running["temp"] > 25
    assert miner.truth.restarts == 1


@pytest.mark.parametrize(
    ("trigger", "reason"),
    [
        ("crash", "Software reset due to exception/panic"),
        ("brownout", "Brownout reset (software or hardware)"),
        ("power_cycle", "Reset due to power-on event"),
    ],
)
async def test_reset_reasons(
    serve: Serve, clock: Clock, trigger: str, reason: str
) -> None:
    """Accidents reboot at once, and are reported afterwards."""
    server = await serve()
    getattr(server.miner, trigger)()
    with pytest.raises(ConnectionRefusedError):
        await info(server)
    clock.advance(13)
    assert (await info(server))["resetReason"] == reason


async def test_second_restart(serve: Serve, clock: Clock) -> None:
    """Two requests make one restart."""
    server = await serve()
    await ask(server, "POST", RESTART)
    await ask(server, "POST", RESTART)
    clock.advance(60)
    await info(server)
    assert server.miner.truth.restarts == 1


async def test_settings_survive(serve: Serve, clock: Clock) -> None:
    """Stored settings outlast a restart that follows their write."""
    server = await serve("gamma-2.12")
    await ask(server, "PATCH", "/api/system", {"frequency": 490, "hostname": "shed"})
    await ask(server, "POST", RESTART)
    clock.advance(60)
    after = await info(server)
    assert (after["frequency"], after["hostname"]) == (490, "shed")
    assert server.miner.running_frequency == 490


async def test_frequency_of_old_needs_restart(serve: Serve, clock: Clock) -> None:
    """Up to v2.1 an operating point counts from the next boot on."""
    server = await serve("ultra-2.1")
    await ask(server, "PATCH", "/api/system", {"frequency": 400})
    clock.advance(60)
    assert (await info(server))["frequency"] == 400
    assert server.miner.running_frequency == 485
    await ask(server, "POST", RESTART)
    clock.advance(90)
    await info(server)
    assert server.miner.running_frequency == 400


@pytest.mark.parametrize(
    ("preset", "json"), [("gamma-2.12", False), ("gamma-2.15", True)]
)
async def test_identify(serve: Serve, clock: Clock, preset: str, json: bool) -> None:
    """The display says "Hi!" for 30 s; asking again ends it."""
    server = await serve(preset)
    on = 'The device says "Hi!" for 30 seconds.'
    off = 'The device no longer says "Hi!".'

    async def identify() -> Any:
        reply = await ask(server, "POST", "/api/system/identify")
        assert reply.status == 200
        return reply.json["message"] if json else reply.text

    assert await identify() == on
    assert await identify() == off
    assert await identify() == on
    clock.advance(29)
    assert await identify() == off
    assert await identify() == on
    clock.advance(31)
    assert await identify() == on


async def test_pause(serve: Serve, clock: Clock) -> None:
    """A paused miner is cold, silent and awake; its averages stand still."""
    server = await serve("gamma-2.15")
    before = await info(server)
    for _ in range(2):
        reply = await ask(server, "POST", "/api/system/pause")
        assert (reply.status, reply.json) == (200, {"message": "Mining paused"})
    clock.advance(600)
    paused = await info(server)
    assert paused["miningPaused"] is True
    assert paused["hashRate"] == paused["expectedHashrate"] == 0
    assert paused["temp"] == paused["temp2"] == -1
    assert paused["actualFrequency"] == 50
    assert paused["coreVoltageActual"] == 0
    assert paused["fanspeed"] == pytest.approx(30)
    assert paused["power"] == pytest.approx(5)
    assert paused["frequency"] == 525
    for key in ("hashRate_1m", "hashRate_10m", "hashRate_1h"):
        assert paused[key] == before[key]
    assert paused["uptimeSeconds"] == before["uptimeSeconds"] + 600
    assert paused["sharesAccepted"] == before["sharesAccepted"]
    assert "power_fault" not in paused
    assert paused["hashrateMonitor"]["asics"][0]["total"] == 0

    reply = await ask(server, "POST", "/api/system/resume")
    assert reply.json == {"message": "Mining resumed"}
    clock.advance(60)
    after = await info(server)
    assert after["miningPaused"] is False
    assert after["hashRate"] == pytest.approx(before["hashRate"], rel=0.15)
    assert after["temp"] > 25


async def test_pause_ends_with_restart(serve: Serve, clock: Clock) -> None:
    """A pause does not outlast a restart."""
    server = await serve("gamma-2.14", paused=True)
    before = await info(server)
    assert before["miningPaused"] is True
    assert before["hashRate_1h"] > 1000
    assert before["bestDiff"] > 0
    await ask(server, "POST", RESTART)
    clock.advance(60)
    assert (await info(server))["miningPaused"] is False


async def test_blocks(serve: Serve) -> None:
    """A block is counted and celebrated until somebody has seen it."""
    server = await serve("gamma-2.15")
    server.miner.find_block()
    after = await info(server)
    assert (after["blockFound"], after["showNewBlock"]) == (1, True)
    assert after["bestDiff"] > after["networkDifficulty"]
    reply = await ask(server, "POST", "/api/system/blockFound/dismiss")
    assert reply.json == {
        "blockFound": 1,
        "showNewBlock": False,
        "message": "Block found notification dismissed",
    }
    assert (await info(server))["showNewBlock"] is False


async def test_new_best(serve: Serve) -> None:
    """A new best difficulty counts for ever and for the session."""
    server = await serve()
    server.miner.new_best(5e12)
    after = await info(server)
    assert after["bestDiff"] == after["bestSessionDiff"] == 5_000_000_000_000


async def test_shutdown(serve: Serve, clock: Clock) -> None:
    """NerdOS stops hashing until a restart."""
    server = await serve("nerdqaxepp-1.0.36")
    assert (await ask(server, "POST", "/api/system/shutdown")).status == 200
    clock.advance(300)
    off = await info(server)
    assert off["shutdown"] is True
    assert off["hashRate"] == off["hashRate_1h"] == 0
    assert off["temp"] == 0
    assert off["power"] < 15
    await ask(server, "POST", RESTART)
    clock.advance(90)
    on = await info(server)
    assert on["shutdown"] is False
    assert on["hashRate"] > 4000


async def test_reset_stats(serve: Serve) -> None:
    """NerdOS sets its counters back."""
    server = await serve("nerdqaxepp-1.1.0")
    assert (await info(server))["sharesAccepted"] > 0
    reply = await ask(server, "POST", "/api/system/reset-stats")
    assert (reply.status, reply.body) == (204, b"")
    assert (await info(server))["sharesAccepted"] == 0


WRITE: dict[str, Any] = {"frequency": 500}


async def test_otp(serve: Serve, clock: Clock) -> None:
    """With one-time codes, writes want a code or a session; reading is free."""
    server = await serve("nerdqaxepp-otp")
    assert (await info(server))["otp"] is True
    for method, path in (
        ("PATCH", "/api/system"),
        ("POST", RESTART),
        ("POST", "/api/system/shutdown"),
    ):
        reply = await ask(server, method, path, WRITE)
        assert (reply.status, reply.text) == (401, "OTP/Session required")
    code = {"X-TOTP": "271828"}
    reply = await ask(server, "PATCH", "/api/system", WRITE, code)
    assert reply.status == 200
    assert (await info(server))["frequency"] == 500

    session = (await ask(server, "POST", "/api/otp/session", headers=code)).json
    assert session["ttlMs"] == 86_400_000
    assert session["expiresAt"] == int((clock.now() + 86_400) * 1000)
    token = {"X-OTP-Session": session["token"]}
    write = {"frequency": 515}
    assert (await ask(server, "PATCH", "/api/system", write, token)).status == 200
    assert (await info(server))["frequency"] == 515
    clock.advance(86_400)
    assert (await ask(server, "PATCH", "/api/system", write, token)).status == 401


async def test_otp_guessing(serve: Serve, clock: Clock) -> None:
    """Five wrong codes in a minute close the door for five minutes."""
    server = await serve("nerdqaxepp-otp")

    async def guess(code: str) -> str:
        headers = {"X-TOTP": code}
        return (await ask(server, "POST", "/api/otp/session", headers=headers)).text

    for _ in range(4):
        assert await guess("000000") == "OTP/Session required"
    assert await guess("000000") == "blocked for 5 minutes"
    assert await guess("271828") == "blocked for 5 minutes"
    clock.advance(301)
    assert "token" in await guess("271828")
    for _ in range(6):
        assert await guess("000000") == "OTP/Session required"
        clock.advance(20)


async def test_otp_later(serve: Serve) -> None:
    """From v1.0.37 on restart and shutdown are free, writes are not."""
    server = await serve("nerdqaxepp-otp", firmware="v1.0.37")
    assert (await ask(server, "PATCH", "/api/system", WRITE)).status == 401
    assert (await ask(server, "POST", "/api/system/shutdown")).status == 200


async def test_no_otp(serve: Serve) -> None:
    """Without codes everything is open, and there are no sessions."""
    server = await serve("nerdqaxepp-1.0.36")
    assert (await info(server))["otp"] is False
    assert (await ask(server, "PATCH", "/api/system", WRITE)).status == 200
    assert (await ask(server, "POST", "/api/otp/session")).status == 302
