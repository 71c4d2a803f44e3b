"""Discord: reports, alerts, and a bot that answers and controls.

Whatever is said is made as a `Message` without knowing how it is sent. Nothing in here
reads a miner or the recorder by itself, and no miner depends on it.
"""
