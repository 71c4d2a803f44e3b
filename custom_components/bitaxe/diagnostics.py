"""What helps to find a fault, without what tells whose miner it is."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
import re
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import CONF_KIND, KIND_SWARM
from .coordinator import MinerCoordinator
from .swarm import Swarm

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
# Shorter ones would black out half of the text and hide nothing.
_SHORTEST_SECRET: Final = 4
_ADDRESS: Final = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}"  # IPv4
    r"|(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}"  # MAC, and IPv6 in full
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
            diagnostics |= _swarm(entry.runtime_data)
        else:
            diagnostics |= _miner(entry.runtime_data)
    personal = set(_personal_values(diagnostics))
    redacted: dict[str, Any] = _without(
        async_redact_data(diagnostics, _PERSONAL),
        sorted(personal, key=len, reverse=True),
    )
    return redacted


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


def _swarm(swarm: Swarm) -> dict[str, Any]:
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
                for bot in swarm.discord.bots
            ],
            "channels": [
                {
                    "title": channel.name,
                    "available": channel.available,
                    "problem": None if channel.problem is None else channel.problem.key,
                }
                for channel in swarm.discord.channels
            ],
        },
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


def _personal_values(node: object, *, personal: bool = False) -> Iterator[str]:
    """Yield every text below a personal key, whole and in its parts.

    Texts of the firmware and of errors repeat them: an address, a wallet without its
    worker, a MAC address without colons.
    """
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _personal_values(value, personal=personal or key in _PERSONAL)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _personal_values(value, personal=personal)
    elif personal and isinstance(node, str):
        for part in (node, node.replace(":", ""), *node.split(".", 1)):
            if len(part) >= _SHORTEST_SECRET:
                yield part


def _without(node: Any, secrets: list[str]) -> Any:
    """Return a copy without personal texts and addresses inside other texts."""
    if isinstance(node, Mapping):
        return {key: _without(value, secrets) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_without(value, secrets) for value in node]
    if not isinstance(node, str) or node == REDACTED:
        return node
    # Whole addresses first: a secret may be the beginning of another address.
    node = _ADDRESS.sub(REDACTED, node)
    for secret in secrets:
        node = re.sub(re.escape(secret), REDACTED, node, flags=re.IGNORECASE)
    return node
