"""Two miners get each other's address while something goes on: it reaches neither."""

from collections import Counter
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.live.bulk_work import async_find_work
from custom_components.bitaxe.tuning.session import tuner_of
from scripts.simulator import SimulatedMiner

from .conftest import POLL_SECONDS, PassTime
from .insight.test_bulk_work import live
from .power.conftest import house
from .power.house import House
from .power.test_following import act as set_target, device_of, number

__all__ = ["house", "live"]

MINUTE = 60


def swap(house: House, one: int, other: int) -> None:
    """Let two miners exchange their leases."""
    first, second = house[one][0], house[other][0]
    first.miner, second.miner = second.miner, first.miner


class Commands:
    """Counts what each miner is asked from now on, wherever it is."""

    def __init__(self, house: House) -> None:
        """Begin with nothing, while each is where it was set up."""
        self.miners: list[SimulatedMiner] = [server.miner for server, _ in house]
        self._before = self._all()

    def forget(self) -> None:
        """Begin anew."""
        self._before = self._all()

    def _all(self) -> list[Counter[str]]:
        return [
            Counter(item.path for item in miner.requests if item.method != "GET")
            for miner in self.miners
        ]

    @property
    def each(self) -> list[int]:
        """How many it were, by the miner."""
        return [
            (now - before).total()
            for now, before in zip(self._all(), self._before, strict=True)
        ]


async def test_while_a_setting_is_measured(
    hass: HomeAssistant, house: House, pass_time: PassTime
) -> None:
    """The run waits for its own miner, and goes on with it alone."""
    entry = house[0][1]
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    commands = Commands(house)
    await hass.services.async_call(
        DOMAIN, "start_tuning", {"device_id": device_of(hass, entry)}, blocking=True
    )
    await pass_time(5 * MINUTE)
    assert tuner.is_running
    swap(house, 0, 1)
    commands.forget()
    await pass_time(10 * MINUTE)
    assert tuner.is_running
    assert commands.each == [0, 0, 0]
    # Anyone who ends it meanwhile sends nothing to the stranger either.
    await hass.services.async_call(
        DOMAIN, "stop_tuning", {"device_id": device_of(hass, entry)}, blocking=True
    )
    await pass_time(5 * MINUTE)
    assert commands.each == [0, 0, 0]
    swap(house, 0, 1)
    await pass_time(10 * MINUTE)
    assert commands.each[1:] == [0, 0]
    original = tuner.last
    assert original is not None
    assert entry.runtime_data.snapshot.operating_point in {
        original.original,
        *(trial.point for trial in original.trials),
    }


async def test_while_a_power_target_is_followed(
    hass: HomeAssistant, house: House, pass_time: PassTime, swarm: MockConfigEntry
) -> None:
    """The one that is where it was makes room alone; others once they are back."""
    swapped = Commands(house)
    await set_target(hass, swarm, power=60, follow=True)
    await pass_time(3 * MINUTE)
    swap(house, 0, 1)
    swapped.forget()
    await set_target(hass, swarm, power=50)
    await pass_time(5 * MINUTE)
    await set_target(hass, swarm, power=46)
    await pass_time(5 * MINUTE)
    assert swapped.each[:2] == [0, 0]
    assert swapped.each[2] > 0
    swap(house, 0, 1)
    await set_target(hass, swarm, power=42)
    await pass_time(10 * MINUTE)
    assert sum(swapped.each[:2]) > 0
    assert number(hass, swarm).attributes["reached"] <= 42


async def test_while_its_own_target_is_followed(
    hass: HomeAssistant, house: House, pass_time: PassTime
) -> None:
    """Neither a lower target nor its end is sent to the stranger."""
    entry = house[0][1]
    swapped = Commands(house)
    await set_target(hass, entry, power=16, follow=True)
    await pass_time(3 * MINUTE)
    assert swapped.each[0] > 0
    swap(house, 0, 1)
    swapped.forget()
    await set_target(hass, entry, power=12)
    await pass_time(3 * MINUTE)
    await set_target(hass, entry, follow=False)
    await pass_time(3 * MINUTE)
    assert swapped.each == [0, 0, 0]
    swap(house, 0, 1)
    await pass_time(10 * MINUTE)
    assert swapped.each[0] > 0
    assert swapped.each[1:] == [0, 0]


