"""Notice of new firmware, and installing it, against a stand-in for the publisher."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
import re
from typing import Any

from homeassistant.components.update.const import DATA_COMPONENT
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)
from yarl import URL

from custom_components.bitaxe.axeos import Family, FirmwareImage
from custom_components.bitaxe.const import DOMAIN, SWARM_UNIQUE_ID
from custom_components.bitaxe.firmware import source
from custom_components.bitaxe.firmware.catalogue import (
    REPOSITORIES,
    parse_version,
    read_releases,
)
from custom_components.bitaxe.firmware.manager import async_get_firmware
from custom_components.bitaxe.firmware.source import HOSTS
from custom_components.bitaxe.firmware.troubles import known_troubles, troubles_of
from custom_components.bitaxe.miner.backups import MOST_BACKUPS
from custom_components.bitaxe.miner.claims import Claimant
from scripts.fake_publisher import FakePublisher
from scripts.simulator import PRESETS, MinerServer
from scripts.simulator.image import build_image

from .conftest import AddMiner, PassTime, Settle, Simulate
from .examples import examples
from .insight.conftest import swarm_entry
from .test_repairs import Repair
from .test_services import act

AXEOS_IMAGE = build_image("v2.15.0", 50_000)
NOTES = "Better **fans**. ![x](https://evil.example/pixel.png) <img src=x onerror=y>"


class Publisher(FakePublisher):
    """A stand-in that names files shortly."""

    def release(self, family: Family, tag: str, **files: bytes) -> dict[str, Any]:
        """Publish a release of a family; `firmware` and `www` are the usual files."""
        names = {"www": "www.bin", "firmware": "esp-miner.bin"}
        return self.publish(
            REPOSITORIES[family],
            tag,
            {names.get(key, key): content for key, content in files.items()},
            NOTES,
        )


@pytest.fixture
async def publisher(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Publisher]:
    """Stand in for GitHub on loopback."""
    async with Publisher() as server:
        monkeypatch.setattr(source, "API", URL(server.url))
        monkeypatch.setattr(source, "HOSTS", frozenset({server.host}))
        yield server


async def choose(
    hass: HomeAssistant, *, notice: bool, install: bool
) -> ConfigFlowResult:
    """Choose in the options of the swarm what is allowed; return the answer."""
    entry = swarm_entry(hass)
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": "firmware"}
    )
    return await hass.config_entries.options.async_configure(
        flow["flow_id"], {"notice": notice, "install": install}
    )


async def allow(
    hass: HomeAssistant, settle: Settle, *, notice: bool = True, install: bool = True
) -> ConfigEntry:
    """Choose what is allowed in the options of the swarm."""
    done = await choose(hass, notice=notice, install=install)
    assert done["type"] == "create_entry"
    await settle()
    return swarm_entry(hass)


def update_of(hass: HomeAssistant, entry: MockConfigEntry) -> str | None:
    """Return the update entity of a miner, if it has one."""
    return er.async_get(hass).async_get_entity_id(
        "update", DOMAIN, f"{entry.unique_id}_firmware"
    )


def begin(hass: HomeAssistant, entity_id: str | None) -> asyncio.Task[None]:
    """Begin to install, in a task of its own.

    Home Assistant waits for the tasks of actions whenever it is to settle, and
    installing goes on until time has passed.
    """
    entity = hass.data[DATA_COMPONENT].get_entity(entity_id or "")
    assert entity is not None
    return asyncio.get_running_loop().create_task(
        entity.async_install_with_progress(None, False)
    )


async def install(
    hass: HomeAssistant, entity_id: str | None, pass_time: PassTime
) -> None:
    """Install, while time passes."""
    await finish(begin(hass, entity_id), pass_time)


async def lose_settings(
    hass: HomeAssistant,
    server: MinerServer,
    entry: MockConfigEntry,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> str:
    """Install firmware that forgets a chosen 490 MHz; return the id of the repair."""
    assert await async_setup_component(hass, "repairs", {})
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    await act(hass, "apply_configuration", entry, frequency=490)
    await allow(hass, settle)
    server.miner.faults.update_resets = True
    await install(hass, update_of(hass, entry), pass_time)
    return f"firmware_settings_{entry.entry_id}"


async def finish(task: asyncio.Task[None], pass_time: PassTime) -> None:
    """Let time pass until a task is done."""
    for _ in range(60):
        # Files travel over sockets in turns of the event loop; the clock stands still.
        for _ in range(500):
            await asyncio.sleep(0)
        if task.done():
            break
        await pass_time(10)
    assert task.done()
    await task


def sent(server: MinerServer) -> list[str]:
    """Return the files that a miner was sent, by their routes."""
    return [item.path for item in server.miner.requests if "OTA" in item.path]


async def test_nothing_is_asked_until_somebody_allows_it(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    pass_time: PassTime,
) -> None:
    """Off by default: no entity, no request."""
    entry = await add_miner(await simulate("gamma-2.12"))
    await pass_time(13 * 3600, poll=6.5 * 3600)
    assert update_of(hass, entry) is None
    assert publisher.requests == []


async def test_notice_of_a_version(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """One request for all miners of a family, twice a day, without anything of ours."""
    publisher.release(Family.AXEOS, "v2.12.2", firmware=b"x")
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    beta = publisher.release(Family.AXEOS, "v2.16.0b1", firmware=b"x")
    beta["prerelease"] = True
    old = await add_miner(await simulate("gamma-2.12"))
    new = await add_miner(await simulate("gt-2.15"))
    forge = await add_miner(await simulate("forge-nano"))
    await allow(hass, settle, install=False)
    assert publisher.requests == ["/repos/bitaxeorg/ESP-Miner/releases"]
    (headers,) = publisher.headers
    assert headers.keys() <= {
        *("Host", "Accept", "Accept-Encoding", "User-Agent", "X-GitHub-Api-Version")
    }
    assert headers["User-Agent"] == "bitaxe-for-home-assistant"
    assert update_of(hass, forge) is None

    state = hass.states.get(update_of(hass, old) or "")
    assert state is not None and state.state == "on"
    assert state.attributes["installed_version"] == "v2.12.2"
    assert state.attributes["latest_version"] == "v2.15.0"
    assert "core voltage" in state.attributes["release_summary"]
    current = hass.states.get(update_of(hass, new) or "")
    assert current is not None and current.state == "off"

    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "update/release_notes", "entity_id": state.entity_id}
    )
    notes = (await client.receive_json())["result"]
    assert "Known troubles" in notes and "#1790" in notes
    assert "Better **fans**" in notes
    assert "evil.example" not in notes and "<img" not in notes

    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "update", "install", {"entity_id": state.entity_id}, blocking=True
        )
    await pass_time(13 * 3600, poll=6.5 * 3600)
    assert len(publisher.requests) == 2

    await allow(hass, settle, notice=False, install=False)
    assert update_of(hass, old) is None
    assert hass.states.get(state.entity_id) is None


async def test_the_first_miner_after_a_restart(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It has one entity, although nobody had a miner when the catalogue was asked."""
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    entry = await add_miner(await simulate("gamma-2.12"))
    swarm = await allow(hass, settle)
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_reload(swarm.entry_id)
    await settle()
    await hass.config_entries.async_setup(entry.entry_id)
    await settle()
    state = hass.states.get(update_of(hass, entry) or "")
    assert state is not None and state.state == "on"
    assert "unique IDs" not in caplog.text


