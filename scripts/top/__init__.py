"""Miners and swarm live in a terminal, for people on SSH."""
