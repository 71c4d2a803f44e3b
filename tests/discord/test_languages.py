"""Discord in the language of Home Assistant: nothing is left in English."""

from pathlib import Path
import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.bitaxe.alerts.kinds import KINDS
from custom_components.bitaxe.alerts.model import Alert, AlertKind, AlertPhase
from custom_components.bitaxe.alerts.monitor import MinerAlert
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.messages.alerts import AlertToPost, alerts_message
from scripts.bench.texts import texts_in
from scripts.simulator import MinerServer, MinerSpec

from ..conftest import AddMiner, Simulate
from .asking import Talk, read

FOLDER = Path("custom_components/bitaxe/translations")


def words_of(text: str) -> set[str]:
    """Return the words of a text, without commands and tables in code."""
    return set(re.findall(r"[a-zäöüß]{3,}", re.sub(r"`[^`]*`", "", text.lower())))


def english_only() -> set[str]:
    """Return the English words that no German text contains."""
    english, german = (
        words_of((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("en", "de")
    )
    return english - german


async def speak_german(hass: HomeAssistant) -> None:
    """Have Home Assistant speak German."""
    hass.config.language = "de"
    await async_get_translations(hass, "de", "selector", {DOMAIN})


@pytest.fixture
async def office(simulate: Simulate, add_miner: AddMiner) -> MinerServer:
    """Set up a miner called office."""
    server = await simulate(MinerSpec(name="office", firmware="v2.15.0"))
    await add_miner(server)
    return server


@pytest.fixture
def talk(hass: HomeAssistant, office: MinerServer) -> Talk:
    """Talk to the bot."""
    return Talk(hass)


@pytest.mark.parametrize("command", ["status", "health", "best", "help", "miner"])
async def test_answers_in_german(
    hass: HomeAssistant, talk: Talk, office: MinerServer, command: str
) -> None:
    """Answers have no word that only English texts have."""
    await speak_german(hass)

    arguments = {"miner": "office"} if command == "miner" else {}
    said = await talk.ask(command, **arguments)

    assert words_of(said)
    assert not words_of(said) & english_only()


async def test_refusals_in_german(
    hass: HomeAssistant, talk: Talk, office: MinerServer
) -> None:
    """What goes wrong is said in German, no matter who raises it."""
    await speak_german(hass)

    assert "5q ist kein Zeitraum" in await talk.ask("report", span="5q")
    assert "Welcher Miner? Es gibt **office**." in await talk.ask("restart")
    assert "525 → **490 MHz**?" in await talk.ask(
        "clock", miner="office", frequency="490"
    )


@pytest.mark.parametrize("kind", AlertKind)
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("miners", [1, 3])
def test_every_alert_has_words(kind: AlertKind, language: str, miners: int) -> None:
    """Each kind has a title in each language, for one miner and for several."""
    texts = texts_in(language)
    phases = (
        [AlertPhase.RAISED, AlertPhase.CLEARED]
        if KINDS[kind].condition is not None
        else [AlertPhase.HAPPENED]
    )
    for phase in phases:
        reported = [
            AlertToPost(
                alert=MinerAlert(
                    miner_id=str(number),
                    name="office",
                    device_id=None,
                    alert=Alert(
                        kind=kind, phase=phase, since=1.0, data={"seconds": 60}
                    ),
                )
            )
            for number in range(miners)
        ]
        title = alerts_message(reported, texts).embeds[0].title

        assert f"{kind.value}_{phase.value}" not in title
        assert (
            "office" if miners == 1 else texts("discord_message.miners", count=3)
        ) in title
        assert read(alerts_message(reported, texts))