async def test_a_publisher_that_fails_says_nothing(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
) -> None:
    """The version is unknown then, and everything else goes on."""
    publisher.fails = True
    entry = await add_miner(await simulate("gamma-2.12"))
    await allow(hass, settle)
    state = hass.states.get(update_of(hass, entry) or "")
    assert state is not None and state.state == "unknown"


@pytest.mark.parametrize(
    ("preset", "tag", "names"),
    [
        ("gamma-2.12", "v2.15.0", ["firmware"]),
        ("gamma-2.12", "v2.14.2", ["firmware", "www"]),
        ("nerdqaxepp-1.0.36", "v1.1.0", ["esp-miner-NerdQAxe++.bin", "www"]),
    ],
)
async def test_install(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
    preset: str,
    tag: str,
    names: list[str],
) -> None:
    """The miner gets the files of its board, comes back with version and settings."""
    image = build_image(tag, 50_000)
    family = Family.NERDOS if tag.startswith("v1") else Family.AXEOS
    files = dict.fromkeys(names, image)
    if "www" in files:
        files["www"] = b"web" * 1000
    publisher.release(family, tag, **files)
    server = await simulate(preset)
    entry = await add_miner(server)
    await act(hass, "apply_configuration", entry, frequency=550)
    await allow(hass, settle)
    entity_id = update_of(hass, entry)
    progress: list[Any] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if event.data["entity_id"] == entity_id and state is not None:
            progress.append(state.attributes.get("update_percentage"))

    hass.bus.async_listen("state_changed", note)
    await install(hass, entity_id, pass_time)
    await pass_time(20)
    sent = [
        (request.path, len(request.body))
        for request in server.miner.requests
        if "OTA" in request.path
    ]
    expected = [("/api/system/OTA", len(image))]
    if "www" in files:
        expected.append(("/api/system/OTAWWW", 3000))
    assert sent == expected
    (upload,) = (
        item for item in server.miner.requests if item.path == "/api/system/OTA"
    )
    assert upload.body == image
    assert upload.headers["content-length"] == str(len(image))
    assert "transfer-encoding" not in upload.headers
    state = hass.states.get(entity_id or "")
    assert state is not None and state.state == "off"
    assert state.attributes["installed_version"] == tag
    assert state.attributes["in_progress"] is False
    known = [value for value in progress if value is not None]
    assert known == sorted(known) and len(known) > 3
    assert entry.runtime_data.snapshot.frequency == 550
    assert not [key for key in ir.async_get(hass).issues if "firmware" in key[1]]
    newest = next(iter(entry.runtime_data.backups))
    assert newest.reason == "firmware"


