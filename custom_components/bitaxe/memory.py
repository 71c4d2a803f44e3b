"""What is remembered of a miner across restarts of Home Assistant."""

from collections.abc import Callable
from typing import Any, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from .const import DOMAIN

_VERSION = 1
# Seldom enough for an SD card, often enough that a power cut loses little energy.
_SAVE_DELAY = 15 * 60


class StoredMiner(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    meter: dict[str, Any]
    intended: dict[str, Any] | None


class MinerMemory:
    """The stored figures and intended settings of one miner."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; nothing is read yet."""
        self._store = Store[StoredMiner](hass, _VERSION, f"{DOMAIN}.{entry_id}")
        self._save_pending = False

    async def async_load(self) -> StoredMiner:
        """Return what was stored, or an empty memory."""
        return await self._store.async_load() or {"meter": {}, "intended": None}

    @callback
    def async_schedule_save(self, content: Callable[[], StoredMiner]) -> None:
        """Have what `content` returns by then written within 15 minutes."""
        if self._save_pending:
            return
        self._save_pending = True

        def written() -> StoredMiner:
            self._save_pending = False
            return content()

        self._store.async_delay_save(written, _SAVE_DELAY)

    async def async_save(self, content: StoredMiner) -> None:
        """Write now."""
        self._save_pending = False
        await self._store.async_save(content)

    async def async_remove(self) -> None:
        """Forget the miner."""
        await self._store.async_remove()
