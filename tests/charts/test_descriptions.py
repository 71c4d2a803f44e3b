"""What the charts of swarm, miner and efficiency show."""

from zoneinfo import ZoneInfo

import pytest

from custom_components.bitaxe.results.charts.description import (
    Chart,
    Line,
    Role,
    Samples,
    Style,
    TimeAxis,
)
from custom_components.bitaxe.results.charts.efficiency import (
    MeasuredPoint,
    efficiency_chart,
)
from custom_components.bitaxe.results.charts.miner import MinerHistory, miner_chart
from custom_components.bitaxe.results.charts.series import Change
from custom_components.bitaxe.results.charts.swarm import (
    MOST_LINES,
    MinerHashrate,
    SwarmHistory,
    miners_chart,
    swarm_chart,
)
from scripts.bench.texts import ENGLISH

TZ = ZoneInfo("Europe/Berlin")
END = 1_795_406_400.0
HOUR = 3600.0
DAY = 24 * HOUR


def constant(value: float | None, *, span: float = DAY, step: float = 300) -> Samples:
    """Return a value all through the span."""
    return [(END - span + index * step, value) for index in range(int(span / step))]


def line(chart: Chart, role: Role) -> Line:
    """Return the line of a role."""
    return next(
        line for panel in chart.panels for line in panel.lines if line.role is role
    )


def roles(chart: Chart) -> list[Role | int]:
    """Return what lines there are."""
    return [line.role for panel in chart.panels for line in panel.lines]


def swarm(hashrate: Samples, **options: object) -> Chart:
    """Return the chart of the swarm's last day."""
    return swarm_chart(
        SwarmHistory(  # type: ignore[arg-type]
            **{"hashrate": hashrate, "start": END - DAY, "end": END, "tz": TZ} | options
        ),
        texts=ENGLISH,
    )


class TestSwarm:
    """The swarm's hashrate."""

    def test_samples_averages_and_mean(self) -> None:
        """All in TH/s, and the averages reach back before the span."""
        chart = swarm(constant(8_000, span=2 * DAY))
        assert roles(chart) == [Role.SAMPLES, Role.SHORT_AVERAGE, Role.LONG_AVERAGE]
        panel = chart.panels[0]
        assert panel.unit == "TH/s"
        assert line(chart, Role.SAMPLES).style is Style.DOTS
        assert line(chart, Role.SAMPLES).label == "5 min"
        day = line(chart, Role.LONG_AVERAGE).samples
        assert [value for _, value in day] == pytest.approx([8.0] * 288)
        assert panel.references[0].value == pytest.approx(8.0)
        assert panel.references[0].label == "mean 8.00 TH/s"

    def test_only_the_span_is_shown(self) -> None:
        """What comes before is for the averages only."""
        chart = swarm([*constant(8_000, span=2 * DAY)[:288], *constant(4_000)])
        assert isinstance(chart.x_axis, TimeAxis)
        assert (chart.x_axis.start, chart.x_axis.end) == (END - DAY, END)
        for drawn in chart.panels[0].lines:
            assert all(END - DAY <= time <= END for time, _ in drawn.samples)
        assert "mean 4.00 TH/s" in chart.subtitle

    def test_summary_in_the_subtitle(self) -> None:
        """Mean, variation, miners, and from when to when."""
        samples = [
            (time, 900.0 if index % 2 else 1100.0)
            for index, (time, _) in enumerate(constant(0))
        ]
        assert swarm(samples, miners=1).subtitle == (
            "mean 1.00 TH/s · variation (CV) 10.0 % · 1 miner · "
            "22 Nov, 05:00 – 23 Nov 2026, 05:00"
        )
        (band,) = swarm(samples).panels[0].bands
        assert band.edges[0][1:] == pytest.approx((0.9, 1.1))

    def test_figures_of_the_analysis_take_precedence(self) -> None:
        """What it says is not worked out again."""
        chart = swarm(constant(1000), mean=990, variation=2.5)
        assert chart.subtitle.startswith("mean 0.99 TH/s · variation (CV) 2.50 %")

    def test_changes_are_marked(self) -> None:
        """With their labels."""
        chart = swarm(constant(1000), changes=[Change(time=END - HOUR, label="A")])
        assert [(mark.time, mark.label) for mark in chart.marks] == [(END - HOUR, "A")]

    def test_old_hours_have_no_quarter_hour_average(self) -> None:
        """Hourly means know nothing of 15 minutes, and say that they are hourly."""
        chart = swarm(constant(1000, span=30 * DAY, step=HOUR), start=END - 20 * DAY)
        assert roles(chart) == [Role.SAMPLES, Role.LONG_AVERAGE]
        assert line(chart, Role.SAMPLES).label == "1 h"

    def test_seam_between_hours_and_minutes(self) -> None:
        """The label names both."""
        samples = [
            *constant(1000, span=20 * DAY, step=HOUR)[: 10 * 24],
            *constant(1000, span=10 * DAY),
        ]
        chart = swarm(samples, start=END - 20 * DAY)
        assert line(chart, Role.SAMPLES).label == "5 min to 1 h"
        assert not any(value is None for _, value in line(chart, Role.SAMPLES).samples)

    @pytest.mark.parametrize("samples", [[], [(END - HOUR, None)]])
    def test_nothing_known(self, samples: Samples) -> None:
        """Claims nothing."""
        chart = swarm(samples)
        assert roles(chart) == []
        assert not chart.panels[0].references
        assert "mean" not in chart.subtitle


