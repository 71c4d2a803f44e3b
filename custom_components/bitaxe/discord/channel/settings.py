"""What people have chosen for a channel. Pure.

The settings are stored as the set-up asks for them: what the channel is, then one
section for each of the reports, the alerts and the commands. Whatever is missing has
its default, so that a channel set up by an older version stays what it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Any, Final, Literal

from ...alerts.model import AlertKind
from ..messages.model import Mention

CONF_KIND: Final = "kind"
CONF_WEBHOOK_URL: Final = "webhook_url"
CONF_TOKEN: Final = "token"
CONF_BOT_NAME: Final = "bot_name"
CONF_GUILD_ID: Final = "guild_id"
CONF_CHANNEL_ID: Final = "channel_id"

SECTION_REPORT: Final = "report"
SECTION_SECOND_REPORT: Final = "second_report"
SECTION_ALERTS: Final = "alerts"
SECTION_COMMANDS: Final = "commands"
CONF_ENABLED: Final = "enabled"
CONF_CRON: Final = "cron"
CONF_SPAN: Final = "span"
CONF_CHARTS: Final = "charts"
CONF_KINDS: Final = "kinds"
CONF_MENTION: Final = "mention"
CONF_COOLDOWN: Final = "cooldown"
CONF_PREFIX: Final = "prefix"
CONF_CONTROL: Final = "control"
CONF_EVERYONE: Final = "everyone"

EVERYONE: Final = "everyone"
"""Among those who may control: anybody who can write in the channel."""

_WEBHOOK: Final = re.compile(
    r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/"
    r"(?P<id>\d{15,20})/(?P<token>[\w-]{20,120})/?",
    re.ASCII,
)


class ChannelKind(StrEnum):
    """How a channel is written to."""

    WEBHOOK = "webhook"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that may be posted to, by everybody who knows it."""

    id: int
    token: str

    @classmethod
    def parse(cls, url: str) -> Webhook:
        """Read what Discord lets people copy.

        Raises:
            ValueError: it is no address of a webhook.

        """
        if (match := _WEBHOOK.fullmatch(url.strip())) is None:
            raise ValueError("Not the address of a webhook")
        return cls(int(match["id"]), match["token"])

    @property
    def url(self) -> str:
        """The address, written one way."""
        return f"https://discord.com/api/webhooks/{self.id}/{self.token}"


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """When a report is posted, and what of."""

    cron: str
    """In the time zone of Home Assistant."""
    span: str
    """How far it looks back, such as `24h`."""
    charts: bool


DEFAULT_REPORT: Final = ReportPlan(cron="0 * * * *", span="24h", charts=True)
"""Hourly, once switched on."""
DEFAULT_SECOND_REPORT: Final = ReportPlan(cron="0 9 * * 1", span="7d", charts=True)
"""On Monday morning, once switched on."""
DEFAULT_COOLDOWN: Final = 300
"""Seconds in which the same alert of the same miner is posted once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """Everything about one channel."""

    kind: ChannelKind
    webhook: Webhook | None = None
    token: str | None = None
    """Of the bot."""
    guild_id: int | None = None
    channel_id: int | None = None
    report: ReportPlan | None = None
    second_report: ReportPlan | None = None
    alerts: frozenset[AlertKind] = frozenset()
    mention: tuple[Mention, ...] = ()
    """Who is pinged by alerts."""
    cooldown: float = DEFAULT_COOLDOWN
    """Seconds in which the same alert of the same miner is posted once."""
    commands: bool = False
    prefix: bool = False
    """Whether messages that begin with `!` are commands too."""
    control: tuple[str | Mention, ...] = ()
    """Who may control miners: `EVERYONE`, roles and users. Empty: nobody."""

    @property
    def webhook_url(self) -> str | None:
        """The address of the webhook."""
        return None if self.webhook is None else self.webhook.url

    @property
    def plans(self) -> dict[str, ReportPlan]:
        """The reports that are switched on, by the name of their section."""
        return {
            name: plan
            for name, plan in (
                (SECTION_REPORT, self.report),
                (SECTION_SECOND_REPORT, self.second_report),
            )
            if plan is not None
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ChannelSettings:
        """Read what the set-up has stored.

        Raises:
            ValueError: the address of the webhook is none.

        """
        kind = ChannelKind(data[CONF_KIND])
        alerts = data.get(SECTION_ALERTS, {})
        commands = data.get(SECTION_COMMANDS, {}) if kind is ChannelKind.BOT else {}
        enabled = bool(commands.get(CONF_ENABLED, False))
        return cls(
            kind=kind,
            webhook=Webhook.parse(data[CONF_WEBHOOK_URL])
            if kind is ChannelKind.WEBHOOK
            else None,
            token=data.get(CONF_TOKEN),
            guild_id=_id(data.get(CONF_GUILD_ID)),
            channel_id=_id(data.get(CONF_CHANNEL_ID)),
            report=_plan(data.get(SECTION_REPORT, {}), DEFAULT_REPORT),
            second_report=_plan(
                data.get(SECTION_SECOND_REPORT, {}), DEFAULT_SECOND_REPORT
            ),
            # A kind that a newer version has written is none of this one.
            alerts=frozenset(
                AlertKind(kind)
                for kind in alerts.get(CONF_KINDS, ())
                if kind in AlertKind
            ),
            mention=tuple(parse_mentions(alerts.get(CONF_MENTION, ()))),
            cooldown=float(alerts.get(CONF_COOLDOWN, DEFAULT_COOLDOWN)),
            commands=enabled,
            prefix=enabled and bool(commands.get(CONF_PREFIX, False)),
            control=_control(commands) if enabled else (),
        )


def parse_mentions(texts: Iterable[str]) -> list[Mention]:
    """Read mentions stored as `role:ID` and `user:ID`; leave out anything else."""
    kinds: Mapping[str, Literal["role", "user"]] = {"role": "role", "user": "user"}
    return [
        Mention(kinds[kind], int(number))
        for kind, _, number in (text.partition(":") for text in texts)
        if kind in kinds and number.isascii() and number.isdecimal()
    ]


def _control(commands: Mapping[str, Any]) -> tuple[str | Mention, ...]:
    everyone = (EVERYONE,) if commands.get(CONF_EVERYONE, False) else ()
    return (*everyone, *parse_mentions(commands.get(CONF_CONTROL, ())))


def _plan(section: Mapping[str, Any], default: ReportPlan) -> ReportPlan | None:
    if not section.get(CONF_ENABLED, False):
        return None
    return ReportPlan(
        cron=section.get(CONF_CRON, default.cron),
        span=section.get(CONF_SPAN, default.span),
        charts=bool(section.get(CONF_CHARTS, default.charts)),
    )


def _id(text: str | None) -> int | None:
    return None if text is None else int(text)
