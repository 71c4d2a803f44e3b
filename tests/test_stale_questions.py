"""A question that was opened before the situation changed sends nothing, and says why.

| Kind | What is asked again before anything is sent | Where that is tested |
|---|---|---|
| repair: settings lowered, seen or not | what was offered, and the setting | here |
| repair: regulator off | whether it still is | here |
| repair: settings lost by firmware | every difference that was shown | `test_update` |
| repair: fall back after a soak test | setting and board | `tuning/test_soak` |
| any repair | whether it is asked at all, of this | here |
| card: setting or fan | `expected_…` of the action | here |
| card: pools, copy, backup, profile | `expected_changes` of a preview | here |
| Discord: clock, voltage, setting, fan | the setting, and the board | here |
| Discord: all miners | which miners, and whether they are paused | here |
| Discord: tuning | the board; which run is to end | here |
| card: to end a run | `expected_started`: which run is to end | here |
| any of these | which miner answers | here, `test_swapped_…` |
"""

from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.device_registry import format_mac
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.const import DOMAIN, EVENT_ALERT
from custom_components.bitaxe.coordinator import MinerCoordinator
from custom_components.bitaxe.miner.events import Occurrence
from custom_components.bitaxe.miner.write_log import Origin, OriginKind, person
from custom_components.bitaxe.tuning.session import MinerTuner, tuner_of
from scripts.simulator import MinerServer

from .conftest import AddMiner, PassTime, SetWallClock, Simulate
from .discord.asking import Talk
from .insight.test_bulk_work import begin, outcomes, preview
from .power.house import device_of
from .test_other_board import exchange_board
from .test_repairs import Repair, overheat
from .test_services import act, restarts, writes
from .web import sign_in

pytestmark = pytest.mark.usefixtures("swarm_entry")

type Repairs = Any


