"""Puts ready-made automations where Home Assistant looks for them.

It reads blueprints only in the folder of the configuration, where they belong to the
person: what was edited or deleted there is left alone for good.
"""

from collections.abc import Mapping
from hashlib import sha256
import logging
from pathlib import Path
from typing import Final

from homeassistant.components.automation.const import DOMAIN as AUTOMATION_DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import SERVICE_RELOAD
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store

from .const import DOMAIN

_LOGGER = logging.getLogger(__package__)

_VERSION: Final = 1
_FOLDER: Final = ("blueprints", AUTOMATION_DOMAIN, DOMAIN)
_SHIPPED: Final = Path(__file__).parent.joinpath(*_FOLDER)


def blueprint_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, str]]:
    """Return the file of what was written: file names, and hashes of their content."""
    return Store[dict[str, str]](hass, _VERSION, f"{DOMAIN}.{entry_id}.blueprints")


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
    store = blueprint_store(hass, entry_id)
    before = await store.async_load() or {}
    folder = Path(hass.config.path(*_FOLDER))
    try:
        after, replaced = await hass.async_add_executor_job(_write, folder, before)
    except OSError as err:
        _LOGGER.warning("Blueprints could not be written to %s: %s", folder, err)
        return
    if after != before:
        await store.async_save(after)
    if replaced and hass.services.has_service(AUTOMATION_DOMAIN, SERVICE_RELOAD):
        # Home Assistant reads a blueprint once; only automations that it changes restart.
        await hass.services.async_call(AUTOMATION_DOMAIN, SERVICE_RELOAD)


def _write(folder: Path, before: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """Write what may be written.

    Returns the hash of what is ours by now, and whether a file was replaced.
    """
    after = dict(before)
    replaced = False
    for shipped in sorted(_SHIPPED.glob("*.yaml")):
        name, content = shipped.name, shipped.read_bytes()
        target = folder / name
        present = _hash(target.read_bytes()) if target.exists() else None
        if present == _hash(content):
            after[name] = present
        elif present is None and name not in before:
            folder.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            after[name] = _hash(content)
        elif present is not None and present == before.get(name):
            target.write_bytes(content)
            after[name] = _hash(content)
            replaced = True
    return after, replaced


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
