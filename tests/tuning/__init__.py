"""Tests of the tuner; none of them needs Home Assistant."""
