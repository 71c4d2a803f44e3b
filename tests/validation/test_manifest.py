"""manifest.json as hassfest, the loader and the HACS validator want it."""

import re
from urllib.parse import urlsplit

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant import requirements
from packaging.requirements import Requirement
import pytest
import voluptuous as vol

from custom_components.bitaxe.requirements import (
    MATPLOTLIB,
    NEXTCORD,
    Requirement as LibraryRequirement,
)

from .package import DOMAIN, HOME_ASSISTANT, PACKAGE, ROOT, manifest

REQUIREMENTS = [MATPLOTLIB, NEXTCORD]
LOWER_CASE = vol.All(str, lambda value: vol.Schema(value.lower())(value))
ZEROCONF = vol.Any(
    str,
    {
        vol.Required("type"): vol.Match(r"^_[a-z0-9-]+\._(tcp|udp)\.local\.$"),
        vol.Optional("name"): LOWER_CASE,
        vol.Optional("properties"): {str: LOWER_CASE},
    },
)
DHCP = {
    vol.Optional("hostname"): LOWER_CASE,
    vol.Optional("macaddress"): vol.Match(r"^[0-9A-F]*\*$"),
    vol.Optional("registered_devices"): bool,
}
WEB_ADDRESS = vol.All(vol.Url(), vol.Match(r"^https://"))

# Keys that a custom integration may have and this one could need. Hassfest knows more
# (bluetooth, homekit, mqtt, ssdp, usb …), which would be a mistake here.
SCHEMA = vol.Schema(
    {
        vol.Required("domain"): DOMAIN,
        vol.Required("name"): str,
        vol.Optional("after_dependencies"): [str],
        vol.Required("codeowners"): vol.All(
            [vol.Match(r"^@[A-Za-z0-9/-]+$")], vol.Length(min=1)
        ),
        vol.Required("config_flow"): True,
        vol.Optional("dependencies"): [str],
        vol.Optional("dhcp"): [DHCP],
        vol.Required("documentation"): WEB_ADDRESS,
        vol.Optional("import_executor"): bool,
        vol.Required("integration_type"): vol.In(["device", "hub", "service"]),
        vol.Required("iot_class"): "local_polling",
        vol.Required("issue_tracker"): WEB_ADDRESS,
        vol.Optional("loggers"): [str],
        vol.Optional("quality_scale"): vol.In(
            ["bronze", "silver", "gold", "platinum", "custom"]
        ),
        vol.Optional("requirements"): [str],
        vol.Optional("single_config_entry"): bool,
        vol.Required("version"): str,
        vol.Optional("zeroconf"): [ZEROCONF],
    }
)


def test_schema() -> None:
    """The manifest has the right keys and values, and no others."""
    SCHEMA(manifest())


def test_key_order() -> None:
    """Domain and name come first, the rest in alphabetical order."""
    rest = sorted(manifest().keys() - {"domain", "name"})
    assert list(manifest()) == ["domain", "name", *rest]


def test_version_is_one_the_loader_accepts() -> None:
    """Home Assistant refuses to load a custom integration with another version."""
    version = AwesomeVersion(
        manifest()["version"],
        ensure_strategy=[
            AwesomeVersionStrategy.CALVER,
            AwesomeVersionStrategy.SEMVER,
            AwesomeVersionStrategy.SIMPLEVER,
            AwesomeVersionStrategy.BUILDVER,
            AwesomeVersionStrategy.PEP440,
        ],
    )
    assert version.valid


def test_documentation_is_our_own() -> None:
    """Home Assistant's own pages describe built-in integrations only."""
    assert urlsplit(manifest()["documentation"]).netloc != "www.home-assistant.io"


def test_no_built_in_integration_has_the_domain() -> None:
    """A custom integration would replace it."""
    assert not (HOME_ASSISTANT / "components" / DOMAIN).exists()


def test_config_flow_exists() -> None:
    """The manifest promises one."""
    assert (PACKAGE / "config_flow.py").exists() or (PACKAGE / "config_flow").is_dir()


@pytest.mark.parametrize("key", ["dependencies", "after_dependencies"])
def test_dependencies_exist(key: str) -> None:
    """Every integration that is named is part of Home Assistant."""
    for domain in manifest().get(key, []):
        assert (HOME_ASSISTANT / "components" / domain / "manifest.json").exists()


def test_dependencies_are_named_once() -> None:
    """A dependency is either needed or waited for."""
    manifest_ = manifest()
    assert not {*manifest_.get("dependencies", [])} & {
        *manifest_.get("after_dependencies", [])
    }


def test_nothing_must_be_installed_for_the_miners() -> None:
    """A requirement that cannot be installed would stop the whole integration."""
    assert manifest()["requirements"] == []


def test_loggers_of_the_libraries_are_named() -> None:
    """*Enable debug logging* then covers them too."""
    assert manifest()["loggers"] == sorted(item.name for item in REQUIREMENTS)


@pytest.mark.parametrize("item", REQUIREMENTS, ids=lambda item: item.name)
def test_requirements_are_bounded(item: LibraryRequirement) -> None:
    """A range must have both ends to be reproducible."""
    specifiers = {spec.operator for spec in Requirement(item.specifier).specifier}
    assert specifiers & {">", ">="}
    assert specifiers & {"<", "<="}


@pytest.mark.parametrize("item", REQUIREMENTS, ids=lambda item: item.name)
def test_requirements_fit_what_home_assistant_pins(item: LibraryRequirement) -> None:
    """A requirement that excludes the version of a core package breaks both."""
    constraints = (HOME_ASSISTANT / requirements.CONSTRAINT_FILE).read_text()
    pinned = dict(
        re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", constraints, re.MULTILINE)
    )
    requirement = Requirement(item.specifier)
    assert requirement.name == item.name
    if version := pinned.get(requirement.name):
        assert requirement.specifier.contains(version)


def test_both_ends_of_the_range_of_nextcord_are_tested() -> None:
    """The oldest version by most tests, the newest by `scripts/test nextcord`."""
    pins = {
        name: re.findall(
            r"^nextcord==([\d.]+)$",
            (ROOT / "requirements" / name).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        for name in ("test.txt", "demo.txt", "nextcord.txt")
    }
    specifier = Requirement(NEXTCORD.specifier).specifier
    (oldest,) = (part.version for part in specifier if part.operator == ">=")
    assert pins["test.txt"] == pins["demo.txt"] == [oldest]
    (newest,) = pins["nextcord.txt"]
    assert specifier.contains(newest)
    assert AwesomeVersion(newest) > AwesomeVersion(oldest)
