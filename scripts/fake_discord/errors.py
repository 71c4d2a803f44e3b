"""Refusals, as Discord words them."""

from collections.abc import Iterable
from typing import Any

from .limits import Problem

UNKNOWN_APPLICATION = (404, 10002, "Unknown Application")
UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_USER = (404, 10013, "Unknown User")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
UNAUTHORIZED = (401, 0, "401: Unauthorized")
NOT_FOUND = (404, 0, "404: Not Found")
TOO_LARGE = (413, 40005, "Request entity too large")
ALREADY_ACKNOWLEDGED = (
    400,
    40060,
    "Interaction has already been acknowledged.",
)
MISSING_ACCESS = (403, 50001, "Missing Access")
NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
NOT_A_TEXT_CHANNEL = (400, 50008, "Cannot send messages in a non-text channel")
FORUM_NEEDS_THREAD = (
    400,
    220001,
    "Webhooks posted to forum channels must have a thread_name or thread_id",
)
MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")


class ApiError(Exception):
    """A request that is answered with an error."""

    def __init__(
        self,
        kind: tuple[int, int, str],
        problems: Iterable[Problem] = (),
    ) -> None:
        """Answer with a status, Discord's own code and its words."""
        status, code, message = kind
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"message": message, "code": code}
        if nested := _nested(problems):
            self.body["errors"] = nested


class InvalidForm(ApiError):
    """A request whose body breaks limits or shapes; the answer says where."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Name what is wrong with it."""
        super().__init__((400, 50035, "Invalid Form Body"), problems)


def _nested(problems: Iterable[Problem]) -> dict[str, Any]:
    """Return problems by the parts of their paths."""
    errors: dict[str, Any] = {}
    for problem in problems:
        node = errors
        for part in problem.path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).append(
            {"code": problem.code, "message": problem.text}
        )
    return errors