async def test_settings_that_were_lost_come_back_by_the_repair(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
    hass_client: ClientSessionGenerator,
) -> None:
    """What the new version forgot is named, and restored when a person agrees."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    issue = await lose_settings(hass, server, entry, publisher, settle, pass_time)
    assert entry.runtime_data.snapshot.frequency == 525
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None
    repair = Repair(await hass_client(), issue)
    form = await repair.open()
    shown = form["description_placeholders"]["differences"]
    assert "490" in shown and "525" in shown
    await repair.submit()
    await settle()
    assert entry.runtime_data.snapshot.frequency == 490
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None


async def test_lost_settings_that_somebody_gave_back_are_not_asked_about(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """By hand, setting by setting, or wherever else."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    issue = await lose_settings(hass, server, entry, publisher, settle, pass_time)
    await pass_time()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None
    backup = next(iter(entry.runtime_data.backups))
    lost = backup.settings.unconfirmed(entry.runtime_data.snapshot)
    assert "frequency" in lost
    server.miner.write({"frequency": 490})
    await pass_time()
    remains = backup.settings.unconfirmed(entry.runtime_data.snapshot)
    shown = ir.async_get(hass).async_get_issue(DOMAIN, issue)
    assert (shown is not None) == bool(remains)
    await act(hass, "restore_backup", entry, backup_id=backup.id)
    await pass_time()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("setting", "situation_changed"),
        ("withdrawn", "situation_changed"),
        ("backup", "backup_gone"),
    ],
)
async def test_lost_settings_that_are_given_back_too_late(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
    hass_client: ClientSessionGenerator,
    change: str,
    reason: str,
) -> None:
    """Something else is so by now than was shown: nothing is sent, and it says why."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    issue_id = await lose_settings(hass, server, entry, publisher, settle, pass_time)
    repair = Repair(await hass_client(), issue_id)
    await repair.open()
    match change:
        case "setting":
            server.miner.write({"frequency": 575})
            await pass_time()
        case "withdrawn":
            ir.async_delete_issue(hass, DOMAIN, issue_id)
        case "backup":
            # So many newer ones that it is not kept any more.
            newer = next(iter(entry.runtime_data.backups)).as_dict()
            for _ in range(MOST_BACKUPS):
                await act(hass, "import_backup", entry, backup=newer)
    sent = [item for item in server.miner.requests if item.method != "GET"]
    shown = await repair.submit()
    assert (shown["type"], shown["reason"]) == ("abort", reason)
    await pass_time()
    # What can still be done is still proposed.
    remains = ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    assert remains == (change == "setting")
    assert [item for item in server.miner.requests if item.method != "GET"] == sent


async def test_a_miner_that_boots_the_old_version_again(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """An installation that did not take is no success, and leaves nothing held."""
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await allow(hass, settle)
    server.miner.faults.boots_old_version = True
    with pytest.raises(HomeAssistantError) as err:
        await install(hass, update_of(hass, entry), pass_time)
    assert err.value.translation_key == "firmware_not_running"
    await act(hass, "apply_configuration", entry, frequency=490)


async def refused(
    hass: HomeAssistant, entry: MockConfigEntry, pass_time: PassTime
) -> str | None:
    """Return why an installation was refused."""
    with pytest.raises(HomeAssistantError) as err:
        await install(hass, update_of(hass, entry), pass_time)
    return err.value.translation_key


@pytest.mark.parametrize(
    "address",
    [
        "http://github.com/file",
        "https://evilgithubusercontent.com/file",
        "https://githubusercontent.com.example/file",
        "https://github.com.example/file",
        "https://raw.github.com/file",
        "https://github.com@elsewhere.example/file",
        "/file",
    ],
)
def test_addresses_of_others(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Whatever resembles an address of the publisher is none."""
    monkeypatch.setattr(source, "HOSTS", HOSTS)
    assert source.is_trusted(URL("https://github.com/file"))
    assert source.is_trusted(URL("https://objects.githubusercontent.com/file"))
    assert not source.is_trusted(URL(address))


