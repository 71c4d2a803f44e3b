"""Pictures of both renderers: right in size, colours and places, and never none."""

import ast
from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from pathlib import Path
import sys
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings, strategies as st
from PIL import Image
import pytest

from custom_components.bitaxe.results import charts
from custom_components.bitaxe.results.charts import (
    LARGEST,
    SMALLEST,
    RendererName,
    default_renderer,
    render,
)
from custom_components.bitaxe.results.charts.canvas import Anchor, Canvas, Position
from custom_components.bitaxe.results.charts.description import (
    Chart,
    Line,
    Panel,
    Role,
    Samples,
    TimeAxis,
)
from custom_components.bitaxe.results.charts.efficiency import (
    MeasuredPoint,
    efficiency_chart,
)
from custom_components.bitaxe.results.charts.fonts import Writing, font_files
from custom_components.bitaxe.results.charts.layout import draw
from custom_components.bitaxe.results.charts.matplotlib_renderer import MatplotlibCanvas
from custom_components.bitaxe.results.charts.miner import MinerHistory, miner_chart
from custom_components.bitaxe.results.charts.pillow_renderer import PillowCanvas
from custom_components.bitaxe.results.charts.placing import Box
from custom_components.bitaxe.results.charts.series import Change
from custom_components.bitaxe.results.charts.swarm import (
    MinerHashrate,
    SwarmHistory,
    miners_chart,
    swarm_chart,
)
from custom_components.bitaxe.results.charts.theme import THEMES, ThemeName
from scripts.bench import chart_samples as samples
from scripts.bench.texts import ENGLISH

TZ = ZoneInfo("Europe/Berlin")
END = samples.END
DAY = samples.DAY
RENDERERS: tuple[RendererName, ...] = ("matplotlib", "pillow")
CANVASES: tuple[type[MatplotlibCanvas | PillowCanvas], ...] = (
    MatplotlibCanvas,
    PillowCanvas,
)
SMALL = (600, 338)

both_renderers = pytest.mark.parametrize("renderer", RENDERERS)


def swarm(hashrate: Samples, **options: Any) -> Chart:
    """Return the chart of the swarm's last day."""
    return swarm_chart(
        SwarmHistory(hashrate=hashrate, start=END - DAY, end=END, tz=TZ, **options),
        texts=ENGLISH,
    )


def every_five_minutes(value: Callable[[int], float | None]) -> Samples:
    """Return a day of values."""
    return [(END - DAY + index * 300, value(index)) for index in range(288)]


def named(*names: str) -> Chart:
    """Return a chart of miners with these names."""
    return miners_chart(
        [
            MinerHashrate(name=name, hashrate=every_five_minutes(lambda _: 1000.0))
            for name in names
        ],
        start=END - DAY,
        end=END,
        tz=TZ,
        texts=ENGLISH,
    )


def crowd(count: int) -> Chart:
    """Return a map of so many operating points, all close together."""
    return efficiency_chart(
        "crowd",
        [
            MeasuredPoint(
                frequency=400 + index,
                core_voltage=1100,
                hashrate=1000 + index % 12,
                efficiency=17 + index / 400,
                hours=index,
                efficiency_error=0.01,
                hashrate_error=1.0,
                on_front=index % 9 == 0,
            )
            for index in range(count)
        ],
        texts=ENGLISH,
    )


