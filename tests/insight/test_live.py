"""Live data of miners and swarm."""

from typing import Any, Final

from homeassistant.auth import EVENT_USER_UPDATED
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component
import pytest

from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.live import hub as live
from custom_components.bitaxe.live.model import LiveMiner, LiveSwarm
from custom_components.bitaxe.live.payload import miner_as_json
from custom_components.bitaxe.miner.levels import Judged
from custom_components.bitaxe.miner.write_log import person
from scripts.simulator import PRESETS, MinerServer

from ..conftest import POLL_SECONDS, AddMiner, Simulate, miner_entry
from .conftest import AddRecordedMiner, device_id, swarm_entry
from .live import Subscribe, Watch

KEYS: Final = set(LiveMiner.__annotations__)
"""What is always reported of a miner."""
SWARM_KEYS: Final = set(LiveSwarm.__annotations__)
"""What is always reported of the swarm."""
HEARD: Final = (
    er.EVENT_ENTITY_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    ar.EVENT_AREA_REGISTRY_UPDATED,
    lr.EVENT_LABEL_REGISTRY_UPDATED,
    EVENT_USER_UPDATED,
)
"""What is listened to on the bus while somebody looks."""
MISSED: Final = 3
"""Polls without an answer until a miner is offline."""


@pytest.fixture
async def server(simulate: Simulate) -> MinerServer:
    """Start a simulated miner."""
    return await simulate("gamma-2.12")


async def test_everything_at_once(
    hass: HomeAssistant, server: MinerServer, add_miner: AddMiner, subscribe: Subscribe
) -> None:
    """The first event has all of a miner and the swarm, in units its keys say."""
    entry = await add_miner(server)
    screen = await subscribe()
    miner = screen.miners[device_id(hass, entry)]
    assert miner.keys() == KEYS
    assert screen.swarm.keys() == SWARM_KEYS
    snapshot = entry.runtime_data.snapshot
    assert miner["name"] == PRESETS["gamma-2.12"].name
    assert miner["model"] == "Gamma"
    assert miner["state"] == "mining"
    assert miner["online"] is True
    assert miner["url"] == f"http://{server.host}:{server.port}"
    assert miner["hashrate_ghs"] == pytest.approx(snapshot.hashing.hashrate, rel=1e-5)
    assert miner["expected_ratio_percent"] is None, "too early to judge"
    assert miner["power_w"] == pytest.approx(snapshot.electrical.power, rel=1e-5)
    assert miner["efficiency_j_th"] == pytest.approx(snapshot.efficiency, rel=1e-5)
    assert miner["frequency_mhz"] == 525
    assert miner["core_voltage_mv"] == 1150
    assert (miner["asic_limit_c"], miner["vr_limit_c"]) == (75, 105)
    assert (miner["frequency_min_mhz"], miner["frequency_max_mhz"]) == (400, 625)
    assert miner["pool"] == "pool.example.com"
    assert miner["warnings"] == []
    assert miner["levels"]["vr_temperature"] == "good"
    assert miner["levels"].keys() <= set(Judged)
    assert miner["detuned"] is None
    assert miner["entities"]["frequency"] == "number.gamma_2_12_frequency"
    assert miner["entities"]["auto_fan"] == "switch.gamma_2_12_automatic_fan_control"
    assert miner["entities"]["hashrate"] == "sensor.gamma_2_12_hashrate"
    assert miner["entities"]["input_voltage"] == "sensor.gamma_2_12_input_voltage"
    assert miner["can_control"] is True
    assert screen.swarm["name"] == "Bitaxe swarm"
    assert screen.swarm["device_id"] == device_id(hass, swarm_entry(hass))
    assert screen.swarm["entities"]["restart_all"] == "button.bitaxe_swarm_restart_all"


async def test_only_what_changed(
    hass: HomeAssistant,
    server: MinerServer,
    add_miner: AddMiner,
    subscribe: Subscribe,
    watch: Watch,
) -> None:
    """A reading brings what it measured anew, and nothing else."""
    device = device_id(hass, await add_miner(server))
    screen = await subscribe()
    events = await watch(2 * POLL_SECONDS, screen)
    assert {event["type"] for event in events} == {"diff"}
    changed = next(
        event["miners"][device] for event in events if device in event["miners"]
    )
    assert {"last_seen", "hashrate_ghs", "power_w"} <= changed.keys()
    unchanged = {"name", "boot_time", "entities", "warnings", "frequency_mhz"}
    assert not unchanged & changed.keys()


