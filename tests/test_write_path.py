"""Nothing reaches a miner, or a board, that it is not meant for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import Command, Settings
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.coordinator import MinerCoordinator
from custom_components.bitaxe.miner.write_log import Origin, OriginKind, person
from scripts.simulator import PRESETS, MinerServer, MinerSpec

from .conftest import AddMiner, PassTime, Simulate
from .discord.asking import Talk
from .test_services import act

pytestmark = pytest.mark.usefixtures("swarm_entry", "every_entity")

LATEST = replace(PRESETS["gamma-2.15"], name="latest")


@dataclass(frozen=True, slots=True)
class Home:
    """A miner of ours, and another one that will get its address."""

    hass: HomeAssistant
    entry: MockConfigEntry
    ours: MinerServer
    other: MinerServer

    @property
    def coordinator(self) -> MinerCoordinator:
        """Our miner's coordinator."""
        coordinator: MinerCoordinator = self.entry.runtime_data
        return coordinator

    def swap(self) -> None:
        """Let both exchange their leases."""
        self.ours.miner, self.other.miner = self.other.miner, self.ours.miner

    def entity(self, platform: str, key: str) -> str:
        """Return an entity of our miner."""
        registry = er.async_get(self.hass)
        unique_id = f"{self.coordinator.identifier}_{key}"
        entity_id = registry.async_get_entity_id(platform, DOMAIN, unique_id)
        assert entity_id is not None, key
        return entity_id

    async def call(self, platform: str, action: str, key: str, **data: Any) -> None:
        """Do something to an entity of our miner."""
        await self.hass.services.async_call(
            platform,
            action,
            {ATTR_ENTITY_ID: self.entity(platform, key), **data},
            blocking=True,
        )


def sent(server: MinerServer) -> list[str]:
    """Return everything that was sent to a miner, other than questions."""
    return [
        f"{item.method} {item.path}"
        for item in server.miner.requests
        if item.method != "GET"
    ]


@pytest.fixture
async def home(hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner) -> Home:
    """Return a home in which two miners of the newest firmware run."""
    ours = await simulate(LATEST)
    other = await simulate(replace(LATEST, name="other", seed=99))
    # Not the settings of the profile that every miner has.
    ours.miner.write({"frequency": 505, "coreVoltage": 1130})
    return Home(hass, await add_miner(ours), ours, other)


type Way = Callable[[Home], Awaitable[object]]


def number(key: str, value: float) -> Way:
    """Set a number."""
    return lambda home: home.call(Platform.NUMBER, "set_value", key, value=value)


def switch(key: str, action: str) -> Way:
    """Turn a switch."""
    return lambda home: home.call(Platform.SWITCH, action, key)


def button(key: str) -> Way:
    """Press a button."""
    return lambda home: home.call(Platform.BUTTON, "press", key)


def action(name: str, **data: Any) -> Way:
    """Run an action of ours, as cards and automations do."""
    return lambda home: act(home.hass, name, home.entry, **data)


def discord(name: str, **arguments: str) -> Way:
    """Give a command in Discord, and agree to what is asked."""

    async def ask(home: Home) -> str:
        talk = Talk(home.hass)
        answer = await talk.ask(name, miner="latest", **arguments)
        if talk.asks_back:
            answer = await talk.agree()
        if "❌" in answer:
            raise HomeAssistantError(answer)
        return answer

    return ask


def by(kind: OriginKind) -> Way:
    """Write as something that acts by itself."""
    return lambda home: home.coordinator.async_apply(
        Settings(frequency=490), origin=Origin(kind=kind)
    )


WAYS: dict[str, Way] = {
    "frequency": number("frequency", 490),
    "core_voltage": number("core_voltage", 1100),
    "fan_speed": number("fan_speed", 55),
    "target_temperature": number("target_temperature", 55),
    "minimum_fan_speed": number("minimum_fan_speed", 30),
    "display_timeout": number("display_timeout", 5),
    "display_rotation": lambda home: home.call(
        Platform.SELECT, "select_option", "display_rotation", option="180"
    ),
    "profile": lambda home: home.call(
        Platform.SELECT, "select_option", "profile", option="stock"
    ),
    "profile of all": lambda home: home.hass.services.async_call(
        Platform.SELECT,
        "select_option",
        {ATTR_ENTITY_ID: "select.bitaxe_swarm_profile", "option": "stock"},
        blocking=True,
    ),
    "mining": switch("mining", "turn_off"),
    "auto_fan": switch("auto_fan", "turn_off"),
    "display_inverted": switch("display_inverted", "turn_on"),
    "restart": button("restart"),
    "identify": button("identify"),
    "apply_configuration": action(
        "apply_configuration", frequency=490, core_voltage=1100
    ),
    "set_fan": action("set_fan", mode="manual", speed=0),
    "set_pool": action("set_pool", url="pool.example.org", port=3333, user="a.b"),
    "discord clock": discord("clock", frequency="490"),
    "discord voltage": discord("voltage", voltage="1100"),
    "discord apply": discord("apply", frequency="490", voltage="1100"),
    "discord fan": discord("fan", speed="55"),
    "discord slow fan": discord("fan", speed="0"),
    "discord restart": discord("restart"),
    "discord pause": discord("pause"),
    **{f"by {kind}": by(kind) for kind in OriginKind},
}


