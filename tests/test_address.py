"""What people type as the address of a miner."""

import pytest

from custom_components.bitaxe.miner.address import (
    Address,
    is_mac,
    miner_unique_id,
    parse_address,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.20", Address("192.168.1.20")),
        ("  192.168.1.20\n", Address("192.168.1.20")),
        ("192.168.1.20:8080", Address("192.168.1.20", 8080)),
        ("http://192.168.1.20/", Address("192.168.1.20")),
        ("http://192.168.1.20:8080/#/logs?x=1", Address("192.168.1.20", 8080)),
        ("HTTP://Bitaxe/", Address("bitaxe")),
        ("https://bitaxe.local", Address("bitaxe.local")),
        ("bitaxe", Address("bitaxe")),
        ("Bitaxe-Gamma_2.local.", Address("bitaxe-gamma_2.local.")),
        ("miner.example:81", Address("miner.example", 81)),
        ("würfel.fritz.box", Address("würfel.fritz.box")),
        ("7axe", Address("7axe")),
        ("axe7", Address("axe7")),
        ("fe80::1", Address("fe80::1")),
        ("[fe80::1]", Address("fe80::1")),
        ("[fe80::1]:8080", Address("fe80::1", 8080)),
        ("http://[fe80::1]:8080/", Address("fe80::1", 8080)),
        ("FE80:0:0::1", Address("fe80::1")),
    ],
)
def test_parse(text: str, address: Address) -> None:
    """Everything a person may copy from somewhere is understood."""
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        ":80",
        "http://",
        "two words",
        "192.168.1.300",
        "192.168.1",
        "192.168.1.20:0",
        "192.168.1.20:65536",
        "192.168.1.20:http",
        "user@192.168.1.20",
        "ftp://192.168.1.20",
        "[fe80::1",
        "[bitaxe]",
        "fe80::xyz",
        "-bitaxe",
        "a..b",
        "bitaxe,",
        "a" * 64,
        ".".join(["a" * 60] * 5),
    ],
)
def test_parse_refuses(text: str) -> None:
    """What cannot be an address is reported at once."""
    with pytest.raises(ValueError):
        parse_address(text)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (Address("192.168.1.20"), "192.168.1.20"),
        (Address("192.168.1.20", 8080), "192.168.1.20:8080"),
        (Address("fe80::1"), "[fe80::1]"),
        (Address("fe80::1", 8080), "[fe80::1]:8080"),
    ],
)
def test_written_address(address: Address, text: str) -> None:
    """An address is shown the way it can be typed again."""
    assert str(address) == text
    assert parse_address(text) == address


def test_unique_id() -> None:
    """A MAC identifies a miner; without one, host and port do."""
    address = Address("192.168.1.20", 8080)
    assert miner_unique_id("AA:BB:CC:00:11:22", address) == "aa:bb:cc:00:11:22"
    assert miner_unique_id(None, address) == "192.168.1.20:8080"
    assert miner_unique_id("XX:XX:XX:XX:XX:XX", address) == "192.168.1.20:8080"
    assert is_mac("aa:bb:cc:00:11:22")
    assert not is_mac("192.168.1.20:8080")
    assert not is_mac(None)