async def test_what_is_refused(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """Damaged files, other hosts, maintenance and another miner: nothing is sent."""
    release = publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await allow(hass, settle)

    publisher.redirect = "http://elsewhere.example/esp-miner.bin"
    with pytest.raises(HomeAssistantError) as err:
        await install(hass, update_of(hass, entry), pass_time)
    assert err.value.translation_key == "firmware_source_failed"
    # Not asked at all, and not only out of reach.
    assert err.value.translation_placeholders == {"reason": "elsewhere.example"}
    original = publisher.files["/v2.15.0/esp-miner.bin"]
    for content in (
        original[:-1] + b"x",
        original[:-1],
        build_image("v2.14.0", len(original)),
        build_image("v2.15.0", len(original), chip=0),
    ):
        publisher.files["/v2.15.0/esp-miner.bin"] = content
        assert await refused(hass, entry, pass_time) == "firmware_file_damaged"
    # The same with a checksum that fits: the image itself is looked at.
    release["assets"][0]["digest"] = None
    publisher.files["/v2.15.0/esp-miner.bin"] = build_image("v9.9.9", len(original))
    assert await refused(hass, entry, pass_time) == "firmware_file_damaged"
    publisher.files["/v2.15.0/esp-miner.bin"] = original

    await act(hass, "start_maintenance", entry)
    assert await refused(hass, entry, pass_time) == "held_by_maintenance"
    await hass.services.async_call(
        "switch",
        "turn_off",
        {
            "entity_id": er.async_get(hass).async_get_entity_id(
                "switch", DOMAIN, f"{entry.unique_id}_maintenance"
            )
        },
        blocking=True,
    )
    other = await simulate("gamma-2.11")
    server.miner.faults.offline = True
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "port": other.port}
    )
    entry.runtime_data.client.port = other.port
    assert await refused(hass, entry, pass_time) == "different_miner"
    for asked in (server, other):
        assert not any("OTA" in item.path for item in asked.miner.requests)


