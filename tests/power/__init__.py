"""Tests of power targets."""
