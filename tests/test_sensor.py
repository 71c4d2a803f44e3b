"""Sensors: what they show, and when they write it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from homeassistant.components.sensor import SensorStateClass
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import MiningState, Snapshot
from custom_components.bitaxe.sensor.analysis import ANALYSIS

from .conftest import POLL_SECONDS, AddMiner, PassTime, Simulate
from .entities import entity_id, has_entity, state_of

pytestmark = pytest.mark.usefixtures("swarm_entry")

FIVE_MINUTES = 300


def number(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> float:
    """Return the value of a sensor, which must be known."""
    return float(state_of(hass, entry, "sensor", key).state)


@contextmanager
def writes_of(hass: HomeAssistant, entry: MockConfigEntry) -> Iterator[Counter[str]]:
    """Count what the recorder would write for a miner."""
    counts: Counter[str] = Counter()
    registry = er.async_get(hass)
    ours = {
        item.entity_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }

    def count(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] in ours:
            counts[event.data["entity_id"]] += 1

    stop = hass.bus.async_listen("state_changed", count)
    yield counts
    stop()


async def test_what_a_miner_reports_later_is_added_within_a_minute(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also while the miner goes on as before."""
    server = await simulate("gamma-2.12")
    info = server.miner.info
    with monkeypatch.context() as patch:
        patch.setattr(
            server.miner,
            "info",
            lambda: {key: value for key, value in info().items() if key != "vrTemp"},
        )
        entry = await add_miner(server)
        await pass_time(300, POLL_SECONDS)
        assert not has_entity(hass, entry, "sensor", "vr_temperature")
    await pass_time(60 + 2 * POLL_SECONDS, POLL_SECONDS)
    assert number(hass, entry, "vr_temperature") > 20