async def test_always_up_to_date(
    server: MinerServer, add_miner: AddMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """A client that got all changes knows the same as one that asks now."""
    await add_miner(server)
    screen = await subscribe()
    await watch(120, screen)
    late = await subscribe()
    await watch(POLL_SECONDS, screen, late)
    assert screen.miners == late.miners
    assert screen.swarm == late.swarm


async def test_totals_follow_readings(
    server: MinerServer, add_miner: AddMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """Totals follow the readings."""
    await add_miner(server)
    screen = await subscribe()
    await watch(2 * POLL_SECONDS, screen)
    (miner,) = screen.miners.values()
    assert screen.swarm["miners_mining"] == 1
    assert screen.swarm["hashrate_ghs"] == pytest.approx(1070, rel=0.1)
    assert screen.swarm["best_miner"] == miner["name"]
    assert screen.swarm["years_to_block"] > 0


async def test_what_is_set_up(
    hass: HomeAssistant,
    server: MinerServer,
    add_miner: AddMiner,
    subscribe: Subscribe,
    watch: Watch,
) -> None:
    """Steps of the beginning tick themselves off as soon as an option is saved."""
    await add_miner(server)
    screen = await subscribe()
    assert not screen.swarm["has_price"]
    assert not screen.swarm["has_notifications"]
    entry = swarm_entry(hass)
    for options in (
        {"price": 0.3},
        {"price": 0.3, "notifications": {"entities": ["notify.phone"], "kinds": []}},
    ):
        hass.config_entries.async_update_entry(entry, options=options)
        await watch(POLL_SECONDS, screen)
        assert screen.swarm["has_price"]
    assert screen.swarm["has_notifications"]


async def test_before_the_first_miner(
    hass: HomeAssistant, server: MinerServer, subscribe: Subscribe, watch: Watch
) -> None:
    """There is nothing to see, until a miner comes and brings the swarm along."""
    entry = miner_entry(server)
    entry.add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert await async_setup_component(hass, DOMAIN, {})
    screen = await subscribe()
    assert screen.miners == {}
    assert screen.swarm["name"] is None
    assert screen.swarm["miners"] is None
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await watch(2 * POLL_SECONDS, screen)
    assert screen.miners[device_id(hass, entry)]["state"] == "mining"
    assert screen.swarm["name"] == "Bitaxe swarm"
    assert screen.swarm["miners"] == 1


async def test_offline(
    server: MinerServer, add_miner: AddMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """What is measured is unknown then; since when, and what lasts, is not."""
    server.miner.shares.reasons["Above target"] = 7
    await add_miner(server)
    screen = await subscribe()
    (before,) = screen.miners.values()
    known = dict(before)
    assert known["reject_reasons"]
    await server.stop()
    await watch((MISSED - 1) * POLL_SECONDS, screen)
    (miner,) = screen.miners.values()
    assert miner["online"] is True
    assert 0 < miner["missed_polls"] < MISSED
    await watch(2 * POLL_SECONDS, screen)
    assert (miner["online"], miner["state"]) == (False, "offline")
    assert miner["hashrate_ghs"] is None
    assert miner["frequency_mhz"] is None
    assert miner["reject_reasons"] == []
    lasting = ("last_seen", "best_difficulty", "asic_limit_c", "name", "entities")
    assert {key: miner[key] for key in lasting} == {key: known[key] for key in lasting}
    assert screen.swarm["miners_online"] == 0


async def test_reasons_of_rejected_shares(
    server: MinerServer, add_miner: AddMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """The most frequent first, and few of them: pools say whatever they like."""
    server.miner.shares.reasons.clear()
    await add_miner(server)
    screen = await subscribe()
    (miner,) = screen.miners.values()
    assert miner["reject_reasons"] == []
    counts = {"Stale": 1000, "Never": 0, "Duplicate": 2000, "<b>Low</b>": 3000}
    server.miner.shares.reasons.update(counts, Odd=500)
    await watch(2 * POLL_SECONDS, screen)
    assert [reason["message"] for reason in miner["reject_reasons"]] == [
        "<b>Low</b>",
        "Duplicate",
        "Stale",
    ]
    assert miner["reject_reasons"][0]["count"] >= 3000


async def test_hotter_sensor(
    simulate: Simulate, add_miner: AddMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """Of two, the one that counts is shown: the firmware stops for either."""
    server = await simulate("gt-2.15")
    entry = await add_miner(server)
    screen = await subscribe()
    (miner,) = screen.miners.values()
    before = miner["asic_temperature_c"]
    server.miner.faults.uneven_cooling = 10
    await watch(2 * POLL_SECONDS, screen)
    cooling = entry.runtime_data.snapshot.cooling
    assert cooling.asic_temperature_2 > cooling.asic_temperature
    assert miner["asic_temperature_c"] == pytest.approx(cooling.asic_temperature_2)
    assert miner["asic_temperature_c"] > before + 5


async def test_never_answered(
    hass: HomeAssistant, server: MinerServer, subscribe: Subscribe, watch: Watch
) -> None:
    """A miner that waits to be set up is there by its name, and offline."""
    await server.stop()
    entry = miner_entry(server)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    screen = await subscribe()
    (miner,) = screen.miners.values()
    assert miner.keys() == KEYS
    assert (miner["name"], miner["state"]) == (entry.title, "offline")
    assert miner["last_seen"] is None
    await server.start()
    await hass.config_entries.async_reload(entry.entry_id)
    await watch(POLL_SECONDS, screen)
    assert screen.miners.keys() == {device_id(hass, entry)}
    (miner,) = screen.miners.values()
    assert miner["state"] == "mining"


async def test_reloaded(
    hass: HomeAssistant,
    server: MinerServer,
    add_miner: AddMiner,
    subscribe: Subscribe,
    watch: Watch,
) -> None:
    """A miner that is set up anew is followed as before."""
    entry = await add_miner(server)
    screen = await subscribe()
    await hass.config_entries.async_reload(entry.entry_id)
    await watch(POLL_SECONDS, screen)
    (miner,) = screen.miners.values()
    assert miner["state"] == "mining"
    seen = miner["last_seen"]
    await watch(POLL_SECONDS, screen)
    assert miner["last_seen"] == seen + POLL_SECONDS


async def test_added_and_removed(
    hass: HomeAssistant,
    simulate: Simulate,
    server: MinerServer,
    add_miner: AddMiner,
    subscribe: Subscribe,
    watch: Watch,
) -> None:
    """Miners come whole, and go."""
    first = device_id(hass, await add_miner(server))
    screen = await subscribe()
    entry = await add_miner(await simulate("ultra-2.4"))
    second = device_id(hass, entry)
    await watch(POLL_SECONDS, screen)
    assert screen.miners.keys() == {first, second}
    assert screen.miners[second].keys() == KEYS
    await hass.config_entries.async_remove(entry.entry_id)
    event, *_ = await watch(POLL_SECONDS, screen)
    assert event["miners"][second] is None
    assert screen.miners.keys() == {first}


async def test_renamed_and_moved(
    hass: HomeAssistant,
    server: MinerServer,
    add_miner: AddMiner,
    subscribe: Subscribe,
    watch: Watch,
) -> None:
    """Names, areas and entities are those people chose."""
    entry = await add_miner(server)
    screen = await subscribe()
    (miner,) = screen.miners.values()
    assert not miner["area"]
    areas = ar.async_get(hass)
    area = areas.async_create("Cellar")
    dr.async_get(hass).async_update_device(
        device_id(hass, entry), name_by_user="Heater", area_id=area.id
    )
    entities = er.async_get(hass)
    entities.async_update_entity(
        miner["entities"]["frequency"], new_entity_id="number.clock"
    )
    entities.async_update_entity(
        miner["entities"]["restart"], disabled_by=er.RegistryEntryDisabler.USER
    )
    await watch(POLL_SECONDS, screen)
    assert miner["name"] == "Heater"
    assert miner["area"] == "Cellar"
    assert miner["entities"]["frequency"] == "number.clock"
    assert "restart" not in miner["entities"]
    areas.async_update(area.id, name="Attic")
    await watch(POLL_SECONDS, screen)
    assert miner["area"] == "Attic"
    assert miner["labels"] == []
    labels = lr.async_get(hass)
    own, of_area = labels.async_create("Solar"), labels.async_create("Cold")
    dr.async_get(hass).async_update_device(
        device_id(hass, entry), labels={own.label_id}
    )
    areas.async_update(area.id, labels={of_area.label_id})
    await watch(POLL_SECONDS, screen)
    assert miner["labels"] == ["Cold", "Solar"]
    labels.async_update(own.label_id, name="Sun")
    await watch(POLL_SECONDS, screen)
    assert miner["labels"] == ["Cold", "Sun"]


async def test_swarm_is_no_channel(
    hass: HomeAssistant, server: MinerServer, add_miner: AddMiner, subscribe: Subscribe
) -> None:
    """Discord channels are devices of the same entry; a renamed device comes last."""
    await add_miner(server)
    devices = dr.async_get(hass)
    swarm = devices.async_get(device_id(hass, swarm_entry(hass)))
    assert swarm is not None
    devices.async_get_or_create(
        config_entry_id=swarm_entry(hass).entry_id,
        identifiers={(DOMAIN, "discord_1")},
        name="#miners",
    )
    devices.async_update_device(swarm.id, name_by_user="All of them")
    screen = await subscribe()
    assert screen.swarm["name"] == "All of them"
    assert screen.swarm["device_id"] == swarm.id


async def test_warnings_are_what_is_raised_and_not_cleared(
    server: MinerServer, add_miner: AddMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """Warnings are what was raised and is not cleared yet."""
    await add_miner(server)
    screen = await subscribe()
    (miner,) = screen.miners.values()
    before = miner["last_seen"]
    server.miner.faults.set(power_fault=True)
    await watch(2 * POLL_SECONDS, screen)
    assert miner["state"] == "fault"
    (warning,) = miner["warnings"]
    assert warning.keys() == {
        "kind",
        "value",
        "limit",
        "since",
        "unread_since",
        "severity",
        "icon",
        "unit",
        "precision",
        "low",
        "strain",
        "reason",
    }
    assert warning["kind"] == "power_fault"
    assert before < warning["since"] <= miner["last_seen"]
    server.miner.faults.clear()
    server.miner.restart()
    await watch(12 * POLL_SECONDS, screen)
    assert miner["state"] == "mining"
    assert miner["warnings"] == []


async def test_the_intended_setting_shows_after_overheating(
    server: MinerServer, add_miner: AddMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """What a miner should run at, after it lowered its settings for heat."""
    await add_miner(server)
    screen = await subscribe()
    (miner,) = screen.miners.values()
    server.miner.faults.set(ambient_offset=40)
    await watch(6 * POLL_SECONDS, screen)
    server.miner.faults.clear()
    await watch(24 * POLL_SECONDS, screen)
    assert (miner["frequency_mhz"], miner["core_voltage_mv"]) == (425, 1050)
    assert miner["detuned"] == {"frequency_mhz": 525, "core_voltage_mv": 1150}
    assert "detuned" in [warning["kind"] for warning in miner["warnings"]]


async def test_results_of_the_history(
    add_recorded_miner: AddRecordedMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """What was best, and how evenly it hashed, though no sensor asks for it."""
    recorded = await add_recorded_miner()
    screen = await subscribe()
    await watch(30, screen)
    miner = screen.miners[recorded.device_id]
    assert miner["best"] == {
        "frequency_mhz": 490,
        "core_voltage_mv": 1100,
        "verdict": "change",
        "efficiency_change_j_th": pytest.approx(-3, abs=0.1),
    }
    assert miner["variation_24h_percent"] == pytest.approx(5.5, abs=1)
    assert miner["stability"] == "excellent"

    # What it would bring was said of another setting.
    await recorded.coordinator.async_apply(
        Settings(frequency=490, core_voltage=1100), origin=person(None)
    )
    await watch(2 * POLL_SECONDS, screen)
    assert miner["frequency_mhz"] == 490
    assert miner["best"]["efficiency_change_j_th"] is None


async def test_not_faster_than_wanted(
    server: MinerServer, add_miner: AddMiner, subscribe: Subscribe, watch: Watch
) -> None:
    """Several readings come in one event, the latest value of each key."""
    await add_miner(server)
    quick = await subscribe(interval=1)
    slow = await subscribe(interval=60)
    await watch(180, quick, slow)
    assert len(quick.diffs) > 15
    assert 2 <= len(slow.diffs) <= 4
    await watch(60, quick, slow)
    assert slow.miners.keys() == quick.miners.keys()


async def test_presented_once(
    server: MinerServer,
    add_miner: AddMiner,
    subscribe: Subscribe,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many look."""
    await add_miner(server)
    screens = [await subscribe() for _ in range(5)]
    presented = 0

    def count(*arguments: Any) -> Any:
        nonlocal presented
        presented += 1
        return miner_as_json(*arguments)

    monkeypatch.setattr(live, miner_as_json.__name__, count)
    await watch(POLL_SECONDS, *screens)
    assert presented == 1
    for screen in screens:
        assert screen.miners == screens[0].miners


async def test_nothing_while_nobody_looks(
    hass: HomeAssistant,
    server: MinerServer,
    add_miner: AddMiner,
    subscribe: Subscribe,
    watch: Watch,
) -> None:
    """The last one who leaves switches off the light; the next finds all up to date."""
    entry = await add_miner(server)

    def listeners() -> tuple[int, ...]:
        swarm = swarm_entry(hass).runtime_data.swarm
        return (
            len(entry.runtime_data._listeners),  # noqa: SLF001
            len(swarm._listeners),  # noqa: SLF001
            len(swarm.alerts._listeners),  # noqa: SLF001
            len(live.async_get_live(hass)._results._listeners),  # noqa: SLF001
            *(hass.bus.async_listeners().get(event, 0) for event in HEARD),
        )

    before = listeners()
    first, second = await subscribe(), await subscribe()
    assert all(now > then for now, then in zip(listeners(), before, strict=True))
    assert (await first.ask("unsubscribe_events", subscription=first.subscription))[
        "success"
    ]
    await second.connection.close()
    await hass.async_block_till_done()
    assert listeners() == before
    await watch(60)
    late = await subscribe()
    (miner,) = late.miners.values()
    assert miner["last_seen"] == round(entry.runtime_data.last_seen)
