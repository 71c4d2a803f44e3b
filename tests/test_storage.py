"""Stored files: whatever is in them, all is set up and nothing is lost unseen."""

from collections.abc import Callable
import json
import math
import os
from pathlib import Path
import stat
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.json import json_bytes
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.alerts.evaluator import Watcher
from custom_components.bitaxe.alerts.rules import DEFAULT_RULES
from custom_components.bitaxe.axeos.bounds import BLOCKS, DIFFICULTY, UPTIME
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.channel.backlog import Backlog
from custom_components.bitaxe.guard.heat import HeatGuard
from custom_components.bitaxe.guard.pool_choice import PoolChoice
from custom_components.bitaxe.guard.restoring import Restoring
from custom_components.bitaxe.guard.watchdog import Watchdog
from custom_components.bitaxe.miner.backups import Backup
from custom_components.bitaxe.miner.detune import IntendedSettings
from custom_components.bitaxe.miner.meter import Meter
from custom_components.bitaxe.storage import StoredFile
from custom_components.bitaxe.storage.stored_object import StoredObject
from custom_components.bitaxe.storage.whole_file import write_whole
from custom_components.bitaxe.swarm.energy import SwarmEnergy
from custom_components.bitaxe.tuning.task import TuningTask

from .conftest import AddMiner, PassTime, Settle, Simulate
from .examples import examples
from .full_disk import no_space_after
from .mutations import mutated, numbers

ENERGY = 12.5
FIGURES = {
    "energy": ENERGY,
    "restarts": 3,
    "total_uptime": 86_400.0,
    "best_difficulty": 4.2e9,
    "blocks_found": 0,
}
MINER = {
    "meter": {"figures": FIGURES, "last_time": 1.7e9, "last_uptime": 100},
    "intended": {
        "frequency": 525.0,
        "core_voltage": 1150.0,
        "auto_fan": True,
        "fan_speed": None,
    },
}


def enveloped(data: object, **changes: object) -> bytes:
    """Return a file as Home Assistant writes it."""
    envelope = {"version": 1, "minor_version": 1, "key": "x", "data": data}
    return json.dumps(envelope | changes).encode()


def with_figures(**changes: object) -> dict[str, Any]:
    """Return what is stored of a miner, with other figures."""
    return {**MINER, "meter": {**MINER["meter"], "figures": FIGURES | changes}}


# Each with whether the energy in it can still be read.
DAMAGED: dict[str, tuple[bytes, bool]] = {
    "truncated": (enveloped(MINER)[:90], False),
    "empty": (b"", False),
    "zeros": (b"\0" * 512, False),
    "not text": (b"\xff\xfe\xfd", False),
    "a list": (b"[]", False),
    "nothing": (b"null", False),
    "a text": (b'"bitaxe"', False),
    "no version": (b'{"data": {}}', False),
    "no data": (b'{"version": 1, "minor_version": 1, "key": "x"}', False),
    "version in words": (enveloped(MINER, version="one"), False),
    "data is a list": (enveloped([1, 2]), False),
    "data is a text": (enveloped("x"), False),
    "meter is a list": (enveloped({**MINER, "meter": []}), False),
    "figures are a text": (enveloped({**MINER, "meter": {"figures": "x"}}), False),
    "energy is a text": (enveloped(with_figures(energy="much")), False),
    "energy is negative": (enveloped(with_figures(energy=-1)), False),
    "energy is absurd": (enveloped(with_figures(energy=1e300)), False),
    "older major": (enveloped(MINER, version=0), True),
    "newer major": (enveloped(MINER, version=7), True),
    "newer minor": (enveloped(MINER, minor_version=9), True),
    "later key": (enveloped({**MINER, "wishes": {"a": 1}}), True),
    "later figure": (enveloped(with_figures(colour="red")), True),
    "absurd best share": (enveloped(with_figures(best_difficulty=2**64 - 1)), True),
    "absurd uptime": (enveloped(with_figures(total_uptime=1e15)), True),
    "restarts in words": (enveloped(with_figures(restarts="three")), True),
    "settings of a text": (enveloped({**MINER, "intended": "fast"}), True),
    "half of the settings": (
        enveloped({**MINER, "intended": {"frequency": 525}}),
        True,
    ),
}


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Let Home Assistant write real files."""
    return {}


def storage_file(hass: HomeAssistant, entry: MockConfigEntry, file: StoredFile) -> Path:
    """Return the path of a stored file."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}{file.value}"))


