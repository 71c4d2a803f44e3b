"""What people read comes from the translations, and nothing else does."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
import re

import pytest

from custom_components.bitaxe.axeos import OutOfRangeError, PoolSettings, Settings
from custom_components.bitaxe.axeos.dialects.dialect import Command
from custom_components.bitaxe.live.bulk_work import BulkAction

from .package import (
    CLI,
    PACKAGE,
    ROOT,
    called_name,
    calls,
    languages,
    read_json,
    sources,
    strings,
    tracked_files,
    tree,
)

# Two words, or a single one written like the beginning of a sentence.
WORDS = re.compile(r"[A-Za-z]{2,}[,.:;)]? \(?[A-Za-z]{2,}|^[A-Z][a-z]{2,}[.:!?]?$")

# One word beside what is put into a text, unless it is a unit.
FRAGMENT = re.compile(r"(?:^| )(?!rpm\b|sats\b)[A-Za-z]?[a-z]{3,}[,.:;!?]?(?: |$)")

# Words that must be guessed, in names, comments and docstrings, where the field has one
# of its own: report, show, notify, store, cache, history, time series, registry.
GUESSED = re.compile(
    r"(?i)(?<![a-z])(?:tell|tells|told|untold|whoever|ledger|bearings|look_?around|"
    r"looks around|remember(?:s|ed)?|courses?)(?![a-z])"
)
# Keys of stored files and options of before, which stay.
STORED_WORDS = re.compile(r"[\"'](?:told|told_at|tell)[\"']|\btell_cleared\b")
# Where people read the source: the words above are looked for in all of it, but here.
READ_BY_DEVELOPERS = [
    path
    for path in tracked_files()
    if path.suffix in (".py", ".ts", ".js")
    and path.relative_to(ROOT).parts[0]
    in ("custom_components", "frontend", "scripts", "tests")
    and not path.is_relative_to(PACKAGE / "frontend")
    and path != Path(__file__)
] + [PACKAGE / "frontend" / "__init__.py", PACKAGE / "frontend" / "dashboard.py"]

# Calls whose texts are for developers: the log, names of tasks, patterns, types.
FOR_DEVELOPERS = {
    *("debug", "info", "warning", "error", "exception", "log"),
    *("async_create_task", "async_create_background_task", "_spawn", "HassJob"),
    *("_start", "_try_later"),
    # SQL.
    "execute",
    *("compile", "cast"),
    # `Containment` names what failed, for the log.
    *("of", "value_of", "log_fault", "async_track_time_interval"),
}

# Errors that Home Assistant shows to people as they are; all others are put into words,
# or into the log, by us.
SHOWN = {
    *("HomeAssistantError", "ServiceValidationError", "UpdateFailed", "Invalid"),
    *("ConfigEntryAuthFailed", "ConfigEntryError", "ConfigEntryNotReady"),
    *("PlatformNotReady", "IntegrationError", "AbortFlow", "Unauthorized"),
}

# Texts that nobody translates.
ALLOWED = {
    # Names of companies and products.
    ("discord/gateway/probe.py", "Discord"),
    ("discord/hub.py", "Discord"),
    ("alerts/notifications.py", "Bitaxe"),
    ("firmware/catalogue.py", "Bitaxe"),
    ("frontend/dashboard.py", "Bitaxe"),
    ("logbook.py", "Bitaxe"),
    ("swarm/coordinator.py", "Bitaxe"),
    # What nextcord and the firmware say, and is looked for.
    ("discord/gateway/nextcord_adapter.py", "Session is closed"),
    ("miner/scan.py", "Unauthorized"),
    # Home Assistant's own words for a code that its pages know.
    ("websocket_api.py", "Unauthorized"),
    # Names of coordinators, for the log.
    ("results/coordinator.py", " results"),
    ("results/costs.py", " costs"),
    # What was lost of a file, for the log.
    ("storage/__init__.py", "no JSON object"),
    # Fonts.
    ("results/charts/matplotlib_renderer.py", "DejaVu Sans"),
    ("results/charts/matplotlib_renderer.py", "Noto Sans CJK SC"),
    ("results/charts/matplotlib_renderer.py", "Noto Sans CJK JP"),
    ("results/charts/matplotlib_renderer.py", "PingFang SC"),
    ("results/charts/matplotlib_renderer.py", "Microsoft YaHei"),
    # Home Assistant has no translations of what a schema refuses: Voluptuous' words are
    # English.
    ("targets/inputs.py", "expected a finite number"),
    ("targets/inputs.py", "expected a number"),
    ("targets/inputs.py", "expected a shorter time"),
    ("targets/inputs.py", "expected a time of 30 days at most"),
    ("targets/inputs.py", "expected the name of a time zone"),
}

# No texts in the command line: names of keys of the keyboard, and styles.
NO_TEXTS_OF_CLI = {
    (name, key)
    for name in ("keyboard.py", "live.py")
    for key in ("page up", "page down")
} | {
    *(("full.py", style) for style in ("bold not dim", "on grey23", " on grey23")),
    ("full.py", "bold "),
    # The name of the program, as in every error of a command.
    ("program.py", "bitaxe: "),
}
# The command line prints its errors, so it has no texts for developers but these: what
# `--help` says before there is a Home Assistant whose language could be spoken.
HELP = {"ArgumentParser", "add_parser", "add_argument", "ArgumentTypeError"}

# Descriptions of tools, which a language model reads; and the client of the device,
# which names boards and the keys of replies. What it says of errors is translated by
# `errors`.
FOR_PROGRAMS = ("llm.py", "axeos/")


def for_developers(module: ast.Module) -> Iterator[ast.AST]:
    """Yield what holds texts that no user reads."""
    for node in ast.walk(module):
        match node:
            # Docstrings, also those of attributes.
            case ast.Expr(value=ast.Constant(value=str())):
                yield node.value
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                yield node.value
            case ast.Raise(exc=ast.Call() as call) if called_name(call) not in SHOWN:
                yield node
            case ast.Assert():
                yield node
            case ast.AnnAssign(annotation=annotation):
                yield annotation
            case ast.ClassDef(name=name, bases=bases, body=body) if name.endswith(
                "Error"
            ) and not any(
                isinstance(base, ast.Name) and base.id in SHOWN for base in bases
            ):
                yield from body
            case ast.Call() if (name := called_name(node)) in FOR_DEVELOPERS or (
                name.endswith(("Error", "Exception")) and name not in SHOWN
            ):
                yield from (*node.args, *node.keywords)


def not_read_in_cli(module: ast.Module) -> Iterator[ast.AST]:
    """Yield what holds texts of the command line that nobody reads, but as help."""
    for node in ast.walk(module):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                yield node.value
            case ast.Call() if called_name(node) in HELP:
                yield from (*node.args, *node.keywords)


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string that people may read."""
    module = tree(path)
    unread = not_read_in_cli if path.is_relative_to(CLI) else for_developers
    skipped = {id(below) for node in unread(module) for below in ast.walk(node)}
    for node in ast.walk(module):
        if id(node) in skipped:
            continue
        match node:
            case ast.Constant(value=str(text)) if WORDS.search(text):
                yield node.lineno, text
            case ast.JoinedStr(values=parts):
                for part in parts:
                    match part:
                        case ast.Constant(value=str(text)) if is_fragment(text):
                            yield part.lineno, text


