"""The ports that the demo takes when nobody chooses any."""

from collections import Counter
import subprocess
import sys

import pytest

from scripts.demo_home.__main__ import parse_arguments, ports
from scripts.demo_home.settings import ROOT


@pytest.mark.parametrize("words", [[], ["--discord"]])
def test_no_port_is_meant_for_two_things(words: list[str]) -> None:
    """As many miners as the demo has fit between its servers."""
    settings, _ = parse_arguments(words)

    assert {
        port: number
        for port, number in Counter(port for port, _ in ports(settings)).items()
        if number > 1
    } == {}


def test_a_port_asked_for_twice_is_refused() -> None:
    """The person reads which options collide, not what Python says."""
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "scripts.demo_home"),
            *("--port", "48180", "--control-port", "48179"),
            *("--miner-port", "48181", "--pool-port", "48183"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stderr == (
        "demo: port 48183 is meant for two things: "
        "choose another with --miner-port or --pool-port\n"
    )
