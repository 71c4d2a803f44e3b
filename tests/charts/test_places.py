"""Scales, thinning, and room for labels."""

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.bitaxe.results.charts.placing import Box, Room
from custom_components.bitaxe.results.charts.scale import Scale, bounds
from custom_components.bitaxe.results.charts.thinning import runs, thin_dots, thin_line

positions = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 500)), min_size=1, max_size=80
)


def test_a_scale_maps_values_to_pixels() -> None:
    """From values to pixels, also upside down; what lies outside is on the edge."""
    scale = Scale(10, 20, 300, 100)
    assert [scale.pixel(value) for value in (10, 15, 20, 99)] == [300, 200, 100, 100]
    assert (scale.holds(20), scale.holds(20.1)) == (True, False)


def test_bounds_leave_room_but_not_below_zero() -> None:
    """Hashrates are never negative, so neither is their axis."""
    assert bounds([10, 20], margin=0.1) == (9, 21)
    assert bounds([0.5, 20], margin=0.1) == (0, pytest.approx(21.95))
    assert bounds([-10, 20], margin=0.1) == (-13, 23)
    assert bounds([]) is None


def test_bounds_end_where_they_must() -> None:
    """Unless that is below all values."""
    low, high = bounds([10, 12, 9000], margin=0.1, most=20) or (0, 0)
    assert (low, high) == (9, 21)
    assert bounds([30, 40], margin=0.1, most=20) == (29, 41)


@settings(deadline=None)
@given(st.lists(st.floats(-1e29, 1e29), min_size=1))
def test_bounds_are_never_empty(values: list[float]) -> None:
    """Even where all values are the same."""
    low, high = bounds(values) or (0, 0)
    assert low < high
    assert low <= min(values)
    assert max(values) <= high


@settings(deadline=None)
@given(positions)
@example([(1, y) for y in (3, 5, 9, 4, 0, 4, 6)])
@example([(1, y) for y in (3, 5, 0, 4, 9, 4, 6)])
def test_thinning_keeps_peaks(points: list[tuple[float, float]]) -> None:
    """No pixel column loses its ends and extremes, and nothing is invented."""
    points.sort(key=lambda point: point[0])
    kept = thin_line(points)
    assert set(kept) <= set(points)
    assert len(kept) <= 4 * 4
    assert kept[:1] == points[:1]
    assert kept[-1:] == points[-1:]
    for column in {round(x) for x, _ in points}:
        heights = [y for x, y in points if round(x) == column]
        kept_heights = [y for x, y in kept if round(x) == column]
        assert min(heights) == min(kept_heights)
        assert max(heights) == max(kept_heights)


def test_one_dot_per_pixel() -> None:
    """More would not show."""
    assert len(thin_dots([(1.0, 1.0), (1.2, 0.9), (2.0, 1.0)])) == 2


def test_runs_end_at_gaps() -> None:
    """A gap stays a gap."""
    a, b, c = (0.0, 0.0), (1.0, 1.0), (2.0, 2.0)
    assert list(runs([None, a, b, None, None, c])) == [[a, b], [c]]


def test_labels_find_room() -> None:
    """Next to their point, never over another, and not outside."""
    area = Box(0, 0, 200, 100)
    room = Room(area)
    boxes = [room.place((100, 50), 5, (60, 15)) for _ in range(40)]
    placed = [box for box in boxes if box is not None]
    assert len(placed) > 4
    assert boxes[0] == Box(109, 42.5, 169, 57.5)
    assert boxes[-1] is None
    for index, box in enumerate(placed):
        assert box.within(area)
        assert not any(box.meets(other) for other in placed[:index])