@pytest.mark.parametrize("noticed", [False, True])
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("copy_settings", {"settings": ["fan", "display", "pool"]}),
        ("set_pool", {"url": "pool.example.org", "port": 3333}),
    ],
)
async def test_between_preview_and_consent(
    hass: HomeAssistant,
    house: House,
    pass_time: PassTime,
    action: str,
    data: dict[str, Any],
    noticed: bool,
) -> None:
    """What was shown of one miner is not done to another."""
    house[2][0].miner.write({"autofanspeed": 0, "manualFanSpeed": 71, "rotation": 180})
    await pass_time()
    if action == "copy_settings":
        data = {**data, "source": device_of(hass, house[2][1])}
    data = {**data, "device_id": device_of(hass, house[0][1])}
    commands = Commands(house)

    async def ask(**more: bool) -> Any:
        answer: Any = await hass.services.async_call(
            DOMAIN, action, data | more, blocking=True, return_response=True
        )
        return answer["miners"][0]

    assert (await ask(preview=True))["result"] == "planned"
    swap(house, 0, 1)
    if noticed:
        await pass_time()
    outcome = await ask()
    assert outcome["result"] == "refused"
    assert outcome["reason"]["translation_key"] == "different_miner"
    with pytest.raises(HomeAssistantError) as refusal:
        await hass.services.async_call(DOMAIN, action, data, blocking=True)
    assert refusal.value.translation_key == "different_miner"
    assert commands.each == [0, 0, 0]
    swap(house, 0, 1)
    await pass_time()
    assert (await ask())["result"] == "done"
    assert commands.each[1:] == [0, 0]
    assert commands.each[0] > 0


async def test_while_miners_restart_in_turn(
    hass: HomeAssistant,
    house: House,
    live: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Those that are not where they were keep hashing."""
    devices = [device_of(hass, entry) for _, entry in house]
    commands = Commands(house)
    connection = await hass_ws_client()
    await connection.send_json_auto_id(
        {"type": f"{DOMAIN}/bulk_work", "action": "restart", "device_id": devices}
    )
    assert (await connection.receive_json())["success"]
    work = (await connection.receive_json())["event"]["work"]
    assert (await connection.receive_json())["event"]["result"] == "done"
    await connection.close()
    swap(house, 1, 2)
    for _ in range(12):
        await live(POLL_SECONDS)
    assert async_find_work(hass, work) is None
    assert commands.each == [1, 0, 0]


@pytest.mark.parametrize("action", ["pause", "apply_profile"])
async def test_while_several_are_changed(
    hass: HomeAssistant, house: House, hass_ws_client: WebSocketGenerator, action: str
) -> None:
    """The one that is where it was is changed, the others are not."""
    for server, _ in house:
        server.miner.write({"frequency": 505, "coreVoltage": 1130})
    devices = [device_of(hass, entry) for _, entry in house]
    commands = Commands(house)
    swap(house, 0, 1)
    connection = await hass_ws_client()
    await connection.send_json_auto_id(
        {
            "type": f"{DOMAIN}/bulk_work",
            "action": action,
            "profile": "eco",
            "device_id": devices,
        }
    )
    assert (await connection.receive_json())["success"]
    outcomes: dict[str, Any] = {}
    while (event := (await connection.receive_json())["event"])["type"] != "end":
        if event["type"] == "outcome":
            outcomes[event["device_id"]] = event["result"]
    assert [outcomes[device] for device in devices] == ["refused", "refused", "done"]
    assert commands.each == [0, 0, 1]
