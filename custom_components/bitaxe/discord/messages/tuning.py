"""What searches for the best setting found, as pictures."""

from collections.abc import Iterable
from typing import Final

from homeassistant.core import HomeAssistant

from ...alerts.model import Alert, AlertKind
from ...containment import Containment
from ...tuning.chart import async_render_report
from ...tuning.report import RunReport
from ...tuning.session import tuner_of
from .alerts import AlertToPost
from .model import Attachment

_CONTAINMENT: Final = Containment()
_MOST_PICTURES: Final = 4
"""Of one message."""
_SAME_SECONDS: Final = 120.0
"""Seconds between the end of a run and its alert, at most."""
# The original setting and another one: less is no map.
_FEWEST_TRIALS: Final = 2


async def async_draw_runs(
    hass: HomeAssistant, posted: Iterable[AlertToPost]
) -> dict[str, Attachment]:
    """Return a picture of each run that alerts say is over, by the id of the miner.

    One that cannot be drawn is left out: an alert is worth more than its picture.
    """
    pictures: dict[str, Attachment] = {}
    for item in posted:
        alert = item.alert
        report = _report_of(hass, alert.miner_id, alert.alert)
        if report is None or len(pictures) == _MOST_PICTURES:
            continue
        with _CONTAINMENT.of(f"The picture of a run of {alert.name}"):
            content = await async_render_report(
                hass, alert.name, report, theme="discord"
            )
            pictures[alert.miner_id] = Attachment(
                name=f"tuning-{len(pictures) + 1}.png", content=content
            )
    return pictures


def _report_of(hass: HomeAssistant, miner_id: str, alert: Alert) -> RunReport | None:
    tuner = tuner_of(hass, miner_id)
    if alert.kind is not AlertKind.TUNING or tuner is None:
        return None
    if alert.data.get("action") == "started":
        return None
    return next(
        (
            report
            for report in reversed(tuner.results)
            if abs(report.time - alert.since) <= _SAME_SECONDS
            and len(report.trials) >= _FEWEST_TRIALS
        ),
        None,
    )
