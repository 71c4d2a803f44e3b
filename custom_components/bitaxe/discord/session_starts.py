"""Limits how often a bot begins a session with Discord's gateway.

Discord takes one new session in 5 seconds, and resets the token of a bot that begins
1000 within a day: https://docs.discord.com/developers/events/gateway#rate-limiting
"""

from collections import deque
from random import uniform
from time import monotonic
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

LEAST_SECONDS: Final = 5.0
"""Seconds from the beginning of one session to that of the next."""
LONGEST_SECONDS: Final = 300.0
"""Seconds at most: 288 sessions a day, if each of them breaks off at once."""
_WINDOW_SECONDS: Final = 3600.0
"""Seconds for which a session counts, however long it lasted."""


class SessionStarts:
    """When the sessions of one bot have begun, whatever connection they were of."""

    def __init__(self) -> None:
        """Begin with none."""
        self._begun: deque[float] = deque()

    @callback
    def async_note(self) -> None:
        """Note that a session begins now."""
        self._begun.append(monotonic())

    @property
    def wait_seconds(self) -> float:
        """Seconds until the next session may begin.

        Twice as long for each session of the last hour, and a little more than needed,
        so that many bots that lost Discord together do not come back together.
        """
        now = monotonic()
        while self._begun and self._begun[0] < now - _WINDOW_SECONDS:
            self._begun.popleft()
        if not self._begun:
            return 0.0
        doublings = min(len(self._begun) - 1, 10)
        pause: float = min(LEAST_SECONDS * 2**doublings, LONGEST_SECONDS)
        return max(0.0, self._begun[-1] + pause * uniform(1.0, 1.2) - now)


_STARTS: Final[HassKey[dict[str, SessionStarts]]] = HassKey(
    f"{DOMAIN}_discord_session_starts"
)


@callback
def async_session_starts(hass: HomeAssistant, bot_id: str) -> SessionStarts:
    """Return those of a bot, which a reload of the swarm does not forget."""
    return hass.data.setdefault(_STARTS, {}).setdefault(bot_id, SessionStarts())
