"""How long each chart takes to draw, with both renderers."""

import argparse
from pathlib import Path
from time import perf_counter
from typing import get_args

from custom_components.bitaxe.results.charts import RendererName, render
from custom_components.bitaxe.results.charts.theme import ThemeName

from .chart_samples import charts

TARGET_SECONDS = 0.5
RENDERERS: tuple[RendererName, ...] = ("matplotlib", "pillow")
THEMES: tuple[ThemeName, ...] = get_args(ThemeName.__value__)


def main() -> int:
    """Measure, and return whether each chart meets the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, help="a folder for all pictures")
    options = parser.parse_args()

    print(f"{'chart':28}" + "".join(f"{name:>14}" for name in RENDERERS))
    slowest = 0.0
    for name, chart in charts():
        row = f"{name:28}"
        for renderer in RENDERERS:
            # The first picture pays for imports and fonts.
            render(chart, renderer=renderer)
            seconds = []
            for _ in range(options.rounds):
                begin = perf_counter()
                render(chart, renderer=renderer)
                seconds.append(perf_counter() - begin)
            row += f"{min(seconds) * 1000:11.0f} ms"
            slowest = max(slowest, min(seconds))
            if options.write:
                options.write.mkdir(parents=True, exist_ok=True)
                for theme in THEMES:
                    file = options.write / f"{name}, {theme}, {renderer}.png"
                    file.write_bytes(render(chart, theme=theme, renderer=renderer))
        print(row)
    met = slowest <= TARGET_SECONDS
    print(
        f"slowest {slowest * 1000:.0f} ms, target {TARGET_SECONDS * 1000:.0f} ms: "
        f"{'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