class TestMiners:
    """Several miners on one chart."""

    def miners(self, count: int) -> Chart:
        """Return the chart of so many."""
        return miners_chart(
            [
                MinerHashrate(name=f"M{index}", hashrate=constant(1000.0 + index))
                for index in range(count)
            ],
            start=END - DAY,
            end=END,
            tz=TZ,
            texts=ENGLISH,
        )

    def test_lines_up_to_ten(self) -> None:
        """Each with its own colour, name and mean."""
        chart = self.miners(MOST_LINES)
        (panel,) = chart.panels
        assert len({line.role for line in panel.lines}) == MOST_LINES
        assert panel.lines[3].label == "M3"
        assert panel.lines[3].value == "1.00 TH/s"
        assert panel.unit == "TH/s"

    def test_a_panel_each_beyond(self) -> None:
        """Nobody can distinguish eleven colours; the unit is said once."""
        chart = self.miners(MOST_LINES + 1)
        assert [panel.title for panel in chart.panels] == [f"M{i}" for i in range(11)]
        assert chart.columns > 1
        assert chart.panels[0].lines[0].value == "1.00"
        assert "mean in TH/s" in chart.subtitle

    def test_silent_miner(self) -> None:
        """It is named, and said to have no data."""
        chart = miners_chart(
            [MinerHashrate(name="", hashrate=())],
            start=END - DAY,
            end=END,
            tz=TZ,
            texts=ENGLISH,
        )
        assert chart.panels[0].lines[0].label == "Miner 1"
        assert chart.panels[0].lines[0].value == "no data"


class TestMiner:
    """One miner in detail."""

    def chart(self, **series: Samples) -> Chart:
        """Return the chart of these series."""
        return miner_chart(
            MinerHistory(name="Kitchen", start=END - DAY, end=END, tz=TZ, **series),  # type: ignore[arg-type]
            texts=ENGLISH,
        )

    def test_the_wall_beside_the_miner(self) -> None:
        """What a plug shows is a line of its own, and finds a place on the axis."""
        known = {"power": constant(17), "efficiency": constant(16.2)}
        power, efficiency = self.chart(
            **known, wall_power=constant(20), wall_efficiency=constant(19)
        ).panels
        for panel, value in ((power, 20), (efficiency, 19)):
            assert panel.lines[1].label == "at the wall"
            assert value in panel.values()
        assert efficiency.most is None or efficiency.most > 19
        for panel in self.chart(**known, wall_power=[(END, None)]).panels:
            assert len(panel.lines) == 1

    def test_panels_share_the_time(self) -> None:
        """Hashrate with expected, temperatures, power, efficiency."""
        chart = self.chart(
            hashrate=constant(1_050),
            expected_hashrate=constant(1_071),
            asic_temperature=constant(60),
            vr_temperature=constant(55),
            power=constant(17),
            efficiency=constant(16.2),
        )
        assert [(panel.title, panel.unit) for panel in chart.panels] == [
            ("Hashrate", "TH/s"),
            ("Temperature", "°C"),
            ("Power", "W"),
            ("Efficiency", "J/TH"),
        ]
        assert line(chart, Role.EXPECTED).style is Style.DASHED
        assert line(chart, Role.EXPECTED).samples[0][1] == pytest.approx(1.071)
        assert chart.subtitle.startswith("mean 1.05 TH/s · 17.0 W · ASIC 60.0 °C · 22")

    def test_what_the_board_does_not_measure_takes_no_room(self) -> None:
        """A board without a power sensor has no panels for it."""
        chart = self.chart(hashrate=constant(1_050), asic_temperature=constant(60))
        assert [panel.title for panel in chart.panels] == ["Hashrate", "Temperature"]

    def test_without_anything_one_panel_says_so(self) -> None:
        """And not none."""
        assert [panel.title for panel in self.chart().panels] == ["Hashrate"]

    def test_outage_is_a_gap(self) -> None:
        """No line runs through it."""
        samples = constant(1_050)
        chart = self.chart(hashrate=[*samples[:100], *samples[150:]])
        assert [value for _, value in line(chart, Role.HASHRATE).samples][100] is None

    def test_a_restart_does_not_flatten_the_efficiency(self) -> None:
        """One absurd J/TH does not hide all others: the axis ends above the usual."""
        samples = [*constant(16.0)[:-1], (END - 300, 40_000.0)]
        panel = self.chart(efficiency=samples).panels[0]
        assert panel.most == pytest.approx(20.0)

    def test_usual_efficiency_needs_no_end(self) -> None:
        """The axis fits the values."""
        assert self.chart(efficiency=constant(16.0)).panels[0].most is None


