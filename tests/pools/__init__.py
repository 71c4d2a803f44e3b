"""Tests of what pools say."""