async def test_set_up_anew_while_it_restarts(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """As is a miner that comes back at another address: the rest goes on there."""
    publisher.release(
        Family.AXEOS,
        "v2.14.2",
        firmware=build_image("v2.14.2", 50_000),
        www=b"web" * 1000,
    )
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await allow(hass, settle)
    task = begin(hass, update_of(hass, entry))

    def uploads() -> list[str]:
        return [item.path for item in server.miner.requests if "OTA" in item.path]

    for _ in range(60):
        for _ in range(500):
            await asyncio.sleep(0)
        if uploads():
            break
        await pass_time(1)
    assert uploads() == ["/api/system/OTA"]
    old = entry.runtime_data
    await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(60)
    await hass.config_entries.async_setup(entry.entry_id)
    new = entry.runtime_data
    assert new is not old
    assert new.claims.is_held_by(Claimant.FIRMWARE) or uploads()[1:]
    await finish(task, pass_time)
    assert uploads() == ["/api/system/OTA", "/api/system/OTAWWW"]
    for coordinator in (old, new):
        assert not coordinator.claims.is_held_by(Claimant.FIRMWARE)
    assert new.snapshot.identity.firmware_version == "v2.14.2"


async def test_unloaded_for_good_while_it_restarts(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """Nobody knows then what it runs, and the turn of the next one comes."""
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await allow(hass, settle)
    task = begin(hass, update_of(hass, entry))
    for _ in range(60):
        for _ in range(500):
            await asyncio.sleep(0)
        if any("OTA" in item.path for item in server.miner.requests):
            break
        await pass_time(1)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError) as err:
        await finish(task, pass_time)
    assert err.value.translation_key == "firmware_not_back"
    assert not async_get_firmware(hass).turn.locked()


@pytest.mark.parametrize(
    "address",
    [
        "http://[",
        "https://127.0.0.1:99999999/x",
        "esp-miner.bin",
        "",
        "file:///etc/passwd",
        "https://user:secret@elsewhere.example/x",
        "\0",
    ],
)
async def test_addresses_of_any_shape(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
    address: str,
) -> None:
    """One that is none, or not the publisher's, is refused in words."""
    release = publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    release["assets"][0]["browser_download_url"] = address
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await allow(hass, settle)
    assert await refused(hass, entry, pass_time) == "firmware_source_failed"
    assert not any("OTA" in item.path for item in server.miner.requests)


ODD_NOTES = (
    "<img\nsrc=https://evil.example/1>",
    "<<b>img src=https://evil.example/2>",
    "<img src='https://evil.example/3'" + " " * 900 + ">",
    "![a[b]c](https://evil.example/4)",
    "![a\nb](https://evil.example/5)",
    "![alone]\n\n[alone]: https://evil.example/6",
    "!![x]![y](https://evil.example/7)(https://evil.example/8)",
    "<svg/onload=alert(1)\n>",
)


@pytest.mark.parametrize("notes", [*ODD_NOTES, "".join(ODD_NOTES)])
def test_notes_load_nothing(notes: str) -> None:
    """Whatever it is nested in: no picture begins anywhere, and no other markup."""
    (release,) = read_releases(
        [{"tag_name": "v1.0.0", "draft": False, "prerelease": False, "body": notes}]
    )
    assert "![" not in release.notes
    assert re.search(r"<[A-Za-z/!?]", release.notes) is None


@pytest.mark.parametrize("opening", ["<", "![", "<a", "![a](", "!"])
def test_notes_of_nothing_but_openings(opening: str) -> None:
    """They end all the same."""
    release = {"tag_name": "v1.0.0", "draft": False, "prerelease": False}
    (found,) = read_releases([release | {"body": opening * 500_000}])
    assert len(found.notes) <= 20_000


def test_what_is_shown_of_a_release_is_bounded() -> None:
    """Home Assistant keeps the tag and the address in a state."""
    (release,) = read_releases(
        [
            {
                "tag_name": " v1.0.0" + " " * 500_000,
                "html_url": "https://github.com/" + "x" * 500_000,
                "draft": False,
                "prerelease": False,
            }
        ]
    )
    assert (release.tag, release.url) == ("v1.0.0", "")


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "v2.15.0", "2.15", "v2.15.0-LTS", "v٢.15.0", "sha256:x"])
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
ASSETS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["esp-miner.bin", "www.bin"]) | JUNK,
        "size": st.sampled_from([1, 50_000, 2**40]) | JUNK,
        "digest": JUNK,
        "browser_download_url": st.sampled_from(["http://[", "x", "//"]) | JUNK,
    },
)
RELEASES = st.fixed_dictionaries(
    {"tag_name": st.sampled_from(["v2.15.0", "v9999.9.9", "v2.12.3-rc1"]) | JUNK},
    optional={
        "draft": st.just(False) | JUNK,
        "prerelease": st.just(False) | JUNK,
        "html_url": st.sampled_from(["https://[", "javascript:x"]) | JUNK,
        "body": JUNK,
        "assets": st.lists(ASSETS | JUNK, max_size=3) | JUNK,
    },
)


