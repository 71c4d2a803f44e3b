"""What a command asks Home Assistant for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .connection import Connection
from .errors import CommandError
from .store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the person at the terminal asks about."""

    miners: Sequence[str] = ()
    """Names as somebody typed them; none stands for all miners."""
    span: Mapping[str, str] = field(default_factory=dict)
    """Any of `span`, `start` and `end` as Home Assistant takes them."""


async def fetch_now(connection: Connection, store: Store) -> None:
    """Fill the store with what is now.

    Raises:
        CommandError: that is not possible.

    """
    store.texts = await connection.read_texts(store.texts)
    await connection.ask("bitaxe/subscribe")
    store.apply(await connection.events.get())


def find_miners(store: Store, names: Sequence[str]) -> list[str]:
    """Return the keys of miners by their name, a part of it, or their address.

    Raises:
        CommandError: a name is that of no miner, or a part of several names.

    """
    return list(dict.fromkeys(key for name in names for key in _find(store, name)))


def _find(store: Store, name: str) -> list[str]:
    wanted = name.casefold()
    names = {key: str(miner["name"]) for key, miner in store.miners.items()}
    exact = [
        key
        for key, known in names.items()
        if wanted in (known.casefold(), key, _address(store, key))
    ]
    if exact:
        return exact
    partly = [key for key, known in names.items() if wanted in known.casefold()]
    if len(partly) == 1:
        return partly
    known = sorted((names[key] for key in partly or names), key=str.casefold)
    raise CommandError(
        "terminal.ambiguous_miner" if partly else "terminal.unknown_miner",
        name=name,
        names=", ".join(known) or store.texts("terminal.no_miners"),
    )


def _address(store: Store, key: str) -> str:
    """Return where a miner is: `192.168.1.20`, or with a port that is not the usual."""
    url = str(store.miners[key]["url"] or "")
    return url.partition("://")[2].rstrip("/")


async def ask_about(
    connection: Connection, store: Store, command: str, question: Question
) -> dict[str, Any]:
    """Return the answer of a command of the analysis.

    Raises:
        CommandError: there is none.

    """
    about = dict[str, Any](question.span)
    if question.miners:
        about["device_id"] = find_miners(store, question.miners)
    answer: dict[str, Any] = await connection.ask(f"bitaxe/{command}", **about)
    return answer


async def act_on(
    connection: Connection,
    store: Store,
    action: str,
    question: Question,
    **data: Any,
) -> dict[str, Any]:
    """Return the answer of an action, which is about the swarm unless miners are named.

    Raises:
        CommandError: there is none.

    """
    if question.miners:
        devices = find_miners(store, question.miners)
    else:
        swarm = store.swarm.get("device_id")
        devices = list(store.miners) if swarm is None else [swarm]
    if not devices:
        raise CommandError("terminal.no_miners")
    return await connection.act(action, {"device_id": devices, **question.span, **data})
