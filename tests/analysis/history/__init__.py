"""Tests of the analysis with a real recorder."""
