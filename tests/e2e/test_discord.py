"""Discord, from the set-up in the browser to alerts, reports and control."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
import re
from typing import Any

from aiohttp import ClientSession
from playwright.sync_api import Browser, expect
import pytest

from custom_components.bitaxe.alerts.kinds import KINDS
from custom_components.bitaxe.alerts.model import AlertKind, Rule
from custom_components.bitaxe.alerts.rules import DEFAULT_RULES
from scripts.demo_home.client import HomeAssistantClient, Websocket

from .discord import Discord
from .frontend import SCREENSHOTS, Frontend
from .home import Home

_SUBENTRIES = "/api/config/config_entries/subentries/flow"
_OPTIONS = "/api/config/config_entries/options/flow"
ASKING = {
    "/status": "bitaxe-office",
    "/report": "Swarm report",
    "/miner miner:office span:1h": "bitaxe-office",
    "/stats": "MHz/mV",
    "/health": "",
    "/best": "Best shares",
    "/help": "/restart-all",
}
ALERTS: list[tuple[str, str, dict[str, object], dict[str, object]]] = [
    ("nerdqaxe-garage", "fallback", {"pool_down": True}, {"pool_down": False}),
    ("bitaxe-office", "voltage regulator", {"vr_offset": 40}, {"vr_offset": 0}),
    ("bitaxe-kitchen", "offline", {"offline": True}, {"offline": False}),
]
"""Miner, a word of the alert, what raises it, and what ends it."""


@pytest.fixture(scope="module")
def discord(home: Home) -> Discord:
    """Return the Discord of the demo."""
    return Discord(home)


async def _post(client: HomeAssistantClient, path: str, *steps: Any) -> None:
    """Walk through a flow."""
    result = await client.post(path, steps[0])
    for data in steps[1:]:
        result = await client.post(f"{path}/{result['flow_id']}", data)
        assert not result.get("errors"), result
    assert result["type"] in {"create_entry", "abort"}, result


def _settings(discord: Discord, *, commands: bool) -> dict[str, Any]:
    """Return the options of a channel with everything switched on."""
    report = {"cron": "* * * * *", "span": "24h", "charts": True}
    options: dict[str, Any] = {
        "report": report | {"enabled": not commands},
        "second_report": report | {"enabled": False},
        "alerts": {
            "kinds": list(AlertKind),
            "mention": [f"role:{discord.role}"],
            "cooldown": 0,
        },
    }
    if commands:
        options["commands"] = {
            "enabled": True,
            "prefix": True,
            "control": [f"role:{discord.role}"],
            "everyone": False,
        }
    return options


def _form(rules: Mapping[AlertKind, Rule]) -> dict[str, Any]:
    """Return the form in which people choose these rules."""
    form: dict[str, Any] = {
        "enabled": [kind for kind, rule in rules.items() if rule.enabled]
    }
    for kind, rule in rules.items():
        if KINDS[kind].condition:
            form[kind] = {"for": {"minutes": rule.for_seconds // 60}}
            if rule.threshold is not None:
                form[kind]["threshold"] = rule.threshold
    return form


def _impatient_rules() -> dict[AlertKind, Rule]:
    """Return rules that raise every alert at once, but not for nothing."""
    thresholds = {
        AlertKind.LOW_HASHRATE: 50.0,
        AlertKind.ERROR_RATE: 20.0,
        AlertKind.REJECT_RATE: 20.0,
        AlertKind.LOW_INPUT_VOLTAGE: 90.0,
    }
    return {
        kind: replace(
            rule, threshold=thresholds.get(kind, rule.threshold), for_seconds=0
        )
        for kind, rule in DEFAULT_RULES.items()
    }


@asynccontextmanager
async def _administrator(
    home: Home,
) -> AsyncIterator[tuple[HomeAssistantClient, Websocket, str]]:
    """Yield two ways to change things, and the entry of the swarm."""
    async with ClientSession() as session:
        client = HomeAssistantClient(session, home.url)
        await client.log_in(home.password)
        async with client.websocket() as websocket:
            entries = await websocket.command("config_entries/get", domain="bitaxe")
            swarm = next(
                entry["entry_id"]
                for entry in entries
                if entry["title"] == "Bitaxe swarm"
            )
            yield client, websocket, swarm


async def _choose_rules(
    client: HomeAssistantClient, swarm: str, rules: Mapping[AlertKind, Rule]
) -> None:
    await _post(
        client,
        _OPTIONS,
        {"handler": swarm},
        {"next_step_id": "alerts"},
        _form(rules),
    )


async def _channels(websocket: Websocket, swarm: str) -> list[dict[str, Any]]:
    """Return the channels of the swarm, which has more than these beneath it."""
    found = await websocket.command("config_entries/subentries/list", entry_id=swarm)
    return [item for item in found if item["subentry_type"] == "discord"]


async def _switch_everything_on(home: Home, discord: Discord) -> None:
    async with _administrator(home) as (client, websocket, swarm):
        (bot,) = await _channels(websocket, swarm)
        await _choose_rules(client, swarm, _impatient_rules())
        await _post(
            client,
            _SUBENTRIES,
            {"handler": [swarm, "discord"], "subentry_id": bot["subentry_id"]},
            {"next_step_id": "options"},
            _settings(discord, commands=True),
            {"test": False},
        )
        await _post(
            client,
            _SUBENTRIES,
            {"handler": [swarm, "discord"]},
            {"next_step_id": "webhook"},
            {"webhook_url": discord.webhook},
            _settings(discord, commands=False),
            {"test": True},
        )


async def _remove_everything(home: Home) -> None:
    async with _administrator(home) as (client, websocket, swarm):
        for channel in await _channels(websocket, swarm):
            await websocket.command(
                "config_entries/subentries/delete",
                entry_id=swarm,
                subentry_id=channel["subentry_id"],
            )
        await _choose_rules(client, swarm, DEFAULT_RULES)


def _wait(work: Coroutine[Any, Any, None]) -> None:
    """Do something beside the browser's own event loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def test_add_a_channel(frontend: Frontend, home: Home, discord: Discord) -> None:
    """From the token to the first message, in the browser."""
    page = frontend.page
    frontend.open_integration()
    page.get_by_role("button", name="Add Discord channel").click()
    page.get_by_text("Bot", exact=True).last.click()
    frontend.fill_and_submit("not a token")
    expect(page.locator("ha-form ha-alert")).to_be_visible()
    frontend.fill_and_submit(discord.token)
    expect(page.get_by_text("Channel of Bitaxe bot")).to_be_visible()
    page.locator("ha-form ha-selector-select").click()
    page.get_by_text("Home › #miners").last.click()
    frontend.keep("discord-channel")
    frontend.submit()
    expect(page.get_by_text("Who may control").first).to_be_attached()
    frontend.keep("discord-options")
    assert frontend.untranslated() == []
    frontend.submit()
    expect(page.get_by_text("Post a test message now")).to_be_visible()
    frontend.submit()
    discord.wait_for("miners", lambda message: message["bot"])
    page.get_by_role("button", name="Skip and finish").or_(
        page.get_by_role("button", name="Finish")
    ).first.click()
    expect(page.get_by_text("Home › #miners").first).to_be_visible()

    (refused,) = discord.say("/pause miner:office")
    assert "Control is off" in refused["text"]