@examples(25)
@given(catalogue=st.lists(RELEASES | JUNK, max_size=4) | JUNK)
async def test_any_catalogue(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
    catalogue: Any,
) -> None:
    """A version or none; what cannot be installed is refused, and nothing sent."""
    entries = hass.config_entries.async_entries(DOMAIN)
    miners = [item for item in entries if item.unique_id != SWARM_UNIQUE_ID]
    if not miners:
        await add_miner(await simulate("gamma-2.12"))
        await allow(hass, settle)
        entries = hass.config_entries.async_entries(DOMAIN)
        miners = [item for item in entries if item.unique_id != SWARM_UNIQUE_ID]
    publisher.releases[REPOSITORIES[Family.AXEOS]] = catalogue
    manager = async_get_firmware(hass)
    assert manager.catalogue is not None
    await manager.catalogue.async_refresh()
    (entity_id,) = hass.states.async_entity_ids("update")
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state in {"on", "off", "unknown"}
    entity = hass.data[DATA_COMPONENT].get_entity(entity_id)
    assert entity is not None
    await entity.async_release_notes()
    if state.state == "on":
        with pytest.raises(HomeAssistantError) as err:
            await hass.services.async_call(
                "update", "install", {"entity_id": entity_id}, blocking=True
            )
        assert err.value.translation_key in {
            "firmware_source_failed",
            "firmware_file_damaged",
        }
    assert not manager.turn.locked()
    # The stand-in's log of requests does not work while the time stands still.
    assert not [
        record.getMessage()
        for record in caplog.records
        if record.exc_info is not None and not record.name.startswith("aiohttp")
    ]


