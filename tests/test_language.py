"""A language that nobody has heard of: a file is dropped in, and all speak it.

That of the cards is proven in `frontend/test/language.test.js`.
"""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, translation
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.bitaxe
from custom_components.bitaxe.alerts.model import Alert, AlertKind, AlertPhase
from custom_components.bitaxe.alerts.texts import describe
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.commands import COMMANDS
from custom_components.bitaxe.texts import async_get_texts
from scripts.cli.texts import Texts as TerminalTexts
from scripts.simulator import MinerSpec

from .conftest import AddMiner, Simulate
from .discord.asking import Talk
from .entities import state_of

TRANSLATIONS = Path(custom_components.bitaxe.__file__).with_name("translations")
LANGUAGE = "sv"
MARK = "¤"
"""Stands before every text of the language, which is English otherwise."""


def marked(node: Any, path: tuple[str, ...] = ()) -> Any:
    """Return texts as the language has them."""
    if isinstance(node, Mapping):
        return {key: marked(child, (*path, key)) for key, child in node.items()}
    if "number_format" in path:
        return "1.234,5" if path[-1] == "number" else node
    return "|".join(f"{MARK}{form}" for form in node.split("|"))


@pytest.fixture
def language(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drop a translation in, and have Home Assistant speak it."""

    texts = json.loads((TRANSLATIONS / "en.json").read_text("utf-8"))
    dropped_in = tmp_path / f"{LANGUAGE}.json"
    dropped_in.write_text(json.dumps(marked(texts)), "utf-8")
    load = vars(translation)["_load_translations_files_by_language"]

    def load_with_ours(files: dict[str, dict[str, Path]]) -> Any:
        if DOMAIN in (paths := files.get(LANGUAGE, {})):
            paths[DOMAIN] = dropped_in
        return load(files)

    monkeypatch.setattr(
        translation, "_load_translations_files_by_language", load_with_ours
    )
    hass.config.language = LANGUAGE


@pytest.fixture
async def miner(
    hass: HomeAssistant,
    language: None,
    swarm_entry: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
) -> MockConfigEntry:
    """Set up a miner and the swarm."""
    entry = await add_miner(
        await simulate(MinerSpec(name="office", firmware="v2.15.0", seed=1))
    )
    await async_get_translations(hass, LANGUAGE, "selector", {DOMAIN})
    return entry


async def test_home_assistant_speaks_it(
    hass: HomeAssistant, miner: MockConfigEntry
) -> None:
    """Names of entities, alerts, errors; ids of entities do not depend on it."""
    state = state_of(hass, miner, "sensor", "hashrate")
    assert f"{MARK}Hashrate" in state.attributes["friendly_name"]
    registry = er.async_get(hass)
    unique_id = f"{miner.unique_id}_hashrate"
    assert registry.async_get_entity_id("sensor", DOMAIN, unique_id) is not None
    alert = Alert(kind=AlertKind.OFFLINE, phase=AlertPhase.RAISED, since=1.0)
    assert describe(hass, alert).startswith(MARK)
    assert async_get_texts(hass).error("no_miner_set_up").startswith(MARK)


async def test_discord_speaks_it(hass: HomeAssistant, miner: MockConfigEntry) -> None:
    """Whatever is asked, also what is only offered."""
    talk = Talk(hass)
    for spec in COMMANDS:
        if not spec.control:
            arguments = {"miner": "office"} if spec.name == "miner" else {}
            assert MARK in await talk.ask(spec.name, **arguments)
        assert async_get_texts(hass)(spec.description).startswith(MARK)


async def test_the_blueprint_speaks_it(
    hass: HomeAssistant, miner: MockConfigEntry
) -> None:
    """Its kinds of alerts are those of this version, in the language of this home."""
    blueprint = Path(hass.config.path("blueprints/automation/bitaxe/notify.yaml"))
    assert f'"{MARK}Offline"' in blueprint.read_text("utf-8")


async def test_the_terminal_speaks_it(
    hass: HomeAssistant, miner: MockConfigEntry
) -> None:
    """It asks Home Assistant for the texts of selectors."""
    texts = TerminalTexts(
        await async_get_translations(hass, LANGUAGE, "selector", {DOMAIN})
    )
    assert texts("terminal.no_miners").startswith(MARK)
