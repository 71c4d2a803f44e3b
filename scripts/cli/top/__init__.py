"""Miners and swarm live."""
