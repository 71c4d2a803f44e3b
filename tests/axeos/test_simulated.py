"""The client against every simulated miner, over real sockets."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.bitaxe.axeos import (
    CannotConnectError,
    Command,
    Family,
    MinerClient,
    MiningState,
    NetworkRefusedError,
    NotConfirmedError,
    OtpRequiredError,
    PoolSettings,
    SettingRejectedError,
    Settings,
    TimedOutError,
    UnsupportedFirmwareError,
    UnsupportedSettingError,
)
from scripts.simulator import PRESETS, Clock, MinerServer, SimulatedMiner

from .plausible import assert_plausible

type Start = Callable[..., Awaitable[tuple[SimulatedMiner, MinerClient]]]

SUPPORTED = sorted(name for name, spec in PRESETS.items() if spec.dialect != "nmaxe")
WITHOUT_OTP = [name for name in SUPPORTED if PRESETS[name].otp is None]
FAMILIES = {
    "axeos": Family.AXEOS,
    "nerdos": Family.NERDOS,
    "forge": Family.FORGE_OS,
}


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still unless a test moves it."""
    return Clock.manual()


@pytest.fixture
async def start(session: ClientSession, clock: Clock) -> AsyncIterator[Start]:
    """Start simulated miners whose writes show at once.

    `live` ones are on a fast clock: old firmware shows a manual fan speed only once the
    fan turns with it.
    """
    async with AsyncExitStack() as stack:

        async def start(
            preset: str, *, timeout: float = 5, live: bool = False, **changes: Any
        ) -> tuple[SimulatedMiner, MinerClient]:
            spec = replace(PRESETS[preset], **({"write_delay": 0.0} | changes))
            miner = SimulatedMiner(spec, Clock(speed=200) if live else clock)
            server = await stack.enter_async_context(MinerServer(miner))
            client = MinerClient(
                session,
                server.host,
                server.port,
                timeout=timeout,
                confirm_interval=0.01,
                confirm_limit=5 if live else 0.05,
            )
            return miner, client

        yield start


def writes(miner: SimulatedMiner) -> list[Any]:
    """Return the bodies of everything written."""
    return [
        request.json for request in miner.requests if request.method in ("PATCH", "PUT")
    ]


@pytest.mark.parametrize("preset", SUPPORTED)
async def test_full_reading(start: Start, preset: str) -> None:
    """Every preset gives a full reading."""
    miner, client = await start(preset)
    snapshot = await client.read()
    assert_plausible(snapshot)
    spec = miner.spec
    assert snapshot.state is MiningState.MINING
    assert snapshot.identity.family is FAMILIES[spec.dialect]
    assert snapshot.identity.asic_count == spec.hardware.chips
    assert snapshot.identity.firmware_version == spec.firmware
    assert snapshot.identity.mac in (spec.mac_address, None)
    assert snapshot.operating_point is not None
    assert (
        snapshot.operating_point.frequency,
        snapshot.operating_point.core_voltage,
    ) == spec.start_point
    assert snapshot.expected_ratio is not None
    assert 70 < snapshot.expected_ratio < 130
    assert snapshot.efficiency is not None
    assert 8 < snapshot.efficiency < 80
    assert snapshot.cooling.asic_temperature is not None
    assert snapshot.pools.primary is not None
    assert snapshot.shares.best_difficulty
    assert client.board is not None
    assert client.board.limits(extended=False) is not None


@pytest.mark.parametrize("preset", WITHOUT_OTP)
async def test_every_setting(start: Start, preset: str) -> None:
    """Whatever a miner says it can change, it changes and confirms."""
    miner, client = await start(preset, live=True)
    snapshot = await client.read()
    assert client.board is not None
    limits = client.board.limits(extended=False)
    assert limits is not None
    wanted: dict[str, Any] = {
        "frequency": client.board.frequencies[0],
        "core_voltage": client.board.voltages[1],
        "auto_fan": False,
        "fan_speed": 64,
        "minimum_fan_speed": 31,
        "target_temperature": 57,
        "overheat_temperature": 72,
        "display_timeout": 3,
        "display_rotation": 180,
        "display_inverted": not snapshot.system.display_inverted,
        "display_flipped": not snapshot.system.display_flipped,
        "primary_pool": PoolSettings(url="a.example", port=1111, user="wallet.a"),
        "fallback_pool": PoolSettings(url="b.example", port=2222, user="wallet.b"),
    }
    able = {
        name: value
        for name, value in wanted.items()
        if name in snapshot.capabilities.settings
    }
    assert {"frequency", "core_voltage", "auto_fan", "fan_speed"} <= able.keys()
    settings = Settings(**able)
    confirmed = await client.apply(settings)
    assert settings.unconfirmed(confirmed) == {}
    patches = [request for request in miner.requests if request.method == "PATCH"]
    assert len(patches) == 1
    assert {"frequency", "coreVoltage"} <= patches[0].json.keys()
    count = len(writes(miner))
    await client.apply(settings)
    assert len(writes(miner)) == count
    await client.apply(replace(settings, fan_speed=65, auto_fan=None))
    (key,) = writes(miner)[-1]
    assert key == snapshot.capabilities.fan_key
    for name in wanted.keys() - able.keys():
        with pytest.raises(UnsupportedSettingError):
            await client.apply(Settings(**{name: wanted[name]}))


