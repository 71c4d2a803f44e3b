"""One miner: now, on average, and as a chart."""

from collections.abc import Iterator
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ...analysis.advice import Goal
from ...analysis.report import (
    describe_recommendation,
    difficulty,
    duration,
    hashrate,
    number,
)
from ...analysis.service import async_get_advice, async_get_summary
from ...analysis.span import Span
from ...axeos import Snapshot
from ...charting import ChartKind, async_render_chart
from ...coordinator import MinerCoordinator
from ...insight import EVERYTHING, analysis_errors, async_prices, make_span
from ...metering import Reading
from ...watch.alerts import Alert
from ..message import Attachment, Embed, EmbedField, Message
from ..palette import LOOKS, Condition, condition_of
from ..reports import describe_span, summary_lines
from ..roster import Member
from ..text import escape
from ..wording import alert_state, joined, measured

_PICTURE: Final = "miner.png"


async def async_miner_message(
    hass: HomeAssistant, member: Member, alerts: tuple[Alert, ...], span: str
) -> Message:
    """Return everything worth knowing of a miner.

    What is known now is said also where there is no history, with the reason.

    Raises:
        HomeAssistantError: it is no span.

    """
    snapshot = member.snapshot
    condition = condition_of(None if snapshot is None else snapshot.state)
    if condition is Condition.GOOD and alerts:
        condition = Condition.NOTICE
    look = LOOKS[condition]
    state = "offline" if snapshot is None else snapshot.state.value
    fields: list[EmbedField] = []
    picture = None
    if member.miner is not None:
        with analysis_errors():
            period = make_span(span)
        try:
            with analysis_errors():
                lines = await _async_history(hass, member.miner, period)
                picture = await _async_chart(hass, member.miner, period)
        except HomeAssistantError as err:
            lines = [escape(str(err))]
        fields = [EmbedField(describe_span(period).capitalize(), "\n".join(lines))]
    return Message(
        embeds=(
            Embed(
                title=f"{look.sign} {escape(member.name)} · {state}",
                description="\n".join(_now(member, alerts)),
                color=look.color,
                fields=tuple(fields),
                image=picture.name if picture else None,
                timestamp=dt_util.utcnow(),
            ),
        ),
        attachments=(picture,) if picture else (),
    )


async def _async_history(
    hass: HomeAssistant, miner: MinerCoordinator, period: Span
) -> list[str]:
    prices = await async_prices(hass, period)
    (item,) = (
        await async_get_summary(hass, [miner], period, prices, stability=False)
    ).miners
    ((_, advice),) = await async_get_advice(
        hass, [miner], make_span(EVERYTHING), prices.present
    )
    currency = hass.config.currency
    best = describe_recommendation(advice[Goal.EFFICIENCY], currency)
    figures = (
        [
            "No figures of this time. They are made every five minutes of a miner that answers."
        ]
        if not item.observed_hours
        else [
            *summary_lines(item, currency),
            f"ASIC {number(item.asic_temperature, 0, '°C')} on average, "
            f"at most {number(item.asic_temperature_max, 0, '°C')}",
        ]
    )
    return [*figures, f"Most efficient: {best}"]


async def _async_chart(
    hass: HomeAssistant, miner: MinerCoordinator, period: Span
) -> Attachment:
    return Attachment(
        name=_PICTURE,
        content=await async_render_chart(
            hass, ChartKind.MINER_DETAIL, [miner], period, theme="discord"
        ),
        description=f"Course of the miner, {describe_span(period)}",
    )


def _now(member: Member, alerts: tuple[Alert, ...]) -> Iterator[str]:
    for alert in alerts:
        sign = LOOKS[Condition.NOTICE].sign
        yield joined((f"{sign} {alert_state(alert.kind)}", measured(alert)))
    if member.miner is None:
        yield "Not set up in Home Assistant: it was not reached since that started."
    if (reading := member.reading) is not None:
        yield from _readings(reading)


def _readings(reading: Reading) -> Iterator[str]:
    snapshot = reading.snapshot
    expected = snapshot.expected_ratio
    yield joined(
        (
            f"**{hashrate(snapshot.hashing.hashrate)}**"
            + (f" ({expected:.0f} % of expected)" if expected is not None else ""),
            number(snapshot.efficiency, 1, "J/TH"),
            number(snapshot.electrical.power, 1, "W"),
        )
    )
    yield joined(_settings(snapshot))
    cooling = snapshot.cooling
    yield joined(
        (
            f"ASIC {number(cooling.hottest_asic_temperature, 0, '°C')}",
            None
            if cooling.vr_temperature is None
            else f"VR {cooling.vr_temperature:.0f} °C",
            _fan(snapshot),
            None
            if snapshot.electrical.input_voltage is None
            else f"{snapshot.electrical.input_voltage:.2f} V",
        )
    )
    pool = snapshot.pools.in_use
    fallback = " (fallback)" if snapshot.pools.using_fallback else ""
    yield joined(
        (
            None if pool is None else f"{escape(pool.host or 'pool')}{fallback}",
            f"rejected {number(reading.figures.reject_rate, 2, '%')}",
            None
            if reading.figures.error_rate is None
            else f"errors {reading.figures.error_rate:.2f} %",
        )
    )
    uptime = snapshot.system.uptime
    yield joined(
        (
            None if uptime is None else f"up {duration(uptime)}",
            None
            if reading.figures.best_difficulty is None
            else f"best share {difficulty(reading.figures.best_difficulty)}",
        )
    )


def _settings(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.frequency is not None:
        yield f"{snapshot.frequency:g} MHz"
    if snapshot.core_voltage is not None:
        actual = snapshot.electrical.core_voltage_actual
        measured_at = f" (measured {actual:.0f})" if actual is not None else ""
        yield f"{snapshot.core_voltage:g} mV{measured_at}"


def _fan(snapshot: Snapshot) -> str | None:
    fans = snapshot.cooling.fans
    if not fans or fans[0].speed is None:
        return None
    return f"fan {fans[0].speed:.0f} %" + (" auto" if snapshot.cooling.auto_fan else "")