USUAL: dict[str, Callable[[], Chart]] = {
    "swarm": lambda: samples.swarm(7 * DAY),
    "swarm over a year": lambda: samples.swarm(365 * DAY, samples.HOUR),
    "miner": lambda: samples.miner(DAY),
    "efficiency": samples.efficiency,
    "ten miners": lambda: samples.miners(10),
    "forty miners": lambda: samples.miners(40),
}
ODD: dict[str, Callable[[], Chart]] = {
    "no samples": lambda: swarm([]),
    "no panels": lambda: Chart(
        title="", x_axis=TimeAxis(start=END - DAY, end=END, tz=TZ), texts=ENGLISH
    ),
    "one sample": lambda: swarm([(END - 300, 1100.0)]),
    "all unknown": lambda: swarm(every_five_minutes(lambda _: None)),
    "every other unknown": lambda: swarm(
        every_five_minutes(lambda index: 1000.0 if index % 2 else None)
    ),
    "all zero": lambda: swarm(every_five_minutes(lambda _: 0.0)),
    "all the same": lambda: swarm(every_five_minutes(lambda _: 1100.0)),
    "tiny": lambda: swarm(every_five_minutes(lambda index: index * 1e-12)),
    "huge": lambda: swarm(every_five_minutes(lambda index: index * 1e25)),
    "absurd": lambda: swarm(
        every_five_minutes(lambda index: (1e308, -1e308, float("nan"))[index % 3])
    ),
    "no time at all": lambda: swarm_chart(
        SwarmHistory(hashrate=[(END, 1.0)], start=END, end=END, tz=TZ), texts=ENGLISH
    ),
    "many changes": lambda: swarm(
        every_five_minutes(lambda _: 1100.0),
        changes=[
            Change(time=END - index * 60, label="550/1100") for index in range(99)
        ],
    ),
    "changes outside": lambda: swarm(
        every_five_minutes(lambda _: 1100.0),
        changes=[Change(time=0), Change(time=END * 2)],
    ),
    "long names": lambda: named("a" * 500, "b " * 300, "c"),
    "ten long names": lambda: named(*[f"{n}{'b' * 100}" for n in range(10)]),
    "thirty lines": lambda: Chart(
        title="thirty",
        x_axis=TimeAxis(start=END - DAY, end=END, tz=TZ),
        panels=[
            Panel(
                title="lines",
                lines=[
                    Line(samples=[(END, n)], role=n, label="c" * 100) for n in range(30)
                ],
            )
        ],
        texts=ENGLISH,
    ),
    "foreign names": lambda: named(
        "中文矿机", "⛏🔥", "$x_1$ \\alpha", "\ud800\x00\n", "קר"
    ),
    "sixty miners": lambda: named(*[f"Wohnzimmer {index}" for index in range(60)]),
    "nothing of a miner": lambda: miner_chart(
        MinerHistory(name="x", start=END - DAY, end=END, tz=TZ), texts=ENGLISH
    ),
    "no configuration": lambda: efficiency_chart("x", [], texts=ENGLISH),
    "one configuration": lambda: crowd(1),
    "many configurations": lambda: crowd(150),
}
ALL = USUAL | ODD


def picture(png: bytes) -> Image.Image:
    """Return the picture."""
    image = Image.open(BytesIO(png))
    assert image.format == "PNG"
    return image.convert("RGB")


def rgb(colour: str) -> tuple[int, ...]:
    """Return red, green and blue."""
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def count_near(image: Image.Image, colour: str, tolerance: int = 12) -> int:
    """Return how many pixels have about this colour."""
    wanted = rgb(colour)
    return sum(
        count
        for count, pixel in image.getcolors(image.width * image.height) or ()
        if all(
            abs(here - there) <= tolerance
            for here, there in zip(pixel, wanted, strict=True)  # type: ignore[arg-type]
        )
    )


@both_renderers
@pytest.mark.parametrize("theme_name", THEMES)
def test_lines_have_their_colours(
    renderer: RendererName, theme_name: ThemeName
) -> None:
    """On the background of the theme, in a picture of the size asked for."""
    theme = THEMES[theme_name]
    chart = samples.miner(DAY)
    image = picture(render(chart, theme=theme_name, renderer=renderer))
    assert image.size == (1200, 675)
    corners = [(0, 0), (1199, 0), (0, 674), (1199, 674)]
    assert {image.getpixel(corner) for corner in corners} == {rgb(theme.background)}
    assert count_near(image, theme.plot, 1) > 100_000
    for role in (
        Role.HASHRATE,
        Role.EXPECTED,
        Role.ASIC_TEMPERATURE,
        Role.VR_TEMPERATURE,
        Role.POWER,
        Role.EFFICIENCY,
        Role.CHANGE,
    ):
        assert count_near(image, theme.colour(role)) > 100, role


@both_renderers
def test_ten_miners_have_ten_colours(renderer: RendererName) -> None:
    """All of them found in the picture."""
    theme = THEMES["discord"]
    image = picture(render(samples.miners(10), theme="discord", renderer=renderer))
    assert len(set(theme.series)) == 10
    for number in range(10):
        assert count_near(image, theme.colour(number)) > 200