def storage_repairs(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """Return the repairs about stored files, ours and Home Assistant's own."""
    return [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key in ("stored_file", "storage_corruption")
    ]


async def write_and_set_up(
    hass: HomeAssistant, entry: MockConfigEntry, path: Path, content: bytes
) -> None:
    """Set up an entry whose file is what somebody left there."""

    def write() -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_add_executor_job(write)
    await hass.config_entries.async_setup(entry.entry_id)


@pytest.mark.parametrize("name", DAMAGED)
async def test_a_miner_is_set_up_whatever_is_stored_of_it(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    """What can be read is used, the file is kept, a repair says so; and all goes on."""
    content, energy_known = DAMAGED[name]
    entry = await add_miner(await simulate())
    path = storage_file(hass, entry, StoredFile.FIGURES)
    await write_and_set_up(hass, entry, path, content)
    await settle()
    assert entry.state is ConfigEntryState.LOADED
    figures = entry.runtime_data.data.figures
    assert (figures.energy >= ENERGY) is energy_known
    assert figures.energy < ENERGY + 1
    assert len(storage_repairs(hass)) == 1
    copies = [
        other.read_bytes()
        for other in await hass.async_add_executor_job(
            lambda: list(path.parent.glob(f"{path.name}.*"))
        )
    ]
    assert content in copies
    assert "Traceback" not in caplog.text
    # What is written then can be read again.
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert len(storage_repairs(hass)) == 1
    await hass.config_entries.async_remove(entry.entry_id)
    assert not path.exists()


_SAVED = {"id": "1", "time": 1.79e9, "reason": "change", "firmware": "v2.12.2"}
LATER: list[tuple[StoredFile, dict[str, Any]]] = [
    (StoredFile.NOTES, {"notes": [{"id": "1", "time": 1.79e9}]}),
    (
        StoredFile.NOTES,
        {"notes": [{"id": "1", "time": 1.79e9, "text": "Dust", "colour": "red"}]},
    ),
    (StoredFile.BACKUPS, {"backups": [{**_SAVED, "settings": {}}]}),
    (
        StoredFile.BACKUPS,
        {"backups": [{**_SAVED, "settings": {"frequency": 525}, "colour": "red"}]},
    ),
    (
        StoredFile.BACKUPS,
        {"backups": [{**_SAVED, "settings": {"frequency": 525, "turbo": True}}]},
    ),
    (
        StoredFile.FIGURES,
        {**MINER, "events": {"waiting": [{"type": "stolen", "time": 1.79e9}]}},
    ),
    (StoredFile.TUNING, {"results": {"runs": [{"goal": "silence"}]}}),
    (StoredFile.TUNING, {"results": {"runs": 5}}),
    (StoredFile.TUNING, {"profiles": {"Summer": {"point": {"frequency": 525}}}}),
    (StoredFile.TUNING, {"task": {"chosen": {}}}),
    (StoredFile.GUARD, {"enabled": True, "hardware": {"vendor": "ours"}}),
    (StoredFile.POWER, {"hardware": {"asic_count": "four"}}),
]


@pytest.mark.parametrize(("file", "data"), LATER)
async def test_what_means_nothing_is_kept(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
    file: StoredFile,
    data: dict[str, Any],
) -> None:
    """Of a later version, or cut short: the file is written anew without it."""
    entry = await add_miner(await simulate())
    path = storage_file(hass, entry, file)
    content = enveloped(data)
    await write_and_set_up(hass, entry, path, content)
    await settle()
    assert entry.state is ConfigEntryState.LOADED
    assert len(storage_repairs(hass)) == 1
    copies = [
        other.read_bytes()
        for other in await hass.async_add_executor_job(
            lambda: list(path.parent.glob(f"{path.name}.kept-*"))
        )
    ]
    assert copies == [content]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("file", list(StoredFile))
@pytest.mark.parametrize(
    "content",
    [
        enveloped({})[:40],
        b"[]",
        enveloped([]),
        enveloped({"miners": [], "energy": "x", "channel": [1], "a.yaml": 5}),
        enveloped({"miners": {"a": 1, "b": {"raised": [], "energy": []}}}),
        enveloped({"channel": {"queue": 5, "lost": "x", "doubtful": [1, {}]}}),
        enveloped({"x": {"queue": [{"told": {"alert": {"alert": {"kind": 1}}}}]}}),
        enveloped({"x": "not a time", "later": "2026-13-45T00:00:00"}),
        enveloped({"miners": {}, "energy": 3.0, "later": 1}, version=3),
    ],
)
async def test_the_swarm_is_set_up_whatever_is_stored_of_it(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
    file: StoredFile,
    content: bytes,
) -> None:
    """No file of a single channel, alert or blueprint keeps the totals away."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await settle()
    path = storage_file(hass, swarm_entry, file)
    await write_and_set_up(hass, swarm_entry, path, content)
    await settle()
    assert swarm_entry.state is ConfigEntryState.LOADED
    assert swarm_entry.runtime_data.swarm.totals.energy in (0.0, 3.0)
    assert "Traceback" not in caplog.text
    assert await hass.config_entries.async_unload(swarm_entry.entry_id)
    assert await hass.config_entries.async_setup(swarm_entry.entry_id)


async def test_copies_do_not_pile_up(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """A restart loop leaves one copy of one file."""
    entry = await add_miner(await simulate())
    path = storage_file(hass, entry, StoredFile.FIGURES)
    for _ in range(3):
        await write_and_set_up(hass, entry, path, enveloped({"later": 1}))
    copies = await hass.async_add_executor_job(
        lambda: list(path.parent.glob(f"{path.name}.kept-*"))
    )
    assert len(copies) == 1
    await hass.config_entries.async_remove(entry.entry_id)
    assert not copies[0].exists()
    assert not storage_repairs(hass)


async def test_what_we_write_is_read_without_a_word(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_entry: MockConfigEntry,
    pass_time: PassTime,
) -> None:
    """A restart raises no repair."""
    entry = await add_miner(await simulate())
    assert swarm_entry.state is ConfigEntryState.LOADED
    await pass_time(120)
    for each in (entry, swarm_entry):
        await hass.config_entries.async_reload(each.entry_id)
        assert each.state is ConfigEntryState.LOADED
    assert not storage_repairs(hass)


async def test_a_set_up_that_fails_half_way_leaves_no_platform(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next attempt would be refused otherwise."""
    entry = await add_miner(await simulate())
    await hass.config_entries.async_unload(entry.entry_id)
    forward = hass.config_entries.async_forward_entry_setups

    async def break_after(*args: Any) -> None:
        await forward(*args)
        raise RuntimeError("broken platform")

    with monkeypatch.context() as patch:
        patch.setattr(hass.config_entries, "async_forward_entry_setups", break_after)
        await hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_ERROR
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([2**63, 1e300, -1, "overheating", "block_found", "raised"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("meter", "figures", "energy", "restarts", "total_uptime"),
                    *("best_difficulty", "blocks_found", "last_time", "last_uptime"),
                    *("miners", "raised", "raised_at", "known", "overheating"),
                    *("value", "limit", "since", "data", "queue", "lost", "doubtful"),
                    *("items", "nonce", "told", "alert", "kind", "phase", "count"),
                    *("miner_id", "name", "device_id", "queued_at", "frequency"),
                    *("core_voltage", "auto_fan", "fan_speed"),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


def backlog_of(stored: StoredObject) -> dict[str, Any]:
    """Return what a channel makes of what is stored of it."""
    backlog = Backlog(lambda: None)
    backlog.restore(stored)
    return backlog.as_dict()


READERS: dict[str, Callable[[StoredObject], Any]] = {
    "meter": lambda stored: Meter(stored).as_dict(),
    "swarm energy": lambda stored: SwarmEnergy.from_dict(stored).as_dict(),
    "watch": lambda stored: Watcher(DEFAULT_RULES, stored).as_dict(),
    "backlog": backlog_of,
    "heat guard": lambda stored: {
        "heat": HeatGuard(stored.plain("heat")).as_dict(),
    },
    "watchdog": lambda stored: {
        "watchdog": Watchdog(stored.plain("watchdog")).as_dict(),
    },
    "restoring": lambda stored: {
        "restoring": Restoring(stored.plain("restoring")).as_dict(),
    },
    "pool choice": lambda stored: {
        "pool_choice": PoolChoice(stored.plain("pool_choice")).as_dict(),
    },
    "backup": lambda stored: (
        (backup := Backup.from_stored(stored)) and backup.as_dict()
    ),
    "intended": lambda stored: (
        (settings := IntendedSettings.from_dict(stored)) and settings.as_dict()
    ),
}


_ALERT: dict[str, Any] = {
    "kind": "overheating",
    "phase": "raised",
    "value": 71.5,
    "limit": 70,
    "since": 1.79e9,
    "unread_since": 1.79e9,
    "data": {"unit": "°C"},
}
_WAITING = {
    "told": {
        "alert": {"miner_id": "a", "name": "A", "device_id": "x", "alert": _ALERT},
        "count": 2,
    },
    "queued_at": 1.79e9,
}
_POINT = {"frequency": 500.0, "core_voltage": 1100.0}
_HOLD = {
    "before": {"frequency": 525.0, "core_voltage": 1150.0},
    "point": _POINT,
    "cause": "asic_heat",
    "since": 1.79e9,
    "paused": False,
}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "heat guard": {"heat": {"hold": _HOLD, "returns": [1.78e9, 1.79e9]}},
    "watchdog": {"watchdog": {"restarts": [1.78e9, 1.79e9]}},
    "restoring": {"restoring": {"restores": [1.79e9]}},
    "pool choice": {
        "pool_choice": {
            "cause": "schedule",
            "since": 1.79e9,
            "troubles": [1.79e9],
            "declined": True,
        }
    },
    "backup": {
        "id": "01JX",
        "time": 1.79e9,
        "reason": "change",
        "hardware": {
            "board_version": "602",
            "device_model": None,
            "vendor_model": None,
            "asic_model": "BM1370",
            "asic_count": 1,
        },
        "firmware": "v2.12.2",
        "settings": {
            **_POINT,
            "auto_fan": True,
            "primary_pool": {
                "url": "pool.example.org",
                "port": 3333,
                "user": "wallet.office",
                "tls": False,
            },
        },
    },
    "meter": MINER["meter"],
    "intended": MINER["intended"],
    "swarm energy": {
        "energy": 7.5,
        "miners": {"a": {"energy": 2.25, "best_difficulty": 4e9}},
        "best_shares": [
            {"miner": "a", "difficulty": 4e9, "name": "A", "time": 1.79e9},
            {"miner": "b", "difficulty": 3e9, "name": "B", "time": 1.78e9},
        ],
    },
    "watch": {
        "raised": {
            "overheating": {
                "value": 71.5,
                "limit": 70,
                "since": 1.79e9,
                "data": {"unit": "°C"},
                "told_at": 1.79e9,
            }
        },
        "raised_at": {"overheating": [1.78e9, 1.79e9]},
        "best_difficulty": 4e9,
        "silent_until": 1.8e9,
    },
    "backlog": {
        "queue": [_WAITING],
        "lost": 3,
        "doubtful": [{"items": [_WAITING], "lost": 0, "nonce": "1"}],
    },
}
"""What each reader reads, as it should be."""


@pytest.mark.parametrize("reader", READERS)
def test_files_with_faults_are_read_and_can_be_written(reader: str) -> None:
    """Fields that are missing, mixed up, or of another type or size."""
    read = READERS[reader]
    whole = StoredObject(DOCUMENTS[reader])
    assert read(whole)
    assert not whole.lost
    for number in numbers(200):
        try:
            found = read(StoredObject(mutated(number, DOCUMENTS[reader])))
            again = StoredObject(json.loads(json_bytes(found)))
            assert read(again) == found
            assert not again.lost
        except Exception as err:
            err.add_note(f"file {number}")
            raise


@pytest.mark.parametrize("since", ["1e400", "1.79e9", math.inf, math.nan, -1, 1e15])
def test_a_hold_since_no_time_is_none(since: object) -> None:
    """When it began is shown, and there is no such date."""
    assert HeatGuard({"hold": {**_HOLD, "since": since}}).hold is None


@pytest.mark.parametrize("frequency", ["525", True, -525, 1e9, None, [525.0], math.nan])
def test_a_setting_that_no_miner_has_is_not_gone_back_to(frequency: object) -> None:
    """What is stored is written to the miner again."""
    odd = {"frequency": frequency, "core_voltage": 1150.0}
    assert HeatGuard({"hold": _HOLD}).hold is not None
    for key in ("before", "point"):
        assert HeatGuard({"hold": {**_HOLD, key: odd}}).hold is None
    task = {
        "chosen": MINER["intended"],
        "hardware": {},
        "after_restart": "resume",
        "points": [_POINT],
        "home": _POINT,
    }
    assert TuningTask.from_dict(task) is not None
    assert TuningTask.from_dict({**task, "home": odd}) is None
    assert TuningTask.from_dict({**task, "points": [odd]}) is None


@examples(150)
@given(data=ANYTHING)
@pytest.mark.parametrize("reader", READERS)
def test_anything_is_read_and_can_be_written(reader: str, data: object) -> None:
    """And reads the same a second time, with nothing left to complain about."""
    found = READERS[reader](StoredObject(data))
    written = json.loads(json_bytes(found))
    again = StoredObject(written)
    assert READERS[reader](again) == found
    assert not again.lost


def test_stored_nonsense_heals() -> None:
    """What was kept before numbers were bounded is as if it had never been."""
    meter = Meter(
        {
            "figures": {
                "energy": 2.5,
                "restarts": 4,
                "total_uptime": 1e15,
                "best_difficulty": 2.0**64,
                "blocks_found": 2**63,
            },
            "last_time": 1e30,
            "last_uptime": 10**15,
        }
    )
    figures = meter.figures
    assert (figures.energy, figures.restarts) == (2.5, 4)
    assert figures.total_uptime <= UPTIME.high
    assert figures.best_difficulty is None or figures.best_difficulty <= DIFFICULTY.high
    assert figures.blocks_found is None or figures.blocks_found <= BLOCKS.high
    swarm_energy = SwarmEnergy.from_dict(
        {"energy": 7.0, "miners": {"a": {"energy": 2, "best_difficulty": 2.0**64}}}
    )
    assert swarm_energy.energy == 7
    assert swarm_energy.best_difficulty("a") is None


def leave_folder(path: Path) -> None:
    """Leave a folder with something in it."""
    path.mkdir()
    (path / "figures").write_text("mine")


@pytest.mark.parametrize(
    "leave",
    [
        leave_folder,
        lambda path: path.symlink_to("nowhere"),
        lambda path: path.symlink_to(path.name),
        os.mkfifo,
    ],
    ids=["folder", "link to nowhere", "link to itself", "pipe"],
)
async def test_what_is_no_file_is_set_aside(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
    leave: Callable[[Path], None],
) -> None:
    """It is kept as it is, and the miner's figures are written all the same."""
    entry = await add_miner(await simulate())
    path = storage_file(hass, entry, StoredFile.FIGURES)
    await hass.config_entries.async_unload(entry.entry_id)
    path.unlink(missing_ok=True)
    leave(path)
    before = path.lstat()
    await hass.config_entries.async_setup(entry.entry_id)
    await settle()
    assert entry.state is ConfigEntryState.LOADED
    (repair,) = storage_repairs(hass)
    assert repair.translation_placeholders is not None
    kept = Path(repair.translation_placeholders["copy"])
    assert kept != path
    assert kept.lstat().st_ino == before.st_ino
    await entry.runtime_data.async_save()
    assert path.is_file()
    assert json.loads(path.read_bytes())["data"]["meter"]
    assert "Traceback" not in caplog.text
    await hass.config_entries.async_remove(entry.entry_id)
    # What somebody put there is not ours to delete.
    assert kept.exists() is stat.S_ISDIR(before.st_mode)


@pytest.mark.parametrize("there", [None, b"before"])
def test_a_full_disk_leaves_no_half_of_a_file(
    tmp_path: Path, there: bytes | None
) -> None:
    """What was there stays, and nothing is left beside it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "file"
    if there is not None:
        path.write_bytes(there)
    with no_space_after(100), pytest.raises(OSError, match="large"):
        write_whole(path, b"x" * 1000)
    assert [item.name for item in folder.iterdir()] == ["file"] * (there is not None)
    assert there is None or path.read_bytes() == there


async def test_no_half_of_a_copy_is_taken_for_all(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Once there is space again, the file is copied as a whole."""
    entry = await add_miner(await simulate())
    path = storage_file(hass, entry, StoredFile.FIGURES)
    content = enveloped({**MINER, "wishes": {"a": "b" * 5000}})
    with no_space_after(4000):
        await write_and_set_up(hass, entry, path, content[:0])
    await hass.config_entries.async_unload(entry.entry_id)
    path.write_bytes(content)
    with no_space_after(4000):
        await hass.config_entries.async_setup(entry.entry_id)
    await write_and_set_up(hass, entry, path, content)
    copies = [item.read_bytes() for item in path.parent.glob(f"{path.name}.kept-*")]
    assert content in copies
    assert not [
        item
        for item in copies
        if item and content.startswith(item[:-1]) and item != content
    ]
