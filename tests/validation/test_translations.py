"""strings.json and translations/ as hassfest wants them, and as the code uses them."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any

from homeassistant.components.event import EventEntityDescription
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.entity import EntityDescription
import pytest
import voluptuous as vol

from .package import (
    PACKAGE,
    ROOT,
    called_name,
    calls,
    constants,
    languages,
    manifest,
    platforms,
    read_json,
    strings,
    words,
)

PLACEHOLDER = re.compile(r"{(\w+)}")
# What hassfest takes for an address.
ADDRESS = re.compile(r"(?i)\b(ftps?|scp|https?|mqtts?|socket|socks5)://|\bwww\.")
CARDS = ROOT / "frontend" / "src" / "translations"
# Of one thing, several words were in use in German. The first of each pair is the word.
GERMAN = {
    "Alarm": r"Warnung",
    "Board": r"Platine",
    "Betriebspunkt": r"Arbeitspunkt",
    "Difficulty": r"Schwierigkeit",
    "Ersatzpool": r"Ersatz-Pool",
    "Frequenz": r"\bTakte?s?\b",
    "Hardwarefehler": r"Hash-?[Ff]ehler",
    "Hauptpool": r"[Pp]rimär",
    "kostendeckend": r"[Bb]reak-[Ee]ven",
    "Lüftergeschwindigkeit": r"[Mm]indestdrehzahl|[Ff]este\w* Drehzahl|imale Lüfterdrehzahl",
    "Lüftersteuerung": r"Lüfterregelung|Lüfterautomatik",
    "Wächter": r"\bSchutz\b",
    "Tuning, Tuner": r"optimier|Abstimmung",
    "die Share": r"(?:[Kk]ein|[Nn]euer|[Bb]ester|[Ll]etzter) Share\b",
    "pausieren": r"von Hand angehalten|vom Wächter angehalten",
    "hashen, schürfen": r"\brechne(?:t|n)\b",
}
# So it was in the other languages: the word, and what is wrong or another word for it.
OTHERS = {
    "en": {"frequency": r"(?i)\bclock\b", "hardware errors": r"(?i)hash errors"},
    "fr": {
        "de plus en plus de": r"^Plus d(?:e shares|’erreurs)",
        "excédent": r"\b[Ss]urplus\b",
        "firmware": r"micrologiciel",
        "jeton d’accès longue durée": r"jeton d’accès de longue",
        "tension du cœur": r"tension de cœur",
    },
    "es": {
        "Configuración → Dispositivos y servicios": r"Ajustes → Dispositivos",
        "voltaje": r"[Tt]ensión",
    },
    "it": {"' as apostrophe": r"’", "tensione core": r"tensione del core"},
    "nl": {
        "' as apostrophe": r"’",
        "board": r"\bbord\b",
        "die, de": r"\bhaar\b",
        "frequentie": r"(?<!er)[Kk]loksnelheid|\b[Kk]lok\b",
        "storing": r"fout van de spanningsregelaar",
    },
    "pt-BR": {
        "alteração": r"\bmudança\b",
        "dashboard": r"\b[Pp]ainel\b",
        "frequência": r"\b[Cc]lock\b",
        "desabilitar": r"está desativad[ao]: |está desativad[ao]\. Ative-",
    },
    "pl": {
        "częstotliwość": r"\b[Tt]akt",
        "hasz": r"\b[Hh]ash(?:e|y)\b",
        "panel": r"[Dd]ashboard",
        "płytka": r"\b[Pp]łyt[ay]\b",
        "pomieszczenie": r"\b[Pp]ok(?:ój|oju)\b",
        "pool": r"\b[Pp]ul[aei]\b",
    },
}
WORDS = [
    (language, word, other)
    for language, words_of in {"de": GERMAN, **OTHERS}.items()
    for word, other in words_of.items()
]


def key(value: str) -> str:
    """Accept a translation key: lower case, no separator doubled or at an end."""
    if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", value):
        raise vol.Invalid(f"{value} is no translation key")
    return value


def text(value: Any) -> str:
    """Accept what hassfest accepts as a text."""
    string = cv.string_with_no_html(value)
    if string != string.strip() or not string:
        raise vol.Invalid("is empty, or begins or ends with space")
    if re.search(r"'{\w+}'", string):
        raise vol.Invalid("placeholder in single quotes: they would not be shown")
    if "[%" in string:
        raise vol.Invalid("references are not resolved for custom integrations")
    if ADDRESS.search(string):
        raise vol.Invalid("addresses belong into placeholders")
    if not all(name.isidentifier() for name in placeholders(string)):
        raise vol.Invalid("the name of a placeholder is no identifier")
    return string


def plain(value: Any) -> str:
    """Accept a text that Home Assistant shows as it is: nothing is put into states."""
    if placeholders(value):
        raise vol.Invalid("placeholders are not filled here")
    return text(value)


def placeholders(value: str) -> list[str]:
    """Return the names in braces; a lone brace is a `ValueError`."""
    return [name for _, name, _, _ in Formatter().parse(value) if name]


TEXTS = {key: text}
PLAIN_TEXTS = {key: plain}
SECTION = {
    vol.Optional("name"): text,
    vol.Optional("description"): text,
    vol.Optional("data"): TEXTS,
    vol.Optional("data_description"): TEXTS,
}
STEP = {
    vol.Optional("title"): text,
    vol.Optional("description"): text,
    vol.Optional("data"): TEXTS,
    vol.Optional("data_description"): TEXTS,
    vol.Optional("menu_options"): TEXTS,
    vol.Optional("menu_option_descriptions"): TEXTS,
    vol.Optional("sections"): {key: SECTION},
    vol.Optional("submit"): text,
}
FLOW = {
    vol.Required("step"): {key: STEP},
    vol.Optional("error"): TEXTS,
    vol.Optional("abort"): TEXTS,
    vol.Optional("progress"): TEXTS,
    vol.Optional("create_entry"): TEXTS,
}
ENTITY = {
    vol.Optional("name"): text,
    vol.Optional("state"): PLAIN_TEXTS,
    vol.Optional("state_attributes"): {
        key: {vol.Optional("name"): plain, vol.Optional("state"): PLAIN_TEXTS}
    },
    vol.Optional("unit_of_measurement"): plain,
}
NAMED = {vol.Required("name"): text, vol.Optional("description"): text}
FIELD = {**NAMED, vol.Optional("example"): text}
SERVICE = {
    vol.Required("name"): text,
    vol.Required("description"): text,
    vol.Optional("fields"): {key: FIELD},
    vol.Optional("sections"): {key: NAMED},
}
AUTOMATION = {
    vol.Required("name"): text,
    vol.Required("description"): text,
    vol.Optional("fields"): {key: FIELD},
}
ISSUE = vol.Any(
    {vol.Required("title"): text, vol.Required("description"): text},
    {vol.Required("title"): text, vol.Required("fix_flow"): FLOW},
)
SUBENTRY = {
    **FLOW,
    vol.Required("entry_type"): text,
    vol.Required("initiate_flow"): {
        vol.Required("user"): text,
        vol.Optional("reconfigure"): text,
    },
}
SCHEMA = vol.Schema(
    {
        vol.Optional("title"): text,
        vol.Required("config"): {**FLOW, vol.Optional("flow_title"): text},
        vol.Optional("options"): FLOW,
        vol.Optional("config_subentries"): {key: SUBENTRY},
        vol.Optional("conditions"): {key: AUTOMATION},
        vol.Optional("device"): {key: {vol.Required("name"): text}},
        vol.Optional("entity"): {vol.In(list(platforms())): {key: ENTITY}},
        vol.Optional("exceptions"): {key: {vol.Required("message"): text}},
        vol.Optional("issues"): {key: ISSUE},
        vol.Optional("selector"): {
            key: {
                vol.Optional("options"): TEXTS,
                vol.Optional("unit_of_measurement"): TEXTS,
                vol.Optional("fields"): {key: NAMED},
                vol.Optional("choices"): TEXTS,
            }
        },
        vol.Optional("services"): {key: SERVICE},
        vol.Optional("system_health"): {"info": TEXTS},
        vol.Optional("triggers"): {key: AUTOMATION},
    }
)


def flatten(node: Any, path: str = "") -> dict[str, str]:
    """Return every text under its dotted path."""
    if isinstance(node, dict):
        return {
            name: leaf
            for name_, child in node.items()
            for name, leaf in flatten(
                child, f"{path}.{name_}" if path else name_
            ).items()
        }
    return {path: node}


def flows() -> dict[str, dict[str, Any]]:
    """Return the texts of every flow by the name of the flow."""
    return {
        name: flow
        for name, flow in {
            "config": strings()["config"],
            "options": strings().get("options", {}),
            **strings().get("config_subentries", {}),
            **{
                name: issue["fix_flow"]
                for name, issue in strings().get("issues", {}).items()
                if "fix_flow" in issue
            },
        }.items()
        if flow
    }


def test_schema() -> None:
    """Hassfest refuses unknown keys, markup, addresses and stray spaces."""
    SCHEMA(strings())


def test_english_is_the_source() -> None:
    """Custom integrations load translations/ only; strings.json is the source."""
    assert read_json(PACKAGE / "translations" / "en.json") == strings()


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_language_is_complete(path: Path) -> None:
    """Every text is translated, none is left over, and the schema holds."""
    translated = read_json(path)
    SCHEMA(translated)
    assert flatten(translated).keys() == flatten(strings()).keys()


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_language_has_the_same_placeholders(path: Path) -> None:
    """A missing placeholder loses a fact, an invented one loses the whole text."""
    translated = flatten(read_json(path))
    different = {
        name
        for name, english in flatten(strings()).items()
        if set(PLACEHOLDER.findall(english))
        != set(PLACEHOLDER.findall(translated.get(name, "")))
    }
    assert not different


@pytest.mark.parametrize(
    "path",
    [PACKAGE / "translations" / "en.json", *languages()],
    ids=lambda path: path.stem,
)
def test_the_cards_name_what_is_in_the_menu(path: Path) -> None:
    """A step of the dashboard says where to click, in the words that are there."""
    steps = read_json(
        ROOT / "frontend" / "src" / "translations" / path.stem / "steps.json"
    )
    menu = read_json(path)["options"]["step"]["swarm"]["menu_options"]
    for step, option in (("price", "price"), ("phone", "notifications")):
        assert re.search(rf"→ {menu[option]}[.,]", steps[step]["text"])


def everything(language: str) -> dict[str, str]:
    """Return every text of a language, of the integration and of the cards."""
    texts = flatten(read_json(PACKAGE / "translations" / f"{language}.json"))
    for path in sorted((CARDS / language).glob("*.json")):
        texts |= flatten(read_json(path), f"cards.{path.stem}")
    return texts


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_the_same_words_are_translated_alike(path: Path) -> None:
    """A name on a card is found again in forms, Discord and the terminal.

    A single word may be a verb in one place and a noun in another.
    """
    translated = everything(path.stem)
    alike: dict[str, set[str]] = {}
    for name, english in everything("en").items():
        if " " in (phrase := english.strip(" .")):
            words_of = translated[name].strip(" .").casefold()
            alike.setdefault(phrase, set()).add(words_of)
    assert not {phrase: found for phrase, found in alike.items() if len(found) > 1}


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_cards_and_reports_judge_stability_in_the_same_words(path: Path) -> None:
    """Those are single words, which other places may need in another form."""
    texts = everything(path.stem)
    for name in ("excellent", "stable", "acceptable", "variable", "unstable"):
        on_cards = texts[f"cards.common.stability.{name}"]
        in_reports = texts[f"selector.report.options.label_{name}"]
        assert on_cards.casefold() == in_reports.casefold()


# Figures that a card shows in another way, or with less room, than the sensor does.
SHOWN_OTHERWISE = {
    ("de", "Uptime"): "how long it lasts, where the sensor says since when",
    ("pl", "Frequency"): "a column that is narrower than the word",
}


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_cards_name_a_figure_as_its_sensor(path: Path) -> None:
    """Where English has one name for both, every language has."""
    translated = everything(path.stem)
    sensors: dict[str, set[str]] = {}
    for name, english in everything("en").items():
        if re.fullmatch(r"entity\.sensor\.\w+\.name", name):
            sensors.setdefault(english, set()).add(translated[name].casefold())
    assert not {
        name: translated[name]
        for name, english in everything("en").items()
        if name.startswith("cards.")
        and english in sensors
        and (path.stem, english) not in SHOWN_OTHERWISE
        and translated[name].casefold() not in sensors[english]
    }


@pytest.mark.parametrize(
    "path",
    [PACKAGE / "translations" / "en.json", *languages()],
    ids=lambda path: path.stem,
)
def test_forms_name_profiles_as_their_select_does(path: Path) -> None:
    """The lowest and the highest profile of a form are not shown by their key."""
    texts = read_json(path)
    names = texts["entity"]["select"]["profile"]["state"]
    bounds = texts["selector"]["power_bound"]["options"]
    built_in = {name: text for name, text in names.items() if name != "no_profile"}
    assert bounds == {"none": bounds["none"]} | built_in


@pytest.mark.parametrize(
    ("language", "other"),
    [pytest.param(lang, other, id=f"{lang}-{word}") for lang, word, other in WORDS],
)
def test_a_language_has_one_word_for_one_thing(language: str, other: str) -> None:
    """Of several good words, one is used everywhere."""
    pattern = re.compile(other)
    assert not {
        name: text
        for name, text in everything(language).items()
        if pattern.search(text)
    }


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_a_counter_is_not_named_like_what_goes_on(path: Path) -> None:
    """English says restarts for the number of them and for a miner that restarts."""
    entities = read_json(path)["entity"]
    reasons = entities["number"]["power_target"]["state_attributes"]["reason"]["state"]
    counter = entities["sensor"]["restarts"]["name"]
    assert counter != reasons["restarting"]
    assert (
        counter.casefold()
        != read_json(path)["selector"]["alert_message"]["options"][
            "reason_restarting"
        ].casefold()
    )


def test_there_are_translations() -> None:
    """English and German at least."""
    stems = {path.stem for path in languages()}
    assert "de" in stems


def test_the_title_is_in_the_manifest() -> None:
    """A title is only needed where it differs from the name there."""
    assert strings().get("title") != manifest()["name"]


@pytest.mark.parametrize("name", sorted(flows()))
def test_explained_fields_are_fields(name: str) -> None:
    """A description of a field that the step does not have is never shown."""
    for step_id, step in flows()[name].get("step", {}).items():
        for part in (step, *step.get("sections", {}).values()):
            extra = set(part.get("data_description", {})) - set(part.get("data", {}))
            assert not extra, step_id
        extra = set(step.get("menu_option_descriptions", {})) - set(
            step.get("menu_options", {})
        )
        assert not extra, step_id


@pytest.mark.parametrize("name", sorted(flows()))
def test_fields_are_explained(name: str) -> None:
    """The quality scale asks for a description of every field of a form."""
    for step_id, step in flows()[name].get("step", {}).items():
        for part in (step, *step.get("sections", {}).values()):
            missing = set(part.get("data", {})) - set(part.get("data_description", {}))
            assert not missing, step_id


def uses(function: str, argument: str) -> Iterator[tuple[str, str]]:
    """Yield where, and with which constant, a function gets an argument."""
    for path, call in calls():
        value = constants(call).get(argument)
        if called_name(call) == function and value is not None:
            yield path.name, value


@pytest.mark.parametrize(
    ("function", "argument", "part"),
    [
        ("async_show_form", "step_id", "step"),
        ("async_show_menu", "step_id", "step"),
        ("async_abort", "reason", "abort"),
        ("AbortFlow", "reason", "abort"),
        ("async_show_progress", "progress_action", "progress"),
    ],
)
def test_flows_have_texts(function: str, argument: str, part: str) -> None:
    """What a flow shows has a text in the flow it belongs to, or in another of ours."""
    known = {name for flow in flows().values() for name in flow.get(part, {})}
    assert {value for _, value in uses(function, argument)} <= known


def test_exceptions_have_messages() -> None:
    """A translated error whose key is missing shows up as a bare key."""
    known = strings().get("exceptions", {})
    missing = {
        (path.name, arguments["translation_key"])
        for path, call in calls()
        if {"translation_key", "translation_domain"}
        <= {keyword.arg for keyword in call.keywords}
        and called_name(call) != "async_create_issue"
        and "translation_key" in (arguments := constants(call))
        and arguments["translation_key"] not in known
    }
    assert not missing


def test_nobody_reads_what_is_not_translated() -> None:
    """Errors that Home Assistant shows take their words from the translations."""
    shown = {
        *("HomeAssistantError", "ServiceValidationError", "UpdateFailed"),
        *("ConfigEntryAuthFailed", "ConfigEntryError", "ConfigEntryNotReady"),
        *("PlatformNotReady", "IntegrationError"),
    }
    assert not [
        f"{path.name}:{call.lineno}"
        for path, call in calls()
        if called_name(call) in shown
        and "translation_key" not in {keyword.arg for keyword in call.keywords}
    ]


def test_issues_have_texts() -> None:
    """So does a repair issue."""
    used = {value for _, value in uses("async_create_issue", "translation_key")}
    assert used <= set(strings().get("issues", {}))


def descriptions() -> list[Any]:
    """Return every entity description that the platforms define at module level."""

    def find(value: Any) -> Iterator[EntityDescription]:
        if isinstance(value, EntityDescription):
            yield value
        elif isinstance(value, dict):
            yield from (found for item in value.values() for found in find(item))
        elif isinstance(value, (list, tuple, set, frozenset)):
            yield from (found for item in value for found in find(item))

    return [
        pytest.param(platform, description, id=f"{platform}-{description.key}")
        for platform, module in platforms().items()
        for description in {
            id(found): found for value in vars(module).values() for found in find(value)
        }.values()
    ]


@pytest.mark.parametrize(("platform", "description"), descriptions())
def test_entity_has_texts(platform: str, description: EntityDescription) -> None:
    """An entity has a name, its own or that of its device class, and named states."""
    name = description.translation_key or description.key
    texts = strings().get("entity", {}).get(platform, {}).get(name)
    if description.translation_key is not None or description.device_class is None:
        assert texts is not None, f"entity.{platform}.{name}"
    if isinstance(description, SensorEntityDescription) and description.options:
        assert texts is not None
        assert set(description.options) == set(texts["state"])
    if isinstance(description, EventEntityDescription) and description.event_types:
        assert texts is not None
        states = texts["state_attributes"]["event_type"]["state"]
        assert set(description.event_types) == set(states)


def unused() -> Iterator[str]:
    """Yield the texts whose key no code mentions."""
    known = words()
    for part in ("exceptions", "issues", "selector", "device"):
        for name in strings().get(part, {}):
            if name not in known and not any(
                text.startswith(f"{name}.") for text in known
            ):
                yield f"{part}.{name}"
    for platform, entities in strings().get("entity", {}).items():
        for name in entities:
            if name not in known:
                yield f"entity.{platform}.{name}"
    for name, flow in flows().items():
        for step_id in flow.get("step", {}):
            if not {step_id, f"async_step_{step_id}"} & known:
                yield f"{name}.step.{step_id}"
        for part in ("error", "progress"):
            for reason in flow.get(part, {}):
                if reason not in known:
                    yield f"{name}.{part}.{reason}"


def test_texts_are_used() -> None:
    """Translators should not work on texts that nobody ever sees."""
    assert not list(unused())


def test_files_are_formatted_alike() -> None:
    """Two spaces, real letters and a final newline keep differences readable."""
    for path in [PACKAGE / "strings.json", *(PACKAGE / "translations").glob("*.json")]:
        content = path.read_text(encoding="utf-8")
        parsed = json.loads(content)
        assert content == json.dumps(parsed, indent=2, ensure_ascii=False) + "\n", path
