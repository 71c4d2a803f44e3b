"""A Discord on this machine, for the tests and for a demo without an account.

REST interface and gateway as Discord documents them, with its limits: what breaks them
is refused as Discord does, and written down in `violations`.
"""

from .household import Household
from .interactions import Interaction
from .people import NotOfferedError
from .permissions import REPORTING, Permission
from .rest import BASE
from .server import FakeDiscord
from .world import Application, Channel, Guild, Message, Role, User, Webhook

__all__ = [
    "BASE",
    "REPORTING",
    "Application",
    "Channel",
    "FakeDiscord",
    "Guild",
    "Household",
    "Interaction",
    "Message",
    "NotOfferedError",
    "Permission",
    "Role",
    "User",
    "Webhook",
]
