"""The fake Discord of the demo, as people use it."""

from collections.abc import Callable
import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from .home import Home

_PATIENCE = 120.0
"""s; a miner is asked every 10 s, and alerts are gathered for 10 s."""


class Discord:
    """Acts as alice, who may control miners, or as bob, who may not."""

    def __init__(self, home: Home) -> None:
        """Use the Discord of a home."""
        self._url = home.discord_url
        self.token = home.printed("Bot token")
        self.webhook = home.printed("Webhook")
        self.role = home.printed("Role")
        (guild,) = self.overview()["guilds"]
        self.channels = {
            channel["name"]: channel["id"] for channel in guild["channels"]
        }

    def overview(self) -> dict[str, Any]:
        """Return what there is, and what was done wrong."""
        answer: dict[str, Any] = self._ask("people")
        return answer

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """Return the messages of a channel, oldest first."""
        answer: list[dict[str, Any]] = self._ask(
            f"people/messages?channel={self.channels[channel]}"
        )
        return answer

    def say(self, text: str, user: str = "alice") -> list[dict[str, Any]]:
        """Write in #miners; return the answer to a slash command."""
        answer = self._ask(
            "people/say", channel=self.channels["miners"], user=user, text=text
        )
        assert "error" not in answer, (text, answer)
        found: list[dict[str, Any]] = answer.get("messages", [])
        return found

    def wait_until_it_reads(self) -> None:
        """Return once the bot hears messages, for which it has to connect anew."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            before = len(self.messages("miners"))
            self.say("!help")
            time.sleep(2)
            if any(message["bot"] for message in self.messages("miners")[before:]):
                return
        raise AssertionError("the bot never answered a message")

    def press(
        self, message: dict[str, Any], label: str, user: str = "alice"
    ) -> list[dict[str, Any]]:
        """Press a button; return what comes of it."""
        answer = self._ask(
            "people/press", message=message["id"], label=label, user=user
        )
        assert "error" not in answer, answer
        found: list[dict[str, Any]] = answer["messages"]
        return found

    def suggestions(self, text: str) -> list[str]:
        """Return what Discord's app offers while somebody types."""
        answer = self._ask(
            "people/suggest", channel=self.channels["miners"], user="alice", text=text
        )
        return [offer["label"] for offer in answer]

    def wait_for(
        self, channel: str, fits: Callable[[dict[str, Any]], bool], since: int = 0
    ) -> dict[str, Any]:
        """Return the first message that fits, once there is one.

        Args:
            channel: where it is expected.
            fits: what it is like.
            since: how many messages of the channel do not count.

        """
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            for message in self.messages(channel)[since:]:
                if fits(message):
                    return message
            time.sleep(0.5)
        texts = [message["text"] for message in self.messages(channel)[since:]]
        raise AssertionError(f"never came; instead: {texts}")

    def wait_until_alone(self) -> None:
        """Return once no bot is connected any more."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if self.overview()["connected"] == 0:
                return
            time.sleep(0.5)
        raise AssertionError("the bot never left")

    def page(self, channel: str) -> str:
        """Return where the messages of a channel are a page."""
        return f"{self._url}/people/page?channel={self.channels[channel]}"

    def _ask(self, path: str, **data: object) -> Any:
        body = json.dumps(data).encode() if data else None
        try:
            with urlopen(
                Request(f"{self._url}/{path}", data=body), timeout=60
            ) as found:
                return json.load(found)
        except HTTPError as err:
            return json.load(err)
