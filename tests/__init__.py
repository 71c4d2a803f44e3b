"""Tests of Bitaxe for Home Assistant."""