@pytest.mark.parametrize("preset", ["ultra-2.4", "gamma-2.10", "nerdaxegamma-1.0.29"])
async def test_the_hidden_manual_speed_of_old_firmware(
    start: Start, preset: str
) -> None:
    """Set while the fan is automatic, it shows once it is not."""
    _, client = await start(preset, live=True)
    before = await client.read()
    assert before.cooling.auto_fan is True
    assert before.cooling.fan_speed_setting is None
    await client.apply(Settings(fan_speed=71))
    manual = await client.apply(Settings(auto_fan=False, fan_speed=72))
    assert manual.cooling.fan_speed_setting == 72


def posts(miner: SimulatedMiner) -> list[str]:
    """Return everything a miner was asked to do."""
    return [item.path for item in miner.requests if item.method == "POST"]


@pytest.mark.parametrize("preset", WITHOUT_OTP)
async def test_every_command(start: Start, preset: str) -> None:
    """Whatever a miner can be asked, it does; the rest is refused here."""
    miner, client = await start(preset)
    abilities = (await client.read()).capabilities
    can = {
        Command.RESTART: True,
        Command.IDENTIFY: abilities.identify,
        Command.PAUSE: abilities.pause or abilities.shutdown,
        Command.RESUME: abilities.pause or abilities.shutdown,
        Command.DISMISS_BLOCK: abilities.dismiss_block,
    }
    for command in (Command.IDENTIFY, Command.PAUSE, Command.DISMISS_BLOCK):
        if can[command]:
            await client.execute(command)
        else:
            count = len(posts(miner))
            with pytest.raises(UnsupportedSettingError):
                await client.execute(command)
            assert len(posts(miner)) == count
    if can[Command.PAUSE]:
        paused = await client.read()
        assert paused.state is MiningState.PAUSED
        assert paused.hashing.hashrate == 0
    await client.execute(Command.RESTART)


async def test_pause_and_resume(start: Start, clock: Clock) -> None:
    """Averages are not believed meanwhile, and the hashrate returns."""
    _, client = await start("gamma-2.15")
    await client.execute(Command.PAUSE)
    clock.advance(60)
    paused = await client.read()
    assert paused.state is MiningState.PAUSED
    assert paused.cooling.asic_temperature is None
    assert paused.hashing.hashrate_10m is None
    await client.execute(Command.RESUME)
    clock.advance(60)
    assert (await client.read()).state is MiningState.MINING


async def test_a_shutdown_of_nerdos_ends_with_a_restart(
    start: Start, clock: Clock
) -> None:
    """To resume is to restart."""
    _, client = await start("nerdqaxepp-1.0.36")
    await client.execute(Command.PAUSE)
    assert (await client.read()).state is MiningState.PAUSED
    await client.execute(Command.RESUME)
    clock.advance(3)
    with pytest.raises(CannotConnectError):
        await client.read()
    clock.advance(120)
    assert (await client.read()).state is MiningState.MINING


async def test_a_restart(start: Start, clock: Clock) -> None:
    """Gone, starting, mining; then the board is asked about anew."""
    miner, client = await start("gamma-2.12")
    await client.read()
    await client.execute(Command.RESTART)
    clock.advance(3)
    with pytest.raises(CannotConnectError):
        await client.read()
    clock.advance(15)
    starting = await client.read()
    assert starting.state is MiningState.STARTING
    assert starting.cooling.asic_temperature is None
    assert starting.system.reset_reason == "Software reset via esp_restart"
    clock.advance(60)
    assert (await client.read()).state is MiningState.MINING
    asked = [request.path for request in miner.requests]
    assert asked.count("/api/system/asic") == 2


@pytest.mark.parametrize("preset", ["gamma-2.12", "gamma-2.15", "suprahex-2.14"])
async def test_overheating(start: Start, clock: Clock, preset: str) -> None:
    """The cool-down is seen although the firmware hides it, and so is its trace."""
    miner, client = await start(preset)
    before = await client.read()
    miner.faults.fan_failure = True
    miner.faults.ambient_offset = 45
    seen = []
    for _ in range(240):
        clock.advance(5)
        seen.append(await client.read())
        if seen[-1].state is MiningState.OVERHEATED:
            break
    hot = seen[-1]
    assert hot.state is MiningState.OVERHEATED
    assert hot.hashing.hashrate == 0
    assert hot.faults.overheated is True
    miner.faults.clear()
    for _ in range(240):
        clock.advance(5)
        after = await client.read()
        if after.state is MiningState.MINING:
            break
    assert after.frequency is not None
    assert before.frequency is not None
    assert after.frequency < before.frequency
    assert after.cooling.auto_fan is False


