"""Puts ready-made automations where Home Assistant looks for them.

It reads blueprints only in the folder of the configuration, where they belong to the
person: what was edited or deleted there is left alone for good.
"""

from collections.abc import Mapping
from hashlib import sha256
import json
import logging
from pathlib import Path
from typing import Final

from homeassistant.components.automation.const import DOMAIN as AUTOMATION_DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import SERVICE_RELOAD
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from ..const import DOMAIN
from ..formatting import Texts
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import StoredObject
from ..storage.whole_file import write_whole
from ..texts import async_get_texts
from .kinds import AlertKind

_LOGGER = logging.getLogger(__package__)

_FOLDER: Final = ("blueprints", AUTOMATION_DOMAIN, DOMAIN)
# Pools refuse a share now and then: worth an alert, but not a message to every phone.
_NOT_BY_DEFAULT: Final = AlertKind.REJECT_RATE
_SHIPPED: Final = Path(__file__).parent.parent.joinpath(*_FOLDER)


@callback
def async_schedule_blueprints(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Have the blueprints written once Home Assistant has started.

    Before, it would take our folder for one that it filled with its own examples.
    """

    async def provide(hass: HomeAssistant) -> None:
        await _async_provide(hass, entry.entry_id)

    entry.async_on_unload(async_at_started(hass, provide))


async def _async_provide(hass: HomeAssistant, entry_id: str) -> None:
    """Write the blueprints that are new, or newer than what was written before."""
    # File names, and hashes of the content that was written.
    store = EntryStore[dict[str, str]](hass, entry_id, StoredFile.BLUEPRINTS)
    before = await store.async_load(_read)
    folder = Path(hass.config.path(*_FOLDER))
    after, replaced = await hass.async_add_executor_job(
        _write, folder, before, async_get_texts(hass)
    )
    if after != before:
        await store.async_save(after)
    if replaced and hass.services.has_service(AUTOMATION_DOMAIN, SERVICE_RELOAD):
        # Home Assistant reads a blueprint once; only automations that it changes
        # restart.
        await hass.services.async_call(AUTOMATION_DOMAIN, SERVICE_RELOAD)


def _read(stored: StoredObject) -> dict[str, str]:
    return {
        name: content_hash
        for name in stored
        if (content_hash := stored.text(name)) is not None
    }


def _write(
    folder: Path, before: Mapping[str, str], texts: Texts
) -> tuple[dict[str, str], bool]:
    """Write what may be written; one that cannot be hinders no other.

    Returns the hash of what is ours by now, and whether a file was replaced.
    """
    after = dict(before)
    replaced = False
    failed: list[str] = []
    for shipped in sorted(_SHIPPED.glob("*.yaml")):
        content = _filled_in(shipped.read_text("utf-8"), texts)
        target = folder / shipped.name
        try:
            written, replaces = _write_one(target, content, before.get(shipped.name))
        except OSError as err:
            failed.append(str(err))
            continue
        replaced |= replaces
        if written:
            after[shipped.name] = _hash(content)
    if failed:
        _LOGGER.warning(
            "Blueprints could not be written to %s: %s", folder, ", ".join(failed)
        )
    return after, replaced


def _write_one(target: Path, content: bytes, before: str | None) -> tuple[bool, bool]:
    """Return whether the content is there by now, and whether a file was replaced."""
    if target.is_symlink():
        # Somebody put it there, also if it leads nowhere.
        return False, False
    present = _hash(target.read_bytes()) if target.exists() else None
    if present == _hash(content):
        return True, False
    if present != before:
        return False, False
    target.parent.mkdir(parents=True, exist_ok=True)
    # Half a file would be taken for one that somebody edited.
    write_whole(target, content)
    return True, present is not None


def _filled_in(blueprint: str, texts: Texts) -> bytes:
    """Return a blueprint with all kinds of alerts, in Home Assistant's language.

    JSON is YAML too.
    """
    options = [
        {"label": texts(f"alert_kind.{kind}"), "value": kind} for kind in AlertKind
    ]
    values = {
        "ALERT_KIND_OPTIONS": options,
        "ALERT_KINDS": [kind for kind in AlertKind if kind is not _NOT_BY_DEFAULT],
    }
    for name, value in values.items():
        blueprint = blueprint.replace(
            f" {name}\n", f" {json.dumps(value, ensure_ascii=False)}\n"
        )
    return blueprint.encode()


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
