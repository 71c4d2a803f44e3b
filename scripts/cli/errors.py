"""What can keep the command line from showing anything."""

from collections.abc import Mapping
from typing import override

from .texts import ENGLISH, Texts


class CommandError(Exception):
    """Shown to the person at the terminal, without a traceback."""

    def __init__(self, key: str, **placeholders: str | int) -> None:
        """Take a text such as `terminal.away`, and what it is filled with."""
        super().__init__(ENGLISH(key, **placeholders))
        self._key = key
        self._placeholders = placeholders

    def described(self, texts: Texts) -> str:
        """Return what went wrong; the text of the error itself is always English."""
        return texts(self._key, **self._placeholders)


class NotReadyError(CommandError):
    """Passes by itself: Home Assistant restarts, or the network is away."""


class RefusedError(CommandError):
    """Home Assistant understood, and says no."""

    def __init__(
        self,
        reason: str,
        key: str | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        """Take Home Assistant's words, and the key of its own translation of them."""
        super().__init__("terminal.refused", reason=reason)
        self._reason = reason
        self._error = key
        self._values = placeholders or {}

    @override
    def described(self, texts: Texts) -> str:
        """Return the reason, in the language of Home Assistant where it has a text."""
        reason = texts.error(self._error, self._values) if self._error else None
        return texts("terminal.refused", reason=reason or self._reason)
