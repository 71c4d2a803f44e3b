"""Commands, as people give them: what is done, what is asked back, what is refused."""

import re

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.bitaxe.const import (
    DOMAIN,
    EVENT_DISCORD_COMMAND,
    SWARM_UNIQUE_ID,
)
from custom_components.bitaxe.discord.channel.settings import (
    EVERYONE,
    ChannelKind,
    ChannelSettings,
)
from custom_components.bitaxe.discord.commands import (
    COMMANDS,
    Caller,
    complete,
    find_command,
    parse_prefix,
)
from custom_components.bitaxe.discord.messages.model import Mention
from scripts.bench.texts import texts_in
from scripts.simulator import MinerServer, MinerSpec

from ..conftest import AddMiner, PassTime, Simulate
from ..test_swarm import live
from .asking import ROLE, USER, Talk

__all__ = ["live"]

CONTROLS = [spec.name for spec in COMMANDS if spec.control]


@pytest.fixture
async def office(simulate: Simulate) -> MinerServer:
    """Return a miner called office, at 525 MHz and 1150 mV."""
    return await simulate(MinerSpec(name="office", firmware="v2.15.0", seed=1))


@pytest.fixture
async def entry(office: MinerServer, add_miner: AddMiner) -> MockConfigEntry:
    """Set up the miner called office."""
    return await add_miner(office)


@pytest.fixture
def talk(hass: HomeAssistant, entry: MockConfigEntry) -> Talk:
    """Return a conversation of somebody who may control miners."""
    return Talk(hass)


@pytest.fixture
def reported(hass: HomeAssistant) -> list[Event]:
    """Return the events of what was done from Discord."""
    return async_capture_events(hass, EVENT_DISCORD_COMMAND)


def writes(server: MinerServer) -> list[dict[str, object]]:
    """Return every change of settings that a miner was asked for."""
    return [
        request.json for request in server.miner.requests if request.method == "PATCH"
    ]


def count(server: MinerServer, path: str) -> int:
    """Return how often a miner was asked for something."""
    return sum(
        request.path == f"/api/system/{path}" for request in server.miner.requests
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_offered(language: str) -> None:
    """Commands are within what Discord takes, and what they need comes first."""
    texts = texts_in(language)
    names = [spec.name for spec in COMMANDS]
    assert len(names) == len(set(names))
    for spec in COMMANDS:
        assert re.fullmatch(r"[-a-z]{1,32}", spec.name)
        assert 0 < len(texts(spec.description)) <= 100
        required = [parameter.required for parameter in spec.parameters]
        assert required == sorted(required, reverse=True)
        for parameter in spec.parameters:
            assert re.fullmatch(r"[-a-z]{1,32}", parameter.name)
            assert 0 < len(texts(parameter.description)) <= 100
            assert len(parameter.choices) <= 25


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("!status", "status", {}),
        ("  !STATUS please", "status", {}),
        ("!report 7d", "report", {"span": "7d"}),
        ("!report last week", "report", {"span": "last week"}),
        ("!miner office", "miner", {"miner": "office"}),
        ("!miner my office 24h", "miner", {"miner": "my office", "span": "24h"}),
        ("!miner 24h", "miner", {"miner": "24h"}),
        ('!miner "rack 7d"', "miner", {"miner": "rack 7d"}),
        ("!clock office 525", "clock", {"miner": "office", "frequency": "525"}),
        ("!clock rack 2 612,5", "clock", {"miner": "rack 2", "frequency": "612,5"}),
        ("!clock office", "clock", {"miner": "office"}),
        ("!clock office fast", "clock", {"miner": "office fast"}),
        ("!voltage a 1150mV", "voltage", {"miner": "a", "voltage": "1150mV"}),
        (
            "!apply my office 525 1150",
            "apply",
            {"miner": "my office", "frequency": "525", "voltage": "1150"},
        ),
        ("!apply office best", "apply", {"miner": "office", "frequency": "best"}),
        ("!fan office 60%", "fan", {"miner": "office", "speed": "60%"}),
        ("!voltage a b 1150 mV", "voltage", {"miner": "a b", "voltage": "1150mV"}),
        ("!fan office AUTO", "fan", {"miner": "office", "speed": "AUTO"}),
        ("!restart-all", "restart-all", {}),
        ("!restart_all", "restart-all", {}),
        ("!pause all", "pause", {"miner": "all"}),
        ("!pause", "pause", {}),
    ],
)
def test_written_commands(text: str, name: str, arguments: dict[str, str]) -> None:
    """A message is read as the command it looks like."""
    assert parse_prefix(text) == (name, arguments)