async def test_shares_take_few_rows_of_the_database(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """They come every few seconds, and are right again within three minutes."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    before = number(hass, entry, "shares_accepted")
    with writes_of(hass, entry) as counts:
        await pass_time(FIVE_MINUTES, POLL_SECONDS)
    assert 1 <= counts[entity_id(hass, entry, "sensor", "shares_accepted")] <= 2
    assert before < number(hass, entry, "shares_accepted")
    assert (
        number(hass, entry, "shares_accepted") <= server.miner.info()["sharesAccepted"]
    )


async def test_a_gamma_shows_what_it_does(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The figures are those of the miner, in units that never change."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    info = server.miner.info()
    for key, unit, expected in (
        ("hashrate", "GH/s", info["hashRate"]),
        ("expected_hashrate", "GH/s", 525 * 2040 / 1000),
        ("power", "W", info["power"]),
        ("efficiency", "J/TH", info["power"] / info["hashRate"] * 1000),
        ("frequency", "MHz", 525),
        ("core_voltage", "mV", 1150),
        ("input_voltage", "V", info["voltage"] / 1000),
        ("asic_temperature", "°C", info["temp"]),
        ("vr_temperature", "°C", info["vrTemp"]),
        ("fan_speed", "%", info["fanspeed"]),
        ("shares_accepted", "shares", info["sharesAccepted"]),
        ("best_difficulty", None, info["bestDiff"]),
    ):
        state = state_of(hass, entry, "sensor", key)
        assert state.attributes.get("unit_of_measurement") == unit
        assert float(state.state) == pytest.approx(expected, rel=0.01)
    assert state_of(hass, entry, "sensor", "state").state == MiningState.MINING


@pytest.mark.usefixtures("every_entity")
async def test_the_pool_is_shown_without_the_wallet(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The user of a solo pool is a wallet address, which is nobody's business."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    user = server.miner.info()["stratumUser"]
    pool = state_of(hass, entry, "sensor", "pool").state
    assert pool == server.miner.info()["stratumURL"]
    assert not any(user in str(state.as_dict()) for state in hass.states.async_all())


@pytest.mark.usefixtures("every_entity")
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("pool.example", "pool.example"),
        ("stratum+tcp://pool.example", "pool.example"),
        ("stratum+ssl://wallet.worker:x@pool.example/path", "pool.example"),
        ("", STATE_UNKNOWN),
    ],
)
async def test_a_pool_is_its_host(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    url: str,
    shown: str,
) -> None:
    """However people write it into the miner."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.primary_pool["stratumURL"] = url
    await pass_time(10)
    assert state_of(hass, entry, "sensor", "pool").state == shown


@pytest.mark.parametrize("preset", ["gamma-2.15", "nerdqaxepp-1.1.0", "ultra-2.4"])
@pytest.mark.usefixtures("every_entity")
async def test_every_sensor_of_a_healthy_miner_is_known(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    preset: str,
) -> None:
    """A sensor that never knows anything should not be there.

    Those that live on the history know nothing without a recorder.
    """
    entry = await add_miner(await simulate(preset))
    from_history = {f"{entry.unique_id}_{item.key}" for item in ANALYSIS}
    await pass_time(120)
    unknown = [
        state.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if item.domain == "sensor"
        and item.unique_id not in from_history
        and (state := hass.states.get(item.entity_id)) is not None
        and state.state in (STATE_UNKNOWN, STATE_UNAVAILABLE)
    ]
    assert not unknown


async def test_energy_grows_with_power_and_time(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """In a way the Energy dashboard can use."""
    server = await simulate("suprahex-2.14")
    entry = await add_miner(server)
    server.miner.reset_truth()
    await pass_time(3600)
    state = state_of(hass, entry, "sensor", "energy")
    assert float(state.state) * 1000 == pytest.approx(
        server.miner.truth.energy_wh, rel=0.02
    )
    assert state.attributes["device_class"] == "energy"
    assert state.attributes["state_class"] == SensorStateClass.TOTAL_INCREASING
    assert state.attributes["unit_of_measurement"] == "kWh"


@pytest.mark.usefixtures("every_entity")
async def test_uptime_is_when_the_miner_started(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """It does not jitter; a restart moves it, and is counted."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    started = state_of(hass, entry, "sensor", "uptime").state
    booted = datetime.fromisoformat(started).timestamp()
    assert booted == pytest.approx(server.miner.booted_at, abs=2)
    await pass_time(600)
    assert state_of(hass, entry, "sensor", "uptime").state == started
    assert number(hass, entry, "restarts") == 0

    server.miner.power_cycle()
    await pass_time(300)
    restarted = state_of(hass, entry, "sensor", "uptime").state
    assert datetime.fromisoformat(restarted).timestamp() == pytest.approx(
        server.miner.booted_at, abs=60
    )
    assert number(hass, entry, "restarts") == 1


async def test_a_paused_miner_hashes_nothing(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Its hashrate is 0 at once, and efficiency and averages are unknown."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    assert number(hass, entry, "hashrate") > 900
    server.miner.pause()
    await pass_time(POLL_SECONDS)
    assert state_of(hass, entry, "sensor", "state").state == MiningState.PAUSED
    assert number(hass, entry, "hashrate") == 0
    assert state_of(hass, entry, "sensor", "efficiency").state == STATE_UNKNOWN
    server.miner.resume()
    await pass_time(120)
    assert state_of(hass, entry, "sensor", "state").state == MiningState.MINING
    assert number(hass, entry, "hashrate") > 900


async def test_entities_turn_up_when_a_paused_miner_resumes(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A paused miner does not say everything it has; once known, it stays."""
    server = await simulate("gamma-2.15")
    server.miner.pause()
    entry = await add_miner(server)
    assert not has_entity(hass, entry, "sensor", "efficiency")
    server.miner.resume()
    await pass_time(120)
    assert number(hass, entry, "efficiency") == pytest.approx(17, rel=0.3)

    server.miner.pause()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, "sensor", "efficiency").state == STATE_UNKNOWN


async def test_a_miner_is_unavailable_after_three_missed_polls(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Not after one, and it is back with its first answer."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(2 * POLL_SECONDS)
    assert number(hass, entry, "hashrate") > 900
    await pass_time(POLL_SECONDS)
    for key in ("hashrate", "state", "power", "energy"):
        assert state_of(hass, entry, "sensor", key).state == STATE_UNAVAILABLE
    server.miner.faults.offline = False
    await pass_time(60)
    assert number(hass, entry, "hashrate") > 900


@pytest.mark.usefixtures("every_entity")
async def test_a_frozen_hashrate_is_none(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Firmware that repeats an old figure produces nothing."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.frozen = True
    await pass_time(300)
    assert number(hass, entry, "hashrate") == 0
    assert state_of(hass, entry, "binary_sensor", "flatlined").state == "on"
    problem = state_of(hass, entry, "binary_sensor", "problem")
    assert problem.state == "on"
    assert problem.attributes["causes"] == ["flatlined"]


@pytest.mark.usefixtures("every_entity")
async def test_each_asic_is_shown_on_its_own(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """With each of its hash domains; together they are the whole miner."""
    server = await simulate("suprahex-2.14")
    entry = await add_miner(server)
    await pass_time(600)
    asics = [number(hass, entry, f"asic_{n}_hashrate") for n in range(1, 7)]
    assert not has_entity(hass, entry, "sensor", "asic_7_hashrate")
    assert sum(asics) == pytest.approx(number(hass, entry, "hashrate"), rel=0.05)
    domains = [number(hass, entry, f"asic_1_domain_{n}_hashrate") for n in range(1, 5)]
    assert sum(domains) == pytest.approx(asics[0], rel=0.05)
    name = hass.states.get(entity_id(hass, entry, "sensor", "asic_1_domain_2_hashrate"))
    assert name is not None
    assert name.name == f"{entry.title} ASIC 1 domain 2 hashrate"


@pytest.mark.usefixtures("every_entity")
async def test_rejected_shares_are_explained(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """With the pool's own words, and as a rate of the last hour."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.reject_rate = 0.5
    await pass_time(1800)
    rejected = state_of(hass, entry, "sensor", "shares_rejected")
    assert sum(rejected.attributes["reasons"].values()) == int(rejected.state)
    assert number(hass, entry, "reject_rate") == pytest.approx(50, abs=25)


@pytest.mark.usefixtures("every_entity")
@pytest.mark.parametrize(
    ("key", "faults"),
    [("reject_rate", {"reject_rate": 0.5}), ("error_rate", {"error_burst": 0.06})],
)
async def test_rates_that_move_much_are_shown_within_a_minute(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    key: str,
    faults: dict[str, float],
) -> None:
    """As they rise and as they fall, and without a row for each poll."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await pass_time(1500)
    live: list[float] = []
    with writes_of(hass, entry) as counts:
        for poll in range(240):
            if poll in (10, 100):
                server.miner.faults.set(
                    **(faults if poll == 10 else dict.fromkeys(faults, 0))
                )
            await pass_time(POLL_SECONDS)
            live.append(getattr(entry.runtime_data.data.figures, key))
            shown = number(hass, entry, key)
            if poll > 7:
                assert min(abs(shown - value) for value in live[-8:]) < 0.3
    assert max(live) - min(live) > 2
    assert counts[entity_id(hass, entry, "sensor", key)] <= 45


def polled_values(snapshot: Snapshot) -> dict[str, float | None]:
    """Return what the entities are to be true to."""
    return {
        "hashrate": snapshot.hashing.hashrate,
        "power": snapshot.electrical.power,
        "asic_temperature": snapshot.cooling.asic_temperature,
        "vr_temperature": snapshot.cooling.vr_temperature,
    }


def means(values: list[float], seconds: int) -> list[float]:
    """Return the means of consecutive spans of time."""
    size = seconds // POLL_SECONDS
    return [
        sum(values[start : start + size]) / size
        for start in range(0, len(values) - size + 1, size)
    ]


@pytest.mark.parametrize(
    ("preset", "hashrate_within"),
    # A minute of hashrate scatters by 1 to 2 % where the firmware counts hashes, and by
    # 5 to 10 % up to v2.11, where it guesses them from found nonces. What is shown lags
    # a minute behind; of such noise an hour keeps next to nothing.
    [("gamma-2.12", 0.003), ("suprahex-2.14", 0.003), ("ultra-2.4", 0.006)],
)
async def test_a_small_database_shows_the_truth(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    preset: str,
    hashrate_within: float,
) -> None:
    """Less than one row a poll, and means as if everything had been written.

    The recorder takes a state to hold until the next; so its means are those of what
    the entities show.
    """
    entry = await add_miner(await simulate(preset))
    reported: dict[str, list[float]] = defaultdict(list)
    truth: dict[str, list[float]] = defaultdict(list)
    polls = 3600 // POLL_SECONDS
    with writes_of(hass, entry) as writes:
        for _ in range(polls):
            await pass_time(POLL_SECONDS)
            for key, value in polled_values(entry.runtime_data.snapshot).items():
                if value is not None:
                    truth[key].append(value)
                    reported[key].append(number(hass, entry, key))
    assert sum(writes.values()) <= 0.7 * polls
    assert max(writes.values()) <= polls * POLL_SECONDS / 60 + 2

    within: dict[str, tuple[int, Callable[[float], float]]] = {
        "hashrate": (3600, lambda value: value * hashrate_within),
        "power": (FIVE_MINUTES, lambda value: value * 0.003),
        "asic_temperature": (FIVE_MINUTES, lambda value: 0.3),
        "vr_temperature": (FIVE_MINUTES, lambda value: 0.3),
    }
    for key, polled in truth.items():
        span, tolerance = within[key]
        for expected, shown in zip(
            means(polled, span), means(reported[key], span), strict=True
        ):
            assert shown == pytest.approx(expected, abs=tolerance(expected)), key


async def test_nothing_is_written_while_nothing_happens(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A miner that is gone for hours costs nothing."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.offline = True
    # Its silence is reported once, after two minutes.
    await pass_time(300)
    with writes_of(hass, entry) as writes:
        await pass_time(7200, poll=300)
    assert not writes
