"""What helps to find a fault, without what identifies its owner."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
import re
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from .axeos import Family, MinerError
from .const import CONF_KIND, KIND_SWARM
from .containment import Containment
from .coordinator import MinerCoordinator
from .following import miner_entries
from .pools.accounts import PoolAccounts, async_get_pools
from .runtime import SwarmRuntime

_CONTAINMENT: Final = Containment()
_PERSONAL: Final = frozenset(
    {
        # The miner in its network
        "ethernet_mac",
        "full_hostname",
        "host",
        "hostname",
        "ipv4",
        "ipv6",
        "mac",
        "ssid",
        "title",
        "unique_id",
        # The pool, its account, and what a pool of one's own writes into its blocks
        "coinbase_text",
        "slot_settings",
        "url",
        "user",
        # Its account, as alerts name it
        "account",
        "worker",
        # The swarm
        "best_miner",
        # Its channels in Discord
        "bot_id",
        "bot_name",
        "channel_id",
        "control",
        "guild_id",
        "mention",
        "token",
        "webhook_url",
    }
)
# Values from lists of ours or of the firmware's, which say nothing about a person even
# if somebody calls a miner like one.
_VOCABULARY: Final = frozenset(
    {
        "asic_model",
        "board_version",
        "family",
        "fan_key",
        "firmware_version",
        "idf_version",
        "kind",
        "model",
        "phase",
        "problem",
        "protocol",
        "running_partition",
        "settings",
        "source",
        "state",
        "subentry_type",
        "web_version",
    }
)
# What firmware calls a miner until somebody does, and what everybody's entry is called.
_NO_SECRETS: Final = frozenset(
    {"axeos", "bitaxe", "miner", "nerdaxe", "nerdoctaxe", "nerdqaxe", "swarm"}
)
# Shorter ones would black out half of the text and hide nothing; those that are still
# short are secrets as a word only.
_SHORTEST_SECRET: Final = 4
_LONG_SECRET: Final = 8
_MOST_LINES: Final = 100
_LONGEST_LINE: Final = 300
_SECRET_LINE: Final = re.compile(
    r"authorize|passw|passphrase|wifi_?pass|secret|token|api_?key", re.IGNORECASE
)
_WALLET: Final = re.compile(
    r"\b(?:bc1|tb1)[a-z0-9]{20,}|\b[13mn2][1-9A-HJ-NP-Za-km-z]{25,}\b"
)
_COLOR: Final = re.compile(r"\x1b\[[0-9;]*m")
_ADDRESS: Final = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}"  # IPv4
    r"|(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}"  # MAC, and IPv6 in full
    r"|(?:[0-9a-f]{2}-){5}[0-9a-f]{2}"  # MAC
    r"|[0-9a-f:]*::[0-9a-f:]+",  # IPv6
    re.IGNORECASE,
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: ConfigEntry
) -> dict[str, Any]:
    """Return everything known about a miner, or about the swarm."""
    diagnostics: dict[str, Any] = {"entry": _entry(entry)}
    if entry.state is ConfigEntryState.LOADED:
        if entry.data[CONF_KIND] == KIND_SWARM:
            diagnostics |= _swarm(entry.runtime_data, async_get_pools(hass))
        else:
            diagnostics |= _miner(entry.runtime_data)
            diagnostics["log"] = await _async_log(entry.runtime_data)
    personal = {
        text.casefold()
        for node in (diagnostics, *_miners_behind(hass))
        for text in _personal_values(node)
    }
    secrets = [
        _pattern(text)
        for text in sorted(personal, key=len, reverse=True)
        if len(text) >= _SHORTEST_SECRET and text.strip("+-_ ") not in _NO_SECRETS
    ]
    redacted: dict[str, Any] = _without(
        async_redact_data(diagnostics, _PERSONAL), secrets
    )
    return redacted


async def _async_log(miner: MinerCoordinator) -> list[str] | None:
    """Return the last lines that the miner has logged, where the firmware keeps them.

    Lines with a password of anything are left out as a whole: what firmware logs of it
    is nowhere else, and so could not be found in it.
    """
    identity = miner.snapshot.identity
    # Firmware that can pause keeps a log: both came with AxeOS v2.14.
    if identity.family is not Family.AXEOS or not miner.snapshot.capabilities.pause:
        return None
    try:
        log = await miner.client.read_log()
    except MinerError:
        return None
    return [
        REDACTED
        if _SECRET_LINE.search(line)
        else _WALLET.sub(REDACTED, _COLOR.sub("", line))[:_LONGEST_LINE]
        for line in log.splitlines()[-_MOST_LINES:]
    ]


def _miners_behind(hass: HomeAssistant) -> Iterator[dict[str, Any]]:
    """Yield what may be personal of all miners: texts about one can name another."""
    for entry in miner_entries(hass):
        yield {"title": entry.title, "unique_id": entry.unique_id, **entry.data}
        if entry.state is ConfigEntryState.LOADED:
            with _CONTAINMENT.of(f"{entry.title} in diagnostics"):
                snapshot = asdict(entry.runtime_data.snapshot)
                yield snapshot


def _pattern(secret: str) -> re.Pattern[str]:
    """Return what finds a secret in other texts."""
    text = re.escape(secret)
    if len(secret) < _LONG_SECRET:
        text = rf"(?<![^\W_]){text}(?![^\W_])"
    return re.compile(text, re.IGNORECASE)


def _entry(entry: ConfigEntry) -> dict[str, Any]:
    return {
        "version": entry.version,
        "minor_version": entry.minor_version,
        "source": entry.source,
        "state": entry.state.value,
        "reason": entry.reason,
        "title": entry.title,
        "unique_id": entry.unique_id,
        "data": dict(entry.data),
        "options": dict(entry.options),
        "subentries": [
            {
                "subentry_type": subentry.subentry_type,
                "title": subentry.title,
                "unique_id": subentry.unique_id,
                "data": dict(subentry.data),
            }
            for subentry in entry.subentries.values()
        ],
    }


def _miner(miner: MinerCoordinator) -> dict[str, Any]:
    interval = miner.update_interval
    error = miner.last_exception
    snapshot = asdict(miner.snapshot)
    snapshot["capabilities"]["settings"] = sorted(snapshot["capabilities"]["settings"])
    return {
        "polling": {
            "interval": interval.total_seconds() if interval else None,
            "online": miner.last_update_success,
            "missed_polls": miner.missed_polls,
            "last_error": None if error is None else str(error.__cause__ or error),
        },
        "board": asdict(miner.client.board) if miner.client.board else None,
        "limits": asdict(miner.limits) if miner.limits else None,
        "intended": miner.intended.as_dict() if miner.intended else None,
        "detuned": miner.is_detuned,
        "figures": asdict(miner.data.figures),
        "snapshot": snapshot,
    }


def _swarm(runtime: SwarmRuntime, pools: PoolAccounts) -> dict[str, Any]:
    swarm = runtime.swarm
    return {
        "totals": asdict(swarm.totals),
        "price": swarm.price,
        "discord": {
            "bots": [
                {
                    "connected": bot.connected,
                    "connections": bot.connections,
                    "rejected": bot.rejected,
                    "channels": len(bot.channels),
                }
                for bot in runtime.discord.bots
            ],
            "channels": [
                {
                    "title": channel.name,
                    "available": channel.available,
                    "problem": None if channel.problem is None else channel.problem.key,
                }
                for channel in runtime.discord.channels
            ],
        },
        "pool_accounts": [
            {
                "kind": account.settings.kind.value,
                "interval": account.settings.interval,
                "available": account.last_update_success,
                "failures": account.failures,
                "problem": None if account.problem is None else account.problem.key,
                "workers": len(account.data.workers) if account.data else None,
            }
            for account in pools.accounts
        ],
        "alerts": {
            "rules": {
                kind.value: asdict(rule) for kind, rule in swarm.alerts.rules.items()
            },
            "active": [
                {"title": entry.title, **asdict(alert)}
                for entry in swarm.entries
                for alert in swarm.alerts.active.get(entry.entry_id, ())
            ],
        },
        "miners": [
            {
                "title": entry.title,
                "state": entry.state.value,
                "online": entry.state is ConfigEntryState.LOADED
                and entry.runtime_data.last_update_success,
            }
            for entry in swarm.entries
        ],
    }


def _personal_values(node: object, personal: str | None = None) -> Iterator[str]:
    """Yield every text below a personal key, whole and in its parts.

    Texts of the firmware and of errors repeat them: an address, a wallet without its
    worker, a MAC address without colons, the token at the end of a webhook's address.
    """
    if isinstance(node, Mapping):
        for key, value in node.items():
            found = personal or (key if key in _PERSONAL else None)
            yield from _personal_values(value, found)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _personal_values(value, personal)
    elif personal is not None and isinstance(node, str):
        yield node
        yield node.replace(":", "")
        if personal == "user":
            yield from node.split(".", 1)
        elif personal == "webhook_url":
            yield from node.split("/")[-2:]


def _without(node: Any, secrets: list[re.Pattern[str]]) -> Any:
    """Return a copy without personal texts and addresses inside other texts."""
    if isinstance(node, Mapping):
        return {
            key: value
            if key in _VOCABULARY and _is_text(value)
            else _without(value, secrets)
            for key, value in node.items()
        }
    if isinstance(node, list | tuple):
        return [_without(value, secrets) for value in node]
    if not isinstance(node, str) or node == REDACTED:
        return node
    # Whole addresses first: a secret may be the beginning of another address.
    node = _ADDRESS.sub(REDACTED, node)
    for secret in secrets:
        node = secret.sub(REDACTED, node)
    return node


def _is_text(value: object) -> bool:
    """Return whether it is a text, or some of them."""
    values = value if isinstance(value, list | tuple) else (value,)
    return all(isinstance(item, str) for item in values)