def is_fragment(text: str) -> bool:
    """Whether a part of a text with placeholders has a word, and is no path or key."""
    return " " in text and FRAGMENT.search(text) is not None


def test_no_text_for_people_is_in_the_code() -> None:
    """A new language is new JSON files, and nothing else."""
    found = [
        f"{name}:{line}: {text!r}"
        for path in sources()
        if not (name := path.relative_to(PACKAGE).as_posix()).startswith(FOR_PROGRAMS)
        for line, text in literals(path)
        if (name, text) not in ALLOWED
    ]
    assert not found, "\n".join(found)


def test_no_text_for_people_is_in_the_command_line() -> None:
    """It speaks Home Assistant's language too, also in its errors."""
    found = [
        f"{path.name}:{line}: {text!r}"
        for path in sources(CLI)
        for line, text in literals(path)
        if (path.name, text) not in NO_TEXTS_OF_CLI
    ]
    assert not found, "\n".join(found)


def words_of(line: str) -> str:
    """Return a line in which the words of a name in camel case are apart."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", line)


def test_words_are_those_of_the_field() -> None:
    """Names, comments and docstrings are plain to readers of another language."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in READ_BY_DEVELOPERS
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if GUESSED.search(STORED_WORDS.sub("", words_of(line)))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "def _tell(self) -> None:",
        "private told = 1;",
        "rememberedThings",
        "def a_course()",
    ],
)
def test_guessed_words_are_noticed(line: str) -> None:
    """What the test above is for is found by it, in the names of either language."""
    assert GUESSED.search(STORED_WORDS.sub("", words_of(line)))