async def test_clearing_a_latched_overheat(start: Start, clock: Clock) -> None:
    """Up to v2.10 the miner stays slow until a person sets it right, in one go."""
    miner, client = await start("gamma-2.10")
    await client.read()
    miner.faults.ambient_offset = 60
    miner.faults.fan_failure = True
    for _ in range(120):
        clock.advance(10)
        if miner.overheated or miner.info().get("overheat_mode"):
            break
    miner.faults.clear()
    clock.advance(300)
    latched = await client.read()
    assert latched.state is MiningState.OVERHEATED
    assert latched.hashing.hashrate
    assert latched.operating_point is not None
    assert latched.operating_point.frequency == 50
    settings = Settings(
        clear_overheat=True, frequency=525, core_voltage=1150, auto_fan=True
    )
    cleared = await client.apply(settings)
    assert cleared.state is MiningState.MINING
    assert writes(miner) == [
        {"frequency": 525, "coreVoltage": 1150, "autofanspeed": 1, "overheat_mode": 0}
    ]


async def test_faults(start: Start, clock: Clock) -> None:
    """A fault of regulator or hardware stops mining and is named."""
    miner, client = await start("gamma-2.15")
    miner.faults.power_fault = True
    clock.advance(60)
    broken = await client.read()
    assert broken.faults.power == "Power Fault Detected."
    assert broken.state is MiningState.FAULT
    assert broken.hashing.hashrate == 0
    miner, client = await start("gamma-2.15")
    miner.faults.hardware_fault = "Fan Control Failed (Auto)"
    clock.advance(60)
    broken = await client.read()
    assert broken.faults.hardware == "Fan Control Failed (Auto)"
    assert broken.state is MiningState.FAULT


async def test_fallback_pool(start: Start, clock: Clock) -> None:
    """Which pool is in use shows."""
    miner, client = await start("gamma-2.15")
    assert (await client.read()).pools.using_fallback is False
    miner.faults.pool_down = True
    clock.advance(300)
    assert (await client.read()).pools.using_fallback is True


async def test_writes_that_fail(start: Start) -> None:
    """Refused in the firmware's words, or ignored without any."""
    miner, client = await start("gamma-2.12")
    await client.read()
    miner.faults.reject_writes = True
    with pytest.raises(SettingRejectedError) as rejected:
        await client.apply(Settings(frequency=490))
    assert rejected.value.reason == "Wrong API input"
    miner.faults.reject_writes = False
    miner.faults.ignore_writes = True
    with pytest.raises(NotConfirmedError) as ignored:
        await client.apply(Settings(frequency=490))
    assert ignored.value.reported == {"frequency": (490, 525)}


async def test_a_write_that_takes_its_time(session: ClientSession) -> None:
    """Firmware from v2.11 on stores asynchronously."""
    miner = SimulatedMiner(PRESETS["gamma-2.12"], Clock(speed=20))
    async with MinerServer(miner) as server:
        client = MinerClient(
            session, server.host, server.port, confirm_interval=0.01, confirm_limit=5
        )
        snapshot = await client.apply(Settings(target_temperature=55))
    assert snapshot.cooling.target_temperature == 55


async def test_otp(start: Start) -> None:
    """Nothing is sent to a miner that would refuse it."""
    miner, client = await start("nerdqaxepp-otp")
    assert (await client.read()).capabilities.otp
    with pytest.raises(OtpRequiredError):
        await client.apply(Settings(fan_speed=50))
    assert writes(miner) == []
    with pytest.raises(OtpRequiredError):
        await client.execute(Command.PAUSE)


async def test_network_faults(start: Start) -> None:
    """Each ends in its own error, or in none."""
    miner, client = await start("gamma-2.12", timeout=0.5)
    miner.faults.refuse_network = True
    with pytest.raises(NetworkRefusedError):
        await client.read()
    miner.faults.refuse_network = False
    miner.faults.reset_every = 2
    for _ in range(4):
        await client.read()
    miner.faults.reset_every = 1
    with pytest.raises(CannotConnectError):
        await client.read()
    miner.faults.reset_every = 0
    miner.faults.truncate_body = True
    with pytest.raises(CannotConnectError):
        await client.read()
    miner.faults.truncate_body = False
    miner.faults.wrong_content_type = True
    assert (await client.read()).hashing.hashrate
    miner.faults.stall_seconds = 30
    with pytest.raises(TimedOutError):
        await client.read(retry=False)
    miner.faults.stall_seconds = 0
    miner.faults.offline = True
    with pytest.raises(CannotConnectError):
        await client.read()


async def test_nmaxe_is_refused(start: Start) -> None:
    """Politely, by name."""
    _, client = await start("nmaxe")
    with pytest.raises(UnsupportedFirmwareError, match="NMAxe"):
        await client.read()


async def test_what_every_request_looks_like(start: Start) -> None:
    """No Origin, no keep-alive, one at a time."""
    miner, client = await start("nerdqaxepp-1.1.0")
    await client.read()
    await client.apply(Settings(fan_speed=55))
    await client.execute(Command.RESTART)
    for request in miner.requests:
        assert "origin" not in request.headers
        assert request.headers["connection"] == "close"
    assert miner.peak_requests == 1
