"""Takes what people, automations and other programs ask for; refuses, never fails."""

from collections.abc import Iterable
from datetime import timedelta
import math
from typing import Any, Final, override

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    DurationSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import DOMAIN

# What stands for a number beyond all limits: it is refused with the limits named.
_BEYOND: Final = 2**53
_LONGEST_DURATION: Final = timedelta(days=30)
_LONGEST_ZONE: Final = 64


def number(value: Any) -> float:
    """Return a number; one that has no end or is none at all fits no limits.

    Raises:
        vol.Invalid: it is no number.

    """
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except (TypeError, ValueError) as err:
        raise vol.Invalid("expected a number") from err


def finite(value: Any) -> float:
    """Return a number that is one.

    Raises:
        vol.Invalid: it is no number, or has no end.

    """
    if not math.isfinite(found := number(value)):
        raise vol.Invalid("expected a finite number")
    return found


def whole(value: Any) -> int:
    """Return a whole number; what is beyond all limits fits none.

    Raises:
        vol.Invalid: it is no number.

    """
    found = number(value)
    if math.isnan(found):
        raise vol.Invalid("expected a number")
    return int(max(-_BEYOND, min(found, _BEYOND)))


def time_span(value: Any) -> timedelta:
    """Return how long something takes, in any of Home Assistant's ways to say so.

    Raises:
        vol.Invalid: it is no time, or one beyond all calendars.

    """
    try:
        span: timedelta = cv.time_period(value)
    except OverflowError as err:
        raise vol.Invalid("expected a shorter time") from err
    return span


def require_number(value: float) -> None:
    """Insist on a number: NaN is beyond no limit, so Home Assistant hands it over.

    Raises:
        ServiceValidationError: it is none.

    """
    if not math.isfinite(value):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_number",
            translation_placeholders={"value": str(value)},
        )


class FiniteNumberSelector(NumberSelector):
    """A field of a form for a number; Home Assistant's own takes NaN as well."""

    @override
    def __call__(self, data: Any) -> float:
        """Return the number.

        Raises:
            vol.Invalid: it is none, has no end, or is not within the limits.

        """
        return super().__call__(finite(data))


def number_field(
    low: float, high: float, step: float = 1, unit: str | None = None
) -> NumberSelector:
    """Return a field of a form for a number within bounds."""
    config = NumberSelectorConfig(
        min=low, max=high, step=step, mode=NumberSelectorMode.BOX
    )
    if unit is not None:
        config["unit_of_measurement"] = unit
    return FiniteNumberSelector(config)


def choice_field(translation_key: str, options: Iterable[str]) -> SelectSelector:
    """Return a field of a form for one of a few values that the translations name."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[str(option) for option in options],
            translation_key=translation_key,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


class ShortDurationSelector(DurationSelector):
    """A field of a form for a time that passes while somebody still cares."""

    @override
    def __call__(self, data: Any) -> dict[str, float]:
        """Return the time as it was entered.

        Raises:
            vol.Invalid: it is none, negative, or longer than a month.

        """
        if not timedelta(0) <= time_span(data) <= _LONGEST_DURATION:
            raise vol.Invalid("expected a time of 30 days at most")
        return super().__call__(data)


def time_zone(value: Any) -> str:
    """Return the name of a time zone; nothing longer is looked for as a file.

    Raises:
        vol.Invalid: there is none of this name.

    """
    name = cv.string(value)
    if len(name) > _LONGEST_ZONE or not name.isprintable():
        raise vol.Invalid("expected the name of a time zone")
    return cv.time_zone(name)


def is_text(value: str, longest: int) -> bool:
    """Return whether a text can be sent: not endless, without control characters."""
    return len(value) <= longest and value.isprintable()
