"""Settings are kept before each change, and can be brought back."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.miner.backups import (
    MOST_BACKUPS,
    SETTING_NAMES,
    BackupReason,
)
from custom_components.bitaxe.miner.write_log import Origin, OriginKind

from .conftest import AddMiner, Simulate
from .insight.conftest import swarm_entry
from .loop import calls_noted
from .test_services import act, device_id, writes

pytestmark = pytest.mark.usefixtures("swarm_entry")


async def backups(hass: HomeAssistant, entry: MockConfigEntry) -> list[dict[str, Any]]:
    """Return the backups of a miner."""
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "get_backups",
        {"device_id": device_id(hass, entry)},
        blocking=True,
        return_response=True,
    )
    found: list[dict[str, Any]] = answer["miners"][0]["backups"]
    return found


async def restore(
    hass: HomeAssistant, entry: MockConfigEntry, backup_id: str, **data: Any
) -> dict[str, Any]:
    """Restore a backup, and return what became of the miner."""
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "restore_backup",
        {"device_id": device_id(hass, entry), "backup_id": backup_id, **data},
        blocking=True,
        return_response=True,
    )
    (miner,) = answer["miners"]
    outcome: dict[str, Any] = miner
    return outcome


@pytest.mark.parametrize("preset", ["gamma-2.15", "gamma-2.12", "nerdqaxepp-1.1.0"])
async def test_kept_before_a_change_and_restored(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, preset: str
) -> None:
    """What was before a change is kept with its differences, and comes back."""
    server = await simulate(preset)
    entry = await add_miner(server)
    before = entry.runtime_data.snapshot
    target = before.frequency - 25
    await act(hass, "apply_configuration", entry, frequency=target)
    await act(hass, "set_fan", entry, mode="manual", speed=70)

    newest, oldest = await backups(hass, entry)
    assert newest["settings"]["frequency"] == target
    assert oldest["settings"]["frequency"] == before.frequency
    assert oldest["reason"] == "change"
    assert oldest["firmware"] == before.identity.firmware_version
    assert oldest["differences"]["frequency"] == [target, before.frequency]
    assert oldest["differences"]["auto_fan"] == [False, True]
    assert "primary_pool" not in oldest["differences"]
    assert "password" not in str(oldest)

    sent = len(writes(server))
    planned = await restore(
        hass, entry, oldest["id"], settings=["frequency"], preview=True
    )
    assert planned["result"] == "planned"
    assert planned["changes"] == {"frequency": [target, before.frequency]}
    assert len(writes(server)) == sent

    done = await restore(hass, entry, oldest["id"], settings=["frequency"])
    assert done["result"] == "done"
    assert entry.runtime_data.snapshot.frequency == before.frequency
    assert entry.runtime_data.snapshot.cooling.auto_fan is False
    assert (await restore(hass, entry, oldest["id"]))["result"] == "done"
    assert entry.runtime_data.snapshot.cooling.auto_fan is True
    assert (await restore(hass, entry, oldest["id"]))["result"] == "unchanged"


async def test_every_setting_is_kept(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """All that can be written and is reported is in a backup."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await act(hass, "apply_configuration", entry, frequency=490)
    (backup,) = await backups(hass, entry)
    capable = entry.runtime_data.snapshot.capabilities.settings
    assert set(backup["settings"]) == capable & set(SETTING_NAMES)
    assert {"primary_pool", "fallback_pool", "display_rotation"} <= capable