async def test_all_in_turn(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """As *Update all* asks for it: the second gets its file when the first is back."""
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    servers = [await simulate(preset) for preset in ("gamma-2.12", "gamma-2.14")]
    entries = [await add_miner(server) for server in servers]
    await allow(hass, settle)
    tasks = [begin(hass, update_of(hass, entry)) for entry in entries]
    when_first_was_back: list[list[str]] = []
    tasks[0].add_done_callback(lambda _: when_first_was_back.append(sent(servers[1])))
    for task in tasks:
        await finish(task, pass_time)
    assert when_first_was_back == [[]]
    await pass_time(20)
    for entry in entries:
        state = hass.states.get(update_of(hass, entry) or "")
        assert state is not None
        assert state.attributes["installed_version"] == "v2.15.0"


async def test_what_failed_on_one_is_not_tried_on_those_who_wait(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """They are refused; somebody who asks afterwards has seen that it failed."""
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    servers = [await simulate(preset) for preset in ("gamma-2.12", "gamma-2.14")]
    entries = [await add_miner(server) for server in servers]
    await allow(hass, settle)
    servers[0].miner.faults.refuse_update = True
    tasks = [begin(hass, update_of(hass, entry)) for entry in entries]
    keys = []
    for task in tasks:
        with pytest.raises(HomeAssistantError) as err:
            await finish(task, pass_time)
        keys.append(err.value.translation_key)
    assert keys == ["rejected", "firmware_stopped"]
    assert not sent(servers[1])

    await install(hass, update_of(hass, entries[1]), pass_time)
    assert sent(servers[1])


async def test_forbidden_while_it_waits(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """What was allowed when somebody asked may not be any more when the turn comes."""
    publisher.release(Family.AXEOS, "v2.15.0", firmware=AXEOS_IMAGE)
    servers = [await simulate(preset) for preset in ("gamma-2.12", "gamma-2.14")]
    entries = [await add_miner(server) for server in servers]
    await allow(hass, settle)
    tasks = [begin(hass, update_of(hass, entry)) for entry in entries]
    await asyncio.sleep(0)
    await allow(hass, settle, install=False)
    await finish(tasks[0], pass_time)
    with pytest.raises(HomeAssistantError) as err:
        await finish(tasks[1], pass_time)
    assert err.value.translation_key == "firmware_not_allowed"
    assert not sent(servers[1])


async def test_no_entity_where_the_publisher_has_nothing(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    publisher: Publisher,
    settle: Settle,
) -> None:
    """Forks, development builds and old firmware without a name of the board."""
    fork = replace(PRESETS["gamma-2.12"], firmware="v2.13.2-TCH", name="fork")
    entry = await add_miner(await simulate(fork))
    await allow(hass, settle)
    assert update_of(hass, entry) is None
    assert publisher.requests == []


async def test_installing_needs_the_notice(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, settle: Settle
) -> None:
    """The form says so."""
    await add_miner(await simulate("gamma-2.12"))
    flow = await choose(hass, notice=False, install=True)
    assert flow["errors"] == {"install": "install_without_notice"}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("v2.9.0", "v2.15.0"),
        ("v2.15.0b3", "v2.15.0"),
        ("v1.0.38-alpha9", "v1.1.0-beta1"),
        ("v1.1.0-beta1", "v1.1.0"),
        ("v1.0.37", "v1.0.37.1"),
    ],
)
def test_versions_sort_as_the_projects_mean_them(older: str, newer: str) -> None:
    """Versions sort as the projects mean them."""
    first, second = parse_version(older), parse_version(newer)
    assert first is not None and second is not None and first < second


@pytest.mark.parametrize(
    "text", [None, "", "v2.9.0-12-gabc123-dirty", "2.13.2-TCH", "main", "v2", "v" * 99]
)
def test_what_is_no_version(text: str | None) -> None:
    """Development builds and forks are none."""
    assert parse_version(text) is None


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        [None, 1, {}],
        [{"tag_name": "v1.0.0", "draft": False, "prerelease": False, "assets": 3}],
        [{"tag_name": "v1.0.0", "draft": False, "prerelease": False, "body": 1}],
        [{"tag_name": "v1.0.0", "draft": True, "prerelease": False}],
    ],
)
def test_catalogues_of_any_shape(payload: object) -> None:
    """What cannot be read has no files, and nothing fails."""
    assert all(not release.assets for release in read_releases(payload))


def test_known_troubles_are_of_versions() -> None:
    """Each is one of a version that it names."""
    known = known_troubles()
    for family, troubles in known.items():
        for trouble in troubles:
            assert trouble in troubles_of(known, family, trouble.since)
            assert trouble in troubles_of(known, family, trouble.until)
    assert troubles_of(known, Family.FORGE_OS, known[Family.AXEOS][0].since) == []


def test_what_is_no_image() -> None:
    """A boot loader, a page and nothing are no images."""
    image = FirmwareImage.read(AXEOS_IMAGE)
    assert image is not None and image.version == "v2.15.0"
    for content in (b"", b"<html>" * 100, b"\xe9" * 4096, AXEOS_IMAGE[:100]):
        assert FirmwareImage.read(content) is None
