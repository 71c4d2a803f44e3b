"""What the terminal shows, at every size."""

from io import StringIO
import json
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from scripts.cli.store import Store
from scripts.cli.texts import Texts
from scripts.cli.top.full import PANEL_WIDTH
from scripts.cli.top.order import Sort
from scripts.cli.top.screen import ViewOptions, draw

from .swarms import NOW, miner, store, swarm, unknown_miner

WIDTHS = (20, 40, 50, 80, 100, 157, 240)
TRANSLATIONS = Path(__file__).parents[2] / "custom_components/bitaxe/translations"
LANGUAGES = sorted(path.stem for path in TRANSLATIONS.glob("*.json"))


def words(language: str) -> Texts:
    """Return the texts of a language, as Home Assistant answers them."""
    file = (TRANSLATIONS / f"{language}.json").read_text(encoding="utf-8")
    return Texts(
        {
            f"component.bitaxe.selector.{group}.options.{name}": text
            for group, texts in json.loads(file)["selector"].items()
            for name, text in texts["options"].items()
        }
    )


def show(
    shown: Store,
    view: ViewOptions | None = None,
    width: int = 120,
    height: int | None = None,
) -> list[str]:
    """Return the lines of the screen."""
    console = Console(file=StringIO(), width=width, height=height, highlight=False)
    with console.capture() as capture:
        console.print(draw(shown, view or ViewOptions(), width, height, NOW))
    return capture.get().splitlines()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lite", [False, True], ids=["full", "lite"])
def test_fits_every_width(width: int, lite: bool) -> None:
    """Nothing sticks out, and no miner is missing."""
    lines = show(store(), ViewOptions(lite=lite), width)
    assert max(map(cell_len, lines)) <= width
    text = "\n".join(lines)
    for index in range(40):
        assert f"miner {index:02}" in text


def test_long_names_stay_apart() -> None:
    """Their ends are seen, where they are counted, and so is what is wrong."""
    long = [miner(name=f"bitaxe in the guest room {number}") for number in (1, 2)]
    hot = {"kind": "overheating", "value": 76.0, "limit": 75, "since": NOW}
    long[1]["warnings"] = [hot]
    shown = Store({str(index): found for index, found in enumerate(long)}, swarm())
    rows = show(shown, ViewOptions(lite=True), 80)[1:3]
    assert [row.split("  ")[0].strip() for row in rows] == [
        "● bitaxe i… room 1",
        "● bitaxe …room 2 !",
    ]


@pytest.mark.parametrize("height", [5, 10, 24, 50])
@pytest.mark.parametrize("lite", [False, True], ids=["full", "lite"])
def test_fits_every_height(height: int, lite: bool) -> None:
    """As many rows as there is room for; the rest is a matter of scrolling."""
    view = ViewOptions(lite=lite)
    seen: set[str] = set()
    for _ in range(40):
        lines = show(store(), view, 100, height)
        text = "\n".join(lines)
        seen |= {
            name
            for name in (f"miner {index:02}" for index in range(40))
            if name in text
        }
        assert len(lines) <= height
        assert "q quit" in lines[-1]
        view.scroll(1)
    assert len(seen) == 40


@pytest.mark.parametrize(
    ("miners", "width", "height", "lite"),
    [(9, 80, 24, True), (1, 80, 24, False), (9, 160, 55, False), (9, 160, 45, True)],
)
def test_the_size_chooses(miners: int, width: int, height: int, lite: bool) -> None:
    """Panels as long as all have room: on 80x24, nine miners are nine lines."""
    view = ViewOptions()
    text = "\n".join(show(store(miners), view, width, height))
    assert view.shown_lite is lite
    assert all(f"miner {index:02}" in text for index in range(miners))
    assert ("l lite" in text) is not lite


@pytest.mark.parametrize("lite", [False, True], ids=["full", "lite"])
def test_tiny_terminal(lite: bool) -> None:
    """What keeps new figures from coming, a miner and the keys are seen though."""
    shown = store(3)
    shown.problem = "Home Assistant is away; trying again"
    for height in (4, 6, 10, 15):
        lines = show(shown, ViewOptions(lite=lite), 40, height)
        assert len(lines) <= height
        text = "\n".join(lines)
        assert "miner 00" in text
        assert "Home Assistant is away" in text
        assert "q quit" in lines[-1]


def test_scrolling_ends() -> None:
    """At both ends."""
    view = ViewOptions(lite=True)
    view.scroll(-5)
    show(store(), view, 100, 24)
    assert view.first == 0
    view.scroll(1000)
    lines = show(store(), view, 100, 24)
    assert any("miner 39" in line for line in lines)
    assert view.first < 40


