"""Finds fonts for Pillow, without bringing one along."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Final
import unicodedata

from PIL import ImageFont

# Home Assistant's own writing comes first: its frontend brings it.
_FRONTEND: Final = "hass_frontend"
_FRONTEND_FONTS: Final = {
    False: "static/fonts/roboto/Roboto-Regular.woff2",
    True: "static/fonts/roboto/Roboto-Bold.woff2",
}
_SYSTEM_FONTS: Final = {
    False: ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf"),
    True: ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "LiberationSans-Bold.ttf"),
}
_ALL_SCRIPTS: Final = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "PingFang.ttc",
    "msyh.ttc",
)
_SIMILAR: Final = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "−": "-",
        "×": "x",
        "→": ">",
        "≈": "~",
        "≥": ">=",
        "≤": "<=",
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "µ": "u",
        "μ": "u",
    }
)
"""What can stand for characters that the font every Pillow has lacks."""
_NOT_A_CHARACTER: Final = "\uffff"


@cache
def font_files(bold: bool) -> tuple[str, ...]:
    """Return the font files there are, the best first."""
    return tuple(_find_paths(bold))


def _find_paths(bold: bool) -> Iterator[str]:
    spec = find_spec(_FRONTEND)
    places = (spec.submodule_search_locations or ()) if spec else ()
    frontend = [str(Path(place, _FRONTEND_FONTS[bold])) for place in places]
    for name in (*frontend, *_SYSTEM_FONTS[bold], *_ALL_SCRIPTS):
        # Pillow looks for a mere name where the system keeps fonts. Not every Pillow
        # reads every format.
        try:
            yield str(ImageFont.truetype(name, 10).path)
        except OSError:
            continue


class Writing:
    """Fonts of one size and weight, each for what those before it lack."""

    def __init__(self, size: float, files: Sequence[str]) -> None:
        """Open these fonts, and the one that every Pillow has."""
        basic = ImageFont.Layout.BASIC
        self._fonts = [
            ImageFont.truetype(path, size, layout_engine=basic) for path in files
        ]
        built_in = ImageFont.load_default(size)
        if isinstance(built_in, ImageFont.FreeTypeFont):
            self._fonts.append(built_in)
        self._blanks = [_shape(font, _NOT_A_CHARACTER) for font in self._fonts]
        self._chosen: dict[str, int | None] = {}

    def pieces(self, text: str) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """Split a text into pieces, each with the font that writes it."""
        written = "".join(self._writable(character) for character in text)
        return [
            ("".join(piece), self._fonts[number])
            for number, piece in groupby(written, key=lambda it: self._find(it) or 0)
        ]

    def _writable(self, character: str) -> str:
        """Return what stands for a character, at best itself."""
        if self._find(character) is not None:
            return character
        similar = character.translate(_SIMILAR)
        if similar == character:
            decomposed = unicodedata.normalize("NFKD", character)
            similar = decomposed.encode("ascii", "ignore").decode()
        return similar or character

    def _find(self, character: str) -> int | None:
        """Return which font has a character."""
        if character not in self._chosen:
            self._chosen[character] = next(
                (
                    number
                    for number, font in enumerate(self._fonts)
                    if _shape(font, character) != self._blanks[number]
                ),
                None,
            )
        return self._chosen[character]


def _shape(font: ImageFont.FreeTypeFont, character: str) -> tuple[object, bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)
