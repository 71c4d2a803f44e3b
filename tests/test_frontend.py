"""The cards reach the browser."""

from http import HTTPStatus
from pathlib import Path
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.bitaxe import frontend as frontend_module
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.frontend import FOLDER, MODULE

PAGE = """<html>
{% for module in extra_modules %}<script src="{{ module }}"></script>{% endfor %}
</html>"""
IMPORTED = re.compile(r"""["'`]\./([\w.-]+\.js)["'`]""")
ADDRESS = re.compile(rf'src="(/bitaxe_frontend/[0-9a-f]{{16}}/{re.escape(MODULE)})"')


@pytest.fixture
async def frontend(
    hass: HomeAssistant, hass_storage: dict[str, Any], tmp_path: Path
) -> None:
    """Set up Home Assistant's frontend with a page that lists the modules to load."""
    hass_storage["onboarding"] = {
        "version": 4,
        "data": {"done": ["user", "core_config", "analytics", "integration"]},
    }
    root = tmp_path / "hass_frontend"
    for folder in ("static", "frontend_latest", "frontend_es5"):
        (root / folder).mkdir(parents=True)
    for name in (
        "robots.txt",
        "service_worker.js",
        "sw-modern.js",
        "sw-legacy.js",
        "onboarding.html",
        "authorize.html",
    ):
        (root / name).touch()
    (root / "index.html").write_text(PAGE)
    assert await async_setup_component(
        hass, "frontend", {"frontend": {"development_repo": str(tmp_path)}}
    )


async def address_on_page(client_session: ClientSessionGenerator) -> str:
    """Return what the page of every dashboard loads of ours."""
    client = await client_session()
    page = await (await client.get("/")).text()
    (address,) = ADDRESS.findall(page)
    return address


@pytest.mark.usefixtures("frontend")
async def test_every_page_loads_the_cards(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Once, from an address that browsers may keep for long."""
    assert await async_setup_component(hass, DOMAIN, {})
    address = await address_on_page(hass_client_no_auth)
    client = await hass_client_no_auth()
    response = await client.get(address)
    assert response.status == HTTPStatus.OK
    assert response.content_type == "text/javascript"
    assert response.headers["Cache-Control"] == "public, max-age=2678400"
    assert await response.read() == (FOLDER / MODULE).read_bytes()


@pytest.mark.usefixtures("frontend")
async def test_modules_find_each_other(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """What a module loads later lies beside it, and nothing else does."""
    assert await async_setup_component(hass, DOMAIN, {})
    folder = (await address_on_page(hass_client_no_auth)).rpartition("/")[0]
    client = await hass_client_no_auth()
    for path in FOLDER.glob("*.js"):
        for name in IMPORTED.findall(path.read_text()):
            response = await client.get(f"{folder}/{name}")
            assert response.status == HTTPStatus.OK, name
    response = await client.get(f"{folder}/__init__.py")
    assert response.status == HTTPStatus.NOT_FOUND


@pytest.mark.usefixtures("frontend")
async def test_pages_that_are_open_load_them_too(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those who add the integration need not reload the page."""
    # Home Assistant's own server, which is not that of the tests, takes new addresses
    # while it runs.
    monkeypatch.setattr(hass.http.app.router, "freeze", lambda: None)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "frontend/subscribe_extra_js"})
    assert (await client.receive_json())["success"]
    assert await async_setup_component(hass, DOMAIN, {})
    event = (await client.receive_json())["event"]
    assert event["change_type"] == "added"
    assert event["item"]["type"] == "module"
    assert event["item"]["url"].endswith(f"/{MODULE}")


@pytest.mark.usefixtures("frontend")
async def test_other_cards_have_another_address(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or browsers would go on using the old ones for a month."""
    (tmp_path / MODULE).write_text("export {};")
    (tmp_path / "bitaxe-chart.js").write_text("export const chart = 1;")
    first, _ = frontend_module._find_modules()  # noqa: SLF001
    monkeypatch.setattr(frontend_module, "FOLDER", tmp_path)
    assert await async_setup_component(hass, DOMAIN, {})
    address = await address_on_page(hass_client_no_auth)
    assert not address.startswith(first)


async def test_without_a_frontend(hass: HomeAssistant) -> None:
    """Miners are polled all the same."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert "frontend" not in hass.config.components
