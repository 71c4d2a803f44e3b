"""Actions that answer: which setting is best, what did the miners do, and as a file."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.loader import async_get_integration
from homeassistant.util import dt as dt_util, slugify
import voluptuous as vol

from ..analysis.export import PLAIN, CsvStyle
from ..analysis.span import Span
from ..const import DOMAIN
from ..permissions import async_require_administrator, async_require_read
from ..targets import Targets, async_chosen_targets, miners_schema
from ..targets.inputs import whole
from ..texts import async_load_texts
from .charts import LARGEST, SMALLEST
from .charts.theme import THEMES
from .drawing import DEFAULT_SIZE, ChartKind, async_render_chart
from .files import SUFFIX_CSV, SUFFIX_PNG, write_file, write_media
from .helpers import DEFAULT_SPAN, EVERYTHING, analysis_errors, async_prices, make_span
from .queries import async_export_configurations, async_export_samples, async_get_report
from .responses import async_answer_configurations, async_answer_summary

SERVICE_GET_CONFIGURATIONS: Final = "get_configurations"
SERVICE_GET_SUMMARY: Final = "get_summary"
SERVICE_GET_REPORT: Final = "get_report"
SERVICE_EXPORT_CSV: Final = "export_csv"
SERVICE_RENDER_CHART: Final = "render_chart"

ATTR_SPAN: Final = "span"
ATTR_START: Final = "start"
ATTR_END: Final = "end"
ATTR_CONTENT: Final = "content"
CONTENT_SAMPLES: Final = "samples"
CONTENT_CONFIGURATIONS: Final = "configurations"
ATTR_STYLE: Final = "style"
STYLE_PLAIN: Final = "plain"
STYLE_SPREADSHEET: Final = "spreadsheet"
ATTR_SEPARATOR: Final = "separator"
ATTR_DECIMAL_MARK: Final = "decimal_mark"
ATTR_PATH: Final = "path"
ATTR_CHART: Final = "chart"
ATTR_THEME: Final = "theme"
ATTR_WIDTH: Final = "width"
ATTR_HEIGHT: Final = "height"

_WIDTH: Final = vol.All(whole, vol.Range(min=SMALLEST[0], max=LARGEST[0]))
_HEIGHT: Final = vol.All(whole, vol.Range(min=SMALLEST[1], max=LARGEST[1]))


def _schema(
    default_span: str, fields: Mapping[vol.Marker, Any] | None = None
) -> vol.All:
    return miners_schema(
        {
            vol.Optional(ATTR_SPAN, default=default_span): cv.string,
            vol.Optional(ATTR_START): cv.datetime,
            vol.Optional(ATTR_END): cv.datetime,
        }
        | dict(fields or {})
    )


_SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
_DECIMAL_MARKS: Final = {"point": ".", "comma": ","}
# Languages that write a decimal point, among those without translations of ours; most
# others write a comma. A spreadsheet uses the language of its computer, which may be
# any.
_DECIMAL_POINT: Final = frozenset(
    {"en", "he", "hi", "ja", "ko", "ms", "ta", "te", "th", "ur", "zh"}
)
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel takes a file for one of its own old encodings."""
_EXPORT_CSV_SCHEMA: Final = _schema(
    "7d",
    {
        vol.Optional(ATTR_CONTENT, default=CONTENT_SAMPLES): vol.In(
            [CONTENT_SAMPLES, CONTENT_CONFIGURATIONS]
        ),
        vol.Optional(ATTR_STYLE, default=STYLE_PLAIN): vol.In(
            [STYLE_PLAIN, STYLE_SPREADSHEET]
        ),
        vol.Optional(ATTR_SEPARATOR): vol.In(list(_SEPARATORS)),
        vol.Optional(ATTR_DECIMAL_MARK): vol.In(list(_DECIMAL_MARKS)),
        vol.Optional(ATTR_PATH): cv.string,
    },
)
_RENDER_CHART_SCHEMA: Final = _schema(
    DEFAULT_SPAN,
    {
        vol.Required(ATTR_CHART): vol.Coerce(ChartKind),
        vol.Optional(ATTR_THEME, default="dark"): vol.In(list(THEMES)),
        vol.Optional(ATTR_WIDTH, default=DEFAULT_SIZE[0]): _WIDTH,
        vol.Optional(ATTR_HEIGHT, default=DEFAULT_SIZE[1]): _HEIGHT,
        vol.Optional(ATTR_PATH): cv.string,
    },
)


