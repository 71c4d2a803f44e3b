"""The Discord of the demo: the same ids and secrets at each start."""

import base64
import hashlib

from .entities import Channel, Guild, Role, User, Webhook
from .fake import FakeDiscord

_FIRST_ID = 1_200_000_000_000_000_000


class DemoDiscord(FakeDiscord):
    """A guild with two channels, two people and a webhook.

    What Home Assistant has stored of it serves again after a restart; messages are
    forgotten.
    """

    def __init__(self, port: int = 0) -> None:
        """Furnish it."""
        super().__init__(port)
        snowflakes = self.world.snowflakes
        del self.world.applications[self.application.id]
        del self.world.users[self.application.id]
        snowflakes.fix(_FIRST_ID)
        self.application = self.world.application("Bitaxe bot")
        self.application.token = _secret("bot", str(self.application.id))
        self.application.message_content = True
        self.home: Guild = self.add_guild("Home")
        self.miners: Channel = self.add_channel(self.home, "miners")
        self.alerts: Channel = self.add_channel(self.home, "alerts")
        self.operators: Role = self.add_role(self.home, "operators", mentionable=True)
        self.alice: User = self.add_user(self.home, "alice", [self.operators])
        self.bob: User = self.add_user(self.home, "bob")
        self.webhook: Webhook = self.add_webhook(self.alerts)
        self.webhook.token = _secret("webhook", "").replace(".", "")
        snowflakes.fix(0)
        # A person cannot distinguish one limit of requests from another: the real one.
        self.limit_requests(5, 5.0)
        self.limit_sessions()

    def guide(self) -> str:
        """Say what to enter where."""
        return f"""\
Discord          {self.url} (a fake one: nothing leaves this machine)
Bot token        {self.token}
Channel          {self.miners.id} (#miners), {self.alerts.id} (#alerts)
Webhook          {self.webhook_url(self.webhook)}
Role             {self.operators.id} (@operators: alice has it, bob does not)"""


def _secret(what: str, owner: str) -> str:
    """Return a secret that looks real, and is the same each time."""
    digest = hashlib.sha512(f"fake discord {what}".encode()).digest()
    text = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if not owner:
        return text[:68]
    head = base64.urlsafe_b64encode(owner.encode()).decode().rstrip("=")
    return f"{head}.{text[:6]}.{text[6:44]}"
