"""One channel: its settings, what it is sent, and when."""