async def test_a_pool_comes_back_without_its_password(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Address and user are restored; the miner keeps the password that it has."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    user = entry.runtime_data.snapshot.pools.primary.user
    await act(
        hass,
        "set_pool",
        entry,
        url="other.example.org",
        port=4444,
        user="elsewhere.worker",
        password="a secret",
        restart=False,
    )
    (backup,) = await backups(hass, entry)
    assert backup["differences"] == {
        "primary_pool": ["other.example.org:4444", "pool.example.com:3333"],
        "primary_pool_user": ["elsewhere.worker", user],
    }
    done = await restore(hass, entry, backup["id"], restart=False)
    assert done["result"] == "done"
    assert server.miner.primary_pool["stratumURL"] == "pool.example.com"
    assert server.miner.primary_pool["stratumUser"] == user
    assert server.miner.primary_pool["stratumPassword"] == "a secret"
    assert "a secret" not in str(await backups(hass, entry))
    for other in hass.config_entries.async_entries(DOMAIN):
        await hass.config_entries.async_unload(other.entry_id)
    assert any(name.startswith(f"{DOMAIN}.") for name in hass_storage)
    assert "a secret" not in str(hass_storage)
    assert "a secret" not in caplog.text


async def test_unchanged_settings_are_kept_once(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """What changes nothing keeps nothing, and the same settings are kept once."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    point = entry.runtime_data.snapshot.operating_point
    await act(hass, "apply_configuration", entry, frequency=point.frequency)
    assert await backups(hass, entry) == []
    server.miner.faults.reject_writes = True
    for _ in range(2):
        with pytest.raises(Exception, match="Wrong API input"):
            await act(hass, "apply_configuration", entry, frequency=490)
    assert len(await backups(hass, entry)) == 1


async def test_bounded_in_number_and_time(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Many changes of the tuner do not push out what a person had; 30 days do."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    miner = entry.runtime_data
    first = miner.snapshot.frequency
    await act(hass, "apply_configuration", entry, frequency=450)
    tuner = Origin(kind=OriginKind.TUNER)
    for step in range(MOST_BACKUPS + 5):
        await miner.async_apply(Settings(frequency=500 + step), origin=tuner)
    kept = list(miner.backups)
    assert len(kept) <= MOST_BACKUPS
    assert kept[-1].settings.frequency == first
    assert kept[-1].reason is BackupReason.CHANGE
    automatic = [item for item in kept if item.reason is BackupReason.AUTOMATIC]
    assert 10 < len(automatic) < 30

    freezer.tick(timedelta(days=31))
    await act(hass, "apply_configuration", entry, frequency=460)
    assert len(list(miner.backups)) == 1


async def test_a_clock_that_is_behind_makes_none_old(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A computer without a clock of its own starts with any time."""
    entry = await add_miner(await simulate("gamma-2.12"))
    await act(hass, "apply_configuration", entry, frequency=450)
    freezer.tick(-timedelta(days=400))
    await act(hass, "apply_configuration", entry, frequency=460)
    freezer.tick(timedelta(days=400))
    await act(hass, "apply_configuration", entry, frequency=470)
    kept = [item.settings.frequency for item in entry.runtime_data.backups]
    assert kept == [460, 525]


async def test_kept_over_a_restart(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Backups are stored with the miner, and go with it."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await act(hass, "apply_configuration", entry, frequency=490)
    before = [item.as_dict() for item in entry.runtime_data.backups]
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert [item.as_dict() for item in entry.runtime_data.backups] == before


async def test_a_replaced_board_gets_the_settings_of_the_old_one(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """One of the same kind gets all; another kind all but what may destroy it."""
    old = await add_miner(await simulate("gamma-2.15"))
    await act(hass, "set_fan", old, mode="auto", target_temperature=52)
    await act(hass, "apply_configuration", old, frequency=600, core_voltage=1200)
    await act(hass, "apply_configuration", old, frequency=550)
    newest = (await backups(hass, old))[0]
    assert newest["settings"]["frequency"] == 600

    same = await add_miner(await simulate("gamma-2.14"))
    other = await add_miner(await simulate("ultra-2.7"))
    source = device_id(hass, old)
    for entry, point in ((same, True), (other, False)):
        planned = await restore(
            hass, entry, newest["id"], source=source, preview=True, restart=False
        )
        assert ("frequency" in planned["changes"]) is point
        assert planned["changes"]["target_temperature"] == [60, 52]
        done = await restore(hass, entry, newest["id"], source=source, restart=False)
        assert done["result"] == "done"
        snapshot = entry.runtime_data.snapshot
        assert snapshot.cooling.target_temperature == 52
        assert (snapshot.frequency == 600) is point

    with pytest.raises(ServiceValidationError):
        await restore(hass, same, "unknown")


async def test_exported_and_imported(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """A backup outlives its miner as JSON; importing sends nothing."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await act(hass, "apply_configuration", entry, frequency=490)
    (exported,) = await backups(hass, entry)
    sent = len(writes(server))
    await act(hass, "import_backup", entry, backup=exported)
    imported, original = await backups(hass, entry)
    assert len(writes(server)) == sent
    assert imported["reason"] == "imported"
    assert imported["settings"] == original["settings"]
    assert imported["id"] != original["id"]
    assert (await restore(hass, entry, imported["id"]))["result"] == "done"


@pytest.mark.parametrize(
    "content",
    [
        "no JSON",
        "[]",
        {},
        {"id": "a", "time": 1, "settings": {}},
        {"id": "a", "time": 1, "settings": {"frequency": "fast"}},
        {"id": "a", "time": -1, "settings": {"frequency": 500}},
    ],
)
async def test_what_is_no_backup_is_refused(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, content: Any
) -> None:
    """Nothing is added then."""
    entry = await add_miner(await simulate("gamma-2.12"))
    with pytest.raises(ServiceValidationError):
        await act(hass, "import_backup", entry, backup=content)
    assert await backups(hass, entry) == []


async def test_an_imported_backup_keeps_to_the_limits(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Whatever a file says, the board's limits hold."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await act(hass, "apply_configuration", entry, frequency=490)
    (backup,) = await backups(hass, entry)
    backup["settings"] |= {"frequency": 60000, "core_voltage": 5000}
    await act(hass, "import_backup", entry, backup=backup)
    sent = len(writes(server))
    outcome = await restore(hass, entry, (await backups(hass, entry))[0]["id"])
    assert outcome["result"] == "refused"
    assert len(writes(server)) == sent


async def test_for_those_only_who_may_control(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Wallets are in them: reading them takes the right to set them."""
    entry = await add_miner(await simulate("gamma-2.12"))
    await act(hass, "apply_configuration", entry, frequency=490)
    nobody = MockUser(groups=[])
    nobody.add_to_hass(hass)
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "get_backups",
            {"device_id": device_id(hass, entry)},
            blocking=True,
            return_response=True,
            context=Context(user_id=nobody.id),
        )
    message = {"type": "bitaxe/backups", "device_id": device_id(hass, entry)}
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(message)
    answer = await client.receive_json()
    assert answer["result"]["backups"] == await backups(hass, entry)
    reader = await hass_ws_client(hass, hass_read_only_access_token)
    await reader.send_json_auto_id(message)
    assert (await reader.receive_json())["error"]["code"] == "unauthorized"


async def test_backups_are_not_compared_in_the_event_loop(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Those of forty miners would stop Home Assistant for a tenth of a second."""
    entry = await add_miner(await simulate("gamma-2.12"))
    await act(hass, "apply_configuration", entry, frequency=490)
    with calls_noted() as in_loop:
        assert await backups(hass, entry)
    assert "_async_get_backups" in in_loop
    assert "restorable" not in in_loop


async def test_the_swarm_has_no_backups_of_its_own(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """It does not answer with those of whichever miner comes first."""
    for preset in ("gamma-2.12", "ultra-2.4"):
        await add_miner(await simulate(preset))
    client = await hass_ws_client(hass)
    swarm = device_id(hass, swarm_entry(hass))
    await client.send_json_auto_id({"type": "bitaxe/backups", "device_id": swarm})
    answer = await client.receive_json()
    assert not answer["success"]
    assert answer["error"]["translation_key"] == "one_miner"
