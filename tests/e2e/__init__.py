"""A real Home Assistant, simulated miners and a browser."""
