"""Lets a fault end where it began: with one miner, one listener, one connection."""

from collections.abc import Awaitable, Callable
import logging
from types import TracebackType

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)


class Containment:
    """Keeps what fails for one from failing for all who come after it in a loop."""

    def __init__(self) -> None:
        """Begin with nothing reported."""
        self._reported: set[str] = set()

    def of(self, what: str) -> _Contained:
        """Go on after a fault, which is written to the log once for each `what`."""
        return _Contained(self, what)

    def value_of[T, O](self, what: str, make: Callable[[], T], otherwise: O) -> T | O:
        """Return what is made, or something else after a fault."""
        with self.of(what):
            return make()
        return otherwise

    def log_fault(self, what: str, err: Exception) -> None:
        """Log that something is left out, the first time with the fault."""
        if what in self._reported:
            _LOGGER.debug("%s is left out again: %r", what, err)
        else:
            self._reported.add(what)
            _LOGGER.error("%s is left out", what, exc_info=err)


class _Contained:
    """Ends a fault where it left the context."""

    def __init__(self, containment: Containment, what: str) -> None:
        self._containment = containment
        self._what = what

    def __enter__(self) -> None:
        """Do nothing yet."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Return whether it was a fault, and not an end that somebody wants."""
        if not isinstance(err, Exception):
            return False
        self._containment.log_fault(self._what, err)
        return True


def internal_fault() -> HomeAssistantError:
    """Return the error that people see of a fault of ours."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key="internal_fault"
    )


def attempt[T](what: str, make: Callable[[], T]) -> T | HomeAssistantError:
    """Return what is made for one of several, or why it cannot be, in words.

    A fault of ours is written to the log.
    """
    try:
        return make()
    except HomeAssistantError as err:
        return err
    except Exception:
        _LOGGER.exception("%s failed", what)
        return internal_fault()


async def async_attempt(
    what: str, action: Awaitable[None]
) -> HomeAssistantError | None:
    """Do something for one of several, and return why it failed, in words.

    A fault of ours is written to the log.
    """
    try:
        await action
    except HomeAssistantError as err:
        return err
    except Exception:
        _LOGGER.exception("%s failed", what)
        return internal_fault()
    return None
