"""How long the steps of a time series are."""

from custom_components.bitaxe.analysis.time_series import Wanted

HOUR = 3600.0


def test_no_more_points_than_are_wanted() -> None:
    """A day fits into 24 points of an hour, and into 12 of two."""
    assert Wanted(points=24).step(24 * HOUR) == HOUR
    assert Wanted(points=23).step(24 * HOUR) == 2 * HOUR


def test_a_day_that_is_no_exact_difference_of_moments_is_a_day() -> None:
    """Its steps must not be twice as long for a fraction of a microsecond."""
    assert Wanted(points=24).step(24 * HOUR + 2.4e-7) == HOUR
