"""One miner: now, on average, and as a chart."""

from collections.abc import Iterator, Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ...alerts.model import Alert
from ...analysis.advice import Goal
from ...analysis.report import describe_recommendation, wall_lines
from ...analysis.span import Span
from ...axeos import Snapshot
from ...coordinator import MinerCoordinator
from ...formatting import Texts
from ...guard.levels import async_levels
from ...miner.levels import Judged, Level
from ...miner.meter import Reading
from ...results.drawing import ChartKind, async_render_chart
from ...results.helpers import EVERYTHING, analysis_errors, async_prices, make_span
from ...results.queries import async_get_advice, async_get_summary
from ...texts import async_get_texts, describe_error
from ..markdown import escape
from ..miners import Member
from .alert_words import alert_condition, alert_state, joined, measured
from .colors import LOOKS, Condition, condition_of, heat_condition, marked
from .model import Attachment, Embed, EmbedField, Message
from .report import describe_span, summary_lines

_PICTURE: Final = "miner.png"


async def async_miner_message(
    hass: HomeAssistant, member: Member, alerts: tuple[Alert, ...], span: str
) -> Message:
    """Return everything worth knowing of a miner.

    What is known now is said also where there is no history, with the reason.

    Raises:
        HomeAssistantError: it is no span.

    """
    texts = async_get_texts(hass)
    snapshot = member.snapshot
    levels: Mapping[Judged, Level] = {}
    if member.miner is not None and snapshot is not None:
        levels = async_levels(hass, member.miner)
    condition = max(
        condition_of(None if snapshot is None else snapshot.state),
        heat_condition(levels),
    )
    if condition is Condition.GOOD and alerts:
        condition = Condition.NOTICE
    look = LOOKS[condition]
    state = texts(
        "discord_message.state_offline"
        if snapshot is None
        else f"discord_message.state_{snapshot.state.value}"
    )
    fields: list[EmbedField] = []
    picture = None
    if member.miner is not None:
        with analysis_errors():
            period = make_span(span)
        try:
            with analysis_errors():
                lines = await _async_history(hass, member.miner, period, texts)
                picture = await _async_chart(hass, member.miner, period, texts)
        except HomeAssistantError as err:
            lines = [escape(describe_error(hass, err))]
        name = describe_span(period, texts)
        fields = [EmbedField(f"{name[0].upper()}{name[1:]}", "\n".join(lines))]
    return Message(
        embeds=(
            Embed(
                title=f"{look.sign} {escape(member.name)} · {state}",
                description="\n".join(_now(member, alerts, levels, texts)),
                color=look.color,
                fields=tuple(fields),
                image=picture.name if picture else None,
                timestamp=dt_util.utcnow(),
            ),
        ),
        attachments=(picture,) if picture else (),
    )


async def _async_history(
    hass: HomeAssistant, miner: MinerCoordinator, period: Span, texts: Texts
) -> list[str]:
    prices = await async_prices(hass, period)
    summary = await async_get_summary(hass, [miner], period, prices, stability=False)
    (item,) = summary.miners
    ((_, advice),) = await async_get_advice(
        hass, [miner], make_span(EVERYTHING), prices.present
    )
    currency = hass.config.currency
    best = describe_recommendation(advice[Goal.EFFICIENCY], texts, currency)
    figures = (
        [texts("discord_message.no_figures_of_time")]
        if not item.observed_hours
        else [
            *summary_lines(item, texts, currency),
            *wall_lines(
                summary.wall, item.observed_hours, texts, currency, quote=escape
            ),
            texts(
                "discord_message.asic_mean_max",
                mean=texts.number(item.asic_temperature, 0, "°C"),
                highest=texts.number(item.asic_temperature_max, 0, "°C"),
            ),
        ]
    )
    return [*figures, texts("discord_message.most_efficient", setting=best)]


