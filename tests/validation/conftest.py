"""Imported before the tests: `voluptuous` is what Home Assistant makes of it."""

import homeassistant  # noqa: F401