class TestEfficiency:
    """The map of operating points."""

    POINTS = (
        MeasuredPoint(
            frequency=525,
            core_voltage=1060,
            hashrate=1_050,
            efficiency=15.5,
            hours=4,
            best=True,
            on_front=True,
        ),
        MeasuredPoint(
            frequency=600,
            core_voltage=1150,
            hashrate=1_200,
            efficiency=17.5,
            hours=40,
            efficiency_error=0.1,
            hashrate_error=5,
            present=True,
            on_front=True,
        ),
        MeasuredPoint(
            frequency=612.5, core_voltage=1100, hashrate=1_000, efficiency=19, hours=1
        ),
    )

    def test_map_of_points(self) -> None:
        """In TH/s and J/TH, by hours, with errors, named as people name them."""
        panel = efficiency_chart("Kitchen", self.POINTS, texts=ENGLISH).panels[0]
        best, present, other = panel.points
        assert (best.role, present.role, other.role) == (
            Role.BEST,
            Role.PRESENT,
            Role.CONFIGURATION,
        )
        assert (present.x, present.y) == pytest.approx((1.2, 17.5))
        assert (present.x_error, present.y_error) == pytest.approx((0.005, 0.1))
        assert present.weight / other.weight == 40
        assert [point.label for point in panel.points] == [
            "525/1060",
            "600/1150",
            "612.5/1100",
        ]
        assert best.importance > present.importance > other.importance

    def test_front_in_order_of_hashrate(self) -> None:
        """Points off the front are not on the line."""
        panel = efficiency_chart("Kitchen", self.POINTS[::-1], texts=ENGLISH).panels[0]
        (front,) = panel.lines
        assert [x for x, _ in front.samples] == pytest.approx([1.05, 1.2])

    def test_best_and_present_in_one(self) -> None:
        """The legend says both."""
        point = MeasuredPoint(
            frequency=525,
            core_voltage=1060,
            hashrate=1_050,
            efficiency=15.5,
            hours=4,
            best=True,
            present=True,
        )
        panel = efficiency_chart("Kitchen", [point], texts=ENGLISH).panels[0]
        assert [key.label for key in panel.keys] == ["best efficiency, present setting"]
        assert not panel.lines

    def test_nothing_measured(self) -> None:
        """Says so."""
        chart = efficiency_chart("Kitchen", [], texts=ENGLISH)
        assert chart.subtitle == "no configuration measured yet"
        assert not chart.panels[0].points

    def test_absurd_points_are_left_out(self) -> None:
        """And do not count."""
        point = MeasuredPoint(
            frequency=1,
            core_voltage=1,
            hashrate=float("nan"),
            efficiency=float("inf"),
            hours=1,
        )
        chart = efficiency_chart(
            "Kitchen", [*self.POINTS, point], period="7 d", texts=ENGLISH
        )
        assert chart.subtitle.startswith("3 configurations")
        assert chart.subtitle.endswith("7 d")
