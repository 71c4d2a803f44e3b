"""Conditions over readings: what happened, and what must not go unnoticed."""
