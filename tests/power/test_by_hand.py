"""What people do to a miner by hand goes before every target, whenever they do it."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import CONF_POWER, DOMAIN
from custom_components.bitaxe.miner.claims import Claimant
from custom_components.bitaxe.power.controller import Kind, Move
from custom_components.bitaxe.power.swarm import async_get_power
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Settle, Simulate
from ..discord.asking import Talk
from ..entities import entity_id
from .house import House, device_of, measure, setting
from .test_following import MINUTE, PAUSE, act, following, number
from .test_heating import add_room, call, feel, room

pytestmark = pytest.mark.usefixtures("swarm")

CHOSEN = OperatingPoint(frequency=520.0, core_voltage=1150.0)


def choose(server: MinerServer) -> None:
    """Choose a setting in the miner's own pages."""
    server.miner.write({"frequency": 520, "coreVoltage": 1150})


async def choose_here(
    hass: HomeAssistant, entry: MockConfigEntry, point: OperatingPoint
) -> None:
    """Choose a setting in Home Assistant."""
    await hass.services.async_call(
        DOMAIN,
        "apply_configuration",
        {
            "device_id": [device_of(hass, entry)],
            "frequency": point.frequency,
            "core_voltage": point.core_voltage,
        },
        blocking=True,
    )


def reason(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Return why a miner draws what it draws."""
    return number(hass, entry).attributes["reason"]


@pytest.mark.parametrize("whose", ["miner", "swarm"])
async def test_right_after_a_write(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    swarm: MockConfigEntry,
    whose: str,
) -> None:
    """Chosen in the miner's own pages within the minute, it is not taken for ours."""
    server, entry = house[0]
    before = setting(server)
    if whose == "miner":
        await act(hass, entry, power=13, follow=True)
    else:
        await act(hass, swarm, power=39, follow=True)
    await pass_time(10)
    assert setting(server) != before
    choose(server)
    await pass_time(30 * MINUTE, 30)
    assert setting(server) == CHOSEN
    assert reason(hass, entry) == "changed_by_hand"
    assert following(hass, entry) == "off"


async def test_on_the_way_back(
    hass: HomeAssistant, house: House, pass_time: PassTime
) -> None:
    """Nor is it replaced by what was chosen before."""
    server, entry = house[0]
    await act(hass, entry, power=13, follow=True)
    await pass_time(10 * MINUTE, 30)
    await act(hass, entry, follow=False)
    await pass_time(10)
    choose(server)
    await pass_time(10 * MINUTE, 30)
    assert setting(server) == CHOSEN


async def test_a_miner_that_leaves_a_room_does_not_fall_to_the_swarm(
    hass: HomeAssistant, house: House, swarm: MockConfigEntry, pass_time: PassTime
) -> None:
    """Whatever else would follow it next leaves it as well."""
    server, entry = house[0]
    feel(hass, 15)
    entity = await add_room(hass, swarm, house[:1])
    await act(hass, swarm, power=46, follow=True)
    await call(hass, entity, "turn_on")
    await pass_time(5 * MINUTE, 30)
    assert reason(hass, entry) == "heating"
    choose(server)
    await act(hass, swarm, power=40)
    await pass_time(30 * MINUTE, 30)
    assert setting(server) == CHOSEN
    assert reason(hass, entry) == "changed_by_hand"
    assert room(hass, entity)["left_by"] == [entry.title]


@pytest.mark.parametrize("led_by", ["swarm", "room"])
@pytest.mark.parametrize("was_written", [False, True])
async def test_while_home_assistant_was_down(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    settle: Settle,
    led_by: str,
    was_written: bool,
) -> None:
    """It is seen with the first reading, before what follows the miner is set up."""
    server, entry = house[0]
    power = 39 if was_written else 70
    feel(hass, 23 if was_written else 15)
    before = setting(server)
    if led_by == "room":
        entity = await add_room(hass, swarm, house, when_idle="lowest")
        await call(hass, entity, "turn_on")
        power = 99
    else:
        await act(hass, swarm, power=power, follow=True)
    await pass_time((5 if was_written else 1) * MINUTE, 30)
    if was_written:
        assert setting(server) != before
    for each in (swarm, *(entry for _, entry in house)):
        await hass.config_entries.async_unload(each.entry_id)
    choose(server)
    # As after a start: miners do not wait for what they share.
    for each in (*(entry for _, entry in house), swarm):
        await hass.config_entries.async_setup(each.entry_id)
        await settle()
    if led_by == "swarm":
        await act(hass, swarm, power=39)
    else:
        feel(hass, 23)
    await pass_time(30 * MINUTE, 30)
    assert setting(server) == CHOSEN
    assert reason(hass, entry) == "changed_by_hand"
    assert setting(house[1][0]) != setting(server)


async def test_while_what_miners_share_is_set_up_anew(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """As after its options were changed."""
    server, entry = house[0]
    await act(hass, swarm, power=46, follow=True)
    await pass_time(5 * MINUTE, 30)
    await hass.config_entries.async_unload(swarm.entry_id)
    await choose_here(hass, entry, CHOSEN)
    await hass.config_entries.async_setup(swarm.entry_id)
    await settle()
    await act(hass, swarm, power=40)
    await pass_time(30 * MINUTE, 30)
    assert setting(server) == CHOSEN
    assert reason(hass, entry) == "changed_by_hand"


async def test_a_miner_that_nothing_followed_is_none_that_left(
    hass: HomeAssistant,
    house: House,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """Nothing is said of what never was, and it takes part once that is wanted."""
    server, entry = house[0]
    await hass.config_entries.async_unload(swarm.entry_id)
    await choose_here(hass, entry, CHOSEN)
    await hass.config_entries.async_setup(swarm.entry_id)
    await settle()
    assert reason(hass, entry) is None
    await act(hass, swarm, power=39, follow=True)
    await pass_time(10 * MINUTE, 30)
    assert setting(server) != CHOSEN


async def test_what_is_set_already(
    hass: HomeAssistant, house: House, pass_time: PassTime
) -> None:
    """To choose the setting that the target came to is to choose it."""
    server, entry = house[0]
    await act(hass, entry, power=13, follow=True)
    await pass_time(5 * MINUTE, 30)
    ours = setting(server)
    await choose_here(hass, entry, ours)
    await act(hass, entry, power=17)
    await pass_time(30 * MINUTE, 30)
    assert setting(server) == ours
    assert reason(hass, entry) == "changed_by_hand"
    assert entry.runtime_data.intended.operating_point == ours


async def test_a_write_that_was_lost_explains_nothing_later(
    hass: HomeAssistant, house: House, pass_time: PassTime
) -> None:
    """Who sets the same an hour later is somebody else."""
    server, entry = house[0]
    power = async_get_power(hass).miners[entry.entry_id]
    server.miner.faults.set(ignore_writes=True)
    await act(hass, entry, power=13, follow=True)
    await pass_time(30)
    wanted = [item.json for item in server.miner.requests if item.method == "PATCH"][-1]
    server.miner.faults.set(ignore_writes=False)
    # Nothing is to be written for a while.
    await act(hass, entry, power=40)
    await pass_time(20 * MINUTE, 30)
    assert power.is_steered
    server.miner.write(
        {"frequency": wanted["frequency"], "coreVoltage": wanted["coreVoltage"]}
    )
    chosen = setting(server)
    await pass_time(30 * MINUTE, 30)
    assert setting(server) == chosen
    assert reason(hass, entry) == "changed_by_hand"


@pytest.fixture
async def paused(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> tuple[MinerServer, MockConfigEntry]:
    """Return a miner that its power target has paused."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, PAUSE)
    await measure(hass, entry, server)
    await pass_time(MINUTE)
    await act(hass, entry, power=3, follow=True)
    await pass_time(5 * MINUTE, 30)
    assert server.miner.paused
    return server, entry


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("how", ["switch", "discord", "discord_all", "cards"])
async def test_a_pause_that_a_person_wants_too(
    hass: HomeAssistant,
    paused: tuple[MinerServer, MockConfigEntry],
    pass_time: PassTime,
    settle: Settle,
    hass_ws_client: WebSocketGenerator,
    how: str,
    restarted: bool,
) -> None:
    """The miner is paused already; it stays so, however much power there is."""
    server, entry = paused
    if restarted:
        await hass.config_entries.async_reload(entry.entry_id)
        await settle()
    match how:
        case "switch":
            await hass.services.async_call(
                "switch",
                "turn_off",
                {"entity_id": entity_id(hass, entry, "switch", "mining")},
                blocking=True,
            )
        case "discord":
            await Talk(hass).ask("pause", miner=entry.title)
        case "discord_all":
            talk = Talk(hass)
            await talk.ask("pause", miner="all")
            await talk.agree()
        case "cards":
            connection = await hass_ws_client()
            await connection.send_json_auto_id(
                {
                    "type": f"{DOMAIN}/bulk_work",
                    "action": "pause",
                    "device_id": [device_of(hass, entry)],
                }
            )
            for _ in range(3):
                reply = await connection.receive_json()
            assert reply["event"]["result"] == "done"
    await act(hass, entry, power=40)
    await pass_time(60 * MINUTE, 30)
    assert server.miner.paused
    assert reason(hass, entry) == "paused_by_hand"
    assert following(hass, entry) == "off"


async def test_paused_while_the_target_lets_it_mine_again(
    hass: HomeAssistant,
    paused: tuple[MinerServer, MockConfigEntry],
    pass_time: PassTime,
) -> None:
    """Between decision and command to resume, a person pauses it: that holds."""
    server, entry = paused
    power = async_get_power(hass).miners[entry.entry_id]
    move = Move(key=power.key, kind=Kind.RESUME, power=14.0)
    power.reserve(move)
    await asyncio.gather(
        hass.services.async_call(
            "switch",
            "turn_off",
            {"entity_id": entity_id(hass, entry, "switch", "mining")},
            blocking=True,
        ),
        power.async_do(move),
    )
    assert server.miner.paused
    await act(hass, entry, power=40)
    await pass_time(60 * MINUTE, 30)
    assert server.miner.paused
    assert reason(hass, entry) == "paused_by_hand"


@pytest.mark.parametrize("where", ["here", "page"])
async def test_paused_by_a_person_at_the_same_moment(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    where: str,
) -> None:
    """A pause the target was about to ask for is not its own, if it came first."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, PAUSE)
    await measure(hass, entry, server)
    await pass_time(MINUTE)
    if where == "here":
        await asyncio.gather(
            hass.services.async_call(
                "switch",
                "turn_off",
                {"entity_id": entity_id(hass, entry, "switch", "mining")},
                blocking=True,
            ),
            act(hass, entry, power=3, follow=True),
        )
    else:
        server.miner.pause()
        await act(hass, entry, power=3, follow=True)
    await pass_time(5 * MINUTE, 30)
    await act(hass, entry, power=40)
    await pass_time(60 * MINUTE, 30)
    assert server.miner.paused
    assert reason(hass, entry) == "paused_by_hand"
    assert CONF_POWER in entry.options


@pytest.mark.parametrize(
    "holder", [item for item in Claimant if item < Claimant.POWER], ids=str
)
async def test_who_goes_before_has_a_name(
    hass: HomeAssistant, house: House, pass_time: PassTime, holder: Claimant
) -> None:
    """Why a target is not kept is shown in words for each of them."""
    _, entry = house[0]
    await act(hass, entry, power=13, follow=True)
    entry.runtime_data.claims.claim(holder)
    await pass_time(30)
    shown = reason(hass, entry)
    assert shown == f"held_by_{holder.name.lower()}"
    texts = await async_get_translations(hass, "en", "entity", {DOMAIN})
    place = f"component.{DOMAIN}.entity"
    for key in ("number.power_target", "switch.follow_power_target", "climate.heating"):
        assert f"{place}.{key}.state_attributes.reason.state.{shown}" in texts