@pytest.mark.parametrize("size", [(1200, 675), SMALLEST])
def test_all_ten_miners_are_in_the_legend(size: tuple[int, int]) -> None:
    """However long their names are; what is shortened is not the figure."""
    written: list[str] = []

    class Recorded(PillowCanvas):
        """Keeps what was written."""

        def text(self, position: Position, text: str, **how: Any) -> None:
            """Keep it."""
            super().text(position, text, **how)
            written.append(text)

    draw(ODD["ten long names"](), Recorded(size), THEMES["dark"])
    entries = [text for text in written if text.endswith("1.00 TH/s")]
    assert [entry[0] for entry in entries] == list("0123456789")
    assert all("b… " in entry for entry in entries)


@both_renderers
def test_values_are_in_their_places(renderer: RendererName) -> None:
    """What rises to the right ends at the top right; nothing is in a gap."""
    theme = THEMES["dark"]
    rising = miners_chart(
        [
            MinerHashrate(
                name="",
                hashrate=every_five_minutes(
                    lambda index: None if 96 <= index < 192 else 1000.0 + index
                ),
            )
        ],
        start=END - DAY,
        end=END,
        tz=TZ,
        texts=ENGLISH,
    )
    image = picture(render(rising, renderer=renderer))
    plot = image.crop((100, 140, 1170, 640))
    parts = [
        plot.crop((left, top, left + 300, top + 160))
        for left, top in ((0, 340), (390, 0), (390, 170), (390, 340), (770, 0))
    ]
    found = [count_near(part, theme.colour(0)) > 50 for part in parts]
    assert found == [True, False, False, False, True]


@both_renderers
@pytest.mark.parametrize("name", ALL)
def test_every_chart_can_be_drawn(renderer: RendererName, name: str) -> None:
    """Whatever the data: the right size, and something on the background."""
    image = picture(render(ALL[name](), theme="light", size=SMALL, renderer=renderer))
    assert image.size == SMALL
    background = count_near(image, THEMES["light"].background, 0)
    assert 0 < background < image.width * image.height


@both_renderers
@pytest.mark.parametrize("name", ["swarm", "efficiency", "foreign names"])
def test_same_input_same_bytes(renderer: RendererName, name: str) -> None:
    """A picture changes only if what it shows does."""
    chart = ALL[name]()
    first = render(chart, size=SMALL, renderer=renderer)
    assert render(chart, size=SMALL, renderer=renderer) == first
    assert render(chart, size=SMALL, renderer=renderer, theme="light") != first


@both_renderers
def test_pictures_have_sizes_within_limits(renderer: RendererName) -> None:
    """From the smallest to the largest, and no further."""
    chart = samples.miner(DAY)
    for size in (SMALLEST, LARGEST, (SMALLEST[0], LARGEST[1])):
        assert picture(render(chart, size=size, renderer=renderer)).size == size
    for size in ((SMALLEST[0] - 1, 400), (400, LARGEST[1] + 1), (0, 0), (-5, 400)):
        with pytest.raises(ValueError, match="not within"):
            render(chart, size=size, renderer=renderer)


@pytest.mark.filterwarnings("error")
@both_renderers
def test_unknown_characters_are_drawn_without_a_warning(renderer: RendererName) -> None:
    """A box stands for what no font has; nothing is written to the log."""
    blank = render(named(" "), size=SMALL, renderer=renderer)
    assert render(named("\U000e0fff\u0e01☃"), size=SMALL, renderer=renderer) != blank


@pytest.mark.parametrize("canvas_type", CANVASES)
@pytest.mark.parametrize("size", [(1200, 675), SMALLEST, (700, 900)])
@pytest.mark.parametrize(
    "name",
    [*USUAL, "many changes", "many configurations", "sixty miners", "ten long names"],
)
def test_no_text_overlaps_another(
    canvas_type: type[MatplotlibCanvas | PillowCanvas],
    size: tuple[int, int],
    name: str,
) -> None:
    """All writing is legible, and within the picture."""
    written: list[tuple[str, Box]] = []

    class Recorded(canvas_type):  # type: ignore[misc,valid-type]
        """Keeps where text was written."""

        def text(
            self, position: Position, text: str, *, anchor: Anchor = "left", **how: Any
        ) -> None:
            """Keep the box of capital letters."""
            super().text(position, text, anchor=anchor, **how)
            width = self.text_width(text, how["size"], bold=how.get("bold", False))
            left = (
                position[0] - {"left": 0, "middle": width / 2, "right": width}[anchor]
            )
            top = position[1] - 0.72 * how["size"]
            written.append((text, Box(left, top, left + width, position[1])))

    canvas: Canvas = Recorded(size)
    draw(ALL[name](), canvas, THEMES["dark"])
    page = Box(0, 0, *size)
    assert len(written) > 10
    assert [text for text, box in written if text and not box.within(page)] == []
    overlapping = [
        (one, other)
        for (one, box), (other, other_box) in combinations(written, 2)
        if box.meets(other_box)
    ]
    assert overlapping == []


