"""Files of what can be worked out again."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.storage.cache_file import CachedKind, CacheFile


async def test_nothing_stays_behind(hass: HomeAssistant) -> None:
    """Not even what was being written when Home Assistant was killed."""
    file = CacheFile(hass, "01ENTRY", CachedKind.FOLD)
    folder = Path(hass.config.cache_path(DOMAIN))

    def live() -> list[Path]:
        file.write("1", [b"{}"])
        (path,) = folder.iterdir()
        path.with_name(f"{path.name}.new").write_bytes(b"half")
        file.remove()
        return list(folder.iterdir())

    assert await hass.async_add_executor_job(live) == []
