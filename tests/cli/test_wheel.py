"""The command line as people install it: by a wheel, without the repository."""

import os
from pathlib import Path
import subprocess
import sys
import zipfile

ROOT = Path(__file__).parents[2]


def test_the_installed_program_starts(tmp_path: Path) -> None:
    """It starts outside of a checkout, and asks for what it needs in words."""
    command = [sys.executable, str(ROOT / "scripts" / "release"), "build"]
    subprocess.run([*command, "--output", str(tmp_path)], check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    start = "import sys; from bitaxe_cli.program import main; sys.exit(main())"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path / "installed"),
        "HOME": str(tmp_path),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", start, *arguments],
            check=False,
            capture_output=True,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    usage = run("--help")
    assert usage.returncode == 0, usage.stderr
    assert usage.stdout.startswith("usage: bitaxe ")
    assert "--demo" not in usage.stdout
    without_token = run("top", "--once")
    assert without_token.returncode == 1
    assert without_token.stderr.startswith("bitaxe: a long-lived token is")
