"""Who a message calls; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
import re
from typing import Any

from .limits import Path, Problem, check_count, check_keys, wrong_type

LISTED = 100
"""Ids that may be listed."""
EVERYONE = "everyone"

_CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]*`", re.DOTALL)
_MENTION = re.compile(r"@(everyone|here)|<@(&|!?)(\d{1,20})>")


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a text mentions, whether or not they are notified."""

    everyone: bool
    roles: frozenset[int]
    users: frozenset[int]

    def __bool__(self) -> bool:
        """Return whether it mentions anybody."""
        return self.everyone or bool(self.roles) or bool(self.users)


def called(content: str) -> Called:
    """Return whom a text mentions; in code nobody is."""
    everyone = False
    roles: set[int] = set()
    users: set[int] = set()
    for match in _MENTION.finditer(_CODE.sub(" ", content)):
        all_, mark, number = match.groups()
        if all_:
            everyone = True
        elif mark == "&":
            roles.add(int(number))
        else:
            users.add(int(number))
    return Called(everyone, frozenset(roles), frozenset(users))


def allowed(mentioned: Called, rules: dict[str, Any] | None) -> Called:
    """Return who of them may be notified, after `allowed_mentions` of the message."""
    if rules is None:
        return mentioned
    parse = rules.get("parse") or []
    return Called(
        mentioned.everyone and "everyone" in parse,
        mentioned.roles
        if "roles" in parse
        else mentioned.roles & _ids(rules.get("roles")),
        mentioned.users
        if "users" in parse
        else mentioned.users & _ids(rules.get("users")),
    )


def _ids(values: object) -> set[int]:
    if not isinstance(values, list):
        return set()
    return {int(value) for value in values if str(value).isdecimal()}


def check_mentions(content: object, rules: object) -> Iterator[Problem]:
    """Check `allowed_mentions`, and that it is there where it matters."""
    path: Path = ("allowed_mentions",)
    if rules is None:
        if isinstance(content, str) and called(content):
            yield Problem(
                path,
                "UNINTENDED_MENTION",
                "The message would notify people, and does not say whom it may.",
                refused=False,
            )
        return
    if not isinstance(rules, dict):
        yield wrong_type(path, "an object")
        return
    yield from check_keys(path, rules, {"parse", "roles", "users", "replied_user"})
    parse = rules.get("parse") or []
    if not set(parse) <= {"roles", "users", "everyone"}:
        yield Problem(
            (*path, "parse"),
            "BASE_TYPE_CHOICES",
            "Must be of ('roles', 'users', 'everyone').",
        )
    for key in ("roles", "users"):
        if (listed := rules.get(key)) is None:
            continue
        yield from check_count((*path, key), listed, LISTED)
        if listed and key in parse:
            yield Problem(
                path,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.',
            )