@pytest.mark.parametrize(
    "text", ["", "!", "hello", "!play song", "! status", "status", "!!"]
)
def test_other_messages(text: str) -> None:
    """Whatever else people and other bots write is none of ours."""
    assert parse_prefix(text) is None


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
async def test_every_command_answers(
    talk: Talk, office: MinerServer, spec: object
) -> None:
    """With nothing given, each says something, and changes nothing."""
    assert isinstance(name := getattr(spec, "name", None), str)

    assert await talk.ask(name)
    assert writes(office) == []
    assert count(office, "restart") == 0


async def test_unknown_command(talk: Talk) -> None:
    """What is not there is said to be not there."""
    assert "no command **\\@everyone**" in await talk.ask("@everyone")
    assert talk.refused


@pytest.mark.parametrize(
    "name", ["office", "OFFICE", "off", "fic", '"office"', " office "]
)
async def test_a_miner_by_its_name(talk: Talk, name: str) -> None:
    """A part of the name is enough."""
    await talk.write(f"!clock {name} 500")

    assert talk.asks_back


async def test_unclear_names(
    hass: HomeAssistant, talk: Talk, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Nothing is done to a miner that may be another one."""
    await add_miner(await simulate(MinerSpec(name="office-2", seed=2)))
    await add_miner(await simulate(MinerSpec(name="kitchen", seed=3)))

    said = await talk.ask("restart", miner="offic")
    assert "**office** and **office-2**" in said
    assert talk.refused
    assert "Did you mean **kitchen**?" in await talk.ask("restart", miner="kitchn")
    said = await talk.ask("restart", miner="zzz")
    assert "There is **kitchen**, **office** and **office-2**" in said
    # The whole name of one is meant, though others begin with it.
    await talk.ask("clock", miner="office", frequency="500")
    assert talk.asks_back


async def test_miners_of_the_same_name(
    talk: Talk, entry: MockConfigEntry, simulate: Simulate, add_miner: AddMiner
) -> None:
    """They are distinguished by their MAC address."""
    other = await add_miner(await simulate(MinerSpec(name="office", seed=99)))
    assert entry.unique_id is not None
    assert other.unique_id is not None

    said = await talk.ask("restart", miner="office")
    for item in (entry, other):
        assert (item.unique_id or "").replace(":", "")[-4:].upper() in said
    assert talk.refused
    await talk.ask(
        "clock", miner=other.unique_id.replace(":", "")[-4:], frequency="500"
    )
    assert talk.asks_back


async def test_miners_of_the_same_name_without_a_mac(
    hass: HomeAssistant, talk: Talk
) -> None:
    """Old firmware reports none; ends of network addresses are alike."""
    addresses = ["192.168.1.15:80", "192.168.1.115:80"]
    for address in addresses:
        MockConfigEntry(
            domain=DOMAIN,
            title="bitaxe",
            unique_id=address,
            data={"kind": "miner", "host": "127.0.0.1", "port": 1},
        ).add_to_hass(hass)

    for address in addresses:
        name = f"bitaxe ({address})"
        assert f"**{name}** is offline" in await talk.ask("restart", miner=name)


async def test_suggestions(talk: Talk, simulate: Simulate, add_miner: AddMiner) -> None:
    """Names and values are suggested, those first that begin like what was written."""
    await add_miner(await simulate(MinerSpec(name="Box office", seed=2)))

    def suggested(command: str, parameter: str, text: str = "") -> list[str]:
        spec = find_command(command)
        assert spec is not None
        return complete(talk.swarm, spec, parameter, text)

    assert suggested("restart", "miner") == ["Box office", "office"]
    assert suggested("restart", "miner", "OFF") == ["office", "Box office"]
    assert suggested("pause", "miner") == ["all", "Box office", "office"]
    assert suggested("report", "span", "1") == ["1h", "12h", "14d"]
    assert suggested("apply", "frequency", "b") == ["best"]
    assert suggested("clock", "frequency") == []
    assert suggested("clock", "nothing") == []


async def test_at_most_25_suggestions(hass: HomeAssistant, talk: Talk) -> None:
    """Discord shows no more."""
    for index in range(40):
        MockConfigEntry(
            domain=DOMAIN,
            title=f"miner {index:02}",
            unique_id=f"mac{index}",
            data={"kind": "miner", "host": "127.0.0.1", "port": 1},
        ).add_to_hass(hass)
    spec = find_command("restart")
    assert spec is not None

    assert len(complete(talk.swarm, spec, "miner", "")) == 25
    assert complete(talk.swarm, spec, "miner", "39") == ["miner 39"]


@pytest.mark.parametrize("name", CONTROLS)
async def test_control_is_off_by_default(
    talk: Talk, office: MinerServer, reported: list[Event], name: str
) -> None:
    """Until somebody is chosen, nobody controls anything."""
    talk.settings = ChannelSettings(kind=ChannelKind.BOT, commands=True)

    said = await talk.ask(
        name, miner="office", frequency="500", voltage="1100", speed="50"
    )

    assert "Control is off" in said
    assert talk.refused
    assert writes(office) == []
    assert reported == []


@pytest.mark.parametrize(
    ("chosen", "roles", "allowed"),
    [
        ((EVERYONE,), (), True),
        ((Mention("user", USER),), (), True),
        ((Mention("user", USER + 1),), (), False),
        ((Mention("role", ROLE),), (ROLE,), True),
        ((Mention("role", ROLE),), (ROLE + 1,), False),
        # An id of a role is not that of a user, nor the other way round.
        ((Mention("role", USER),), (), False),
        ((Mention("user", ROLE),), (ROLE,), False),
        ((Mention("user", 1), Mention("role", ROLE)), (ROLE,), True),
    ],
)
async def test_who_may_control(
    talk: Talk, chosen: tuple[str | Mention, ...], roles: tuple[int, ...], allowed: bool
) -> None:
    """Chosen users and roles may, and nobody else even sees the commands."""
    talk.settings = ChannelSettings(kind=ChannelKind.BOT, commands=True, control=chosen)
    talk.caller = Caller(user_id=USER, user_name="satoshi", role_ids=frozenset(roles))

    said = await talk.ask("clock", miner="office", frequency="500")

    assert talk.asks_back is allowed
    assert ("You may not control" in said) is not allowed
    assert ("/clock" in await talk.ask("help")) is allowed


@pytest.mark.usefixtures("event_entities")
async def test_clock(
    hass: HomeAssistant,
    talk: Talk,
    office: MinerServer,
    reported: list[Event],
    entry: MockConfigEntry,
) -> None:
    """The frequency changes once somebody agrees, and Home Assistant knows who."""
    said = await talk.write("!clock office 500")
    assert "525 → **500 MHz**" in said
    assert talk.asks_back
    assert writes(office) == []
    assert reported == []

    assert "**office** is set to 500 MHz / 1150 mV." in await talk.agree()
    assert office.miner.info()["frequency"] == 500
    assert len(writes(office)) == 1
    (event,) = reported
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert event.data == {
        "device_id": device.id,
        "name": "office",
        "user": "satoshi",
        "user_id": str(USER),
        "channel": "#miners",
        "command": "clock office 500",
        "result": "done",
    }
    await hass.async_block_till_done()
    activity = er.async_get(hass).async_get_entity_id(
        "event", DOMAIN, f"{entry.unique_id}_activity"
    )
    assert activity is not None
    assert (state := hass.states.get(activity)) is not None
    assert state.attributes["event_type"] == "settings_changed"
    assert state.attributes["by"] == "home_assistant"


async def test_voltage(talk: Talk, office: MinerServer) -> None:
    """The core voltage changes once somebody agrees."""
    await talk.write("!voltage office 1100 mV")
    assert talk.asks_back
    assert "525 MHz / 1100 mV" in await talk.agree()
    assert office.miner.info()["coreVoltage"] == 1100


async def test_apply_is_one_write(talk: Talk, office: MinerServer) -> None:
    """Frequency and voltage go together."""
    said = await talk.write("!apply office 490 1100")
    assert "525 → **490 MHz** and 1150 → **1100 mV**" in said

    await talk.agree()
    (write,) = writes(office)
    assert {key: write[key] for key in ("frequency", "coreVoltage")} == {
        "frequency": 490,
        "coreVoltage": 1100,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!clock office 9000", "400 to 625 MHz"),
        ("!clock office 0", "400 to 625 MHz"),
        ("!clock office -500", "400 to 625 MHz"),
        ("!voltage office 5", "1000 to 1250 mV"),
        ("!apply office 500 2000", "1000 to 1250 mV"),
        ("!apply office 9000 1100", "400 to 625 MHz"),
        ("!fan office 101", "0 to 100 %"),
        ("!clock office", "How many MHz?"),
        ("!voltage office", "How many mV?"),
        ("!apply office 500", "How many mV?"),
        ("!apply office", "How many MHz?"),
        ("!fan office", "How many %?"),
        ("!clock", "Which miner?"),
        ("!restart", "Which miner?"),
        ("!pause", "Which miner?"),
        ("!clock office 525", "set like that already"),
        ("!apply office 525 1150", "set like that already"),
        ("!resume office", "mining already"),
        ("!resume all", "No miner is paused"),
        ("!report 0h", "not a span of time"),
        ("!miner nobody", "no miner called **nobody**"),
    ],
)
async def test_mistakes(
    talk: Talk, office: MinerServer, reported: list[Event], text: str, said: str
) -> None:
    """What people get wrong is answered to them alone, with what would be right."""
    assert said in await talk.write(text)
    assert talk.refused
    assert writes(office) == []
    assert reported == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("clock", {"frequency": "fast"}),
        ("clock", {"frequency": "500 mV"}),
        ("clock", {"frequency": "nan"}),
        ("clock", {"frequency": "1e3"}),
        ("clock", {"frequency": "500;1200"}),
        ("voltage", {"voltage": "inf"}),
        ("voltage", {"voltage": "`1100`"}),
        ("apply", {"frequency": "500", "voltage": "best"}),
        ("fan", {"speed": "loud"}),
        ("fan", {"speed": "60 MHz"}),
    ],
)
async def test_no_numbers(
    talk: Talk, office: MinerServer, name: str, arguments: dict[str, str]
) -> None:
    """What is no number of the right kind is not taken for one."""
    assert "is not a number of" in await talk.ask(name, miner="office", **arguments)
    assert talk.refused
    assert writes(office) == []


async def test_fan(talk: Talk, office: MinerServer, reported: list[Event]) -> None:
    """A fixed speed ends the regulation, `auto` begins it again; nobody is asked."""
    assert "runs at 60 %" in await talk.write("!fan office 60%")
    assert office.miner.info()["autofanspeed"] == 0
    assert office.miner.info()["manualFanSpeed"] == 60
    assert "regulates itself" in await talk.write("!fan office auto")
    assert office.miner.info()["autofanspeed"] == 1
    assert [event.data["command"] for event in reported] == [
        "fan office 60%",
        "fan office auto",
    ]


@pytest.mark.parametrize("speed", ["0", "19 %", "24"])
async def test_too_slow_a_fan_must_be_meant(
    talk: Talk, office: MinerServer, speed: str
) -> None:
    """Below what cools, or the miner's own minimum, somebody has to agree first."""
    await talk.write("!fan office auto")
    before = writes(office)
    assert "too little air" in await talk.write(f"!fan office {speed}")
    assert talk.asks_back
    assert writes(office) == before
    number = int(speed.removesuffix(" %"))
    assert f"runs at {number} %" in await talk.agree()
    assert office.miner.info()["manualFanSpeed"] == number


async def test_pause_and_resume(
    talk: Talk, office: MinerServer, reported: list[Event]
) -> None:
    """One miner is paused without a question, and goes on again."""
    assert "is paused" in await talk.write("!pause office")
    assert office.miner.info()["miningPaused"]
    assert "paused already" in await talk.write("!pause office")
    assert "goes on mining" in await talk.write("!resume office")
    assert not office.miner.info()["miningPaused"]
    assert [event.data["command"] for event in reported] == [
        "pause office",
        "resume office",
    ]


async def test_pause_all(
    talk: Talk,
    office: MinerServer,
    simulate: Simulate,
    add_miner: AddMiner,
    reported: list[Event],
) -> None:
    """All that can are paused at once, after a question that says how many."""
    kitchen = await simulate(MinerSpec(name="kitchen", firmware="v2.15.0", seed=2))
    await add_miner(kitchen)
    old = await simulate(MinerSpec(name="old", firmware="v2.12.2", seed=3))
    await add_miner(old)

    assert "Pause 2 miners? 1 miner left out" in await talk.write("!pause all")
    assert talk.asks_back
    assert not office.miner.info()["miningPaused"]
    assert "2 miners are paused." in await talk.agree()
    assert office.miner.info()["miningPaused"]
    assert kitchen.miner.info()["miningPaused"]
    assert sorted(event.data["name"] for event in reported) == ["kitchen", "office"]
    assert len({event.context.id for event in reported}) == 1

    assert "Resume 2 miners?" in await talk.write("!resume all")
    await talk.agree()
    assert not office.miner.info()["miningPaused"]
    assert not kitchen.miner.info()["miningPaused"]


async def test_pause_all_but_one_that_is_gone(
    talk: Talk,
    office: MinerServer,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    reported: list[Event],
) -> None:
    """Each miner is reported by what became of it."""
    kitchen = await simulate(MinerSpec(name="kitchen", firmware="v2.15.0", seed=2))
    await add_miner(kitchen)
    await talk.write("!pause all")
    kitchen.miner.faults.offline = True
    await pass_time(60)

    assert "❌ kitchen: offline" in await talk.agree()

    assert office.miner.info()["miningPaused"]
    results = {event.data["name"]: event.data["result"] for event in reported}
    assert results == {"office": "done", "kitchen": "offline"}


async def test_firmware_that_cannot_pause(
    talk: Talk, simulate: Simulate, add_miner: AddMiner
) -> None:
    """It says so."""
    await add_miner(await simulate(MinerSpec(name="old", firmware="v2.12.2", seed=3)))

    assert "The firmware of **old** cannot pause." in await talk.write("!pause old")


async def test_restart(talk: Talk, office: MinerServer, reported: list[Event]) -> None:
    """One miner restarts at once."""
    assert "**office** restarts." in await talk.write("!restart office")
    assert count(office, "restart") == 1
    assert [event.data["result"] for event in reported] == ["done"]


async def test_restart_all(
    hass: HomeAssistant,
    talk: Talk,
    office: MinerServer,
    simulate: Simulate,
    add_miner: AddMiner,
    live: PassTime,
    reported: list[Event],
) -> None:
    """Every miner restarts, one after another, after a question."""
    kitchen = await simulate(MinerSpec(name="kitchen", firmware="v2.15.0", seed=2))
    await add_miner(kitchen)

    assert "Restart 2 miners, one after another?" in await talk.write("!restart-all")
    assert count(office, "restart") + count(kitchen, "restart") == 0

    assert "2 miners restart" in await talk.agree()
    # While it goes on, it cannot be begun again.
    await talk.write("!restart-all")
    assert (await talk.agree()).startswith("❌")
    assert [event.data["result"] == "done" for event in reported] == [True, False]
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, SWARM_UNIQUE_ID), talk.swarm.config_entry.entry_id
    )
    assert device is not None
    assert {event.data["device_id"] for event in reported} == {device.id}
    await live(10)
    assert count(office, "restart") + count(kitchen, "restart") == 1
    await live(120)
    assert (count(office, "restart"), count(kitchen, "restart")) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "!restart office",
        "!clock office 500",
        "!apply office best",
        "!fan office auto",
        "!pause office",
    ],
)
async def test_offline_miner(
    talk: Talk, office: MinerServer, pass_time: PassTime, text: str
) -> None:
    """Nothing is tried on a miner that does not answer."""
    office.miner.faults.offline = True
    await pass_time(60)

    assert "**office** is offline" in await talk.write(text)
    assert talk.refused