@pytest.fixture
async def repairs(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> Repairs:
    """Open repairs as the owner."""
    assert await async_setup_component(hass, "repairs", {})
    client = await sign_in(hass, hass_client, hass_admin_user)
    return lambda kind, entry: Repair(client, f"{kind}_{entry.entry_id}")


def has_issue(hass: HomeAssistant, kind: str, entry: MockConfigEntry) -> bool:
    """Whether an issue of a miner is there."""
    issue_id = f"{kind}_{entry.entry_id}"
    return ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None


def lower(server: MinerServer) -> None:
    """Set what a person chose, and what looks like the firmware's own doing."""
    server.miner.write(
        {
            "frequency": 425.0,
            "coreVoltage": 1050,
            "autofanspeed": False,
            "manualFanSpeed": 100,
        }
    )


async def test_restoring_over_a_newer_choice(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, repairs: Repairs
) -> None:
    """Somebody has chosen another setting at the miner itself meanwhile."""
    server = await simulate()
    entry = await add_miner(server)
    await overheat(server, pass_time)
    repair = repairs("detuned", entry)
    await repair.open()
    server.miner.write({"frequency": 490.0, "coreVoltage": 1100})
    sent = writes(server)
    shown = await repair.submit()
    assert (shown["type"], shown["reason"]) == ("abort", "situation_changed")
    assert writes(server) == sent


async def test_restoring_what_is_intended_no_more(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, repairs: Repairs
) -> None:
    """Somebody has chosen another setting in Home Assistant meanwhile."""
    server = await simulate()
    entry = await add_miner(server)
    await overheat(server, pass_time)
    repair = repairs("detuned", entry)
    await repair.open()
    coordinator: MinerCoordinator = entry.runtime_data
    await coordinator.async_apply(
        Settings(frequency=600, core_voltage=1250), origin=person(None)
    )
    sent = writes(server)
    shown = await repair.submit()
    assert (shown["type"], shown["reason"]) == ("abort", "situation_changed")
    assert writes(server) == sent
    assert str(coordinator.snapshot.operating_point) == "600 MHz / 1250 mV"


async def test_who_restored_is_reported(
    hass_admin_user: MockUser,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    repairs: Repairs,
) -> None:
    """The event has the user who clicked."""
    server = await simulate()
    entry = await add_miner(server)
    await overheat(server, pass_time)
    reported: list[Occurrence] = []
    entry.runtime_data.async_add_occurrence_listener(reported.append)
    repair = repairs("detuned", entry)
    await repair.open()
    assert (await repair.submit())["type"] == "create_entry"
    data = reported[0].data
    assert (data["origin"], data["user_id"]) == ("repair", hass_admin_user.id)


async def test_lowered_by_nobody_knows_whom(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    repairs: Repairs,
) -> None:
    """It was not seen to overheat: both answers are offered, and nothing is claimed."""
    server = await simulate()
    entry = await add_miner(server)
    coordinator: MinerCoordinator = entry.runtime_data
    lower(server)
    await pass_time(300)
    assert not coordinator.is_detuned
    assert not has_issue(hass, "detuned", entry)
    assert has_issue(hass, "maybe_detuned", entry)
    shown = await repairs("maybe_detuned", entry).open()
    assert (shown["type"], shown["menu_options"]) == ("menu", ["confirm", "keep"])
    assert shown["description_placeholders"]["present"] == "425 MHz / 1050 mV"


async def test_the_guard_restores_nothing_on_a_guess(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A person lowers it between the reading that decides and the write."""
    server = await simulate()
    entry = await add_miner(server)
    coordinator: MinerCoordinator = entry.runtime_data
    lower(server)
    with pytest.raises(HomeAssistantError) as raised:
        await coordinator.async_restore_intended(origin=Origin(kind=OriginKind.GUARD))
    assert raised.value.translation_key == "situation_changed"
    assert not writes(server)
    await coordinator.async_restore_intended(origin=person(None))
    assert server.miner.stored["frequency"] == 525


@pytest.mark.parametrize("further", [False, True])
async def test_lowered_by_hand_after_it_overheated(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    further: bool,
) -> None:
    """What it mines at once cool is its firmware's doing, and nothing after."""
    server = await simulate()
    entry = await add_miner(server)
    coordinator: MinerCoordinator = entry.runtime_data
    heard = async_capture_events(hass, EVENT_ALERT)
    server.miner.faults.ambient_offset = 60
    while not server.miner.truth.overheats:
        await pass_time(10)
    server.miner.faults.ambient_offset = 0
    await pass_time(600)
    assert coordinator.is_detuned
    assert str(coordinator.snapshot.operating_point) == "425 MHz / 1050 mV"
    if further:
        server.miner.write({"frequency": 325.0, "coreVoltage": 1000})
    else:
        await coordinator.async_restore_intended(origin=person(None))
        await pass_time(60)
        lower(server)
    await pass_time(60)
    assert not coordinator.is_detuned
    assert not has_issue(hass, "detuned", entry)
    assert has_issue(hass, "maybe_detuned", entry)
    kinds = [event.data["phase"] for event in heard if event.data["kind"] == "detuned"]
    assert kinds == ["raised", "cleared"]


@pytest.mark.parametrize(
    ("answer", "point"),
    [("keep", "425 MHz / 1050 mV"), ("confirm", "525 MHz / 1150 mV")],
)
async def test_both_answers(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    repairs: Repairs,
    answer: str,
    point: str,
) -> None:
    """Either is final."""
    server = await simulate()
    entry = await add_miner(server)
    coordinator: MinerCoordinator = entry.runtime_data
    lower(server)
    await pass_time()
    repair = repairs("maybe_detuned", entry)
    await repair.open()
    shown = await repair.submit(next_step_id=answer)
    if shown["type"] == "form":
        shown = await repair.submit()
    assert shown["type"] == "create_entry"
    await pass_time(300)
    assert not has_issue(hass, "maybe_detuned", entry)
    assert str(coordinator.snapshot.operating_point) == point
    assert coordinator.intended is not None
    assert str(coordinator.intended.operating_point) == point


@pytest.mark.parametrize("answer", ["keep", "confirm"])
async def test_the_answer_comes_too_late(
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    repairs: Repairs,
    answer: str,
) -> None:
    """The miner runs at something else again."""
    server = await simulate()
    entry = await add_miner(server)
    lower(server)
    await pass_time()
    repair = repairs("maybe_detuned", entry)
    await repair.open()
    server.miner.write({"frequency": 500.0})
    await pass_time()
    shown = await repair.submit(next_step_id=answer)
    if shown["type"] == "form":
        shown = await repair.submit()
    assert (shown["type"], shown["reason"]) == ("abort", "situation_changed")
    assert not writes(server)


@pytest.mark.parametrize("preset", ["gamma-2.12", "nerdqaxepp-1.0.36"])
async def test_a_latched_regulator_is_restarted_with_one_click(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    repairs: Repairs,
    preset: str,
) -> None:
    """Settings are accepted, and do nothing."""
    server = await simulate(preset)
    entry = await add_miner(server)
    coordinator: MinerCoordinator = entry.runtime_data
    await coordinator.async_apply(Settings(frequency=550), origin=person(None))
    server.miner.faults.regulator_off = True
    await pass_time(240)
    assert coordinator.verification.is_unproven
    assert has_issue(hass, "regulator_off", entry)
    repair = repairs("regulator_off", entry)
    assert (await repair.open())["step_id"] == "confirm"
    assert (await repair.submit())["type"] == "create_entry"
    assert restarts(server) == 1
    await pass_time(300)
    assert not has_issue(hass, "regulator_off", entry)
    assert not coordinator.verification.is_unproven


async def test_a_regulator_that_is_on_again(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, repairs: Repairs
) -> None:
    """Nobody restarts a miner that hashes."""
    server = await simulate("nerdqaxepp-1.0.36")
    entry = await add_miner(server)
    server.miner.faults.regulator_off = True
    await pass_time(120)
    repair = repairs("regulator_off", entry)
    await repair.open()
    server.miner.power_cycle()
    await pass_time(300)
    shown = await repair.submit()
    assert (shown["type"], shown["reason"]) == ("abort", "situation_changed")
    assert not restarts(server)


@pytest.mark.parametrize(
    ("action", "data", "changed"),
    [
        (
            "apply_configuration",
            {"frequency": 550, "expected_frequency": 525},
            {"frequency": 490.0},
        ),
        (
            "apply_configuration",
            {"frequency": 550, "expected_core_voltage": 1150},
            {"coreVoltage": 1100},
        ),
        (
            "set_fan",
            {"mode": "manual", "speed": 10, "expected_mode": "auto"},
            {"autofanspeed": False},
        ),
        (
            "set_fan",
            {"mode": "auto", "expected_mode": "manual", "expected_speed": 60},
            {"autofanspeed": False, "manualFanSpeed": 80},
        ),
    ],
)
async def test_a_card_asked_about_something_else(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    action: str,
    data: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    """It sends what it showed, and is refused."""
    server = await simulate()
    entry = await add_miner(server)
    server.miner.write(changed)
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, action, entry, **data)
    assert raised.value.translation_key == "situation_changed"
    assert not writes(server)


async def test_a_card_asked_about_what_is_so(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Then it is done."""
    server = await simulate()
    await act(
        hass,
        "apply_configuration",
        await add_miner(server),
        frequency=550,
        expected_frequency=525,
        expected_core_voltage=1150,
    )
    assert writes(server) == [{"frequency": 550}]


@pytest.mark.parametrize(
    ("command", "arguments", "changed"),
    [
        ("clock", {"frequency": "550"}, {"frequency": 490.0}),
        ("clock", {"frequency": "550"}, {"coreVoltage": 1100}),
        ("voltage", {"voltage": "1200"}, {"coreVoltage": 1100}),
        ("apply", {"frequency": "550", "voltage": "1200"}, {"frequency": 600.0}),
        ("fan", {"speed": "5"}, {"autofanspeed": False, "manualFanSpeed": 90}),
    ],
)
async def test_discord_asked_about_something_else(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    command: str,
    arguments: dict[str, str],
    changed: dict[str, Any],
) -> None:
    """The button does nothing, and says why."""
    server = await simulate()
    await add_miner(server)
    talk = Talk(hass)
    await talk.ask(command, miner="gamma-2.12", **arguments)
    assert talk.asks_back
    server.miner.write(changed)
    assert "Nothing was done" in await talk.agree()
    assert not writes(server)


async def test_discord_asked_to_restart_fewer(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A miner that came later is not restarted unasked."""
    first = await simulate()
    await add_miner(first)
    talk = Talk(hass)
    await talk.ask("restart-all")
    second = await simulate("gamma-2.15")
    await add_miner(second)
    assert "Nothing was done" in await talk.agree()
    await pass_time()
    assert restarts(first) == restarts(second) == 0


def swap(one: MinerServer, other: MinerServer) -> None:
    """Let two miners exchange their leases."""
    one.miner, other.miner = other.miner, one.miner


async def beside(server: MinerServer, simulate: Simulate) -> MinerServer:
    """Return another miner of the same kind, to swap with."""
    return await simulate(
        replace(server.miner.spec, name="other", mac="02:00:00:00:00:77")
    )


@pytest.mark.parametrize(
    ("kind", "noticed"),
    [
        ("detuned", False),
        ("maybe_detuned", False),
        ("maybe_detuned", True),
        ("regulator_off", False),
    ],
)
async def test_swapped_while_a_repair_is_open(
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    repairs: Repairs,
    kind: str,
    noticed: bool,
) -> None:
    """Neither miner gets anything, and it is said which one answers instead."""
    server = await simulate(
        "nerdqaxepp-1.0.36" if kind == "regulator_off" else "gamma-2.12"
    )
    other = await beside(server, simulate)
    entry = await add_miner(server)
    await add_miner(other)
    if kind == "detuned":
        await overheat(server, pass_time)
    for each in (server, other):
        # Both are in the same trouble, so nothing but the identity differs.
        if kind == "maybe_detuned":
            lower(each)
        elif kind == "regulator_off":
            each.miner.faults.regulator_off = True
    await pass_time(120)
    repair = repairs(kind, entry)
    shown = await repair.open()
    if shown["type"] == "menu":
        shown = await repair.submit(next_step_id="confirm")
    assert shown["step_id"] == "confirm"
    swap(server, other)
    if noticed:
        await pass_time(10)
    shown = await repair.submit()
    assert shown["type"] == "form"
    assert shown["errors"]["base"] in ("restore_failed", "restart_failed")
    assert format_mac(server.miner.spec.mac_address) in (
        shown["description_placeholders"]["reason"].lower()
    )
    for each in (server, other):
        assert not writes(each)
        assert not restarts(each)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("clock", {"frequency": "550"}),
        ("voltage", {"voltage": "1200"}),
        ("apply", {"frequency": "550", "voltage": "1200"}),
        ("fan", {"speed": "5"}),
        ("restart-all", {}),
    ],
)
async def test_swapped_while_discord_asks(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    command: str,
    arguments: dict[str, str],
) -> None:
    """Anyone who presses the button agreed to another miner."""
    server = await simulate("gamma-2.15")
    other = await beside(server, simulate)
    await add_miner(server)
    await add_miner(other)
    talk = Talk(hass)
    miner = {} if command == "restart-all" else {"miner": "gamma-2.15"}
    await talk.ask(command, **miner, **arguments)
    assert talk.asks_back, talk.last
    swap(server, other)
    await talk.agree()
    await pass_time(120)
    for each in (server, other):
        assert not writes(each)
        assert not restarts(each)


@pytest.mark.parametrize(
    ("action", "data", "changed"),
    [
        (
            "set_pool",
            {"url": "pool.example.org", "port": 3333},
            {"stratumURL": "newer.example.org"},
        ),
        ("copy_settings", {"settings": ["fan"]}, {"manualFanSpeed": 93}),
        ("restore_backup", {}, {"frequency": 575.0}),
    ],
)
async def test_a_preview_that_is_not_so_any_more(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    action: str,
    data: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    """What was shown is sent along; where something else would change, nothing does."""
    server, other = await simulate("gamma-2.15"), await simulate("gamma-2.14")
    entry, source = await add_miner(server), await add_miner(other)
    for each, speed in ((server, 55), (other, 71)):
        each.miner.write({"autofanspeed": 0, "manualFanSpeed": speed})
    await act(hass, "apply_configuration", entry, frequency=490)
    await pass_time(30)
    if action == "copy_settings":
        data = {**data, "source": device_of(hass, source)}
    elif action == "restore_backup":
        (backup, *_) = entry.runtime_data.backups
        data = {**data, "backup_id": backup.id}
    device_id = device_of(hass, entry)

    async def ask(**more: Any) -> dict[str, Any]:
        answer: Any = await hass.services.async_call(
            DOMAIN,
            action,
            {**data, "device_id": device_id, **more},
            blocking=True,
            return_response=True,
        )
        found: dict[str, Any] = answer["miners"][0]
        return found

    shown = await ask(preview=True)
    assert shown["result"] == "planned"
    expected = {device_id: shown["changes"]}
    if action != "set_pool":
        server.miner.write(changed)
    else:
        # Which pools there are is read at a start.
        server.miner.primary_pool.update(changed)
        server.miner.brownout()
        await pass_time(60)
    sent = writes(server)
    for _ in range(2):
        # Before and after it is noticed.
        outcome = await ask(expected_changes=expected)
        assert outcome["result"] == "refused"
        assert outcome["reason"]["translation_key"] == "situation_changed"
        await pass_time(30)
    assert (await ask(expected_changes={}))["result"] == "refused"
    assert writes(server) == sent
    now = await ask(preview=True)
    outcome = await ask(expected_changes={device_id: now["changes"]})
    assert outcome["result"] == "done"


async def test_a_profile_that_was_shown_for_several(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The one that was changed meanwhile is left alone, the other gets it."""
    servers = [await simulate("gamma-2.15"), await simulate("gamma-2.14")]
    entries = [await add_miner(server) for server in servers]
    for entry in entries:
        await act(hass, "apply_configuration", entry, frequency=490)
    devices = [device_of(hass, entry) for entry in entries]
    plan = await preview(hass_ws_client, devices, "apply_profile", profile="stock")
    expected = {device: plan[device]["changes"] for device in devices}
    servers[0].miner.write({"frequency": 400.0})
    sent = writes(servers[0])
    connection = await hass_ws_client()
    await begin(
        connection,
        devices,
        "apply_profile",
        profile="stock",
        expected_changes=expected,
    )
    done, _ = await outcomes(connection)
    assert [done[device]["result"] for device in devices] == ["refused", "done"]
    assert done[devices[0]]["reason"]["translation_key"] == "situation_changed"
    assert writes(servers[0]) == sent
    assert servers[1].miner.stored["frequency"] == 525


@pytest.mark.parametrize("command", ["clock", "voltage", "apply", "fan"])
async def test_discord_asked_about_another_board(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    command: str,
) -> None:
    """Also where it is set as the former one was, and was read since."""
    server = await simulate("gamma-2.15")
    await add_miner(server)
    talk = Talk(hass)
    arguments = {
        "clock": {"frequency": "500"},
        "voltage": {"voltage": "1140"},
        "apply": {"frequency": "500", "voltage": "1140"},
        "fan": {"speed": "5"},
    }[command]
    await talk.ask(command, miner="gamma-2.15", **arguments)
    assert talk.asks_back, talk.last
    exchange_board(server)
    await pass_time(30)
    await talk.agree()
    assert not writes(server)


async def test_discord_asked_to_tune_another_board(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The limits that were given are not meant for it."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await pass_time(300)
    talk = Talk(hass)
    await talk.ask("tune", miner="gamma-2.15", power="18")
    assert talk.asks_back, talk.last
    exchange_board(server)
    await pass_time(300)
    assert "another board" in await talk.agree()
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    assert not tuner.is_running


async def test_discord_asked_to_end_a_run_that_is_over(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Somebody has begun another one since, which goes on."""
    presets = ("gamma-2.15", "gamma-2.12")
    entries = [await add_miner(await simulate(preset)) for preset in presets]
    await pass_time(300)
    for entry in entries:
        await act(hass, "start_tuning", entry)
    talk = Talk(hass)
    await talk.ask("stop", miner="all")
    assert talk.asks_back, talk.last
    await act(hass, "stop_tuning", entries[0], keep="original")
    await pass_time(60)
    await act(hass, "start_tuning", entries[0], goal="hashrate")
    await talk.agree()
    running = []
    for entry in entries:
        tuner = tuner_of(hass, entry.entry_id)
        assert tuner is not None
        running.append(tuner.is_running)
    assert running == [True, False]


async def begin_run(
    hass: HomeAssistant, entry: MockConfigEntry, pass_time: PassTime
) -> tuple[MinerTuner, float]:
    """Begin a run; return the tuner, and when people are shown that it began."""
    await pass_time(300)
    await act(hass, "start_tuning", entry)
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    assert tuner.started is not None
    return tuner, tuner.started


@pytest.mark.parametrize("leap", [-3600.0, 3600.0])
async def test_a_clock_that_is_set_makes_no_other_run(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
    leap: float,
) -> None:
    """What somebody was shown of a run names it for as long as it goes on."""
    entry = await add_miner(await simulate("gamma-2.15"))
    tuner, shown = await begin_run(hass, entry, pass_time)
    set_wall_clock(leap)
    await pass_time(60)
    assert tuner.started == shown
    await act(
        hass, "stop_tuning", entry, keep="original", expected_started=round(shown)
    )
    assert not tuner.is_running


async def test_a_card_asked_to_end_a_run_that_is_over(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Somebody has begun another one since, which goes on; that one can be ended."""
    entry = await add_miner(await simulate("gamma-2.15"))
    tuner, shown = await begin_run(hass, entry, pass_time)
    await act(hass, "stop_tuning", entry, keep="original")
    await pass_time(60)
    await act(hass, "start_tuning", entry, goal="hashrate")
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "stop_tuning", entry, expected_started=shown)
    assert raised.value.translation_key == "situation_changed"
    assert tuner.is_running
    await pass_time(300)
    present = tuner.started
    assert present is not None
    await act(hass, "stop_tuning", entry, expected_started=round(present))
    assert not tuner.is_running


@pytest.mark.parametrize("command", ["pause", "resume"])
async def test_discord_asked_about_miners_that_are_so_already(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    command: str,
) -> None:
    """Somebody did it meanwhile, of one of them: it is asked anew."""
    servers = [await simulate("gamma-2.15"), await simulate("gamma-2.14")]
    for server in servers:
        await add_miner(server)
        if command == "resume":
            server.miner.pause()
    await pass_time(30)
    talk = Talk(hass)
    await talk.ask(command, miner="all")
    assert talk.asks_back
    if command == "pause":
        servers[0].miner.pause()
    else:
        servers[0].miner.resume()
    await pass_time(30)
    assert "Nothing was done" in await talk.agree()
    assert not any(
        item.path.endswith(("/pause", "/resume"))
        for server in servers
        for item in server.miner.requests
    )


@pytest.mark.parametrize("command", ["pause", "resume"])
async def test_discord_asked_about_miners_that_are_gone(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    command: str,
) -> None:
    """One was removed, one is set up anew: the former is left alone, the latter not."""
    servers = [await simulate(preset) for preset in ("gamma-2.15", "gamma-2.14")]
    entries = [await add_miner(server) for server in servers]
    if command == "resume":
        for server in servers:
            server.miner.pause()
    await pass_time(30)
    talk = Talk(hass)
    await talk.ask(command, miner="all")
    assert talk.asks_back
    await hass.config_entries.async_remove(entries[0].entry_id)
    await hass.config_entries.async_reload(entries[1].entry_id)
    await pass_time(30)
    said = await talk.agree()
    assert "offline" in said
    sent = [
        any(item.path.endswith(("/pause", "/resume")) for item in server.miner.requests)
        for server in servers
    ]
    assert sent == [False, True]
    # The one that was set up anew knows that a person did it.
    assert entries[1].runtime_data.is_paused_by_person is (command == "pause")


async def test_a_repair_that_was_answered_in_another_window(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, repairs: Repairs
) -> None:
    """Who opened it there as well gets no say any more."""
    server = await simulate()
    entry = await add_miner(server)
    lower(server)
    await pass_time()
    first, second = repairs("maybe_detuned", entry), repairs("maybe_detuned", entry)
    for repair in (first, second):
        await repair.open()
    assert (await first.submit(next_step_id="keep"))["type"] == "create_entry"
    shown = await second.submit(next_step_id="confirm")
    if shown["type"] == "form":
        shown = await second.submit()
    assert (shown["type"], shown["reason"]) == ("abort", "situation_changed")
    assert not writes(server)
