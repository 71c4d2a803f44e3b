"""The commands that ask once, and what each shows."""

from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
import time
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.text import Text

from . import levels
from .configurations import comparison_of_each, settings_of_each
from .connection import Connection
from .errors import CommandError, RefusedError
from .health import Health, bottlenecks_of, health_report
from .income import income_as_json, income_report
from .queries import Question, act_on, ask_about, fetch_now, find_miners
from .store import Store
from .summary import summary_table, wall_lines

AILING: Final = 3
"""Exit status of `health` where something is wrong."""
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel takes a file for one of its own old encodings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command found."""

    answer: Any
    """As JSON."""
    show: Callable[[int | None], RenderableType]
    """Returns it for people, in so many characters or as many as it needs."""
    plain: str | None = None
    """What a file or a pipe gets instead, character by character."""
    status: int = 0


type Command = Callable[[Connection, Store, Namespace], Awaitable[Outcome]]


async def _summary(connection: Connection, store: Store, options: Namespace) -> Outcome:
    question = _question(options)
    answer = await ask_about(connection, store, "summary", question)
    missing = list(_missing(answer, store, question))
    return Outcome(
        answer=answer,
        show=lambda width: Group(summary_table(answer, width, store.texts), *missing),
    )


async def _stats(connection: Connection, store: Store, options: Namespace) -> Outcome:
    return await _configurations(connection, store, options, settings_of_each)


async def _compare(connection: Connection, store: Store, options: Namespace) -> Outcome:
    return await _configurations(connection, store, options, comparison_of_each)


async def _configurations(
    connection: Connection,
    store: Store,
    options: Namespace,
    show: Callable[..., RenderableType],
) -> Outcome:
    question = _question(options)
    answer = await ask_about(connection, store, "configurations", question)
    answer["wall"] = await _wall(connection, store, question)
    notes = [*wall_lines(answer["wall"]), *_missing(answer, store, question)]
    return Outcome(
        answer=answer,
        show=lambda width: Group(show(answer, width, store.texts), *notes),
    )


async def _wall(
    connection: Connection, store: Store, question: Question
) -> list[dict[str, Any]]:
    """Return what power supplies with a plug took, which no setting says."""
    with suppress(RefusedError):
        summary = await ask_about(connection, store, "summary", question)
        # A Home Assistant before this version says nothing of it.
        return list(summary["total"].get("wall", ()))
    return []


async def _report(connection: Connection, store: Store, options: Namespace) -> Outcome:
    answer = await act_on(connection, store, "get_report", _question(options))
    report: str = answer["report"]
    return Outcome(answer=answer, show=lambda _: Markdown(report), plain=f"{report}\n")


async def _health(connection: Connection, store: Store, options: Namespace) -> Outcome:
    question = Question(miners=options.miners, span={"span": "24h"})
    bottlenecks: dict[str, list[dict[str, Any]]] = {}
    # Alerts are raised without a recorder, too.
    with suppress(RefusedError):
        answer = await ask_about(connection, store, "configurations", question)
        bottlenecks = bottlenecks_of(answer)
    keys = find_miners(store, options.miners) if options.miners else store.miners
    found = sorted(
        (Health(key, store.miners[key], bottlenecks.get(key, ())) for key in keys),
        key=lambda item: (item.well, str(item.miner["name"]).casefold()),
    )
    healthy = all(item.well for item in found)
    return Outcome(
        answer={"healthy": healthy, "miners": [item.as_json() for item in found]},
        show=lambda _: health_report(found, time.time(), store.texts),
        status=0 if healthy else AILING,
    )


async def _income(connection: Connection, store: Store, options: Namespace) -> Outcome:
    # By the clock of Home Assistant, which need not be that of this computer.
    seen = [miner["last_seen"] for miner in store.miners.values()]
    now = max((moment for moment in seen if moment is not None), default=time.time())
    costs = await _costs(connection)
    for period, begin in (("month", "%Y-%m-01"), ("year", "%Y-01-01")):
        if costs.get(period) is None:
            costs[period] = await _cost_since(
                connection, store, f"{datetime.fromtimestamp(now):{begin} 00:00:00}"
            )
    answer = income_as_json(
        store.swarm, store.miners.values(), costs["month"], costs["year"]
    )
    return Outcome(
        answer=answer, show=lambda width: income_report(answer, width, store.texts)
    )


async def _costs(connection: Connection) -> dict[str, float | None]:
    """Return what the running month and year cost, as the sensors of the swarm have it.

    Empty for who may not see the swarm, and of a Home Assistant before this version.
    """
    with suppress(RefusedError):
        return dict(await connection.ask("bitaxe/costs"))
    return {}


async def _cost_since(connection: Connection, store: Store, begin: str) -> float | None:
    """Return what the miners themselves cost since a moment."""
    with suppress(RefusedError):
        summary = await ask_about(
            connection, store, "summary", Question(span={"start": begin})
        )
        cost: float | None = summary["total"]["cost"]
        return cost
    return None


async def _export(connection: Connection, store: Store, options: Namespace) -> Outcome:
    chosen = ("content", "style", "separator", "decimal_mark")
    data = {
        name: value for name in chosen if (value := getattr(options, name)) is not None
    }
    answer = await act_on(connection, store, "export_csv", _question(options), **data)
    text: str = answer["csv"]
    path: Path | None = options.output
    if path is None:
        return Outcome(answer=answer, show=lambda _: Text(text), plain=text)
    mark = _BYTE_ORDER_MARK if options.style == "spreadsheet" else ""
    try:
        path.write_text(f"{mark}{text}", encoding="utf-8", newline="")
    except OSError as err:
        raise CommandError(
            "terminal.unwritable_file", path=str(path), reason=str(err.strerror)
        ) from err
    message = store.texts("terminal.exported", count=answer["rows"], path=str(path))
    return Outcome(answer=answer, show=lambda _: Text(message))


COMMANDS: Final[dict[str, Command]] = {
    "stats": _stats,
    "compare": _compare,
    "summary": _summary,
    "report": _report,
    "health": _health,
    "income": _income,
    "export": _export,
}


async def execute(connection: Connection, store: Store, options: Namespace) -> Outcome:
    """Carry out the command that was chosen.

    Raises:
        CommandError: that is not possible.

    """
    await fetch_now(connection, store)
    return await COMMANDS[options.command](connection, store, options)


def _question(options: Namespace) -> Question:
    given = {name: getattr(options, name) for name in ("span", "start", "end")}
    return Question(
        miners=options.miners,
        span={name: value for name, value in given.items() if value is not None},
    )


def _missing(
    answer: dict[str, Any], store: Store, question: Question
) -> Iterator[Text]:
    """Yield a line with the miners that Home Assistant says nothing of."""
    answered = {miner["device_id"] for miner in answer["miners"]}
    wanted = find_miners(store, question.miners) if question.miners else store.miners
    names = [str(store.miners[key]["name"]) for key in wanted if key not in answered]
    if names:
        text = store.texts("terminal.left_out", names=", ".join(sorted(names)))
        yield Text(text, levels.DIM)
