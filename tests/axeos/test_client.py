"""The client against a server that misbehaves to the byte."""

import asyncio
import gzip
import zlib

from aiohttp import ClientSession
import pytest

from custom_components.bitaxe.axeos import (
    BadReplyError,
    CannotConnectError,
    Command,
    Family,
    MinerClient,
    MinerError,
    NetworkRefusedError,
    NotAMinerError,
    NotConfirmedError,
    NotHttpError,
    OtpRequiredError,
    OutOfRangeError,
    PoolSettings,
    ReadRefusedError,
    RedirectedError,
    SettingRejectedError,
    Settings,
    TimedOutError,
    UnsupportedFirmwareError,
    UnsupportedSettingError,
    WebPageError,
)

from .device import (
    HANG_UP,
    NOT_FOUND,
    REDIRECT,
    RESET,
    SILENCE,
    Received,
    Reply,
    ScriptedDevice,
    http,
    json_reply,
)
from .payloads import GAMMA, GAMMA_2_15, GAMMA_ASIC, NERD

INFO = "GET /api/system/info"
ASIC = "GET /api/system/asic"
PATCH = "PATCH /api/system"


@pytest.fixture
def client(session: ClientSession, device: ScriptedDevice) -> MinerClient:
    """Return a client that does not wait long."""
    device.info(GAMMA)
    device.on("GET", "/api/system/asic", json_reply(GAMMA_ASIC))
    return MinerClient(
        session,
        "127.0.0.1",
        device.port,
        timeout=2,
        confirm_interval=0.01,
        confirm_limit=0.05,
    )