values = st.none() | st.floats()
times = st.floats(0, 4e9)


@both_renderers
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=times,
    span=st.floats(0, 1e9),
    data=st.lists(st.tuples(st.floats(0, 1), values), max_size=40),
    name=st.text(max_size=40),
    changes=st.lists(st.tuples(st.floats(-1, 2), st.text(max_size=20)), max_size=8),
)
def test_no_series_is_too_strange(
    renderer: RendererName,
    start: float,
    span: float,
    data: list[tuple[float, float | None]],
    name: str,
    changes: list[tuple[float, str]],
) -> None:
    """Any numbers, names and times make a picture."""
    series = [(start + share * span, value) for share, value in sorted(data, key=str)]
    series.sort(key=lambda sample: sample[0])
    marks = [Change(time=start + share * span, label=label) for share, label in changes]
    end = start + span
    for chart in (
        swarm_chart(
            SwarmHistory(
                hashrate=series, start=start, end=end, tz=TZ, changes=marks, name=name
            ),
            texts=ENGLISH,
        ),
        miner_chart(
            MinerHistory(
                name=name,
                start=start,
                end=end,
                tz=TZ,
                hashrate=series,
                efficiency=series,
                changes=marks,
            ),
            texts=ENGLISH,
        ),
        miners_chart(
            [MinerHashrate(name=name, hashrate=series)],
            start=start,
            end=end,
            tz=TZ,
            texts=ENGLISH,
        ),
    ):
        assert picture(render(chart, size=SMALLEST, renderer=renderer)).size == SMALLEST


@both_renderers
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    points=st.lists(
        st.builds(
            MeasuredPoint,
            frequency=st.floats(),
            core_voltage=st.floats(),
            hashrate=st.floats(),
            efficiency=st.floats(),
            hours=st.floats(),
            hashrate_error=values,
            efficiency_error=values,
            present=st.booleans(),
            best=st.booleans(),
            on_front=st.booleans(),
        ),
        max_size=12,
    )
)
def test_no_map_is_too_strange(
    renderer: RendererName, points: list[MeasuredPoint]
) -> None:
    """Any operating points make a picture."""
    chart = efficiency_chart("map", points, texts=ENGLISH)
    assert picture(render(chart, size=SMALLEST, renderer=renderer)).size == SMALLEST


def test_matplotlib_is_preferred() -> None:
    """Where it is installed."""
    chart = samples.miner(DAY)
    assert default_renderer() == "matplotlib"
    assert render(chart, size=SMALL) == render(chart, size=SMALL, renderer="matplotlib")


def test_pillow_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where matplotlib cannot be installed."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    chart = samples.miner(DAY)
    assert default_renderer() == "pillow"
    assert render(chart, size=SMALL) == render(chart, size=SMALL, renderer="pillow")


def test_built_in_font_suffices() -> None:
    """Without any other font names stay readable, and lengths are known."""
    writing = Writing(16, ())
    text = "Büro – 5 °C × 3 · Straße Ωk 中"
    written = "".join(piece for piece, _ in writing.pieces(text))
    assert written == "Buro - 5 °C x 3 · Strasse Ωk 中"


def test_fonts_that_are_found_write_more() -> None:
    """What the best font lacks, another writes."""
    files = font_files(False)
    if not files:
        pytest.skip("this machine has no fonts")
    pieces = Writing(16, files).pieces("Büro – °C")
    assert "".join(piece for piece, _ in pieces) == "Büro – °C"


def test_charts_are_pure() -> None:
    """Nothing of Home Assistant, and of the integration only how texts are written."""
    for file in Path(charts.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level <= 1 or node.module == "formatting", file
                assert not (node.module or "").startswith("homeassistant"), file
            elif isinstance(node, ast.Import):
                assert not any("homeassistant" in it.name for it in node.names), file
