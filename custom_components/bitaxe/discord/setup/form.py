"""The form of a channel's options, and the check of what was entered."""

from collections import Counter
from collections.abc import Mapping
import re
from typing import Any, Final

from cronsim import CronSimError
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...alerts.model import AlertKind
from ...analysis.errors import InvalidSpanError
from ...results.helpers import make_span
from ...targets.inputs import FiniteNumberSelector
from ..channel.schedule import next_time
from ..channel.settings import (
    CONF_CHARTS,
    CONF_CONTROL,
    CONF_COOLDOWN,
    CONF_CRON,
    CONF_ENABLED,
    CONF_EVERYONE,
    CONF_KINDS,
    CONF_MENTION,
    CONF_PREFIX,
    CONF_SPAN,
    DEFAULT_COOLDOWN,
    DEFAULT_REPORT,
    DEFAULT_SECOND_REPORT,
    SECTION_ALERTS,
    SECTION_COMMANDS,
    SECTION_REPORT,
    SECTION_SECOND_REPORT,
    ChannelKind,
    ReportPlan,
)

_SPANS: Final = ("1h", "12h", "24h", "3d", "7d", "30d")
_LONGEST_COOLDOWN: Final = 24 * 60 * 60
_MENTION: Final = re.compile(
    r"(?P<kind>role|user):(?P<id>\d{15,20})"  # chosen before
    r"|<@(?P<role>&)?!?(?P<pinged>\d{15,20})>"  # copied from a message
    r"|(?P<user>\d{15,20})",  # copied from a profile
    re.ASCII,
)


class InvalidOptionError(ValueError):
    """Something that was entered makes no sense."""

    def __init__(self, key: str, value: str) -> None:
        """Name the text for people, and what was entered."""
        super().__init__(f"{key}: {value}")
        self.key = key
        self.value = value


def options_schema(kind: ChannelKind, roles: Mapping[str, str]) -> vol.Schema:
    """Return the form.

    Args:
        kind: Webhooks take no commands.
        roles: Names of the roles of the server, by their ids.

    """
    sections: dict[vol.Marker, Any] = {
        vol.Required(SECTION_REPORT): _report(DEFAULT_REPORT),
        vol.Required(SECTION_SECOND_REPORT): _report(DEFAULT_SECOND_REPORT),
        vol.Required(SECTION_ALERTS): _section(
            {
                vol.Optional(CONF_KINDS, default=list(AlertKind)): SelectSelector(
                    SelectSelectorConfig(
                        options=list(AlertKind),
                        multiple=True,
                        mode=SelectSelectorMode.LIST,
                        translation_key="alert_kind",
                    )
                ),
                vol.Optional(CONF_MENTION, default=[]): _people(roles),
                vol.Required(
                    CONF_COOLDOWN, default=DEFAULT_COOLDOWN
                ): FiniteNumberSelector(
                    NumberSelectorConfig(
                        min=0,
                        max=_LONGEST_COOLDOWN,
                        step=1,
                        unit_of_measurement="s",
                        mode=NumberSelectorMode.BOX,
                    )
                ),
            }
        ),
    }
    if kind is ChannelKind.BOT:
        sections[vol.Required(SECTION_COMMANDS)] = _section(
            {
                vol.Required(CONF_ENABLED, default=True): BooleanSelector(),
                vol.Required(CONF_PREFIX, default=False): BooleanSelector(),
                vol.Optional(CONF_CONTROL, default=[]): _people(roles),
                vol.Required(CONF_EVERYONE, default=False): BooleanSelector(),
            }
        )
    return vol.Schema(sections)


def check_options(
    user_input: Mapping[str, Any], *, reads_messages: bool | None
) -> dict[str, Any]:
    """Return the options as they are stored.

    Args:
        user_input: What was entered.
        reads_messages: Whether the bot may read messages; `None` if it is not known,
            or there is no bot.

    Raises:
        InvalidOptionError: the first thing that makes no sense.

    """
    options = {name: dict(entered) for name, entered in user_input.items()}
    for name in (SECTION_REPORT, SECTION_SECOND_REPORT):
        _check_report(options[name])
    alerts = options[SECTION_ALERTS]
    alerts[CONF_MENTION] = [_mention(text) for text in alerts[CONF_MENTION]]
    alerts[CONF_COOLDOWN] = int(alerts[CONF_COOLDOWN])
    if (commands := options.get(SECTION_COMMANDS)) is not None:
        commands[CONF_CONTROL] = [_mention(text) for text in commands[CONF_CONTROL]]
        if commands[CONF_PREFIX] and reads_messages is False:
            raise InvalidOptionError("no_message_content", "")
    return options


def _check_report(report: dict[str, Any]) -> None:
    if not report[CONF_ENABLED]:
        return
    report[CONF_CRON] = " ".join(report[CONF_CRON].split())
    report[CONF_SPAN] = report[CONF_SPAN].strip()
    try:
        next_time(report[CONF_CRON], dt_util.now())
    except CronSimError as err:
        raise InvalidOptionError("invalid_cron", report[CONF_CRON]) from err
    try:
        make_span(report[CONF_SPAN])
    except InvalidSpanError as err:
        raise InvalidOptionError("invalid_span", report[CONF_SPAN]) from err


def _mention(text: str) -> str:
    """Return somebody as they are stored, however they were entered."""
    if (match := _MENTION.fullmatch(text.strip())) is None:
        raise InvalidOptionError("invalid_mention", text)
    if match["kind"]:
        return match[0]
    if match["pinged"]:
        return f"{'role' if match['role'] else 'user'}:{match['pinged']}"
    return f"user:{match['user']}"


def _report(plan: ReportPlan) -> section:
    return _section(
        {
            vol.Required(CONF_ENABLED, default=False): BooleanSelector(),
            vol.Required(CONF_CRON, default=plan.cron): TextSelector(),
            vol.Required(CONF_SPAN, default=plan.span): SelectSelector(
                SelectSelectorConfig(
                    options=list(_SPANS),
                    custom_value=True,
                    mode=SelectSelectorMode.DROPDOWN,
                    translation_key="report_span",
                )
            ),
            vol.Required(CONF_CHARTS, default=plan.charts): BooleanSelector(),
        }
    )


def _section(fields: dict[vol.Marker, Any]) -> section:
    return section(vol.Schema(fields), {"collapsed": True})


def _people(roles: Mapping[str, str]) -> SelectSelector:
    # Who may control is chosen here, and a server may have two roles of one name.
    counts = Counter(roles.values())
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(
                    value=f"role:{role_id}",
                    label=f"@{name}" if counts[name] == 1 else f"@{name} ({role_id})",
                )
                for role_id, name in roles.items()
            ],
            multiple=True,
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