def test_whole_miner() -> None:
    """All that the seed's dashboard shows of a miner."""
    text = "\n".join(show(store(1), width=60))
    for figure in (
        "1.06 TH/s of 1.07 TH/s",
        "18.7 J/TH",
        "60.1 °C of 75",
        "62 °C of 105",
        "19.9 W 50 %",
        "5.12 V",
        "525 MHz 1150 mV (1143)  Errors 0.40 %",
        "fan auto 51 % 4129 rpm  Wi-Fi -56 dBm",
        "Shares 5331, 8 rejected  1h 0.15 %",
        "4.88 G",
        "session 6.64 M",
        "up 9h 00m",
        "pool.example.com diff 1.00 k 56 ms",
        "24h 1.01 TH/s 18.9 J/TH excellent",
        "Varies 1h 0.4 24h 1.2 %",
        "Gamma v2.12.2 · Office",
        "1h ▂█ ▆▆",
    ):
        assert figure in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_panel_cuts_nothing_off(language: str) -> None:
    """Of the narrowest one, with the longest figures, in every language."""
    loud = miner(
        auto_fan=False,
        fan_speed_percent=100.0,
        fan_rpm=9_999.0,
        frequency_mhz=1150.0,
        core_voltage_mv=1250.0,
        core_voltage_actual_mv=1245.0,
        error_rate_percent=12.34,
        wifi_rssi_dbm=-88,
        boot_time=NOW - 11.7 * 86_400,
    )
    shown = Store({"entry": loud}, texts=words(language))
    lines = show(shown, ViewOptions(lite=False), PANEL_WIDTH)
    assert not [line for line in lines if "…" in line]


def test_a_paused_miner_is_measured_by_nothing() -> None:
    """There is no hashrate that is expected of it."""
    paused = miner(state="paused", hashrate_ghs=0.0)
    text = "\n".join(show(Store({"entry": paused}), ViewOptions(lite=False), 60))
    assert "0 H/s" in text
    assert "1.07 TH/s" not in text


@pytest.mark.parametrize("lite", [False, True], ids=["full", "lite"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_known(width: int, lite: bool) -> None:
    """A miner that never answered has a name, and is offline."""
    text = "\n".join(
        show(Store({"entry": unknown_miner()}), ViewOptions(lite=lite), width)
    )
    assert "new" in text
    assert ("✖" if lite else "offline") in text


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["1 day", "37 days", "1 year", "1,234 years"]),
        ("pl", ["1 dzień", "37 dni", "1 rok", "1 234 lata"]),
    ],
)
def test_years_in_their_plural_form(language: str, texts: list[str]) -> None:
    """Less than a year is in days; a program of its own has the English texts."""
    years = (1 / 365.25, 0.1, 1.2, 1234)
    found = [words(language).years(value).replace("\xa0", " ") for value in years]
    assert found == texts
    assert language != "en" or found == [Texts().years(value) for value in years]


def test_totals() -> None:
    """Whatever the width; who is missing is reported."""
    shown = store(5)
    shown.swarm |= {"miners_online": 3, "miners_mining": 2}
    text = "\n".join(show(shown, ViewOptions(lite=True), 40))
    for figure in (
        "42.4 TH/s of 42.8 TH/s",
        "794 W",
        "18.7 J/TH",
        "2 of 5 mining",
        "2 offline",
        "best 4.88 G miner 07",
        "block in 432 years",
        "1,234 kWh",
        "5.72 EUR a day",
    ):
        assert figure in text


def test_totals_of_miners_that_are_all_offline() -> None:
    """What nothing is known of is left out: dashes alone say nothing."""
    shown = store(2)
    unknown = dict.fromkeys(
        (
            "hashrate_ghs",
            "expected_hashrate_ghs",
            "power_w",
            "efficiency_j_th",
            "best_difficulty",
            "best_miner",
            "cost_per_day",
            "years_to_block",
            "energy_kwh",
        )
    )
    shown.swarm |= unknown | {"miners": 2, "miners_online": 0, "miners_mining": 0}
    lines = show(shown, ViewOptions(lite=True), 80)
    (totals,) = (line for line in lines if "mining" in line and "offline" in line)
    assert totals.rstrip() == "0 of 2 mining  2 offline"


def test_before_anything_is_known() -> None:
    """Why there is nothing, or that there is nothing."""
    unknown = show(Store(problem="connecting to x"))
    assert any("connecting" in line for line in unknown)
    assert "No miners" not in unknown
    nothing = Store(swarm=swarm(miners=None))
    assert show(nothing)[0] == "No miners"


