"""What a run found, as a picture."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant

from ..formatting import Texts
from ..results.charts.description import Chart
from ..results.charts.theme import ThemeName
from ..results.charts.tuning import TriedPoint, tuning_chart
from ..results.drawing import DEFAULT_SIZE, async_draw
from ..texts import async_get_texts
from .report import RunReport
from .trial import Outcome

_WALLS: Final = (Outcome.DARK, Outcome.LIMIT, Outcome.OVERHEATED)


async def async_render_report(
    hass: HomeAssistant,
    name: str,
    report: RunReport,
    *,
    theme: ThemeName = "dark",
    size: tuple[int, int] = DEFAULT_SIZE,
) -> bytes:
    """Return what a run of the miner of this name found, as a PNG."""
    texts = async_get_texts(hass)
    return await async_draw(
        hass, partial(_describe, name, report, texts), theme=theme, size=size
    )


def _describe(name: str, report: RunReport, texts: Texts) -> Chart:
    details = [texts(f"alert_message.goal_{report.targets.goal.value}")]
    if report.room_temperature is not None:
        temperature = texts.number(report.room_temperature, 1, "°C")
        details.append(texts("chart_text.room", temperature=temperature))
    return tuning_chart(
        texts("chart_text.tuning", miner=name),
        list(_points(report)),
        texts=texts,
        details=details,
    )


def _points(report: RunReport) -> Iterator[TriedPoint]:
    """Yield what has a place on the map: at a limit with the expected hashrate."""
    for trial in report.trials:
        wall = trial.outcome in _WALLS
        hashrate = trial.hashrate
        if hashrate is None and wall:
            hashrate = report.expected_per_mhz * trial.point.frequency
        if not hashrate or not trial.power:
            continue
        efficiency = 1000 * trial.power / hashrate
        relative = (
            trial.share_error / trial.share
            if trial.share and trial.share_error is not None
            else None
        )
        yield TriedPoint(
            label=f"{trial.point.frequency:g}/{trial.point.core_voltage:g}",
            hashrate=hashrate,
            efficiency=efficiency,
            seconds=trial.seconds,
            hashrate_error=None if relative is None else relative * hashrate,
            efficiency_error=None if relative is None else relative * efficiency,
            best=report.best is not None and trial == report.best,
            before=trial == report.before,
            wall=wall,
        )