@pytest.mark.parametrize("noticed", [False, True])
@pytest.mark.parametrize("way", WAYS)
async def test_swapped_addresses(
    home: Home, pass_time: PassTime, way: str, noticed: bool
) -> None:
    """Whether a poll has noticed it yet or not, nothing is sent to either."""
    coordinator = home.coordinator
    before = coordinator.snapshot
    home.swap()
    if noticed:
        await pass_time()
        assert not coordinator.last_update_success
    if noticed and (way in NEEDS_ONLINE or way.startswith("discord")):
        # Home Assistant, or the answer in words, refuses it without asking the miner.
        await WAYS[way](home)
    else:
        with pytest.raises(HomeAssistantError) as raised:
            await WAYS[way](home)
        if not way.startswith("discord"):
            assert raised.value.translation_key == "different_miner"
    assert sent(home.ours) == sent(home.other) == []
    assert coordinator.snapshot.identity == before.identity
    assert not coordinator.last_update_success
    assert ir.async_get(home.hass).async_get_issue(
        DOMAIN, f"different_miner_{home.entry.entry_id}"
    )


NEEDS_ONLINE = {
    "frequency",
    "core_voltage",
    "fan_speed",
    "target_temperature",
    "minimum_fan_speed",
    "display_timeout",
    "display_rotation",
    "profile",
    "mining",
    "auto_fan",
    "display_inverted",
}
"""Entities, which are unavailable while another miner answers."""


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_works_where_it_is_meant_to(home: Home, way: str) -> None:
    """Otherwise the test before would prove nothing."""
    await WAYS[way](home)
    assert sent(home.ours)
    assert not sent(home.other)


async def test_the_limits_are_those_of_the_board_that_answers(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """What a Max bears would destroy a Gamma."""
    ours, other = await simulate("max-2.6"), await simulate("gamma-2.12")
    home = Home(hass, await add_miner(ours), ours, other)
    home.swap()
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "apply_configuration", home.entry, core_voltage=1500)
    assert raised.value.translation_key == "different_miner"
    assert sent(ours) == sent(other) == []


async def test_swapped_while_it_is_written(home: Home) -> None:
    """The reading that should confirm it comes from another: it is not ours."""
    before = home.coordinator.snapshot
    home.ours.miner.faults.bind(lambda: None, lambda: None)
    write = home.ours.miner.write

    def swap_after(payload: dict[str, Any]) -> Any:
        answer = write(payload)
        home.swap()
        return answer

    home.ours.miner.write = swap_after  # type: ignore[method-assign]
    with pytest.raises(HomeAssistantError):
        await home.coordinator.async_apply(Settings(frequency=490), origin=person(None))
    assert home.coordinator.snapshot == before
    assert not sent(home.ours)


async def test_all_are_restarted_but_the_stranger(
    home: Home, pass_time: PassTime
) -> None:
    """One after another, each asked for who it is."""
    home.swap()
    await home.hass.services.async_call(
        Platform.BUTTON,
        "press",
        {ATTR_ENTITY_ID: "button.bitaxe_swarm_restart_all_miners"},
        blocking=True,
    )
    await pass_time()
    assert sent(home.ours) == sent(home.other) == []


MAX = MinerSpec(
    name="latest",
    model="max",
    board="102",
    firmware="v2.15.0",
    seed=LATEST.seed,
    write_delay=0.0,
)


def other_board(home: Home) -> None:
    """Give our miner another board under the same MAC address."""
    spec = replace(MAX, mac=home.ours.miner.spec.mac_address)
    home.ours.miner = type(home.ours.miner)(spec, home.ours.miner.clock)


