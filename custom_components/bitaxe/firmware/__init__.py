"""Firmware of miners: what is published, what is known of it, and installing it."""
