"""A Discord on this machine, for the tests and for a demo without an account.

REST interface and gateway as Discord documents them, with its limits: what breaks them
is refused as Discord does, and written down in `violations`.
"""

from .demo import DemoDiscord
from .entities import Application, Channel, Guild, Message, Role, User, Webhook
from .fake import FakeDiscord
from .interactions import Interaction
from .permissions import REPORTING, Permission
from .rest import BASE
from .user_actions import NotOfferedError

__all__ = [
    "BASE",
    "REPORTING",
    "Application",
    "Channel",
    "DemoDiscord",
    "FakeDiscord",
    "Guild",
    "Interaction",
    "Message",
    "NotOfferedError",
    "Permission",
    "Role",
    "User",
    "Webhook",
]