@pytest.mark.parametrize(
    "code",
    [
        'title = "Nothing measured yet"',
        'title = "Confirm"',
        'text = f"{name} is offline"',
        'embed(description="Only chosen people may control miners.")',
        'text = f"{name} offline"',
        'text = f"offline: {name}"',
        'text = f"{first} and {second}"',
        'raise HomeAssistantError(f"{name} offline")',
        'vol.Invalid("no such miner")',
        'class PoolError(HomeAssistantError):\n    text = "no such pool"',
    ],
)
def test_texts_are_noticed(code: str, tmp_path: Path) -> None:
    """What the test above is for is found by it."""
    (file := tmp_path / "code.py").write_text(code)
    assert list(literals(file))


def groups() -> dict[str, dict[str, str]]:
    """Return the texts of selectors by the name of the group."""
    return {
        name: selector.get("options", {})
        for name, selector in strings()["selector"].items()
    }


def keys() -> Iterator[str]:
    """Yield a pattern of each key of a text that the code asks for."""
    asking = [*sources(), *sources(CLI)]
    inside = {
        id(part)
        for path in asking
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for path in asking:
        for node in ast.walk(tree(path)):
            pattern = None
            if isinstance(node, ast.JoinedStr):
                pattern = "".join(
                    re.escape(part.value)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    else r"\w+"
                    for part in node.values
                )
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in inside
            ):
                pattern = re.escape(node.value)
            if pattern is not None and re.match(
                rf"({'|'.join(groups())})\\\.", pattern
            ):
                yield pattern


def test_texts_that_are_asked_for_are_there() -> None:
    """Who asks for a text that is not there would show its key."""
    known = [f"{group}.{name}" for group, texts in groups().items() for name in texts]
    missing = {
        pattern
        for pattern in keys()
        if not any(re.fullmatch(pattern, key) for key in known)
    }
    assert not missing


def test_every_text_is_asked_for() -> None:
    """Translators should not work on texts that nobody ever sees."""
    patterns = set(keys())
    asked = {pattern.partition("\\.")[0] for pattern in patterns}
    unused = {
        f"{group}.{name}"
        for group, texts in groups().items()
        if group in asked
        for name in texts
        if not any(re.fullmatch(pattern, f"{group}.{name}") for pattern in patterns)
    }
    assert not unused


def test_what_a_miner_lacks_has_a_name() -> None:
    """Errors of the device name settings and commands, translated by their name."""
    raised = {
        call.args[0].value
        for _, call in calls()
        if called_name(call) in ("UnsupportedSettingError", "OutOfRangeError")
        and isinstance(call.args[0], ast.Constant)
    }
    assert "pool over TLS" in raised
    for pool in (
        PoolSettings(url="", port=1, user=""),
        PoolSettings(url="x", port=0, user=""),
    ):
        with pytest.raises(OutOfRangeError) as err:
            pool.check()
        raised.add(err.value.what)
    names = {
        *raised,
        *(field.name for field in fields(Settings)),
        *(command.value for command in Command),
        *(BulkAction.PAUSE, BulkAction.RESUME),
    }
    known = groups()["miner_setting"]
    assert not {name for name in names if name.lower().replace(" ", "_") not in known}


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_numbers_have_a_sample(path: Path) -> None:
    """The separators of a language are those of 1234.5."""
    sample = read_json(path)["selector"]["number_format"]["options"]["number"]
    assert re.fullmatch(r"1\D?234\D5", sample)
