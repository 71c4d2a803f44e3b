"""Benchmarks; they need the demo environment."""
