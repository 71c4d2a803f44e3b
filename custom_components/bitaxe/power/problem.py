"""When a problem that lasts is reported: not at once, not often, its end once. Pure."""

from dataclasses import dataclass
import math
from typing import Final

_LASTS: Final = 300.0
_SELDOM: Final = 3600.0


@dataclass(slots=True)
class LastingProblem:
    """One thing that may be wrong, of which is reported once in an hour at most.

    Its end is reported only where its beginning was.
    """

    _since: float | None = None
    _reported: bool = False
    _reported_at: float = -math.inf

    def update(self, now: float, *, wrong: bool, right: bool) -> bool | None:
        """Return `True` once it has lasted, `False` once it is over, and `None` else.

        `now` is in s of a monotonic clock. What is neither wrong nor right lasts on.
        """
        if not wrong:
            self._since = None
            if right and self._reported:
                self._reported = False
                return False
            return None
        if self._since is None:
            self._since = now
        if (
            self._reported
            or now - self._since < _LASTS
            or now - self._reported_at < _SELDOM
        ):
            return None
        self._reported, self._reported_at = True, now
        return True

    def forget(self) -> None:
        """Report no end of what was reported: nothing is wanted any more."""
        self._since, self._reported = None, False
