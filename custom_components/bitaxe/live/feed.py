"""What changed of miners and swarm, gathered and sent no faster than wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.json import json_bytes, json_fragment
from homeassistant.util.json import JsonObjectType

from ..containment import Containment

# Registries, and miners that are set up, change several times in a moment.
_GATHER_SECONDS: Final = 0.05
_CAN_CONTROL: Final = "can_control"

type Send = Callable[[json_fragment], None]
"""Sends an event, which is JSON already, to one connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a user may see and control; miners by key, `None` stands for all."""

    readable: frozenset[str] | None = None
    controllable: frozenset[str] | None = None
    swarm_readable: bool = True
    swarm_controllable: bool = True

    def shows(self, key: str) -> bool:
        """Return whether the user may see a miner."""
        return self.readable is None or key in self.readable

    def whole_miner(self, key: str, miner: JsonObjectType) -> JsonObjectType:
        """Return a miner, and whether the user may control it."""
        controllable = self.controllable is None or key in self.controllable
        return {**miner, _CAN_CONTROL: controllable}

    def whole_swarm(self, swarm: JsonObjectType) -> JsonObjectType:
        """Return the swarm; all of it is unknown to those who may not see it."""
        if not self.swarm_readable:
            swarm = dict.fromkeys(swarm) | {"entities": {}}
        return {**swarm, _CAN_CONTROL: self.swarm_controllable}


@dataclass(slots=True)
class Changes:
    """What is different; later changes go over earlier ones."""

    miners: dict[str, JsonObjectType | None] = field(default_factory=dict)
    """Changed keys of each miner; `None` for one that is gone."""
    new: set[str] = field(default_factory=set)
    """Miners that are sent as a whole."""
    swarm: JsonObjectType = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.miners or self.swarm)

    def add(self, later: Changes, view: View) -> None:
        """Add what happened since, as far as the user may see it."""
        for key, changed in later.miners.items():
            if not view.shows(key):
                continue
            if changed is None:
                self.miners[key] = None
            elif key in later.new:
                self.miners[key] = view.whole_miner(key, changed)
            else:
                self.miners[key] = {**(self.miners.get(key) or {}), **changed}
        if view.swarm_readable:
            self.swarm.update(later.swarm)


class Feed:
    """All connections that may see the same, and want it at the same pace.

    What they are sent is gathered and written as JSON once for all of them.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        view: View,
        interval: float,
        bring_up_to_date: CALLBACK_TYPE,
    ) -> None:
        """Prepare; `bring_up_to_date` makes all feeds take what is new."""
        self.view = view
        self.interval = interval
        self.receivers: set[Send] = set()
        self._containment = Containment()
        self._hass = hass
        self._bring_up_to_date = bring_up_to_date
        self._pending = Changes()
        self._sent_at = 0.0
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def send_everything(
        self,
        send: Send,
        miners: Mapping[str, JsonObjectType],
        swarm: JsonObjectType,
    ) -> None:
        """Send one connection everything."""
        send(
            _event(
                "full",
                {
                    key: self.view.whole_miner(key, miner)
                    for key, miner in miners.items()
                    if self.view.shows(key)
                },
                self.view.whole_swarm(swarm),
            )
        )

    @callback
    def take(self, changes: Changes) -> None:
        """Keep changes until it is time to send them."""
        self._pending.add(changes, self.view)

    @callback
    def schedule(self) -> None:
        """Send soon: at once, or when the interval since the last time is over."""
        if self._cancel is None:
            passed = self._hass.loop.time() - self._sent_at
            self._cancel = async_call_later(
                self._hass,
                max(_GATHER_SECONDS, self.interval - passed),
                HassJob(self._send, cancel_on_shutdown=True),
            )

    @callback
    def stop(self) -> None:
        """Send nothing any more."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _send(self, now: datetime) -> None:
        self._cancel = None
        self._bring_up_to_date()
        if not self._pending:
            return
        self._sent_at = self._hass.loop.time()
        pending, self._pending = self._pending, Changes()
        event = _event("diff", pending.miners, pending.swarm)
        for send in list(self.receivers):
            with self._containment.of("A connection"):
                send(event)


def _event(
    kind: Literal["full", "diff"],
    miners: Mapping[str, JsonObjectType | None],
    swarm: JsonObjectType,
) -> json_fragment:
    """Return an event as JSON that is written only once, however many get it."""
    event: dict[str, object] = {"type": kind, "miners": miners, "swarm": swarm}
    try:
        return json_fragment(json_bytes(event))
    except TypeError, ValueError:
        shown = {key: _showable(miner) for key, miner in miners.items()}
        event |= {"miners": shown, "swarm": _showable(swarm)}
        return json_fragment(json_bytes(event))


def _showable(item: JsonObjectType | None) -> JsonObjectType | None:
    """Leave unknown what cannot be written as JSON."""
    if item is None:
        return None
    return {key: value if _is_json(value) else None for key, value in item.items()}


def _is_json(value: object) -> bool:
    try:
        json_bytes(value)
    except TypeError, ValueError:
        return False
    return True
