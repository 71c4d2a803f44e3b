"""Texts of the translations, where there is no Home Assistant to ask for them."""

from functools import cache
import json
from pathlib import Path

from custom_components.bitaxe.formatting import Texts

_FOLDER = Path(__file__).parents[2] / "custom_components" / "bitaxe" / "translations"


@cache
def texts_in(language: str) -> Texts:
    """Return the texts in a language, as Home Assistant would have them cached."""
    strings = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return Texts(
        {
            f"component.bitaxe.selector.{group}.options.{name}": text
            for group, selector in strings["selector"].items()
            for name, text in selector.get("options", {}).items()
        },
        {
            f"component.bitaxe.exceptions.{name}.message": error["message"]
            for name, error in strings["exceptions"].items()
        },
    )


ENGLISH = texts_in("en")
