"""Cards and dashboard: the module that browsers load, made from `frontend/`.

Home Assistant loads it with every page, so that nobody has to add a resource, whether
dashboards are kept in its storage or in YAML.
"""

import hashlib
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http.server import StaticPathConfig
from homeassistant.core import HomeAssistant

FOLDER: Final = Path(__file__).parent
MODULE: Final = "bitaxe-cards.js"
"""What the browser begins with; it loads the other modules when it needs them."""


async def async_setup_frontend(hass: HomeAssistant) -> None:
    """Serve the modules, and have every page load the first.

    Nothing is done where Home Assistant runs without its frontend.
    """
    if "frontend" not in hass.config.components:
        return
    address, files = await hass.async_add_executor_job(_find_modules)
    await hass.http.async_register_static_paths(
        [
            StaticPathConfig(f"{address}/{path.name}", str(path), cache_headers=True)
            for path in files
        ]
    )
    add_extra_js_url(hass, f"{address}/{MODULE}")


def _find_modules() -> tuple[str, list[Path]]:
    """Return the address of the modules, and their files.

    The address changes with their content: browsers may keep what they loaded, and
    modules that load each other by relative addresses are of one version.
    """
    files = sorted(FOLDER.glob("*.js"))
    content = hashlib.sha256()
    for path in files:
        content.update(path.name.encode())
        content.update(path.read_bytes())
    return f"/bitaxe_frontend/{content.hexdigest()[:16]}", files
