"""The device client could be published on its own."""

import ast
from pathlib import Path
import sys

import custom_components.bitaxe.axeos

FOLDER = Path(custom_components.bitaxe.axeos.__file__).parent
NEEDED = {"aiohttp", "orjson", "yarl"}


def test_imports() -> None:
    """It imports the standard library, aiohttp, orjson, and nothing else of ours."""
    sources = sorted(FOLDER.rglob("*.py"))
    assert sources
    for source in sources:
        depth = len(source.relative_to(FOLDER).parts)
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            else:
                assert not isinstance(node, ast.ImportFrom) or node.level <= depth
                continue
            for module in modules:
                top = module.partition(".")[0]
                assert top in NEEDED or top in sys.stdlib_module_names, (source, top)