def test_every_command_answers(home: Home, discord: Discord) -> None:
    """What can be asked is answered, written either way; and miners are suggested."""
    _wait(_switch_everything_on(home, discord))
    discord.wait_for("alerts", lambda message: message["bot"])
    discord.wait_until_it_reads()
    offered = discord.suggestions("/")
    assert {text.split()[0] for text in ASKING} <= set(offered)
    assert "bitaxe-office" in discord.suggestions("/miner off")
    for text, answer in ASKING.items():
        said = discord.say(text)
        assert answer in "\n".join(message["text"] for message in said), text
    before = len(discord.messages("miners"))
    discord.say("!status")
    discord.wait_for(
        "miners",
        lambda message: message["bot"] and "bitaxe-office" in message["text"],
        before,
    )


def test_only_some_may_control(home: Home, discord: Discord) -> None:
    """Alice changes the clock after she was asked; bob cannot."""
    present = home.miner("bitaxe-office")["frequency"]
    wanted = 525 if present != 525 else 550
    (refused,) = discord.say(f"/clock miner:office frequency:{wanted}", "bob")
    assert refused["ephemeral"]
    assert home.miner("bitaxe-office")["frequency"] == present

    (question,) = discord.say(f"/clock miner:office frequency:{wanted}")
    assert home.miner("bitaxe-office")["frequency"] == present
    discord.press(question, question["buttons"][0])
    home.wait_for("bitaxe-office", frequency=wanted)


def test_alerts(home: Home, discord: Discord, provoked: list[str]) -> None:
    """Faults are reported with a mention, and their end without."""
    for miner, word, begin, end in ALERTS:
        before = len(discord.messages("alerts"))
        home.provoke(miner, **begin)
        raised = discord.wait_for(
            "alerts",
            lambda message, miner=miner, word=word: (  # type: ignore[misc]
                miner in message["text"] and word in message["text"]
            ),
            before,
        )
        assert raised["pinged"]
        home.provoke(miner, **end)
        cleared = discord.wait_for(
            "alerts",
            lambda message, miner=miner: (  # type: ignore[misc]
                miner in message["text"] and "🟢" in message["text"]
            ),
            before,
        )
        # Something else may have begun at the same time.
        begun = any(sign in cleared["text"] for sign in ("🔴", "🟠"))
        assert begun or not cleared["pinged"]
    provoked.append("Error fetching bitaxe-kitchen data")


def test_report_on_schedule(discord: Discord) -> None:
    """A report comes by itself, with both charts."""
    report = discord.wait_for(
        "alerts",
        lambda message: (
            "Swarm report" in message["text"] and len(message["attachments"]) == 2
        ),
    )
    assert all(
        re.fullmatch(r"[\w-]+\.png", file["name"]) for file in report["attachments"]
    )
    assert not report["pinged"]


@pytest.mark.parametrize(("look", "width"), [("desktop", 900), ("phone", 390)])
def test_pictures_of_everything(
    browser: Browser, discord: Discord, look: str, width: int
) -> None:
    """All of it for people to look at; and nothing broke what Discord documents."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for channel in discord.channels:
        page = browser.new_page(viewport={"width": width, "height": 1200})
        page.goto(discord.page(channel))
        expect(page.locator("article").first).to_be_visible()
        wider = page.evaluate("document.documentElement.scrollWidth")
        assert wider <= width
        page.screenshot(
            path=SCREENSHOTS / f"discord-{channel}-{look}.png", full_page=True
        )
        page.close()
    overview = discord.overview()
    assert overview["violations"] == []
    assert overview["unanswered"] == 0
    assert overview["connected"] == 1


def test_remove_the_channels(home: Home, discord: Discord) -> None:
    """Nothing of Discord is left, and the bot is gone."""
    _wait(_remove_everything(home))
    discord.wait_until_alone()
