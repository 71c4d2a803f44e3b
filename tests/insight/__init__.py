"""Tests of all that presents the analysis."""
