"""Limits and shapes of buttons and menus; pure."""

from collections.abc import Iterator
from typing import Any

from .limits import Path, Problem, check_count, check_text, required, wrong_type

ROWS = 5
BUTTONS = 5
"""In a row."""
CUSTOM_ID = 100
LABEL = 80
OPTIONS = 25
OPTION_TEXT = 100
PLACEHOLDER = 150

ROW = 1
BUTTON = 2
STRING_SELECT = 3
SELECTS = {3, 5, 6, 7, 8}
LINK = 5


def check_components(components: object) -> Iterator[Problem]:
    """Check the rows of components of a message."""
    path: Path = ("components",)
    yield from check_count(path, components, ROWS)
    if not isinstance(components, list):
        return
    seen: set[str] = set()
    for index, row in enumerate(components):
        place = (*path, index)
        if not isinstance(row, dict) or row.get("type") != ROW:
            yield Problem(
                (*place, "type"), "UNION_TYPE_CHOICES", "Must be a row of components."
            )
            continue
        parts = row.get("components")
        place = (*place, "components")
        if not parts:
            yield required(place)
            continue
        yield from check_count(place, parts, BUTTONS)
        for number, part in enumerate(parts):
            yield from _check_part((*place, number), part, len(parts), seen)


def _check_part(
    path: Path, part: dict[str, Any], neighbours: int, seen: set[str]
) -> Iterator[Problem]:
    kind = part.get("type")
    if kind == BUTTON:
        yield from _check_button(path, part)
    elif kind in SELECTS:
        if neighbours > 1:
            yield Problem(
                path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A menu needs its own row."
            )
        yield from check_text(
            (*path, "custom_id"), part.get("custom_id"), CUSTOM_ID, needed=True
        )
        yield from check_text(
            (*path, "placeholder"), part.get("placeholder"), PLACEHOLDER
        )
        if kind == STRING_SELECT:
            yield from _check_options((*path, "options"), part.get("options"))
    else:
        yield wrong_type((*path, "type"), "a button or a menu")
    custom_id = part.get("custom_id")
    if custom_id is not None and custom_id in seen:
        yield Problem(
            (*path, "custom_id"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        )
    seen.add(custom_id or "")


def _check_button(path: Path, button: dict[str, Any]) -> Iterator[Problem]:
    style = button.get("style")
    if style not in range(1, 6):
        yield Problem((*path, "style"), "BASE_TYPE_CHOICES", "Must be one of 1 to 5.")
    yield from check_text((*path, "label"), button.get("label"), LABEL)
    if not button.get("label") and not button.get("emoji"):
        yield required((*path, "label"))
    if style == LINK:
        yield from check_text((*path, "url"), button.get("url"), 512, needed=True)
        if button.get("custom_id"):
            yield Problem(
                path, "BUTTON_COMPONENT_URL_AND_CUSTOM_ID", "A link has no custom id."
            )
    else:
        yield from check_text(
            (*path, "custom_id"), button.get("custom_id"), CUSTOM_ID, needed=True
        )


def _check_options(path: Path, options: object) -> Iterator[Problem]:
    yield from check_count(path, options, OPTIONS)
    if not isinstance(options, list):
        return
    if not options:
        yield required(path)
    for index, option in enumerate(options):
        for key in ("label", "value"):
            yield from check_text(
                (*path, index, key), option.get(key), OPTION_TEXT, needed=True
            )