@pytest.mark.parametrize("way", WAYS)
async def test_another_board_under_the_same_mac(home: Home, way: str) -> None:
    """What was meant for the former one is refused; then its own limits hold."""
    other_board(home)
    with pytest.raises(HomeAssistantError) as raised:
        await WAYS[way](home)
    if not way.startswith("discord"):
        assert raised.value.translation_key == "board_changed"
    assert not sent(home.ours)
    assert home.coordinator.snapshot.identity.asic_model == "BM1397"
    limits = home.coordinator.limits
    assert limits is not None
    assert limits.core_voltage == (1100, 1500)
    await act(home.hass, "apply_configuration", home.entry, core_voltage=1450)
    assert sent(home.ours)


async def test_what_was_intended_for_another_board_is_forgotten(
    home: Home, pass_time: PassTime
) -> None:
    """It is never restored."""
    other_board(home)
    await pass_time()
    intended = home.coordinator.intended
    assert intended is not None
    assert intended.operating_point == home.coordinator.snapshot.operating_point
    with pytest.raises(HomeAssistantError) as raised:
        await home.coordinator.async_restore_intended(origin=person(None))
    assert raised.value.translation_key == "situation_changed"
    assert not sent(home.ours)


async def test_another_board_while_home_assistant_was_down(
    hass: HomeAssistant, home: Home
) -> None:
    """The memory is of the former one."""
    await hass.config_entries.async_unload(home.entry.entry_id)
    other_board(home)
    await hass.config_entries.async_setup(home.entry.entry_id)
    intended = home.coordinator.intended
    assert intended is not None
    assert intended.operating_point == home.coordinator.snapshot.operating_point


def nameless(home_miner: MinerServer, hostname: str | None = None) -> None:
    """Let a miner report no MAC address."""
    miner = home_miner.miner
    info = miner.info

    def without_mac() -> dict[str, Any]:
        return {k: v for k, v in info().items() if k != "macAddr"} | (
            {"hostname": hostname} if hostname else {}
        )

    miner.info = without_mac  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("other", "hostname"), [("max-2.6", "attic"), ("ultra-2.4", "cellar")]
)
async def test_miners_without_a_mac(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    other: str,
    hostname: str,
) -> None:
    """Board and host name distinguish them."""
    first, second = await simulate("ultra-2.4"), await simulate(other)
    nameless(first, "attic")
    nameless(second, hostname)
    entry = await add_miner(first)
    home = Home(hass, entry, first, second)
    await act(hass, "apply_configuration", entry, frequency=450)
    home.swap()
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as raised:
            await act(hass, "apply_configuration", entry, frequency=500)
        assert raised.value.translation_key == "different_miner"
        await pass_time()
    assert not sent(first)


async def test_a_miner_without_a_mac_is_not_taken_for_one_that_has_its_own_entry(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """New firmware could report the MAC address at last, but this is another miner."""
    first = await simulate("gamma-2.12")
    second = await simulate(replace(PRESETS["gamma-2.12"], name="second", seed=77))
    nameless(first)
    first.miner.stored["hostname"] = second.miner.stored["hostname"]
    entries = [await add_miner(first), await add_miner(second)]
    home = Home(hass, entries[0], first, second)
    home.swap()
    await pass_time()
    assert hass.config_entries.async_get_entry(entries[0].entry_id) is not None
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "apply_configuration", entries[0], frequency=500)
    assert raised.value.translation_key == "different_miner"
    assert sent(first) == sent(second) == []


async def test_a_reply_without_the_mac_that_was_there(home: Home) -> None:
    """It is read on, but not enough to write."""
    nameless(home.ours)
    with pytest.raises(HomeAssistantError) as raised:
        await home.coordinator.async_execute(Command.RESTART, origin=person(None))
    assert raised.value.translation_key == "different_miner"
    assert not sent(home.ours)


async def test_who_asked_is_recorded(home: Home) -> None:
    """Also where it was no person."""
    reported: list[dict[str, object]] = []
    home.coordinator.async_add_occurrence_listener(
        lambda occurrence: reported.append(dict(occurrence.data))
    )
    for kind, frequency in zip(OriginKind, range(490, 600, 10), strict=False):
        await home.coordinator.async_apply(
            Settings(frequency=frequency), origin=Origin(kind=kind)
        )
    assert [data["origin"] for data in reported] == list(OriginKind)
    assert {data["by"] for data in reported} == {"home_assistant"}