async def _async_chart(
    hass: HomeAssistant, miner: MinerCoordinator, period: Span, texts: Texts
) -> Attachment:
    return Attachment(
        name=_PICTURE,
        content=await async_render_chart(
            hass, ChartKind.MINER_DETAIL, [miner], period, theme="discord"
        ),
        description=texts(
            "discord_message.picture_miner", span=describe_span(period, texts)
        ),
    )


def _now(
    member: Member,
    alerts: tuple[Alert, ...],
    levels: Mapping[Judged, Level],
    texts: Texts,
) -> Iterator[str]:
    for alert in alerts:
        sign = LOOKS[max(Condition.NOTICE, alert_condition(alert.kind))].sign
        state = alert_state(alert.kind, texts)
        yield joined((f"{sign} {state}", measured(alert, texts)))
    if member.miner is None:
        yield texts("discord_message.not_reached")
    if (reading := member.reading) is not None:
        yield from _readings(reading, levels, texts)


def _readings(
    reading: Reading, levels: Mapping[Judged, Level], texts: Texts
) -> Iterator[str]:
    number = texts.number
    snapshot = reading.snapshot
    expected = snapshot.expected_ratio
    yield joined(
        (
            f"**{texts.hashrate(snapshot.hashing.hashrate)}**"
            + ("" if expected is None else f" ({_of_expected(expected, texts)})"),
            number(snapshot.efficiency, 1, "J/TH"),
            number(snapshot.electrical.power, 1, "W"),
        )
    )
    yield joined(_settings(snapshot, texts))
    cooling = snapshot.cooling
    yield joined(
        (
            marked(
                f"ASIC {number(cooling.hottest_asic_temperature, 0, '°C')}",
                levels.get(Judged.ASIC_TEMPERATURE),
            ),
            None
            if cooling.vr_temperature is None
            else marked(
                f"VR {number(cooling.vr_temperature, 0, '°C')}",
                levels.get(Judged.VR_TEMPERATURE),
            ),
            _fan(snapshot, texts),
            None
            if snapshot.electrical.input_voltage is None
            else number(snapshot.electrical.input_voltage, 2, "V"),
        )
    )
    pool = snapshot.pools.in_use
    yield joined(
        (
            None if pool is None else _pool(pool.host, snapshot, texts),
            texts(
                "discord_message.rejected",
                rate=number(reading.figures.reject_rate, 2, "%"),
            ),
            None
            if reading.figures.error_rate is None
            else texts(
                "discord_message.errors",
                rate=number(reading.figures.error_rate, 2, "%"),
            ),
        )
    )
    uptime = snapshot.system.uptime
    yield joined(
        (
            None
            if uptime is None
            else texts("discord_message.up", duration=texts.duration(uptime)),
            None
            if reading.figures.best_difficulty is None
            else texts(
                "discord_message.best_share",
                difficulty=texts.difficulty(reading.figures.best_difficulty),
            ),
        )
    )


def _of_expected(percent: float, texts: Texts) -> str:
    return texts("discord_message.of_expected", percent=texts.number(percent, 0))


def _pool(host: str | None, snapshot: Snapshot, texts: Texts) -> str:
    pool = escape(host or texts("discord_message.pool"))
    if not snapshot.pools.using_fallback:
        return pool
    return texts("discord_message.on_fallback", pool=pool)


def _settings(snapshot: Snapshot, texts: Texts) -> Iterator[str]:
    if snapshot.frequency is not None:
        yield f"{texts.general(snapshot.frequency)} MHz"
    if snapshot.core_voltage is not None:
        actual = snapshot.electrical.core_voltage_actual
        voltage = texts.general(snapshot.core_voltage)
        yield (
            f"{voltage} mV"
            if actual is None
            else texts(
                "discord_message.measured_voltage",
                voltage=voltage,
                actual=texts.number(actual, 0),
            )
        )


def _fan(snapshot: Snapshot, texts: Texts) -> str | None:
    fans = snapshot.cooling.fans
    if not fans or fans[0].speed is None:
        return None
    return texts(
        "discord_message.fan_auto"
        if snapshot.cooling.auto_fan
        else "discord_message.fan",
        speed=texts.number(fans[0].speed, 0),
    )