class TestRead:
    """Reading a miner."""

    async def test_nothing_needless_is_sent(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Nothing is sent the firmware does not need, or refuses."""
        assert client.board is None
        snapshot = await client.read()
        assert snapshot.hashing.hashrate == 1068.4
        assert client.board is not None
        assert client.board.frequencies == (400, 490, 525, 550, 600, 625)
        assert device.seen == [INFO, ASIC]
        for request in device.requests:
            assert request.headers["connection"] == "close"
            assert not {"origin", "cookie", "authorization"} & request.headers.keys()
            # The header limit of the oldest firmware.
            assert sum(len(k) + len(v) + 4 for k, v in request.headers.items()) < 400

    async def test_the_board_is_asked_about_once(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Not with every poll, but again after a restart or an update."""
        device.info(
            GAMMA,
            GAMMA | {"uptimeSeconds": 7210},
            GAMMA | {"uptimeSeconds": 12},
            GAMMA | {"uptimeSeconds": 22},
            GAMMA | {"uptimeSeconds": 60, "version": "v2.13.0"},
            GAMMA | {"uptimeSeconds": 70, "version": "v2.13.0"},
        )
        for _ in range(6):
            await client.read()
        assert device.seen == [INFO, ASIC, INFO, INFO, ASIC, INFO, INFO, ASIC, INFO]

    @pytest.mark.parametrize("absent", [NOT_FOUND, REDIRECT])
    async def test_a_missing_route_is_not_asked_for_again(
        self, client: MinerClient, device: ScriptedDevice, absent: bytes
    ) -> None:
        """Old AxeOS and NerdOS redirect, newer AxeOS says 404."""
        device.on("GET", "/api/system/asic", absent)
        for _ in range(3):
            await client.read()
        assert device.seen == [INFO, ASIC, INFO, INFO]
        assert client.board is not None
        assert client.board.model == "Gamma"

    @pytest.mark.parametrize("lost", [RESET, HANG_UP, http(b"{"), http(b"", "500 Oh")])
    async def test_a_lost_reply_about_the_board_is_asked_for_again(
        self, client: MinerClient, device: ScriptedDevice, lost: bytes
    ) -> None:
        """A few times only, and the reading is not lost with it."""
        device.on("GET", "/api/system/asic", lost)
        for _ in range(5):
            assert (await client.read()).hashing.hashrate == 1068.4
        assert device.seen == [INFO, ASIC] * 3 + [INFO, INFO]

    async def test_a_lost_reply_after_a_restart_keeps_what_was_known(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """The limits of the board do not come and go."""
        asic = GAMMA_ASIC | {"frequencyOptions": [400, 690]}
        device.on("GET", "/api/system/asic", json_reply(asic), http(b"{"))
        device.info(GAMMA, GAMMA | {"uptimeSeconds": 3})
        await client.read()
        await client.read()
        assert device.seen == [INFO, ASIC, INFO, ASIC]
        assert client.board is not None
        assert client.board.frequencies == (400, 690)

    @pytest.mark.parametrize(
        "other",
        [
            {"ASICModel": "BM1366", "asicCount": 6, "voltageOptions": [1100, 1300]},
            {"ASICModel": "BM1368", "deviceModel": "Supra", "voltageOptions": [1300]},
            {"ASICModel": "BM1397", "voltageOptions": [1100, 1400]},
        ],
    )
    async def test_lists_of_another_miner_that_answers_in_between(
        self, client: MinerClient, device: ScriptedDevice, other: dict[str, object]
    ) -> None:
        """Two share an address: the lists are asked for again, and never mixed up."""
        foreign, own = json_reply(other), json_reply(GAMMA_ASIC)
        device.on("GET", "/api/system/asic", foreign, foreign, own)
        for _ in range(2):
            await client.read()
            assert client.board is not None
            assert client.board.model == "Gamma"
            assert client.board.asic_count == 1
            limits = client.board.limits(extended=False)
            assert limits is not None
            assert limits.core_voltage[1] <= 1250
        await client.read()
        assert client.board.frequencies == (400, 490, 525, 550, 600, 625)
        assert device.seen == [INFO, ASIC] * 3

    async def test_refused_in_between(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """A 401 is never a missing route."""
        device.on("GET", "/api/system/asic", http(b"Unauthorized", "401 Unauthorized"))
        with pytest.raises(NetworkRefusedError):
            await client.read()

    async def test_an_address_that_changed_hands(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Every reading says anew what it is."""
        device.info(GAMMA, NERD)
        assert (await client.read()).identity.family is Family.AXEOS
        device.on("GET", "/api/system/asic", REDIRECT)
        assert (await client.read()).identity.family is Family.NERDOS
        assert client.board is not None
        assert client.board.model == "NerdQAxe++"

    async def test_one_request_in_flight(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """The web server of a miner is a single task."""
        device.delay = 0.01
        device.on("POST", "/api/system/restart", http())
        await asyncio.gather(
            *(client.read() for _ in range(4)), client.execute(Command.RESTART)
        )
        assert len(device.requests) == 7
        assert device.most_at_once == 1

    @pytest.mark.parametrize("broken", [RESET, HANG_UP, http(b'{"hashRate":'), http()])
    async def test_once_broken_is_tried_again(
        self, client: MinerClient, device: ScriptedDevice, broken: bytes
    ) -> None:
        """Miners drop idle and excess sockets."""
        device.info(broken, GAMMA)
        assert (await client.read()).hashing.hashrate == 1068.4

    @pytest.mark.parametrize("broken", [RESET, HANG_UP])
    async def test_every_reply_broken(
        self, client: MinerClient, device: ScriptedDevice, broken: bytes
    ) -> None:
        """Then it is an error, and the same one as for nobody there."""
        device.info(broken)
        with pytest.raises(CannotConnectError):
            await client.read()
        assert device.seen == [INFO, INFO]

    async def test_without_retry(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Anyone who asks many addresses can do without."""
        device.info(http(b'{"hashRate":'), GAMMA)
        with pytest.raises(BadReplyError):
            await client.read(retry=False)
        assert device.seen == [INFO]

    async def test_nobody_there(
        self, session: ClientSession, unused_tcp_port: int
    ) -> None:
        """A refused connection is its own error."""
        with pytest.raises(CannotConnectError):
            await MinerClient(session, "127.0.0.1", unused_tcp_port).read()

    @pytest.mark.parametrize("host", ["", "two words", "x" * 300, "a..b", "[", "é%"])
    async def test_no_address_at_all(self, session: ClientSession, host: str) -> None:
        """What a person may type by mistake."""
        with pytest.raises(CannotConnectError):
            await MinerClient(session, host, timeout=2).read()

    async def test_a_miner_that_never_answers_times_out(
        self, session: ClientSession, device: ScriptedDevice
    ) -> None:
        """A miner that accepts and never answers has timed out."""
        device.info(SILENCE)
        client = MinerClient(session, "127.0.0.1", device.port, timeout=0.05)
        with pytest.raises(TimedOutError):
            await client.read(retry=False)

    async def test_silence_in_the_middle_of_a_body(
        self, session: ClientSession, device: ScriptedDevice
    ) -> None:
        """The time limit is for the whole reply."""
        device.keep_open = True
        device.info(http(b"{}").replace(b"Length: 2", b"Length: 2000"))
        client = MinerClient(session, "127.0.0.1", device.port, timeout=0.05)
        with pytest.raises(TimedOutError):
            await client.read(retry=False)

    async def test_a_body_cut_off(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """The firmware stops sending after 5 s."""
        device.info(json_reply(GAMMA)[:-500])
        with pytest.raises(CannotConnectError):
            await client.read()

    @pytest.mark.parametrize(
        "content_type", ["text/html", "text/plain; charset=latin-1", "image/png", "x"]
    )
    async def test_the_content_type_does_not_matter(
        self, client: MinerClient, device: ScriptedDevice, content_type: str
    ) -> None:
        """What is JSON is read as JSON."""
        reply = json_reply(GAMMA).replace(b"application/json", content_type.encode())
        device.info(reply)
        assert (await client.read()).hashing.hashrate == 1068.4

    async def test_a_reply_in_chunks_is_read(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """NerdOS sends chunks of 2 kB and closes."""
        body = json_reply(NERD).partition(b"\r\n\r\n")[2]
        chunks = [body[i : i + 2048] for i in range(0, len(body), 2048)]
        device.info(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"".join(f"{len(c):x}\r\n".encode() + c + b"\r\n" for c in chunks)
            + b"0\r\n\r\n"
        )
        assert (await client.read()).hashing.hashrate == 4890.5

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (http(b"Unauthorized", "401 Unauthorized"), NetworkRefusedError),
            (
                http(
                    b"<html>",
                    "401 Unauthorized",
                    WWW_Authenticate='Basic realm="router"',
                ),
                ReadRefusedError,
            ),
            (http(b"<!doctype html><p>Log in"), WebPageError),
            (http(b"<p>" + b"x" * 1_000_000), WebPageError),
            (http(b"\n pong"), NotAMinerError),
            (http(b'[{"hashRate":1}]'), NotAMinerError),
            (http(b'"hashRate"'), NotAMinerError),
            (http(b'{"temperature": 21.5}'), NotAMinerError),
            (REDIRECT, RedirectedError),
            (http(b"", "307 Temporary Redirect"), RedirectedError),
            (http(b"", "304 Not Modified"), RedirectedError),
            (NOT_FOUND, NotAMinerError),
            (http(b"<h1>Gone", "410 Gone"), NotAMinerError),
            (http(b"", "431 Request Header Fields Too Large"), ReadRefusedError),
            (http(b"<h1>Forbidden", "403 Forbidden"), ReadRefusedError),
            (http(b'{"error":"forbidden"}', "403 Forbidden"), ReadRefusedError),
            (http(b"", "407 Proxy Authentication Required"), ReadRefusedError),
            (http(b"<p>TLS", "400 Bad Request"), ReadRefusedError),
            (http(b"<p>In", "511 Network Authentication Required"), ReadRefusedError),
            (http(b"", "500 Internal Server Error"), BadReplyError),
            (http(b"busy", "503 Service Unavailable"), BadReplyError),
            (http(b'{"a":"' + b"x" * 10_000_000), BadReplyError),
            (http(b"   "), BadReplyError),
            (json_reply({"identity": {}, "miner": {}}), UnsupportedFirmwareError),
            (b"SSH-2.0-OpenSSH_9.9\r\n", NotHttpError),
            (b"HTTP/1.1 20", CannotConnectError),
            (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, CannotConnectError),
            (b"HTTP/1.1 999999 OK\r\n\r\n", CannotConnectError),
            (b"\x16\x03\x01\x02\x00", NotHttpError),
            (b"\x15\x03\x01\x00\x02\x02\x46", NotHttpError),
        ],
    )
    async def test_everything_else_has_its_own_error(
        self,
        client: MinerClient,
        device: ScriptedDevice,
        reply: Reply,
        error: type[MinerError],
    ) -> None:
        """Each asks something else of the person."""
        device.info(reply)
        with pytest.raises(error) as raised:
            await client.read()
        assert type(raised.value) is error or error is CannotConnectError
        assert str(raised.value)

    @pytest.mark.parametrize("location", ["/elsewhere", "http://127.0.0.1:1/x", "//x/"])
    async def test_redirects_are_not_followed(
        self, client: MinerClient, device: ScriptedDevice, location: str
    ) -> None:
        """Anyone who answers in a miner's place sends us nowhere else."""
        device.info(http(b"", "302 Temporary Redirect", Location=location))
        with pytest.raises(RedirectedError) as raised:
            await client.read()
        assert raised.value.target == location
        assert set(device.seen) == {INFO}

    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "made up"])
    async def test_a_compressed_bomb_is_never_inflated(
        self, client: MinerClient, device: ScriptedDevice, encoding: str
    ) -> None:
        """Compression was not asked for."""
        bomb = b'{"hashRate":1,' + b" " * 50_000_000
        body = zlib.compress(bomb, 9) if encoding == "deflate" else gzip.compress(bomb)
        assert len(body) < 256 * 1024
        device.info(http(body, Content_Encoding=encoding))
        with pytest.raises(NotAMinerError):
            await client.read()

    async def test_every_request_has_its_own_connection(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """A server may ignore the wish to close, and drop the socket later.

        A restart sent into a dead connection would look like one that succeeded.
        """
        device.on("POST", "/api/system/restart", http())
        for device.keep_open in (True, False):
            device.requests.clear()
            await client.read()
            await client.execute(Command.RESTART)
            await client.read()
            assert device.seen.count("POST /api/system/restart") == 1
            connections = [request.connection for request in device.requests]
            assert len(set(connections)) == len(connections)

    async def test_the_url_is_that_of_the_web_interface(
        self, session: ClientSession
    ) -> None:
        """The address of the miner's own web interface."""
        urls = {
            (host, port): str(MinerClient(session, host, port).url)
            for host, port in (
                ("192.168.1.5", 80),
                ("bitaxe.local", 8080),
                ("fe80::1", 80),
            )
        }
        assert list(urls.values()) == [
            "http://192.168.1.5",
            "http://bitaxe.local:8080",
            "http://[fe80::1]",
        ]


class TestProbe:
    """Finding out what is at an address."""

    async def test_exactly_one_request(
        self, session: ClientSession, device: ScriptedDevice
    ) -> None:
        """Where there is no miner, or it fails."""
        device.info(http(b"{"), RESET)
        with pytest.raises(BadReplyError):
            await MinerClient.probe(session, "127.0.0.1", device.port)
        assert device.seen == [INFO]
        with pytest.raises(CannotConnectError):
            await MinerClient.probe(session, "127.0.0.1", device.port)
        assert device.seen == [INFO, INFO]

    @pytest.mark.parametrize(
        ("asic", "model", "count"),
        [
            (json_reply({"deviceModel": "LV08", "asicCount": 9}), "LV08", 9),
            (NOT_FOUND, "Hex", 6),
            (RESET, "Hex", 6),
        ],
    )
    async def test_what_only_the_board_itself_reports(
        self,
        session: ClientSession,
        device: ScriptedDevice,
        asic: bytes,
        model: str,
        count: int,
    ) -> None:
        """A miner is known by the same model before and after it is added."""
        device.info(GAMMA | {"boardVersion": "302", "ASICModel": "BM1366"})
        device.on("GET", "/api/system/asic", asic)
        snapshot = await MinerClient.probe(session, "127.0.0.1", device.port)
        assert snapshot.identity.mac == "AA:BB:CC:01:02:03"
        assert (snapshot.identity.model, snapshot.identity.asic_count) == (model, count)
        assert device.seen == [INFO, ASIC]

    async def test_its_own_patience(
        self, session: ClientSession, device: ScriptedDevice
    ) -> None:
        """A scan does not wait as long as a poll."""
        device.info(SILENCE)
        with pytest.raises(TimedOutError):
            await MinerClient.probe(session, "127.0.0.1", device.port, timeout=0.05)


class TestApply:
    """Changing settings."""

    async def test_the_reading_that_confirms_is_returned(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """The reading that confirms is returned, however late it comes."""
        device.info(GAMMA, GAMMA, GAMMA | {"frequency": 490, "coreVoltage": 1100})
        device.on("PATCH", "/api/system", http())
        snapshot = await client.apply(
            Settings(frequency=490, core_voltage=1100, auto_fan=True)
        )
        assert snapshot.frequency == 490
        assert device.seen == [INFO, ASIC, PATCH, INFO, INFO]
        assert device.requests[2].json == {"frequency": 490, "coreVoltage": 1100}

    async def test_nothing_to_change(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Then nothing is written."""
        await client.apply(Settings(frequency=525))
        assert device.seen == [INFO, ASIC]

    @pytest.mark.parametrize(
        "reply",
        [
            http(b"Wrong API input", "400 Bad Request", "text/html"),
            http(b"Wrong API input", "500 Internal Server Error", "text/html"),
        ],
    )
    async def test_rejected_in_the_firmwares_words(
        self, client: MinerClient, device: ScriptedDevice, reply: bytes
    ) -> None:
        """They are all a person has to go by."""
        device.on("PATCH", "/api/system", reply)
        with pytest.raises(SettingRejectedError) as raised:
            await client.apply(Settings(frequency=490))
        assert raised.value.reason == "Wrong API input"

    async def test_rejected_without_words(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Then the status has to do."""
        device.on("PATCH", "/api/system", http(b"", "400 Bad Request"))
        with pytest.raises(SettingRejectedError, match="HTTP 400"):
            await client.apply(Settings(frequency=490))

    async def test_an_ignored_write_says_what_the_miner_reports(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """What the miner reports instead is part of the error."""
        device.on("PATCH", "/api/system", http())
        with pytest.raises(NotConfirmedError) as raised:
            await client.apply(Settings(frequency=490, core_voltage=1100))
        assert raised.value.reported == {
            "core_voltage": (1100, 1150),
            "frequency": (490, 525),
        }
        assert raised.value.summary == (
            "core_voltage: wanted 1100, miner reports 1150, "
            "frequency: wanted 490, miner reports 525"
        )

    async def test_an_ignored_pool_gives_away_nothing(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Neither wallet nor password get into a message."""
        device.on("PATCH", "/api/system", http())
        pool = PoolSettings(url="n.example", port=9, user="me", password="secret")
        device.info(GAMMA | {"fallbackStratumURL": ""})
        with pytest.raises(NotConfirmedError) as raised:
            await client.apply(Settings(primary_pool=pool, fallback_pool=pool))
        assert raised.value.summary == (
            "fallback_pool: wanted n.example:9, miner reports nothing, "
            "primary_pool: wanted n.example:9, miner reports pool.example:3333"
        )
        assert "secret" not in repr(raised.value.reported)

    async def test_rounded_by_the_firmware(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """It stored what was wanted, and shows the nearest whole number."""
        device.info(GAMMA, GAMMA | {"frequency": 491})
        device.on("PATCH", "/api/system", http())
        snapshot = await client.apply(Settings(frequency=490.625))
        assert snapshot.frequency == 491
        assert device.requests[2].json == {"frequency": 490.625}

    async def test_steps_of_the_firmware(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """It stored what it makes of that, which does for who knows of steps."""
        wanted = Settings(frequency=490, core_voltage=1030)
        device.info(GAMMA, GAMMA | {"frequency": 487.5, "coreVoltage": 1025})
        device.on("PATCH", "/api/system", http())
        snapshot = await client.apply(wanted, steps=True)
        assert (snapshot.frequency, snapshot.core_voltage) == (487.5, 1025)
        device.on("PATCH", "/api/system", http())
        with pytest.raises(NotConfirmedError):
            await client.apply(wanted)

    async def test_a_setting_that_stayed_is_no_step(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """The firmware took the frequency alone, and the voltage was near already."""
        device.info(GAMMA, GAMMA | {"frequency": 490})
        device.on("PATCH", "/api/system", http())
        voltage = GAMMA["coreVoltage"]
        with pytest.raises(NotConfirmedError) as raised:
            await client.apply(
                Settings(frequency=490, core_voltage=voltage - 10), steps=True
            )
        assert set(raised.value.reported) == {"core_voltage"}

    async def test_a_reply_that_is_lost_after_the_change(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """What the miner reports decides."""
        device.info(GAMMA, GAMMA | {"frequency": 490})
        device.on("PATCH", "/api/system", RESET)
        snapshot = await client.apply(Settings(frequency=490))
        assert snapshot.frequency == 490

    async def test_a_request_that_never_arrives(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """It was not ignored by the firmware: the connection is the trouble."""
        device.on("PATCH", "/api/system", HANG_UP)
        with pytest.raises(CannotConnectError):
            await client.apply(Settings(frequency=490))

    async def test_a_miner_that_dies_of_it(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Neither confirmed nor refuted: it cannot be reached."""
        device.info(GAMMA, RESET)
        device.on("PATCH", "/api/system", http())
        with pytest.raises(CannotConnectError):
            await client.apply(Settings(frequency=490))

    async def test_otp(self, client: MinerClient, device: ScriptedDevice) -> None:
        """Nothing is sent that the miner would refuse."""
        device.info(NERD | {"otp": True})
        with pytest.raises(OtpRequiredError):
            await client.apply(Settings(fan_speed=50))
        assert PATCH not in device.seen

    async def test_otp_that_was_just_switched_on(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """The miner says so in its own way."""
        device.info(NERD)
        for words in (b"OTP/Session required", b"blocked for 5 minutes"):
            device.on("PATCH", "/api/system", http(words, "401 Unauthorized"))
            with pytest.raises(OtpRequiredError):
                await client.apply(Settings(fan_speed=50))

    async def test_outside_the_limits(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Refused before anything is written."""
        with pytest.raises(OutOfRangeError):
            await client.apply(Settings(frequency=650))
        with pytest.raises(UnsupportedSettingError):
            await client.apply(Settings(display_flipped=True))
        assert PATCH not in device.seen

    async def test_pools_and_settings(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """From v2.15 on pools are written one by one, then the rest."""
        pools = GAMMA_2_15["pools"]
        assert isinstance(pools, list)
        new = {"stratumURL": "n.example", "stratumPort": 9, "stratumUser": "me"}
        device.info(
            GAMMA_2_15,
            GAMMA_2_15 | {"temptarget": 50, "pools": [pools[0] | new, pools[1]]},
        )
        put: list[Received] = []

        def slot(request: Received) -> bytes:
            put.append(request)
            return json_reply({"message": "Pool updated successfully"})

        device.on("PUT", "/api/system/pools/2", slot)
        device.on("PATCH", "/api/system", http())
        pool = PoolSettings(url="n.example", port=9, user="me")
        await client.apply(Settings(primary_pool=pool, target_temperature=50))
        assert device.seen[2:4] == ["PUT /api/system/pools/2", PATCH]
        body = put[0].json
        assert isinstance(body, dict)
        assert body["stratumPassword"] == "*****"
        assert body["stratumTLS"] == 1
        assert body["stratumExtranonceSubscribe"] is True


class TestExecute:
    """Telling a miner to do something."""

    async def test_a_miner_is_read_before_its_first_command(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """A miner not read yet is read first, to know what it can do."""
        device.on("POST", "/api/system/identify", json_reply({"message": "Hi!"}))
        await client.execute(Command.IDENTIFY)
        assert device.seen == [INFO, ASIC, "POST /api/system/identify"]
        assert device.requests[-1].body == b""

    async def test_unknown_command(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """Nothing is tried out on a miner."""
        with pytest.raises(UnsupportedSettingError) as raised:
            await client.execute(Command.PAUSE)
        assert raised.value.what == "pause"
        assert device.seen == [INFO, ASIC]

    @pytest.mark.parametrize("reply", [RESET, HANG_UP, http(b"System will restart")])
    async def test_a_restart_may_end_the_connection(
        self, client: MinerClient, device: ScriptedDevice, reply: bytes
    ) -> None:
        """The miner is gone before its reply is (ESP-Miner issue 481)."""
        device.on("POST", "/api/system/restart", reply)
        await client.execute(Command.RESTART)
        assert device.seen.count("POST /api/system/restart") == 1

    async def test_a_restart_that_never_got_there(
        self, session: ClientSession, device: ScriptedDevice
    ) -> None:
        """A refused connection or silence is no success."""
        device.info(GAMMA)
        client = MinerClient(session, "127.0.0.1", device.port, timeout=0.5)
        await client.read()
        device.on("POST", "/api/system/restart", SILENCE)
        with pytest.raises(TimedOutError):
            await client.execute(Command.RESTART)
        await device.__aexit__(None, None, None)
        with pytest.raises(CannotConnectError):
            await client.execute(Command.RESTART)

    async def test_a_lost_command(
        self, client: MinerClient, device: ScriptedDevice
    ) -> None:
        """To pause twice is to pause, but to identify twice is not to."""
        device.info(GAMMA_2_15)
        device.on("POST", "/api/system/pause", RESET, json_reply({}))
        await client.execute(Command.PAUSE)
        assert device.seen.count("POST /api/system/pause") == 2
        device.on("POST", "/api/system/identify", RESET, json_reply({}))
        with pytest.raises(CannotConnectError):
            await client.execute(Command.IDENTIFY)
        assert device.seen.count("POST /api/system/identify") == 1

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (NOT_FOUND, UnsupportedSettingError),
            (REDIRECT, UnsupportedSettingError),
            (http(b"no", "409 Conflict"), SettingRejectedError),
            (http(b"<h1>Forbidden", "403 Forbidden"), SettingRejectedError),
            (
                http(b"", "401 Unauthorized", WWW_Authenticate='Basic realm="x"'),
                SettingRejectedError,
            ),
            (http(b"Unauthorized", "401 Unauthorized"), NetworkRefusedError),
            (http(b"OTP/Session required", "401 Unauthorized"), OtpRequiredError),
        ],
    )
    async def test_refused_command(
        self,
        client: MinerClient,
        device: ScriptedDevice,
        reply: bytes,
        error: type[MinerError],
    ) -> None:
        """As with settings."""
        device.on("POST", "/api/system/identify", reply)
        with pytest.raises(error) as raised:
            await client.execute(Command.IDENTIFY)
        assert "<" not in str(raised.value)
