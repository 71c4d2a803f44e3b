"""Posting, alerts and commands, against a Discord on this machine."""