async def test_gone_offline_before_the_answer(
    talk: Talk, office: MinerServer, pass_time: PassTime, reported: list[Event]
) -> None:
    """What was possible when it was asked need not be any more."""
    await talk.write("!clock office 500")
    office.miner.faults.offline = True
    await pass_time(60)

    assert "is offline" in await talk.agree()
    assert reported == []


async def test_a_miner_that_refuses(
    talk: Talk, office: MinerServer, reported: list[Event]
) -> None:
    """A failure is reported to everybody, and to the logbook."""
    office.miner.faults.reject_writes = True
    await talk.write("!clock office 500")

    said = await talk.agree()

    assert said.startswith("❌")
    assert talk.last is not None
    assert not talk.last.private
    (event,) = reported
    assert event.data["result"] not in ("done", "")
    assert office.miner.info()["frequency"] == 525


async def test_names_do_nothing(
    hass: HomeAssistant, talk: Talk, entry: MockConfigEntry
) -> None:
    """A miner may be called whatever its owner, or a guest, thinks is funny."""
    hass.config_entries.async_update_entry(
        entry,
        title="@everyone `rm` <@&1> ignore all\nprevious [x](https://evil.example)",
    )
    await hass.async_block_till_done()

    for text in (
        "!status",
        "!health",
        "!best",
        "!clock ignore 9000",
        "!fan ignore auto",
    ):
        said = await talk.write(text)
        outside = "".join(said.split("```")[::2])
        assert "\\@everyone" in outside or "everyone" not in outside
        assert "<@&1>" not in outside
        assert "](https://" not in outside
        assert talk.last is not None
        assert all(message.mention == () for message in talk.last.messages)


async def test_names_that_cannot_be_typed(
    hass: HomeAssistant, talk: Talk, entry: MockConfigEntry
) -> None:
    """Neither line breaks nor invisible characters hide a miner."""
    title = "# Rack\n- two\u200b"
    hass.config_entries.async_update_entry(entry, title=title)
    await hass.async_block_till_done()
    spec = find_command("restart")
    assert spec is not None

    assert complete(talk.swarm, spec, "miner", "") == ["# Rack - two"]
    for text in (title, "# Rack - two", "rack - TWO"):
        await talk.ask("clock", miner=text, frequency="500")
        assert talk.asks_back


async def test_foreign_text_in_answers(talk: Talk) -> None:
    """What somebody writes comes back short, and as text only."""
    said = await talk.ask("restart", miner="<@&1> @here " + "x" * 5000)

    assert "<@&1>" not in said
    assert len(said) < 600
