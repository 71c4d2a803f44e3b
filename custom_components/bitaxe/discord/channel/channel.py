"""A channel: what is posted to it, whatever it is written with."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from secrets import token_hex
from typing import Final, Protocol

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..errors import DiscordError, NoAnswerError
from ..messages.model import Message, paginate
from .issues import async_update_channel
from .settings import ChannelSettings

POST_SECONDS: Final = 120.0
"""Seconds a page may take, rate limits included, until it counts as not posted."""


class Parcel:
    """A message on its way to a channel.

    Pages leave it as they are posted, so that the next try goes on with the one
    that failed. Each has a nonce: one that was posted although no answer came is not
    posted again, where Discord knows nonces, which is not at webhooks.
    """

    def __init__(self, message: Message, nonce: str | None = None) -> None:
        """Take all pages of a message; with the nonce of an earlier parcel of it."""
        self.message = message
        nonce = nonce or token_hex(8)
        self.pages = deque(
            replace(page, nonce=f"{nonce}-{number}")
            for number, page in enumerate(paginate(message))
        )
        self.begun = False
        """Whether Discord has a part of it, or may have."""


class Writer(Protocol):
    """Something that can write to a channel."""

    @property
    def connected(self) -> bool:
        """Whether it can write now, as far as is known."""

    async def async_write(self, channel: DiscordChannel, page: Message) -> None:
        """Write one page.

        Raises:
            DiscordError: it was not written.

        """


class DiscordChannel:
    """One channel that people have set up."""

    def __init__(
        self, hass: HomeAssistant, subentry: ConfigSubentry, writer: Writer
    ) -> None:
        """Take the settings; nothing is connected here."""
        self.hass = hass
        self.subentry_id = subentry.subentry_id
        self.name = subentry.title
        self.settings = ChannelSettings.from_data(subentry.data)
        self._writer = writer
        self._problem: DiscordError | None = None
        self._checked = False
        self._retired = False
        self._listeners: set[CALLBACK_TYPE] = set()
        self._posting = asyncio.Lock()

    @property
    def available(self) -> bool:
        """Whether a message would get there."""
        return self._writer.connected and self._problem is None

    @property
    def problem(self) -> DiscordError | None:
        """What a person must mend."""
        return self._problem

    @property
    def checked(self) -> bool:
        """Whether it is known if there is a problem."""
        return self._checked

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when the channel becomes available, or ceases to be."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_changed(self) -> None:
        """Call the listeners."""
        for listener in list(self._listeners):
            listener()

    @callback
    def async_set_problem(self, problem: DiscordError | None) -> None:
        """Note what a person must mend, or that there is nothing."""
        changed = str(problem) != str(self._problem)
        # A predecessor with other settings may have raised an issue.
        if self._retired or (self._checked and not changed):
            return
        self._checked = True
        self._problem = problem
        async_update_channel(self.hass, self.subentry_id, problem)
        if changed:
            self.async_changed()

    @callback
    def async_retire(self) -> None:
        """Raise no issue any more: another one takes its place, or none does."""
        self._retired = True

    async def async_post(self, message: Message) -> None:
        """Post a message of any size.

        Raises:
            DiscordError: it was not posted, or not all of it.

        """
        await self.async_deliver(Parcel(message))

    async def async_deliver(self, parcel: Parcel) -> None:
        """Post what is left of a parcel; the pages of two messages do not mix.

        Raises:
            DiscordError: something is left of it, which may be tried again.

        """
        async with self._posting:
            while parcel.pages:
                try:
                    async with asyncio.timeout(POST_SECONDS):
                        await self._writer.async_write(self, parcel.pages[0])
                except TimeoutError as err:
                    parcel.begun = True
                    raise NoAnswerError(self.name, "timeout") from err
                except NoAnswerError, asyncio.CancelledError:
                    parcel.begun = True
                    raise
                parcel.pages.popleft()
                parcel.begun = True


type ChannelListener = Callable[[DiscordChannel], None]