def test_warnings_and_stale_readings() -> None:
    """What is wrong with a miner, and that its figures are old."""
    warning = {
        "kind": "overheating",
        "value": 71.25,
        "limit": 70,
        "unit": "°C",
        "precision": 1,
        "since": NOW - 720,
    }
    other = {"kind": "new_kind", "value": None, "limit": None, "since": NOW}
    shown = Store(
        {
            "a": miner(warnings=[warning, other]),
            "b": miner(name="attic", last_seen=NOW - 45, missed_polls=1),
        }
    )
    text = "\n".join(show(shown, width=140))
    assert "⚠ ASIC too hot: 71.2 °C, limit 70 °C since 12m 00s and 1 more" in text
    assert "attic no answer stale 45s" in text
    lite = show(shown, ViewOptions(lite=True))
    assert all("!" in line for line in lite[1:3])


@pytest.mark.parametrize("lite", [False, True], ids=["full", "lite"])
def test_read_rarely(lite: bool) -> None:
    """A miner that is read every five minutes is well, until nothing comes any more."""
    shown = Store({"a": miner(last_seen=NOW - 290)})
    mark = "!" if lite else "stale 4m 50s"
    assert mark not in "\n".join(show(shown, ViewOptions(lite=lite)))
    shown.problem = "Home Assistant is away"
    assert mark in "\n".join(show(shown, ViewOptions(lite=lite)))


def test_names_are_no_markup() -> None:
    """Whatever people call a room, or a miner itself, its model or its pool."""
    for text in ("[/]", "[red]", "Cellar [b]"):
        shown = store(1, area=text, model=text, firmware=text, pool=text)
        for member in shown.miners.values():
            member["name"] = text
        screen = "\n".join(show(shown))
        assert f"{text} {text} · {text}" in screen
        assert screen.count(text) >= 5


def test_missed_polls() -> None:
    """A miner that is late is not offline yet, and not called mining either."""
    shown = Store(
        {
            "a": miner(missed_polls=1),
            "b": miner(name="attic", online=False, state="offline", missed_polls=3),
        }
    )
    text = "\n".join(show(shown))
    assert "office no answer" in text
    assert "attic offline" in text
    attic, office = show(shown, ViewOptions(lite=True))[1:3]
    assert "offline" in attic
    assert "no answer" in office


def test_reasons_of_rejected_shares() -> None:
    """In the full view, where no warning needs the room; a bracket is no markup."""
    reasons = [
        {"message": "Above [red]target[/red]", "count": 7},
        {"message": "Stale", "count": 1},
    ]
    warning = {"kind": "reject_rate", "value": 6, "limit": 5, "since": NOW}
    assert "Refused" not in "\n".join(show(store(1)))
    for width in WIDTHS:
        lines = show(store(1, reject_reasons=reasons), width=width)
        assert len(lines) >= len(show(store(1), width=width))
        assert max(map(cell_len, lines)) <= width
    text = "\n".join(show(store(1, reject_reasons=reasons), width=60))
    assert "Refused Above [red]target[/red] 7, Stale 1" in text
    assert "Varies 1h 0.4" in text
    warned = store(1, reject_reasons=reasons, warnings=[warning])
    text = "\n".join(show(warned, width=60))
    assert "too many rejects" in text
    assert "Refused" not in text


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.NAME, "abc"),
        (Sort.STATE, "bac"),
        (Sort.HASHRATE, "cab"),
        (Sort.EFFICIENCY, "acb"),
        (Sort.TEMPERATURE, "cab"),
    ],
)
def test_the_most_interesting_miners_come_first(sort: Sort, order: str) -> None:
    """The most interesting first, and the unknown last."""
    hot = [{"kind": "overheating", "value": 71, "limit": 70, "since": NOW}]
    shown = Store(
        {
            "1": miner(
                name="c", hashrate_ghs=900, asic_temperature_c=70, efficiency_j_th=20
            ),
            "2": miner(name="a", hashrate_ghs=800, efficiency_j_th=15, warnings=hot),
            "3": unknown_miner(name="b"),
        }
    )
    lines = show(shown, ViewOptions(lite=True, sort=sort))
    assert [line.split()[1] for line in lines[1:4]] == list(order)


def test_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR is respected on a terminal; otherwise there is colour."""
    texts = []
    for value in (None, "1"):
        if value is not None:
            monkeypatch.setenv("NO_COLOR", value)
        else:
            monkeypatch.delenv("NO_COLOR", raising=False)
        console = Console(
            file=StringIO(), width=100, force_terminal=True, color_system="256"
        )
        with console.capture() as capture:
            console.print(draw(store(2), ViewOptions(), 100, None, NOW))
        texts.append(capture.get())
    assert "\x1b[32m" in texts[0]
    assert "\x1b[32m" not in texts[1]
    assert "48;5" not in texts[1]