@callback
def async_setup_analysis_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there is a miner yet."""
    for name, action, schema in (
        (SERVICE_GET_CONFIGURATIONS, _async_get_configurations, _schema(EVERYTHING)),
        (SERVICE_GET_SUMMARY, _async_get_summary, _schema(DEFAULT_SPAN)),
        (SERVICE_GET_REPORT, _async_get_report, _schema(DEFAULT_SPAN)),
    ):
        hass.services.async_register(
            DOMAIN, name, action, schema, supports_response=SupportsResponse.ONLY
        )
    hass.services.async_register(
        DOMAIN,
        SERVICE_EXPORT_CSV,
        _async_export_csv,
        _EXPORT_CSV_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_RENDER_CHART,
        _async_render_chart,
        _RENDER_CHART_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_get_configurations(call: ServiceCall) -> ServiceResponse:
    """Answer how each miner did at each of its operating points."""
    targets = await _async_targets(call)
    with analysis_errors():
        return await async_answer_configurations(call.hass, targets.miners, _span(call))


async def _async_get_summary(call: ServiceCall) -> ServiceResponse:
    """Answer what the miners did, one by one and altogether."""
    targets = await _async_targets(call)
    with analysis_errors():
        return await async_answer_summary(call.hass, targets.miners, _span(call))


async def _async_get_report(call: ServiceCall) -> ServiceResponse:
    """Answer with a text for people."""
    hass = call.hass
    targets = await _async_targets(call)
    with analysis_errors():
        span = _span(call)
        report = await async_get_report(
            hass,
            targets.miners,
            span,
            await async_prices(hass, span),
            swarm=targets.swarm,
        )
    return {"report": report}


async def _async_export_csv(call: ServiceCall) -> ServiceResponse:
    """Write a CSV file, or answer with its content."""
    hass = call.hass
    path = call.data.get(ATTR_PATH)
    if path is None and not call.return_response:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nowhere_to_export"
        )
    if path is not None:
        await async_require_administrator(hass, call.context)
    miners = (await _async_targets(call)).miners
    style = await _async_csv_style(call)
    with analysis_errors():
        span = _span(call)
        if call.data[ATTR_CONTENT] == CONTENT_CONFIGURATIONS:
            text = await async_export_configurations(hass, miners, span, style)
        else:
            prices = await async_prices(hass, span)
            text = await async_export_samples(hass, miners, span, prices, style)
    rows = max(text.count("\n") - 1, 0)
    if path is None:
        return {"rows": rows, "csv": text}
    if style.zone is not None:
        text = f"{_BYTE_ORDER_MARK}{text}"
    written = await hass.async_add_executor_job(
        write_file, hass, path, text, SUFFIX_CSV
    )
    return {"rows": rows, "path": written}


async def _async_csv_style(call: ServiceCall) -> CsvStyle:
    """Return how to write CSV, by default as Home Assistant's language does."""
    data, style = call.data, PLAIN
    if data[ATTR_STYLE] == STYLE_SPREADSHEET:
        zone = dt_util.get_default_time_zone()
        mark = await _async_decimal_mark(call.hass)
        style = CsvStyle(zone=zone) if mark == "." else CsvStyle(";", mark, zone)
    return replace(
        style,
        separator=_SEPARATORS.get(data.get(ATTR_SEPARATOR, ""), style.separator),
        decimal_mark=_DECIMAL_MARKS.get(
            data.get(ATTR_DECIMAL_MARK, ""), style.decimal_mark
        ),
    )


async def _async_decimal_mark(hass: HomeAssistant) -> str:
    """Return the decimal mark of the language of Home Assistant."""
    language = hass.config.language
    integration = await async_get_integration(hass, DOMAIN)
    texts = integration.file_path / "translations" / f"{language}.json"
    if await hass.async_add_executor_job(texts.exists):
        return (await async_load_texts(hass)).localized(".")
    return "." if language.partition("-")[0] in _DECIMAL_POINT else ","


async def _async_render_chart(call: ServiceCall) -> ServiceResponse:
    """Write a PNG to a path, or into the media folder."""
    hass = call.hass
    kind = cast(ChartKind, call.data[ATTR_CHART])
    if ATTR_PATH in call.data:
        await async_require_administrator(hass, call.context)
    targets = await _async_targets(call)
    if kind.of_one_miner and len(targets.miners) != 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="chart_of_one_miner",
            translation_placeholders={"chart": kind},
        )
    size = (call.data[ATTR_WIDTH], call.data[ATTR_HEIGHT])
    with analysis_errors():
        picture = await async_render_chart(
            hass,
            kind,
            targets.miners,
            _span(call),
            theme=call.data[ATTR_THEME],
            size=size,
        )
    response = {"width": size[0], "height": size[1]}
    if (path := call.data.get(ATTR_PATH)) is not None:
        written = await hass.async_add_executor_job(
            write_file, hass, path, picture, SUFFIX_PNG
        )
        return {**response, "path": written}
    written, content_id = await hass.async_add_executor_job(
        partial(write_media, hass, _file_name(kind, targets), picture)
    )
    return {**response, "path": written, "media_content_id": content_id}


async def _async_targets(call: ServiceCall) -> Targets:
    """Return the miners of a call, if the caller may see all of them."""
    targets = async_chosen_targets(call.hass, call.data)
    await async_require_read(call.hass, call.context, targets.miners)
    return targets


def _span(call: ServiceCall) -> Span:
    data = call.data
    return make_span(data[ATTR_SPAN], data.get(ATTR_START), data.get(ATTR_END))


def _file_name(kind: ChartKind, targets: Targets) -> str:
    """Return the same name for the same chart, so that files do not pile up."""
    if targets.swarm or len(targets.miners) != 1:
        return f"{kind}.png"
    return f"{kind}_{slugify(targets.miners[0].display_name)}.png"
